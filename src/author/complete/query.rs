//! Completion inside a query.

use crate::author::scalar::Scalar;
use crate::author::{Completions, Context, Item, ItemKind};
use crate::check::data::known;
use crate::diagnostic::{Edit, Span};
use crate::kql::services::{self, ItemKind as Kql, Values};
use crate::value::{Type, Value};

/// The loaded values, and those that a source is known to give beside them.
struct WithKnown<'a>(&'a dyn Values);

impl Values for WithKnown<'_> {
    fn values(&self, source: &services::Source, limit: usize) -> Vec<Value> {
        let mut found = self.0.values(source, limit);
        if source.path.is_empty() {
            let known = known(&format!("{}.{}", source.table, source.column));
            let loaded: Vec<String> = found.iter().map(Value::display).collect();
            let others = known.unwrap_or_default().iter();
            let others = others.filter(|value| loaded.iter().all(|l| l != *value));
            found.extend(others.map(|value| Value::String((*value).into())));
        }
        found
    }

    fn keys(&self, source: &services::Source, limit: usize) -> Vec<(String, Type)> {
        self.0.keys(source, limit)
    }
}

/// In the query of a rule: places and texts as the scalar writes them.
pub fn embedded(scalar: &Scalar, at: usize, context: &Context<'_>) -> Completions {
    let found = services::complete(
        &scalar.value,
        at,
        context.catalog,
        &WithKnown(context.values),
    );
    let replace = found.replace;
    let items = found
        .items
        .into_iter()
        .enumerate()
        .filter_map(|(rank, item)| {
            let edit = scalar.edit(replace, &item.insert)?;
            let cursor = scalar.written(&item.insert, item.cursor);
            Some(made(item, edit, cursor, rank))
        });
    Completions {
        items: items.collect(),
        replace: scalar.span_to_text(replace),
    }
}

/// In a query by itself.
pub fn plain(text: &str, at: usize, context: &Context<'_>) -> Completions {
    let found = services::complete(text, at, context.catalog, &WithKnown(context.values));
    let replace = found.replace;
    let items = found.items.into_iter().enumerate().map(|(rank, item)| {
        let edit = Edit {
            span: replace,
            text: item.insert.clone(),
        };
        let cursor = item.cursor;
        made(item, edit, cursor, rank)
    });
    Completions {
        items: items.collect(),
        replace,
    }
}

fn made(item: services::Item, edit: Edit, cursor: usize, rank: usize) -> Item {
    let kind = match item.kind {
        Kql::Column => ItemKind::Column,
        Kql::Property => ItemKind::Property,
        Kql::Value => ItemKind::Value,
        Kql::Variable | Kql::Parameter => ItemKind::Variable,
        Kql::Table => ItemKind::Table,
        Kql::Function | Kql::Aggregate | Kql::Plugin => ItemKind::Function,
        Kql::Operator => ItemKind::Operator,
        Kql::Keyword => ItemKind::Keyword,
        Kql::Type => ItemKind::Type,
    };
    let stops = match cursor < edit.text.len() {
        true => vec![Span::new(cursor, cursor)],
        false => Vec::new(),
    };
    Item {
        label: item.label,
        kind,
        // Operators are offered behind their pipe sign.
        detail: match item.detail.strip_prefix("T | ") {
            Some(detail) => detail.to_owned(),
            None => item.detail,
        },
        doc: item.doc,
        edit,
        stops,
        rank,
    }
}
