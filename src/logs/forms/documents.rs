//! Whole JSON documents, over as many lines as they like, one behind another.

use super::{Found, Judge, Reading, Split, array, envelope, kusto, lists, query_api};
use crate::logs::scan::{self, Member};

/// Cuts a text that begins with `{` or `[` at `at`.
pub(super) fn split(text: &[u8], at: usize, judge: Judge<'_>) -> Split {
    let mut split = Split::default();
    let mut lines = scan::Lines::new(text, 1);
    let mut at = at;
    let mut last = at;
    let mut longest = 0;
    // Looking for the end of a damaged document may walk far each time: this bounds the sum.
    let mut budget = text.len().saturating_mul(4).saturating_add(1 << 20);
    while at < text.len() {
        let next = match text.get(at) {
            Some(b'{' | b'[') => {
                last = at;
                // Behind so many, a document ends at the latest where the next line begins like it.
                let bound = (budget == 0).then(|| next(text, last, last)).flatten();
                let within = text.get(..bound.unwrap_or(text.len())).unwrap_or(text);
                let (after, fault) = one(within, at, judge, &mut lines, &mut split);
                let Some((fault, walked)) = fault else {
                    longest = longest.max(after - at);
                    at = scan::skip_space(text, after);
                    continue;
                };
                let walked = walked.saturating_sub(at) + std::mem::take(&mut split.walked);
                budget = budget.saturating_sub(walked + 1);
                let next = bound.or_else(|| next(text, last, after));
                let behind = fault.max(after);
                let holds_more = |from: usize| {
                    let rest = text.get(from..).unwrap_or_default();
                    memchr::memchr(b'{', rest).is_some()
                };
                let told = |split: &Split| {
                    let last = split.rejects.last();
                    last.is_some_and(|reject| {
                        [scan::LIST_LEFT, scan::TOO_DAMAGED].contains(&&*reject.reason)
                    })
                };
                // What is cut off at its end has nothing behind it.
                let rest = match longest {
                    0 => holds_more(behind),
                    _ if after > at => holds_more(behind),
                    longest => text.len() - at > longest,
                };
                if next.is_none() && rest && !told(&split) {
                    let line = lines.at(behind);
                    split.reject(text, line, behind, UNREAD);
                }
                next
            }
            // Commas between documents, or the record separators of RFC 7464.
            Some(b',' | 0x1e) => Some(at + 1),
            // Files that were put one behind another.
            Some(0xef) if text.get(at..).is_some_and(|t| t.starts_with(MARK)) => {
                Some(at + MARK.len())
            }
            _ => {
                let line = lines.at(at);
                let next = next(text, last, at);
                let reason = match next {
                    Some(_) => "expected `{` or `[` behind a document",
                    None => "expected `{` or `[` behind a document; nothing from here on was read",
                };
                split.reject(text, line, at, reason);
                next
            }
        };
        let Some(next) = next else { break };
        at = scan::skip_space(text, next);
    }
    split
}

/// A byte-order mark.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

const UNREAD: &str = "nothing behind the damaged document was read: where the next one begins cannot be told. \
     Begin each document on a line of its own";

/// Where the first line behind `from` begins a document as the line of `last` does: with the same indentation and
/// bracket.
fn next(text: &[u8], last: usize, from: usize) -> Option<usize> {
    let before = text.get(..last)?;
    let line = memchr::memrchr(b'\n', before).map_or(0, |n| n + 1);
    let indent = before.get(line..)?;
    let blank = |b: &&u8| matches!(**b, b' ' | b'\t');
    let indent = indent.get(..indent.iter().take_while(blank).count())?;
    let bracket = text.get(last)?;
    let mut from = from;
    loop {
        from += memchr::memchr(b'\n', text.get(from..)?)? + 1;
        let mut at = from;
        let mut rest = text.get(from..)?;
        if let Some(behind) = rest.strip_prefix(MARK) {
            at += MARK.len();
            rest = behind;
        }
        if rest.starts_with(indent) && rest.get(indent.len()) == Some(bracket) {
            return Some(at + indent.len());
        }
    }
}

/// Takes the document at `at` (`{` or `[`); gives the offset behind it, or, where it is damaged, the one from which the
/// next is to be looked for, that of the fault, and how far it was walked.
pub(super) fn one(
    text: &[u8],
    at: usize,
    judge: Judge<'_>,
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> (usize, Option<(usize, usize)>) {
    if text.get(at) == Some(&b'[') {
        return (array::one(text, at, lines, split), None);
    }
    let (members, end) = scan::members(text, at);
    if let Some(after) = envelope::take(text, &members, lines, split)
        .or_else(|| query_api::take(text, &members, lines, split))
        .or_else(|| kusto::take(text, &members, lines, split))
        .or_else(|| lists::take(text, &members, judge, lines, split))
    {
        let fault = match end {
            Ok(end) => return (end, None),
            Err(fault) => fault,
        };
        // Inside of the list it was told of its record.
        if fault.at >= after && after < text.len() {
            let line = lines.at(fault.at);
            split.reject(text, line, fault.at, fault.reason);
        }
        // A list that was given up takes no other document with it.
        let read = split.found.last().map_or(0, |found| found.range.end);
        let from = match after < text.len() {
            true => after.max(fault.at),
            false => read.max(fault.at.min(text.len())),
        };
        return (from, Some((fault.at, after.max(fault.at))));
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
            (end, None)
        }
        Err(fault) => {
            split.reject(text, line, at, fault.reason);
            (at, Some((fault.at, fault.at)))
        }
    }
}

/// The value of a member, where there is one of that name.
pub(super) fn member<'a>(text: &[u8], members: &'a [Member], key: &str) -> Option<&'a Member> {
    members
        .iter()
        .find(|m| text.get(m.key.clone()) == Some(key.as_bytes()))
}
