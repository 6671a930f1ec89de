//! From YAML to compiled expressions, with everything that is wrong and where.

mod alert_keys;
mod expression;
mod specifier;

use super::super::reading::Reading;
use super::alert::Alert;
use super::evaluate::{Dialect, Expression};
use super::{Detection, Filters};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Document, Step, untagged};
use serde_yaml::Value as Yaml;
use std::ops::{Deref, DerefMut};

/// Reads `Detection:` and what belongs to it.
pub(super) fn detection(value: &Yaml, document: &Document) -> (Option<Detection>, Vec<Diagnostic>) {
    let mut reader = Reader::new(document, Dialect::Detection);
    let path = [Step::from("Detection")];
    let Some(list) = value.get("Detection") else {
        return (None, Vec::new());
    };
    let expressions = reader.expressions(list, &path);
    let alert: Alert = reader.alert(value);
    let whole = !reader.failed();
    let detection = whole.then_some(Detection { expressions, alert });
    (detection, reader.shared.found)
}

/// What is wrong with the keys of alerts of a rule that has a Python body: their shape is held to all the same.
pub(super) fn alert_keys(value: &Yaml, document: &Document) -> Vec<Diagnostic> {
    let mut reader = Reader::new(document, Dialect::Detection);
    reader.beside_title(value, &mut Alert::default());
    let mut found = reader.shared.found;
    // Nobody reads the paths.
    found.retain(|found| found.code != "panther-key-path");
    found
}

/// Reads `InlineFilters:`.
pub(super) fn filters(value: &Yaml, document: &Document) -> (Option<Filters>, Vec<Diagnostic>) {
    let mut reader = Reader::new(document, Dialect::Filter);
    let path = [Step::from("InlineFilters")];
    let Some(list) = value.get("InlineFilters") else {
        return (None, Vec::new());
    };
    // An empty list of filters keeps every event.
    let expressions: Vec<Expression> = match untagged(list) {
        Yaml::Sequence(items) if items.is_empty() => Vec::new(),
        _ => reader.expressions(list, &path),
    };
    let whole = !reader.failed();
    (
        whole.then_some(Filters { expressions }),
        reader.shared.found,
    )
}

/// Expressions of one document: more than this is no rule that a person wrote.
const MOST: usize = 10_000;

struct Reader<'a> {
    shared: Reading<'a>,
    dialect: Dialect,
    expressions: usize,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document, dialect: Dialect) -> Self {
        Self {
            shared: Reading::new(document),
            dialect,
            expressions: 0,
        }
    }
}

impl<'a> Deref for Reader<'a> {
    type Target = Reading<'a>;

    fn deref(&self) -> &Self::Target {
        &self.shared
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.shared
    }
}
