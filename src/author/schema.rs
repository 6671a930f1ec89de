//! Which fields may stand at a place of a document and what they take.

use super::document::{Doc, Kind};
use crate::panther::documents::keys as panther;
use crate::sentinel::keys as sentinel;

/// A field that may stand in a mapping.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its key.
    pub name: String,
    /// What it is for.
    pub doc: String,
    /// Whether it has to be there.
    pub required: bool,
    /// What it takes.
    pub takes: Takes,
}

/// What a field takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// A text.
    Text,
    /// A query.
    Query,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// A length of time between two lengths, in ticks.
    Duration(i64, i64),
    /// One of a set.
    One(Set),
    /// A list of a set.
    Many(Set),
    /// A column of the query's result.
    Column,
    /// Names of the author's own, each with a column.
    Columns,
    /// A text with `{{column}}` in it.
    Format,
    /// A mapping of fields.
    Map,
    /// A list of mappings of fields.
    List,
    /// A part of an event: keys as events have them.
    Event,
    /// An instant.
    Instant,
    /// Anything.
    Any,
}

/// A set of values.
#[derive(Clone, Copy, Debug)]
pub enum Set {
    /// Fixed choices.
    Fixed(&'static [sentinel::Choice]),
    /// Fixed names.
    Names(&'static [&'static str]),
    /// The kinds of Panther's documents.
    Analyses,
    /// Panther's severities.
    Severities,
    /// Tactics.
    Tactics,
    /// Techniques, those of the document's tactics first.
    Techniques,
    /// Entity types.
    EntityTypes,
    /// Entity types that the document maps.
    MappedTypes,
    /// Identifiers of the entity type beside it.
    Identifiers,
    /// Keys of the custom details.
    DetailKeys,
    /// Tables of the catalog.
    Tables,
    /// Log types.
    LogTypes,
    /// Ids of rules.
    Rules,
    /// Ids of all documents.
    Documents,
    /// Scheduled queries.
    Queries,
    /// Python files beside the document.
    Bodies,
    /// Conditions of match expressions.
    Conditions,
    /// Paths of events, keys joined by dots.
    EventPaths,
    /// Entries of MITRE ATT&CK: tactic and technique.
    Mitre,
    /// Names of the Python body, for mocks.
    BodyNames,
    /// `p_` names of a data model.
    Nodes,
    /// Texts of the author's own: nothing is offered.
    Free,
}

const CONDITIONS: [(&str, Takes, &str); 11] = [
    (
        "KeyPath",
        Takes::One(Set::EventPaths),
        "The field, its keys joined by dots.",
    ),
    (
        "Key",
        Takes::One(Set::EventPaths),
        "The field, a key of the event.",
    ),
    (
        "DeepKey",
        Takes::Many(Set::Free),
        "The field, its keys as a list.",
    ),
    (
        "Condition",
        Takes::One(Set::Conditions),
        "What is asked of the field.",
    ),
    ("Value", Takes::Text, "What the field is compared with."),
    (
        "Values",
        Takes::Many(Set::Free),
        "What the field is compared with, several.",
    ),
    (
        "Expressions",
        Takes::List,
        "What each element of the field is asked.",
    ),
    (
        "All",
        Takes::List,
        "Holds where all of its expressions hold.",
    ),
    (
        "Any",
        Takes::List,
        "Holds where one of its expressions holds.",
    ),
    (
        "OnlyOne",
        Takes::List,
        "Holds where exactly one of its expressions holds.",
    ),
    (
        "None",
        Takes::List,
        "Holds where none of its expressions holds.",
    ),
];

const CORRELATION: [(&str, Takes, &str); 8] = [
    (
        "Sequence",
        Takes::List,
        "Rules that have to match one after the other.",
    ),
    (
        "Group",
        Takes::List,
        "Rules that all have to match, in any order.",
    ),
    (
        "Transitions",
        Takes::List,
        "What links one step of the sequence with the next.",
    ),
    (
        "MatchCriteria",
        Takes::Any,
        "Fields whose values have to be the same in all rules of the group.",
    ),
    (
        "MinMatchCount",
        Takes::Whole,
        "How many matches there have to be in all.",
    ),
    (
        "LookbackWindowMinutes",
        Takes::Whole,
        "How many minutes are looked back; 15 without it.",
    ),
    ("Schedule", Takes::Map, "When it is asked."),
    (
        "EventEvaluationOrder",
        Takes::One(Set::Names(&["Chronological", "ReverseChronological"])),
        "In which order matches are gone through.",
    ),
];

