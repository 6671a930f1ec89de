//! `project name = expression, …`: these columns and no others. All expressions see the input only.

use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, auto_name, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Kind, Operator, Schema, Step};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Type;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["project"],
    "T | project [Name =] expression, …",
    "Keeps or computes these columns, in this order, and drops all others. The expressions see the columns before this operator.",
    "SigninLogs | project TimeGenerated, Account = UserPrincipalName, City = tostring(LocationDetails.city)",
)];

#[derive(Debug)]
struct Project {
    items: Vec<Expr>,
}

/// The columns an item makes: name, value, whether the query gives the name.
/// `(a, b) = expression` takes the elements of an array apart.
pub fn columns(
    binder: &mut Binder,
    item: &tree::Named,
    row: Row,
) -> Vec<(Option<String>, Expr, bool)> {
    let value = binder.scalar(&item.value, row);
    match item.names.as_slice() {
        [] => vec![(auto_name(&item.value), value, false)],
        [name] => vec![(Some(name.text.clone()), value, true)],
        names => {
            if value.ty.is_some_and(|t| t != Type::Dynamic) {
                binder.error(
                    "KQL141",
                    item.value.span,
                    "Several names need a dynamic array",
                );
            }
            let part = |at: usize| Expr {
                kind: Kind::Path(Box::new(value.clone()), vec![Step::Index(at as i64)]),
                ty: Some(Type::Dynamic),
                span: value.span,
            };
            let named = names.iter().enumerate();
            named
                .map(|(at, name)| (Some(name.text.clone()), part(at), true))
                .collect()
        }
    }
}

/// Analyses it.
pub fn bind(binder: &mut Binder, items: &[tree::Named], input: &Pipeline) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    let mut values = Vec::new();
    let mut unnamed = 0;
    for item in items {
        if matches!(item.value.kind, ExprKind::Star) && item.names.is_empty() {
            binder.error(
                "KQL-star",
                item.value.span,
                "`project` names its columns one by one",
            );
            continue;
        }
        for (name, value, explicit) in columns(binder, item, input.row()) {
            let name = name.unwrap_or_else(|| {
                unnamed += 1;
                format!("Column{unnamed}")
            });
            if explicit && schema.iter().any(|(n, _)| *n == name) {
                let span = item.names.first().map_or(value.span, |n| n.span);
                binder.error(
                    "KQL-duplicate",
                    span,
                    format!("The column `{name}` is there already"),
                );
            }
            schema.push((
                unique_name(&name, &schema),
                value.ty.unwrap_or(Type::Dynamic),
            ));
            values.push(value);
        }
    }
    let mut made = Made::new(Project { items: values }, schema);
    made.open = Some(false);
    Some(made)
}

impl Operator for Project {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut columns = Vec::with_capacity(self.items.len());
        for item in &self.items {
            columns.push(super::lazy(item, &input, runtime)?);
        }
        Ok(input.with_columns(columns))
    }
}
