//! Sources to a dataset: every file is unpacked, cut into records and read in parallel; records become rows through
//! the transform of their connector, and rows are added in file order.

use super::blocks::{self, Block, Lines};
use super::connectors::{self, Cell, Connectors};
use super::describe::{Open, Tally, describe, end};
use super::duplicates;
use super::filling::Filling;
use super::forms;
use super::ingest::{self, CHUNK, Made};
use super::lane::Lane;
use super::late::LateTable;
use super::record::{Outcome, Taken, Ways, outcome};
use super::store::{Events, Record, Store};
use super::text::Text;
use super::{Dataset, Later, LogFile, Reject, Source, read, unpack};
use crate::task::{CancelToken, Progress};
use crate::value::{EventId, Table, Type, Value};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

/// Records that are read at once: bounds the memory between reading and adding them.
const BATCH: usize = CHUNK;
/// Files of fewer bytes are kept in memory.
const SMALL: u64 = 256 << 10;

pub(super) struct Assembly<'c> {
    connectors: &'c Connectors,
    ways: Ways<'c>,
    lanes: Vec<Lane>,
    files: Vec<LogFile>,
    open: Vec<Open>,
    texts: Vec<Text>,
    events: Events,
    tables: Vec<Filling<'c>>,
    pending: Vec<Taken>,
    /// The file from which an event was taken first, by its key.
    seen: HashMap<u64, usize>,
}

