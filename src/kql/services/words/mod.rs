//! The words of the language that are neither functions nor operators of their own: operators between
//! operands, words within an operator, statements, types, charts.

mod clauses;
mod rest;
mod scalar;
mod special;
mod statements;

pub use clauses::{CHARTS, TYPES, clause_words, settings, type_doc};

use crate::kql::operators::docs::{self, Doc, Topic};
use std::sync::LazyLock;

static ALL: LazyLock<Vec<&'static Doc>> = LazyLock::new(|| {
    let rooms = docs::all()
        .chain(scalar::DOCS)
        .chain(special::DOCS)
        .chain(statements::DOCS);
    let mut all: Vec<&'static Doc> = rooms.collect();
    let own = all.len();
    for doc in rest::DOCS {
        let known = all
            .iter()
            .take(own)
            .any(|d| d.topic == doc.topic && d.names.contains(&doc.name()));
        if !known && rest::is_read(doc) {
            all.push(doc);
        }
    }
    all
});

/// All texts: those of the operators' files and those of this room.
pub fn all() -> impl Iterator<Item = &'static Doc> {
    ALL.iter().copied()
}

/// The text about a word.
pub fn find(topic: Topic, name: &str) -> Option<&'static Doc> {
    all().find(|d| d.topic == topic && d.names.contains(&name))
}

/// The names of the operators that may stand behind `|` or begin a query, without double ones.
pub fn operators() -> impl Iterator<Item = &'static Doc> {
    all().filter(|d| d.topic == Topic::Operator)
}

/// Whether a word stands between operands (`and`, `has`, `in` …).
pub fn is_operator_word(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "or"
            | "in"
            | "has"
            | "has_cs"
            | "has_any"
            | "has_all"
            | "hasprefix"
            | "hasprefix_cs"
            | "hassuffix"
            | "hassuffix_cs"
            | "contains"
            | "contains_cs"
            | "startswith"
            | "startswith_cs"
            | "endswith"
            | "endswith_cs"
            | "matches"
            | "regex"
            | "between"
            | "like"
            | "notlike"
    )
}

/// Operators that begin a query, without a table before them.
pub const SOURCES: [&str; 8] = [
    "datatable",
    "evaluate",
    "externaldata",
    "find",
    "print",
    "range",
    "search",
    "union",
];
