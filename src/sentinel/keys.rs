//! The keys of a rule and of its case file: what each is for and what it takes.

use crate::value::time::{DAY, HOUR, MINUTE};

/// A key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it is spelt.
    pub name: &'static str,
    /// What it is for, in sentences.
    pub doc: &'static str,
    /// Whether the service or the public repository wants it.
    pub required: bool,
    /// What it takes.
    pub takes: Takes,
}

/// A value of a key with fixed choices.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// As it is spelt.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// What a key takes.
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
    /// One of some choices.
    OneOf(&'static [Choice]),
    /// A list of some choices.
    AnyOf(&'static [Choice]),
    /// A list of tactics.
    Tactics,
    /// A list of techniques.
    Techniques,
    /// An entity type.
    EntityType,
    /// A list of the entity types that the rule maps.
    EntityTypes,
    /// An identifier of the entity type beside it.
    Identifier,
    /// A column of the query's result.
    Column,
    /// Names of the author's own, each with a column.
    Columns,
    /// A text with `{{column}}` in it.
    Format,
    /// A list of keys of the rule's custom details.
    DetailKeys,
    /// A list of tables.
    Tables,
    /// A list of texts.
    Texts,
    /// An instant.
    Instant,
    /// A mapping with these keys.
    Map(&'static [Key]),
    /// A list of mappings with these keys.
    List(&'static [Key]),
    /// Anything.
    Any,
}

const fn key(name: &'static str, takes: Takes, doc: &'static str) -> Key {
    Key {
        name,
        doc,
        required: false,
        takes,
    }
}

const fn required(name: &'static str, takes: Takes, doc: &'static str) -> Key {
    Key {
        name,
        doc,
        required: true,
        takes,
    }
}

const fn choice(name: &'static str, doc: &'static str) -> Choice {
    Choice { name, doc }
}

/// `severity`.
pub const SEVERITIES: &[Choice] = &[
    choice(
        "Informational",
        "Worth keeping as context; nobody has to act.",
    ),
    choice(
        "Low",
        "Little harm by itself; look at it together with other signs.",
    ),
    choice("Medium", "May harm; somebody has to look at it."),
    choice("High", "Likely an attack on what matters; act at once."),
];

const STATUSES: &[Choice] = &[
    choice("Available", "For everybody."),
    choice("InPreview", "Being tried out."),
    choice("Deprecated", "No longer to be used."),
];

const KINDS: &[Choice] = &[
    choice(
        "Scheduled",
        "Runs every `queryFrequency` over the last `queryPeriod`.",
    ),
    choice(
        "NRT",
        "Near real time: runs every minute over what was ingested in it, without a schedule or a threshold.",
    ),
];

const OPERATORS: &[Choice] = &[
    choice("gt", "More rows than the threshold."),
    choice("lt", "Fewer rows than the threshold."),
    choice("eq", "As many rows as the threshold."),
    choice("ne", "Any other number of rows than the threshold."),
];

const AGGREGATIONS: &[Choice] = &[
    choice(
        "SingleAlert",
        "One alert a run, for all its rows. This is what happens without the setting.",
    ),
    choice("AlertPerResult", "One alert a row, up to 150 a run."),
];

const METHODS: &[Choice] = &[
    choice(
        "AllEntities",
        "Alerts of which all mapped entities are the same.",
    ),
    choice("AnyAlert", "All alerts of this rule."),
    choice(
        "Selected",
        "Alerts that have the same in what the groupBy keys name.",
    ),
];

const ALERT_DETAILS: &[Choice] = &[
    choice("DisplayName", "The alert's title."),
    choice("Severity", "The alert's severity."),
];

/// `alertProperty`.
const ALERT_PROPERTIES: &[Choice] = &[
    choice(
        "AlertLink",
        "A link to the alert in the product it came from.",
    ),
    choice("ConfidenceLevel", "How sure the alert is, in words."),
    choice("ConfidenceScore", "How sure the alert is, from 0 to 1."),
    choice("ExtendedLinks", "Further links."),
    choice("ProductName", "The product that raised it."),
    choice("ProviderName", "The service that raised it."),
    choice(
        "ProductComponentName",
        "The part of the product that raised it.",
    ),
    choice("RemediationSteps", "What to do about it."),
    choice("Techniques", "Techniques of MITRE ATT&CK."),
    choice("SubTechniques", "Sub-techniques of MITRE ATT&CK."),
];

const CONNECTOR: &[Key] = &[
    required(
        "connectorId",
        Takes::Text,
        "The data connector that brings the logs.",
    ),
    required(
        "dataTypes",
        Takes::Tables,
        "The tables that the query reads of it.",
    ),
];

const FIELD_MAPPING: &[Key] = &[
    required(
        "identifier",
        Takes::Identifier,
        "Which property of the entity the column holds.",
    ),
    required(
        "columnName",
        Takes::Column,
        "A column of the query's result, in its exact case.",
    ),
];

const ENTITY: &[Key] = &[
    required(
        "entityType",
        Takes::EntityType,
        "What the columns identify.",
    ),
    required(
        "fieldMappings",
        Takes::List(FIELD_MAPPING),
        "One to three identifiers, each with the column it is read from.",
    ),
];

const SENTINEL_ENTITY: &[Key] = &[required(
    "columnName",
    Takes::Column,
    "A column that holds entities already, such as `Entities` of SecurityAlert.",
)];

const DYNAMIC_PROPERTY: &[Key] = &[
    required(
        "alertProperty",
        Takes::OneOf(ALERT_PROPERTIES),
        "The property of the alert.",
    ),
    required("value", Takes::Column, "The column it is read from."),
];

const DETAILS: &[Key] = &[
    key(
        "alertDisplayNameFormat",
        Takes::Format,
        "The alert's title: up to 256 characters with up to three `{{column}}`.",
    ),
    key(
        "alertDescriptionFormat",
        Takes::Format,
        "The alert's description: up to 5,000 characters with up to three `{{column}}`.",
    ),
    key(
        "alertSeverityColumnName",
        Takes::Column,
        "A column that holds the alert's severity.",
    ),
    key(
        "alertTacticsColumnName",
        Takes::Column,
        "A column that holds the alert's tactics.",
    ),
    key(
        "alertDynamicProperties",
        Takes::List(DYNAMIC_PROPERTY),
        "Further properties of the alert, each from a column.",
    ),
];

const GROUPING_SETTINGS: &[Key] = &[required(
    "aggregationKind",
    Takes::OneOf(AGGREGATIONS),
    "Whether the rows of a run make one alert or one each.",
)];

const GROUPING: &[Key] = &[
    required(
        "enabled",
        Takes::Flag,
        "Whether alerts are grouped into incidents at all.",
    ),
    required(
        "reopenClosedIncident",
        Takes::Flag,
        "Whether a later alert opens a closed incident again, or makes a new one.",
    ),
    required(
        "lookbackDuration",
        Takes::Duration(5 * MINUTE, 7 * DAY),
        "How long after its first alert an incident takes more: 5 minutes to 7 days.",
    ),
    required(
        "matchingMethod",
        Takes::OneOf(METHODS),
        "What makes two alerts belong together.",
    ),
    key(
        "groupByEntities",
        Takes::EntityTypes,
        "Entity types that have to be the same, for `Selected`.",
    ),
    key(
        "groupByAlertDetails",
        Takes::AnyOf(ALERT_DETAILS),
        "Details of the alert that have to be the same, for `Selected`.",
    ),
    key(
        "groupByCustomDetails",
        Takes::DetailKeys,
        "Keys of `customDetails` that have to be the same, for `Selected`.",
    ),
];

const INCIDENT: &[Key] = &[
    required(
        "createIncident",
        Takes::Flag,
        "Whether alerts become incidents.",
    ),
    key(
        "groupingConfiguration",
        Takes::Map(GROUPING),
        "How alerts are grouped into incidents.",
    ),
];

/// The keys of a rule, in the order in which they are usually written.
pub const RULE: &[Key] = &[
    required(
        "id",
        Takes::Text,
        "A GUID. It names the deployed rule and never changes.",
    ),
    required(
        "name",
        Takes::Text,
        "The rule's title: up to 256 characters; the public repository asks for 50.",
    ),
    required(
        "description",
        Takes::Text,
        "What the rule finds, in up to 5,000 characters.",
    ),
    required(
        "severity",
        Takes::OneOf(SEVERITIES),
        "The severity of the rule's alerts.",
    ),
    key(
        "status",
        Takes::OneOf(STATUSES),
        "Whether the template is to be used; the public repository reads it.",
    ),
    required(
        "requiredDataConnectors",
        Takes::List(CONNECTOR),
        "The data connectors and tables without which the rule finds nothing.",
    ),
    required(
        "queryFrequency",
        Takes::Duration(5 * MINUTE, 14 * DAY),
        "Time between two runs: 5 minutes to 14 days. From a period of 2 days on at least 1 hour.",
    ),
    required(
        "queryPeriod",
        Takes::Duration(5 * MINUTE, 14 * DAY),
        "How far back each run looks: 5 minutes to 14 days, at least the frequency.",
    ),
    required(
        "triggerOperator",
        Takes::OneOf(OPERATORS),
        "How the number of result rows is compared with the threshold.",
    ),
    required(
        "triggerThreshold",
        Takes::Whole,
        "The number of rows to compare with: 0 to 10,000.",
    ),
    key("tactics", Takes::Tactics, "Tactics of MITRE ATT&CK."),
    key(
        "relevantTechniques",
        Takes::Techniques,
        "Techniques of MITRE ATT&CK, such as T1098; each belongs to one of the tactics.",
    ),
    required(
        "query",
        Takes::Query,
        "The query, up to 10,000 characters. Its result should have TimeGenerated.",
    ),
    key(
        "entityMappings",
        Takes::List(ENTITY),
        "Up to ten entities that an alert names, each read from columns of the result.",
    ),
    key(
        "sentinelEntitiesMappings",
        Takes::List(SENTINEL_ENTITY),
        "Columns that hold entities already.",
    ),
    key(
        "customDetails",
        Takes::Columns,
        "Up to 20 names of your own, each with the column whose values the alert carries.",
    ),
    key(
        "alertDetailsOverride",
        Takes::Map(DETAILS),
        "Title, description, severity and tactics of an alert out of its rows.",
    ),
    key(
        "eventGroupingSettings",
        Takes::Map(GROUPING_SETTINGS),
        "Whether the rows of a run make one alert or one each.",
    ),
    key(
        "incidentConfiguration",
        Takes::Map(INCIDENT),
        "Whether alerts become incidents, and how they are grouped.",
    ),
    key(
        "suppressionEnabled",
        Takes::Flag,
        "Whether the rule rests for a while after an alert.",
    ),
    key(
        "suppressionDuration",
        Takes::Duration(5 * MINUTE, 24 * HOUR),
        "How long it rests: 5 minutes to 24 hours, at least the frequency.",
    ),
    required(
        "version",
        Takes::Text,
        "Three numbers such as 1.0.0, raised with every change.",
    ),
    required(
        "kind",
        Takes::OneOf(KINDS),
        "On a schedule, or near real time.",
    ),
    key(
        "enabled",
        Takes::Flag,
        "Whether the rule is deployed enabled.",
    ),
    key("tags", Takes::Texts, "Words to find the rule by."),
    key(
        "metadata",
        Takes::Any,
        "Source, author, support and categories, in the public repository.",
    ),
    key(
        "alertRuleTemplateName",
        Takes::Text,
        "The id of the template that the rule was made from.",
    ),
    key(
        "templateVersion",
        Takes::Text,
        "The version of that template.",
    ),
];

const MATCHES: &[Choice] = &[
    choice("none", "The query gives no row. Stands alone."),
    choice("any", "The query gives at least one row."),
];

const EXPECT: &[Key] = &[
    key(
        "match",
        Takes::OneOf(MATCHES),
        "`none` in place of the other keys: no row comes out.",
    ),
    key(
        "rows",
        Takes::List(&[]),
        "Some columns of each result row with their values, in any order.",
    ),
    key("count", Takes::Whole, "How many rows come out in all."),
    key(
        "entities",
        Takes::Any,
        "Entities that at least one row names.",
    ),
];

const CASE: &[Key] = &[
    required(
        "name",
        Takes::Text,
        "What the case is called; no two in a file are called the same.",
    ),
    key("description", Takes::Text, "Why it comes out so."),
    required(
        "now",
        Takes::Instant,
        "What now() and ago() see, such as 2026-06-08T15:05:00Z.",
    ),
    required(
        "logs",
        Takes::Any,
        "A name of your choice for each log with its raw events, as the API gives them.",
    ),
    required("expect", Takes::Map(EXPECT), "What comes out."),
];

/// The keys of a case file.
pub const CASES: &[Key] = &[
    key(
        "events",
        Takes::Any,
        "Raw events that several cases share, by name.",
    ),
    required(
        "cases",
        Takes::List(CASE),
        "The cases of the rule beside this file.",
    ),
];
