//! The order of values in a table: numbers by size, text by letters, nulls first.

use crate::value::Value;
use std::cmp::Ordering;

/// Compares two cells of one column.
pub fn values(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (None | Some(Value::Null), None | Some(Value::Null)) => Ordering::Equal,
        (None | Some(Value::Null), _) => Ordering::Less,
        (_, None | Some(Value::Null)) => Ordering::Greater,
        (Some(a), Some(b)) => match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Long(a), Value::Long(b))
            | (Value::DateTime(a), Value::DateTime(b))
            | (Value::TimeSpan(a), Value::TimeSpan(b)) => a.cmp(b),
            (Value::Real(a), Value::Real(b)) => a.total_cmp(b),
            _ => a.display().cmp(&b.display()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_not_ordered_as_text() {
        let (two, ten) = (Value::Long(2), Value::Long(10));
        assert_eq!(values(Some(&two), Some(&ten)), Ordering::Less);
        assert_eq!(values(Some(&Value::Null), Some(&two)), Ordering::Less);
    }
}
