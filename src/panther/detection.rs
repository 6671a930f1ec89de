//! Reads a detection: a document with cases.

use super::correlation::{self, Correlation};
use super::documents::{Analysis, Content, key, read as read_document, read_cases};
use super::{Case, Input, Matcher, Rule, simple};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Document, Step};
use serde_yaml::Value as Yaml;
use std::sync::Arc;

/// Reads a detection's YAML. Never fails: what is wrong is in the diagnostics (spans in bytes of the YAML text). A
/// document of another kind gives an error and an empty rule.
pub fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let (item, mut found) = read_document(text);
    match item.content {
        Content::Detection(rule) => (*rule, found),
        _ => {
            let (document, _) = Document::parse(text);
            found.push(Diagnostic::new(
                crate::diagnostic::Severity::Error,
                "panther-no-detection",
                document.span(&[key("AnalysisType")]),
                format!("a {} is no detection", item.analysis.name()),
            ));
            (Rule::default(), found)
        }
    }
}

/// The detection of a document that was checked.
pub(super) fn from_document(
    analysis: Analysis,
    document: &Document,
    found: &mut Vec<Diagnostic>,
) -> Rule {
    let value = document.value();
    let text = |name: &str| {
        value
            .get(name)
            .and_then(Yaml::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let whole = |name: &str, otherwise: u32| {
        value
            .get(name)
            .and_then(Yaml::as_u64)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(otherwise)
    };
    let flag =
        |name: &str, otherwise: bool| value.get(name).and_then(Yaml::as_bool).unwrap_or(otherwise);
    let id = text(analysis.id_key());
    let display = text("DisplayName");
    let base = text("BaseDetection");
    let matcher = match analysis {
        Analysis::CorrelationRule => {
            let (compiled, wrong) = correlation::read(value, document);
            found.extend(wrong);
            Matcher::Correlation(compiled.map(Arc::new))
        }
        _ if !base.is_empty() => Matcher::Derived(base),
        Analysis::Rule | Analysis::ScheduledRule
            if value.get("Detection").is_some_and(|d| !d.is_null()) =>
        {
            let (detection, wrong) = simple::read(value, document);
            found.extend(wrong);
            Matcher::Simple(detection.map(Arc::new))
        }
        _ => Matcher::Python,
    };
    let is_rule = matches!(analysis, Analysis::Rule | Analysis::ScheduledRule);
    if is_rule && !matches!(matcher, Matcher::Simple(_)) {
        found.extend(simple::alert_keys(value, document));
    }
    let filters = match analysis {
        Analysis::Rule | Analysis::ScheduledRule => {
            let (filters, wrong) = simple::Filters::read(value, document);
            found.extend(wrong);
            filters.map(Arc::new)
        }
        _ => None,
    };
    let mut cases = read_cases(value, document);
    if let Matcher::Correlation(Some(correlation)) = &matcher {
        for (index, case) in cases.iter_mut().enumerate() {
            read_outputs(case, index, correlation, document, found);
        }
    }
    Rule {
        kind: analysis,
        name: if display.is_empty() {
            id.clone()
        } else {
            display
        },
        id,
        severity: text("Severity").to_uppercase(),
        log_types: texts(value.get("LogTypes")),
        scheduled_queries: texts(value.get("ScheduledQueries")),
        resource_types: texts(value.get("ResourceTypes")),
        dedup_period_minutes: whole("DedupPeriodMinutes", 60),
        threshold: whole("Threshold", 1),
        filename: text("Filename"),
        // What a derived rule does not say is its base's.
        enabled: flag("Enabled", matches!(matcher, Matcher::Derived(_))),
        create_alert: flag("CreateAlert", true),
        cases,
        matcher,
        filters,
        inherits_cases: false,
        repository: Default::default(),
        document: document.clone(),
    }
}

/// Reads the `RuleOutputs` of a case.
fn read_outputs(
    case: &mut Case,
    index: usize,
    correlation: &Correlation,
    document: &Document,
    found: &mut Vec<Diagnostic>,
) {
    let path = [key("Tests"), Step::Index(index), key("RuleOutputs")];
    let Some(value) = document.get(&path) else {
        return;
    };
    if matches!(case.input, Input::Unreadable(_)) {
        return;
    }
    let (outputs, wrong) = correlation::outputs(correlation, value, document, &path);
    let why = wrong.iter().find(|d| d.is_error());
    case.input = match (outputs, why) {
        (Some(outputs), _) => Input::RuleOutputs(outputs),
        (None, why) => Input::Unreadable(why.map_or(String::new(), |d| d.message.clone())),
    };
    // What is wrong with a case fails that case only.
    found.extend(wrong.into_iter().map(|mut wrong| {
        if wrong.is_error() {
            wrong.code = "panther-case-outputs".to_owned();
        }
        wrong
    }));
}

/// Fills what a derived rule does not say itself with what its base says. The base has a body of its own.
pub fn derive(rule: &mut Rule, base: &Rule) {
    let says = |name: &str| rule.document.value().get(name).is_some();
    let (name, severity, enabled) = (says("DisplayName"), says("Severity"), says("Enabled"));
    let (period, threshold) = (says("DedupPeriodMinutes"), says("Threshold"));
    let (alert, cases) = (says("CreateAlert"), says("Tests"));
    if !name && !base.name.is_empty() && base.name != base.id {
        rule.name.clone_from(&base.name);
    }
    if !severity {
        rule.severity.clone_from(&base.severity);
    }
    if !enabled {
        rule.enabled = base.enabled;
    }
    if !period {
        rule.dedup_period_minutes = base.dedup_period_minutes;
    }
    if !threshold {
        rule.threshold = base.threshold;
    }
    if !alert {
        rule.create_alert = base.create_alert;
    }
    if !cases {
        rule.cases.clone_from(&base.cases);
        rule.inherits_cases = true;
    }
    if let Matcher::Simple(detection) = &base.matcher {
        rule.matcher = Matcher::Simple(detection.clone());
    }
    rule.log_types.clone_from(&base.log_types);
    rule.scheduled_queries.clone_from(&base.scheduled_queries);
    rule.filename.clone_from(&base.filename);
}

fn texts(list: Option<&Yaml>) -> Vec<String> {
    list.and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
