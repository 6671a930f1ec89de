//! Where the members of an object stand in its text.

use super::members::{Member, Name, Span, Value};
use std::sync::OnceLock;

/// Where the members of an object stand. None where a name has an escape or comes twice, and for what is no object.
pub(super) fn members(text: &str) -> Option<Vec<Member>> {
    let bytes = text.as_bytes();
    let mut at = blank(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at = blank(bytes, at + 1);
    let mut found: Vec<Member> = Vec::with_capacity(12);
    if bytes.get(at) == Some(&b'}') {
        return (blank(bytes, at + 1) == bytes.len()).then_some(found);
    }
    loop {
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let end = at + 1 + memchr::memchr2(b'"', b'\\', bytes.get(at + 1..)?)?;
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        let name = at + 1..end;
        at = blank(bytes, end + 1);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        let start = blank(bytes, at + 1);
        let end = value_end(bytes, start)?;
        let key = bytes.get(name.clone())?;
        let is_known = |member: &Member| match &member.name {
            Name::In(span) => bytes.get(span.range()) == Some(key),
            Name::Added(_) => false,
        };
        if found.iter().any(is_known) {
            return None;
        }
        found.push(Member {
            name: Name::In(Span::of(name)?),
            value: Value::In(Span::of(start..end)?),
            read: OnceLock::new(),
        });
        at = blank(bytes, end);
        match bytes.get(at)? {
            b',' => at = blank(bytes, at + 1),
            b'}' => return (blank(bytes, at + 1) == bytes.len()).then_some(found),
            _ => return None,
        }
    }
}

/// Behind the blanks that begin here.
pub fn blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// Where a value ends that begins here, in text that is JSON; none where there is no value.
pub fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return (at > start).then_some(at),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return (at > start).then_some(at),
            _ => {}
        }
        at += 1;
    }
}

/// Behind the quote that ends a string.
pub fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}
