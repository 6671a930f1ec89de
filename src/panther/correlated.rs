//! Runs the cases of a correlation rule: from what its rules gave, or from raw events that its rules are asked about.

use super::correlation::{self, Correlation, Found};
use super::{Case, CaseOutcome, Input, Interpreter, Loaded, Matcher, Mode, Outcome, Rule, simple};
use crate::diagnostic::Diagnostic;
use crate::event::EventJson;
use crate::task::CancelToken;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// Runs a correlation rule's cases. Cases with raw events ask the rules of the repository in the interpreter.
pub fn run_correlation(
    interpreter: &mut Interpreter,
    rule: &Rule,
    correlation: &Correlation,
    cancel: &CancelToken,
) -> Vec<CaseOutcome> {
    let mut members = Members {
        interpreter,
        rule,
        known: HashMap::new(),
        failure: None,
        cancel,
    };
    let mut outcomes = Vec::with_capacity(rule.cases.len());
    for case in &rule.cases {
        if cancel.is_cancelled() {
            break;
        }
        let found = match &case.input {
            Input::RuleOutputs(found) => Ok(found.clone()),
            Input::Events(events) => members.ask(correlation, events),
            Input::Unreadable(why) => Err(why.clone()),
            Input::Event | Input::NoMapping(_) => {
                Err("the case has neither RuleOutputs nor Events".to_owned())
            }
        };
        outcomes.push(match found {
            Ok(found) => judged(case, rule, correlation, &found),
            Err(why) => CaseOutcome::failed(case, why),
        });
    }
    outcomes
}

/// A case by the matches of each node.
fn judged(
    case: &Case,
    rule: &Rule,
    correlation: &Correlation,
    found: &[Vec<Found>],
) -> CaseOutcome {
    let joined = match correlation.evaluate(found) {
        Ok(joined) => joined,
        Err(diagnostic) => return CaseOutcome::failed(case, diagnostic.message),
    };
    let matched = !joined.is_empty();
    let output = |text: &str| matched.then(|| Ok(text.into()));
    let outcome = Outcome {
        matched: Some(Ok(matched)),
        title: output(&rule.name),
        severity: output(&rule.severity),
        ..Outcome::default()
    };
    let mut done = CaseOutcome::judged(case, outcome);
    if !done.passed && !matched {
        let lacks = correlation.explain(found, i64::MAX);
        for lack in lacks.iter().take(5) {
            done.message.push_str(&format!("\n{}", lack.reason));
        }
    }
    done
}

/// The rules that a correlation joins.
struct Members<'a> {
    interpreter: &'a mut Interpreter,
    rule: &'a Rule,
    known: HashMap<String, Result<Asked, String>>,
    /// Why an answer is missing: the first reason.
    failure: Option<String>,
    cancel: &'a CancelToken,
}

/// A rule ready to be asked.
enum Asked {
    Python(Box<Rule>, Loaded),
    Simple(Box<Rule>, Arc<simple::Detection>),
}

impl Members<'_> {
    fn ask(
        &mut self,
        correlation: &Correlation,
        events: &[Arc<EventJson>],
    ) -> Result<Vec<Vec<Found>>, String> {
        self.failure = None;
        // What the platform keeps between events is not kept between cases.
        self.interpreter.forget();
        let plain: Vec<Json> = events.iter().map(|event| event.json().clone()).collect();
        let found = correlation::raw_events(correlation, &plain, &mut |id, event| match self
            .one(id, event)
        {
            Ok(outcome) => outcome,
            Err(why) => {
                self.failure.get_or_insert(why);
                None
            }
        });
        match (self.failure.take(), found) {
            (Some(why), _) => Err(why),
            (None, Ok(found)) => Ok(found),
            (None, Err(timeless)) => Err(format!(
                "event {} of the case matched and has no p_event_time",
                timeless.event + 1
            )),
        }
    }

    /// What a rule says of an event; nothing where it does not look at such events.
    fn one(&mut self, id: &str, event: &Json) -> Result<Option<Outcome>, String> {
        if !self.known.contains_key(id) {
            let asked = self.load(id);
            self.known.insert(id.to_owned(), asked);
        }
        let Some(Ok(asked)) = self.known.get(id) else {
            let why = self.known.get(id).and_then(|asked| asked.as_ref().err());
            return Err(why.cloned().unwrap_or_default());
        };
        let (Asked::Python(rule, _) | Asked::Simple(rule, _)) = asked;
        let log_type = event.get("p_log_type").and_then(Json::as_str);
        if log_type.is_none_or(|t| !rule.log_types.iter().any(|known| known == t)) {
            return Ok(None);
        }
        if let Some(outcome) = rule.filtered(event) {
            return Ok(Some(outcome));
        }
        let outcome = match asked {
            Asked::Simple(rule, detection) => {
                Some(detection.outcome(event, &simple_facts(rule), Mode::Production))
            }
            Asked::Python(_, loaded) => {
                let events = [Arc::new(event.clone().into())];
                let given =
                    self.interpreter
                        .evaluate(loaded, &events, Mode::Production, &[], self.cancel);
                let mut given = given.map_err(|stopped| format!("{id}: {}", stopped.message))?;
                given.pop()
            }
        };
        match outcome
            .as_ref()
            .and_then(|outcome| outcome.matched.as_ref())
        {
            Some(Err(exception)) => Err(format!("{id}: rule raised {}", exception.text)),
            _ => Ok(outcome),
        }
    }

    fn load(&mut self, id: &str) -> Result<Asked, String> {
        let Some((rule, body)) = self.rule.repository.detection(id) else {
            return Err(format!("there is no rule with the id `{id}`"));
        };
        if !rule.scheduled_queries.is_empty() {
            return Err(format!(
                "the rule `{id}` looks at the rows of a query, not at events: write what it gives as RuleOutputs"
            ));
        }
        match (&rule.matcher, body) {
            (Matcher::Simple(Some(detection)), _) => {
                let detection = Arc::clone(detection);
                Ok(Asked::Simple(Box::new(rule), detection))
            }
            (Matcher::Python | Matcher::Derived(_), Some(body)) => {
                let loaded = self.interpreter.load(&rule, &body, self.cancel);
                let told = |found: Vec<Diagnostic>| {
                    let first = found.into_iter().next();
                    format!("{id}: {}", first.map_or(String::new(), |d| d.message))
                };
                let loaded = loaded.map_err(told)?;
                Ok(Asked::Python(Box::new(rule), loaded))
            }
            _ => Err(format!("the rule `{id}` cannot be asked about events")),
        }
    }
}

/// What a simple detection needs to know of its rule.
pub(super) fn simple_facts(rule: &Rule) -> simple::Facts {
    simple::Facts {
        id: rule.id.clone(),
        severity: rule.severity.clone(),
        create_alert: rule.create_alert,
    }
}
