//! Where the event lies, and what can be done with all of it.

use super::read::Loaded;
use super::{RawEvent, Wish};
use crate::workbench::panels::{grouped, topbar::named_icon};
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;

/// Shows the head.
pub fn show(viewer: &mut RawEvent, ui: &mut egui::Ui, loaded: &Loaded) -> Option<Wish> {
    let tokens = theme::tokens(ui);
    let mut wish = None;
    ui.horizontal(|ui| {
        ui.label(theme::section_label("Raw event", tokens));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            buttons(viewer, ui, loaded, &mut wish);
        });
    });
    let place = place(loaded);
    let label = egui::RichText::new(&place)
        .size(size::SMALL + 1.0)
        .color(tokens.text_subdued);
    let label = ui.add(
        egui::Label::new(label)
            .truncate()
            .selectable(false)
            .sense(egui::Sense::click()),
    );
    let path = loaded.path.display().to_string();
    let label = label.on_hover_ui(|ui| {
        ui.label(&path);
        ui.weak(match loaded.is_packed() {
            true => "Bytes are counted from 0 in the text that the file unpacks to",
            false => "Bytes are counted from 0. Right-click to copy the path",
        });
    });
    crate::workbench::menus::context_menu(&label, |ui| {
        if ui.button("Copy path").clicked() {
            ui.ctx().copy_text(path.clone());
            ui.close();
        }
        if ui.button("Copy place").clicked() {
            ui.ctx().copy_text(format!("{path}:{}", loaded.line));
            ui.close();
        }
    });
    ui.add_space(2.0);
    wish
}

fn buttons(viewer: &mut RawEvent, ui: &mut egui::Ui, loaded: &Loaded, wish: &mut Option<Wish>) {
    if named_icon(ui, icons::ICON_CONTENT_COPY, "Copy event")
        .on_hover_text("Copy the event as it is written")
        .clicked()
        && let Ok(text) = &loaded.text
    {
        ui.ctx().copy_text(text.to_string());
    }
    let open = ui
        .add_enabled_ui(!loaded.is_packed(), |ui| {
            named_icon(ui, icons::ICON_OPEN_IN_NEW, "Open the file at this line")
        })
        .inner;
    let open = open
        .on_hover_text(format!("Open the file at line {}", grouped(loaded.line)))
        .on_disabled_hover_text("The file is packed: unpack it to open it");
    if open.clicked() {
        *wish = Some(Wish::OpenFile(loaded.path.clone(), loaded.line));
    }
    let find = named_icon(ui, icons::ICON_SEARCH, "Find in the event");
    if find.on_hover_text("Find in the event (Ctrl+F)").clicked() {
        viewer.find.open();
    }
    if viewer.is_pretty() {
        for (icon, name, folded) in [
            (icons::ICON_UNFOLD_LESS, "Fold all", true),
            (icons::ICON_UNFOLD_MORE, "Unfold all", false),
        ] {
            if named_icon(ui, icon, name).on_hover_text(name).clicked()
                && let Some(document) = &loaded.document
            {
                viewer.folds.set_all(document, folded);
                viewer.current = None;
                viewer.changed();
            }
        }
    }
    if loaded.document.is_some() {
        ui.add_space(6.0);
        let before = viewer.pretty;
        for (value, text, tip) in [
            (
                false,
                "As written",
                "Show the text as it stands in the file",
            ),
            (true, "Pretty", "Show a value a line"),
        ] {
            let words = egui::RichText::new(text).size(size::SMALL + 1.0);
            ui.selectable_value(&mut viewer.pretty, value, words)
                .on_hover_text(tip);
        }
        if before != viewer.pretty {
            viewer.current = None;
            viewer.changed();
            viewer.find.forget();
            viewer.look_for();
        }
    }
}

/// `audit.ndjson, line 12, bytes 3,401–4,120`: the first and the last byte, counted from 0.
fn place(loaded: &Loaded) -> String {
    let name = loaded.path.file_name().unwrap_or_default();
    let mut text = format!("{}, line {}", name.to_string_lossy(), grouped(loaded.line));
    if let Some(bytes) = loaded.bytes.as_ref().filter(|b| !b.is_empty()) {
        let unpacked = if loaded.is_packed() { " unpacked" } else { "" };
        text.push_str(&format!(
            ", bytes {}–{}{unpacked}",
            grouped(bytes.start),
            grouped(bytes.end - 1)
        ));
    }
    if loaded.document.is_none() && loaded.text.is_ok() {
        text.push_str(". Not JSON: shown as it is written");
    }
    text
}
