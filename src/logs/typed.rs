//! Events whose log type stands in themselves: which of them are of which log type.

use super::connectors::{Cell, Connector, Member};
use super::ingest::{CHUNK, in_threads};
use super::store::Store;
use crate::value::EventId;
use std::collections::BTreeMap;

/// The events of the connectors that have no log type of their own, by log type.
pub(super) fn find(store: &Store) -> BTreeMap<String, Vec<EventId>> {
    let mut typed: BTreeMap<String, Vec<EventId>> = BTreeMap::new();
    for (number, connector) in store.connectors.iter().enumerate() {
        let Some(input) = input(connector) else {
            continue;
        };
        let ids: Vec<EventId> = store.events.of_connector(number).collect();
        let chunks: Vec<&[EventId]> = ids.chunks(CHUNK).collect();
        let read = in_threads(chunks.len(), |at| {
            let chunk = chunks.get(at).copied().unwrap_or_default();
            of(store, connector, input, chunk)
        });
        for (log_type, mut events) in read.into_iter().flatten().flatten() {
            typed.entry(log_type).or_default().append(&mut events);
        }
    }
    typed
}

/// The input that is the log type.
fn input(connector: &Connector) -> Option<usize> {
    let member = connector.log_type_of.as_ref()?;
    let is_it = |from: &Member| matches!(from, Member::Named(name) if name == member);
    connector.inputs.iter().position(|input| is_it(&input.from))
}

/// Events that cannot be read any more are left out: their file has changed since it was loaded.
fn of(
    store: &Store,
    connector: &Connector,
    input: usize,
    ids: &[EventId],
) -> BTreeMap<String, Vec<EventId>> {
    let mut typed: BTreeMap<String, Vec<EventId>> = BTreeMap::new();
    let mut reader = store.reader(256 << 10);
    let mut lane = store.lane();
    for id in ids {
        let Some(stored) = store.events.get(*id) else {
            continue;
        };
        let cells = store.some_cells((&mut reader, &mut lane), connector, stored, &[input]);
        let Some(Cell::Text(log_type)) = cells.ok().and_then(|cells| cells.into_iter().next())
        else {
            continue;
        };
        match typed.get_mut(&log_type) {
            Some(events) => events.push(*id),
            None => drop(typed.insert(log_type, vec![*id])),
        }
    }
    store.give_back(lane);
    typed
}
