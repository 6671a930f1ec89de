//! Runs any rule over a dataset, and keeps between runs what is dear to make.

use super::again::Again;
use super::engine::Kept;
use super::{Body, Rule, Run, run_panther, run_sentinel};
use crate::logs::Dataset;
use crate::panther::Matcher;
use crate::python::Reserve;
use crate::task::CancelToken;
use std::sync::Arc;
use std::time::Instant;

/// Runs rules one after another. Keeps the interpreter of the last Panther rule while its texts stay the same, and
/// for other rules of its repository: a window has one for each open rule, on that rule's worker thread.
#[derive(Default)]
pub struct Runner {
    loaded: Option<Kept>,
    /// What the last run said.
    again: Again,
    reserve: Option<Reserve>,
}

impl Runner {
    /// A runner that has nothing loaded yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A runner for rules that are being typed: while it lives, a started interpreter is kept in reserve,
    /// so that a changed Python body is only compiled and imported.
    pub fn for_typing() -> Self {
        Self {
            reserve: Some(Reserve::hold()),
            ..Self::default()
        }
    }

    /// Runs a rule over a dataset with a clock (ticks). Never fails: errors are in the run's diagnostics.
    /// What was found when the rule was opened stands in [`Rule::diagnostics`] and is repeated here only
    /// where it keeps the rule from running.
    pub fn run(&mut self, rule: &Rule, data: &Arc<Dataset>, now: i64, cancel: &CancelToken) -> Run {
        self.run_for(rule, data, now, cancel, None)
    }

    /// The same, telling now and then what is known so far: a run of Panther's that has the first matches, in their
    /// final order. Their columns may still become more.
    pub fn run_telling(
        &mut self,
        rule: &Rule,
        data: &Arc<Dataset>,
        now: i64,
        cancel: &CancelToken,
        tell: &mut dyn FnMut(Run),
    ) -> Run {
        self.run_for(rule, data, now, cancel, Some(tell))
    }

    fn run_for(
        &mut self,
        rule: &Rule,
        data: &Arc<Dataset>,
        now: i64,
        cancel: &CancelToken,
        tell: Option<&mut dyn FnMut(Run)>,
    ) -> Run {
        let begun = Instant::now();
        // The matches are waited for, the interpreter of the next edit is not yet.
        let _busy = self.reserve.as_ref().map(Reserve::busy);
        let broken = broken_document(rule);
        let mut run = if broken.is_empty() {
            match &rule.body {
                Body::Sentinel(sentinel) => run_sentinel::run(rule, sentinel, data, now, cancel),
                Body::Panther(panther, _) => {
                    let mut tell = tell.map(|tell| {
                        move |run: Run| {
                            tell(Run {
                                elapsed: begun.elapsed(),
                                ..run
                            });
                        }
                    });
                    let tell = tell.as_mut().map(|tell| tell as &mut dyn FnMut(Run));
                    let kept = (&mut self.loaded, &mut self.again);
                    run_panther::run(rule, panther, data, now, cancel, kept, tell)
                }
            }
        } else {
            Run {
                now,
                diagnostics: broken,
                ..Run::default()
            }
        };
        if run.failed() {
            run.matches.clear();
            run.alerts = None;
        }
        run.elapsed = begun.elapsed();
        run
    }
}

/// Runs a rule once; see [`Runner::run`].
pub fn run(rule: &Rule, data: &Arc<Dataset>, now: i64, cancel: &CancelToken) -> Run {
    Runner::new().run(rule, data, now, cancel)
}

/// The errors that leave nothing to run: a document that is not YAML, no query, no body. A rule that the
/// platform would refuse for another field still shows its matches.
pub(super) fn broken_document(
    rule: &Rule,
) -> Vec<(std::path::PathBuf, crate::diagnostic::Diagnostic)> {
    let nothing_to_run = match &rule.body {
        Body::Sentinel(sentinel) => sentinel.query.trim().is_empty(),
        Body::Panther(panther, body) => match panther.matcher {
            Matcher::Python | Matcher::Derived(_) => body.is_none(),
            Matcher::Simple(None) | Matcher::Correlation(None) => true,
            Matcher::Simple(Some(_)) | Matcher::Correlation(Some(_)) => false,
        },
    };
    let errors = rule.diagnostics.iter().filter(|(_, d)| d.is_error());
    if nothing_to_run {
        return errors.cloned().collect();
    }
    errors
        .filter(|(path, d)| *path == rule.path && d.code.starts_with("yaml"))
        .cloned()
        .collect()
}
