//! Numbers: rounding, bins, powers and the like.

use super::{Context, Function, Naming, Param};
use crate::kql::run::{convert, decimal};
use crate::value::{Type, Value, time};

const fn real_of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::Real],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Real),
        naming: Naming::First,
        body,
    }
}

fn real(args: &[Value], f: impl Fn(f64) -> f64) -> Value {
    match args.first().and_then(convert::real) {
        Some(x) => Value::Real(f(x)),
        None => Value::Null,
    }
}

/// Square roots and logarithms of what has none are null.
fn real_or_null(args: &[Value], f: impl Fn(f64) -> f64) -> Value {
    match args.first().and_then(convert::real).map(f) {
        Some(x) if !x.is_nan() => Value::Real(x),
        _ => Value::Null,
    }
}

const fn is(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params: &[Param::Real],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Bool),
        naming: Naming::None,
        body,
    }
}

fn check(args: &[Value], f: impl Fn(f64) -> bool) -> Value {
    match args.first().and_then(convert::real) {
        Some(x) => Value::Bool(f(x)),
        None => Value::Null,
    }
}

pub const FUNCTIONS: &[Function] = &[
    Function {
        names: &["bin", "floor"],
        signature: "bin(value, size)",
        doc: "The value rounded down to a multiple of the size; size 0 gives null. Bins of datetimes count from 0001-01-01.",
        params: &[Param::Any, Param::Any],
        optional: 0,
        repeat: 0,
        result: bin_type,
        naming: Naming::First,
        body: bin,
    },
    Function {
        names: &["round"],
        signature: "round(number [, precision:long])",
        doc: "The number rounded, halves away from zero, to so many decimals.",
        params: &[Param::Number, Param::Integer],
        optional: 1,
        repeat: 0,
        result: |types| types.first().copied(),
        naming: Naming::First,
        body: round,
    },
    Function {
        names: &["abs"],
        signature: "abs(number)",
        doc: "The value without its sign.",
        params: &[Param::Any],
        optional: 0,
        repeat: 0,
        result: |types| match types.first()? {
            Type::Int | Type::Long => Some(Type::Long),
            Type::Real | Type::Dynamic => Some(Type::Real),
            Type::Decimal => Some(Type::Decimal),
            Type::TimeSpan => Some(Type::TimeSpan),
            _ => None,
        },
        naming: Naming::First,
        body: |context, args| match (context.ty, args.first()) {
            (_, None | Some(Value::Null)) => Value::Null,
            (Type::Decimal, Some(v)) => {
                decimal::of(v).map_or(Value::Null, |n| decimal::value(&n.abs()))
            }
            (Type::Real, Some(v)) => convert::real(v).map_or(Value::Null, |r| Value::Real(r.abs())),
            (Type::TimeSpan, Some(v)) => {
                convert::long(v).map_or(Value::Null, |n| Value::TimeSpan(n.wrapping_abs()))
            }
            (_, Some(v)) => convert::long(v).map_or(Value::Null, |n| Value::Long(n.wrapping_abs())),
        },
    },
    Function {
        names: &["ceiling"],
        signature: "ceiling(number)",
        doc: "The smallest whole number that is not below the value.",
        params: &[Param::Number],
        optional: 0,
        repeat: 0,
        // Measured on the platform: real for whole numbers too.
        result: |types| match types.first() {
            Some(Type::Decimal) => Some(Type::Decimal),
            _ => Some(Type::Real),
        },
        naming: Naming::First,
        body: |_, args| match args.first() {
            Some(number @ Value::Decimal(_)) => {
                decimal::rounded(number, 0, bigdecimal::RoundingMode::Ceiling)
            }
            _ => real(args, f64::ceil),
        },
    },
    Function {
        names: &["pow"],
        signature: "pow(base:real, exponent:real)",
        doc: "The base to the power of the exponent.",
        params: &[Param::Real, Param::Real],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Real),
        naming: Naming::First,
        body: |_, args| match args {
            [a, b] => match (convert::real(a), convert::real(b)) {
                (Some(a), Some(b)) => Value::Real(a.powf(b)),
                _ => Value::Null,
            },
            _ => Value::Null,
        },
    },
    Function {
        names: &["pi"],
        signature: "pi()",
        doc: "The constant π.",
        params: &[],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Real),
        naming: Naming::None,
        body: |_, _| Value::Real(std::f64::consts::PI),
    },
    Function {
        names: &["sign"],
        signature: "sign(number)",
        doc: "-1, 0 or 1; 0 for null.",
        params: &[Param::Real],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Real),
        naming: Naming::None,
        body: |_, args| {
            Value::Real(match args.first().and_then(convert::real) {
                Some(x) if x > 0.0 => 1.0,
                Some(x) if x < 0.0 => -1.0,
                _ => 0.0,
            })
        },
    },
    real_of(
        &["sqrt"],
        "sqrt(number)",
        "The square root; null below zero.",
        |_, a| real_or_null(a, f64::sqrt),
    ),
    real_of(
        &["log"],
        "log(number)",
        "The natural logarithm; null where there is none.",
        |_, a| real_or_null(a, f64::ln),
    ),
    real_of(
        &["log2"],
        "log2(number)",
        "The logarithm to base 2.",
        |_, a| real_or_null(a, f64::log2),
    ),
    real_of(
        &["log10"],
        "log10(number)",
        "The logarithm to base 10.",
        |_, a| real_or_null(a, f64::log10),
    ),
    real_of(
        &["exp"],
        "exp(number)",
        "e to the power of the number.",
        |_, a| real(a, f64::exp),
    ),
    real_of(
        &["exp2"],
        "exp2(number)",
        "2 to the power of the number.",
        |_, a| real(a, f64::exp2),
    ),
    real_of(
        &["exp10"],
        "exp10(number)",
        "10 to the power of the number.",
        |_, a| real(a, |x| 10f64.powf(x)),
    ),
    real_of(
        &["asin"],
        "asin(number)",
        "The angle of a sine, in radians; null outside -1 to 1.",
        |_, a| real_or_null(a, f64::asin),
    ),
    real_of(
        &["acos"],
        "acos(number)",
        "The angle of a cosine, in radians; null outside -1 to 1.",
        |_, a| real_or_null(a, f64::acos),
    ),
    real_of(
        &["atan"],
        "atan(number)",
        "The angle of a tangent, in radians.",
        |_, a| real(a, f64::atan),
    ),
    Function {
        naming: Naming::None,
        ..real_of(&["cot"], "cot(radians)", "The cotangent.", |_, a| {
            real(a, |x| 1.0 / x.tan())
        })
    },
    real_of(&["sin"], "sin(radians)", "The sine.", |_, a| {
        real(a, f64::sin)
    }),
    real_of(&["cos"], "cos(radians)", "The cosine.", |_, a| {
        real(a, f64::cos)
    }),
    real_of(&["tan"], "tan(radians)", "The tangent.", |_, a| {
        real(a, f64::tan)
    }),
    is(
        &["isnan"],
        "isnan(number)",
        "Whether it is not a number.",
        |_, a| check(a, f64::is_nan),
    ),
    is(
        &["isinf"],
        "isinf(number)",
        "Whether it is infinite.",
        |_, a| check(a, f64::is_infinite),
    ),
    is(
        &["isfinite"],
        "isfinite(number)",
        "Whether it is a finite number.",
        |_, a| check(a, f64::is_finite),
    ),
];

