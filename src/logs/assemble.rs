//! Sources to a dataset: every file is unpacked, cut into records and read in parallel; rows are added in file order.

use super::columns::Filling;
use super::connectors::{self, Remarks};
use super::forms::{self, Found, Reading, excerpt};
use super::{Dataset, LogFile, Reject, Source, Stored, Text, read, shapes, unpack};
use crate::task::{CancelToken, Progress};
use crate::value::time::DAY;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Records that are read before their rows are added: bounds the memory between the two.
const BATCH: usize = 16_384;
/// Rejects that are listed for a file.
const MOST_REJECTS: usize = 10_000;
/// Lines longer than this are looked into before they are parsed as one record.
const LONG_LINE: usize = 64 << 10;

/// How far after the median event an event can move the clock: ten years.
const MOST_AHEAD: i64 = 3_653 * DAY;

/// One record, read.
enum Outcome {
    Event(Box<Taken>),
    Reject(Reject),
    Several(&'static str, Vec<Outcome>),
}

struct Taken {
    found: Found,
    /// The same for the same event in another form; none where the event has no identifier.
    key: Option<u64>,
    connector: usize,
    row: connectors::Row,
    shape: Option<&'static str>,
}

/// The remarks of a file's events, counted.
#[derive(Default)]
struct Tally {
    timeless: usize,
    bad_time: usize,
    implausible: usize,
    other_unit: usize,
    aliased: usize,
    rounded: usize,
    turned_back: usize,
    shapes: BTreeMap<&'static str, usize>,
    connectors: [usize; 8],
}

pub(super) struct Assembly {
    files: Vec<LogFile>,
    texts: Vec<Text>,
    events: Vec<Stored>,
    tables: Vec<Filling>,
    /// The file from which an event was taken first, by its key.
    seen: HashMap<u64, usize>,
}

impl Assembly {
    pub fn new() -> Self {
        Self {
            files: Vec::new(),
            texts: Vec::new(),
            events: Vec::new(),
            tables: connectors::ALL
                .iter()
                .map(|c| Filling::new(c.columns()))
                .collect(),
            seen: HashMap::new(),
        }
    }

    /// Adds the events of a source. An event that another file already gave (same identifier, same content)
    /// is counted once; repeats within a file are kept, as the platform would keep them. A cancelled load ends after the current batch.
    pub fn add(&mut self, source: Source, cancel: &CancelToken, progress: &Progress) {
        let mut file = LogFile {
            path: source.path.clone(),
            ..LogFile::default()
        };
        let unpacked = match read::bytes(source).and_then(|bytes| {
            progress.add(bytes.len() as u64);
            unpack::unpack(bytes)
        }) {
            Ok(unpacked) => unpacked,
            Err(reason) => {
                file.rejected.push(Reject {
                    line: 0,
                    reason,
                    excerpt: String::new(),
                });
                self.files.push(file);
                self.texts.push(Text::default());
                return;
            }
        };
        file.notes = unpacked.notes;
        let text = unpacked.text;
        let mut split = forms::split(&text, unpacked.start);
        file.notes.append(&mut split.notes);
        file.rejected = split.rejects;
        let mut forms = Vec::new();
        let mut tally = Tally::default();
        for batch in split.found.chunks(BATCH) {
            if cancel.is_cancelled() {
                file.notes
                    .push("Loading was cancelled: not all events are here".to_owned());
                break;
            }
            let outcomes: Vec<Outcome> = batch.par_iter().map(|f| outcome(&text, f)).collect();
            for outcome in outcomes {
                self.take(outcome, split.form, &mut forms, &mut file, &mut tally);
            }
        }
        if let Some(reason) = unpacked.cut {
            file.rejected.push(Reject {
                line: memchr::memchr_iter(b'\n', &text).count() + 1,
                reason,
                excerpt: String::new(),
            });
        }
        if forms.is_empty() {
            forms.push(split.form);
        }
        describe(&mut file, unpacked.packing, &forms, &tally);
        self.files.push(file);
        self.texts.push(Text(Arc::new(text)));
    }

