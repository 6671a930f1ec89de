//! Whole JSON documents, over as many lines as they like, one behind another.

use super::{Found, Reading, Split, array, envelope, kusto, query_api};
use crate::logs::scan::{self, Member};

/// Damaged documents after which the rest of a text is given up (each may cost a walk to its end).
const MOST_DAMAGED: usize = 100;

/// Cuts a text that begins with `{` or `[` at `at`.
pub(super) fn split(text: &[u8], at: usize) -> Split {
    let mut split = Split::default();
    let mut lines = scan::Lines::new(text, 1);
    let mut at = at;
    let mut damaged = 0;
    while at < text.len() {
        if matches!(text.get(at), Some(b'{' | b'[')) {
            let (after, whole) = one(text, at, &mut lines, &mut split);
            if whole {
                at = after;
            } else {
                damaged += 1;
                match scan::resume(text, at, after).filter(|_| damaged < MOST_DAMAGED) {
                    Some(next) => at = next,
                    None => break,
                }
            }
        } else if matches!(text.get(at), Some(b',' | 0x1e)) {
            // Commas between documents, or the record separators of RFC 7464.
            at += 1;
        } else {
            let line = lines.at(at);
            split.reject(text, line, at, "expected `{` or `[` behind a document");
            break;
        }
        at = scan::skip_space(text, at);
    }
    split
}

/// Takes the document at `at` (`{` or `[`); gives the offset behind it, and whether it was whole.
pub(super) fn one(
    text: &[u8],
    at: usize,
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> (usize, bool) {
    if text.get(at) == Some(&b'[') {
        return (array::one(text, at, lines, split), true);
    }
    let (members, end) = scan::members(text, at);
    if let Some(after) = envelope::take(text, &members, lines, split)
        .or_else(|| query_api::take(text, &members, lines, split))
        .or_else(|| kusto::take(text, &members, lines, split))
    {
        if let (Err(fault), true) = (&end, after < text.len()) {
            let line = lines.at(fault.at.max(after));
            split.reject(text, line, fault.at, fault.reason);
        }
        return match end {
            Ok(end) => (end, true),
            Err(fault) => (fault.at.max(after), false),
        };
    }
    if let Some(kind) = unsupported(text, &members) {
        let line = lines.at(at);
        split.reject(text, line, at, kind);
        return (end.unwrap_or(text.len()), true);
    }
    split.named("json_object");
    let line = lines.at(at);
    match end {
        Ok(end) => {
            split.found.push(Found {
                base: 0,
                range: at..end,
                line,
                reading: Reading::Object,
            });
            (end, true)
        }
        Err(fault) => {
            split.reject(text, line, at, fault.reason);
            (at, false)
        }
    }
}

/// The value of a member, where there is one of that name.
pub(super) fn member<'a>(text: &[u8], members: &'a [Member], key: &str) -> Option<&'a Member> {
    members
        .iter()
        .find(|m| text.get(m.key.clone()) == Some(key.as_bytes()))
}

/// The name of a wrapper that is known and not read yet.
fn unsupported(text: &[u8], members: &[Member]) -> Option<&'static str> {
    let hits = member(text, members, "hits")?;
    text.get(hits.value.start)
        .is_some_and(|b| *b == b'{')
        .then_some(
            "recognised as an Elastic search response, not supported yet: export the documents as JSON lines",
        )
}
