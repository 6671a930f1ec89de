//! Missing values of a series filled. Missing is null, or a placeholder that the query names.

use super::{Number, array, of};
use crate::kql::functions::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::Value;
use serde_json::Value as Json;

pub const FUNCTIONS: &[Function] = &[
    of(
        &["series_fill_const"],
        "series_fill_const(series:dynamic, constant [, missing])",
        "The series with a constant in place of missing values: nulls, or the elements equal to a placeholder.",
        &[Param::Dynamic, Param::Any, Param::Any],
        1,
        Naming::First,
        fill_const,
    ),
    of(
        &["series_fill_forward"],
        "series_fill_forward(series:dynamic [, missing])",
        "The series with the last value before it in place of every missing one; those at the beginning stay.",
        &[Param::Dynamic, Param::Any],
        1,
        Naming::First,
        |c, a| fill_near(c, a, false),
    ),
    of(
        &["series_fill_backward"],
        "series_fill_backward(series:dynamic [, missing])",
        "The series with the next value behind it in place of every missing one; those at the end stay.",
        &[Param::Dynamic, Param::Any],
        1,
        Naming::First,
        |c, a| fill_near(c, a, true),
    ),
    of(
        &["series_fill_linear"],
        "series_fill_linear(series:dynamic [, missing [, edges:bool [, constant]]])",
        "The series with missing values on the straight line between their neighbours; at the edges the nearest value unless false is given, and a constant (0) where all are missing. Whole numbers stay whole.",
        &[Param::Dynamic, Param::Any, Param::Bool, Param::Any],
        3,
        Naming::First,
        fill_linear,
    ),
];

fn items(value: Option<&Value>) -> Option<&Vec<Json>> {
    match value? {
        Value::Dynamic(json) => json.as_array(),
        _ => None,
    }
}

fn number(json: &Json) -> Option<f64> {
    json.as_f64()
}

/// Whether an element is missing.
fn missing(placeholder: Option<&Value>) -> impl Fn(&Json) -> bool {
    let placeholder = placeholder.filter(|p| !p.is_null()).cloned();
    move |item| match &placeholder {
        None => item.is_null(),
        Some(placeholder) => match (convert::real(placeholder), number(item)) {
            (Some(a), Some(b)) => a == b || a.is_nan() && b.is_nan(),
            _ => convert::json(placeholder) == *item,
        },
    }
}

fn fill_const(_: &Context, args: &[Value]) -> Value {
    let (Some(items), Some(constant)) = (items(args.first()), args.get(1)) else {
        return Value::Null;
    };
    let gone = missing(args.get(2));
    let constant = convert::json(constant);
    let fill = |item: &Json| match gone(item) {
        true => constant.clone(),
        false => item.clone(),
    };
    array(items.iter().map(fill).collect())
}

fn fill_near(_: &Context, args: &[Value], back: bool) -> Value {
    let Some(items) = items(args.first()) else {
        return Value::Null;
    };
    let gone = missing(args.get(1));
    let mut last: Option<&Json> = None;
    let mut fill = |item| match gone(item) {
        true => last.unwrap_or(item).clone(),
        false => {
            last = Some(item);
            item.clone()
        }
    };
    let mut filled: Vec<Json> = match back {
        true => items.iter().rev().map(&mut fill).collect(),
        false => items.iter().map(&mut fill).collect(),
    };
    if back {
        filled.reverse();
    }
    array(filled)
}

fn fill_linear(context: &Context, args: &[Value]) -> Value {
    let Some(items) = items(args.first()) else {
        return Value::Null;
    };
    let gone = missing(args.get(1));
    let edges = args.get(2).is_none_or(|e| *e != Value::Bool(false));
    let known: Vec<(usize, f64)> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| !gone(item))
        .filter_map(|(at, item)| Some((at, number(item)?)))
        .collect();
    if known.len() != items.iter().filter(|i| !gone(i)).count() {
        context.refuse("`series_fill_linear` of elements that are no numbers is not supported");
        return Value::Null;
    }
    let (Some((first, _)), Some((last, _))) = (known.first(), known.last()) else {
        // Nothing is known: a constant.
        let constant = match args.get(3) {
            Some(constant) => convert::json(constant),
            None => Number::Real(0.0).json(),
        };
        if constant.is_null() {
            return array(items.clone());
        }
        return array(vec![constant; items.len()]);
    };
    let whole = items.iter().all(|i| gone(i) || i.is_i64());
    let nearest = |at: usize| items.get(at).cloned().unwrap_or(Json::Null);
    let mut filled = Vec::with_capacity(items.len());
    let mut next = 0usize;
    for (at, item) in items.iter().enumerate() {
        while known.get(next).is_some_and(|(k, _)| *k < at) {
            next += 1;
        }
        filled.push(if !gone(item) {
            item.clone()
        } else if at < *first || at > *last {
            match edges {
                true => nearest(if at < *first { *first } else { *last }),
                false => item.clone(),
            }
        } else {
            let before = next.checked_sub(1).and_then(|b| known.get(b));
            let (Some((x0, y0)), Some((x1, y1))) = (before, known.get(next)) else {
                return Value::Null;
            };
            let slope = (y1 - y0) / (x1 - x0) as f64;
            let value = y0 + slope * (at - x0) as f64;
            match whole {
                true if value < 0.0 && value.fract() != 0.0 => {
                    context.refuse(
                        "`series_fill_linear` between whole numbers below zero is not supported; make the series real first",
                    );
                    Json::Null
                }
                true => Json::from(value as i64),
                false => Number::Real(value).json(),
            }
        });
    }
    array(filled)
}
