//! Durations: how they are spelt by target, their limits, and what they are to each other.
//!
//! Examples: `PT1H` in a rule for the public repository, whose CI takes `1h` or `01:00:00`; `1h` for Sentinel-as-Code or
//! the service, which take ISO 8601; a `queryPeriod` shorter than `queryFrequency`, so that events between two runs are
//! never seen; a rule that runs every 5 minutes over 14 days.

use super::dialect::Spelling;
use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::sentinel::{Kind, format_iso, parse_duration};
use crate::value::time::{DAY, HOUR, MINUTE};
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "durations",
    codes: &[
        Code {
            id: "sentinel-duration-spelling",
            about: "A duration is spelt as the target does not take it",
        },
        Code {
            id: "sentinel-duration-limit",
            about: "A duration is shorter or longer than the service takes",
        },
        Code {
            id: "sentinel-period",
            about: "The lookback of a rule does not fit its frequency",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let lookback = at![
        "incidentConfiguration",
        "groupingConfiguration",
        "lookbackDuration"
    ];
    let fields: [&[Step]; 4] = [
        &at!["queryFrequency"],
        &at!["queryPeriod"],
        &at!["suppressionDuration"],
        &lookback,
    ];
    for (at, field) in fields.iter().enumerate() {
        spelling(subject, field, at < 2, report);
    }
    if subject.rule.kind == Kind::Scheduled {
        limit(
            subject,
            &at!["queryFrequency"],
            MINUTE * 5,
            DAY * 14,
            report,
        );
        limit(subject, &at!["queryPeriod"], MINUTE * 5, DAY * 14, report);
        period(subject, report);
    }
    let grouped = subject
        .rule
        .incident
        .as_ref()
        .and_then(|i| i.grouping.as_ref());
    if grouped.is_some_and(|g| g.enabled) {
        limit(subject, &lookback, MINUTE * 5, DAY * 7, report);
    }
}

/// A duration as a target spells it; none where the text is no duration.
pub(super) fn spelt(ticks: i64, target: Target) -> String {
    if target != Target::AzureSentinel {
        return format_iso(ticks);
    }
    for (unit, letter) in [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm')] {
        if ticks % unit == 0 && ticks > 0 {
            return format!("{}{letter}", ticks / unit);
        }
    }
    let (days, rest) = (ticks / DAY, ticks % DAY);
    let clock = format!(
        "{:02}:{:02}:{:02}",
        rest / HOUR,
        rest % HOUR / MINUTE,
        rest % MINUTE / 10_000_000
    );
    match days {
        0 => clock,
        days => format!("{days}.{clock}"),
    }
}

fn spelling(subject: &Subject<'_>, at: &[Step], is_schedule: bool, report: &mut Report) {
    let Some(text) = subject.text(at) else {
        return;
    };
    let (Some(ticks), Some(spelling)) = (parse_duration(&text), Spelling::of(&text)) else {
        return;
    };
    let target = subject.target;
    let (fine, takes) = match target {
        // Its CI reads the schedule only.
        Target::AzureSentinel => {
            let units = text.trim().chars().filter(char::is_ascii_alphabetic);
            let one = units.clone().count() == 1 && units.clone().all(|c| "mhd".contains(c));
            let fine =
                !is_schedule || spelling == Spelling::DotNet || spelling == Spelling::Units && one;
            (
                fine,
                "the Azure-Sentinel repository takes `1h` or `01:00:00`",
            )
        }
        Target::SentinelAsCode => {
            let fine = spelling == Spelling::Iso && !text.contains(['W', 'w', '.']);
            (fine, "Sentinel-as-Code takes ISO 8601, such as `PT1H`")
        }
        _ => (
            spelling == Spelling::Iso,
            "the service takes ISO 8601, such as `PT1H`",
        ),
    };
    if fine {
        return;
    }
    let message = format!("`{text}` is spelt as the target does not take it: {takes}");
    let found = subject.objection(target, "sentinel-duration-spelling", at, message);
    if let Some(mut found) = found {
        if !subject.named {
            found.severity = crate::diagnostic::Severity::Warning;
        }
        report.tell_for(target, found.mended(subject.set(at, &spelt(ticks, target))));
    }
}

fn limit(subject: &Subject<'_>, at: &[Step], least: i64, most: i64, report: &mut Report) {
    let Some(text) = subject.text(at) else {
        return;
    };
    let Some(ticks) = parse_duration(&text) else {
        return;
    };
    if (least..=most).contains(&ticks) {
        return;
    }
    let words = |ticks| spelt(ticks, Target::AzureSentinel);
    let key = crate::yaml::show_path(at.get(at.len() - 1..).unwrap_or(at));
    let message = format!(
        "`{key}` is {text}; the service takes {} to {}",
        words(least),
        words(most)
    );
    let near = if ticks < least { least } else { most };
    let fix = subject.set(at, &spelt(near, subject.target));
    if let Some(found) = subject.objection(Target::Service, "sentinel-duration-limit", at, message)
    {
        report.tell_for(Target::Service, found.mended(fix));
    }
}

fn period(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.rule;
    let (Some(frequency), Some(period)) = (rule.query_frequency, rule.query_period) else {
        return;
    };
    let at = at!["queryPeriod"];
    let text = |key: &str| subject.text(&at![key]).unwrap_or_default();
    let (shown_period, shown_frequency) = (text("queryPeriod"), text("queryFrequency"));
    if period < frequency {
        let message = format!(
            "`queryPeriod` ({shown_period}) is shorter than `queryFrequency` ({shown_frequency}): what happens between two runs is never looked at"
        );
        let fix = subject.set(&at, &shown_frequency);
        if let Some(found) = subject.objection(Target::Service, "sentinel-period", &at, message) {
            report.tell_for(Target::Service, found.mended(fix));
        }
    }
    if period >= 2 * DAY && frequency < HOUR {
        // At 2 days exactly only the repository's CI objects.
        let target = match period > 2 * DAY {
            true => Target::Service,
            false => Target::AzureSentinel,
        };
        let at = at!["queryFrequency"];
        let message = format!(
            "A rule that looks back {shown_period} runs every hour at most, and this one every {shown_frequency}"
        );
        let fix = subject.set(&at, &spelt(HOUR, subject.target));
        if let Some(found) = subject.objection(target, "sentinel-period", &at, message) {
            let hint = "Run it hourly, or look back less than 2 days";
            report.tell_for(target, found.with_hint(hint).mended(fix));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spelt_for_their_target() {
        for (ticks, units, iso) in [
            (HOUR, "1h", "PT1H"),
            (90 * MINUTE, "90m", "PT1H30M"),
            (14 * DAY, "14d", "P14D"),
            (DAY + 30_000_000, "1.00:00:03", "P1DT3S"),
        ] {
            assert_eq!(spelt(ticks, Target::AzureSentinel), units);
            assert_eq!(spelt(ticks, Target::SentinelAsCode), iso);
            assert_eq!(parse_duration(units), Some(ticks));
        }
    }
}
