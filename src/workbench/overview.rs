//! How every rule of the workspace stands: rule after rule on a thread of its own, told as each is done.

use super::jobs::Buffers;
use super::problems::{Problem, placed};
use super::worker::Worker;
use crate::check::{self, Target};
use crate::detect::{self, CaseResult, Rule, Run, Runner};
use crate::logs::Dataset;
use crate::task::{CancelToken, Progress};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How a rule of the workspace stands: shown beside its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Display name.
    pub name: String,
    /// Its platform, where the file could be read as a rule.
    pub platform: Option<detect::Platform>,
    /// Matches over the loaded logs; none where the rule could not run.
    pub matches: Option<usize>,
    /// Cases passed and cases in all.
    pub cases: (usize, usize),
    /// The first error, where there is one.
    pub error: Option<String>,
    /// What is wrong with it; empty where that was handed on.
    problems: Vec<Problem>,
}

/// The rules to look at.
struct Question {
    rules: Vec<PathBuf>,
    buffers: Buffers,
    data: Arc<Dataset>,
    now: i64,
    target: Option<Target>,
    tell: Sender<(PathBuf, Standing)>,
    ctx: egui::Context,
}

/// The standings known, and the thread that finds out more.
pub struct Overview {
    known: HashMap<PathBuf, Standing>,
    worker: Worker<Question, ()>,
    news: Option<Receiver<(PathBuf, Standing)>>,
    /// Rules asked about and not told of yet.
    waiting: HashSet<PathBuf>,
    /// How many were asked about since nothing was waiting.
    asked: usize,
    ctx: egui::Context,
}

impl Overview {
    /// Nothing is known yet.
    pub fn new(ctx: &egui::Context) -> Self {
        let wake = ctx.clone();
        Self {
            known: HashMap::new(),
            worker: Worker::start("all rules", work, move || wake.request_repaint()),
            news: None,
            waiting: HashSet::new(),
            asked: 0,
            ctx: ctx.clone(),
        }
    }

    /// Looks at rules anew, and at those that an earlier question left open.
    pub fn ask(
        &mut self,
        rules: &[PathBuf],
        buffers: Buffers,
        data: Arc<Dataset>,
        now: i64,
        target: Option<Target>,
    ) {
        let left: Vec<PathBuf> = self.waiting.drain().collect();
        self.waiting.extend(rules.iter().cloned());
        let mut all = rules.to_vec();
        all.extend(
            left.into_iter()
                .filter(|path| self.waiting.insert(path.clone())),
        );
        self.asked = all.len();
        let (tell, news) = channel();
        self.news = Some(news);
        self.worker.ask(Question {
            rules: all,
            buffers,
            data,
            now,
            target,
            tell,
            ctx: self.ctx.clone(),
        });
    }

    /// Forgets everything: another workspace was opened.
    pub fn clear(&mut self) {
        self.known.clear();
        self.waiting.clear();
        self.worker.cancel();
        self.news = None;
    }

    /// Takes what was found since the last frame. Gives what is wrong with the rules that were looked at.
    pub fn take(&mut self) -> Vec<(PathBuf, Vec<Problem>)> {
        let done = self.worker.answer().is_some();
        let mut found = Vec::new();
        if let Some(news) = &self.news {
            for (path, mut standing) in news.try_iter() {
                self.waiting.remove(&path);
                found.push((path.clone(), std::mem::take(&mut standing.problems)));
                self.known.insert(path, standing);
            }
        }
        if done {
            // What could not be told will not be: nobody waits for it.
            self.waiting.clear();
        }
        found
    }

    /// Forgets a rule that is gone.
    pub fn forget(&mut self, rule: &Path) {
        self.known.remove(rule);
        self.waiting.remove(rule);
    }

    /// How a rule stands, where that is known.
    pub fn of(&self, rule: &Path) -> Option<&Standing> {
        self.known.get(rule)
    }

