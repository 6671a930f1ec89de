//! The raw events of a case: written out, shared, or in a file.

use crate::diagnostic::Span;
use crate::sentinel::fields::Fields;
use crate::sentinel::json::to_json;
use crate::yaml::{Step, untagged};
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The raw events of one log of a case.
#[derive(Clone, Debug)]
pub struct Log {
    /// The author's name for it, such as `audit`; the form is recognised from the events themselves.
    pub name: String,
    /// The events and files, in order.
    pub inputs: Vec<Input>,
    /// Where the log stands in the case file.
    pub span: Span,
}

impl Log {
    /// The inline events as a log file with one JSON object a line. Empty where there are only files.
    pub fn ndjson(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for input in &self.inputs {
            if let Input::Event(event, _) = input {
                bytes.extend_from_slice(event.to_string().as_bytes());
                bytes.push(b'\n');
            }
        }
        bytes
    }

    /// The files, relative to the folder of the case file.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.inputs.iter().filter_map(|input| match input {
            Input::File(path, _) => Some(path),
            Input::Event(..) => None,
        })
    }
}

/// One entry of a log, with its place in the case file.
#[derive(Clone, Debug)]
pub enum Input {
    /// A raw event as the API gives it.
    Event(Arc<Json>, Span),
    /// A log file, relative to the folder of the case file.
    File(PathBuf, Span),
}

/// The logs of a case.
pub(super) fn logs(
    fields: &mut Fields<'_>,
    path: &[Step],
    shared: &HashMap<String, Arc<Json>>,
) -> Vec<Log> {
    if fields.value(path).is_none() {
        fields.missing(
            path,
            "name the logs and their raw events; `logs: {}` for none",
        );
        return Vec::new();
    }
    let mut logs = Vec::new();
    for (name, span) in fields.entries(path) {
        let mut at = path.to_vec();
        at.push(name.as_str().into());
        let count = fields.list(&at).map_or(0, <[_]>::len);
        let mut inputs = Vec::with_capacity(count);
        for index in 0..count {
            at.push(index.into());
            inputs.extend(input(fields, &at, shared));
            at.pop();
        }
        logs.push(Log { name, inputs, span });
    }
    logs
}

fn input(
    fields: &mut Fields<'_>,
    path: &[Step],
    shared: &HashMap<String, Arc<Json>>,
) -> Option<Input> {
    let span = fields.span(path);
    match fields.value(path)? {
        Yaml::String(name) => {
            let event = named(fields, span, name, shared)?;
            Some(Input::Event(event, span))
        }
        Yaml::Mapping(mapping) => {
            if let (Some(file), 1) = (mapping.get("file").map(untagged), mapping.len()) {
                return file_input(fields, file, span);
            }
            let Some(name) = mapping.get("use").map(untagged) else {
                return event(fields, path).map(|e| Input::Event(e, span));
            };
            fields.only(path, &["use", "with"]);
            let event = named(fields, span, name.as_str().unwrap_or(""), shared)?;
            let mut event = event.as_ref().clone();
            if let Some(with) = mapping.get("with") {
                merge(&mut event, &to_json(with));
            }
            Some(Input::Event(Arc::new(event), span))
        }
        _ => {
            fields.error(
                "event",
                span,
                "an event is expected here: a mapping, or the name of one under `events:`",
                "write the raw event as the API gives it",
            );
            None
        }
    }
}

fn file_input(fields: &mut Fields<'_>, file: &Yaml, span: Span) -> Option<Input> {
    let path = PathBuf::from(file.as_str().unwrap_or(""));
    let rooted = path.has_root() || path.is_absolute();
    if path.as_os_str().is_empty() || rooted {
        fields.error(
            "file",
            span,
            "`file:` takes a path relative to this case file",
            "write it like `file: logs/audit.json`",
        );
        return None;
    }
    Some(Input::File(path, span))
}

fn named(
    fields: &mut Fields<'_>,
    span: Span,
    name: &str,
    shared: &HashMap<String, Arc<Json>>,
) -> Option<Arc<Json>> {
    let found = shared.get(name).cloned();
    if found.is_none() {
        let mut known: Vec<&str> = shared.keys().map(String::as_str).collect();
        known.sort_unstable();
        let hint = if known.is_empty() {
            "add it under `events:` at the top of the file".to_owned()
        } else {
            format!("known are {}", known.join(", "))
        };
        fields.error(
            "event",
            span,
            format!("there is no event `{name}` under `events:`"),
            hint,
        );
    }
    found
}

/// A raw event written out.
pub(super) fn event(fields: &mut Fields<'_>, path: &[Step]) -> Option<Arc<Json>> {
    let value = fields.value(path)?;
    if value.is_mapping() {
        return Some(Arc::new(to_json(value)));
    }
    let span = fields.span(path);
    fields.error(
        "event",
        span,
        "an event is a mapping",
        "write the raw event as the API gives it",
    );
    None
}

/// Sets the keys of `with` in `event`: mappings are merged, everything else is replaced. Deep nesting was
/// refused when the file was read.
fn merge(event: &mut Json, with: &Json) {
    match (event, with) {
        (Json::Object(event), Json::Object(with)) => {
            for (key, value) in with {
                merge(event.entry(key.as_str()).or_insert(Json::Null), value);
            }
        }
        (event, with) => *event = with.clone(),
    }
}