    fn take(
        &mut self,
        outcome: Outcome,
        form: &'static str,
        forms: &mut Vec<&'static str>,
        file: &mut LogFile,
        tally: &mut Tally,
    ) {
        match outcome {
            Outcome::Reject(reject) => file.rejected.push(reject),
            Outcome::Several(form, outcomes) => {
                if !forms.contains(&form) {
                    forms.push(form);
                }
                for outcome in outcomes {
                    self.take(outcome, form, forms, file, tally);
                }
            }
            Outcome::Event(taken) => {
                if !forms.contains(&form) {
                    forms.push(form);
                }
                if let Some(key) = taken.key {
                    let here = self.files.len();
                    if *self.seen.entry(key).or_insert(here) != here {
                        file.duplicates += 1;
                        file.count(&taken, tally);
                        return;
                    }
                }
                let Some(table) = self.tables.get_mut(taken.connector) else {
                    return;
                };
                let id = u32::try_from(self.events.len()).ok();
                let row = u32::try_from(table.rows()).ok();
                let pushed = match (id, row) {
                    (Some(id), Some(row)) => table.push(id, &taken.row.cells).map(|()| row),
                    _ => Err("too many events: at most four thousand million are loaded"),
                };
                let row = match pushed {
                    Ok(row) => row,
                    Err(reason) => {
                        file.rejected.push(Reject {
                            line: taken.found.line,
                            reason: reason.to_owned(),
                            excerpt: String::new(),
                        });
                        return;
                    }
                };
                file.count(&taken, tally);
                self.events.push(Stored {
                    start: taken.found.range.start,
                    end: taken.found.range.end,
                    line: taken.found.line,
                    file: self.files.len(),
                    connector: taken.connector,
                    row,
                    time: taken.row.time,
                    reading: match taken.found.reading {
                        Reading::Line | Reading::Object => None,
                        other => Some(other),
                    },
                });
            }
        }
    }

