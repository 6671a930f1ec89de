//! Sources to a dataset: every file is unpacked, cut into records and read in parallel; records become rows through
//! the transform of their connector, and rows are added in file order.

use super::connectors::{self, Cell, Connectors, Remarks};
use super::describe::{Open, Tally, describe, end};
use super::filling::Filling;
use super::forms::{self, Found, Reading, excerpt};
use super::ingest::{self, CHUNK, Made};
use super::{Dataset, Later, LogFile, Reject, Source, Stored, Text, read, shapes, unpack};
use crate::task::{CancelToken, Progress};
use crate::value::{EventId, Table, Type, Value};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Records that are read at once: bounds the memory between reading and adding them.
const BATCH: usize = CHUNK;
/// Lines longer than this are looked into before they are parsed as one record.
const LONG_LINE: usize = 64 << 10;

/// One record, read.
enum Outcome {
    Event(Box<Taken>),
    Reject(Reject),
    Several(&'static str, Vec<Outcome>),
}

/// An event whose row is not made yet.
struct Taken {
    file: usize,
    found: Found,
    connector: usize,
    cells: Vec<Cell>,
    remarks: Remarks,
    shape: Option<&'static str>,
}

pub(super) struct Assembly<'c> {
    connectors: &'c Connectors,
    files: Vec<LogFile>,
    open: Vec<Open>,
    texts: Vec<Text>,
    events: Vec<Stored>,
    tables: Vec<Filling<'c>>,
    pending: Vec<Taken>,
    /// The file from which an event was taken first, by its key.
    seen: HashMap<u64, usize>,
}

impl<'c> Assembly<'c> {
    pub fn new(connectors: &'c Connectors) -> Self {
        Self {
            connectors,
            files: Vec::new(),
            open: Vec::new(),
            texts: Vec::new(),
            events: Vec::new(),
            tables: connectors
                .iter()
                .map(|c| Filling::new(c.tables.first().map_or(&[], |t| &t.columns)))
                .collect(),
            pending: Vec::new(),
            seen: HashMap::new(),
        }
    }

    /// Adds the events of a source. An event that another file already gave (same identifier, same content)
    /// is counted once; repeats within a file are kept, as the platform would keep them. A cancelled load ends after the current batch.
    pub fn add(&mut self, source: Source, cancel: &CancelToken, progress: &Progress) {
        let here = self.files.len();
        self.files.push(LogFile {
            path: source.path.clone(),
            ..LogFile::default()
        });
        let unpacked = read::bytes(source).and_then(|bytes| {
            progress.add(bytes.len() as u64);
            unpack::unpack(bytes)
        });
        self.open.push(Open {
            packing: "",
            form: "",
            forms: Vec::new(),
            tally: Tally::default(),
        });
        let text = match unpacked {
            Ok(unpacked) => self.records(here, unpacked, cancel),
            Err(reason) => {
                let excerpt = String::new();
                self.reject(
                    here,
                    vec![Reject {
                        line: 0,
                        reason,
                        excerpt,
                    }],
                );
                Vec::new()
            }
        };
        self.texts.push(Text(Arc::new(text)));
    }

    /// Reads the records of a file and gives its text back.
    fn records(
        &mut self,
        here: usize,
        unpacked: unpack::Unpacked,
        cancel: &CancelToken,
    ) -> Vec<u8> {
        let text = unpacked.text;
        let mut split = forms::split(&text, unpacked.start);
        if let Some(open) = self.open.get_mut(here) {
            open.packing = unpacked.packing;
            open.form = split.form;
        }
        self.note(here, unpacked.notes);
        self.note(here, std::mem::take(&mut split.notes));
        self.reject(here, std::mem::take(&mut split.rejects));
        for batch in split.found.chunks(BATCH) {
            if cancel.is_cancelled() {
                let note = "Loading was cancelled: not all events are here";
                self.note(here, vec![note.to_owned()]);
                break;
            }
            let all = self.connectors;
            let outcomes: Vec<Outcome> = batch
                .par_iter()
                .map(|f| outcome(all, &text, f, here))
                .collect();
            for outcome in outcomes {
                self.take(outcome, here, split.form);
            }
            // Files are many and small, or few and large: rows are made of several files together.
            if self.pending.len() >= CHUNK * rayon::current_num_threads().min(8) {
                self.flush();
            }
        }
        if let Some(reason) = unpacked.cut {
            let line = memchr::memchr_iter(b'\n', &text).count() + 1;
            let excerpt = String::new();
            self.reject(
                here,
                vec![Reject {
                    line,
                    reason,
                    excerpt,
                }],
            );
        }
        text
    }

    fn note(&mut self, file: usize, notes: Vec<String>) {
        if let Some(file) = self.files.get_mut(file) {
            file.notes.extend(notes);
        }
    }

    fn reject(&mut self, file: usize, rejects: Vec<Reject>) {
        if let Some(file) = self.files.get_mut(file) {
            file.rejected.extend(rejects);
        }
    }

