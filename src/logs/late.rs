//! Tables whose columns are read from the files when a query asks for them.

use super::connectors::{self, Cell, ColumnDef, Connector, TableDef};
use super::filling::{Filling, constant};
use super::gathered::Gathered;
use super::ingest::{CHUNK, in_threads};
use super::picked::Picked;
use super::store::Store;
use crate::kql::Late;
use crate::kql::plan::Origin;
use crate::kql::run::frame::gather;
use crate::task::CancelToken;
use crate::value::{Column, EventId, Lineage, Table, Type};
use arrow_array::{Array, UInt32Array};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Bytes that are read at once where most of them are wanted.
const AHEAD: usize = 256 << 10;

/// Rows of a page.
pub(super) const PAGE: usize = 64;

/// A table of a connector's events.
#[derive(Debug)]
pub(super) struct LateTable {
    store: Arc<Store>,
    connector: Arc<Connector>,
    table: usize,
    lineage: Arc<Lineage>,
    columns: Vec<OnceLock<Column>>,
    /// Held while a column is made: whoever wants the same one waits for it.
    making: Mutex<()>,
    /// Rows that queries asked for lately.
    gathered: Gathered,
    /// The first rows of columns, from an earlier load.
    carried: Mutex<Vec<Option<Column>>>,
    /// Pages that were looked at, by number.
    pages: Mutex<BTreeMap<usize, Arc<Table>>>,
}

/// The events of a connector.
pub(super) fn events_of(store: &Store, connector: usize) -> Arc<Lineage> {
    let mut ours: Vec<EventId> = Vec::new();
    for (events, stretch) in store.events.stretches() {
        if usize::from(stretch.connector) == connector {
            ours.extend(events);
        }
    }
    Arc::new(Lineage::single(ours))
}

impl LateTable {
    pub fn new(
        store: &Arc<Store>,
        connector: &Arc<Connector>,
        table: usize,
        lineage: Arc<Lineage>,
        carried: Vec<Option<Column>>,
    ) -> Self {
        let columns = connector.tables.get(table).map_or(0, |t| t.columns.len());
        Self {
            store: Arc::clone(store),
            connector: Arc::clone(connector),
            table,
            lineage,
            columns: (0..columns).map(|_| OnceLock::new()).collect(),
            making: Mutex::default(),
            gathered: Gathered::default(),
            carried: carried.into(),
            pages: Mutex::default(),
        }
    }

    fn def(&self) -> Result<&TableDef, String> {
        let def = self.connector.tables.get(self.table);
        def.ok_or_else(|| "there is no such table".to_owned())
    }

    /// How many rows it has.
    pub fn rows_held(&self) -> usize {
        self.lineage.len()
    }

    /// The event of a row.
    pub fn event(&self, row: usize) -> Option<EventId> {
        self.lineage.row(row).first().copied()
    }

    /// The columns that were made so far.
    pub fn columns_made(&self) -> Vec<Option<Column>> {
        self.columns.iter().map(|c| c.get().cloned()).collect()
    }

    /// Whether it is its connector's first one.
    pub fn is_first(&self) -> bool {
        self.table == 0
    }

    /// Bytes of memory of the columns and rows that were asked for so far.
    pub fn held(&self) -> u64 {
        // The times are those of the events.
        let columns = self.columns.iter().enumerate();
        let columns = columns.filter(|(at, _)| !self.is_known(*at));
        let columns = columns.filter_map(|(_, column)| column.get());
        let columns: usize = columns.map(|c| c.array.get_array_memory_size()).sum();
        (columns + self.gathered.held() + self.lineage.len() * 4) as u64
    }

    /// How many columns it has.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Some rows with all columns: those of the page of this number.
    ///
    /// # Errors
    /// Why they cannot be read, in one sentence.
    pub fn page(&self, number: usize) -> Result<Arc<Table>, String> {
        /// Most pages that are kept.
        const MOST: usize = 64;
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = pages.get(&number) {
            return Ok(Arc::clone(page));
        }
        let first = number.saturating_mul(PAGE).min(self.rows());
        let rows = (first..(first + PAGE).min(self.rows())).filter_map(|r| u32::try_from(r).ok());
        let rows: Vec<u32> = rows.collect();
        let columns = self
            .schema()
            .into_iter()
            .enumerate()
            .map(|(at, (name, _))| Ok((name, self.peek(at, &rows, &CancelToken::new())?)));
        let mut table = Table::new(columns.collect::<Result<_, String>>()?);
        table.rows = rows.len();
        let events = rows
            .iter()
            .filter_map(|r| self.lineage.row(*r as usize).first());
        table.lineage = Some(Lineage::single(events.copied()));
        let page = Arc::new(table);
        if pages.len() >= MOST {
            pages.clear();
        }
        pages.insert(number, Arc::clone(&page));
        Ok(page)
    }

