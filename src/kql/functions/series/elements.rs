//! Functions of series element by element: arithmetic, comparisons and functions of one series.

use super::{Number, Operand, array, of, operand, pair, series};
use crate::kql::functions::{Context, Function, Naming, Param};
use crate::value::Value;
use serde_json::Value as Json;

const fn one(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: crate::kql::functions::Body,
) -> Function {
    of(
        names,
        signature,
        doc,
        &[Param::Dynamic],
        0,
        Naming::None,
        body,
    )
}

const fn two(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: crate::kql::functions::Body,
) -> Function {
    Function {
        result: pair,
        ..of(
            names,
            signature,
            doc,
            &[Param::Any, Param::Any],
            0,
            Naming::None,
            body,
        )
    }
}

pub const FUNCTIONS: &[Function] = &[
    two(
        &["series_add"],
        "series_add(series1:dynamic, series2:dynamic)",
        "The sums of the elements that stand at one place; null where one of them is missing or no number. A number stands for all elements.",
        |c, a| arithmetic(c, a, i64::wrapping_add, |a, b| a + b),
    ),
    two(
        &["series_subtract"],
        "series_subtract(series1:dynamic, series2:dynamic)",
        "The differences of the elements that stand at one place; null where one of them is missing or no number. A number stands for all elements.",
        |c, a| arithmetic(c, a, i64::wrapping_sub, |a, b| a - b),
    ),
    two(
        &["series_multiply"],
        "series_multiply(series1:dynamic, series2:dynamic)",
        "The products of the elements that stand at one place; null where one of them is missing or no number. A number stands for all elements.",
        |c, a| arithmetic(c, a, i64::wrapping_mul, |a, b| a * b),
    ),
    two(
        &["series_divide"],
        "series_divide(series1:dynamic, series2:dynamic)",
        "The quotients of the elements that stand at one place, always real; dividing by zero gives infinity or NaN.",
        |c, a| reals(c, a, |a, b| a / b),
    ),
    two(
        &["series_pow"],
        "series_pow(series1:dynamic, series2:dynamic)",
        "The elements of the first series raised to those of the second, always real.",
        |c, a| reals(c, a, f64::powf),
    ),
    two(
        &["series_equals"],
        "series_equals(series1:dynamic, series2:dynamic)",
        "For every place whether the elements are equal; null where one of them is missing or no number.",
        |c, a| compared(c, a, |o| o.is_eq(), false),
    ),
    two(
        &["series_not_equals"],
        "series_not_equals(series1:dynamic, series2:dynamic)",
        "For every place whether the elements differ; null where one of them is missing or no number.",
        |c, a| compared(c, a, |o| o.is_ne(), true),
    ),
    two(
        &["series_greater"],
        "series_greater(series1:dynamic, series2:dynamic)",
        "For every place whether the first element is greater; null where one of them is missing or no number.",
        |c, a| compared(c, a, |o| o.is_gt(), false),
    ),
    two(
        &["series_greater_equals"],
        "series_greater_equals(series1:dynamic, series2:dynamic)",
        "For every place whether the first element is greater or equal; null where one of them is missing or no number.",
        |c, a| compared(c, a, |o| o.is_ge(), false),
    ),
    two(
        &["series_less"],
        "series_less(series1:dynamic, series2:dynamic)",
        "For every place whether the first element is less; null where one of them is missing or no number.",
        |c, a| compared(c, a, |o| o.is_lt(), false),
    ),
    two(
        &["series_less_equals"],
        "series_less_equals(series1:dynamic, series2:dynamic)",
        "For every place whether the first element is less or equal; null where one of them is missing or no number.",
        |c, a| compared(c, a, |o| o.is_le(), false),
    ),
    one(
        &["series_abs"],
        "series_abs(series:dynamic)",
        "The absolute values of the elements; null for what is no number.",
        |c, a| kept(c, a, i64::wrapping_abs, f64::abs),
    ),
    one(
        &["series_sign"],
        "series_sign(series:dynamic)",
        "For every element -1, 0 or 1 by its sign; null for what is no number.",
        |c, a| kept(c, a, i64::signum, sign),
    ),
    one(
        &["series_ceiling"],
        "series_ceiling(series:dynamic)",
        "The elements rounded up; null for what is no number.",
        |c, a| kept(c, a, |n| n, f64::ceil),
    ),
    one(
        &["series_floor"],
        "series_floor(series:dynamic)",
        "The elements rounded down; null for what is no number.",
        |c, a| kept(c, a, |n| n, f64::floor),
    ),
    one(
        &["series_exp"],
        "series_exp(series:dynamic)",
        "e to the power of the elements; null for what is no number.",
        |c, a| real(c, a, f64::exp),
    ),
    one(
        &["series_log"],
        "series_log(series:dynamic)",
        "The natural logarithms of the elements; null for what is no number.",
        |c, a| real(c, a, f64::ln),
    ),
    one(
        &["series_sin"],
        "series_sin(series:dynamic)",
        "The sines of the elements; null for what is no number.",
        |c, a| real(c, a, f64::sin),
    ),
    one(
        &["series_cos"],
        "series_cos(series:dynamic)",
        "The cosines of the elements; null for what is no number.",
        |c, a| real(c, a, f64::cos),
    ),
    one(
        &["series_tan"],
        "series_tan(series:dynamic)",
        "The tangents of the elements; null for what is no number.",
        |c, a| real(c, a, f64::tan),
    ),
    one(
        &["series_asin"],
        "series_asin(series:dynamic)",
        "The arc sines of the elements; null for what is no number.",
        |c, a| real(c, a, f64::asin),
    ),
    one(
        &["series_acos"],
        "series_acos(series:dynamic)",
        "The arc cosines of the elements; null for what is no number.",
        |c, a| real(c, a, f64::acos),
    ),
    one(
        &["series_atan"],
        "series_atan(series:dynamic)",
        "The arc tangents of the elements; null for what is no number.",
        |c, a| real(c, a, f64::atan),
    ),
];

