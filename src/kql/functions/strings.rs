//! Texts: case, length, parts, joining. Positions and lengths count characters.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

fn text(args: &[Value], at: usize) -> Arc<str> {
    args.get(at).map_or_else(|| Arc::from(""), convert::text)
}

fn string(text: impl Into<Arc<str>>) -> Value {
    Value::String(text.into())
}

const fn of_text(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body,
    }
}

pub const FUNCTIONS: &[Function] = &[
    of_text(
        &["tolower"],
        "tolower(text)",
        "The text in lower case.",
        |_, a| string(text(a, 0).to_lowercase()),
    ),
    of_text(
        &["toupper"],
        "toupper(text)",
        "The text in upper case.",
        |_, a| string(text(a, 0).to_uppercase()),
    ),
    of_text(
        &["reverse"],
        "reverse(text)",
        "The characters in reverse order.",
        |_, a| string(text(a, 0).chars().rev().collect::<String>()),
    ),
    Function {
        names: &["strlen"],
        signature: "strlen(text:string)",
        doc: "How many characters the text has.",
        params: &[Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Long),
        naming: Naming::Prefix("strlen"),
        body: |_, a| Value::Long(text(a, 0).chars().count() as i64),
    },
    Function {
        names: &["string_size"],
        signature: "string_size(text:string)",
        doc: "How many bytes the text has in UTF-8.",
        params: &[Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Long),
        naming: Naming::Prefix("string_size"),
        body: |_, a| Value::Long(text(a, 0).len() as i64),
    },
    Function {
        names: &["strcat"],
        signature: "strcat(value, …)",
        doc: "The texts of all values, one behind the other.",
        params: &[Param::AnyText],
        optional: 0,
        repeat: 1,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |_, a| {
            string(
                a.iter()
                    .map(convert::text)
                    .fold(String::new(), |all, t| all + &t),
            )
        },
    },
    Function {
        names: &["strcat_delim"],
        signature: "strcat_delim(delimiter, value, …)",
        doc: "The texts of all values with the delimiter between them.",
        params: &[Param::AnyText, Param::AnyText],
        optional: 0,
        repeat: 1,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |_, a| {
            let parts: Vec<Arc<str>> = a.iter().skip(1).map(convert::text).collect();
            string(parts.join(&*text(a, 0)))
        },
    },
    Function {
        names: &["strcat_array", "array_strcat"],
        signature: "strcat_array(array:dynamic, delimiter)",
        doc: "The elements of an array as text with the delimiter between them.",
        params: &[Param::Dynamic, Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |_, a| match a.first() {
            Some(Value::Dynamic(json)) => match json.as_ref() {
                Json::Array(items) => {
                    let parts: Vec<Arc<str>> = items
                        .iter()
                        .map(|i| convert::text(&Value::Dynamic(Arc::new(i.clone()))))
                        .collect();
                    string(parts.join(&*text(a, 1)))
                }
                _ => string(""),
            },
            _ => string(""),
        },
    },
    Function {
        names: &["strrep"],
        signature: "strrep(value, times:long [, delimiter])",
        doc: "The text so many times (at most 1024), with the delimiter between.",
        params: &[Param::AnyText, Param::Integer, Param::AnyText],
        optional: 1,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |_, a| {
            let times = a.get(1).and_then(convert::long).unwrap_or(0).clamp(0, 1024) as usize;
            let one = text(a, 0);
            if one.len().saturating_mul(times) > crate::kql::run::MAX_TEXT {
                return string("");
            }
            string(vec![one; times].join(&*text(a, 2)))
        },
    },
    Function {
        names: &["strcmp"],
        signature: "strcmp(a, b)",
        doc: "-1, 0 or 1: how the first text stands to the second.",
        params: &[Param::AnyText, Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Long),
        naming: Naming::None,
        body: |_, a| Value::Long(text(a, 0).cmp(&text(a, 1)) as i64),
    },
    Function {
        names: &["substring"],
        signature: "substring(text, start:long [, length:long])",
        doc: "A part of the text, from a position that counts from 0; a negative one counts from the end.",
        params: &[Param::AnyText, Param::Integer, Param::Integer],
        optional: 1,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: substring,
    },
    Function {
        names: &["indexof"],
        signature: "indexof(text, part [, start:long [, length:long [, occurrence:long]]])",
        doc: "The position of a part in the text, from 0; -1 where it is not.",
        params: &[
            Param::AnyText,
            Param::AnyText,
            Param::Integer,
            Param::Integer,
            Param::Integer,
        ],
        optional: 3,
        repeat: 0,
        result: |_| Some(Type::Long),
        naming: Naming::None,
        body: indexof,
    },
    Function {
        names: &["split"],
        signature: "split(text, delimiter [, index:long])",
        doc: "The parts of the text between the delimiters, empty ones too; with an index an array of that one part.",
        params: &[Param::AnyText, Param::Text, Param::Integer],
        optional: 1,
        repeat: 0,
        result: |_| Some(Type::Dynamic),
        naming: Naming::First,
        body: split,
    },
    Function {
        names: &["replace_string"],
        signature: "replace_string(text, part, with)",
        doc: "The text with every occurrence of a part replaced.",
        params: &[Param::Text, Param::Text, Param::Text],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |_, a| {
            let part = text(a, 1);
            if part.is_empty() {
                return string(text(a, 0));
            }
            string(text(a, 0).replace(&*part, &text(a, 2)))
        },
    },
];

fn substring(_: &Context, args: &[Value]) -> Value {
    let text = text(args, 0);
    let Some(start) = args.get(1).and_then(convert::long) else {
        return string("");
    };
    let length = match args.get(2) {
        None => None,
        Some(value) => match convert::long(value) {
            Some(n) => Some(usize::try_from(n).unwrap_or(0)),
            None => return string(""),
        },
    };
    let start = if start < 0 {
        let count = text.chars().count() as i64;
        let from_start = count.saturating_add(start);
        if from_start < 0 {
            return string("");
        }
        from_start
    } else {
        start
    };
    let rest = text
        .chars()
        .skip(usize::try_from(start).unwrap_or(usize::MAX));
    match length {
        Some(length) => string(rest.take(length).collect::<String>()),
        None => string(rest.collect::<String>()),
    }
}

fn indexof(_: &Context, args: &[Value]) -> Value {
    let (text, part) = (text(args, 0), text(args, 1));
    let number = |at: usize, default: i64| args.get(at).map_or(Some(default), convert::long);
    let (Some(start), Some(length), Some(occurrence)) = (number(2, 0), number(3, -1), number(4, 1))
    else {
        return Value::Null;
    };
    let chars: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = part.chars().collect();
    let count = chars.len() as i64;
    let start = if start < 0 {
        (count + start).max(0)
    } else {
        start
    };
    let end = if length < 0 {
        count
    } else {
        start.saturating_add(length).min(count)
    };
    if start > count || occurrence < 1 {
        return Value::Long(-1);
    }
    let (start, end) = (start as usize, end.max(start) as usize);
    if wanted.is_empty() {
        return Value::Long(start as i64);
    }
    let window = chars.get(start..end).unwrap_or(&[]);
    let mut left = occurrence;
    for (at, candidate) in window.windows(wanted.len()).enumerate() {
        if candidate == wanted.as_slice() {
            left -= 1;
            if left == 0 {
                return Value::Long((start + at) as i64);
            }
        }
    }
    Value::Long(-1)
}

fn split(_: &Context, args: &[Value]) -> Value {
    let (text, delimiter) = (text(args, 0), text(args, 1));
    let parts: Vec<&str> = if delimiter.is_empty() {
        vec![&text]
    } else {
        text.split(&*delimiter).collect()
    };
    let json = match args.get(2).map(convert::long) {
        None => parts.into_iter().map(Json::from).collect::<Vec<_>>(),
        Some(None) => return Value::Null,
        Some(Some(index)) => {
            let at = if index < 0 {
                index + parts.len() as i64
            } else {
                index
            };
            let part = usize::try_from(at).ok().and_then(|i| parts.get(i));
            match part {
                Some(part) => vec![Json::from(*part)],
                None => Vec::new(),
            }
        }
    };
    Value::Dynamic(Arc::new(Json::Array(json)))
}
