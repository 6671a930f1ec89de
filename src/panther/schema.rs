//! The strict schema of a rule's document: which keys there are and what they hold.

use super::value::{key_text, kind};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::yaml::{Document, Step};
use serde_yaml::Value as Yaml;

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Flag,
    Whole,
    Texts,
    Any,
    /// A mapping from text to lists.
    Reports,
    Cases,
}

/// Every key of a rule with a body, and whether it has to be there.
const RULE: &[(&str, Holds, bool)] = &[
    ("AnalysisType", Holds::Text, true),
    ("Enabled", Holds::Flag, true),
    ("Filename", Holds::Text, true),
    ("RuleID", Holds::Text, true),
    ("LogTypes", Holds::Texts, true),
    ("Severity", Holds::Text, true),
    ("Description", Holds::Text, false),
    ("DedupPeriodMinutes", Holds::Whole, false),
    ("InlineFilters", Holds::Any, false),
    ("DisplayName", Holds::Text, false),
    ("OnlyUseBaseRiskScore", Holds::Flag, false),
    ("OutputIds", Holds::Texts, false),
    ("CreatedBy", Holds::Text, false),
    ("Reference", Holds::Text, false),
    ("Runbook", Holds::Text, false),
    ("Status", Holds::Text, false),
    ("SummaryAttributes", Holds::Texts, false),
    ("Threshold", Holds::Whole, false),
    ("Tags", Holds::Texts, false),
    ("Reports", Holds::Reports, false),
    ("DynamicSeverities", Holds::Any, false),
    ("AlertTitle", Holds::Text, false),
    ("AlertContext", Holds::Any, false),
    ("GroupBy", Holds::Any, false),
    ("CreateAlert", Holds::Flag, false),
    ("BaseVersion", Holds::Whole, false),
    ("Tests", Holds::Cases, false),
];

/// Every key of one entry of `Tests`.
const CASE: &[(&str, Holds, bool)] = &[
    ("Name", Holds::Text, true),
    ("ExpectedResult", Holds::Flag, true),
    ("Log", Holds::Any, true),
    ("LogType", Holds::Text, false),
    ("ResourceType", Holds::Text, false),
    ("ExpectedDestinations", Holds::Texts, false),
    ("Mocks", Holds::Any, false),
];

/// The severities as a document spells them.
const SEVERITIES: [&str; 5] = ["Info", "Low", "Medium", "High", "Critical"];

