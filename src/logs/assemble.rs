//! A dataset while it is loaded: events are numbered and rows are added in the order of the files, which
//! [`super::files`] reads.

use super::again::{Earlier, Kept, Moved, Note};
use super::connectors::{self, Connectors};
use super::describe::{MOST_REJECTS, Open, shorten};
use super::filling::Filling;
use super::ingest::CHUNK;
use super::lane::Lane;
use super::record::{Fate, Outcome, Taken, Ways};
use super::sieve::sift;
use super::store::{Events, Record};
use super::text::Text;
use super::{LogFile, Options, Reject};
use crate::value::EventId;
use std::collections::HashMap;

pub(super) struct Assembly<'c> {
    pub options: &'c Options,
    pub connectors: &'c Connectors,
    pub ways: Ways<'c>,
    pub lanes: Vec<Lane>,
    pub files: Vec<LogFile>,
    pub open: Vec<Open>,
    pub texts: Vec<Text>,
    /// Bytes of the texts that are in memory.
    pub texts_held: u64,
    pub events: Events,
    pub tables: Vec<Filling<'c>>,
    pub pending: Vec<Taken>,
    /// The file from which an event was taken first, by its key.
    pub seen: HashMap<u64, usize>,
    /// An earlier load of the same.
    pub earlier: Option<Earlier<'c>>,
    /// Events that were taken over from it.
    pub moved: Vec<Moved>,
    /// Of the file that is being read.
    pub noted: Note,
    /// Of each file what a later load can take over.
    pub kept: Vec<Option<Kept>>,
}

impl<'c> Assembly<'c> {
    /// With so many bytes to come.
    pub fn new(options: &'c Options, to_come: u64) -> Self {
        let connectors = &options.connectors;
        let (late_from, block) = options.late;
        let late = |c: &std::sync::Arc<connectors::Connector>| to_come >= late_from && c.is_late();
        let mut assembly = Self {
            options,
            connectors,
            ways: Ways {
                connectors,
                late: connectors.iter().map(late).collect(),
                block: block.max(1),
                only: None,
            },
            lanes: Vec::new(),
            files: Vec::new(),
            open: Vec::new(),
            texts: Vec::new(),
            texts_held: 0,
            events: Events::default(),
            tables: connectors
                .iter()
                .map(|c| Filling::new(c.tables.first().map_or(&[], |t| &t.columns)))
                .collect(),
            pending: Vec::new(),
            seen: HashMap::new(),
            earlier: None,
            moved: Vec::new(),
            noted: Note::default(),
            kept: Vec::new(),
        };
        if let Some(earlier) = &options.earlier {
            assembly.earlier = Earlier::new(earlier, &assembly);
        }
        assembly
    }

    pub fn form(&mut self, here: usize, packing: &'static str, form: &'static str) {
        if let Some(open) = self.open.get_mut(here) {
            open.packing = packing;
            open.form = form;
        }
    }

    /// Files are many and small, or few and large: rows are made of several files together.
    pub fn flush_some(&mut self) {
        if self.pending.len() >= CHUNK * rayon::current_num_threads().min(8) {
            self.flush();
        }
    }

    pub fn note(&mut self, file: usize, notes: Vec<String>) {
        if let Some(file) = self.files.get_mut(file) {
            file.notes.extend(notes);
        }
    }

    /// Lists rejects of a file; beyond many those of the last lines are only counted.
    pub fn reject(&mut self, file: usize, rejects: Vec<Reject>) {
        if let (Some(file), Some(open)) = (self.files.get_mut(file), self.open.get_mut(file)) {
            file.rejected.extend(rejects);
            if file.rejected.len() >= 2 * MOST_REJECTS {
                open.unlisted += shorten(&mut file.rejected);
            }
        }
    }

    pub fn seen_form(&mut self, file: usize, form: &'static str) {
        if let Some(open) = self.open.get_mut(file)
            && !open.forms.contains(&form)
        {
            open.forms.push(form);
        }
    }

    pub fn take(&mut self, outcome: Outcome, file: usize, form: &'static str) {
        match outcome {
            Outcome::Reject(reject) => self.reject(file, vec![reject]),
            Outcome::Several(form, outcomes) => {
                self.seen_form(file, form);
                for outcome in outcomes {
                    self.take(outcome, file, form);
                }
            }
            Outcome::Event(taken) => {
                self.seen_form(file, form);
                if taken.late {
                    self.settle(&taken);
                } else {
                    self.noted.stopped = true;
                    self.pending.push(*taken);
                }
            }
        }
    }

    /// The same for several that were read strictly, of which some may be left out.
    pub fn take_all(&mut self, mut outcomes: Vec<Outcome>, file: usize, form: &'static str) {
        sift(&self.ways, outcomes.iter_mut());
        for outcome in outcomes {
            self.take(outcome, file, form);
        }
    }

    /// Gives an event its number whose row is made when somebody asks for it, unless it gives none.
    fn settle(&mut self, taken: &Taken) {
        let here = taken.file;
        if let (Some(file), Some(open)) = (self.files.get_mut(here), self.open.get_mut(here)) {
            match &taken.fate {
                Fate::Stays => {
                    file.count(taken.time);
                    open.tally
                        .count(taken.connector, taken.shape, taken.remarks);
                }
                Fate::LeftOut => {
                    open.tally.dropped += 1;
                    return;
                }
                Fate::Failed(reason) => {
                    self.reject(here, vec![whole(taken.found.line, reason.clone())]);
                    return;
                }
            }
        }
        self.number(taken, taken.plain(), taken.time);
    }

    /// Gives an event its number.
    pub fn number(&mut self, taken: &Taken, plain: bool, time: Option<i64>) -> Option<EventId> {
        let range = &taken.found.range;
        let base = taken.found.base;
        let id = self.events.push(&Record {
            range: base + range.start as u64..base + range.end as u64,
            line: taken.found.line,
            file: taken.file,
            connector: taken.connector,
            plain,
            reading: &taken.found.reading,
            time,
        });
        if id.is_none() {
            let reject = whole(taken.found.line, TOO_MANY.to_owned());
            self.reject(taken.file, vec![reject]);
        }
        id
    }
}

/// What is said of an event that is beyond what is kept.
pub(super) const TOO_MANY: &str = "too many events, or a record too long: at most four thousand million are loaded, \
     and records of 4 GB";

/// What is said of a file as a whole, or of its end.
pub(super) fn whole(line: usize, reason: String) -> Reject {
    Reject {
        line,
        reason,
        excerpt: String::new(),
    }
}

/// The form of a Parquet file: its rows are lines.
pub(super) const PARQUET: &str = "parquet";

/// What is said of a file that was being read when the load was cancelled.
pub(super) const CANCELLED: &str = "Loading was cancelled: not all events are here";
