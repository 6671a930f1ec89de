//! Several texts looked for at once.

use super::Param::{AnyText, Dynamic, Text};
use super::entry::{array, entry, long, string, text, texted};
use super::{Context, Function};
use crate::kql::run::convert;
use crate::kql::run::terms::Matcher;
use crate::kql::syntax::tree::TextTest;
use crate::value::Value;

pub const FUNCTIONS: &[Function] = &[
    entry(
        &["replace_strings"],
        "replace_strings(text, parts:dynamic, with:dynamic)",
        "The text with every occurrence of each part replaced by the text at its place in the second array. Earlier parts come first; what is replaced is not looked at again.",
        &[Text, Dynamic, Dynamic],
        (0, 0),
        string,
        replace_strings,
    ),
    entry(
        &["has_any_index"],
        "has_any_index(text, values:dynamic)",
        "The place in an array of the first value that the text has as a term; -1 where it has none.",
        &[AnyText, Dynamic],
        (0, 0),
        long,
        |_, a| {
            let text = text(a, 0);
            let has = |value: &Value| {
                let wanted = convert::text(value);
                Matcher::new(TextTest::Has, false, &wanted).matches(&text)
            };
            match array(a, 1) {
                Some(values) => {
                    let at = values.iter().position(|v| has(&convert::scalar(v)));
                    Value::Long(at.map_or(-1, |at| at as i64))
                }
                None => Value::Null,
            }
        },
    ),
];

/// A part of the text: still to be searched, or done.
enum Piece {
    Open(String),
    Done(String),
}

fn replace_strings(context: &Context, args: &[Value]) -> Value {
    let (Some(parts), Some(with)) = (array(args, 1), array(args, 2)) else {
        return texted(text(args, 0));
    };
    if parts.len() != with.len() {
        context.refuse("`replace_strings` takes two arrays of the same length");
    }
    let mut pieces = vec![Piece::Open(text(args, 0).to_string())];
    for (part, new) in parts.iter().zip(with) {
        let Some(part) = part.as_str().filter(|p| !p.is_empty()) else {
            continue;
        };
        // Something that is no text replaces nothing, and yet keeps the place.
        let new = new.as_str().unwrap_or(part);
        let mut next = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let Piece::Open(open) = piece else {
                next.push(piece);
                continue;
            };
            for (at, between) in open.split(part).enumerate() {
                if at > 0 {
                    next.push(Piece::Done(new.to_owned()));
                }
                if !between.is_empty() {
                    next.push(Piece::Open(between.to_owned()));
                }
            }
        }
        pieces = next;
    }
    let all = pieces.into_iter().map(|p| match p {
        Piece::Open(text) | Piece::Done(text) => text,
    });
    texted(all.collect::<String>())
}
