//! The open files: a strip of tabs and the code editor.

use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::editor::{EditorInput, EditorResponse, Mark};
use crate::workbench::schema::Field;
use crate::workbench::stage;
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;

/// The editor's own keys, for the list of shortcuts.
pub const KEYS: [(&str, &str); 5] = [
    ("Find in the file", "Ctrl+F"),
    ("Go to line", "Ctrl+G"),
    ("Comment or uncomment", "Ctrl+/"),
    ("Indent, outdent", "Tab, Shift+Tab"),
    ("Undo, redo", "Ctrl+Z, Ctrl+Shift+Z"),
];

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    if workbench.docs.is_empty() {
        welcome(workbench, ui);
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    tabs(workbench, ui);
    let Some(path) = workbench.active_doc().map(|d| d.path.clone()) else {
        return;
    };
    let marks: Vec<Mark> = workbench
        .problems
        .iter()
        .filter(|p| p.path == path)
        .filter(|p| p.diagnostic.span.is_some())
        .map(|p| Mark::of(&p.diagnostic))
        .collect();
    let notes = stage_notes(workbench, &path);
    let active = workbench.active;
    let Some(doc) = workbench.docs.get_mut(active) else {
        return;
    };
    let response = doc.editor.show(
        ui,
        EditorInput {
            problems: &marks,
            notes: &notes,
            note_action: Some("Show the rows after this stage"),
            ..EditorInput::new(&mut doc.text, doc.language)
        },
    );
    doc.cursor = response.cursor;
    doc.offset = response.offset;
    if response.changed {
        workbench.text_changed();
    }
    drop_field(workbench, ui, &response);
    if let Some(line) = response.clicked_note {
        workbench.show_stage_of_line(line);
    }
}

/// A column that is dragged over the text: a cursor shows where it would go.
fn drop_field(workbench: &mut Workbench, ui: &egui::Ui, response: &EditorResponse) {
    let Some((offset, caret)) = response.drop_at else {
        return;
    };
    let Some(field) = egui::DragAndDrop::payload::<Field>(ui.ctx()) else {
        return;
    };
    let caret = egui::Rect::from_center_size(caret.center(), egui::vec2(2.0, caret.height()));
    ui.painter().rect_filled(caret, 0, theme::tokens(ui).accent);
    if ui.input(|i| i.pointer.any_released()) {
        egui::DragAndDrop::clear_payload(ui.ctx());
        workbench.insert_field(&field, Some(offset));
    }
}

/// Rows alive after each stage, at the line on which the stage ends.
fn stage_notes(workbench: &Workbench, path: &std::path::Path) -> Vec<(usize, String)> {
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
        let text = super::grouped(stage.rows);
        match notes.last_mut() {
            Some((last, note)) if *last == line => *note = text,
            _ => notes.push((line, text)),
        }
    }
    notes
}

fn tabs(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let (mut activate, mut close) = (None, None);
    let reveal = std::mem::take(&mut workbench.reveal_tab);
    let height = size::TITLE_BAR;
    let strip =
        egui::Rect::from_min_size(ui.cursor().min, egui::vec2(ui.available_width(), height));
    ui.painter().rect_filled(strip, 0, tokens.backdrop);
    egui::ScrollArea::horizontal()
        .id_salt("tabs")
        .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
        .show(ui, |ui| {
            ui.set_height(height);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                for (index, doc) in workbench.docs.iter().enumerate() {
                    let active = index == workbench.active;
                    let (clicked, closed) = tab(ui, &doc.title(), active, doc.is_unsaved(), reveal);
                    if clicked {
                        activate = Some(index);
                    }
                    if closed {
                        close = Some(index);
                    }
                }
            });
        });
    if let Some(index) = activate {
        workbench.activate(index);
    }
    if let Some(index) = close {
        workbench.close_tab(index);
    }
}

fn tab(ui: &mut egui::Ui, title: &str, active: bool, unsaved: bool, reveal: bool) -> (bool, bool) {
    let tokens = theme::tokens(ui);
    let color = if active {
        tokens.text_strong
    } else {
        tokens.text_subdued
    };
    let galley = ui.painter().layout_no_wrap(
        title.to_owned(),
        egui::FontId::proportional(size::BODY),
        color,
    );
    let width = galley.size().x + 48.0;
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(width, size::TITLE_BAR), egui::Sense::click());
    response.widget_info(|| {
        let name = if unsaved {
            format!("{title}, unsaved")
        } else {
            title.to_owned()
        };
        egui::WidgetInfo::selected(egui::Role::Tab, true, active, name)
    });
    if active && reveal {
        ui.scroll_to_rect(rect, None);
    }
    if active {
        ui.painter().rect_filled(rect, 0, tokens.editor);
        let line = egui::Rect::from_min_size(rect.min, egui::vec2(rect.width(), 2.0));
        ui.painter().rect_filled(line, 0, tokens.accent);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    let at = egui::pos2(rect.left() + 12.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, color);
    let button = egui::Rect::from_center_size(
        egui::pos2(rect.right() - 18.0, rect.center().y),
        egui::vec2(18.0, 18.0),
    );
    let close = ui.interact(button, response.id.with("close"), egui::Sense::click());
    close.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Close {title}"))
    });
    if close.hovered() {
        ui.painter()
            .rect_filled(button, size::RADIUS_SMALL, tokens.active);
    }
    if unsaved && !close.hovered() {
        ui.painter()
            .circle_filled(button.center(), 4.0, tokens.accent);
    } else if active || response.hovered() || close.hovered() {
        ui.painter().text(
            button.center(),
            egui::Align2::CENTER_CENTER,
            icons::ICON_CLOSE.codepoint,
            egui::FontId::new(14.0, icons::ICON_CLOSE.font_family()),
            tokens.text_subdued,
        );
    }
    let close_clicked =
        close.on_hover_text("Close (Ctrl+W)").clicked() || response.middle_clicked();
    (response.clicked() && !close_clicked, close_clicked)
}

fn welcome(workbench: &mut Workbench, ui: &mut egui::Ui) {
    super::empty(
        ui,
        "No file is open",
        "Open a rule from the explorer, a folder, or drop files on the window",
    );
    ui.add_space(10.0);
    ui.vertical_centered(|ui| {
        for command in [Command::OpenFolder, Command::OpenPath, Command::OpenSamples] {
            let button =
                ui.add(egui::Button::new(command.text()).min_size(egui::vec2(150.0, 26.0)));
            if button
                .on_hover_text(command.tooltip_with_keys(ui.ctx()))
                .clicked()
            {
                workbench.execute(command);
            }
        }
    });
}
