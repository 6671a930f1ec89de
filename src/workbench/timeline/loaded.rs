//! All loaded events in order of time: what the timelines of all runs over the same logs have in common.

use super::data::EventInfo;
use crate::value::EventId;
use std::sync::Arc;

/// The loaded events, put in order once.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The tables, sorted by name, and their events.
    pub(super) tables: Vec<(Arc<str>, Arc<Events>)>,
    /// Where the events are, in order of time: the table and the place in it.
    places: Vec<(u32, u32)>,
    /// The places of the events in that order, by id, ascending.
    by_id: Vec<(EventId, u32)>,
    /// A number for all that decides where the events lie.
    pub(super) fingerprint: u64,
}

/// The events of one table, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// When they happened, ticks.
    pub times: Vec<i64>,
    /// Their identities.
    pub ids: Vec<EventId>,
    /// What happened.
    pub labels: Vec<Arc<str>>,
    /// The roles that are given; see [`EventInfo::series`].
    pub series: Vec<Option<u8>>,
}

/// One of them.
pub(super) struct Event<'a> {
    pub id: EventId,
    pub time: i64,
    pub table: usize,
    pub place: usize,
    pub label: &'a Arc<str>,
    pub series: Option<u8>,
}

impl Loaded {
    /// Puts events in order. Equal times keep the order of the input.
    pub fn new(mut events: Vec<EventInfo>) -> Self {
        events.sort_by_key(|e| e.time);
        let mut names: Vec<Arc<str>> = Vec::new();
        // Events of one table mostly follow each other.
        let mut last = 0;
        let mut table_of = Vec::with_capacity(events.len());
        for event in &events {
            if names.get(last).is_none_or(|name| *name != event.table) {
                let known = names.iter().position(|name| *name == event.table);
                last = known.unwrap_or_else(|| {
                    names.push(Arc::clone(&event.table));
                    names.len() - 1
                });
            }
            table_of.push(last);
        }
        let mut sorted: Vec<usize> = (0..names.len()).collect();
        sorted.sort_by_key(|at| names.get(*at));
        let mut new_place = vec![0; names.len()];
        for (new, old) in sorted.iter().enumerate() {
            if let Some(place) = new_place.get_mut(*old) {
                *place = new;
            }
        }
        let mut all: Vec<Events> = sorted.iter().map(|_| Events::default()).collect();
        let mut places = Vec::with_capacity(events.len());
        let mut by_id = Vec::with_capacity(events.len());
        // Events are many: mixed by hand, which is quicker than a keyed hash.
        let mut mix = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |n: u64| {
            mix = (mix ^ n)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(23);
        };
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        for (event, table) in events.into_iter().zip(table_of) {
            let table = new_place.get(table).copied().unwrap_or(0);
            let Some(own) = all.get_mut(table) else {
                continue;
            };
            add(event.time as u64);
            let series = event.series.map_or(0, |s| u64::from(s) + 1);
            add(u64::from(event.id) ^ (table as u64) << 32 ^ series << 50);
            by_id.push((event.id, number(places.len())));
            places.push((number(table), number(own.times.len())));
            own.times.push(event.time);
            own.ids.push(event.id);
            own.labels.push(event.label);
            own.series.push(event.series);
        }
        // Of several events of one id the last one counts.
        by_id.sort_unstable();
        let named = sorted.iter().filter_map(|old| names.get(*old)).cloned();
        Self {
            tables: named.zip(all.into_iter().map(Arc::new)).collect(),
            places,
            by_id,
            fingerprint: mix,
        }
    }

    /// The place of an event among all.
    pub(super) fn find(&self, id: EventId) -> Option<usize> {
        let behind = self.by_id.partition_point(|(known, _)| *known <= id);
        let (known, at) = self.by_id.get(behind.checked_sub(1)?)?;
        (*known == id).then_some(*at as usize)
    }

    /// The event at a place among all.
    pub(super) fn event(&self, at: usize) -> Option<Event<'_>> {
        let (table, place) = *self.places.get(at)?;
        let (table, place) = (table as usize, place as usize);
        let (_, events) = self.tables.get(table)?;
        Some(Event {
            id: *events.ids.get(place)?,
            time: *events.times.get(place)?,
            table,
            place,
            label: events.labels.get(place)?,
            series: *events.series.get(place)?,
        })
    }

    /// The first and the last time.
    pub(super) fn extent(&self) -> Option<(i64, i64)> {
        let first = self.event(0)?.time;
        let last = self.event(self.places.len().checked_sub(1)?)?.time;
        Some((first, last))
    }
}
