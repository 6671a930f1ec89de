//! What the records of some events say of some inputs, each distinct saying once.
//!
//! A column has fewer values than rows as a rule: what was read of a record before is not made into cells again.

use super::connectors::{Cell, Connector};
use super::lane::Picks;
use super::store::Store;
use crate::kql::run::hash::{self, Quick};
use crate::value::{Column, EventId, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Int32Array, UInt32Array};
use std::hash::Hasher;
use std::ops::Range;
use std::sync::Arc;

/// Cells of events.
#[derive(Default)]
pub(super) struct Picked {
    /// The cells of the inputs, most distinct lists once.
    pub records: Vec<Vec<Cell>>,
    /// Which of them each event has.
    keys: Vec<u32>,
}

/// The texts that were seen, by their hash.
#[derive(Default)]
pub(super) struct Seen {
    texts: Vec<u8>,
    known: hash::Map<u64, (Range<usize>, u32)>,
    /// It does not help where hardly any text comes again.
    pub useless: bool,
}

impl Seen {
    pub fn hash(text: &[u8]) -> u64 {
        let mut hasher = Quick::default();
        hasher.write(text);
        hasher.finish()
    }

    /// The key of a text.
    pub fn find(&self, hash: u64, text: &[u8]) -> Option<u32> {
        let (range, key) = self.known.get(&hash)?;
        (self.texts.get(range.clone()) == Some(text)).then_some(*key)
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        *self = Self {
            useless: self.useless,
            ..Self::default()
        };
    }

    /// Bytes of all of them.
    pub fn size(&self) -> usize {
        self.texts.len()
    }

    /// Keeps a text that was not found. Of two with one hash the first is kept.
    pub fn add(&mut self, hash: u64, text: &[u8], key: u32) {
        let start = self.texts.len();
        self.texts.extend_from_slice(text);
        let range = start..self.texts.len();
        self.known.entry(hash).or_insert((range, key));
    }
}

impl Store {
    /// The cells of some inputs (by number) of events, read in their order with so many bytes at once.
    ///
    /// # Errors
    /// Why an event cannot be read, in one sentence.
    pub fn pick(
        &self,
        connector: &Connector,
        events: impl Iterator<Item = Option<EventId>>,
        wanted: &[usize],
        ahead: usize,
    ) -> Result<Picked, String> {
        /// So many events show whether what they say comes again.
        const SAMPLE: usize = 2_048;
        let mut reader = self.reader(ahead);
        let mut lane = self.lane();
        let mut picks = Picks::new(&connector.inputs, wanted);
        let mut seen = Seen::default();
        let mut picked = Picked::default();
        let mut text = Vec::new();
        for event in events {
            let stored = event.and_then(|event| self.events.get(event));
            let stored = stored.ok_or("there is no such row")?;
            let next = u32::try_from(picked.records.len()).map_err(|_| "too many rows")?;
            let mut cells = None;
            if stored.plain() {
                let line = reader.bytes(stored.file as usize, stored.range())?;
                let mut found = lane.pick(line, &mut picks);
                if found.is_none() && lane.learn_shape(line).is_some() {
                    found = lane.pick(line, &mut picks);
                }
                if found.is_some() {
                    if !seen.useless {
                        picks.text(line, &mut text);
                        let hash = Seen::hash(&text);
                        if let Some(key) = seen.find(hash, &text) {
                            picked.keys.push(key);
                            continue;
                        }
                        seen.add(hash, &text, next);
                    }
                    cells = picks.cells(line);
                }
            }
            picked.records.push(match cells {
                Some(cells) => cells,
                None => self.strict_cells(&mut reader, connector, stored, wanted)?,
            });
            picked.keys.push(next);
            if picked.keys.len() == SAMPLE && picked.records.len() > SAMPLE / 4 * 3 {
                seen = Seen {
                    useless: true,
                    ..Seen::default()
                };
            }
        }
        self.give_back(lane);
        Ok(picked)
    }
}

impl Picked {
    /// The column of all events, from that of the records.
    pub fn spread(&self, column: Column) -> Column {
        if self.keys.len() == self.records.len() {
            // Each has its own, in the same order.
            return column;
        }
        let rows = || UInt32Array::from_iter_values(self.keys.iter().copied());
        let is_text = matches!(column.ty, Type::String | Type::Dynamic);
        let values = column.array.as_string_opt::<i32>().filter(|_| is_text);
        // Texts that repeat are coded.
        let coded = values.and_then(|values| {
            let key = |key: &u32| {
                let key = i32::try_from(*key).ok()?;
                values.is_valid(key as usize).then_some(key)
            };
            let keys: Int32Array = self.keys.iter().map(key).collect();
            DictionaryArray::<Int32Type>::try_new(keys, Arc::new(values.clone())).ok()
        });
        match coded {
            Some(coded) => Column {
                ty: column.ty,
                array: Arc::new(coded),
            },
            None => crate::kql::run::frame::gather(&column, &rows()),
        }
    }
}
