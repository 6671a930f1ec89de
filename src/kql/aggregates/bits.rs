//! Bits of all values of a group together. Nulls are left out.

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::run::convert;
use crate::value::{Column, ColumnBuilder, Type, Value};

fn whole(types: &[Type]) -> Option<Type> {
    types
        .first()
        .copied()
        .filter(|t| matches!(t, Type::Int | Type::Long))
}

fn fold(input: &Input, of: impl Fn(i64, i64) -> i64) -> Column {
    let mut all: Vec<Option<i64>> = vec![None; input.groups.count];
    for (row, group) in input.rows() {
        if let (Some(value), Some(slot)) = (convert::long(&input.value(row)), all.get_mut(group)) {
            *slot = Some(slot.map_or(value, |so_far| of(so_far, value)));
        }
    }
    let mut builder = ColumnBuilder::new(input.ty);
    for bits in all {
        let bits = bits.map_or(Value::Null, Value::Long);
        builder.push(&convert::convert(&bits, input.ty));
    }
    builder.finish()
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: fn(&Input) -> Column,
) -> Aggregate {
    Aggregate {
        names,
        signature,
        doc,
        params: &[Param::Integer],
        optional: 0,
        predicate: None,
        prefix: None,
        result: whole,
        body,
    }
}

pub const AGGREGATES: &[Aggregate] = &[
    of(
        &["binary_all_and"],
        "binary_all_and(number:long)",
        "The bits that all numbers have.",
        |i| fold(i, |a, b| a & b),
    ),
    of(
        &["binary_all_or"],
        "binary_all_or(number:long)",
        "The bits that any number has.",
        |i| fold(i, |a, b| a | b),
    ),
    of(
        &["binary_all_xor"],
        "binary_all_xor(number:long)",
        "The bits that an odd count of the numbers has.",
        |i| fold(i, |a, b| a ^ b),
    ),
];
