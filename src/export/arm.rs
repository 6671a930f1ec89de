//! An ARM template, in the shape of the portal's own exports.

use super::{Artefact, Mark, file_name};
use crate::detect;
use crate::sentinel::{AlertDetails, Incident, Kind, Rule, entities, format_iso, parse_duration};
use crate::value::time::HOUR;
use crate::yaml::Step;
use serde_json::{Map, Value as Json, json};
use std::path::PathBuf;

/// The newest stable version; it knows neither NRT rules nor sub-techniques nor Sentinel entities.
const STABLE: &str = "2025-09-01";
/// The newest version that knows them.
const PREVIEW: &str = "2025-07-01-preview";

pub(super) fn artefacts(
    rule: &detect::Rule,
    sentinel: &Rule,
    mark: &Mark,
) -> Result<Vec<Artefact>, String> {
    let (_, stem) = file_name(rule)?;
    let template = template(sentinel, mark)?;
    let mut text = serde_json::to_string_pretty(&template).map_err(|e| e.to_string())?;
    text.push('\n');
    Ok(vec![(PathBuf::from(format!("{stem}.json")), text.into())])
}

/// The template of a rule: one parameter `workspace`, one resource.
///
/// # Errors
/// What of the rule the service does not take.
pub fn template(rule: &Rule, mark: &Mark) -> Result<Json, String> {
    let properties = properties(rule)?;
    let preview = rule.kind == Kind::Nrt
        || ["subTechniques", "sentinelEntitiesMappings"]
            .iter()
            .any(|p| properties.contains_key(*p))
        || rule
            .alert_details
            .dynamic
            .iter()
            .any(|(property, _)| property == "SubTechniques");
    let id = &rule.id;
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.is_empty() || !id.chars().all(safe) {
        return Err(format!(
            "`{id}` cannot name a deployed rule; give the rule a GUID as its id"
        ));
    }
    let resource = json!({
        "id": format!("[concat(resourceId('Microsoft.OperationalInsights/workspaces/providers', parameters('workspace'), 'Microsoft.SecurityInsights'),'/alertRules/{id}')]"),
        "name": format!("[concat(parameters('workspace'),'/Microsoft.SecurityInsights/{id}')]"),
        "type": "Microsoft.OperationalInsights/workspaces/providers/alertRules",
        "kind": match rule.kind {
            Kind::Scheduled => "Scheduled",
            Kind::Nrt => "NRT",
        },
        "apiVersion": if preview { PREVIEW } else { STABLE },
        "properties": properties,
    });
    let mut template = Map::new();
    template.insert(
        "$schema".to_owned(),
        json!("https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"),
    );
    template.insert("contentVersion".to_owned(), json!("1.0.0.0"));
    if let Some(sentence) = mark.sentence() {
        template.insert("metadata".to_owned(), json!({ "comments": sentence }));
    }
    template.insert(
        "parameters".to_owned(),
        json!({ "workspace": { "type": "String" } }),
    );
    template.insert("resources".to_owned(), json!([resource]));
    Ok(Json::Object(template))
}

/// Properties in the making: nothing empty gets in.
#[derive(Default)]
struct Properties(Map<String, Json>);

impl Properties {
    fn set(&mut self, name: &str, value: impl Into<Json>) {
        let value = value.into();
        let empty = match &value {
            Json::Null => true,
            Json::Array(items) => items.is_empty(),
            Json::Object(entries) => entries.is_empty(),
            _ => false,
        };
        if !empty {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.0.insert(name.to_owned(), literal(text));
        }
    }
}

/// A text as ARM takes it literally: from `[` to `]` it would be an expression.
fn literal(text: &str) -> Json {
    if text.starts_with('[') && text.ends_with(']') {
        Json::from(format!("[{text}"))
    } else {
        Json::from(text)
    }
}

fn literals(texts: &[String]) -> Json {
    texts.iter().map(|t| literal(t)).collect()
}

