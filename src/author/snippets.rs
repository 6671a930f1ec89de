//! Texts with places to fill in: new rules, their bodies, new cases.

use super::document::{Doc, Kind};
use super::duration::DurationStyle;
use super::layout::Layout;
use super::scalar::quoted;
use super::{Context, Snippet, Source};
use crate::author::layout::Style;
use crate::diagnostic::Span;
use serde_json::Value as Json;

/// A new Sentinel rule; `$1` and so on are the places, `${1:text}` those that hold something already.
const SENTINEL: &str = "id: ${1:@id@}
name: ${2:What happened}
description: |
  ${3:What the rule finds, and why it matters.}
severity: ${4:Medium}
requiredDataConnectors:
  - connectorId: ${5:Connector}
    dataTypes:
      - ${6:Table}
queryFrequency: ${7:@hour@}
queryPeriod: ${8:@hour@}
triggerOperator: gt
triggerThreshold: 0
tactics:
  - ${9:InitialAccess}
relevantTechniques:
  - ${10:T1078}
query: |
  ${11:Table}
  | where ${12:TimeGenerated > ago(1h)}
entityMappings:
  - entityType: ${13:Account}
    fieldMappings:
      - identifier: ${14:FullName}
        columnName: ${15:Column}
version: 1.0.0
kind: Scheduled
";

/// A new Panther rule with two tests.
const PANTHER: &str = "AnalysisType: rule
RuleID: ${1:Product.What.Happened}
DisplayName: ${2:What happened}
Description: ${3:What the rule finds, and why it matters}
Enabled: true
Filename: ${4:@stem@.py}
LogTypes:
  - ${5:@type@}
Severity: ${6:Medium}
DedupPeriodMinutes: 60
Threshold: 1
Reports:
  MITRE ATT&CK:
    - ${7:TA0001:T1078}
Runbook: ${8:What to do about an alert}
Tests:
  - Name: ${9:It happened}
    ExpectedResult: true
    Log:
@event@  - Name: ${10:Something else}
    ExpectedResult: false
    Log:
      ${11:type}: ${12:other}
";

