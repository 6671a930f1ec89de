//! Checks while typing: every rule of which a document is open, the newest text first, beside the run of the rule.

use super::actions::is_connector;
use super::app::Workbench;
use super::jobs::Buffers;
use super::problems::Problem;
use super::worker::Worker;
use crate::check::{self, Context, Finding, Source, Target};
use crate::detect::{Opener, Texts};
use crate::diagnostic::{Diagnostic, LineIndex, Severity};
use crate::logs::Dataset;
use crate::task::CancelToken;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where looking at the logs takes longer than this, what the text alone shows is told before.
const AT_ONCE: Duration = Duration::from_millis(8);

/// Check some rules.
pub struct Question {
    /// The rules, the one that is typed in first.
    rules: Vec<PathBuf>,
    buffers: Buffers,
    data: Arc<Dataset>,
    target: Option<Target>,
    asked: Instant,
}

/// What is wrong with a rule.
pub struct Answer {
    rule: PathBuf,
    found: Vec<Problem>,
    asked: Instant,
    /// The logs were not looked at yet: more comes.
    so_far: bool,
}

/// The state of the checks.
pub struct Checks {
    worker: Worker<Question, Option<Answer>>,
    /// Rules asked about and not told of yet.
    waiting: Vec<PathBuf>,
    /// From the last keystroke to what the checks said of it.
    pub took: Option<Duration>,
}

impl Checks {
    /// Starts the thread.
    pub fn start(wake: impl Fn() + Send + 'static) -> Self {
        Self {
            worker: Worker::start_telling("check", checker(), wake),
            waiting: Vec::new(),
            took: None,
        }
    }

    /// Whether a rule is being checked.
    pub fn is_busy(&self) -> bool {
        self.worker.is_busy()
    }
}

/// Makes the work of the thread; it keeps what lies round the rules between questions.
fn checker() -> impl FnMut(Question, &CancelToken, &mut dyn FnMut(Option<Answer>)) -> Option<Answer>
{
    let mut opener = Opener::default();
    let mut logs_took = Duration::ZERO;
    move |question, cancel, tell| {
        for rule in &question.rules {
            if cancel.is_cancelled() {
                return None;
            }
            let Some(text) = question.buffers.text(rule) else {
                continue;
            };
            let source = Source {
                path: rule,
                text: &text,
                texts: &question.buffers,
            };
            let mut look = |dataset: Option<&Dataset>| {
                let context = Context {
                    target: question.target,
                    tables: &*question.data,
                    dataset,
                    cancel,
                };
                check::check_with(&mut opener, &source, &context)
            };
            let answer = |found: &[Finding], so_far| Answer {
                rule: rule.clone(),
                found: with_places(found, &source),
                asked: question.asked,
                so_far,
            };
            if logs_took > AT_ONCE {
                let found = look(None);
                tell(Some(answer(&found, true)));
            }
            let start = Instant::now();
            let found = look(Some(&question.data));
            logs_took = start.elapsed();
            if cancel.is_cancelled() {
                return None; // what was found may not be all
            }
            tell(Some(answer(&found, false)));
        }
        None
    }
}

fn with_places(found: &[Finding], source: &Source<'_>) -> Vec<Problem> {
    let mut others: HashMap<PathBuf, String> = HashMap::new();
    for finding in found.iter().filter(|f| f.path != source.path) {
        others
            .entry(finding.path.clone())
            .or_insert_with(|| source.texts.text(&finding.path).unwrap_or_default());
    }
    located(found, |path| {
        others.get(path).map_or(source.text, String::as_str)
    })
}

