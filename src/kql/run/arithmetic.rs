//! `+ - * / %`: whole numbers wrap, integer division truncates and `x / 0` is null, `%` is never negative.

use super::compare::Numbers;
use super::convert;
use super::datum::Datum;
use super::eval::map_rows;
use crate::kql::plan::Arithmetic;
use crate::value::{Column, Type, Value, time};
use arrow_array::{Float64Array, Int64Array};
use std::sync::Arc;

/// The type of a result; none where the operator is not defined for the operands.
pub fn result(op: Arithmetic, left: Type, right: Type) -> Option<Type> {
    use Arithmetic::{Add, Div, Mod, Mul, Sub};
    use Type::{DateTime, Decimal, Dynamic, Int, Long, Real, TimeSpan};
    Some(match (op, left, right) {
        (_, Int | Long, Int | Long) => Long,
        (_, Real, Int | Long | Real) | (_, Int | Long, Real) => Real,
        // What the remainder of a decimal below zero is on the platform is not known.
        (Add | Sub | Mul | Div, Decimal, Decimal | Int | Long | Real)
        | (Add | Sub | Mul | Div, Int | Long | Real, Decimal) => Decimal,
        (Add | Sub, DateTime, TimeSpan) | (Add, TimeSpan, DateTime) => DateTime,
        (Sub, DateTime, DateTime) => TimeSpan,
        (Add | Sub | Mod, TimeSpan, TimeSpan) => TimeSpan,
        (Div, TimeSpan, TimeSpan) => Real,
        (Mul | Div, TimeSpan, Int | Long | Real) | (Mul, Int | Long | Real, TimeSpan) => TimeSpan,
        (Add | Sub, DateTime, Dynamic) => DateTime,
        (_, Dynamic, Int | Long | Real | Dynamic) | (_, Int | Long | Real, Dynamic) => Dynamic,
        _ => return None,
    })
}

fn long(op: Arithmetic, a: i64, b: i64) -> Option<i64> {
    Some(match op {
        Arithmetic::Add => a.wrapping_add(b),
        Arithmetic::Sub => a.wrapping_sub(b),
        Arithmetic::Mul => a.wrapping_mul(b),
        Arithmetic::Div if b == 0 => return None,
        Arithmetic::Div => a.wrapping_div(b),
        Arithmetic::Mod if b == 0 => return None,
        Arithmetic::Mod => a.wrapping_rem_euclid(b),
    })
}

fn real(op: Arithmetic, a: f64, b: f64) -> f64 {
    match op {
        Arithmetic::Add => a + b,
        Arithmetic::Sub => a - b,
        Arithmetic::Mul => a * b,
        Arithmetic::Div => a / b,
        Arithmetic::Mod => a.rem_euclid(b),
    }
}

/// Computes an operator row by row. The types must have a [`result`].
pub fn compute(op: Arithmetic, left: &Datum, right: &Datum, ty: Type, rows: usize) -> Datum {
    let (lt, rt) = (left.ty(), right.ty());
    let constant = matches!((left, right), (Datum::Const(..), Datum::Const(..)));
    let simple = matches!(
        ty,
        Type::Long | Type::Real | Type::DateTime | Type::TimeSpan
    ) && lt != Type::Dynamic
        && rt != Type::Dynamic
        && !(ty == Type::TimeSpan && matches!(op, Arithmetic::Mul | Arithmetic::Div));
    if constant || !simple {
        return map_rows(&[left, right], rows, ty, |args| match args {
            [a, b] => values(op, a, b, ty),
            _ => Value::Null,
        });
    }
    let (a, b) = (Numbers::of(left), Numbers::of(right));
    let array: arrow_array::ArrayRef = if ty == Type::Real {
        let array: Float64Array = (0..rows)
            .map(|row| Some(real(op, a.real(row)?, b.real(row)?)))
            .collect();
        Arc::new(array)
    } else {
        let array: Int64Array = (0..rows)
            .map(|row| checked(ty, long(op, a.long(row)?, b.long(row)?)?))
            .collect();
        Arc::new(array)
    };
    Datum::Column(Column { ty, array })
}

/// An instant outside the years 1 to 9999 is null.
fn checked(ty: Type, value: i64) -> Option<i64> {
    (ty != Type::DateTime || (0..=time::MAX_DATETIME).contains(&value)).then_some(value)
}

/// One result.
pub fn values(op: Arithmetic, a: &Value, b: &Value, ty: Type) -> Value {
    if a.is_null() || b.is_null() {
        return Value::Null;
    }
    let made = match ty {
        Type::Dynamic => {
            let (a, b) = (plain(a), plain(b));
            let whole = |v: &Value| matches!(v, Value::Long(_) | Value::Int(_));
            let number = |v: &Value| whole(v) || matches!(v, Value::Real(_));
            if !number(&a) || !number(&b) {
                return Value::Null;
            }
            let ty = if whole(&a) && whole(&b) {
                Type::Long
            } else {
                Type::Real
            };
            return convert::convert(&values(op, &a, &b, ty), Type::Dynamic);
        }
        Type::Real => match (convert::real(a), convert::real(b)) {
            (Some(x), Some(y)) => Some(Value::Real(real(op, x, y))),
            _ => None,
        },
        Type::TimeSpan if matches!(op, Arithmetic::Mul | Arithmetic::Div) => scaled(op, a, b),
        Type::Decimal => return super::decimal::compute(op, a, b),
        Type::DateTime => {
            let ticks = |v: &Value| match v {
                Value::Dynamic(_) => convert::to_timespan(v),
                other => convert::long(other),
            };
            match (ticks(a), ticks(b)) {
                (Some(x), Some(y)) => long(op, x, y)
                    .and_then(|t| checked(ty, t))
                    .map(Value::DateTime),
                _ => None,
            }
        }
        _ => match (convert::long(a), convert::long(b)) {
            (Some(x), Some(y)) => long(op, x, y).map(|n| match ty {
                Type::TimeSpan => Value::TimeSpan(n),
                _ => Value::Long(n),
            }),
            _ => None,
        },
    };
    made.unwrap_or(Value::Null)
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Dynamic(json) => convert::scalar(json),
        other => other.clone(),
    }
}

fn scaled(op: Arithmetic, a: &Value, b: &Value) -> Option<Value> {
    let (span, factor) = match (a, b) {
        (Value::TimeSpan(t), factor) | (factor, Value::TimeSpan(t)) => (*t, factor),
        _ => return None,
    };
    let ticks = match factor {
        Value::Real(r) => {
            let ticks = real(op, span as f64, *r);
            (ticks.is_finite() && ticks.abs() < 9.2e18).then_some(ticks as i64)?
        }
        other => long(op, span, convert::long(other)?)?,
    };
    Some(Value::TimeSpan(ticks))
}
