//! What a text, a list or a mapping that is made of several values is. As in `value`, none where Python raises or
//! nobody can tell.

use super::expr::{Expr, Kind, Look};
use super::value::{Shape, Val, equal, text_of};
use std::sync::Arc;

/// The value of one of the kinds of this file; none of another.
pub(super) fn value<'a>(kind: &Kind, at: &dyn Look<'a>) -> Option<Val> {
    match kind {
        Kind::Format(parts) => {
            let mut text = String::new();
            for part in parts.iter() {
                match text_of(&part.value_at(at)?)? {
                    Val::Text(part) => text.push_str(&part),
                    _ => return None,
                }
            }
            Some(Val::Text(Arc::from(text)))
        }
        Kind::Sum(a, b) => match (a.value_at(at)?, b.value_at(at)?) {
            (Val::Text(a), Val::Text(b)) => Some(Val::Text(Arc::from([&*a, &*b].concat()))),
            _ => None,
        },
        Kind::Split(on, separator) => match (on.value_at(at)?, separator.value_at(at)?) {
            (Val::Text(text), Val::Text(separator)) if !separator.is_empty() => {
                let parts = text.split(&*separator).map(Val::text).collect();
                Some(Val::Items(parts, Shape::List))
            }
            _ => None,
        },
        Kind::Item(whole, index) => item(&whole.value_at(at)?, &index.value_at(at)?),
        Kind::Slice(whole, from, to) => {
            let whole = whole.value_at(at)?;
            slice(&whole, bound(from, at)?, bound(to, at)?)
        }
        Kind::Lookup(map, key, default) => {
            let (map, key) = (map.value_at(at)?, key.value_at(at)?);
            match member(&map, &key)? {
                Some(value) => Some(value),
                None => default.value_at(at),
            }
        }
        Kind::Items(parts, shape) => {
            let parts: Option<Arc<[Val]>> = parts.iter().map(|part| part.value_at(at)).collect();
            Some(Val::Items(parts?, *shape))
        }
        Kind::Dict(members) => {
            let one = |(key, value): &(Arc<str>, Expr)| {
                Some((Val::Text(Arc::clone(key)), value.value_at(at)?))
            };
            let members: Option<Arc<[(Val, Val)]>> = members.iter().map(one).collect();
            Some(Val::Map(members?))
        }
        _ => None,
    }
}

/// `whole[index]`.
fn item(whole: &Val, index: &Val) -> Option<Val> {
    if let Val::Map(_) = whole {
        return member(whole, index)?;
    }
    let Val::Int(index) = index else { return None };
    let at = |length: usize| {
        let length = i128::try_from(length).ok()?;
        let at = if *index < 0 { index + length } else { *index };
        // Beyond either end it raises.
        usize::try_from(at).ok()
    };
    match whole {
        Val::Text(text) if text.is_ascii() => {
            let at = at(text.len())?;
            text.get(at..at.checked_add(1)?).map(Val::text)
        }
        Val::Items(items, _) => items.get(at(items.len())?).cloned(),
        Val::List(items) => Val::of(items.get(at(items.len())?)?),
        _ => None,
    }
}

/// The value of a key, the inner none where there is none. What cannot be hashed raises.
#[expect(
    clippy::option_option,
    reason = "what raises and what is absent are not the same"
)]
fn member(map: &Val, key: &Val) -> Option<Option<Val>> {
    let Val::Map(members) = map else { return None };
    if !key.is_scalar() {
        return None;
    }
    // Of equal keys the last one's value is kept.
    for (known, value) in members.iter().rev() {
        if equal(known, key)? {
            return Some(Some(value.clone()));
        }
    }
    Some(None)
}

/// A bound of a slice, the inner none where there is none.
#[expect(
    clippy::option_option,
    reason = "no bound and no number are not the same"
)]
fn bound(bound: &Option<Expr>, at: &dyn Look<'_>) -> Option<Option<i128>> {
    let Some(bound) = bound else {
        return Some(None);
    };
    match bound.value_at(at)? {
        Val::Int(at) => Some(Some(at)),
        Val::None => Some(None),
        _ => None,
    }
}

/// `whole[from:to]`.
fn slice(whole: &Val, from: Option<i128>, to: Option<i128>) -> Option<Val> {
    let range = |length: usize| {
        let length = i128::try_from(length).ok()?;
        let clamp = |at: i128| {
            if at < 0 {
                (at + length).max(0)
            } else {
                at.min(length)
            }
        };
        let from = usize::try_from(from.map_or(0, clamp)).ok()?;
        let to = usize::try_from(to.map_or(length, clamp)).ok()?;
        Some(from..to.max(from))
    };
    match whole {
        Val::Text(text) if text.is_ascii() => text.get(range(text.len())?).map(Val::text),
        Val::Text(text) => {
            let chars: Vec<char> = text.chars().collect();
            let part = chars.get(range(chars.len())?)?;
            Some(Val::Text(Arc::from(String::from_iter(part))))
        }
        Val::Items(items, shape) => {
            let part = items.get(range(items.len())?)?;
            Some(Val::Items(Arc::from(part), *shape))
        }
        _ => None,
    }
}
