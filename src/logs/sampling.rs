//! A part of the records of a file that does not fit into memory: the file is read in a stream, and only what is chosen
//! is kept, each piece with the place in the file where it lies.

use super::assemble::{Assembly, CANCELLED, PARQUET};
use super::forms::{self, Found, Judge, Reading};
use super::memory::size;
use super::packed::Packing;
use super::record::{Outcome, Ways, outcome};
use super::shapes::LONGEST;
use super::text::{Pieces, Text};
use super::{Over, Reject, Source, parquet, scan};
use crate::task::{CancelToken, Progress};
use rayon::prelude::*;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

/// Bytes that are read at once.
const STEP: usize = 1 << 20;
/// Records that are read together.
const BATCH: usize = 16_384;

/// A file that is read from its beginning on, a window of it at a time.
struct Window {
    source: Box<dyn Read>,
    buffer: Vec<u8>,
    /// Where the buffer begins in the text.
    base: u64,
    /// The line at `counted` of the buffer.
    line: usize,
    counted: usize,
    ended: bool,
    /// Most bytes of the text that are read: packed data may be a bomb.
    most: u64,
}

impl Window {
    fn open(source: &Source) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("the file cannot be read: {error}");
        let plain = || -> Result<Box<dyn Read>, String> {
            Ok(match &source.bytes {
                Some(bytes) => Box::new(Cursor::new(bytes.clone())),
                None => Box::new(File::open(&source.path).map_err(said)?),
            })
        };
        let mut head = Vec::new();
        plain()?.take(16).read_to_end(&mut head).map_err(said)?;
        let packing = Packing::of(&head);
        let most = match packing {
            Some(_) => super::read::size(source).saturating_mul(1000),
            None => u64::MAX,
        };
        let source = match packing {
            Some(packing) => packing.stream(plain()?).map_err(said)?,
            None => plain()?,
        };
        Ok(Self {
            source,
            buffer: Vec::new(),
            base: 0,
            line: 1,
            counted: 0,
            ended: false,
            most,
        })
    }

    /// Reads on; whether there was more.
    fn more(&mut self) -> Result<bool, String> {
        if self.ended {
            return Ok(false);
        }
        let before = self.buffer.len();
        let step = STEP.max(before) as u64;
        let read = (&mut self.source).take(step).read_to_end(&mut self.buffer);
        // Damaged packed data: what was there before counts.
        self.ended = read.is_err() || self.buffer.len() == before;
        if self.base + self.buffer.len() as u64 > self.most {
            return Err("the packed data unpacks to too much".to_owned());
        }
        Ok(self.buffer.len() > before)
    }

    /// Forgets what lies before an offset, where that is worth it; gives the offset's new place.
    fn forget(&mut self, at: usize) -> usize {
        if at < 4 * STEP {
            return at;
        }
        self.line_at(at);
        self.buffer.drain(..at);
        self.base += at as u64;
        self.counted = 0;
        0
    }

    /// The line of an offset that is not before the one asked for last.
    fn line_at(&mut self, at: usize) -> usize {
        if let Some(passed) = self.buffer.get(self.counted..at) {
            self.line += memchr::memchr_iter(b'\n', passed).count();
            self.counted = at;
        }
        self.line
    }
}

/// Where the records begin and how they are read.
struct Begin {
    at: usize,
    reading: Reading,
    form: &'static str,
    notes: Vec<String>,
}

fn begin(window: &mut Window, form: Option<&str>, ways: &Ways<'_>) -> Result<Begin, String> {
    /// The first record must end before.
    const HEAD: usize = 64 << 20;
    loop {
        let more = window.more()?;
        if window.buffer.starts_with(parquet::MAGIC) {
            return Err("it is a packed Parquet file: unpack it, then load a sample".to_owned());
        }
        let start = if window.buffer.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let mut split = forms::split(&window.buffer, start, form, Judge(ways));
        if let Some(first) = split.found.first() {
            return Ok(Begin {
                at: first.range.start,
                reading: first.reading.clone(),
                form: split.form,
                notes: std::mem::take(&mut split.notes),
            });
        }
        if !more || window.buffer.len() > HEAD {
            let reason = split.rejects.into_iter().next().map(|reject| reject.reason);
            return Err(reason.unwrap_or_else(|| "no record was found".to_owned()));
        }
    }
}

