//! Named columns of one length, and which raw events stand behind each row.

use super::{Column, EventId, Type, Value};

/// Which raw events made each row of a table, in the order the query met them, without repeats.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    ends: Vec<u32>,
    events: Vec<EventId>,
}

impl Lineage {
    /// No rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One event a row.
    pub fn single(events: impl IntoIterator<Item = EventId>) -> Self {
        let mut lineage = Self::new();
        for event in events {
            lineage.push([event]);
        }
        lineage
    }

    /// Adds a row with its events.
    pub fn push(&mut self, events: impl IntoIterator<Item = EventId>) {
        self.events.extend(events);
        self.ends
            .push(u32::try_from(self.events.len()).unwrap_or(u32::MAX));
    }

    /// The events of a row; none beyond the last row.
    pub fn row(&self, row: usize) -> &[EventId] {
        let Some(&end) = self.ends.get(row) else {
            return &[];
        };
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.events[start as usize..end as usize]
    }

    /// How many rows it speaks of.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it speaks of no row.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Named columns of one length.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Names, in order. A name occurs once; names are case-sensitive.
    pub names: Vec<String>,
    /// Columns, in the order of the names.
    pub columns: Vec<Column>,
    /// Rows (columns may be none).
    pub rows: usize,
    /// The events behind each row, where it was asked for.
    pub lineage: Option<Lineage>,
}

impl Table {
    /// A table of columns; `rows` is taken from the first column.
    pub fn new(columns: Vec<(String, Column)>) -> Self {
        let rows = columns.first().map_or(0, |(_, c)| c.len());
        let (names, columns) = columns.into_iter().unzip();
        Self {
            names,
            columns,
            rows,
            lineage: None,
        }
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let at = self.names.iter().position(|n| n == name)?;
        self.columns.get(at)
    }

    /// Names and types, in order.
    pub fn schema(&self) -> impl Iterator<Item = (&str, Type)> {
        self.names
            .iter()
            .map(String::as_str)
            .zip(self.columns.iter().map(|c| c.ty))
    }

    /// The values of a row, in the order of the columns.
    pub fn row(&self, row: usize) -> Vec<Value> {
        self.columns.iter().map(|c| c.value(row)).collect()
    }
}
