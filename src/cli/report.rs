//! Diagnostics for people and for machines.

use super::input::{exact, shown};
use super::output::{Answer, Stop, Style, say};
use crate::detect::Rule;
use crate::diagnostic::{Diagnostic, LineIndex, Severity};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

/// Says diagnostics of a rule's files on stderr: `path:line:column: severity code: message`.
pub(super) fn tell(rule: &Rule, found: &[(PathBuf, Diagnostic)]) {
    for (path, diagnostic) in found {
        let lines = LineIndex::new(text_of(rule, path));
        tell_one(diagnostic, &shown(path), &lines);
    }
}

/// The answer where a query or a rule did not run: no, or that its logs could not be read.
///
/// # Errors
/// The logs changed or went away in the meantime, which was told.
pub(super) fn answer<'d>(found: impl IntoIterator<Item = &'d Diagnostic>) -> Result<Answer, Stop> {
    let unread = [crate::kql::run::UNREAD, crate::detect::UNREAD];
    match found.into_iter().any(|d| unread.contains(&&*d.code)) {
        true => Err(Stop::Told),
        false => Ok(Answer::No),
    }
}

/// Says one diagnostic on stderr.
pub(super) fn tell_one(diagnostic: &Diagnostic, path: &str, lines: &LineIndex) {
    let style = Style::stderr();
    let text = diagnostic.render(path, lines);
    say(&match diagnostic.severity {
        Severity::Error => style.red(&text),
        Severity::Warning => style.yellow(&text),
        Severity::Information | Severity::Hint => text,
    });
}

/// Diagnostics as the command line's contract has them; offsets and lengths in characters.
pub(super) fn diagnostics_json(rule: &Rule, found: &[(PathBuf, Diagnostic)]) -> Json {
    Json::Array(
        found
            .iter()
            .map(|(path, d)| diagnostic_json(path, text_of(rule, path), d))
            .collect(),
    )
}

fn diagnostic_json(path: &Path, text: &str, d: &Diagnostic) -> Json {
    let mut json = json!({
        "path": exact(path),
        "severity": d.severity.to_string(),
        "code": d.code,
        "message": d.message,
        "hint": d.hint,
    });
    if let (Some(span), Some(fields)) = (d.span, json.as_object_mut()) {
        let lines = LineIndex::new(text);
        let (start, end) = (lines.position(span.start), lines.position(span.end));
        let (offset, length) = characters(text, span.start, span.end);
        for (name, number) in [
            ("line", start.line),
            ("column", start.column),
            ("end_line", end.line),
            ("end_column", end.column),
            ("offset", offset),
            ("length", length),
        ] {
            fields.insert(name.to_owned(), Json::from(number));
        }
    }
    json
}

/// A byte range as an offset and a length in characters.
pub(super) fn characters(text: &str, start: usize, end: usize) -> (usize, usize) {
    let before = |offset: usize| {
        text.char_indices()
            .take_while(|(at, _)| *at < offset)
            .count()
    };
    let offset = before(start);
    (offset, before(end).saturating_sub(offset))
}

fn text_of<'a>(rule: &'a Rule, path: &Path) -> &'a str {
    if path != rule.path && rule.companion.as_deref() == Some(path) {
        rule.companion_text.as_deref().unwrap_or("")
    } else {
        &rule.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_counted_in_characters() {
        assert_eq!(characters("aé|b", 3, 5), (2, 2));
        assert_eq!(characters("a", 9, 9), (1, 0));
    }

    #[test]
    fn logs_that_cannot_be_read_are_no_answer() {
        let of = |code: &str| Diagnostic::new(Severity::Error, code, None, "it did not run");
        let (other, unread) = (of("KQL-limit"), of("KQL-unread"));
        assert!(matches!(answer([&other]), Ok(Answer::No)));
        assert!(matches!(answer([&other, &unread]), Err(Stop::Told)));
        let unread = of("logs-unreadable");
        assert!(matches!(answer([&other, &unread]), Err(Stop::Told)));
    }
}
