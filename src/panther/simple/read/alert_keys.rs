//! `AlertTitle`, `AlertContext`, `GroupBy` and `DynamicSeverities`.

use super::super::super::reading::below;
use super::super::alert::{Alert, Piece};
use super::super::path::Place;
use super::Reader;
use crate::yaml::Step;
use serde_yaml::Value as Yaml;
use std::collections::HashSet;

/// The severities as a document spells them.
const SEVERITIES: [&str; 5] = ["Info", "Low", "Medium", "High", "Critical"];

impl Reader<'_> {
    /// What belongs to the alert of a simple detection.
    pub(super) fn alert(&mut self, value: &Yaml) -> Alert {
        let mut alert = Alert::default();
        if let Some(title) = value.get("AlertTitle") {
            alert.title = self.title(title, &[Step::from("AlertTitle")]);
        }
        self.beside_title(value, &mut alert);
        alert
    }

    /// The same without the title.
    pub(super) fn beside_title(&mut self, value: &Yaml, alert: &mut Alert) {
        if let Some(context) = value.get("AlertContext") {
            alert.context = self.context(context, &[Step::from("AlertContext")]);
        }
        if let Some(group_by) = value.get("GroupBy") {
            alert.group_by = self.group_by(group_by, &[Step::from("GroupBy")]);
        }
        if let Some(severities) = value.get("DynamicSeverities") {
            alert.severities = self.severities(severities, &[Step::from("DynamicSeverities")]);
        }
    }

    /// A text with `{path}` in it.
    fn title(&mut self, value: &Yaml, path: &[Step]) -> Option<Vec<Piece>> {
        let text = self.text(value, path)?;
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(open) = find(text, at, '{') {
            let Some(close) = find(text, open, '}') else {
                self.path_error(path, text, open, "the brace is not closed");
                return None;
            };
            if open > at {
                pieces.push(Piece::Text(text.get(at..open).unwrap_or("").to_owned()));
            }
            let inside = text.get(open + 1..close).unwrap_or("");
            match Place::read(inside) {
                Ok(place) => pieces.push(Piece::Place(place)),
                Err((off, why)) => {
                    let start = self.document.offset_in_text(path, open + 1 + off);
                    let end = self.document.offset_in_text(path, close + 1);
                    let span = match (start, end) {
                        (Some(start), Some(end)) => {
                            Some(crate::diagnostic::Span::new(start, end.max(start)))
                        }
                        _ => self.document.span(path),
                    };
                    self.error_at(
                        "panther-key-path",
                        span,
                        format!("`{{{inside}}}` is no path into an event: {why}"),
                        "",
                    );
                    return None;
                }
            }
            at = close + 1;
        }
        if at < text.len() {
            pieces.push(Piece::Text(text.get(at..).unwrap_or("").to_owned()));
        }
        Some(pieces)
    }

    fn context(&mut self, value: &Yaml, path: &[Step]) -> Option<Vec<(String, Place)>> {
        const KEYS: [&str; 2] = ["KeyName", "KeyValue"];
        let items = self.list(value, path, "KeyName with KeyValue")?;
        let mut members = Vec::with_capacity(items.len());
        let mut seen = HashSet::new();
        for (i, item) in items.iter().enumerate() {
            let at = below(path, i);
            let Some(mapping) = self.mapping(item, &at, "an entry of AlertContext") else {
                continue;
            };
            self.only(mapping, &KEYS, &at, "AlertContext");
            let (Some(name), Some(value)) = (mapping.get("KeyName"), mapping.get("KeyValue"))
            else {
                self.error(
                    "panther-missing-key",
                    &at,
                    "an entry of AlertContext needs KeyName and KeyValue",
                    "",
                );
                continue;
            };
            let name_at = below(&at, "KeyName");
            let name = self.text(name, &name_at);
            let place = self.lone_specifier(value, &below(&at, "KeyValue"));
            if let (Some(name), Some(place)) = (name, place) {
                if !seen.insert(name) {
                    self.error(
                        "panther-duplicate",
                        &name_at,
                        format!("`{name}` stands in AlertContext twice"),
                        "",
                    );
                }
                members.push((name.to_owned(), place));
            }
        }
        Some(members)
    }

    fn group_by(&mut self, value: &Yaml, path: &[Step]) -> Option<Vec<Place>> {
        let items = self.list(value, path, "keys of the event")?;
        let places: Vec<Place> = items
            .iter()
            .enumerate()
            .filter_map(|(i, item)| self.lone_specifier(item, &below(path, i)))
            .collect();
        (!places.is_empty()).then_some(places)
    }

    fn severities(&mut self, value: &Yaml, path: &[Step]) -> Vec<(String, Vec<super::Expression>)> {
        const KEYS: [&str; 2] = ["ChangeTo", "Conditions"];
        let mut read = Vec::new();
        let Some(items) = self.list(value, path, "ChangeTo with Conditions") else {
            return read;
        };
        for (i, item) in items.iter().enumerate() {
            let at = below(path, i);
            let Some(mapping) = self.mapping(item, &at, "an entry of DynamicSeverities") else {
                continue;
            };
            self.only(mapping, &KEYS, &at, "DynamicSeverities");
            let (Some(to), Some(conditions)) = (mapping.get("ChangeTo"), mapping.get("Conditions"))
            else {
                self.error(
                    "panther-missing-key",
                    &at,
                    "an entry of DynamicSeverities needs ChangeTo and Conditions",
                    "",
                );
                continue;
            };
            let conditions = self.expressions(conditions, &below(&at, "Conditions"));
            let to_at = below(&at, "ChangeTo");
            let Some(to) = self.text(to, &to_at) else {
                continue;
            };
            if SEVERITIES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(to))
            {
                read.push((to.to_uppercase(), conditions));
            } else {
                self.error(
                    "panther-severity",
                    &to_at,
                    format!("`{to}` is no severity"),
                    format!("Use one of {}", SEVERITIES.join(", ")),
                );
            }
        }
        read
    }
}

fn find(text: &str, from: usize, sign: char) -> Option<usize> {
    text.get(from..)?.find(sign).map(|at| at + from)
}
