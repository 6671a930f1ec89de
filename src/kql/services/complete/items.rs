//! The items of a place.

use super::place::Place;
use super::{Item, ItemKind};
use crate::kql::aggregates;
use crate::kql::bind::trace::{Definition, Given, How, Rows};
use crate::kql::functions;
use crate::kql::operators::docs::{Doc, Topic};
use crate::kql::services::signature::function_signature;
use crate::kql::services::values::Values;
use crate::kql::services::view::View;
use crate::kql::services::words;
use crate::kql::syntax::tree::ParameterKind;
use crate::value::Type;

/// Ranks: less is better.
const COLUMN: usize = 10;
const KEYWORD: usize = 20;
const VARIABLE: usize = 30;
const TABLE: usize = 40;
const FUNCTION: usize = 100;

/// What rules use most comes first among functions and operators.
const COMMON: [&str; 40] = [
    "where",
    "extend",
    "project",
    "summarize",
    "join",
    "sort by",
    "distinct",
    "mv-expand",
    "union",
    "project-reorder",
    "project-away",
    "project-rename",
    "top",
    "take",
    "count",
    "parse",
    "mv-apply",
    "lookup",
    "make_set",
    "arg_max",
    "dcount",
    "countif",
    "make_list",
    "max",
    "min",
    "sum",
    "tostring",
    "parse_json",
    "ago",
    "isnotempty",
    "iff",
    "split",
    "bin",
    "strcat",
    "case",
    "now",
    "array_length",
    "tolower",
    "extract",
    "isempty",
];

fn common(name: &str) -> usize {
    let at = COMMON.iter().position(|c| *c == name);
    at.unwrap_or(COMMON.len())
}

impl Item {
    /// An item; the sign U+0001 in `insert` is where the cursor comes to stand.
    pub fn new(label: &str, kind: ItemKind, insert: &str, rank: usize) -> Self {
        let cursor = insert.find('\u{1}');
        let insert = insert.replace('\u{1}', "");
        Self {
            label: label.to_owned(),
            kind,
            detail: String::new(),
            doc: String::new(),
            cursor: cursor.unwrap_or(insert.len()),
            insert,
            rank,
        }
    }

    /// The same with a type or signature and what it does.
    pub fn about(mut self, detail: impl Into<String>, doc: impl Into<String>) -> Self {
        self.detail = detail.into();
        self.doc = doc.into();
        self
    }
}

/// A name as it is written: in brackets where it needs them.
pub fn written(name: &str) -> String {
    let first = name
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return name.to_owned();
    }
    format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A call: with the cursor between the brackets where it takes arguments.
fn call(name: &str, arguments: bool) -> String {
    match arguments {
        true => format!("{name}(\u{1})"),
        false => format!("{name}()"),
    }
}

fn documented(doc: &Doc, kind: ItemKind, insert: &str, rank: usize) -> Item {
    Item::new(doc.name(), kind, insert, rank).about(doc.signature, doc.doc)
}

/// How the name of an operator is offered and written.
fn operator_label(doc: &Doc) -> (&'static str, String) {
    let label = match doc.name() {
        "sort" => "sort by",
        other => other,
    };
    let insert = match label {
        "count" | "getschema" => label.to_owned(),
        "datatable" | "externaldata" => format!("{label}(\u{1})"),
        _ => format!("{label} "),
    };
    (label, insert)
}

