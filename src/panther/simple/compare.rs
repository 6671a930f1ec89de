//! Comparing JSON values as the platform's runtime, which is Python, compares them.

use super::super::Exception;
use serde_json::{Number, Value as Json};
use std::cmp::Ordering;

/// The exception of a comparison that Python has no answer to.
pub(super) fn type_error(message: &str) -> Exception {
    raised("TypeError", message)
}

/// An exception of a class with a message, as Python's `repr` gives it.
pub(super) fn raised(class: &str, message: &str) -> Exception {
    let quoted = if message.contains('\'') && !message.contains('"') {
        format!("\"{message}\"")
    } else {
        format!("'{}'", message.replace('\\', "\\\\").replace('\'', "\\'"))
    };
    Exception {
        text: format!("{class}({quoted})"),
        line: None,
    }
}

/// What Python calls the type of a value.
pub(super) fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Number(n) if n.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
    }
}

/// `a == b`: 1, 1.0 and true are the same; a number and its text are not.
pub(super) fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::String(a), Json::String(b)) => a == b,
        (Json::Null, Json::Null) => true,
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => match (numeric(a), numeric(b)) {
            (Some(a), Some(b)) => compare(a, b) == Some(Ordering::Equal),
            _ => false,
        },
    }
}

/// `a == b` with texts in lower case.
pub(super) fn equal_folded(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::String(a), Json::String(b)) => a.to_lowercase() == b.to_lowercase(),
        _ => equal(a, b),
    }
}

/// How `a` stands to `b`, `sign` being the operator that the exception names.
///
/// # Errors
/// A `TypeError` where the two cannot be ordered.
pub(super) fn order(a: &Json, b: &Json, sign: &str) -> Result<Option<Ordering>, Exception> {
    match (a, b) {
        (Json::String(a), Json::String(b)) => return Ok(Some(a.chars().cmp(b.chars()))),
        (Json::Array(a), Json::Array(b)) => {
            for (a, b) in a.iter().zip(b) {
                if !equal(a, b) {
                    return order(a, b, sign);
                }
            }
            return Ok(Some(a.len().cmp(&b.len())));
        }
        _ => {}
    }
    match (numeric(a), numeric(b)) {
        (Some(a), Some(b)) => Ok(compare(a, b)),
        _ => Err(type_error(&format!(
            "'{sign}' not supported between instances of '{}' and '{}'",
            type_name(a),
            type_name(b)
        ))),
    }
}

