//! Arrays made of other arrays: sorted, shifted, zipped, chosen from; and ranges of numbers.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::time::{HOUR, MAX_DATETIME};
use crate::value::{Type, Value, time};
use serde_json::{Map, Value as Json};
use std::cmp::Ordering;
use std::sync::Arc;

/// Most elements that `range()` makes.
const MOST: usize = 1_048_576;

fn array(args: &[Value], at: usize) -> Option<&Vec<Json>> {
    match args.get(at)? {
        Value::Dynamic(json) => json.as_array(),
        _ => None,
    }
}

fn made(items: Option<Vec<Json>>) -> Value {
    items.map_or(Value::Null, |i| Value::Dynamic(Arc::new(Json::Array(i))))
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    (optional, repeat): (usize, usize),
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params,
        optional,
        repeat,
        result: |_| Some(Type::Dynamic),
        naming: Naming::None,
        body,
    }
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["array_iff", "array_iif"],
        "array_iff(conditions:dynamic, if_true, if_false)",
        "For every condition the element of one array or of the other; a value that is no array stands for all.",
        &[Param::Dynamic, Param::Any, Param::Any],
        (0, 0),
        array_iff,
    ),
    of(
        &["array_rotate_left"],
        "array_rotate_left(array:dynamic, places:long)",
        "The elements moved to the left, those that fall off put behind.",
        &[Param::Dynamic, Param::Integer],
        (0, 0),
        |_, a| made(rotated(a, false)),
    ),
    of(
        &["array_rotate_right"],
        "array_rotate_right(array:dynamic, places:long)",
        "The elements moved to the right, those that fall off put before.",
        &[Param::Dynamic, Param::Integer],
        (0, 0),
        |_, a| made(rotated(a, true)),
    ),
    of(
        &["array_shift_left"],
        "array_shift_left(array:dynamic, places:long [, fill])",
        "The elements moved to the left; null or the fill comes behind.",
        &[Param::Dynamic, Param::Integer, Param::Any],
        (1, 0),
        |_, a| made(shifted(a, false)),
    ),
    of(
        &["array_shift_right"],
        "array_shift_right(array:dynamic, places:long [, fill])",
        "The elements moved to the right; null or the fill comes before.",
        &[Param::Dynamic, Param::Integer, Param::Any],
        (1, 0),
        |_, a| made(shifted(a, true)),
    ),
    of(
        &["zip"],
        "zip(array:dynamic, …)",
        "Arrays of the elements that stand at one place; null where an array is shorter.",
        &[Param::Dynamic, Param::Dynamic],
        (0, 1),
        zip,
    ),
    of(
        &["bag_zip"],
        "bag_zip(keys:dynamic, values:dynamic)",
        "A bag of keys and values that stand at one place; null for a missing value.",
        &[Param::Dynamic, Param::Dynamic],
        (0, 0),
        |_, a| match (array(a, 0), array(a, 1)) {
            (Some(keys), Some(values)) => {
                let pairs = keys.iter().enumerate().filter_map(|(at, key)| {
                    let value = values.get(at).cloned().unwrap_or(Json::Null);
                    Some((key.as_str()?.to_owned(), value))
                });
                Value::Dynamic(Arc::new(Json::Object(pairs.collect())))
            }
            _ => Value::Null,
        },
    ),
    of(
        &["bag_set_key"],
        "bag_set_key(bag:dynamic, key:string, value)",
        "The bag with a key set to a value; null for what is no bag.",
        &[Param::Dynamic, Param::Text, Param::Any],
        (0, 0),
        |_, a| match (a.first(), a.get(1), a.get(2)) {
            (Some(Value::Dynamic(json)), Some(key), Some(value)) if json.is_object() => {
                let mut bag = json.as_object().cloned().unwrap_or_default();
                bag.insert(convert::text(key).to_string(), convert::json(value));
                Value::Dynamic(Arc::new(Json::Object(bag)))
            }
            _ => Value::Null,
        },
    ),
    of(
        &["pack_all"],
        "pack_all([ignore_null_empty:bool])",
        "A bag of all columns of the row; with true without those that are null or empty.",
        &[Param::Bool, Param::Text, Param::Any],
        (3, 2),
        pack_all,
    ),
    Function {
        result: range_type,
        ..of(
            &["range"],
            "range(start, stop [, step])",
            "The numbers, instants or spans from start to stop; the step is 1 or an hour where it is left out.",
            &[Param::Any, Param::Any, Param::Any],
            (1, 0),
            range,
        )
    },
    Function {
        result: sorted_type,
        naming: Naming::Behind("sorted"),
        ..of(
            &["array_sort_asc"],
            "array_sort_asc(array:dynamic, … [, nulls_last:bool])",
            "The elements of an array in rising order, nulls last unless false is given. Further arrays are put in the same order, and all come as one array: `(a, b) = array_sort_asc(x, y)`.",
            &[Param::Dynamic, Param::Any],
            (1, 1),
            |c, a| sorted(c, a, false),
        )
    },
    Function {
        result: sorted_type,
        naming: Naming::Behind("sorted"),
        ..of(
            &["array_sort_desc"],
            "array_sort_desc(array:dynamic, … [, nulls_last:bool])",
            "The elements of an array in falling order, nulls last unless false is given. Further arrays are put in the same order, and all come as one array: `(a, b) = array_sort_desc(x, y)`.",
            &[Param::Dynamic, Param::Any],
            (1, 1),
            |c, a| sorted(c, a, true),
        )
    },
];

