//! `Reports`: the form of MITRE ATT&CK's entries.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::Step;
use serde_yaml::Value as Yaml;

/// An entry is a tactic and a technique: `TA0003:T1098.003`.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-mitre",
    codes: &[Code {
        id: "panther-mitre",
        about: "An entry of MITRE ATT&CK is not TA0000:T0000 or TA0000:T0000.000",
    }],
    run: check,
};

/// As Panther and everybody in its repository spells it.
const NAME: &str = "MITRE ATT&CK";

fn check(subject: &Subject<'_>, report: &mut Report) {
    let document = &subject.panther.document;
    let Some(reports) = document.value().get("Reports") else {
        return;
    };
    let entries = reports.get(NAME).and_then(Yaml::as_sequence);
    for (index, entry) in entries.into_iter().flatten().enumerate() {
        let Some(text) = entry.as_str().filter(|text| !is_entry(text)) else {
            continue;
        };
        let span = document.span(&[Step::from("Reports"), Step::from(NAME), Step::from(index)]);
        let message = format!("`{text}` is no tactic with a technique");
        report.tell(
            Diagnostic::new(Severity::Hint, "panther-mitre", span, message)
                .with_hint("Write it as TA0003:T1098 or TA0003:T1098.003, or Panther cannot place it in its matrix"),
        );
    }
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_entry(text: &str) -> bool {
    let Some((tactic, technique)) = text.trim().split_once(':') else {
        return false;
    };
    let (technique, sub) = match technique.split_once('.') {
        Some((technique, sub)) => (technique, Some(sub)),
        None => (technique, None),
    };
    tactic.strip_prefix("TA").is_some_and(|n| digits(n, 4))
        && technique.strip_prefix('T').is_some_and(|n| digits(n, 4))
        && sub.is_none_or(|n| digits(n, 3))
}

#[cfg(test)]
mod tests {
    use super::is_entry;

    #[test]
    fn an_entry_is_a_tactic_and_a_technique() {
        assert!(is_entry("TA0003:T1098"));
        assert!(is_entry("TA0003:T1098.003"));
        assert!(!is_entry("T1098"));
        assert!(!is_entry("TA0003"));
        assert!(!is_entry("TA0003:T1098.3"));
        assert!(!is_entry("TA003:T1098"));
    }
}
