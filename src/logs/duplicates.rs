//! Events that several files give, among those whose rows are made late: same connector, same identifier, same row.
//!
//! Nothing is done where the files of a connector lie apart in time: the time is part of the row. Otherwise the
//! identifiers are read; where records of one identifier differ in their text, their rows decide.

use super::connectors::{Cell, Connector};
use super::events::span;
use super::ingest::{self, CHUNK, in_threads};
use super::store::Store;
use crate::value::EventId;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    /// Events that an earlier file gave as well.
    pub repeats: Vec<EventId>,
    /// Files that could not be read again, and why.
    pub failed: Vec<(usize, String)>,
}

/// An event with an identifier.
struct Candidate {
    id: u64,
    text: u64,
    event: EventId,
    file: u32,
}

/// Finds the events that an earlier file gave as well.
pub(super) fn find(store: &Store, is_late: impl Fn(usize) -> bool) -> Found {
    let mut found = Found::default();
    for (number, files) in overlapping(store) {
        let Some(connector) = store.connectors.get(number).filter(|_| is_late(number)) else {
            continue;
        };
        let Some(input) = connector.id_input() else {
            continue;
        };
        let stretches = store.events.stretches();
        let ours = stretches.filter(|(_, stretch)| {
            usize::from(stretch.connector) == number && files.contains(&stretch.file)
        });
        let ids: Vec<EventId> = ours.flat_map(|(ids, _)| ids).collect();
        match candidates(store, connector, input, &ids) {
            Ok(candidates) => repeats(store, connector, candidates, &mut found),
            Err(reason) => {
                let last = files.iter().max().copied().unwrap_or_default();
                found.failed.push((last as usize, unread(&reason)));
            }
        }
    }
    found.repeats.sort_unstable();
    found
}

fn unread(reason: &str) -> String {
    format!("its events could not be compared with those of other files: {reason}")
}

/// The connectors that have files which overlap in time, and those files.
fn overlapping(store: &Store) -> BTreeMap<usize, HashSet<u32>> {
    /// First and last time, whether an event has none.
    type Span = (i64, i64, bool);
    let mut spans: HashMap<(u16, u32), Span> = HashMap::new();
    for (ids, stretch) in store.events.stretches() {
        let key = (stretch.connector, stretch.file);
        let (first, last) = span(store.events.times_of(&ids)).unwrap_or((i64::MAX, i64::MIN));
        let timeless = !store.events.all_have_time(&ids);
        let all = spans.entry(key).or_insert((i64::MAX, i64::MIN, false));
        *all = (all.0.min(first), all.1.max(last), all.2 || timeless);
    }
    let mut by_connector: BTreeMap<u16, Vec<(u32, Span)>> = BTreeMap::new();
    for ((connector, file), span) in spans {
        by_connector
            .entry(connector)
            .or_default()
            .push((file, span));
    }
    let mut overlapping = BTreeMap::new();
    for (connector, mut files) in by_connector {
        let mut found: HashSet<u32> = HashSet::new();
        let timeless = files
            .iter()
            .filter(|(_, span)| span.2)
            .map(|(file, _)| *file);
        let timeless: Vec<u32> = timeless.collect();
        if timeless.len() > 1 {
            found.extend(timeless);
        }
        files.sort_by_key(|(_, span)| span.0);
        // Files that hang together in time.
        let mut group: Vec<u32> = Vec::new();
        let mut until = i64::MIN;
        for (file, (first, last, _)) in files.into_iter().filter(|(_, span)| span.0 <= span.1) {
            if first > until {
                group.clear();
            }
            group.push(file);
            until = until.max(last);
            if group.len() > 1 {
                found.extend(group.iter().copied());
                group.truncate(1);
            }
        }
        if !found.is_empty() {
            overlapping.insert(usize::from(connector), found);
        }
    }
    overlapping
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Reads the identifiers of events; those without one are passed over.
fn candidates(
    store: &Store,
    connector: &Connector,
    input: usize,
    ids: &[EventId],
) -> Result<Vec<Candidate>, String> {
    let chunks: Vec<&[EventId]> = ids.chunks(CHUNK).collect();
    let read = in_threads(chunks.len(), |n| {
        let mut reader = store.reader(256 << 10);
        let mut lane = store.lane();
        let mut found = Vec::new();
        for id in chunks.get(n).copied().unwrap_or_default() {
            let stored = store.events.get(*id).ok_or("there is no such event")?;
            let with = (&mut reader, &mut lane);
            let cells = store.some_cells(with, connector, stored, &[input])?;
            let Some(Cell::Text(text)) = cells.first().filter(|c| **c != Cell::Text(String::new()))
            else {
                continue;
            };
            let bytes = reader.bytes(stored.file as usize, stored.range())?;
            found.push(Candidate {
                id: hash(text),
                text: hash((bytes, stored.way())),
                event: *id,
                file: stored.file,
            });
        }
        store.give_back(lane);
        Ok(found)
    });
    let mut all = Vec::new();
    for part in read {
        all.extend(part.unwrap_or_else(|| Err("they could not be read".to_owned()))?);
    }
    Ok(all)
}

fn repeats(
    store: &Store,
    connector: &Connector,
    mut candidates: Vec<Candidate>,
    found: &mut Found,
) {
    candidates.sort_by_key(|c| (c.id, c.event));
    let mut differing: Vec<&Candidate> = Vec::new();
    for group in candidates.chunk_by(|a, b| a.id == b.id) {
        let Some(first) = group.first() else { continue };
        if group.iter().all(|c| c.file == first.file) {
            continue;
        }
        if group.iter().all(|c| c.text == first.text) {
            let later = group.iter().filter(|c| c.file != first.file);
            found.repeats.extend(later.map(|c| c.event));
        } else {
            differing.extend(group);
        }
    }
    match prints(store, connector, &differing) {
        Ok(prints) => {
            let mut seen: HashMap<(u64, u64), u32> = HashMap::new();
            for (candidate, print) in differing.iter().zip(prints) {
                let first = *seen.entry((candidate.id, print)).or_insert(candidate.file);
                if first != candidate.file {
                    found.repeats.push(candidate.event);
                }
            }
        }
        Err(reason) => {
            let last = differing.iter().map(|c| c.file).max().unwrap_or_default();
            found.failed.push((last as usize, unread(&reason)));
        }
    }
}

/// A number for each event, the same for those that give the same row.
fn prints(
    store: &Store,
    connector: &Connector,
    candidates: &[&Candidate],
) -> Result<Vec<u64>, String> {
    let chunks: Vec<&[&Candidate]> = candidates.chunks(CHUNK).collect();
    let made = in_threads(chunks.len(), |n| {
        let mut reader = store.reader(0);
        let mut records = Vec::new();
        for candidate in chunks.get(n).copied().unwrap_or_default() {
            let stored = store.events.get(candidate.event);
            let stored = stored.ok_or("there is no such event")?;
            records.push(store.cells(&mut reader, connector, stored)?);
        }
        let records: Vec<&[Cell]> = records.iter().map(Vec::as_slice).collect();
        let made = ingest::make(connector, &records)?;
        if made.prints.len() != records.len() {
            return Err("the transform gave another number of rows".to_owned());
        }
        Ok(made.prints)
    });
    let mut all = Vec::new();
    for part in made {
        all.extend(part.unwrap_or_else(|| Err("they could not be read".to_owned()))?);
    }
    Ok(all)
}
