//! Log files on disk → raw events → typed tables. Knows nothing of rules.
//!
//! A file is [unpacked](unpack), cut into records by its [form](forms), each record is opened by its [shape](shapes)
//! and becomes a row of the table of the [connector](connectors) that takes it.
//!
//! A load of some size is *late*: the text of files with a record a line stays on [disk](text), [blocks] of lines go
//! through a [fast lane](lane) that checks every byte and keeps where the event lies and when it happened, and a
//! [late table](late) reads a column, or the rows of it that a query has left, when the query asks. Other forms,
//! unusual records and connectors whose columns cannot be made one by one take the way of small loads; both give the
//! same. What a connector's `where` leaves out is [sifted](sieve) before it is counted.
//! When files changed, a large load takes over what an earlier one read of those that did [not](again).

mod above;
mod again;
mod assemble;
mod behind;
mod beside;
mod blocks;
mod connectors;
mod describe;
mod duplicates;
mod events;
mod files;
mod filling;
mod finish;
mod forms;
mod gathered;
mod ingest;
mod json;
mod lane;
mod late;
mod load;
mod log_file;
mod memory;
mod options;
mod packed;
mod panther;
mod parquet;
mod picked;
mod pile;
mod propose;
mod read;
mod record;
mod rows;
mod sampling;
mod scan;
mod shapes;
mod sieve;
mod store;
mod text;
mod typed;
mod unpack;

pub use connectors::{ConnectorFile, Connectors};
pub use panther::{PantherView, PathColumn, PathValue};
pub use propose::{
    Proposal, ProposedColumn, ProposedInput, ProposedTest, Sample, Schema, conversion, propose,
    read_schema, sample,
};

pub use beside::Beside;
pub use load::{log_files, passed_over};
pub use log_file::{LogFile, Reject};
pub use options::{Choice, Duplicates, FORMS, Form, Memory, Options, Over, form_title};

use crate::kql::{Catalog, Late};
use crate::task::CancelToken;
use crate::value::{EventId, Table, Type};
use late::LateTable;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

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

/// From so many bytes on, columns are made when a query asks for them; and the bytes of a block of lines.
const LATE: (u64, usize) = (32 << 20, blocks::BLOCK);

/// The loaded tables and the raw events behind their rows. Cheap to share behind an `Arc`; never changes.
#[derive(Clone, Debug)]
pub struct Dataset {
    store: Arc<store::Store>,
    files: Vec<LogFile>,
    tables: BTreeMap<String, Arc<Table>>,
    /// Tables whose columns are made when somebody reads them.
    late: BTreeMap<String, Arc<LateTable>>,
    later: BTreeMap<String, Arc<Later>>,
    end: Option<i64>,
    panther: Arc<BTreeMap<String, OnceLock<Arc<panther::Shared>>>>,
    /// Events whose log type stands in themselves.
    typed: Arc<BTreeMap<String, Vec<EventId>>>,
    memo: Arc<crate::kql::run::memo::Memo>,
}

/// A table that is made when it is first asked for: a connector's second and further ones.
#[derive(Debug)]
struct Later {
    connector: usize,
    table: usize,
    made: OnceLock<Result<Arc<Table>, String>>,
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
        assemble::Assembly::new(&Options::default(), 0).finish()
    }
}

impl Dataset {
    /// Bytes held in memory, about: texts, events, tables, and the columns that queries have asked for so far.
    pub fn memory(&self) -> u64 {
        memory::of(self)
    }

    /// The files, in the order they were loaded.
    pub fn files(&self) -> &[LogFile] {
        &self.files
    }

    /// How many events were loaded.
    pub fn event_count(&self) -> usize {
        self.store.events.len()
    }

    /// One event; none for an unknown id. Its own identifier may have to be read from disk: [`Dataset::place`] leaves
    /// it out.
    pub fn event(&self, id: EventId) -> Option<Event> {
        let record_id = self.record_id(id).filter(|text| !text.is_empty());
        let place = self.place(id)?;
        Some(Event { record_id, ..place })
    }

