//! Statements before the query.

use crate::kql::operators::docs::{Doc, Topic};

const fn statement(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
) -> Doc {
    Doc::new(Topic::Statement, names, signature, doc, example)
}

/// Their texts.
pub const DOCS: &[Doc] = &[
    statement(
        &["let"],
        "let name = value|table|(parameters) { body };",
        "Gives a value, a table or a function a name that the rest of the query can use. It ends with a semicolon.",
        "let window = 1h;\nSigninLogs | where TimeGenerated > ago(window)",
    ),
    statement(
        &["set"],
        "set option [= value];",
        "Sets an option of the request. The result does not depend on it here.",
        "set notruncation;",
    ),
    statement(
        &["declare"],
        "declare query_parameters(name:type [= default], …);",
        "Declares parameters of the query with their types and defaults.",
        "declare query_parameters(threshold:long = 10);",
    ),
    statement(
        &["view"],
        "let name = view () { body };",
        "A function without parameters that `union *` takes for a table.",
        "",
    ),
];
