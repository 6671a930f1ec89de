//! What is kept between questions about the events of a log type, within bounds.

use super::column::PathColumn;
use crate::event::EventJson;
use crate::value::EventId;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Bytes of all columns; beyond it those that were asked for longest ago go.
const COLUMNS: usize = 256 << 20;
/// Bytes of raw text of the events in each of the two halves of the event cache. A parsed event takes some
/// eight times its text.
const EVENTS: usize = 4 << 20;

type Slot = Arc<OnceLock<Option<Arc<PathColumn>>>>;

/// Columns by path, and events by id.
#[derive(Debug, Default)]
pub(super) struct Kept {
    columns: Mutex<Columns>,
    events: Mutex<Events>,
}

#[derive(Debug, Default)]
struct Columns {
    by_path: BTreeMap<Vec<String>, (u64, Slot)>,
    asked: u64,
}

/// Events in two halves: when the newer is full it becomes the older one, whose events are forgotten.
#[derive(Debug, Default)]
struct Events {
    newer: HashMap<EventId, Arc<EventJson>>,
    older: HashMap<EventId, Arc<EventJson>>,
    size: usize,
}

impl Kept {
    /// The column of a path, made where it is not there yet. Whoever asks meanwhile waits for it.
    pub fn column(
        &self,
        path: &[String],
        make: impl FnOnce() -> Option<PathColumn>,
    ) -> Option<Arc<PathColumn>> {
        let slot = {
            let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
            columns.asked += 1;
            let now = columns.asked;
            let (asked, slot) = columns.by_path.entry(path.to_vec()).or_default();
            *asked = now;
            Arc::clone(slot)
        };
        let known = slot.get().is_some();
        let column = slot.get_or_init(|| make().map(Arc::new)).clone();
        if !known {
            self.make_room(path);
        }
        column
    }

    /// Forgets columns until the rest is within bounds; the one just made stays.
    fn make_room(&self, newest: &[String]) {
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let made = |slot: &Slot| slot.get().and_then(|c| c.as_ref().map(|c| c.size()));
            let by_path = &columns.by_path;
            let all: usize = by_path.values().filter_map(|(_, slot)| made(slot)).sum();
            if all <= COLUMNS {
                return;
            }
            let oldest = by_path
                .iter()
                .filter(|(path, (_, slot))| *path != newest && made(slot).is_some())
                .min_by_key(|(_, (asked, _))| *asked)
                .map(|(path, _)| path.clone());
            let Some(oldest) = oldest else { return };
            columns.by_path.remove(&oldest);
        }
    }

    /// An event that was asked for lately.
    pub fn event(&self, id: EventId) -> Option<Arc<EventJson>> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let found = events.newer.get(&id).or_else(|| events.older.get(&id));
        found.cloned()
    }

    /// Keeps an event whose raw text has so many bytes.
    pub fn keep_event(&self, id: EventId, event: &Arc<EventJson>, size: usize) {
        if size > EVENTS / 16 {
            return;
        }
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.size + size > EVENTS {
            events.older = std::mem::take(&mut events.newer);
            events.size = 0;
        }
        if events.newer.insert(id, Arc::clone(event)).is_none() {
            events.size += size;
        }
    }
}
