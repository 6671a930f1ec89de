//! What a detection says of itself for whoever gets its alerts.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::Step;
use serde_yaml::Value as Yaml;

/// Texts that are empty or were never written, and a reference that leads nowhere.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-texts",
    codes: &[
        Code {
            id: "panther-text-empty",
            about: "A description or runbook is empty, or still that of a template",
        },
        Code {
            id: "panther-reference",
            about: "The reference is no address",
        },
    ],
    run: check,
};

/// What templates leave to be written.
const TEMPLATE: [&str; 6] = ["todo", "tbd", "fixme", "n/a", "none", "placeholder"];

fn check(subject: &Subject<'_>, report: &mut Report) {
    let document = &subject.panther.document;
    let text = |name: &str| document.value().get(name).and_then(Yaml::as_str);
    let mut hint = |name: &str, code: &str, message: String, todo: &str| {
        let span = document.span(&[Step::from(name)]);
        report.tell(Diagnostic::new(Severity::Hint, code, span, message).with_hint(todo));
    };
    for (name, todo) in [
        ("Description", "Say what was seen and why it matters"),
        ("Runbook", "Say what to look at first, and what to do then"),
    ] {
        let Some(text) = text(name).map(str::trim) else {
            continue;
        };
        let bare = text.trim_end_matches(['.', ':', '!', '…']).to_lowercase();
        if text.is_empty() {
            hint(name, "panther-text-empty", format!("{name} is empty"), todo);
        } else if TEMPLATE.contains(&bare.as_str()) {
            hint(
                name,
                "panther-text-empty",
                format!("{name} is not written yet"),
                todo,
            );
        }
    }
    if let Some(reference) = text("Reference").map(str::trim)
        && !reference.is_empty()
        && !reference.contains("://")
    {
        let todo = "An alert shows it as a link: begin with https://";
        let message = "Reference is no address".to_owned();
        hint("Reference", "panther-reference", message, todo);
    }
}
