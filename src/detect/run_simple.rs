//! Runs a simple detection over the events of its log types: no interpreter is needed, so many are asked at once.

use super::asked::Chosen;
use super::exceptions::Raised;
use super::run_panther::{Found, PORTION, cancelled, no_events};
use super::{Rule, Run};
use crate::logs::Dataset;
use crate::panther::guard::Guard;
use crate::panther::simple::{Detection, Facts};
use crate::panther::{self, Mode, Outcome};
use crate::task::CancelToken;
use rayon::prelude::*;

/// The events up to the run's clock that the detection matches. None where the run was cancelled.
pub(super) fn found(
    rule: &Rule,
    panther: &panther::Rule,
    detection: &Detection,
    data: &Dataset,
    cancel: &CancelToken,
    run: &mut Run,
) -> Option<Vec<Found>> {
    let facts = Facts {
        id: panther.id.clone(),
        severity: panther.severity.clone(),
        create_alert: panther.create_alert,
    };
    let chosen = Chosen::of(&panther.log_types, data, run.now, &Guard::default());
    let mut found: Vec<Found> = Vec::new();
    let mut raised = Raised::default();
    let mut from = 0;
    while from < chosen.len() {
        let portion = chosen.portion(from, PORTION);
        from += PORTION;
        let outcomes: Vec<Outcome> = portion
            .par_iter()
            .with_min_len(64)
            .map(|(_, event)| {
                panther
                    .filtered(event)
                    .unwrap_or_else(|| detection.outcome(event, &facts, Mode::Production))
            })
            .collect();
        for ((id, event), outcome) in portion.into_iter().zip(outcomes) {
            raised.note(&outcome, id);
            if outcome.is_match() {
                found.push((id, event, outcome));
            }
        }
        if cancel.is_cancelled() {
            run.diagnostics.push((rule.path.clone(), cancelled()));
            return None;
        }
    }
    run.diagnostics = raised.diagnostics("", &rule.path, data);
    if chosen.events == 0 {
        run.diagnostics
            .push((rule.path.clone(), no_events(panther)));
    }
    Some(found)
}