/// What the walk over the records met.
enum Met {
    /// A record from one offset to another.
    Record(usize, usize),
    /// Something that is none, and where to go on.
    Damaged(usize, &'static str),
    /// The end of the file or of the list.
    End,
}

/// The next record at or behind an offset.
fn next(window: &mut Window, at: usize, csv: bool) -> Result<(usize, Met), String> {
    let mut at = at;
    loop {
        at = window.forget(at);
        while matches!(window.buffer.get(at), Some(b' ' | b'\t' | b'\r' | b'\n'))
            || (!csv && window.buffer.get(at) == Some(&b','))
        {
            at += 1;
        }
        let met = match (window.buffer.get(at), csv) {
            (None, _) => None,
            (Some(b']'), false) => return Ok((at, Met::End)),
            (Some(_), true) => match forms::csv_record(&window.buffer, at) {
                (range, false) if range.end < window.buffer.len() || window.ended => {
                    Some(Ok(range.end))
                }
                (_, false) => None,
                (_, true) if window.ended || window.buffer.len() - at > STEP => {
                    Some(Err("a quoted cell is not closed"))
                }
                (_, true) => None,
            },
            (Some(b'{' | b'['), false) => match scan::skip_value(&window.buffer, at) {
                Ok(end) => Some(Ok(end)),
                Err(fault)
                    if fault.at >= window.buffer.len() || fault.reason.starts_with("cut off") =>
                {
                    match window.ended || window.buffer.len() - at > LONGEST {
                        true => Some(Err(fault.reason)),
                        false => None,
                    }
                }
                Err(fault) => Some(Err(fault.reason)),
            },
            (Some(_), false) => Some(Err("expected a record that begins with `{`")),
        };
        match met {
            Some(Ok(end)) => return Ok((at, Met::Record(at, end))),
            Some(Err(reason)) => {
                let end = memchr::memchr(b'\n', window.buffer.get(at..).unwrap_or_default());
                let to = end.map_or(window.buffer.len(), |n| at + n + 1);
                return Ok((at, Met::Damaged(to, reason)));
            }
            None => {
                if !window.more()? && window.buffer.get(at).is_none() {
                    return Ok((at, Met::End));
                }
            }
        }
    }
}

impl Assembly<'_> {
    /// Loads the records of a source that a person chose for files which do not fit, and gives what is kept of its text.
    pub fn sampled(
        &mut self,
        here: usize,
        source: &Source,
        form: Option<&'static str>,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Text {
        progress.add(super::read::size(source));
        if let Some(file) = self.files.get_mut(here) {
            file.sampled = true;
        }
        let every = match self.options.memory.over {
            Over::Every(n) => u64::from(n.max(1)),
            Over::First | Over::Refuse => 1,
        };
        // The rest is for the rows of the records.
        let room = self.room().unwrap_or(u64::MAX) / 3;
        let taken = match is_parquet(source) {
            true => self.sampled_rows(here, source, (every, room), cancel),
            false => self.sampled_text(here, source, form, (every, room), cancel),
        };
        if cancel.is_cancelled() {
            self.note(here, vec![CANCELLED.to_owned()]);
        }
        taken.unwrap_or_else(|reason| {
            self.reject(
                here,
                vec![whole(format!("no sample can be loaded: {reason}"))],
            );
            Text::default()
        })
    }

    fn sampled_text(
        &mut self,
        here: usize,
        source: &Source,
        form: Option<&'static str>,
        (every, room): (u64, u64),
        cancel: &CancelToken,
    ) -> Result<Text, String> {
        let mut window = Window::open(source)?;
        let ways = self.ways.clone();
        let begin = begin(&mut window, form, &ways)?;
        self.form(here, "", begin.form);
        self.note(here, begin.notes);
        let csv = matches!(begin.reading, Reading::Csv(_));
        let mut pieces = Pieces::default();
        let mut waiting: Vec<Found> = Vec::new();
        let (mut at, mut seen, mut kept, mut full) = (begin.at, 0_u64, 0_u64, false);
        let mut damaged = Vec::new();
        loop {
            let (start, met) = next(&mut window, at, csv)?;
            match met {
                Met::End => break,
                Met::Damaged(to, reason) => {
                    let line = window.line_at(start);
                    let excerpt = forms::excerpt(window.buffer.get(start..to).unwrap_or_default());
                    let reason = reason.to_owned();
                    damaged.push(Reject {
                        line,
                        reason,
                        excerpt,
                    });
                    at = to;
                }
                Met::Record(from, end) => {
                    at = end;
                    seen += 1;
                    if (seen - 1) % every == 0 {
                        let line = window.line_at(from);
                        let bytes = window.buffer.get(from..end).unwrap_or_default();
                        if pieces.held() + bytes.len() as u64 > room {
                            full = true;
                            break;
                        }
                        kept += 1;
                        let (range, base) = pieces.add(window.base + from as u64, bytes);
                        waiting.push(Found {
                            range,
                            base,
                            line,
                            reading: begin.reading.clone(),
                        });
                    }
                }
            }
            if waiting.len() >= BATCH {
                self.take_pieces(here, &pieces, std::mem::take(&mut waiting));
                self.reject(here, std::mem::take(&mut damaged));
                if cancel.is_cancelled() || self.room() == Some(0) {
                    full = true;
                    break;
                }
            }
        }
        self.take_pieces(here, &pieces, waiting);
        self.reject(here, damaged);
        self.note(
            here,
            vec![said(every, kept, seen, full, self.options.memory.bound)],
        );
        Ok(Text::Pieces(std::sync::Arc::new(pieces)))
    }

