//! Functions of several dictionary columns: computed once for each combination of their values.

use super::hash;
use crate::value::Column;
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;

/// Below this many rows nothing is gained.
const WORTH: usize = 64;

/// The first row of each combination of the columns' values, and the combination of each row. None where a column
/// has no dictionary or where the combinations hardly repeat.
pub fn combinations(columns: &[&Column], rows: usize) -> Option<(Vec<usize>, Vec<i32>)> {
    if rows < WORTH || columns.is_empty() {
        return None;
    }
    let mut codes = vec![0u32; rows];
    let mut firsts = Vec::new();
    for column in columns {
        let dictionary = column.array.as_dictionary_opt::<Int32Type>()?;
        let keys = dictionary.keys();
        if keys.len() != rows {
            return None;
        }
        firsts.clear();
        let mut known = hash::map::<u64, u32>();
        for (row, code) in codes.iter_mut().enumerate() {
            let key = if keys.is_null(row) {
                u32::MAX
            } else {
                keys.value(row) as u32
            };
            let next = firsts.len() as u32;
            let found = *known
                .entry(u64::from(*code) << 32 | u64::from(key))
                .or_insert(next);
            if found == next {
                firsts.push(row);
            }
            *code = found;
        }
        if firsts.len() > rows / 4 {
            return None;
        }
    }
    Some((firsts, codes.into_iter().map(|c| c as i32).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ColumnBuilder, Type};

    #[test]
    fn rows_of_one_combination_share_a_code() {
        let column = |of: &dyn Fn(usize) -> usize| {
            let mut builder = ColumnBuilder::new(Type::String);
            (0..90).for_each(|row| builder.push_text(["a", "b", "c"][of(row)]));
            builder.finish()
        };
        let (first, second) = (column(&|row| row % 3), column(&|row| row / 45));
        let (firsts, codes) = combinations(&[&first, &second], 90).expect("they repeat");
        assert_eq!(firsts, [0, 1, 2, 45, 46, 47]);
        for row in 0..90 {
            let of = firsts[codes[row] as usize];
            assert_eq!(
                (first.text(of), second.text(of)),
                (first.text(row), second.text(row))
            );
        }
        assert!(combinations(&[&first], 10).is_none());
    }
}
