//! From raw events to the columns of a table. A connector is data: a YAML file (`assets/connectors`, and those a person
//! adds) says which records it takes, what of them is read, the ingest transform in KQL, and the tables' columns.
//!
//! A connector whose transform has a `where` is not made late: which records are events, how many there are, and what is
//! said of them is only known when the transform has run, so it runs while loading, over all columns at once. That costs
//! some twenty times the time of a load and five times its memory (500,000 audit events, 286 MB: 11 s and 96 MB instead
//! of 0.4 s and 18 MB on two busy cores). To make it late, a block of lines would read what the `where` looks at, drop
//! what it leaves out before it is counted, and the transform of the columns would go without it.
//!
//! Diagnostic codes: `connector-missing`, `connector-type`, `connector-value`, `connector-unknown-key`,
//! `connector-conflict`, `connector-transform`, those of the YAML room, and those of KQL for a transform.

mod conditions;
mod definition;
mod file;
mod folder;
mod inputs;
mod reader;
mod subset;
mod time;
mod transform;

use super::json::Node;
use crate::diagnostic::{Diagnostic, Span};
use std::sync::{Arc, LazyLock};

pub use folder::ConnectorFile;

pub(super) use definition::{ColumnDef, Connector, Input, Member, TableDef};
pub(super) use inputs::{Cell, Loose, cell, column, look, read, read_some};
pub(super) use time::{instant, iso_seconds, plausible, usual_seconds};
pub(super) use transform::{apply, apply_some};

/// What a person should know of an event, counted per file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Remarks {
    /// It has no time.
    pub timeless: bool,
    /// Its time could not be read.
    pub bad_time: bool,
    /// Its time lies before 2015 or after 2099.
    pub implausible: bool,
    /// Its time is finer than seconds or is text.
    pub other_unit: bool,
    /// Its details stand under the API's dotted key, not under Panther's.
    pub aliased: bool,
    /// A number beyond 64 bits was rounded.
    pub rounded: bool,
    /// It was a row of a table and was turned back into the raw event.
    pub turned_back: bool,
}

/// The connectors that a load uses. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connectors(Arc<Vec<Arc<Connector>>>);

/// The bundled connector files: name and text.
const BUNDLED: [(&str, &str); 3] = [
    (
        "openai-audit.yaml",
        include_str!("../../../assets/connectors/openai-audit.yaml"),
    ),
    (
        "openai-completions.yaml",
        include_str!("../../../assets/connectors/openai-completions.yaml"),
    ),
    (
        "panther-other.yaml",
        include_str!("../../../assets/connectors/panther-other.yaml"),
    ),
];

static DEFAULT: LazyLock<Connectors> = LazyLock::new(|| {
    let read = BUNDLED.iter().filter_map(|(_, text)| file::read(text).0);
    Connectors(Arc::new(read.map(Arc::new).collect()))
});

/// The bundled connectors.
impl Default for Connectors {
    fn default() -> Self {
        DEFAULT.clone()
    }
}

impl Connectors {
    /// Adds the connector of a file's text. One with the `id` of an earlier one takes its place; others are asked
    /// before the earlier ones, so that a person's connector can take what a bundled one would.
    /// A file with errors adds nothing. Spans are byte offsets into the text.
    pub fn add(&mut self, text: &str) -> Vec<Diagnostic> {
        let (connector, mut diagnostics) = file::read(text);
        let Some(connector) = connector else {
            return diagnostics;
        };
        let mut all: Vec<Arc<Connector>> = self.0.as_ref().clone();
        all.retain(|other| other.id != connector.id);
        for other in &all {
            let taken = other.tables.iter().flat_map(|t| &t.names);
            for name in taken.filter(|n| connector.tables.iter().any(|t| t.names.contains(n))) {
                let at = text.find(name.as_str()).unwrap_or(0);
                let message = format!(
                    "the table `{name}` is already filled by the connector `{}`",
                    other.id
                );
                let diagnostic = Diagnostic::error(
                    "connector-conflict",
                    Span::new(at, at + name.len()),
                    message,
                );
                diagnostics.push(diagnostic.with_hint(format!(
                    "give the table another name, or this connector the `id: {}` to replace it",
                    other.id
                )));
            }
        }
        if !diagnostics.iter().any(Diagnostic::is_error) {
            all.insert(0, Arc::new(connector));
            self.0 = Arc::new(all);
        }
        diagnostics
    }

