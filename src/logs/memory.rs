//! How much memory a load takes: what a dataset holds, and whether a file still fits while loading.

use super::Dataset;
use super::assemble::Assembly;
use super::store::Events;
use super::text::{Disk, Text};
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

    /// Whether the bound is reached; then it is said that the rest of a file, from a line on, is not loaded.
    pub fn is_full(&mut self, here: usize, line: usize) -> bool {
        let (Some(0), Some(bound)) = (self.room(), self.options.memory.bound) else {
            return false;
        };
        let reason = format!(
            "{} of memory are used up: the records from here on are not loaded. Raise the bound, load a sample, or load fewer files",
            size(bound)
        );
        self.reject(here, vec![super::assemble::whole(line, reason)]);
        self.noted.stopped = true;
        true
    }

    /// Sees whether what is kept of the records of lines fits whose text stays on disk.
    ///
    /// # Errors
    /// That it does not, with the file's size and the bound.
    pub fn lines_fit(&self, disk: &Disk) -> Result<(), String> {
        let (Some(room), Some(bound)) = (self.room(), self.options.memory.bound) else {
            return Ok(());
        };
        let each = disk.line_length().max(1);
        let need = disk.length() / each * (Events::EACH + 8);
        if need <= room {
            return Ok(());
        }
        Err(format!(
            "the file has {} and needs about {} of memory, of which {} are left of {}: raise the bound, load a sample, or split the file",
            size(disk.length()),
            size(need),
            size(room),
            size(bound),
        ))
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
