//! Reads a document of any kind.

use super::super::value::kind;
use super::super::{Rule, detection};
use super::check::{Checker, key};
use super::datamodel::{self, DataModelDocument};
use super::table::Table;
use super::{
    Analysis, correlation_rule, derived, global, lookup_table, pack, policy, query, rule,
    scheduled_prompt, sql, tests,
};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Dialect, Document};
use serde_yaml::Value as Yaml;

/// A document of any kind, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// What it is.
    pub analysis: Analysis,
    /// Its id.
    pub id: String,
    /// `Filename`; empty where it has none.
    pub filename: String,
    /// What it holds besides.
    pub content: Content,
}

/// What a document of its kind holds.
#[derive(Clone, Debug, Default)]
pub enum Content {
    /// A detection: something with cases.
    Detection(Box<Rule>),
    /// A data model.
    DataModel(DataModelDocument),
    /// A pack: the ids of its documents.
    Pack(Vec<String>),
    /// What is only checked.
    #[default]
    Other,
}

/// Reads a document of any kind. Never fails: what is wrong is in the diagnostics (spans in bytes of the text).
pub fn read(text: &str) -> (Item, Vec<Diagnostic>) {
    let (document, found) = Document::parse_as(text, Dialect::PyYaml);
    let value = document.value();
    let mut checker = Checker {
        document: &document,
        found,
    };
    let analysis = if value.is_mapping() {
        check(&mut checker, value)
    } else {
        if !checker.broken() {
            let message = format!(
                "a Panther document is a mapping of keys and values, not {}",
                kind(value)
            );
            checker.error("panther-rule", &[], message);
        }
        Analysis::Rule
    };
    let mut found = checker.found;
    let item = Item {
        analysis,
        id: text_of(value, analysis.id_key()),
        filename: text_of(value, "Filename"),
        content: match analysis {
            Analysis::DataModel => Content::DataModel(datamodel::read(value)),
            Analysis::Pack => Content::Pack(pack_ids(value)),
            _ if analysis.is_detection() => {
                let rule = detection::from_document(analysis, &document, &mut found);
                Content::Detection(Box::new(rule))
            }
            _ => Content::Other,
        },
    };
    (item, found)
}

/// Checks a document against the table of its kind, which it gives.
fn check(checker: &mut Checker<'_>, value: &Yaml) -> Analysis {
    let named = value.get("AnalysisType");
    let analysis = match named.and_then(Yaml::as_str).map(Analysis::of) {
        Some(Some(analysis)) => analysis,
        Some(None) => {
            let name = named.and_then(Yaml::as_str).unwrap_or_default();
            let names = Analysis::ALL.map(Analysis::name).join(", ");
            checker
                .error(
                    "panther-analysis-type",
                    &[key("AnalysisType")],
                    format!("`{name}` is no analysis type"),
                )
                .hint = Some(format!("use one of {names}"));
            return Analysis::Rule;
        }
        // Told as a missing or wrong key.
        None => Analysis::Rule,
    };
    checker.document(value, table(analysis, value));
    match analysis {
        Analysis::DataModel => datamodel::check(checker, value),
        Analysis::ScheduledQuery => {
            query::check_schedule(checker, value);
            sql::check(checker, value);
        }
        Analysis::ScheduledPrompt => {
            query::check_schedule(checker, value);
            scheduled_prompt::check(checker, value);
        }
        _ if analysis.is_detection() => tests::check(checker, value),
        _ => {}
    }
    analysis
}

fn table(analysis: Analysis, value: &Yaml) -> &'static Table {
    if is_derived(value) {
        return &derived::TABLE;
    }
    match analysis {
        Analysis::Rule | Analysis::ScheduledRule => &rule::TABLE,
        Analysis::Policy => &policy::TABLE,
        Analysis::CorrelationRule => &correlation_rule::TABLE,
        Analysis::DataModel => &datamodel::TABLE,
        Analysis::Global => &global::TABLE,
        Analysis::Pack => &pack::TABLE,
        Analysis::SavedQuery => &query::SAVED,
        Analysis::ScheduledQuery => &query::SCHEDULED,
        Analysis::LookupTable => lookup_table::table(value),
        Analysis::ScheduledPrompt => &scheduled_prompt::TABLE,
    }
}

/// Whether a document derives from another one. An empty `BaseDetection` names none.
fn is_derived(value: &Yaml) -> bool {
    match value.get("BaseDetection") {
        None | Some(Yaml::Null | Yaml::Bool(false)) => false,
        Some(Yaml::String(base)) => !base.is_empty(),
        Some(_) => true,
    }
}

fn text_of(value: &Yaml, name: &str) -> String {
    let text = value.get(name).and_then(Yaml::as_str);
    text.unwrap_or_default().to_owned()
}

fn pack_ids(value: &Yaml) -> Vec<String> {
    let ids = value.get("PackDefinition").and_then(|d| d.get("IDs"));
    let ids = ids.and_then(Yaml::as_sequence).into_iter().flatten();
    ids.filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}
