//! IPv4 addresses and ranges (`10.0.0.0/8`). What is no address gives null.

use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    (optional, repeat): (usize, usize),
    result: fn(&[Type]) -> Option<Type>,
    body: super::Body,
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

const fn bool(_: &[Type]) -> Option<Type> {
    Some(Type::Bool)
}

const fn long(_: &[Type]) -> Option<Type> {
    Some(Type::Long)
}

const PRIVATE: [(u32, u32); 3] = [(0x0A00_0000, 8), (0xAC10_0000, 12), (0xC0A8_0000, 16)];

/// An address: four decimal numbers without leading zeros.
fn address(text: &str) -> Option<u32> {
    let mut value: u32 = 0;
    let mut count = 0;
    for part in text.split('.') {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        let shaped = (1..=3).contains(&part.len()) && !(part.len() > 1 && part.starts_with('0'));
        if !digits || !shaped || count == 4 {
            return None;
        }
        value = value << 8 | u32::from(part.parse::<u8>().ok()?);
        count += 1;
    }
    (count == 4).then_some(value)
}

/// An address with the bits of its prefix: 32 where it has none.
fn range(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    match text.split_once('/') {
        None => Some((address(text)?, 32)),
        Some((ip, bits)) => {
            let digits = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
            let bits: u32 = if digits { bits.parse().ok()? } else { 33 };
            (bits <= 32).then_some((address(ip)?, bits))
        }
    }
}

fn mask(bits: u32) -> u32 {
    u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0)
}

fn within(ip: u32, (network, bits): (u32, u32)) -> bool {
    (ip ^ network) & mask(bits) == 0
}

fn text(args: &[Value], at: usize) -> Arc<str> {
    args.get(at).map(convert::text).unwrap_or_default()
}

/// The prefix that a call gives; none where it is no number of bits.
fn prefix(args: &[Value], at: usize) -> Option<u32> {
    match args.get(at) {
        None => Some(32),
        Some(value) => u32::try_from(convert::long(value)?)
            .ok()
            .filter(|b| *b <= 32),
    }
}

/// Both addresses under the shortest of the prefixes.
fn both(args: &[Value]) -> Option<(u32, u32)> {
    let (a, b) = (range(&text(args, 0))?, range(&text(args, 1))?);
    let kept = mask(a.1.min(b.1).min(prefix(args, 2)?));
    Some((a.0 & kept, b.0 & kept))
}

fn truth(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Bool)
}

fn dotted(ip: u32) -> String {
    std::net::Ipv4Addr::from(ip).to_string()
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["parse_ipv4"],
        "parse_ipv4(ip:string)",
        "An address as a number, under its prefix where it has one; null where it is none.",
        &[Param::Text],
        (0, 0),
        long,
        |_, a| match range(&text(a, 0)) {
            Some((ip, bits)) => Value::Long(i64::from(ip & mask(bits))),
            None => Value::Null,
        },
    ),
    of(
        &["parse_ipv4_mask"],
        "parse_ipv4_mask(ip:string, prefix:long)",
        "An address under a prefix as a number; null where it is none.",
        &[Param::Text, Param::Integer],
        (0, 0),
        long,
        |_, a| match (range(&text(a, 0)), prefix(a, 1)) {
            (Some((ip, bits)), Some(given)) => Value::Long(i64::from(ip & mask(bits.min(given)))),
            _ => Value::Null,
        },
    ),
    of(
        &["ipv4_is_private"],
        "ipv4_is_private(ip:string)",
        "Whether an address is in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16; null where it is none.",
        &[Param::Text],
        (0, 0),
        bool,
        |_, a| {
            let found = range(&text(a, 0)).map(|(ip, bits)| {
                PRIVATE
                    .iter()
                    .any(|private| bits >= private.1 && within(ip, *private))
            });
            truth(found)
        },
    ),
    of(
        &["ipv4_is_in_range"],
        "ipv4_is_in_range(ip:string, range:string)",
        "Whether an address is in a range; null where either cannot be read.",
        &[Param::Text, Param::Text],
        (0, 0),
        bool,
        |_, a| truth(is_in(&text(a, 0), &text(a, 1))),
    ),
    of(
        &["ipv4_is_in_any_range"],
        "ipv4_is_in_any_range(ip:string, range, …)",
        "Whether an address is in one of the ranges, given one by one or as an array.",
        &[Param::Text, Param::TextOrDynamic],
        (0, 1),
        bool,
        in_any_range,
    ),
    of(
        &["ipv4_is_match"],
        "ipv4_is_match(a:string, b:string [, prefix:long])",
        "Whether two addresses are equal under the shortest of their prefixes; null where one is none.",
        &[Param::Text, Param::Text, Param::Integer],
        (1, 0),
        bool,
        |_, a| truth(both(a).map(|(x, y)| x == y)),
    ),
    of(
        &["ipv4_compare"],
        "ipv4_compare(a:string, b:string [, prefix:long])",
        "-1, 0 or 1: how two addresses stand under the shortest of their prefixes; null where one is none.",
        &[Param::Text, Param::Text, Param::Integer],
        (1, 0),
        long,
        |_, a| both(a).map_or(Value::Null, |(x, y)| Value::Long(x.cmp(&y) as i64)),
    ),
    of(
        &["ipv4_netmask_suffix"],
        "ipv4_netmask_suffix(ip:string)",
        "The bits of an address's prefix, 32 where it has none; null where it is none.",
        &[Param::Text],
        (0, 0),
        long,
        |_, a| range(&text(a, 0)).map_or(Value::Null, |(_, bits)| Value::Long(i64::from(bits))),
    ),
    of(
        &["format_ipv4"],
        "format_ipv4(ip [, prefix:long])",
        "An address, text or number, under a prefix as text; \"\" where it is none.",
        &[Param::Any, Param::Integer],
        (1, 0),
        formattable,
        |_, a| {
            let made = masked(a).map(|(ip, _)| dotted(ip));
            Value::String(Arc::from(made.unwrap_or_default()))
        },
    ),
    of(
        &["format_ipv4_mask"],
        "format_ipv4_mask(ip [, prefix:long])",
        "An address, text or number, under a prefix as text with the prefix; \"\" where it is none.",
        &[Param::Any, Param::Integer],
        (1, 0),
        formattable,
        |_, a| {
            let made = masked(a).map(|(ip, bits)| format!("{}/{bits}", dotted(ip)));
            Value::String(Arc::from(made.unwrap_or_default()))
        },
    ),
    of(
        &["has_ipv4"],
        "has_ipv4(text:string, ip:string)",
        "Whether a text has an address, with no letter, digit or point beside it.",
        &[Param::Text, Param::Text],
        (0, 0),
        bool,
        |_, a| Value::Bool(address(&text(a, 1)).is_some() && has(&text(a, 0), &text(a, 1), false)),
    ),
    of(
        &["has_any_ipv4"],
        "has_any_ipv4(text:string, ip, …)",
        "Whether a text has one of the addresses, given one by one or as an array.",
        &[Param::Text, Param::TextOrDynamic],
        (0, 1),
        bool,
        |_, a| {
            let wanted = listed(a);
            let mut wanted = wanted.iter().filter(|ip| address(ip).is_some());
            Value::Bool(wanted.any(|ip| has(&text(a, 0), ip, false)))
        },
    ),
    of(
        &["has_ipv4_prefix"],
        "has_ipv4_prefix(text:string, prefix:string)",
        "Whether a text has an address that begins with a prefix such as `10.0.`.",
        &[Param::Text, Param::Text],
        (0, 0),
        bool,
        |_, a| Value::Bool(is_prefix(&text(a, 1)) && has(&text(a, 0), &text(a, 1), true)),
    ),
    of(
        &["has_any_ipv4_prefix"],
        "has_any_ipv4_prefix(text:string, prefix, …)",
        "Whether a text has an address that begins with one of the prefixes.",
        &[Param::Text, Param::TextOrDynamic],
        (0, 1),
        bool,
        |_, a| {
            let wanted = listed(a);
            let mut wanted = wanted.iter().filter(|p| is_prefix(p));
            Value::Bool(wanted.any(|p| has(&text(a, 0), p, true)))
        },
    ),
];

