//! What the platform does with each function of a body: its type, its limit, its fall-back.

use super::guard::{Answers, Asking};
use super::{Analysis, Exception, Mode, Outcome, Repository, Rule};
use crate::event::EventJson;
use crate::python::{Argument, Raised, Returned, Session};
use serde_json::Value as Json;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Characters of a text output; a longer one is cut so that it ends in [`CUT`].
const TEXT: usize = 1000;
const CUT: &str = "... (truncated)";
/// Characters of an alert context.
const CONTEXT: usize = 204_800;
/// Destinations of one alert.
const DESTINATIONS: usize = 10;
/// The severities as a body spells them, after upper-casing.
const SEVERITIES: [&str; 5] = ["INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

/// What the outputs need to know of the rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub id: String,
    pub severity: Arc<str>,
    pub create_alert: bool,
    pub kind: Analysis,
    pub repository: Arc<Repository>,
}

impl Facts {
    pub fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id.clone(),
            severity: Arc::from(&*rule.severity),
            create_alert: rule.create_alert,
            kind: rule.kind,
            repository: Arc::clone(&rule.repository),
        }
    }

    /// Whether outputs are made of the same.
    pub fn say_the_same(&self, other: &Self) -> bool {
        let said = |facts: &'_ Self| (facts.kind, facts.create_alert);
        said(self) == said(other) && self.id == other.id && self.severity == other.severity
    }
}

type Output<T> = Option<Result<T, Exception>>;

/// The functions of a body, to be called with one event.
trait Functions {
    /// Whether there is something of that name.
    fn has(&self, name: &str) -> bool;
    /// What it gives, or the exception it raises.
    fn call(&self, name: &str) -> Result<Returned, Raised>;
    /// Whether what follows is not worth asking.
    fn is_stopped(&self) -> bool;
}

/// What is known without the interpreter.
struct Understood<'a> {
    asking: Asking<'a>,
    /// Whether something was asked that is not.
    missed: Cell<bool>,
}

impl Functions for Understood<'_> {
    fn has(&self, name: &str) -> bool {
        self.asking.has(name).unwrap_or_else(|| {
            self.missed.set(true);
            false
        })
    }

    fn call(&self, name: &str) -> Result<Returned, Raised> {
        Ok(self.asking.call(name).unwrap_or_else(|| {
            self.missed.set(true);
            Returned::None
        }))
    }

    fn is_stopped(&self) -> bool {
        self.missed.get()
    }
}

/// The interpreter, and what is known without it.
struct Interpreted<'a> {
    session: &'a Session<'a>,
    event: Argument,
    /// The function that decides: had that been understood, nobody would ask here.
    decides: &'static str,
    asking: Option<Asking<'a>>,
}

impl Functions for Interpreted<'_> {
    fn has(&self, name: &str) -> bool {
        self.session.has(name)
    }

    fn call(&self, name: &str) -> Result<Returned, Raised> {
        let asking = self.asking.as_ref().filter(|_| name != self.decides);
        match asking.and_then(|asking| asking.call(name)) {
            Some(known) => Ok(known),
            None => self.session.call(name, &self.event),
        }
    }

    fn is_stopped(&self) -> bool {
        self.session.is_stopped()
    }
}

/// What a body gave for an event before it was edited, all of it understood, and the functions that give the same now.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// What it gave: a match.
    pub outcome: &'a Outcome,
    /// The functions.
    pub unchanged: &'a [&'static str],
}

/// What a body gives for an event in production, where all of it is understood.
pub(super) fn understood(
    answers: &Answers,
    facts: &Facts,
    event: &EventJson,
    holds: bool,
    earlier: Option<Earlier<'_>>,
) -> Option<Outcome> {
    if !holds && !answers.knows("rule") || facts.kind.function() != "rule" {
        return None;
    }
    let functions = Understood {
        asking: answers.of(event),
        missed: Cell::new(false),
    };
    let outcome = all(&functions, facts, Mode::Production, holds, earlier);
    (!functions.is_stopped()).then_some(outcome)
}

/// Asks a body everything about one event; where its decision is known to be a match, all the rest.
pub(super) fn outcome(
    session: &Session<'_>,
    facts: &Facts,
    event: &Arc<EventJson>,
    mode: Mode,
    holds: bool,
    answers: Option<&Answers>,
) -> Outcome {
    let asking = answers.map(|answers| answers.of(event));
    let event = match facts.kind {
        Analysis::Policy => session.mapping(event),
        // The rows of a query have no log type, whatever they hold.
        Analysis::ScheduledRule => session.event(Arc::clone(event), None),
        _ => {
            let log_type = event.exact("p_log_type").and_then(Json::as_str);
            let model = log_type.and_then(|log_type| facts.repository.model(log_type));
            session.event(Arc::clone(event), model)
        }
    };
    let functions = Interpreted {
        session,
        event,
        decides: facts.kind.function(),
        asking,
    };
    all(&functions, facts, mode, holds, None)
}

