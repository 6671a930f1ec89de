//! Where the members of a record lie among its scalars, and what the connectors look at of them.

use super::shapes::Scalar;
use crate::logs::connectors;
use crate::logs::json::{self, Node};
use crate::logs::scan;
use std::borrow::Cow;

/// Where a member's value lies, by the scalars of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// It is this scalar.
    Scalar(usize),
    /// An object or list: behind so many scalars, and so many bytes after the last of them; the same for its end.
    Inner((usize, usize), (usize, usize)),
}

/// A scalar that the connectors look at, and the texts that it is compared with, in quotes.
#[derive(Debug)]
pub(super) struct Asked {
    pub at: usize,
    pub texts: Vec<Box<[u8]>>,
}

/// Kinds of scalars, as tests of connectors tell them apart.
#[inline]
pub(super) fn kind(first: u8) -> u8 {
    match first {
        b'"' => 0,
        b't' | b'f' => 1,
        b'n' => 2,
        _ => 3,
    }
}

/// The scalars among the members that connectors look at.
pub(super) fn asked_of(asked: &[(String, Vec<String>)], members: &[(String, Spot)]) -> Vec<Asked> {
    let found = asked
        .iter()
        .filter_map(|(name, texts)| match spot(members, name)? {
            Spot::Scalar(at) => {
                let quoted = |text: &String| format!("\"{text}\"").into_bytes().into();
                let texts = texts.iter().map(quoted).collect();
                Some(Asked { at, texts })
            }
            Spot::Inner(..) => None,
        });
    found.collect()
}

/// What the connectors see of a record, in bits; none where a text is written with escapes.
#[inline]
pub(super) fn looks(asked: &[Asked], line: &[u8], scalars: &[Scalar]) -> Option<u128> {
    let mut looks = 0;
    for asked in asked {
        let scalar = scalars.get(asked.at)?;
        let text = scalar.of(line)?;
        let kind = kind(*text.first()?);
        let mut code = u128::from(kind) << 6;
        if kind == 0 && !asked.texts.is_empty() {
            if scalar.is_escaped() {
                return None;
            }
            let which = asked.texts.iter().position(|known| **known == *text);
            code |= which.map_or(0, |which| which as u128 + 1);
        }
        looks = looks << 8 | code;
    }
    Some(looks)
}

/// Whether a member of the name in quotes is there with dots and not with underscores.
#[inline]
pub(super) fn aliased(quoted: &[u8], members: &[(String, Spot)]) -> bool {
    let Some(name) = quoted
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
        .and_then(|name| std::str::from_utf8(name).ok())
    else {
        return false;
    };
    name.contains('.')
        && spot(members, name).is_some()
        && spot(members, &connectors::panther_key(name)).is_none()
}

#[inline]
pub(super) fn spot(members: &[(String, Spot)], name: &str) -> Option<Spot> {
    members.iter().find(|(n, _)| n == name).map(|(_, s)| *s)
}

#[inline]
pub(super) fn unquoted(line: &[u8], scalar: Scalar) -> Option<&str> {
    let text = line.get(scalar.start() + 1..scalar.end() - 1)?;
    std::str::from_utf8(text).ok()
}

/// A scalar as a node.
pub(super) fn node(line: &[u8], scalar: Scalar) -> Option<Node<'_>> {
    let text = std::str::from_utf8(scalar.of(line)?).ok()?;
    if let Ok(whole) = text.parse::<i64>()
        && text != "-0"
    {
        return Some(Node::Number(whole.into()));
    }
    if text.starts_with('"') && !scalar.is_escaped() {
        return Some(Node::Text(Cow::Borrowed(unquoted(line, scalar)?)));
    }
    Some(json::parse(text).ok()?.node)
}

/// The members of a record, none where a key is written with escapes.
pub(super) fn members(line: &[u8], scalars: &[Scalar]) -> Option<Vec<(String, Spot)>> {
    let (found, end) = scan::members(line, 0);
    end.ok().filter(|end| *end == line.len())?;
    // Where an offset lies: behind so many scalars, and bytes after the last of them.
    let place = |offset: usize| -> (usize, usize) {
        let behind = scalars.partition_point(|s| s.end() <= offset);
        let last = behind.checked_sub(1).and_then(|n| scalars.get(n));
        (behind, offset - last.map_or(0, |s| s.end()))
    };
    let spot = |value: &std::ops::Range<usize>| {
        let is_it = |s: &Scalar| s.start() == value.start && s.end() == value.end;
        match scalars.iter().position(is_it) {
            Some(at) => Spot::Scalar(at),
            None => Spot::Inner(place(value.start), place(value.end)),
        }
    };
    let named = found.iter().map(|member| {
        let key = line.get(member.key.clone())?;
        let plain = !key.contains(&b'\\');
        let key = std::str::from_utf8(key).ok().filter(|_| plain)?;
        Some((key.to_owned(), spot(&member.value)))
    });
    named.collect()
}

#[inline]
pub(super) fn range(spot: Spot, scalars: &[Scalar]) -> Option<std::ops::Range<usize>> {
    let offset = |(behind, bytes): (usize, usize)| -> Option<usize> {
        let before = match behind.checked_sub(1) {
            Some(last) => scalars.get(last)?.end(),
            None => 0,
        };
        Some(before + bytes)
    };
    Some(match spot {
        Spot::Scalar(at) => {
            let scalar = scalars.get(at)?;
            scalar.start()..scalar.end()
        }
        Spot::Inner(from, to) => offset(from)?..offset(to)?,
    })
}
