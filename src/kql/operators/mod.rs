//! The tabular operators: one file each, with its analysis and its code.

pub mod aggregate;
pub mod aggregate_bind;
pub mod apply;
pub mod count;
pub mod datatable;
pub mod distinct;
pub mod docs;
pub mod expand;
pub mod extend;
pub mod filter;
pub mod getschema;
pub mod join;
pub mod join_run;
pub mod parse;
pub mod print;
pub mod project;
pub mod rename;
pub mod sort;
pub mod take;
pub mod union;

use super::bind::operator::{Made, Pipeline};
use super::plan::{Expr, Operator};
use super::run::eval::eval;
use super::run::frame::{Frame, Lazy};
use super::run::{Runtime, Stop};

/// Keeps the rows as they are: `render`.
#[derive(Debug)]
struct Unchanged;

impl Operator for Unchanged {
    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        Ok(input)
    }
}

/// An operator that changes nothing.
pub fn unchanged(input: &Pipeline) -> Made {
    Made::new(Unchanged, input.schema.clone())
}

/// A column of an expression; one that is only passed on stays lazy.
pub fn lazy(expr: &Expr, frame: &Frame, runtime: &Runtime) -> Result<Lazy, Stop> {
    if let super::plan::Kind::Column(at) = &expr.kind
        && let Some(column) = frame.columns.get(*at)
    {
        return Ok(column.clone());
    }
    Ok(Lazy::new(
        eval(expr, frame, runtime)?.into_column(frame.rows),
    ))
}
