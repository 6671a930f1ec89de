//! Truths of many rows at once: three-valued logic on bitmaps, and results of distinct values spread to rows.

use super::datum::Datum;
use crate::value::{Type, Value};
use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, Int32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use std::ops::Range;

/// Rows that are true and rows that are false; a row that is neither is null.
struct Truths {
    yes: BooleanBuffer,
    no: BooleanBuffer,
}

impl Truths {
    fn of(datum: &Datum, rows: usize) -> Option<Self> {
        let all = |set: bool| match set {
            true => BooleanBuffer::new_set(rows),
            false => BooleanBuffer::new_unset(rows),
        };
        Some(match datum {
            Datum::Const(value, _) => Self {
                yes: all(*value == Value::Bool(true)),
                no: all(*value == Value::Bool(false)),
            },
            Datum::Column(column) => {
                let bools = column.array.as_boolean_opt().filter(|b| b.len() == rows)?;
                let values = bools.values();
                match bools.nulls().filter(|n| n.null_count() > 0) {
                    None => Self {
                        yes: values.clone(),
                        no: !values,
                    },
                    Some(valid) => Self {
                        yes: values & valid.inner(),
                        no: &!values & valid.inner(),
                    },
                }
            }
        })
    }

    fn datum(self) -> Datum {
        let valid = NullBuffer::new(&self.yes | &self.no);
        let valid = (valid.null_count() > 0).then_some(valid);
        Datum::bools(BooleanArray::new(self.yes, valid))
    }
}

/// `and` (or `or`) of all rows: null where the known side does not decide. None for columns that hold no truths.
pub fn junction(a: &Datum, b: &Datum, rows: usize, or: bool) -> Option<Datum> {
    let (a, b) = (Truths::of(a, rows)?, Truths::of(b, rows)?);
    let made = if or {
        Truths {
            yes: &a.yes | &b.yes,
            no: &a.no & &b.no,
        }
    } else {
        Truths {
            yes: &a.yes & &b.yes,
            no: &a.no | &b.no,
        }
    };
    Some(made.datum())
}

/// The opposite of all rows; null stays null.
pub fn not(datum: &Datum) -> Option<Datum> {
    match datum {
        Datum::Const(Value::Bool(b), _) => Some(Datum::Const(Value::Bool(!b), Type::Bool)),
        Datum::Const(..) => Some(Datum::Const(Value::Null, Type::Bool)),
        Datum::Column(column) => {
            let bools = column.array.as_boolean_opt()?;
            let array = BooleanArray::new(!bools.values(), bools.nulls().cloned());
            Some(Datum::bools(array))
        }
    }
}

/// The bits of every 64 rows, the first row's lowest; of many rows on all cores.
fn collect_words(rows: usize, word: impl Fn(Range<usize>) -> u64 + Sync) -> BooleanBuffer {
    use rayon::prelude::*;
    const WORDS: usize = 1024;
    let of = |n: usize| word(n * 64..((n + 1) * 64).min(rows));
    let count = rows.div_ceil(64);
    let mut words = vec![0u64; count];
    let fill = |(part, words): (usize, &mut [u64])| {
        for (n, slot) in words.iter_mut().enumerate() {
            *slot = of(part * WORDS + n);
        }
    };
    if count < 4 * WORDS || super::chunks::is_alone() {
        words.chunks_mut(WORDS).enumerate().for_each(fill);
    } else {
        words.par_chunks_mut(WORDS).enumerate().for_each(fill);
    }
    BooleanBuffer::new(arrow_buffer::Buffer::from_vec(words), 0, rows)
}

