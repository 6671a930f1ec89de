//! Items out of the data: values behind a comparison, properties behind a dot, names within texts.

use super::items::written;
use super::place::Place;
use super::{Item, ItemKind};
use crate::kql::services::values::{Source, Values};
use crate::kql::services::view::View;
use crate::kql::services::words;
use crate::kql::syntax::lexer::Kind;
use crate::value::{Type, Value};

/// Most values that are offered.
const VALUES: usize = 50;

/// A text that is open at the end of the cut text.
pub struct OpenString {
    /// Its token.
    token: usize,
    /// Where its content begins.
    pub content: usize,
    quote: char,
    verbatim: bool,
}

impl OpenString {
    /// How much of the rest of the line belongs to the text; nothing where it is not closed there.
    pub fn rest(&self, line: &str) -> usize {
        let mut escaped = false;
        for (at, c) in line.char_indices() {
            if escaped {
                escaped = false;
            } else if c == '\\' && !self.verbatim {
                escaped = true;
            } else if c == self.quote {
                return at;
            } else if matches!(c, ',' | ')' | '|') {
                // What follows is more likely the query than the text.
                return 0;
            }
        }
        0
    }

    fn escaped(&self, value: &str) -> Option<String> {
        if value.contains(['\n', '\r', '\t', '\0']) {
            return None;
        }
        if self.verbatim {
            return Some(value.replace(self.quote, &format!("{0}{0}", self.quote)));
        }
        let value = value.replace('\\', "\\\\");
        Some(value.replace(self.quote, &format!("\\{}", self.quote)))
    }
}

/// A value in quotes, as it is written in a query.
fn quoted(value: &str) -> Option<String> {
    if value.contains(['\n', '\r', '\t', '\0']) {
        return None;
    }
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    Some(format!("\"{value}\""))
}

const PARTS: [&str; 10] = [
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
];

