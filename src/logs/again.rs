//! Loading again after some files changed: of a large load, files that are still the same are not read again, and of
//! lines that were only added to, no more than those is read. Small loads, and files of which an event was dropped
//! because another file has it too, are read again as a whole.
//!
//! A file is the same where its size, the time of its last change and its first and last bytes are: what is in between
//! is not compared. It was added to where it is longer, ended with a line end, and has the same bytes at its beginning
//! and before its old end.

use super::assemble::Assembly;
use super::blocks::Lines;
use super::describe::Open;
use super::store::{Events, Store};
use super::text::{Disk, Text, fill};
use super::{Choice, Dataset, LogFile, Source};
use crate::task::{CancelToken, Progress};
use crate::value::{Column, EventId, Lineage};
use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// Bytes at the beginning and at the end that are compared.
const ENDS: u64 = 64 << 10;
/// Most bytes that were added: more are no small change.
const MOST_ADDED: u64 = 256 << 20;

/// What tells a file from another one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Print {
    length: u64,
    modified: Option<SystemTime>,
    begin: u64,
    end: u64,
    /// Whether the last byte ends a line.
    ended: bool,
}

impl Print {
    /// That of a file's first bytes, so many; none where it cannot be read.
    fn of(file: &mut File, metadata: &Metadata, length: u64) -> Option<Self> {
        let mut bytes = Vec::new();
        let most = usize::try_from(length.min(ENDS)).ok()?;
        let mut hash = |from: u64| -> Option<(u64, bool)> {
            fill(file, from, most, &mut bytes).ok()?;
            let mut hasher = DefaultHasher::new();
            bytes.hash(&mut hasher);
            (bytes.len() == most).then(|| (hasher.finish(), bytes.last() == Some(&b'\n')))
        };
        Some(Self {
            length,
            modified: metadata.modified().ok(),
            begin: hash(0)?.0,
            end: hash(length - most as u64)?.0,
            ended: hash(length - most as u64)?.1,
        })
    }

    fn now(source: &Source) -> Option<Self> {
        let mut file = File::open(&source.path).ok()?;
        let metadata = file.metadata().ok().filter(Metadata::is_file)?;
        Self::of(&mut file, &metadata, metadata.len())
    }
}

/// What is kept of a file that was read whole and whose events all wait for their columns to be asked for.
#[derive(Debug)]
pub(super) struct Kept {
    /// As it was before it was described.
    file: LogFile,
    open: Open,
    print: Print,
    /// The line behind its last one.
    line: usize,
    events: usize,
}

/// What a load knows of the one before.
pub(super) struct Earlier<'d> {
    store: &'d Store,
    /// The number that a file had.
    files: HashMap<PathBuf, usize>,
    /// The events of each file that has them all, one behind another.
    events: Vec<Option<(usize, usize)>>,
}

impl<'d> Earlier<'d> {
    /// Where the same connectors took the same share of the work.
    pub fn new(earlier: &'d Dataset, assembly: &Assembly<'_>) -> Option<Self> {
        let store = earlier.store.as_ref();
        if store.late != assembly.ways.late || !store.connectors.are_the_same(assembly.connectors) {
            return None;
        }
        let mut spans: Vec<Option<(usize, usize, usize)>> = vec![None; store.kept.len()];
        for (events, stretch) in store.events.stretches() {
            if let Some(span) = spans.get_mut(stretch.file as usize) {
                let (start, end) = (events.start as usize, events.end as usize);
                let (first, _, count) = span.unwrap_or((start, start, 0));
                *span = Some((first, end, count + end - start));
            }
        }
        let events = spans.into_iter().zip(&store.kept).map(|(span, kept)| {
            let kept = kept.as_ref()?;
            let (first, end, count) = span.unwrap_or_default();
            (end - first == count && count == kept.events).then_some((first, end))
        });
        let files = earlier.files.iter().enumerate();
        Some(Self {
            store,
            files: files.map(|(at, f)| (f.path.clone(), at)).collect(),
            events: events.collect(),
        })
    }
}

/// Events that were taken over: the number of the first one before and now, and how many.
pub(super) type Moved = (usize, usize, usize);

/// What is noted while a file is read.
#[derive(Default)]
pub(super) struct Note {
    print: Option<Print>,
    events: usize,
    /// An event waits for its row, or not all of the file was read.
    pub stopped: bool,
    /// Why a block of its lines could not be read, told once.
    pub failed: Option<String>,
    /// The line behind the last one.
    pub line: usize,
}

