//! The keys of Panther's documents for those who write them: what each is for and what it takes.

use super::table::{Holds, Key as TableKey, Table};
use super::{
    Analysis, correlation_rule, datamodel, derived, global, lookup_table, pack, policy, query,
    rule, scheduled_prompt,
};

/// A key that may stand in a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it is spelt.
    pub name: &'static str,
    /// What it is for, in sentences; may be empty.
    pub doc: &'static str,
    /// Whether the platform's tool wants it.
    pub required: bool,
    /// What it takes.
    pub takes: Takes,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// One of some texts.
    OneOf(&'static [&'static str]),
    /// A severity.
    Severity,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// A list of texts.
    Texts,
    /// A mapping whose keys [`keys`] gives.
    Map,
    /// A list of mappings whose keys [`keys`] gives.
    List,
    /// Lists of texts by name.
    Reports,
    /// Anything.
    Any,
}

/// The severities, each with what it is for.
pub const SEVERITIES: [(&str, &str); 5] = [
    ("Info", "Worth keeping; nobody has to act."),
    ("Low", "Little harm by itself."),
    ("Medium", "May harm; somebody has to look at it."),
    ("High", "Likely an attack; act soon."),
    ("Critical", "An attack on what matters most; act at once."),
];

/// The keys of the mapping at a path of keys (items of lists are not counted) in a document; none where the platform's tool
/// does not say what stands there.
pub fn keys(analysis: &str, is_derived: bool, path: &[&str]) -> Option<Vec<Key>> {
    let mut table = table(analysis, is_derived);
    for step in path {
        let TableKey(_, holds, _) = table.keys.iter().find(|TableKey(name, ..)| name == step)?;
        table = match holds {
            Holds::Mapping(inner) | Holds::List(inner) => inner,
            _ => return None,
        };
    }
    let made = table.keys.iter().map(|TableKey(name, holds, required)| {
        let choice = table.choices.iter().any(|c| c.keys.contains(name));
        Key {
            name,
            doc: doc(path.last().copied(), name),
            required: *required || choice && *name != "Events" && *name != "ScheduledQueries",
            takes: takes(*holds),
        }
    });
    Some(made.collect())
}

fn takes(holds: Holds) -> Takes {
    match holds {
        Holds::Text | Holds::Name | Holds::Formed(_) | Holds::MockValue => Takes::Text,
        Holds::OneOf(names) => Takes::OneOf(names),
        Holds::Severity => Takes::Severity,
        Holds::Flag => Takes::Flag,
        Holds::Whole => Takes::Whole,
        Holds::Texts | Holds::FormedTexts(_) => Takes::Texts,
        Holds::Mapping(_) => Takes::Map,
        Holds::List(_) => Takes::List,
        Holds::Reports => Takes::Reports,
        Holds::Any => Takes::Any,
    }
}

fn table(analysis: &str, is_derived: bool) -> &'static Table {
    match Analysis::of(analysis).unwrap_or_default() {
        Analysis::Rule if is_derived => &derived::TABLE,
        Analysis::Rule | Analysis::ScheduledRule => &rule::TABLE,
        Analysis::Policy => &policy::TABLE,
        Analysis::CorrelationRule => &correlation_rule::TABLE,
        Analysis::DataModel => &datamodel::TABLE,
        Analysis::Global => &global::TABLE,
        Analysis::Pack => &pack::TABLE,
        Analysis::SavedQuery => &query::SAVED,
        Analysis::ScheduledQuery => &query::SCHEDULED,
        Analysis::LookupTable => lookup_table::table(&serde_yaml::Value::Null),
        Analysis::ScheduledPrompt => &scheduled_prompt::TABLE,
    }
}

/// What a key is for.
fn doc(within: Option<&str>, name: &str) -> &'static str {
    let found = DOCS
        .iter()
        .find(|(parent, key, _)| *parent == within.unwrap_or("") && *key == name);
    let found = found.or_else(|| {
        DOCS.iter()
            .find(|(parent, key, _)| parent.is_empty() && *key == name)
    });
    found.map_or("", |(_, _, doc)| doc)
}

