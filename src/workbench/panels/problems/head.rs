//! The line over the list: which kinds, which words.

use crate::workbench::app::Workbench;
use crate::workbench::panels::counted;
use crate::workbench::theme::{self, size};
use egui::{Button, Margin, Role, TextEdit, Ui, WidgetInfo};
use egui_material_icons::icons;

/// Shows the line.
pub(super) fn show(workbench: &mut Workbench, ui: &mut Ui) {
    let tokens = theme::tokens(ui);
    let counts = workbench.problems.counts();
    let state = &mut workbench.problem_list;
    let kinds = [
        (icons::ICON_ERROR, tokens.error, "error", "errors"),
        (icons::ICON_WARNING, tokens.warning, "warning", "warnings"),
        (icons::ICON_INFO, tokens.information, "remark", "remarks"),
    ];
    egui::Frame::new()
        .inner_margin(Margin::symmetric(size::PADDING as i8, 4))
        .show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                let all = kinds.into_iter().zip(counts).zip(&mut state.hidden);
                for (((icon, color, one, many), count), hidden) in all {
                    let text = counted(count, one, many);
                    let label = theme::icon_and_text(icon, &text);
                    let color = if *hidden { tokens.text_faint } else { color };
                    let button = ui
                        .scope(|ui| {
                            ui.visuals_mut().override_text_color = Some(color);
                            ui.add(Button::selectable(!*hidden, label))
                        })
                        .inner;
                    button.widget_info(|| {
                        WidgetInfo::selected(Role::Button, true, !*hidden, text.clone())
                    });
                    let does = if *hidden { "Show them" } else { "Hide them" };
                    if button.on_hover_text(does).clicked() {
                        *hidden = !*hidden;
                    }
                }
                let width = ui.available_width().clamp(80.0, 260.0);
                let field = TextEdit::singleline(&mut state.filter)
                    .hint_text("Filter by words, a code or a file")
                    .desired_width(width);
                let response = ui.add(field);
                response
                    .widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Filter problems"));
                if response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::Escape)) {
                    state.filter.clear();
                }
            });
        });
}
