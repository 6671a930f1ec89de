//! Checks while typing: each open document on its own, the newest text first, beside the run of the rule.

use super::app::Workbench;
use super::jobs::Buffers;
use super::problems::{Problem, placed};
use super::worker::Worker;
use crate::detect::{self, Texts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::logs::Dataset;
use crate::task::CancelToken;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Check some documents.
pub struct Question {
    /// The documents, the one that is typed in first.
    paths: Vec<PathBuf>,
    buffers: Buffers,
    data: Arc<Dataset>,
    asked: Instant,
}

/// What is wrong with the documents that were reached.
pub struct Answer {
    found: Vec<(PathBuf, Vec<Problem>)>,
    asked: Instant,
}

/// The state of the checks.
pub struct Checks {
    worker: Worker<Question, Answer>,
    /// Documents asked about and not told of yet.
    waiting: Vec<PathBuf>,
    /// From the last keystroke to what the checks said of it.
    pub took: Option<Duration>,
}

impl Checks {
    /// Starts the thread.
    pub fn start(wake: impl Fn() + Send + 'static) -> Self {
        Self {
            worker: Worker::start_telling("check", work, wake),
            waiting: Vec::new(),
            took: None,
        }
    }

    /// Whether a document is being checked.
    pub fn is_busy(&self) -> bool {
        self.worker.is_busy()
    }
}

fn work(question: Question, cancel: &CancelToken, tell: &mut dyn FnMut(Answer)) -> Answer {
    let asked = question.asked;
    for path in &question.paths {
        if cancel.is_cancelled() {
            break;
        }
        let found = check(path, &question.buffers, &question.data);
        tell(Answer {
            found: vec![(path.clone(), found)],
            asked,
        });
    }
    Answer {
        found: Vec::new(),
        asked,
    }
}

/// What is wrong with one document, without running it.
fn check(path: &Path, texts: &Buffers, data: &Dataset) -> Vec<Problem> {
    let _ = data;
    let Some(text) = texts.text(path) else {
        return Vec::new();
    };
    let found: Vec<Diagnostic> = match detect::open(path, texts) {
        Ok(rule) => rule
            .diagnostics
            .iter()
            .filter(|(file, _)| file == path)
            .map(|(_, d)| d.clone())
            .collect(),
        Err(_) => Vec::new(),
    };
    placed(path, &text, found)
}

/// A file that is no rule where one is expected.
pub fn not_a_rule(message: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, "not-a-rule", None, message)
}

impl Workbench {
    /// Checks a document, and the others that were not reached yet behind it.
    pub(super) fn check_now(&mut self, path: &Path) {
        let checks = &mut self.checks;
        checks.waiting.retain(|p| p != path);
        checks.waiting.insert(0, path.to_owned());
        self.ask_checks();
    }

    /// Whether the newest text of a document was not checked yet.
    pub(super) fn checks_pending(&self, path: &Path) -> bool {
        self.checks.waiting.iter().any(|p| p == path)
    }

    /// Checks all open documents: the logs or the target are others now.
    pub(super) fn check_all(&mut self) {
        let active = self.active_path();
        let mut paths: Vec<PathBuf> = self.docs.iter().map(|d| d.path.clone()).collect();
        paths.sort_by_key(|p| Some(p) != active.as_ref());
        self.checks.waiting = paths;
        self.ask_checks();
    }

    fn ask_checks(&mut self) {
        let question = Question {
            paths: self.checks.waiting.clone(),
            buffers: self.buffers(),
            data: self.data.clone(),
            asked: Instant::now(),
        };
        self.checks.worker.ask(question);
    }

    /// Takes what the checks found.
    pub(super) fn take_checks(&mut self) {
        while let Some(answer) = self.checks.worker.next() {
            for (path, found) in answer.found {
                if self.checks.waiting.first() == Some(&path) {
                    self.checks.took = Some(answer.asked.elapsed());
                }
                self.checks.waiting.retain(|p| *p != path);
                if self.doc(&path).is_some() {
                    self.problems.set_checked(path, found);
                }
            }
        }
    }

    /// Forgets what was found in documents that are no longer open.
    pub(super) fn forget_checks(&mut self) {
        let docs = &self.docs;
        let is_open = |path: &Path| docs.iter().any(|d| d.path == path);
        self.checks.waiting.retain(|p| is_open(p));
        self.problems.retain_checked(is_open);
    }
}
