//! The open files: groups side by side, each with its tabs and one text.

mod banner;
mod carried;
mod crumbs;
mod drag;
mod tab;
mod tabs;
mod text;
mod welcome;

pub use crumbs::Kept as Crumbs;

use crate::workbench::app::Workbench;
use crate::workbench::groups::{Border, GroupId};
use crate::workbench::theme;
use egui::{CursorIcon, Rect, Sense, Ui, UiBuilder};

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut Ui) {
    if workbench.docs.is_empty() {
        welcome::show(workbench, ui);
        return;
    }
    let room = ui.available_rect_before_wrap();
    let (places, borders) = workbench.groups.split().layout(room);
    for (id, rect) in places {
        let inside = UiBuilder::new().max_rect(rect).id_salt(("group", id));
        ui.scope_builder(inside, |ui| {
            ui.set_clip_rect(ui.clip_rect().intersect(rect));
            group(workbench, ui, id, rect);
        });
    }
    for border in &borders {
        drag_border(workbench, ui, border);
    }
}

fn group(workbench: &mut Workbench, ui: &mut Ui, id: GroupId, rect: Rect) {
    // Whatever is pressed in a group, the keyboard goes there.
    let pressed = ui.input(|i| {
        let at = i.pointer.interact_pos();
        i.pointer.any_pressed() && at.is_some_and(|at| rect.contains(at))
    });
    let on_top = || {
        let at = ui.input(|i| i.pointer.interact_pos()).unwrap_or_default();
        ui.ctx()
            .layer_id_at(at)
            .is_none_or(|layer| layer == ui.layer_id())
    };
    if pressed && id != workbench.groups.focus() && workbench.dialog.is_none() && on_top() {
        workbench.groups.set_focus(id);
        workbench.active_changed();
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    tabs::show(workbench, ui, id);
    crumbs::show(workbench, ui, id);
    banner::show(workbench, ui, id);
    text::show(workbench, ui, id);
    drag::drop_on(workbench, ui, id, rect);
}

/// The line between two groups.
fn drag_border(workbench: &mut Workbench, ui: &Ui, border: &Border) {
    let tokens = theme::tokens(ui);
    let id = ui.scope_id().with(("border", &border.way, border.after));
    let grip = match border.sideways {
        true => border.rect.expand2(egui::vec2(3.0, 0.0)),
        false => border.rect.expand2(egui::vec2(0.0, 3.0)),
    };
    let response = ui.interact(grip, id, Sense::drag());
    let active = response.hovered() || response.dragged();
    if active {
        ui.set_cursor_icon(match border.sideways {
            true => CursorIcon::ResizeHorizontal,
            false => CursorIcon::ResizeVertical,
        });
    }
    let (rect, color) = match active {
        true => (border.rect.expand(0.5), tokens.accent),
        false => (border.rect, tokens.separator),
    };
    ui.painter().rect_filled(rect, 0, color);
    let by = match border.sideways {
        true => response.drag_delta().x,
        false => response.drag_delta().y,
    };
    if by != 0.0 {
        workbench.groups.split_mut().drag(border, by);
    }
}
