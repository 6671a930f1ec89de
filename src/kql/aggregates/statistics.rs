//! Spread and percentiles.

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::run::{compare, convert};
use crate::value::{Column, ColumnBuilder, Type, Value};

fn real(types: &[Type]) -> Option<Type> {
    match types.first()? {
        Type::Int | Type::Long | Type::Real | Type::Dynamic => Some(Type::Real),
        _ => None,
    }
}

/// Mean square distance from the mean; of a sample divided by one less than its size.
fn variances(input: &Input, sample: bool) -> Vec<f64> {
    // Welford's running form: exact enough and one pass.
    let mut states = vec![(0u64, 0.0f64, 0.0f64); input.groups.count];
    for (row, group) in input.rows() {
        if let (Some(x), Some((count, mean, squares))) =
            (convert::real(&input.value(row)), states.get_mut(group))
        {
            *count += 1;
            let delta = x - *mean;
            *mean += delta / *count as f64;
            *squares += delta * (x - *mean);
        }
    }
    let of = |(count, _, squares): (u64, f64, f64)| {
        let divisor = if sample {
            count.saturating_sub(1)
        } else {
            count
        };
        if divisor == 0 {
            0.0
        } else {
            squares / divisor as f64
        }
    };
    states.into_iter().map(of).collect()
}

fn reals(values: impl Iterator<Item = f64>) -> Column {
    let mut builder = ColumnBuilder::new(Type::Real);
    for value in values {
        builder.push(&Value::Real(value));
    }
    builder.finish()
}

/// The value at the nearest rank.
fn percentile(input: &Input) -> Column {
    let mut values: Vec<Vec<Value>> = vec![Vec::new(); input.groups.count];
    for (row, group) in input.rows() {
        let value = convert::convert(&input.value(row), input.ty);
        if !value.is_null()
            && let Some(list) = values.get_mut(group)
        {
            list.push(value);
        }
    }
    let share = input
        .constant(1)
        .as_ref()
        .and_then(convert::real)
        .unwrap_or(50.0)
        / 100.0;
    let mut builder = ColumnBuilder::new(input.ty);
    for list in &mut values {
        list.sort_by(compare::total);
        let rank = (share * list.len() as f64).ceil().max(1.0) as usize;
        let at = rank.min(list.len()).saturating_sub(1);
        builder.push(list.get(at).unwrap_or(&Value::Null));
    }
    builder.finish()
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    predicate: bool,
    body: fn(&Input) -> Column,
) -> Aggregate {
    Aggregate {
        names,
        signature,
        doc,
        params: if predicate {
            &[Param::Any, Param::Bool]
        } else {
            &[Param::Any]
        },
        optional: 0,
        predicate: if predicate { Some(1) } else { None },
        prefix: Some(names[0]),
        result: real,
        body,
    }
}

pub const AGGREGATES: &[Aggregate] = &[
    of(
        &["stdev"],
        "stdev(value)",
        "The standard deviation of a sample.",
        false,
        |i| reals(variances(i, true).into_iter().map(f64::sqrt)),
    ),
    of(
        &["stdevif"],
        "stdevif(value, predicate:bool)",
        "The standard deviation over the rows that satisfy the predicate.",
        true,
        |i| reals(variances(i, true).into_iter().map(f64::sqrt)),
    ),
    of(
        &["stdevp"],
        "stdevp(value)",
        "The standard deviation of a whole population.",
        false,
        |i| reals(variances(i, false).into_iter().map(f64::sqrt)),
    ),
    of(
        &["variance"],
        "variance(value)",
        "The variance of a sample.",
        false,
        |i| reals(variances(i, true).into_iter()),
    ),
    of(
        &["varianceif"],
        "varianceif(value, predicate:bool)",
        "The variance over the rows that satisfy the predicate.",
        true,
        |i| reals(variances(i, true).into_iter()),
    ),
    of(
        &["variancep"],
        "variancep(value)",
        "The variance of a whole population.",
        false,
        |i| reals(variances(i, false).into_iter()),
    ),
    of(
        &["variancepif"],
        "variancepif(value, predicate:bool)",
        "The variance of a whole population over the rows that satisfy the predicate.",
        true,
        |i| reals(variances(i, false).into_iter()),
    ),
    Aggregate {
        names: &["percentile"],
        signature: "percentile(value, percent)",
        doc: "The value below which so many percent of the group lie (nearest rank).",
        params: &[Param::Any, Param::Number],
        optional: 0,
        predicate: None,
        prefix: Some("percentile"),
        result: super::percentiles::result,
        body: percentile,
    },
];
