//! Records to rows: chunks of records go through their connector's transform, several at a time.

use super::connectors::{self, Cell, Connector, TableDef};
use super::filling::Filling;
use super::store::Store;
use crate::task;
use crate::value::{Column, EventId, Table, Type};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Records that go through a transform together.
pub(super) const CHUNK: usize = 16_384;

/// What a chunk of records became.
pub(super) struct Made {
    /// The rows; the lineage of a row is the number of its record within the chunk.
    pub table: Table,
    /// A number a row that is the same for rows of the same values.
    pub prints: Vec<u64>,
}

/// Runs the transform of a connector's first table over records.
///
/// # Errors
/// Why it stopped, in one sentence.
pub(super) fn make(connector: &Connector, records: &[&[Cell]]) -> Result<Made, String> {
    let table = connector
        .tables
        .first()
        .ok_or("the connector has no table")?;
    let not_compared = &table.not_compared;
    let table = connectors::apply(connector, table, records)?;
    let prints = prints(&table, not_compared);
    Ok(Made { table, prints })
}

/// The results of pieces of work, in order; none where one panicked. Plain threads: a transform
/// waits for a thread of its own, and columns are made under locks.
pub(super) fn in_threads<T: Send>(
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<Option<T>> {
    task::in_threads(count, |at| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(at))).ok()
    })
}

/// The rows of one of a connector's further tables, from the events that were loaded.
///
/// # Errors
/// Why a record cannot be read any more, in one sentence.
pub(super) fn later(
    store: &Store,
    index: usize,
    connector: &Connector,
    def: &TableDef,
) -> Result<Table, String> {
    let ids: Vec<EventId> = store.events.of_connector(index).collect();
    let chunks: Vec<&[EventId]> = ids.chunks(CHUNK).collect();
    let made = in_threads(chunks.len(), |at| {
        let mut reader = store.reader(256 << 10);
        let mut records: Vec<Vec<Cell>> = Vec::new();
        for id in chunks.get(at).copied().unwrap_or_default() {
            let stored = store.events.get(*id).ok_or("there is no such event")?;
            records.push(store.cells(&mut reader, connector, stored)?);
        }
        let records: Vec<&[Cell]> = records.iter().map(Vec::as_slice).collect();
        Ok::<_, String>(connectors::apply(connector, def, &records).ok())
    });
    let mut filling = Filling::new(&def.columns);
    for (table, ids) in made.into_iter().zip(chunks) {
        let table = table.transpose()?.flatten();
        let Some(table) = table.filter(|t| filling.plan(t).is_ok()) else {
            continue;
        };
        let rows: Vec<u32> = (0..u32::try_from(table.rows).unwrap_or(0)).collect();
        let events: Vec<EventId> = rows
            .iter()
            .filter_map(|row| ids.get(record(&table, *row as usize)?).copied())
            .collect();
        if events.len() == rows.len() {
            filling.append(&table, &rows, &events);
        }
    }
    Ok(filling.finish())
}

/// The number of the record that a row was made of.
pub(super) fn record(table: &Table, row: usize) -> Option<usize> {
    let record = table.lineage.as_ref()?.row(row).first()?;
    usize::try_from(*record).ok()
}

/// A number for each row, the same for rows with the same values in the columns that count.
fn prints(table: &Table, not_compared: &[String]) -> Vec<u64> {
    let mut prints = vec![0u64; table.rows];
    for (name, column) in table.names.iter().zip(&table.columns) {
        if !not_compared.contains(name) {
            add(column, &mut prints);
        }
    }
    prints
}

fn mix(print: &mut u64, value: u64) {
    *print = (print.rotate_left(7) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
}

fn of_text(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn add(column: &Column, prints: &mut [u64]) {
    const NULL: u64 = 0x5bd1_e995;
    let array = &column.array;
    let one = |row: usize| -> u64 {
        if array.is_null(row) && column.ty != Type::String {
            return NULL;
        }
        match column.ty {
            Type::Bool => array
                .as_boolean_opt()
                .map_or(0, |a| u64::from(a.value(row))),
            Type::Int => array
                .as_primitive_opt::<Int32Type>()
                .map_or(0, |a| a.value(row) as u64),
            Type::Long | Type::DateTime | Type::TimeSpan => array
                .as_primitive_opt::<Int64Type>()
                .map_or(0, |a| a.value(row) as u64),
            Type::Real => array
                .as_primitive_opt::<Float64Type>()
                .map_or(0, |a| a.value(row).to_bits()),
            _ => of_text(column.text(row)),
        }
    };
    if let Some(dictionary) = array.as_dictionary_opt::<Int32Type>()
        && let Some(values) = dictionary.values().as_string_opt::<i32>()
        && values.len() <= prints.len()
    {
        let each: Vec<u64> = values.iter().map(|v| v.map_or(NULL, of_text)).collect();
        for (row, print) in prints.iter_mut().enumerate() {
            let value = dictionary.key(row).and_then(|key| each.get(key));
            mix(print, value.copied().unwrap_or_else(|| one(row)));
        }
        return;
    }
    for (row, print) in prints.iter_mut().enumerate() {
        mix(print, one(row));
    }
}
