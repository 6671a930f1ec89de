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
    let events = [Arc::new(event.clone())];
    engine(body, Limits::default())
        .evaluate(&events, mode, &[], &CancelToken::new())
        .unwrap_or_else(|d| panic!("{d:?}"))
        .remove(0)
}

/// What a text output is or which exception it raised.
fn shown(output: &Option<Result<String, rulewright::panther::Exception>>) -> String {
    match output {
        None => "-".to_owned(),
        Some(Ok(text)) => text.clone(),
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

mod limits {
    use super::*;

    /// Runs a body over its limit: what is said, and that the engine answers the next question.
    fn over(body: &str) -> Diagnostic {
        let mut engine = engine(body, small());
        let cancel = CancelToken::new();
        let good = [Arc::new(json!({"ok": true}))];
        let bad = [Arc::new(json!({"ok": true})), Arc::new(json!({}))];
        let started = Instant::now();
        let said = engine
            .evaluate(&bad, Mode::Test, &[], &cancel)
            .expect_err("a limit is reached");
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "stopped after {:?}",
            started.elapsed()
        );
        let after = engine.evaluate(&good, Mode::Test, &[], &cancel).unwrap();
        assert!(after[0].is_match(), "the engine answers again");
        said
    }

    const GUARD: &str = "def rule(event):\n    if event.get('ok'):\n        return True\n";

    #[test]
    fn an_endless_loop() {
        let body = format!("{GUARD}    while True:\n        pass\n");
        let said = over(&body);
        assert_eq!(said.code, "python-time-limit");
        assert!(
            said.message.contains("300 ms for event 2 of 2"),
            "{}",
            said.message
        );
        let span = said.span.expect("the line is known");
        assert!(["while True:", "pass"].contains(&&body[span.start..span.end]));
    }

    #[test]
    fn an_endless_loop_that_catches_everything() {
        let said = over(&format!(
            "{GUARD}    while True:\n        try:\n            while True:\n                pass\n        except:\n            pass\n"
        ));
        assert_eq!(said.code, "python-time-limit");
        assert!(said.span.is_some());
    }

    #[test]
    fn a_caught_limit_still_counts() {
        let said = over(&format!(
            "{GUARD}    try:\n        while True:\n            pass\n    except BaseException:\n        return False\n"
        ));
        assert_eq!(said.code, "python-time-limit");
    }

    #[test]
    fn a_regular_expression_that_backtracks_without_end() {
        let said = over(&format!(
            "import re\n{GUARD}    return bool(re.match('(a+)+$', 'a' * 60 + 'b'))\n"
        ));
        assert_eq!(said.code, "python-time-limit");
        assert!(said.hint.unwrap_or_default().contains("regular expression"));
    }

    #[test]
    fn memory_that_grows_in_a_loop() {
        let body = format!(
            "{GUARD}    held = []\n    while True:\n        held.append('x' * 1000 + str(len(held)))\n"
        );
        let said = over(&body);
        assert_eq!(said.code, "python-memory-limit");
        assert!(said.message.contains("64 MB"), "{}", said.message);
        assert!(said.span.is_some());
    }

    #[test]
    fn one_huge_allocation() {
        let body = format!("{GUARD}    return len('x' * (3 << 30)) > 5\n");
        let said = over(&body);
        assert_eq!(said.code, "python-memory-limit");
        let span = said.span.expect("the line is known");
        assert!(body[span.start..span.end].contains("3 << 30"));
    }

    #[test]
    fn deep_recursion_is_an_exception_of_the_body() {
        let body = "def down(n):\n    return down(n + 1)\ndef rule(event):\n    return down(0)\n";
        let outcome = ask(body, &json!({}), Mode::Test);
        let exception = outcome.matched.unwrap().unwrap_err();
        assert!(
            exception.text.starts_with("RecursionError("),
            "{}",
            exception.text
        );
        assert_eq!(exception.line, Some(2));
    }

    #[test]
    fn deep_data_does_not_end_the_process() {
        let body = "def rule(event):\n    deep = []\n    for i in range(100000):\n        deep = [deep]\n    return repr(deep) == ''\n";
        let exception = ask(body, &json!({}), Mode::Test)
            .matched
            .unwrap()
            .unwrap_err();
        assert!(
            exception.text.starts_with("RecursionError("),
            "{}",
            exception.text
        );
    }

    #[test]
    fn a_loop_while_loading() {
        let started = Instant::now();
        let found = match Engine::load(&plain(), "while True:\n    pass\n", small()) {
            Ok(_) => panic!("the body was loaded"),
            Err(found) => found,
        };
        assert_eq!(found[0].code, "python-time-limit");
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn cancelling_gives_what_is_there() {
        let mut engine = engine(
            "def rule(event):\n    while event.get('slow'):\n        pass\n    return True\n",
            Limits::default(),
        );
        let events = [Arc::new(json!({})), Arc::new(json!({"slow": 1}))];
        let cancel = CancelToken::new();
        let remote = cancel.clone();
        let waker = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            remote.cancel();
        });
        let outcomes = engine.evaluate(&events, Mode::Test, &[], &cancel).unwrap();
        waker.join().unwrap();
        assert_eq!(outcomes.len(), 1);
    }
}
