//! The values at a path of all events of a log type, as codes of the distinct ones.

use super::Added;
use super::event;
use super::place::{self, Key, Place};
use crate::logs::Dataset;
use crate::task::in_threads;
use crate::value::EventId;
use serde_json::Value as Json;
use std::collections::HashMap;

/// Events that are read together.
const CHUNK: usize = 16_384;
/// A path may have this many different values, however few events there are …
const FEW: usize = 4096;
/// … and otherwise one for so many events.
const EVENTS_PER_VALUE: usize = 4;
/// Lists whose text is longer are kept as [`PathValue::List`].
const LONG_LIST: usize = 512;

/// What lies at a path of an event. Numbers count the keys of the path, from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum PathValue {
    /// A string, a number, a boolean, null, or a list that is short.
    Value(Json),
    /// A list that is not empty.
    List,
    /// An object that is empty.
    EmptyObject,
    /// An object that is not.
    Object,
    /// Everything before this key is there, the key is not.
    Missing(usize),
    /// This key would have to be looked up in something that is no object, and whether that is null.
    Blocked(usize, bool),
}

/// What lies at a path of every event.
#[derive(Debug)]
pub struct PathColumn {
    values: Vec<PathValue>,
    codes: Codes,
}

/// As narrow as the number of values allows.
#[derive(Debug)]
enum Codes {
    Narrow(Vec<u8>),
    Middle(Vec<u16>),
    Wide(Vec<u32>),
}

impl PathColumn {
    /// What occurs at the path. A value may stand there twice, if it is written in two ways.
    pub fn values(&self) -> &[PathValue] {
        &self.values
    }

    /// One answer for each event of a range of the view, from one answer for each of [`PathColumn::values`].
    /// None for a range beyond the events or answers that are too few.
    pub fn spread<T: Copy + Default>(
        &self,
        range: std::ops::Range<usize>,
        answers: &[T],
    ) -> Option<Vec<T>> {
        fn each<T: Copy + Default, C: Copy + Into<u32>>(codes: &[C], answers: &[T]) -> Vec<T> {
            let one = |code: &C| answers.get((*code).into() as usize);
            codes
                .iter()
                .map(|code| one(code).copied().unwrap_or_default())
                .collect()
        }
        if answers.len() < self.values.len() {
            return None;
        }
        Some(match &self.codes {
            Codes::Narrow(codes) => each(codes.get(range)?, answers),
            Codes::Middle(codes) => each(codes.get(range)?, answers),
            Codes::Wide(codes) => each(codes.get(range)?, answers),
        })
    }

    /// Bytes it takes, roughly.
    pub(super) fn size(&self) -> usize {
        let codes = match &self.codes {
            Codes::Narrow(codes) => codes.len(),
            Codes::Middle(codes) => codes.len() * 2,
            Codes::Wide(codes) => codes.len() * 4,
        };
        codes + self.values.len() * 128
    }
}

/// Reads the column; none where there are too many different values.
pub(super) fn make(
    data: &Dataset,
    ids: &[EventId],
    path: &[String],
    added: &Added,
) -> Option<PathColumn> {
    if path.len() > usize::from(u8::MAX) {
        return None;
    }
    let keys: Vec<Key> = path.iter().map(|key| Key::new(key)).collect();
    let chunks: Vec<&[EventId]> = ids.chunks(CHUNK).collect();
    let read = in_threads(chunks.len(), |at| {
        Part::read(data, chunks.get(at)?, &keys, added)
    });
    let mut all: HashMap<Place<'static>, u32> = HashMap::new();
    let mut places: Vec<Place<'static>> = Vec::new();
    let mut codes: Vec<u32> = Vec::with_capacity(ids.len());
    let most = FEW.max(ids.len() / EVENTS_PER_VALUE);
    for part in read {
        let part = part?;
        let mut new = Vec::with_capacity(part.places.len());
        for place in part.places {
            let next = u32::try_from(places.len()).ok()?;
            new.push(*all.entry(place).or_insert_with_key(|place| {
                places.push(place.clone());
                next
            }));
        }
        if places.len() > most {
            return None;
        }
        for code in part.codes {
            codes.push(*new.get(code as usize)?);
        }
    }
    let values: Vec<PathValue> = places
        .into_iter()
        .map(value)
        .collect::<Option<Vec<PathValue>>>()?;
    Some(PathColumn {
        codes: match values.len() {
            0..=0x100 => Codes::Narrow(codes.iter().map(|code| *code as u8).collect()),
            0x101..=0x1_0000 => Codes::Middle(codes.iter().map(|code| *code as u16).collect()),
            _ => Codes::Wide(codes),
        },
        values,
    })
}

/// The events of a chunk, with codes of their own.
struct Part {
    places: Vec<Place<'static>>,
    codes: Vec<u32>,
}

impl Part {
    fn read(data: &Dataset, ids: &[EventId], path: &[Key], added: &Added) -> Option<Self> {
        /// Bytes that are read at once.
        const AHEAD: usize = 256 << 10;
        let mut known: HashMap<Place<'static>, u32> = HashMap::new();
        let mut part = Part {
            places: Vec::new(),
            codes: Vec::with_capacity(ids.len()),
        };
        let mut reader = data.store.reader(AHEAD);
        for id in ids {
            let stored = data.store.events.get(*id)?;
            let place = if stored.plain() {
                let text = reader.bytes(stored.file as usize, stored.range()).ok()?;
                place::find(text, path, added)
            } else {
                None
            };
            let place = match place {
                Some(place) => place,
                None => place::find_read(&event::seen(data, *id, added).ok()?, path)?,
            };
            let place = match place {
                // Long lists differ from event to event, and few conditions look into them.
                Place::Value(text) if text.len() > LONG_LIST && text.first() == Some(&b'[') => {
                    Place::LongList
                }
                place => place,
            };
            let code = match known.get(&place) {
                Some(code) => *code,
                None => {
                    let code = part.places.len() as u32;
                    let place = place.kept();
                    part.places.push(place.clone());
                    known.insert(place, code);
                    code
                }
            };
            part.codes.push(code);
        }
        Some(part)
    }
}

fn value(place: Place<'_>) -> Option<PathValue> {
    Some(match place {
        Place::Value(text) => PathValue::Value(serde_json::from_slice::<Json>(&text).ok()?),
        Place::LongList => PathValue::List,
        Place::Object(true) => PathValue::EmptyObject,
        Place::Object(false) => PathValue::Object,
        Place::Missing(key) => PathValue::Missing(usize::from(key)),
        Place::Blocked(key, is_null) => PathValue::Blocked(usize::from(key), is_null),
    })
}
