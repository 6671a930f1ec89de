//! Series: arrays of numbers, as `make-series` and `make_list` make them. One file a family.
//!
//! A series is whole where all its numbers are whole; a single real makes all of them real.
//! What the platform does with truths and instants in a series is not certain: they are refused.

mod elements;
mod fill;
mod filters;
mod fit;
mod periods;
mod seasonal;
mod totals;

use super::{Context, Function, Naming, Param};
use crate::value::{Type, Value, time};
use serde_json::Value as Json;
use std::sync::Arc;

/// The families.
pub static FAMILIES: [&[Function]; 6] = [
    elements::FUNCTIONS,
    fill::FUNCTIONS,
    filters::FUNCTIONS,
    fit::FUNCTIONS,
    seasonal::FUNCTIONS,
    totals::FUNCTIONS,
];

/// A number of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Whole.
    Long(i64),
    /// Real.
    Real(f64),
}

impl Number {
    /// As a real.
    pub fn real(self) -> f64 {
        match self {
            Number::Long(n) => n as f64,
            Number::Real(r) => r,
        }
    }

    /// As JSON; a real that JSON lacks is its name.
    pub fn json(self) -> Json {
        match self {
            Number::Long(n) => Json::from(n),
            Number::Real(r) => Value::Real(r).to_json(),
        }
    }
}

/// A series: null for what is no number.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// The elements.
    pub items: Vec<Option<Number>>,
    /// Whether all its numbers are whole.
    pub whole: bool,
}

/// What a function on series is given: an array, or one number that stands for all.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An array.
    Series(Series),
    /// A number.
    Scalar(Number),
}

const TRUTHS: &str = "A series of truth values is not supported here; convert them to numbers";
const INSTANTS: &str =
    "A series of datetime or timespan values is not supported here; convert them to numbers";

/// The number that a JSON value is; none where it is none.
fn number(context: &Context, json: &Json) -> Option<Number> {
    match json {
        Json::Number(n) => match n.as_i64() {
            Some(n) => Some(Number::Long(n)),
            None => n.as_f64().map(Number::Real),
        },
        Json::Bool(_) => {
            context.refuse(TRUTHS);
            None
        }
        Json::String(s) => match s.as_str() {
            "NaN" => Some(Number::Real(f64::NAN)),
            "Infinity" => Some(Number::Real(f64::INFINITY)),
            "-Infinity" => Some(Number::Real(f64::NEG_INFINITY)),
            other => {
                let span = crate::kql::syntax::literal::timespan(other).is_some();
                if other.contains(':') && (span || time::parse_datetime(other).is_some()) {
                    context.refuse(INSTANTS);
                }
                None
            }
        },
        _ => None,
    }
}

/// The series of an array; none for what is no array.
pub fn series(context: &Context, value: Option<&Value>) -> Option<Series> {
    let Some(Value::Dynamic(json)) = value else {
        return None;
    };
    let items: Vec<Option<Number>> = json
        .as_array()?
        .iter()
        .map(|item| number(context, item))
        .collect();
    let whole = !items.iter().any(|i| matches!(i, Some(Number::Real(_))));
    Some(Series { items, whole })
}

/// A series or a number; none for anything else.
pub fn operand(context: &Context, value: Option<&Value>) -> Option<Operand> {
    match value? {
        Value::Int(n) => Some(Operand::Scalar(Number::Long(i64::from(*n)))),
        Value::Long(n) => Some(Operand::Scalar(Number::Long(*n))),
        Value::Real(r) => Some(Operand::Scalar(Number::Real(*r))),
        Value::Dynamic(json) if json.is_array() => series(context, value).map(Operand::Series),
        Value::Dynamic(json) => number(context, json).map(Operand::Scalar),
        _ => None,
    }
}

/// The reals of a series that must have no gaps; refused where it has some.
pub fn full(context: &Context, value: Option<&Value>) -> Option<Vec<f64>> {
    let series = series(context, value)?;
    let reals: Option<Vec<f64>> = series.items.iter().map(|i| i.map(Number::real)).collect();
    if reals.is_none() {
        context.refuse(
            "A series with missing values is not supported here; fill them first, for example with `series_fill_linear(…)`",
        );
    }
    reals
}

/// An array of JSON values.
pub fn array(items: Vec<Json>) -> Value {
    Value::Dynamic(Arc::new(Json::Array(items)))
}

/// An array of reals.
pub fn reals(items: impl IntoIterator<Item = f64>) -> Value {
    array(items.into_iter().map(|r| Number::Real(r).json()).collect())
}

/// Series, or a series and a number.
fn pair(types: &[Type]) -> Option<Type> {
    let number = |t: &Type| matches!(t, Type::Int | Type::Long | Type::Real);
    let fits = types.iter().all(|t| *t == Type::Dynamic || number(t));
    (fits && types.contains(&Type::Dynamic)).then_some(Type::Dynamic)
}

/// The same, giving a number.
fn pair_real(types: &[Type]) -> Option<Type> {
    pair(types).map(|_| Type::Real)
}

const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    optional: usize,
    naming: Naming,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params,
        optional,
        repeat: 0,
        result: |_| Some(Type::Dynamic),
        naming,
        body,
    }
}
