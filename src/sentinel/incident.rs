//! Which incidents alerts make, and how alerts are grouped into them.

use super::fields::Fields;
use crate::value::time::HOUR;
use crate::yaml::Step;

/// What makes two alerts belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// All mapped entities are the same.
    #[default]
    AllEntities,
    /// They are alerts of this rule.
    AnyAlert,
    /// The selected entities, details and custom details are the same.
    Selected,
}

impl Matching {
    /// The name in the document.
    pub fn name(self) -> &'static str {
        match self {
            Matching::AllEntities => "AllEntities",
            Matching::AnyAlert => "AnyAlert",
            Matching::Selected => "Selected",
        }
    }
}

/// `groupingConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// Whether alerts are grouped at all.
    pub enabled: bool,
    /// Whether a closed incident is opened again.
    pub reopen_closed: bool,
    /// How long after its first alert an incident takes more, ticks.
    pub lookback: i64,
    /// What makes alerts belong together.
    pub matching: Matching,
    /// Entity types, for [`Matching::Selected`].
    pub by_entities: Vec<String>,
    /// `DisplayName`, `Severity`.
    pub by_alert_details: Vec<String>,
    /// Keys of the rule's custom details.
    pub by_custom_details: Vec<String>,
}

/// `incidentConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incident {
    /// Whether alerts become incidents.
    pub create: bool,
    /// How they are grouped; none where absent.
    pub grouping: Option<Grouping>,
}

const METHODS: [&str; 3] = ["AllEntities", "AnyAlert", "Selected"];

pub(super) fn read(fields: &mut Fields<'_>) -> Option<Incident> {
    let top: Step = "incidentConfiguration".into();
    fields.value(std::slice::from_ref(&top))?;
    let create = [top.clone(), "createIncident".into()];
    if fields.value(&create).is_none() {
        fields.missing(&create, "the service requires it: `true` or `false`");
    }
    Some(Incident {
        create: fields.truth(&create).unwrap_or(true),
        grouping: grouping(fields, &[top, "groupingConfiguration".into()]),
    })
}

fn grouping(fields: &mut Fields<'_>, path: &[Step]) -> Option<Grouping> {
    fields.value(path)?;
    let at = |key: &str| -> Vec<Step> {
        let mut path = path.to_vec();
        path.push(key.into());
        path
    };
    for key in [
        "enabled",
        "reopenClosedIncident",
        "lookbackDuration",
        "matchingMethod",
    ] {
        if fields.value(&at(key)).is_none() {
            fields.missing(&at(key), "the service requires it");
        }
    }
    let matching = match fields.choice(&at("matchingMethod"), &METHODS).as_deref() {
        Some("AnyAlert") => Matching::AnyAlert,
        Some("Selected") => Matching::Selected,
        _ => Matching::AllEntities,
    };
    let grouping = Grouping {
        enabled: fields.truth(&at("enabled")).unwrap_or(false),
        reopen_closed: fields.truth(&at("reopenClosedIncident")).unwrap_or(false),
        lookback: super::reader::duration(fields, &at("lookbackDuration")).unwrap_or(5 * HOUR),
        matching,
        by_entities: fields.texts(&at("groupByEntities")),
        by_alert_details: fields.texts(&at("groupByAlertDetails")),
        by_custom_details: fields.texts(&at("groupByCustomDetails")),
    };
    if matching == Matching::Selected
        && grouping.by_entities.is_empty()
        && grouping.by_alert_details.is_empty()
        && grouping.by_custom_details.is_empty()
    {
        let span = fields.span(&at("matchingMethod"));
        fields.error(
            "grouping",
            span,
            "`Selected` needs something to group by",
            "fill `groupByEntities`, `groupByAlertDetails` or `groupByCustomDetails`",
        );
    }
    Some(grouping)
}