fn properties(rule: &Rule) -> Result<Map<String, Json>, String> {
    let mut p = Properties::default();
    p.text("displayName", &rule.name);
    p.text("description", description(&rule.description));
    p.text("severity", &rule.severity);
    p.set("enabled", rule.enabled.unwrap_or(true));
    p.text("query", &rule.query);
    if rule.kind == Kind::Scheduled {
        p.set("queryFrequency", iso(rule, &["queryFrequency"]));
        p.set("queryPeriod", iso(rule, &["queryPeriod"]));
        p.set("triggerOperator", rule.trigger_operator.map(|o| o.name()));
        p.set("triggerThreshold", rule.trigger_threshold);
    }
    let suppression = iso(rule, &["suppressionDuration"]);
    p.set(
        "suppressionDuration",
        suppression.unwrap_or_else(|| format_iso(HOUR)),
    );
    p.set(
        "suppressionEnabled",
        rule.suppression_enabled.unwrap_or(false),
    );
    p.set("tactics", literals(&rule.tactics));
    let (techniques, sub_techniques) = techniques(&rule.techniques);
    p.set("techniques", techniques);
    p.set("subTechniques", sub_techniques);
    p.set("entityMappings", entity_mappings(rule)?);
    let columns: Vec<Json> = rule
        .sentinel_entities
        .iter()
        .map(|column| json!({ "columnName": literal(column) }))
        .collect();
    p.set("sentinelEntitiesMappings", columns);
    let details: Map<String, Json> = rule
        .custom_details
        .iter()
        .map(|(key, column)| (key.clone(), literal(column)))
        .collect();
    p.set("customDetails", details);
    p.set("alertDetailsOverride", alert_details(&rule.alert_details));
    if rule
        .document
        .get(&["eventGroupingSettings".into()])
        .is_some()
    {
        let kind = match rule.aggregation {
            crate::sentinel::Aggregation::SingleAlert => "SingleAlert",
            crate::sentinel::Aggregation::AlertPerResult => "AlertPerResult",
        };
        p.set("eventGroupingSettings", json!({ "aggregationKind": kind }));
    }
    if let Some(config) = &rule.incident {
        p.set("incidentConfiguration", incident(rule, config));
    }
    if let Some(name) = &rule.template_name {
        p.text("alertRuleTemplateName", name);
        let version = rule.template_version.as_deref();
        p.text("templateVersion", version.unwrap_or(&rule.version));
    }
    Ok(p.0)
}

/// Without surrounding white space and the pair of quotes that the public repository's rules carry.
fn description(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('\'')
        .and_then(|t| t.strip_suffix('\''))
        .map_or(text, str::trim)
}

/// A duration in ISO 8601: as the author wrote it where it is that already.
fn iso(rule: &Rule, path: &[&str]) -> Option<String> {
    let path: Vec<Step> = path.iter().map(|s| Step::from(*s)).collect();
    let value = rule.document.get(&path)?;
    let text = crate::yaml::untagged(value).as_str()?.trim();
    let ticks = parse_duration(text)?;
    Some(if text.starts_with('P') {
        text.to_owned()
    } else {
        format_iso(ticks)
    })
}

/// Techniques, each once, and sub-techniques: the service takes `T1098` in one and `T1098.003` in the other.
fn techniques(all: &[String]) -> (Vec<Json>, Vec<Json>) {
    let mut parents: Vec<Json> = Vec::new();
    let mut subs: Vec<Json> = Vec::new();
    let add = |list: &mut Vec<Json>, text: &str| {
        if !list.iter().any(|t| t == text) {
            list.push(Json::from(text));
        }
    };
    for technique in all {
        let parent = technique.split('.').next().unwrap_or(technique);
        add(&mut parents, parent);
        if parent != technique {
            add(&mut subs, technique);
        }
    }
    (parents, subs)
}

fn entity_mappings(rule: &Rule) -> Result<Vec<Json>, String> {
    rule.entity_mappings
        .iter()
        .map(|mapping| {
            let kind = &mapping.entity_type;
            if entities::entity_type(kind).is_some_and(|t| !t.deployable) {
                return Err(format!(
                    "the service takes no entity of type {kind}: remove its mapping, or export to sentinel-yaml"
                ));
            }
            let fields: Vec<Json> = mapping
                .fields
                .iter()
                .map(|(identifier, column)| {
                    json!({ "identifier": literal(identifier), "columnName": literal(column) })
                })
                .collect();
            Ok(json!({ "entityType": kind, "fieldMappings": fields }))
        })
        .collect()
}

fn alert_details(details: &AlertDetails) -> Map<String, Json> {
    let mut p = Properties::default();
    for (name, text) in [
        ("alertDisplayNameFormat", &details.name_format),
        ("alertDescriptionFormat", &details.description_format),
        ("alertSeverityColumnName", &details.severity_column),
        ("alertTacticsColumnName", &details.tactics_column),
    ] {
        p.text(name, text.as_deref().unwrap_or(""));
    }
    let dynamic: Vec<Json> = details
        .dynamic
        .iter()
        .map(|(property, column)| json!({ "alertProperty": property, "value": literal(column) }))
        .collect();
    p.set("alertDynamicProperties", dynamic);
    p.0
}

fn incident(rule: &Rule, incident: &Incident) -> Map<String, Json> {
    let mut p = Properties::default();
    p.set("createIncident", incident.create);
    if let Some(grouping) = &incident.grouping {
        let mut g = Properties::default();
        g.set("enabled", grouping.enabled);
        g.set("reopenClosedIncident", grouping.reopen_closed);
        let path = [
            "incidentConfiguration",
            "groupingConfiguration",
            "lookbackDuration",
        ];
        let lookback = iso(rule, &path).unwrap_or_else(|| format_iso(grouping.lookback));
        g.set("lookbackDuration", lookback);
        g.set("matchingMethod", grouping.matching.name());
        g.set("groupByEntities", literals(&grouping.by_entities));
        g.set("groupByAlertDetails", literals(&grouping.by_alert_details));
        g.set(
            "groupByCustomDetails",
            literals(&grouping.by_custom_details),
        );
        p.set("groupingConfiguration", g.0);
    }
    p.0
}
