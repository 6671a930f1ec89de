//! Tests for null and emptiness, and the choice between values.

use super::{Context, Function, Naming, Param, common};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;

const fn test(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::Any],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Bool),
        naming: Naming::None,
        body,
    }
}

fn choice_type(types: &[Type]) -> Option<Type> {
    // Of predicate, value, predicate, value … default: the values.
    let (default, rest) = types.split_last()?;
    let mut values: Vec<Type> = rest.iter().skip(1).step_by(2).copied().collect();
    values.push(*default);
    common(&values)
}

pub const FUNCTIONS: &[Function] = &[
    test(
        &["isnull"],
        "isnull(value)",
        "Whether a value is null. A string never is: use isempty().",
        |_, a| Value::Bool(a.first().is_none_or(Value::is_null)),
    ),
    test(
        &["isnotnull", "notnull"],
        "isnotnull(value)",
        "Whether a value is not null.",
        |_, a| Value::Bool(!a.first().is_none_or(Value::is_null)),
    ),
    test(
        &["isempty"],
        "isempty(value)",
        "Whether a value is null or the empty text.",
        |_, a| Value::Bool(is_empty(a)),
    ),
    test(
        &["isnotempty", "notempty"],
        "isnotempty(value)",
        "Whether a value is neither null nor the empty text.",
        |_, a| Value::Bool(!is_empty(a)),
    ),
    Function {
        names: &["not"],
        signature: "not(predicate:bool)",
        doc: "The opposite truth; null stays null.",
        params: &[Param::Bool],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Bool),
        naming: Naming::None,
        body: |_, a| match a.first() {
            Some(Value::Bool(b)) => Value::Bool(!b),
            _ => Value::Null,
        },
    },
    Function {
        names: &["iff", "iif"],
        signature: "iff(predicate:bool, then, else)",
        doc: "The second argument where the predicate is true, the third where it is false or null.",
        params: &[Param::Bool, Param::Any, Param::Any],
        optional: 0,
        repeat: 0,
        result: choice_type,
        naming: Naming::None,
        body: choose,
    },
    Function {
        names: &["case"],
        signature: "case(predicate:bool, then, …, else)",
        doc: "The value behind the first true predicate, else the last argument. Null counts as false.",
        params: &[Param::Bool, Param::Any, Param::Any],
        optional: 0,
        repeat: 2,
        result: choice_type,
        naming: Naming::None,
        body: choose,
    },
    Function {
        names: &["coalesce"],
        signature: "coalesce(value, …)",
        doc: "The first value that is not null, of texts the first that is not empty.",
        params: &[Param::Any, Param::Any],
        optional: 1,
        repeat: 1,
        result: common,
        naming: Naming::None,
        body: |context, args| {
            let found = args.iter().find(|a| !is_empty(std::slice::from_ref(*a)));
            found.map_or(Value::Null, |v| convert::convert(v, context.ty))
        },
    },
    Function {
        names: &["max_of"],
        signature: "max_of(value, …)",
        doc: "The largest of the values; nulls are left out.",
        params: &[Param::Any, Param::Any],
        optional: 1,
        repeat: 1,
        result: common,
        naming: Naming::None,
        body: |context, args| extreme(context, args, std::cmp::Ordering::Greater),
    },
    Function {
        names: &["min_of"],
        signature: "min_of(value, …)",
        doc: "The smallest of the values; nulls are left out.",
        params: &[Param::Any, Param::Any],
        optional: 1,
        repeat: 1,
        result: common,
        naming: Naming::None,
        body: |context, args| extreme(context, args, std::cmp::Ordering::Less),
    },
];

fn is_empty(args: &[Value]) -> bool {
    match args.first() {
        None | Some(Value::Null) => true,
        Some(Value::String(s)) => s.is_empty(),
        Some(Value::Dynamic(json)) => matches!(json.as_ref(), Json::String(s) if s.is_empty()),
        Some(_) => false,
    }
}

fn choose(context: &Context, args: &[Value]) -> Value {
    let Some((default, rest)) = args.split_last() else {
        return Value::Null;
    };
    let chosen = rest.chunks_exact(2).find_map(|pair| match pair {
        [Value::Bool(true), value] => Some(value),
        _ => None,
    });
    let chosen = chosen.unwrap_or(default);
    if chosen.is_null() {
        return Value::Null;
    }
    convert::convert(chosen, context.ty)
}

fn extreme(context: &Context, args: &[Value], wanted: std::cmp::Ordering) -> Value {
    let mut best: Option<&Value> = None;
    for value in args.iter().filter(|v| !v.is_null()) {
        let better = best.is_none_or(|b| crate::kql::run::compare::order(value, b) == Some(wanted));
        if better {
            best = Some(value);
        }
    }
    best.map_or(Value::Null, |v| convert::convert(v, context.ty))
}
