//! The shape of arrays and bags: split, repeated, listed, compared as sets.

use super::Param::{Any, Dynamic, Integer};
use super::entry::{array, dynamic, entry, made};
use super::{Context, Function, Naming};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::collections::HashSet;

/// Most elements that `repeat()` makes.
const MOST: i64 = 1_048_576;
/// Deepest nesting that `treepath()` follows.
const DEEPEST: usize = 128;

pub const FUNCTIONS: &[Function] = &[
    entry(
        &["array_split"],
        "array_split(array:dynamic, index)",
        "An array of the parts of an array, cut before an index or before each of an array of indexes; negative ones count from the end.",
        &[Dynamic, Any],
        (0, 0),
        |types| match types.get(1) {
            None | Some(Type::Int | Type::Long | Type::Dynamic) => Some(Type::Dynamic),
            Some(_) => None,
        },
        array_split,
    ),
    Function {
        naming: Naming::Prefix("repeat"),
        ..entry(
            &["repeat"],
            "repeat(value, count:long)",
            "An array of so many times the value; null for a count below 0.",
            &[Any, Integer],
            (0, 0),
            dynamic,
            |context, a| match (a.first(), a.get(1).and_then(convert::long)) {
                (Some(value), Some(count)) if count >= 0 => {
                    if count > MOST {
                        context.refuse("`repeat` makes at most 1048576 elements");
                    }
                    let count = usize::try_from(count.min(MOST)).unwrap_or(0);
                    made(Json::Array(vec![convert::json(value); count]))
                }
                _ => Value::Null,
            },
        )
    },
    Function {
        naming: Naming::Prefix("tree"),
        ..entry(
            &["treepath"],
            "treepath(object:dynamic)",
            "The paths of all that a bag holds, the elements of an array under `[0]`.",
            &[Dynamic],
            (0, 0),
            dynamic,
            |_, a| match a.first() {
                Some(Value::Dynamic(json)) if json.is_object() => {
                    let mut found = Paths::default();
                    found.of(json, String::new(), 0);
                    made(found.all.into_iter().map(Json::from).collect())
                }
                _ => Value::Null,
            },
        )
    },
    entry(
        &["jaccard_index"],
        "jaccard_index(a:dynamic, b:dynamic)",
        "How much two sets have in common: the size of their intersection by that of their union.",
        &[Dynamic, Dynamic],
        (0, 0),
        dynamic,
        |context, a| {
            let set = |at: usize| -> Option<HashSet<String>> {
                Some(array(a, at)?.iter().map(Json::to_string).collect())
            };
            let (Some(x), Some(y)) = (set(0), set(1)) else {
                return Value::Null;
            };
            let all = x.union(&y).count();
            if all == 0 {
                context.refuse("The Jaccard index of two empty sets is not supported");
            }
            made(Json::from(
                x.intersection(&y).count() as f64 / all.max(1) as f64,
            ))
        },
    ),
];

fn array_split(context: &Context, args: &[Value]) -> Value {
    let Some(items) = array(args, 0) else {
        return Value::Null;
    };
    let indexes: Option<Vec<i64>> = match args.get(1) {
        Some(Value::Dynamic(json)) => match json.as_ref() {
            Json::Array(all) => all.iter().map(Json::as_i64).collect(),
            one => one.as_i64().map(|n| vec![n]),
        },
        Some(other) => convert::long(other).map(|n| vec![n]),
        None => None,
    };
    let Some(indexes) = indexes else {
        return Value::Null;
    };
    let count = items.len() as i64;
    let mut parts = Vec::with_capacity(indexes.len() + 1);
    let mut start = 0;
    for index in indexes {
        let at = if index < 0 {
            index.saturating_add(count)
        } else {
            index
        };
        if at < start || at > count {
            context.refuse("`array_split` takes indexes within the array and in rising order");
        }
        let at = at.clamp(start, count);
        let part = items.get(start as usize..at as usize).unwrap_or(&[]);
        parts.push(Json::Array(part.to_vec()));
        start = at;
    }
    let rest = items.get(start as usize..).unwrap_or(&[]);
    parts.push(Json::Array(rest.to_vec()));
    made(Json::Array(parts))
}

/// Paths in the order in which they are met, each once.
#[derive(Default)]
struct Paths {
    all: Vec<String>,
    seen: HashSet<String>,
}

impl Paths {
    fn add(&mut self, path: &str) {
        if self.seen.insert(path.to_owned()) {
            self.all.push(path.to_owned());
        }
    }

    fn of(&mut self, json: &Json, path: String, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match json {
            Json::Object(bag) => {
                for (key, value) in bag {
                    let path = format!("{path}['{key}']");
                    self.add(&path);
                    self.of(value, path, depth + 1);
                }
            }
            Json::Array(items) => {
                let path = format!("{path}[0]");
                for item in items {
                    self.add(&path);
                    self.of(item, path.clone(), depth + 1);
                }
            }
            _ => {}
        }
    }
}