    /// Some columns, all rows; those that the table does not have are left out.
    ///
    /// # Errors
    /// Why a column cannot be made, in one sentence.
    pub fn columns(&self, wanted: &[&str]) -> Result<Table, String> {
        let schema = self.schema();
        let mut columns = Vec::new();
        for name in wanted {
            if let Some(at) = schema.iter().position(|(n, _)| n == name) {
                let column = self.whole(at, &CancelToken::new())?.clone();
                columns.push(((*name).to_owned(), column));
            }
        }
        let mut table = Table::new(columns);
        table.rows = self.rows();
        table.lineage = Some(self.lineage.as_ref().clone());
        Ok(table)
    }

    /// All of it, every column made.
    ///
    /// # Errors
    /// Why a column cannot be made, in one sentence.
    pub fn table(&self, cancel: &CancelToken) -> Result<Table, String> {
        let schema = self.schema();
        let columns = schema.into_iter().enumerate().map(|(at, (name, _))| {
            let column = self.whole(at, cancel)?;
            Ok((name, column.clone()))
        });
        let mut table = Table::new(columns.collect::<Result<_, String>>()?);
        table.rows = self.rows();
        table.lineage = Some(self.lineage.as_ref().clone());
        Ok(table)
    }

    /// Whether a column is known without reading records.
    fn is_known(&self, at: usize) -> bool {
        let def = self.connector.tables.get(self.table);
        let column = def.and_then(|def| Some((def, def.columns.get(at)?)));
        column.is_some_and(|(def, column)| self.is_time(def, column))
    }

    fn is_time(&self, def: &TableDef, column: &ColumnDef) -> bool {
        column.ty == Type::DateTime && def.input(&column.name) == self.connector.time
    }

    /// So many rows of a column that no record gives; none for another one.
    fn constant(&self, at: usize, rows: usize) -> Result<Option<Column>, String> {
        let column = self.def()?.columns.get(at);
        let column = column.ok_or("there is no such column")?;
        let text = column.value.as_deref().unwrap_or("");
        Ok(column.from.is_none().then(|| Column {
            ty: column.ty,
            array: constant(column.ty, text, rows),
        }))
    }

    /// What is known of a column without reading records; none where they have to be read.
    fn known(&self, at: usize) -> Result<Option<Column>, String> {
        let def = self.def()?;
        let column = def.columns.get(at).ok_or("there is no such column")?;
        if let Some(constant) = self.constant(at, self.rows())? {
            return Ok(Some(constant));
        }
        if self.is_time(def, column) {
            let array = self.store.events.time_column(&self.lineage);
            return Ok(Some(Column {
                ty: column.ty,
                array: Arc::new(array),
            }));
        }
        Ok(None)
    }

    /// Rows of a column, read from the records.
    fn read(&self, at: usize, rows: &[u32], cancel: &CancelToken) -> Result<Column, String> {
        self.read_behind(at, None, rows, cancel)
    }

    /// All rows of a column, of which the first may be known.
    fn read_all(&self, at: usize, cancel: &CancelToken) -> Result<Column, String> {
        let mut carried = self.carried.lock().unwrap_or_else(PoisonError::into_inner);
        let first = carried.get_mut(at).and_then(Option::take);
        drop(carried);
        let from = first.as_ref().map_or(0, |column| column.array.len());
        let rows = u32::try_from(self.rows()).unwrap_or(u32::MAX);
        let rest: Vec<u32> = (u32::try_from(from).unwrap_or(rows)..rows).collect();
        match first {
            Some(column) if rest.is_empty() => Ok(column),
            first => self.read_behind(at, first, &rest, cancel),
        }
    }

