//! `assert-schema (columns)`: an error unless the rows have exactly these columns.

use super::docs::Doc;
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::Binder;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::plan::Operator;
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree;
use crate::value::Type;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["assert-schema"],
    "T | assert-schema (Column:type, …)",
    "An error unless the rows have exactly these columns in this order.",
    "SigninLogs | project Location | assert-schema (Location:string)",
)];

#[derive(Debug)]
struct Unchanged;

impl Operator for Unchanged {
    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        Ok(input)
    }
}

/// Analyses `assert-schema`.
pub fn bind(
    binder: &mut Binder,
    columns: &[(tree::Name, Type)],
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let same = columns.len() == input.schema.len()
        && columns
            .iter()
            .zip(&input.schema)
            .all(|((name, ty), (n, t))| name.text == *n && ty == t);
    if !same && !input.open {
        let own: Vec<String> = input
            .schema
            .iter()
            .map(|(n, t)| format!("{n}:{t}"))
            .collect();
        let message = "The rows do not have the columns that are asserted";
        let hint = format!("They have ({})", own.join(", "));
        binder.told(Diagnostic::error("KQL-columns", span, message).with_hint(hint));
    }
    Some(Made::new(Unchanged, input.schema.clone()))
}
