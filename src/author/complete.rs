//! Completion: what can stand at a place, best first.

mod keys;
mod query;
mod values;

pub use values::USUAL;

use super::document::{Doc, Kind};
use super::layout::{Kind as NodeKind, NodeId, ROOT, Spot, Style};
use super::schema::Takes;
use super::{Completions, Context, Item, Source};
use crate::diagnostic::{Edit, Span};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Most items that are given.
const MOST: usize = 400;

/// What can stand at a place.
pub fn complete(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Completions {
    match Kind::of(source) {
        Kind::Python => super::python::complete(source, offset, context),
        Kind::Query => query::plain(source.text, offset, context),
        Kind::Other => Completions::default(),
        Kind::Sentinel | Kind::Cases | Kind::Panther => in_document(source, offset, context),
    }
}

fn in_document(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Completions {
    let doc = Doc::new(source);
    let offset = doc.layout.floor(offset);
    if let Some((scalar, at)) = doc.in_query(offset) {
        return query::embedded(&scalar, at, context);
    }
    let mut list = List {
        doc: &doc,
        context,
        offset,
        items: Vec::new(),
        replace: Span::new(offset, offset),
    };
    list.fill();
    let replace = list.replace;
    let typed = doc
        .layout
        .slice(Span::new(replace.start.min(offset), offset));
    let mut items = list.items;
    narrow(&mut items, typed);
    Completions { replace, items }
}

/// Keeps the items that what was typed can mean, best first.
pub fn narrow(items: &mut Vec<Item>, typed: &str) {
    let typed = typed.trim();
    if typed.is_empty() {
        items.sort_by_key(|item| item.rank);
        items.truncate(MOST);
        return;
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse_literal(typed);
    let mut buffer = Vec::new();
    let scored = std::mem::take(items).into_iter().filter_map(|item| {
        let text = Utf32Str::new(&item.label, &mut buffer);
        let score = pattern.score(text, &mut matcher)?;
        let label = item.label.trim_start_matches(['"', '\'', '-', ' ']);
        let head = label.get(..typed.len()).unwrap_or("");
        // A prefix in the same case is what people mean first, then one in any case.
        let group = match () {
            _ if label == typed => 0,
            _ if head == typed => 1,
            _ if head.eq_ignore_ascii_case(typed) => 2,
            _ => 3,
        };
        Some((
            group,
            std::cmp::Reverse(if group < 3 { 0 } else { score }),
            item.rank,
            item,
        ))
    });
    let mut scored: Vec<_> = scored.collect();
    scored.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
    scored.truncate(MOST);
    items.extend(scored.into_iter().map(|(.., item)| item));
}

/// What the matching of whole words is made of.
trait Literal {
    fn parse_literal(text: &str) -> Pattern;
}

impl Literal for Pattern {
    fn parse_literal(text: &str) -> Pattern {
        let kind = nucleo_matcher::pattern::AtomKind::Fuzzy;
        Pattern::new(text, CaseMatching::Ignore, Normalization::Smart, kind)
    }
}

/// The items of a place in a YAML document.
struct List<'a, 'd> {
    doc: &'a Doc<'d>,
    context: &'a Context<'a>,
    offset: usize,
    items: Vec<Item>,
    replace: Span,
}

impl List<'_, '_> {
    fn fill(&mut self) {
        let layout = &self.doc.layout;
        match layout.spot(self.offset) {
            Spot::Nowhere => {}
            Spot::Key { node } => {
                let parent = layout.node(node).parent.unwrap_or(ROOT);
                if let Some(span) = layout.key_span(node) {
                    self.replace = span;
                    let keys = layout.keys(parent);
                    self.keys(parent, &keys, keys::Way::NameOnly);
                }
            }
            Spot::Below {
                parent,
                typed,
                word,
            } => self.below(parent, typed, word),
            Spot::Value { node, typed, style } => self.value(node, typed, style),
            Spot::Flow {
                parent,
                list,
                typed,
                style,
                ..
            } => {
                self.replace = typed;
                let keys = layout.keys(parent);
                match list {
                    true => self.takes_value(&keys, parent, style, true),
                    false if matches!(self.takes(&keys), Some(Takes::Format | Takes::Column)) => {
                        self.takes_value(&keys, parent, style, true);
                    }
                    false => self.keys(parent, &keys, keys::Way::Flow),
                }
            }
        }
    }

    /// What the field at a path of keys takes.
    fn takes(&self, keys: &[String]) -> Option<Takes> {
        self.doc.field(keys).map(|field| field.takes)
    }

    /// On a line of its own below a node.
    fn below(&mut self, parent: NodeId, typed: Span, word: Option<NodeId>) {
        self.replace = typed;
        let layout = &self.doc.layout;
        let keys = layout.keys(parent);
        let is_entry = matches!(layout.node(parent).kind, NodeKind::Entry { .. });
        let is_item = matches!(layout.node(parent).kind, NodeKind::Item);
        let column = typed.start - layout.line(typed.start).start;
        match self.takes(&keys) {
            None if parent == ROOT => self.keys(parent, &keys, keys::Way::Lines(column)),
            Some(Takes::Map | Takes::Event | Takes::Columns) => {
                self.keys(parent, &keys, keys::Way::Lines(column));
            }
            Some(Takes::List) if is_item => {
                self.keys(parent, &keys, keys::Way::Lines(column));
            }
            Some(Takes::List) if is_entry => self.new_item(parent, &keys, column),
            Some(Takes::Many(_)) if is_entry => {
                let before = self.items.len();
                self.takes_value(&keys, parent, Style::Plain, false);
                for item in self.items.iter_mut().skip(before) {
                    item.edit.text.insert_str(0, "- ");
                }
            }
            Some(Takes::Query) if word.is_none() => {}
            Some(_) => self.takes_value(&keys, parent, Style::Plain, false),
            None => self.keys(parent, &keys, keys::Way::Lines(column)),
        }
    }

    /// In the value of an entry or item.
    fn value(&mut self, node: NodeId, typed: Span, style: Style) {
        self.replace = typed;
        let layout = &self.doc.layout;
        let keys = layout.keys(node);
        if matches!(layout.node(node).kind, NodeKind::Item) {
            let takes = self.takes(&keys);
            if matches!(takes, Some(Takes::List | Takes::Event)) {
                let column = typed.start - layout.line(typed.start).start;
                return self.keys(node, &keys, keys::Way::Lines(column));
            }
        }
        let flow = layout.node(node).flow;
        self.takes_value(&keys, node, style, flow);
        // A list is written in brackets behind its key.
        if let NodeKind::Entry { .. } = layout.node(node).kind
            && matches!(self.takes(&keys), Some(Takes::Many(_)))
            && style == Style::Plain
        {
            for item in &mut self.items {
                item.edit.text = format!("[{}]", item.edit.text);
            }
        }
        // `severity:` and at once a value: a space comes between.
        let before = layout.text.as_bytes().get(typed.start.wrapping_sub(1));
        if before == Some(&b':')
            && style == Style::Plain
            && layout.node(node).value == super::layout::Value::None
        {
            for item in &mut self.items {
                item.edit.text.insert(0, ' ');
                item.stops
                    .iter_mut()
                    .for_each(|stop| *stop = stop.shifted(1));
            }
        }
    }

    fn edit(&self, text: String) -> Edit {
        Edit {
            span: self.replace,
            text,
        }
    }
}
