//! How much memory a load takes: what a dataset holds, and whether a file still fits while loading.

use super::Dataset;
use super::assemble::Assembly;
use super::store::Events;
use super::text::Text;
use crate::value::Table;
use arrow_array::Array;
use std::collections::HashSet;

/// Bytes that a dataset holds, about. What is kept between questions of rules is bounded by itself and not counted.
pub(super) fn of(data: &Dataset) -> u64 {
    let texts = data.store.texts.iter().map(Text::held).sum::<u64>();
    let mut seen = HashSet::new();
    // A table is there under each of its names.
    let mut columns = |table: &Table| {
        let arrays = table.columns.iter().map(|column| &column.array);
        let new = arrays.filter(|array| seen.insert(std::sync::Arc::as_ptr(array).cast::<u8>()));
        new.map(|array| array.get_array_memory_size() as u64)
            .sum::<u64>()
            + table.lineage.as_ref().map_or(0, |l| l.len() as u64 * 4)
    };
    let mut tables = 0;
    for table in data.tables.values() {
        tables += columns(table);
    }
    for table in data.later.values() {
        if let Some(Ok(table)) = table.made.get() {
            tables += columns(table);
        }
    }
    let mut late = HashSet::new();
    for table in data.late.values() {
        if late.insert(std::sync::Arc::as_ptr(table).cast::<u8>()) {
            tables += table.held();
        }
    }
    texts + data.store.events.len() as u64 * Events::EACH + tables
}

impl Assembly<'_> {
    /// Bytes held so far, about.
    pub fn held(&self) -> u64 {
        let tables: u64 = self.tables.iter().map(super::filling::Filling::held).sum();
        self.texts_held + self.events.len() as u64 * Events::EACH + tables
    }

    /// Bytes of the bound that are left; none where there is no bound.
    pub fn room(&self) -> Option<u64> {
        let bound = self.options.memory.bound?;
        Some(bound.saturating_sub(self.held()))
    }

    /// Sees whether a text of so many bytes fits that is held in memory, and the rows of its records beside it.
    ///
    /// # Errors
    /// That it does not, with its size and the bound.
    pub fn fits(&self, what: &str, bytes: u64) -> Result<(), String> {
        let need = bytes.saturating_add(bytes / 2);
        match (self.room(), self.options.memory.bound) {
            (Some(room), Some(bound)) if need > room => Err(format!(
                "{what} has {} and needs about {} of memory, of which {} are left of {}: raise the bound, load a sample, or split the file",
                size(bytes),
                size(need),
                size(room),
                size(bound),
            )),
            _ => Ok(()),
        }
    }
}

/// A number of bytes for people.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes >> 10),
        _ => format!("{} MB", bytes >> 20),
    }
}
