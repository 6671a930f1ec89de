//! Places of the file in the editor.

use super::item::{Does, Item};
use crate::diagnostic::LineIndex;
use crate::workbench::app::Workbench;

/// The places whose name holds the letters, in their order.
pub(super) fn find(workbench: &Workbench, text: &str) -> Vec<Item> {
    let _ = (workbench, text);
    Vec::new()
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
