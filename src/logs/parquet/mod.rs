//! Parquet files: their rows become JSON lines, one row a line, so that the line of an event is the number of its row.
//!
//! Row groups are read one after another; a damaged one is told and costs only itself. A cell that is null is left out
//! of its row, at every depth: a column of a file is what one kind of event has and the others do not.

mod delta;
mod footer;
mod json;
mod pages;
mod thrift;

use super::Reject;
use super::memory::size;
use bytes::Bytes;
use json::Writer;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::{ChunkReader, Length};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What a Parquet file begins and ends with.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Rows that are decoded together.
const BATCH: usize = 1024;

/// The rows of a file.
#[derive(Debug)]
pub(super) struct Rows {
    /// A JSON object a line; of all rows an empty line for one that could not be read.
    pub text: Vec<u8>,
    /// Of a sample: the number of the row of each line, from 1.
    pub numbers: Vec<usize>,
    /// Parts that could not be read.
    pub rejects: Vec<Reject>,
    /// Whether there are more rows than there was room for.
    pub full: bool,
    /// How many rows were looked at.
    pub seen: usize,
    /// How many row groups were begun.
    pub begun: usize,
    /// How many row groups there are.
    pub groups: usize,
    /// How many rows the file says it has.
    pub said: usize,
}

/// What is read of a file.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// Up to so many bytes of text.
    pub limit: u64,
    /// Every so-many-th row of a sample; none: all rows.
    pub every: Option<usize>,
    /// Whether to go on.
    pub on: &'a dyn Fn() -> bool,
}

/// Reads a file whose rows make up to so many bytes of text.
///
/// # Errors
/// Why nothing of it can be read, in one sentence.
pub(super) fn read(bytes: Vec<u8>, limit: u64) -> Result<Rows, String> {
    let packed = bytes.len() as u64;
    let rows = read_within(bytes, limit)?;
    if rows.full {
        return Err(format!(
            "the Parquet rows make more than {} of JSON: too much for a file of {}. Split the file",
            size(limit),
            size(packed),
        ));
    }
    Ok(rows)
}

/// Reads as many rows as make up to so many bytes of text.
///
/// # Errors
/// Why nothing of it can be read, in one sentence.
pub(super) fn read_within(bytes: Vec<u8>, limit: u64) -> Result<Rows, String> {
    let all = Part {
        limit,
        every: None,
        on: &|| true,
    };
    read_part(Bytes::from(bytes), all)
}

/// Reads a part of a file. The file itself need not be in memory: no more of it than a few pages of each column is.
///
/// # Errors
/// Why nothing of it can be read, in one sentence.
pub(super) fn read_part<R: ChunkReader + 'static>(file: R, part: Part<'_>) -> Result<Rows, String> {
    let file = Arc::new(file);
    check_end(file.as_ref())?;
    let metadata = guarded(|| open(file.as_ref()))?;
    let mut writer = Writer::new(part.limit, part.every);
    let groups = metadata.metadata().row_groups();
    let rows_of = |rows: i64| usize::try_from(rows).unwrap_or(0);
    let said = groups.iter().map(|group| rows_of(group.num_rows()));
    let mut rows = Rows {
        text: Vec::new(),
        numbers: Vec::new(),
        rejects: Vec::new(),
        full: false,
        seen: 0,
        begun: 0,
        groups: groups.len(),
        said: said.fold(0, usize::saturating_add),
    };
    let mut line = 1_usize;
    for (at, group) in groups.iter().enumerate() {
        if !(part.on)() {
            break;
        }
        rows.begun = at + 1;
        let count = rows_of(group.num_rows());
        let before = writer.rows;
        let read = guarded(|| {
            pages::check(&file, group)?;
            group_rows(&file, &metadata, at, (&mut writer, part.on))
        });
        if writer.is_full() {
            writer.drop_last();
            rows.full = true;
            break;
        }
        let got = writer.rows - before;
        let read_whole = read.is_ok();
        let reason = match read {
            Ok(()) if got == count || !(part.on)() => None,
            Ok(()) => Some("it has fewer rows than the file says".to_owned()),
            Err(reason) => Some(reason),
        };
        if let Some(reason) = reason {
            rows.rejects.push(Reject {
                line: line.saturating_add(got),
                reason: format!("row group {} cannot be read from here on: {reason}", at + 1),
                excerpt: String::new(),
            });
            // Rows that no page has are not there: the next group goes on behind those that are.
            if read_whole {
                line = line.saturating_add(got);
                continue;
            }
            writer.skip(count.saturating_sub(got));
        }
        line = line.saturating_add(count);
    }
    rows.seen = writer.rows;
    rows.rejects.append(&mut writer.rejects);
    rows.rejects.sort_by_key(|reject| reject.line);
    (rows.text, rows.numbers) = writer.finish()?;
    Ok(rows)
}

/// Sees whether the metadata at the end can be read safely.
fn check_end<R: ChunkReader>(file: &R) -> Result<(), String> {
    let length = file.len();
    let bytes = |before: usize, count: usize| {
        let start = length.saturating_sub(before as u64);
        let bytes = file.get_bytes(start, count.min((length - start) as usize));
        bytes.map_err(|error| format!("the file cannot be read: {error}"))
    };
    let tail = bytes(footer::TAIL, footer::TAIL)?;
    let metadata = footer::length(&tail, length)?;
    footer::check(&bytes(metadata + footer::TAIL, metadata)?)
}

/// Reads what the file says of itself.
fn open<R: ChunkReader>(file: &R) -> Result<ArrowReaderMetadata, String> {
    // What a writer says of its own types in memory does not matter, and is not to be trusted.
    let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(file, options()).map_err(damaged)?;
    // Texts stay in the pages they came in: a text that a dictionary gives to a million rows is there once.
    let schema = Arc::new(json::as_views(plain.schema()));
    let options = options().with_schema(schema);
    ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options).map_err(damaged)
}

fn group_rows<R: ChunkReader + 'static>(
    file: &Arc<R>,
    metadata: &ArrowReaderMetadata,
    group: usize,
    (writer, on): (&mut Writer, &dyn Fn() -> bool),
) -> Result<(), String> {
    let shared = Shared(Arc::clone(file));
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(shared, metadata.clone());
    let batches = builder
        .with_batch_size(BATCH)
        .with_row_groups(vec![group])
        .build()
        .map_err(damaged)?;
    for batch in batches {
        if !on() {
            break;
        }
        writer.batch(&batch.map_err(|error| in_words(&error.to_string()))?)?;
    }
    Ok(())
}

/// One file for several readers, one after another.
struct Shared<R>(Arc<R>);

impl<R: ChunkReader> Length for Shared<R> {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl<R: ChunkReader> ChunkReader for Shared<R> {
    type T = R::T;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        self.0.get_bytes(start, length)
    }
}

fn damaged(error: parquet::errors::ParquetError) -> String {
    in_words(&error.to_string())
}

/// The reader's own words, on one line and not too many.
fn in_words(error: &str) -> String {
    let line: String = error
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(160)
        .collect();
    format!("damaged Parquet data ({line})")
}

/// Does work that may panic over damaged data.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("damaged Parquet data".to_owned()))
}
