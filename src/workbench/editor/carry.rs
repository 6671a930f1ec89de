//! Selected text that the pointer takes somewhere else: it is moved, or copied with Ctrl held.

use super::cursors::Cursors;
use super::edit::Change;
use super::splice::Splice;
use super::{CodeEditor, Selection, mouse};
use egui::{CursorIcon, DragAndDrop, Id, Pos2, Response, Ui};
use std::ops::Range;

/// The pointer moves so far before it is no click any more.
const START: f32 = 5.0;

/// A selection that was pressed on.
#[derive(Clone, Debug)]
pub(super) struct Carry {
    range: Range<usize>,
    text: String,
    origin: Pos2,
    /// The pointer has left the place where it was pressed.
    moved: bool,
    /// Where it would go.
    pub to: Option<usize>,
}

/// Text on its way out of an editor, for others to take.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The editor it comes from.
    pub from: Id,
    /// Where it stands there.
    pub range: Range<usize>,
    /// What it is.
    pub text: String,
}

/// Takes up the selection if it was pressed on. Of several nobody could say where the others go.
pub(super) fn take_up(editor: &mut CodeEditor, text: &str, at: Pos2) -> bool {
    let [only] = editor.cursors.list() else {
        return false;
    };
    let range = only.range();
    let sheet = editor.sheet(text);
    let on_it = !range.is_empty()
        && sheet.sign_at(at).is_some()
        && sheet.rectangles(&range).iter().any(|r| r.contains(at));
    let Some(selected) = text.get(range.clone()).filter(|_| on_it) else {
        return false;
    };
    editor.carry = Some(Carry {
        text: selected.to_owned(),
        range,
        origin: at,
        moved: false,
        to: None,
    });
    true
}

/// What the pointer does with the text that it carries.
pub(super) fn go_on(
    editor: &mut CodeEditor,
    ui: &Ui,
    text: &mut String,
    response: &Response,
    (pointer, down): (Pos2, bool),
    read_only: bool,
) {
    let Some(mut carry) = editor.carry.take() else {
        return;
    };
    // Changed meanwhile by others: it is not what was pressed on.
    if text.get(carry.range.clone()) != Some(carry.text.as_str()) {
        DragAndDrop::clear_payload(ui.ctx());
        return;
    }
    let copies = ui.input(|i| mouse::held(i).command) || read_only;
    if !carry.moved && pointer.distance(carry.origin) > START {
        carry.moved = true;
        let carried = Carried {
            from: editor.id,
            range: carry.range.clone(),
            text: carry.text.clone(),
        };
        DragAndDrop::set_payload(ui.ctx(), carried);
    }
    if !carry.moved {
        if down {
            editor.carry = Some(carry);
        } else {
            // A click: the cursor goes there.
            let offset = editor.sheet(text).nearest(carry.origin);
            editor.go(Cursors::one(Selection::cursor(offset)));
            editor.reveal = None;
            editor.focus = true;
        }
        return;
    }
    if down && !DragAndDrop::has_any_payload(ui.ctx()) {
        // Let go of with Escape.
        return;
    }
    let here = editor.frame.text.contains(pointer) && response.contains_pointer();
    carry.to = (here && !read_only).then(|| editor.sheet(text).nearest(pointer));
    ui.set_cursor_icon(match (carry.to, copies) {
        (None, _) => CursorIcon::NoDrop,
        (_, true) => CursorIcon::Copy,
        (_, false) => CursorIcon::Move,
    });
    if down {
        if here {
            mouse::scroll_near(editor, ui, pointer);
        }
        editor.last_activity = editor.time;
        editor.carry = Some(carry);
        return;
    }
    if let Some(to) = carry.to {
        DragAndDrop::clear_payload(ui.ctx());
        let change = drop_at(&carry.range, &carry.text, to, copies);
        if let Some(change) = change {
            editor.commit(text, change, false);
        }
        editor.reveal = None;
        editor.focus = true;
    }
}

/// What it does to let a text of the same document fall at a place.
fn drop_at(range: &Range<usize>, carried: &str, to: usize, copies: bool) -> Option<Change> {
    if !copies && (range.start..=range.end).contains(&to) {
        return None;
    }
    let mut splices = vec![Splice::insert(to, carried)];
    let mut start = to;
    if !copies {
        splices.push(Splice::delete(range.clone()));
        splices.sort_by_key(|s| s.range.start);
        if to > range.end {
            start -= range.len();
        }
    }
    Some(Change {
        splices,
        select: Some(vec![Selection::new(start, start + carried.len())]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::editor::splice::apply;

    #[test]
    fn text_goes_where_it_is_dropped() {
        let after = |range: Range<usize>, to, copies| {
            let mut text = "one two three".to_owned();
            let carried = text[range.clone()].to_owned();
            let change = drop_at(&range, &carried, to, copies)?;
            apply(&mut text, &change.splices);
            let selected = change.select?.first()?.range();
            assert_eq!(text[selected], carried, "what was moved is selected");
            Some(text)
        };
        assert_eq!(after(0..4, 8, false).as_deref(), Some("two one three"));
        assert_eq!(after(8..13, 0, false).as_deref(), Some("threeone two "));
        assert_eq!(after(0..4, 8, true).as_deref(), Some("one two one three"));
        assert_eq!(after(0..4, 13, false).as_deref(), Some("two threeone "));
        // Into itself or to its edges nothing moves; a copy does.
        assert_eq!(
            [0, 2, 4].map(|to| after(0..4, to, false)),
            [None, None, None]
        );
        assert_eq!(after(0..4, 4, true).as_deref(), Some("one one two three"));
    }
}
