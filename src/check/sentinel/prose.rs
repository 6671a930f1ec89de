//! What the name and the description say of time, against the schedule and the query.
//!
//! Example: "followed within 30 minutes" in a rule whose query names no stretch of 30 minutes. `check::prose` finds the
//! claims; they are hints, and told only where nothing in the rule is as long.

use super::durations::spelt;
use super::windows::Windows;
use super::{SentinelCheck, Subject, at};
use crate::check::prose::{Claim, claims};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::sentinel::Kind;
use crate::value::time::DAY;

pub(super) const CHECK: SentinelCheck = Check {
    name: "prose",
    codes: &[Code {
        id: "prose-time",
        about: "What a rule says of time is not what it does",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.rule;
    if rule.kind == Kind::Nrt || rule.query.is_empty() {
        return;
    }
    let windows = Windows::of(&rule.query);
    let schedule: Vec<i64> = [rule.query_frequency, rule.query_period]
        .into_iter()
        .flatten()
        .collect();
    if schedule.len() < 2 {
        return;
    }
    let mut all = schedule;
    all.extend(&windows.spans);
    for key in ["name", "description"] {
        let at = at![key];
        let Some(text) = subject.text(&at) else {
            continue;
        };
        for claim in claims(&text) {
            let number = claim.number;
            let same = as_long(&claim, &all) || number > 1 && windows.numbers.contains(&number);
            // What is longer than any rule looks back is said of something else.
            if same || claim.ticks > 31 * DAY {
                continue;
            }
            let span = in_text(subject, key, &claim);
            report.tell(tell(subject, &windows, &claim, span));
        }
    }
}

/// Whether something is as long as a claim, or two things together or apart: `ago(8d) .. ago(1d)` are seven days.
fn as_long(claim: &Claim, all: &[i64]) -> bool {
    let all = all.get(..64).unwrap_or(all);
    all.iter().any(|one| {
        *one == claim.ticks
            || all.iter().any(|other| {
                one.saturating_sub(*other) == claim.ticks
                    || one.saturating_add(*other) == claim.ticks
            })
    })
}

fn in_text(subject: &Subject<'_>, key: &str, claim: &Claim) -> Span {
    let at = at![key];
    let document = subject.document();
    let start = document.offset_in_text(&at, claim.span.start);
    let last = claim.span.end.checked_sub(1);
    let end = last.and_then(|last| document.offset_in_text(&at, last));
    match (start, end) {
        (Some(start), Some(end)) if end >= start => Span::new(start, end + 1),
        _ => subject.span(&at),
    }
}

fn tell(subject: &Subject<'_>, windows: &Windows, claim: &Claim, span: Span) -> Diagnostic {
    let words = |ticks| spelt(ticks, Target::AzureSentinel);
    let mut spans = windows.spans.clone();
    spans.sort_unstable();
    spans.dedup();
    let spans: Vec<String> = spans.into_iter().take(6).map(words).collect();
    let query = match spans.is_empty() {
        true => "its query names no time".to_owned(),
        false => format!("its query names {}", spans.join(", ")),
    };
    let rule = subject.rule;
    let message = format!(
        "\"{}\", and nothing in the rule is as long: it runs every {}, looks back {}, and {query}",
        claim.text,
        words(rule.query_frequency.unwrap_or(0)),
        words(rule.query_period.unwrap_or(0))
    );
    Diagnostic::new(Severity::Hint, "prose-time", Some(span), message)
}
