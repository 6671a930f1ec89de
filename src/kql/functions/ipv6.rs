//! IPv6 addresses and ranges; IPv4 addresses stand among them as `::ffff:a.b.c.d`. What is no address gives
//! null, or `""` where the result is text.

use super::Param::{Integer, Text, TextOrDynamic};
use super::entry::{bool, entry, listed, long, string, text, texted, truth};
use super::{Context, Function};
use crate::kql::run::convert;
use crate::value::Value;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An address with the bits of its prefix: 128 where it has none.
pub(super) fn range(text: &str) -> Option<(u128, u32)> {
    let text = text.trim();
    let (ip, bits) = match text.split_once('/') {
        Some((ip, bits)) => (ip, Some(bits)),
        None => (text, None),
    };
    // The zone of a link-local address is no part of it.
    let ip = ip.split_once('%').map_or(ip, |(ip, _)| ip);
    let (address, dotted) = match ip.parse::<Ipv4Addr>() {
        Ok(v4) => (v4.to_ipv6_mapped(), true),
        Err(_) => (ip.parse::<Ipv6Addr>().ok()?, ip.contains('.')),
    };
    // Behind an address in points the prefix counts IPv4's 32 bits.
    let (most, before) = if dotted { (32, 96) } else { (128, 0) };
    let bits = match bits {
        None => most,
        Some(bits) if !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit()) => {
            bits.parse().ok()?
        }
        Some(_) => return None,
    };
    (bits <= most).then_some((u128::from(address), bits + before))
}

fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0)
}

/// The full form: eight groups of four digits.
fn full(ip: u128) -> String {
    let groups = Ipv6Addr::from(ip).segments();
    let groups: Vec<String> = groups.iter().map(|g| format!("{g:04x}")).collect();
    groups.join(":")
}

/// The prefix that a call gives; none where it is no number of bits.
fn prefix(args: &[Value], at: usize) -> Option<u32> {
    match args.get(at) {
        None => Some(128),
        Some(value) => u32::try_from(convert::long(value)?)
            .ok()
            .filter(|bits| *bits <= 128),
    }
}

/// Whether both are written as IPv4 addresses, so that a prefix counts their bits.
fn both_v4(args: &[Value]) -> bool {
    [0, 1].iter().all(|at| !text(args, *at).contains(':'))
}

/// The same, where `::1.2.3.4` is the IPv4 address `1.2.3.4`: so do comparisons take it.
fn compared(text: &str) -> Option<(u128, u32)> {
    let (ip, bits) = range(text)?;
    let v4 = text.contains('.') && ip >> 32 == 0;
    Some((if v4 { ip | 0xffff << 32 } else { ip }, bits))
}

/// Both addresses under the shortest of the prefixes.
fn both(args: &[Value]) -> Option<(u128, u128)> {
    let (a, b) = (compared(&text(args, 0))?, compared(&text(args, 1))?);
    let mut given = prefix(args, 2)?;
    if args.len() > 2 && given <= 32 && both_v4(args) {
        given += 96;
    }
    let kept = mask(a.1.min(b.1).min(given));
    Some((a.0 & kept, b.0 & kept))
}

fn is_in(ip: &str, network: &str) -> Option<bool> {
    let (ip, network) = (range(ip)?, range(network)?);
    Some(ip.1 >= network.1 && (ip.0 ^ network.0) & mask(network.1) == 0)
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

pub const FUNCTIONS: &[Function] = &[
    entry(
        &["parse_ipv6"],
        "parse_ipv6(ip:string)",
        "An IPv6 or IPv4 address in its full form, under its prefix where it has one; \"\" where it is none.",
        &[Text],
        (0, 0),
        string,
        |_, a| {
            let made = range(&text(a, 0)).map(|(ip, bits)| full(ip & mask(bits)));
            texted(made.unwrap_or_default())
        },
    ),
    entry(
        &["parse_ipv6_mask"],
        "parse_ipv6_mask(ip:string, prefix:long)",
        "An IPv6 or IPv4 address under a prefix of 128 bits in its full form; \"\" where it is none.",
        &[Text, Integer],
        (0, 0),
        string,
        |_, a| {
            let made = range(&text(a, 0))
                .zip(prefix(a, 1))
                .map(|((ip, bits), given)| full(ip & mask(bits.min(given))));
            texted(made.unwrap_or_default())
        },
    ),
    entry(
        &["ipv6_compare"],
        "ipv6_compare(a:string, b:string [, prefix:long])",
        "-1, 0 or 1: how two addresses stand under the shortest of their prefixes; null where one is none.",
        &[Text, Text, Integer],
        (1, 0),
        long,
        |_, a| both(a).map_or(Value::Null, |(x, y)| Value::Long(x.cmp(&y) as i64)),
    ),
    entry(
        &["ipv6_is_match"],
        "ipv6_is_match(a:string, b:string [, prefix:long])",
        "Whether two addresses are equal under the shortest of their prefixes; null where one is none.",
        &[Text, Text, Integer],
        (1, 0),
        bool,
        |_, a| truth(both(a).map(|(x, y)| x == y)),
    ),
    entry(
        &["ipv6_is_in_range"],
        "ipv6_is_in_range(ip:string, range:string)",
        "Whether an address is in a range; null where either cannot be read.",
        &[Text, Text],
        (0, 0),
        bool,
        |_, a| truth(is_in(&text(a, 0), &text(a, 1))),
    ),
    entry(
        &["ipv6_is_in_any_range"],
        "ipv6_is_in_any_range(ip:string, range, …)",
        "Whether an address is in one of the ranges, given one by one or as an array.",
        &[Text, TextOrDynamic],
        (0, 1),
        bool,
        in_any_range,
    ),
];
