//! The order of rows by keys. Null is the smallest value unless the query says otherwise.

use super::datum::small_dictionary;
use super::{Stop, chunks};
use crate::task::CancelToken;
use crate::value::{Column, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use rayon::prelude::*;
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

/// Rows that are sorted at a time: short enough to stop soon after somebody asks for it.
const RUN: usize = 1 << 16;

/// Row numbers in sorted order; rows that tie keep their order.
pub fn order(keys: &[Key], rows: usize) -> Vec<u32> {
    // Nobody can cancel it.
    first(keys, rows, None, &CancelToken::new()).unwrap_or_default()
}

/// The row numbers that come first in sorted order, or all.
///
/// # Errors
/// When cancelled.
pub fn first(
    keys: &[Key],
    rows: usize,
    most: Option<usize>,
    cancel: &CancelToken,
) -> Result<Vec<u32>, Stop> {
    let prepared: Vec<(Values, &Key)> = keys.iter().map(|k| (values(&k.column), k)).collect();
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
        // Rows of equal keys stay in their order.
        a.cmp(b)
    };
    // Of every run the first rows at most can be among the first of all.
    let mut runs = chunks::map_by(RUN, rows, cancel, |run| {
        let mut run: Vec<u32> = (run.start as u32..run.end as u32).collect();
        if let Some(most) = most
            && most < run.len() / 4
        {
            let Some(last) = most.checked_sub(1) else {
                return Vec::new();
            };
            run.select_nth_unstable_by(last, compare);
            run.truncate(most);
        }
        run.sort_unstable_by(compare);
        run
    })?;
    // Two neighbours become one, until one is left. A sort finds the two sorted halves and only merges them.
    while runs.len() > 1 {
        let merged = |two: &[Vec<u32>]| {
            if cancel.is_cancelled() {
                return Vec::new();
            }
            let mut both = two.concat();
            if two.len() > 1 {
                both.sort_by(compare);
                both.truncate(most.unwrap_or(usize::MAX));
            }
            both
        };
        runs = match chunks::is_alone() {
            true => runs.chunks(2).map(merged).collect(),
            false => runs.par_chunks(2).map(merged).collect(),
        };
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
    }
    let mut order = runs.pop().unwrap_or_default();
    order.truncate(most.unwrap_or(usize::MAX));
    Ok(order)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ColumnBuilder, Value};

    #[test]
    fn runs_merge_to_the_order_of_one_sort_that_keeps_ties() {
        let mut rng = fastrand::Rng::with_seed(21);
        let cancel = CancelToken::new();
        for rows in [0, 1, 2, 1000, RUN + 1, 3 * RUN - 5] {
            let ascending = rng.bool();
            let nulls_first = rng.bool();
            let mut builder = ColumnBuilder::new(Type::Long);
            let values: Vec<Option<i64>> = (0..rows)
                .map(|_| (rng.u8(..9) > 0).then(|| rng.i64(-50..50)))
                .collect();
            for value in &values {
                builder.push(&value.map_or(Value::Null, Value::Long));
            }
            let key = Key {
                column: builder.finish(),
                ascending,
                nulls_first,
            };
            let mut wanted: Vec<u32> = (0..rows as u32).collect();
            wanted.sort_by_key(|row| {
                let value = values[*row as usize];
                let place = value.is_some() == nulls_first;
                (place, value.map(|v| if ascending { v } else { -v }))
            });
            let keys = [key];
            assert_eq!(
                first(&keys, rows, None, &cancel).expect("not cancelled"),
                wanted
            );
            for count in [0, 1, 10, 5000, rows + 1] {
                let made = super::first(&keys, rows, Some(count), &cancel).expect("not cancelled");
                assert_eq!(made, wanted.get(..count.min(rows)).expect("so many"));
            }
        }
        cancel.cancel();
        assert!(first(&[], 10, None, &cancel).is_err());
    }
}
