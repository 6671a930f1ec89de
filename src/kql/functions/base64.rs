//! Base64: standard alphabet, with padding. What cannot be decoded is `""` or null.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use std::sync::Arc;

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    result: fn(&[Type]) -> Option<Type>,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params,
        optional: 0,
        repeat: 0,
        result,
        naming: Naming::None,
        body,
    }
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["base64_decode_tostring", "base64_decodestring"],
        "base64_decode_tostring(text:string)",
        "The text behind a base64 text; \"\" where it is not base64 or not UTF-8.",
        &[Param::Text],
        |_| Some(Type::String),
        |_, args| {
            let text = decode(args).and_then(|bytes| String::from_utf8(bytes).ok());
            Value::String(Arc::from(text.unwrap_or_default()))
        },
    ),
    of(
        &["base64_encode_tostring", "base64_encodestring"],
        "base64_encode_tostring(text:string)",
        "The UTF-8 bytes of a text as base64.",
        &[Param::Text],
        |_| Some(Type::String),
        |_, args| {
            let text = args.first().map(convert::text).unwrap_or_default();
            Value::String(Arc::from(STANDARD.encode(text.as_bytes())))
        },
    ),
    of(
        &["base64_decode_toarray"],
        "base64_decode_toarray(text:string)",
        "The bytes behind a base64 text as an array of numbers; null where it is not base64.",
        &[Param::Text],
        |_| Some(Type::Dynamic),
        |_, args| match decode(args) {
            Some(bytes) => {
                let numbers = bytes.into_iter().map(Json::from).collect();
                Value::Dynamic(Arc::new(Json::Array(numbers)))
            }
            None => Value::Null,
        },
    ),
    of(
        &["base64_encode_fromarray"],
        "base64_encode_fromarray(bytes:dynamic)",
        "An array of bytes as base64; \"\" where it is none.",
        &[Param::Dynamic],
        |_| Some(Type::String),
        encode_array,
    ),
    of(
        &["base64_decode_toguid"],
        "base64_decode_toguid(text:string)",
        "The guid whose 16 bytes a base64 text holds; null where it does not.",
        &[Param::Text],
        |_| Some(Type::Guid),
        |_, args| {
            let bytes = decode(args).and_then(|b| <[u8; 16]>::try_from(b).ok());
            bytes.map_or(Value::Null, |bytes| {
                Value::Guid(Arc::from(guid_text(bytes)))
            })
        },
    ),
    of(
        &["base64_encode_fromguid"],
        "base64_encode_fromguid(guid)",
        "The 16 bytes of a guid as base64; \"\" for null.",
        &[Param::Any],
        |types| match types.first() {
            None | Some(Type::Guid) => Some(Type::String),
            Some(_) => None,
        },
        |_, args| {
            let bytes = args.first().map(convert::text).and_then(|t| guid_bytes(&t));
            let text = bytes.map(|b| STANDARD.encode(b)).unwrap_or_default();
            Value::String(Arc::from(text))
        },
    ),
];

/// Where each byte of a guid's text stands among its 16 bytes: the first three groups are little-endian.
const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

fn guid_text(bytes: [u8; 16]) -> String {
    let mut text = String::new();
    for (at, from) in ORDER.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{:02x}", bytes.get(*from).copied().unwrap_or(0)));
    }
    text
}

fn guid_bytes(text: &str) -> Option<[u8; 16]> {
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    let mut bytes = [0; 16];
    for (at, to) in ORDER.iter().enumerate() {
        *bytes.get_mut(*to)? = u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn decode(args: &[Value]) -> Option<Vec<u8>> {
    let text = args.first().map(convert::text)?;
    STANDARD.decode(text.as_bytes()).ok()
}

fn encode_array(_: &Context, args: &[Value]) -> Value {
    let bytes = || -> Option<Vec<u8>> {
        let Some(Value::Dynamic(json)) = args.first() else {
            return None;
        };
        let byte = |n: &Json| u8::try_from(n.as_i64()?).ok();
        json.as_array()?.iter().map(byte).collect()
    };
    let text = bytes().map(|b| STANDARD.encode(b)).unwrap_or_default();
    Value::String(Arc::from(text))
}
