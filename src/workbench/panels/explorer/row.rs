//! One row of the explorer.

use crate::workbench::theme::{self, size};

/// A row over the whole width: an icon, a name that is cut where it must, and something at the right.
pub(super) struct Row<'a> {
    pub icon: egui_material_icons::MaterialIcon,
    pub color: egui::Color32,
    pub name: &'a str,
    pub right: &'a str,
    pub right_color: egui::Color32,
    pub selected: bool,
    pub indent: f32,
    /// What a reader of the screen says.
    pub label: String,
}

impl Row<'_> {
    pub fn show(self, ui: &mut egui::Ui) -> egui::Response {
        let tokens = theme::tokens(ui);
        let desired = egui::vec2(ui.available_width(), size::ROW);
        let (rect, response) = ui.allocate_exact_size(desired, egui::Sense::click());
        response.widget_info(|| {
            egui::WidgetInfo::selected(
                egui::Role::TreeItem,
                true,
                self.selected,
                self.label.clone(),
            )
        });
        if ui.is_rect_visible(rect) {
            let fill = match (self.selected, response.hovered()) {
                (true, _) => Some(tokens.selection),
                (_, true) => Some(tokens.hover),
                _ => None,
            };
            if let Some(fill) = fill {
                ui.painter().rect_filled(rect, 0, fill);
            }
            if response.has_focus() {
                ui.painter().rect_stroke(
                    rect.shrink(1.0),
                    0,
                    egui::Stroke::new(1.0, tokens.accent),
                    egui::StrokeKind::Inside,
                );
            }
            let text_color = if self.selected {
                tokens.on_selection
            } else {
                tokens.text
            };
            let left = rect.left() + size::PADDING + self.indent;
            let middle = rect.center().y;
            ui.painter().text(
                egui::pos2(left, middle),
                egui::Align2::LEFT_CENTER,
                self.icon.codepoint,
                egui::FontId::new(size::ICON, self.icon.font_family()),
                self.color,
            );
            let right = ui.painter().text(
                egui::pos2(rect.right() - size::PADDING, middle),
                egui::Align2::RIGHT_CENTER,
                self.right,
                egui::FontId::proportional(size::SMALL),
                match self.selected {
                    true => tokens.on_selection,
                    false => self.right_color,
                },
            );
            let from = left + 22.0;
            let width = (right.left() - 8.0 - from).max(0.0);
            let mut job = egui::text::LayoutJob::simple_singleline(
                self.name.to_owned(),
                egui::FontId::proportional(size::BODY),
                text_color,
            );
            job.wrap = egui::text::TextWrapping::truncate_at_width(width);
            let galley = ui.fonts_mut(|f| f.layout_job(job));
            let at = egui::pos2(from, middle - galley.size().y / 2.0);
            ui.painter().galley(at, galley, text_color);
        }
        response
    }
}
