//! The cases of a detection: `Tests`.

use super::super::value::{json, kind};
use super::super::{Case, Input};
use super::check::{Checker, key};
use super::expected;
use super::table::{Choice, Holds, Key, Table};
use crate::event::EventJson;
use crate::yaml::{Document, Step};
use serde_yaml::Value as Yaml;
use std::sync::Arc;

/// A mock of a case.
const MOCK: Table = Table {
    what: "a mock",
    open: false,
    keys: &[
        Key("objectName", Holds::Text, true),
        Key("returnValue", Holds::MockValue, true),
    ],
    choices: &[],
};

/// A mock of a case of a derived rule. One that lacks a part is passed over.
const LAX_MOCK: Table = Table {
    what: "a mock",
    open: true,
    keys: &[],
    choices: &[],
};

/// A case of a rule or a scheduled rule.
pub(super) const OF_RULE: Table = Table {
    what: "a test of a rule",
    open: false,
    keys: &[
        Key("Name", Holds::Text, true),
        Key("ExpectedResult", Holds::Flag, true),
        Key("Log", Holds::Any, true),
        Key("LogType", Holds::Text, false),
        Key("ExpectedDestinations", Holds::Texts, false),
        Key("Mocks", Holds::List(&MOCK), false),
        Key("Expected", Holds::Any, false),
    ],
    choices: &[],
};

/// A case of a derived rule: its tool looks less closely.
pub(super) const OF_DERIVED: Table = Table {
    what: "a test of a derived rule",
    open: false,
    keys: &[
        Key("Name", Holds::Text, true),
        Key("ExpectedResult", Holds::Flag, true),
        Key("Log", Holds::Any, false),
        Key("Resource", Holds::Any, false),
        Key("LogType", Holds::Text, false),
        Key("ResourceType", Holds::Text, false),
        Key("ExpectedDestinations", Holds::Texts, false),
        Key("Mocks", Holds::List(&LAX_MOCK), false),
        Key("Expected", Holds::Any, false),
    ],
    choices: &[],
};

/// A case of a policy.
pub(super) const OF_POLICY: Table = Table {
    what: "a test of a policy",
    open: false,
    keys: &[
        Key("Name", Holds::Text, true),
        Key("ExpectedResult", Holds::Flag, true),
        Key("Resource", Holds::Any, true),
        Key("ResourceType", Holds::Text, false),
        Key("Mocks", Holds::List(&MOCK), false),
        Key("Expected", Holds::Any, false),
    ],
    choices: &[],
};

/// What a rule gave, in a case of a correlation rule.
const OUTPUT: Table = Table {
    what: "an output",
    open: false,
    keys: &[
        Key("ID", Holds::Text, true),
        Key("Matches", Holds::Any, false),
    ],
    choices: &[],
};

/// A case of a correlation rule.
pub(super) const OF_CORRELATION: Table = Table {
    what: "a test of a correlation rule",
    open: false,
    keys: &[
        Key("Name", Holds::Text, true),
        Key("ExpectedResult", Holds::Flag, true),
        Key("RuleOutputs", Holds::List(&OUTPUT), false),
        Key("Events", Holds::Any, false),
        Key("Expected", Holds::Any, false),
    ],
    // `Events` are ours: raw events in place of what the rules gave.
    choices: &[Choice {
        keys: &["RuleOutputs", "Events"],
        only_one: true,
    }],
};

/// Checks of all cases beyond their keys.
pub(super) fn check(checker: &mut Checker<'_>, value: &Yaml) {
    let cases = value.get("Tests").and_then(Yaml::as_sequence);
    for (index, case) in cases.into_iter().flatten().enumerate() {
        let path = [key("Tests"), Step::Index(index)];
        for name in ["Log", "Resource"] {
            if let Some(log) = case.get(name)
                && !log.is_mapping()
            {
                // The platform's tool fails the case and runs the others.
                let message = format!("{name} has to be a mapping, not {}", kind(log));
                let at = [path[0].clone(), path[1].clone(), key(name)];
                checker.error("panther-case-log", &at, message);
            }
        }
        let events = case.get("Events");
        if events.is_some_and(|events| read_events(events).is_none()) {
            let at = [path[0].clone(), path[1].clone(), key("Events")];
            checker.error("panther-case-log", &at, NO_EVENTS);
        }
        expected::check(checker, case, &path);
    }
}

/// The cases of a detection, as far as they can be read.
pub(in super::super) fn read_cases(value: &Yaml, document: &Document) -> Vec<Case> {
    let cases = value.get("Tests").and_then(Yaml::as_sequence);
    cases
        .into_iter()
        .flatten()
        .enumerate()
        .filter(|(_, case)| case.is_mapping())
        .map(|(i, case)| read_case(case, i, document))
        .collect()
}

const NO_EVENTS: &str = "Events has to be a list of mappings, each an event";

/// Raw events of a case; none where they are no events.
fn read_events(events: &Yaml) -> Option<Vec<Arc<EventJson>>> {
    let items = events.as_sequence()?.iter();
    items
        .map(|event| event.is_mapping().then(|| Arc::new(json(event).into())))
        .collect()
}

fn read_case(case: &Yaml, index: usize, document: &Document) -> Case {
    let mocks = case
        .get("Mocks")
        .and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|mock| {
            let name = mock.get("objectName")?.as_str()?;
            Some((name.to_owned(), json(mock.get("returnValue")?)))
        })
        .collect();
    let path = [key("Tests"), Step::Index(index)];
    // The tool looks for a resource first, whatever kind the detection is of.
    let event = case.get("Resource").or(case.get("Log"));
    let input = match (event, case.get("Events")) {
        (None, Some(events)) => match read_events(events) {
            Some(events) => Input::Events(events),
            None => Input::Unreadable(NO_EVENTS.to_owned()),
        },
        (Some(event), _) if event.is_mapping() => Input::Event,
        (event, _) => Input::NoMapping(event.map_or("nothing", kind)),
    };
    let (input, outputs) = match expected::read(case) {
        Ok(outputs) => (input, outputs),
        Err(why) => (
            Input::Unreadable(format!("Expected: {why}")),
            Default::default(),
        ),
    };
    Case {
        name: case
            .get("Name")
            .and_then(Yaml::as_str)
            .unwrap_or_default()
            .to_owned(),
        expected: case
            .get("ExpectedResult")
            .and_then(Yaml::as_bool)
            .unwrap_or(false),
        log: Arc::new(EventJson::from(event.map(json).unwrap_or_default())),
        input,
        mocks,
        expected_destinations: case
            .get("ExpectedDestinations")
            .and_then(Yaml::as_sequence)
            .map(|list| {
                let names = list.iter().filter_map(Yaml::as_str);
                names.map(str::to_owned).collect()
            }),
        outputs,
        span: document.span(&path),
    }
}