fn formattable(types: &[Type]) -> Option<Type> {
    match types.first() {
        None | Some(Type::String | Type::Int | Type::Long | Type::Dynamic) => Some(Type::String),
        _ => None,
    }
}

/// The address of `format_ipv4` under its prefix, and the prefix that counts.
fn masked(args: &[Value]) -> Option<(u32, u32)> {
    let (ip, bits) = match args.first()? {
        Value::Int(n) => (u32::try_from(*n).ok()?, 32),
        Value::Long(n) => (u32::try_from(*n).ok()?, 32),
        Value::Dynamic(json) if json.is_i64() => (u32::try_from(json.as_i64()?).ok()?, 32),
        other => range(&convert::text(other))?,
    };
    let bits = bits.min(prefix(args, 1)?);
    Some((ip & mask(bits), bits))
}

fn is_in(ip: &str, network: &str) -> Option<bool> {
    let (ip, network) = (range(ip)?, range(network)?);
    Some(ip.1 >= network.1 && within(ip.0, network))
}

/// The texts behind the first argument; arrays are spread.
fn listed(args: &[Value]) -> Vec<Arc<str>> {
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

fn in_any_range(_: &Context, args: &[Value]) -> Value {
    let ip = text(args, 0);
    if range(&ip).is_none() {
        return Value::Null;
    }
    let ranges = listed(args);
    let mut readable = ranges.iter().filter_map(|r| is_in(&ip, r)).peekable();
    if readable.peek().is_none() && !ranges.is_empty() {
        return Value::Null;
    }
    Value::Bool(readable.any(|inside| inside))
}

/// One to three numbers with a point behind each.
fn is_prefix(text: &str) -> bool {
    let full = format!(
        "{text}{}",
        "0.".repeat(4usize.saturating_sub(text.matches('.').count()))
    );
    address(text).is_some() || text.ends_with('.') && address(full.trim_end_matches('.')).is_some()
}

/// Whether an address (or one that begins so) stands in a text by itself.
fn has(text: &str, wanted: &str, prefix: bool) -> bool {
    let joined = |c: char| c.is_alphanumeric() || c == '.';
    text.match_indices(wanted).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        if before.is_some_and(joined) {
            return false;
        }
        let rest = text.get(at..).unwrap_or("");
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let (found, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        // A full stop behind it is none of its numbers.
        let found = if prefix {
            found.strip_suffix('.').unwrap_or(found)
        } else {
            found
        };
        !after.starts_with(char::is_alphanumeric)
            && if prefix {
                address(found).is_some()
            } else {
                found.strip_suffix('.').unwrap_or(found) == wanted
            }
    })
}
