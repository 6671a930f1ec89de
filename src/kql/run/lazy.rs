//! A column that is gathered, or made, when somebody reads it.

use super::frame::{Rows, gather, nulls};
use crate::kql::Late;
use crate::task::CancelToken;
use crate::value::{Column, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, UInt32Array};
use std::sync::{Arc, OnceLock};

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
    pub(super) fn stored(base: Column) -> Self {
        Self::of_store(Base::Column(base))
    }

    /// A column of a table whose columns are made when they are read.
    pub(super) fn late(table: &Arc<dyn Late>, at: usize, ty: Type, asked: &Asked) -> Self {
        Self::of_store(Base::Late(LateColumn {
            table: Arc::clone(table),
            at,
            ty,
            asked: asked.clone(),
        }))
    }

    fn of_store(base: Base) -> Self {
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
    pub(super) fn bytes(&self) -> usize {
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
    pub(super) fn bytes_to_come(&self) -> usize {
        match (&self.0.rows, self.0.cell.get()) {
            (Some(rows), None) => self.0.base.width(false) * rows.len(),
            _ => 0,
        }
    }

    /// Some of its rows; `compose` gives those of the rows that it shows itself.
    pub(super) fn take(
        &self,
        rows: &Rows,
        compose: &mut impl FnMut(&Option<Rows>) -> Rows,
    ) -> Self {
        // Paths into a stored dynamic column are known for all its rows.
        let there = self.0.base.column().is_some();
        let keep = self.0.stored && there && self.ty() == Type::Dynamic;
        let (base, rows, stored) = match self.0.cell.get() {
            Some(column) if !keep => (Base::Column(column.clone()), rows.clone(), false),
            _ => (self.0.base.clone(), compose(&self.0.rows), self.0.stored),
        };
        Self(Arc::new(Inner {
            base,
            rows: Some(rows),
            cell: OnceLock::new(),
            stored,
            from_store: self.0.from_store,
        }))
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
