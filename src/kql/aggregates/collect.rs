//! Values gathered into arrays and bags: `make_list()`, `make_set()`, `make_bag()`. Nulls are left out.

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::run::convert;
use crate::value::{Column, ColumnBuilder, Type, Value};
use serde_json::{Map, Value as Json};
use std::collections::HashSet;
use std::sync::Arc;

/// Most elements of a list.
const MOST: usize = 1_048_576;

fn dynamic(_: &[Type]) -> Option<Type> {
    Some(Type::Dynamic)
}

/// Most elements where the older names are used and no limit is given.
const FEW: usize = 128;

fn limit(input: &Input, most: usize) -> usize {
    let given = input.constant(1).as_ref().and_then(convert::long);
    given.map_or(most, |n| usize::try_from(n).unwrap_or(MOST).min(MOST))
}

fn column(values: impl Iterator<Item = Json>) -> Column {
    let mut builder = ColumnBuilder::new(Type::Dynamic);
    for json in values {
        builder.push(&Value::Dynamic(Arc::new(json)));
    }
    builder.finish()
}

fn list(input: &Input, nulls: bool, most: usize) -> Column {
    let most = limit(input, most);
    let mut lists: Vec<Vec<Json>> = vec![Vec::new(); input.groups.count];
    for (row, group) in input.rows() {
        let value = input.value(row);
        let Some(list) = lists.get_mut(group) else {
            continue;
        };
        match convert::json(&value) {
            // A list over arrays is one of their elements, as the platform's frozen answers show.
            Json::Array(elements) if !nulls => {
                let room = most.saturating_sub(list.len());
                let elements = elements.into_iter().filter(|e| !e.is_null());
                list.extend(elements.take(room));
            }
            json if (nulls || !value.is_null()) && list.len() < most => list.push(json),
            _ => {}
        }
    }
    column(lists.into_iter().map(Json::Array))
}

fn set(input: &Input, most: usize) -> Column {
    let most = limit(input, most);
    let mut sets: Vec<(Vec<Json>, HashSet<String>)> = vec![Default::default(); input.groups.count];
    for (row, group) in input.rows() {
        let value = input.value(row);
        let Some((items, seen)) = sets.get_mut(group) else {
            continue;
        };
        let mut add = |json: Json| {
            if !json.is_null() && items.len() < most && seen.insert(json.to_string()) {
                items.push(json);
            }
        };
        match convert::json(&value) {
            // A set over arrays is the union of their elements.
            Json::Array(elements) => elements.into_iter().for_each(&mut add),
            json => add(json),
        }
    }
    column(sets.into_iter().map(|(items, _)| Json::Array(items)))
}

fn bag(input: &Input) -> Column {
    let most = limit(input, MOST);
    let mut bags: Vec<Map<String, Json>> = vec![Map::new(); input.groups.count];
    for (row, group) in input.rows() {
        if let (Value::Dynamic(json), Some(all)) = (input.value(row), bags.get_mut(group))
            && let Json::Object(own) = json.as_ref()
        {
            for (key, value) in own {
                if all.len() < most && !all.contains_key(key) {
                    all.insert(key.clone(), value.clone());
                }
            }
        }
    }
    column(bags.into_iter().map(Json::Object))
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    predicate: bool,
    prefix: &'static str,
    body: fn(&Input) -> Column,
) -> Aggregate {
    Aggregate {
        names,
        signature,
        doc,
        params: if predicate {
            &[Param::Any, Param::Bool, Param::Integer]
        } else {
            &[Param::Any, Param::Integer]
        },
        optional: 1,
        predicate: if predicate { Some(1) } else { None },
        prefix: Some(prefix),
        result: dynamic,
        body,
    }
}

pub const AGGREGATES: &[Aggregate] = &[
    of(
        &["make_list"],
        "make_list(value [, most:long])",
        "The values as an array, in the order of the rows; of arrays their elements.",
        false,
        "list",
        |i| list(i, false, MOST),
    ),
    of(
        &["make_list_if"],
        "make_list_if(value, predicate:bool [, most:long])",
        "The values of the rows that satisfy the predicate, as an array.",
        true,
        "list",
        |i| list(i, false, MOST),
    ),
    of(
        &["make_list_with_nulls"],
        "make_list_with_nulls(value)",
        "The values as an array, nulls included.",
        false,
        "list",
        |i| list(i, true, MOST),
    ),
    of(
        &["make_set"],
        "make_set(value [, most:long])",
        "The different values as an array; of arrays their elements.",
        false,
        "set",
        |i| set(i, MOST),
    ),
    of(
        &["make_set_if"],
        "make_set_if(value, predicate:bool [, most:long])",
        "The different values of the rows that satisfy the predicate.",
        true,
        "set",
        |i| set(i, MOST),
    ),
    of(
        &["makelist"],
        "makelist(value [, most:long])",
        "The older form of make_list(): at most 128 values where no limit is given.",
        false,
        "list",
        |i| list(i, false, FEW),
    ),
    of(
        &["makeset"],
        "makeset(value [, most:long])",
        "The older form of make_set(): at most 128 values where no limit is given.",
        false,
        "set",
        |i| set(i, FEW),
    ),
    of(
        &["make_bag"],
        "make_bag(bag:dynamic [, most:long])",
        "One bag of all; of equal keys the first counts.",
        false,
        "bag",
        bag,
    ),
    of(
        &["make_dictionary"],
        "make_dictionary(bag:dynamic [, most:long])",
        "The older form of make_bag().",
        false,
        "dictionary",
        bag,
    ),
    of(
        &["make_bag_if"],
        "make_bag_if(bag:dynamic, predicate:bool [, most:long])",
        "One bag of all that satisfy the predicate.",
        true,
        "bag",
        bag,
    ),
];
