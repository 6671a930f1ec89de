//! A test case: made of what is selected, the raw events of a match with what came out of them or one event that is no
//! match; or one to be filled in.

use super::app::Workbench;
use super::layout::Pane;
use crate::author::{Events, NewFile, Sampled};
use crate::detect::{Body, Match, Platform};
use crate::diagnostic::{Edit, Span};
use crate::logs::Dataset;
use crate::panther::Analysis;
use crate::value::{EventId, Type, Value, time};
use crate::yaml::{Document, Step};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

/// Most events of a case; one of more is not read by anybody.
const EVENTS: usize = 50;
/// Most columns that an expected row names.
const COLUMNS: usize = 8;

/// What a case is made of.
struct Chosen {
    matched: Option<Match>,
    events: Vec<EventId>,
}

impl Workbench {
    /// Adds a case of the selected match or event to the rule's cases, and shows it.
    pub(super) fn case_of_selected(&mut self) {
        if let Err(why) = self.make_case() {
            self.notices.info(why);
        }
    }

    /// Adds a case to be filled in to the rule's cases, and shows it.
    pub(super) fn new_case(&mut self) {
        if let Err(why) = self.begin_case() {
            self.notices.info(why);
        }
    }

    fn begin_case(&mut self) -> Result<(), String> {
        let rule = self.rule.clone().ok_or("No rule is open")?;
        let path = self.rule_path.clone().ok_or("No rule is open")?;
        match &rule.body {
            Body::Panther(panther, _) => {
                let rest = match (panther.kind, panther.log_types.first()) {
                    (Analysis::CorrelationRule, _) => {
                        "\"ExpectedResult\": true, \"RuleOutputs\": []".to_owned()
                    }
                    (_, log_type) => {
                        let events = Sampled::new(self.data.clone());
                        let event = log_type.and_then(|log_type| events.event(log_type));
                        let log = own(event.unwrap_or_else(|| json!({"type": "value"})));
                        format!("\"ExpectedResult\": true, \"Log\": {log}")
                    }
                };
                let name = "What happens".to_owned();
                self.add_case(&path, ("Tests", "Name"), &Case { name, rest })
            }
            Body::Sentinel(_) => {
                let now = json!(instant(self.now()));
                let case = Case {
                    name: "Nothing happens".to_owned(),
                    rest: format!(
                        "\"now\": {now}, \"logs\": {{\"audit\": []}}, \"expect\": {{\"match\": none}}"
                    ),
                };
                let cases = self.cases_of(&path)?;
                self.add_case(&cases, ("cases", "name"), &case)
            }
        }
    }

    fn chosen(&self) -> Option<Chosen> {
        let result = self.result.as_ref();
        let matched = self.selection.matched;
        let matched = matched
            .and_then(|index| result?.run.matches.get(index))
            .cloned();
        let events = match (&matched, self.selection.event) {
            (Some(matched), _) => matched.events.clone(),
            (None, Some(event)) => vec![event],
            (None, None) => return None,
        };
        Some(Chosen { matched, events })
    }

    fn make_case(&mut self) -> Result<(), String> {
        let chosen = self.chosen().ok_or("Select a match or an event first")?;
        if chosen.events.len() > EVENTS {
            let count = chosen.events.len();
            return Err(format!(
                "{count} events made this match: too many for a case that anybody reads"
            ));
        }
        let rule = self.rule.clone().ok_or("No rule is open")?;
        let path = self.rule_path.clone().ok_or("No rule is open")?;
        let data = self.shown_data().clone();
        match rule.platform() {
            Platform::Panther => {
                let [event] = chosen.events.as_slice() else {
                    return Err(
                        "A test of Panther holds one event; this match was made of several"
                            .to_owned(),
                    );
                };
                let case = panther_case(&data, *event, chosen.matched.as_ref())?;
                self.add_case(&path, ("Tests", "Name"), &case)
            }
            Platform::Sentinel => {
                let now = self.result.as_ref().map_or(self.now(), |r| r.run.now);
                let columns = self.result.as_ref().map(|r| r.run.columns.clone());
                let case = sentinel_case(&data, &chosen, &columns.unwrap_or_default(), now)?;
                let cases = self.cases_of(&path)?;
                self.add_case(&cases, ("cases", "name"), &case)
            }
        }
    }

    /// The file of the cases of a rule of Sentinel, which is made where it is not there.
    fn cases_of(&mut self, rule: &Path) -> Result<PathBuf, String> {
        let stem = rule.file_stem().unwrap_or_default().to_string_lossy();
        let path = rule.with_file_name(format!("{stem}.cases.yaml"));
        if path.exists() || self.doc(&path).is_some() {
            return Ok(path);
        }
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = NewFile {
            name: name.into_owned(),
            text: "# Cases of the rule beside this file: what it finds in these events, and what it does not.\n".to_owned(),
            stops: Vec::new(),
        };
        self.make_files(&folder, &[file])?;
        Ok(path)
    }

