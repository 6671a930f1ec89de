//! One value of a whole series, or of two: sums, products, likeness, statistics.

use super::{Number, Operand, full, of, operand, pair_real, series};
use crate::kql::functions::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

const fn real(function: Function) -> Function {
    Function {
        result: |_| Some(Type::Real),
        ..function
    }
}

pub const FUNCTIONS: &[Function] = &[
    real(of(
        &["series_sum"],
        "series_sum(series:dynamic)",
        "The sum of the elements, real.",
        &[Param::Dynamic],
        0,
        Naming::None,
        |c, a| filled(c, a).map_or(Value::Null, |s| Value::Real(s.iter().sum())),
    )),
    real(of(
        &["series_product"],
        "series_product(series:dynamic)",
        "The product of the elements, real.",
        &[Param::Dynamic],
        0,
        Naming::None,
        |c, a| filled(c, a).map_or(Value::Null, |s| Value::Real(s.iter().product())),
    )),
    real(of(
        &["series_magnitude"],
        "series_magnitude(series:dynamic)",
        "The length of the series as a vector: the root of the sum of the squares.",
        &[Param::Dynamic],
        0,
        Naming::None,
        |c, a| filled(c, a).map_or(Value::Null, |s| Value::Real(length(&s))),
    )),
    Function {
        result: pair_real,
        ..of(
            &["series_dot_product"],
            "series_dot_product(series1:dynamic, series2:dynamic)",
            "The sum of the products of the elements that stand at one place. What is no number and what the shorter series lacks is left out; a number stands for all elements.",
            &[Param::Any, Param::Any],
            0,
            Naming::None,
            |c, a| match paired(c, a) {
                Some(pairs) if !pairs.is_empty() => Value::Real(dot(&pairs)),
                _ => Value::Null,
            },
        )
    },
    real(of(
        &["series_cosine_similarity"],
        "series_cosine_similarity(series1:dynamic, series2:dynamic [, magnitude1:real [, magnitude2:real]])",
        "The cosine of the angle between two series as vectors, of the places that both have. Their lengths may be given where they are known.",
        &[Param::Dynamic, Param::Dynamic, Param::Real, Param::Real],
        2,
        Naming::None,
        cosine,
    )),
    real(of(
        &["series_pearson_correlation"],
        "series_pearson_correlation(series1:dynamic, series2:dynamic)",
        "How far two series of one length rise and fall together, from -1 to 1; null where their lengths differ or an element is no number.",
        &[Param::Dynamic, Param::Dynamic],
        0,
        Naming::None,
        pearson,
    )),
    of(
        &["series_stats"],
        "series_stats(series:dynamic [, ignore_nonfinite:bool])",
        "The statistics of a series, in columns: min, min_idx, max, max_idx, avg, stdev, variance. They are null where an element is missing or not finite, unless such elements are ignored.",
        &[Param::Dynamic, Param::Bool],
        1,
        Naming::None,
        statistics,
    ),
    of(
        &["series_stats_dynamic"],
        "series_stats_dynamic(series:dynamic [, ignore_nonfinite:bool])",
        "A bag of the statistics of a series: min, min_idx, max, max_idx, avg, stdev, variance, sum, len. They are null where an element is missing or not finite, unless such elements are ignored.",
        &[Param::Dynamic, Param::Bool],
        1,
        Naming::None,
        statistics,
    ),
];

/// The elements of a series that has some and has no gaps.
fn filled(context: &Context, args: &[Value]) -> Option<Vec<f64>> {
    let series = full(context, args.first())?;
    if series.is_empty() {
        context.refuse("A series without elements is not supported here");
    }
    Some(series)
}