    /// How a rule stands, to be corrected by what the editor knows better.
    pub fn of_mut(&mut self, rule: &Path) -> Option<&mut Standing> {
        self.known.get_mut(rule)
    }

    /// Stops looking at rules; what was found stays.
    pub fn cancel(&self) {
        self.worker.cancel();
    }

    /// Whether rules are being looked at.
    pub fn is_busy(&self) -> bool {
        self.worker.is_busy()
    }

    /// Since when rules are being looked at.
    pub fn since(&self) -> Option<std::time::Instant> {
        self.worker.since()
    }

    /// Rules looked at and rules asked about, while that is under way.
    pub fn progress(&self) -> Option<(usize, usize)> {
        let left = self.waiting.len().min(self.asked);
        (self.is_busy() && left > 0).then_some((self.asked - left, self.asked))
    }
}

fn work(question: Question, cancel: &CancelToken) {
    let context = check::Context {
        target: question.target,
        tables: &*question.data,
        // What only data can show is for the rules that somebody works on.
        dataset: None,
        cancel,
    };
    let progress = Progress::new();
    let (checked, folder) =
        check::check_folder(&question.rules, &question.buffers, &context, &progress);
    let mut checked: HashMap<PathBuf, Vec<Problem>> = checked
        .into_iter()
        .map(|one| (one.path.clone(), problems_of(one)))
        .collect();
    let mut opened: HashMap<PathBuf, Rule> = HashMap::new();
    for rule in folder.rules {
        opened.insert(rule.path.clone(), rule);
    }
    let tell = |path: &Path, standing: Standing| {
        // What a cancelled run says is not how the rule stands.
        let told =
            !cancel.is_cancelled() && question.tell.send((path.to_owned(), standing)).is_ok();
        question
            .ctx
            .request_repaint_after(Duration::from_millis(100));
        told
    };
    let mut rules = Vec::with_capacity(opened.len());
    for path in &question.rules {
        let rule = match opened.remove(path) {
            Some(rule) => Ok(rule),
            None => detect::open(path, &question.buffers),
        };
        match rule {
            Ok(rule) => rules.push(rule),
            Err(message) => {
                let told = || placed(path, "", vec![super::checking::not_a_rule(&message)]);
                let standing = Standing {
                    problems: checked.remove(path).unwrap_or_else(told),
                    error: Some(message),
                    ..Standing::default()
                };
                if !tell(path, standing) {
                    return;
                }
            }
        }
    }
    // One interpreter for the runs; the tests have their own.
    let runner = Mutex::new(Runner::new());
    detect::test_each(&rules, None, cancel, |index, cases| {
        let Some(rule) = rules.get(index) else { return };
        let run = {
            let mut runner = runner.lock().unwrap_or_else(PoisonError::into_inner);
            runner.run(rule, &question.data, question.now, cancel)
        };
        let mut standing = standing(rule, &run, &cases);
        standing.problems = checked.get(&rule.path).cloned().unwrap_or_default();
        if !tell(&rule.path, standing) {
            cancel.cancel();
        }
    });
}

fn standing(rule: &Rule, run: &Run, cases: &[CaseResult]) -> Standing {
    let mut found = rule.diagnostics.iter().chain(&run.diagnostics);
    Standing {
        name: rule.name().to_owned(),
        platform: Some(rule.platform()),
        matches: (!run.failed()).then_some(run.matches.len()),
        cases: (cases.iter().filter(|c| c.passed).count(), cases.len()),
        error: found
            .find(|(_, d)| d.is_error())
            .map(|(_, d)| d.message.clone()),
        problems: Vec::new(),
    }
}

/// What is wrong with a rule, with lines and columns.
fn problems_of(checked: check::Checked) -> Vec<Problem> {
    let companion = checked.companion.as_ref();
    let text_of = |path: &Path| match companion {
        Some((other, text)) if other == path => text.as_str(),
        _ => checked.text.as_str(),
    };
    super::checking::located(&checked.findings, text_of)
}