impl View<'_> {
    /// Whether the text ends within a comment.
    pub fn in_comment(&self) -> bool {
        let text = self.layout.text;
        let line = text.rfind('\n').map_or(0, |n| n + 1);
        let comments = self.layout.comments();
        comments.last().is_some_and(|c| c.start >= line)
    }

    /// The text that is open at the end, if there is one.
    pub fn open_string(&self) -> Option<OpenString> {
        let layout = &self.layout;
        let token = layout.tokens.len().checked_sub(1)?;
        let Kind::Text(_) = layout.kind(token) else {
            return None;
        };
        let span = layout.span(token);
        if span.end != layout.text.len() {
            return None;
        }
        let written = layout.slice(token);
        let body = written.trim_start_matches(['h', 'H']);
        let verbatim = body.starts_with('@');
        let body = body.trim_start_matches('@');
        let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let content = span.end - body.len() + 1;
        // Closed: it ends with its quote, which is not escaped and not the one it begins with.
        let inner = body.get(1..).unwrap_or("");
        let mut closed = false;
        let mut escaped = false;
        for c in inner.chars() {
            closed = false;
            if escaped {
                escaped = false;
            } else if c == '\\' && !verbatim {
                escaped = true;
            } else if c == quote {
                closed = true;
            }
        }
        (!closed).then_some(OpenString {
            token,
            content,
            quote,
            verbatim,
        })
    }

    /// What can stand in an open text.
    pub fn string_items(&self, string: &OpenString, values: &dyn Values, items: &mut Vec<Item>) {
        let layout = &self.layout;
        let token = string.token;
        let segment = layout.segment(token);
        let before = token.checked_sub(1);
        let head = layout.head(segment).map_or("", |h| layout.word(h));
        let first = before.is_some_and(|b| layout.is(b, "("));
        let plain = |label: &str, kind: ItemKind, detail: &str| {
            let insert = string.escaped(label)?;
            Some(Item::new(label, kind, &insert, 0).about(detail, ""))
        };
        if first && head == "table" {
            let names = self.catalog.table_names();
            items.extend(
                names
                    .iter()
                    .filter_map(|n| plain(n, ItemKind::Table, "table")),
            );
            return;
        }
        if first && matches!(head, "column_ifexists" | "columnifexists") {
            if let Some((rows, _)) = self.columns(segment) {
                let columns = rows.schema.iter();
                items.extend(columns.filter_map(|(n, ty)| plain(n, ItemKind::Column, ty.name())));
            }
            return;
        }
        if first && matches!(head, "datetime_diff" | "datetime_part" | "datetime_add") {
            items.extend(
                PARTS
                    .iter()
                    .filter_map(|p| plain(p, ItemKind::Value, "part of an instant")),
            );
            return;
        }
        // `Column["key"]`: properties.
        if let Some(open) = before.filter(|b| layout.is(*b, "[") && layout.indexes(*b)) {
            for (key, ty) in self.keys_before(open, values) {
                items.extend(plain(&key, ItemKind::Property, ty.name()));
            }
            return;
        }
        let Some(source) = self.compared_source(token) else {
            return;
        };
        for value in values.values(&source, VALUES) {
            let text = value.display();
            items.extend(plain(
                &text,
                ItemKind::Value,
                &format!("value of {}", source.column),
            ));
        }
        rank_in_order(items);
    }

    /// Where the values of the operand come from that a text at a token is compared with.
    fn compared_source(&self, token: usize) -> Option<Source> {
        let layout = &self.layout;
        let before = token.checked_sub(1)?;
        if let Some(source) = self.operand_source(before) {
            return Some(source);
        }
        // In a list: `Column in ("a", "b`, `Column has_any (dynamic(["a`
        let mut segment = layout.segment(token);
        for _ in 0..4 {
            let head = layout.head(segment)?;
            let tilde = layout.is(head, "~");
            let word = if tilde { head.checked_sub(1)? } else { head };
            if words::is_operator_word(layout.word(word)) {
                return self.operand_source(head);
            }
            segment = layout.outer(segment)?;
        }
        None
    }

    /// The source of the operand before an operator that ends at a token; none where none stands there.
    pub fn operand_source(&self, operator: usize) -> Option<Source> {
        let layout = &self.layout;
        let mut at = operator;
        if layout.is(at, "~") && layout.joined(at) {
            at = at.checked_sub(1)?;
        }
        match layout.kind(at) {
            Kind::Punct(p) if matches!(*p, "==" | "!=" | "=~" | "!~" | "<>") => {}
            Kind::Name if words::is_operator_word(layout.word(at)) => {
                if matches!(layout.word(at), "and" | "or" | "regex" | "between") {
                    return None;
                }
            }
            _ => return None,
        }
        let mut last = at.checked_sub(1)?;
        if layout.is(last, "!") {
            last = last.checked_sub(1)?;
        }
        // Back to where the operand begins: `tolower(tostring(A.b["c"]))`.
        let segment = layout.segment(operator);
        let mut first = last;
        loop {
            match layout.kind(first) {
                Kind::Punct(")" | "]") => {
                    let open = layout.partner.get(first).copied().flatten()?;
                    let call =
                        layout.is(open, "(") && open > 0 && !layout.word(open - 1).is_empty();
                    first = if call || layout.indexes(open) {
                        open - 1
                    } else {
                        open
                    };
                }
                Kind::Name => {}
                _ => return None,
            }
            match first.checked_sub(1) {
                Some(dot) if layout.is(dot, ".") => first = dot.checked_sub(1)?,
                _ => break,
            }
        }
        // Upper and lower case do not matter for what is offered.
        while layout.is(first + 1, "(")
            && matches!(layout.word(first), "tolower" | "toupper" | "trim")
        {
            first += 2;
        }
        let (column, path) = self.path_of_operand(first)?;
        let (_, owner) = self.columns(segment)?;
        let previous = layout.get(owner).previous;
        let mut source = match previous {
            Some(previous) => self.origin_after(previous, &column, path).source?,
            None => self.origin(owner, &column).source?,
        };
        source.path.truncate(32);
        Some(source)
    }

    /// The column and path of an operand that begins at a token, conversions around it left out.
    fn path_of_operand(&self, first: usize) -> Option<(String, Vec<String>)> {
        let layout = &self.layout;
        let mut at = first;
        while layout.is(at + 1, "(") {
            match layout.word(at) {
                "tostring" | "tolower" | "toupper" | "parse_json" | "todynamic" | "toint"
                | "tolong" => at += 2,
                _ => return None,
            }
        }
        let (column, _) = layout.name_at(at)?;
        at += if layout.is(at, "[") { 3 } else { 1 };
        let mut path = Vec::new();
        loop {
            if layout.is(at, ".") {
                let (key, _) = layout.name_at(at + 1)?;
                path.push(key);
                at += if layout.is(at + 1, "[") { 4 } else { 2 };
            } else if layout.is(at, "[") && layout.is(at + 2, "]") {
                match layout.kind(at + 1) {
                    Kind::Text(key) => path.push(key.clone()),
                    _ => path.push("[]".to_owned()),
                }
                at += 3;
            } else {
                return Some((column, path));
            }
        }
    }

    /// The properties seen in what ends before a dot or an opening bracket.
    fn keys_before(&self, at: usize, values: &dyn Values) -> Vec<(String, Type)> {
        let Some((base, path)) = self.base_before(at) else {
            return Vec::new();
        };
        let Some(mut source) = self.column_origin(base).source else {
            return Vec::new();
        };
        source.path.extend(path);
        values.keys(&source, VALUES)
    }

    /// The column that a path before a token begins with, and the path.
    fn base_before(&self, at: usize) -> Option<(usize, Vec<String>)> {
        let mut path = Vec::new();
        let before = self.before_dot(at, &mut path)?;
        let (base, mut whole) = self.path_to(before)?;
        path.reverse();
        whole.append(&mut path);
        Some((base, whole))
    }

    /// Values and properties at a place outside of texts.
    pub fn data_items(&self, place: &Place, values: &dyn Values, items: &mut Vec<Item>) {
        if let Some(dot) = place.properties_of {
            for (key, ty) in self.keys_before(dot, values) {
                // What is no plain name cannot stand behind the dot without brackets.
                let name = written(&key);
                items.push(Item::new(&key, ItemKind::Property, &name, 0).about(ty.name(), ""));
            }
            rank_in_order(items);
        }
        if let Some(operator) = place.values_of
            && let Some(source) = self.operand_source(operator)
        {
            let detail = format!("value of {}", source.column);
            for value in values.values(&source, 20) {
                let insert = match &value {
                    Value::String(s) => quoted(s),
                    Value::Bool(_) | Value::Int(_) | Value::Long(_) | Value::Real(_) => {
                        Some(value.display())
                    }
                    _ => None,
                };
                if let Some(insert) = insert {
                    items.push(Item::new(&insert, ItemKind::Value, &insert, 0).about(&detail, ""));
                }
            }
            rank_in_order(items);
        }
    }
}

/// The most frequent first.
fn rank_in_order(items: &mut [Item]) {
    for (at, item) in items.iter_mut().enumerate() {
        item.rank = at.min(9);
    }
}
