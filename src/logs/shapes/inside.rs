//! Events inside a member of another product's record: what a shipper, a pipeline or a search tool put around them.
//!
//! Nothing is known of the wrapper but that no connector takes it, and that one takes what is inside.

use super::{Opened, open};
use crate::logs::json::{self, Node};
use crate::logs::record::Ways;

/// Members that hold the event, as an object or as its JSON text.
const HOLDERS: [&str; 22] = [
    "_raw",
    "event",
    "original",
    "message",
    "Message",
    "@message",
    "log",
    "data",
    "body",
    "result",
    "_source",
    "record",
    "json",
    "payload",
    "raw",
    "raw_event",
    "RawData",
    "jsonPayload",
    "fields",
    "line",
    "content",
    "properties",
];
/// Wrappers in wrappers.
const DEEPEST: usize = 4;

/// The shape of such an event.
pub(in crate::logs) const WRAPPED: &str = "wrapped";

/// Where in a record the event is that a connector takes: the names of the members, from outside in; and the connector.
///
/// # Errors
/// Why there is none, where a wrapper says so.
pub(in crate::logs) fn inside(
    ways: &Ways<'_>,
    record: &Node<'_>,
) -> Result<(Vec<&'static str>, usize), Option<String>> {
    let mut reason = None;
    let mut path = Vec::new();
    match look(ways, record, &mut path, &mut reason) {
        Some(connector) => Ok((path, connector)),
        None => Err(reason),
    }
}

fn look(
    ways: &Ways<'_>,
    record: &Node<'_>,
    path: &mut Vec<&'static str>,
    reason: &mut Option<String>,
) -> Option<usize> {
    if path.len() >= DEEPEST {
        return None;
    }
    for holder in HOLDERS {
        let Some(value) = record.get(holder) else {
            continue;
        };
        let Some(inner) = held(value) else { continue };
        path.push(holder);
        let found = match open(inner.clone()) {
            Ok(opened) => ways.find(&opened.event).ok(),
            Err(said) => {
                reason.get_or_insert(said);
                None
            }
        };
        if let Some(found) = found.or_else(|| look(ways, &inner, path, reason)) {
            return Some(found);
        }
        path.pop();
    }
    None
}

/// The object that a member is or holds as text.
fn held(value: &Node<'_>) -> Option<Node<'static>> {
    match value {
        Node::Object(_) => Some(Node::from(value.to_value())),
        Node::Text(text) if text.trim_start().starts_with('{') => {
            let node = json::parse(text.trim()).ok()?.node;
            Some(Node::from(node.to_value()))
        }
        _ => None,
    }
}

/// Opens the event at such a place.
///
/// # Errors
/// That there is none, in one sentence.
pub(super) fn at(record: &Node<'_>, path: &[&'static str]) -> Result<Opened<'static>, String> {
    let missing = || "the event is no longer in its wrapper".to_owned();
    let mut at: Option<Node<'static>> = None;
    for name in path {
        let value = at.as_ref().unwrap_or(record).get(name);
        at = Some(value.and_then(held).ok_or_else(missing)?);
    }
    let mut opened = open(at.ok_or_else(missing)?)?;
    opened.shape = Some(WRAPPED);
    Ok(opened)
}
