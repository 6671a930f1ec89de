//! What an alert says of itself: formats with `{{columns}}`, and columns that give severity, tactics and properties.
//!
//! Example: `alertDisplayNameFormat: "By {{ActorMail}}"` where the query returns `ActorEmail`: the alert falls back to
//! the rule's name. The service puts up to three columns into a format (the reader of the rule says so).

use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Diagnostic, Fix, Span};
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "alert-details",
    codes: &[
        Code {
            id: "sentinel-format-column",
            about: "A format of the alert names a column that the query does not return",
        },
        Code {
            id: "sentinel-format",
            about: "A format of the alert is empty, too long or not closed",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    for (key, most) in [
        ("alertDisplayNameFormat", 256),
        ("alertDescriptionFormat", 5_000),
    ] {
        let at = at!["alertDetailsOverride", key];
        let Some(text) = subject.text(&at) else {
            continue;
        };
        let length = text.chars().count();
        let wrong = if text.trim().is_empty() {
            Some(format!("`{key}` is empty"))
        } else if length > most {
            Some(format!(
                "`{key}` has {length} characters; up to {most} are taken"
            ))
        } else {
            None
        };
        if let Some(message) = wrong
            && let Some(found) =
                subject.objection(Target::AzureSentinel, "sentinel-format", &at, message)
        {
            report.tell_for(
                Target::AzureSentinel,
                found.with_hint("Shorten it or leave it out"),
            );
        }
        for place in places(&text) {
            format_column(subject, &at, &text, &place, report);
        }
    }
    for key in ["alertSeverityColumnName", "alertTacticsColumnName"] {
        column(subject, &at!["alertDetailsOverride", key], report);
    }
    let list = at!["alertDetailsOverride", "alertDynamicProperties"];
    for index in 0..subject.items(&list).len() {
        let at = at![
            "alertDetailsOverride",
            "alertDynamicProperties",
            index,
            "value"
        ];
        column(subject, &at, report);
    }
}

/// A column in a format: where `{{` begins, where its name stands, and whether it is closed.
struct Place {
    open: usize,
    name: Option<(usize, usize)>,
}

fn places(text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(open) = text
        .get(from..)
        .and_then(|rest| rest.find("{{"))
        .map(|i| from + i)
    {
        let inside = open + 2;
        let close = text
            .get(inside..)
            .and_then(|rest| rest.find("}}"))
            .map(|i| inside + i);
        let name = close.map(|close| {
            let raw = text.get(inside..close).unwrap_or("");
            let start = inside + (raw.len() - raw.trim_start().len());
            (start, start + raw.trim().len())
        });
        places.push(Place { open, name });
        from = close.map_or(text.len(), |close| close + 2);
    }
    places
}

fn format_column(
    subject: &Subject<'_>,
    at: &[Step],
    text: &str,
    place: &Place,
    report: &mut Report,
) {
    let document = subject.document();
    let mapped = |start: usize, end: usize| {
        let start = document.offset_in_text(at, start)?;
        let last = document.offset_in_text(at, end.checked_sub(1)?)?;
        (last + 1 > start).then(|| Span::new(start, last + 1))
    };
    let Some((start, end)) = place.name else {
        let span = mapped(place.open, place.open + 2).unwrap_or_else(|| subject.span(at));
        let found = Diagnostic::warning("sentinel-format", span, "`{{` is never closed by `}}`");
        report.tell_for(
            Target::Service,
            found.with_hint("Close it behind the column's name"),
        );
        return;
    };
    let name = text.get(start..end).unwrap_or("");
    if name.is_empty() || subject.has_column(name) {
        return;
    }
    let span = mapped(start, end);
    let near = subject.nearest_column(name);
    let fix = span.zip(near.as_deref()).map(|(span, near)| {
        Fix::replace(format!("Replace \"{name}\" with \"{near}\""), span, near)
    });
    let message = format!(
        "The query returns no column `{name}`: the alert falls back to the rule's own text"
    );
    let span = span.unwrap_or_else(|| subject.span(at));
    let found =
        Diagnostic::warning("sentinel-format-column", span, message).with_hint(match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => subject.columns_in_words(),
        });
    report.tell_for(Target::Service, found.mended(fix));
}

fn column(subject: &Subject<'_>, at: &[Step], report: &mut Report) {
    let Some(name) = subject
        .text(at)
        .filter(|n| !n.trim().is_empty() && !subject.has_column(n))
    else {
        return;
    };
    let near = subject.nearest_column(&name);
    let fix = near.as_deref().and_then(|near| subject.set(at, near));
    let message = format!("The query returns no column `{name}`: nothing is overridden");
    let found = Diagnostic::warning("sentinel-format-column", subject.span(at), message).with_hint(
        match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => subject.columns_in_words(),
        },
    );
    report.tell_for(Target::Service, found.mended(fix));
}