/// Findings with their lines and columns.
pub fn located<'a>(found: &[Finding], text_of: impl Fn(&Path) -> &'a str) -> Vec<Problem> {
    let mut lines: HashMap<&Path, LineIndex> = HashMap::new();
    found
        .iter()
        .map(|finding| {
            let path = finding.path.as_path();
            let index = lines
                .entry(path)
                .or_insert_with(|| LineIndex::new(text_of(path)));
            let span = finding.diagnostic.span;
            Problem {
                path: path.to_owned(),
                at: span.map(|s| index.position(s.start)),
                diagnostic: finding.diagnostic.clone(),
                target: finding.target,
            }
        })
        .collect()
}

/// A file that is no rule where one is expected.
pub fn not_a_rule(message: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, "not-a-rule", None, message)
}

impl Workbench {
    /// The document that is checked for an open file: itself, or the rule whose body it is. None for files that no
    /// check knows.
    pub(super) fn checked_as(&self, path: &Path) -> Option<PathBuf> {
        let end = path.extension().and_then(|e| e.to_str());
        match end {
            Some("yaml" | "yml") if !is_connector(path) => Some(path.to_owned()),
            Some("py") => self.rule_of(path),
            _ => None,
        }
    }

    /// Checks a document, and the others that were not reached yet behind it.
    pub(super) fn check_now(&mut self, path: &Path) {
        let Some(rule) = self.doc(path).and_then(|d| d.rule.clone()) else {
            return;
        };
        self.problems.text_changed(&rule);
        self.checks.waiting.retain(|p| *p != rule);
        self.checks.waiting.insert(0, rule);
        self.ask_checks();
    }

    /// How long it took from the last change of a text to what the checks said of it.
    pub fn check_time(&self) -> Option<Duration> {
        self.checks.took
    }

    /// Whether the newest text of a document was not checked yet.
    pub(super) fn checks_pending(&self, path: &Path) -> bool {
        let rule = self.doc(path).and_then(|d| d.rule.as_ref());
        rule.is_some_and(|rule| self.checks.waiting.contains(rule))
    }

    /// Checks all open documents: the logs or the target are others now.
    pub(super) fn check_all(&mut self) {
        let active = self.active_doc().and_then(|d| d.rule.clone());
        let mut rules: Vec<PathBuf> = self.docs.iter().filter_map(|d| d.rule.clone()).collect();
        rules.sort_by_key(|rule| (Some(rule) != active.as_ref(), rule.clone()));
        rules.dedup();
        self.checks.waiting = rules;
        self.ask_checks();
    }

    /// Holds rules against another target.
    pub(super) fn set_target(&mut self, target: Option<Target>) {
        self.settings.target = target.map(|t| t.name().to_owned());
        self.check_all();
        self.run_overview();
    }

    fn ask_checks(&mut self) {
        let question = Question {
            rules: self.checks.waiting.clone(),
            buffers: self.buffers(),
            data: self.data.clone(),
            target: self.settings.target(),
            asked: Instant::now(),
        };
        self.checks.worker.ask(question);
    }

    /// Takes what the checks found.
    pub(super) fn take_checks(&mut self) {
        while let Some(answer) = self.checks.worker.next() {
            let Some(answer) = answer else {
                continue;
            };
            if self.checks.waiting.first() == Some(&answer.rule) {
                self.checks.took = Some(answer.asked.elapsed());
            }
            if !answer.so_far {
                self.checks.waiting.retain(|p| *p != answer.rule);
            }
            let is_open = self
                .docs
                .iter()
                .any(|d| d.rule.as_ref() == Some(&answer.rule));
            if is_open {
                // What the logs said of the text before stays until they are asked again: nothing flickers.
                let keep = |code: &str| answer.so_far && code.starts_with("data-");
                self.problems.set_checked(answer.rule, answer.found, keep);
            }
        }
    }

    /// Forgets what was found in documents that are no longer open.
    pub(super) fn forget_checks(&mut self) {
        let docs = &self.docs;
        let is_open = |rule: &Path| docs.iter().any(|d| d.rule.as_deref() == Some(rule));
        self.checks.waiting.retain(|p| is_open(p));
        self.problems.retain_checked(is_open);
    }
}
