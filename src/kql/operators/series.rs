//! `make-series`: aggregates in bins of equal width along an axis, one row of arrays a group. Bins without rows get
//! a default.

use super::aggregate;
use super::docs::Doc;
use super::series_run::Series;
use crate::diagnostic::Span;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, auto_name, unique_name};
use crate::kql::plan::{Expr, Schema};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::kql::syntax::tree_rows::MakeSeries;
use crate::value::Type;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["make-series"],
    "T | make-series [kind=nonempty] [Name =] aggregate [default=value], … on axis [from start] [to end] step width [by key, …]",
    "Aggregates in bins of equal width along an axis, as one row of arrays for every key; bins without rows get the default, 0 where none is given.",
    "SigninLogs | make-series Failed = countif(ResultType != \"0\") on TimeGenerated from ago(7d) to now() step 1h by UserPrincipalName",
)];

/// The column of the bin's number, on the way.
const BIN: &str = "#bin";

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    series: &MakeSeries,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let axis = binder.scalar(&series.axis.value, input.row());
    let mut bound = |e: &Option<tree::Expr>| e.as_ref().map(|e| binder.scalar(e, Row::NONE));
    let (from, to) = (bound(&series.from), bound(&series.to));
    let step = binder.scalar(&series.step, Row::NONE);
    check_axis(binder, &axis, [from.as_ref(), to.as_ref()], &step);
    if to.is_some() && from.is_none() {
        let message = "`make-series` with `to` and without `from` is not supported";
        binder.error("KQL-unsupported", span, message);
    }
    // The aggregates of every group and bin are those of `summarize`.
    let mut schema = input.schema.clone();
    schema.push((BIN.to_owned(), Type::Long));
    let inner = binder.inner_input(schema, input.open);
    let items: Vec<tree::Named> = series.items.iter().map(|(i, _)| i.clone()).collect();
    let mut keys = series.keys.clone();
    keys.push(tree::Named {
        names: Vec::new(),
        value: tree::Expr {
            kind: ExprKind::Name(BIN.to_owned()),
            span,
        },
    });
    let made = aggregate::bind(binder, &items, &keys, &inner)?;
    let keys = series.keys.len();
    let mut schema: Schema = made.schema.iter().take(keys).cloned().collect();
    let mut values = Vec::new();
    let one_each = made.schema.len() == keys + 1 + series.items.len();
    for (at, (name, ty)) in made.schema.iter().skip(keys + 1).enumerate() {
        let default = series.items.get(if one_each { at } else { 0 });
        let default = default.and_then(|(_, d)| d.as_ref());
        let default = default.map(|d| binder.scalar(d, Row::NONE));
        if matches!(ty, Type::Dynamic | Type::String | Type::Guid | Type::Bool) {
            let message =
                format!("`make-series` takes aggregates that are numbers; `{name}` is {ty}");
            let place = series.items.get(at).map_or(span, |(i, _)| i.value.span);
            binder.error("KQL-unsupported", place, message);
        }
        schema.push((name.clone(), Type::Dynamic));
        values.push((*ty, default));
    }
    if !one_each && series.items.iter().any(|(_, d)| d.is_some()) && series.items.len() > 1 {
        let message = "`default` beside an aggregate of several columns is not supported";
        binder.error("KQL-unsupported", span, message);
    }
    let name = match series.axis.names.first() {
        Some(name) => name.text.clone(),
        None => auto_name(&series.axis.value).unwrap_or_else(|| "Column1".to_owned()),
    };
    if series
        .items
        .iter()
        .any(|(i, _)| i.names.iter().any(|n| n.text == name))
    {
        let message = format!("The column `{name}` is there already");
        binder.error("KQL-duplicate", series.axis.value.span, message);
    }
    schema.push((unique_name(&name, &schema), Type::Dynamic));
    let operator = Series {
        axis,
        from,
        to,
        step,
        in_range: series.in_range,
        nonempty: series.nonempty,
        summarize: made.operator,
        keys,
        values,
        span,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(false);
    Some(made.ordered(false))
}

fn check_axis(binder: &mut Binder, axis: &Expr, bounds: [Option<&Expr>; 2], step: &Expr) {
    let (Some(ty), Some(width)) = (axis.ty, step.ty) else {
        return;
    };
    let number = |t: Type| matches!(t, Type::Int | Type::Long | Type::Real);
    let fits = match ty {
        Type::DateTime | Type::TimeSpan => width == Type::TimeSpan,
        ty if number(ty) => number(width),
        _ => false,
    };
    if !fits {
        let message = format!("The steps of an axis of {ty} cannot be {width}");
        binder.error("KQL178", step.span, message);
        return;
    }
    for bound in bounds.into_iter().flatten() {
        let fits = bound.ty.is_none_or(|b| b == ty || number(b) && number(ty));
        if !fits {
            let message = format!("The axis is {ty}, and this is {}", bound.type_or_dynamic());
            binder.error("KQL178", bound.span, message);
        }
    }
}
