//! Microsoft Sentinel's analytics rules: fields, checks, alert outputs, and the case file beside a rule.

mod alert;
pub mod attack;
pub mod cases;
mod duration;
pub mod entities;
mod fields;
mod incident;
pub(crate) mod json;
pub mod keys;
mod reader;

pub use alert::AlertDetails;
pub use duration::{format_iso, parse_duration};
pub use incident::{Grouping, Incident, Matching};
pub use reader::{KEYS, TACTICS, looks_like, read};

use crate::diagnostic::{Diagnostic, Span};
use crate::yaml::Step;

/// The severities of an alert.
pub const SEVERITIES: [&str; 4] = ["Informational", "Low", "Medium", "High"];

/// A mapped identity: an entity type and its identifiers with the columns they are read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityMapping {
    /// Such as `Account`.
    pub entity_type: String,
    /// Identifier and column name.
    pub fields: Vec<(String, String)>,
    /// Where the mapping stands in the rule's text.
    pub span: Option<Span>,
}

/// How the number of result rows is compared with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `gt`, `GreaterThan`
    GreaterThan,
    /// `lt`, `LessThan`
    LessThan,
    /// `eq`, `Equal`
    Equal,
    /// `ne`, `NotEqual`
    NotEqual,
}

impl Operator {
    /// The operator of either spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "gt" | "GreaterThan" => Operator::GreaterThan,
            "lt" | "LessThan" => Operator::LessThan,
            "eq" | "Equal" => Operator::Equal,
            "ne" | "NotEqual" => Operator::NotEqual,
            _ => return None,
        })
    }

    /// The spelling of the service.
    pub fn name(self) -> &'static str {
        match self {
            Operator::GreaterThan => "GreaterThan",
            Operator::LessThan => "LessThan",
            Operator::Equal => "Equal",
            Operator::NotEqual => "NotEqual",
        }
    }

    /// Whether a number of rows raises an alert.
    pub fn holds(self, rows: usize, threshold: i64) -> bool {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        match self {
            Operator::GreaterThan => rows > threshold,
            Operator::LessThan => rows < threshold,
            Operator::Equal => rows == threshold,
            Operator::NotEqual => rows != threshold,
        }
    }
}

/// Whether the rows of a run make one alert or one each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aggregation {
    /// One alert a run.
    #[default]
    SingleAlert,
    /// One alert a row.
    AlertPerResult,
}

/// How the rule is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// On a schedule.
    #[default]
    Scheduled,
    /// Near real time: every minute.
    Nrt,
}

/// A log source that a rule needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connector {
    /// `connectorId`.
    pub id: String,
    /// `dataTypes`.
    pub data_types: Vec<String>,
}

/// A scheduled or NRT analytics rule, as far as its document could be read.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// GUID.
    pub id: String,
    /// Display name.
    pub name: String,
    /// What it finds.
    pub description: String,
    /// `Informational`, `Low`, `Medium`, `High`.
    pub severity: String,
    /// `Scheduled` where absent.
    pub kind: Kind,
    /// Such as `1.0.0`; may be empty.
    pub version: String,
    /// Log sources.
    pub connectors: Vec<Connector>,
    /// The query's value.
    pub query: String,
    /// Time between runs, ticks.
    pub query_frequency: Option<i64>,
    /// How far back a run looks, ticks.
    pub query_period: Option<i64>,
    /// How the number of rows is compared.
    pub trigger_operator: Option<Operator>,
    /// With what it is compared.
    pub trigger_threshold: Option<i64>,
    /// MITRE tactics, such as `DefenseEvasion`.
    pub tactics: Vec<String>,
    /// MITRE techniques, such as `T1098` or `T1098.003`.
    pub techniques: Vec<String>,
    /// Entity mappings, in order.
    pub entity_mappings: Vec<EntityMapping>,
    /// Columns of `sentinelEntitiesMappings`.
    pub sentinel_entities: Vec<String>,
    /// Alert property and column.
    pub custom_details: Vec<(String, String)>,
    /// `alertDetailsOverride`.
    pub alert_details: AlertDetails,
    /// `eventGroupingSettings`.
    pub aggregation: Aggregation,
    /// `incidentConfiguration`; none where absent (the platform then makes one incident for every alert).
    pub incident: Option<Incident>,
    /// `suppressionEnabled`.
    pub suppression_enabled: Option<bool>,
    /// `suppressionDuration`, ticks.
    pub suppression_duration: Option<i64>,
    /// `enabled`; rules without it are deployed enabled.
    pub enabled: Option<bool>,
    /// Texts of `tags`.
    pub tags: Vec<String>,
    /// `alertRuleTemplateName`.
    pub template_name: Option<String>,
    /// `templateVersion`.
    pub template_version: Option<String>,
    /// The document itself.
    pub document: crate::yaml::Document,
}

impl Rule {
    /// The path of the query in the document.
    pub fn query_path() -> [Step; 1] {
        ["query".into()]
    }

    /// The place in the rule's text of a place in its query (bytes of `query`). A place that cannot be mapped
    /// gives the whole query.
    pub fn query_span(&self, in_query: Span) -> Span {
        let path = Self::query_path();
        let whole = || self.document.nearest_span(&path).unwrap_or_default();
        let Some(start) = self.document.offset_in_text(&path, in_query.start) else {
            return whole();
        };
        // The end is found from the last character: the place after it may be on the next line.
        let last = self
            .query
            .get(in_query.start..in_query.end)
            .and_then(|text| text.char_indices().next_back());
        let end = last.and_then(|(at, character)| {
            let at = self.document.offset_in_text(&path, in_query.start + at)?;
            Some(at + character.len_utf8())
        });
        Span::new(start, end.unwrap_or(start).max(start))
    }

    /// The other way round: the place in the query of a place that [`Self::query_span`] gave. None outside the query.
    pub fn span_in_query(&self, in_text: Span) -> Option<Span> {
        let path = Self::query_path();
        let start = self.document.offset_in_value(&path, in_text.start)?;
        let text = self.document.text().get(in_text.start..in_text.end)?;
        // The end is found from the last character, as the way there was.
        let end = match text.char_indices().next_back() {
            Some((at, character)) => {
                let last = in_text.start + at;
                self.document.offset_in_value(&path, last)? + character.len_utf8()
            }
            None => start,
        };
        (end >= start).then(|| Span::new(start, end))
    }

    /// A diagnostic of the query, moved to its place in the rule's text.
    pub fn query_diagnostic(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.span = Some(match diagnostic.span {
            Some(span) => self.query_span(span),
            None => self
                .document
                .nearest_span(&Self::query_path())
                .unwrap_or_default(),
        });
        diagnostic
    }

    /// Whether a number of result rows raises an alert: the threshold for scheduled rules, any row for NRT.
    pub fn triggers(&self, rows: usize) -> bool {
        match self.kind {
            Kind::Nrt => rows > 0,
            Kind::Scheduled => self
                .trigger_operator
                .unwrap_or(Operator::GreaterThan)
                .holds(rows, self.trigger_threshold.unwrap_or(0)),
        }
    }
}
