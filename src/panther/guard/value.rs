//! The values that a condition computes with, and what Python says of them. Every function here either gives what
//! Python would give or `None`: it raises, or nobody can tell.

use serde_json::Value as Json;
use std::cmp::Ordering;
use std::sync::Arc;

/// What lies at a path of an event. Numbers count the keys of the path, from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found<'a> {
    /// A value, whole.
    Value(&'a Json),
    /// A list that is not empty, of which no more is known.
    List,
    /// An object, and whether it is empty.
    Object(bool),
    /// Everything before this key is there, the key is not.
    Missing(usize),
    /// This key would have to be looked up in something that is no object, and whether that is null.
    Blocked(usize, bool),
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Arc<str>),
    /// A list or tuple that the body writes down.
    Items(Arc<[Val]>, Shape),
    /// A set or frozen set, or the keys of a mapping.
    Set(Arc<[Val]>),
    /// A mapping that the body writes down.
    Map(Arc<[(Val, Val)]>),
    /// A list of an event.
    List(Arc<[Json]>),
    /// A list of an event that is not empty, of which no more is known.
    SomeList,
    /// A mapping of an event, and whether it is empty.
    Object(bool),
}

/// What sort of sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    List,
    Tuple,
}

impl Val {
    /// A value of an event.
    pub fn of(json: &Json) -> Option<Val> {
        Some(match json {
            Json::Null => Val::None,
            Json::Bool(truth) => Val::Bool(*truth),
            Json::Number(number) => {
                if let Some(int) = number.as_i64() {
                    Val::Int(i128::from(int))
                } else if let Some(int) = number.as_u64() {
                    Val::Int(i128::from(int))
                } else {
                    Val::Float(number.as_f64()?)
                }
            }
            Json::String(text) => Val::Text(Arc::from(text.as_str())),
            Json::Array(items) => Val::List(Arc::from(items.as_slice())),
            Json::Object(members) => Val::Object(members.is_empty()),
        })
    }

    pub fn text(text: &str) -> Val {
        Val::Text(Arc::from(text))
    }

    /// `bool(value)`. Never raises for these.
    pub fn is_true(&self) -> bool {
        match self {
            Val::None => false,
            Val::Bool(truth) => *truth,
            Val::Int(int) => *int != 0,
            Val::Float(float) => *float != 0.0,
            Val::Text(text) => !text.is_empty(),
            Val::Items(items, _) | Val::Set(items) => !items.is_empty(),
            Val::Map(members) => !members.is_empty(),
            Val::List(items) => !items.is_empty(),
            Val::SomeList => true,
            Val::Object(empty) => !empty,
        }
    }

    /// No container: equal to no container, and can be hashed.
    pub fn is_scalar(&self) -> bool {
        matches!(
            self,
            Val::None | Val::Bool(_) | Val::Int(_) | Val::Float(_) | Val::Text(_)
        )
    }

    /// Whether nobody can change it.
    pub fn is_frozen(&self) -> bool {
        match self {
            Val::Items(items, Shape::Tuple) => items.iter().all(Val::is_frozen),
            other => other.is_scalar(),
        }
    }

