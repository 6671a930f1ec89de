//! `wrapped_list`: a document whose one long list holds the records, as cloud services and their command lines write it:
//! `{"Records":[…]}` of CloudTrail, `{"value":[…]}` of Graph, `{"events":[…]}` and so on; and
//! `elastic_search_response`, `{"hits":{"hits":[{"_source":…}]}}`.
//!
//! Any event may have a list of such a name. So a document is opened only where no connector takes it as it is, and one
//! takes an element of the list, or the document is hardly more than the list.

use super::{Reading, Split, documents::member, judge::Judge};
use crate::logs::behind::Alike;
use crate::logs::scan::{self, Element, Member};

/// The names that lists of records go by.
const NAMES: [&str; 20] = [
    "Records",
    "records",
    "value",
    "events",
    "Events",
    "logs",
    "items",
    "Items",
    "results",
    "entries",
    "logEvents",
    "data",
    "rows",
    "documents",
    "alerts",
    "messages",
    "auditLogs",
    "signIns",
    "activities",
    "log_entries",
];

/// Elements that are looked at to tell whether they are records.
const LOOKED_AT: usize = 3;

/// Takes the records of a list; gives the offset behind it. None where the document is none of these.
pub(super) fn take(
    text: &[u8],
    members: &[Member],
    judge: Judge<'_>,
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> Option<usize> {
    if let Some(inner) = hits(text, members) {
        split.named("elastic_search_response");
        let (elements, end) = scan::elements(text, inner.value.start);
        split.take(text, elements, lines, &Reading::Object);
        return Some(end);
    }
    let lists = || {
        let named = NAMES.iter().filter_map(|name| member(text, members, name));
        named.filter(|m| text.get(m.value.start) == Some(&b'['))
    };
    lists().next()?;
    if judge.takes_members(text, members) {
        return None;
    }
    let whole: usize = members.iter().map(|m| m.key.len() + m.value.len()).sum();
    let is_most = |m: &&Member| m.value.len() * 2 > whole;
    let walked = &mut split.walked;
    let chosen = lists()
        .find(|m| holds_records(text, m, judge, walked))
        .or_else(|| {
            let most = lists().find(is_most);
            most.filter(|m| holds_objects(text, m, walked))
        })
        .or_else(|| lists().next().filter(|m| is_empty_page(text, members, m)))?;
    split.named("wrapped_list");
    let (elements, end) = scan::elements(text, chosen.value.start);
    split.take(text, elements, lines, &Reading::Object);
    Some(end)
}

/// Whether a line opens the list of a document whose records have a line each, and holds nothing else than what goes
/// with such lists: `{"Records":[`.
pub(super) fn is_head(line: &[u8]) -> bool {
    if line.first() != Some(&b'{') || line.last() != Some(&b'[') {
        return false;
    }
    let (members, _) = scan::members(line, 0);
    let Some((list, others)) = members.split_last() else {
        return false;
    };
    let key = line.get(list.key.clone()).unwrap_or_default();
    let named = NAMES.iter().any(|name| name.as_bytes() == key);
    named && line.get(list.value.clone()) == Some(b"[") && are_of_page(line, others)
}

/// Whether a line closes such a list: `]}`, `],"has_more":true}`.
pub(super) fn is_tail(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"]") else {
        return false;
    };
    if rest.iter().all(|b| matches!(b, b']' | b'}' | b',' | b' ')) {
        return true;
    }
    let rest = rest.strip_suffix(b",").unwrap_or(rest);
    let Some(rest) = rest.strip_prefix(b",") else {
        return false;
    };
    let object = [b"{", rest].concat();
    let (members, end) = scan::members(&object, 0);
    end.is_ok_and(|end| end == object.len()) && are_of_page(&object, &members)
}

/// Whether members hold neither lists nor objects, and are none of an event.
fn are_of_page(text: &[u8], members: &[Member]) -> bool {
    members.iter().all(|member| {
        let key = text.get(member.key.clone()).unwrap_or_default();
        let nested = matches!(text.get(member.value.start), Some(b'{' | b'['));
        !nested && !matches!(key, b"id" | b"type" | b"effective_at" | b"created")
    })
}

/// Whether a list is empty and the document says nothing else than what goes with pages of lists.
fn is_empty_page(text: &[u8], members: &[Member], list: &Member) -> bool {
    const OF_PAGES: [&[u8]; 14] = [
        b"next",
        b"nextLink",
        b"nextToken",
        b"NextToken",
        b"nextPageToken",
        b"next_cursor",
        b"cursor",
        b"count",
        b"total",
        b"has_more",
        b"limit",
        b"offset",
        b"preview",
        b"searchedLogStreams",
    ];
    let is_empty = text.get(scan::skip_space(text, list.value.start + 1)) == Some(&b']');
    is_empty
        && members.iter().all(|member| {
            let key = text.get(member.key.clone()).unwrap_or_default();
            member.key == list.key || key.starts_with(b"@") || OF_PAGES.contains(&key)
        })
}

/// The inner list of a search response.
fn hits(text: &[u8], members: &[Member]) -> Option<Member> {
    let outer = member(text, members, "hits")?;
    if text.get(outer.value.start) != Some(&b'{') {
        return None;
    }
    let (members, _) = scan::members(text, outer.value.start);
    let inner = member(text, &members, "hits")?;
    (text.get(inner.value.start) == Some(&b'[')).then(|| inner.clone())
}

/// The first whole elements of a list; the list may go on for very long. What is walked behind damaged ones is added up.
fn first(text: &[u8], list: &Member, walked: &mut usize) -> Vec<Element> {
    let mut found = Vec::new();
    let mut damaged = 0;
    let mut at = scan::skip_space(text, list.value.start + 1);
    let mut budget = scan::Budget::new(text.len().saturating_sub(at));
    while found.len() < LOOKED_AT {
        let Ok(end) = scan::skip_value(text, at) else {
            damaged += 1;
            let alike = |budget| Alike::of(text, &found, at)?.next(text, at, budget);
            let next = scan::resume(text, at, at).or_else(|| alike(&mut budget));
            *walked += next.unwrap_or(text.len()).saturating_sub(at);
            match next.filter(|_| damaged < LOOKED_AT) {
                Some(next) => at = next,
                None => break,
            }
            continue;
        };
        found.push(Element::Value(at..end));
        at = scan::skip_space(text, end);
        if text.get(at) != Some(&b',') {
            break;
        }
        at = scan::skip_space(text, at + 1);
    }
    found
}

fn holds_records(text: &[u8], list: &Member, judge: Judge<'_>, walked: &mut usize) -> bool {
    first(text, list, walked)
        .iter()
        .any(|element| match element {
            Element::Value(range) => text
                .get(range.clone())
                .is_some_and(|record| judge.takes_record(record)),
            Element::Damaged(..) => false,
        })
}

fn holds_objects(text: &[u8], list: &Member, walked: &mut usize) -> bool {
    let found = first(text, list, walked);
    !found.is_empty()
        && found.iter().all(|element| {
            matches!(element, Element::Value(range) if text.get(range.start) == Some(&b'{'))
        })
}