/// An output as it was before, or as it is now.
fn or_now<T: Clone>(
    before: Option<&Outcome>,
    output: impl FnOnce(&Outcome) -> &Output<T>,
    now: impl FnOnce() -> Output<T>,
) -> Output<T> {
    match before {
        Some(before) => output(before).clone(),
        None => now(),
    }
}

fn all(
    functions: &dyn Functions,
    facts: &Facts,
    mode: Mode,
    holds: bool,
    earlier: Option<Earlier<'_>>,
) -> Outcome {
    // What a fall-back stood for is asked anew: what it stood for is to be told again.
    let before = |name: &str| -> Option<&Outcome> {
        let earlier = earlier.filter(|earlier| earlier.unchanged.contains(&name))?;
        let replaced = earlier.outcome.replaced.iter();
        let kept = replaced.clone().all(|(replaced, _)| *replaced != name);
        kept.then_some(earlier.outcome)
    };
    let asked = Asked {
        functions,
        facts,
        mode,
        replaced: RefCell::default(),
        skips: Cell::new(false),
    };
    let matched = match holds || before("rule").is_some_and(Outcome::is_match) {
        true => Ok(true),
        false => asked.decision(),
    };
    let mut outcome = Outcome {
        matched: Some(matched),
        inverted: facts.kind == Analysis::Policy,
        ..Outcome::default()
    };
    if mode == Mode::Production && !outcome.is_match() || functions.is_stopped() {
        return outcome;
    }
    // The platform's order. A signal keeps nothing but its context; its tester asks for the rest all the same.
    let whole = facts.create_alert || mode == Mode::Test;
    if whole {
        let text =
            |name: &'static str, fall_back: &str, output: fn(&Outcome) -> &Output<Arc<str>>| {
                or_now(before(name), output, || asked.text(name, fall_back))
            };
        outcome.title = text("title", &facts.id, |o| &o.title);
        outcome.description = text("description", "", |o| &o.description);
        outcome.reference = text("reference", "", |o| &o.reference);
        outcome.severity = or_now(before("severity"), |o| &o.severity, || asked.severity());
        outcome.runbook = text("runbook", "", |o| &o.runbook);
        outcome.destinations = asked.destinations();
        outcome.skips = asked.skips.get();
        // Without a function of that name it is the title.
        let dedup = before("dedup").filter(|_| functions.has("dedup"));
        outcome.dedup = or_now(dedup, |o| &o.dedup, || asked.dedup(&outcome.title));
    }
    let context = before("alert_context");
    outcome.alert_context = or_now(context, |o| &o.alert_context, || asked.context());
    if whole {
        let unique = before("unique");
        outcome.unique = or_now(unique, |o| &o.unique, || asked.unique());
    }
    outcome.replaced = asked.replaced.take();
    outcome
}

struct Asked<'a> {
    functions: &'a dyn Functions,
    facts: &'a Facts,
    mode: Mode,
    /// Exceptions that a fall-back stands for.
    replaced: RefCell<Vec<(&'static str, Exception)>>,
    /// Whether the destinations are an empty list.
    skips: Cell<bool>,
}

