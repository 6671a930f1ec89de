//! How logs are loaded: what a person chose beyond naming the files.

use super::{Connectors, Dataset, LATE};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// How logs are loaded.
#[derive(Clone, Debug)]
pub struct Options {
    /// The connectors that records are offered to.
    pub connectors: Connectors,
    /// What was chosen for single files, by the path under which [`crate::logs::LogFile`] lists them.
    pub choices: BTreeMap<PathBuf, Choice>,
    /// What becomes of events that several files give.
    pub duplicates: Duplicates,
    /// How much may be held.
    pub memory: Memory,
    /// From so many bytes in all on, columns are made when a query asks for them, not while loading; and the bytes of
    /// a block of lines. Nothing but time and memory depends on them: tests choose.
    pub late: (u64, usize),
    /// An earlier load of the same files, or of some of them: of a large load, files that have not changed since are
    /// not read again, and of lines that were added to, only those that are new.
    pub earlier: Option<Arc<Dataset>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connectors: Connectors::default(),
            choices: BTreeMap::new(),
            duplicates: Duplicates::default(),
            memory: Memory::default(),
            late: LATE,
            earlier: None,
        }
    }
}

/// What a person chose for a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The form in which its records lie: the id of one of [`FORMS`] that can be chosen. None: as recognised.
    pub form: Option<String>,
    /// The id of the connector that takes all of its records. None: the first that recognises a record.
    pub connector: Option<String>,
    /// It is listed and nothing of it is loaded.
    pub skip: bool,
}

impl Choice {
    /// Whether nothing was chosen.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What becomes of an event that an earlier file gave as well: one of the same identifier and the same row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// It is counted once, as the earlier file's.
    #[default]
    Once,
    /// It is counted each time.
    Each,
}

/// How much may be held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Bytes of all that is loaded, as far as they can be told beforehand. None: no bound.
    pub bound: Option<u64>,
    /// Bytes that one packed file may unpack to, whatever its own size and the bound.
    pub unpacked: u64,
    /// What becomes of a file that would not fit.
    pub over: Over,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            bound: None,
            unpacked: 4 << 30,
            over: Over::default(),
        }
    }
}

/// What becomes of a file that would not fit into [`Memory::bound`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// Nothing of it is loaded; its reject names its size and the bound.
    #[default]
    Refuse,
    /// Its first records are loaded, as many as fit; its notes say so.
    First,
    /// Every n-th of its records is loaded (the first, the one `n` behind it …) as long as they fit; its notes say so.
    Every(u32),
}

/// A form of log file, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// As it stands in [`crate::logs::LogFile::form`], without what a file was packed with (`gzip+`).
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Whether a person can choose it for a file: the others are told by what the records are.
    pub can_be_chosen: bool,
}

const fn form(id: &'static str, title: &'static str) -> Form {
    Form {
        id,
        title,
        can_be_chosen: false,
    }
}

const fn choice(id: &'static str, title: &'static str) -> Form {
    Form {
        id,
        title,
        can_be_chosen: true,
    }
}

/// All forms, those that can be chosen first.
pub const FORMS: &[Form] = &[
    choice("ndjson", "JSON lines: one record a line"),
    choice(
        "json",
        "JSON documents: lists, pages, records over several lines",
    ),
    choice("csv", "CSV with a header line"),
    form("parquet", "Rows of a Parquet file"),
    form("json_array", "JSON list of records"),
    form("json_object", "JSON records over several lines"),
    form("api_envelope", "Pages of an API's list"),
    form("log_analytics_query_api", "Answer of a Log Analytics query"),
    form("kusto_v1", "Answer of a Kusto query"),
    form("kusto_v2", "Answer of a Kusto query, in frames"),
    form("az_cli", "Rows that the Azure CLI printed"),
    form("portal_csv", "CSV of the Azure portal"),
    form("data_export_blob", "Rows of a Log Analytics data export"),
    form("sentinel_chat_asim", "Rows of ASimAgentEventLogs"),
    form("sentinel_chat_v30", "Rows of OpenAIChatCompletions_CL"),
    form("panther_enriched", "Events with Panther's own fields"),
    form("elastic_doc", "Elastic documents"),
    form("wrapped_list", "A document with a list of records"),
    form("elastic_search_response", "Answer of an Elastic search"),
    form("panther_rule_test", "Test logs of a Panther rule"),
    form("wrapped", "Events inside another product's records"),
    form("coralogix", "Coralogix records"),
    form("mixed", "Several forms in one file"),
];

/// What a form is, for people; what a file was packed with is said too. The id where it is unknown.
pub fn form_title(id: &str) -> String {
    let (packed, plain) = id.rsplit_once('+').unwrap_or(("", id));
    let title = FORMS.iter().find(|form| form.id == plain);
    let title = title.map_or(plain, |form| form.title);
    match packed {
        "" => title.to_owned(),
        packed => format!("{title} ({})", packed.replace('+', ", ")),
    }
}
