//! The order of rows by keys. Null is the smallest value unless the query says otherwise.

use super::datum::small_dictionary;
use crate::value::{Column, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use std::cmp::Ordering;

/// A key of a sort.
#[derive(Clone, Debug)]
pub struct Key {
    /// The values.
    pub column: Column,
    /// Rising order.
    pub ascending: bool,
    /// Whether nulls come first.
    pub nulls_first: bool,
}

enum Values {
    Longs(Vec<Option<i64>>),
    Reals(Vec<Option<f64>>),
}

/// Row numbers in sorted order; rows that tie keep their order.
pub fn order(keys: &[Key], rows: usize) -> Vec<u32> {
    let prepared: Vec<(Values, &Key)> = keys.iter().map(|k| (values(&k.column), k)).collect();
    let mut order: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect();
    let compare = |a: &u32, b: &u32| {
        for (values, key) in &prepared {
            let ordering = match values {
                Values::Longs(v) => pair(v, *a, *b, key, Ord::cmp),
                Values::Reals(v) => pair(v, *a, *b, key, real_order),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        Ordering::Equal
    };
    if rows > 50_000 {
        use rayon::prelude::*;
        order.par_sort_by(compare);
    } else {
        order.sort_by(compare);
    }
    order
}

/// NaN stands below all other numbers, and above null.
fn real_order(a: &f64, b: &f64) -> Ordering {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => a.partial_cmp(b).unwrap_or(Ordering::Equal),
    }
}

fn pair<T: Copy>(
    values: &[Option<T>],
    a: u32,
    b: u32,
    key: &Key,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    let at = |i: u32| values.get(i as usize).copied().flatten();
    match (at(a), at(b)) {
        (Some(a), Some(b)) if key.ascending => compare(&a, &b),
        (Some(a), Some(b)) => compare(&b, &a),
        (None, None) => Ordering::Equal,
        (None, Some(_)) if key.nulls_first => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) if key.nulls_first => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    }
}

fn values(column: &Column) -> Values {
    if let Some(a) = column.array.as_primitive_opt::<Int64Type>() {
        return Values::Longs(a.iter().collect());
    }
    if let Some(a) = column.array.as_primitive_opt::<Int32Type>() {
        return Values::Longs(a.iter().map(|v| v.map(i64::from)).collect());
    }
    if let Some(a) = column.array.as_primitive_opt::<Float64Type>() {
        return Values::Reals(a.iter().collect());
    }
    if let Some(a) = column.array.as_boolean_opt() {
        return Values::Longs(a.iter().map(|v| v.map(i64::from)).collect());
    }
    if column.ty == Type::Decimal {
        let numbers = (0..column.len()).map(|row| column.text(row).parse().ok());
        return Values::Reals(numbers.collect());
    }
    Values::Longs(ranks(column))
}

/// Texts as their rank among the distinct ones: each distinct text is compared once.
fn ranks(column: &Column) -> Vec<Option<i64>> {
    let rank_of = |texts: &[&str]| {
        let mut sorted: Vec<usize> = (0..texts.len()).collect();
        let at = |i: usize| texts.get(i).copied().unwrap_or("");
        sorted.sort_by(|a, b| at(*a).cmp(at(*b)));
        let mut ranks = vec![0i64; texts.len()];
        let mut rank = 0;
        let mut last: Option<&str> = None;
        for i in sorted {
            if last.is_some_and(|l| l != at(i)) {
                rank += 1;
            }
            last = Some(at(i));
            if let Some(slot) = ranks.get_mut(i) {
                *slot = rank;
            }
        }
        ranks
    };
    if let Some((dictionary, values)) = small_dictionary(column) {
        let texts: Vec<&str> = values.iter().map(|v| v.unwrap_or("")).collect();
        let ranks = rank_of(&texts);
        return (0..dictionary.len())
            .map(|row| ranks.get(dictionary.key(row)?).copied())
            .collect();
    }
    let texts: Vec<&str> = (0..column.len()).map(|row| column.text(row)).collect();
    let ranks = rank_of(&texts);
    ranks
        .into_iter()
        .enumerate()
        .map(|(row, rank)| (!column.is_null(row)).then_some(rank))
        .collect()
}
