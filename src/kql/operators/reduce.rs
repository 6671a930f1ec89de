//! `reduce by text`: texts grouped by likeness. Which texts the platform takes for alike is not documented exactly,
//! so it is analysed, and refused where it would have to run on a row.

use super::docs::Doc;
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, unique_name};
use crate::kql::plan::{Operator, Schema};
use crate::kql::run::frame::{Frame, nulls};
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree_rows;
use crate::value::Type;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["reduce"],
    "T | reduce [kind=source] by text [with threshold=number, characters=text]",
    "Groups texts by likeness: pattern, count and one text of each group. It is checked and does not run here.",
    "",
)];

#[derive(Debug)]
struct Reduce {
    schema: Schema,
    span: Span,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    reduce: &tree_rows::Reduce,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let value = binder.scalar(&reduce.by.value, input.row());
    if let Some(ty) = value.ty
        && !matches!(ty, Type::String | Type::Dynamic)
    {
        let message = format!("`reduce` takes a string, and this is {ty}");
        binder.error("KQL107", value.span, message);
    }
    for (name, setting) in &reduce.settings {
        binder.scalar(setting, Row::NONE);
        if !matches!(name.text.as_str(), "threshold" | "characters") {
            let message = format!(
                "`{}` is not a setting of `reduce`; there are threshold and characters",
                name.text
            );
            binder.error("KQL005", name.span, message);
        }
    }
    let mut schema: Schema = match reduce.source {
        true => input.schema.clone(),
        false => Vec::new(),
    };
    for (name, ty) in [
        ("Pattern", Type::String),
        ("Count", Type::Long),
        ("Representative", Type::String),
    ] {
        schema.push((unique_name(name, &schema), ty));
    }
    let message = "`reduce` is checked and does not run here: the query ends with an error once a row reaches it";
    binder.told(Diagnostic::warning("KQL-unsupported", span, message));
    let operator = Reduce {
        schema: schema.clone(),
        span,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(reduce.source && input.open);
    Some(made.ordered(false))
}

impl Operator for Reduce {
    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        if input.rows > 0 {
            return Err(Stop::Failed(Box::new(Diagnostic::error(
                "KQL-unsupported",
                self.span,
                "`reduce` does not run here: which texts the platform takes for alike is not documented exactly",
            ))));
        }
        let columns = self.schema.iter().map(|(_, ty)| nulls(*ty, 0)).collect();
        Ok(Frame::of_columns(columns, 0))
    }
}
