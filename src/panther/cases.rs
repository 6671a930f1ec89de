//! Runs `Tests:` and judges them as `pat test` does.

use super::correlated::simple_facts;
use super::expectations::differences;
use super::{Case, Exception, Input, Interpreter, Limits, Loaded, Mode, Outcome, Rule, simple};
use crate::diagnostic::Diagnostic;
use crate::task::CancelToken;
use std::sync::Arc;

/// How a case came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Passed,
    /// Not as expected.
    #[default]
    Failed,
    /// It was not asked.
    Skipped,
}

/// A case and how it came out.
#[derive(Clone, Debug, Default)]
pub struct CaseOutcome {
    /// The case.
    pub case: Case,
    /// Every output; empty where a limit stopped the body.
    pub outcome: Outcome,
    /// Whether it passed.
    pub passed: bool,
    /// The verdict: a case that was not asked has neither passed nor failed.
    pub verdict: Verdict,
    /// Why it did not pass; empty where it did.
    pub message: String,
}

impl CaseOutcome {
    /// A case with what was said of it: passed where there is nothing to complain of.
    pub fn judged(case: &Case, outcome: Outcome) -> Self {
        let message = judge(case, &outcome).unwrap_or_default();
        Self::new(case, outcome, message)
    }

    fn new(case: &Case, outcome: Outcome, message: String) -> Self {
        Self {
            case: case.clone(),
            outcome,
            passed: message.is_empty(),
            verdict: match message.is_empty() {
                true => Verdict::Passed,
                false => Verdict::Failed,
            },
            message,
        }
    }

    /// A case that could not be asked, and why.
    pub fn failed(case: &Case, why: impl Into<String>) -> Self {
        Self::new(case, Outcome::default(), why.into())
    }

    /// A case that was not asked, and why.
    pub fn skipped(case: &Case, why: impl Into<String>) -> Self {
        Self {
            case: case.clone(),
            verdict: Verdict::Skipped,
            message: why.into(),
            ..Self::default()
        }
    }
}

/// In how many cases a body may run into a limit before the rest is not tried: each costs seconds.
const MOST_STOPS: usize = 2;

/// Runs a rule's cases in an interpreter of its own; see [`run_loaded`].
///
/// # Errors
/// What [`Interpreter::load`] gives; spans in bytes of `body`.
pub fn run_cases(
    rule: &Rule,
    body: &str,
    limits: Limits,
    cancel: &CancelToken,
) -> Result<Vec<CaseOutcome>, Vec<Diagnostic>> {
    let library = Arc::clone(rule.repository.library());
    let mut interpreter = Interpreter::new(library, limits);
    let loaded = interpreter.load(rule, body, cancel)?;
    Ok(run_loaded(&mut interpreter, &loaded, rule, cancel))
}

/// Runs a rule's cases with its loaded body, each on its own: one that reaches a limit fails, the others still run,
/// until [`MOST_STOPS`] have. Ends early, with the cases so far, when cancelled.
pub fn run_loaded(
    interpreter: &mut Interpreter,
    loaded: &Loaded,
    rule: &Rule,
    cancel: &CancelToken,
) -> Vec<CaseOutcome> {
    let mut outcomes = Vec::with_capacity(rule.cases.len());
    let mut stops = 0;
    for case in &rule.cases {
        if cancel.is_cancelled() {
            break;
        }
        if stops == MOST_STOPS {
            let why = format!("not run: the body had to be stopped in {stops} cases before");
            outcomes.push(CaseOutcome::new(case, Outcome::default(), why));
            continue;
        }
        if let Some(outcome) = unreadable(case) {
            outcomes.push(outcome);
            continue;
        }
        if let Some(outcome) = rule.filtered(case.log.json()) {
            outcomes.push(CaseOutcome::judged(case, outcome));
            continue;
        }
        let event = Arc::clone(&case.log);
        match interpreter.evaluate(loaded, &[event], Mode::Test, &case.mocks, cancel) {
            Ok(mut given) => match given.pop() {
                Some(outcome) => outcomes.push(CaseOutcome::judged(case, outcome)),
                // Cancelled before it was done.
                None => break,
            },
            Err(diagnostic) => {
                stops += 1;
                let stopped = Outcome::default();
                outcomes.push(CaseOutcome::new(case, stopped, diagnostic.message));
            }
        }
    }
    outcomes
}

/// Runs the cases of a rule whose detection needs no Python.
pub fn run_simple(rule: &Rule, detection: &simple::Detection) -> Vec<CaseOutcome> {
    let facts = simple_facts(rule);
    let ask = |case: &Case| {
        unreadable(case).unwrap_or_else(|| {
            let outcome = rule
                .filtered(case.log.json())
                .unwrap_or_else(|| detection.outcome(case.log.json(), &facts, Mode::Test));
            CaseOutcome::judged(case, outcome)
        })
    };
    rule.cases.iter().map(ask).collect()
}

/// A case that cannot be read, or whose event is none, fails.
fn unreadable(case: &Case) -> Option<CaseOutcome> {
    match &case.input {
        Input::NoMapping(kind) => {
            let why = format!("the case's event has to be a mapping, not {kind}");
            Some(CaseOutcome::failed(case, why))
        }
        Input::Unreadable(why) => Some(CaseOutcome::failed(case, why)),
        _ => None,
    }
}

/// Why a case fails; none where it passes.
fn judge(case: &Case, outcome: &Outcome) -> Option<String> {
    let function = if outcome.inverted { "policy" } else { "rule" };
    let matched = match outcome.matched.as_ref()? {
        Ok(matched) => *matched,
        Err(exception) => return Some(raised(function, exception)),
    };
    if matched != case.expected {
        return Some(
            match (outcome.inverted, matched) {
                (false, true) => "the event matched, and no match was expected",
                (false, false) => "the event did not match, and a match was expected",
                (true, true) => "the resource complies, and an alert was expected",
                (true, false) => "the resource does not comply, and it was expected to",
            }
            .to_owned(),
        );
    }
    // Only for an expected alert do the other functions count.
    if outcome.is_match()
        && let Some(message) = first_exception(outcome)
    {
        return Some(message);
    }
    if let Some(message) = wrong_destinations(case, outcome) {
        return Some(message);
    }
    let differences = differences(&case.outputs, outcome);
    (!differences.is_empty()).then(|| differences.join("\n"))
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
    let mut given = match &outcome.destinations {
        Some(Ok(names)) => names.clone(),
        _ => Vec::new(),
    };
    // Only the expected ones are known to the platform's tester, and an unknown one leaves none.
    wanted.sort_unstable();
    given.sort_unstable();
    let fits = match wanted.is_empty() {
        true => outcome.skips,
        false => !outcome.skips && wanted == given,
    };
    let shown = |names: &[String]| match names {
        [] => "SKIP".to_owned(),
        names => names.join(", "),
    };
    let got = match &outcome.destinations {
        Some(Ok(_)) => shown(&given),
        _ => String::new(),
    };
    (!fits).then(|| {
        format!(
            "the destinations were [{got}], expected [{}]",
            shown(&wanted)
        )
    })
}
