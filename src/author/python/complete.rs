//! Completion in Python: strings here, code in `code`.

mod code;

use super::names::{self, Module};
use super::paths::{compared_with, key_place, log_types, seen};
use super::scan::{Scan, expression_before, scan};
use crate::author::complete::narrow;
use crate::author::{Completions, Context, Item, ItemKind, Source};
use crate::diagnostic::{Edit, Span};

/// What can stand at a place.
pub fn complete(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Completions {
    let mut offset = offset.min(source.text.len());
    while !source.text.is_char_boundary(offset) {
        offset -= 1;
    }
    let place = scan(source.text, offset);
    let nothing = Completions {
        replace: Span::new(offset, offset),
        items: Vec::new(),
    };
    if place.comment {
        return nothing;
    }
    let module = names::read(source.text);
    let mut list = List {
        source,
        context,
        offset,
        module: &module,
        items: Vec::new(),
        replace: Span::new(offset, offset),
    };
    match &place.string {
        Some(string) => {
            let rest = source.text.get(offset..).unwrap_or("");
            let line = rest.lines().next().unwrap_or("");
            let inner = line.find(string.quote.as_str());
            // Up to the closing quote, where there is one.
            let end = inner
                .filter(|_| string.quote.len() == 1)
                .map_or(offset, |at| offset + at);
            list.replace = Span::new(string.content, end);
            list.in_string(&place);
        }
        None => list.in_code(),
    }
    let List { replace, items, .. } = list;
    let typed = source.text.get(replace.start..offset).unwrap_or("");
    let mut items = items;
    narrow(&mut items, typed);
    Completions { replace, items }
}

struct List<'a> {
    source: &'a Source<'a>,
    context: &'a Context<'a>,
    offset: usize,
    module: &'a Module,
    items: Vec<Item>,
    replace: Span,
}

impl List<'_> {
    fn push(
        &mut self,
        label: &str,
        kind: ItemKind,
        detail: &str,
        doc: &str,
        text: String,
        stops: Vec<Span>,
    ) {
        let rank = self.items.len();
        self.items.push(Item {
            label: label.to_owned(),
            kind,
            detail: detail.to_owned(),
            doc: doc.to_owned(),
            edit: Edit {
                span: self.replace,
                text,
            },
            stops,
            rank,
        });
    }

    /// A text as the inside of the string at the cursor.
    fn escaped(&self, text: &str) -> String {
        let before = self.source.text.get(..self.replace.start);
        let quote = before.and_then(|before| before.chars().next_back());
        let quote = quote.filter(|quote| *quote == '\'').unwrap_or('"');
        let text = text.replace('\\', "\\\\");
        text.replace(quote, &format!("\\{quote}"))
    }

    fn in_string(&mut self, place: &Scan) {
        let text = self.source.text;
        if let Some(path) = key_place(text, self.offset, self.module) {
            return self.event_keys(&path);
        }
        if let Some(path) = compared_with(text, self.offset, self.module) {
            let found = seen(self.source, &path, self.context);
            let (kind, samples) = found.map_or(("string", Vec::new()), |f| (f.kind, f.samples));
            let mut known: Vec<&str> = samples.iter().map(String::as_str).collect();
            for log_type in log_types(self.source, self.context) {
                let place = format!("{log_type}/{}", path.join("."));
                for value in crate::check::data::known(&place).unwrap_or_default() {
                    if !known.contains(value) {
                        known.push(value);
                    }
                }
            }
            for value in known {
                self.push(
                    value,
                    ItemKind::Value,
                    kind,
                    "",
                    self.escaped(value),
                    Vec::new(),
                );
            }
            return;
        }
        let Some(open) = place.open.last().filter(|open| open.sign == '(') else {
            return;
        };
        let callee = expression_before(text, open.at);
        let name = text.get(callee.start..callee.end).unwrap_or("");
        if name.ends_with(".udm") || name.ends_with(".udm_path") {
            self.unified_names();
        }
    }

    /// The keys that loaded events have below a path.
    fn event_keys(&mut self, path: &[String]) {
        let mut known: Vec<String> = Vec::new();
        for log_type in log_types(self.source, self.context) {
            for event in self.context.events.paths(&log_type).iter() {
                let Some(key) = event.below(path) else {
                    continue;
                };
                if known.iter().all(|k| k != key) {
                    known.push(key.to_owned());
                    self.push(
                        key,
                        ItemKind::Property,
                        event.kind,
                        &event.about(),
                        self.escaped(key),
                        Vec::new(),
                    );
                }
            }
        }
    }

    /// The names of the data models of the log types.
    fn unified_names(&mut self) {
        let types = log_types(self.source, self.context);
        let around = self.context.around;
        for document in around
            .documents()
            .iter()
            .filter(|d| d.analysis == "datamodel")
        {
            if !types.is_empty() && !document.log_types.iter().any(|t| types.contains(t)) {
                continue;
            }
            let text = around.text(&document.path).unwrap_or("");
            for line in text.lines() {
                let line = line.trim_start().trim_start_matches("- ");
                if let Some(name) = line.strip_prefix("Name:") {
                    let name = name.trim().trim_matches(['"', '\'']);
                    let detail = document.id.as_str();
                    self.push(
                        name,
                        ItemKind::Property,
                        detail,
                        "A unified name of the data model.",
                        self.escaped(name),
                        Vec::new(),
                    );
                }
            }
        }
    }
}

/// A call with the cursor in its brackets where it takes arguments.
fn called(name: &str, arguments: bool, already: bool) -> (String, Vec<Span>) {
    if already {
        return (name.to_owned(), Vec::new());
    }
    let text = format!("{name}()");
    let at = text.len() - 1;
    match arguments {
        true => (text, vec![Span::new(at, at)]),
        false => (text, Vec::new()),
    }
}