    fn number(&self) -> Option<Number> {
        match self {
            Val::Bool(truth) => Some(Number::Int(i128::from(*truth))),
            Val::Int(int) => Some(Number::Int(*int)),
            Val::Float(float) => Some(Number::Float(*float)),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Number {
    Int(i128),
    Float(f64),
}

/// Numbers are compared exactly, whatever their type. None where one is no number, as Python says it of NaN.
fn order(a: Number, b: Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
        (Number::Int(int), Number::Float(float)) => int_float(int, float),
        (Number::Float(float), Number::Int(int)) => int_float(int, float).map(Ordering::reverse),
    }
}

/// The integers here have 65 bits at most.
fn int_float(int: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.abs() >= 1e30 {
        return Some(if float > 0.0 {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    }
    let whole = float.floor();
    Some(int.cmp(&(whole as i128)).then(if float > whole {
        Ordering::Less
    } else {
        Ordering::Equal
    }))
}

/// `a == b`.
pub(super) fn equal(a: &Val, b: &Val) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.number(), b.number()) {
        return Some(order(a, b) == Some(Ordering::Equal));
    }
    match (a, b) {
        (Val::None, Val::None) => Some(true),
        (Val::Text(a), Val::Text(b)) => Some(a == b),
        // A list is never a tuple. The first pair that differs decides.
        (Val::Items(a, shape), Val::Items(b, other)) => {
            if shape != other || a.len() != b.len() {
                return Some(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                if !equal(a, b)? {
                    return Some(false);
                }
            }
            Some(true)
        }
        _ if a.is_scalar() || b.is_scalar() => Some(false),
        _ => None,
    }
}

/// `a is b`, where it does not hang on how the interpreter keeps its values.
pub(super) fn same(a: &Val, b: &Val) -> Option<bool> {
    match (a, b) {
        (Val::None, Val::None) => Some(true),
        (Val::Bool(a), Val::Bool(b)) => Some(a == b),
        (Val::None | Val::Bool(_), _) | (_, Val::None | Val::Bool(_)) => Some(false),
        _ => None,
    }
}

/// `a < b` and the like: how the two are ordered. The inner none is NaN, for which nothing holds.
#[expect(clippy::option_option, reason = "NaN and what raises are not the same")]
pub(super) fn compare(a: &Val, b: &Val) -> Option<Option<Ordering>> {
    if let (Some(a), Some(b)) = (a.number(), b.number()) {
        return Some(order(a, b));
    }
    match (a, b) {
        // By code points, which is how UTF-8 sorts.
        (Val::Text(a), Val::Text(b)) => Some(Some(a.as_bytes().cmp(b.as_bytes()))),
        _ => None,
    }
}

/// `item in whole`.
pub(super) fn contains(whole: &Val, item: &Val) -> Option<bool> {
    match whole {
        Val::Text(text) => match item {
            Val::Text(part) => Some(text.contains(&**part)),
            _ => None,
        },
        Val::Items(items, _) => any_equal(items.iter(), item),
        // What cannot be hashed raises.
        Val::Set(items) => item.is_scalar().then(|| any_equal(items.iter(), item))?,
        Val::Map(members) => item
            .is_scalar()
            .then(|| any_equal(members.iter().map(|(key, _)| key), item))?,
        Val::List(items) => {
            for one in items.iter() {
                if equal(&Val::of(one)?, item)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        _ => None,
    }
}

fn any_equal<'a>(items: impl Iterator<Item = &'a Val>, item: &Val) -> Option<bool> {
    for one in items {
        if equal(one, item)? {
            return Some(true);
        }
    }
    Some(false)
}

/// `len(value)`.
pub(super) fn length(value: &Val) -> Option<i128> {
    let length = match value {
        Val::Text(text) => text.chars().count(),
        Val::Items(items, _) => items.len(),
        Val::Map(members) => members.len(),
        Val::List(items) => items.len(),
        Val::Object(true) => 0,
        // Equal members of a set count once.
        _ => return None,
    };
    i128::try_from(length).ok()
}

/// `str(value)`.
pub(super) fn text_of(value: &Val) -> Option<Val> {
    match value {
        Val::Text(_) => Some(value.clone()),
        Val::None => Some(Val::text("None")),
        Val::Bool(true) => Some(Val::text("True")),
        Val::Bool(false) => Some(Val::text("False")),
        Val::Int(int) => Some(Val::text(&int.to_string())),
        _ => None,
    }
}

/// A method of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Lower,
    Upper,
    Strip,
    StartsWith,
    EndsWith,
}

/// Calls a method of a string. What `lower` makes of letters outside ASCII is left to the interpreter.
pub(super) fn call(method: Method, on: &Val, argument: Option<&Val>) -> Option<Val> {
    let Val::Text(text) = on else { return None };
    match (method, argument) {
        (Method::Lower, None) if text.is_ascii() => Some(Val::text(&text.to_ascii_lowercase())),
        (Method::Upper, None) if text.is_ascii() => Some(Val::text(&text.to_ascii_uppercase())),
        (Method::Strip, None) if text.is_ascii() => {
            // Python's white space below 128 has the four separators, too.
            let white = |c: char| c.is_ascii_whitespace() || matches!(c, '\x0b' | '\x1c'..='\x1f');
            Some(Val::text(text.trim_matches(white)))
        }
        (Method::StartsWith | Method::EndsWith, Some(argument)) => {
            let one = |part: &str| match method {
                Method::StartsWith => text.starts_with(part),
                _ => text.ends_with(part),
            };
            match argument {
                Val::Text(part) => Some(Val::Bool(one(part))),
                Val::Items(parts, Shape::Tuple) => {
                    let mut found = false;
                    for part in parts.iter() {
                        let Val::Text(part) = part else { return None };
                        found |= one(part);
                    }
                    Some(Val::Bool(found))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_exactly() {
        // 2**53 + 1 has no float of its own: Python says it is not equal to float(2**53).
        let big = (1_i128 << 53) + 1;
        assert_eq!(
            equal(&Val::Int(big), &Val::Float(9_007_199_254_740_992.0)),
            Some(false)
        );
        assert_eq!(equal(&Val::Bool(true), &Val::Float(1.0)), Some(true));
        assert_eq!(
            compare(&Val::Int(-1), &Val::Float(-1.5)),
            Some(Some(Ordering::Greater))
        );
        assert_eq!(
            compare(&Val::Float(0.5), &Val::Int(1)),
            Some(Some(Ordering::Less))
        );
        assert_eq!(compare(&Val::Text("a".into()), &Val::Int(1)), None);
    }

    #[test]
    fn what_raises_is_not_said() {
        let set = Val::Set(Arc::from([Val::Int(1)]));
        assert_eq!(contains(&set, &Val::Float(1.0)), Some(true));
        assert_eq!(contains(&set, &Val::Object(true)), None);
        assert_eq!(contains(&Val::text("abc"), &Val::Int(1)), None);
        assert_eq!(contains(&Val::text("abc"), &Val::text("")), Some(true));
        assert_eq!(contains(&Val::None, &Val::Int(1)), None);
        assert_eq!(call(Method::Lower, &Val::None, None), None);
        assert_eq!(
            call(Method::Strip, &Val::text(" \x1fa\x0b "), None),
            Some(Val::text("a"))
        );
        let parts = Val::Items(Arc::from([Val::text("x"), Val::text("ab")]), Shape::Tuple);
        assert_eq!(
            call(Method::StartsWith, &Val::text("abc"), Some(&parts)),
            Some(Val::Bool(true))
        );
        let list = Val::Items(Arc::from([Val::text("x")]), Shape::List);
        assert_eq!(
            call(Method::StartsWith, &Val::text("abc"), Some(&list)),
            None
        );
    }
}
