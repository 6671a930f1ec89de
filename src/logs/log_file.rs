//! What is said of a file that was loaded.

use super::Choice;
use super::assemble::CANCELLED;
use std::path::PathBuf;

/// A record that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Line in the file, from 1.
    pub line: usize,
    /// What is wrong with it, in one sentence.
    pub reason: String,
    /// The beginning of the record.
    pub excerpt: String,
}

/// What a file was recognised as.
#[derive(Clone, Debug, Default)]
pub struct LogFile {
    /// Where it is, or the name it was given.
    pub path: PathBuf,
    /// Its size on disk in bytes, as it is packed.
    pub size: u64,
    /// What was chosen for it over what would be recognised.
    pub choice: Choice,
    /// Whether only a part of its records was loaded, for want of room; the notes say which.
    pub sampled: bool,
    /// The shape it has on disk, such as `ndjson` or `api_envelope`; `gzip+ndjson` when packed.
    pub form: String,
    /// The mapping that was used, such as `openai-audit`; several are joined with `+`.
    pub connector: String,
    /// The table its events went to, as rules name it; several are joined with `+`.
    pub table: String,
    /// Events recognised, those of [`LogFile::duplicates`] among them.
    pub events: usize,
    /// Events that a file loaded earlier gave as well. The dataset holds them once, as that file's, unless
    /// [`Options::duplicates`] says otherwise.
    pub duplicates: usize,
    /// Records not taken: the first ten thousand.
    pub rejected: Vec<Reject>,
    /// Records not taken beyond those of [`LogFile::rejected`].
    pub unlisted: usize,
    /// Remarks about the file as a whole (a detail key that was aliased, a time in milliseconds).
    pub notes: Vec<String>,
    /// Time of the first event recognised, ticks.
    pub first: Option<i64>,
    /// Time of the last event recognised, ticks.
    pub last: Option<i64>,
}

impl LogFile {
    /// How many records were not taken, listed or not.
    pub fn rejects(&self) -> usize {
        self.rejected.len() + self.unlisted
    }

    /// Whether the load was stopped while the file was read: not all of its events are there.
    pub fn is_partial(&self) -> bool {
        self.notes.iter().any(|note| note == CANCELLED)
    }
}
