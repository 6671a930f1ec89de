//! Sizes of data, and whether a value lies around another.

use super::Param::{Any, Integer, Number, TextConst};
use super::entry::{bool, entry, long, string, text, texted, truth};
use super::{Context, Function, Naming};
use crate::kql::run::convert;
use crate::value::{Type, Value};

pub const FUNCTIONS: &[Function] = &[
    Function {
        naming: Naming::First,
        ..entry(
            &["format_bytes"],
            "format_bytes(size [, precision:long [, unit:string]])",
            "A number of bytes with its unit (Bytes, KB, MB, GB, TB, PB, EB), rounded to so many decimals.",
            &[Number, Integer, TextConst],
            (2, 0),
            string,
            format_bytes,
        )
    },
    entry(
        &["estimate_data_size"],
        "estimate_data_size(*)",
        "About how many bytes the columns take in a row; columns of other types than text, numbers, datetime and timespan are not measured here.",
        &[Any],
        (0, 1),
        |types| {
            let sized = types.iter().all(|t| {
                matches!(
                    t,
                    Type::String
                        | Type::Int
                        | Type::Long
                        | Type::Real
                        | Type::DateTime
                        | Type::TimeSpan
                )
            });
            sized.then_some(Type::Long)
        },
        |context, a| {
            let sizes = a
                .iter()
                .zip(context.types)
                .map(|(value, ty)| match (ty, value) {
                    (Type::String, Value::String(text)) => text.len() as i64,
                    (Type::Int, _) => 4,
                    _ => 8,
                });
            Value::Long(sizes.sum())
        },
    ),
    entry(
        &["around"],
        "around(value, center, delta)",
        "Whether a number, instant or span is not further than delta from the center; null where one is null.",
        &[Any, Any, Any],
        (0, 0),
        |types| {
            let number = |t: &Type| matches!(t, Type::Int | Type::Long | Type::Real);
            let fits = match types {
                [] => true,
                [Type::DateTime, Type::DateTime, Type::TimeSpan]
                | [Type::TimeSpan, Type::TimeSpan, Type::TimeSpan] => true,
                all => all.iter().all(number),
            };
            fits.then(|| bool(types)).flatten()
        },
        around,
    ),
    Function {
        naming: Naming::First,
        ..entry(
            &["bitset_count_ones"],
            "bitset_count_ones(number:long)",
            "How many bits of a number are set.",
            &[Integer],
            (0, 0),
            long,
            |_, a| {
                let number = a.first().and_then(convert::long);
                number.map_or(Value::Null, |n| Value::Long(i64::from(n.count_ones())))
            },
        )
    },
];

fn around(_: &Context, args: &[Value]) -> Value {
    let [value, center, delta] = args else {
        return Value::Null;
    };
    if args.iter().any(|a| matches!(a, Value::Real(_))) {
        let distance = || Some((convert::real(value)? - convert::real(center)?).abs());
        return truth(
            distance()
                .zip(convert::real(delta))
                .map(|(d, most)| d <= most),
        );
    }
    let distance = || {
        let (value, center) = (convert::long(value)?, convert::long(center)?);
        Some((i128::from(value) - i128::from(center)).abs())
    };
    truth(
        distance()
            .zip(convert::long(delta))
            .map(|(d, most)| d <= i128::from(most)),
    )
}

const UNITS: [&str; 7] = ["Bytes", "KB", "MB", "GB", "TB", "PB", "EB"];

fn format_bytes(context: &Context, args: &[Value]) -> Value {
    let Some(size) = args.first().and_then(convert::real) else {
        return texted("");
    };
    let precision = args.get(1).map_or(Some(0), convert::long);
    let precision = precision
        .and_then(|p| usize::try_from(p).ok())
        .filter(|p| *p <= 15);
    let wanted = text(args, 2);
    let unit = UNITS.iter().position(|u| *u == &*wanted);
    let (Some(precision), true) = (precision, wanted.is_empty() || unit.is_some()) else {
        context.refuse("`format_bytes` takes a precision from 0 to 15 and one of the units Bytes, KB, MB, GB, TB, PB, EB");
        return texted("");
    };
    if !size.is_finite() || size < 0.0 {
        context.refuse("`format_bytes` of a number below 0 is not supported yet");
        return texted("");
    }
    let largest = (0..UNITS.len())
        .rev()
        .find(|u| size >= 1024f64.powi(*u as i32));
    let unit = unit.or(largest).unwrap_or(0);
    let shown = size / 1024f64.powi(unit as i32);
    let rounded = format!("{shown:.precision$}");
    let half = (shown * 10f64.powi(precision as i32)).fract() == 0.5;
    if half || (precision > 0 && rounded.ends_with('0')) {
        context.refuse("How the platform writes a size that ends in zeros or lies halfway between two is not known: use `round()` and `strcat()`");
    }
    texted(format!("{rounded} {}", UNITS.get(unit).unwrap_or(&"Bytes")))
}