impl Asked<'_> {
    /// The result of a function; none where it is not defined or the work has been stopped.
    fn call(&self, name: &str) -> Output<Returned> {
        if self.functions.is_stopped() || !self.functions.has(name) {
            return None;
        }
        Some(self.functions.call(name).map_err(exception))
    }

    fn wrong_type(&self, name: &str, got: &Returned, wanted: &str) -> Exception {
        named(
            "FunctionReturnTypeError",
            &format!(
                "detection [{}] function [{name}] returned [{}], expected {wanted}",
                self.facts.id,
                got.type_name()
            ),
        )
    }

    fn decision(&self) -> Result<bool, Exception> {
        let function = self.facts.kind.function();
        let given = self.functions.call(function);
        // Nothing is said in words that nobody will read.
        if self.functions.is_stopped() {
            return Ok(false);
        }
        match given.map_err(exception)? {
            Returned::Bool(matched) => Ok(matched),
            other => Err(self.wrong_type(function, &other, "[bool]")),
        }
    }

    /// An exception is kept in tests; in production it is noted and replaced.
    fn or<T>(
        &self,
        name: &'static str,
        output: Output<T>,
        fall_back: impl FnOnce() -> Option<T>,
    ) -> Output<T> {
        match (output, self.mode) {
            (Some(Err(exception)), Mode::Production) => {
                self.replaced.borrow_mut().push((name, exception));
                fall_back().map(Ok)
            }
            (output, _) => output,
        }
    }

    fn raw_text(&self, name: &str) -> Output<Arc<str>> {
        self.call(name).map(|result| match result? {
            Returned::Text(text) => Ok(cut(text).into()),
            other => Err(self.wrong_type(name, &other, "[str]")),
        })
    }

    fn text(&self, name: &'static str, fall_back: &str) -> Output<Arc<str>> {
        self.or(name, self.raw_text(name), || Some(fall_back.into()))
    }

    fn unique(&self) -> Output<Arc<str>> {
        self.or("unique", self.raw_text("unique"), || None)
    }

    fn severity(&self) -> Output<Arc<str>> {
        let severity = self.call("severity").map(|result| match result? {
            Returned::Text(text) => self.known_severity(&text.to_uppercase()),
            other => Err(self.wrong_type("severity", &other, "[str]")),
        });
        self.or("severity", severity, || Some(self.facts.severity.clone()))
    }

    fn known_severity(&self, severity: &str) -> Result<Arc<str>, Exception> {
        if severity == "DEFAULT" {
            return Ok(self.facts.severity.clone());
        }
        if SEVERITIES.contains(&severity) {
            return Ok(severity.into());
        }
        Err(named(
            "AssertionError",
            &format!(
                "Expected severity to be any of the following: [['{}']], got [{severity}] instead.",
                SEVERITIES.join("', '")
            ),
        ))
    }

    fn destinations(&self) -> Output<Vec<String>> {
        let given = self.call("destinations").map(|result| match result? {
            Returned::None => Ok(None),
            Returned::List(items) => {
                let mut names = Vec::new();
                for item in &items {
                    match item {
                        Returned::Text(name) => names.push(name.clone()),
                        Returned::Bool(true) => names.push("True".to_owned()),
                        Returned::Bool(false) => names.push("False".to_owned()),
                        _ => {
                            let list = Returned::List(Vec::new());
                            return Err(self.wrong_type("destinations", &list, "a list"));
                        }
                    }
                }
                if names.is_empty() {
                    self.skips.set(true);
                    names.push("SKIP".to_owned());
                }
                names.truncate(DESTINATIONS);
                Ok(Some(names))
            }
            other => Err(self.wrong_type("destinations", &other, "a list")),
        });
        match self.or("destinations", given, || Some(None)) {
            Some(Ok(Some(names))) => Some(Ok(names)),
            Some(Err(exception)) => Some(Err(exception)),
            Some(Ok(None)) | None => None,
        }
    }

    fn dedup(&self, title: &Output<Arc<str>>) -> Output<Arc<str>> {
        let default = || Arc::from(format!("defaultDedupString:{}", self.facts.id));
        if !self.functions.has("dedup") {
            return Some(Ok(match title {
                Some(Ok(title)) if !title.is_empty() => Arc::clone(title),
                _ => default(),
            }));
        }
        let given = self
            .raw_text("dedup")
            .map(|result| result.map(|text| if text.is_empty() { default() } else { text }));
        self.or("dedup", given, || Some(default()))
    }

    fn context(&self) -> Output<Arc<str>> {
        let given: Output<Arc<str>> = self.call("alert_context").map(|result| match result? {
            Returned::Mapping(_, Ok(text)) => Ok(Arc::from(text)),
            Returned::Mapping(_, Err(raised)) => Err(exception(raised)),
            other => Err(self.wrong_type("alert_context", &other, "[Mapping]")),
        });
        match (given, self.mode) {
            (Some(Ok(text)), _) if text.len() > CONTEXT => Some(Ok(error_context(&format!(
                "alert_context size is [{}] characters, bigger than maximum of [{CONTEXT}] characters",
                text.len()
            )))),
            (Some(Err(exception)), Mode::Production) => {
                let context = error_context(&exception.text);
                self.replaced
                    .borrow_mut()
                    .push(("alert_context", exception));
                Some(Ok(context))
            }
            (given, _) => given,
        }
    }
}

/// The context that stands for one that could not be had. Its text is ASCII as Python writes it.
fn error_context(message: &str) -> Arc<str> {
    Arc::from(format!(
        "{{\"_error\": {}}}",
        crate::python::json_text(message)
    ))
}

fn exception(raised: Raised) -> Exception {
    Exception {
        text: raised.text,
        line: raised.line,
    }
}

/// An exception of the platform itself, as Python's `repr` gives it.
fn named(class: &str, message: &str) -> Exception {
    let quoted = if message.contains('\'') && !message.contains('"') {
        format!("\"{message}\"")
    } else {
        format!("'{}'", message.replace('\\', "\\\\").replace('\'', "\\'"))
    };
    Exception {
        text: format!("{class}({quoted})"),
        line: None,
    }
}

/// Cuts a text output to its limit.
fn cut(text: String) -> String {
    if text.len() <= TEXT || text.chars().count() <= TEXT {
        return text;
    }
    let mut short: String = text.chars().take(TEXT - CUT.len()).collect();
    short.push_str(CUT);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_a_thousand_characters() {
        assert_eq!(cut("é".repeat(1000)).chars().count(), 1000);
        let long = cut("é".repeat(1001));
        assert_eq!(long.chars().count(), 1000);
        assert!(long.ends_with("é... (truncated)"));
    }

    #[test]
    fn exceptions_are_quoted_as_python_does() {
        assert_eq!(named("E", "a [b]").text, "E('a [b]')");
        assert_eq!(named("E", "a 'b'").text, "E(\"a 'b'\")");
    }
}
