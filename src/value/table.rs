//! Named columns of one length, and which raw events stand behind each row.

use super::{Column, EventId, Type, Value};

/// Which raw events made each row of a table, in the order the query met them, without repeats.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Where the events of each row end; none while every row has one event.
    ends: Option<Vec<u32>>,
    events: Vec<EventId>,
}

impl Lineage {
    /// No rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One event a row.
    pub fn single(events: impl IntoIterator<Item = EventId>) -> Self {
        Self {
            ends: None,
            events: events.into_iter().collect(),
        }
    }

    /// Adds a row with its events.
    pub fn push(&mut self, events: impl IntoIterator<Item = EventId>) {
        let before = self.events.len();
        self.events.extend(events);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        if self.ends.is_none() && self.events.len() == before + 1 {
            return;
        }
        let ends = self
            .ends
            .get_or_insert_with(|| (1..=number(before)).collect());
        ends.push(number(self.events.len()));
    }

    /// The events of a row; none beyond the last row.
    pub fn row(&self, row: usize) -> &[EventId] {
        let Some(ends) = &self.ends else {
            return self.events.get(row..=row).unwrap_or_default();
        };
        let Some(&end) = ends.get(row) else {
            return &[];
        };
        let start = row.checked_sub(1).and_then(|before| ends.get(before));
        let start = start.copied().unwrap_or(0);
        let events = self.events.get(start as usize..end as usize);
        events.unwrap_or_default()
    }

    /// How many rows it speaks of.
    pub fn len(&self) -> usize {
        self.ends.as_ref().map_or(self.events.len(), Vec::len)
    }

    /// Whether it speaks of no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
