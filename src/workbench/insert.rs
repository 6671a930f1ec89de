//! Words that a person picks elsewhere in the window and wants in the text: at the cursor, or as a line of their own.

use super::app::Workbench;
use super::layout::Pane;
use crate::author::{self, Home, Source};

/// What is put into the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Insert {
    /// Words at the cursor, in place of what is selected.
    Words(String),
    /// A stage of a query: a line of its own below the cursor, with a pipe before it.
    Stage(String),
}

fn of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The place itself; in the middle of a word the edge that is nearer.
fn edge_of_word(text: &str, at: usize) -> usize {
    let (before, after) = (
        text.get(..at).unwrap_or_default(),
        text.get(at..).unwrap_or_default(),
    );
    let left = before.trim_end_matches(of_word).len();
    let right = text.len() - after.trim_start_matches(of_word).len();
    match (at - left, right - at) {
        (0, _) | (_, 0) => at,
        (to_left, to_right) if to_left < to_right => left,
        _ => right,
    }
}

/// The text with something inserted at an offset, and where the cursor goes.
fn inserted(text: &str, offset: usize, insert: &Insert) -> (String, usize) {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    if matches!(insert, Insert::Words(_)) {
        at = edge_of_word(text, at);
    }
    let (before, after) = text.split_at(at);
    match insert {
        Insert::Words(words) => {
            // A name does not grow together with its neighbours.
            let gap = |c: Option<char>| if c.is_some_and(of_word) { " " } else { "" };
            let left = gap(before.chars().next_back());
            let right = gap(after.chars().next());
            let new = format!("{before}{left}{words}{right}{after}");
            (new, at + left.len() + words.len())
        }
        Insert::Stage(stage) => {
            let line = before.rfind('\n').map_or(0, |n| n + 1);
            let end = at + after.find('\n').unwrap_or(after.len());
            let whole = text.get(line..end).unwrap_or_default();
            let carriage = whole.ends_with('\r');
            let content = whole.trim_end();
            let indent: String = content.chars().take_while(|c| c.is_whitespace()).collect();
            let newline = if carriage { "\r\n" } else { "\n" };
            let head = text.get(..line + content.len()).unwrap_or_default();
            let tail = text.get(end..).unwrap_or_default();
            let tail = if carriage {
                format!("\r{tail}")
            } else {
                tail.to_owned()
            };
            let new = match content.trim().is_empty() {
                true => format!("{head}{indent}| {stage}"),
                false => format!("{head}{newline}{indent}| {stage}"),
            };
            let cursor = new.len();
            (new + &tail, cursor)
        }
    }
}

impl Workbench {
    /// Puts something into the text in the editor: at an offset, or at the cursor.
    pub(super) fn insert(&mut self, insert: &Insert, offset: Option<usize>) {
        let Some((doc, view)) = self.active_pair() else {
            self.notices.info("Open a rule to insert into it");
            return;
        };
        let path = doc.path.clone();
        let is_python = doc.path.extension().is_some_and(|e| e == "py");
        if is_python && matches!(insert, Insert::Stage(_)) {
            self.notices
                .info("A stage of a query has no place in a Python body");
            return;
        }
        let at = offset.unwrap_or(view.offset);
        let source = Source {
            path: &path,
            text: &doc.text,
        };
        let stage = match insert {
            Insert::Words(words) => format!("where isnotempty({words})"),
            Insert::Stage(stage) => stage.clone(),
        };
        // Whoever drops it sees where; the cursor may stand anywhere.
        let home = match offset {
            Some(_) => Home::Cursor,
            None => author::home(&source, at, &stage),
        };
        let (new, cursor) = match home {
            Home::Cursor => inserted(&doc.text, at, insert),
            Home::End(edit) => {
                let (start, end) = (edit.span.start, edit.span.end);
                let head = doc.text.get(..start).unwrap_or_default();
                let tail = doc.text.get(end..).unwrap_or_default();
                let cursor = start + edit.text.len();
                (format!("{head}{}{tail}", edit.text), cursor)
            }
            Home::Nowhere(why) => {
                self.notices.info(why);
                return;
            }
        };
        doc.text = new;
        view.offset = cursor;
        view.editor.go_to(cursor);
        self.settings.reveal = Some(Pane::Editor);
        self.text_changed(&path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_where_the_cursor_is() {
        let words = Insert::Words("Details.role".to_owned());
        assert_eq!(
            inserted("| where  == 1", 8, &words).0,
            "| where Details.role == 1"
        );
        assert_eq!(
            inserted("where", 5, &words),
            ("where Details.role".to_owned(), 18)
        );
        assert_eq!(
            inserted("ü", 1, &words).0,
            "Details.role ü",
            "never within a sign"
        );
        assert_eq!(
            inserted("| where Type == 1", 9, &words).0,
            "| where Details.role Type == 1",
            "never within a word: before it, as its beginning is nearer"
        );
        assert_eq!(
            inserted("| where Type == 1", 11, &words).0,
            "| where Type Details.role == 1"
        );
        assert_eq!(inserted("", 99, &words).0, "Details.role");
    }

    #[test]
    fn a_stage_is_a_line_of_its_own_as_deep_as_its_neighbour() {
        let stage = Insert::Stage("where A == 1".to_owned());
        let yaml = "query: |\n  T\n  | take 5\nkind: x\n";
        let at = yaml.find("T").unwrap_or(0);
        let (new, cursor) = inserted(yaml, at, &stage);
        assert_eq!(
            new,
            "query: |\n  T\n  | where A == 1\n  | take 5\nkind: x\n"
        );
        assert_eq!(
            new.get(..cursor).unwrap_or(""),
            "query: |\n  T\n  | where A == 1"
        );
        assert_eq!(
            inserted("T\r\n| count", 1, &stage).0,
            "T\r\n| where A == 1\r\n| count"
        );
        assert_eq!(inserted("  ", 2, &stage).0, "| where A == 1");
    }
}
