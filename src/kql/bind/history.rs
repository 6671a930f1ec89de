//! Where a column went that is not known: an operator before took it away, or one behind makes it.

use super::trace::StageSeen;
use crate::diagnostic::{Diagnostic, LineIndex, Span};
use std::collections::BTreeMap;

/// Hints for columns that are known elsewhere in the same pipe.
pub fn explain(diagnostics: &mut [Diagnostic], stages: &BTreeMap<usize, StageSeen>, text: &str) {
    let lines = LineIndex::new(text);
    for diagnostic in diagnostics.iter_mut().filter(|d| d.code == "KQL142") {
        let Some(span) = diagnostic.span else {
            continue;
        };
        let name = text.get(span.start..span.end).unwrap_or("");
        let name = name.trim_matches(['[', ']', '\'', '"']);
        let inside = |s: &&StageSeen| s.span.start <= span.start && span.end <= s.span.end;
        let innermost = stages
            .values()
            .filter(inside)
            .min_by_key(|s| s.span.end - s.span.start);
        if let Some(stage) = innermost
            && let Some(hint) = elsewhere(name, stage, stages, text, &lines)
        {
            diagnostic.hint = Some(hint);
        }
    }
}

fn elsewhere(
    name: &str,
    stage: &StageSeen,
    stages: &BTreeMap<usize, StageSeen>,
    text: &str,
    lines: &LineIndex,
) -> Option<String> {
    let has = |s: &super::trace::Rows| s.schema.iter().any(|(n, _)| n == name);
    let operator = |s: &StageSeen| text.get(s.name.start..s.name.end).unwrap_or("").to_owned();
    let line = |at: usize| lines.position(at).line;
    let mut at = stage;
    while let Some(before) = stages
        .range(..at.span.start)
        .rev()
        .map(|(_, s)| s)
        .find(|s| follows(s.span, at.span, text))
    {
        at = before;
        if before.input.as_ref().is_some_and(has) && !has(&before.output) {
            return Some(format!(
                "`{name}` was removed by `{}` on line {}",
                operator(before),
                line(before.span.start)
            ));
        }
    }
    let mut at = stage;
    while let Some(after) = stages
        .range(at.span.end..)
        .map(|(_, s)| s)
        .find(|s| follows(at.span, s.span, text))
    {
        at = after;
        if has(&after.output) {
            return Some(format!(
                "`{name}` exists only after `{}` on line {}",
                operator(after),
                line(after.span.start)
            ));
        }
    }
    // The operator itself makes it: its expressions see only what was before.
    let made_here = assigned(
        name,
        text.get(stage.span.start..stage.span.end).unwrap_or(""),
    );
    made_here.then(|| {
        format!(
            "`{name}` is made by this `{}` and can be used after it",
            operator(stage)
        )
    })
}

/// Whether `name =` stands in the text of an operator.
fn assigned(name: &str, operator: &str) -> bool {
    operator.match_indices(name).any(|(at, _)| {
        let whole = !operator
            .get(..at)
            .is_some_and(|b| b.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        let behind = operator.get(at + name.len()..).unwrap_or("").trim_start();
        whole && behind.starts_with('=') && !behind.starts_with("==") && !behind.starts_with("=~")
    })
}

/// Whether nothing but a pipe sign, blanks and comments stand between two operators.
fn follows(first: Span, second: Span, text: &str) -> bool {
    if first.end > second.start {
        return false;
    }
    let between = text.get(first.end..second.start).unwrap_or("");
    // Comments between operators are short; a long text is not searched.
    if between.len() > 4_000 {
        return false;
    }
    let signs = between
        .lines()
        .map(|l| l.split("//").next().unwrap_or("").trim());
    signs.collect::<String>() == "|"
}
