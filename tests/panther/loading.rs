//! What is said of a body that cannot be loaded.

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
