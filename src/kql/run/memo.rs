//! What a catalog keeps of its tables from one run to the next: the span of every block of a column of times or
//! whole numbers, and the values at paths into dynamic columns. Made when first needed.

use super::datum::small_dictionary;
use super::zones::Zones;
use super::{Stop, path};
use crate::kql::plan::Step;
use crate::task::CancelToken;
use crate::value::{Column, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Paths that are kept; a person who types one leaves many behind.
const MOST_PATHS: usize = 64;
/// Fewer rows are not worth keeping anything for.
const FEW: usize = 4096;

/// What is kept. It belongs to one catalog, whose tables never change.
#[derive(Debug, Default)]
pub struct Memo(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By the address of the array, which stays where it is: it is held here.
    zones: HashMap<usize, (ArrayRef, Arc<Zones>)>,
    paths: HashMap<(usize, Vec<Step>), Path>,
    turn: u64,
}

#[derive(Debug)]
struct Path {
    of: ArrayRef,
    values: Column,
    used: u64,
}

fn address(array: &ArrayRef) -> usize {
    Arc::as_ptr(array).cast::<()>() as usize
}

impl Memo {
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The spans of the blocks of a stored column of times or whole numbers.
    pub fn zones(&self, column: &Column) -> Option<Arc<Zones>> {
        if column.len() < FEW {
            return None;
        }
        let longs = column.array.as_primitive_opt::<Int64Type>()?;
        let at = address(&column.array);
        if let Some((_, known)) = self.lock().zones.get(&at) {
            return Some(known.clone());
        }
        let made = Arc::new(Zones::new(longs));
        let entry = (column.array.clone(), made.clone());
        self.lock().zones.insert(at, entry);
        Some(made)
    }

    /// The values at a path of all rows of a stored dynamic column; none where walking only the `wanted` rows is
    /// so much cheaper that keeping all does not pay.
    ///
    /// # Errors
    /// When cancelled.
    pub fn path(
        &self,
        column: &Column,
        steps: &[Step],
        wanted: usize,
        cancel: &CancelToken,
    ) -> Result<Option<Column>, Stop> {
        if column.ty != Type::Dynamic || column.len() < FEW {
            return Ok(None);
        }
        let key = (address(&column.array), steps.to_vec());
        {
            let mut kept = self.lock();
            kept.turn += 1;
            let turn = kept.turn;
            if let Some(known) = kept.paths.get_mut(&key) {
                known.used = turn;
                return Ok(Some(known.values.clone()));
            }
        }
        let texts = small_dictionary(column).map_or(column.len(), |(_, values)| values.len());
        if texts > FEW.max(wanted.saturating_mul(4)) {
            return Ok(None);
        }
        let values = path::extract_column(column, steps, cancel)?;
        let mut kept = self.lock();
        if kept.paths.len() >= MOST_PATHS {
            let oldest = kept.paths.iter().min_by_key(|(_, p)| p.used);
            if let Some(oldest) = oldest.map(|(k, _)| k.clone()) {
                kept.paths.remove(&oldest);
            }
        }
        let used = kept.turn;
        let path = Path {
            of: column.array.clone(),
            values: values.clone(),
            used,
        };
        debug_assert_eq!(address(&path.of), key.0);
        kept.paths.insert(key, path);
        Ok(Some(values))
    }
}