    /// Puts a case behind the others of a document, as one step of undo. The list and the key of a name are given.
    fn add_case(
        &mut self,
        path: &Path,
        (list, key): (&str, &str),
        case: &Case,
    ) -> Result<(), String> {
        self.open_doc(path);
        let Some(text) = self.doc(path).map(|doc| doc.text.clone()) else {
            return Err(format!("{} could not be opened", path.display()));
        };
        let (document, _) = Document::parse(&text);
        let list = Step::Key(list.to_owned());
        let there = document.get(std::slice::from_ref(&list));
        let there = there.and_then(|list| list.as_sequence());
        let names = there.into_iter().flatten();
        let names: Vec<&str> = names.filter_map(|case| case.get(key)?.as_str()).collect();
        // No two cases of a rule have one name.
        let others = (2..).map(|n| format!("{} ({n})", case.name));
        let mut free = std::iter::once(case.name.clone()).chain(others);
        let name = free.find(|name| !names.contains(&name.as_str()));
        let case = format!("{{{}: {}, {}}}", json!(key), json!(name), case.rest);
        let edits = match there.map_or(0, Vec::len) {
            // A list without items is written anew.
            0 => document.set(&[list], &format!("[{case}]"), &[]),
            count => document.set(&[list, Step::Index(count)], &case, &[]),
        }?;
        let place = name_in(&text, &edits);
        let group = self.groups.focus();
        self.settings.reveal = Some(Pane::Editor);
        match self.assist_edit(group, path, &edits, place) {
            true => Ok(()),
            false => Err(format!("{} cannot be changed", path.display())),
        }
    }
}

/// Where the name of the new case stands in the text after the edits.
fn name_in(text: &str, edits: &[Edit]) -> Option<Span> {
    let fix = crate::diagnostic::Fix {
        title: String::new(),
        edits: edits.to_vec(),
    };
    let changed = fix.apply(text)?;
    let from = edits.iter().map(|edit| edit.span.start).min()?;
    let lower = changed.get(from..)?.to_ascii_lowercase();
    let key = from + lower.find("name: ")? + "name: ".len();
    let end = changed
        .get(key..)?
        .find('\n')
        .map_or(changed.len(), |n| key + n);
    Some(Span::new(key, end))
}

/// A case to be written.
struct Case {
    name: String,
    /// Its other members, as JSON on one line.
    rest: String,
}

/// A case of a rule of Sentinel.
fn sentinel_case(
    data: &Dataset,
    chosen: &Chosen,
    columns: &[(String, Type)],
    now: i64,
) -> Result<Case, String> {
    let mut logs: Vec<(String, Vec<String>)> = Vec::new();
    for id in &chosen.events {
        let place = data.place(*id).ok_or("The event is not loaded any more")?;
        let raw = data.read_raw(*id)?;
        serde_json::from_str::<serde::de::IgnoredAny>(&raw)
            .map_err(|e| format!("The raw event is no JSON: {e}"))?;
        // Between its tokens only: a text of JSON holds no line break.
        let raw = raw.trim().replace(['\r', '\n'], " ");
        match logs.iter_mut().find(|(name, _)| *name == place.table) {
            Some((_, events)) => events.push(raw),
            None => logs.push((place.table.to_string(), vec![raw])),
        }
    }
    let logs: Vec<String> = logs
        .iter()
        .map(|(table, events)| format!("{}: [{}]", json!(table), events.join(", ")))
        .collect();
    let (name, expect) = match &chosen.matched {
        Some(matched) => {
            let cells = columns.iter().zip(&*matched.row);
            let cells = cells.filter_map(|((name, _), value)| {
                Some(format!("{}: {}", json!(name), cell(value)?))
            });
            let cells: Vec<String> = cells.take(COLUMNS).collect();
            let expect = match cells.is_empty() {
                true => "{\"rows\": [{}]}".to_owned(),
                false => format!("{{\"rows\": [{{{}}}]}}", cells.join(", ")),
            };
            (title(&matched.title, now), expect)
        }
        None => ("No match".to_owned(), "{\"match\": none}".to_owned()),
    };
    let now = json!(instant(now));
    let logs = logs.join(", ");
    let rest = format!("\"now\": {now}, \"logs\": {{{logs}}}, \"expect\": {expect}");
    Ok(Case { name, rest })
}

/// A value that a case can expect, as JSON; none for a null and for what has no one form.
fn cell(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) if !text.is_empty() => json!(&**text).to_string(),
        Value::Long(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::DateTime(at) => json!(instant(*at)).to_string(),
        _ => return None,
    })
}

/// An instant as people write it: without a fraction of zeros.
fn instant(ticks: i64) -> String {
    time::format_datetime(ticks).replace(".0000000Z", "Z")
}

fn title(text: &str, now: i64) -> String {
    match text.trim() {
        "" => format!("A match at {}", time::format_short(now)),
        text => text.to_owned(),
    }
}

/// A test of a rule of Panther.
fn panther_case(data: &Dataset, id: EventId, matched: Option<&Match>) -> Result<Case, String> {
    let event = data.log_types().into_iter().find_map(|log_type| {
        let view = data.panther_events(&log_type);
        let at = (0..view.len()).find(|at| view.id(*at) == Some(id))?;
        Some(view.event(at))
    });
    let event = event.ok_or("The event is of no log type that Panther knows")??;
    let log = own(event.json().clone());
    let mut expected = Vec::new();
    if let Some(matched) = matched {
        let outputs = [
            ("title", Some(&matched.title)),
            ("severity", Some(&matched.severity)),
            ("dedup", matched.dedup.as_ref()),
        ];
        let outputs = outputs
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)));
        expected.extend(
            outputs
                .filter(|(_, text)| !text.is_empty())
                .map(|(name, text)| format!("\"{name}\": {}", json!(text))),
        );
    }
    let expected = match expected.is_empty() {
        true => String::new(),
        false => format!("\"Expected\": {{{}}}, ", expected.join(", ")),
    };
    let name = matched.map_or("No match".to_owned(), |m| title(&m.title, 0));
    let result = matched.is_some();
    let rest = format!("\"ExpectedResult\": {result}, {expected}\"Log\": {log}");
    Ok(Case { name, rest })
}

/// An event without what Panther fills in again; the log type says which data model is meant.
fn own(mut event: Json) -> Json {
    if let Json::Object(members) = &mut event {
        members.retain(|key, _| key == "p_log_type" || !key.starts_with("p_"));
    }
    event
}
