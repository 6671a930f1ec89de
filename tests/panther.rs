//! Panther rules end to end: the bundled rule, the seed's rule verbatim, the outputs, the event API
//! (cases under `panther/events`), the sandbox's doors (`panther/doors`) and its limits.

use rulewright::diagnostic::Diagnostic;
use rulewright::panther::{CaseOutcome, Engine, Limits, Mode, Outcome, Rule, read, run_cases};
use rulewright::task::CancelToken;
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn good(yaml: &str) -> Rule {
    let (rule, found) = read(yaml);
    assert_eq!(found, [], "the document is without fault");
    rule
}

/// A rule that only has what it needs.
fn plain() -> Rule {
    good(
        "AnalysisType: rule\nEnabled: true\nFilename: body.py\nRuleID: Test.Rule\nLogTypes: [X]\nSeverity: Medium\n",
    )
}

fn small() -> Limits {
    Limits {
        time: Duration::from_millis(300),
        memory: 64 << 20,
    }
}

fn engine(body: &str, limits: Limits) -> Engine {
    Engine::load(&plain(), body, limits).unwrap_or_else(|found| panic!("{found:?}"))
}

fn refused(body: &str) -> Vec<Diagnostic> {
    match Engine::load(&plain(), body, Limits::default()) {
        Ok(_) => panic!("the body was loaded"),
        Err(found) => found,
    }
}

fn ask(body: &str, event: &Json, mode: Mode) -> Outcome {
    let events = [Arc::new(event.clone().into())];
    engine(body, Limits::default())
        .evaluate(&events, mode, &[], &CancelToken::new())
        .unwrap_or_else(|d| panic!("{d:?}"))
        .remove(0)
}

/// What a text output is or which exception it raised.
fn shown(output: &Option<Result<Arc<str>, rulewright::panther::Exception>>) -> String {
    match output {
        None => "-".to_owned(),
        Some(Ok(text)) => text.to_string(),
        Some(Err(exception)) => format!("! {}", exception.text),
    }
}

mod bundled {
    use super::*;

    fn run(yaml: &str) -> Vec<CaseOutcome> {
        let body = text("rules/panther/openai_admin_role_assignment.py");
        run_cases(&good(yaml), &body, Limits::default(), &CancelToken::new()).unwrap()
    }

    #[test]
    fn every_case_of_the_bundled_rule_passes() {
        let outcomes = run(&text("rules/panther/openai_admin_role_assignment.yml"));
        assert_eq!(outcomes.len(), 16);
        for outcome in &outcomes {
            assert!(outcome.passed, "{}: {}", outcome.case.name, outcome.message);
        }
        let severities: Vec<String> = outcomes
            .iter()
            .filter(|o| o.outcome.is_match())
            .map(|o| shown(&o.outcome.severity))
            .collect();
        // Owner of the organization, project admin, group as owner, mixed case, no actor,
        // and a project owner, where the rule's own severity stands.
        assert_eq!(
            severities,
            [
                "CRITICAL", "HIGH", "CRITICAL", "CRITICAL", "CRITICAL", "HIGH"
            ]
        );
    }

    #[test]
    fn the_seed_rule_passes_seven_of_seven() {
        let outcomes = run(&text("tests/panther/seed/openai_admin_role_assignment.yml"));
        assert_eq!(outcomes.len(), 7);
        assert!(outcomes.iter().all(|o| o.passed));
        let first = &outcomes[0].outcome;
        assert_eq!(
            shown(&first.title),
            "OpenAI admin role assigned to user-newadmin456 by admin@company.com"
        );
        assert_eq!(first.dedup, first.title);
        // The eleven fields of the seed's "Output fields" table, in its order.
        assert_eq!(
            shown(&first.alert_context),
            concat!(
                r#"{"event_type": "role.assignment.created", "event_id": "audit_log-test001", "#,
                r#""assignment_id": "role_assignment_role-api-organization-owner__api-organization__org-abc123_user-newadmin456", "#,
                r#""principal_id": "user-newadmin456", "principal_type": "user", "resource_id": "org-abc123", "#,
                r#""resource_type": "api.organization", "actor_email": "admin@company.com", "actor_id": "user-admin123", "#,
                r#""source_ip": "203.0.113.100", "user_agent": "Mozilla/5.0"}"#
            )
        );
    }

    #[test]
    fn the_bundled_rule_keeps_the_seed_rules_fields() {
        let ours = good(&text("rules/panther/openai_admin_role_assignment.yml"));
        let seed = good(&text("tests/panther/seed/openai_admin_role_assignment.yml"));
        assert_eq!(ours.id, seed.id);
        assert_eq!(ours.name, seed.name);
        assert_eq!(ours.severity, seed.severity);
        assert_eq!(ours.log_types, seed.log_types);
        assert_eq!(ours.filename, seed.filename);
        assert_eq!(ours.dedup_period_minutes, seed.dedup_period_minutes);
        assert_eq!(ours.threshold, seed.threshold);
    }
}

#[path = "panther/limits.rs"]
mod limits;

#[path = "panther/outputs.rs"]
mod outputs;

#[path = "panther/loading.rs"]
mod loading;

/// The files of a folder below `tests/panther`, by name.
fn files(folder: &str) -> Vec<(String, String)> {
    let folder = root().join("tests/panther").join(folder);
    let mut found: Vec<(String, String)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no cases in {}", folder.display());
    found
}

/// Runs Python snippets, each on its own; what each gave: the text of `shown`, or `! ` and the exception.
fn snippets(event: &Json, run: &str, snippets: &[String]) -> Vec<String> {
    let body = format!(
        "import collections, copy, json\nSNIPPETS = json.loads({})\ndef rule(event):\n    return True\n\
         def alert_context(event):\n    given = []\n    for snippet in SNIPPETS:\n        names = {{'event': event, 'collections': collections, 'copy': copy, 'json': json}}\n\
         \u{20}       try:\n            {run}\n            given.append(shown)\n        except Exception as error:\n            given.append('! ' + repr(error))\n    return {{'given': given}}\n",
        // A JSON string is a Python string too, but for surrogate pairs, which none of these have.
        json!(json!(snippets).to_string())
    );
    let limits = Limits {
        time: Duration::from_secs(60),
        ..Limits::default()
    };
    let outcome = engine(&body, limits)
        .evaluate(
            &[Arc::new(event.clone().into())],
            Mode::Test,
            &[],
            &CancelToken::new(),
        )
        .unwrap()
        .remove(0);
    let context: Json = serde_json::from_str(&shown(&outcome.alert_context))
        .unwrap_or_else(|e| panic!("{e}: {}", shown(&outcome.alert_context)));
    context["given"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

#[path = "panther/events.rs"]
mod events;

#[path = "panther/doors.rs"]
mod doors;

#[path = "panther/documents.rs"]
mod documents;

#[path = "panther/verdicts.rs"]
mod verdicts;

#[path = "panther/guard.rs"]
mod guard;
