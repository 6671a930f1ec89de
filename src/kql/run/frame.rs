//! Rows on their way through the operators. A column is only gathered when somebody reads it,
//! so that a filter over a wide table touches the columns it names and nothing else.

pub use super::lazy::{Asked, Lazy};
use crate::kql::Late;
use crate::value::{Column, ColumnBuilder, EventId, Lineage, Table, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, StringArray, UInt32Array};
use std::sync::Arc;

/// Which rows of another array; null for none (the missing side of an outer join).
pub type Rows = Arc<UInt32Array>;

/// The events behind rows: those of a lineage, some of its rows.
#[derive(Clone, Debug)]
enum Events {
    Table(Arc<Table>),
    Late(Arc<dyn Late>),
    Made(Arc<Lineage>),
}

impl Events {
    fn row(&self, row: usize) -> &[EventId] {
        match self {
            Events::Table(table) => table.lineage.as_ref().map_or(&[], |l| l.row(row)),
            Events::Late(table) => table.lineage().map_or(&[], |l| l.row(row)),
            Events::Made(lineage) => lineage.row(row),
        }
    }
}

#[derive(Clone, Debug)]
struct Part {
    events: Events,
    rows: Option<Rows>,
}

/// Rows: columns of one length, and the events behind them.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The columns, in the order of the schema.
    pub columns: Vec<Lazy>,
    /// How many rows.
    pub rows: usize,
    parts: Vec<Part>,
}

impl Frame {
    /// All rows of a table.
    pub fn of_table(table: Arc<Table>, lineage: bool) -> Self {
        let parts = if lineage && table.lineage.is_some() {
            vec![Part {
                events: Events::Table(table.clone()),
                rows: None,
            }]
        } else {
            Vec::new()
        };
        Self {
            columns: table
                .columns
                .iter()
                .map(|column| Lazy::stored(column.clone()))
                .collect(),
            rows: table.rows,
            parts,
        }
    }

    /// All rows of a table whose columns are made when they are read.
    pub fn of_late(table: &Arc<dyn Late>, asked: &Asked, lineage: bool) -> Self {
        let events = table.lineage().filter(|_| lineage);
        let parts = events.map(|_| Part {
            events: Events::Late(Arc::clone(table)),
            rows: None,
        });
        let columns = table
            .schema()
            .into_iter()
            .enumerate()
            .map(|(at, (_, ty))| Lazy::late(table, at, ty, asked));
        Self {
            columns: columns.collect(),
            rows: table.rows(),
            parts: parts.into_iter().collect(),
        }
    }

    /// New columns without events.
    pub fn of_columns(columns: Vec<Column>, rows: usize) -> Self {
        Self {
            columns: columns.into_iter().map(Lazy::new).collect(),
            rows,
            parts: Vec::new(),
        }
    }

    /// The same rows with other columns.
    pub fn with_columns(&self, columns: Vec<Lazy>) -> Self {
        Self {
            columns,
            rows: self.rows,
            parts: self.parts.clone(),
        }
    }

    /// Some rows, in the order given; columns are not gathered yet.
    pub fn take(&self, rows: &Rows) -> Self {
        let mut composed: Vec<(*const UInt32Array, Rows)> = Vec::new();
        let mut compose = |old: &Option<Rows>| -> Rows {
            let Some(old) = old else {
                return rows.clone();
            };
            let address = Arc::as_ptr(old);
            if let Some((_, done)) = composed.iter().find(|(a, _)| *a == address) {
                return done.clone();
            }
            let new = Arc::new(compose_rows(old, rows));
            composed.push((address, new.clone()));
            new
        };
        let columns = self
            .columns
            .iter()
            .map(|lazy| lazy.take(rows, &mut compose))
            .collect();
        let parts = self
            .parts
            .iter()
            .map(|part| Part {
                events: part.events.clone(),
                rows: Some(compose(&part.rows)),
            })
            .collect();
        Self {
            columns,
            rows: rows.len(),
            parts,
        }
    }

    /// The columns and events of two frames of one length side by side.
    pub fn beside(mut self, right: Frame) -> Self {
        self.columns.extend(right.columns);
        self.parts.extend(right.parts);
        self
    }

    /// The events of another frame of the same length.
    pub fn with_events_of(mut self, other: &Frame) -> Self {
        self.parts.clone_from(&other.parts);
        self
    }

    /// Events made by an operator, one entry a row.
    pub fn with_events(mut self, lineage: Lineage) -> Self {
        self.parts = vec![Part {
            events: Events::Made(Arc::new(lineage)),
            rows: None,
        }];
        self
    }

