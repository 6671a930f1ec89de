//! Ranges of IPv4 addresses as the fewest blocks of a power of two.

use super::Function;
use super::Param::Text;
use super::entry::{dynamic, entry, made, text};
use crate::value::Value;
use serde_json::Value as Json;
use std::net::Ipv4Addr;

pub const FUNCTIONS: &[Function] = &[entry(
    &["ipv4_range_to_cidr_list"],
    "ipv4_range_to_cidr_list(first:string, last:string)",
    "The fewest blocks (`a.b.c.d/n`) that cover the addresses from the first to the last; null where one is none.",
    &[Text, Text],
    (0, 0),
    dynamic,
    |_, a| {
        let ip = |at: usize| text(a, at).trim().parse::<Ipv4Addr>().ok().map(u32::from);
        match (ip(0), ip(1)) {
            (Some(first), Some(last)) if first <= last => made(blocks(first, last)),
            _ => Value::Null,
        }
    },
)];

fn blocks(first: u32, last: u32) -> Json {
    let (mut at, end) = (u64::from(first), u64::from(last) + 1);
    let mut all = Vec::new();
    while at < end {
        // As large as its place allows, and not over the end.
        let mut bits = at.trailing_zeros().min(32);
        while 1u64 << bits > end - at {
            bits -= 1;
        }
        let ip = Ipv4Addr::from(u32::try_from(at).unwrap_or(u32::MAX));
        all.push(Json::from(format!("{ip}/{}", 32 - bits)));
        at += 1 << bits;
    }
    Json::Array(all)
}
