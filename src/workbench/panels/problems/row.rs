//! The lines of the list.

use crate::diagnostic::Severity;
use crate::workbench::app::Workbench;
use crate::workbench::menus::context_menu;
use crate::workbench::panels::grouped;
use crate::workbench::problems::Problem;
use crate::workbench::theme::{self, Tokens, size};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align2, Color32, FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::{MaterialIcon, icons};
use std::path::Path;

/// What a person did with a problem.
pub(super) enum Did {
    /// Goes to its place.
    Go,
    /// Mends it.
    Fix,
}

fn sign(severity: Severity) -> MaterialIcon {
    match severity {
        Severity::Error => icons::ICON_ERROR,
        Severity::Warning => icons::ICON_WARNING,
        _ => icons::ICON_INFO,
    }
}

fn fill(ui: &Ui, rect: Rect, response: &egui::Response, tokens: &Tokens) {
    if response.hovered() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    if response.has_focus() {
        theme::focus_ring(ui, rect);
    }
}

fn icon_at(ui: &Ui, x: f32, y: f32, icon: MaterialIcon, color: Color32) {
    let font = FontId::new(size::ICON, icon.font_family());
    ui.painter()
        .text(pos2(x, y), Align2::LEFT_CENTER, icon.codepoint, font, color);
}

/// The line of a file; whether it was clicked.
pub(super) fn file(
    workbench: &Workbench,
    ui: &mut Ui,
    path: &Path,
    count: usize,
    worst: Severity,
    open: bool,
) -> bool {
    let tokens = theme::tokens(ui);
    let desired = vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(desired, Sense::click());
    let root = workbench.absolute_root();
    let shown = path.strip_prefix(&root).unwrap_or(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = shown
        .parent()
        .unwrap_or(Path::new(""))
        .display()
        .to_string();
    response.widget_info(|| {
        let what = if open { "open" } else { "closed" };
        WidgetInfo::labeled(Role::TreeItem, true, format!("{name}, {count}, {what}"))
    });
    fill(ui, rect, &response, tokens);
    let arrow = match open {
        true => icons::ICON_EXPAND_MORE,
        false => icons::ICON_CHEVRON_RIGHT,
    };
    let left = rect.left() + 6.0;
    icon_at(ui, left, rect.center().y, arrow, tokens.text_subdued);
    let mut job = LayoutJob::default();
    let body = FontId::proportional(size::BODY);
    let small = FontId::proportional(size::SMALL);
    job.append(&name, 0.0, TextFormat::simple(body, tokens.text_strong));
    let weak = TextFormat::simple(small.clone(), tokens.text_subdued);
    job.append(&folder, 8.0, weak);
    let number = TextFormat::simple(small, tokens.severity(worst));
    job.append(&grouped(count), 8.0, number);
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width() - 40.0);
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let at = pos2(left + 20.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, tokens.text);
    response.on_hover_text(path.display().to_string()).clicked()
}

/// The line of a problem.
pub(super) fn problem(ui: &mut Ui, problem: &Problem) -> Option<Did> {
    let tokens = theme::tokens(ui);
    let d = &problem.diagnostic;
    let name = problem
        .path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let place = match problem.at {
        Some(at) => format!("{name}:{}:{}", at.line, at.column),
        None => name.into_owned(),
    };
    let desired = vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(desired, Sense::click());
    response.widget_info(|| {
        let label = format!("{} {place}: {}", d.severity, d.message);
        WidgetInfo::labeled(Role::Button, true, label)
    });
    fill(ui, rect, &response, tokens);
    let left = rect.left() + 26.0;
    let middle = rect.center().y;
    icon_at(
        ui,
        left,
        middle,
        sign(d.severity),
        tokens.severity(d.severity),
    );
    let mut right = rect.right() - size::PADDING;
    let mut did = None;
    if !d.fixes.is_empty() {
        let button = Rect::from_center_size(pos2(right - 9.0, middle), vec2(20.0, 20.0));
        let title = match d.fixes.as_slice() {
            [only] => only.title.clone(),
            several => format!("{} ways to mend it", several.len()),
        };
        if lamp(ui, button, &response, &format!("{title}. {place}"), &title) {
            did = Some(Did::Fix);
        }
        right = button.left() - 6.0;
    }
    let told = match problem.at {
        Some(at) => format!("{}:{}", at.line, at.column),
        None => String::new(),
    };
    let small = FontId::proportional(size::SMALL);
    let place_rect = ui.painter().text(
        pos2(right, middle),
        Align2::RIGHT_CENTER,
        &told,
        small.clone(),
        tokens.text_subdued,
    );
    let mut job = LayoutJob::default();
    let body = FontId::proportional(size::BODY);
    job.append(&d.message, 0.0, TextFormat::simple(body, tokens.text));
    let weak = TextFormat::simple(small, tokens.text_subdued);
    let code = match problem.target {
        Some(target) => format!("{} ({})", d.code, target.name()),
        None => d.code.clone(),
    };
    job.append(&code, 8.0, weak.clone());
    if let Some(hint) = &d.hint {
        job.append(hint, 8.0, weak);
    }
    let from = left + 22.0;
    job.wrap =
        egui::text::TextWrapping::truncate_at_width((place_rect.left() - 12.0 - from).max(20.0));
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    ui.painter().galley(
        pos2(from, middle - galley.size().y / 2.0),
        galley,
        tokens.text,
    );
    context_menu(&response, |ui| {
        if ui.button("Go to it").clicked() {
            did = Some(Did::Go);
            ui.close();
        }
        let fixable = !d.fixes.is_empty();
        if ui
            .add_enabled(fixable, egui::Button::new("Mend it"))
            .clicked()
        {
            did = Some(Did::Fix);
            ui.close();
        }
        if ui.button("Copy message").clicked() {
            ui.ctx()
                .copy_text(format!("{place}: {}: {}", d.code, d.message));
            ui.close();
        }
    });
    let clicked = response.clicked();
    response.on_hover_ui(|ui| tooltip(ui, problem, &code));
    did.or(clicked.then_some(Did::Go))
}

fn lamp(ui: &Ui, rect: Rect, row: &egui::Response, name: &str, title: &str) -> bool {
    let tokens = theme::tokens(ui);
    let response = ui.interact(rect, row.id.with("fix"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Mend: {name}")));
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, size::RADIUS_SMALL, tokens.active);
    }
    if response.has_focus() {
        theme::focus_ring(ui, rect);
    }
    let icon = icons::ICON_LIGHTBULB;
    let font = FontId::new(size::ICON, icon.font_family());
    let at = rect.center();
    ui.painter().text(
        at,
        Align2::CENTER_CENTER,
        icon.codepoint,
        font,
        tokens.warning,
    );
    response.on_hover_text(title).clicked()
}

fn tooltip(ui: &mut Ui, problem: &Problem, code: &str) {
    let d = &problem.diagnostic;
    ui.set_max_width(420.0);
    ui.label(&d.message);
    if let Some(hint) = &d.hint {
        ui.weak(hint);
    }
    ui.add_space(4.0);
    ui.weak(code);
    if let Some(code) = crate::check::codes().find(|c| c.id == d.code) {
        ui.weak(code.about);
    }
}
