//! What is kept of every event: where it lies, whose it is, when it happened. A few bytes each.

use super::again::Kept;
use super::connectors::{Cell, Connector, Connectors, read};
use super::forms::Reading;
use super::lane::Lane;
use super::shapes;
use super::text::{Reader, Room, Text};
use crate::value::{EventId, Lineage};
use arrow_array::Int64Array;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What is kept of an event beside its time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored {
    /// Where its text begins in its file.
    pub start: u64,
    /// How long it is.
    pub length: u32,
    /// The line at which it begins, from 1.
    pub line: u32,
    /// Index of its file.
    pub file: u32,
    /// Index of the connector that took it.
    pub connector: u16,
    /// How it is read: [`PLAIN`], [`OBJECT`], or one of the readings behind them.
    reading: u16,
}

/// The text is the event itself: an object that is wrapped in nothing and was no row of a table.
const PLAIN: u16 = 0;
/// The text is an object.
const OBJECT: u16 = 1;
const NO_TIME: i64 = i64::MIN;

/// The times that are known.
pub(super) fn known(times: &[i64]) -> impl Iterator<Item = i64> {
    times.iter().copied().filter(|time| *time != NO_TIME)
}

impl Stored {
    /// Whether its text is the event itself: an object that is wrapped in nothing and was no row of a table.
    pub fn plain(&self) -> bool {
        self.reading == PLAIN
    }

    /// A number for the way in which it is read.
    pub fn way(&self) -> u16 {
        self.reading
    }

    /// The bytes of its text.
    pub fn range(&self) -> std::ops::Range<u64> {
        self.start..self.start + u64::from(self.length)
    }
}

/// A record that becomes an event.
pub(super) struct Record<'r> {
    pub range: std::ops::Range<u64>,
    pub line: usize,
    pub file: usize,
    pub connector: usize,
    pub plain: bool,
    pub reading: &'r Reading,
    pub time: Option<i64>,
}

/// The events in the order they were loaded.
#[derive(Debug, Default)]
pub(super) struct Events {
    stored: Vec<Stored>,
    times: Vec<i64>,
    /// How records are read that are no objects.
    readings: Vec<Reading>,
}

impl Events {
    /// Bytes of memory of one.
    pub const EACH: u64 = (size_of::<Stored>() + size_of::<i64>()) as u64;

    /// Adds an event; none where it or its number is beyond what is kept.
    pub fn push(&mut self, record: &Record<'_>) -> Option<EventId> {
        let id = u32::try_from(self.stored.len()).ok()?;
        let stored = Stored {
            start: record.range.start,
            length: u32::try_from(record.range.end - record.range.start).ok()?,
            line: u32::try_from(record.line).unwrap_or(u32::MAX),
            file: u32::try_from(record.file).ok()?,
            connector: u16::try_from(record.connector).ok()?,
            reading: match record.reading {
                Reading::Line | Reading::Object if record.plain => PLAIN,
                Reading::Line | Reading::Object => OBJECT,
                other => self.reading_number(other)?,
            },
        };
        self.stored.push(stored);
        self.times.push(record.time.unwrap_or(NO_TIME));
        Some(id)
    }

    fn reading_number(&mut self, reading: &Reading) -> Option<u16> {
        // The rows of a page come one after another.
        let known = self.readings.iter().rposition(|r| r.is_same(reading));
        let at = match known {
            Some(at) => at,
            None => {
                self.readings.push(reading.clone());
                self.readings.len() - 1
            }
        };
        u16::try_from(at + 2).ok()
    }

    /// Adds the events of a block of lines of a file.
    pub fn append(&mut self, block: &[Stored], times: &[i64]) {
        self.stored.extend_from_slice(block);
        self.times.extend_from_slice(times);
    }

    /// Makes room for more events.
    pub fn reserve(&mut self, more: usize) {
        self.stored.reserve(more);
        self.times.reserve(more);
    }

