//! Characters: their numbers, their kinds, their replacement; Punycode.

use super::Function;
use super::Param::{Any, AnyText, Text};
use super::entry::{bool, dynamic, entry, made, string, text, texted};
use crate::kql::run::convert;
use crate::value::Value;
use idna::punycode;
use serde_json::Value as Json;

pub const FUNCTIONS: &[Function] = &[
    entry(
        &["unicode_codepoints_from_string", "to_utf8"],
        "unicode_codepoints_from_string(text:string)",
        "The Unicode numbers of the characters of a text as an array.",
        &[AnyText],
        (0, 0),
        dynamic,
        |_, a| {
            made(
                text(a, 0)
                    .chars()
                    .map(|c| Json::from(u32::from(c)))
                    .collect(),
            )
        },
    ),
    entry(
        &["unicode_codepoints_to_string", "make_string"],
        "unicode_codepoints_to_string(number, …)",
        "The text of characters given by their Unicode numbers, one by one or as arrays; \"\" where one is none.",
        &[Any],
        (0, 1),
        string,
        |_, a| texted(characters(a).unwrap_or_default()),
    ),
    entry(
        &["isascii"],
        "isascii(text:string)",
        "Whether all characters of a text are ASCII.",
        &[AnyText],
        (0, 0),
        bool,
        |_, a| Value::Bool(text(a, 0).is_ascii()),
    ),
    entry(
        &["isutf8"],
        "isutf8(text:string)",
        "Whether a text is valid UTF-8; every text here is.",
        &[AnyText],
        (0, 0),
        bool,
        |_, _| Value::Bool(true),
    ),
    entry(
        &["translate"],
        "translate(search:string, replacement:string, text:string)",
        "The text with each character of the first list replaced by the one at its place in the second; beyond its end its last one counts, and where it is empty the character is removed.",
        &[Text, Text, Text],
        (0, 0),
        string,
        |_, a| {
            let search: Vec<char> = text(a, 0).chars().collect();
            let with: Vec<char> = text(a, 1).chars().collect();
            let one = |c: char| match search.iter().position(|s| *s == c) {
                None => Some(c),
                Some(at) => with.get(at).or(with.last()).copied(),
            };
            texted(text(a, 2).chars().filter_map(one).collect::<String>())
        },
    ),
    entry(
        &["regex_quote"],
        "regex_quote(text:string)",
        "The text as a regular expression that matches just it.",
        &[AnyText],
        (0, 0),
        string,
        |_, a| texted(regex::escape(&text(a, 0))),
    ),
    entry(
        &["punycode_from_string"],
        "punycode_from_string(text:string)",
        "The text in Punycode, without `xn--`.",
        &[Text],
        (0, 0),
        string,
        |_, a| texted(punycode::encode_str(&text(a, 0)).unwrap_or_default()),
    ),
    entry(
        &["punycode_to_string"],
        "punycode_to_string(text:string)",
        "The text behind Punycode without `xn--`; \"\" where it is none.",
        &[Text],
        (0, 0),
        string,
        |_, a| texted(punycode::decode_to_string(&text(a, 0)).unwrap_or_default()),
    ),
    entry(
        &["punycode_domain_from_string"],
        "punycode_domain_from_string(domain:string)",
        "The domain behind one whose labels are in Punycode (`xn--…`); \"\" where one cannot be read.",
        &[Text],
        (0, 0),
        string,
        |_, a| {
            let domain = text(a, 0);
            let labels = domain
                .split('.')
                .map(|label| match label.strip_prefix("xn--") {
                    Some(code) => punycode::decode_to_string(code),
                    None => Some(label.to_owned()),
                });
            let labels: Option<Vec<String>> = labels.collect();
            texted(labels.unwrap_or_default().join("."))
        },
    ),
    entry(
        &["punycode_domain_to_string"],
        "punycode_domain_to_string(domain:string)",
        "The domain with its labels that are not ASCII in Punycode (`xn--…`).",
        &[Text],
        (0, 0),
        string,
        |_, a| {
            let domain = text(a, 0);
            let points = ['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'];
            let labels = domain.split(points).map(|label| match label.is_ascii() {
                true => Some(label.to_owned()),
                false => punycode::encode_str(label).map(|code| format!("xn--{code}")),
            });
            let labels: Option<Vec<String>> = labels.collect();
            texted(labels.unwrap_or_default().join("."))
        },
    ),
];

fn characters(args: &[Value]) -> Option<String> {
    let one = |number: i64| char::from_u32(u32::try_from(number).ok()?);
    let mut made = String::new();
    for arg in args {
        match arg {
            Value::Dynamic(json) => match json.as_ref() {
                Json::Array(items) => {
                    for item in items {
                        made.push(one(item.as_i64()?)?);
                    }
                }
                other => made.push(one(other.as_i64()?)?),
            },
            Value::Int(_) | Value::Long(_) => made.push(one(convert::long(arg)?)?),
            _ => return None,
        }
    }
    Some(made)
}
