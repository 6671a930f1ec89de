//! From a document to a rule.
//!
//! Diagnostic codes: `sentinel-missing`, `sentinel-type`, `sentinel-value`, `sentinel-duration`, `sentinel-entity`,
//! `sentinel-column`, `sentinel-grouping`, `sentinel-misspelt`, `sentinel-unknown-key` and those of the YAML room.

use super::fields::Fields;
use super::{
    Aggregation, AlertDetails, Connector, EntityMapping, Kind, Operator, Rule, SEVERITIES, alert,
    entities, incident, parse_duration,
};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::{Document, Step, untagged};
use serde_yaml::Value;

/// The tactics of the service.
pub const TACTICS: [&str; 17] = [
    "Reconnaissance",
    "ResourceDevelopment",
    "InitialAccess",
    "Execution",
    "Persistence",
    "PrivilegeEscalation",
    "DefenseEvasion",
    "CredentialAccess",
    "Discovery",
    "LateralMovement",
    "Collection",
    "Exfiltration",
    "CommandAndControl",
    "Impact",
    "PreAttack",
    "ImpairProcessControl",
    "InhibitResponseFunction",
];

/// All keys a rule may have at its top, in the order in which rules usually have them.
pub const KEYS: [&str; 32] = [
    "id",
    "name",
    "description",
    "severity",
    "status",
    "requiredDataConnectors",
    "queryFrequency",
    "queryPeriod",
    "triggerOperator",
    "triggerThreshold",
    "tactics",
    "relevantTechniques",
    "techniques",
    "subTechniques",
    "query",
    "entityMappings",
    "sentinelEntitiesMappings",
    "customDetails",
    "alertDetailsOverride",
    "eventGroupingSettings",
    "incidentConfiguration",
    "suppressionEnabled",
    "suppressionDuration",
    "enabled",
    "version",
    "kind",
    "tags",
    "metadata",
    "alertRuleTemplateName",
    "templateVersion",
    "productFilter",
    "displayName",
];

/// Whether a text is meant as a Sentinel rule: a mapping with a `query` and at least one of `severity`, `kind`,
/// `queryFrequency`, `queryPeriod`, `triggerOperator`, `triggerThreshold`, and no `AnalysisType`. Hunting queries and
/// functions have none of these. Also true of a rule whose YAML is broken, so that its errors are shown.
pub fn looks_like(text: &str) -> bool {
    let mut query = false;
    let mut other = false;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let Some((key, _)) = line.split_once(':') else {
            continue;
        };
        match key.trim_end().trim_matches(['"', '\'']) {
            "AnalysisType" | "cases" => return false,
            "query" => query = true,
            "severity" | "kind" | "queryFrequency" | "queryPeriod" | "triggerOperator"
            | "triggerThreshold" => other = true,
            _ => {}
        }
    }
    query && other
}

/// Reads a rule. Never fails: what is wrong is in the diagnostics.
pub fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let (document, diagnostics) = Document::parse(text);
    // A broken document has lost fields; to call them missing would mislead.
    let broken = diagnostics
        .iter()
        .any(|d| d.code.starts_with("yaml-") && d.code != "yaml-duplicate-key" && d.is_error());
    let mut fields = Fields::new(&document, diagnostics, "sentinel");
    let mut rule = Rule::default();
    if document.value().is_mapping() {
        fill(&mut rule, &mut fields);
    } else if !broken {
        let end = text.len().min(1);
        fields.error(
            "type",
            crate::diagnostic::Span::new(0, end),
            "a rule is a mapping of fields to values",
            "begin with `id:`, `name:` and `query:`",
        );
    }
    let mut diagnostics = fields.finish();
    if broken {
        diagnostics.retain(|d| d.code != "sentinel-missing");
    }
    rule.document = document;
    (rule, diagnostics)
}

