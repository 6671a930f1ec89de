//! A source to events: it is opened in the way that fits its size and form, and its records are read.

use super::assemble::{Assembly, CANCELLED, PARQUET, TOO_MANY, whole};
use super::blocks::{self, Block, Lines};
use super::describe::{Open, Tally};
use super::events::{self, Events};
use super::forms::{self, Judge};
use super::ingest::CHUNK;
use super::packed::Most;
use super::record::{Outcome, outcome};
use super::text::Text;
use super::{Choice, FORMS, LogFile, Over, Source, memory, read, unpack};
use crate::task::{CancelToken, Progress};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Records that are read at once: bounds the memory between reading and adding them.
const BATCH: usize = CHUNK;
/// Files of fewer bytes are kept in memory.
const SMALL: u64 = 256 << 10;

impl Assembly<'_> {
    /// Adds the events of a source. A cancelled load ends after the current batch.
    pub fn add(&mut self, source: Source, cancel: &CancelToken, progress: &Progress) {
        let here = self.files.len();
        let choice = self.options.choices.get(&source.path).cloned();
        let choice = choice.unwrap_or_default();
        self.files.push(LogFile {
            path: source.path.clone(),
            size: read::size(&source),
            choice: choice.clone(),
            ..LogFile::default()
        });
        self.open.push(Open {
            packing: "",
            form: "",
            forms: Vec::new(),
            tally: Tally::default(),
            unlisted: 0,
        });
        self.note_print(&source);
        let text = match self.chosen(&choice) {
            _ if choice.skip => {
                progress.add(read::size(&source));
                self.note(here, vec!["Left out by choice".to_owned()]);
                Text::default()
            }
            Ok(form) => match self.again(here, &source, &choice, cancel, progress) {
                Some(text) => text,
                None => self.text(here, source, form, cancel, progress),
            },
            Err(reason) => {
                self.noted.stopped = true;
                self.reject(here, vec![whole(0, reason)]);
                Text::default()
            }
        };
        self.ways.only = None;
        self.texts_held += text.held();
        self.texts.push(text);
        self.keep(here, cancel);
    }

    /// Makes ready for what was chosen for a file; gives the form.
    fn chosen(&mut self, choice: &Choice) -> Result<Option<&'static str>, String> {
        if let Some(id) = &choice.connector {
            let at = self.connectors.iter().position(|c| c.id == *id);
            self.ways.only = Some(at.ok_or_else(|| {
                format!("there is no connector `{id}`: choose another one for this file")
            })?);
        }
        let Some(id) = &choice.form else {
            return Ok(None);
        };
        let can_be = FORMS.iter().filter(|form| form.can_be_chosen);
        match can_be.clone().find(|form| form.id == id) {
            Some(form) => Ok(Some(form.id)),
            None => {
                let all: Vec<&str> = can_be.map(|form| form.id).collect();
                Err(format!(
                    "there is no form `{id}` to choose: use one of {}",
                    all.join(", ")
                ))
            }
        }
    }

    /// Reads a source, and gives what is kept of its text.
    fn text(
        &mut self,
        here: usize,
        source: Source,
        form: Option<&'static str>,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Text {
        if self.ways.late.contains(&true)
            && form.is_none_or(|form| form == "ndjson")
            && let Some(disk) = read::plain_lines(&source, self.small())
        {
            if let Err(reason) = self.lines_fit(&disk) {
                return self.unfit(here, &source, form, reason, cancel, progress);
            }
            self.form(here, "", "ndjson");
            self.lines(here, Lines::Disk(&disk), (1, 0), cancel, Some(progress));
            return Text::Disk(Arc::new(disk));
        }
        if let Err(reason) = self.fits("the file", read::size(&source)) {
            return self.unfit(here, &source, form, reason, cancel, progress);
        }
        let again = self.room().map(|_| source.clone());
        let most = Most {
            fits: self.room().map(|room| room / 3 * 2),
            unpacked: self.options.memory.unpacked,
        };
        let unpacked = read::bytes(source).map_err(Some).and_then(|bytes| {
            let size = bytes.len() as u64;
            let unpacked = unpack::unpack(bytes, most)?;
            progress.add(size);
            Ok(unpacked)
        });
        Text::Memory(Arc::new(match (unpacked, again) {
            (Ok(unpacked), _) => self.records(here, unpacked, form, cancel),
            (Err(None), Some(source)) => {
                let reason = format!(
                    "the unpacked text does not fit: {} of memory are left. Raise the bound, load a sample, or split the file",
                    memory::size(self.room().unwrap_or_default())
                );
                return self.unfit(here, &source, form, reason, cancel, progress);
            }
            (Err(reason), _) => {
                self.noted.stopped = true;
                self.reject(here, vec![whole(0, reason.unwrap_or_default())]);
                Vec::new()
            }
        }))
    }

    /// What becomes of a file that does not fit.
    fn unfit(
        &mut self,
        here: usize,
        source: &Source,
        form: Option<&'static str>,
        reason: String,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Text {
        self.noted.stopped = true;
        if self.options.memory.over == Over::Refuse {
            progress.add(read::size(source));
            self.reject(here, vec![whole(0, reason)]);
            return Text::default();
        }
        self.sampled(here, source, form, cancel, progress)
    }

    fn small(&self) -> u64 {
        SMALL.min(self.ways.block as u64)
    }

    /// Reads the records of a file and gives its text back.
    fn records(
        &mut self,
        here: usize,
        unpacked: unpack::Unpacked,
        form: Option<&'static str>,
        cancel: &CancelToken,
    ) -> Vec<u8> {
        let mut unpacked = unpacked;
        let text = std::mem::take(&mut unpacked.text);
        self.reject(here, std::mem::take(&mut unpacked.rejects));
        let form = if unpacked.parquet {
            Some(PARQUET)
        } else {
            form
        };
        if self.ways.late.contains(&true)
            && text.len() as u64 >= self.small()
            && match form {
                Some(form) => form == "ndjson" || form == PARQUET,
                None => forms::lines::recognise(&text, unpacked.start),
            }
        {
            let form = if unpacked.parquet { PARQUET } else { "ndjson" };
            self.form(here, unpacked.packing, form);
            self.note(here, unpacked.notes);
            let lines = Lines::Memory(&text, unpacked.start);
            self.lines(here, lines, (1, 0), cancel, None);
        } else {
            self.split(here, &text, &unpacked, form, cancel);
        }
        if let Some(reason) = unpacked.cut {
            let line = memchr::memchr_iter(b'\n', &text).count() + 1;
            self.reject(here, vec![whole(line, reason)]);
        }
        text
    }

    /// Reads the records of a text of any form.
    fn split(
        &mut self,
        here: usize,
        text: &[u8],
        unpacked: &unpack::Unpacked,
        form: Option<&'static str>,
        cancel: &CancelToken,
    ) {
        let mut split = forms::split(text, unpacked.start, form, Judge(&self.ways));
        self.form(here, unpacked.packing, split.form);
        self.note(here, unpacked.notes.clone());
        self.note(here, std::mem::take(&mut split.notes));
        self.reject(here, std::mem::take(&mut split.rejects));
        for batch in split.found.chunks(BATCH) {
            if cancel.is_cancelled() {
                self.note(here, vec![CANCELLED.to_owned()]);
                break;
            }
            let ways = &self.ways;
            let outcomes: Vec<Outcome> = batch
                .par_iter()
                .map(|f| outcome(ways, text, f, here))
                .collect();
            self.take_all(outcomes, here, split.form);
            self.flush_some();
            let next = batch.last().map_or(1, |found| found.line + 1);
            if self.is_full(here, next) {
                break;
            }
        }
    }

    /// Reads lines that are records, of which the first has a number and a place in the file.
    pub fn lines(
        &mut self,
        here: usize,
        lines: Lines<'_>,
        (line, base): (usize, u64),
        cancel: &CancelToken,
        progress: Option<&Progress>,
    ) {
        // What lanes learn where a connector was chosen does not hold for other files.
        let mut lanes = match self.ways.only {
            Some(_) => Vec::new(),
            None => std::mem::take(&mut self.lanes),
        };
        let ways = self.ways.clone();
        let mut before = line;
        let blocks = usize::try_from(lines.length() / ways.block as u64).unwrap_or(0);
        blocks::each(
            lines,
            here,
            &ways,
            &mut lanes,
            (cancel, progress),
            |block| {
                if before == line {
                    // The others hold as many, about.
                    self.events
                        .reserve(block.events.len() * (blocks + 1) / 16 * 17);
                }
                self.block(here, block, (&mut before, base));
                !self.is_full(here, before)
            },
        );
        self.noted.line = before;
        if self.ways.only.is_none() {
            self.lanes = lanes;
        }
        if cancel.is_cancelled() {
            self.note(here, vec![CANCELLED.to_owned()]);
        }
    }

    /// Adds what a block of lines holds; so many lines lie before it, and so many bytes before its text.
    fn block(&mut self, here: usize, block: Block, (before, base): (&mut usize, u64)) {
        if let Some(reason) = block.failed {
            self.noted.stopped = true;
            // Of a file that changed, all blocks from here on fail.
            if self.noted.failed.as_ref() != Some(&reason) {
                self.reject(here, vec![whole(*before, reason.clone())]);
                self.noted.failed = Some(reason);
            }
        }
        let form = self.open.get(here).map_or("", |open| open.form);
        if block.events.len() > 0 || block.tally.dropped > 0 {
            self.seen_form(here, form);
        }
        if let (Some(file), Some(open)) = (self.files.get_mut(here), self.open.get_mut(here)) {
            open.tally.join(&block.tally);
            file.count_many(block.events.times());
        }
        let mut added = 0;
        for (at, mut outcome) in block.others {
            self.append(here, &block.events, added..at, (*before, base));
            added = at;
            outcome.move_lines(*before);
            outcome.move_by(base);
            self.take(outcome, here, form);
        }
        self.append(
            here,
            &block.events,
            added..block.events.len(),
            (*before, base),
        );
        *before += block.lines;
        self.flush_some();
    }

    fn append(&mut self, here: usize, lines: &Events, part: Range<usize>, before: (usize, u64)) {
        if self.events.append(lines, part, before).is_none() {
            self.reject(here, vec![whole(before.0, TOO_MANY.to_owned())]);
        }
    }
}

impl LogFile {
    /// Counts events that were recognised in it.
    fn count_many(&mut self, times: &[i64]) {
        self.events += times.len();
        if let Some((first, last)) = events::span(times) {
            self.first = Some(self.first.map_or(first, |before| before.min(first)));
            self.last = Some(self.last.map_or(last, |before| before.max(last)));
        }
    }

    /// Counts an event that was recognised in it.
    pub fn count(&mut self, time: Option<i64>) {
        self.events += 1;
        if let Some(time) = time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
    }
}
