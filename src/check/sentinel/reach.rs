//! How far back the query reaches, and how far the service lets it look.
//!
//! Example: `ago(14d)` with `queryPeriod: P1D`. The service shows a rule's query only the rows of its period, so a
//! baseline of 14 days is made of one.

use super::durations::spelt;
use super::subject::Mended;
use super::windows::Windows;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Diagnostic;
use crate::sentinel::Kind;
use crate::value::time::DAY;

pub(super) const CHECK: SentinelCheck = Check {
    name: "reach",
    codes: &[Code {
        id: "sentinel-reach",
        about: "The query reaches further back than the rule looks",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.rule;
    let Some(period) = rule.query_period.filter(|_| rule.kind == Kind::Scheduled) else {
        return;
    };
    let windows = Windows::of(&rule.query);
    let furthest = windows.ago.iter().max_by_key(|(back, _)| *back);
    let Some((back, span)) = furthest.filter(|(back, _)| *back > period) else {
        return;
    };
    let words = |ticks| spelt(ticks, Target::AzureSentinel);
    let message = format!(
        "The query reaches {} back; `queryPeriod` lets it see the last {} only",
        words(*back),
        words(period)
    );
    let fix = (*back <= 14 * DAY)
        .then(|| subject.set(&at!["queryPeriod"], &spelt(*back, subject.target)))
        .flatten();
    let found = Diagnostic::warning("sentinel-reach", rule.query_span(*span), message);
    report.tell_for(Target::Service, found.mended(fix));
}