    /// Bytes that the rows take beside the catalog's tables, about.
    pub fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(Lazy::bytes).sum();
        // Which rows: mostly one list for all columns.
        columns.saturating_add(self.rows * 4)
    }

    /// The same once every column is gathered.
    pub fn bytes_gathered(&self) -> usize {
        let to_come: usize = self.columns.iter().map(Lazy::bytes_to_come).sum();
        self.bytes().saturating_add(to_come)
    }

    /// Whether any events are known.
    pub fn has_events(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Adds the events of a row to a list.
    pub fn events(&self, row: usize, into: &mut Vec<EventId>) {
        for part in &self.parts {
            let row = match &part.rows {
                None => row,
                Some(rows) if row < rows.len() && !rows.is_null(row) => rows.value(row) as usize,
                Some(_) => continue,
            };
            into.extend_from_slice(part.events.row(row));
        }
    }

    /// The rows as a table with these columns.
    pub fn table(&self, schema: &[(String, Type)], lineage: bool) -> Table {
        Table {
            names: schema.iter().map(|(name, _)| name.clone()).collect(),
            columns: self.columns.iter().map(|c| c.get().clone()).collect(),
            rows: self.rows,
            lineage: lineage.then(|| self.lineage()),
        }
    }

    /// The lineage of all rows, without repeats within a row.
    pub fn lineage(&self) -> Lineage {
        let mut lineage = Lineage::new();
        let mut events = Vec::new();
        for row in 0..self.rows {
            events.clear();
            self.events(row, &mut events);
            unique(&mut events);
            lineage.push(events.iter().copied());
        }
        lineage
    }
}

/// Drops repeats, keeping the first of each.
pub fn unique(events: &mut Vec<EventId>) {
    // Rows in the order they were loaded: the usual case.
    if events.windows(2).all(|pair| pair.first() < pair.last()) {
        return;
    }
    if events.len() <= 8 {
        let mut kept = 0;
        for i in 0..events.len() {
            let event = events.get(i).copied().unwrap_or_default();
            if !events.iter().take(kept).any(|e| *e == event) {
                if let Some(slot) = events.get_mut(kept) {
                    *slot = event;
                }
                kept += 1;
            }
        }
        events.truncate(kept);
        return;
    }
    let mut seen = super::hash::set();
    events.retain(|e| seen.insert(*e));
}

fn compose_rows(old: &UInt32Array, rows: &UInt32Array) -> UInt32Array {
    if old.null_count() == 0 && rows.null_count() == 0 {
        let values = old.values();
        return UInt32Array::from_iter_values(
            rows.values()
                .iter()
                .map(|r| values.get(*r as usize).copied().unwrap_or_default()),
        );
    }
    rows.iter()
        .map(|r| {
            let r = r? as usize;
            (r < old.len() && !old.is_null(r)).then(|| old.value(r))
        })
        .collect()
}

/// Some rows of a column. A missing row is null, `""` for a string.
pub fn gather(column: &Column, rows: &UInt32Array) -> Column {
    let array = match arrow_select::take::take(column.array.as_ref(), rows, None) {
        Ok(array) => array,
        // More text than one array counts: the rows point to the texts instead.
        Err(_) => match pointing(column, rows) {
            Some(array) => array,
            None => return nulls(column.ty, rows.len()),
        },
    };
    let array = if column.ty == Type::String && rows.null_count() > 0 {
        fill(&array)
    } else {
        array
    };
    Column {
        ty: column.ty,
        array,
    }
}

fn pointing(column: &Column, rows: &UInt32Array) -> Option<ArrayRef> {
    column.array.as_string_opt::<i32>()?;
    let keys: Int32Array = rows.iter().map(|r| i32::try_from(r?).ok()).collect();
    let array = DictionaryArray::try_new(keys, column.array.clone()).ok()?;
    Some(Arc::new(array))
}

/// `""` in place of null.
fn fill(array: &ArrayRef) -> ArrayRef {
    if let Some(strings) = array.as_string_opt::<i32>() {
        return Arc::new(StringArray::from_iter_values(
            strings.iter().map(|s| s.unwrap_or("")),
        ));
    }
    if let Some(dictionary) = array.as_dictionary_opt::<Int32Type>()
        && let Some(values) = dictionary.values().as_string_opt::<i32>()
    {
        let empty = i32::try_from(values.len()).unwrap_or(0);
        let with_empty =
            StringArray::from_iter_values(values.iter().map(|s| s.unwrap_or("")).chain([""]));
        let keys: Int32Array = dictionary
            .keys()
            .iter()
            .map(|k| Some(k.unwrap_or(empty)))
            .collect();
        if let Ok(filled) = DictionaryArray::try_new(keys, Arc::new(with_empty)) {
            return Arc::new(filled);
        }
    }
    array.clone()
}

/// A column of nulls (`""` for a string).
pub fn nulls(ty: Type, rows: usize) -> Column {
    let mut builder = ColumnBuilder::new(ty);
    for _ in 0..rows {
        builder.push_null();
    }
    builder.finish()
}
