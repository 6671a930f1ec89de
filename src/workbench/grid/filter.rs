//! Which rows a condition keeps.

use super::query::{Filter, Test};
use crate::value::path::{self, Step};
use crate::value::{Column, Type, Value, time};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use rayon::prelude::*;
use serde_json::Value as Json;

/// Rows of a piece of parallel work.
const PIECE: usize = 8 << 10;

/// A cell without a copy of its text.
enum Cell<'a> {
    Null,
    Text(&'a str),
    Other(Value),
}

/// For each row of a column whether a condition holds. The filter's column has to be this one.
pub fn keep(column: &Column, filter: &Filter) -> Vec<bool> {
    let (path, test) = (filter.path.as_slice(), &filter.test);
    match column.ty {
        Type::Dynamic => each(column, |cell| dynamic(&cell, path, test)),
        // There is nothing inside a value of another type.
        _ if !path.is_empty() => {
            let nothing = matches!(test, Test::Empty | Test::Without(_));
            vec![nothing; column.len()]
        }
        ty => each(column, |cell| holds(ty, &cell, test)),
    }
}

/// For each row whether its text, as it is shown or as it is copied, holds a needle.
pub fn holds_text(column: &Column, needle: &Needle) -> Vec<bool> {
    let ty = column.ty;
    each(column, |cell| match &cell {
        Cell::Null => false,
        Cell::Text(text) => needle.is_in(text),
        Cell::Other(Value::DateTime(at)) => {
            needle.is_in(&time::format_short(*at)) || needle.is_in(&time::format_datetime(*at))
        }
        Cell::Other(value) => ty != Type::Dynamic && needle.is_in(&value.display()),
    })
}

/// Asks for every row; of a dictionary, for every text once.
fn each(column: &Column, test: impl Fn(Cell<'_>) -> bool + Sync) -> Vec<bool> {
    if let Some(dictionary) = column.array.as_dictionary_opt::<Int32Type>()
        && let Some(values) = dictionary.values().as_string_opt::<i32>()
    {
        let of_text = |n: usize| test(of_text(column.ty, values.value(n)));
        let codes: Vec<bool> = (0..values.len())
            .into_par_iter()
            .with_min_len(PIECE / 8)
            .map(of_text)
            .collect();
        let null = test(match column.ty {
            Type::String => Cell::Text(""),
            _ => Cell::Null,
        });
        return (0..column.len())
            .map(|row| match dictionary.key(row) {
                Some(code) => codes.get(code).copied().unwrap_or(null),
                None => null,
            })
            .collect();
    }
    let cell = |row: usize| match column.ty {
        Type::String => Cell::Text(column.text(row)),
        _ if column.is_null(row) => Cell::Null,
        Type::Decimal | Type::Guid | Type::Dynamic => of_text(column.ty, column.text(row)),
        _ => Cell::Other(column.value(row)),
    };
    (0..column.len())
        .into_par_iter()
        .with_min_len(PIECE)
        .map(|row| test(cell(row)))
        .collect()
}

fn of_text(ty: Type, text: &str) -> Cell<'_> {
    match text {
        "null" if ty == Type::Dynamic => Cell::Null,
        text => Cell::Text(text),
    }
}

fn holds(ty: Type, cell: &Cell<'_>, test: &Test) -> bool {
    let is = |value: &Value| match (cell, value) {
        (Cell::Null, Value::Null) => true,
        (Cell::Text(text), Value::String(wanted)) => *text == wanted.as_ref(),
        (Cell::Text(text), Value::Decimal(wanted)) => *text == wanted.as_ref(),
        (Cell::Text(text), Value::Guid(wanted)) => text.eq_ignore_ascii_case(wanted),
        // A column of texts because its values are of several types: they are told apart by what they show.
        (Cell::Text(text), other) if ty == Type::String => *text == other.display(),
        (Cell::Other(value), wanted) => same(value, wanted),
        _ => false,
    };
    let empty = match cell {
        Cell::Null => true,
        Cell::Text(text) => text.is_empty() && ty == Type::String,
        Cell::Other(_) => false,
    };
    match test {
        Test::Only(values) => values.iter().any(is),
        Test::Without(values) => !values.iter().any(is),
        Test::Empty => empty,
        Test::Filled => !empty,
    }
}

/// Equal for a person: a number that is none is itself.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Real(a), Value::Real(b)) => a == b || a.is_nan() && b.is_nan(),
        _ => a == b,
    }
}

fn dynamic(cell: &Cell<'_>, path: &[Step], test: &Test) -> bool {
    let json = match cell {
        Cell::Text(text) => serde_json::from_str(text).unwrap_or_else(|_| Json::from(*text)),
        _ => Json::Null,
    };
    let (mut filled, mut found, mut value) = (false, false, false);
    let wanted: &[Value] = match test {
        Test::Only(values) | Test::Without(values) => values,
        _ => &[],
    };
    path::visit(&json, path, &mut |inner| {
        value |= !inner.is_null();
        filled |= !inner.is_null() && inner.as_str() != Some("");
        let is = |v: &Value| matches!(v, Value::Dynamic(wanted) if wanted.as_ref() == inner);
        found |= wanted.iter().any(is);
    });
    // A path that is not there is null.
    found |= !value && wanted.contains(&Value::Null);
    match test {
        Test::Only(_) => found,
        Test::Without(_) => !found,
        Test::Empty => !filled,
        Test::Filled => filled,
    }
}

/// A text to look for, in capitals or not.
pub struct Needle {
    lower: String,
    first: (u8, u8),
    ascii: bool,
}

impl Needle {
    /// Prepares a text; none where it is empty.
    pub fn new(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let first = *lower.as_bytes().first()?;
        Some(Self {
            ascii: lower.is_ascii(),
            first: (first, first.to_ascii_uppercase()),
            lower,
        })
    }

    /// Whether a text holds it.
    pub fn is_in(&self, text: &str) -> bool {
        let (needle, hay) = (self.lower.as_bytes(), text.as_bytes());
        if !self.ascii || !text.is_ascii() {
            // A sign may be longer or shorter in lower case.
            return text.to_lowercase().contains(&self.lower);
        }
        let Some(last) = hay.len().checked_sub(needle.len()) else {
            return false;
        };
        let starts = memchr::memchr2_iter(self.first.0, self.first.1, hay);
        starts.take_while(|at| *at <= last).any(|at| {
            let part = hay.get(at..at + needle.len());
            part.is_some_and(|part| part.eq_ignore_ascii_case(needle))
        })
    }
}