    /// The same without the record's own identifier. Nothing is read.
    pub fn place(&self, id: EventId) -> Option<Event> {
        let stored = self.store.events.get(id)?;
        let connector = self.store.connectors.get(usize::from(stored.connector))?;
        let name = connector.table();
        Some(Event {
            id,
            file: stored.file as usize,
            line: stored.line as usize,
            table: name.to_owned(),
            record_id: None,
            time: self.store.events.time(id),
        })
    }

    fn record_id(&self, id: EventId) -> Option<String> {
        let stored = self.store.events.get(id)?;
        let connector = self.store.connectors.get(usize::from(stored.connector))?;
        let name = connector.table();
        if !self.late.contains_key(name) {
            let table = self.tables.get(name)?;
            let column = connector.tables.first()?.id.as_ref()?;
            let row = late::row_of(table.lineage.as_ref()?, id)?;
            return Some(table.column(column)?.text(row).to_owned());
        }
        let wanted = [connector.id_input()?];
        let cells = self.store.cells_of(connector, stored, &wanted).ok()?;
        match cells.into_iter().next()? {
            connectors::Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Where the raw text of an event lies: byte offsets into its file (of the unpacked text, where it is packed).
    pub fn byte_range(&self, id: EventId) -> Option<std::ops::Range<usize>> {
        let range = self.store.events.get(id)?.range();
        Some(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
    }

    /// The event here that stands at the same place of the same file as one of `from`, and is the same.
    pub fn same_event(&self, from: &Dataset, id: EventId) -> Option<EventId> {
        self.same_events(from, &[id])?.pop()
    }

    /// The same for several; none where one of them is not here.
    pub fn same_events(&self, from: &Dataset, ids: &[EventId]) -> Option<Vec<EventId>> {
        let mut places = HashMap::new();
        for (at, id) in ids.iter().enumerate() {
            let stored = from.store.events.get(*id)?;
            let path = &from.files.get(stored.file as usize)?.path;
            let file = self.files.iter().position(|f| &f.path == path)?;
            let range = stored.range();
            places.insert((file, range.start, range.end), (at, *id));
        }
        let mut found = vec![None; ids.len()];
        let count = EventId::try_from(self.store.events.len()).ok()?;
        for here in 0..count {
            let stored = self.store.events.get(here)?;
            let range = stored.range();
            let place = (stored.file as usize, range.start, range.end);
            let Some((at, id)) = places.remove(&place) else {
                continue;
            };
            if from.store.events.time(id) == self.store.events.time(here)
                && let Some(slot) = found.get_mut(at)
            {
                *slot = Some(here);
            }
            if places.is_empty() {
                break;
            }
        }
        found.into_iter().collect()
    }

    /// The raw JSON text of an event, as it stands in the file. None for an unknown id, and where the file is no
    /// longer what was loaded: [`Dataset::read_raw`] says so.
    pub fn raw(&self, id: EventId) -> Option<String> {
        self.read_raw(id).ok()
    }

    /// The raw JSON text of an event, read from its file where the text is not kept.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn read_raw(&self, id: EventId) -> Result<String, String> {
        self.store.raw(id)
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
        let mut names: Vec<String> = self
            .tables
            .keys()
            .chain(self.late.keys())
            .cloned()
            .collect();
        names.retain(|name| {
            let late = self.late.get(name);
            late.is_none_or(|table| table.is_first())
        });
        names.sort();
        names
    }

    /// Rows and columns of a table, without making it: of one that is not made yet, the events it would be made of.
    pub fn table_size(&self, name: &str) -> Option<(usize, usize)> {
        if let Some(table) = self.tables.get(name) {
            return Some((table.rows, table.columns.len()));
        }
        if let Some(table) = self.late.get(name) {
            return Some((table.rows(), table.width()));
        }
        let later = self.later.get(name)?;
        let connector = self.store.connectors.get(later.connector)?;
        let columns = connector.tables.get(later.table)?.columns.len();
        let rows = match later.made.get() {
            Some(Ok(table)) => table.rows,
            _ => {
                let late = self.late.get(connector.table());
                let first = self.tables.get(connector.table());
                late.map_or(0, |t| t.rows()) + first.map_or(0, |t| t.rows)
            }
        };
        Some((rows, columns))
    }

    /// Rows of a page of [`Dataset::page`].
    pub const PAGE: usize = late::PAGE;

    /// Some rows of a table whose columns are made when they are read: those of the page of this number. None for
    /// another table.
    ///
    /// # Errors
    /// Why they cannot be read, in one sentence.
    pub fn page(&self, table: &str, number: usize) -> Option<Result<Arc<Table>, String>> {
        Some(self.late.get(table)?.page(number))
    }

    /// A table with at least these of its columns; none where there is no such table or it cannot be read.
    pub fn columns(&self, table: &str, wanted: &[&str]) -> Option<Arc<Table>> {
        match self.late.get(table) {
            Some(late) => late.columns(wanted).ok().map(Arc::new),
            None => self.table(table),
        }
    }

    /// The Panther log types of which there are events.
    pub fn log_types(&self) -> Vec<String> {
        let connectors = self.store.connectors.iter();
        let filled = connectors.filter(|c| self.table_size(c.table()).is_some_and(|s| s.0 > 0));
        let mut types: Vec<String> = filled.filter_map(|c| c.log_type.clone()).collect();
        types.extend(self.typed.keys().cloned());
        types.sort();
        types.dedup();
        types
    }

    /// Whether a table of this name is in memory: [`Catalog::table`] gives it without work.
    pub fn is_made(&self, name: &str) -> bool {
        let later = || self.later.get(name).is_some_and(|l| l.made.get().is_some());
        self.tables.contains_key(name) || later()
    }

    /// Adds a table (for ad-hoc queries over a file); replaces one of the same name.
    pub fn with_table(mut self, name: &str, table: Table) -> Self {
        self.late.remove(name);
        self.tables.insert(name.to_owned(), Arc::new(table));
        self
    }
}

impl Catalog for Dataset {
    fn table_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .tables
            .keys()
            .chain(self.late.keys())
            .chain(self.later.keys())
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        if let Some(late) = self.late.get(table) {
            return Some(late.schema());
        }
        let Some(table) = self.tables.get(table) else {
            let later = self.later.get(table)?;
            let connector = self.store.connectors.get(later.connector)?;
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
        if let Some(late) = self.late.get(table) {
            return late.table(&CancelToken::new()).ok().map(Arc::new);
        }
        let later = self.later.get(table)?;
        let connector = self.store.connectors.get(later.connector)?;
        let def = connector.tables.get(later.table)?;
        let make = || ingest::later(&self.store, later.connector, connector, def).map(Arc::new);
        later.made.get_or_init(make).as_ref().ok().map(Arc::clone)
    }

    fn late(&self, table: &str) -> Option<(Arc<dyn Late>, Option<crate::kql::run::frame::Rows>)> {
        let table: Arc<dyn Late> = self.late.get(table)?.clone();
        Some((table, None))
    }

    fn memo(&self) -> Option<&crate::kql::run::memo::Memo> {
        Some(&self.memo)
    }
}

/// Whether a file looks like a log file by its name (folders are searched for these); numbers or a date behind it are
/// what a rotation leaves.
pub fn is_log_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
    let name = name.to_ascii_lowercase();
    let rotated =
        name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_'));
    let ends = |ends: &[&str]| {
        let mut ends = ends.iter().map(|end| format!(".{end}"));
        ends.any(|end| name.ends_with(&end) || rotated.ends_with(&end))
    };
    // Other CSV files of a workspace are what rules look up.
    let of_rules = || {
        let mut folders = path.iter().filter_map(|part| part.to_str());
        folders.any(|part| part == "watchlists" || part == "externaldata")
    };
    ends(&[
        "json", "jsonl", "ndjson", "log", "gz", "zst", "zstd", "parquet",
    ]) || (ends(&["csv"]) && !of_rules())
}
