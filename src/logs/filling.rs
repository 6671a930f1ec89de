//! A table while it is filled, chunk by chunk, with the rows that a transform gives.

use super::connectors::ColumnDef;
use crate::kql::run::frame::gather;
use crate::value::{Column, EventId, Lineage, Table, Type};
use arrow_array::builder::{StringBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, StringArray, UInt32Array, new_null_array,
};
use arrow_schema::DataType;
use std::sync::Arc;

/// Most bytes of text in a column: Arrow counts them in 31 bits.
const MOST_TEXT: usize = i32::MAX as usize - 64;
/// A column with more distinct texts than this, and than half its rows, is kept text by text.
const FEW: usize = 4_096;

enum Sink {
    /// Texts that repeat: a dictionary and the key of each row, negative for null.
    Coded {
        interner: StringDictionaryBuilder<Int32Type>,
        keys: Vec<i32>,
        distinct: usize,
        bytes: usize,
    },
    /// Texts that hardly repeat.
    Plain {
        builder: StringBuilder,
        bytes: usize,
    },
    /// Anything else.
    Other(Vec<ArrayRef>),
    /// The same in every row.
    Constant,
}

/// A table that grows.
pub(super) struct Filling<'c> {
    columns: &'c [ColumnDef],
    sinks: Vec<Sink>,
    planned: Vec<usize>,
    events: Vec<EventId>,
}