impl Assembly<'_> {
    /// Notes how a file is before it is read.
    pub fn note_print(&mut self, source: &Source) {
        let print = match self.ways.late.contains(&true) && source.bytes.is_none() {
            true => Print::now(source),
            false => None,
        };
        self.noted = Note {
            print,
            events: self.events.len(),
            stopped: false,
            failed: None,
            line: 1,
        };
    }

    /// Keeps what a later load needs of a file that was read whole.
    pub fn keep(&mut self, here: usize, cancel: &CancelToken) {
        let noted = std::mem::take(&mut self.noted);
        let kept = || {
            let file = self.files.get(here)?;
            let source = Source {
                path: file.path.clone(),
                bytes: None,
            };
            if noted.stopped || file.sampled || file.choice.skip || cancel.is_cancelled() {
                return None;
            }
            // While it was read it did not change.
            let print = noted
                .print
                .filter(|p| Print::now(&source).as_ref() == Some(p))?;
            Some(Kept {
                file: file.clone(),
                open: self.open.get(here)?.clone(),
                print,
                line: noted.line,
                events: self.events.len() - noted.events,
            })
        };
        let kept = kept();
        self.kept.push(kept);
    }

    /// Takes over what an earlier load read of a file; none where it has to be read.
    pub fn again(
        &mut self,
        here: usize,
        source: &Source,
        choice: &Choice,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Option<Text> {
        let earlier = self.earlier.take()?;
        let text = self.taken_over(&earlier, here, source, choice, cancel);
        self.earlier = Some(earlier);
        if text.is_some() {
            progress.add(super::read::size(source));
        }
        text
    }

    fn taken_over(
        &mut self,
        earlier: &Earlier<'_>,
        here: usize,
        source: &Source,
        choice: &Choice,
        cancel: &CancelToken,
    ) -> Option<Text> {
        let at = *earlier.files.get(&source.path)?;
        let kept = earlier.store.kept.get(at)?.as_ref()?;
        let (first, end) = (*earlier.events.get(at)?)?;
        let text = earlier.store.texts.get(at)?;
        let now = self.noted.print.as_ref()?;
        if kept.file.choice != *choice {
            return None;
        }
        let (text, added) = match text {
            text if *now == kept.print => (text.clone(), None),
            Text::Disk(_) => {
                let (disk, added) = added(source, &kept.print)?;
                self.lines_fit(&disk).ok()?;
                (Text::Disk(Arc::new(disk)), Some(added))
            }
            _ => return None,
        };
        let need = (end - first) as u64 * Events::EACH + text.held() * 3 / 2;
        if self.room().is_some_and(|room| room <= need) {
            return None;
        }
        let size = super::read::size(source);
        if let (Some(file), Some(open)) = (self.files.get_mut(here), self.open.get_mut(here)) {
            *file = LogFile {
                path: source.path.clone(),
                size,
                ..kept.file.clone()
            };
            *open = kept.open.clone();
        }
        self.moved.push((first, self.events.len(), end - first));
        self.events
            .take_over(&earlier.store.events, first..end, here)?;
        self.noted.line = kept.line;
        if let Some(added) = added {
            let from = (kept.line, kept.print.length);
            self.lines(here, Lines::Memory(&added, 0), from, cancel, None);
        }
        Some(text)
    }

    /// Of a late table the columns that queries asked for before, where its first rows are those of the earlier load.
    pub fn carried(&self, earlier: &Dataset, name: &str, events: &Lineage) -> Vec<Option<Column>> {
        let Some(before) = earlier.late.get(name).filter(|_| self.earlier.is_some()) else {
            return Vec::new();
        };
        let mut moved = self.moved.clone();
        moved.sort_by_key(|(_, now, _)| *now);
        let was = |id: EventId| {
            let id = id as usize;
            let behind = moved.partition_point(|(_, now, _)| *now <= id);
            let (was, now, count) = moved.get(behind.checked_sub(1)?)?;
            (id - now < *count).then_some(id - now + was)
        };
        let id = |lineage: &Lineage, row: usize| lineage.row(row).first().copied();
        let same = |row: usize| {
            let old = before.event(row)? as usize;
            (was(id(events, row)?)? == old).then_some(())
        };
        match (0..before.rows_held()).all(|row| same(row).is_some()) {
            true => before.columns_made(),
            false => Vec::new(),
        }
    }
}

/// The file as it is now and the bytes behind its old end, where it was only added to.
fn added(source: &Source, before: &Print) -> Option<(Disk, Vec<u8>)> {
    let disk = super::read::plain_lines(source, 0)?;
    let more = disk.length().checked_sub(before.length)?;
    if !before.ended || more == 0 || more > MOST_ADDED {
        return None;
    }
    let mut file = disk.open().ok()?;
    let metadata = file.metadata().ok()?;
    let old = Print::of(&mut file, &metadata, before.length)?;
    if (old.begin, old.end) != (before.begin, before.end) {
        return None;
    }
    let mut bytes = Vec::new();
    let most = usize::try_from(more).ok()?;
    fill(&mut file, before.length, most, &mut bytes).ok()?;
    let whole = bytes.len() == most && disk.check(&file).is_ok();
    whole.then_some((disk, bytes))
}
