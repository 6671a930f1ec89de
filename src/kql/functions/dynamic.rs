//! Arrays and bags.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

fn array(args: &[Value], at: usize) -> Option<&Vec<Json>> {
    match args.get(at)? {
        Value::Dynamic(json) => json.as_array(),
        _ => None,
    }
}

fn bag(args: &[Value], at: usize) -> Option<&Map<String, Json>> {
    match args.get(at)? {
        Value::Dynamic(json) => json.as_object(),
        _ => None,
    }
}

fn made(json: Json) -> Value {
    Value::Dynamic(Arc::new(json))
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    (optional, repeat): (usize, usize),
    result: fn(&[Type]) -> Option<Type>,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params,
        optional,
        repeat,
        result,
        naming: Naming::None,
        body,
    }
}

const fn dynamic(_: &[Type]) -> Option<Type> {
    Some(Type::Dynamic)
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["array_length", "arraylength"],
        "array_length(array:dynamic)",
        "How many elements an array has; null for anything else.",
        &[Param::Dynamic],
        (0, 0),
        |_| Some(Type::Long),
        |_, a| array(a, 0).map_or(Value::Null, |items| Value::Long(items.len() as i64)),
    ),
    of(
        &["pack_array"],
        "pack_array(value, …)",
        "An array of the values.",
        &[Param::Any],
        (0, 1),
        dynamic,
        |_, a| made(a.iter().map(convert::json).collect()),
    ),
    of(
        &["bag_pack", "pack", "pack_dictionary"],
        "bag_pack(key:string, value, …)",
        "A bag of keys and values.",
        &[Param::Text, Param::Any],
        (0, 2),
        dynamic,
        |_, a| {
            let pairs = a.chunks_exact(2).filter_map(|pair| match pair {
                [key, value] => Some((convert::text(key).to_string(), convert::json(value))),
                _ => None,
            });
            made(Json::Object(pairs.collect()))
        },
    ),
    of(
        &["bag_keys"],
        "bag_keys(bag:dynamic)",
        "The keys of a bag; null for anything else.",
        &[Param::Dynamic],
        (0, 0),
        dynamic,
        |_, a| {
            bag(a, 0).map_or(Value::Null, |b| {
                made(b.keys().map(|k| Json::from(k.as_str())).collect())
            })
        },
    ),
    of(
        &["bag_has_key"],
        "bag_has_key(bag:dynamic, key:string)",
        "Whether a bag has a key.",
        &[Param::Dynamic, Param::Text],
        (0, 0),
        |_| Some(Type::Bool),
        |_, a| match bag(a, 0) {
            Some(bag) => {
                Value::Bool(bag.contains_key(&*a.get(1).map(convert::text).unwrap_or_default()))
            }
            None => Value::Bool(false),
        },
    ),
    of(
        &["bag_merge"],
        "bag_merge(bag:dynamic, …)",
        "One bag of all; of equal keys the first counts.",
        &[Param::Dynamic],
        (0, 1),
        dynamic,
        |_, a| {
            let mut all = Map::new();
            let mut any = false;
            for at in 0..a.len() {
                for (key, value) in bag(a, at).into_iter().flatten() {
                    all.entry(key.as_str()).or_insert_with(|| value.clone());
                }
                any |= bag(a, at).is_some();
            }
            if any {
                made(Json::Object(all))
            } else {
                Value::Null
            }
        },
    ),
    of(
        &["bag_remove_keys"],
        "bag_remove_keys(bag:dynamic, keys:dynamic)",
        "The bag without some keys.",
        &[Param::Dynamic, Param::Dynamic],
        (0, 0),
        dynamic,
        |_, a| match (bag(a, 0), array(a, 1)) {
            (Some(bag), Some(keys)) => made(Json::Object(
                bag.iter()
                    .filter(|(k, _)| !keys.iter().any(|x| x.as_str() == Some(k)))
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect(),
            )),
            _ => Value::Null,
        },
    ),
    of(
        &["array_concat"],
        "array_concat(array:dynamic, …)",
        "One array of all elements.",
        &[Param::Dynamic],
        (0, 1),
        dynamic,
        |_, a| {
            made(
                (0..a.len())
                    .flat_map(|at| array(a, at).into_iter().flatten())
                    .cloned()
                    .collect(),
            )
        },
    ),
    of(
        &["array_reverse"],
        "array_reverse(array:dynamic)",
        "The elements in reverse order.",
        &[Param::Dynamic],
        (0, 0),
        dynamic,
        |_, a| {
            array(a, 0).map_or(Value::Null, |items| {
                made(items.iter().rev().cloned().collect())
            })
        },
    ),
    of(
        &["array_slice"],
        "array_slice(array:dynamic, start:long, end:long)",
        "The elements from start to end, both included; negative ones count from the end.",
        &[Param::Dynamic, Param::Integer, Param::Integer],
        (0, 0),
        dynamic,
        array_slice,
    ),
    of(
        &["array_index_of"],
        "array_index_of(array:dynamic, value [, start:long [, length:long [, occurrence:long]]])",
        "The position of a value in an array, from a start that may count from the end, within a length, of the given occurrence; -1 where it is not.",
        &[
            Param::Dynamic,
            Param::Any,
            Param::Integer,
            Param::Integer,
            Param::Integer,
        ],
        (3, 0),
        |_| Some(Type::Long),
        array_index_of,
    ),
    of(
        &["array_sum"],
        "array_sum(array:dynamic)",
        "The sum of the numbers of an array; null where one is none.",
        &[Param::Dynamic],
        (0, 0),
        |_| Some(Type::Real),
        |_, a| {
            let numbers: Option<Vec<f64>> =
                array(a, 0).and_then(|items| items.iter().map(Json::as_f64).collect());
            numbers.map_or(Value::Null, |n| Value::Real(n.iter().sum()))
        },
    ),
];

fn array_index_of(_: &Context, args: &[Value]) -> Value {
    let (Some(items), Some(value)) = (array(args, 0), args.get(1)) else {
        return Value::Null;
    };
    let number = |at: usize, default: i64| args.get(at).map_or(Some(default), convert::long);
    let (Some(start), Some(length), Some(nth)) = (number(2, 0), number(3, -1), number(4, 1)) else {
        return Value::Null;
    };
    let count = items.len() as i64;
    let start = if start < 0 {
        start.saturating_add(count).max(0)
    } else {
        start
    };
    let end = match length {
        n if n < 0 => count,
        n => start.saturating_add(n).min(count),
    };
    let wanted = convert::json(value);
    let mut places = (start..end).filter(|at| {
        let item = usize::try_from(*at).ok().and_then(|at| items.get(at));
        item == Some(&wanted)
    });
    match usize::try_from(nth.saturating_sub(1)) {
        Ok(nth) => Value::Long(places.nth(nth).unwrap_or(-1)),
        Err(_) => Value::Null,
    }
}

fn array_slice(_: &Context, args: &[Value]) -> Value {
    let Some(items) = array(args, 0) else {
        return Value::Null;
    };
    let count = items.len() as i64;
    let bound = |at: usize| {
        let n = args.get(at).and_then(convert::long)?;
        Some(if n < 0 { n.saturating_add(count) } else { n })
    };
    let (Some(start), Some(end)) = (bound(1), bound(2)) else {
        return Value::Null;
    };
    let start = start.clamp(0, count) as usize;
    let end = end.saturating_add(1).clamp(start as i64, count) as usize;
    made(Json::Array(items.get(start..end).unwrap_or(&[]).to_vec()))
}