fn fill(rule: &mut Rule, fields: &mut Fields<'_>) {
    keys(fields);
    let at = |key: &str| [Step::from(key)];
    rule.id = fields.required_text(&at("id")).unwrap_or_default();
    if !rule.id.is_empty() && !is_guid(&rule.id) {
        let span = fields.span(&at("id"));
        fields.tell(
            Severity::Warning,
            "value",
            span,
            format!("`{}` is no GUID", rule.id),
            "write 8-4-4-4-12 hexadecimal digits; the id names the deployed rule and never changes",
        );
    }
    rule.name = fields.required_text(&at("name")).unwrap_or_default();
    rule.description = fields.text(&at("description")).unwrap_or_default();
    if fields.value(&at("severity")).is_none() {
        fields.missing(&at("severity"), "one of Informational, Low, Medium, High");
    }
    rule.severity = fields
        .choice(&at("severity"), &SEVERITIES)
        .unwrap_or_default();
    rule.query = fields.required_text(&at("query")).unwrap_or_default();
    rule.version = fields.text(&at("version")).unwrap_or_default();
    if fields.choice(&at("kind"), &["Scheduled", "NRT"]).as_deref() == Some("NRT") {
        rule.kind = Kind::Nrt;
    }
    schedule(rule, fields);
    rule.connectors = connectors(fields);
    rule.tactics = tactics(fields);
    rule.techniques = techniques(fields);
    rule.entity_mappings = mappings(fields);
    rule.sentinel_entities = sentinel_entities(fields);
    rule.custom_details = custom_details(fields);
    rule.alert_details = alert_details(fields);
    let kind = fields.choice(
        &["eventGroupingSettings".into(), "aggregationKind".into()],
        &["SingleAlert", "AlertPerResult"],
    );
    if kind.as_deref() == Some("AlertPerResult") {
        rule.aggregation = Aggregation::AlertPerResult;
    }
    rule.incident = incident::read(fields);
    rule.suppression_enabled = fields.truth(&at("suppressionEnabled"));
    rule.suppression_duration = duration(fields, &at("suppressionDuration"));
    rule.enabled = fields.truth(&at("enabled"));
    rule.tags = tags(fields);
    rule.template_name = fields.text(&at("alertRuleTemplateName"));
    rule.template_version = fields.text(&at("templateVersion"));
}

