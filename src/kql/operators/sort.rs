//! `sort by`, `order by` and `top n by`. Descending unless it says `asc`; null is the smallest value.

use crate::diagnostic::Diagnostic;
use crate::kql::bind::Binder;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::eval::eval;
use crate::kql::run::frame::Frame;
use crate::kql::run::sorting::{self, Key};
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree;
use crate::value::Type;
use arrow_array::UInt32Array;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["sort", "order", "sort by", "order by"],
        "T | sort by expression [asc|desc] [nulls first|nulls last], …",
        "Puts the rows in order, descending unless it says `asc`. Null is the smallest value.",
        "SigninLogs | sort by TimeGenerated asc",
    ),
    Doc::operator(
        &["top"],
        "T | top n by expression [asc|desc] [nulls first|nulls last], …",
        "The first n rows in an order, descending unless it says `asc`.",
        "SigninLogs | summarize Tries = count() by IPAddress | top 10 by Tries",
    ),
];

#[derive(Debug)]
struct Sort {
    keys: Vec<(Expr, bool, bool)>,
    top: Option<Expr>,
}

/// Analyses it; with a count it is `top`.
pub fn bind(
    binder: &mut Binder,
    keys: &[tree::SortKey],
    top: Option<&tree::Expr>,
    input: &Pipeline,
) -> Option<Made> {
    let top = top.map(|count| super::take::row_count(binder, count));
    let mut bound = Vec::new();
    for key in keys {
        let value = binder.scalar(&key.value, input.row());
        no_dynamic(binder, &value, "sorted by");
        let ascending = key.ascending.unwrap_or(false);
        bound.push((value, ascending, key.nulls_first.unwrap_or(ascending)));
    }
    let made = Made::new(Sort { keys: bound, top }, input.schema.clone());
    Some(made.ordered(true))
}

/// Tells of a dynamic value where a key is needed.
pub fn no_dynamic(binder: &mut Binder, value: &Expr, what: &str) {
    if value.ty == Some(Type::Dynamic) {
        let message = format!("A dynamic value cannot be {what}");
        let diagnostic = Diagnostic::error("KQL116", value.span, message);
        binder.told(diagnostic.with_hint("Convert it, for example with `tostring(…)`"));
    }
}

impl Operator for Sort {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut keys = Vec::with_capacity(self.keys.len());
        for (expr, ascending, nulls_first) in &self.keys {
            keys.push(Key {
                column: eval(expr, &input, runtime)?.into_column(input.rows),
                ascending: *ascending,
                nulls_first: *nulls_first,
            });
        }
        runtime.check()?;
        let first = match &self.top {
            Some(top) => Some(super::take::number(top, runtime)?),
            None => None,
        };
        let order = sorting::first(&keys, input.rows, first, &runtime.options.cancel)?;
        Ok(input.take(&Arc::new(UInt32Array::from(order))))
    }
}