const NODE: [(&str, Takes, &str); 5] = [
    (
        "ID",
        Takes::Text,
        "What tests and transitions call the step.",
    ),
    (
        "RuleID",
        Takes::One(Set::Rules),
        "The rule that has to match.",
    ),
    (
        "MinMatchCount",
        Takes::Whole,
        "How often it has to match at least; once without it.",
    ),
    (
        "MaxMatchCount",
        Takes::Whole,
        "How often it may match at most.",
    ),
    ("Absence", Takes::Flag, "Whether it must not match."),
];

const TRANSITION: [(&str, Takes, &str); 5] = [
    ("ID", Takes::Text, "What the transition is called."),
    ("From", Takes::One(Set::Nodes), "The step before."),
    ("To", Takes::One(Set::Nodes), "The step after."),
    (
        "WithinTimeFrameMinutes",
        Takes::Whole,
        "How many minutes may lie between.",
    ),
    (
        "Match",
        Takes::Any,
        "Fields whose values have to be the same on both sides.",
    ),
];

const SCHEDULE: [(&str, Takes, &str); 3] = [
    (
        "RateMinutes",
        Takes::Whole,
        "How many minutes lie between two runs.",
    ),
    (
        "CronExpression",
        Takes::Text,
        "When it runs, as cron writes it.",
    ),
    ("TimeoutMinutes", Takes::Whole, "How long it may take."),
];

fn listed(list: &[(&str, Takes, &str)]) -> Vec<Field> {
    let made = list.iter().map(|(name, takes, doc)| Field {
        name: (*name).to_owned(),
        doc: (*doc).to_owned(),
        required: false,
        takes: *takes,
    });
    made.collect()
}

impl Doc<'_> {
    /// The fields of the mapping at a path of keys; none where anything may stand.
    pub fn fields_at(&self, path: &[String]) -> Option<Vec<Field>> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match self.kind {
            Kind::Sentinel => of_sentinel(sentinel::RULE, &path),
            Kind::Cases => of_sentinel(sentinel::CASES, &path),
            Kind::Panther => self.of_panther(&path),
            Kind::Python | Kind::Query | Kind::Other => None,
        }
    }

    /// The field at a path of keys.
    pub fn field(&self, path: &[String]) -> Option<Field> {
        let (last, above) = path.split_last()?;
        let within = self.field_within(above);
        if let Some(takes) = within {
            return Some(Field {
                name: last.clone(),
                doc: String::new(),
                required: false,
                takes,
            });
        }
        let fields = self.fields_at(above)?;
        fields.into_iter().find(|field| field.name == *last)
    }

    /// What every key below a field takes that has keys of the author's own.
    fn field_within(&self, above: &[String]) -> Option<Takes> {
        let keys: Vec<&str> = above.iter().map(String::as_str).collect();
        match (self.kind, keys.as_slice()) {
            (Kind::Sentinel, ["customDetails"]) => Some(Takes::Column),
            (Kind::Panther, ["Reports"]) => Some(Takes::Many(Set::Mitre)),
            (Kind::Panther, ["Tests", "Log" | "Resource" | "Events", ..]) => Some(Takes::Event),
            _ => None,
        }
    }

    fn of_panther(&self, path: &[&str]) -> Option<Vec<Field>> {
        match path {
            ["Detection", rest @ ..] if self.analysis == "correlation_rule" => {
                return Some(match rest {
                    [] => listed(&CORRELATION),
                    ["Sequence" | "Group"] => listed(&NODE),
                    ["Transitions"] => listed(&TRANSITION),
                    ["Schedule"] => listed(&SCHEDULE),
                    _ => return None,
                });
            }
            ["Detection" | "InlineFilters", rest @ ..]
            | ["DynamicSeverities", "Conditions", rest @ ..] => {
                let groups = ["All", "Any", "OnlyOne", "None", "Expressions"];
                let inside = rest.iter().all(|key| groups.contains(key));
                return inside.then(|| listed(&CONDITIONS));
            }
            ["DynamicSeverities"] => {
                return Some(listed(&[
                    ("ChangeTo", Takes::One(Set::Severities), "The severity."),
                    ("Conditions", Takes::List, "When it is that one."),
                ]));
            }
            ["Reports"] => {
                return Some(listed(&[(
                    "MITRE ATT&CK",
                    Takes::Many(Set::Mitre),
                    "Tactics with techniques, such as TA0003:T1098.",
                )]));
            }
            _ => {}
        }
        let keys = panther::keys(&self.analysis, self.is_derived, path)?;
        let made = keys.into_iter().map(|key| Field {
            name: key.name.to_owned(),
            doc: key.doc.to_owned(),
            required: key.required,
            takes: panther_takes(path, &key),
        });
        let mut fields: Vec<Field> = made.collect();
        if path.is_empty() && self.analysis == "rule" && !self.is_derived {
            fields.extend(listed(&[(
                "BaseDetection",
                Takes::One(Set::Rules),
                "The id of the rule that this one derives from.",
            )]));
        }
        Some(fields)
    }
}

