//! Which rows of a column of times or whole numbers lie in a range, without looking at blocks whose span
//! is outside it or wholly inside it.

use arrow_array::{Array, Int64Array};
use std::ops::RangeInclusive;

const BLOCK: usize = 4096;

/// Smallest and largest value of every block of rows.
#[derive(Debug)]
pub struct Zones(Vec<Zone>);

#[derive(Clone, Copy, Debug)]
struct Zone {
    low: i64,
    high: i64,
    nulls: bool,
}

impl Zones {
    /// The spans of a column.
    pub fn new(column: &Int64Array) -> Self {
        let zone = |start: usize| {
            let block = column.slice(start, BLOCK.min(column.len() - start));
            let mut zone = Zone {
                low: i64::MAX,
                high: i64::MIN,
                nulls: block.null_count() > 0,
            };
            for value in block.iter().flatten() {
                zone.low = zone.low.min(value);
                zone.high = zone.high.max(value);
            }
            zone
        };
        Self((0..column.len()).step_by(BLOCK).map(zone).collect())
    }
}

/// The rows whose value lies in a range; none where all do. A null lies in no range.
pub fn within(
    column: &Int64Array,
    zones: Option<&Zones>,
    range: &RangeInclusive<i64>,
) -> Option<Vec<u32>> {
    let mut rows: Vec<u32> = Vec::new();
    let scan = |from: usize, to: usize, rows: &mut Vec<u32>| {
        let nulls = column.nulls().filter(|n| n.null_count() > 0);
        let values = column.values().get(from..to).unwrap_or(&[]);
        for (row, value) in (from..to).zip(values) {
            if range.contains(value) && nulls.is_none_or(|n| n.is_valid(row)) {
                rows.push(row as u32);
            }
        }
    };
    match zones {
        None => scan(0, column.len(), &mut rows),
        Some(Zones(zones)) => {
            let inside = |z: &Zone| !z.nulls && range.contains(&z.low) && range.contains(&z.high);
            if zones.iter().all(inside) {
                return None;
            }
            for (n, zone) in zones.iter().enumerate() {
                let (from, to) = (n * BLOCK, ((n + 1) * BLOCK).min(column.len()));
                if inside(zone) {
                    rows.extend(from as u32..to as u32);
                } else if zone.low <= *range.end() && zone.high >= *range.start() {
                    scan(from, to, &mut rows);
                }
            }
        }
    }
    (rows.len() < column.len()).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipping_blocks_finds_the_same_rows() {
        let mut rng = fastrand::Rng::with_seed(3);
        for rows in [0, 1, BLOCK, BLOCK + 1, 3 * BLOCK, 5 * BLOCK - 7] {
            for nulls in [false, true] {
                for sorted in [false, true] {
                    let mut values: Vec<i64> = (0..rows).map(|_| rng.i64(-500..500)).collect();
                    if sorted {
                        values.sort_unstable();
                    }
                    let column: Int64Array = values
                        .iter()
                        .map(|v| (!nulls || rng.u8(..3) > 0).then_some(*v))
                        .collect();
                    let zones = Zones::new(&column);
                    for range in [
                        0..=0,
                        -100..=250,
                        i64::MIN..=i64::MAX,
                        501..=900,
                        -500..=-499,
                        // Nothing lies in it.
                        std::ops::RangeInclusive::new(5, -5),
                    ] {
                        let wanted: Vec<u32> = (0..rows as u32)
                            .filter(|r| {
                                column.is_valid(*r as usize)
                                    && range.contains(&column.value(*r as usize))
                            })
                            .collect();
                        let all = wanted.len() == rows;
                        let some = (!all).then_some(wanted);
                        assert_eq!(within(&column, None, &range), some);
                        // Of no rows all lie inside, or none: both say the same.
                        assert_eq!(within(&column, Some(&zones), &range), some, "{range:?}");
                    }
                }
            }
        }
    }
}