impl View<'_> {
    /// The items of a place.
    pub fn items(&self, place: &Place, values: &dyn Values, items: &mut Vec<Item>) {
        self.data_items(place, values, items);
        if place.operators || place.pipe {
            for doc in words::operators() {
                if matches!(
                    doc.name(),
                    "print" | "datatable" | "range" | "externaldata" | "find"
                ) {
                    continue;
                }
                let (label, insert) = operator_label(doc);
                let insert = if place.operators {
                    insert
                } else {
                    format!("| {insert}")
                };
                let mut item =
                    Item::new(label, ItemKind::Operator, &insert, COLUMN + common(label));
                item = item.about(doc.signature, doc.doc);
                items.push(item);
            }
        }
        if let Some(rows) = &place.columns {
            self.columns_items(rows, place.wanted, items);
        }
        for (label, insert) in &place.keywords {
            let doc = words::find(Topic::JoinKind, label)
                .or_else(|| words::find(Topic::Special, label))
                .map_or("", |d| d.doc);
            // Hints are seldom what is looked for.
            let hint = usize::from(label.starts_with("hint.")) * 70;
            let rank = KEYWORD + hint + items.len().min(9);
            items.push(Item::new(label, ItemKind::Keyword, insert, rank).about("", doc));
        }
        self.defined_items(place, items);
        if place.tables {
            self.table_items(items);
        }
        if place.sources {
            for doc in words::operators().filter(|d| words::SOURCES.contains(&d.name())) {
                let (_, insert) = operator_label(doc);
                items.push(documented(doc, ItemKind::Operator, &insert, TABLE + 20));
            }
            for name in ["toscalar", "materialize"] {
                if let Some(doc) = words::find(Topic::Special, name)
                    && (name == "materialize" || place.scalars)
                {
                    items.push(documented(
                        doc,
                        ItemKind::Function,
                        &call(name, true),
                        TABLE + 21,
                    ));
                }
            }
        }
        if place.statements {
            for doc in words::all().filter(|d| d.topic == Topic::Statement && d.name() != "view") {
                let insert = format!("{} ", doc.name());
                items.push(documented(doc, ItemKind::Keyword, &insert, TABLE + 10));
            }
        }
        if place.aggregates {
            self.aggregate_items(items);
        }
        if place.scalars {
            self.function_items(place, items);
        }
        if let Some(ty) = place.between {
            between(ty, items);
        }
        if place.plugins {
            for doc in words::all().filter(|d| d.topic == Topic::Plugin) {
                items.push(documented(
                    doc,
                    ItemKind::Plugin,
                    &call(doc.name(), true),
                    COLUMN,
                ));
            }
        }
        if place.types {
            for ty in words::TYPES {
                items
                    .push(Item::new(ty, ItemKind::Type, ty, COLUMN).about("", words::type_doc(ty)));
            }
        }
    }

    fn columns_items(&self, rows: &Rows, wanted: Option<Type>, items: &mut Vec<Item>) {
        for (at, (name, ty)) in rows.schema.iter().enumerate() {
            // The order of the table is one people know; a type that fits comes first.
            let late = wanted.is_some_and(|w| w != *ty) as usize;
            let rank = COLUMN + late * 5 + (at > 30) as usize;
            let item = Item::new(name, ItemKind::Column, &written(name), rank);
            items.push(item.about(ty.name(), ""));
        }
    }

    fn table_items(&self, items: &mut Vec<Item>) {
        for name in self.catalog.table_names() {
            let item = Item::new(&name, ItemKind::Table, &written(&name), TABLE);
            let columns = self.catalog.schema(&name).map_or(0, |s| s.len());
            items.push(item.about(format!("table of {columns} columns"), ""));
        }
    }

    /// The definitions in reach at the end of the text.
    fn in_reach(&self) -> impl Iterator<Item = &Definition> {
        let layout = &self.layout;
        let end = layout.tokens.last().map_or(0, |t| t.span.end);
        // Names of `let` statements that are not complete yet.
        let unfinished: Vec<usize> = layout
            .open
            .iter()
            .map(|segment| {
                let mut first = *segment;
                while let Some(previous) = layout.get(first).previous {
                    first = previous;
                }
                let s = layout.get(first);
                if layout.word(s.first) == "let" {
                    layout.span(s.first + 1).start
                } else {
                    usize::MAX
                }
            })
            .collect();
        let closed = layout
            .tokens
            .len()
            .checked_sub(1)
            .is_some_and(|l| layout.is(l, "}"));
        self.trace.definitions.values().filter(move |d| {
            let scope = d.scope.is_none_or(|s| s.end >= end && !closed);
            scope && !unfinished.contains(&d.at.start)
        })
    }

    fn defined_items(&self, place: &Place, items: &mut Vec<Item>) {
        for definition in self.in_reach() {
            let kind = match definition.how {
                How::Parameter => ItemKind::Parameter,
                How::Let | How::As => ItemKind::Variable,
            };
            let name = written(&definition.name);
            // The newest is the nearest.
            let plain = |detail: String| {
                Item::new(&definition.name, kind, &name, VARIABLE).about(detail, "")
            };
            match &definition.given {
                Given::Scalar(ty) if place.scalars => items.push(plain(ty.to_string())),
                Given::Table(rows) if place.tables => {
                    let names: Vec<&str> = rows.schema.iter().map(|(n, _)| n.as_str()).collect();
                    let item = plain(format!("table of {} columns", rows.schema.len()));
                    items.push(item.about_columns(&names));
                }
                Given::Function(function) if place.tables || place.scalars || place.invokable => {
                    let tabular = function
                        .parameters
                        .first()
                        .is_some_and(|p| matches!(p.kind, ParameterKind::Table(_)));
                    if place.invokable && !tabular {
                        continue;
                    }
                    let taken = usize::from(place.invokable);
                    let arguments = function.parameters.len() > taken;
                    let insert = call(&name, arguments);
                    let signature = function_signature(&definition.name, function);
                    let item = Item::new(&definition.name, ItemKind::Function, &insert, VARIABLE);
                    items.push(item.about(signature, ""));
                }
                Given::Unknown if place.scalars || place.tables => items.push(plain(String::new())),
                _ => {}
            }
        }
    }

    fn aggregate_items(&self, items: &mut Vec<Item>) {
        for aggregate in aggregates::all() {
            let name = aggregate.name();
            let arguments = !aggregate.params.is_empty() && name != "count";
            let rank = KEYWORD + 10 + common(name);
            let item = Item::new(name, ItemKind::Aggregate, &call(name, arguments), rank);
            items.push(item.about(aggregate.signature, aggregate.doc));
        }
        for name in ["arg_max", "arg_min", "take_any", "percentiles"] {
            if let Some(doc) = words::find(Topic::Special, name) {
                let rank = KEYWORD + 10 + common(name);
                items.push(documented(
                    doc,
                    ItemKind::Aggregate,
                    &call(name, true),
                    rank,
                ));
            }
        }
    }

    fn function_items(&self, place: &Place, items: &mut Vec<Item>) {
        for function in functions::all() {
            let name = function.name();
            // An aggregate of the same name is what is meant there.
            if place.aggregates && aggregates::find(name).is_some() {
                continue;
            }
            let insert = call(name, !function.params.is_empty());
            let item = Item::new(name, ItemKind::Function, &insert, FUNCTION + common(name));
            items.push(item.about(function.signature, function.doc));
        }
        let picking = [
            "arg_max",
            "arg_min",
            "take_any",
            "percentiles",
            "table",
            "materialize",
        ];
        for doc in words::all().filter(|d| d.topic == Topic::Special) {
            if picking.contains(&doc.name())
                || functions::find(doc.name()).is_some()
                || aggregates::find(doc.name()).is_some()
            {
                continue;
            }
            let item = documented(
                doc,
                ItemKind::Function,
                &call(doc.name(), true),
                FUNCTION + 60,
            );
            items.push(item);
        }
        for word in ["true", "false"] {
            items.push(Item::new(word, ItemKind::Keyword, word, FUNCTION + 70));
        }
    }
}

