//! Texts with marks for cursors: `¦` is a cursor, `«` an anchor and `»` the head of its selection.

use super::super::cursors::{Cursors, Selection};
use super::super::splice::apply;
use super::Change;

/// The text without marks, and the selections.
pub fn parse(marked: &str) -> (String, Vec<Selection>) {
    let mut text = String::new();
    let mut selections = Vec::new();
    let (mut anchor, mut head) = (None, None);
    for sign in marked.chars() {
        match sign {
            '¦' => selections.push(Selection::cursor(text.len())),
            '«' => anchor = Some(text.len()),
            '»' => head = Some(text.len()),
            _ => text.push(sign),
        }
        if let (Some(a), Some(h)) = (anchor, head) {
            selections.push(Selection::new(a, h));
            (anchor, head) = (None, None);
        }
    }
    (text, selections)
}

pub fn print(text: &str, selections: &[Selection]) -> String {
    let mut marks = Vec::new();
    for s in selections {
        if s.is_empty() {
            marks.push((s.head, '¦'));
        } else {
            marks.extend([(s.anchor, '«'), (s.head, '»')]);
        }
    }
    marks.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut marked = text.to_owned();
    for (at, sign) in marks {
        marked.insert(at, sign);
    }
    marked
}

/// What an edit makes of a marked text.
pub fn after(before: &str, edit: impl FnOnce(&str, &[Selection]) -> Option<Change>) -> String {
    let (mut text, selections) = parse(before);
    let cursors = Cursors::of(selections);
    let Some(change) = edit(&text, cursors.list()) else {
        return "nothing".to_owned();
    };
    apply(&mut text, &change.splices);
    let cursors = match change.select {
        Some(select) => Cursors::of(select),
        None => cursors.moved(&change.splices),
    };
    print(&text, cursors.list())
}
