//! Runs `Tests:` and judges them as `pat test` does.

use super::{Case, Engine, Exception, Limits, Mode, Outcome, Rule};
use crate::diagnostic::Diagnostic;
use crate::task::CancelToken;
use std::sync::Arc;

/// A case and how it came out.
#[derive(Clone, Debug, Default)]
pub struct CaseOutcome {
    /// The case.
    pub case: Case,
    /// Every output; empty where a limit stopped the body.
    pub outcome: Outcome,
    /// Whether it passed.
    pub passed: bool,
    /// Why it did not; empty where it passed.
    pub message: String,
}

/// In how many cases a body may run into a limit before the rest is not tried: each costs seconds.
const MOST_STOPS: usize = 2;

/// Runs a rule's cases, each on its own: one that reaches a limit fails, the others still run, until
/// [`MOST_STOPS`] have.
/// Ends early, with the cases so far, when cancelled.
///
/// # Errors
/// What [`Engine::load`] gives; spans in bytes of `body`.
pub fn run_cases(
    rule: &Rule,
    body: &str,
    limits: Limits,
    cancel: &CancelToken,
) -> Result<Vec<CaseOutcome>, Vec<Diagnostic>> {
    let mut engine = Engine::load(rule, body, limits)?;
    let mut outcomes = Vec::with_capacity(rule.cases.len());
    let mut stops = 0;
    for case in &rule.cases {
        if cancel.is_cancelled() {
            break;
        }
        if stops == MOST_STOPS {
            outcomes.push(CaseOutcome {
                case: case.clone(),
                outcome: Outcome::default(),
                passed: false,
                message: format!("not run: the body had to be stopped in {stops} cases before"),
            });
            continue;
        }
        let event = Arc::clone(&case.log);
        let (outcome, message) = match engine.evaluate(&[event], Mode::Test, &case.mocks, cancel) {
            Ok(mut given) => match given.pop() {
                Some(outcome) => {
                    let message = judge(case, &outcome).unwrap_or_default();
                    (outcome, message)
                }
                // Cancelled before it was done.
                None => break,
            },
            Err(diagnostic) => {
                stops += 1;
                (Outcome::default(), diagnostic.message)
            }
        };
        outcomes.push(CaseOutcome {
            case: case.clone(),
            outcome,
            passed: message.is_empty(),
            message,
        });
    }
    Ok(outcomes)
}

/// Why a case fails; none where it passes.
fn judge(case: &Case, outcome: &Outcome) -> Option<String> {
    let matched = match outcome.matched.as_ref()? {
        Ok(matched) => *matched,
        Err(exception) => return Some(raised("rule", exception)),
    };
    if matched != case.expected {
        return Some(if matched {
            "the event matched, and no match was expected".to_owned()
        } else {
            "the event did not match, and a match was expected".to_owned()
        });
    }
    // Only for an expected match do the other functions count.
    if case.expected
        && let Some(message) = first_exception(outcome)
    {
        return Some(message);
    }
    wrong_destinations(case, outcome)
}

fn first_exception(outcome: &Outcome) -> Option<String> {
    let texts = [
        ("title", &outcome.title),
        ("description", &outcome.description),
        ("reference", &outcome.reference),
        ("severity", &outcome.severity),
        ("runbook", &outcome.runbook),
        ("dedup", &outcome.dedup),
        ("alert_context", &outcome.alert_context),
        ("unique", &outcome.unique),
    ];
    if let Some(Err(exception)) = &outcome.destinations {
        return Some(raised("destinations", exception));
    }
    texts.into_iter().find_map(|(name, output)| match output {
        Some(Err(exception)) => Some(raised(name, exception)),
        _ => None,
    })
}

fn raised(function: &str, exception: &Exception) -> String {
    match exception.line {
        Some(line) => format!("{function} raised {} at line {line}", exception.text),
        None => format!("{function} raised {}", exception.text),
    }
}

fn wrong_destinations(case: &Case, outcome: &Outcome) -> Option<String> {
    let mut wanted = case.expected_destinations.clone()?;
    if wanted.is_empty() {
        wanted.push("SKIP".to_owned());
    }
    let mut given = match &outcome.destinations {
        Some(Ok(names)) => names.clone(),
        _ => Vec::new(),
    };
    wanted.sort_unstable();
    given.sort_unstable();
    (wanted != given).then(|| {
        format!(
            "the destinations were [{}], expected [{}]",
            given.join(", "),
            wanted.join(", ")
        )
    })
}