fn array_iff(_: &Context, args: &[Value]) -> Value {
    let choose = |at: usize, place: usize| match args.get(at) {
        Some(Value::Dynamic(json)) => match json.as_ref() {
            Json::Array(items) => items.get(place).cloned().unwrap_or(Json::Null),
            other => other.clone(),
        },
        Some(other) => convert::json(other),
        None => Json::Null,
    };
    made(array(args, 0).map(|conditions| {
        let each = conditions.iter().enumerate();
        each.map(
            |(place, condition)| match convert::boolean(&convert::scalar(condition)) {
                Some(true) => choose(1, place),
                Some(false) => choose(2, place),
                None => Json::Null,
            },
        )
        .collect()
    }))
}

fn rotated(args: &[Value], right: bool) -> Option<Vec<Json>> {
    let mut items = array(args, 0)?.clone();
    let places = args.get(1).and_then(convert::long)?;
    let count = items.len().max(1) as i64;
    let left = if right { places.checked_neg()? } else { places };
    items.rotate_left(left.rem_euclid(count) as usize);
    Some(items)
}

fn shifted(args: &[Value], right: bool) -> Option<Vec<Json>> {
    let items = array(args, 0)?;
    let places = args.get(1).and_then(convert::long)?;
    let places = if right { places } else { places.checked_neg()? };
    let fill = args.get(2).map_or(Json::Null, convert::json);
    let from = |at: usize| {
        let at = (at as i64).checked_sub(places)?;
        items.get(usize::try_from(at).ok()?)
    };
    Some(
        (0..items.len())
            .map(|at| from(at).unwrap_or(&fill).clone())
            .collect(),
    )
}

fn zip(_: &Context, args: &[Value]) -> Value {
    let arrays: Option<Vec<&Vec<Json>>> = (0..args.len()).map(|at| array(args, at)).collect();
    made(arrays.map(|arrays| {
        let longest = arrays.iter().map(|a| a.len()).max().unwrap_or(0);
        (0..longest)
            .map(|at| {
                let one = arrays.iter().map(|a| a.get(at).cloned());
                Json::Array(one.map(Option::unwrap_or_default).collect())
            })
            .collect()
    }))
}

fn pack_all(_: &Context, args: &[Value]) -> Value {
    let Some((ignore, columns)) = args.split_first() else {
        return Value::Null;
    };
    let ignore = *ignore == Value::Bool(true);
    let mut bag = Map::new();
    for pair in columns.chunks_exact(2) {
        if let [key, value] = pair {
            let json = convert::json(value);
            if !(ignore && (json.is_null() || json.as_str() == Some(""))) {
                bag.insert(convert::text(key).to_string(), json);
            }
        }
    }
    Value::Dynamic(Arc::new(Json::Object(bag)))
}

fn range_type(types: &[Type]) -> Option<Type> {
    let number = |t: &Type| matches!(t, Type::Int | Type::Long | Type::Real);
    let span = types.get(2).is_none_or(|t| *t == Type::TimeSpan);
    let fits = match types {
        [] => true,
        [Type::DateTime, Type::DateTime, ..] | [Type::TimeSpan, Type::TimeSpan, ..] => span,
        all => all.iter().all(number),
    };
    fits.then_some(Type::Dynamic)
}

