//! `rand()` and `new_guid()`: another value in every row, and the same ones whenever the query runs with the
//! same clock, so that a result can be told from a change of the rule.

use super::Param::Integer;
use super::entry::{entry, real};
use super::{Context, Function, Naming};
use crate::kql::run::convert;
use crate::kql::run::datum::Datum;
use crate::value::{ColumnBuilder, Type, Value};
use std::sync::Arc;

pub const FUNCTIONS: &[Function] = &[
    Function {
        naming: Naming::First,
        ..entry(
            &["rand"],
            "rand([below:long])",
            "A random number from 0 to below 1, or a whole one from 0 to below a number. Here it follows from the query's clock and the row, so that a run can be repeated.",
            &[Integer],
            (1, 0),
            real,
            |_, _| Value::Null,
        )
    },
    entry(
        &["new_guid"],
        "new_guid()",
        "A random guid. Here it follows from the query's clock and the row, so that a run can be repeated.",
        &[],
        (0, 0),
        |_| Some(Type::Guid),
        |_, _| Value::Null,
    ),
];

/// The values of all rows.
pub fn column(function: &Function, context: &Context, args: &[Datum], rows: usize) -> Datum {
    let mut builder = ColumnBuilder::new(context.ty);
    for row in 0..rows {
        let place = (context.span.start as u64) << 40 ^ row as u64;
        let seed = mixed(mixed(context.now as u64) ^ mixed(place));
        builder.push(&match function.name() {
            "new_guid" => guid(seed, mixed(seed ^ 0x5bd1_e995)),
            _ => number(seed, args.first().map(|a| a.value(row))),
        });
    }
    Datum::Column(builder.finish())
}

/// Spreads the bits of a number evenly (SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

fn number(seed: u64, below: Option<Value>) -> Value {
    let share = (seed >> 11) as f64 / (1u64 << 53) as f64;
    match below {
        None => Value::Real(share),
        Some(below) => match convert::long(&below) {
            Some(below) if below > 0 => Value::Real((share * below as f64).floor()),
            _ => Value::Null,
        },
    }
}

/// A guid of version 4.
fn guid(high: u64, low: u64) -> Value {
    let bits = u128::from(high) << 64 | u128::from(low);
    let bits = bits & !(0xf << 76) | 4 << 76;
    let bits = bits & !(0x3 << 62) | 2 << 62;
    let hex = format!("{bits:032x}");
    let part = |a: usize, b: usize| hex.get(a..b).unwrap_or("");
    Value::Guid(Arc::from(format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )))
}
