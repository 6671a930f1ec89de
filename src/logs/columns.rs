//! The columns of a connector's table while it is filled.

use crate::value::{Column, ColumnBuilder, EventId, Lineage, Table, Type, Value};
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, StringArray, new_null_array};
use arrow_schema::DataType;
use std::sync::Arc;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Null; `""` in a string column.
    Null,
    /// Text of a string column, JSON text of a dynamic one.
    Text(String),
    /// Text that many rows share.
    Shared(&'static str),
    /// A long.
    Long(i64),
    /// A real.
    Real(f64),
    /// A datetime, ticks.
    Time(i64),
}

impl std::hash::Hash for Cell {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Cell::Null => 0_u8.hash(state),
            Cell::Text(text) => text.hash(state),
            Cell::Shared(text) => text.hash(state),
            Cell::Long(number) | Cell::Time(number) => number.hash(state),
            Cell::Real(number) => number.to_bits().hash(state),
        }
    }
}

/// How a column is kept and filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Storage {
    /// From the event; texts are dictionary-coded.
    Coded,
    /// From the event; texts hardly repeat and are kept one by one.
    Plain,
    /// The same text in every row.
    Fixed(&'static str),
    /// The same whole number in every row.
    FixedInt(i32),
    /// Null in every row (`""` in a string column): the connector does not fill it.
    Empty,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnDef {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// How it is kept.
    pub storage: Storage,
}

/// Most bytes of text in a column: Arrow counts them in 31 bits.
const MOST_TEXT: usize = i32::MAX as usize - 64;

enum Sink {
    Coded {
        builder: StringDictionaryBuilder<Int32Type>,
        distinct: usize,
        bytes: usize,
    },
    Other {
        builder: ColumnBuilder,
        bytes: usize,
    },
}

/// Fills a table row by row.
pub(super) struct Filling {
    columns: &'static [ColumnDef],
    sinks: Vec<Sink>,
    events: Vec<EventId>,
}

fn is_filled(column: &ColumnDef) -> bool {
    matches!(column.storage, Storage::Coded | Storage::Plain)
}

impl Filling {
    /// An empty table of these columns.
    pub fn new(columns: &'static [ColumnDef]) -> Self {
        let sinks = columns
            .iter()
            .filter(|c| is_filled(c))
            .map(|column| match (column.storage, column.ty) {
                (Storage::Coded, Type::String | Type::Dynamic) => Sink::Coded {
                    builder: StringDictionaryBuilder::new(),
                    distinct: 0,
                    bytes: 0,
                },
                _ => Sink::Other {
                    builder: ColumnBuilder::plain(column.ty),
                    bytes: 0,
                },
            })
            .collect();
        Self {
            columns,
            sinks,
            events: Vec::new(),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.events.len()
    }

    /// Adds the row of an event: one cell for each column that is not fixed or empty.
    ///
    /// # Errors
    /// Where a column would hold more text than a column can; the row is not added.
    pub fn push(&mut self, event: EventId, cells: &[Cell]) -> Result<(), &'static str> {
        let full = self.sinks.iter().zip(cells).any(|(sink, cell)| {
            let size = match cell {
                Cell::Text(text) => text.len(),
                _ => 0,
            };
            let (Sink::Coded { bytes, .. } | Sink::Other { bytes, .. }) = sink;
            bytes + size > MOST_TEXT
        });
        if full || self.rows() >= i32::MAX as usize {
            return Err("the table is full: a column holds at most 2 GB of text. Load fewer files");
        }
        let mut cells = cells.iter();
        for (sink, column) in self
            .sinks
            .iter_mut()
            .zip(self.columns.iter().filter(|c| is_filled(c)))
        {
            push_cell(sink, column.ty, cells.next().unwrap_or(&Cell::Null));
        }
        self.events.push(event);
        Ok(())
    }

    /// The table, with one event a row.
    pub fn finish(self) -> Table {
        let rows = self.events.len();
        let mut sinks = self.sinks.into_iter();
        let columns = self
            .columns
            .iter()
            .map(|def| {
                let column = match def.storage {
                    Storage::Coded | Storage::Plain => match sinks.next() {
                        Some(Sink::Coded { mut builder, .. }) => Column {
                            ty: def.ty,
                            array: Arc::new(builder.finish()),
                        },
                        Some(Sink::Other { builder, .. }) => builder.finish(),
                        None => constant(def.ty, "", rows),
                    },
                    Storage::Fixed(text) => constant(def.ty, text, rows),
                    Storage::FixedInt(number) => {
                        let mut builder = ColumnBuilder::new(def.ty);
                        for _ in 0..rows {
                            builder.push(&Value::Int(number));
                        }
                        builder.finish()
                    }
                    Storage::Empty => constant(def.ty, "", rows),
                };
                (def.name.to_owned(), column)
            })
            .collect();
        let mut table = Table::new(columns);
        table.lineage = Some(Lineage::single(self.events));
        table
    }
}

fn push_cell(sink: &mut Sink, ty: Type, cell: &Cell) {
    let text = match cell {
        Cell::Text(text) => Some(text.as_str()),
        Cell::Shared(text) => Some(*text),
        Cell::Null if ty == Type::String => Some(""),
        _ => None,
    };
    match (sink, text) {
        (
            Sink::Coded {
                builder,
                distinct,
                bytes,
            },
            Some(text),
        ) => match builder.append(text) {
            Ok(key) if key as usize == *distinct => {
                *distinct += 1;
                *bytes += text.len();
            }
            Ok(_) => {}
            // Unreachable: there are never more rows than keys.
            Err(_) => builder.append_null(),
        },
        (Sink::Coded { builder, .. }, None) => builder.append_null(),
        (Sink::Other { builder, bytes }, Some(text)) => {
            builder.push_text(text);
            *bytes += text.len();
        }
        (Sink::Other { builder, .. }, None) => builder.push(&match cell {
            Cell::Long(number) => Value::Long(*number),
            Cell::Real(number) => Value::Real(*number),
            Cell::Time(ticks) => Value::DateTime(*ticks),
            _ => Value::Null,
        }),
    }
}

/// A column with the same value in every row: a text in a string column, else null.
fn constant(ty: Type, text: &str, rows: usize) -> Column {
    let dictionary = |nulls: bool| -> ArrayRef {
        let keys: Int32Array = if nulls {
            std::iter::repeat_n(None, rows).collect()
        } else {
            Int32Array::from(vec![0; rows])
        };
        let values = StringArray::from(vec![text]);
        DictionaryArray::<Int32Type>::try_new(keys, Arc::new(values)).map_or_else(
            |_| new_null_array(&DataType::Utf8, rows),
            |array| Arc::new(array) as ArrayRef,
        )
    };
    let array = match ty {
        Type::String => dictionary(false),
        Type::Dynamic => dictionary(true),
        Type::Decimal | Type::Guid => new_null_array(&DataType::Utf8, rows),
        Type::Bool => new_null_array(&DataType::Boolean, rows),
        Type::Int => new_null_array(&DataType::Int32, rows),
        Type::Real => new_null_array(&DataType::Float64, rows),
        Type::Long | Type::DateTime | Type::TimeSpan => new_null_array(&DataType::Int64, rows),
    };
    debug_assert_eq!(array.len(), rows);
    Column { ty, array }
}
