//! Rows on their way through the operators. A column is only gathered when somebody reads it,
//! so that a filter over a wide table touches the columns it names and nothing else.

use crate::task::CancelToken;
use crate::value::{Column, ColumnBuilder, EventId, Late, Lineage, Table, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, StringArray, UInt32Array};
use std::sync::{Arc, OnceLock};

/// Which rows of another array; null for none (the missing side of an outer join).
pub type Rows = Arc<UInt32Array>;

/// A column that may not have been gathered yet.
#[derive(Clone, Debug)]
pub struct Lazy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    base: Base,
    rows: Option<Rows>,
    cell: OnceLock<Column>,
    /// Whether the base is a column of the catalog's tables, of which a [`super::memo::Memo`] may know more.
    stored: bool,
    /// Whether its texts are the catalog's.
    from_store: bool,
}

/// What rows are gathered from.
#[derive(Clone, Debug)]
enum Base {
    Column(Column),
    Late(LateColumn),
}

/// A column of a table whose columns are made when they are read.
#[derive(Clone, Debug)]
struct LateColumn {
    table: Arc<dyn Late>,
    at: usize,
    ty: Type,
    asked: Asked,
}

/// The run that reads late columns.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Stops it.
    pub cancel: CancelToken,
    /// Where it is told why a column could not be read. The column is empty then, and the run must not answer.
    pub unread: Arc<OnceLock<String>>,
}

impl LateColumn {
    /// What was read; an empty column where it cannot be, and then the run is told.
    fn or_empty(&self, read: Result<Column, String>, rows: usize) -> Column {
        read.unwrap_or_else(|reason| {
            // The first reason is enough.
            let _ = self.asked.unread.set(reason);
            nulls(self.ty, rows)
        })
    }

    fn whole(&self) -> Column {
        let read = self.table.whole(self.at, &self.asked.cancel).cloned();
        self.or_empty(read, self.table.rows())
    }

    fn some(&self, rows: &UInt32Array) -> Column {
        let made = self.table.made(self.at);
        if let Some(made) = made {
            return gather(made, rows);
        }
        let values = rows.values();
        let ascends = values.windows(2).all(|pair| pair.first() < pair.last());
        if ascends && rows.null_count() == 0 {
            let read = self.table.some(self.at, values, &self.asked.cancel);
            return self.or_empty(read, rows.len());
        }
        // In the order of the table, each once, and from there into the order that is wanted.
        let mut wanted: Vec<u32> = rows.iter().flatten().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let read = self.table.some(self.at, &wanted, &self.asked.cancel);
        let column = self.or_empty(read, wanted.len());
        let places = rows.iter().map(|row| {
            let place = wanted.binary_search(&row?).ok()?;
            u32::try_from(place).ok()
        });
        gather(&column, &places.collect())
    }
}

impl Base {
    /// The column, where it is there.
    fn column(&self) -> Option<&Column> {
        match self {
            Base::Column(column) => Some(column),
            Base::Late(late) => late.table.made(late.at),
        }
    }

    fn ty(&self) -> Type {
        match self {
            Base::Column(column) => column.ty,
            Base::Late(late) => late.ty,
        }
    }

    /// Bytes of a row, about; with the texts of a dictionary or without.
    fn width(&self, texts: bool) -> usize {
        /// Of a text that was not read yet.
        const GUESS: usize = 64;
        match (self.column(), self.ty()) {
            (Some(column), _) => width(column, texts),
            (None, Type::String | Type::Dynamic) => GUESS,
            (None, _) => 8,
        }
    }
}

impl Lazy {
    /// A column as it is.
    pub fn new(base: Column) -> Self {
        Self(Arc::new(Inner {
            base: Base::Column(base),
            rows: None,
            cell: OnceLock::new(),
            stored: false,
            from_store: false,
        }))
    }

    /// A column of the catalog's tables.
    fn stored(base: Base) -> Self {
        Self(Arc::new(Inner {
            base,
            rows: None,
            cell: OnceLock::new(),
            stored: true,
            from_store: true,
        }))
    }

    /// Bytes that it holds beside the catalog's tables, about. Texts that many columns share count once for each
    /// that was computed.
    fn bytes(&self) -> usize {
        let base = match &self.0.base {
            Base::Column(base) if !self.0.from_store => width(base, true) * base.len(),
            _ => 0,
        };
        let made = self
            .0
            .cell
            .get()
            .map_or(0, |c| width(c, !self.0.from_store) * c.len());
        base + made
    }

    /// Bytes that gathering it would add, about.
    fn bytes_to_come(&self) -> usize {
        match (&self.0.rows, self.0.cell.get()) {
            (Some(rows), None) => self.0.base.width(false) * rows.len(),
            _ => 0,
        }
    }

    /// The catalog's column that it shows and which rows of it (none for all), where it shows one that is there.
    pub fn origin(&self) -> Option<(&Column, Option<&Rows>)> {
        let rows = self.0.rows.as_ref();
        let base = self.0.base.column().filter(|_| self.0.stored)?;
        Some((base, rows))
    }

    /// Its type.
    pub fn ty(&self) -> Type {
        self.0.base.ty()
    }

    /// The column, gathered.
    pub fn get(&self) -> &Column {
        match (&self.0.base, &self.0.rows) {
            (Base::Column(base), None) => base,
            (Base::Column(base), Some(rows)) => self.0.cell.get_or_init(|| gather(base, rows)),
            (Base::Late(late), rows) => self.0.cell.get_or_init(|| match rows {
                None => late.whole(),
                Some(rows) => late.some(rows),
            }),
        }
    }
}

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
                .map(|column| Lazy::stored(Base::Column(column.clone())))
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
        let columns = table.schema().into_iter().enumerate().map(|(at, (_, ty))| {
            Lazy::stored(Base::Late(LateColumn {
                table: Arc::clone(table),
                at,
                ty,
                asked: asked.clone(),
            }))
        });
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
            .map(|lazy| {
                // Paths into a stored dynamic column are known for all its rows.
                let there = lazy.0.base.column().is_some();
                let keep = lazy.0.stored && there && lazy.ty() == Type::Dynamic;
                let (base, rows, stored) = match lazy.0.cell.get() {
                    Some(column) if !keep => (Base::Column(column.clone()), rows.clone(), false),
                    _ => (lazy.0.base.clone(), compose(&lazy.0.rows), lazy.0.stored),
                };
                Lazy(Arc::new(Inner {
                    base,
                    rows: Some(rows),
                    cell: OnceLock::new(),
                    stored,
                    from_store: lazy.0.from_store,
                }))
            })
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

/// Bytes of a row of a column, about; with the texts of its dictionary or without.
fn width(column: &Column, texts: bool) -> usize {
    let rows = column.len().max(1);
    if let Some(dictionary) = column.array.as_dictionary_opt::<Int32Type>() {
        let values = dictionary.values().as_string_opt::<i32>();
        let bytes = values.filter(|_| texts).map_or(0, |v| v.value_data().len());
        return 4 + bytes / rows;
    }
    match column.array.as_string_opt::<i32>() {
        Some(strings) => {
            let offsets = strings.value_offsets();
            let bytes = match (offsets.first(), offsets.last()) {
                (Some(first), Some(last)) => usize::try_from(last - first).unwrap_or(0),
                _ => 0,
            };
            4 + bytes.div_ceil(rows)
        }
        None => 8,
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
