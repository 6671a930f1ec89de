//! `datatable(a:long, b:string)[1, "x", …]`: a table written into the query.

use crate::diagnostic::Span;
use crate::kql::bind::operator::Made;
use crate::kql::bind::{Binder, Row, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator, Schema};
use crate::kql::run::eval::constant;
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree;
use crate::value::{ColumnBuilder, Type};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["datatable"],
    "datatable(Column:type, …) [value, value, …]",
    "A table written into the query: the columns with their types, then the values row by row.",
    "let Watched = datatable(Account:string, Since:datetime)[\"ana@contoso.example\", datetime(2024-05-01)];",
)];

#[derive(Debug)]
struct Datatable {
    types: Vec<Type>,
    values: Vec<Expr>,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    columns: &[(tree::Name, Type)],
    values: &[tree::Expr],
    span: Span,
) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    for (name, ty) in columns {
        if schema.iter().any(|(n, _)| *n == name.text) {
            binder.error(
                "KQL-duplicate",
                name.span,
                format!("The column `{}` is there already", name.text),
            );
        }
        schema.push((unique_name(&name.text, &schema), *ty));
    }
    let types: Vec<Type> = schema.iter().map(|(_, t)| *t).collect();
    if !types.is_empty() && !values.len().is_multiple_of(types.len()) {
        let message = format!(
            "{} values do not fill rows of {} columns",
            values.len(),
            types.len()
        );
        let place = values.last().map_or(span, |v| v.span);
        binder.error("KQL-datatable", place, message);
    }
    let mut bound = Vec::with_capacity(values.len());
    for value in values {
        let value = binder.scalar(value, Row::NONE);
        if !value.is_constant() {
            binder.error("KQL129", value.span, "A constant is expected here");
        }
        bound.push(value);
    }
    Some(Made::new(
        Datatable {
            types,
            values: bound,
        },
        schema,
    ))
}

impl Operator for Datatable {
    fn run(&self, _: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let width = self.types.len().max(1);
        let mut builders: Vec<ColumnBuilder> =
            self.types.iter().map(|t| ColumnBuilder::new(*t)).collect();
        for (at, expr) in self.values.iter().enumerate() {
            let value = constant(expr, runtime)?;
            if let (Some(builder), Some(ty)) =
                (builders.get_mut(at % width), self.types.get(at % width))
            {
                builder.push(&convert::convert(&value, *ty));
            }
        }
        let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
        Ok(Frame::of_columns(columns, self.values.len() / width))
    }
}
