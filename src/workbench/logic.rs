//! What of a Panther rule's Python is conditions, and what stays Python: prepared on the run thread for the details panel.

use crate::detect::{Body, Rule};
use crate::panther::Matcher;
use crate::panther::guard::{self, Condition};
use std::path::PathBuf;

/// The structured part of a Python body, and the rest.
pub struct Logic {
    /// The body.
    pub path: PathBuf,
    /// What a match needs, with the line each stands in.
    pub conditions: Vec<(Condition, usize)>,
    /// The lines that only Python can tell: where they begin in the body, their numbers, the first one's text.
    pub python: Vec<(usize, String, String)>,
}

/// Reads it; none for a rule without a Python `rule`.
pub fn of(rule: &Rule) -> Option<Logic> {
    let Body::Panther(panther, Some(body)) = &rule.body else {
        return None;
    };
    let by_python = matches!(panther.matcher, Matcher::Python | Matcher::Derived(_));
    if !by_python || panther.kind.function() != "rule" {
        return None;
    }
    let guard = guard::read_with(body, panther.repository.library());
    let lines = guard.python_lines(body);
    let index = crate::diagnostic::LineIndex::new(body);
    let python = lines.into_iter().map(|(from, to)| {
        let words = match from == to {
            true => format!("Line {from}"),
            false => format!("Lines {from}–{to}"),
        };
        let text = body.lines().nth(from - 1).unwrap_or("").trim();
        (index.line_start(from), words, text.to_owned())
    });
    let conditions = guard.conditions.iter().map(|condition| {
        let line = index.position(condition.span.start).line;
        (condition.clone(), line)
    });
    Some(Logic {
        path: rule.companion.clone()?,
        conditions: conditions.collect(),
        python: python.collect(),
    })
}
