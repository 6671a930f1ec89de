//! The checks of Sentinel's rules, one a file: every field, limit and mutual constraint, by target.

use super::catalog::Known;
use super::{Check, Context, Report, Target};
use crate::detect;
use crate::kql;
use crate::sentinel::Rule;

/// A rule that is checked.
pub struct Subject<'a> {
    /// What its document says.
    pub rule: &'a Rule,
    /// The rule with its texts.
    pub opened: &'a detect::Rule,
    /// The analysis of its query; spans are bytes of the query.
    pub analysis: &'a kql::Analysis,
    /// The target it is held against beside the service.
    pub target: Target,
    /// Whether somebody named the target; else it is that of the dialect the file is written in.
    pub named: bool,
    /// What is known beside it.
    pub context: &'a Context<'a>,
}

/// Such a check.
pub type SentinelCheck = Check<fn(&Subject<'_>, &mut Report)>;

/// All checks of Sentinel's rules.
pub const CHECKS: &[SentinelCheck] = &[];

/// Tells what is wrong with a rule.
pub(super) fn check(
    opened: &detect::Rule,
    rule: &Rule,
    context: &Context<'_>,
    report: &mut Report,
) {
    for (path, found) in &opened.diagnostics {
        report.tell_in(path, None, found.clone());
    }
    let known = Known::new(&opened.path, context.tables);
    let analysis = kql::check(&rule.query, &known);
    for found in &analysis.diagnostics {
        report.tell(rule.query_diagnostic(found.clone()));
    }
    let subject = Subject {
        rule,
        opened,
        analysis: &analysis,
        target: context.target.unwrap_or(Target::Service),
        named: context.target.is_some(),
        context,
    };
    for check in CHECKS {
        if context.cancel.is_cancelled() {
            return;
        }
        (check.run)(&subject, report);
    }
}