/// The truth of each row, where it is known for each distinct value and for null.
pub fn spread(each: &[Option<bool>], null: Option<bool>, keys: &Int32Array) -> BooleanArray {
    let values = keys.values();
    let nulls = keys.nulls().filter(|n| n.null_count() > 0);
    // A word is put together in a register: a store a row costs more than all the rest.
    let at = |table: &[bool], key: i32| {
        let key = usize::try_from(key).unwrap_or(usize::MAX);
        table.get(key).copied().unwrap_or(false)
    };
    let gather = |table: &[bool], null: bool| {
        collect_words(values.len(), |rows| {
            let first = rows.start;
            let keys = values.get(rows).unwrap_or(&[]);
            let mut word = 0;
            for (n, key) in keys.iter().enumerate() {
                let truth = match nulls {
                    Some(nulls) if nulls.is_null(first + n) => null,
                    _ => at(table, *key),
                };
                word |= u64::from(truth) << n;
            }
            word
        })
    };
    let yes: Vec<bool> = each.iter().map(|t| *t == Some(true)).collect();
    let truths = gather(&yes, null == Some(true));
    if null.is_some() && each.iter().all(Option::is_some) {
        return BooleanArray::new(truths, None);
    }
    let known: Vec<bool> = each.iter().map(Option::is_some).collect();
    let known = gather(&known, null.is_some());
    BooleanArray::new(truths, Some(NullBuffer::new(known)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Column;
    use std::sync::Arc;

    fn random(rng: &mut fastrand::Rng, rows: usize) -> Vec<Option<bool>> {
        let nulls = rng.bool();
        (0..rows)
            .map(|_| (!nulls || rng.u8(..4) > 0).then(|| rng.bool()))
            .collect()
    }

    fn datum(truths: &[Option<bool>]) -> Datum {
        Datum::bools(truths.iter().copied().collect())
    }

    fn read(datum: &Datum, rows: usize) -> Vec<Option<bool>> {
        (0..rows).map(|row| datum.truth(row)).collect()
    }

    /// The table of three-valued logic, written out row by row.
    fn slow(a: Option<bool>, b: Option<bool>, or: bool) -> Option<bool> {
        match (a, b) {
            (Some(x), _) if x == or => Some(or),
            (_, Some(y)) if y == or => Some(or),
            (Some(_), Some(_)) => Some(!or),
            _ => None,
        }
    }

    #[test]
    fn bitmaps_follow_the_table_of_three_valued_logic() {
        let mut rng = fastrand::Rng::with_seed(7);
        for rows in [0, 1, 63, 64, 65, 1000] {
            for or in [true, false] {
                let (a, b) = (random(&mut rng, rows), random(&mut rng, rows));
                let wanted: Vec<_> = a.iter().zip(&b).map(|(a, b)| slow(*a, *b, or)).collect();
                let made = junction(&datum(&a), &datum(&b), rows, or).expect("truths");
                assert_eq!(read(&made, rows), wanted);
                for constant in [Value::Bool(true), Value::Bool(false), Value::Null] {
                    let one = Datum::Const(constant, Type::Bool);
                    let wanted: Vec<_> = a.iter().map(|a| slow(*a, one.truth(0), or)).collect();
                    let made = junction(&datum(&a), &one, rows, or).expect("truths");
                    assert_eq!(read(&made, rows), wanted);
                    let made = junction(&one, &datum(&a), rows, or).expect("truths");
                    assert_eq!(read(&made, rows), wanted);
                }
                // Also where the bits do not begin at a byte.
                if rows > 10 {
                    let sliced = Datum::Column(Column {
                        ty: Type::Bool,
                        array: Arc::new(
                            a.iter()
                                .copied()
                                .collect::<BooleanArray>()
                                .slice(3, rows - 10),
                        ),
                    });
                    let b = b.get(5..rows - 5).expect("long enough");
                    let a = a.get(3..rows - 7).expect("long enough");
                    let wanted: Vec<_> = a.iter().zip(b).map(|(a, b)| slow(*a, *b, or)).collect();
                    let made = junction(&sliced, &datum(b), rows - 10, or).expect("truths");
                    assert_eq!(read(&made, rows - 10), wanted);
                    let opposite: Vec<_> = a.iter().map(|t| t.map(|t| !t)).collect();
                    assert_eq!(read(&not(&sliced).expect("truths"), rows - 10), opposite);
                }
            }
        }
    }

    #[test]
    fn truths_of_distinct_values_reach_their_rows() {
        let mut rng = fastrand::Rng::with_seed(8);
        for rows in [0, 1, 64, 777, 300_001] {
            let each = random(&mut rng, 5);
            for null in [Some(true), Some(false), None] {
                for nulls in [true, false] {
                    let keys: Vec<Option<i32>> = (0..rows)
                        .map(|_| (!nulls || rng.u8(..3) > 0).then(|| rng.i32(0..5)))
                        .collect();
                    let wanted: Vec<Option<bool>> = keys
                        .iter()
                        .map(|k| k.map_or(null, |k| each[k as usize]))
                        .collect();
                    let made = spread(&each, null, &Int32Array::from(keys));
                    assert_eq!(made.iter().collect::<Vec<_>>(), wanted);
                }
            }
        }
    }
}
