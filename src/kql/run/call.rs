//! Calls of scalar functions over many rows: whole columns where a function can, else blocks of rows on all cores.

use super::datum::{Datum, small_dictionary, spread};
use super::hash::{Map, map};
use super::{Runtime, Stop, chunks, frame};
use crate::diagnostic::Span;
use crate::kql::functions::{Context, Function, MAX_COLUMN, fast};
use crate::kql::operators::union;
use crate::value::{Column, Type};
use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Int32Array};
use std::sync::Arc;

/// Rows from which blocks pay.
const MANY: usize = 2 * chunks::BLOCK;

/// A call of a function: of what type, and where it stands.
pub struct Call<'a> {
    /// Which.
    pub function: &'static Function,
    /// The result's type.
    pub ty: Type,
    /// Its text.
    pub span: Span,
    /// The run.
    pub runtime: &'a Runtime<'a>,
}

impl Call<'_> {
    /// Computes it for all rows.
    ///
    /// # Errors
    /// When cancelled, at a limit, or where a value cannot be computed.
    pub fn over(&self, args: &[Datum], rows: usize) -> Result<Datum, Stop> {
        if !self.function.constant_foldable() {
            // Another value in every row: it depends on which row it is.
            return self.once(args, rows);
        }
        let cancel = &self.runtime.options.cancel;
        if let Some(made) = fast::call(self.function.name(), args, self.ty, cancel) {
            self.runtime.check()?;
            return Ok(made);
        }
        let columns: Vec<(usize, &Column)> = args
            .iter()
            .enumerate()
            .filter_map(|(at, a)| match a {
                Datum::Column(column) => Some((at, column)),
                Datum::Const(..) => None,
            })
            .collect();
        let dictionary = match columns.as_slice() {
            [] => return self.once(args, rows),
            [(at, column)] => small_dictionary(column).map(|(d, v)| (*at, *column, d, v)),
            _ => None,
        };
        let Some((at, column, dictionary, values)) = dictionary else {
            return if rows < MANY {
                self.once(args, rows)
            } else {
                self.in_blocks(args, rows)
            };
        };
        if values.len() < MANY {
            return match self.once(args, rows) {
                // A distinct value may be no row's: only what the rows have counts.
                Err(Stop::Failed(_)) if !dictionary.values().is_empty() => {
                    let mut own = args.to_vec();
                    if let Some(slot) = own.get_mut(at) {
                        *slot = Datum::Column(plain(column));
                    }
                    self.in_blocks(&own, rows)
                }
                made => made,
            };
        }
        // Each distinct value once, and null behind them.
        let nothing = frame::nulls(Type::Dynamic, 1);
        let Ok(array) = arrow_select::concat::concat(&[values as &dyn Array, &nothing.array])
        else {
            return self.once(args, rows);
        };
        let distinct = Column {
            ty: column.ty,
            array,
        };
        let count = distinct.len();
        let mut each = args.to_vec();
        if let Some(slot) = each.get_mut(at) {
            *slot = Datum::Column(distinct);
        }
        let result = self.in_blocks(&each, count)?.into_column(count);
        let missing = i32::try_from(count - 1).unwrap_or(0);
        let keys = match dictionary.null_count() {
            0 => dictionary.keys().clone(),
            _ => {
                let keys = dictionary.keys().iter();
                keys.map(|k| Some(k.unwrap_or(missing))).collect()
            }
        };
        Ok(Datum::Column(spread(&plain(&result), &keys)))
    }

    fn once(&self, args: &[Datum], rows: usize) -> Result<Datum, Stop> {
        let types: Vec<Type> = args.iter().map(Datum::ty).collect();
        let context = Context {
            now: self.runtime.options.now,
            ty: self.ty,
            types: &types,
            span: self.span,
            regexes: &self.runtime.regexes,
            geo: Default::default(),
            refused: std::cell::Cell::new(None),
        };
        self.function.call(&context, args, rows)
    }

    fn in_blocks(&self, args: &[Datum], rows: usize) -> Result<Datum, Stop> {
        let blocks = chunks::map(rows, &self.runtime.options.cancel, |block| {
            let own: Vec<Datum> = args
                .iter()
                .map(|arg| match arg {
                    Datum::Column(column) => Datum::Column(Column {
                        ty: column.ty,
                        array: column.array.slice(block.start, block.len()),
                    }),
                    constant => constant.clone(),
                })
                .collect();
            Ok(self.once(&own, block.len())?.into_column(block.len()))
        })?;
        let pieces: Vec<Column> = blocks.into_iter().collect::<Result<_, Stop>>()?;
        let bytes: usize = pieces.iter().map(text_bytes).sum();
        if bytes > MAX_COLUMN {
            let message = format!(
                "`{}` makes a column of more than {} MB",
                self.function.name(),
                MAX_COLUMN >> 20
            );
            return Err(Stop::limit(self.span, message));
        }
        Ok(Datum::Column(joined(self.ty, &pieces)))
    }
}

fn text_bytes(column: &Column) -> usize {
    let texts = match column.array.as_dictionary_opt::<Int32Type>() {
        Some(dictionary) => dictionary.values().as_string_opt::<i32>(),
        None => column.array.as_string_opt::<i32>(),
    };
    texts.map_or(0, |t| t.value_data().len())
}

/// Texts without a dictionary.
pub fn plain(column: &Column) -> Column {
    let Some(dictionary) = column.array.as_dictionary_opt::<Int32Type>() else {
        return column.clone();
    };
    match arrow_select::take::take(dictionary.values().as_ref(), dictionary.keys(), None) {
        Ok(array) => Column {
            ty: column.ty,
            array,
        },
        Err(_) => column.clone(),
    }
}

/// Blocks of rows one behind the other; their dictionaries become one, in which a text occurs once.
fn joined(ty: Type, pieces: &[Column]) -> Column {
    let mut parts = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let dictionary = piece.array.as_dictionary_opt::<Int32Type>();
        let values = dictionary.and_then(|d| d.values().as_string_opt::<i32>());
        match (dictionary, values) {
            (Some(dictionary), Some(values)) => parts.push((dictionary, values)),
            _ => return union::concat(ty, pieces),
        }
    }
    let mut seen: Map<&str, i32> = map();
    let mut texts = StringBuilder::new();
    let mut keys: Vec<Option<i32>> = Vec::new();
    for (dictionary, values) in parts {
        let new: Vec<Option<i32>> = values
            .iter()
            .map(|text| {
                let text = text?;
                let next = i32::try_from(seen.len()).unwrap_or(i32::MAX);
                Some(*seen.entry(text).or_insert_with(|| {
                    texts.append_value(text);
                    next
                }))
            })
            .collect();
        keys.extend(dictionary.keys().iter().map(|k| {
            let at = usize::try_from(k?).ok()?;
            new.get(at).copied().flatten()
        }));
    }
    match DictionaryArray::try_new(Int32Array::from(keys), Arc::new(texts.finish())) {
        Ok(array) => Column {
            ty,
            array: Arc::new(array),
        },
        Err(_) => union::concat(ty, pieces),
    }
}
