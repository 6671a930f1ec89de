//! Whole numbers as bits and as hexadecimal text. All results are `long`; null stays null.

use super::{Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::{Type, Value};
use std::sync::Arc;

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params,
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::Long),
        naming: Naming::None,
        body,
    }
}

const TWO: &[Param] = &[Param::Integer, Param::Integer];

pub const FUNCTIONS: &[Function] = &[
    of(
        &["binary_and"],
        "binary_and(a:long, b:long)",
        "The bits that both numbers have.",
        TWO,
        |_, a| two(a, |x, y| Some(x & y)),
    ),
    of(
        &["binary_or"],
        "binary_or(a:long, b:long)",
        "The bits that one of the numbers has.",
        TWO,
        |_, a| two(a, |x, y| Some(x | y)),
    ),
    of(
        &["binary_xor"],
        "binary_xor(a:long, b:long)",
        "The bits that only one of the numbers has.",
        TWO,
        |_, a| two(a, |x, y| Some(x ^ y)),
    ),
    of(
        &["binary_shift_left"],
        "binary_shift_left(number:long, places:long)",
        "The bits moved to the left, by places modulo 64; null for negative places.",
        TWO,
        |_, a| {
            two(a, |x, y| {
                u32::try_from(y.checked_rem(64)?).ok().map(|y| x << y)
            })
        },
    ),
    of(
        &["binary_shift_right"],
        "binary_shift_right(number:long, places:long)",
        "The bits moved to the right, by places modulo 64; null for negative places.",
        TWO,
        |_, a| {
            two(a, |x, y| {
                u32::try_from(y.checked_rem(64)?).ok().map(|y| x >> y)
            })
        },
    ),
    of(
        &["binary_not"],
        "binary_not(number:long)",
        "The number with every bit turned over.",
        &[Param::Integer],
        |_, a| match a.first().and_then(convert::long) {
            Some(x) => Value::Long(!x),
            None => Value::Null,
        },
    ),
    Function {
        names: &["tohex"],
        signature: "tohex(number:long [, length:long])",
        doc: "The number in lower-case hexadecimal, filled with zeros to a length.",
        params: TWO,
        optional: 1,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::None,
        body: |_, a| {
            let digits = match a.first() {
                Some(Value::Int(n)) => format!("{n:x}"),
                Some(other) => match convert::long(other) {
                    Some(n) => format!("{n:x}"),
                    None => return Value::String(Arc::from("")),
                },
                None => return Value::Null,
            };
            let width = a.get(1).and_then(convert::long).unwrap_or(0);
            let width = usize::try_from(width).unwrap_or(0).min(16);
            Value::String(Arc::from(format!("{digits:0>width$}")))
        },
    },
];

fn two(args: &[Value], of: impl Fn(i64, i64) -> Option<i64>) -> Value {
    let number = |at: usize| args.get(at).and_then(convert::long);
    match (number(0), number(1)) {
        (Some(x), Some(y)) => of(x, y).map_or(Value::Null, Value::Long),
        _ => Value::Null,
    }
}
