//! The questions the window asks its worker threads, and their answers.

use super::chart::{self, Chart};
use super::logic::{self, Logic};
use super::timeline::Timeline;
use super::timeline_input;
use crate::detect::{self, CaseResult, Rule, Run, Texts};
use crate::logs::Dataset;
use crate::task::CancelToken;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
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

    fn stamp(&self, path: &Path) -> Option<u64> {
        let Some(text) = self.0.get(path) else {
            return detect::Disk.stamp(path);
        };
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Some(hasher.finish())
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
    pub run: Arc<Run>,
    /// The matches placed in time.
    pub timeline: Timeline,
    /// The conditions of a Panther rule.
    pub logic: Option<Logic>,
    /// The chart that the query asks for, or why it cannot be drawn.
    pub chart: Option<Result<Chart, String>>,
    /// The logs it ran over.
    pub data: Arc<Dataset>,
}

/// Makes the work of the run thread; it keeps compiled bodies between runs.
pub fn runner() -> impl FnMut(RunQuestion, &CancelToken, &mut dyn FnMut(RunAnswer)) -> RunAnswer {
    let mut runner = detect::Runner::for_typing();
    let mut opener = detect::Opener::default();
    let mut places = timeline_input::Places::default();
    move |question, cancel, tell| {
        let rule = opener.open(&question.path, &question.buffers).map(Arc::new);
        let RunQuestion {
            path, data, now, ..
        } = question;
        let run = match &rule {
            Ok(opened) => runner.run_telling(opened, &data, now, cancel, &mut |run| {
                tell(answer(&path, rule.clone(), run, &data, &mut places));
            }),
            Err(_) => Run {
                now,
                ..Run::default()
            },
        };
        answer(&path, rule, run, &data, &mut places)
    }
}

fn answer(
    path: &Path,
    rule: Result<Arc<Rule>, String>,
    run: Run,
    data: &Arc<Dataset>,
    places: &mut timeline_input::Places,
) -> RunAnswer {
    let timeline = places.build(data, &run);
    let rows: Vec<_> = run.matches.iter().map(|m| &*m.row).collect();
    let chart = match &run.render {
        Some(render) if !rows.is_empty() => chart::prepare(render, &run.columns, &rows),
        _ => None,
    };
    let logic = rule.as_ref().ok().and_then(|rule| logic::of(rule));
    RunAnswer {
        path: path.to_owned(),
        rule,
        logic,
        run: Arc::new(run),
        timeline,
        chart,
        data: Arc::clone(data),
    }
}

/// The cases of one rule.
pub struct TestAnswer {
    /// The rule's YAML file.
    pub path: PathBuf,
    /// The rule as it was tested.
    pub rule: Arc<Rule>,
    /// One result a case.
    pub results: Vec<CaseResult>,
    /// How long they took.
    pub elapsed: std::time::Duration,
}

impl TestAnswer {
    /// The text of a file of the rule as it was tested.
    pub fn text_of(&self, path: &Path) -> Option<&str> {
        let rule = &self.rule;
        match (rule.path == path, rule.companion.as_deref() == Some(path)) {
            (true, _) => Some(&rule.text),
            (_, true) => rule.companion_text.as_deref(),
            _ => None,
        }
    }
}

/// Runs the cases of a rule.
pub fn test(rule: Arc<Rule>, cancel: &CancelToken) -> TestAnswer {
    let start = std::time::Instant::now();
    TestAnswer {
        path: rule.path.clone(),
        results: detect::run_cases(&rule, None, cancel),
        elapsed: start.elapsed(),
        rule,
    }
}
