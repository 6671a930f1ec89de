//! The case file of a Sentinel rule: `<rule file stem>.cases.yaml` beside the rule.
//!
//! ```yaml
//! events:                          # optional: raw events that several cases share, by name
//!   change: {type: role.updated, effective_at: 1780905600, actor: {…}}
//! cases:
//!   - name: Config change, then a filtered answer
//!     description: Why it comes out so (optional)
//!     now: 2026-06-08T15:05:00Z    # what now() and ago() see
//!     logs:                        # a name of your choice for each log, and its raw events as the API gives them
//!       audit:
//!         - change                 # a shared event
//!         - use: change            # a shared event with some keys set; mappings are merged, everything else replaced
//!           with: {effective_at: 1780905660}
//!         - {type: login.failed, …}   # an event written out
//!         - file: logs/audit.json  # a log file, relative to this file
//!     expect:
//!       rows:                      # each names some columns of one result row; in any order
//!         - {ActorEmail: maya@larkspur.example, ModelName: gpt-4o}
//!       count: 1                   # how many rows in all; without it as many as `rows` has
//!       entities:                  # each has to be named by at least one row
//!         - Account: {Name: maya@larkspur.example}
//!       match: none                # instead of the others: no row
//! ```

mod expect;
mod input;

pub use expect::{Expectation, Found, value_matches};
pub use input::{Input, Log};

use super::fields::Fields;
use crate::diagnostic::{Diagnostic, Span};
use crate::value::time;
use crate::yaml::{Document, Step};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// A case file, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct CaseFile {
    /// The cases, in the file's order. A case with an error in it is not among them.
    pub cases: Vec<Case>,
    /// The document itself.
    pub document: Document,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, unique in the file.
    pub name: String,
    /// Why it comes out as expected; may be empty.
    pub description: String,
    /// The clock, ticks.
    pub now: i64,
    /// The raw events, by log.
    pub logs: Vec<Log>,
    /// What has to come out.
    pub expect: Expectation,
    /// Where its name stands in the file.
    pub span: Span,
    /// The line of its name, from 1.
    pub line: usize,
}

/// Most events a case may hold inline; a `file:` holds more.
const MAX_EVENTS: usize = 10_000;

/// Reads a case file. Never fails: what is wrong is in the diagnostics (spans in bytes of the text,
/// codes `cases-…` and `yaml-…`).
pub fn read(text: &str) -> (CaseFile, Vec<Diagnostic>) {
    let (document, diagnostics) = Document::parse(text);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let mut fields = Fields::new(&document, diagnostics, "cases");
    let mut cases = Vec::new();
    if !broken {
        fields.only(&[], &["rule", "events", "cases"]);
        let shared = shared_events(&mut fields);
        let lines = crate::diagnostic::LineIndex::new(text);
        let count = fields.list(&["cases".into()]).map_or(0, <[_]>::len);
        if count == 0 && !fields.has_errors() {
            fields.missing(&["cases".into()], "a list of cases is expected here");
        }
        let mut names: HashMap<String, usize> = HashMap::new();
        for index in 0..count {
            let path = vec![Step::from("cases"), Step::from(index)];
            let Some(mut case) = case(&mut fields, &path, &shared) else {
                continue;
            };
            case.line = lines.position(case.span.start).line;
            if let Some(first) = names.insert(case.name.clone(), case.line) {
                fields.error(
                    "name",
                    case.span,
                    format!("a case of this name stands on line {first} already"),
                    "names tell cases apart in results: change one of them",
                );
            }
            cases.push(case);
        }
    }
    let diagnostics = fields.finish();
    (CaseFile { cases, document }, diagnostics)
}

fn shared_events(fields: &mut Fields<'_>) -> HashMap<String, Arc<Json>> {
    let mut shared = HashMap::new();
    for (name, _) in fields.entries(&["events".into()]) {
        let path = [Step::from("events"), Step::from(name.as_str())];
        if let Some(event) = input::event(fields, &path) {
            shared.insert(name, event);
        }
    }
    shared
}

/// A case; none where something in it is wrong, which is then among the diagnostics.
fn case(
    fields: &mut Fields<'_>,
    path: &[Step],
    shared: &HashMap<String, Arc<Json>>,
) -> Option<Case> {
    let before = fields.error_count();
    let at = |key: &str| -> Vec<Step> {
        let mut path = path.to_vec();
        path.push(key.into());
        path
    };
    fields.only(path, &["name", "description", "now", "logs", "expect"]);
    let name = fields.required_text(&at("name")).unwrap_or_default();
    let description = fields.text(&at("description")).unwrap_or_default();
    let now = fields.required_text(&at("now")).and_then(|text| {
        let ticks = time::parse_datetime(&text);
        if ticks.is_none() {
            let span = fields.span(&at("now"));
            fields.error(
                "now",
                span,
                format!("`{text}` is no instant"),
                "write it like 2026-06-08T15:05:00Z",
            );
        }
        ticks
    });
    let logs = input::logs(fields, &at("logs"), shared);
    let events: usize = logs.iter().map(|l| l.inputs.len()).sum();
    if events > MAX_EVENTS {
        let span = fields.span(&at("logs"));
        fields.error(
            "events",
            span,
            format!("the case has {events} events; up to {MAX_EVENTS} can stand in a case file"),
            "put them into a log file and name it with `file:`",
        );
    }
    let expect = expect::read(fields, &at("expect"));
    let span = fields
        .document()
        .span(&at("name"))
        .unwrap_or_else(|| fields.span(path));
    (fields.error_count() == before).then_some(Case {
        name,
        description,
        now: now?,
        logs,
        expect: expect?,
        span,
        line: 0,
    })
}