/// Keys that nothing reads.
fn keys(fields: &mut Fields<'_>) {
    for (key, span) in fields.entries(&[]) {
        if KEYS.contains(&key.as_str()) {
            continue;
        }
        let near = KEYS.iter().find(|k| k.eq_ignore_ascii_case(&key));
        match near {
            Some(near) => fields.tell(
                Severity::Warning,
                "misspelt",
                span,
                format!("`{key}` is not read: keys are case-sensitive"),
                format!("write `{near}`"),
            ),
            None => fields.tell(
                Severity::Information,
                "unknown-key",
                span,
                format!("`{key}` is no field of a rule: nothing reads it"),
                "check its spelling and its indentation",
            ),
        }
    }
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|p| p.len()).eq([8, 4, 4, 4, 12])
        && parts
            .iter()
            .all(|p| p.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn schedule(rule: &mut Rule, fields: &mut Fields<'_>) {
    let at = |key: &str| [Step::from(key)];
    if rule.kind == Kind::Scheduled {
        for key in [
            "queryFrequency",
            "queryPeriod",
            "triggerOperator",
            "triggerThreshold",
        ] {
            if fields.value(&at(key)).is_none() {
                fields.missing(&at(key), "a scheduled rule needs it");
            }
        }
    }
    rule.query_frequency = duration(fields, &at("queryFrequency"));
    rule.query_period = duration(fields, &at("queryPeriod"));
    if let Some(name) = fields.text(&at("triggerOperator")) {
        rule.trigger_operator = Operator::from_name(&name);
        if rule.trigger_operator.is_none() {
            fields.not_a_choice(&at("triggerOperator"), &name, &["gt", "lt", "eq", "ne"]);
        }
    }
    rule.trigger_threshold = fields.whole(&at("triggerThreshold"));
}

/// A duration in any dialect, in ticks.
pub(super) fn duration(fields: &mut Fields<'_>, path: &[Step]) -> Option<i64> {
    let text = fields.text(path)?;
    let ticks = parse_duration(&text);
    if ticks.is_none() {
        let span = fields.span(path);
        fields.error(
            "duration",
            span,
            format!("`{text}` is no duration"),
            "write it like `1h`, `PT1H` or `01:00:00`",
        );
    }
    ticks
}

/// A path with one more step.
fn below(path: &[Step], step: impl Into<Step>) -> Vec<Step> {
    let mut path = path.to_vec();
    path.push(step.into());
    path
}

fn connectors(fields: &mut Fields<'_>) -> Vec<Connector> {
    let top = ["requiredDataConnectors".into()];
    let count = fields.list(&top).map_or(0, <[_]>::len);
    (0..count)
        .map(|index| {
            let item = below(&top, index);
            Connector {
                id: fields
                    .required_text(&below(&item, "connectorId"))
                    .unwrap_or_default(),
                data_types: fields.texts(&below(&item, "dataTypes")),
            }
        })
        .collect()
}

fn tactics(fields: &mut Fields<'_>) -> Vec<String> {
    let top = ["tactics".into()];
    let tactics = fields.texts(&top);
    for (index, tactic) in tactics.iter().enumerate() {
        if !TACTICS.contains(&tactic.as_str()) {
            fields.not_a_choice(&below(&top, index), tactic, &TACTICS);
        }
    }
    tactics
}

/// `relevantTechniques`, or `techniques` where some tools write that.
fn techniques(fields: &mut Fields<'_>) -> Vec<String> {
    let top = [match fields.value(&["relevantTechniques".into()]) {
        Some(_) => Step::from("relevantTechniques"),
        None => Step::from("techniques"),
    }];
    let techniques = fields.texts(&top);
    for (index, technique) in techniques.iter().enumerate() {
        let digits =
            |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
        let rest = technique.strip_prefix('T').unwrap_or("");
        let fine = match rest.split_once('.') {
            Some((parent, sub)) => digits(parent, 4) && digits(sub, 3),
            None => digits(rest, 4),
        };
        if !fine {
            let span = fields.span(&below(&top, index));
            fields.error(
                "value",
                span,
                format!("`{technique}` is no technique"),
                "write it like `T1098` or `T1098.003`",
            );
        }
    }
    techniques
}

fn mappings(fields: &mut Fields<'_>) -> Vec<EntityMapping> {
    let top = ["entityMappings".into()];
    let count = fields.list(&top).map_or(0, <[_]>::len);
    (0..count)
        .map(|index| mapping(fields, &below(&top, index)))
        .collect()
}

fn mapping(fields: &mut Fields<'_>, path: &[Step]) -> EntityMapping {
    let type_path = below(path, "entityType");
    let entity_type = fields.required_text(&type_path).unwrap_or_default();
    let known = entities::entity_type(&entity_type);
    if known.is_none() && !entity_type.is_empty() {
        let names: Vec<&str> = entities::ENTITY_TYPES.iter().map(|t| t.name).collect();
        fields.not_a_choice(&type_path, &entity_type, &names);
    }
    let list = below(path, "fieldMappings");
    let count = fields.list(&list).map_or(0, <[_]>::len);
    if count == 0 {
        fields.missing(
            &list,
            "name at least one identifier and the column it is read from",
        );
    }
    let mut mapped: Vec<(String, String)> = Vec::with_capacity(count);
    for index in 0..count {
        let item = below(&list, index);
        let name_path = below(&item, "identifier");
        let identifier = fields.required_text(&name_path).unwrap_or_default();
        let column = fields
            .required_text(&below(&item, "columnName"))
            .unwrap_or_default();
        if let Some(known) = known
            && !identifier.is_empty()
            && !known.identifiers.contains(&identifier.as_str())
        {
            fields.not_a_choice(&name_path, &identifier, known.identifiers);
        }
        if !identifier.is_empty() && mapped.iter().any(|(i, _)| *i == identifier) {
            let span = fields.span(&name_path);
            fields.error(
                "entity",
                span,
                format!("`{identifier}` is mapped twice for this {entity_type}"),
                "an identifier is read from one column: remove one of the two",
            );
        }
        mapped.push((identifier, column));
    }
    if let Some(known) = known
        && count > 0
    {
        let has = |name: &&str| mapped.iter().any(|(i, _)| i == name);
        if !known.required.iter().any(|set| set.iter().all(&has)) {
            let sets: Vec<String> = known.required.iter().map(|s| s.join(" with ")).collect();
            let span = fields.span(&type_path);
            fields.tell(
                Severity::Warning,
                "entity",
                span,
                format!("no identifier here makes an entity of type {entity_type}"),
                format!("map one of {}", sets.join(", ")),
            );
        }
    }
    EntityMapping {
        entity_type,
        fields: mapped,
        span: fields.document().span(path),
    }
}

fn sentinel_entities(fields: &mut Fields<'_>) -> Vec<String> {
    let top = ["sentinelEntitiesMappings".into()];
    let count = fields.list(&top).map_or(0, <[_]>::len);
    (0..count)
        .filter_map(|index| fields.required_text(&below(&below(&top, index), "columnName")))
        .collect()
}

fn custom_details(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let top = ["customDetails".into()];
    fields
        .entries(&top)
        .into_iter()
        .filter_map(|(key, _)| {
            let column = fields.required_text(&below(&top, key.as_str()))?;
            Some((key, column))
        })
        .collect()
}

const ALERT_PROPERTIES: [&str; 10] = [
    "AlertLink",
    "ConfidenceLevel",
    "ConfidenceScore",
    "ExtendedLinks",
    "ProductName",
    "ProviderName",
    "ProductComponentName",
    "RemediationSteps",
    "Techniques",
    "SubTechniques",
];

fn alert_details(fields: &mut Fields<'_>) -> AlertDetails {
    const NAMES: [&str; 5] = [
        "alertDisplayNameFormat",
        "alertDescriptionFormat",
        "alertSeverityColumnName",
        "alertTacticsColumnName",
        "alertDynamicProperties",
    ];
    let top = ["alertDetailsOverride".into()];
    for (key, span) in fields.entries(&top) {
        if !NAMES.contains(&key.as_str()) {
            let near = NAMES.iter().find(|n| n.eq_ignore_ascii_case(&key));
            let hint = near.map_or_else(
                || format!("known are {}", NAMES.join(", ")),
                |n| format!("write `{n}`"),
            );
            fields.tell(
                Severity::Warning,
                "misspelt",
                span,
                format!("`{key}` is not read"),
                hint,
            );
        }
    }
    let mut details = AlertDetails {
        name_format: fields.text(&below(&top, "alertDisplayNameFormat")),
        description_format: fields.text(&below(&top, "alertDescriptionFormat")),
        severity_column: fields.text(&below(&top, "alertSeverityColumnName")),
        tactics_column: fields.text(&below(&top, "alertTacticsColumnName")),
        dynamic: Vec::new(),
    };
    for (key, format) in [
        ("alertDisplayNameFormat", &details.name_format),
        ("alertDescriptionFormat", &details.description_format),
    ] {
        let count = format.as_deref().map_or(0, |f| alert::columns_of(f).len());
        if count > 3 {
            let span = fields.span(&below(&top, key));
            fields.error(
                "column",
                span,
                format!("{count} columns are put into `{key}`; the service takes 3"),
                "leave some out, or join them in the query",
            );
        }
    }
    let list = below(&top, "alertDynamicProperties");
    for index in 0..fields.list(&list).map_or(0, <[_]>::len) {
        let item = below(&list, index);
        let property = fields.choice(&below(&item, "alertProperty"), &ALERT_PROPERTIES);
        let value = fields.required_text(&below(&item, "value"));
        details.dynamic.extend(property.zip(value));
    }
    details
}

/// Tags are texts; the mappings that some rules have among them are passed over.
fn tags(fields: &mut Fields<'_>) -> Vec<String> {
    let Some(items) = fields.list(&["tags".into()]) else {
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| match untagged(item) {
            Value::String(tag) => Some(tag.clone()),
            _ => None,
        })
        .collect()
}
