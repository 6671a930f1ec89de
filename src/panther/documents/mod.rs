//! Panther's documents of every kind: which keys each has and what they hold.
//!
//! One file a kind with its table of keys; `table` says what a table is, `check` holds a document against one.
//! What is refused here is what the platform's own tool refuses.

mod check;
mod correlation_rule;
mod datamodel;
mod derived;
mod expected;
mod fixes;
mod global;
pub mod keys;
mod lookup_table;
mod pack;
mod policy;
mod query;
mod read;
mod rule;
mod scheduled_prompt;
mod sql;
mod table;
mod tests;

pub(super) use check::key;
pub use datamodel::DataModelDocument;
pub use expected::Expected;
pub use read::{Content, Item, read};
pub(super) use tests::read_cases;

/// What `AnalysisType` says a document is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Analysis {
    /// `rule`: over the events of log types; also a derived rule and a simple detection.
    #[default]
    Rule,
    /// `scheduled_rule`: over the rows of scheduled queries.
    ScheduledRule,
    /// `policy`: over resources of a cloud account.
    Policy,
    /// `correlation_rule`: over the matches of other rules.
    CorrelationRule,
    /// `datamodel`: unified names for the fields of log types.
    DataModel,
    /// `global`: a module that bodies import.
    Global,
    /// `pack`: a list of documents.
    Pack,
    /// `saved_query`.
    SavedQuery,
    /// `scheduled_query`.
    ScheduledQuery,
    /// `lookup_table`.
    LookupTable,
    /// `scheduled_prompt`.
    ScheduledPrompt,
}

impl Analysis {
    /// All kinds.
    pub const ALL: [Analysis; 11] = [
        Analysis::Rule,
        Analysis::ScheduledRule,
        Analysis::Policy,
        Analysis::CorrelationRule,
        Analysis::DataModel,
        Analysis::Global,
        Analysis::Pack,
        Analysis::SavedQuery,
        Analysis::ScheduledQuery,
        Analysis::LookupTable,
        Analysis::ScheduledPrompt,
    ];

    /// As `AnalysisType` spells it.
    pub fn name(self) -> &'static str {
        match self {
            Analysis::Rule => "rule",
            Analysis::ScheduledRule => "scheduled_rule",
            Analysis::Policy => "policy",
            Analysis::CorrelationRule => "correlation_rule",
            Analysis::DataModel => "datamodel",
            Analysis::Global => "global",
            Analysis::Pack => "pack",
            Analysis::SavedQuery => "saved_query",
            Analysis::ScheduledQuery => "scheduled_query",
            Analysis::LookupTable => "lookup_table",
            Analysis::ScheduledPrompt => "scheduled_prompt",
        }
    }

    /// The kind of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The key that holds its id.
    pub fn id_key(self) -> &'static str {
        match self {
            Analysis::Rule | Analysis::ScheduledRule | Analysis::CorrelationRule => "RuleID",
            Analysis::Policy => "PolicyID",
            Analysis::DataModel => "DataModelID",
            Analysis::Global => "GlobalID",
            Analysis::Pack => "PackID",
            Analysis::SavedQuery | Analysis::ScheduledQuery => "QueryName",
            Analysis::LookupTable => "LookupName",
            Analysis::ScheduledPrompt => "PromptName",
        }
    }

    /// Whether it is a detection: something that has cases.
    pub fn is_detection(self) -> bool {
        matches!(
            self,
            Analysis::Rule | Analysis::ScheduledRule | Analysis::Policy | Analysis::CorrelationRule
        )
    }

    /// The function of its Python body that decides.
    pub fn function(self) -> &'static str {
        match self {
            Analysis::Policy => "policy",
            _ => "rule",
        }
    }
}
