//! What a column holds: how often it is filled, how many different values, which are frequent, and for dynamic
//! columns the same of every path inside.
//!
//! All counts are exact up to [`Limits`]; what lies beyond is said: `Values::beyond`, `ColumnProfile::cut`.

mod count;
mod paths;

pub use count::Values;
pub use paths::{Kind, PathProfile, Paths};

use super::{Column, Type, Value};
use crate::task::CancelToken;
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use count::Counter;

/// How much is counted.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Different values of a column or path that are told apart.
    pub distinct: usize,
    /// Paths of a column.
    pub paths: usize,
    /// Steps of a path.
    pub depth: usize,
    /// Frequent values that are kept.
    pub top: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            distinct: 20_000,
            paths: 400,
            depth: 12,
            top: 12,
        }
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnProfile {
    /// Its values; those of a dynamic column as their JSON texts.
    pub values: Values,
    /// The paths inside a dynamic column, in the order they were met, an object before what it holds.
    pub paths: Vec<PathProfile>,
    /// Whether there are more paths or deeper ones than the limits allow.
    pub cut: bool,
}

/// Looks at a column. None when it was cancelled.
pub fn column(column: &Column, limits: Limits, cancel: &CancelToken) -> Option<ColumnProfile> {
    let mut counter = Counter::new(limits.distinct);
    let mut paths = Paths::new(limits);
    let dynamic = column.ty == Type::Dynamic;
    if let Some((texts, weights)) = by_code(column, cancel)? {
        for (text, weight) in texts.into_iter().zip(weights) {
            if cancel.is_cancelled() {
                return None;
            }
            if weight > 0 {
                text_of(&mut counter, &mut paths, dynamic, text, weight);
            }
        }
        counter.nothing(column.array.null_count());
        if dynamic {
            paths.rows(column.array.null_count());
        }
    } else {
        for row in 0..column.len() {
            if row % 4096 == 0 && cancel.is_cancelled() {
                return None;
            }
            if column.array.is_null(row) {
                counter.nothing(1);
                paths.rows(1);
                continue;
            }
            match column.ty {
                Type::String | Type::Decimal | Type::Guid | Type::Dynamic => {
                    text_of(&mut counter, &mut paths, dynamic, column.text(row), 1);
                }
                _ => counter.value(&column.value(row)),
            }
        }
    }
    let ty = column.ty;
    let (paths, cut) = paths.finish();
    Some(ColumnProfile {
        values: counter.finish(limits.top, |text| of_text(ty, text)),
        paths,
        cut,
    })
}

fn text_of(counter: &mut Counter, paths: &mut Paths, dynamic: bool, text: &str, weight: usize) {
    if !dynamic {
        counter.text(text, weight);
        return;
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Null) => {
            counter.nothing(weight);
            paths.rows(weight);
        }
        Ok(json) => {
            counter.text(text, weight);
            paths.add(&json, weight);
        }
        // As everywhere: a text that is no JSON is a string.
        Err(_) => {
            let json = serde_json::Value::from(text);
            counter.text(&json.to_string(), weight);
            paths.add(&json, weight);
        }
    }
}

fn of_text(ty: Type, text: &str) -> Value {
    match ty {
        Type::Decimal => Value::Decimal(text.into()),
        Type::Guid => Value::Guid(text.into()),
        Type::Dynamic => match serde_json::from_str(text) {
            Ok(json) => Value::Dynamic(std::sync::Arc::new(json)),
            Err(_) => Value::Dynamic(std::sync::Arc::new(serde_json::Value::from(text))),
        },
        _ => Value::String(text.into()),
    }
}

type Codes<'a> = (Vec<&'a str>, Vec<usize>);

/// The texts of a dictionary and how often each is there; no codes for another layout, none when cancelled.
fn by_code<'a>(column: &'a Column, cancel: &CancelToken) -> Option<Option<Codes<'a>>> {
    let Some(dictionary) = column.array.as_dictionary_opt::<Int32Type>() else {
        return Some(None);
    };
    let Some(values) = dictionary.values().as_string_opt::<i32>() else {
        return Some(None);
    };
    let mut weights = vec![0usize; values.len()];
    for row in 0..dictionary.len() {
        if row % 65_536 == 0 && cancel.is_cancelled() {
            return None;
        }
        if let Some(weight) = dictionary.key(row).and_then(|key| weights.get_mut(key)) {
            *weight += 1;
        }
    }
    let texts = (0..values.len()).map(|n| values.value(n)).collect();
    Some(Some((texts, weights)))
}

#[cfg(test)]
mod tests;
