//! Facts that only loaded logs can show, as hints with the evidence.

use super::{Check, Context, Report};
use crate::detect;
use crate::logs::Dataset;

/// A rule that is compared with loaded logs.
pub struct Subject<'a> {
    /// The rule with its texts, of either platform.
    pub rule: &'a detect::Rule,
    /// The logs.
    pub dataset: &'a Dataset,
    /// What is known beside them.
    pub context: &'a Context<'a>,
}

/// Such a check.
pub type DataCheck = Check<fn(&Subject<'_>, &mut Report)>;

/// All checks of rules against data.
pub const CHECKS: &[DataCheck] = &[];

/// Tells what the logs show of a rule.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for check in CHECKS {
        if subject.context.cancel.is_cancelled() {
            return;
        }
        (check.run)(subject, report);
    }
}
