//! `distinct a, b` and `distinct *`: each combination of values once, with the events of all its rows.

use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, auto_name, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator, Schema};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Type;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["distinct"],
    "T | distinct column, …",
    "Keeps each combination of values of these columns once and drops the other columns. `distinct *` takes all columns.",
    "SigninLogs | distinct UserPrincipalName, IPAddress",
)];

#[derive(Debug)]
struct Distinct {
    items: Vec<Expr>,
}

/// Analyses it.
pub fn bind(binder: &mut Binder, items: &[tree::Named], input: &Pipeline) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    let mut values: Vec<Expr> = Vec::new();
    let mut unnamed = 0;
    for item in items {
        if matches!(item.value.kind, ExprKind::Star) {
            for (at, (name, ty)) in input.schema.iter().enumerate() {
                schema.push((unique_name(name, &schema), *ty));
                values.push(Expr::column(at, *ty, item.value.span));
            }
            continue;
        }
        let value = binder.scalar(&item.value, input.row());
        let name = match item.names.first() {
            Some(name) => name.text.clone(),
            None => auto_name(&item.value).unwrap_or_else(|| {
                unnamed += 1;
                format!("Column{unnamed}")
            }),
        };
        schema.push((
            unique_name(&name, &schema),
            value.ty.unwrap_or(Type::Dynamic),
        ));
        values.push(value);
    }
    for value in &values {
        super::sort::no_dynamic(binder, value, "a key of `distinct`");
    }
    let mut made = Made::new(Distinct { items: values }, schema);
    made.open = Some(false);
    Some(made.ordered(false))
}

impl Operator for Distinct {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut columns = Vec::with_capacity(self.items.len());
        for item in &self.items {
            columns.push(super::lazy(item, &input, runtime)?);
        }
        let projected = input.with_columns(columns);
        let keys = projected.columns.iter().map(|c| c.get().clone()).collect();
        let grouping = super::aggregate::group(keys, input.rows);
        runtime.check()?;
        Ok(super::aggregate::collapse(&projected, &grouping))
    }
}
