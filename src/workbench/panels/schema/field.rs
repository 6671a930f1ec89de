//! The line of a column or a path.

use super::Wish;
use crate::value::profile::Values;
use crate::workbench::grid::{Filter, Test};
use crate::workbench::panels::{counted, grouped};
use crate::workbench::schema::{Field, Subject, distinct, percent};
use crate::workbench::theme::{self, size};
use egui::{Rect, Sense, Ui, pos2, vec2};
use egui_material_icons::{MaterialIcon, icons};

/// The icon of a type or kind.
pub(super) fn icon_of(kind: &str) -> MaterialIcon {
    match kind {
        "datetime" | "timespan" => icons::ICON_SCHEDULE,
        "int" | "long" | "real" | "decimal" => icons::ICON_TAG,
        "bool" => icons::ICON_TOGGLE_ON,
        "dynamic" | "dictionary" => icons::ICON_DATA_OBJECT,
        "array" => icons::ICON_DATA_ARRAY,
        _ => icons::ICON_ABC,
    }
}

/// The line of a column or a path.
pub(super) struct FieldRow<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub icon: MaterialIcon,
    pub depth: usize,
    pub values: Option<&'a Values>,
    pub open: bool,
    /// Whether there is something to open.
    pub inside: bool,
    /// Why it could not be looked at.
    pub failed: Option<&'a str>,
}

impl FieldRow<'_> {
    pub fn show(&self, ui: &mut Ui, field: &Field) -> Option<Wish> {
        let tokens = theme::tokens(ui);
        let desired = vec2(ui.available_width(), size::ROW);
        let (rect, response) = ui.allocate_exact_size(desired, Sense::click_and_drag());
        let words = field.words();
        response.widget_info(|| {
            let text = format!("{words}: {}", self.kind);
            egui::WidgetInfo::selected(egui::Role::TreeItem, true, self.open, text)
        });
        response.dnd_set_drag_payload(field.clone());
        if response.hovered() || response.context_menu_opened() {
            ui.painter().rect_filled(rect, 0, tokens.hover);
        }
        if response.has_focus() {
            let stroke = egui::Stroke::new(1.0, tokens.accent);
            let inside = egui::StrokeKind::Inside;
            ui.painter()
                .rect_stroke(rect.shrink(1.0), 0, stroke, inside);
        }
        self.paint(ui, rect);
        let mut wish = None;
        crate::workbench::menus::context_menu(&response, |ui| wish = self.menu(ui, field, &words));
        let (clicked, double) = (response.clicked(), response.double_clicked());
        let enter = response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::Insert));
        response.on_hover_ui(|ui| self.tip(ui, &words));
        if double || enter {
            let toggled = (double && self.inside).then_some(words);
            return Some(Wish::Insert(field.clone(), toggled));
        }
        if clicked && self.inside {
            return Some(Wish::Toggle(words));
        }
        wish
    }

    fn paint(&self, ui: &Ui, rect: Rect) {
        let tokens = theme::tokens(ui);
        let middle = rect.center().y;
        let mut x = rect.left() + 6.0 + self.depth as f32 * size::INDENT;
        let sign = |at: f32, icon: MaterialIcon, size: f32, color| {
            let font = egui::FontId::new(size, icon.font_family());
            let at = pos2(at, middle);
            ui.painter()
                .text(at, egui::Align2::LEFT_CENTER, icon.codepoint, font, color);
        };
        if self.inside {
            let icon = match self.open {
                true => icons::ICON_EXPAND_MORE,
                false => icons::ICON_CHEVRON_RIGHT,
            };
            sign(x, icon, 14.0, tokens.text_subdued);
        }
        x += 16.0;
        sign(x, self.icon, 14.0, tokens.text_faint);
        x += 20.0;
        let mut right = rect.right() - size::PADDING;
        let color = match self.values {
            Some(values) if values.filled == 0 => tokens.text_faint,
            _ => tokens.text,
        };
        let font = egui::FontId::proportional(size::BODY);
        let mut job = egui::text::LayoutJob::simple_singleline(self.name.to_owned(), font, color);
        if let Some(values) = self.values {
            // The name comes first: the numbers have what it leaves.
            let whole = ui.fonts_mut(|f| f.layout_job(job.clone()));
            right = self.numbers(ui, values, x + whole.size().x + 8.0, right, middle);
        }
        job.wrap = egui::text::TextWrapping::truncate_at_width((right - 8.0 - x).max(0.0));
        let galley = ui.fonts_mut(|f| f.layout_job(job));
        let at = pos2(x, middle - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
    }

    /// Different values, and the filled part as a bar, as far as there is room from `left` on. Gives where they begin.
    fn numbers(&self, ui: &Ui, values: &Values, left: f32, right: f32, middle: f32) -> f32 {
        const BAR: f32 = 26.0;
        let tokens = theme::tokens(ui);
        if right - BAR < left {
            return right;
        }
        let bar = Rect::from_min_size(pos2(right - BAR, middle - 2.0), vec2(BAR, 4.0));
        ui.painter().rect_filled(bar, 2, tokens.active);
        let fill = values.fill() as f32;
        if fill > 0.0 {
            let filled = bar.with_max_x(bar.left() + (BAR * fill).max(1.5));
            ui.painter().rect_filled(filled, 2, tokens.series(0));
        }
        let text = match values.filled {
            0 => "empty".to_owned(),
            _ if values.counted == 0 => String::new(),
            _ => distinct(values),
        };
        let font = egui::FontId::proportional(size::SMALL);
        let galley = ui.painter().layout_no_wrap(text, font, tokens.text_faint);
        let at = pos2(
            bar.left() - 8.0 - galley.size().x,
            middle - galley.size().y / 2.0,
        );
        if at.x < left {
            return bar.left();
        }
        ui.painter().galley(at, galley, tokens.text_faint);
        at.x
    }

    fn tip(&self, ui: &mut Ui, words: &str) {
        ui.label(theme::strong(words));
        ui.label(self.kind);
        if let Some(reason) = self.failed {
            ui.colored_label(theme::tokens(ui).error, reason);
        }
        if let Some(values) = self.values {
            ui.label(format!(
                "Filled in {} of {} rows ({})",
                grouped(values.filled),
                grouped(values.rows),
                percent(values.filled, values.rows)
            ));
            if values.counted > 0 {
                let text = match values.beyond {
                    0 => counted(values.distinct, "different value", "different values"),
                    _ => format!("More than {} different values", grouped(values.distinct)),
                };
                ui.label(text);
            }
            if values.counted > values.filled {
                let all = grouped(values.counted);
                ui.label(format!("{all} values, through lists"));
            }
        }
        ui.weak("Double-click or drag it to put it into the query");
    }

    fn menu(&self, ui: &mut Ui, field: &Field, words: &str) -> Option<Wish> {
        let mut wish = None;
        if ui.button("Insert into the query").clicked() {
            wish = Some(Wish::Insert(field.clone(), None));
        }
        if ui.button("Copy name").clicked() {
            wish = Some(Wish::Copy(words.to_owned()));
        }
        if matches!(field.subject, Subject::Table(_)) {
            ui.separator();
            for (text, test) in [("Only empty", Test::Empty), ("Without empty", Test::Filled)] {
                if ui.button(text).clicked() {
                    wish = Some(Wish::Filter(Filter {
                        column: field.column.clone(),
                        path: field.path.clone(),
                        test,
                    }));
                }
            }
        }
        if wish.is_some() {
            ui.close();
        }
        wish
    }
}
