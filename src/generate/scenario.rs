//! The training scenarios, from the data in `assets/scenarios`.

use super::write::{self, Form};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::sync::OnceLock;

/// What comes out of a scenario that is loaded alone.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Expected {
    /// Audit events.
    pub audit: usize,
    /// Completions.
    pub completions: usize,
    /// Most result rows in one hourly run of the bundled Sentinel rule.
    pub seed_rule_rows: usize,
    /// Hourly runs of it that have a result.
    pub seed_rule_runs: usize,
    /// Events that the bundled Panther rule matches.
    pub panther_admin_role_matches: usize,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Forms {
    audit: Form,
    completions: Form,
}

/// A training scenario: an attack, or harmless work that looks like one.
#[derive(Clone, Debug, Deserialize)]
pub struct Scenario {
    /// Short name, such as `C1`.
    pub id: String,
    /// Name of its folder.
    pub name: String,
    /// `attack` or `look-alike`.
    pub kind: String,
    /// One line.
    pub title: String,
    /// What happens.
    pub story: String,
    /// What it teaches about the rule.
    pub teaches: String,
    /// What comes out of it.
    pub expected: Expected,
    forms: Forms,
    audit: Vec<Json>,
    completion: Map<String, Json>,
    groups: Vec<Map<String, Json>>,
    completions: Vec<(usize, i64, String, String, u64)>,
}

static SOURCES: &[&str] = &[
    include_str!("../../assets/scenarios/c1-hijacked-session.json"),
    include_str!("../../assets/scenarios/c2-owner-for-contractor.json"),
    include_str!("../../assets/scenarios/c3-blinded-defenders.json"),
    include_str!("../../assets/scenarios/c4-outsider-invited.json"),
    include_str!("../../assets/scenarios/c5-leaked-admin-key.json"),
    include_str!("../../assets/scenarios/b1-key-rotation.json"),
    include_str!("../../assets/scenarios/b2-safety-evaluation.json"),
    include_str!("../../assets/scenarios/b3-onboarding-day.json"),
    include_str!("../../assets/scenarios/b4-terraform-run.json"),
    include_str!("../../assets/scenarios/b5-access-review.json"),
];

/// All scenarios. One whose data cannot be read is left out, which a test would notice.
pub(super) fn all() -> &'static [Scenario] {
    static ALL: OnceLock<Vec<Scenario>> = OnceLock::new();
    ALL.get_or_init(|| {
        SOURCES
            .iter()
            .filter_map(|source| serde_json::from_str(source).ok())
            .collect()
    })
}

impl Scenario {
    /// The audit events, in ascending time.
    pub fn audit_events(&self) -> &[Json] {
        &self.audit
    }

    /// The completions, in ascending time.
    pub fn completion_events(&self) -> Vec<Json> {
        self.completions
            .iter()
            .map(|(group, created, id, request, seed)| {
                let mut event = self.completion.clone();
                let members = self.groups.get(*group).into_iter().flatten();
                for (key, value) in members {
                    event.insert(key.clone(), value.clone());
                }
                event.insert("id".to_owned(), Json::from(id.as_str()));
                event.insert("created".to_owned(), Json::from(*created));
                event.insert("request_id".to_owned(), Json::from(request.as_str()));
                event.insert("seed".to_owned(), Json::from(*seed));
                Json::Object(event)
            })
            .collect()
    }

    pub(super) fn files(&self) -> Vec<(String, Vec<u8>)> {
        vec![
            write::file("audit", self.forms.audit, &newest_first(self)),
            write::file(
                "completions",
                self.forms.completions,
                &self.completion_events(),
            ),
        ]
    }
}

/// Audit events in the order of their form: the API's pages begin with the newest.
fn newest_first(scenario: &Scenario) -> Vec<Json> {
    let mut events = scenario.audit.clone();
    if scenario.forms.audit.is_envelope() {
        events.reverse();
    }
    events
}