fn range(_: &Context, args: &[Value]) -> Value {
    if args.iter().any(Value::is_null) {
        return Value::Null;
    }
    if args.iter().any(|a| matches!(a, Value::Real(_))) {
        return reals(args);
    }
    let default = match args.first() {
        Some(Value::DateTime(_) | Value::TimeSpan(_)) => HOUR,
        _ => 1,
    };
    let number = |at: usize| args.get(at).map_or(Some(default), convert::long);
    let (Some(start), Some(stop), Some(step)) = (number(0), number(1), number(2)) else {
        return Value::Null;
    };
    let write = |n: i64| match args.first() {
        Some(Value::DateTime(_)) if (0..=MAX_DATETIME).contains(&n) => {
            Json::from(time::format_datetime(n))
        }
        Some(Value::TimeSpan(_)) => Json::from(time::format_timespan(n)),
        _ => Json::from(n),
    };
    if step == 0 {
        return Value::Null;
    }
    let all = std::iter::successors(Some(start), |n| n.checked_add(step));
    let within = all.take_while(|n| if step > 0 { *n <= stop } else { *n >= stop });
    made(Some(within.take(MOST).map(write).collect()))
}

fn reals(args: &[Value]) -> Value {
    let number = |at: usize| args.get(at).map_or(Some(1.0), convert::real);
    let (Some(start), Some(stop), Some(step)) = (number(0), number(1), number(2)) else {
        return Value::Null;
    };
    if step == 0.0 || !(start.is_finite() && stop.is_finite() && step.is_finite()) {
        return Value::Null;
    }
    let all = (0..MOST).map(|n| start + n as f64 * step);
    let within = all.take_while(|x| if step > 0.0 { *x <= stop } else { *x >= stop });
    made(Some(within.map(Json::from).collect()))
}

/// Arrays, and at the end perhaps whether nulls come last.
fn sorted_type(types: &[Type]) -> Option<Type> {
    let arrays = match types {
        [arrays @ .., Type::Bool] => arrays,
        all => all,
    };
    let fits = arrays.iter().all(|t| *t == Type::Dynamic);
    fits.then_some(Type::Dynamic)
}

/// Numbers by value before texts by their characters. How the platform orders others is not known.
fn sorted(context: &Context, args: &[Value], falling: bool) -> Value {
    let (arrays, nulls_last) = match args {
        [arrays @ .., Value::Bool(last)] => (arrays, *last),
        all => (all, true),
    };
    let Some(items) = array(arrays, 0) else {
        return Value::Null;
    };
    let plain = |i: &Json| i.is_null() || i.is_number() || i.is_string();
    let mixed = items.iter().any(Json::is_number) && items.iter().any(Json::is_string);
    if !items.iter().all(plain) || (mixed && falling) {
        context.refuse("An array of other elements than numbers or texts cannot be sorted yet");
    }
    let (nulls, mut places): (Vec<usize>, Vec<usize>) =
        (0..items.len()).partition(|at| items.get(*at).is_none_or(Json::is_null));
    places.sort_by(|a, b| {
        let order = match (items.get(*a), items.get(*b)) {
            (Some(a), Some(b)) => element_order(a, b),
            _ => Ordering::Equal,
        };
        if falling { order.reverse() } else { order }
    });
    let places: Vec<usize> = if nulls_last {
        places.into_iter().chain(nulls).collect()
    } else {
        nulls.into_iter().chain(places).collect()
    };
    // An array of another length has no such order.
    let ordered = |at: usize| {
        let own = array(arrays, at).filter(|own| own.len() == places.len())?;
        let each = places.iter().filter_map(|place| own.get(*place).cloned());
        Some(Json::Array(each.collect()))
    };
    match arrays.len() {
        1 => ordered(0).map_or(Value::Null, |json| Value::Dynamic(Arc::new(json))),
        count => made(Some(
            (0..count)
                .map(|at| ordered(at).unwrap_or_default())
                .collect(),
        )),
    }
}

fn element_order(a: &Json, b: &Json) -> Ordering {
    match (a.as_str(), b.as_str()) {
        (Some(x), Some(y)) => x.cmp(y),
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        // Large whole numbers share a real: then the whole ones stand behind it, in their own order.
        (None, None) => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal)
            .then_with(|| a.as_i64().cmp(&b.as_i64())),
    }
}
