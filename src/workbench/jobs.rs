//! The questions the window asks its worker threads, and their answers.

use super::chart::{self, Chart};
use super::timeline::Timeline;
use super::timeline_input;
use crate::detect::{self, CaseResult, Rule, Run, Texts};
use crate::logs::Dataset;
use crate::task::CancelToken;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The texts of open documents; files that are not open are read from disk.
#[derive(Clone, Debug, Default)]
pub struct Buffers(pub HashMap<PathBuf, String>);

impl Texts for Buffers {
    fn text(&self, path: &Path) -> Option<String> {
        match self.0.get(path) {
            Some(text) => Some(text.clone()),
            None => detect::Disk.text(path),
        }
    }
}

/// Run a rule over the loaded logs.
pub struct RunQuestion {
    /// The rule's YAML file.
    pub path: PathBuf,
    /// Unsaved texts.
    pub buffers: Buffers,
    /// The loaded logs.
    pub data: Arc<Dataset>,
    /// The clock, ticks.
    pub now: i64,
}

/// What a run gave.
pub struct RunAnswer {
    /// The rule's YAML file.
    pub path: PathBuf,
    /// The rule; a sentence where the file is none.
    pub rule: Result<Arc<Rule>, String>,
    /// The run.
    pub run: Run,
    /// The matches placed in time.
    pub timeline: Timeline,
    /// The chart that the query asks for, or why it cannot be drawn.
    pub chart: Option<Result<Chart, String>>,
    /// The logs it ran over.
    pub data: Arc<Dataset>,
}

/// Makes the work of the run thread; it keeps compiled bodies between runs.
pub fn runner() -> impl FnMut(RunQuestion, &CancelToken) -> RunAnswer {
    let mut runner = detect::Runner::for_typing();
    move |question, cancel| {
        let rule = detect::open(&question.path, &question.buffers).map(Arc::new);
        let run = match &rule {
            Ok(rule) => runner.run(rule, &question.data, question.now, cancel),
            Err(_) => Run {
                now: question.now,
                ..Run::default()
            },
        };
        let timeline = timeline_input::build(&question.data, &run);
        let rows: Vec<_> = run.matches.iter().map(|m| m.row.as_slice()).collect();
        let chart = match &run.render {
            Some(render) if !rows.is_empty() => chart::prepare(render, &run.columns, &rows),
            _ => None,
        };
        RunAnswer {
            path: question.path,
            rule,
            run,
            timeline,
            chart,
            data: question.data,
        }
    }
}

/// The cases of one rule.
pub struct TestAnswer {
    /// The rule's YAML file.
    pub path: PathBuf,
    /// One result a case.
    pub results: Vec<CaseResult>,
    /// How long they took.
    pub elapsed: std::time::Duration,
}

/// Runs the cases of a rule.
pub fn test(rule: Arc<Rule>, cancel: &CancelToken) -> TestAnswer {
    let start = std::time::Instant::now();
    TestAnswer {
        path: rule.path.clone(),
        results: detect::run_cases(&rule, None, cancel),
        elapsed: start.elapsed(),
    }
}

/// How a rule of the workspace stands: shown beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}

/// Runs all rules of the workspace and their cases, one after another.
pub struct OverviewQuestion {
    /// Rule files.
    pub rules: Vec<PathBuf>,
    /// Unsaved texts.
    pub buffers: Buffers,
    /// The loaded logs.
    pub data: Arc<Dataset>,
    /// The clock, ticks.
    pub now: i64,
}

/// How every rule of the workspace stands.
pub fn overview(question: OverviewQuestion, cancel: &CancelToken) -> HashMap<PathBuf, Standing> {
    let mut standings = HashMap::new();
    for path in question.rules {
        if cancel.is_cancelled() {
            break;
        }
        let standing = match detect::open(&path, &question.buffers) {
            Ok(rule) => {
                let run = detect::run(&rule, &question.data, question.now, cancel);
                let cases = detect::run_cases(&rule, None, cancel);
                Standing {
                    name: rule.name().to_owned(),
                    platform: Some(rule.platform()),
                    matches: (!run.failed()).then_some(run.matches.len()),
                    cases: (cases.iter().filter(|c| c.passed).count(), cases.len()),
                    error: rule
                        .diagnostics
                        .iter()
                        .chain(&run.diagnostics)
                        .find(|(_, d)| d.is_error())
                        .map(|(_, d)| d.message.clone()),
                }
            }
            Err(message) => Standing {
                error: Some(message),
                ..Standing::default()
            },
        };
        standings.insert(path, standing);
    }
    standings
}