    fn read_behind(
        &self,
        at: usize,
        first: Option<Column>,
        rows: &[u32],
        cancel: &CancelToken,
    ) -> Result<Column, String> {
        let def = self.def()?;
        let column = def.columns.get(at).ok_or("there is no such column")?;
        let origins = def
            .origins
            .as_ref()
            .ok_or("the table cannot be made late")?;
        let from = column.from.ok_or("the column is not read")?;
        let origin = origins.columns.get(from).ok_or("there is no such column")?;
        let wanted: Vec<usize> = match origin {
            Origin::Same(input) => vec![*input],
            Origin::Of(inputs) => inputs.iter().copied().collect(),
        };
        let chunks: Vec<&[u32]> = rows.chunks(self.chunk(rows.len())).collect();
        let made = in_threads(chunks.len(), |n| {
            if cancel.is_cancelled() {
                return Err("it was cancelled".to_owned());
            }
            let rows = chunks.get(n).copied().unwrap_or_default();
            let picked = self.pick(rows, &wanted)?;
            let column = self.column(origin, from, &wanted, &picked.records)?;
            Ok(picked.spread(column))
        });
        let mut one = column.clone();
        one.from = Some(0);
        let one = [one];
        let mut filling = Filling::new(&one);
        if let Some(first) = first {
            let table = Table::new(vec![(column.name.clone(), first)]);
            filling.plan(&table)?;
            let all: Vec<u32> = (0..u32::try_from(table.rows).unwrap_or(0)).collect();
            filling.append(&table, &all, &all);
        }
        for (made, rows) in made.into_iter().zip(chunks) {
            let made = made.unwrap_or_else(|| Err("the transform failed".to_owned()))?;
            let table = Table::new(vec![(column.name.clone(), made)]);
            filling.plan(&table)?;
            let all: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(0)).collect();
            filling.append(&table, &all, rows);
        }
        let column = filling.finish().columns.into_iter().next();
        column.ok_or_else(|| "the column could not be made".to_owned())
    }

    /// Small enough that all threads have something to do.
    fn chunk(&self, rows: usize) -> usize {
        /// Fewer are not worth a transform of their own.
        const FEW: usize = 2_048;
        let each = rows.div_ceil(rayon::current_num_threads().max(1));
        each.clamp(FEW, CHUNK)
    }

    fn pick(&self, rows: &[u32], wanted: &[usize]) -> Result<Picked, String> {
        let events = &self.store.events;
        let event = |row: &u32| self.lineage.row(*row as usize).first().copied();
        let stored = |row: &u32| events.get(event(row)?);
        let bytes: u64 = rows
            .iter()
            .filter_map(stored)
            .map(|s| u64::from(s.length))
            .sum();
        let first = rows.first().and_then(stored);
        let last = rows.last().and_then(stored);
        let dense = match (first, last) {
            (Some(first), Some(last)) if first.file == last.file => {
                last.range().end.saturating_sub(first.start) <= bytes.saturating_mul(4)
            }
            _ => true,
        };
        let ahead = if dense { AHEAD } else { 0 };
        let events = rows.iter().map(event);
        self.store.pick(&self.connector, events, wanted, ahead)
    }

    /// The column of some records, of which these inputs were read.
    fn column(
        &self,
        origin: &Origin,
        from: usize,
        wanted: &[usize],
        records: &[Vec<Cell>],
    ) -> Result<Column, String> {
        let inputs = &self.connector.inputs;
        if let Origin::Same(input) = origin {
            let input = inputs.get(*input).ok_or("there is no such input")?;
            let cells = records.iter().map(|c| c.first().unwrap_or(&Cell::Null));
            return Ok(connectors::column(input.ty, cells));
        }
        // The transform does not look at the other inputs for this column, nor at other rows.
        connectors::apply_some(&self.connector, self.def()?, from, wanted, records)
    }
}

impl Late for LateTable {
    fn rows(&self) -> usize {
        self.lineage.len()
    }

    fn schema(&self) -> Vec<(String, Type)> {
        let columns = self.def().map_or(&[][..], |def| &def.columns);
        columns.iter().map(|c| (c.name.clone(), c.ty)).collect()
    }

    fn lineage(&self) -> Option<&Lineage> {
        Some(&self.lineage)
    }

    fn made(&self, column: usize) -> Option<&Column> {
        self.columns.get(column)?.get()
    }

    fn whole(&self, column: usize, cancel: &CancelToken) -> Result<&Column, String> {
        let slot = self.columns.get(column).ok_or("there is no such column")?;
        if let Some(made) = slot.get() {
            return Ok(made);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = slot.get() {
            return Ok(made);
        }
        let made = match self.known(column)? {
            Some(known) => known,
            None => self.read_all(column, cancel)?,
        };
        Ok(slot.get_or_init(|| made))
    }

    fn peek(&self, column: usize, rows: &[u32], cancel: &CancelToken) -> Result<Column, String> {
        if let Some(constant) = self.constant(column, rows.len())? {
            return Ok(constant);
        }
        let made = match self.made(column) {
            None if self.is_known(column) => Some(self.whole(column, cancel)?),
            made => made,
        };
        match made {
            Some(made) => {
                let rows = UInt32Array::from_iter_values(rows.iter().copied());
                Ok(gather(made, &rows))
            }
            None => self.read(column, rows, cancel),
        }
    }

    fn some(&self, column: usize, rows: &[u32], cancel: &CancelToken) -> Result<Column, String> {
        if let Some(constant) = self.constant(column, rows.len())? {
            return Ok(constant);
        }
        let made = match self.made(column) {
            Some(made) => Some(made),
            // Most rows, or such as are known without reading: all are kept for the next time.
            None if rows.len() >= self.rows() / 2 || self.is_known(column) => {
                Some(self.whole(column, cancel)?)
            }
            None => None,
        };
        match made {
            Some(made) => {
                let rows = UInt32Array::from_iter_values(rows.iter().copied());
                Ok(gather(made, &rows))
            }
            None => {
                if let Some(known) = self.gathered.find(column, rows) {
                    return Ok(known);
                }
                let read = self.read(column, rows, cancel)?;
                self.gathered.keep(column, rows, &read);
                Ok(read)
            }
        }
    }
}

/// The rows of the events of a table, by number of the event.
pub(super) fn row_of(lineage: &Lineage, id: EventId) -> Option<usize> {
    let (mut low, mut high) = (0, lineage.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match lineage.row(middle).first()?.cmp(&id) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}
