//! Rows that are made while loading: events wait until there are enough of them, and go through the transform of their
//! connector together.

use super::Duplicates;
use super::assemble::Assembly;
use super::connectors::{self, Cell};
use super::ingest::{self, CHUNK, Made};
use super::record::Taken;
use crate::value::{EventId, Table, Type, Value};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

impl Assembly<'_> {
    /// Makes the rows of the events that wait for it.
    pub fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        // Chunks of the events of one connector, and the place of each event in them.
        let mut chunks: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, taken) in pending.iter().enumerate() {
            let chunk = match last.get(&taken.connector) {
                Some(chunk) if chunks.get(*chunk).is_some_and(|(_, c)| c.len() < CHUNK) => *chunk,
                _ => {
                    chunks.push((taken.connector, Vec::new()));
                    last.insert(taken.connector, chunks.len() - 1);
                    chunks.len() - 1
                }
            };
            if let Some((_, members)) = chunks.get_mut(chunk) {
                members.push(at);
            }
        }
        let made = ingest::in_threads(chunks.len(), |at| {
            let (connector, members) = chunks.get(at).ok_or("no such chunk")?;
            let connector = self.connectors.get(*connector).ok_or("no such connector")?;
            let records: Vec<&[Cell]> = members
                .iter()
                .filter_map(|at| pending.get(*at).map(|taken| taken.cells.as_slice()))
                .collect();
            ingest::make(connector, &records)
        });
        let mut rows: Vec<Row> = pending.iter().map(|_| Row::Dropped).collect();
        let mut parts: Vec<(Made, Vec<u32>, Vec<EventId>)> = Vec::new();
        for ((connector, members), made) in chunks.iter().zip(made) {
            let made =
                made.unwrap_or_else(|| Err("the transform of the connector failed".to_owned()));
            let planned = made.and_then(|made| match self.tables.get_mut(*connector) {
                Some(table) => table.plan(&made.table).map(|()| made),
                None => Err("no such table".to_owned()),
            });
            match planned {
                Ok(made) => {
                    for row in 0..made.table.rows {
                        let record = ingest::record(&made.table, row);
                        let slot = record.and_then(|r| rows.get_mut(*members.get(r)?));
                        if let Some(slot) = slot {
                            *slot = Row::Made(parts.len(), row);
                        }
                    }
                    parts.push((made, Vec::new(), Vec::new()));
                }
                Err(reason) => {
                    for slot in members {
                        if let Some(slot) = rows.get_mut(*slot) {
                            *slot = Row::Failed(reason.clone());
                        }
                    }
                    let none = Made {
                        table: Table::default(),
                        prints: Vec::new(),
                    };
                    parts.push((none, Vec::new(), Vec::new()));
                }
            }
        }
        for (taken, row) in pending.into_iter().zip(rows) {
            self.place(taken, row, &mut parts);
        }
        for ((connector, _), (made, rows, events)) in chunks.iter().zip(parts) {
            if let Some(table) = self.tables.get_mut(*connector) {
                table.append(&made.table, &rows, &events);
            }
        }
    }

    /// Gives an event its number and its row.
    fn place(&mut self, taken: Taken, row: Row, parts: &mut [(Made, Vec<u32>, Vec<EventId>)]) {
        let here = taken.file;
        let (Some(file), Some(open)) = (self.files.get_mut(here), self.open.get_mut(here)) else {
            return;
        };
        let (part, row) = match row {
            Row::Made(part, row) => (part, row),
            Row::Dropped => {
                open.tally.dropped += 1;
                return;
            }
            Row::Failed(reason) => {
                let line = taken.found.line;
                self.reject(here, vec![super::assemble::whole(line, reason)]);
                return;
            }
        };
        let Some(def) = self.connectors.get(taken.connector) else {
            return;
        };
        let Some((made, _, _)) = parts.get(part) else {
            return;
        };
        let table = def.tables.first();
        let column = |name: Option<&String>| name.and_then(|name| made.table.column(name));
        let mut remarks = taken.remarks;
        let plain = taken.plain();
        let time = match column(table.and_then(|t| t.time.as_ref())).map(|c| c.value(row)) {
            Some(Value::DateTime(ticks)) => Some(ticks),
            _ => None,
        };
        if def.time.is_none() {
            remarks.timeless = time.is_none();
            remarks.implausible = time.is_some_and(|t| !connectors::plausible(t));
        }
        let time = time.filter(|t| connectors::plausible(*t));
        let id = column(table.and_then(|t| t.id.as_ref()))
            .filter(|c| c.ty == Type::String)
            .map(|c| c.text(row))
            .filter(|id| !id.is_empty());
        let duplicate = id.is_some_and(|id| {
            let mut hasher = DefaultHasher::new();
            (taken.connector, id, made.prints.get(row)).hash(&mut hasher);
            *self.seen.entry(hasher.finish()).or_insert(here) != here
        });
        file.count(time);
        open.tally.count(taken.connector, taken.shape, remarks);
        if duplicate {
            file.duplicates += 1;
            if self.options.duplicates == Duplicates::Once {
                return;
            }
        }
        let Ok(row) = u32::try_from(row) else {
            return;
        };
        let Some(id) = self.number(&taken, plain, time) else {
            return;
        };
        if let Some((_, rows, events)) = parts.get_mut(part) {
            rows.push(row);
            events.push(id);
        }
    }
}

/// What became of an event in the transform.
enum Row {
    /// A row of a chunk.
    Made(usize, usize),
    /// The transform left it out.
    Dropped,
    /// The transform failed.
    Failed(String),
}
