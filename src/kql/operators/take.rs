//! `take n`, `limit n`: the first so many rows. (The platform promises no order; here it is the input's.)

use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, convert, eval};
use crate::kql::syntax::tree;
use crate::value::Type;
use arrow_array::UInt32Array;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["take", "limit"],
    "T | take n",
    "At most n rows. Which ones is not promised, unless the rows are sorted.",
    "SigninLogs | take 10",
)];

#[derive(Debug)]
struct Take {
    count: Expr,
}

/// A number of rows: a constant whole number.
pub fn row_count(binder: &mut Binder, count: &tree::Expr) -> Expr {
    let count = binder.scalar(count, Row::NONE);
    if let Some(ty) = count.ty
        && !matches!(ty, Type::Int | Type::Long | Type::Dynamic)
    {
        binder.error(
            "KQL134",
            count.span,
            format!("A whole number is expected here, and this is {ty}"),
        );
    }
    count
}

/// Analyses it.
pub fn bind(binder: &mut Binder, count: &tree::Expr, input: &Pipeline) -> Option<Made> {
    let count = row_count(binder, count);
    Some(Made::new(Take { count }, input.schema.clone()))
}

/// The number that an expression gives, at least 0.
///
/// # Errors
/// When cancelled or at a limit.
pub fn number(count: &Expr, runtime: &Runtime) -> Result<usize, Stop> {
    let value = convert::long(&eval::constant(count, runtime)?).unwrap_or(0);
    Ok(usize::try_from(value).unwrap_or(0))
}

/// The first so many rows.
pub fn first(input: Frame, count: usize) -> Frame {
    if count >= input.rows {
        return input;
    }
    let rows = UInt32Array::from_iter_values(0..u32::try_from(count).unwrap_or(u32::MAX));
    input.take(&Arc::new(rows))
}

impl Operator for Take {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        Ok(first(input, number(&self.count, runtime)?))
    }
}
