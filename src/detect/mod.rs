//! Runs any rule over a dataset: matches with lineage, entities, chains; and the rule's cases.

mod again;
mod alerts;
mod ask;
mod asked;
mod case_panther;
mod case_sentinel;
mod cases;
mod engine;
mod entities;
mod exceptions;
mod find;
mod folder;
mod gather;
mod open;
mod opener;
mod panther_columns;
mod panther_matches;
mod run_correlation;
mod run_panther;
mod run_sentinel;
mod runner;
pub mod schedule;
mod stage_rows;
mod tester;
mod why;
mod window;

pub use alerts::{Alert, Alerts};
pub use asked::UNREAD;
pub use case_sentinel::check as check_cases;
pub use cases::run_cases;
pub use find::{Kind, find_rules, kind_of};
pub use folder::{Folder, Other, open_folder, open_other};
pub use open::open;
pub use opener::Opener;
pub use runner::{Runner, run};
pub use stage_rows::stage_rows;
pub use tester::{test_each, test_rules};
pub use why::{Why, why};

use crate::diagnostic::Diagnostic;
use crate::value::{EventId, Type, Value};
use crate::{panther, sentinel};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which platform a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Microsoft Sentinel.
    Sentinel,
    /// Panther.
    Panther,
}

impl Platform {
    /// `sentinel` or `panther`.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Sentinel => "sentinel",
            Platform::Panther => "panther",
        }
    }
}

/// What a rule's document says, by platform.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there are few rules, each held behind an Arc"
)]
pub enum Body {
    /// A Sentinel rule.
    Sentinel(sentinel::Rule),
    /// A Panther rule with the text of its Python file (none where the file is missing).
    Panther(panther::Rule, Option<String>),
}

/// A rule with its texts, as they stand in the editor or on disk.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The YAML file.
    pub path: PathBuf,
    /// The file beside it: Panther's Python body, or Sentinel's case file (`<name>.cases.yaml`). May not exist yet.
    pub companion: Option<PathBuf>,
    /// What it says.
    pub body: Body,
    /// What is wrong with it: the file it stands in and the diagnostic.
    pub diagnostics: Vec<(PathBuf, Diagnostic)>,
    /// The texts it was read from: YAML, and the companion's where there is one.
    pub text: String,
    /// The companion's text.
    pub companion_text: Option<String>,
}

impl Rule {
    /// The platform.
    pub fn platform(&self) -> Platform {
        match self.body {
            Body::Sentinel(_) => Platform::Sentinel,
            Body::Panther(..) => Platform::Panther,
        }
    }

    /// GUID or RuleID.
    pub fn id(&self) -> &str {
        match &self.body {
            Body::Sentinel(r) => &r.id,
            Body::Panther(r, _) => &r.id,
        }
    }

    /// Display name.
    pub fn name(&self) -> &str {
        match &self.body {
            Body::Sentinel(r) => &r.name,
            Body::Panther(r, _) => &r.name,
        }
    }
}

/// Reads the texts of rules: from disk, or from an editor's unsaved buffers.
pub trait Texts: Sync {
    /// The text of a file; none where there is none.
    fn text(&self, path: &Path) -> Option<String>;

    /// A number that changes when the text does; cheaper than the text where that lies on disk.
    fn stamp(&self, path: &Path) -> Option<u64> {
        let metadata = std::fs::metadata(path).ok()?;
        let since = metadata.modified().ok()?;
        let since = since.duration_since(std::time::UNIX_EPOCH).ok()?;
        let mut hasher = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(&(since.as_nanos(), metadata.len()), &mut hasher);
        Some(std::hash::Hasher::finish(&hasher))
    }
}

/// Texts as they stand on disk.
pub struct Disk;

impl Texts for Disk {
    fn text(&self, path: &Path) -> Option<String> {
        std::fs::read_to_string(path).ok()
    }
}

/// An identity that a match names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entity {
    /// Such as `Account`, `IP`, `CloudApplication`.
    pub entity_type: String,
    /// Identifier and value, such as `Name` and `maya@larkspur.example`.
    pub identifiers: Vec<(String, String)>,
}

impl Entity {
    /// The value of the first identifier: what a lane of the timeline is called.
    pub fn label(&self) -> &str {
        self.identifiers.first().map_or("", |(_, v)| v)
    }
}

/// One result row of a rule with the events that made it.
#[derive(Clone, Debug, Default)]
pub struct Match {
    /// Values in the order of [`Run::columns`].
    pub row: Arc<[Value]>,
    /// The raw events behind it, in time order: the links of a chain.
    pub events: Vec<EventId>,
    /// Mapped identities.
    pub entities: Arc<[Entity]>,
    /// Alert title.
    pub title: Arc<str>,
    /// Alert severity.
    pub severity: Arc<str>,
    /// Panther's deduplication string.
    pub dedup: Option<Arc<str>>,
    /// Panther's alert context.
    pub context: Option<Arc<serde_json::Value>>,
    /// Panther's other outputs, such as `runbook`: the function's name and what it gave.
    pub outputs: Vec<(&'static str, Arc<str>)>,
}

/// What running a rule gives.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The clock it ran with, ticks.
    pub now: i64,
    /// The result's columns.
    pub columns: Vec<(String, Type)>,
    /// The matches, in the rule's own order.
    pub matches: Vec<Match>,
    /// Whether these are the first matches only, of a run that goes on.
    pub partial: bool,
    /// Rows alive after every stage (Sentinel); spans are byte offsets into the rule's YAML text.
    pub stages: Vec<crate::kql::Stage>,
    /// How the result is to be drawn, where the query ends in `render` (Sentinel).
    pub render: Option<crate::kql::plan::Render>,
    /// What went wrong: the file and the diagnostic. With an error there are no matches.
    pub diagnostics: Vec<(PathBuf, Diagnostic)>,
    /// How many events a body was asked about (Panther).
    pub asked: Option<Asked>,
    /// The alerts that the platform would raise from the matches (Panther; a signal raises none).
    pub alerts: Option<Alerts>,
    /// Wall time.
    pub elapsed: std::time::Duration,
}

/// How many events a body was asked about. The others fail what its `rule` needs before it can match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Events it was asked about.
    pub asked: usize,
    /// Events of the rule's log types up to the clock.
    pub events: usize,
}

impl Run {
    /// Whether an error kept it from running.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|(_, d)| d.is_error())
    }
}

/// The result of one case.
#[derive(Clone, Debug, Default)]
pub struct CaseResult {
    /// The case's name.
    pub case: String,
    /// Whether it came out as expected.
    pub passed: bool,
    /// Whether it was not asked at all: it has neither passed nor failed.
    pub skipped: bool,
    /// Whether it stands for a rule that the platform would refuse, and that was not asked for that.
    pub invalid: bool,
    /// What was expected, in words.
    pub expected: String,
    /// What came out, in words.
    pub actual: String,
    /// All outputs of the rule for the case, as JSON.
    pub outputs: serde_json::Value,
    /// Why it did not pass; empty where it did.
    pub message: String,
    /// The file the case stands in.
    pub path: PathBuf,
    /// Its line there, from 1.
    pub line: usize,
}