    fn take_pieces(&mut self, here: usize, pieces: &Pieces, found: Vec<Found>) {
        let ways = &self.ways;
        let outcomes: Vec<Outcome> = found
            .par_iter()
            .map(|found| {
                let mut outcome = outcome(ways, pieces.text(), found, here);
                outcome.shift(found.base);
                outcome
            })
            .collect();
        let form = self.open.get(here).map_or("", |open| open.form);
        self.take_all(outcomes, here, form);
        self.flush_some();
    }

    /// The rows of a Parquet file, which itself stays where it is.
    fn sampled_rows(
        &mut self,
        here: usize,
        source: &Source,
        (every, room): (u64, u64),
        cancel: &CancelToken,
    ) -> Result<Text, String> {
        /// Rows that are made at once: after each time it is seen whether there is room for more.
        const FEW: usize = 1024;
        let on = || !cancel.is_cancelled();
        let part = parquet::Part {
            limit: room,
            every: Some(usize::try_from(every).unwrap_or(usize::MAX)),
            on: &on,
        };
        let rows = match &source.bytes {
            Some(bytes) => parquet::read_part(bytes::Bytes::from(bytes.clone()), part)?,
            None => {
                let file = File::open(&source.path);
                let file = file.map_err(|error| format!("the file cannot be read: {error}"))?;
                parquet::read_part(file, part)?
            }
        };
        self.form(here, "", PARQUET);
        self.reject(here, rows.rejects);
        let split = forms::split(&rows.text, 0, Some(PARQUET), Judge(&self.ways));
        let mut found = split.found;
        for found in &mut found {
            // Every line is a row: the number of the line is its place in the list of rows.
            let at = found.line.saturating_sub(1);
            found.line = rows.numbers.get(at).copied().unwrap_or(found.line);
        }
        let (mut kept, mut seen, mut full) = (0, rows.seen as u64, rows.full);
        // Columns have some room to spare.
        let held = rows.text.len() as u64 + self.room().unwrap_or_default() / 5;
        for batch in found.chunks(FEW) {
            if self.room().is_some_and(|room| room <= held) || !on() {
                full = true;
                seen = batch.first().map_or(seen, |next| next.line as u64 - 1);
                break;
            }
            let outcomes: Vec<Outcome> = batch
                .par_iter()
                .map(|f| outcome(&self.ways, &rows.text, f, here))
                .collect();
            self.take_all(outcomes, here, PARQUET);
            self.flush();
            kept += batch.len() as u64;
        }
        let said = said(every, kept, seen, full, self.options.memory.bound);
        let groups = match rows.begun == rows.groups {
            true => format!("All {} row groups of the file were read", rows.groups),
            false => format!(
                "{} of the {} row groups of the file were read, which has {} rows",
                rows.begun, rows.groups, rows.said
            ),
        };
        self.note(here, vec![said, groups]);
        Ok(Text::Memory(std::sync::Arc::new(rows.text)))
    }
}

fn said(every: u64, kept: u64, seen: u64, full: bool, bound: Option<u64>) -> String {
    let bound = size(bound.unwrap_or(0));
    let why = format!("the file does not fit into {bound} of memory");
    match (every, full) {
        (1, true) => format!("A sample: the first {kept} records only, {why}"),
        (1, false) => format!("All {kept} records were loaded one by one: {why} at once"),
        (n, true) => format!(
            "A sample: every {n}{} of the first {seen} records, {kept} in all; {why}, nor do further records of the sample",
            ordinal(n)
        ),
        (n, false) => format!(
            "A sample: every {n}{} of {seen} records, {kept} in all; {why}",
            ordinal(n)
        ),
    }
}

/// The ending of a number that counts places.
fn ordinal(n: u64) -> &'static str {
    match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

fn whole(reason: String) -> Reject {
    super::assemble::whole(0, reason)
}

fn is_parquet(source: &Source) -> bool {
    let begins = |path: &Path| {
        let mut head = Vec::new();
        let file = File::open(path).ok()?;
        file.take(4).read_to_end(&mut head).ok()?;
        Some(head)
    };
    match &source.bytes {
        Some(bytes) => bytes.starts_with(parquet::MAGIC),
        None => begins(&source.path).is_some_and(|head| head == parquet::MAGIC),
    }
}
