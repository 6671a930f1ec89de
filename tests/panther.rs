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
        over_with(body, small())
    }

    /// The same where memory is to run out before the time.
    fn over_memory(body: &str) -> Diagnostic {
        let time = Duration::from_secs(20);
        over_with(body, Limits { time, ..small() })
    }

    fn over_with(body: &str, limits: Limits) -> Diagnostic {
        let mut engine = engine(body, limits);
        let cancel = CancelToken::new();
        let good = [Arc::new(json!({"ok": true}))];
        let bad = [Arc::new(json!({"ok": true})), Arc::new(json!({}))];
        let started = Instant::now();
        let said = engine
            .evaluate(&bad, Mode::Test, &[], &cancel)
            .expect_err("a limit is reached");
        assert!(
            started.elapsed() < limits.time + Duration::from_secs(2),
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
        let said = over_memory(&body);
        assert_eq!(said.code, "python-memory-limit");
        assert!(said.message.contains("64 MB"), "{}", said.message);
        assert!(said.span.is_some());
    }

    #[test]
    fn one_huge_allocation() {
        let body = format!("{GUARD}    return len('x' * (3 << 30)) > 5\n");
        let said = over_memory(&body);
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
        let body = "def rule(event):\n    deep = []\n    for i in range(100000):\n        deep = [deep]\n    return len(repr(deep)) > 5\n";
        let limits = Limits {
            time: Duration::from_secs(30),
            ..Limits::default()
        };
        let outcomes = engine(body, limits)
            .evaluate(&[Arc::new(json!({}))], Mode::Test, &[], &CancelToken::new())
            .unwrap();
        // The stack is large enough, or Python says that it is not.
        match outcomes[0].matched.clone().unwrap() {
            Ok(matched) => assert!(matched),
            Err(exception) => assert!(exception.text.starts_with("RecursionError(")),
        }
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

mod outputs {
    use super::*;

    /// Runs one function beside a rule that matches and shows what came of it in tests and in production.
    fn both(functions: &str, pick: impl Fn(&Outcome) -> String) -> (String, String) {
        let body = format!("def rule(event):\n    return True\n{functions}");
        let event = json!({"a": 1, "l": [1, {"B": null}], "f": 1.0, "s": "é"});
        let test = pick(&ask(&body, &event, Mode::Test));
        let production = pick(&ask(&body, &event, Mode::Production));
        (test, production)
    }

    fn pair(test: &str, production: &str) -> (String, String) {
        (test.to_owned(), production.to_owned())
    }

    fn same(text: &str) -> (String, String) {
        pair(text, text)
    }

    #[test]
    fn title() {
        let title = |code: &str| {
            both(&format!("def title(event):\n    {code}\n"), |o| {
                shown(&o.title)
            })
        };
        assert_eq!(title("return event['S']"), same("é"));
        assert_eq!(title("return ''"), same(""));
        assert_eq!(
            title("return 'x' * 1001"),
            same(&format!("{}... (truncated)", "x".repeat(985)))
        );
        assert_eq!(
            title("return 5"),
            pair(
                "! FunctionReturnTypeError('detection [Test.Rule] function [title] returned [int], expected [str]')",
                "Test.Rule"
            )
        );
        assert_eq!(
            title("raise KeyError('boom')"),
            pair("! KeyError('boom')", "Test.Rule")
        );
        assert_eq!(
            title("raise SystemExit(3)"),
            pair("! SystemExit(3)", "Test.Rule")
        );
    }

    #[test]
    fn texts_fall_back_to_nothing() {
        for name in ["description", "reference", "runbook"] {
            let got = both(&format!("def {name}(event):\n    return 1 / 0\n"), |o| {
                shown(match name {
                    "description" => &o.description,
                    "reference" => &o.reference,
                    _ => &o.runbook,
                })
            });
            assert_eq!(
                got,
                pair("! ZeroDivisionError('division by zero')", ""),
                "{name}"
            );
        }
    }

    #[test]
    fn severity() {
        let severity = |code: &str| {
            both(&format!("def severity(event):\n    return {code}\n"), |o| {
                shown(&o.severity)
            })
        };
        assert_eq!(severity("'high'"), same("HIGH"));
        assert_eq!(severity("'Default'"), same("MEDIUM"));
        assert_eq!(
            severity("'urgent'"),
            pair(
                "! AssertionError(\"Expected severity to be any of the following: \
                 [['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']], got [URGENT] instead.\")",
                "MEDIUM"
            )
        );
        assert_eq!(
            severity("None"),
            pair(
                "! FunctionReturnTypeError('detection [Test.Rule] function [severity] returned [NoneType], expected [str]')",
                "MEDIUM"
            )
        );
        assert_eq!(both("", |o| shown(&o.severity)), same("-"));
    }

    #[test]
    fn destinations() {
        let destinations = |code: &str| {
            both(
                &format!("def destinations(event):\n    return {code}\n"),
                |o| {
                    shown(
                        &o.destinations
                            .clone()
                            .map(|d| d.map(|names| names.join("|"))),
                    )
                },
            )
        };
        assert_eq!(destinations("['a', 'b']"), same("a|b"));
        assert_eq!(destinations("[]"), same("SKIP"));
        assert_eq!(destinations("None"), same("-"));
        assert_eq!(
            destinations("[str(i) for i in range(12)]"),
            same("0|1|2|3|4|5|6|7|8|9")
        );
        for (code, kind) in [("'abc'", "str"), ("('a',)", "tuple"), ("['a', 5]", "list")] {
            assert_eq!(
                destinations(code),
                pair(
                    &format!(
                        "! FunctionReturnTypeError('detection [Test.Rule] function [destinations] returned [{kind}], expected a list')"
                    ),
                    "-"
                )
            );
        }
    }

    #[test]
    fn dedup() {
        let default = "defaultDedupString:Test.Rule";
        let dedup = |functions: &str| both(functions, |o| shown(&o.dedup));
        assert_eq!(dedup(""), same(default));
        assert_eq!(dedup("def title(event):\n    return 't'\n"), same("t"));
        assert_eq!(dedup("def title(event):\n    return ''\n"), same(default));
        assert_eq!(
            dedup("def title(event):\n    return None\n"),
            pair(default, "Test.Rule")
        );
        assert_eq!(dedup("def dedup(event):\n    return ''\n"), same(default));
        assert_eq!(
            dedup("def dedup(event):\n    return event['q']\n"),
            pair("! KeyError('q')", default)
        );
    }

    #[test]
    fn alert_context() {
        let context = |code: &str| {
            both(
                &format!("import collections, types\ndef alert_context(event):\n    {code}\n"),
                |o| shown(&o.alert_context),
            )
        };
        assert_eq!(
            context("return event"),
            same(r#"{"a": 1, "l": [1, {"B": null}], "f": 1.0, "s": "\u00e9"}"#)
        );
        assert_eq!(
            context(
                "return {'e': event, 'l': event.get('l'), 'o': collections.OrderedDict(a=1), 1: 2, None: 3, True: 4, 1.5: 5, 't': (1, 2), 'u': 'é\\U0001f600\\x7f'}"
            ),
            same(concat!(
                r#"{"e": {"a": 1, "l": [1, {"B": null}], "f": 1.0, "s": "\u00e9"}, "l": [1, {"B": null}], "#,
                r#""o": {"a": 1}, "1": 4, "null": 3, "1.5": 5, "t": [1, 2], "u": "\u00e9\ud83d\ude00\u007f"}"#
            ))
        );
        assert_eq!(
            context("return {'a': {1}}"),
            pair(
                "! TypeError(\"object of type <class 'set'> is not JSON serializable\")",
                r#"{"_error": "TypeError(\"object of type <class 'set'> is not JSON serializable\")"}"#
            )
        );
        assert_eq!(
            context("return {'a': float('nan')}").0,
            "! ValueError('Out of range float values are not JSON compliant')"
        );
        assert_eq!(
            context("d = {}; d['d'] = d; return d").0,
            "! ValueError('Circular reference detected')"
        );
        assert_eq!(
            context("return {(1, 2): 1}").0,
            "! TypeError('keys must be str, int, float, bool or None, not tuple')"
        );
        assert_eq!(
            context("return []").0,
            "! FunctionReturnTypeError('detection [Test.Rule] function [alert_context] returned [list], expected [Mapping]')"
        );
        assert_eq!(
            context("return {'a': 'x' * 300000}"),
            same(
                r#"{"_error": "alert_context size is [300009] characters, bigger than maximum of [204800] characters"}"#
            )
        );
    }

    #[test]
    fn a_rule_returns_true_or_false() {
        let rule = |code: &str| {
            let outcome = ask(
                &format!("def rule(event):\n    {code}\n"),
                &json!({}),
                Mode::Test,
            );
            match outcome.matched.unwrap() {
                Ok(matched) => matched.to_string(),
                Err(exception) => format!("{} at {:?}", exception.text, exception.line),
            }
        };
        assert_eq!(rule("return 1 == 1"), "true");
        assert_eq!(
            rule("return None"),
            "FunctionReturnTypeError('detection [Test.Rule] function [rule] returned [NoneType], expected [bool]') at None"
        );
        assert_eq!(rule("return event['q']"), "KeyError('q') at Some(2)");
    }

    #[test]
    fn production_asks_only_about_matches() {
        let body =
            "def rule(event):\n    return event.get('n') == 1\ndef title(event):\n    return 't'\n";
        let events: Vec<Arc<Json>> = (0..3).map(|n| Arc::new(json!({"n": n}))).collect();
        let mut engine = engine(body, Limits::default());
        let cancel = CancelToken::new();
        let production = engine
            .evaluate(&events, Mode::Production, &[], &cancel)
            .unwrap();
        let titles: Vec<String> = production.iter().map(|o| shown(&o.title)).collect();
        assert_eq!(titles, ["-", "t", "-"]);
        let test = engine.evaluate(&events, Mode::Test, &[], &cancel).unwrap();
        assert!(test.iter().all(|o| shown(&o.title) == "t"));
    }

    #[test]
    fn mocks_stand_in_for_names_of_the_body() {
        let body = "from unittest.mock import MagicMock\nLIST = ['a']\ndef find(x):\n    return x\n\
                    def rule(event):\n    known = LIST() if isinstance(LIST, MagicMock) else LIST\n    return find('z') in known\n";
        let mut engine = engine(body, Limits::default());
        let cancel = CancelToken::new();
        let event = [Arc::new(json!({}))];
        let mut matched = |mocks: &[(String, Json)]| {
            engine
                .evaluate(&event, Mode::Test, mocks, &cancel)
                .unwrap()
                .remove(0)
                .matched
                .unwrap()
        };
        let mocks = [
            ("LIST".to_owned(), json!(["q"])),
            ("find".to_owned(), json!("q")),
        ];
        assert_eq!(matched(&[]), Ok(false));
        assert_eq!(matched(&mocks), Ok(true));
        assert_eq!(matched(&[]), Ok(false), "the mocks are gone again");
        let missing = matched(&[("nope".to_owned(), json!(1))]).unwrap_err();
        assert!(missing.text.contains("`nope`"), "{}", missing.text);
    }
}

mod loading {
    use super::*;

    fn said(body: &str) -> (String, String, Option<String>) {
        let found = refused(body);
        let first = &found[0];
        let at = first.span.map(|span| body[span.start..span.end].to_owned());
        (first.code.clone(), first.message.clone(), at)
    }

    #[test]
    fn syntax_errors_have_places() {
        let body = "def rule(event):\n    return (1 +\n";
        let (code, _, at) = said(body);
        assert_eq!(code, "python-syntax");
        assert!(at.is_some());
        assert_eq!(
            said("return 1\ndef rule(event):\n    return True\n").0,
            "python-syntax"
        );
        assert_eq!(
            said(&format!("x = {}1{}\n", "(".repeat(5000), ")".repeat(5000))).0,
            "python-syntax"
        );
    }

    #[test]
    fn a_body_without_rule() {
        assert_eq!(
            said("def policy(event):\n    return True\n").0,
            "panther-no-rule"
        );
        assert_eq!(said("rule = 5\n").0, "panther-no-rule");
        assert_eq!(said("").0, "panther-no-rule");
    }

    #[test]
    fn a_missing_helper_is_named() {
        let (code, message, at) = said("import re\nfrom panther_base_helpers import deep_get\n");
        assert_eq!(code, "panther-missing-helper");
        assert_eq!(
            message,
            "the global helper `panther_base_helpers` was not found beside the rule"
        );
        assert_eq!(
            at.as_deref(),
            Some("from panther_base_helpers import deep_get")
        );
    }

    #[test]
    fn a_closed_module_is_named() {
        let (code, message, _) = said("import socket\n");
        assert_eq!(code, "python-closed-module");
        assert_eq!(message, "the module `socket` is closed to rule bodies");
    }

    #[test]
    fn an_exception_at_the_top_level() {
        let (code, message, at) = said("x = 1\ny = x / 0\n");
        assert_eq!(code, "python-exception");
        assert!(message.contains("ZeroDivisionError"), "{message}");
        assert_eq!(at.as_deref(), Some("y = x / 0"));
    }
}

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
            &[Arc::new(event.clone())],
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

mod events {
    use super::*;

    /// Each file: a comment, the event, then `>>> expression` and the `repr` that Panther's own classes
    /// give under CPython 3.11, or `! ` and the exception.
    #[test]
    fn the_event_api_gives_what_panther_gives() {
        let mut wrong = Vec::new();
        for (name, text) in files("events") {
            let event = text
                .lines()
                .find_map(|line| line.strip_prefix("event = "))
                .unwrap_or_else(|| panic!("{name} has no event"));
            let event: Json = serde_json::from_str(event).unwrap();
            let cases: Vec<(String, String)> = text
                .split("\n>>> ")
                .skip(1)
                .map(|case| {
                    let (expression, expected) = case.trim_end().split_once('\n').unwrap();
                    (expression.to_owned(), expected.to_owned())
                })
                .collect();
            assert!(!cases.is_empty(), "{name} has no cases");
            let expressions: Vec<String> = cases.iter().map(|(e, _)| e.clone()).collect();
            let given = snippets(&event, "shown = repr(eval(snippet, names))", &expressions);
            for ((expression, expected), given) in cases.iter().zip(&given) {
                if expected != given {
                    wrong.push(format!(
                        "{name}: {expression}\n  expected {expected}\n  given    {given}"
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

mod doors {
    use super::*;

    fn probes(folder: &str) -> Vec<(String, String)> {
        let mut probes = Vec::new();
        for (name, text) in files(folder) {
            for snippet in text.split("\n\n") {
                probes.push((name.clone(), snippet.trim().to_owned()));
            }
        }
        probes
    }

    fn given(probes: &[(String, String)]) -> Vec<String> {
        let code: Vec<String> = probes.iter().map(|(_, code)| code.clone()).collect();
        snippets(
            &json!({}),
            "shown = 'ran' if exec(snippet, names) is None else ''",
            &code,
        )
    }

    #[test]
    fn every_door_is_closed() {
        let probes = probes("doors/closed");
        assert!(probes.len() > 60);
        let open: Vec<String> = probes
            .iter()
            .zip(given(&probes))
            .filter(|(_, given)| !given.starts_with("! "))
            .map(|((file, code), _)| format!("{file}: {code}"))
            .collect();
        assert!(open.is_empty(), "open:\n{}", open.join("\n"));
        assert!(!std::path::Path::new("/tmp/rulewright-probe").exists());
    }

    #[test]
    fn what_rules_need_is_there() {
        let probes = probes("doors/holds");
        let failed: Vec<String> = probes
            .iter()
            .zip(given(&probes))
            .filter(|(_, given)| given != "ran")
            .map(|((file, code), given)| format!("{file}: {code}\n  {given}"))
            .collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    }
}
