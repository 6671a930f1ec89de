//! How a file is laid out: its line ends, its indentation, what stands in which column.

use super::tree::{Kind, NodeId};
use super::{Document, Step};
use crate::diagnostic::{Edit, Span};

/// The layout of a document.
pub(super) struct Layout<'d> {
    document: &'d Document,
    /// `\n` or `\r\n`, as the file has it.
    pub(super) eol: &'static str,
    /// How much deeper a mapping inside a mapping stands.
    pub(super) step: usize,
    /// How much deeper the items of a list stand than its key.
    pub(super) list_step: usize,
}

impl<'d> Layout<'d> {
    pub(super) fn of(document: &'d Document) -> Self {
        let text = document.text();
        let first = text.find('\n');
        let crlf = first.is_some_and(|at| text.get(..at).is_some_and(|t| t.ends_with('\r')));
        let mut layout = Self {
            document,
            eol: if crlf { "\r\n" } else { "\n" },
            step: 2,
            list_step: 2,
        };
        let Some(root) = document.0.tree.root() else {
            return layout;
        };
        let (mut step, mut list_step) = (None, None);
        layout.look(root, 0, &mut step, &mut list_step);
        layout.step = step.unwrap_or(2);
        layout.list_step = list_step.unwrap_or(2);
        layout
    }

    /// Looks for the first mapping and the first list below a key, on lines of their own.
    fn look(
        &self,
        node: NodeId,
        depth: usize,
        step: &mut Option<usize>,
        list_step: &mut Option<usize>,
    ) {
        let tree = &self.document.0.tree;
        if depth > super::MAX_DEPTH || (step.is_some() && list_step.is_some()) {
            return;
        }
        match tree.kind(node) {
            Some(Kind::Mapping(entries)) => {
                for (key, value) in entries {
                    let own = self.column(tree.span(*key).start);
                    let start = match tree.kind(*value) {
                        Some(Kind::Sequence(items)) => {
                            let dash = items.first().and_then(|item| self.dash(*item));
                            dash.unwrap_or(tree.span(*value).start)
                        }
                        _ => tree.span(*value).start,
                    };
                    let below = self.column(start);
                    let is_block = self.indented(start);
                    match tree.kind(*value) {
                        Some(Kind::Mapping(_)) if is_block && below > own => {
                            step.get_or_insert(below - own);
                        }
                        Some(Kind::Sequence(_)) if is_block && below >= own => {
                            list_step.get_or_insert(below - own);
                        }
                        _ => {}
                    }
                    self.look(*value, depth + 1, step, list_step);
                }
            }
            Some(Kind::Sequence(items)) => {
                for item in items {
                    self.look(*item, depth + 1, step, list_step);
                }
            }
            _ => {}
        }
    }

    /// Where the dash of a block list's item stands. The parser begins a list that is not indented at its key.
    pub(super) fn dash(&self, item: NodeId) -> Option<usize> {
        let start = self.document.0.tree.span(item).start;
        let before = self.document.text().get(..start)?.trim_end();
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// Whether nothing but spaces stands before a place on its line.
    fn indented(&self, at: usize) -> bool {
        let text = self.document.text();
        let start = self.line_start(at);
        text.get(start..at)
            .is_some_and(|before| before.bytes().all(|b| b == b' '))
            && !text
                .get(at..)
                .is_some_and(|rest| rest.starts_with(['[', '{']))
    }

    fn line_start(&self, at: usize) -> usize {
        let text = self.document.text();
        let before = text.get(..at).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        match start == 0 && text.starts_with('\u{feff}') {
            true => '\u{feff}'.len_utf8().min(at),
            false => start,
        }
    }

    /// The column of a place, from 0.
    pub(super) fn column(&self, at: usize) -> usize {
        let line = self.document.text().get(self.line_start(at)..at);
        line.map_or(0, |line| line.chars().count())
    }

    /// The column of the key or the item's content that a path names; 0 for the document.
    pub(super) fn column_of(&self, path: &[Step]) -> usize {
        let key = (0..=path.len())
            .rev()
            .find_map(|n| self.document.key_span(path.get(..n)?));
        key.map_or(0, |span| self.column(span.start))
    }

    /// Whether a value stands inside brackets.
    pub(super) fn in_flow(&self, path: &[Step]) -> bool {
        (0..path.len()).any(|n| {
            let span = path.get(..n).and_then(|above| self.document.span(above));
            let source = span.and_then(|s| self.document.text().get(s.start..s.end));
            source.is_some_and(|s| s.starts_with(['[', '{']))
        })
    }

    /// Lines of their own behind the line on which something ends.
    pub(super) fn line_after(&self, end: usize, lines: &[String]) -> Edit {
        let text = self.document.text();
        let rest = text.get(end..).unwrap_or("");
        let new = lines.join(self.eol);
        match rest.find('\n') {
            Some(to_break) => {
                let at = end + to_break + 1;
                Edit {
                    span: Span::new(at, at),
                    text: format!("{new}{}", self.eol),
                }
            }
            // A file without a last line break keeps being one.
            None => Edit {
                span: Span::new(text.len(), text.len()),
                text: format!("{}{new}", self.eol),
            },
        }
    }
}
