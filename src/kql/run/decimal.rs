//! Decimals: exact numbers of at most 34 significant digits, kept as text.

use super::convert;
use crate::kql::plan::Arithmetic;
use crate::value::Value;
use bigdecimal::{BigDecimal, RoundingMode, Zero};
use std::num::NonZeroU64;
use std::str::FromStr;
use std::sync::Arc;

/// Longest text that is read or made: more than any result of 34 digits needs in practice.
const LONGEST: usize = 128;
/// Significant digits of a result.
const DIGITS: u64 = 34;

/// The number of a value; none for null and for what is no number.
pub fn of(value: &Value) -> Option<BigDecimal> {
    match value {
        Value::Decimal(text) if text.len() <= LONGEST => BigDecimal::from_str(text).ok(),
        Value::Int(n) => Some(BigDecimal::from(*n)),
        Value::Long(n) => Some(BigDecimal::from(*n)),
        Value::Real(r) => BigDecimal::from_str(&convert::real_text(*r)).ok(),
        Value::Dynamic(json) => match convert::scalar(json) {
            Value::Dynamic(_) => None,
            scalar => of(&scalar),
        },
        _ => None,
    }
}

/// A number as a value, without zeros at its end; null where it is too large to write.
pub fn value(number: &BigDecimal) -> Value {
    let Some(digits) = NonZeroU64::new(DIGITS) else {
        return Value::Null;
    };
    let number = number
        .with_precision_round(digits, RoundingMode::HalfEven)
        .normalized();
    let (_, scale) = number.as_bigint_and_exponent();
    if scale.unsigned_abs() > LONGEST as u64 - DIGITS {
        return Value::Null;
    }
    Value::Decimal(Arc::from(number.to_plain_string()))
}

/// One operation; null where there is no result.
pub fn compute(op: Arithmetic, a: &Value, b: &Value) -> Value {
    let (Some(a), Some(b)) = (of(a), of(b)) else {
        return Value::Null;
    };
    match op {
        Arithmetic::Add => value(&(a + b)),
        Arithmetic::Sub => value(&(a - b)),
        Arithmetic::Mul => value(&(a * b)),
        Arithmetic::Div | Arithmetic::Mod if b.is_zero() => Value::Null,
        Arithmetic::Div => value(&(a / b)),
        Arithmetic::Mod => Value::Null,
    }
}

/// Rounded down to a multiple of a size.
pub fn floored(number: &Value, size: &Value) -> Value {
    match (of(number), of(size)) {
        (Some(number), Some(size)) if !size.is_zero() => {
            let times = (number / &size).with_scale_round(0, RoundingMode::Floor);
            value(&(times * size))
        }
        _ => Value::Null,
    }
}

/// Rounded to so many places behind the point.
pub fn rounded(number: &Value, places: i64, mode: RoundingMode) -> Value {
    match of(number) {
        Some(number) => value(&number.with_scale_round(places.clamp(-40, 40), mode)),
        None => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Value {
        Value::Decimal(Arc::from(text))
    }

    #[test]
    fn exact_to_34_digits() {
        let sum = compute(Arithmetic::Add, &decimal("0.1"), &decimal("0.2"));
        assert_eq!(sum, decimal("0.3"));
        let third = compute(Arithmetic::Div, &Value::Long(1), &decimal("3"));
        assert_eq!(third, decimal("0.3333333333333333333333333333333333"));
        assert_eq!(
            compute(Arithmetic::Div, &decimal("1"), &decimal("0.0")),
            Value::Null
        );
        let long = decimal("1000000020000000300000004");
        let next = compute(Arithmetic::Add, &long, &Value::Int(1));
        assert_eq!(next, decimal("1000000020000000300000005"));
    }

    #[test]
    fn never_grows_without_bound() {
        let mut number = decimal("9999999999999999999999999999999999");
        for _ in 0..64 {
            number = compute(Arithmetic::Mul, &number.clone(), &number);
        }
        assert_eq!(number, Value::Null);
    }
}
