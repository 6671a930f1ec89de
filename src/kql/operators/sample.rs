//! `sample n` and `sample-distinct n of column`. The platform's choice is random; here it is always the same:
//! rows at even distances, and the first values that occur.

use super::docs::Doc;
use super::{distinct, take};
use crate::diagnostic::Diagnostic;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row};
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Type;
use arrow_array::UInt32Array;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["sample"],
        "T | sample n",
        "At most n rows. The platform takes them at random; here they are always the same ones, at even distances.",
        "SigninLogs | sample 10",
    ),
    Doc::operator(
        &["sample-distinct"],
        "T | sample-distinct n of Column",
        "At most n different values of a column. Which ones is not promised; here they are the first that occur.",
        "SigninLogs | sample-distinct 10 of UserPrincipalName",
    ),
];

#[derive(Debug)]
struct Sample {
    count: Expr,
}

#[derive(Debug)]
struct SampleDistinct {
    count: Expr,
    distinct: Box<dyn Operator>,
}

/// The number of rows: whole or real.
fn number(binder: &mut Binder, count: &tree::Expr) -> Expr {
    let count = binder.scalar(count, Row::NONE);
    let fits = count
        .ty
        .is_none_or(|t| matches!(t, Type::Int | Type::Long | Type::Real | Type::Dynamic));
    if !fits {
        let message = format!(
            "A number is expected here, and this is {}",
            count.type_or_dynamic()
        );
        binder.error("KQL134", count.span, message);
    }
    count
}

/// Analyses `sample`.
pub fn bind(binder: &mut Binder, count: &tree::Expr, input: &Pipeline) -> Option<Made> {
    let count = number(binder, count);
    Some(Made::new(Sample { count }, input.schema.clone()).ordered(false))
}

/// Analyses `sample-distinct`.
pub fn bind_distinct(
    binder: &mut Binder,
    count: &tree::Expr,
    of: &tree::Named,
    input: &Pipeline,
) -> Option<Made> {
    let count = number(binder, count);
    only_column(binder, of);
    let made = distinct::bind(binder, std::slice::from_ref(of), input)?;
    let operator = SampleDistinct {
        count,
        distinct: made.operator,
    };
    Some(Made::new(operator, made.schema).ordered(false))
}

/// Tells of an expression where the platform takes the name of a column only.
pub fn only_column(binder: &mut Binder, of: &tree::Named) {
    if !matches!(of.value.kind, ExprKind::Name(_)) || !of.names.is_empty() {
        let message = "The name of a column is expected here";
        let diagnostic = Diagnostic::error("KQL109", of.value.span, message);
        binder.told(diagnostic.with_hint("Make the value with `extend` before it"));
    }
}

impl Operator for Sample {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let count = take::number(&self.count, runtime)?;
        if count >= input.rows {
            return Ok(input);
        }
        let all = input.rows as u64;
        let rows = (0..count as u64).map(|n| (n * all / count as u64) as u32);
        Ok(input.take(&Arc::new(UInt32Array::from_iter_values(rows))))
    }
}

impl Operator for SampleDistinct {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let count = take::number(&self.count, runtime)?;
        Ok(take::first(self.distinct.run(input, runtime)?, count))
    }
}