/// Its body.
const BODY: &str = "def rule(event):
    return event.get(\"${1:type}\") == \"${2:value}\"


def title(event):
    return f\"${3:What happened} by {event.deep_get('${4:actor}', default='an unknown actor')}\"


def dedup(event):
    return str(event.get(\"${5:id}\", \"\"))


def alert_context(event):
    return {
        \"${6:name}\": event.get(\"${7:type}\"),
    }
";

/// A case of a Sentinel rule.
const CASE: &str = "- name: ${1:What happens}
  description: ${2:Why it comes out so.}
  now: ${3:2026-01-01T12:00:00Z}
  logs:
    ${4:log}:
    - {${5:type: value}}
  expect:
    ${6:match: none}
";

/// Texts with places to fill in that can be put into the document.
pub fn snippets(source: &Source<'_>, context: &Context<'_>) -> Vec<Snippet> {
    let newline = Layout::new(source.text).newline();
    let mut found = Vec::new();
    let mut push = |name: &str, doc: &str, template: &str| {
        let (text, stops) = filled(template, newline);
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
        let style = Doc::new(source).duration_style();
        let id = match context.new_id {
            "" => "00000000-0000-0000-0000-000000000000",
            id => id,
        };
        let hour = match style {
            DurationStyle::Short => "1h".to_owned(),
            style => style.write(crate::value::time::HOUR),
        };
        let text = SENTINEL.replace("@id@", id).replace("@hour@", &hour);
        push(
            "New Sentinel rule",
            "A scheduled rule with all required fields.",
            &text,
        );
    }
    if kind == Kind::Panther || empty && kind == Kind::Sentinel {
        let stem = source
            .path
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or("rule");
        let types = context.events.log_types();
        let log_type = types.first().map_or("Product.Type", String::as_str);
        let event = context.events.event(log_type);
        let event = event.map_or_else(
            || "      type: value\n".to_owned(),
            |event| event_lines(&event, 6),
        );
        let text = PANTHER
            .replace("@stem@", &plain(stem))
            .replace("@type@", &plain(log_type))
            .replace("@event@", &event);
        push(
            "New Panther rule",
            "A rule with a Python body and two tests.",
            &text,
        );
    }
    if kind == Kind::Python {
        push(
            "New Panther body",
            "rule, title, dedup and alert_context.",
            BODY,
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
                );
            }
        }
        let text = "  - Name: ${1:What happens}\n    ExpectedResult: ${2:true}\n    Log:\n      ${3:type}: ${4:value}\n";
        push("New test", "A test of the rule.", text);
    }
    if kind == Kind::Cases {
        let text = match empty {
            true => format!("cases:\n{CASE}"),
            false => CASE.to_owned(),
        };
        push("New case", "A case of the rule beside this file.", &text);
    }
    found
}

/// A text without what means a place.
fn plain(text: &str) -> String {
    text.replace(['$', '{', '}'], "")
}

/// An event as YAML at a column; fields that Panther adds are left out.
fn event_lines(event: &Json, column: usize) -> String {
    let mut text = String::new();
    if let Json::Object(members) = event {
        for (key, value) in members
            .iter()
            .filter(|(key, _)| *key == "p_log_type" || !key.starts_with("p_"))
        {
            lines(&mut text, key, value, column, 0);
        }
    }
    if text.is_empty() {
        text.push_str(&format!("{}{{}}\n", " ".repeat(column)));
    }
    // What a place is written with stands for itself in an event: a place holds it.
    text.replace("${", "${99:$}{")
}

/// Deepest members that have lines of their own.
const DEPTH: usize = 8;

fn lines(text: &mut String, key: &str, value: &Json, column: usize, depth: usize) {
    let key = quoted(key, Style::Plain, false);
    let indent = " ".repeat(column);
    match value {
        Json::Object(members) if !members.is_empty() && depth < DEPTH => {
            text.push_str(&format!("{indent}{key}:\n"));
            for (name, inner) in members {
                lines(text, name, inner, column + 2, depth + 1);
            }
        }
        Json::String(string) => {
            // JSON's quotes are YAML's.
            let plain = quoted(string, Style::Plain, false);
            let written = match plain == *string && !string.chars().any(char::is_control) {
                true => plain,
                false => serde_json::to_string(string).unwrap_or(plain),
            };
            text.push_str(&format!("{indent}{key}: {written}\n"));
        }
        other => text.push_str(&format!("{indent}{key}: {other}\n")),
    }
}

/// The text of a template and its places.
fn filled(template: &str, newline: &str) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut stops: Vec<(usize, Span)> = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find("${") {
        text.push_str(&rest.get(..at).unwrap_or("").replace('\n', newline));
        rest = rest.get(at + 2..).unwrap_or("");
        let Some((number, inner, after)) = place(rest) else {
            text.push_str("${");
            continue;
        };
        let start = text.len();
        text.push_str(inner);
        stops.push((number, Span::new(start, text.len())));
        rest = after;
    }
    text.push_str(&rest.replace('\n', newline));
    stops.retain(|(number, _)| *number < 99);
    stops.sort_by_key(|(number, span)| (*number, *span));
    (text, stops.into_iter().map(|(_, span)| span).collect())
}

/// `1:text}…`: the number, the text, and what follows.
fn place(text: &str) -> Option<(usize, &str, &str)> {
    let (number, rest) = text.split_once(':')?;
    let number = number.parse().ok()?;
    let mut depth = 0usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((number, rest.get(..at)?, rest.get(at + 1..)?)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_cut_out_in_their_order() {
        let (text, stops) = filled("a ${2:b {x}} c\n${1:}d ${ e", "\r\n");
        assert_eq!(text, "a b {x} c\r\nd ${ e");
        assert_eq!(stops, [Span::new(11, 11), Span::new(2, 7)]);
    }

    #[test]
    fn an_event_is_written_as_it_reads_back() {
        let event = serde_json::json!({"type": "a: b", "n": 1, "in": {"x y": "true", "l": [1, "z"], "e": {}}, "p_row_id": "1", "m": "é\n"});
        let text = event_lines(&event, 0);
        let back: Json = serde_yaml::from_str(&text).expect("yaml");
        let mut wanted = event;
        wanted.as_object_mut().map(|o| o.remove("p_row_id"));
        assert_eq!(back, wanted);
    }
}
