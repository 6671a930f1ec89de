//! Texts with places to fill in: new rules, their bodies, new cases.

mod event;
mod start;
mod templates;

pub use start::{NewFile, Start, StartKind, start};

use super::document::{Doc, Kind};
use super::duration::DurationStyle;
use super::layout::Layout;
use super::{Context, Snippet, Source};
use event::event_lines;
use serde_json::Value as Json;
use templates::{BODY, CASE, ENTITIES, PANTHER, SENTINEL, fill, plain};

/// Texts with places to fill in that can be put into the document.
pub fn snippets(source: &Source<'_>, context: &Context<'_>) -> Vec<Snippet> {
    let newline = Layout::new(source.text).newline();
    let mut found = Vec::new();
    let mut push = |name: &str, doc: &str, template: &str, values: &[(&str, &str)]| {
        let (text, stops) = fill(template, values, newline);
        found.push(Snippet {
            name: name.to_owned(),
            doc: doc.to_owned(),
            text,
            stops,
        });
    };
    let empty = source.text.trim_start_matches('\u{feff}').trim().is_empty();
    let kind = Kind::of(source);
    if kind == Kind::Sentinel || empty && kind == Kind::Panther {
        let hour = match Doc::new(source).duration_style() {
            DurationStyle::Short => "1h".to_owned(),
            style => style.write(crate::value::time::HOUR),
        };
        let values = [
            ("id", &*format!("${{1:{}}}", plain(new_id(context)))),
            ("hour", &hour),
            ("table", "Table"),
            ("entities", ENTITIES),
            ("name", "${2:What happened}"),
        ];
        push(
            "New Sentinel rule",
            "A scheduled rule with all required fields.",
            SENTINEL,
            &values,
        );
    }
    if kind == Kind::Panther || empty && kind == Kind::Sentinel {
        let stem = source.path.file_stem().and_then(|s| s.to_str());
        let types = context.events.log_types();
        let log_type = types.first().map_or("Product.Type", String::as_str);
        let example = Example::of(log_type, context);
        let values = [
            ("stem", &*plain(stem.unwrap_or("rule"))),
            ("type", &*plain(log_type)),
            ("key", &*plain(&example.key)),
            ("rule", "${1:Product.What.Happened}"),
            ("name", "${2:What happened}"),
            ("event", &*example.lines),
        ];
        push(
            "New Panther rule",
            "A rule with a Python body and two tests.",
            PANTHER,
            &values,
        );
    }
    if kind == Kind::Python {
        let values = [
            ("actor", "'actor'"),
            ("key", "type"),
            ("value", "value"),
            ("name", "${3:What happened}"),
        ];
        push(
            "New Panther body",
            "rule, title, dedup and alert_context.",
            BODY,
            &values,
        );
    }
    if kind == Kind::Panther && !empty {
        let doc = Doc::new(source);
        for log_type in doc.own_log_types(context).into_iter().take(3) {
            if let Some(event) = context.events.event(&log_type) {
                let text = format!(
                    "  - Name: ${{1:What happens}}\n    ExpectedResult: ${{2:true}}\n    Log:\n{}",
                    event_lines(&event, 6)
                );
                push(
                    &format!("New test from a loaded event of {log_type}"),
                    "A test whose Log is an event as it was logged.",
                    &text,
                    &[],
                );
            }
        }
        let text = "  - Name: ${1:What happens}\n    ExpectedResult: ${2:true}\n    Log:\n      ${3:type}: ${4:value}\n";
        push("New test", "A test of the rule.", text, &[]);
    }
    if kind == Kind::Cases {
        let text = match empty {
            true => format!("cases:\n{CASE}"),
            false => CASE.to_owned(),
        };
        push(
            "New case",
            "A case of the rule beside this file.",
            &text,
            &[],
        );
    }
    found
}

/// The GUID of a new rule.
fn new_id<'a>(context: &Context<'a>) -> &'a str {
    match context.new_id {
        "" => "00000000-0000-0000-0000-000000000000",
        id => id,
    }
}

/// An event to begin with: one of the loaded ones, and the key that tells what happened.
struct Example {
    /// The event as the lines of a test.
    lines: String,
    /// The key.
    key: String,
    /// Its value.
    value: String,
    /// The way to who did it.
    actor: Vec<String>,
}

/// Keys that name a person, the better first.
const PEOPLE: [&str; 6] = [
    "email",
    "userName",
    "user_name",
    "userPrincipalName",
    "user",
    "name",
];
/// Deepest key that is looked at for one.
const DEEP: usize = 5;

/// The way to a text that names a person.
fn person(json: &Json, key: &str, depth: usize) -> Option<Vec<String>> {
    let members = json.as_object()?;
    if members.get(key).is_some_and(Json::is_string) {
        return Some(vec![key.to_owned()]);
    }
    let inside = members.iter().filter(|_| depth < DEEP);
    inside
        .filter(|(name, _)| !name.contains(['\'', '\\']))
        .find_map(|(name, value)| {
            let mut way = person(value, key, depth + 1)?;
            way.insert(0, name.clone());
            Some(way)
        })
}

/// Keys that say what happened, in the logs of most products.
const KINDS: [&str; 8] = [
    "type",
    "eventType",
    "eventName",
    "event_type",
    "event",
    "action",
    "operation",
    "category",
];

impl Example {
    fn of(log_type: &str, context: &Context<'_>) -> Self {
        let event = context.events.event(log_type);
        let found = event.as_ref().and_then(Json::as_object).map(|members| {
            let text = |key: &str| members.get(key).and_then(Json::as_str);
            let usual = KINDS.into_iter().find(|key| text(key).is_some());
            let other = || members.keys().find(|key| text(key).is_some());
            let key = usual
                .or_else(|| other().map(String::as_str))
                .unwrap_or("type");
            (key.to_owned(), text(key).unwrap_or("value").to_owned())
        });
        let (key, value) = found.unwrap_or_else(|| ("type".to_owned(), "value".to_owned()));
        let lines = match &event {
            Some(event) => event_lines(event, 6),
            None => "      type: value\n".to_owned(),
        };
        let actor = event
            .as_ref()
            .and_then(|event| PEOPLE.iter().find_map(|key| person(event, key, 0)));
        Self {
            lines,
            key,
            value,
            actor: actor.unwrap_or_else(|| vec!["actor".to_owned()]),
        }
    }
}
