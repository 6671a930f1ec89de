//! Key specifiers: `Key`, `DeepKey`, `KeyPath`, and `Enrichment`.

use super::super::super::reading::below;
use super::super::super::value::{key_text, kind};
use super::super::evaluate::{Dialect, Source};
use super::super::path::{Part, Place};
use super::Reader;
use crate::yaml::{Step, untagged};
use serde_yaml::{Mapping, Value as Yaml};

/// The key specifiers.
pub(super) const SPECIFIERS: [&str; 3] = ["KeyPath", "Key", "DeepKey"];
/// Parts of one `DeepKey`.
const MAX_PARTS: usize = 64;

impl Reader<'_> {
    /// The place that a mapping's key specifier names. One has to be there, and only one.
    pub(super) fn specifier(&mut self, mapping: &Mapping, path: &[Step]) -> Option<Place> {
        let there: Vec<&str> = SPECIFIERS
            .into_iter()
            .filter(|name| mapping.get(*name).is_some())
            .collect();
        match there.as_slice() {
            [one] => {
                let value = mapping.get(*one)?;
                let at = below(path, *one);
                match *one {
                    "Key" => self.text(value, &at).map(Place::key),
                    "DeepKey" => self.deep_key(value, &at),
                    _ => self.key_path(value, &at),
                }
            }
            [] => {
                self.error(
                    "panther-missing-key",
                    path,
                    "the key of the event is missing",
                    "Name it with KeyPath, such as `KeyPath: userIdentity.type`",
                );
                None
            }
            several => {
                self.error(
                    "panther-expression",
                    path,
                    format!("{} stand beside each other", several.join(" and ")),
                    "Keep one of them",
                );
                None
            }
        }
    }

    /// A mapping that is a key specifier and nothing else.
    pub(super) fn lone_specifier(&mut self, value: &Yaml, path: &[Step]) -> Option<Place> {
        let mapping = self.mapping(value, path, "a key of the event")?;
        self.only(mapping, &SPECIFIERS, path, "the key of an event");
        self.specifier(mapping, path)
    }

    fn key_path(&mut self, value: &Yaml, path: &[Step]) -> Option<Place> {
        let text = self.text(value, path)?;
        let place = match Place::read(text) {
            Ok(place) => place,
            Err((at, why)) => {
                self.path_error(path, text, at, &why);
                return None;
            }
        };
        // The platform reads the paths of filters with JMESPath, whose plain names have few signs.
        if self.dialect == Dialect::Filter
            && let Some(odd) = place.parts.iter().find_map(|part| match part {
                Part::Name(name)
                    if !text.contains(&format!("\"{name}\""))
                        && !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
                {
                    Some(name.clone())
                }
                _ => None,
            })
        {
            self.error(
                "panther-key-path",
                path,
                format!("the key `{odd}` of a filter's path needs quotes"),
                format!("Write `\"{odd}\"` for it: plain names have letters, digits and _"),
            );
            return None;
        }
        Some(place)
    }

    /// An error inside the text of a path, at `at`.
    pub(super) fn path_error(&mut self, path: &[Step], text: &str, at: usize, why: &str) {
        let start = self.document.offset_in_text(path, at);
        let end = self.document.offset_in_text(path, text.len());
        let span = match (start, end) {
            (Some(start), Some(end)) => Some(crate::diagnostic::Span::new(start, end.max(start))),
            _ => self.document.span(path),
        };
        let message = format!("`{text}` is no path into an event");
        self.error_at("panther-key-path", span, message, capital(why));
    }

    fn deep_key(&mut self, value: &Yaml, path: &[Step]) -> Option<Place> {
        let items = self.list(value, path, "keys")?;
        if items.is_empty() || items.len() > MAX_PARTS {
            self.error(
                "panther-key-path",
                path,
                format!("a DeepKey has 1 to {MAX_PARTS} keys, not {}", items.len()),
                "",
            );
            return None;
        }
        let mut parts = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            match untagged(item) {
                Yaml::String(name) => parts.push(Part::Name(name.clone())),
                Yaml::Number(n) if n.is_i64() && i > 0 => {
                    parts.push(Part::Item(n.as_i64().unwrap_or(0)));
                }
                other => {
                    let what = match other {
                        Yaml::Number(_) => key_text(other),
                        other => kind(other).to_owned(),
                    };
                    self.error(
                        "panther-key-path",
                        &below(path, i),
                        format!("a DeepKey has texts, and whole numbers from its second entry on, not {what}"),
                        "",
                    );
                    return None;
                }
            }
        }
        Some(Place::deep(parts))
    }

    /// `Enrichment: {Table, Selector, FieldPath}`.
    pub(super) fn enrichment(&mut self, value: &Yaml, path: &[Step]) -> Option<Source> {
        const KEYS: [&str; 3] = ["Table", "Selector", "FieldPath"];
        let mapping = self.mapping(value, path, "Enrichment")?;
        self.only(mapping, &KEYS, path, "Enrichment");
        for name in KEYS {
            if mapping.get(name).is_none() {
                self.error(
                    "panther-missing-key",
                    path,
                    format!("{name} of the enrichment is missing"),
                    "",
                );
            }
        }
        let table = self.text(mapping.get("Table")?, &below(path, "Table"))?;
        let selector = self.text(mapping.get("Selector")?, &below(path, "Selector"))?;
        let field = self.key_path(mapping.get("FieldPath")?, &below(path, "FieldPath"))?;
        Some(Source::Enrichment {
            table: table.to_owned(),
            selector: selector.to_owned(),
            field,
        })
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