fn bin_type(types: &[Type]) -> Option<Type> {
    use Type::{DateTime, Decimal, Dynamic, Int, Long, Real, TimeSpan};
    Some(match types {
        [Decimal, Decimal | Int | Long | Real] | [Int | Long | Real, Decimal] => Decimal,
        [Int | Long, Int | Long] => Long,
        [Int | Long | Real, Int | Long | Real] => Real,
        [Dynamic, Int | Long | Real] => Real,
        [DateTime | Dynamic, TimeSpan] => DateTime,
        [TimeSpan, TimeSpan] => TimeSpan,
        _ => return None,
    })
}

fn bin(context: &Context, args: &[Value]) -> Value {
    let [value, size] = args else {
        return Value::Null;
    };
    if context.ty == Type::Decimal {
        return decimal::floored(value, size);
    }
    if context.ty == Type::Real {
        return match (convert::real(value), convert::real(size)) {
            (Some(v), Some(s)) => Value::Real((v / s).floor() * s),
            _ => Value::Null,
        };
    }
    let ticks = match context.ty {
        Type::DateTime => convert::to_datetime(value),
        _ => convert::long(value),
    };
    let (Some(value), Some(size)) = (ticks, convert::long(size)) else {
        return Value::Null;
    };
    if size == 0 {
        return Value::Null;
    }
    // Rounded towards minus infinity in units of the size, also of a negative one.
    let (value, size) = (i128::from(value), i128::from(size));
    let quotient = value.div_euclid(size) - i128::from(size < 0 && value.rem_euclid(size) != 0);
    let floored = quotient.wrapping_mul(size) as i64;
    match context.ty {
        Type::DateTime if (0..=time::MAX_DATETIME).contains(&floored) => Value::DateTime(floored),
        Type::DateTime => Value::Null,
        Type::TimeSpan => Value::TimeSpan(floored),
        _ => Value::Long(floored),
    }
}

fn round(_: &Context, args: &[Value]) -> Value {
    let digits = args
        .get(1)
        .and_then(convert::long)
        .unwrap_or(0)
        .clamp(-18, 18) as i32;
    match args.first() {
        Some(Value::Real(r)) => {
            let scale = 10f64.powi(digits);
            let scaled = r * scale;
            if !scaled.is_finite() {
                return Value::Real(*r);
            }
            Value::Real(scaled.round() / scale)
        }
        Some(number @ Value::Decimal(_)) => {
            let mode = bigdecimal::RoundingMode::HalfUp;
            decimal::rounded(number, i64::from(digits), mode)
        }
        Some(Value::Long(n)) if digits < 0 => {
            let scale = 10i64.pow(digits.unsigned_abs());
            Value::Long((*n as f64 / scale as f64).round() as i64 * scale)
        }
        Some(other) => other.clone(),
        None => Value::Null,
    }
}
