//! Log files on disk → raw events → typed tables. Knows nothing of rules.

use crate::kql::Catalog;
use crate::task::{CancelToken, Progress};
use crate::value::{EventId, Table, Type};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// The shape it has on disk, such as `ndjson` or `api_envelope`; `gzip+ndjson` when packed.
    pub form: String,
    /// The mapping that was used, such as `openai-audit`; several are joined with `+`.
    pub connector: String,
    /// The table its events went to; several are joined with `+`.
    pub table: String,
    /// Events taken.
    pub events: usize,
    /// Records not taken.
    pub rejected: Vec<Reject>,
    /// Remarks about the file as a whole (a detail key that was aliased, a time in milliseconds).
    pub notes: Vec<String>,
    /// Time of the first event, ticks.
    pub first: Option<i64>,
    /// Time of the last event, ticks.
    pub last: Option<i64>,
}

/// Where a raw event lies and what is known of it.
#[derive(Clone, Debug)]
pub struct Event {
    /// The event.
    pub id: EventId,
    /// Index of its file in [`Dataset::files`].
    pub file: usize,
    /// Line in the file at which it begins, from 1.
    pub line: usize,
    /// The table it became a row of.
    pub table: String,
    /// The record's own identifier (`id` of an audit event or completion), where it has one.
    pub record_id: Option<String>,
    /// Its time, ticks.
    pub time: Option<i64>,
}

/// Where events come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// A path, or a name for bytes in memory.
    pub path: PathBuf,
    /// The bytes; read from the path where none.
    pub bytes: Option<Vec<u8>>,
}

/// The loaded tables and the raw events behind their rows. Cheap to share behind an `Arc`; never changes.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    files: Vec<LogFile>,
}

impl Dataset {
    /// Loads files and, recursively, the log files in folders. Files that cannot be read are listed
    /// with a reject at line 0. Tables of the bundled connectors exist even where no event fills them.
    pub fn load(_paths: &[PathBuf], _cancel: &CancelToken, _progress: &Progress) -> Self {
        Self::default()
    }

    /// Loads sources held in memory or on disk, in the order given.
    pub fn from_sources(
        _sources: Vec<Source>,
        _cancel: &CancelToken,
        _progress: &Progress,
    ) -> Self {
        Self::default()
    }

    /// The files, in the order they were loaded.
    pub fn files(&self) -> &[LogFile] {
        &self.files
    }

    /// How many events were loaded.
    pub fn event_count(&self) -> usize {
        0
    }

    /// One event; none for an unknown id.
    pub fn event(&self, _id: EventId) -> Option<Event> {
        None
    }

    /// The raw JSON text of an event, as it stands in the file.
    pub fn raw(&self, _id: EventId) -> Option<&str> {
        None
    }

    /// The time of the last event: what the clock defaults to.
    pub fn end(&self) -> Option<i64> {
        None
    }

    /// All events of a Panther log type such as `OpenAI.Audit`, in time order (events without a time first),
    /// parsed, with the detail key in Panther's spelling (`role_assignment_created`) beside the API's,
    /// and `p_log_type` where it was absent.
    pub fn panther_events(&self, _log_type: &str) -> Arc<Vec<(EventId, Arc<serde_json::Value>)>> {
        Arc::default()
    }

    /// Adds a table (for ad-hoc queries over a file); replaces one of the same name.
    pub fn with_table(self, _name: &str, _table: Table) -> Self {
        self
    }
}

impl Catalog for Dataset {
    fn table_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn schema(&self, _table: &str) -> Option<Vec<(String, Type)>> {
        None
    }

    fn table(&self, _table: &str) -> Option<Arc<Table>> {
        None
    }
}

/// Whether a file looks like a log file by its name (folders are searched for these).
pub fn is_log_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
    ["json", "jsonl", "ndjson", "log", "gz"]
        .iter()
        .any(|end| name.to_ascii_lowercase().ends_with(&format!(".{end}")))
}