fn panther_takes(path: &[&str], key: &panther::Key) -> Takes {
    match (path, key.name) {
        ([], "AnalysisType") => return Takes::One(Set::Analyses),
        ([], "LogTypes") => return Takes::Many(Set::LogTypes),
        ([], "ScheduledQueries") => return Takes::Many(Set::Queries),
        ([], "BaseDetection") => return Takes::One(Set::Rules),
        ([], "Filename") => return Takes::One(Set::Bodies),
        ([], "Status") => {
            return Takes::One(Set::Names(&[
                "Stable",
                "Beta",
                "Experimental",
                "Deprecated",
            ]));
        }
        ([], "Detection" | "InlineFilters" | "DynamicSeverities") => return Takes::List,
        ([], "SummaryAttributes") => return Takes::Many(Set::EventPaths),
        (["Tests"], "Log" | "Resource") => return Takes::Event,
        (["Tests", "Mocks"], "objectName") => return Takes::One(Set::BodyNames),
        (["Tests", "RuleOutputs"], "ID") => return Takes::One(Set::Nodes),
        (["PackDefinition"], "IDs") => return Takes::Many(Set::Documents),
        _ => {}
    }
    match key.takes {
        panther::Takes::Text => Takes::Text,
        panther::Takes::OneOf(names) => Takes::One(Set::Names(names)),
        panther::Takes::Severity => Takes::One(Set::Severities),
        panther::Takes::Flag => Takes::Flag,
        panther::Takes::Whole => Takes::Whole,
        panther::Takes::Texts => Takes::Many(Set::Free),
        panther::Takes::Map | panther::Takes::Reports => Takes::Map,
        panther::Takes::List => Takes::List,
        panther::Takes::Any => Takes::Any,
    }
}

fn of_sentinel(keys: &'static [sentinel::Key], path: &[&str]) -> Option<Vec<Field>> {
    let mut keys = keys;
    for step in path {
        let key = keys.iter().find(|key| key.name == *step)?;
        keys = match key.takes {
            sentinel::Takes::Map(inner) | sentinel::Takes::List(inner) => inner,
            _ => return None,
        };
    }
    let made = keys.iter().map(|key| Field {
        name: key.name.to_owned(),
        doc: key.doc.to_owned(),
        required: key.required,
        takes: sentinel_takes(key.takes),
    });
    Some(made.collect())
}

fn sentinel_takes(takes: sentinel::Takes) -> Takes {
    match takes {
        sentinel::Takes::Text => Takes::Text,
        sentinel::Takes::Query => Takes::Query,
        sentinel::Takes::Flag => Takes::Flag,
        sentinel::Takes::Whole => Takes::Whole,
        sentinel::Takes::Duration(least, most) => Takes::Duration(least, most),
        sentinel::Takes::OneOf(choices) => Takes::One(Set::Fixed(choices)),
        sentinel::Takes::AnyOf(choices) => Takes::Many(Set::Fixed(choices)),
        sentinel::Takes::Tactics => Takes::Many(Set::Tactics),
        sentinel::Takes::Techniques => Takes::Many(Set::Techniques),
        sentinel::Takes::EntityType => Takes::One(Set::EntityTypes),
        sentinel::Takes::EntityTypes => Takes::Many(Set::MappedTypes),
        sentinel::Takes::Identifier => Takes::One(Set::Identifiers),
        sentinel::Takes::Column => Takes::Column,
        sentinel::Takes::Columns => Takes::Columns,
        sentinel::Takes::Format => Takes::Format,
        sentinel::Takes::DetailKeys => Takes::Many(Set::DetailKeys),
        sentinel::Takes::Tables => Takes::Many(Set::Tables),
        sentinel::Takes::Texts => Takes::Many(Set::Free),
        sentinel::Takes::Instant => Takes::Instant,
        sentinel::Takes::Map(_) => Takes::Map,
        sentinel::Takes::List(_) => Takes::List,
        sentinel::Takes::Any => Takes::Any,
    }
}
