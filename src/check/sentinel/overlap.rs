//! Runs whose windows overlap.
//!
//! A rule that runs every hour over the last day sees each event in 24 runs, and alerts on the same match again in each
//! of them, unless the query looks at what is new: `ingestion_time() > ago(1h)`, or one side of its join within the last
//! run's stretch. As a hint: a baseline needs the long window.

use super::durations::spelt;
use super::windows::Windows;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Severity;
use crate::sentinel::Kind;

pub(super) const CHECK: SentinelCheck = Check {
    name: "overlap",
    codes: &[Code {
        id: "sentinel-overlap",
        about: "Runs look at the same events again and alert on the same match again",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.rule;
    let (Some(frequency), Some(period)) = (rule.query_frequency, rule.query_period) else {
        return;
    };
    if rule.kind != Kind::Scheduled || frequency <= 0 || period < frequency.saturating_mul(2) {
        return;
    }
    let windows = Windows::of(&rule.query);
    let narrow = windows.spans.iter().any(|span| *span <= frequency);
    if windows.ingestion || windows.unclear || narrow || rule.suppression_enabled == Some(true) {
        return;
    }
    let runs = period / frequency;
    let words = |ticks| spelt(ticks, Target::AzureSentinel);
    let message = format!(
        "Every event is looked at in {runs} runs, so that the same match can alert {runs} times: the rule looks back {} and runs every {}",
        words(period),
        words(frequency)
    );
    let at = at!["queryPeriod"];
    let found = subject.remark(Severity::Hint, "sentinel-overlap", &at, message);
    report.tell_for(
        Target::Service,
        found.with_hint(format!(
            "Ask for something new in the query, such as `| where ingestion_time() > ago({})`",
            words(frequency)
        )),
    );
}
