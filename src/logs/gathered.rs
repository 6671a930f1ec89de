//! Rows of columns that were read lately: the next run of an edited rule asks for the same ones, or for some of them.

use crate::kql::run::frame::gather;
use crate::value::Column;
use arrow_array::{Array, UInt32Array};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Bytes of all of them; beyond it the oldest go.
const MOST: usize = 256 << 20;

/// Rows of columns, the newest last.
#[derive(Debug, Default)]
pub(super) struct Gathered(Mutex<VecDeque<Rows>>);

#[derive(Debug)]
struct Rows {
    column: usize,
    /// Ascending.
    rows: Vec<u32>,
    values: Column,
}

impl Rows {
    fn size(&self) -> usize {
        self.rows.len() * 4 + self.values.array.get_array_memory_size()
    }

    /// Where these rows (ascending) are among its own; none where one is not.
    fn places(&self, wanted: &[u32]) -> Option<Vec<u32>> {
        let mut places = Vec::with_capacity(wanted.len());
        let mut from = 0;
        for row in wanted {
            let rest = self.rows.get(from..)?;
            // Near the last one as a rule, or anywhere behind it.
            let next = match rest.iter().take(16).position(|r| r == row) {
                Some(at) => at,
                None => rest.binary_search(row).ok()?,
            };
            places.push(u32::try_from(from + next).ok()?);
            from += next + 1;
        }
        Some(places)
    }
}

impl Gathered {
    /// Rows of a column, where they were read lately.
    pub fn find(&self, column: usize, wanted: &[u32]) -> Option<Column> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_column = known.iter().rev().filter(|k| k.column == column);
        of_column.find_map(|known| {
            if known.rows == wanted {
                return Some(known.values.clone());
            }
            let places = known.places(wanted)?;
            Some(gather(&known.values, &UInt32Array::from(places)))
        })
    }

    /// Bytes of all of them.
    pub fn held(&self) -> usize {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(Rows::size).sum()
    }

    /// Keeps rows of a column.
    pub fn keep(&self, column: usize, rows: &[u32], values: &Column) {
        let new = Rows {
            column,
            rows: rows.to_vec(),
            values: values.clone(),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.push_back(new);
        let mut all: usize = known.iter().map(Rows::size).sum();
        while all > MOST || known.len() > 256 {
            match known.pop_front() {
                Some(oldest) => all -= oldest.size(),
                None => break,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ColumnBuilder, Type, Value};

    #[test]
    fn some_of_the_rows_are_found() {
        let rows: Vec<u32> = (0..500).map(|n| n * 3).collect();
        let mut builder = ColumnBuilder::new(Type::Long);
        rows.iter()
            .for_each(|row| builder.push(&Value::Long(i64::from(*row))));
        let gathered = Gathered::default();
        gathered.keep(4, &rows, &builder.finish());
        for wanted in [&[0, 3, 1497][..], &[900], &rows, &[]] {
            let found = gathered.find(4, wanted).unwrap();
            let values: Vec<Value> = (0..found.len()).map(|row| found.value(row)).collect();
            let expected = wanted.iter().map(|row| Value::Long(i64::from(*row)));
            assert_eq!(values, expected.collect::<Vec<_>>());
        }
        assert!(gathered.find(4, &[3, 4]).is_none() && gathered.find(5, &[3]).is_none());
    }
}