impl<'c> Assembly<'c> {
    /// With so many bytes to come. From `late_from` bytes on, columns are made when somebody asks for them.
    pub fn new(connectors: &'c Connectors, to_come: u64, (late_from, block): (u64, usize)) -> Self {
        let late = |c: &std::sync::Arc<connectors::Connector>| to_come >= late_from && c.is_late();
        Self {
            connectors,
            ways: Ways {
                connectors,
                late: connectors.iter().map(late).collect(),
                block,
            },
            lanes: Vec::new(),
            files: Vec::new(),
            open: Vec::new(),
            texts: Vec::new(),
            events: Events::default(),
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
        self.open.push(Open {
            packing: "",
            form: "",
            forms: Vec::new(),
            tally: Tally::default(),
        });
        if self.ways.late.contains(&true)
            && let Some(disk) = read::plain_lines(&source, self.small())
        {
            self.form(here, "", "ndjson");
            self.lines(here, Lines::Disk(&disk), cancel, Some(progress));
            self.texts.push(Text::Disk(Arc::new(disk)));
            return;
        }
        let unpacked = read::bytes(source).and_then(|bytes| {
            progress.add(bytes.len() as u64);
            unpack::unpack(bytes)
        });
        let text = match unpacked {
            Ok(unpacked) => self.records(here, unpacked, cancel),
            Err(reason) => {
                self.reject(here, vec![whole(0, reason)]);
                Vec::new()
            }
        };
        self.texts.push(Text::Memory(Arc::new(text)));
    }

    fn small(&self) -> u64 {
        SMALL.min(self.ways.block as u64)
    }

    fn form(&mut self, here: usize, packing: &'static str, form: &'static str) {
        if let Some(open) = self.open.get_mut(here) {
            open.packing = packing;
            open.form = form;
        }
    }

    /// Reads the records of a file and gives its text back.
    fn records(
        &mut self,
        here: usize,
        unpacked: unpack::Unpacked,
        cancel: &CancelToken,
    ) -> Vec<u8> {
        let mut unpacked = unpacked;
        let text = std::mem::take(&mut unpacked.text);
        if self.ways.late.contains(&true)
            && text.len() as u64 >= self.small()
            && forms::lines::recognise(&text, unpacked.start)
        {
            self.form(here, unpacked.packing, "ndjson");
            self.note(here, unpacked.notes);
            let lines = Lines::Memory(&text, unpacked.start);
            self.lines(here, lines, cancel, None);
        } else {
            self.split(here, &text, &unpacked, cancel);
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
        cancel: &CancelToken,
    ) {
        let mut split = forms::split(text, unpacked.start);
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
            for outcome in outcomes {
                self.take(outcome, here, split.form);
            }
            self.flush_some();
        }
    }

    /// Reads lines that are records.
    fn lines(
        &mut self,
        here: usize,
        lines: Lines<'_>,
        cancel: &CancelToken,
        progress: Option<&Progress>,
    ) {
        let mut lanes = std::mem::take(&mut self.lanes);
        let ways = Ways {
            connectors: self.connectors,
            late: self.ways.late.clone(),
            block: self.ways.block,
        };
        let mut before = 1;
        let blocks = usize::try_from(lines.length() / ways.block as u64).unwrap_or(0);
        blocks::each(
            lines,
            here,
            &ways,
            &mut lanes,
            (cancel, progress),
            |block| {
                if before == 1 {
                    // The others hold as many, about.
                    self.events
                        .reserve(block.events.len() * (blocks + 1) / 16 * 17);
                }
                self.block(here, block, &mut before);
            },
        );
        self.lanes = lanes;
        if cancel.is_cancelled() {
            self.note(here, vec![CANCELLED.to_owned()]);
        }
    }

    /// Adds what a block of lines holds; so many lines lie before it.
    fn block(&mut self, here: usize, mut block: Block, before: &mut usize) {
        if let Some(reason) = block.failed {
            self.reject(here, vec![whole(*before, reason)]);
        }
        let by = u32::try_from(*before).unwrap_or(u32::MAX);
        for event in &mut block.events {
            event.line = event.line.saturating_add(by);
        }
        if !block.events.is_empty() {
            self.seen_form(here, "ndjson");
        }
        if let (Some(file), Some(open)) = (self.files.get_mut(here), self.open.get_mut(here)) {
            open.tally.join(&block.tally);
            file.count_many(block.events.len(), &block.times);
        }
        let mut added = 0;
        for (at, mut outcome) in block.others {
            self.append(&block.events, &block.times, added..at);
            added = at;
            outcome.move_lines(*before);
            self.take(outcome, here, "ndjson");
        }
        self.append(&block.events, &block.times, added..block.events.len());
        *before += block.lines;
        self.flush_some();
    }

    fn append(
        &mut self,
        events: &[super::store::Stored],
        times: &[i64],
        part: std::ops::Range<usize>,
    ) {
        if let (Some(events), Some(times)) = (events.get(part.clone()), times.get(part)) {
            self.events.append(events, times);
        }
    }

    /// Files are many and small, or few and large: rows are made of several files together.
    fn flush_some(&mut self) {
        if self.pending.len() >= CHUNK * rayon::current_num_threads().min(8) {
            self.flush();
        }
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

    fn seen_form(&mut self, file: usize, form: &'static str) {
        if let Some(open) = self.open.get_mut(file)
            && !open.forms.contains(&form)
        {
            open.forms.push(form);
        }
    }

    fn take(&mut self, outcome: Outcome, file: usize, form: &'static str) {
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
                    self.pending.push(*taken);
                }
            }
        }
    }

    /// Gives an event its number whose row is made when somebody asks for it.
    fn settle(&mut self, taken: &Taken) {
        let here = taken.file;
        if let (Some(file), Some(open)) = (self.files.get_mut(here), self.open.get_mut(here)) {
            file.count(taken.time);
            open.tally
                .count(taken.connector, taken.shape, taken.remarks);
        }
        self.number(taken, taken.plain(), taken.time);
    }

    /// Gives an event its number.
    fn number(&mut self, taken: &Taken, plain: bool, time: Option<i64>) -> Option<EventId> {
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
            let reason = "too many events, or a record too long: at most four thousand million are loaded, \
                 and records of 4 GB";
            let excerpt = String::new();
            let reject = Reject {
                line: taken.found.line,
                reason: reason.to_owned(),
                excerpt,
            };
            self.reject(taken.file, vec![reject]);
        }
        id
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
        for (taken, row) in pending.into_iter().zip(rows) {
            self.place(taken, row, &mut parts);
        }
        for ((connector, _), (made, rows, events)) in chunks.iter().zip(parts) {
            if let Some(table) = self.tables.get_mut(*connector) {
                table.append(&made.table, &rows, &events);
            }
        }
    }

    /// Gives an event its number and its row.
    fn place(&mut self, taken: Taken, row: Row, parts: &mut [(Made, Vec<u32>, Vec<EventId>)]) {
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
        let Some((made, _, _)) = parts.get(part) else {
            return;
        };
        let table = def.tables.first();
        let column = |name: Option<&String>| name.and_then(|name| made.table.column(name));
        let mut remarks = taken.remarks;
        let plain = taken.plain();
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
        let Ok(row) = u32::try_from(row) else {
            return;
        };
        let Some(id) = self.number(&taken, plain, time) else {
            return;
        };
        if let Some((_, rows, events)) = parts.get_mut(part) {
            rows.push(row);
            events.push(id);
        }
    }

    /// The dataset.
    pub fn finish(mut self) -> Dataset {
        self.flush();
        let mut store = Store {
            connectors: self.connectors.clone(),
            texts: std::mem::take(&mut self.texts),
            events: std::mem::take(&mut self.events),
            lanes: std::mem::take(&mut self.lanes).into(),
            rooms: Mutex::default(),
        };
        self.drop_repeats(&mut store);
        for (file, open) in self.files.iter_mut().zip(self.open) {
            describe(file, self.connectors, &open);
        }
        let end = end(&store.events, &mut self.files);
        let store = Arc::new(store);
        let mut tables = BTreeMap::new();
        let mut later = BTreeMap::new();
        let mut late = BTreeMap::new();
        let mut log_types = BTreeMap::new();
        for ((index, connector), filling) in self.connectors.iter().enumerate().zip(self.tables) {
            let is_late = self.ways.late.get(index).copied().unwrap_or(false);
            let table = Arc::new(filling.finish());
            let events = is_late.then(|| super::late::events_of(&store, index));
            for (at, def) in connector.tables.iter().enumerate() {
                let made_late = events.as_ref().filter(|_| def.origins.is_some());
                let made_late = made_late.map(|events| {
                    Arc::new(LateTable::new(&store, connector, at, Arc::clone(events)))
                });
                let shared = Arc::new(Later::new(index, at));
                for name in &def.names {
                    if let Some(made) = &made_late {
                        late.insert(name.clone(), Arc::clone(made));
                    } else if at == 0 {
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
            store,
            files: self.files,
            tables,
            later,
            late,
            panther: Arc::new(log_types),
            memo: Arc::default(),
        }
    }

    /// Drops events whose rows are made late and that an earlier file gave as well.
    fn drop_repeats(&mut self, store: &mut Store) {
        let late = &self.ways.late;
        let found = duplicates::find(store, |connector| late.get(connector) == Some(&true));
        for (file, reason) in found.failed {
            self.reject(file, vec![whole(0, reason)]);
        }
        if found.repeats.is_empty() {
            return;
        }
        let mut keep = vec![true; store.events.len()];
        for id in found.repeats {
            if let Some(stored) = store.events.get(id)
                && let Some(file) = self.files.get_mut(stored.file as usize)
            {
                file.duplicates += 1;
            }
            if let Some(slot) = keep.get_mut(id as usize) {
                *slot = false;
            }
        }
        let numbers = store.events.retain(&keep);
        for table in &mut self.tables {
            table.renumber(&numbers);
        }
    }
}

/// What is said of a file as a whole, or of its end.
fn whole(line: usize, reason: String) -> Reject {
    Reject {
        line,
        reason,
        excerpt: String::new(),
    }
}

const CANCELLED: &str = "Loading was cancelled: not all events are here";

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
    /// Counts events that were recognised in it.
    fn count_many(&mut self, events: usize, times: &[i64]) {
        self.events += events;
        for time in super::store::known(times) {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
    }

    /// Counts an event that was recognised in it.
    fn count(&mut self, time: Option<i64>) {
        self.events += 1;
        if let Some(time) = time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
    }
}
