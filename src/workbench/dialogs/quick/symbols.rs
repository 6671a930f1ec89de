//! Places of the file in the editor.

use super::fuzzy::Fuzzy;
use super::item::{Does, Item};
use crate::author;
use crate::diagnostic::LineIndex;
use crate::workbench::app::Workbench;

/// The places whose name holds the letters, in the order of the text while nothing is typed.
pub(super) fn find(workbench: &Workbench, text: &str) -> Vec<Item> {
    let Some(doc) = workbench.active_doc() else {
        return Vec::new();
    };
    let source = author::Source {
        path: &doc.path,
        text: &doc.text,
    };
    let lines = LineIndex::new(&doc.text);
    let mut fuzzy = Fuzzy::new(text, false);
    let mut found: Vec<(u32, Item)> = author::outline(&source)
        .into_iter()
        .filter_map(|symbol| {
            let score = match text.is_empty() {
                true => 0,
                false => fuzzy.score(&symbol.name)?,
            };
            let indent = "   ".repeat(symbol.depth.min(8));
            let shift = indent.chars().count() as u32;
            let lit = fuzzy.lit(&symbol.name).into_iter().map(|n| n + shift);
            let first = symbol.detail.lines().next().unwrap_or_default();
            Some((
                score,
                Item {
                    lit: lit.collect(),
                    detail: first.chars().take(60).collect(),
                    right: format!("Line {}", lines.position(symbol.span.start).line),
                    why_not: None,
                    does: Does::Go(symbol.span.start),
                    title: format!("{indent}{}", symbol.name),
                },
            ))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, item)| item).collect()
}

/// A line by its number.
pub(super) fn line(workbench: &Workbench, text: &str) -> Vec<Item> {
    let Some(doc) = workbench.active_doc() else {
        return Vec::new();
    };
    let Ok(line) = text.parse::<usize>() else {
        return Vec::new();
    };
    let index = LineIndex::new(&doc.text);
    let lines = 1 + memchr::memchr_iter(b'\n', doc.text.as_bytes()).count();
    let line = line.clamp(1, lines);
    vec![Item {
        title: format!("Go to line {line}"),
        lit: Vec::new(),
        detail: format!("{} of {lines}", doc.title()),
        right: String::new(),
        why_not: None,
        does: Does::Go(index.line_start(line)),
    }]
}
