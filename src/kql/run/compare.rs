//! Comparisons with Kusto's null rules: `==` of null and a value is false, `!=` true, of two nulls null;
//! the ordering operators give null as soon as one side is null.

use super::convert;
use super::datum::{Datum, small_dictionary};
use crate::value::{Column, Type, Value};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, BooleanArray};
use arrow_buffer::BooleanBuffer;
use std::cmp::Ordering;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Compare {
    /// The same with its operands exchanged.
    pub fn mirrored(self) -> Self {
        match self {
            Compare::Lt => Compare::Gt,
            Compare::Le => Compare::Ge,
            Compare::Gt => Compare::Lt,
            Compare::Ge => Compare::Le,
            same => same,
        }
    }

    fn holds(self, order: Option<Ordering>) -> bool {
        match (self, order) {
            (Compare::Ne, None) => true,
            (_, None) => false,
            (Compare::Eq, Some(o)) => o.is_eq(),
            (Compare::Ne, Some(o)) => o.is_ne(),
            (Compare::Lt, Some(o)) => o.is_lt(),
            (Compare::Le, Some(o)) => o.is_le(),
            (Compare::Gt, Some(o)) => o.is_gt(),
            (Compare::Ge, Some(o)) => o.is_ge(),
        }
    }

    /// What comes out when one side or both are null.
    fn of_null(self, both: bool) -> Option<bool> {
        match self {
            Compare::Eq if !both => Some(false),
            Compare::Ne if !both => Some(true),
            _ => None,
        }
    }
}