impl<'c> Filling<'c> {
    /// An empty table of these columns.
    pub fn new(columns: &'c [ColumnDef]) -> Self {
        let sinks = columns.iter().map(|column| match (column.from, column.ty) {
            (None, _) => Sink::Constant,
            (_, Type::String | Type::Dynamic) => Sink::Coded {
                interner: StringDictionaryBuilder::new(),
                keys: Vec::new(),
                distinct: 0,
                bytes: 0,
            },
            _ => Sink::Other(Vec::new()),
        });
        Self {
            columns,
            sinks: sinks.collect(),
            planned: vec![0; columns.len()],
            events: Vec::new(),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.events.len()
    }

    /// Bytes of memory, about.
    pub fn held(&self) -> u64 {
        let rows = self.rows();
        let sinks = self.sinks.iter().map(|sink| match sink {
            Sink::Coded { bytes, .. } => bytes + rows * 4,
            Sink::Plain { bytes, .. } => bytes + rows * 4,
            Sink::Other(arrays) => arrays.iter().map(|a| a.get_array_memory_size()).sum(),
            Sink::Constant => rows * 4,
        });
        sinks.sum::<usize>() as u64 + rows as u64 * 4
    }

    /// Gives the events of its rows other numbers.
    pub fn renumber(&mut self, numbers: &[Option<EventId>]) {
        for event in &mut self.events {
            *event = numbers
                .get(*event as usize)
                .copied()
                .flatten()
                .unwrap_or(*event);
        }
    }

    /// Sets room aside for the rows of a chunk, until [`Filling::append`] is next called.
    ///
    /// # Errors
    /// Where a column would hold more text than a column can.
    pub fn plan(&mut self, chunk: &Table) -> Result<(), String> {
        let full = "the table is full: a column holds at most 2 GB of text. Load fewer files";
        for ((sink, planned), column) in self.sinks.iter().zip(&mut self.planned).zip(self.columns)
        {
            let Some(from) = column.from.and_then(|at| chunk.columns.get(at)) else {
                continue;
            };
            let (Sink::Coded { bytes, .. } | Sink::Plain { bytes, .. }) = sink else {
                continue;
            };
            *planned += match from.array.as_dictionary_opt::<Int32Type>() {
                Some(dictionary) if matches!(sink, Sink::Coded { .. }) => dictionary
                    .values()
                    .as_string_opt::<i32>()
                    .map_or(0, |values| values.value_data().len()),
                _ => (0..from.len()).map(|row| from.text(row).len()).sum(),
            };
            if bytes + *planned > MOST_TEXT {
                return Err(full.to_owned());
            }
        }
        if self.rows() + chunk.rows > i32::MAX as usize {
            return Err(full.to_owned());
        }
        Ok(())
    }

    /// Adds rows of a chunk, each of an event.
    pub fn append(&mut self, chunk: &Table, rows: &[u32], events: &[EventId]) {
        self.planned.fill(0);
        let all = rows.len() == chunk.rows;
        let before = self.rows();
        for (sink, def) in self.sinks.iter_mut().zip(self.columns) {
            let Some(column) = def.from.and_then(|at| chunk.columns.get(at)) else {
                continue;
            };
            match sink {
                Sink::Constant => {}
                Sink::Other(arrays) if all => arrays.push(column.array.clone()),
                Sink::Other(arrays) => {
                    let rows = UInt32Array::from_iter_values(rows.iter().copied());
                    arrays.push(gather(column, &rows).array);
                }
                Sink::Plain { builder, bytes } => {
                    for row in rows {
                        let text = text(column, *row as usize);
                        *bytes += text.map_or(0, str::len);
                        builder.append_option(text);
                    }
                }
                Sink::Coded { .. } => {
                    code(sink, column, rows);
                    spell_out(sink, before + rows.len());
                }
            }
        }
        self.events.extend_from_slice(events);
    }

    /// The table, with one event a row.
    pub fn finish(self) -> Table {
        let rows = self.events.len();
        let columns = self.sinks.into_iter().zip(self.columns).map(|(sink, def)| {
            let array: ArrayRef = match sink {
                Sink::Coded {
                    mut interner, keys, ..
                } => {
                    let keys: Int32Array = keys.iter().map(|k| (*k >= 0).then_some(*k)).collect();
                    let values = interner.finish().values().clone();
                    DictionaryArray::try_new(keys, values).map_or_else(
                        |_| new_null_array(&DataType::Utf8, rows),
                        |array| Arc::new(array) as ArrayRef,
                    )
                }
                Sink::Plain { mut builder, .. } => Arc::new(builder.finish()),
                Sink::Other(arrays) => joined(def.ty, &arrays, rows),
                Sink::Constant => constant(def.ty, def.value.as_deref().unwrap_or(""), rows),
            };
            (def.name.clone(), Column { ty: def.ty, array })
        });
        let mut table = Table::new(columns.collect());
        table.rows = rows;
        table.lineage = Some(Lineage::single(self.events));
        table
    }
}

fn text(column: &Column, row: usize) -> Option<&str> {
    (column.ty == Type::String || !column.array.is_null(row)).then(|| column.text(row))
}

/// Adds rows to a coded column. A chunk's own dictionary is looked up once per distinct text.
fn code(sink: &mut Sink, column: &Column, rows: &[u32]) {
    let Sink::Coded {
        interner,
        keys,
        distinct,
        bytes,
    } = sink
    else {
        return;
    };
    let mut key_of = |text: &str| match interner.append(text) {
        Ok(key) => {
            if usize::try_from(key) == Ok(*distinct) {
                *distinct += 1;
                *bytes += text.len();
            }
            key
        }
        // Unreachable: there are never more rows than keys.
        Err(_) => -1,
    };
    let Some(dictionary) = column.array.as_dictionary_opt::<Int32Type>() else {
        let each = rows.iter().map(|row| text(column, *row as usize));
        keys.extend(each.map(|text| text.map_or(-1, &mut key_of)));
        return;
    };
    const UNKNOWN: i32 = i32::MIN;
    let mut known = vec![UNKNOWN; dictionary.values().len()];
    for row in rows {
        let row = *row as usize;
        let key = dictionary
            .key(row)
            .and_then(|key| known.get(key).map(|k| (key, *k)));
        keys.push(match key {
            Some((_, known)) if known != UNKNOWN => known,
            Some((key, _)) => {
                let made = text(column, row).map_or(-1, &mut key_of);
                if let Some(slot) = known.get_mut(key) {
                    *slot = made;
                }
                made
            }
            None => text(column, row).map_or(-1, &mut key_of),
        });
    }
}

/// A coded column whose texts turn out not to repeat is kept text by text from here on.
fn spell_out(sink: &mut Sink, rows: usize) {
    let Sink::Coded {
        interner,
        keys,
        distinct,
        ..
    } = sink
    else {
        return;
    };
    if *distinct <= FEW || *distinct * 2 <= rows {
        return;
    }
    let dictionary = interner.finish();
    let values = dictionary.values().as_string_opt::<i32>();
    let mut builder = StringBuilder::new();
    let mut bytes = 0;
    for key in keys.iter() {
        let at = usize::try_from(*key).ok();
        let text = at.and_then(|at| values.filter(|v| at < v.len()).map(|v| v.value(at)));
        bytes += text.map_or(0, str::len);
        builder.append_option(text);
    }
    *sink = Sink::Plain { builder, bytes };
}

fn joined(ty: Type, arrays: &[ArrayRef], rows: usize) -> ArrayRef {
    let refs: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
    match arrow_select::concat::concat(&refs) {
        Ok(array) if array.len() == rows => array,
        // No chunk at all.
        _ => constant(ty, "", rows),
    }
}

/// The same value in every row: a text in a string column, else null.
pub(super) fn constant(ty: Type, text: &str, rows: usize) -> ArrayRef {
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
    match ty {
        Type::String => dictionary(false),
        Type::Dynamic => dictionary(true),
        Type::Decimal | Type::Guid => new_null_array(&DataType::Utf8, rows),
        Type::Bool => new_null_array(&DataType::Boolean, rows),
        Type::Int => new_null_array(&DataType::Int32, rows),
        Type::Real => new_null_array(&DataType::Float64, rows),
        Type::Long | Type::DateTime | Type::TimeSpan => new_null_array(&DataType::Int64, rows),
    }
}
