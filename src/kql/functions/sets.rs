//! Arrays as sets: elements without repeats, in the order in which they first occur.

use super::{Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::sync::Arc;

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    repeat: usize,
    result: fn(&[Type]) -> Option<Type>,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::Dynamic, Param::Dynamic],
        optional: 0,
        repeat,
        result,
        naming: Naming::None,
        body,
    }
}

const fn dynamic(_: &[Type]) -> Option<Type> {
    Some(Type::Dynamic)
}

fn arrays(args: &[Value]) -> Option<Vec<&Vec<Json>>> {
    args.iter()
        .map(|a| match a {
            Value::Dynamic(json) => json.as_array(),
            _ => None,
        })
        .collect()
}

fn keys(items: &[Json]) -> HashSet<String> {
    items.iter().map(Json::to_string).collect()
}

fn set<'a>(items: impl Iterator<Item = &'a Json>, keep: impl Fn(&str) -> bool) -> Value {
    let mut seen = HashSet::new();
    let kept: Vec<Json> = items
        .filter(|i| {
            let key = i.to_string();
            keep(&key) && seen.insert(key)
        })
        .cloned()
        .collect();
    Value::Dynamic(Arc::new(Json::Array(kept)))
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["set_union"],
        "set_union(array:dynamic, …)",
        "All elements that occur in any of the arrays.",
        1,
        dynamic,
        |_, args| {
            let all = arrays(args);
            all.map_or(Value::Null, |all| set(all.into_iter().flatten(), |_| true))
        },
    ),
    of(
        &["set_intersect"],
        "set_intersect(array:dynamic, …)",
        "The elements that occur in all of the arrays.",
        1,
        dynamic,
        |_, args| {
            let Some(all) = arrays(args) else {
                return Value::Null;
            };
            let others: Vec<HashSet<String>> = all.iter().skip(1).map(|a| keys(a)).collect();
            let first = all.first().into_iter().flat_map(|a| a.iter());
            set(first, |key| others.iter().all(|o| o.contains(key)))
        },
    ),
    of(
        &["set_difference"],
        "set_difference(array:dynamic, …)",
        "The elements of the first array that occur in none of the others.",
        1,
        dynamic,
        |_, args| {
            let Some(all) = arrays(args) else {
                return Value::Null;
            };
            let others: Vec<HashSet<String>> = all.iter().skip(1).map(|a| keys(a)).collect();
            let first = all.first().into_iter().flat_map(|a| a.iter());
            set(first, |key| !others.iter().any(|o| o.contains(key)))
        },
    ),
    of(
        &["set_equals"],
        "set_equals(a:dynamic, b:dynamic)",
        "Whether two arrays have the same elements.",
        0,
        |_| Some(Type::Bool),
        |_, args| match arrays(args).as_deref() {
            Some([a, b]) => Value::Bool(keys(a) == keys(b)),
            _ => Value::Null,
        },
    ),
    Function {
        names: &["set_has_element"],
        signature: "set_has_element(array:dynamic, value)",
        doc: "Whether an array has an element.",
        params: &[Param::Dynamic, Param::Any],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Bool),
        naming: Naming::None,
        body: |_, args| match args {
            [Value::Dynamic(json), value] => match json.as_array() {
                Some(items) => {
                    let wanted = convert::json(value);
                    Value::Bool(items.contains(&wanted))
                }
                None => Value::Null,
            },
            _ => Value::Null,
        },
    },
];