    pub fn len(&self) -> usize {
        self.stored.len()
    }

    pub fn get(&self, id: EventId) -> Option<&Stored> {
        self.stored.get(id as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Stored> {
        self.stored.iter()
    }

    /// The time of an event.
    pub fn time(&self, id: EventId) -> Option<i64> {
        let time = self.times.get(id as usize)?;
        (*time != NO_TIME).then_some(*time)
    }

    /// The times of all events that have one.
    pub fn times(&self) -> impl Iterator<Item = i64> {
        known(&self.times)
    }

    /// Adds events of an earlier load, as those of a file. None where one cannot be kept; then none is added.
    pub fn take_over(
        &mut self,
        earlier: &Events,
        part: std::ops::Range<usize>,
        file: usize,
    ) -> Option<()> {
        let file = u32::try_from(file).ok()?;
        let events = earlier.stored.get(part.clone())?;
        let times = earlier.times.get(part)?;
        u32::try_from(self.stored.len() + events.len()).ok()?;
        let mut numbers: BTreeMap<u16, u16> = BTreeMap::new();
        for event in events.iter().filter(|event| event.reading > OBJECT) {
            if let std::collections::btree_map::Entry::Vacant(slot) = numbers.entry(event.reading) {
                slot.insert(self.reading_number(earlier.reading(event))?);
            }
        }
        self.stored.extend(events.iter().map(|event| {
            Stored {
                file,
                reading: numbers
                    .get(&event.reading)
                    .copied()
                    .unwrap_or(event.reading),
                ..*event
            }
        }));
        self.times.extend_from_slice(times);
        Some(())
    }

    /// The times of some events as a column.
    pub fn time_column(&self, events: &Lineage) -> Int64Array {
        let of = |row: usize| events.row(row).first().copied();
        let last = events.len().checked_sub(1);
        let run = match (of(0), last.and_then(of)) {
            // One after another, as a rule.
            (Some(first), Some(last)) if (last - first) as usize + 1 == events.len() => {
                self.times.get(first as usize..=last as usize)
            }
            _ => None,
        };
        match run {
            Some(times) if !times.contains(&NO_TIME) => Int64Array::from(times.to_vec()),
            _ => (0..events.len()).map(|row| self.time(of(row)?)).collect(),
        }
    }

    /// How the text of an event is read.
    pub fn reading(&self, stored: &Stored) -> &Reading {
        let other = usize::from(stored.reading).checked_sub(2);
        other
            .and_then(|at| self.readings.get(at))
            .unwrap_or(&Reading::Object)
    }

    /// Drops events; gives the new number of each, none for a dropped one.
    pub fn retain(&mut self, keep: &[bool]) -> Vec<Option<EventId>> {
        let mut next = 0;
        let numbers = (0..self.stored.len()).map(|at| {
            let kept = keep.get(at).copied().unwrap_or(true);
            kept.then(|| {
                next += 1;
                next - 1
            })
        });
        let numbers: Vec<Option<EventId>> = numbers.collect();
        let mut kept = numbers.iter().map(Option::is_some);
        self.stored.retain(|_| kept.next().unwrap_or(true));
        let mut kept = numbers.iter().map(Option::is_some);
        self.times.retain(|_| kept.next().unwrap_or(true));
        numbers
    }
}

/// An event of a block of plain lines.
pub(super) fn line_event(
    range: std::ops::Range<u64>,
    line: usize,
    file: usize,
    connector: usize,
    time: Option<i64>,
) -> Option<(Stored, i64)> {
    let stored = Stored {
        start: range.start,
        length: u32::try_from(range.end - range.start).ok()?,
        line: u32::try_from(line).ok()?,
        file: u32::try_from(file).ok()?,
        connector: u16::try_from(connector).ok()?,
        reading: PLAIN,
    };
    Some((stored, time.unwrap_or(NO_TIME)))
}

/// The texts and the events in them.
#[derive(Debug)]
pub(super) struct Store {
    pub connectors: Connectors,
    pub texts: Vec<Text>,
    pub events: Events,
    /// Lanes that nobody uses now, with the shapes they have seen.
    pub lanes: Mutex<Vec<Lane>>,
    /// What readers that nobody uses now have open.
    pub rooms: Mutex<Vec<Room>>,
    /// Of each file what a later load can take over.
    pub kept: Vec<Option<Kept>>,
    /// Which connectors make their columns when somebody asks for one.
    pub late: Vec<bool>,
}

impl Store {
    /// A reader of records, and of so many bytes at once.
    pub fn reader(&self, ahead: usize) -> Reader<'_> {
        Reader::new(&self.texts, ahead)
    }

    /// The text of an event.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn raw(&self, id: EventId) -> Result<String, String> {
        let stored = self.events.get(id).ok_or("there is no such event")?;
        let bytes = self.reading(|reader| {
            let bytes = reader.bytes(stored.file as usize, stored.range())?;
            Ok(bytes.to_vec())
        })?;
        String::from_utf8(bytes).map_err(|_| "the record is not UTF-8".to_owned())
    }