    fn take(&mut self, outcome: Outcome, file: usize, form: &'static str) {
        let mut seen = |form| {
            if let Some(open) = self.open.get_mut(file)
                && !open.forms.contains(&form)
            {
                open.forms.push(form);
            }
        };
        match outcome {
            Outcome::Reject(reject) => self.reject(file, vec![reject]),
            Outcome::Several(form, outcomes) => {
                seen(form);
                for outcome in outcomes {
                    self.take(outcome, file, form);
                }
            }
            Outcome::Event(taken) => {
                seen(form);
                self.pending.push(*taken);
            }
        }
    }

    /// Makes the rows of the events that wait for it.
    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        // Chunks of the events of one connector, and the place of each event in them.
        let mut chunks: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, taken) in pending.iter().enumerate() {
            let chunk = match last.get(&taken.connector) {
                Some(chunk) if chunks.get(*chunk).is_some_and(|(_, c)| c.len() < CHUNK) => *chunk,
                _ => {
                    chunks.push((taken.connector, Vec::new()));
                    last.insert(taken.connector, chunks.len() - 1);
                    chunks.len() - 1
                }
            };
            if let Some((_, members)) = chunks.get_mut(chunk) {
                members.push(at);
            }
        }
        let made = ingest::in_threads(chunks.len(), |at| {
            let (connector, members) = chunks.get(at).ok_or("no such chunk")?;
            let connector = self.connectors.get(*connector).ok_or("no such connector")?;
            let records: Vec<&[Cell]> = members
                .iter()
                .filter_map(|at| pending.get(*at).map(|taken| taken.cells.as_slice()))
                .collect();
            ingest::make(connector, &records)
        });
        let mut rows: Vec<Row> = pending.iter().map(|_| Row::Dropped).collect();
        let mut parts: Vec<(Made, Vec<u32>, Vec<EventId>)> = Vec::new();
        for ((connector, members), made) in chunks.iter().zip(made) {
            let made =
                made.unwrap_or_else(|| Err("the transform of the connector failed".to_owned()));
            let planned = made.and_then(|made| match self.tables.get_mut(*connector) {
                Some(table) => table.plan(&made.table).map(|()| made),
                None => Err("no such table".to_owned()),
            });
            match planned {
                Ok(made) => {
                    for row in 0..made.table.rows {
                        let record = ingest::record(&made.table, row);
                        let slot = record.and_then(|r| rows.get_mut(*members.get(r)?));
                        if let Some(slot) = slot {
                            *slot = Row::Made(parts.len(), row);
                        }
                    }
                    parts.push((made, Vec::new(), Vec::new()));
                }
                Err(reason) => {
                    for slot in members {
                        if let Some(slot) = rows.get_mut(*slot) {
                            *slot = Row::Failed(reason.clone());
                        }
                    }
                    let none = Made {
                        table: Table::default(),
                        prints: Vec::new(),
                    };
                    parts.push((none, Vec::new(), Vec::new()));
                }
            }
        }
        let mut base: Vec<usize> = self.tables.iter().map(Filling::rows).collect();
        for (taken, row) in pending.into_iter().zip(rows) {
            self.place(taken, row, &mut parts, &mut base);
        }
        for ((connector, _), (made, rows, events)) in chunks.iter().zip(parts) {
            if let Some(table) = self.tables.get_mut(*connector) {
                table.append(&made.table, &rows, &events);
            }
        }
    }

    /// Gives an event its number and its row.
    fn place(
        &mut self,
        taken: Taken,
        row: Row,
        parts: &mut [(Made, Vec<u32>, Vec<EventId>)],
        base: &mut [usize],
    ) {
        let here = taken.file;
        let (Some(file), Some(open)) = (self.files.get_mut(here), self.open.get_mut(here)) else {
            return;
        };
        let (part, row) = match row {
            Row::Made(part, row) => (part, row),
            Row::Dropped => {
                open.tally.dropped += 1;
                return;
            }
            Row::Failed(reason) => {
                file.rejected.push(Reject {
                    line: taken.found.line,
                    reason,
                    excerpt: String::new(),
                });
                return;
            }
        };
        let Some(def) = self.connectors.get(taken.connector) else {
            return;
        };
        let Some((made, rows, events)) = parts.get_mut(part) else {
            return;
        };
        let table = def.tables.first();
        let column = |name: Option<&String>| name.and_then(|name| made.table.column(name));
        let mut remarks = taken.remarks;
        let plain = matches!(taken.found.reading, Reading::Line | Reading::Object)
            && !remarks.turned_back
            && matches!(taken.shape, None | Some(shapes::ENRICHED));
        let time = match column(table.and_then(|t| t.time.as_ref())).map(|c| c.value(row)) {
            Some(Value::DateTime(ticks)) => Some(ticks),
            _ => None,
        };
        if def.time.is_none() {
            remarks.timeless = time.is_none();
            remarks.implausible = time.is_some_and(|t| !connectors::plausible(t));
        }
        let time = time.filter(|t| connectors::plausible(*t));
        let id = column(table.and_then(|t| t.id.as_ref()))
            .filter(|c| c.ty == Type::String)
            .map(|c| c.text(row))
            .filter(|id| !id.is_empty());
        let duplicate = id.is_some_and(|id| {
            let mut hasher = DefaultHasher::new();
            (taken.connector, id, made.prints.get(row)).hash(&mut hasher);
            *self.seen.entry(hasher.finish()).or_insert(here) != here
        });
        file.count(time);
        open.tally.count(taken.connector, taken.shape, remarks);
        if duplicate {
            file.duplicates += 1;
            return;
        }
        let id = u32::try_from(self.events.len()).ok();
        let number = base
            .get(taken.connector)
            .and_then(|n| u32::try_from(*n).ok());
        let (Some(id), Some(number), Ok(row)) = (id, number, u32::try_from(row)) else {
            file.rejected.push(Reject {
                line: taken.found.line,
                reason: "too many events: at most four thousand million are loaded".to_owned(),
                excerpt: String::new(),
            });
            return;
        };
        rows.push(row);
        events.push(id);
        if let Some(next) = base.get_mut(taken.connector) {
            *next += 1;
        }
        self.events.push(Stored {
            start: taken.found.range.start,
            end: taken.found.range.end,
            line: taken.found.line,
            file: here,
            connector: taken.connector,
            row: number,
            time,
            plain,
            reading: match taken.found.reading {
                Reading::Line | Reading::Object => None,
                other => Some(other),
            },
        });
    }

    /// The dataset.
    pub fn finish(mut self) -> Dataset {
        self.flush();
        for (file, open) in self.files.iter_mut().zip(self.open) {
            describe(file, self.connectors, &open);
        }
        let end = end(&self.events, &mut self.files);
        let mut tables = BTreeMap::new();
        let mut later = BTreeMap::new();
        let mut log_types = BTreeMap::new();
        for ((index, connector), filling) in self.connectors.iter().enumerate().zip(self.tables) {
            let table = Arc::new(filling.finish());
            for (at, def) in connector.tables.iter().enumerate() {
                let shared = Arc::new(Later::new(index, at));
                for name in &def.names {
                    if at == 0 {
                        tables.insert(name.clone(), Arc::clone(&table));
                    } else {
                        later.insert(name.clone(), Arc::clone(&shared));
                    }
                }
            }
            if let Some(log_type) = &connector.log_type {
                log_types.entry(log_type.clone()).or_default();
            }
        }
        Dataset {
            end,
            connectors: self.connectors.clone(),
            files: self.files,
            texts: self.texts,
            events: Arc::new(self.events),
            tables,
            later,
            panther: Arc::new(log_types),
            memo: Arc::default(),
        }
    }
}

