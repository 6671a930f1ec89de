//! `rows_near`: the rows around those that meet a condition.

use super::{Call, Planned, Plugin, stop};
use crate::diagnostic::Span;
use crate::kql::bind::operator::Made;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::eval::{constant, eval};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, convert};
use arrow_array::UInt32Array;
use std::sync::Arc;

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "rows_near",
    signature: "rows_near(condition, rows, [rows_after])",
    doc: "Keeps the rows for which a condition is true and so many rows before and after each of them, in the order of the input.",
    parameters: &["Condition", "NumRows", "RowsAfter"],
    bind,
};

#[derive(Debug)]
struct RowsNear {
    condition: Expr,
    before: Expr,
    after: Option<Expr>,
    span: Span,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if !call.fits(2, 3) || !call.no_schema() {
        return None;
    }
    let condition = call.get(0)?;
    let condition = call.binder.predicate(condition, call.input.row(), "KQL107");
    let before = call.get(1)?;
    let before = call.constant(before)?;
    let after = match call.get(2) {
        Some(after) => Some(call.constant(after)?),
        None => None,
    };
    let operator = RowsNear {
        condition,
        before,
        after,
        span: call.name,
    };
    Some(Planned::Made(Made::new(
        operator,
        call.input.schema.clone(),
    )))
}

impl Operator for RowsNear {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let count = |expr: &Expr| -> Result<usize, Stop> {
            let value = constant(expr, runtime)?;
            let number = convert::long(&value).and_then(|n| usize::try_from(n).ok());
            number.ok_or_else(|| {
                let message = "A number of rows of 0 or more is expected here";
                stop("KQL107", expr.span, message)
            })
        };
        let before = count(&self.before)?;
        let after = match &self.after {
            Some(after) => count(after)?,
            None => before,
        };
        let truth = eval(&self.condition, &input, runtime)?;
        let mut rows: Vec<u32> = Vec::new();
        let mut next = 0usize;
        for row in (0..input.rows).filter(|row| truth.truth(*row) == Some(true)) {
            let first = row.saturating_sub(before).max(next);
            let end = row.saturating_add(after).saturating_add(1).min(input.rows);
            rows.extend((first..end).map(|r| r as u32));
            next = next.max(end);
        }
        runtime.check_rows(rows.len(), self.span)?;
        Ok(input.take(&Arc::new(UInt32Array::from(rows))))
    }
}
