//! The text of a group: the code editor on the document of its active tab.

use super::carried;
use crate::workbench::app::Workbench;
use crate::workbench::editor::{EditorInput, EditorResponse, Mark};
use crate::workbench::groups::GroupId;
use crate::workbench::schema::Field;
use crate::workbench::stage;
use std::path::Path;

/// Shows the text.
pub(super) fn show(workbench: &mut Workbench, ui: &mut egui::Ui, group: GroupId) {
    let Some(view) = workbench.groups.get(group).and_then(|g| g.view()) else {
        return;
    };
    let (path, id) = (view.path.clone(), view.id);
    // The keyboard may come by Tab, too.
    if workbench.groups.focus() != group && view.editor.has_keyboard(ui.ctx()) {
        workbench.groups.set_focus(group);
        workbench.active_changed();
    }
    let has_keyboard = workbench.groups.focus() == group;
    let marks: Vec<Mark> = workbench
        .problems
        .of(&path)
        .filter(|p| p.diagnostic.span.is_some())
        .map(|p| Mark::of(&p.diagnostic))
        .collect();
    let notes = stage_notes(workbench, &path);
    let tests = workbench.case_marks(&path);
    let Some(holder) = workbench.doc(&path).map(|d| d.holder) else {
        return;
    };
    if holder == 0 {
        if let Some(doc) = workbench.doc_mut(&path) {
            doc.holder = id;
        }
    } else if holder != id && has_keyboard {
        workbench.hold_steps(&path, holder, id);
    }
    let before = workbench.assist_before(group, &path);
    let Some(doc) = workbench.docs.iter_mut().find(|d| d.path == path) else {
        return;
    };
    let Some(view) = workbench.groups.view_in(group, &path) else {
        return;
    };
    if doc.holder != id {
        view.editor.follow(&doc.text);
    }
    let had = view.editor.has_keyboard(ui.ctx());
    let response = view.editor.show(
        ui,
        EditorInput {
            problems: &marks,
            notes: &notes,
            tests: &tests,
            choices: before
                .choices
                .as_ref()
                .map(|(line, words)| (*line, words.as_str())),
            sticky: workbench.settings.sticky,
            blanks: workbench.settings.blanks,
            note_action: Some("Show the rows after this stage"),
            popup: before.popup,
            ..EditorInput::new(&mut doc.text, doc.language)
        },
    );
    view.cursor = response.cursor;
    view.offset = response.offset;
    let editor = view.editor.id();
    if had && ui.memory(|m| m.focused().is_none()) {
        workbench.left_editor = Some(editor);
    } else if had {
        workbench.left_editor = None;
    }
    if response.changed {
        let edits = &response.edits;
        workbench.problems.follow(&path, edits, &doc.text);
        workbench.text_changed(&path);
    }
    if has_keyboard || response.drop_at.is_some() {
        drop_field(workbench, ui, group, &response);
        carried::drop_text(workbench, ui, (group, &path), editor, &response);
    }
    workbench.assist_after(group, &path, &response, before);
    if let Some(line) = response.clicked_note {
        workbench.show_stage_of_line(line);
    }
    if let Some(line) = response.clicked_test {
        workbench.show_case(&path, line);
    }
}

/// A column that is dragged over the text: a cursor shows where it would go.
fn drop_field(workbench: &mut Workbench, ui: &egui::Ui, group: GroupId, response: &EditorResponse) {
    let Some((offset, caret)) = response.drop_at else {
        return;
    };
    let Some(field) = egui::DragAndDrop::payload::<Field>(ui.ctx()) else {
        return;
    };
    carried::show_place(ui, caret);
    if ui.input(|i| i.pointer.any_released()) {
        egui::DragAndDrop::clear_payload(ui.ctx());
        workbench.groups.set_focus(group);
        workbench.active_changed();
        workbench.insert_field(&field, Some(offset));
    }
}

/// Rows alive after each stage, at the line on which the stage ends.
fn stage_notes(workbench: &Workbench, path: &Path) -> Vec<(usize, String)> {
    let Some(result) = &workbench.result else {
        return Vec::new();
    };
    if workbench.stale || result.path != path || workbench.changed_at.is_some() {
        return Vec::new();
    }
    let Ok(rule) = &result.rule else {
        return Vec::new();
    };
    let mut notes: Vec<(usize, String)> = Vec::new();
    for (line, stage) in stage::by_line(&result.run, &rule.text) {
        let text = crate::workbench::panels::grouped(stage.rows);
        match notes.last_mut() {
            Some((last, note)) if *last == line => *note = text,
            _ => notes.push((line, text)),
        }
    }
    notes
}
