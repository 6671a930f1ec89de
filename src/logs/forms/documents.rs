//! Whole JSON documents, over as many lines as they like, one behind another.

use super::{Found, Judge, Reading, Split, array, envelope, kusto, lists, query_api};
use crate::logs::scan::{self, Member};

/// Damaged documents after which the rest of a text is given up (each may cost a walk to its end).
const MOST_DAMAGED: usize = 100;

/// Cuts a text that begins with `{` or `[` at `at`.
pub(super) fn split(text: &[u8], at: usize, judge: Judge<'_>) -> Split {
    let mut split = Split::default();
    let mut lines = scan::Lines::new(text, 1);
    let mut at = at;
    let mut damaged = 0;
    while at < text.len() {
        if matches!(text.get(at), Some(b'{' | b'[')) {
            let (after, whole) = one(text, at, judge, &mut lines, &mut split);
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
    judge: Judge<'_>,
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
        .or_else(|| lists::take(text, &members, judge, lines, split))
    {
        // What is damaged in its list was told with the list.
        if let (Err(fault), true) = (&end, after < text.len())
            && fault.at >= after
        {
            let line = lines.at(fault.at);
            split.reject(text, line, fault.at, fault.reason);
        }
        return match end {
            Ok(end) => (end, true),
            Err(fault) => (fault.at.max(after), false),
        };
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
