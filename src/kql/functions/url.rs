//! Addresses of the web: taken apart, encoded and decoded.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    result: fn(&[Type]) -> Option<Type>,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::AnyText],
        optional: 0,
        repeat: 0,
        result,
        naming: Naming::None,
        body,
    }
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["parse_url", "parseurl"],
        "parse_url(url:string)",
        "The parts of an absolute URL: Scheme, Host, Port, Path, Username, Password, Query Parameters, Fragment; all empty where it is none.",
        |_| Some(Type::Dynamic),
        parse_url,
    ),
    of(
        &["parse_urlquery"],
        "parse_urlquery(query:string)",
        "The parameters of a URL's query, under `Query Parameters`.",
        |_| Some(Type::Dynamic),
        |_, args| {
            let mut bag = Map::new();
            bag.insert("Query Parameters".to_owned(), parameters(&text(args)));
            Value::Dynamic(Arc::new(Json::Object(bag)))
        },
    ),
    of(
        &["url_encode"],
        "url_encode(text:string)",
        "The text as it stands in a URL, a blank as `+`.",
        |_| Some(Type::String),
        |_, args| Value::String(Arc::from(encode(&text(args), "+"))),
    ),
    of(
        &["url_encode_component"],
        "url_encode_component(text:string)",
        "The text as it stands in a URL, a blank as `%20`.",
        |_| Some(Type::String),
        |_, args| Value::String(Arc::from(encode(&text(args), "%20"))),
    ),
    of(
        &["url_decode"],
        "url_decode(text:string)",
        "The text behind one that is encoded for a URL.",
        |_| Some(Type::String),
        |_, args| Value::String(Arc::from(decode(&text(args)))),
    ),
];

fn text(args: &[Value]) -> Arc<str> {
    args.first().map(convert::text).unwrap_or_default()
}

fn parse_url(_: &Context, args: &[Value]) -> Value {
    let url = text(args);
    let (scheme, rest) = url.split_once("://").unwrap_or(("", ""));
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at_checked(at).unwrap_or((rest, "")),
        None => (rest, ""),
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (username, password) = user.split_once(':').unwrap_or((user, ""));
    // The colons of an IPv6 address stand in brackets.
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (host, ""),
    };
    let mut bag = Map::new();
    let mut add = |key: &str, value: &str| bag.insert(key.to_owned(), Json::from(value));
    add("Scheme", scheme);
    add("Host", host);
    add("Port", port);
    add("Path", path);
    add("Username", username);
    add("Password", password);
    bag.insert("Query Parameters".to_owned(), parameters(query));
    bag.insert("Fragment".to_owned(), Json::from(fragment));
    Value::Dynamic(Arc::new(Json::Object(bag)))
}

/// The parameters of a query: one without a key or a value is left out, a repeated key becomes an array.
fn parameters(query: &str) -> Json {
    let mut all: Map<String, Json> = Map::new();
    for pair in query.split('&') {
        let Some((key, value)) = pair.split_once('=') else {
            continue;
        };
        if key.is_empty() || value.is_empty() {
            continue;
        }
        match all.get_mut(key) {
            None => {
                all.insert(key.to_owned(), Json::from(value));
            }
            Some(Json::Array(values)) => values.push(Json::from(value)),
            Some(one) => *one = Json::Array(vec![one.take(), Json::from(value)]),
        }
    }
    Json::Object(all)
}

fn encode(text: &str, blank: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => made.push_str(blank),
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'!'
            | b'*'
            | b'('
            | b')' => {
                made.push(char::from(byte));
            }
            other => made.push_str(&format!("%{other:02x}")),
        }
    }
    made
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut made = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let coded = (*byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match (coded, byte) {
            (Some(code), _) => {
                made.push(code);
                at += 2;
            }
            (None, b'+') => made.push(b' '),
            (None, other) => made.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&made).into_owned()
}