/// What became of an event in the transform.
enum Row {
    /// A row of a chunk.
    Made(usize, usize),
    /// The transform left it out.
    Dropped,
    /// The transform failed.
    Failed(String),
}

impl LogFile {
    /// Counts an event that was recognised in it.
    fn count(&mut self, time: Option<i64>) {
        self.events += 1;
        if let Some(time) = time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
    }
}

fn outcome(connectors: &Connectors, text: &[u8], found: &Found, file: usize) -> Outcome {
    let is_line = matches!(found.reading, Reading::Line);
    if is_line
        && (found.range.len() > LONG_LINE || text.get(found.range.start) == Some(&b'['))
        && let Some(split) = forms::open_line(text, &found.range, found.line)
    {
        return several(connectors, text, split, file);
    }
    let record = text.get(found.range.clone()).unwrap_or_default();
    let result = shapes::read(record, &found.reading)
        .and_then(|opened| connectors.find(&opened.event).map(|index| (opened, index)));
    match result {
        Ok((opened, connector)) => {
            let (cells, mut remarks) = connectors
                .get(connector)
                .map(|c| connectors::read(c, &opened.event))
                .unwrap_or_default();
            remarks.rounded = opened.rounded;
            remarks.turned_back = opened.row;
            Outcome::Event(Box::new(Taken {
                file,
                found: found.clone(),
                connector,
                cells,
                remarks,
                shape: opened.shape,
            }))
        }
        Err(reason) => {
            // A line that is no event may be a page or list of them.
            if is_line && let Some(split) = forms::open_line(text, &found.range, found.line) {
                return several(connectors, text, split, file);
            }
            Outcome::Reject(Reject {
                line: found.line,
                reason,
                excerpt: excerpt(record),
            })
        }
    }
}

fn several(connectors: &Connectors, text: &[u8], split: forms::Split, file: usize) -> Outcome {
    let mut outcomes: Vec<Outcome> = split
        .found
        .par_iter()
        .map(|found| outcome(connectors, text, found, file))
        .collect();
    outcomes.extend(split.rejects.into_iter().map(Outcome::Reject));
    Outcome::Several(split.form, outcomes)
}
