//! Rows in the order of a column: as `sort by` of KQL does it, equal ones in the order they had.

use crate::value::{Column, Type, Value};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use bigdecimal::BigDecimal;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::str::FromStr;

/// Orders rows by a column. Nulls come first upwards and last downwards.
pub fn order(column: &Column, rows: Vec<u32>, down: bool) -> Vec<u32> {
    let at = |row: &u32| *row as usize;
    match column.ty {
        Type::String => match ranks(column) {
            Some(ranks) => by(rows, down, |row| ranks(at(row))),
            None => by(rows, down, |row| column.text(at(row))),
        },
        Type::Guid => by(rows, down, |row| some(column, at(row), |r| column.text(r))),
        Type::Decimal => by(rows, down, |row| {
            some(column, at(row), |r| Decimal::of(column.text(r)))
        }),
        Type::Real => by(rows, down, |row| {
            some(column, at(row), |r| match column.value(r) {
                Value::Real(real) => total(real),
                _ => i64::MIN,
            })
        }),
        Type::Dynamic => by(rows, down, |row| Inside::of(column, at(row))),
        _ => by(rows, down, |row| {
            some(column, at(row), |r| match column.value(r) {
                Value::Bool(v) => i64::from(v),
                Value::Int(v) => i64::from(v),
                Value::Long(v) | Value::DateTime(v) | Value::TimeSpan(v) => v,
                _ => i64::MIN,
            })
        }),
    }
}

/// A null is less than anything.
fn some<K>(column: &Column, row: usize, key: impl Fn(usize) -> K) -> Option<K> {
    (row < column.len() && !column.is_null(row)).then(|| key(row))
}

fn by<K: Ord + Send>(rows: Vec<u32>, down: bool, key: impl Fn(&u32) -> K + Sync) -> Vec<u32> {
    let mut keyed: Vec<(K, u32)> = rows.into_par_iter().map(|row| (key(&row), row)).collect();
    // Both sorts keep the order of equal ones.
    match down {
        false => keyed.par_sort_by(|a, b| a.0.cmp(&b.0)),
        true => keyed.par_sort_by(|a, b| b.0.cmp(&a.0)),
    }
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// The place of each row's text among the texts of a dictionary.
fn ranks(column: &Column) -> Option<impl Fn(usize) -> u32 + Sync + '_> {
    let dictionary = column.array.as_dictionary_opt::<Int32Type>()?;
    let values = dictionary.values().as_string_opt::<i32>()?;
    let mut codes: Vec<usize> = (0..values.len()).collect();
    codes.par_sort_by_key(|code| values.value(*code));
    let mut ranks = vec![0u32; values.len()];
    let (mut rank, mut before) = (0, "");
    for code in codes {
        let text = values.value(code);
        // A text may have several codes; an empty one is of the same rank as none at all.
        if text != before {
            rank += 1;
            before = text;
        }
        if let Some(slot) = ranks.get_mut(code) {
            *slot = rank;
        }
    }
    Some(move |row: usize| {
        let code = (row < column.len()).then(|| dictionary.key(row)).flatten();
        code.and_then(|code| ranks.get(code).copied()).unwrap_or(0)
    })
}

/// Reals as whole numbers of the same order: one zero, and what is no number behind all.
fn total(real: f64) -> i64 {
    let real = match real {
        r if r.is_nan() => return i64::MAX,
        0.0 => 0.0,
        r => r,
    };
    let bits = real.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// By size; a text that is no number behind all.
#[derive(PartialEq, Eq)]
struct Decimal(Result<BigDecimal, String>);

impl Decimal {
    fn of(text: &str) -> Self {
        // An exponent may ask for any number of digits: those are ordered as texts.
        let plain = text.len() <= 64 && !text.contains(['e', 'E']);
        let number = plain.then(|| BigDecimal::from_str(text).ok()).flatten();
        Self(number.ok_or_else(|| text.to_owned()))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A dynamic value: nothing, truth values, numbers by size, texts, then what holds others by its text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Inside {
    Nothing,
    Bool(bool),
    Number(i64, String),
    Text(String),
    Other(String),
}

impl Inside {
    fn of(column: &Column, row: usize) -> Self {
        use serde_json::Value as Json;
        if row >= column.len() || column.is_null(row) {
            return Inside::Nothing;
        }
        let text = column.text(row);
        // What holds others is not read: its text is its key.
        if text.starts_with(['{', '[']) {
            return Inside::Other(text.to_owned());
        }
        match serde_json::from_str(text) {
            Ok(Json::Null) => Inside::Nothing,
            Ok(Json::Bool(v)) => Inside::Bool(v),
            Ok(Json::Number(n)) => match (n.as_i64(), n.as_f64()) {
                // Whole numbers that are one real are told apart by their digits.
                (Some(whole), Some(real)) => {
                    Inside::Number(total(real), format!("{:020}", whole.abs_diff(i64::MIN)))
                }
                (_, Some(real)) => Inside::Number(total(real), n.to_string()),
                _ => Inside::Text(n.to_string()),
            },
            Ok(Json::String(v)) => Inside::Text(v),
            _ => Inside::Text(text.to_owned()),
        }
    }
}
