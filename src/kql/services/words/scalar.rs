//! Operators between two operands.

use crate::kql::operators::docs::{Doc, Topic};

const fn operator(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
) -> Doc {
    Doc::new(Topic::ScalarOperator, names, signature, doc, example)
}

/// Their texts.
pub const DOCS: &[Doc] = &[
    operator(
        &["has", "!has"],
        "text has term",
        "Whether a text has a whole term, in upper or lower case. Terms are runs of letters and digits, so `a has \"role\"` is true of `user_role` and false of `roles`. Faster than `contains`.",
        "where ProcessCommandLine has \"powershell\"",
    ),
    operator(
        &["has_cs", "!has_cs"],
        "text has_cs term",
        "Whether a text has a whole term, in the same case.",
        "",
    ),
    operator(
        &["hasprefix", "!hasprefix", "hasprefix_cs", "!hasprefix_cs"],
        "text hasprefix start",
        "Whether a term of the text begins so; the form with `_cs` minds the case.",
        "where Url hasprefix \"login\"",
    ),
    operator(
        &["hassuffix", "!hassuffix", "hassuffix_cs", "!hassuffix_cs"],
        "text hassuffix end",
        "Whether a term of the text ends so; the form with `_cs` minds the case.",
        "where FileName hassuffix \"exe\"",
    ),
    operator(
        &["has_any"],
        "text has_any (term, …)",
        "Whether a text has at least one of these terms, each as `has` finds it.",
        "where EventType has_any (\"role\", \"invite\")",
    ),
    operator(
        &["has_all"],
        "text has_all (term, …)",
        "Whether a text has all of these terms, each as `has` finds it.",
        "where CommandLine has_all (\"net\", \"user\", \"add\")",
    ),
    operator(
        &["contains", "!contains"],
        "text contains part",
        "Whether a text has this part anywhere, in upper or lower case. Where whole words are meant, `has` is faster.",
        "where Url contains \"token=\"",
    ),
    operator(
        &["contains_cs", "!contains_cs"],
        "text contains_cs part",
        "Whether a text has this part anywhere, in the same case.",
        "",
    ),
    operator(
        &["startswith", "!startswith"],
        "text startswith start",
        "Whether a text begins so, in upper or lower case.",
        "where UserPrincipalName startswith \"adm\"",
    ),
    operator(
        &["startswith_cs", "!startswith_cs"],
        "text startswith_cs start",
        "Whether a text begins so, in the same case.",
        "",
    ),
    operator(
        &["endswith", "!endswith"],
        "text endswith end",
        "Whether a text ends so, in upper or lower case.",
        "where UserPrincipalName endswith \"@contoso.example\"",
    ),
    operator(
        &["endswith_cs", "!endswith_cs"],
        "text endswith_cs end",
        "Whether a text ends so, in the same case.",
        "",
    ),
    operator(
        &["matches regex"],
        "text matches regex pattern",
        "Whether a regular expression is found in a text. It minds the case unless it begins with `(?i)`.",
        "where Url matches regex @\"/v\\d+/\"",
    ),
    operator(
        &["in"],
        "value in (value, …)",
        "Whether a value is one of these. Texts must be equal in case too; a table in the brackets stands for its first column.",
        "where ResultType in (\"50053\", \"50057\")",
    ),
    operator(
        &["!in"],
        "value !in (value, …)",
        "Whether a value is none of these. Texts must be equal in case too.",
        "",
    ),
    operator(
        &["in~"],
        "text in~ (text, …)",
        "Whether a text is one of these, in upper or lower case.",
        "where AppDisplayName in~ (\"azure portal\", \"graph\")",
    ),
    operator(
        &["!in~"],
        "text !in~ (text, …)",
        "Whether a text is none of these, in upper or lower case.",
        "",
    ),
    operator(
        &["between"],
        "value between (low .. high)",
        "Whether a value lies between two bounds, both included. A span of time as the upper bound counts from the lower one.",
        "where TimeGenerated between (ago(2d) .. ago(1d))",
    ),
    operator(
        &["!between"],
        "value !between (low .. high)",
        "Whether a value lies outside of two bounds.",
        "",
    ),
    operator(
        &["=="],
        "a == b",
        "Whether two values are equal; texts must be equal in case too. Null is equal to no value.",
        "",
    ),
    operator(
        &["!=", "<>"],
        "a != b",
        "Whether two values differ. A null differs from every value.",
        "",
    ),
    operator(
        &["=~"],
        "text =~ text",
        "Whether two texts are equal, in upper or lower case.",
        "where UserPrincipalName =~ \"Ana@contoso.example\"",
    ),
    operator(
        &["!~"],
        "text !~ text",
        "Whether two texts differ in more than upper and lower case.",
        "",
    ),
    operator(
        &["<"],
        "a < b",
        "Whether the first value is less than the second; null where one of them is.",
        "",
    ),
    operator(
        &["<="],
        "a <= b",
        "Whether the first value is at most the second; null where one of them is.",
        "",
    ),
    operator(
        &[">"],
        "a > b",
        "Whether the first value is greater than the second; null where one of them is.",
        "",
    ),
    operator(
        &[">="],
        "a >= b",
        "Whether the first value is at least the second; null where one of them is.",
        "",
    ),
    operator(
        &["and"],
        "a and b",
        "True where both are true. It binds closer than `or`.",
        "",
    ),
    operator(&["or"], "a or b", "True where at least one is true.", ""),
    operator(
        &["+"],
        "a + b",
        "The sum of two numbers or spans of time, or an instant moved by a span of time. Texts are put together with `strcat`.",
        "",
    ),
    operator(
        &["-"],
        "a - b",
        "The difference of two numbers or spans of time; of two instants the span of time between them.",
        "",
    ),
    operator(
        &["*"],
        "a * b",
        "The product of two numbers, or of a span of time and a number.",
        "",
    ),
    operator(
        &["/"],
        "a / b",
        "The quotient. Whole numbers give a whole number, cut off towards zero; a span of time by another gives a real.",
        "",
    ),
    operator(
        &["%"],
        "a % b",
        "What remains of a division; it is never negative.",
        "",
    ),
];