/// The mapping's own key (empty for the document), the key, and what it is for.
const DOCS: &[(&str, &str, &str)] = &[
    ("", "AnalysisType", "What the document is."),
    ("", "Enabled", "Whether it runs."),
    (
        "",
        "Filename",
        "The Python file beside the document, by its exact name.",
    ),
    (
        "",
        "Detection",
        "Match expressions in place of a Python file; of a correlation rule its Sequence or Group.",
    ),
    (
        "",
        "RuleID",
        "The rule's id: unique in the repository, without < > & \" %.",
    ),
    ("", "PolicyID", "The policy's id: unique in the repository."),
    (
        "",
        "BaseDetection",
        "The id of the rule that this one derives from.",
    ),
    (
        "",
        "LogTypes",
        "The log types whose events the rule is asked about.",
    ),
    (
        "",
        "ScheduledQueries",
        "The scheduled queries whose rows the rule is asked about.",
    ),
    (
        "",
        "ResourceTypes",
        "The resource types that the policy is asked about; all of them where it is absent.",
    ),
    (
        "",
        "Severity",
        "The severity of alerts; the body's severity() may change it.",
    ),
    (
        "",
        "Description",
        "What the rule finds; description() may change it.",
    ),
    (
        "",
        "DedupPeriodMinutes",
        "For how many minutes matches with the same dedup string go into one alert: at least 5, 60 without it.",
    ),
    (
        "",
        "InlineFilters",
        "Conditions that an event has to meet before the rule is asked.",
    ),
    ("", "DisplayName", "The name people see."),
    (
        "",
        "OnlyUseBaseRiskScore",
        "Whether only the rule's own score counts.",
    ),
    (
        "",
        "OutputIds",
        "Destinations that alerts go to; destinations() may change it.",
    ),
    ("", "CreatedBy", "Who made it."),
    (
        "",
        "Reference",
        "A link to read more; reference() may change it.",
    ),
    (
        "",
        "Runbook",
        "What to do about an alert; runbook() may change it.",
    ),
    (
        "",
        "Status",
        "Such as Stable, Experimental or Deprecated; experimental and deprecated ones are not uploaded.",
    ),
    (
        "",
        "SummaryAttributes",
        "Fields whose values an alert sums up.",
    ),
    (
        "",
        "Suppressions",
        "Resources that the policy is not asked about.",
    ),
    (
        "",
        "Threshold",
        "How many matches within the dedup period make an alert; 1 without it.",
    ),
    ("", "Tags", "Words to find the rule by; none twice."),
    (
        "",
        "Reports",
        "Frameworks it belongs to, such as `MITRE ATT&CK`, each with a list of entries.",
    ),
    (
        "",
        "DynamicSeverities",
        "Severities that depend on conditions (simple detections).",
    ),
    (
        "",
        "AlertTitle",
        "The alert's title with `{path}` in it (simple detections).",
    ),
    (
        "",
        "AlertContext",
        "Names and values that an alert carries (simple detections).",
    ),
    (
        "",
        "GroupBy",
        "Fields by whose values matches go into one alert (simple detections).",
    ),
    (
        "",
        "CreateAlert",
        "Whether matches raise alerts; without them they are signals.",
    ),
    (
        "",
        "BaseVersion",
        "The version of Panther's own rule that it was copied from.",
    ),
    ("", "Tests", "Events and what the rule says of each."),
    (
        "",
        "DataModelID",
        "The data model's id: unique in the repository.",
    ),
    (
        "",
        "Mappings",
        "Unified names, each with a path or a method.",
    ),
    (
        "",
        "GlobalID",
        "The name by which bodies import the module.",
    ),
    ("", "PackID", "The pack's id."),
    ("", "PackDefinition", "What the pack holds."),
    (
        "",
        "QueryName",
        "The query's name: unique in the repository.",
    ),
    ("", "Query", "The query in SQL."),
    ("", "Schedule", "When it runs."),
    ("", "LookupName", "The lookup table's name."),
    (
        "",
        "ActionDelaySeconds",
        "How long to wait before an automatic remedy.",
    ),
    ("", "AutoRemediationID", "The automatic remedy."),
    (
        "",
        "AutoRemediationParameters",
        "What the automatic remedy is given.",
    ),
    (
        "Mappings",
        "Name",
        "The unified name that event.udm() takes.",
    ),
    (
        "Mappings",
        "Path",
        "Where the value is, such as actor.email.",
    ),
    (
        "Mappings",
        "Method",
        "A function of the Python file that gives the value.",
    ),
    ("Tests", "Name", "What the test is called."),
    (
        "Tests",
        "ExpectedResult",
        "What rule() gives for the event.",
    ),
    ("Tests", "Log", "The event."),
    ("Tests", "Resource", "The resource."),
    ("Tests", "LogType", "Not read; kept for older files."),
    ("Tests", "ResourceType", "The resource's type."),
    (
        "Tests",
        "Mocks",
        "What stands in for names of the body while the test runs.",
    ),
    (
        "Tests",
        "ExpectedDestinations",
        "What destinations() gives, in any order.",
    ),
    (
        "Tests",
        "Expected",
        "What the other functions give, such as title and severity. Only this workbench reads it.",
    ),
    (
        "Tests",
        "RuleOutputs",
        "What the rules gave: their ids and when they matched.",
    ),
    (
        "Tests",
        "Events",
        "Raw events that the rules are asked about. Only this workbench reads it.",
    ),
    ("Mocks", "objectName", "The name in the body."),
    ("Mocks", "returnValue", "What a call of it gives."),
    ("RuleOutputs", "ID", "The id of a node of the rule."),
    (
        "RuleOutputs",
        "Matches",
        "Fields with values, each with the times of its matches.",
    ),
    ("PackDefinition", "IDs", "The ids of its documents."),
    (
        "Schedule",
        "CronExpression",
        "When it runs, as cron writes it.",
    ),
    (
        "Schedule",
        "RateMinutes",
        "How many minutes lie between two runs.",
    ),
    ("Schedule", "TimeoutMinutes", "How long it may take."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_rule_and_its_tests_has_a_text() {
        for analysis in [
            "rule",
            "policy",
            "correlation_rule",
            "datamodel",
            "global",
            "pack",
        ] {
            for path in [&[][..], &["Tests"], &["Tests", "Mocks"], &["Mappings"]] {
                for key in keys(analysis, false, path).unwrap_or_default() {
                    assert!(!key.doc.is_empty(), "{analysis} {path:?} {}", key.name);
                }
            }
        }
        assert!(keys("rule", false, &["Nonsense"]).is_none());
    }
}
