//! Runs a Panther detection over the loaded events.

use super::again::{Again, Made};
use super::alerts::{self, Counted};
use super::ask::{Question, Telling};
use super::engine::Kept;
use super::panther_matches::matches;
use super::{Rule, Run, run_correlation};
use crate::diagnostic::{Diagnostic, Severity};
use crate::logs::Dataset;
use crate::panther::{self, Analysis, Matcher};
use crate::task::CancelToken;
use crate::yaml::Step;
use std::sync::Arc;

/// Runs the detection over the events of its log types up to a clock, as the platform does in production. Tells the
/// first matches while it goes on, where somebody listens.
pub(super) fn run(
    rule: &Rule,
    panther: &panther::Rule,
    data: &Arc<Dataset>,
    now: i64,
    cancel: &CancelToken,
    (kept, last): (&mut Option<Kept>, &mut Again),
    tell: Option<&mut dyn FnMut(Run)>,
) -> Run {
    if let Some(found) = not_for_logs(panther) {
        return Run {
            now,
            diagnostics: vec![(rule.path.clone(), found)],
            ..Run::default()
        };
    }
    if let Matcher::Correlation(Some(correlation)) = &panther.matcher {
        return run_correlation::run(rule, panther, correlation, data, now, cancel, kept);
    }
    let mut run = Run {
        now,
        ..Run::default()
    };
    if !last.is_over(data, &panther.log_types) {
        *last = Again::default();
    }
    let again = &*last;
    let body_path = rule.companion.clone().unwrap_or_else(|| rule.path.clone());
    let question = Question {
        rule: panther,
        body: rule.companion_text.as_deref().unwrap_or(""),
        body_path: &body_path,
        data,
        now,
        cancel,
        again,
    };
    let mut tell = tell.map(|tell| {
        move |found| {
            let (columns, matches, _) = matches(panther, found, again);
            tell(Run {
                now,
                columns,
                matches,
                partial: true,
                ..Run::default()
            });
        }
    });
    let asked = question.ask(kept, tell.as_mut().map(|tell| tell as &mut Telling<'_>));
    let answers = match asked {
        Ok(answers) => answers,
        Err(found) => {
            run.diagnostics = found.into_iter().map(|d| (body_path.clone(), d)).collect();
            return run;
        }
    };
    run.asked = Some(answers.asked);
    run.diagnostics = answers.diagnostics;
    if answers.asked.events == 0 {
        run.diagnostics
            .push((rule.path.clone(), no_events(panther)));
    }
    let counted: Vec<Counted> = answers
        .found
        .iter()
        .map(|found| Counted {
            time: data.event_time(found.id),
            unique: found.outcome.unique.clone().and_then(Result::ok),
        })
        .collect();
    let found;
    (run.columns, run.matches, found) = matches(panther, answers.found, again);
    let said = found.into_iter().zip(&run.matches).map(|(found, one)| {
        let made = Made {
            context: one.context.clone(),
            entities: Arc::clone(&one.entities),
        };
        (found, made, one.row.clone())
    });
    let over = (data, &*panther.log_types);
    let known = (answers.understood, answers.refused);
    let (alerts, now_said) = rayon::join(
        || alerts::of(panther, &run.matches, &counted),
        || Again::of(over, known, &run.columns, said),
    );
    let before = std::mem::replace(last, now_said);
    // Nobody waits until that is taken apart.
    rayon::spawn(move || drop(before));
    run.alerts = alerts;
    run
}

/// Why a detection has nothing to do with log events; none where it has.
fn not_for_logs(panther: &panther::Rule) -> Option<Diagnostic> {
    let (at, message) = match panther.kind {
        Analysis::Policy => (
            "ResourceTypes",
            "A policy looks at resources of a cloud account, which logs do not hold: it is not run over logs, its tests are run",
        ),
        _ if !panther.scheduled_queries.is_empty() => (
            "ScheduledQueries",
            "A scheduled rule looks at the rows of a query on the platform: it is not run over logs, its tests are run",
        ),
        _ => return None,
    };
    Some(Diagnostic::new(
        Severity::Information,
        "panther-not-for-logs",
        panther.document.nearest_span(&[Step::Key(at.into())]),
        message,
    ))
}

/// Silence because of missing logs is not the silence of a rule that found nothing.
pub(super) fn no_events(panther: &panther::Rule) -> Diagnostic {
    let log_types = panther.log_types.join(", ");
    Diagnostic::new(
        Severity::Information,
        "panther-no-events",
        panther.document.span(&[Step::Key("LogTypes".into())]),
        format!("No event of {log_types} is loaded up to the clock"),
    )
}