/// Numbers of a column or one number, read row by row.
pub enum Numbers<'a> {
    /// One for all rows, whole.
    OneLong(Option<i64>),
    /// One for all rows.
    OneReal(Option<f64>),
    /// `long`, `datetime`, `timespan`
    Long(&'a arrow_array::Int64Array),
    /// `int`
    Int(&'a arrow_array::Int32Array),
    /// `real`
    Real(&'a arrow_array::Float64Array),
    /// `bool`
    Bool(&'a BooleanArray),
    /// Anything else.
    Other(&'a Column),
}

impl<'a> Numbers<'a> {
    /// The numbers of a datum.
    pub fn of(datum: &'a Datum) -> Self {
        match datum {
            Datum::Const(value, _) => match value {
                Value::Real(r) => Numbers::OneReal(Some(*r)),
                Value::Decimal(_) => Numbers::OneReal(convert::real(value)),
                Value::Dynamic(j) if !j.is_i64() => Numbers::OneReal(convert::real(value)),
                other => Numbers::OneLong(convert::long(other)),
            },
            Datum::Column(column) => Numbers::of_column(column),
        }
    }

    /// The numbers of a column.
    pub fn of_column(column: &'a Column) -> Self {
        if let Some(a) = column.array.as_primitive_opt::<Int64Type>() {
            Numbers::Long(a)
        } else if let Some(a) = column.array.as_primitive_opt::<Int32Type>() {
            Numbers::Int(a)
        } else if let Some(a) = column.array.as_primitive_opt::<Float64Type>() {
            Numbers::Real(a)
        } else if let Some(a) = column.array.as_boolean_opt() {
            Numbers::Bool(a)
        } else {
            Numbers::Other(column)
        }
    }

    /// Whether all are whole numbers.
    pub fn whole(&self) -> bool {
        !matches!(
            self,
            Numbers::OneReal(_) | Numbers::Real(_) | Numbers::Other(_)
        )
    }

    /// The whole number of a row.
    pub fn long(&self, row: usize) -> Option<i64> {
        match self {
            Numbers::OneLong(n) => *n,
            Numbers::OneReal(r) => r.map(|r| r as i64),
            Numbers::Long(a) => (!a.is_null(row)).then(|| a.value(row)),
            Numbers::Int(a) => (!a.is_null(row)).then(|| i64::from(a.value(row))),
            Numbers::Real(a) => (!a.is_null(row)).then(|| a.value(row) as i64),
            Numbers::Bool(a) => (!a.is_null(row)).then(|| i64::from(a.value(row))),
            Numbers::Other(c) => convert::long(&c.value(row)),
        }
    }

    /// The number of a row as a real.
    pub fn real(&self, row: usize) -> Option<f64> {
        match self {
            Numbers::OneReal(r) => *r,
            Numbers::Real(a) => (!a.is_null(row)).then(|| a.value(row)),
            Numbers::Other(c) => convert::real(&c.value(row)),
            whole => whole.long(row).map(|n| n as f64),
        }
    }
}

/// Compares two datums of comparable types, row by row.
pub fn compare(op: Compare, left: &Datum, right: &Datum, rows: usize) -> Datum {
    if let (Datum::Const(a, ta), Datum::Const(b, tb)) = (left, right) {
        let result = values(op, a, *ta, b, *tb);
        return Datum::Const(result.map_or(Value::Null, Value::Bool), Type::Bool);
    }
    let text = |t: Type| matches!(t, Type::String | Type::Guid);
    let (lt, rt) = (left.ty(), right.ty());
    if lt == Type::Dynamic || rt == Type::Dynamic || lt == Type::Decimal || rt == Type::Decimal {
        return distinct_or_rows(op, left, right, rows);
    }
    if text(lt) && text(rt) {
        return match (left, right) {
            (Datum::Column(column), Datum::Const(value, _)) => text_const(op, column, value),
            (Datum::Const(value, _), Datum::Column(column)) => {
                text_const(op.mirrored(), column, value)
            }
            (Datum::Column(a), Datum::Column(b)) => {
                let array: BooleanArray = (0..rows)
                    .map(|row| match (a.is_null(row), b.is_null(row)) {
                        (false, false) => Some(op.holds(Some(a.text(row).cmp(b.text(row))))),
                        (x, y) => op.of_null(x && y),
                    })
                    .collect();
                Datum::bools(array)
            }
            _ => distinct_or_rows(op, left, right, rows),
        };
    }
    if let (Numbers::Long(a), Numbers::OneLong(Some(b))) = (Numbers::of(left), Numbers::of(right))
        && a.null_count() == 0
    {
        return Datum::bools(long_const(op, a.values(), b));
    }
    if let (Numbers::OneLong(Some(b)), Numbers::Long(a)) = (Numbers::of(left), Numbers::of(right))
        && a.null_count() == 0
    {
        return Datum::bools(long_const(op.mirrored(), a.values(), b));
    }
    if let (Numbers::Long(a), Numbers::Long(b)) = (Numbers::of(left), Numbers::of(right))
        && a.null_count() == 0
        && b.null_count() == 0
    {
        return Datum::bools(long_pairs(op, a.values(), b.values()));
    }
    numbers(op, &Numbers::of(left), &Numbers::of(right), rows)
}

/// Row by row, both sides any numbers.
fn numbers(op: Compare, a: &Numbers, b: &Numbers, rows: usize) -> Datum {
    let array: BooleanArray = if a.whole() && b.whole() {
        (0..rows)
            .map(|row| match (a.long(row), b.long(row)) {
                (Some(x), Some(y)) => Some(op.holds(Some(x.cmp(&y)))),
                (x, y) => op.of_null(x.is_none() && y.is_none()),
            })
            .collect()
    } else {
        (0..rows)
            .map(|row| match (a.real(row), b.real(row)) {
                (Some(x), Some(y)) => Some(op.holds(x.partial_cmp(&y))),
                (x, y) => op.of_null(x.is_none() && y.is_none()),
            })
            .collect()
    };
    Datum::bools(array)
}

fn long_const(op: Compare, values: &[i64], bound: i64) -> BooleanArray {
    // One loop for each comparison: the call through a pointer would cost more than the comparison.
    fn test(values: &[i64], holds: impl Fn(i64) -> bool) -> BooleanBuffer {
        BooleanBuffer::collect_bool(values.len(), |i| values.get(i).is_some_and(|v| holds(*v)))
    }
    let buffer = match op {
        Compare::Eq => test(values, |v| v == bound),
        Compare::Ne => test(values, |v| v != bound),
        Compare::Lt => test(values, |v| v < bound),
        Compare::Le => test(values, |v| v <= bound),
        Compare::Gt => test(values, |v| v > bound),
        Compare::Ge => test(values, |v| v >= bound),
    };
    BooleanArray::new(buffer, None)
}

fn long_pairs(op: Compare, left: &[i64], right: &[i64]) -> BooleanArray {
    fn test(left: &[i64], right: &[i64], holds: impl Fn(&i64, &i64) -> bool) -> BooleanBuffer {
        let rows = left.len().min(right.len());
        let pair =
            |i: usize| matches!((left.get(i), right.get(i)), (Some(a), Some(b)) if holds(a, b));
        BooleanBuffer::collect_bool(rows, pair)
    }
    let buffer = match op {
        Compare::Eq => test(left, right, |a, b| a == b),
        Compare::Ne => test(left, right, |a, b| a != b),
        Compare::Lt => test(left, right, |a, b| a < b),
        Compare::Le => test(left, right, |a, b| a <= b),
        Compare::Gt => test(left, right, |a, b| a > b),
        Compare::Ge => test(left, right, |a, b| a >= b),
    };
    BooleanArray::new(buffer, None)
}

fn text_const(op: Compare, column: &Column, value: &Value) -> Datum {
    let null = value.is_null() && column.ty != Type::String;
    let bound = convert::text(value);
    let of = |text: Option<&str>| match text {
        Some(text) if !null => Some(op.holds(Some(text.cmp(bound.as_ref())))),
        other => op.of_null(other.is_none() && null),
    };
    if let Some((dictionary, values)) = small_dictionary(column) {
        let each: Vec<Option<bool>> = values.iter().map(of).collect();
        let missing = if column.ty == Type::String {
            of(Some(""))
        } else {
            of(None)
        };
        return Datum::bools(super::bits::spread(&each, missing, dictionary.keys()));
    }
    let array: BooleanArray = (0..column.len())
        .map(|row| of((!column.is_null(row)).then(|| column.text(row))))
        .collect();
    Datum::bools(array)
}

fn distinct_or_rows(op: Compare, left: &Datum, right: &Datum, rows: usize) -> Datum {
    let (lt, rt) = (left.ty(), right.ty());
    super::eval::map_rows(&[left, right], rows, Type::Bool, |args| match args {
        [a, b] => values(op, a, lt, b, rt).map_or(Value::Null, Value::Bool),
        _ => Value::Null,
    })
}

/// Compares two values; the types tell what a dynamic side is compared as.
pub fn values(op: Compare, a: &Value, ta: Type, b: &Value, tb: Type) -> Option<bool> {
    match (ta, tb) {
        (Type::Dynamic, Type::Dynamic) => {}
        (Type::Dynamic, _) => return dynamic(op, a, b),
        (_, Type::Dynamic) => return dynamic(op.mirrored(), b, a),
        _ => {}
    }
    match (
        a.is_null() && ta != Type::String,
        b.is_null() && tb != Type::String,
    ) {
        (false, false) => Some(op.holds(order(a, b))),
        (x, y) => op.of_null(x && y),
    }
}

/// A dynamic value against one of another type: text by its unquoted text, numbers by value.
fn dynamic(op: Compare, a: &Value, b: &Value) -> Option<bool> {
    // Beside a text, a null dynamic value is the empty text.
    let text = matches!(b, Value::String(_));
    if (a.is_null() && !text) || b.is_null() {
        return op.of_null(a.is_null() && b.is_null());
    }
    let converted = match b {
        Value::String(_) | Value::Guid(_) => Value::String(convert::text(a)),
        Value::Bool(_) => convert::convert(a, Type::Bool),
        Value::DateTime(_) => convert::convert(a, Type::DateTime),
        Value::TimeSpan(_) => convert::convert(a, Type::TimeSpan),
        _ => match a {
            Value::Dynamic(json) if json.is_number() || json.is_boolean() => convert::scalar(json),
            _ => Value::Null,
        },
    };
    if converted.is_null() {
        return op.of_null(false);
    }
    Some(op.holds(order(&converted, b)))
}

/// The order of two values for sorting: NaN stands below all numbers, as sorting needs a place for it.
pub fn total(a: &Value, b: &Value) -> Ordering {
    let odd = |v: &Value| convert::real(v).is_none_or(f64::is_nan);
    order(a, b).unwrap_or_else(|| odd(b).cmp(&odd(a)))
}

/// The order of two values of comparable types; none where one is not a number (NaN).
pub fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(x) | Value::Guid(x), Value::String(y) | Value::Guid(y)) => Some(x.cmp(y)),
        (Value::Decimal(_), Value::Decimal(_) | Value::Int(_) | Value::Long(_))
        | (Value::Int(_) | Value::Long(_), Value::Decimal(_)) => {
            let numbers = super::decimal::of(a).zip(super::decimal::of(b));
            numbers.map(|(x, y)| x.cmp(&y))
        }
        (Value::Real(_) | Value::Decimal(_), _) | (_, Value::Real(_) | Value::Decimal(_)) => {
            convert::real(a)?.partial_cmp(&convert::real(b)?)
        }
        (Value::Dynamic(x), Value::Dynamic(y)) => Some(x.to_string().cmp(&y.to_string())),
        _ => Some(convert::long(a)?.cmp(&convert::long(b)?)),
    }
}
