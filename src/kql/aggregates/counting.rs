//! `count()`, `dcount()` and their `-if` forms. Distinct counts are exact here; the platform's are
//! exact up to about a thousand values and estimates beyond.

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::run::hash::{Set, set};
use crate::kql::run::keys;
use crate::value::{Column, Type};
use arrow_array::Int64Array;
use std::sync::Arc;

const fn long(_: &[Type]) -> Option<Type> {
    Some(Type::Long)
}

fn longs(counts: Vec<i64>) -> Column {
    Column {
        ty: Type::Long,
        array: Arc::new(Int64Array::from(counts)),
    }
}

fn add(counts: &mut [i64], group: usize) {
    if let Some(count) = counts.get_mut(group) {
        *count += 1;
    }
}

fn count(input: &Input) -> Column {
    let mut counts = vec![0; input.groups.count];
    for (_, group) in input.rows() {
        add(&mut counts, group);
    }
    longs(counts)
}

fn distinct(input: &Input) -> Column {
    let mut counts = vec![0; input.groups.count];
    let Some(argument) = input.args.first() else {
        return longs(counts);
    };
    let column = argument.clone().into_column(input.groups.of.len());
    let rows = column.len();
    let numbers = keys::number(&[vec![column.clone()]], &[rows]);
    let numbers = numbers.first().map_or(&[][..], Vec::as_slice);
    let mut seen: Set<(u32, u32)> = set();
    for (row, group) in input.rows() {
        let number = numbers.get(row).copied().unwrap_or_default();
        if !column.is_null(row) && seen.insert((group as u32, number)) {
            add(&mut counts, group);
        }
    }
    longs(counts)
}

pub const AGGREGATES: &[Aggregate] = &[
    Aggregate {
        names: &["count", "cnt"],
        signature: "count()",
        doc: "How many rows the group has.",
        params: &[Param::Any],
        optional: 1,
        predicate: None,
        prefix: Some("count"),
        result: long,
        body: count,
    },
    Aggregate {
        names: &["countif"],
        signature: "countif(predicate:bool)",
        doc: "How many rows of the group satisfy the predicate.",
        params: &[Param::Bool],
        optional: 0,
        predicate: Some(0),
        prefix: Some("countif"),
        result: long,
        body: count,
    },
    Aggregate {
        names: &["dcount"],
        signature: "dcount(value [, accuracy])",
        doc: "How many different values the group has; nulls do not count.",
        params: &[Param::Any, Param::Integer],
        optional: 1,
        predicate: None,
        prefix: Some("dcount"),
        result: long,
        body: distinct,
    },
    Aggregate {
        names: &["dcountif"],
        signature: "dcountif(value, predicate:bool [, accuracy])",
        doc: "How many different values the rows that satisfy the predicate have.",
        params: &[Param::Any, Param::Bool, Param::Integer],
        optional: 1,
        predicate: Some(1),
        prefix: Some("dcountif"),
        result: long,
        body: distinct,
    },
    Aggregate {
        names: &["count_distinct"],
        signature: "count_distinct(value)",
        doc: "How many different values the group has, exactly.",
        params: &[Param::Any],
        optional: 0,
        predicate: None,
        prefix: Some("count_distinct"),
        result: long,
        body: distinct,
    },
    Aggregate {
        names: &["count_distinctif"],
        signature: "count_distinctif(value, predicate:bool)",
        doc: "How many different values the rows that satisfy the predicate have, exactly.",
        params: &[Param::Any, Param::Bool],
        optional: 0,
        predicate: Some(1),
        prefix: Some("count_distinctif"),
        result: long,
        body: distinct,
    },
];
