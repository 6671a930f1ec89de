//! What the tables of the families share: an entry's common form, arguments as text and arrays.

use super::{Body, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// A function whose columns have no name of their own. The numbers say how many of the last parameters
/// may be left out, and how many repeat together.
pub const fn entry(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    (optional, repeat): (usize, usize),
    result: fn(&[Type]) -> Option<Type>,
    body: Body,
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

pub const fn bool(_: &[Type]) -> Option<Type> {
    Some(Type::Bool)
}

pub const fn long(_: &[Type]) -> Option<Type> {
    Some(Type::Long)
}

pub const fn real(_: &[Type]) -> Option<Type> {
    Some(Type::Real)
}

pub const fn string(_: &[Type]) -> Option<Type> {
    Some(Type::String)
}

pub const fn dynamic(_: &[Type]) -> Option<Type> {
    Some(Type::Dynamic)
}

/// An argument as text; `""` where there is none.
pub fn text(args: &[Value], at: usize) -> Arc<str> {
    args.get(at).map_or_else(|| Arc::from(""), convert::text)
}

/// An argument that is an array.
pub fn array(args: &[Value], at: usize) -> Option<&Vec<Json>> {
    match args.get(at)? {
        Value::Dynamic(json) => json.as_array(),
        _ => None,
    }
}

/// A text as a value.
pub fn texted(text: impl Into<Arc<str>>) -> Value {
    Value::String(text.into())
}

/// A JSON value as a value: its null is null.
pub fn made(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        json => Value::Dynamic(Arc::new(json)),
    }
}

/// A truth that may not be known.
pub fn truth(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Bool)
}

/// The texts behind the first argument, given one by one or as arrays.
pub fn listed(args: &[Value]) -> Vec<Arc<str>> {
    let mut all = Vec::new();
    for value in args.iter().skip(1) {
        match value {
            Value::Dynamic(json) => match json.as_ref() {
                Json::Array(items) => {
                    all.extend(items.iter().map(|i| convert::text(&convert::scalar(i))));
                }
                other => all.push(convert::text(&convert::scalar(other))),
            },
            other => all.push(convert::text(other)),
        }
    }
    all
}
