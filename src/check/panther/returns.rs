//! What the functions that Panther calls return: each has a type, and a severity is one of a list.

use super::{PantherCheck, Subject};
use crate::check::panther::python::{Gives, Python, Returned, returned};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, Severity, nearest};

/// Values of a wrong type, and severities that there are not.
pub(super) const CHECK: PantherCheck = Check {
    name: "python-returns",
    codes: &[
        Code {
            id: "panther-return-type",
            about: "A function returns a value of a type that Panther does not take from it",
        },
        Code {
            id: "panther-return-severity",
            about: "severity() returns a text that is no severity",
        },
        Code {
            id: "panther-dedup-constant",
            about: "dedup() always returns the same text: all matches go into one alert",
        },
    ],
    run: check,
};

/// The severities that a body may give.
const SEVERITIES: [&str; 6] = ["DEFAULT", "INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some(python) = subject.python else {
        return;
    };
    let deciding = subject.panther.kind.function();
    for function in python.functions() {
        let name = function.name.as_str();
        let wanted = match name {
            "rule" | "policy" if name == deciding => "true or false",
            "title" | "description" | "reference" | "severity" | "runbook" | "dedup" | "unique" => {
                "text"
            }
            "destinations" => "a list of names",
            "alert_context" => "a mapping",
            _ => continue,
        };
        // Of two functions of a name the last one counts.
        if python.bound.times(name) != 1 {
            continue;
        }
        let Some(ways) = returned(python, function) else {
            continue;
        };
        for way in &ways {
            if let Some(found) = wrong(name, wanted, way).or_else(|| {
                (name == "severity")
                    .then(|| severity(python, way))
                    .flatten()
            }) {
                report.tell_in(python.path, None, found);
            }
        }
        if name == "dedup" {
            constant(python, &ways, report);
        }
    }
}

fn wrong(name: &str, wanted: &str, way: &Returned) -> Option<Diagnostic> {
    let fits = match (&way.gives, wanted) {
        (Gives::Unknown, _) => true,
        (Gives::Truth, "true or false")
        | (Gives::Text(_), "text")
        | (Gives::List, "a list of names")
        | (Gives::Mapping, "a mapping") => true,
        // No destinations of its own.
        (Gives::Nothing, "a list of names") => true,
        // Where nothing is counted Panther uses nothing too.
        (Gives::Nothing, _) if name == "unique" => true,
        _ => false,
    };
    if fits {
        return None;
    }
    let message = if way.falls {
        format!("{name} can end without a return, and Panther wants {wanted} from it")
    } else {
        let gives = way.gives.words();
        format!("{name} returns {gives} here, and Panther wants {wanted} from it")
    };
    let hint = match name {
        "rule" | "policy" => "Panther takes it for an error of the detection",
        _ => "Panther takes it for an error of the function and uses what stands for it",
    };
    let mut found = Diagnostic::warning("panther-return-type", way.span, message).with_hint(hint);
    if let (Gives::Text(Some(text)), "true or false") = (&way.gives, wanted) {
        let truth = match text.to_ascii_lowercase().as_str() {
            "true" => "True",
            "false" => "False",
            _ => return Some(found),
        };
        found = found.with_fix(Fix::replace(format!("Write {truth}"), way.span, truth));
    }
    Some(found)
}

fn severity(python: &Python<'_>, way: &Returned) -> Option<Diagnostic> {
    let Gives::Text(Some(text)) = &way.gives else {
        return None;
    };
    if SEVERITIES.contains(&text.to_uppercase().as_str()) {
        return None;
    }
    let names = SEVERITIES.join(", ");
    let message = format!("`{text}` is no severity");
    let found = Diagnostic::warning("panther-return-severity", way.span, message)
        .with_hint(format!("Use one of {names}"));
    let quote = python.text.get(way.span.start..way.span.start + 1);
    let near = match text.to_uppercase().as_str() {
        "INFORMATIONAL" | "INFORMATION" => Some("INFO".to_owned()),
        other => nearest(other, SEVERITIES.into_iter()),
    };
    Some(match (near, quote) {
        (Some(near), Some(quote @ ("\"" | "'"))) => found.with_fix(Fix::replace(
            format!("Write {near}"),
            way.span,
            format!("{quote}{near}{quote}"),
        )),
        _ => found,
    })
}

/// A deduplication text that never changes.
fn constant(python: &Python<'_>, ways: &[Returned], report: &mut Report) {
    let mut texts = ways.iter().map(|way| match &way.gives {
        Gives::Text(Some(text)) => Some(text),
        _ => None,
    });
    let Some(Some(first)) = texts.next() else {
        return;
    };
    if !texts.all(|text| text == Some(first)) {
        return;
    }
    let Some(way) = ways.first() else { return };
    let message = format!("dedup always returns `{first}`");
    let found = Diagnostic::new(
        Severity::Hint,
        "panther-dedup-constant",
        Some(way.span),
        message,
    )
    .with_hint("All matches of a period go into one alert, whoever they are about: name what tells them apart");
    report.tell_in(python.path, None, found);
}
