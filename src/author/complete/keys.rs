//! Keys of mappings, and whole items of lists.

use super::List;
use crate::author::layout::{NodeId, Style};
use crate::author::scalar::quoted;
use crate::author::schema::{Field, Set, Takes};
use crate::author::{Item, ItemKind};
use crate::diagnostic::Span;

/// How a key is put in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Its name alone: there is a colon.
    NameOnly,
    /// On a line of its own that begins at a column, with what has to stand below it.
    Lines(usize),
    /// In brackets.
    Flow,
}

/// Deepest skeleton of required keys.
const DEPTH: usize = 3;

impl List<'_, '_> {
    /// The keys of the mapping at a path that are not there yet.
    pub(super) fn keys(&mut self, parent: NodeId, path: &[String], way: Way) {
        let doc = self.doc;
        if let Some(Takes::Event) = self.takes(path) {
            return self.event_keys(parent, path, way);
        }
        let Some(fields) = doc.fields_at(path) else {
            return;
        };
        let layout = &doc.layout;
        let here = |name: &str| {
            layout.entry(parent, name).is_some_and(|entry| {
                layout
                    .key_span(entry)
                    .is_none_or(|span| span != self.replace)
            })
        };
        let missing: Vec<Field> = fields.into_iter().filter(|f| !here(&f.name)).collect();
        for (at, field) in missing.iter().enumerate() {
            let mut stops = Vec::new();
            let text = match way {
                Way::NameOnly => field.name.clone(),
                Way::Flow => {
                    let text = format!("{}: ", quoted(&field.name, Style::Plain, true));
                    stops.push(Span::new(text.len(), text.len()));
                    text
                }
                Way::Lines(column) => {
                    let mut text = String::new();
                    self.skeleton(field, path, column, 0, &mut text, &mut stops);
                    text
                }
            };
            let detail = match field.required {
                true => "required",
                false => "",
            };
            self.items.push(Item {
                label: field.name.clone(),
                kind: ItemKind::Field,
                detail: detail.to_owned(),
                doc: field.doc.clone(),
                edit: self.edit(text),
                stops,
                rank: at + usize::from(!field.required) * 100,
            });
        }
    }

    /// Spaces of one step of indentation.
    fn step(&self) -> usize {
        2
    }

    fn break_line(&self, text: &mut String, column: usize) {
        text.push_str(self.doc.layout.newline());
        text.push_str(&" ".repeat(column));
    }

    /// A key with what has to stand below it, and places to fill in.
    fn skeleton(
        &self,
        field: &Field,
        path: &[String],
        column: usize,
        depth: usize,
        text: &mut String,
        stops: &mut Vec<Span>,
    ) {
        text.push_str(&field.name);
        text.push(':');
        let mut inner = path.to_vec();
        inner.push(field.name.clone());
        let below = column + self.step();
        let required = |fields: Vec<Field>| -> Vec<Field> {
            let mut kept: Vec<Field> = fields.iter().filter(|f| f.required).cloned().collect();
            if kept.is_empty() {
                kept.extend(fields.into_iter().take(1));
            }
            kept
        };
        let mut stop = |text: &String| stops.push(Span::new(text.len(), text.len()));
        match field.takes {
            Takes::Query => {
                text.push_str(" |");
                self.break_line(text, below);
                stop(text);
            }
            Takes::Map if depth < DEPTH => match self.doc.fields_at(&inner) {
                Some(fields) if !fields.is_empty() => {
                    for field in required(fields) {
                        self.break_line(text, below);
                        self.skeleton(&field, &inner, below, depth + 1, text, stops);
                    }
                }
                _ => {
                    self.break_line(text, below);
                    stop(text);
                }
            },
            Takes::List if depth < DEPTH => {
                self.break_line(text, below);
                text.push_str("- ");
                let fields = self.doc.fields_at(&inner).unwrap_or_default();
                let mut first = true;
                for field in required(fields) {
                    if !std::mem::take(&mut first) {
                        self.break_line(text, below + 2);
                    }
                    self.skeleton(&field, &inner, below + 2, depth + 1, text, stops);
                }
                if first {
                    stops.push(Span::new(text.len(), text.len()));
                }
            }
            Takes::Many(_) => {
                self.break_line(text, below);
                text.push_str("- ");
                stop(text);
            }
            Takes::Columns | Takes::Event | Takes::Map | Takes::List => {
                self.break_line(text, below);
                stop(text);
            }
            _ => {
                text.push(' ');
                stop(text);
            }
        }
    }

    /// An item of a list of mappings, with the keys that it has to have.
    pub(super) fn new_item(&mut self, parent: NodeId, path: &[String], column: usize) {
        let fields = self.doc.fields_at(path).unwrap_or_default();
        let layout = &self.doc.layout;
        // Where there are items the new one stands at their column.
        let column = layout
            .items(parent)
            .next()
            .map_or(column, |i| layout.node(i).column);
        let at = self.replace.start - layout.line(self.replace.start).start;
        let shift = " ".repeat(column.saturating_sub(at));
        let mut text = format!("{shift}- ");
        let mut stops = Vec::new();
        let mut names = Vec::new();
        let mut required: Vec<&Field> = fields.iter().filter(|f| f.required).collect();
        if required.is_empty() {
            required.extend(fields.first());
        }
        for (at, field) in required.into_iter().enumerate() {
            if at > 0 {
                self.break_line(&mut text, column + 2);
            }
            self.skeleton(field, path, column + 2, 1, &mut text, &mut stops);
            names.push(field.name.clone());
        }
        if names.is_empty() {
            stops.push(Span::new(text.len(), text.len()));
        }
        let doc = self.doc.field(path).map(|f| f.doc).unwrap_or_default();
        self.items.push(Item {
            label: format!("- {}", names.first().map_or("", String::as_str)),
            kind: ItemKind::Snippet,
            detail: match names.len() {
                0 | 1 => "item".to_owned(),
                _ => format!("item with {}", names.join(", ")),
            },
            doc,
            edit: self.edit(text),
            stops,
            rank: 0,
        });
    }

    /// Keys that loaded events have at a place of an event.
    fn event_keys(&mut self, parent: NodeId, path: &[String], way: Way) {
        let doc = self.doc;
        let inside: Vec<String> = path.iter().skip(2).cloned().collect();
        let mut log_types = doc.own_log_types(self.context);
        log_types.truncate(20);
        let mut seen: Vec<String> = Vec::new();
        for log_type in log_types {
            for event in self.context.events.paths(&log_type).iter() {
                let Some(key) = event.below(&inside) else {
                    continue;
                };
                if doc.layout.entry(parent, key).is_some() || seen.iter().any(|s| s == key) {
                    continue;
                }
                seen.push(key.to_owned());
                let name = quoted(key, Style::Plain, way == Way::Flow);
                let text = match way {
                    Way::NameOnly => name,
                    _ => format!("{name}: "),
                };
                let stops = match way {
                    Way::NameOnly => Vec::new(),
                    _ => vec![Span::new(text.len(), text.len())],
                };
                self.items.push(Item {
                    label: key.to_owned(),
                    kind: ItemKind::Property,
                    detail: event.kind.to_owned(),
                    doc: event.about(),
                    edit: self.edit(text),
                    stops,
                    rank: seen.len(),
                });
            }
        }
    }

    /// The set a field's values come from, where it has one.
    pub(super) fn set_of(takes: Takes) -> Option<Set> {
        match takes {
            Takes::One(set) | Takes::Many(set) => Some(set),
            _ => None,
        }
    }
}
