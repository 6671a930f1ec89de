//! Runs the case file of a Sentinel rule.

use super::cases::Filter;
use super::{CaseResult, Rule};
use crate::diagnostic::Diagnostic;
use crate::sentinel;
use crate::task::CancelToken;

/// What is wrong with a case file.
pub(super) fn check(_text: &str) -> Vec<Diagnostic> {
    Vec::new()
}

pub(super) fn run(
    _rule: &Rule,
    _sentinel: &sentinel::Rule,
    _filter: &Filter,
    _cancel: &CancelToken,
) -> Vec<CaseResult> {
    Vec::new()
}
