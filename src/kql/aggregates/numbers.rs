//! `sum()`, `min()`, `max()`, `avg()` and their `-if` forms. Nulls are left out.

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::run::{compare, convert, decimal};
use crate::value::{Column, ColumnBuilder, Type, Value};
use bigdecimal::BigDecimal;
use std::cmp::Ordering;

fn sum_type(types: &[Type]) -> Option<Type> {
    match types.first()? {
        Type::Int | Type::Long | Type::Bool => Some(Type::Long),
        Type::Real | Type::Dynamic => Some(Type::Real),
        Type::TimeSpan => Some(Type::TimeSpan),
        Type::Decimal => Some(Type::Decimal),
        _ => None,
    }
}

fn average_type(types: &[Type]) -> Option<Type> {
    match types.first()? {
        Type::Int | Type::Long | Type::Real | Type::Dynamic | Type::Bool => Some(Type::Real),
        ty @ (Type::TimeSpan | Type::DateTime | Type::Decimal) => Some(*ty),
        _ => None,
    }
}

fn same_type(types: &[Type]) -> Option<Type> {
    types.first().copied().filter(|t| *t != Type::Dynamic)
}

fn column(ty: Type, values: impl Iterator<Item = Value>) -> Column {
    let mut builder = ColumnBuilder::new(ty);
    for value in values {
        builder.push(&value);
    }
    builder.finish()
}

/// Sum and number of the decimals of each group.
fn decimals(input: &Input) -> Vec<(BigDecimal, i64)> {
    let mut sums = vec![(BigDecimal::from(0), 0); input.groups.count];
    for (row, group) in input.rows() {
        if let (Some(value), Some((sum, count))) =
            (decimal::of(&input.value(row)), sums.get_mut(group))
        {
            *sum += value;
            *count += 1;
        }
    }
    sums
}

fn sum(input: &Input) -> Column {
    if input.ty == Type::Decimal {
        let sums = decimals(input).into_iter();
        return column(input.ty, sums.map(|(sum, _)| decimal::value(&sum)));
    }
    if input.ty == Type::Real {
        let mut sums = vec![0.0; input.groups.count];
        for (row, group) in input.rows() {
            if let (Some(value), Some(sum)) =
                (convert::real(&input.value(row)), sums.get_mut(group))
            {
                *sum += value;
            }
        }
        return column(input.ty, sums.into_iter().map(Value::Real));
    }
    let mut sums = vec![0i64; input.groups.count];
    for (row, group) in input.rows() {
        if let (Some(value), Some(sum)) = (convert::long(&input.value(row)), sums.get_mut(group)) {
            *sum = sum.wrapping_add(value);
        }
    }
    column(input.ty, sums.into_iter().map(|s| whole(input.ty, s)))
}

fn whole(ty: Type, value: i64) -> Value {
    match ty {
        Type::TimeSpan => Value::TimeSpan(value),
        Type::DateTime => Value::DateTime(value),
        _ => Value::Long(value),
    }
}

fn average(input: &Input) -> Column {
    if input.ty == Type::Decimal {
        let sums = decimals(input).into_iter();
        return column(
            input.ty,
            sums.map(|(sum, count)| match count {
                0 => Value::Null,
                count => decimal::value(&(sum / BigDecimal::from(count))),
            }),
        );
    }
    let mut sums = vec![(0.0f64, 0i128, 0u64); input.groups.count];
    for (row, group) in input.rows() {
        let value = input.value(row);
        let Some(slot) = sums.get_mut(group) else {
            continue;
        };
        if input.ty == Type::Real {
            if let Some(value) = convert::real(&value) {
                slot.0 += value;
                slot.2 += 1;
            }
        } else if let Some(value) = convert::long(&value) {
            slot.1 += i128::from(value);
            slot.2 += 1;
        }
    }
    column(
        input.ty,
        sums.into_iter()
            .map(|(real, whole_sum, count)| match (input.ty, count) {
                // The platform gives NaN for no numbers: 0 / 0.
                (Type::Real, _) => Value::Real(real / count as f64),
                (_, 0) => Value::Null,
                (ty, count) => whole(ty, (whole_sum / i128::from(count)) as i64),
            }),
    )
}

fn extreme(input: &Input, wanted: Ordering) -> Column {
    let mut best = vec![Value::Null; input.groups.count];
    for (row, group) in input.rows() {
        let value = input.value(row);
        if value.is_null() {
            continue;
        }
        if let Some(slot) = best.get_mut(group)
            && (slot.is_null() || compare::order(&value, slot) == Some(wanted))
        {
            *slot = value;
        }
    }
    column(input.ty, best.into_iter())
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    predicate: bool,
    result: fn(&[Type]) -> Option<Type>,
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
        result,
        body,
    }
}

pub const AGGREGATES: &[Aggregate] = &[
    of(
        &["sum"],
        "sum(value)",
        "The sum of the values; 0 for none.",
        false,
        sum_type,
        sum,
    ),
    of(
        &["sumif"],
        "sumif(value, predicate:bool)",
        "The sum over the rows that satisfy the predicate.",
        true,
        sum_type,
        sum,
    ),
    of(
        &["avg"],
        "avg(value)",
        "The mean of the values; NaN for none.",
        false,
        average_type,
        average,
    ),
    of(
        &["avgif"],
        "avgif(value, predicate:bool)",
        "The mean over the rows that satisfy the predicate.",
        true,
        average_type,
        average,
    ),
    of(
        &["min"],
        "min(value)",
        "The smallest value; null for none.",
        false,
        same_type,
        |i| extreme(i, Ordering::Less),
    ),
    of(
        &["minif"],
        "minif(value, predicate:bool)",
        "The smallest value of the rows that satisfy the predicate.",
        true,
        same_type,
        |i| extreme(i, Ordering::Less),
    ),
    of(
        &["max"],
        "max(value)",
        "The largest value; null for none.",
        false,
        same_type,
        |i| extreme(i, Ordering::Greater),
    ),
    of(
        &["maxif"],
        "maxif(value, predicate:bool)",
        "The largest value of the rows that satisfy the predicate.",
        true,
        same_type,
        |i| extreme(i, Ordering::Greater),
    ),
];
