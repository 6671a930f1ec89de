//! What is kept of every event: where it lies, whose it is, when it happened. Sixteen bytes each; what events one
//! behind another have in common is kept once.

use super::forms::Reading;
use crate::value::{EventId, Lineage};
use arrow_array::Int64Array;
use arrow_buffer::ScalarBuffer;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

/// What is known of an event beside its time.
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

/// The first and the last of the times that are known; none where none is.
pub(super) fn span(times: &[i64]) -> Option<(i64, i64)> {
    let (mut first, mut last) = (i64::MAX, NO_TIME);
    for time in times {
        // One that is not known is the least of all.
        last = last.max(*time);
        first = first.min(if *time == NO_TIME { i64::MAX } else { *time });
    }
    (last != NO_TIME).then_some((first, last))
}

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
    pub fn range(&self) -> Range<u64> {
        self.start..self.start + u64::from(self.length)
    }
}

/// A record that becomes an event.
pub(super) struct Record<'r> {
    pub range: Range<u64>,
    pub line: usize,
    pub file: usize,
    pub connector: usize,
    pub plain: bool,
    pub reading: &'r Reading,
    pub time: Option<i64>,
}

/// Events of one file and connector on lines one behind another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// The first of them.
    first: EventId,
    /// Its line.
    line: u32,
    /// Where they count from in the file.
    base: u64,
    /// Index of their file.
    pub file: u32,
    /// Index of the connector that took them.
    pub connector: u16,
    reading: u16,
}

impl Stretch {
    /// How far behind the base an event begins that goes on with it.
    #[inline]
    fn takes(&self, id: EventId, event: &Stored) -> Option<u32> {
        let same = self.file == event.file
            && self.connector == event.connector
            && self.reading == event.reading
            && event.line.checked_sub(self.line) == id.checked_sub(self.first);
        if !same {
            return None;
        }
        u32::try_from(event.start.checked_sub(self.base)?).ok()
    }
}

/// Where an event lies.
#[derive(Clone, Copy, Debug)]
struct Spot {
    /// How far behind the base of its stretch it begins.
    behind: u32,
    length: u32,
}

/// The events in the order they were loaded.
#[derive(Debug, Default)]
pub(super) struct Events {
    spots: Vec<Spot>,
    /// Of each event, while they are loaded; then they are shared with columns.
    times: Vec<i64>,
    shared: ScalarBuffer<i64>,
    stretches: Vec<Stretch>,
    /// How records are read that are no objects.
    readings: Vec<Reading>,
}

impl Events {
    /// Bytes of memory of one.
    pub const EACH: u64 = (size_of::<Spot>() + size_of::<i64>()) as u64;