    /// The dataset.
    pub fn finish(mut self) -> Dataset {
        let end = end(&self.events, &mut self.files);
        let tables = connectors::ALL
            .iter()
            .zip(self.tables)
            .flat_map(|(connector, filling)| {
                let table = Arc::new(filling.finish());
                connector
                    .tables()
                    .iter()
                    .map(move |name| ((*name).to_owned(), Arc::clone(&table)))
            })
            .collect();
        Dataset {
            end,
            files: self.files,
            texts: self.texts,
            events: Arc::new(self.events),
            tables,
            panther: Arc::default(),
            memo: Arc::default(),
        }
    }
}

impl LogFile {
    /// Counts an event that was recognised in it.
    fn count(&mut self, taken: &Taken, tally: &mut Tally) {
        self.events += 1;
        tally.count(taken);
        if let Some(time) = taken.row.time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
    }
}

impl Tally {
    fn count(&mut self, taken: &Taken) {
        let Remarks {
            timeless,
            bad_time,
            implausible,
            other_unit,
            aliased,
            rounded,
            turned_back,
        } = taken.row.remarks;
        self.timeless += usize::from(timeless);
        self.bad_time += usize::from(bad_time);
        self.implausible += usize::from(implausible);
        self.other_unit += usize::from(other_unit && !bad_time && !implausible);
        self.aliased += usize::from(aliased);
        self.rounded += usize::from(rounded);
        self.turned_back += usize::from(turned_back);
        if let Some(shape) = taken.shape {
            *self.shapes.entry(shape).or_default() += 1;
        }
        if let Some(count) = self.connectors.get_mut(taken.connector) {
            *count += 1;
        }
    }
}

/// The time of the last event. One more than ten years after the median event is passed over and noted:
/// a single slip of a digit must not move the clock away from all other events.
fn end(events: &[Stored], files: &mut [LogFile]) -> Option<i64> {
    let mut times: Vec<i64> = events.iter().filter_map(|e| e.time).collect();
    let middle = times.len().checked_sub(1)? / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let latest = median.saturating_add(MOST_AHEAD);
    let mut beyond: BTreeMap<usize, usize> = BTreeMap::new();
    for event in events.iter().filter(|e| e.time > Some(latest)) {
        *beyond.entry(event.file).or_default() += 1;
    }
    for (file, count) in beyond {
        if let Some(file) = files.get_mut(file) {
            let events = if count == 1 { "event" } else { "events" };
            file.notes.push(format!(
                "{count} {events}: the time lies more than ten years after that of the others; the clock does not follow"
            ));
        }
    }
    times.into_iter().filter(|time| *time <= latest).max()
}

fn outcome(text: &[u8], found: &Found) -> Outcome {
    let is_line = matches!(found.reading, Reading::Line);
    if is_line
        && (found.range.len() > LONG_LINE || text.get(found.range.start) == Some(&b'['))
        && let Some(split) = forms::open_line(text, &found.range, found.line)
    {
        return several(text, split);
    }
    let record = text.get(found.range.clone()).unwrap_or_default();
    let result = shapes::read(record, &found.reading)
        .and_then(|opened| connectors::find(&opened.event).map(|index| (opened, index)));
    match result {
        Ok((opened, connector)) => {
            let mut row = connectors::ALL
                .get(connector)
                .map(|c| c.read(&opened.event))
                .unwrap_or_default();
            row.remarks.rounded = opened.rounded;
            row.remarks.turned_back = opened.row;
            let key = opened.event.text("id").map(|id| {
                let mut hasher = DefaultHasher::new();
                (connector, id).hash(&mut hasher);
                row.cells.hash(&mut hasher);
                hasher.finish()
            });
            Outcome::Event(Box::new(Taken {
                found: found.clone(),
                key,
                connector,
                row,
                shape: opened.shape,
            }))
        }
        Err(reason) => {
            // A line that is no event may be a page or list of them.
            if is_line && let Some(split) = forms::open_line(text, &found.range, found.line) {
                return several(text, split);
            }
            Outcome::Reject(Reject {
                line: found.line,
                reason,
                excerpt: excerpt(record),
            })
        }
    }
}

fn several(text: &[u8], split: forms::Split) -> Outcome {
    let mut outcomes: Vec<Outcome> = split
        .found
        .par_iter()
        .map(|found| outcome(text, found))
        .collect();
    outcomes.extend(split.rejects.into_iter().map(Outcome::Reject));
    Outcome::Several(split.form, outcomes)
}

/// Fills in what is said of the file as a whole.
fn describe(file: &mut LogFile, packing: &str, forms: &[&'static str], tally: &Tally) {
    let form = match (forms, tally.shapes.iter().next()) {
        // Lines or a list of rows: the shape says more than that.
        ([form @ ("ndjson" | "json_array" | "json_object")], Some((shape, count)))
            if tally.shapes.len() == 1 && *count == file.events =>
        {
            if *shape == "data_export_blob" && *form != "ndjson" {
                form
            } else {
                shape
            }
        }
        ([form], _) => form,
        _ => "mixed",
    };
    file.form = format!("{packing}{form}");
    let used = || {
        connectors::ALL
            .iter()
            .zip(tally.connectors)
            .filter(|(_, count)| *count > 0)
            .map(|(connector, _)| connector)
    };
    let joined = |names: Vec<&str>| names.join("+");
    file.connector = joined(used().map(|c| c.id()).collect());
    file.table = joined(used().filter_map(|c| c.tables().first().copied()).collect());
    let duplicates = file.duplicates;
    let mut note = |count: usize, what: &str| {
        if count > 0 {
            let events = if count == 1 { "event" } else { "events" };
            file.notes.push(format!("{count} {events}: {what}"));
        }
    };
    note(
        tally.aliased,
        "the details stand under the API's key with dots; for Panther rules they are also given under the key with underscores",
    );
    note(
        tally.other_unit,
        "the time was not in unix seconds (milliseconds or finer, or text) and was read as such",
    );
    note(
        tally.timeless,
        "no time (on the platform it would be the time of ingestion); TimeGenerated is null",
    );
    note(
        tally.bad_time,
        "the time could not be read; TimeGenerated is null",
    );
    note(
        tally.implausible,
        "the time lies before 2015 or after 2099 and cannot be right; TimeGenerated is null",
    );
    note(
        tally.turned_back,
        "a table's row, turned back into the raw event; its other columns are not kept",
    );
    note(duplicates, "already loaded from another file, counted once");
    note(
        tally.rounded,
        "a number beyond 64 bits was rounded in the table; the raw text keeps it",
    );
    file.rejected.sort_by_key(|reject| reject.line);
    if file.rejected.len() > MOST_REJECTS {
        let more = file.rejected.len() - MOST_REJECTS;
        file.rejected.truncate(MOST_REJECTS);
        file.notes.push(format!(
            "{more} more records were rejected and are not listed"
        ));
    }
}
