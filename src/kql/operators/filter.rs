//! `where predicate`: the rows for which the predicate is true. False and null both drop a row.

use crate::kql::bind::Binder;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Kind, Operator};
use crate::kql::run::datum::Datum;
use crate::kql::run::eval::eval;
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree;
use arrow_array::cast::AsArray;
use arrow_array::{Array, UInt32Array};
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["where", "filter"],
    "T | where predicate",
    "Keeps the rows for which the predicate is true; rows for which it is false or null are dropped.",
    "SigninLogs | where TimeGenerated > ago(1d) and ResultType != \"0\"",
)];

#[derive(Debug)]
struct Filter {
    /// All of these must be true; each sees only the rows the ones before it left.
    conditions: Vec<Expr>,
}

/// Analyses it.
pub fn bind(binder: &mut Binder, predicate: &tree::Expr, input: &Pipeline) -> Option<Made> {
    let predicate = binder.predicate(predicate, input.row(), "KQL141");
    let mut conditions = Vec::new();
    split(predicate, &mut conditions);
    Some(Made::new(Filter { conditions }, input.schema.clone()))
}

fn split(expr: Expr, into: &mut Vec<Expr>) {
    match expr.kind {
        Kind::And(left, right) => {
            split(*left, into);
            split(*right, into);
        }
        _ => into.push(expr),
    }
}

impl Operator for Filter {
    fn run(&self, mut input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        for condition in &self.conditions {
            if input.rows == 0 {
                break;
            }
            runtime.check()?;
            let truth = eval(condition, &input, runtime)?;
            input = keep(input, &truth);
        }
        Ok(input)
    }
}

/// The rows whose truth is true.
pub fn keep(input: Frame, truth: &Datum) -> Frame {
    let column = match truth {
        Datum::Const(..) => {
            return match truth.truth(0) {
                Some(true) => input,
                _ => input.take(&Arc::new(UInt32Array::from(Vec::<u32>::new()))),
            };
        }
        Datum::Column(column) => column,
    };
    let Some(bools) = column.array.as_boolean_opt() else {
        return input;
    };
    let set = match bools.nulls() {
        Some(nulls) => bools.values() & nulls.inner(),
        None => bools.values().clone(),
    };
    let count = set.count_set_bits();
    if count == input.rows {
        return input;
    }
    let mut rows = Vec::with_capacity(count);
    rows.extend(set.set_indices().map(|i| i as u32));
    input.take(&Arc::new(UInt32Array::from(rows)))
}
