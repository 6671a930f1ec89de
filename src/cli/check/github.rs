//! Findings as commands of GitHub's workflow log.

use super::super::input::exact;
use super::Found;
use crate::diagnostic::Severity;
use std::io::{self, Write};

pub(super) fn write(out: &mut impl Write, found: &Found<'_>) -> io::Result<()> {
    for one in &found.0 {
        let d = &one.finding.diagnostic;
        let command = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information | Severity::Hint => "notice",
        };
        let mut properties = format!("file={}", property(&exact(one.path)));
        if let Some(span) = d.span {
            let (start, end) = (one.lines.position(span.start), one.lines.position(span.end));
            properties.push_str(&format!(",line={},endLine={}", start.line, end.line));
            // Columns are only taken where both are on one line.
            if start.line == end.line {
                properties.push_str(&format!(",col={},endColumn={}", start.column, end.column));
            }
        }
        properties.push_str(&format!(",title={}", property(&d.code)));
        let mut message = d.message.clone();
        if let Some(hint) = &d.hint {
            message.push_str(&format!("\n{hint}"));
        }
        writeln!(out, "::{command} {properties}::{}", data(&message))?;
    }
    Ok(())
}

/// What a message may not hold as it is.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What a property may not hold as it is.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_escaped() {
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
        assert_eq!(data("a: b, c%\r\n"), "a: b, c%25%0D%0A");
    }
}
