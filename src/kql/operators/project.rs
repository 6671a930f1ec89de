//! `project name = expression, …`: these columns and no others. All expressions see the input only.

use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, auto_name, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Kind, Operator, Origin, Schema, Step};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Type;
use std::collections::BTreeSet;
use std::sync::Arc;

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
    if let Some(columns) = binder.several(item, row) {
        return columns;
    }
    let value = binder.scalar(&item.value, row);
    match item.names.as_slice() {
        [] => match sorted_together(item, &value) {
            Some(several) => several,
            None => vec![(auto_name(&item.value), value, false)],
        },
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

/// Arrays that are sorted together and not named: a column each, `a_sorted`.
fn sorted_together(item: &tree::Named, value: &Expr) -> Option<Vec<(Option<String>, Expr, bool)>> {
    let (ExprKind::Call(_, arguments), Kind::Call(function, args)) =
        (&item.value.kind, &value.kind)
    else {
        return None;
    };
    let arrays = args.iter().filter(|a| a.ty == Some(Type::Dynamic)).count();
    if !matches!(function.name(), "array_sort_asc" | "array_sort_desc") || arrays < 2 {
        return None;
    }
    let column = |at: usize, argument: &tree::Argument| {
        let name = auto_name(&argument.value).unwrap_or_else(|| format!("array{at}"));
        let part = Expr {
            kind: Kind::Path(Box::new(value.clone()), vec![Step::Index(at as i64)]),
            ty: Some(Type::Dynamic),
            span: value.span,
        };
        (Some(format!("{name}_sorted")), part, true)
    };
    let arrays = arguments.iter().take(arrays).enumerate();
    Some(arrays.map(|(at, argument)| column(at, argument)).collect())
}

/// Analyses it.
pub fn bind(binder: &mut Binder, items: &[tree::Named], input: &Pipeline) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    let mut values = Vec::new();
    let mut unnamed = 0;
    let mut given: Vec<String> = Vec::new();
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
            // A name that only the analysis made gives way: the new column gets another.
            if explicit && given.contains(&name) {
                let span = item.names.first().map_or(value.span, |n| n.span);
                binder.error(
                    "KQL-duplicate",
                    span,
                    format!("The column `{name}` is there already"),
                );
            }
            if explicit || auto_name(&item.value).is_some() {
                given.push(name.clone());
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
    fn origins(&self, _: usize) -> Option<Vec<Origin>> {
        self.items.iter().map(Origin::of).collect()
    }

    fn narrowed(&self, wanted: &BTreeSet<usize>) -> Option<Arc<dyn Operator>> {
        let items = self.items.iter().enumerate();
        let items = items.map(|(at, value)| match wanted.contains(&at) {
            true => value.clone(),
            false => value.nothing(),
        });
        Some(Arc::new(Project {
            items: items.collect(),
        }))
    }

    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut columns = Vec::with_capacity(self.items.len());
        for item in &self.items {
            columns.push(super::lazy(item, &input, runtime)?);
        }
        Ok(input.with_columns(columns))
    }
}
