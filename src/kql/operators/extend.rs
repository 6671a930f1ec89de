//! `extend name = expression, …`: new columns; one of a known name replaces it in place.
//! All expressions see the input only.

use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, auto_name, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator, Origin};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree;
use crate::value::Type;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["extend"],
        "T | extend [Name =] expression, …",
        "Adds computed columns; one whose name is known replaces that column. The expressions see the columns before this operator only.",
        "SigninLogs | extend City = tostring(LocationDetails.city), Failed = ResultType != \"0\"",
    ),
    Doc::operator(
        &["serialize"],
        "T | serialize [Name = expression, …]",
        "Fixes the order of the rows, so that functions such as `prev`, `next` and `row_number` can be used; it may add columns like `extend`.",
        "SigninLogs | serialize Row = row_number()",
    ),
];

#[derive(Debug)]
struct Extend {
    /// Where each new value goes.
    items: Vec<(usize, Expr)>,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    items: &[tree::Named],
    input: &Pipeline,
    serialize: bool,
) -> Option<Made> {
    let mut row = input.row();
    row.serialized |= serialize;
    let mut schema = input.schema.clone();
    let mut placed: Vec<(usize, Expr)> = Vec::new();
    let mut unnamed = 0;
    for item in items {
        let mut columns = super::project::columns(binder, item, row);
        if !item.names.is_empty() {
            // A function that gives several columns gives as many as are named.
            columns.truncate(item.names.len());
        }
        for (name, value, explicit) in columns {
            let name = name.unwrap_or_else(|| {
                loop {
                    unnamed += 1;
                    let name = format!("Column{unnamed}");
                    if !schema.iter().any(|(n, _)| *n == name) {
                        break name;
                    }
                }
            });
            let ty = value.ty.unwrap_or(Type::Dynamic);
            let known = schema.iter().position(|(n, _)| *n == name);
            match known {
                Some(at) if explicit || auto_name(&item.value).as_deref() == Some(&name) => {
                    if let Some(slot) = schema.get_mut(at) {
                        slot.1 = ty;
                    }
                    placed.retain(|(p, _)| *p != at);
                    placed.push((at, value));
                }
                _ => {
                    placed.push((schema.len(), value));
                    schema.push((unique_name(&name, &schema), ty));
                }
            }
        }
    }
    let made = Made::new(Extend { items: placed }, schema);
    Some(if serialize { made.ordered(true) } else { made })
}

impl Operator for Extend {
    fn origins(&self, input: usize) -> Option<Vec<Origin>> {
        let mut origins: Vec<Origin> = (0..input).map(Origin::Same).collect();
        for (at, value) in &self.items {
            let origin = Origin::of(value)?;
            match origins.get_mut(*at) {
                Some(slot) => *slot = origin,
                None => origins.push(origin),
            }
        }
        Some(origins)
    }

    fn narrowed(&self, wanted: &BTreeSet<usize>) -> Option<Arc<dyn Operator>> {
        let items = self.items.iter().map(|(at, value)| {
            let value = match wanted.contains(at) {
                true => value.clone(),
                false => value.nothing(),
            };
            (*at, value)
        });
        Some(Arc::new(Extend {
            items: items.collect(),
        }))
    }

    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut columns = input.columns.clone();
        for (at, expr) in &self.items {
            let column = super::lazy(expr, &input, runtime)?;
            match columns.get_mut(*at) {
                Some(slot) => *slot = column,
                None => columns.push(column),
            }
        }
        Ok(input.with_columns(columns))
    }
}
