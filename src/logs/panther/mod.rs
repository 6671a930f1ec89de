//! Panther's view of the loaded events, lazy: an event is parsed when somebody asks for it, and the values at a path
//! are read from the raw text of all events once, into codes of the distinct values.
//!
//! | file | what lives there |
//! |---|---|
//! | `event` | one event as Panther sees it: details also under the key with underscores, and the fields that Panther adds |
//! | `place` | the value at a path of one event, read from its raw text |
//! | `column` | the values at a path of all events, as codes |
//! | `kept` | what is kept between questions: columns and events, within bounds |

mod column;
mod event;
mod kept;
mod place;

pub use column::{PathColumn, PathValue};

use super::Dataset;
use crate::event::{Common, EventJson};
use crate::value::EventId;
use kept::Kept;
use std::sync::Arc;

/// What is made once for each log type.
#[derive(Debug)]
pub(super) struct Shared {
    added: Added,
    /// In time order, those without a time first, else in the order they were loaded.
    ids: Vec<EventId>,
    kept: Kept,
}

/// What the view adds to an event that lacks it.
#[derive(Debug)]
pub(super) struct Added {
    pub log_type: String,
    /// Fields that are made of the event: its time, the connector's indicators.
    pub names: Vec<String>,
    /// The members that this makes, by connector.
    pub common: Vec<Arc<Common>>,
}

impl Shared {
    pub(super) fn new(data: &Dataset, log_type: &str) -> Self {
        let of_type: Vec<bool> = data
            .store
            .connectors
            .iter()
            .map(|c| c.log_type.as_deref() == Some(log_type))
            .collect();
        let ours = data
            .store
            .connectors
            .iter()
            .zip(&of_type)
            .filter(|(c, is)| **is || c.log_type_of.is_some());
        let indicators = ours.flat_map(|(c, _)| c.indicators.iter().map(|(name, _)| name.clone()));
        let names = std::iter::once(event::TIME.to_owned())
            .chain(indicators)
            .collect();
        let all = data.store.connectors.iter();
        let common = all.map(|c| Arc::new(event::common(log_type, &c.indicators)));
        let common = common.collect();
        let is_ours = |connector: usize| of_type.get(connector).copied().unwrap_or(false);
        let stretches = data.store.events.stretches();
        let stretches = stretches.filter(|(_, s)| is_ours(usize::from(s.connector)));
        let mut ids: Vec<EventId> = stretches.flat_map(|(ids, _)| ids).collect();
        ids.extend(data.typed.get(log_type).into_iter().flatten());
        ids.sort_unstable();
        ids.sort_by_key(|id| data.event_time(*id));
        Self {
            added: Added {
                log_type: log_type.to_owned(),
                names,
                common,
            },
            ids,
            kept: Kept::default(),
        }
    }
}

/// All events of a Panther log type, in time order (events without a time first). Events are read on demand,
/// with the detail key in Panther's spelling (`role_assignment_created`) beside the API's, and `p_log_type`
/// where it was absent; so are `p_event_time` and the indicator fields of the connector. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PantherView<'a> {
    data: &'a Dataset,
    shared: Option<Arc<Shared>>,
}

impl<'a> PantherView<'a> {
    pub(super) fn new(data: &'a Dataset, shared: Option<Arc<Shared>>) -> Self {
        Self { data, shared }
    }

    fn ids(&self) -> &[EventId] {
        self.shared.as_ref().map_or(&[], |shared| &shared.ids)
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.ids().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids().is_empty()
    }

    /// The event at a place of the view.
    pub fn id(&self, at: usize) -> Option<EventId> {
        self.ids().get(at).copied()
    }

    /// Its time in ticks, where it has one.
    pub fn time(&self, at: usize) -> Option<i64> {
        self.data.event_time(self.id(at)?)
    }

    /// How many events have no time or one up to the clock: they come first.
    pub fn until(&self, now: i64) -> usize {
        let late = |id: &EventId| self.data.event_time(*id).is_some_and(|time| time > now);
        self.ids().partition_point(|id| !late(id))
    }

    fn place(&self, at: usize) -> Result<(&Shared, EventId), String> {
        let place = self.shared.as_deref().zip(self.id(at));
        place.ok_or_else(|| "there is no such event".to_owned())
    }

    /// The event at a place of the view. Events asked for lately are kept.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence: its file is no longer what was loaded.
    pub fn event(&self, at: usize) -> Result<Arc<EventJson>, String> {
        let (shared, id) = self.place(at)?;
        if let Some(event) = shared.kept.event(id) {
            return Ok(event);
        }
        let event = Arc::new(self.passing(at)?);
        let size = self.data.byte_range(id).map_or(0, |range| range.len());
        shared.kept.keep_event(id, &event, size);
        Ok(event)
    }

    /// The same for whoever goes through all events: nothing is kept.
    ///
    /// # Errors
    /// As [`Self::event`].
    pub fn passing(&self, at: usize) -> Result<EventJson, String> {
        let (shared, id) = self.place(at)?;
        event::seen(self.data, id, &shared.added)
    }

    /// All events with their ids. Each is read as it is reached; see [`Self::event`] for the errors.
    pub fn iter(&self) -> impl Iterator<Item = Result<(EventId, Arc<EventJson>), String>> + '_ {
        let ids = self.ids().iter().enumerate();
        ids.map(|(at, id)| Ok((*id, Arc::new(self.passing(at)?))))
    }

    /// The values of all events at a path of keys, looked up as an event does it: each key exactly, else the first
    /// that is the same in lower case. Made once for the dataset, then shared. None where the path
    /// has so many different values that codes are no use.
    pub fn path_codes(&self, path: &[String]) -> Option<Arc<PathColumn>> {
        let shared = self.shared.as_ref()?;
        shared.kept.column(path, || {
            column::make(self.data, &shared.ids, path, &shared.added)
        })
    }
}

impl Dataset {
    /// The time of an event in ticks; none where it has none or the id is unknown.
    /// As [`Dataset::event`] says it, without looking its texts up.
    pub fn event_time(&self, id: EventId) -> Option<i64> {
        self.store.events.time(id)
    }
}
