//! Log files on disk → raw events → typed tables. Knows nothing of rules.
//!
//! A file is [unpacked](unpack), cut into records by its [form](forms), each record is opened by its [shape](shapes)
//! and becomes a row of the table of the [connector](connectors) that takes it.

mod assemble;
mod beside;
mod connectors;
mod describe;
mod filling;
mod forms;
mod ingest;
mod json;
mod panther;
mod read;
mod scan;
mod shapes;
mod unpack;

pub use connectors::Connectors;
pub use panther::{PantherView, PathColumn, PathValue};

pub use beside::Beside;

use crate::kql::Catalog;
use crate::task::{CancelToken, Progress};
use crate::value::{EventId, Table, Type};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

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
    /// The table its events went to, as rules name it; several are joined with `+`.
    pub table: String,
    /// Events recognised, those of [`LogFile::duplicates`] among them.
    pub events: usize,
    /// Events that a file loaded earlier gave as well: the dataset holds them once, as that file's.
    pub duplicates: usize,
    /// Records not taken.
    pub rejected: Vec<Reject>,
    /// Remarks about the file as a whole (a detail key that was aliased, a time in milliseconds).
    pub notes: Vec<String>,
    /// Time of the first event recognised, ticks.
    pub first: Option<i64>,
    /// Time of the last event recognised, ticks.
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
    /// The table it became a row of, as rules name it.
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

/// The text of a file, unpacked. Shared, so that a dataset is cheap to clone.
#[derive(Clone, Default)]
struct Text(Arc<Vec<u8>>);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// What is kept of an event.
#[derive(Clone, Debug)]
struct Stored {
    start: usize,
    end: usize,
    line: usize,
    file: usize,
    connector: usize,
    row: u32,
    time: Option<i64>,
    /// Whether its text is the event itself: an object that is wrapped in nothing and was no row of a table.
    plain: bool,
    /// How its text is read, where it is not a JSON object.
    reading: Option<forms::Reading>,
}

/// The loaded tables and the raw events behind their rows. Cheap to share behind an `Arc`; never changes.
#[derive(Clone, Debug)]
pub struct Dataset {
    connectors: Connectors,
    files: Vec<LogFile>,
    texts: Vec<Text>,
    events: Arc<Vec<Stored>>,
    tables: BTreeMap<String, Arc<Table>>,
    later: BTreeMap<String, Arc<Later>>,
    end: Option<i64>,
    panther: Arc<BTreeMap<String, OnceLock<Arc<panther::Shared>>>>,
    memo: Arc<crate::kql::run::memo::Memo>,
}

/// A table that is made when it is first asked for: a connector's second and further ones.
#[derive(Debug)]
struct Later {
    connector: usize,
    table: usize,
    made: OnceLock<Arc<Table>>,
}

impl Later {
    fn new(connector: usize, table: usize) -> Self {
        Self {
            connector,
            table,
            made: OnceLock::new(),
        }
    }
}

/// No events; the tables of the bundled connectors are there, empty.
impl Default for Dataset {
    fn default() -> Self {
        assemble::Assembly::new(&Connectors::default()).finish()
    }
}

impl Dataset {
    /// Loads files and, recursively, the log files in folders. Files that cannot be read are listed
    /// with a reject at line 0. Tables of the bundled connectors exist even where no event fills them.
    pub fn load(paths: &[PathBuf], cancel: &CancelToken, progress: &Progress) -> Self {
        Self::load_with(paths, &Connectors::default(), cancel, progress)
    }

