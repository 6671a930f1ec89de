//! The strip of tabs of a group.

use super::drag;
use super::tab::Tab;
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::doc::Disk;
use crate::workbench::groups::{GroupId, Side, View};
use crate::workbench::menus::context_menu;
use crate::workbench::theme::{self, size};
use egui::{Rect, Ui, vec2};
use std::path::{Path, PathBuf};

/// What a person wants of the tabs.
enum Wish {
    Show(usize),
    Close(PathBuf),
    CloseOthers(usize),
    CloseBehind(usize),
    CloseAll,
    Keep(PathBuf),
    Copy(String),
    Reveal(PathBuf),
    Split(usize, Side),
}

/// Shows the strip.
pub(super) fn show(workbench: &mut Workbench, ui: &mut Ui, id: GroupId) {
    let tokens = theme::tokens(ui);
    let height = size::TITLE_BAR;
    let strip = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
    ui.painter().rect_filled(strip, 0, tokens.backdrop);
    let reveal = workbench
        .groups
        .get_mut(id)
        .is_some_and(|g| std::mem::take(&mut g.reveal));
    // In a narrower strip the tab that is seen may be out of sight.
    let kept = ui.scope_id().with(("strip of tabs", id));
    let before: Option<f32> = ui.data(|d| d.get_temp(kept));
    let resized = before != Some(strip.width());
    if resized {
        ui.data_mut(|d| d.insert_temp(kept, strip.width()));
    }
    let reveal = reveal || resized;
    let mut wish = None;
    let mut rects = Vec::new();
    egui::ScrollArea::horizontal()
        .id_salt("tabs")
        .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
        .show(ui, |ui| {
            ui.set_height(height);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                let Some(group) = workbench.groups.get(id) else {
                    return;
                };
                for (index, view) in group.views.iter().enumerate() {
                    let seen = index == group.active;
                    rects.push(one(
                        workbench,
                        ui,
                        id,
                        index,
                        view,
                        (seen, reveal),
                        &mut wish,
                    ));
                }
            });
        });
    drag::drop_among(workbench, ui, id, strip, &rects);
    if let Some(wish) = wish {
        fulfil(workbench, id, wish);
    }
}

fn one(
    workbench: &Workbench,
    ui: &mut Ui,
    group: GroupId,
    index: usize,
    view: &View,
    (active, reveal): (bool, bool),
    wish: &mut Option<Wish>,
) -> Rect {
    let doc = workbench.doc(&view.path);
    let title = doc.map(|d| d.title()).unwrap_or_default();
    let folder = folder_of(workbench, &view.path);
    let disk = doc.map(|d| d.disk.clone()).unwrap_or_default();
    let answer = Tab {
        title: &title,
        folder: folder.as_deref(),
        active,
        focused: workbench.groups.focus() == group,
        unsaved: doc.is_some_and(|d| d.is_unsaved()),
        preview: view.preview,
        warns: disk != Disk::Same,
        reveal,
    }
    .show(ui);
    let path = || view.path.clone();
    if answer.clicked {
        *wish = Some(match answer.response.double_clicked() {
            true => Wish::Keep(path()),
            false => Wish::Show(index),
        });
    }
    if answer.closed {
        *wish = Some(Wish::Close(path()));
    }
    drag::start(ui, &answer.response, group, view, &title);
    let rect = answer.response.rect;
    context_menu(&answer.response, |ui| menu(ui, view, index, wish));
    answer.response.on_hover_ui(|ui| {
        ui.label(view.path.display().to_string());
        let told = match disk {
            Disk::Same if view.preview => "A look: double-click or type to keep it open",
            Disk::Same => return,
            Disk::Gone => "The file was deleted: save to bring it back",
            Disk::Differs(_) => "The file on disk is another one by now",
        };
        ui.weak(told);
    });
    rect
}

fn menu(ui: &mut Ui, view: &View, index: usize, wish: &mut Option<Wish>) {
    ui.set_min_width(200.0);
    let path = || view.path.clone();
    let mut entry = |ui: &mut Ui, text: &str, keys: Option<Command>, make: &dyn Fn() -> Wish| {
        let mut button = egui::Button::new(text);
        if let Some(keys) = keys.and_then(|c| c.keys_text(ui.ctx())) {
            button = button.right_text(keys);
        }
        if ui.add(button).clicked() {
            *wish = Some(make());
            ui.close();
        }
    };
    entry(
        ui,
        "Close",
        Some(Command::CloseTab),
        &|| Wish::Close(path()),
    );
    entry(ui, "Close others", None, &|| Wish::CloseOthers(index));
    entry(ui, "Close to the right", None, &|| Wish::CloseBehind(index));
    entry(ui, "Close all", None, &|| Wish::CloseAll);
    if view.preview {
        entry(ui, "Keep open", None, &|| Wish::Keep(path()));
    }
    ui.separator();
    let split = Some(Command::SplitRight);
    entry(ui, "Split right", split, &|| {
        Wish::Split(index, Side::Right)
    });
    entry(ui, "Split down", None, &|| Wish::Split(index, Side::Down));
    ui.separator();
    entry(ui, "Copy path", None, &|| {
        Wish::Copy(view.path.display().to_string())
    });
    entry(ui, "Reveal in explorer", None, &|| Wish::Reveal(path()));
}

fn fulfil(workbench: &mut Workbench, id: GroupId, wish: Wish) {
    match wish {
        Wish::Show(index) => workbench.activate_tab(id, index),
        Wish::Close(path) => workbench.close_tabs(id, &[path]),
        Wish::CloseOthers(index) => {
            workbench.activate_tab(id, index);
            workbench.close_others();
        }
        Wish::CloseBehind(index) => workbench.close_behind(id, index),
        Wish::CloseAll => {
            workbench.groups.set_focus(id);
            workbench.close_all();
        }
        Wish::Keep(path) => workbench.groups.keep(&path),
        Wish::Copy(text) => workbench.ctx.copy_text(text),
        Wish::Reveal(path) => workbench.reveal_in_explorer(&path),
        Wish::Split(index, side) => {
            workbench.activate_tab(id, index);
            workbench.split(side);
        }
    }
}

/// The folder of a file whose name another open file has too.
fn folder_of(workbench: &Workbench, path: &Path) -> Option<String> {
    let name = path.file_name()?;
    let twice = workbench
        .docs
        .iter()
        .any(|d| d.path != path && d.path.file_name() == Some(name));
    let folder = path.parent()?.file_name()?;
    twice.then(|| folder.to_string_lossy().into_owned())
}
