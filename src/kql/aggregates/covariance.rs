//! How two columns vary together. Rows where one of them is null are left out.

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::run::convert;
use crate::value::{Column, ColumnBuilder, Type, Value};

fn real(types: &[Type]) -> Option<Type> {
    let number = |t: &Type| matches!(t, Type::Int | Type::Long | Type::Real);
    types.iter().all(number).then_some(Type::Real)
}

fn covariance(input: &Input, sample: bool) -> Column {
    // Count, both means, sum of the products of the distances from them: one pass.
    let mut states = vec![(0u64, 0.0f64, 0.0f64, 0.0f64); input.groups.count];
    for (row, group) in input.rows() {
        let number = |at: usize| {
            input
                .args
                .get(at)
                .and_then(|a| convert::real(&a.value(row)))
        };
        if let (Some(x), Some(y), Some((count, mean_x, mean_y, products))) =
            (number(0), number(1), states.get_mut(group))
        {
            *count += 1;
            let distance = x - *mean_x;
            *mean_x += distance / *count as f64;
            *mean_y += (y - *mean_y) / *count as f64;
            *products += distance * (y - *mean_y);
        }
    }
    let mut builder = ColumnBuilder::new(Type::Real);
    for (count, _, _, products) in states {
        let divisor = if sample {
            count.saturating_sub(1)
        } else {
            count
        };
        builder.push(&Value::Real(match divisor {
            0 => 0.0,
            n => products / n as f64,
        }));
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
            &[Param::Any, Param::Any, Param::Bool]
        } else {
            &[Param::Any, Param::Any]
        },
        optional: 0,
        predicate: if predicate { Some(2) } else { None },
        prefix: Some(names[0]),
        result: real,
        body,
    }
}

pub const AGGREGATES: &[Aggregate] = &[
    of(
        &["covariance"],
        "covariance(x, y)",
        "The covariance of a sample.",
        false,
        |i| covariance(i, true),
    ),
    of(
        &["covarianceif"],
        "covarianceif(x, y, predicate:bool)",
        "The covariance of a sample over the rows that satisfy the predicate.",
        true,
        |i| covariance(i, true),
    ),
    of(
        &["covariancep"],
        "covariancep(x, y)",
        "The covariance of a whole population.",
        false,
        |i| covariance(i, false),
    ),
    of(
        &["covariancepif"],
        "covariancepif(x, y, predicate:bool)",
        "The covariance of a whole population over the rows that satisfy the predicate.",
        true,
        |i| covariance(i, false),
    ),
];