    /// The same with a choice of connectors.
    pub fn load_with(
        paths: &[PathBuf],
        connectors: &Connectors,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Self {
        Self::from_sources_with(read::find(paths), connectors, cancel, progress)
    }

    /// Loads sources held in memory or on disk, in the order given. Progress counts bytes (packed).
    pub fn from_sources(sources: Vec<Source>, cancel: &CancelToken, progress: &Progress) -> Self {
        Self::from_sources_with(sources, &Connectors::default(), cancel, progress)
    }

    /// The same with a choice of connectors.
    pub fn from_sources_with(
        sources: Vec<Source>,
        connectors: &Connectors,
        cancel: &CancelToken,
        progress: &Progress,
    ) -> Self {
        progress.set_total(sources.iter().map(read::size).sum());
        let mut assembly = assemble::Assembly::new(connectors);
        for source in sources {
            if cancel.is_cancelled() {
                break;
            }
            assembly.add(source, cancel, progress);
        }
        assembly.finish()
    }

    /// The files, in the order they were loaded.
    pub fn files(&self) -> &[LogFile] {
        &self.files
    }

    /// How many events were loaded.
    pub fn event_count(&self) -> usize {
        self.events.len()
    }

    fn stored(&self, id: EventId) -> Option<&Stored> {
        self.events.get(id as usize)
    }

    /// One event; none for an unknown id.
    pub fn event(&self, id: EventId) -> Option<Event> {
        let stored = self.stored(id)?;
        let connector = self.connectors.get(stored.connector)?;
        let name = connector.table();
        let id_column = connector.tables.first().and_then(|t| t.id.as_ref());
        let record_id = self
            .tables
            .get(name)
            .and_then(|table| table.column(id_column?))
            .map(|column| column.text(stored.row as usize).to_owned())
            .filter(|text| !text.is_empty());
        Some(Event {
            id,
            file: stored.file,
            line: stored.line,
            table: name.to_owned(),
            record_id,
            time: stored.time,
        })
    }

    /// Where the raw text of an event lies: byte offsets into its file (of the unpacked text, where it is packed).
    pub fn byte_range(&self, id: EventId) -> Option<std::ops::Range<usize>> {
        self.stored(id).map(|stored| stored.start..stored.end)
    }

    /// The raw JSON text of an event, as it stands in the file.
    pub fn raw(&self, id: EventId) -> Option<&str> {
        let stored = self.stored(id)?;
        let text = self.texts.get(stored.file)?;
        std::str::from_utf8(text.0.get(stored.start..stored.end)?).ok()
    }

    /// The time of the last event: what the clock defaults to. Events more than ten years after the median
    /// event do not count (a note of their file says so), and no event has a time before 2015 or after 2099.
    pub fn end(&self) -> Option<i64> {
        self.end
    }

    /// All events of a Panther log type such as `OpenAI.Audit`, in time order (events without a time first),
    /// parsed on demand. Their order and what is known of their values are made once, then shared.
    pub fn panther_events(&self, log_type: &str) -> PantherView<'_> {
        let shared = self.panther.get(log_type).map(|shared| {
            Arc::clone(shared.get_or_init(|| Arc::new(panther::Shared::new(self, log_type))))
        });
        PantherView::new(self, shared)
    }

    /// The tables that were filled while loading, all names of each. The others are made when they are first asked for.
    pub fn filled_tables(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }

    /// Rows and columns of a table, without making it: of one that is not made yet, the events it would be made of.
    pub fn table_size(&self, name: &str) -> Option<(usize, usize)> {
        if let Some(table) = self.tables.get(name) {
            return Some((table.rows, table.columns.len()));
        }
        let later = self.later.get(name)?;
        let connector = self.connectors.get(later.connector)?;
        let columns = connector.tables.get(later.table)?.columns.len();
        let rows = match later.made.get() {
            Some(table) => table.rows,
            None => self.tables.get(connector.table()).map_or(0, |t| t.rows),
        };
        Some((rows, columns))
    }

    /// Adds a table (for ad-hoc queries over a file); replaces one of the same name.
    pub fn with_table(mut self, name: &str, table: Table) -> Self {
        self.tables.insert(name.to_owned(), Arc::new(table));
        self
    }
}

impl Catalog for Dataset {
    fn table_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .tables
            .keys()
            .chain(self.later.keys())
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let Some(table) = self.tables.get(table) else {
            let later = self.later.get(table)?;
            let connector = self.connectors.get(later.connector)?;
            let columns = &connector.tables.get(later.table)?.columns;
            return Some(columns.iter().map(|c| (c.name.clone(), c.ty)).collect());
        };
        let types = table.columns.iter().map(|column| column.ty);
        Some(table.names.iter().cloned().zip(types).collect())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        if let Some(table) = self.tables.get(table) {
            return Some(Arc::clone(table));
        }
        let later = self.later.get(table)?;
        let connector = self.connectors.get(later.connector)?;
        let def = connector.tables.get(later.table)?;
        let make = || Arc::new(ingest::later(self, later.connector, connector, def));
        Some(Arc::clone(later.made.get_or_init(make)))
    }

    fn memo(&self) -> Option<&crate::kql::run::memo::Memo> {
        Some(&self.memo)
    }
}

/// Whether a file looks like a log file by its name (folders are searched for these).
pub fn is_log_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
    ["json", "jsonl", "ndjson", "log", "gz"]
        .iter()
        .any(|end| name.to_ascii_lowercase().ends_with(&format!(".{end}")))
}
