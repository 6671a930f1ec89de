//! `tostring()`, `toint()` and the others. What cannot be read is null, `""` for text.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

const fn to(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    result: fn(&[Type]) -> Option<Type>,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::Any],
        optional: 0,
        repeat: 0,
        result,
        naming: Naming::First,
        body: |context, args| {
            args.first()
                .map_or(Value::Null, |v| convert::convert(v, context.ty))
        },
    }
}

pub const FUNCTIONS: &[Function] = &[
    to(
        &["tostring"],
        "tostring(value)",
        "The text of a value; a dynamic string without its quotes, null as \"\".",
        |_| Some(Type::String),
    ),
    to(
        &["toint"],
        "toint(value)",
        "The value as an int; null where it is not a whole number's text. A real is cut off.",
        |_| Some(Type::Int),
    ),
    to(
        &["tolong"],
        "tolong(value)",
        "The value as a long; null where it is not a whole number's text. A real is cut off.",
        |_| Some(Type::Long),
    ),
    to(
        &["todouble", "toreal"],
        "todouble(value)",
        "The value as a real; null where it is not a number's text.",
        |_| Some(Type::Real),
    ),
    to(
        &["todecimal"],
        "todecimal(value)",
        "The value as a decimal; null where it is not a number's text.",
        |_| Some(Type::Decimal),
    ),
    to(
        &["tobool", "toboolean"],
        "tobool(value)",
        "The value as a bool: true, false or a number; null for other text.",
        |_| Some(Type::Bool),
    ),
    to(
        &["todatetime"],
        "todatetime(value)",
        "The value as a datetime; null where it is not an instant's text.",
        |_| Some(Type::DateTime),
    ),
    to(
        &["totimespan", "totime"],
        "totimespan(value)",
        "The value as a timespan; null where it is not a span's text.",
        |_| Some(Type::TimeSpan),
    ),
    to(
        &["toguid"],
        "toguid(value)",
        "The value as a guid; null where it is not a guid's text.",
        |_| Some(Type::Guid),
    ),
    Function {
        names: &["parse_json", "todynamic", "toobject", "parsejson"],
        signature: "parse_json(text:string)",
        doc: "The JSON value of a text; a text that is not JSON becomes a dynamic string.",
        params: &[Param::TextOrDynamic],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Dynamic),
        naming: Naming::First,
        body: parse_json,
    },
    Function {
        names: &["gettype"],
        signature: "gettype(value)",
        doc: "The name of the value's runtime type; of a dynamic value that of what it holds.",
        params: &[Param::Any],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::Prefix("type"),
        body: |context, args| {
            let name = match (args.first(), context.types.first()) {
                (Some(Value::Null), Some(ty)) if *ty != Type::Dynamic => ty.name(),
                (Some(value), _) => type_name(value),
                (None, _) => "null",
            };
            Value::String(Arc::from(name))
        },
    },
];

fn parse_json(_: &Context, args: &[Value]) -> Value {
    match args.first() {
        Some(Value::String(text)) => {
            if text.trim().is_empty() {
                return Value::Null;
            }
            match serde_json::from_str::<Json>(text) {
                Ok(Json::Null) => Value::Null,
                Ok(json) => Value::Dynamic(Arc::new(json)),
                Err(_) => Value::Dynamic(Arc::new(Json::from(text.as_ref()))),
            }
        }
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Long(_) => "long",
        Value::Real(_) => "real",
        Value::Decimal(_) => "decimal",
        Value::String(_) => "string",
        Value::DateTime(_) => "datetime",
        Value::TimeSpan(_) => "timespan",
        Value::Guid(_) => "guid",
        Value::Dynamic(json) => match json.as_ref() {
            Json::Null => "null",
            Json::Bool(_) => "bool",
            Json::Number(n) if n.is_i64() => "long",
            Json::Number(_) => "double",
            Json::String(_) => "string",
            Json::Array(_) => "array",
            Json::Object(_) => "dictionary",
        },
    }
}