    /// Adds an event; none where it or its number is beyond what is kept.
    pub fn push(&mut self, record: &Record<'_>) -> Option<EventId> {
        let id = u32::try_from(self.len()).ok()?;
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
        self.add(stored, record.time.unwrap_or(NO_TIME))?;
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

    /// Adds the event of a plain line; none where it is beyond what is kept.
    #[inline]
    pub fn push_line(
        &mut self,
        range: Range<u64>,
        line: usize,
        file: usize,
        connector: usize,
        time: Option<i64>,
    ) -> Option<()> {
        let stored = Stored {
            start: range.start,
            length: u32::try_from(range.end - range.start).ok()?,
            line: u32::try_from(line).ok()?,
            file: u32::try_from(file).ok()?,
            connector: u16::try_from(connector).ok()?,
            reading: PLAIN,
        };
        self.add(stored, time.unwrap_or(NO_TIME))
    }

    #[inline]
    fn add(&mut self, stored: Stored, time: i64) -> Option<()> {
        let id = u32::try_from(self.spots.len()).ok()?;
        let last = self.stretches.last();
        let behind = match last.and_then(|last| last.takes(id, &stored)) {
            Some(behind) => behind,
            None => {
                self.stretches.push(Stretch {
                    first: id,
                    line: stored.line,
                    base: stored.start,
                    file: stored.file,
                    connector: stored.connector,
                    reading: stored.reading,
                });
                0
            }
        };
        self.spots.push(Spot {
            behind,
            length: stored.length,
        });
        self.times.push(time);
        Some(())
    }

    /// Adds some of the events of plain lines that lie so many lines and bytes further on; none where that is more than
    /// are kept.
    pub fn append(
        &mut self,
        lines: &Events,
        part: Range<usize>,
        (further, bytes): (usize, u64),
    ) -> Option<()> {
        let here = u32::try_from(self.len()).ok()?;
        let from = u32::try_from(part.start).ok()?;
        let to = u32::try_from(part.end).ok()?;
        here.checked_add(to.checked_sub(from)?)?;
        let further = u32::try_from(further).unwrap_or(u32::MAX);
        // Parts are asked for one behind another: those before this one are not walked again.
        let before = lines.stretches.partition_point(|s| s.first <= from);
        let rest = lines.stretches_from(before.saturating_sub(1));
        for (events, stretch) in rest.take_while(|(events, _)| events.start < to) {
            let first = events.start.max(from);
            if first < events.end.min(to) {
                let line = stretch.line.saturating_add(first - events.start);
                self.stretches.push(Stretch {
                    first: here + (first - from),
                    line: line.saturating_add(further),
                    base: stretch.base + bytes,
                    ..*stretch
                });
            }
        }
        self.spots.extend_from_slice(lines.spots.get(part.clone())?);
        self.times.extend_from_slice(lines.times().get(part)?);
        Some(())
    }

    /// Adds events of an earlier load, as those of a file. None where one cannot be kept; then none is added.
    pub fn take_over(&mut self, earlier: &Events, part: Range<usize>, file: usize) -> Option<()> {
        let file = u32::try_from(file).ok()?;
        let mut readings: BTreeMap<u16, u16> = BTreeMap::new();
        for stretch in earlier.stretches.iter().filter(|s| s.reading > OBJECT) {
            if let Entry::Vacant(slot) = readings.entry(stretch.reading) {
                let at = usize::from(stretch.reading).checked_sub(2)?;
                let reading = earlier.readings.get(at)?.clone();
                slot.insert(self.reading_number(&reading)?);
            }
        }
        let before = self.stretches.len();
        self.append(earlier, part, (0, 0))?;
        for stretch in self.stretches.iter_mut().skip(before) {
            stretch.file = file;
            if let Some(reading) = readings.get(&stretch.reading) {
                stretch.reading = *reading;
            }
        }
        Some(())
    }

    /// Makes room for more events.
    pub fn reserve(&mut self, more: usize) {
        self.spots.reserve(more);
        self.times.reserve(more);
    }

    /// No more are to come: from now on columns share the times.
    pub fn close(&mut self) {
        if !self.times.is_empty() {
            self.shared = std::mem::take(&mut self.times).into();
        }
    }

    pub fn len(&self) -> usize {
        self.spots.len()
    }

    pub fn get(&self, id: EventId) -> Option<Stored> {
        let spot = self.spots.get(id as usize)?;
        let behind = self.stretches.partition_point(|s| s.first <= id);
        let stretch = self.stretches.get(behind.checked_sub(1)?)?;
        Some(Stored {
            start: stretch.base + u64::from(spot.behind),
            length: spot.length,
            line: stretch.line.saturating_add(id - stretch.first),
            file: stretch.file,
            connector: stretch.connector,
            reading: stretch.reading,
        })
    }

    /// Events of one file and connector, one behind another: their numbers, and what they have in common.
    pub fn stretches(&self) -> impl Iterator<Item = (Range<EventId>, &Stretch)> {
        self.stretches_from(0)
    }

    /// The same from the stretch of this number on.
    fn stretches_from(&self, number: usize) -> impl Iterator<Item = (Range<EventId>, &Stretch)> {
        let all = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let stretches = self.stretches.get(number..).unwrap_or_default();
        stretches.iter().enumerate().map(move |(n, stretch)| {
            let next = stretches.get(n + 1);
            (stretch.first..next.map_or(all, |next| next.first), stretch)
        })
    }

    /// The numbers of the events of a connector.
    pub fn of_connector(&self, connector: usize) -> impl Iterator<Item = EventId> {
        let ours = self.stretches();
        let ours = ours.filter(move |(_, s)| usize::from(s.connector) == connector);
        ours.flat_map(|(events, _)| events)
    }

    /// The times of all events. What [`span`] passes over is none.
    pub fn times(&self) -> &[i64] {
        if self.times.is_empty() {
            &self.shared
        } else {
            &self.times
        }
    }

    /// The time of an event.
    pub fn time(&self, id: EventId) -> Option<i64> {
        let time = self.times().get(id as usize)?;
        (*time != NO_TIME).then_some(*time)
    }

    /// Whether the events of a range all have a time.
    pub fn all_have_time(&self, events: &Range<EventId>) -> bool {
        !self.times_of(events).contains(&NO_TIME)
    }

    /// The times of the events of a range.
    pub fn times_of(&self, events: &Range<EventId>) -> &[i64] {
        let events = events.start as usize..events.end as usize;
        self.times().get(events).unwrap_or_default()
    }

    /// The times of some events as a column.
    pub fn time_column(&self, events: &Lineage) -> Int64Array {
        let of = |row: usize| events.row(row).first().copied();
        let last = events.len().checked_sub(1);
        if let (Some(first), Some(last)) = (of(0), last.and_then(of))
            // One after another, as a rule.
            && last.checked_sub(first).map(|more| more as usize + 1) == Some(events.len())
            && self.all_have_time(&(first..last.checked_add(1).unwrap_or(last)))
        {
            let (first, last) = (first as usize, last as usize);
            if let Some(times) = self.times.get(first..=last) {
                return Int64Array::from(times.to_vec());
            }
            if last < self.shared.len() {
                return Int64Array::new(self.shared.slice(first, events.len()), None);
            }
        }
        (0..events.len()).map(|row| self.time(of(row)?)).collect()
    }

    /// How the text of an event is read.
    pub fn reading(&self, stored: Stored) -> &Reading {
        let other = usize::from(stored.reading).checked_sub(2);
        other
            .and_then(|at| self.readings.get(at))
            .unwrap_or(&Reading::Object)
    }

    /// Drops events; gives the new number of each, none for a dropped one.
    pub fn retain(&mut self, keep: &[bool]) -> Vec<Option<EventId>> {
        let mut kept = Events {
            readings: std::mem::take(&mut self.readings),
            ..Events::default()
        };
        let mut numbers = Vec::with_capacity(self.len());
        for (id, time) in (0..).zip(self.times()) {
            let event = self.get(id);
            let event = event.filter(|_| keep.get(id as usize).copied().unwrap_or(true));
            numbers.push(event.and_then(|event| {
                let id = u32::try_from(kept.len()).ok()?;
                kept.add(event, *time)?;
                Some(id)
            }));
        }
        *self = kept;
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Line = (Range<u64>, usize, usize, usize, Option<i64>);

    /// Lines of two files and three connectors; some are no events, some begin far behind the one before.
    fn lines(rng: &mut fastrand::Rng, count: usize) -> Vec<Line> {
        let (mut line, mut start, mut connector) = (0, 0, 0);
        let lines = (0..count).map(|_| {
            line += if rng.u8(..8) == 0 { 3 } else { 1 };
            start += if rng.u8(..64) == 0 {
                1 << 33
            } else {
                rng.u64(1..100)
            };
            if rng.u8(..6) == 0 {
                connector = rng.usize(..3);
            }
            let end = start + rng.u64(1..50);
            let time = (rng.u8(..5) > 0).then(|| rng.i64(..1_000));
            (
                start..end,
                line,
                usize::from(line > count / 2),
                connector,
                time,
            )
        });
        lines.collect()
    }

    fn seen(events: &Events) -> Vec<Line> {
        let ids = 0..u32::try_from(events.len()).unwrap();
        let seen = ids.map(|id| {
            let event = events.get(id).unwrap();
            let (line, file) = (event.line as usize, event.file as usize);
            let connector = usize::from(event.connector);
            (event.range(), line, file, connector, events.time(id))
        });
        seen.collect()
    }

    fn of(lines: &[Line]) -> Events {
        let mut events = Events::default();
        for (range, line, file, connector, time) in lines {
            events
                .push_line(range.clone(), *line, *file, *connector, *time)
                .unwrap();
        }
        events
    }

    #[test]
    fn events_come_back_as_they_were() {
        let mut rng = fastrand::Rng::with_seed(8);
        for count in [0, 1, 2, 10, 500] {
            let all = lines(&mut rng, count);
            let mut events = of(&all);
            assert_eq!(seen(&events), all);
            assert!(events.get(u32::try_from(count).unwrap()).is_none());
            for connector in 0..3 {
                let expected: Vec<usize> = (0..count).filter(|n| all[*n].3 == connector).collect();
                let found = events.of_connector(connector).map(|id| id as usize);
                assert_eq!(found.collect::<Vec<_>>(), expected);
            }
            // The stretches are all events, and all of one have the same file and connector.
            let mut next = 0;
            for (ids, stretch) in events.stretches() {
                assert!(ids.start == next && ids.end > next);
                next = ids.end;
                for id in ids {
                    let line = &all[id as usize];
                    let same = (usize::from(stretch.connector), stretch.file as usize);
                    assert_eq!(same, (line.3, line.2));
                }
            }
            assert_eq!(next as usize, count);
            let times: Vec<i64> = all.iter().filter_map(|line| line.4).collect();
            let first = times.iter().min().copied();
            assert_eq!(span(events.times()), first.zip(times.iter().max().copied()));
            // As a column: all of them, those of one event, and every third, closed or not.
            for closed in [false, true] {
                if closed {
                    events.close();
                    assert_eq!(seen(&events), all);
                }
                for step in [1, 3, count.max(1)] {
                    let ids: Vec<usize> = (0..count).step_by(step).collect();
                    let lineage = Lineage::single(ids.iter().map(|id| *id as u32));
                    let column = events.time_column(&lineage);
                    let expected: Vec<Option<i64>> = ids.iter().map(|id| all[*id].4).collect();
                    assert_eq!(column.iter().collect::<Vec<_>>(), expected);
                }
                for (ids, _) in events.stretches() {
                    let own = ids.start as usize..ids.end as usize;
                    let column = events.time_column(&Lineage::single(ids));
                    let expected = all[own].iter().map(|line| line.4);
                    assert!(column.iter().eq(expected));
                }
            }
            let keep: Vec<bool> = all.iter().map(|_| rng.bool()).collect();
            let numbers = events.retain(&keep);
            let kept: Vec<Line> = all
                .iter()
                .zip(&keep)
                .filter(|(_, keep)| **keep)
                .map(|(l, _)| l.clone())
                .collect();
            assert_eq!(seen(&events), kept);
            let mut next = 0..;
            let expected = keep.iter().map(|keep| keep.then(|| next.next()).flatten());
            assert_eq!(numbers, expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn events_of_an_earlier_load_are_taken_over() {
        let mut rng = fastrand::Rng::with_seed(10);
        for _ in 0..50 {
            let count = rng.usize(1..60);
            let all = lines(&mut rng, count);
            let earlier = of(&all);
            let own = lines(&mut rng, 20);
            let mut events = of(&own);
            let from = rng.usize(..count);
            let to = rng.usize(from..=count);
            events.take_over(&earlier, from..to, 7).unwrap();
            let taken = all[from..to].iter().cloned();
            let taken = taken.map(|(range, line, _, c, time)| (range, line, 7, c, time));
            assert_eq!(
                seen(&events),
                own.into_iter().chain(taken).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn parts_of_blocks_are_put_one_behind_another() {
        let mut rng = fastrand::Rng::with_seed(9);
        for _ in 0..50 {
            let mut events = Events::default();
            let mut expected = Vec::new();
            for _ in 0..4 {
                let count = rng.usize(..40);
                let block = lines(&mut rng, count);
                let of_block = of(&block);
                let (further, bytes) = (rng.usize(..1_000), rng.u64(..1 << 40));
                let mut from = 0;
                while from < count {
                    let to = rng.usize(from..=count);
                    events
                        .append(&of_block, from..to, (further, bytes))
                        .unwrap();
                    let part = block[from..to].iter().cloned();
                    let moved = |r: Range<u64>| r.start + bytes..r.end + bytes;
                    expected
                        .extend(part.map(|(r, line, f, c, t)| (moved(r), line + further, f, c, t)));
                    from = to.max(from + usize::from(rng.bool()));
                    if from > to {
                        // One that was left out.
                        from = to + 1;
                    }
                }
            }
            assert_eq!(seen(&events), expected);
        }
    }

    /// A block of which every other line is unusual costs no more than its events.
    #[test]
    fn many_stretches_are_walked_once() {
        const COUNT: usize = 20_000;
        let line = |n: usize| (n as u64 * 10..n as u64 * 10 + 9, n * 2, 0, 0, None);
        let all: Vec<Line> = (0..COUNT).map(line).collect();
        let begin = std::time::Instant::now();
        let block = of(&all);
        let once = begin.elapsed();
        let begin = std::time::Instant::now();
        let mut events = Events::default();
        for n in 0..COUNT {
            events.append(&block, n..n + 1, (0, 0)).unwrap();
        }
        let singly = begin.elapsed();
        assert_eq!(seen(&events), all);
        // It was some thousand times.
        assert!(singly < once * 200, "{singly:?} against {once:?}");
    }
}