impl Item {
    fn about_columns(mut self, names: &[&str]) -> Self {
        self.doc = names.join(", ");
        self
    }
}

/// Operators between operands; those that the first operand's type takes come first, others are left out.
fn between(ty: Option<Type>, items: &mut Vec<Item>) {
    for doc in words::all().filter(|d| d.topic == Topic::ScalarOperator) {
        for name in doc.names {
            let textual = !name.starts_with(['=', '!', '<', '>', '+', '-', '*', '/', '%'])
                && !matches!(*name, "and" | "or" | "in" | "between")
                || name.starts_with("!") && name.len() > 2 && !matches!(*name, "!in" | "!between")
                || matches!(*name, "=~" | "!~" | "in~");
            let sum = matches!(*name, "+" | "-" | "*" | "/" | "%");
            let ordered = matches!(*name, "<" | "<=" | ">" | ">=" | "between" | "!between");
            let (fits, rank) = match ty {
                Some(Type::String) => (!sum && !ordered, 0),
                Some(Type::Dynamic) | None => (true, 0),
                Some(Type::Bool | Type::Guid) => (!textual && !sum && !ordered, 0),
                Some(_) => (!textual, 0),
            };
            if !fits || *name == "<>" {
                continue;
            }
            let first = usize::from(name.starts_with('!') || name.ends_with("_cs") || sum);
            let insert = match *name {
                "in" | "!in" | "in~" | "!in~" | "has_any" | "has_all" | "between" | "!between" => {
                    format!("{name} (\u{1})")
                }
                _ => format!("{name} "),
            };
            let item = Item::new(name, ItemKind::Keyword, &insert, KEYWORD + rank + first);
            items.push(item.about(doc.signature, doc.doc));
        }
    }
}
