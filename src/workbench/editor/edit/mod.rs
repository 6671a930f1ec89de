//! Edits as plain functions of text and selections.

mod brackets;
mod comment;
mod indent;
mod line_ends;
mod move_lines;
mod new_line;
mod remove;
mod typing;
mod whole_lines;

pub(super) use brackets::{closer_of, matching, opener_of};
pub(super) use comment::toggle_comment;
pub(super) use indent::{indent, outdent, tab};
pub(super) use line_ends::line_ends;
pub(super) use move_lines::{duplicate, move_lines};
pub(super) use new_line::new_line;
pub(super) use remove::{Reach, remove};
pub(super) use typing::{Surroundings, insert, paste, type_sign};
pub(super) use whole_lines::{delete_lines, join_lines, line_beside, trim_trailing};

use super::cursors::{Selection, first_place};
use super::lines::{line_bounds, next_line};
use super::splice::Splice;
use crate::workbench::highlight::{Language, language_at};

/// What an edit does.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    pub splices: Vec<Splice>,
    /// The selections in the new text; if none they go with the text round them.
    pub select: Option<Vec<Selection>>,
}

impl Change {
    fn of(splices: Vec<Splice>) -> Option<Self> {
        (!splices.is_empty()).then_some(Self {
            splices,
            select: None,
        })
    }
}

/// For so many cursors the language is looked up one by one; beyond, the first one's is taken for all.
const MOST_LOOKED_UP: usize = 32;

/// The language at each selection.
fn languages(text: &str, selections: &[Selection], language: Language) -> Vec<Language> {
    let at = |s: &Selection| language_at(text, s.range().start, language);
    if selections.len() <= MOST_LOOKED_UP {
        return selections.iter().map(at).collect();
    }
    vec![selections.first().map_or(language, at); selections.len()]
}

/// Where the lines begin that the selections touch, ascending. A selection that ends at the start of a line does
/// not touch that line.
fn touched(text: &str, selections: &[Selection]) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    for selection in selections {
        let range = selection.range();
        let mut start = line_bounds(text, range.start).start;
        loop {
            let content = start.max(first_place(text));
            if starts.last().is_none_or(|last| *last < content) {
                starts.push(content);
            }
            let next = next_line(text, start);
            if next >= range.end || next == start {
                break;
            }
            start = next;
        }
    }
    starts
}

/// The line that begins at an offset, without its line end.
fn line_from(text: &str, start: usize) -> &str {
    text.get(start..line_bounds(text, start).end)
        .unwrap_or_default()
}

#[cfg(test)]
pub(super) mod marked;