    /// Identifiers and titles, in the order in which records are offered to them.
    pub fn list(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|c| (c.id.as_str(), c.title.as_str()))
    }

    /// How long after its time a row of a table usually arrives on the platform, in ticks, where its connector says so.
    pub fn ingestion_delay(&self, table: &str) -> Option<i64> {
        let mut tables = self.0.iter().flat_map(|c| &c.tables);
        tables
            .find(|t| t.names.iter().any(|n| n == table))?
            .ingestion_delay
    }

    /// What turns events into rows of a table: KQL over `source`.
    pub fn transform(&self, table: &str) -> Option<&str> {
        let mut tables = self.0.iter().flat_map(|c| &c.tables);
        let table = tables.find(|t| t.names.iter().any(|n| n == table))?;
        Some(table.transform.text())
    }

    /// Whether they are of the same texts.
    pub(super) fn are_the_same(&self, others: &Self) -> bool {
        let prints = |all: &Self| all.0.iter().map(|c| c.print).collect::<Vec<_>>();
        Arc::ptr_eq(&self.0, &others.0) || prints(self) == prints(others)
    }

    pub(super) fn get(&self, index: usize) -> Option<&Arc<Connector>> {
        self.0.get(index)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Connector>> {
        self.0.iter()
    }

    /// The members that any connector looks at to tell its records, and the texts that each is compared with.
    /// None where a test depends on more than that.
    pub(super) fn asked(&self) -> Option<Vec<(String, Vec<String>)>> {
        /// Most members, and most texts of one.
        const MOST: (usize, usize) = (16, 60);
        let mut asked: Vec<(String, Vec<String>)> = Vec::new();
        for connector in self.0.iter() {
            for (member, texts) in connector.recognise.asked()? {
                match asked.iter_mut().find(|(name, _)| *name == member) {
                    Some((_, known)) => known.extend(texts),
                    None => asked.push((member, texts)),
                }
            }
        }
        for member in self.0.iter().filter_map(|c| c.log_type_of.as_ref()) {
            if let Some((_, texts)) = asked.iter_mut().find(|(name, _)| name == member) {
                texts.extend(self.log_types(member).map(str::to_owned));
            }
        }
        for (_, texts) in &mut asked {
            texts.sort();
            texts.dedup();
        }
        let few = asked.len() <= MOST.0 && asked.iter().all(|(_, texts)| texts.len() <= MOST.1);
        few.then_some(asked)
    }

    /// Whether one of the connectors takes an event.
    pub(super) fn takes(&self, connector: &Connector, event: &Node<'_>) -> bool {
        connector.recognise.holds(event)
            && connector.log_type_of.as_ref().is_none_or(|member| {
                let log_type = event.text(member).unwrap_or_default();
                !self.log_types(member).any(|known| known == log_type)
            })
    }

    /// The log types that connectors have for themselves: their own, and those that this member is compared with.
    fn log_types<'c>(&'c self, member: &'c str) -> impl Iterator<Item = &'c str> {
        self.0.iter().flat_map(move |c| {
            let compared = c.recognise.texts(member).map(String::as_str);
            c.log_type.as_deref().into_iter().chain(compared)
        })
    }

    /// The index of the connector that takes an event.
    ///
    /// # Errors
    /// Why none takes it.
    pub(super) fn find(&self, event: &Node<'_>) -> Result<usize, String> {
        if let Some(index) = self.0.iter().position(|c| self.takes(c, event)) {
            return Ok(index);
        }
        if let Some(log_type) = event.text("p_log_type") {
            return Err(format!("no connector for the log type {log_type}"));
        }
        let members = match event {
            Node::Object(members) => members.as_slice(),
            _ => &[],
        };
        let mut keys: Vec<String> = members
            .iter()
            .take(5)
            .map(|(key, _)| key.chars().take(40).collect())
            .collect();
        if members.len() > keys.len() {
            keys.push("…".to_owned());
        }
        if keys.is_empty() {
            return Err("an empty object".to_owned());
        }
        let mut near = self.0.iter().flat_map(|c| &c.near_misses);
        if let Some((_, say)) = near.find(|(when, _)| when.holds(event)) {
            return Err(say.clone());
        }
        Err(format!(
            "no connector takes this record (its keys: {})",
            keys.join(", ")
        ))
    }
}

/// Panther's spelling of the member that holds an event's details.
pub(super) fn panther_key(event_type: &str) -> String {
    event_type.replace('.', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_files_are_whole() {
        for (name, text) in BUNDLED {
            let (connector, diagnostics) = file::read(text);
            assert!(diagnostics.is_empty(), "{name}: {diagnostics:#?}");
            assert!(connector.is_some(), "{name}");
        }
        assert_eq!(Connectors::default().list().count(), BUNDLED.len());
    }
}
