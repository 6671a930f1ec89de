//! The loaded texts, and the events in them.

use super::again::Kept;
use super::connectors::{Cell, Connector, Connectors, pick, read};
pub(super) use super::events::{Events, Record, Stored};
use super::lane::Lane;
use super::shapes;
use super::text::{Reader, Room, Text};
use crate::value::EventId;
use std::sync::{Mutex, PoisonError};

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
        stored: Stored,
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
        stored: Stored,
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
        self.strict_cells(reader, connector, stored, wanted)
    }

    /// The same, read strictly.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn strict_cells(
        &self,
        reader: &mut Reader<'_>,
        connector: &Connector,
        stored: Stored,
        wanted: &[usize],
    ) -> Result<Vec<Cell>, String> {
        let bytes = reader.bytes(stored.file as usize, stored.range())?;
        let opened = shapes::read(bytes, self.events.reading(stored))?;
        Ok(pick(connector, &opened.event, opened.loose, wanted))
    }

    /// The cells of an event, read strictly.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn cells(
        &self,
        reader: &mut Reader<'_>,
        connector: &Connector,
        stored: Stored,
    ) -> Result<Vec<Cell>, String> {
        let bytes = reader.bytes(stored.file as usize, stored.range())?;
        let opened = shapes::read(bytes, self.events.reading(stored))?;
        Ok(read(connector, &opened.event, opened.loose).0)
    }
}
