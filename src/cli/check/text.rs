//! Findings for people.

use super::super::input::shown;
use super::super::output::Style;
use super::Found;
use crate::diagnostic::Severity;
use std::io::{self, Write};

pub(super) fn write(out: &mut impl Write, found: &Found<'_>) -> io::Result<()> {
    let style = Style::stdout();
    for one in &found.0 {
        let d = &one.finding.diagnostic;
        let at = d.span.map(|s| one.lines.position(s.start));
        let place = match at {
            Some(at) => format!("{}:{}:{}", shown(one.path), at.line, at.column),
            None => shown(one.path),
        };
        let severity = d.severity.to_string();
        let severity = match d.severity {
            Severity::Error => style.red(&severity),
            Severity::Warning => style.yellow(&severity),
            Severity::Information | Severity::Hint => style.dim(&severity),
        };
        let target = match one.finding.target {
            Some(target) => format!(" [{}]", target.name()),
            None => String::new(),
        };
        writeln!(
            out,
            "{}: {severity} {}{target}: {}",
            style.bold(&place),
            d.code,
            d.message
        )?;
        if let Some(hint) = &d.hint {
            writeln!(out, "    hint: {hint}")?;
        }
        for fix in &d.fixes {
            writeln!(out, "    fix: {}", fix.title)?;
        }
    }
    Ok(())
}