fn length(series: &[f64]) -> f64 {
    series.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn dot(pairs: &[(f64, f64)]) -> f64 {
    pairs.iter().map(|(a, b)| a * b).sum()
}

/// The elements of both where both have a number.
fn paired(context: &Context, args: &[Value]) -> Option<Vec<(f64, f64)>> {
    let left = operand(context, args.first())?;
    let right = operand(context, args.get(1))?;
    let reals = |items: &[Option<Number>]| -> Vec<Option<f64>> {
        items.iter().map(|i| i.map(Number::real)).collect()
    };
    let (a, b) = match (&left, &right) {
        (Operand::Series(a), Operand::Series(b)) => (reals(&a.items), reals(&b.items)),
        (Operand::Series(a), Operand::Scalar(n)) => {
            (reals(&a.items), vec![Some(n.real()); a.items.len()])
        }
        (Operand::Scalar(n), Operand::Series(b)) => {
            (vec![Some(n.real()); b.items.len()], reals(&b.items))
        }
        _ => return None,
    };
    let both = a.into_iter().zip(b);
    Some(both.filter_map(|(a, b)| Some((a?, b?))).collect())
}

fn cosine(context: &Context, args: &[Value]) -> Value {
    let Some(pairs) = paired(context, args).filter(|p| !p.is_empty()) else {
        return Value::Null;
    };
    let own = |of: fn(&(f64, f64)) -> f64| length(&pairs.iter().map(of).collect::<Vec<f64>>());
    let given = |at: usize| args.get(at).and_then(convert::real);
    let first = given(2).unwrap_or_else(|| own(|p| p.0));
    let second = given(3).unwrap_or_else(|| own(|p| p.1));
    if first * second == 0.0 {
        context.refuse("The cosine similarity of a series that is all zero is not supported");
    }
    Value::Real(dot(&pairs) / (first * second))
}

fn pearson(context: &Context, args: &[Value]) -> Value {
    let (Some(a), Some(b)) = (series(context, args.first()), series(context, args.get(1))) else {
        return Value::Null;
    };
    let numbers = |items: &[Option<Number>]| -> Option<Vec<f64>> {
        items.iter().map(|i| i.map(Number::real)).collect()
    };
    let (Some(a), Some(b)) = (numbers(&a.items), numbers(&b.items)) else {
        return Value::Null;
    };
    if a.len() != b.len() {
        return Value::Null;
    }
    let mean = |s: &[f64]| s.iter().sum::<f64>() / s.len() as f64;
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(&b) {
        ab += (x - mean_a) * (y - mean_b);
        aa += (x - mean_a).powi(2);
        bb += (y - mean_b).powi(2);
    }
    if a.len() < 2 || aa == 0.0 || bb == 0.0 {
        context.refuse("The correlation of a series that is constant is not supported");
    }
    Value::Real(ab / (aa.sqrt() * bb.sqrt()))
}

/// The parts of the bag, in the order in which `series_stats` gives the first seven.
const PARTS: [&str; 9] = [
    "min", "min_idx", "max", "max_idx", "avg", "stdev", "variance", "sum", "len",
];

fn statistics(context: &Context, args: &[Value]) -> Value {
    let Some(series) = series(context, args.first()) else {
        return Value::Null;
    };
    let ignore = args.get(1) == Some(&Value::Bool(true));
    let finite: Vec<(usize, f64)> = series
        .items
        .iter()
        .enumerate()
        .filter_map(|(at, n)| Some((at, n.map(Number::real).filter(|r| r.is_finite())?)))
        .collect();
    let mut parts = vec![Json::Null; PARTS.len()];
    if !finite.is_empty() && (ignore || finite.len() == series.items.len()) {
        let count = finite.len() as f64;
        let sum: f64 = finite.iter().map(|(_, r)| r).sum();
        let mean = sum / count;
        let squares: f64 = finite.iter().map(|(_, r)| (r - mean).powi(2)).sum();
        // Of a single number it is 0, as of the aggregate `variance()`.
        let variance = squares / (count - 1.0).max(1.0);
        let extreme = |better: fn(f64, f64) -> bool| {
            let first = finite.first().copied().unwrap_or_default();
            finite.iter().skip(1).fold(
                first,
                |best, item| {
                    if better(item.1, best.1) { *item } else { best }
                },
            )
        };
        let (min, max) = (extreme(|a, b| a < b), extreme(|a, b| a > b));
        let real = |r: f64| Number::Real(r).json();
        parts = vec![
            real(min.1),
            Json::from(min.0),
            real(max.1),
            Json::from(max.0),
            real(mean),
            real(variance.sqrt()),
            real(variance),
            real(sum),
            Json::from(finite.len()),
        ];
    }
    let named = PARTS.iter().map(|p| (*p).to_owned()).zip(parts);
    Value::Dynamic(Arc::new(Json::Object(named.collect::<Map<_, _>>())))
}