    /// The cells of some inputs (by number) of one event.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn cells_of(
        &self,
        connector: &Connector,
        stored: &Stored,
        wanted: &[usize],
    ) -> Result<Vec<Cell>, String> {
        let mut lane = self.lane();
        let cells =
            self.reading(|reader| self.some_cells((reader, &mut lane), connector, stored, wanted))?;
        self.give_back(lane);
        Ok(cells)
    }

    /// Reads something small, with a reader that goes on where the last one was.
    fn reading<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, String>,
    ) -> Result<T, String> {
        /// Bytes that are read at once where records are asked for one after another.
        const AHEAD: usize = 64 << 10;
        let rooms = || self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms().pop().filter(|room| room.is_fresh(&self.texts));
        let room = room.unwrap_or_default();
        let mut reader = Reader::with(&self.texts, AHEAD, room);
        let found = read(&mut reader)?;
        rooms().push(reader.leave());
        Ok(found)
    }

    /// A lane, to be given back.
    pub fn lane(&self) -> Lane {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.pop().unwrap_or_else(|| Lane::new(&self.connectors))
    }

    /// Gives a lane back. One that read a file which was no longer the same must not be given back.
    pub fn give_back(&self, lane: Lane) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.push(lane);
    }

    /// The cells of some inputs (by number) of an event.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn some_cells(
        &self,
        (reader, lane): (&mut Reader<'_>, &mut Lane),
        connector: &Connector,
        stored: &Stored,
        wanted: &[usize],
    ) -> Result<Vec<Cell>, String> {
        if stored.plain() {
            let bytes = reader.bytes(stored.file as usize, stored.range())?;
            let mut cells = lane.cells(bytes, &connector.inputs, wanted);
            if cells.is_none() && lane.learn_shape(bytes).is_some() {
                cells = lane.cells(bytes, &connector.inputs, wanted);
            }
            if let Some(cells) = cells {
                return Ok(cells);
            }
        }
        let mut all = self.cells(reader, connector, stored)?;
        let mut cell = |at: &usize| all.get_mut(*at).map(|c| std::mem::replace(c, Cell::Null));
        Ok(wanted
            .iter()
            .map(|at| cell(at).unwrap_or(Cell::Null))
            .collect())
    }

    /// The cells of an event, read strictly.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn cells(
        &self,
        reader: &mut Reader<'_>,
        connector: &Connector,
        stored: &Stored,
    ) -> Result<Vec<Cell>, String> {
        let bytes = reader.bytes(stored.file as usize, stored.range())?;
        let opened = shapes::read(bytes, self.events.reading(stored))?;
        Ok(read(connector, &opened.event, opened.loose).0)
    }
}