fn sign(value: f64) -> f64 {
    if value == 0.0 || value.is_nan() {
        value
    } else {
        value.signum()
    }
}

/// Element by element, whole where the series is.
fn kept(context: &Context, args: &[Value], long: fn(i64) -> i64, real: fn(f64) -> f64) -> Value {
    let Some(series) = series(context, args.first()) else {
        return Value::Null;
    };
    let whole = series.whole;
    let of = |item: &Option<Number>| match item {
        Some(Number::Long(n)) if whole => Json::from(long(*n)),
        Some(number) => Number::Real(real(number.real())).json(),
        None => Json::Null,
    };
    array(series.items.iter().map(of).collect())
}

/// Element by element, always real.
fn real(context: &Context, args: &[Value], real: fn(f64) -> f64) -> Value {
    let Some(series) = series(context, args.first()) else {
        return Value::Null;
    };
    let of = |item: &Option<Number>| match item {
        Some(number) => Number::Real(real(number.real())).json(),
        None => Json::Null,
    };
    array(series.items.iter().map(of).collect())
}

/// The elements of two operands side by side, as long as the longer one, and whether all are whole.
fn pairs(
    context: &Context,
    args: &[Value],
    of: impl Fn(Number, Number, bool) -> Json,
) -> Option<Value> {
    let left = operand(context, args.first())?;
    let right = operand(context, args.get(1))?;
    let size = |o: &Operand| match o {
        Operand::Series(s) => s.items.len(),
        Operand::Scalar(_) => 0,
    };
    let whole = |o: &Operand| match o {
        Operand::Series(s) => s.whole,
        Operand::Scalar(n) => matches!(n, Number::Long(_)),
    };
    let at = |o: &Operand, place: usize| match o {
        Operand::Series(s) => s.items.get(place).copied().flatten(),
        Operand::Scalar(n) => Some(*n),
    };
    if let (Operand::Scalar(_), Operand::Scalar(_)) = (&left, &right) {
        return None;
    }
    let all_whole = whole(&left) && whole(&right);
    let places = 0..size(&left).max(size(&right));
    let items = places.map(|place| match (at(&left, place), at(&right, place)) {
        (Some(a), Some(b)) => of(a, b, all_whole),
        _ => Json::Null,
    });
    Some(array(items.collect()))
}

fn arithmetic(
    context: &Context,
    args: &[Value],
    long: fn(i64, i64) -> i64,
    real: fn(f64, f64) -> f64,
) -> Value {
    let of = |a: Number, b: Number, whole: bool| match (a, b) {
        (Number::Long(a), Number::Long(b)) if whole => Json::from(long(a, b)),
        _ => Number::Real(real(a.real(), b.real())).json(),
    };
    pairs(context, args, of).unwrap_or(Value::Null)
}

fn reals(context: &Context, args: &[Value], real: fn(f64, f64) -> f64) -> Value {
    let of = |a: Number, b: Number, _| Number::Real(real(a.real(), b.real())).json();
    pairs(context, args, of).unwrap_or(Value::Null)
}

/// A comparison; `apart` is the answer where one of the numbers is NaN.
fn compared(
    context: &Context,
    args: &[Value],
    wanted: fn(std::cmp::Ordering) -> bool,
    apart: bool,
) -> Value {
    let of = |a: Number, b: Number, _| {
        let order = match (a, b) {
            (Number::Long(a), Number::Long(b)) => Some(a.cmp(&b)),
            _ => a.real().partial_cmp(&b.real()),
        };
        Json::from(order.map_or(apart, wanted))
    };
    pairs(context, args, of).unwrap_or(Value::Null)
}
