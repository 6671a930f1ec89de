//! `hll()`, `tdigest()` and their merges. They are exact here (see the functions of the same family).

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::functions::sketches::{Digest, merge_hashes};
use crate::kql::run::convert;
use crate::value::{Column, ColumnBuilder, Type, Value};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;
use twox_hash::XxHash64;

fn dynamic(_: &[Type]) -> Option<Type> {
    Some(Type::Dynamic)
}

fn column(values: impl Iterator<Item = Option<Json>>) -> Column {
    let mut builder = ColumnBuilder::new(Type::Dynamic);
    for json in values {
        builder.push(&json.map_or(Value::Null, |j| Value::Dynamic(Arc::new(j))));
    }
    builder.finish()
}

fn hll(input: &Input) -> Column {
    let mut sets: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); input.groups.count];
    for (row, group) in input.rows() {
        let value = input.value(row);
        if !value.is_null()
            && let Some(set) = sets.get_mut(group)
        {
            let hash = XxHash64::oneshot(0, convert::text(&value).as_bytes());
            set.insert(i64::from_le_bytes(hash.to_le_bytes()));
        }
    }
    column(
        sets.into_iter()
            .map(|set| (!set.is_empty()).then(|| set.into_iter().map(Json::from).collect())),
    )
}

fn merge_hlls(input: &Input) -> Column {
    let mut all: Vec<Vec<Json>> = vec![Vec::new(); input.groups.count];
    for (row, group) in input.rows() {
        if let (Value::Dynamic(json), Some(list)) = (input.value(row), all.get_mut(group))
            && let Some(hashes) = json.as_array()
        {
            list.extend(hashes.iter().cloned());
        }
    }
    column(all.iter().map(|hashes| merge_hashes(hashes.iter())))
}

fn tdigest(input: &Input) -> Column {
    let ty = input.args.first().map_or(Type::Real, |a| a.ty());
    let mut lists: Vec<Vec<(Value, i64)>> = vec![Vec::new(); input.groups.count];
    for (row, group) in input.rows() {
        let value = input.value(row);
        let weight = match input.args.get(1) {
            None => Some(1),
            Some(weights) => convert::long(&weights.value(row)).filter(|w| *w > 0),
        };
        if let (false, Some(weight), Some(list)) = (value.is_null(), weight, lists.get_mut(group)) {
            list.push((value, weight));
        }
    }
    column(
        lists
            .into_iter()
            .map(|list| (!list.is_empty()).then(|| Digest::of(ty, list).json())),
    )
}

fn merge_tdigests(input: &Input) -> Column {
    let mut all: Vec<Vec<Digest>> = (0..input.groups.count).map(|_| Vec::new()).collect();
    for (row, group) in input.rows() {
        if let (Some(digest), Some(list)) = (Digest::read(&input.value(row)), all.get_mut(group)) {
            list.push(digest);
        }
    }
    column(
        all.into_iter()
            .map(|list| Digest::merge(list).map(|d| d.json())),
    )
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    (params, optional, predicate): (&'static [Param], usize, Option<usize>),
    prefix: &'static str,
    body: fn(&Input) -> Column,
) -> Aggregate {
    Aggregate {
        names,
        signature,
        doc,
        params,
        optional,
        predicate,
        prefix: Some(prefix),
        result: dynamic,
        body,
    }
}

pub const AGGREGATES: &[Aggregate] = &[
    Aggregate {
        // A real or a truth value is not counted.
        result: |types| match types.first() {
            Some(Type::Real | Type::Bool) => None,
            _ => Some(Type::Dynamic),
        },
        ..of(
            &["hll"],
            "hll(value [, accuracy:long])",
            "The different values of the group, to be counted later with dcount_hll() or merged with hll_merge(). Exact here; its inner form is not the platform's.",
            (&[Param::Any, Param::Integer], 1, None),
            "hll",
            hll,
        )
    },
    Aggregate {
        result: |types| match types.first() {
            Some(Type::Real | Type::Bool) => None,
            _ => Some(Type::Dynamic),
        },
        ..of(
            &["hll_if"],
            "hll_if(value, predicate:bool [, accuracy:long])",
            "The different values of the rows that satisfy the predicate, as hll() gives them.",
            (&[Param::Any, Param::Bool, Param::Integer], 1, Some(1)),
            "hll_if",
            hll,
        )
    },
    of(
        &["hll_merge"],
        "hll_merge(hll:dynamic)",
        "One result of hll() for those of all rows.",
        (&[Param::Dynamic], 0, None),
        "hll_merge",
        merge_hlls,
    ),
    Aggregate {
        result: |types| match types.first() {
            Some(Type::Int | Type::Long | Type::Real | Type::DateTime | Type::TimeSpan) => {
                Some(Type::Dynamic)
            }
            _ => None,
        },
        ..of(
            &["tdigest"],
            "tdigest(value [, weight:long])",
            "The distribution of the values, for percentile_tdigest() and merge_tdigest(). Exact here; its inner form is not the platform's.",
            (&[Param::Any, Param::Integer], 1, None),
            "tdigest",
            tdigest,
        )
    },
    of(
        &["merge_tdigest", "tdigest_merge"],
        "merge_tdigest(tdigest:dynamic)",
        "One result of tdigest() for those of all rows.",
        (&[Param::Dynamic], 0, None),
        "merge_tdigests",
        merge_tdigests,
    ),
];
