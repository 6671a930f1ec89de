//! Regular expressions, in the platform's dialect (that of the `regex` crate).

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use regex::{Captures, Regex};
use serde_json::Value as Json;
use std::sync::Arc;

fn text(args: &[Value], at: usize) -> Arc<str> {
    args.get(at).map_or_else(|| Arc::from(""), convert::text)
}

const fn trimming(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::Regex, Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body,
    }
}

pub const FUNCTIONS: &[Function] = &[
    Function {
        names: &["extract"],
        signature: "extract(regex, group:long, text)",
        doc: "The text of a group of the first match; \"\" where there is none.",
        params: &[Param::Regex, Param::Integer, Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |context, args| {
            let group = args
                .get(1)
                .and_then(convert::long)
                .and_then(|n| usize::try_from(n).ok());
            let text = text(args, 2);
            let found = regex(context, args).and_then(|r| {
                let captures = r.captures(&text)?;
                captures.get(group?).map(|m| m.as_str().to_owned())
            });
            Value::String(Arc::from(found.unwrap_or_default()))
        },
    },
    Function {
        names: &["extract_all", "extractall"],
        signature: "extract_all(regex [, groups:dynamic], text)",
        doc: "The groups of all matches: a list of texts, or a list of lists where there are several groups. Null without a match.",
        params: &[Param::Regex, Param::Any, Param::AnyText],
        optional: 1,
        repeat: 0,
        result: |types| match types {
            [_, groups, _] if *groups != Type::Dynamic => None,
            _ => Some(Type::Dynamic),
        },
        naming: Naming::None,
        body: extract_all,
    },
    Function {
        names: &["countof"],
        signature: "countof(text, part [, kind])",
        doc: "How often a part occurs, overlaps included; with kind \"regex\" the part is a regular expression.",
        params: &[Param::AnyText, Param::AnyText, Param::TextConst],
        optional: 1,
        repeat: 0,
        result: |_| Some(Type::Long),
        naming: Naming::None,
        body: countof,
    },
    Function {
        names: &["indexof_regex"],
        signature: "indexof_regex(text, regex [, start:long [, length:long [, occurrence:long]]])",
        doc: "The position of a match in the text, from 0; -1 where there is none, null for a negative start.",
        params: &[
            Param::AnyText,
            Param::Regex,
            Param::Integer,
            Param::Integer,
            Param::Integer,
        ],
        optional: 3,
        repeat: 0,
        result: |_| Some(Type::Long),
        naming: Naming::None,
        body: indexof_regex,
    },
    Function {
        names: &["replace_regex"],
        signature: "replace_regex(text, regex, rewrite)",
        doc: "The text with all matches replaced; \\1 in the rewrite is the first group.",
        params: &[Param::AnyText, Param::Regex, Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |context, args| {
            let pattern = text(args, 1);
            let made = context.regexes.get(&pattern);
            replace(made, &text(args, 0), &text(args, 2))
        },
    },
    Function {
        names: &["replace"],
        signature: "replace(regex, rewrite, text)",
        doc: "The older form of replace_regex().",
        params: &[Param::Regex, Param::AnyText, Param::AnyText],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |context, args| replace(regex(context, args), &text(args, 2), &text(args, 1)),
    },
    trimming(
        &["trim"],
        "trim(regex, text)",
        "The text without one match at its start and one at its end.",
        |c, a| trim(c, a, true, true),
    ),
    trimming(
        &["trim_start"],
        "trim_start(regex, text)",
        "The text without one match at its start.",
        |c, a| trim(c, a, true, false),
    ),
    trimming(
        &["trim_end"],
        "trim_end(regex, text)",
        "The text without one match at its end.",
        |c, a| trim(c, a, false, true),
    ),
];

fn regex(context: &Context, args: &[Value]) -> Option<Arc<Regex>> {
    context.regexes.get(&text(args, 0))
}

fn extract_all(context: &Context, args: &[Value]) -> Value {
    let text = text(args, args.len().saturating_sub(1));
    let Some(regex) = regex(context, args) else {
        return Value::Null;
    };
    let count = regex.captures_len();
    let chosen: Vec<usize> = match args {
        [_, Value::Dynamic(groups), _] => {
            let Json::Array(items) = groups.as_ref() else {
                context.refuse("`extract_all` takes its groups as an array");
                return Value::Null;
            };
            if items.iter().any(Json::is_string) {
                context.refuse("Groups that are chosen by name are not supported yet");
            }
            // A group that the expression does not have is passed over.
            let numbers = items.iter().filter_map(Json::as_u64);
            let numbers = numbers.filter_map(|n| usize::try_from(n).ok());
            numbers.filter(|n| *n < count).collect()
        }
        _ if count == 1 => vec![0],
        _ => (1..count).collect(),
    };
    let group =
        |captures: &Captures, at: usize| Json::from(captures.get(at).map_or("", |m| m.as_str()));
    let found: Vec<Json> = regex
        .captures_iter(&text)
        .map(|captures| match chosen.as_slice() {
            [only] => group(&captures, *only),
            several => several.iter().map(|g| group(&captures, *g)).collect(),
        })
        .collect();
    if found.is_empty() {
        return Value::Null;
    }
    Value::Dynamic(Arc::new(Json::Array(found)))
}

fn indexof_regex(context: &Context, args: &[Value]) -> Value {
    let number = |at: usize, default: i64| args.get(at).map_or(Some(default), convert::long);
    let (Some(start), Some(length), Some(occurrence)) = (number(2, 0), number(3, -1), number(4, 1))
    else {
        return Value::Null;
    };
    let (Ok(start), Ok(nth)) = (
        usize::try_from(start),
        usize::try_from(occurrence.saturating_sub(1)),
    ) else {
        return Value::Null;
    };
    let Some(regex) = context.regexes.get(&text(args, 1)) else {
        return Value::Null;
    };
    // Positions count characters.
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let window: String = text(args, 0).chars().skip(start).take(length).collect();
    let found = regex.find_iter(&window).nth(nth);
    let place = found.and_then(|m| window.get(..m.start()));
    Value::Long(place.map_or(-1, |before| (start + before.chars().count()) as i64))
}

fn countof(context: &Context, args: &[Value]) -> Value {
    let (text, part) = (text(args, 0), text(args, 1));
    if args.get(2).is_some_and(|k| &*convert::text(k) == "regex") {
        return match context.regexes.get(&part) {
            Some(regex) => Value::Long(regex.find_iter(&text).count() as i64),
            None => Value::Null,
        };
    }
    if part.is_empty() {
        return Value::Long(0);
    }
    let starts = text
        .char_indices()
        .filter(|(at, _)| text.get(*at..).is_some_and(|t| t.starts_with(&*part)));
    Value::Long(starts.count() as i64)
}

fn replace(regex: Option<Arc<Regex>>, text: &str, rewrite: &str) -> Value {
    let Some(regex) = regex else {
        return Value::String(Arc::from(text));
    };
    let replaced = regex.replace_all(text, |captures: &Captures| {
        let mut made = String::new();
        let mut chars = rewrite.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                made.push(c);
                continue;
            }
            match chars.next() {
                Some(d) if d.is_ascii_digit() => {
                    let group = d.to_digit(10).unwrap_or(0) as usize;
                    made.push_str(captures.get(group).map_or("", |m| m.as_str()));
                }
                Some(other) => made.push(other),
                None => made.push('\\'),
            }
        }
        made
    });
    Value::String(Arc::from(replaced.as_ref()))
}

fn trim(context: &Context, args: &[Value], start: bool, end: bool) -> Value {
    let (pattern, text) = (text(args, 0), text(args, 1));
    let mut rest: &str = &text;
    if start && let Some(regex) = context.regexes.get(&format!("^(?:{pattern})")) {
        rest = regex
            .find(rest)
            .and_then(|m| rest.get(m.end()..))
            .unwrap_or(rest);
    }
    if end && let Some(regex) = context.regexes.get(&format!("(?:{pattern})$")) {
        rest = regex
            .find(rest)
            .and_then(|m| rest.get(..m.start()))
            .unwrap_or(rest);
    }
    Value::String(Arc::from(rest))
}
