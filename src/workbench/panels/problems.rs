//! What is wrong, with line and column; a click goes there.

use super::empty;
use crate::diagnostic::Severity;
use crate::workbench::app::Workbench;
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    if workbench.problems.shown().is_empty() {
        empty(
            ui,
            "No problems",
            "What is wrong with the open rule and the loaded logs appears here",
        );
        return;
    }
    let tokens = theme::tokens(ui);
    let mut go = None;
    egui::ScrollArea::vertical()
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.add_space(4.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            for problem in workbench.problems.shown() {
                let diagnostic = &problem.diagnostic;
                let icon = match diagnostic.severity {
                    Severity::Error => icons::ICON_ERROR,
                    Severity::Warning => icons::ICON_WARNING,
                    _ => icons::ICON_INFO,
                };
                let file = problem
                    .path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy();
                let place = match problem.at {
                    Some(at) => format!("{file}:{}:{}", at.line, at.column),
                    None => file.into_owned(),
                };
                let row = egui::Frame::new()
                    .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 4))
                    .show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        ui.horizontal_wrapped(|ui| {
                            ui.label(theme::icon(icon).color(tokens.severity(diagnostic.severity)));
                            ui.add(egui::Label::new(&diagnostic.message).selectable(false));
                            ui.add(
                                egui::Label::new(
                                    egui::RichText::new(format!("{place}  {}", diagnostic.code))
                                        .size(size::SMALL + 1.0)
                                        .color(tokens.text_subdued),
                                )
                                .selectable(false),
                            );
                        });
                        if let Some(hint) = &diagnostic.hint {
                            ui.horizontal_wrapped(|ui| {
                                ui.add_space(24.0);
                                ui.add(
                                    egui::Label::new(
                                        egui::RichText::new(hint).color(tokens.text_subdued),
                                    )
                                    .selectable(false),
                                );
                            });
                        }
                    });
                let response = ui.interact(
                    row.response.rect,
                    ui.scope_id().with(("problem", &place, &diagnostic.message)),
                    egui::Sense::click(),
                );
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(
                        egui::Role::Button,
                        true,
                        format!("{} {place}: {}", diagnostic.severity, diagnostic.message),
                    )
                });
                if response.hovered() {
                    ui.painter().rect_filled(
                        row.response.rect,
                        0,
                        tokens.hover.gamma_multiply(0.4),
                    );
                }
                if response.on_hover_text("Show it in the editor").clicked() {
                    go = Some((problem.path.clone(), diagnostic.span, problem.at));
                }
            }
        });
    if let Some((path, span, at)) = go {
        workbench.go_to(&path, span.map(|s| s.start), at.map(|p| p.line));
    }
}
