//! The tests: whether both answers of the rule are asked for, and whether each has a name of its own.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::panther::Analysis;
use crate::python::syntax::tree::{Expr, Stmt};
use crate::yaml::Step;
use serde_yaml::Value as Yaml;
use std::collections::HashMap;

/// Tests that are not there, and tests that share a name.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-tests",
    codes: &[
        Code {
            id: "panther-tests-none",
            about: "The detection has no test",
        },
        Code {
            id: "panther-tests-one-sided",
            about: "All tests expect the same answer",
        },
        Code {
            id: "panther-test-name",
            about: "Two tests of a detection have the same name",
        },
    ],
    run: check,
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.panther;
    if rule.inherits_cases {
        return;
    }
    let document = &rule.document;
    let tests = [Step::from("Tests")];
    let hint = |code: &str, message: &str, todo: &str| {
        let first = [
            tests.to_vec(),
            vec![Step::from("RuleID")],
            vec![Step::from("PolicyID")],
        ];
        let span = first.iter().find_map(|path| document.key_span(path));
        Diagnostic::new(Severity::Hint, code, span, message).with_hint(todo)
    };
    let Some(cases) = document.value().get("Tests").map(Yaml::as_sequence) else {
        let todo = "A test with an event that should match and one with an event that should not show what the rule is for";
        report.tell(hint(
            "panther-tests-none",
            "the detection has no test",
            todo,
        ));
        return;
    };
    let cases = cases.map(Vec::as_slice).unwrap_or_default();
    if cases.is_empty() {
        let todo = "Add one that should match and one that should not";
        report.tell(hint(
            "panther-tests-none",
            "the list of tests is empty",
            todo,
        ));
        return;
    }
    let expected = |wanted: bool| {
        let mut results = cases.iter().map(|case| case.get("ExpectedResult"));
        results.any(|result| result.and_then(Yaml::as_bool) == Some(wanted))
    };
    let policy = rule.kind.function() == "policy";
    let (bad, good) = (!policy, policy);
    if !expected(bad) && expected(good) {
        let message = format!("no test expects {bad}: none shows what raises an alert");
        let todo = "Add an event that should match: a rule that never does passes these tests too";
        report.tell(hint("panther-tests-one-sided", &message, todo));
    } else if expected(bad) && !expected(good) && !decides_nothing(subject) {
        let message = format!("no test expects {good}: none shows what raises no alert");
        let todo =
            "Add an event that should not match: a rule that always does passes these tests too";
        report.tell(hint("panther-tests-one-sided", &message, todo));
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (index, case) in cases.iter().enumerate() {
        let Some(name) = case.get("Name").and_then(Yaml::as_str) else {
            continue;
        };
        if seen.insert(name, index).is_some() {
            let span = document.span(&[tests[0].clone(), Step::from(index), Step::from("Name")]);
            let message = format!("another test is called `{name}` too");
            report.tell(
                Diagnostic::new(Severity::Hint, "panther-test-name", span, message)
                    .with_hint("Its result cannot be told from the other's"),
            );
        }
    }
}

/// Whether the answer is always the same: the query of a scheduled rule has decided, or a body that only says yes.
fn decides_nothing(subject: &Subject<'_>) -> bool {
    let deciding = subject.panther.kind.function();
    let function = subject.python.and_then(|python| python.function(deciding));
    let yes = |stmt: &Stmt| match stmt {
        Stmt::Return(statement) => matches!(
            statement.value.as_deref(),
            Some(Expr::BooleanLiteral(literal)) if literal.value
        ),
        _ => false,
    };
    subject.panther.kind == Analysis::ScheduledRule
        || function.is_some_and(|function| {
            let mut body = function.body.iter().filter(|stmt| !stmt.is_expr_stmt());
            body.next().is_some_and(yes)
        })
}
