//! Each function's type, limit and fall-back, in tests and in production.

use super::*;
use rulewright::event::EventJson;

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
                        .map(|d| d.map(|names| names.join("|").into())),
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
    let events: Vec<Arc<EventJson>> = (0..3).map(|n| Arc::new(json!({"n": n}).into())).collect();
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
    let event = [Arc::new(json!({}).into())];
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
