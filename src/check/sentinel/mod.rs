//! The checks of Sentinel's rules, one a file: every field, limit and mutual constraint, by target.
//!
//! What the reader of a rule finds (types, missing fields, values that are none) everybody objects to. A check says
//! whose word it is: the service's always counts; a repository's counts for rules of its dialect, as a warning, and as
//! an error where somebody named it as the target.

mod account_name;
mod alert_details;
mod ascii;
mod connector_ids;
mod connectors;
mod custom_details;
mod dialect;
mod durations;
mod entity_columns;
mod grouping;
mod identity;
mod keys;
mod kind;
mod limits;
mod missing;
mod old_entities;
mod overlap;
mod prose;
mod query_text;
mod query_time;
mod reach;
mod reader;
mod repetition;
mod style;
mod subject;
mod suppression;
mod tactics;
mod tags;
mod techniques;
mod weak_identifiers;
mod windows;

pub use dialect::dialect_of;
pub use subject::Subject;

use super::catalog::Known;
use super::{Check, Context, Report};
use crate::detect;
use crate::kql;
use crate::sentinel::Rule;

/// Such a check.
pub type SentinelCheck = Check<fn(&Subject<'_>, &mut Report)>;

/// All checks of Sentinel's rules.
pub const CHECKS: &[SentinelCheck] = &[
    reader::CHECK,
    keys::CHECK,
    missing::CHECK,
    identity::CHECK,
    limits::CHECK,
    kind::CHECK,
    durations::CHECK,
    suppression::CHECK,
    query_text::CHECK,
    query_time::CHECK,
    reach::CHECK,
    overlap::CHECK,
    entity_columns::CHECK,
    old_entities::CHECK,
    account_name::CHECK,
    weak_identifiers::CHECK,
    repetition::CHECK,
    custom_details::CHECK,
    alert_details::CHECK,
    grouping::CHECK,
    tactics::CHECK,
    connector_ids::CHECK,
    connectors::CHECK,
    tags::CHECK,
    ascii::CHECK,
    style::CHECK,
    prose::CHECK,
];

/// Steps of a path: `at!["entityMappings", 0, "entityType"]`.
macro_rules! at {
    ($($step:expr),* $(,)?) => { [$($crate::yaml::Step::from($step)),*] };
}
use at;

/// Tells what is wrong with a rule.
pub(super) fn check(
    opened: &detect::Rule,
    rule: &Rule,
    context: &Context<'_>,
    report: &mut Report,
) {
    let known = Known::new(&opened.path, context.tables);
    let analysis = match rule.query.trim().is_empty() {
        true => kql::Analysis {
            open: true,
            ..kql::Analysis::default()
        },
        false => kql::check(&rule.query, &known),
    };
    let subject = Subject::new(rule, opened, &analysis, context);
    for check in CHECKS {
        if context.cancel.is_cancelled() {
            return;
        }
        (check.run)(&subject, report);
    }
}
