//! Parquet files: their rows become JSON lines, one row a line, so that the line of an event is the number of its row.
//!
//! Row groups are read one after another; a damaged one is told and costs only itself. A cell that is null is left out
//! of its row, at every depth: a column of a file is what one kind of event has and the others do not.

mod footer;
mod json;

use super::Reject;
use super::memory::size;
use bytes::Bytes;
use json::Writer;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What a Parquet file begins and ends with.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Rows that are decoded together.
const BATCH: usize = 1024;

/// The rows of a file.
#[derive(Debug)]
pub(super) struct Rows {
    /// A JSON object a line; an empty line for a row that could not be read.
    pub text: Vec<u8>,
    /// Parts that could not be read.
    pub rejects: Vec<Reject>,
    /// Whether there are more rows than there was room for.
    pub full: bool,
}

/// Reads a file whose rows make up to so many bytes of text.
///
/// # Errors
/// Why nothing of it can be read, in one sentence.
pub(super) fn read(bytes: Vec<u8>, limit: u64) -> Result<Rows, String> {
    let packed = bytes.len() as u64;
    let rows = read_some(bytes, limit, 1)?;
    if rows.full {
        return Err(format!(
            "the Parquet rows make more than {} of JSON: too much for a file of {}. Split the file",
            size(limit),
            size(packed),
        ));
    }
    Ok(rows)
}

/// Reads every so-many-th row of a file, up to so many bytes of text; the lines of the others are empty.
///
/// # Errors
/// Why nothing of it can be read, in one sentence.
pub(super) fn read_some(bytes: Vec<u8>, limit: u64, every: usize) -> Result<Rows, String> {
    footer::check(&bytes)?;
    let bytes = Bytes::from(bytes);
    let metadata = guarded(|| open(&bytes))?;
    let mut writer = Writer::new(limit, every);
    let mut rejects = Vec::new();
    let mut line = 1;
    for (at, group) in metadata.metadata().row_groups().iter().enumerate() {
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let before = writer.rows;
        let read = guarded(|| group_rows(&bytes, &metadata, at, &mut writer));
        if writer.is_full() {
            writer.drop_last();
            return Ok(Rows {
                text: writer.text,
                rejects,
                full: true,
            });
        }
        let got = writer.rows - before;
        let reason = match read {
            Ok(()) if got == rows => None,
            Ok(()) => Some("it has fewer rows than the file says".to_owned()),
            Err(reason) => Some(reason),
        };
        if let Some(reason) = reason {
            rejects.push(Reject {
                line: line + got,
                reason: format!("row group {} cannot be read from here on: {reason}", at + 1),
                excerpt: String::new(),
            });
            writer.skip(rows.saturating_sub(got));
        }
        line += rows;
    }
    Ok(Rows {
        text: writer.text,
        rejects,
        full: false,
    })
}

/// Reads what the file says of itself.
fn open(bytes: &Bytes) -> Result<ArrowReaderMetadata, String> {
    // What a writer says of its own types in memory does not matter, and is not to be trusted.
    let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(bytes, options()).map_err(damaged)?;
    // Texts stay in the pages they came in: a text that a dictionary gives to a million rows is there once.
    let schema = Arc::new(json::as_views(plain.schema()));
    let options = options().with_schema(schema);
    ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options).map_err(damaged)
}

fn group_rows(
    bytes: &Bytes,
    metadata: &ArrowReaderMetadata,
    group: usize,
    writer: &mut Writer,
) -> Result<(), String> {
    let builder =
        ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), metadata.clone());
    let batches = builder
        .with_batch_size(BATCH)
        .with_row_groups(vec![group])
        .build()
        .map_err(damaged)?;
    for batch in batches {
        writer.batch(&batch.map_err(|error| in_words(&error.to_string()))?)?;
    }
    Ok(())
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