/// Whether a value holds another: text in a text, an item of a list (or of an item of it), a key of an object.
///
/// # Errors
/// A `TypeError` where the value can hold nothing.
pub(super) fn contains(holder: &Json, sought: &Json) -> Result<bool, Exception> {
    match holder {
        Json::Null => Ok(false),
        Json::String(text) => match sought {
            Json::String(sought) => Ok(text.contains(sought.as_str())),
            other => Err(left_operand(other)),
        },
        Json::Array(items) => {
            if items.iter().any(|item| equal(item, sought)) {
                return Ok(true);
            }
            let Json::String(text) = sought else {
                return Ok(false);
            };
            for item in items {
                let within = match item {
                    Json::String(item) => item.contains(text.as_str()),
                    Json::Array(inner) => inner.iter().any(|inner| equal(inner, sought)),
                    Json::Object(members) => members.contains_key(text),
                    other => return Err(not_iterable(other)),
                };
                if within {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Json::Object(members) => {
            Ok(matches!(sought, Json::String(key) if members.contains_key(key)))
        }
        other => Err(not_iterable(other)),
    }
}

/// The same with texts in lower case. The platform folds the texts themselves and those of a list; keys of
/// an object are taken as they stand.
pub(super) fn contains_folded(holder: &Json, sought: &Json) -> Result<bool, Exception> {
    match (holder, sought) {
        (Json::String(text), Json::String(sought)) => {
            Ok(text.to_lowercase().contains(&sought.to_lowercase()))
        }
        // The platform looks no further into what Python takes for nothing.
        _ if is_empty(holder) || equal(holder, &Json::Bool(false)) => Ok(false),
        (Json::Array(items), Json::String(sought)) => {
            let sought = sought.to_lowercase();
            Ok(items.iter().any(
                |item| matches!(item, Json::String(item) if item.to_lowercase().contains(&sought)),
            ))
        }
        (Json::Array(items), sought) => Ok(items.iter().any(|item| equal(item, sought))),
        _ => contains(holder, sought),
    }
}

/// Whether Python takes the value for nothing, apart from numbers: null, and what has no length.
pub(super) fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

fn left_operand(sought: &Json) -> Exception {
    type_error(&format!(
        "'in <string>' requires string as left operand, not {}",
        type_name(sought)
    ))
}

fn not_iterable(holder: &Json) -> Exception {
    type_error(&format!(
        "argument of type '{}' is not iterable",
        type_name(holder)
    ))
}

/// A number as Python sees it.
#[derive(Clone, Copy)]
enum Numeric {
    Whole(i128),
    Real(f64),
}

fn numeric(value: &Json) -> Option<Numeric> {
    match value {
        Json::Bool(b) => Some(Numeric::Whole(i128::from(*b))),
        Json::Number(n) => whole(n)
            .map(Numeric::Whole)
            .or_else(|| n.as_f64().map(Numeric::Real)),
        _ => None,
    }
}

/// A number without a fraction in its type.
pub(super) fn whole(n: &Number) -> Option<i128> {
    n.as_i64()
        .map(i128::from)
        .or_else(|| n.as_u64().map(i128::from))
}

/// Exactly, not by way of a float.
fn compare(a: Numeric, b: Numeric) -> Option<Ordering> {
    match (a, b) {
        (Numeric::Whole(a), Numeric::Whole(b)) => Some(a.cmp(&b)),
        (Numeric::Real(a), Numeric::Real(b)) => a.partial_cmp(&b),
        (Numeric::Whole(a), Numeric::Real(b)) => whole_to_real(a, b),
        (Numeric::Real(a), Numeric::Whole(b)) => whole_to_real(b, a).map(Ordering::reverse),
    }
}

fn whole_to_real(a: i128, b: f64) -> Option<Ordering> {
    /// Beyond every whole number that JSON has here.
    const FAR: f64 = 1e30;
    if b.is_nan() {
        return None;
    }
    if b >= FAR {
        return Some(Ordering::Less);
    }
    if b <= -FAR {
        return Some(Ordering::Greater);
    }
    let floor = b.floor();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "within 1e30, and without a fraction"
    )]
    let order = a.cmp(&(floor as i128));
    Some(if order == Ordering::Equal && b > floor {
        Ordering::Less
    } else {
        order
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equality_is_pythons() {
        assert!(equal(&json!(1), &json!(1.0)));
        assert!(equal(&json!(true), &json!(1)));
        assert!(equal(&json!(false), &json!(0.0)));
        assert!(!equal(&json!(5), &json!("5")));
        assert!(!equal(&json!(null), &json!(false)));
        assert!(equal(&json!([1, {"a": true}]), &json!([1.0, {"a": 1}])));
        assert!(!equal(&json!({"a": 1}), &json!({"A": 1})));
        // 2^53 + 1 is no float: by way of floats the two would be the same.
        assert!(!equal(
            &json!(9_007_199_254_740_993_i64),
            &json!(9_007_199_254_740_992.0)
        ));
        assert!(equal_folded(&json!("ẞ"), &json!("ß")));
        assert!(!equal_folded(&json!("STRASSE"), &json!("straße")));
    }

    #[test]
    fn order_is_pythons() {
        let less = |a: Json, b: Json| order(&a, &b, "<").map(|o| o == Some(Ordering::Less));
        assert_eq!(less(json!(1), json!(1.5)), Ok(true));
        assert_eq!(less(json!(-1), json!(-1.5)), Ok(false));
        assert_eq!(less(json!(2), json!(1.5)), Ok(false));
        assert_eq!(less(json!(u64::MAX), json!(1e300)), Ok(true));
        assert_eq!(less(json!("Z"), json!("a")), Ok(true));
        assert_eq!(less(json!([1, 2]), json!([1, 3])), Ok(true));
        assert_eq!(
            less(json!("5"), json!(6)).map_err(|e| e.text),
            Err(
                r#"TypeError("'<' not supported between instances of 'str' and 'int'")"#.to_owned()
            )
        );
    }
}