/// Collects what is wrong, each with its place.
pub(super) struct Checker<'a> {
    pub document: &'a Document,
    pub found: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// An error at the value of a path.
    pub fn error(
        &mut self,
        code: &str,
        path: &[Step],
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let span = self.document.span(path);
        self.push(Severity::Error, code, span, message.into())
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &str,
        span: Option<Span>,
        message: String,
    ) -> &mut Diagnostic {
        let at = self.found.len();
        self.found
            .push(Diagnostic::new(severity, code, span, message));
        &mut self.found[at]
    }

    /// Checks a whole rule.
    pub fn rule(&mut self, rule: &Yaml) {
        self.keys(rule, RULE, &[]);
        if let Some(severity) = rule.get("Severity").and_then(Yaml::as_str)
            && !SEVERITIES.contains(&severity)
        {
            let hint = SEVERITIES
                .iter()
                .find(|known| known.eq_ignore_ascii_case(severity.trim()))
                .map_or_else(
                    || format!("use one of {}", SEVERITIES.join(", ")),
                    |known| format!("write {known}"),
                );
            self.error(
                "panther-severity",
                &[key("Severity")],
                format!("`{severity}` is no severity"),
            )
            .hint = Some(hint);
        }
        for name in ["RuleID", "DisplayName"] {
            if let Some(text) = rule.get(name).and_then(Yaml::as_str)
                && (text.is_empty() || text.contains(['<', '>', '&', '"', '%']))
            {
                self.error(
                    "panther-name",
                    &[key(name)],
                    format!("{name} has to be text without < > & \" %"),
                );
            }
        }
        for name in ["LogTypes", "OutputIds", "SummaryAttributes", "Tags"] {
            self.duplicates(rule, name);
        }
        if let Some(minutes) = rule.get("DedupPeriodMinutes").and_then(Yaml::as_i64)
            && minutes < 5
        {
            let span = self.document.span(&[key("DedupPeriodMinutes")]);
            self.push(
                Severity::Warning,
                "panther-dedup-period",
                span,
                format!("a deduplication period of {minutes} minutes is shorter than the 5 that Panther keeps"),
            );
        }
        if let Some(Yaml::Sequence(cases)) = rule.get("Tests") {
            for (i, case) in cases.iter().enumerate() {
                self.case(case, i);
            }
        }
    }

    fn case(&mut self, case: &Yaml, index: usize) {
        let path = [key("Tests"), Step::Index(index)];
        if !case.is_mapping() {
            self.error(
                "panther-type",
                &path,
                format!("a test is a mapping, not {}", kind(case)),
            );
            return;
        }
        self.keys(case, CASE, &path);
        let at = |name: &str| [path[0].clone(), path[1].clone(), key(name)];
        match case.get("Mocks") {
            None | Some(Yaml::Null) => {}
            Some(Yaml::Sequence(mocks)) => {
                for (i, mock) in mocks.iter().enumerate() {
                    if mock.get("objectName").and_then(Yaml::as_str).is_none()
                        || mock.get("returnValue").is_none()
                    {
                        let mut path = at("Mocks").to_vec();
                        path.push(Step::Index(i));
                        self.error(
                            "panther-mock",
                            &path,
                            "a mock needs objectName (text) and returnValue",
                        );
                    }
                }
            }
            Some(other) => {
                self.error(
                    "panther-type",
                    &at("Mocks"),
                    format!("Mocks has to be a list, not {}", kind(other)),
                );
            }
        }
        if let Some(log) = case.get("Log")
            && !log.is_mapping()
        {
            self.error(
                "panther-type",
                &at("Log"),
                format!("Log has to be a mapping, not {}", kind(log)),
            );
        }
    }

    /// Required, unknown and wrongly typed keys of one mapping.
    fn keys(&mut self, mapping: &Yaml, known: &[(&str, Holds, bool)], path: &[Step]) {
        for (name, _, required) in known {
            // A text that broke off says nothing of what is missing.
            if *required && mapping.get(*name).is_none() && !self.broken() {
                let span = self.first_key(known, path);
                self.push(
                    Severity::Error,
                    "panther-missing-key",
                    span,
                    format!("{name} is missing"),
                );
            }
        }
        let Some(mapping) = mapping.as_mapping() else {
            return;
        };
        for (name, value) in mapping {
            let name = key_text(name);
            let mut at = path.to_vec();
            at.push(key(&name));
            match known.iter().find(|(known, ..)| *known == name) {
                Some((_, holds, _)) => self.holds(&name, value, *holds, &at),
                None => {
                    let span = self
                        .document
                        .key_span(&at)
                        .or_else(|| self.document.span(&at));
                    let close = known
                        .iter()
                        .find(|(known, ..)| known.eq_ignore_ascii_case(&name))
                        .map(|(known, ..)| format!("write {known}"));
                    self.push(
                        Severity::Error,
                        "panther-unknown-key",
                        span,
                        format!("`{name}` is no key that Panther knows here"),
                    )
                    .hint = close;
                }
            }
        }
    }

    /// Where something missing from a mapping is told: at the first of its keys.
    fn first_key(&self, known: &[(&str, Holds, bool)], path: &[Step]) -> Option<Span> {
        known
            .iter()
            .filter_map(|(name, ..)| {
                let mut at = path.to_vec();
                at.push(key(name));
                self.document.key_span(&at)
            })
            .min()
            .or_else(|| self.document.span(path))
    }

    fn broken(&self) -> bool {
        self.found
            .iter()
            .any(|d| d.is_error() && d.code.starts_with("yaml-") && d.code != "yaml-duplicate-key")
    }

    fn holds(&mut self, name: &str, value: &Yaml, holds: Holds, at: &[Step]) {
        let texts = |value: &Yaml| {
            value
                .as_sequence()
                .is_some_and(|items| items.iter().all(Yaml::is_string))
        };
        let (fits, wanted) = match holds {
            Holds::Text => (value.is_string(), "text"),
            Holds::Flag => (value.is_bool(), "true or false"),
            Holds::Whole => (value.is_i64() || value.is_u64(), "a whole number"),
            Holds::Texts => (texts(value), "a list of texts"),
            Holds::Any => (true, ""),
            Holds::Reports => (
                value.as_mapping().is_some_and(|reports| {
                    reports
                        .iter()
                        .all(|(name, list)| name.is_string() && list.is_sequence())
                }),
                "a mapping from text to lists",
            ),
            Holds::Cases => (value.is_sequence(), "a list of tests"),
        };
        if !fits {
            self.error(
                "panther-type",
                at,
                format!("{name} has to be {wanted}, not {}", kind(value)),
            );
        }
    }

    fn duplicates(&mut self, rule: &Yaml, name: &str) {
        let Some(items) = rule.get(name).and_then(Yaml::as_sequence) else {
            return;
        };
        let fold = |text: &str| {
            if name == "Tags" {
                text.to_lowercase()
            } else {
                text.to_owned()
            }
        };
        let mut seen = std::collections::HashSet::new();
        for (i, item) in items.iter().enumerate() {
            if let Some(text) = item.as_str()
                && !seen.insert(fold(text))
            {
                self.error(
                    "panther-duplicate",
                    &[key(name), Step::Index(i)],
                    format!("`{text}` stands in {name} twice"),
                );
            }
        }
    }
}

/// A step by key.
pub(super) fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}
