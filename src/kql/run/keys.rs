//! Dense numbers for the keys of grouping and joining: equal keys, equal numbers. Null equals null.

use super::hash::{Map, map};
use crate::value::{Column, Type};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};

/// Cells of a table that is always worth its memory.
const FEW_CELLS: usize = 1 << 16;

/// The key numbers of several tables in one number space: one list a table.
///
/// `sides` holds the key columns of each table; all tables have the same number of them.
pub fn number(sides: &[Vec<Column>], rows: &[usize]) -> Vec<Vec<u32>> {
    let width = sides.iter().map(Vec::len).min().unwrap_or(0);
    let mut numbers: Vec<Vec<u32>> = rows.iter().map(|n| vec![0; *n]).collect();
    for position in 0..width {
        let columns: Vec<&Column> = sides.iter().filter_map(|s| s.get(position)).collect();
        let own = intern(&columns);
        if position == 0 {
            numbers = own;
            continue;
        }
        let width = |lists: &[Vec<u32>]| {
            let highest = lists.iter().flatten().max();
            highest.map_or(0, |n| *n as usize + 1)
        };
        let (high, low) = (width(&numbers), width(&own));
        let total: usize = rows.iter().sum();
        if let Some(cells) = high.checked_mul(low)
            && cells <= FEW_CELLS.max(total)
        {
            pair_up(&mut numbers, &own, low, cells);
            continue;
        }
        let mut pairs: Map<u64, u32> = map();
        for (all, own) in numbers.iter_mut().zip(own) {
            for (so_far, key) in all.iter_mut().zip(own) {
                let next = pairs.len() as u32;
                let pair = u64::from(*so_far) << 32 | u64::from(key);
                *so_far = *pairs.entry(pair).or_insert(next);
            }
        }
    }
    numbers
}

/// Pairs of numbers through a table of all of them: nothing is hashed.
fn pair_up(numbers: &mut [Vec<u32>], own: &[Vec<u32>], width: usize, cells: usize) {
    let mut table = vec![u32::MAX; cells];
    let mut next = 0u32;
    for (all, own) in numbers.iter_mut().zip(own) {
        for (so_far, key) in all.iter_mut().zip(own) {
            if let Some(slot) = table.get_mut(*so_far as usize * width + *key as usize) {
                if *slot == u32::MAX {
                    *slot = next;
                    next += 1;
                }
                *so_far = *slot;
            }
        }
    }
}

fn intern(columns: &[&Column]) -> Vec<Vec<u32>> {
    let is_text = |c: &&Column| {
        matches!(
            c.ty,
            Type::String | Type::Guid | Type::Decimal | Type::Dynamic
        )
    };
    if columns.iter().any(is_text) {
        texts(columns)
    } else {
        let real = columns.iter().any(|c| c.ty == Type::Real);
        words(columns, real)
    }
}

fn texts(columns: &[&Column]) -> Vec<Vec<u32>> {
    let mut seen: Map<&str, u32> = map();
    let mut null = None;
    let mut next = 0u32;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    let mut all = Vec::with_capacity(columns.len());
    for column in columns {
        let mut numbers = Vec::with_capacity(column.len());
        let dictionary = column.array.as_dictionary_opt::<Int32Type>();
        let values = dictionary.and_then(|d| d.values().as_string_opt::<i32>());
        if let (Some(dictionary), Some(values)) = (dictionary, values) {
            // Each distinct value is hashed once.
            let mut known = vec![u32::MAX; values.len()];
            for row in 0..dictionary.len() {
                let number = match dictionary.key(row) {
                    Some(key) => {
                        let slot = known.get_mut(key);
                        match slot {
                            Some(slot) => {
                                if *slot == u32::MAX {
                                    let text = if values.is_null(key) {
                                        ""
                                    } else {
                                        values.value(key)
                                    };
                                    *slot = *seen.entry(text).or_insert_with(&mut fresh);
                                }
                                *slot
                            }
                            None => u32::MAX,
                        }
                    }
                    None => *null.get_or_insert_with(&mut fresh),
                };
                numbers.push(number);
            }
        } else {
            for row in 0..column.len() {
                numbers.push(if column.is_null(row) {
                    *null.get_or_insert_with(&mut fresh)
                } else {
                    *seen.entry(column.text(row)).or_insert_with(&mut fresh)
                });
            }
        }
        all.push(numbers);
    }
    all
}

fn words(columns: &[&Column], real: bool) -> Vec<Vec<u32>> {
    let mut seen: Map<u64, u32> = map();
    let mut null = None;
    let mut next = 0u32;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    let mut all = Vec::with_capacity(columns.len());
    for column in columns {
        let word = word_reader(column, real);
        // Neighbours are often equal: times of a day, flags.
        let mut last: Option<(u64, u32)> = None;
        let numbers = (0..column.len())
            .map(|row| {
                if column.array.is_null(row) {
                    return *null.get_or_insert_with(&mut fresh);
                }
                let word = word(row);
                match last {
                    Some((before, number)) if before == word => number,
                    _ => {
                        let number = *seen.entry(word).or_insert_with(&mut fresh);
                        last = Some((word, number));
                        number
                    }
                }
            })
            .collect();
        all.push(numbers);
    }
    all
}

fn real_bits(value: f64) -> u64 {
    if value == 0.0 {
        0
    } else if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

fn word_reader(column: &Column, real: bool) -> Box<dyn Fn(usize) -> u64 + '_> {
    if let Some(longs) = column.array.as_primitive_opt::<Int64Type>() {
        let values = longs.values();
        return if real {
            Box::new(|row| values.get(row).map_or(0, |v| real_bits(*v as f64)))
        } else {
            Box::new(|row| values.get(row).map_or(0, |v| *v as u64))
        };
    }
    if let Some(ints) = column.array.as_primitive_opt::<Int32Type>() {
        let values = ints.values();
        return if real {
            Box::new(|row| values.get(row).map_or(0, |v| real_bits(f64::from(*v))))
        } else {
            Box::new(|row| values.get(row).map_or(0, |v| i64::from(*v) as u64))
        };
    }
    if let Some(reals) = column.array.as_primitive_opt::<Float64Type>() {
        let values = reals.values();
        return Box::new(|row| values.get(row).map_or(0, |v| real_bits(*v)));
    }
    if let Some(bools) = column.array.as_boolean_opt() {
        return Box::new(|row| u64::from(bools.value(row)));
    }
    Box::new(|_| 0)
}
