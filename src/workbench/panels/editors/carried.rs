//! Text that is dragged from one editor into another.

use crate::diagnostic::{Edit, Span};
use crate::workbench::app::Workbench;
use crate::workbench::editor::{Carried, EditorResponse};
use crate::workbench::groups::GroupId;
use crate::workbench::theme;
use egui::{DragAndDrop, Id, Rect, Ui};
use std::path::{Path, PathBuf};

/// Shows where something would go.
pub(super) fn show_place(ui: &Ui, caret: Rect) {
    let bar = Rect::from_center_size(caret.center(), egui::vec2(2.0, caret.height()));
    ui.painter().rect_filled(bar, 0, theme::tokens(ui).accent);
}

/// Text of another editor over this one: let go of, it is moved here, or copied with Ctrl held.
pub(super) fn drop_text(
    workbench: &mut Workbench,
    ui: &Ui,
    (group, path): (GroupId, &Path),
    editor: Id,
    response: &EditorResponse,
) {
    let Some((at, caret)) = response.drop_at else {
        return;
    };
    let carried = DragAndDrop::payload::<Carried>(ui.ctx());
    let Some(carried) = carried.filter(|carried| carried.from != editor) else {
        return;
    };
    show_place(ui, caret);
    if !ui.input(|i| i.pointer.any_released()) {
        return;
    }
    DragAndDrop::clear_payload(ui.ctx());
    let copies = ui.input(|i| i.modifiers.command);
    let source = workbench.groups.iter().find_map(|g| {
        let view = g.views.iter().find(|v| v.editor.id() == carried.from)?;
        Some((g.id, view.path.clone()))
    });
    let Some((from_group, from)) = source else {
        return;
    };
    workbench.groups.set_focus(group);
    workbench.active_changed();
    move_text(
        workbench,
        &carried,
        copies,
        (from_group, from),
        (group, path, at),
    );
}

fn move_text(
    workbench: &mut Workbench,
    carried: &Carried,
    copies: bool,
    (from_group, from): (GroupId, PathBuf),
    (group, path, at): (GroupId, &Path, usize),
) {
    let range = carried.range.clone();
    let still = workbench
        .doc(&from)
        .is_some_and(|doc| doc.text.get(range.clone()) == Some(carried.text.as_str()));
    if !still {
        return;
    }
    let away = Edit {
        span: Span::new(range.start, range.end),
        text: String::new(),
    };
    let same = from == path;
    if same && !copies && (range.start..=range.end).contains(&at) {
        return;
    }
    // With the line ends of the text that it goes to.
    let ends = workbench
        .doc(path)
        .map(|doc| crate::workbench::format::LineEnds::of(&doc.text));
    let text = match ends.filter(|_| !same) {
        Some(ends) => ends.apply(&carried.text),
        None => carried.text.clone(),
    };
    let moved = same && !copies && at > range.end;
    let start = if moved { at - range.len() } else { at };
    let select = Span::new(start, start + text.len());
    let mut edits = vec![Edit {
        span: Span::new(at, at),
        text,
    }];
    if same && !copies {
        edits.push(away.clone());
    }
    let done = workbench.assist_edit(group, path, &edits, Some(select));
    if done && !same && !copies {
        workbench.assist_edit(from_group, &from, &[away], None);
        if let Some(view) = workbench.groups.view_in(group, path) {
            view.editor.request_focus();
        }
    }
}
