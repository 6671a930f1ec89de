//! Bins that count from a given point.

use super::{Context, Function, Naming, Param, common};
use crate::kql::run::convert;
use crate::value::time::MAX_DATETIME;
use crate::value::{Type, Value};

pub const FUNCTIONS: &[Function] = &[Function {
    names: &["bin_at"],
    signature: "bin_at(value, size, fixed_point)",
    doc: "The value rounded down to a bin of a size, where the fixed point is the beginning of a bin; null for a size that is not above 0.",
    params: &[Param::Any, Param::Any, Param::Any],
    optional: 0,
    repeat: 0,
    result: |types| match types {
        [] | [Type::DateTime, Type::TimeSpan, Type::DateTime] => Some(Type::DateTime),
        [Type::TimeSpan, Type::TimeSpan, Type::TimeSpan] => Some(Type::TimeSpan),
        all => common(all).filter(|t| matches!(t, Type::Int | Type::Long | Type::Real)),
    },
    naming: Naming::First,
    body: bin_at,
}];

fn bin_at(context: &Context, args: &[Value]) -> Value {
    if context.ty == Type::Real {
        let number = |at: usize| args.get(at).and_then(convert::real);
        return match (number(0), number(1), number(2)) {
            (Some(value), Some(size), Some(fixed)) if size > 0.0 => {
                Value::Real(((value - fixed) / size).floor() * size + fixed)
            }
            _ => Value::Null,
        };
    }
    let number = |at: usize| args.get(at).and_then(convert::long);
    let binned = || -> Option<i64> {
        let (value, size, fixed) = (number(0)?, number(1)?, number(2)?);
        let bins = value
            .checked_sub(fixed)?
            .div_euclid(Some(size).filter(|s| *s > 0)?);
        bins.checked_mul(size)?.checked_add(fixed)
    };
    match (context.ty, binned()) {
        (Type::DateTime, Some(t)) if (0..=MAX_DATETIME).contains(&t) => Value::DateTime(t),
        (Type::TimeSpan, Some(t)) => Value::TimeSpan(t),
        (Type::Long, Some(n)) => Value::Long(n),
        (Type::Int, Some(n)) => i32::try_from(n).map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}
