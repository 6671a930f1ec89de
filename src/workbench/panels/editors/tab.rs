//! One tab: a title, a dot for unsaved text, a way to close it.

use crate::workbench::theme::{self, size};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align2, Color32, FontId, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons;

/// What a tab says.
pub(super) struct Tab<'a> {
    /// The file's name.
    pub title: &'a str,
    /// Its folder, where another open file has the same name.
    pub folder: Option<&'a str>,
    /// It is seen.
    pub active: bool,
    /// Its group has the keyboard.
    pub focused: bool,
    /// It holds text that is not saved.
    pub unsaved: bool,
    /// It was opened just to look.
    pub preview: bool,
    /// Its file is gone, or differs from what is here.
    pub warns: bool,
    /// Scroll to it.
    pub reveal: bool,
}

/// What was done with a tab.
pub(super) struct Answer {
    /// The tab itself, for its menu and its tooltip.
    pub response: Response,
    /// It was clicked.
    pub clicked: bool,
    /// It is to be closed.
    pub closed: bool,
}

impl Tab<'_> {
    fn title_color(&self, tokens: &theme::Tokens) -> Color32 {
        match (self.warns, self.active) {
            (true, _) => tokens.warning,
            (_, true) => tokens.text_strong,
            _ => tokens.text_subdued,
        }
    }

    /// Draws it.
    pub fn show(&self, ui: &mut Ui) -> Answer {
        let tokens = theme::tokens(ui);
        let color = self.title_color(tokens);
        let mut job = LayoutJob::default();
        let mut title = TextFormat::simple(FontId::proportional(size::BODY), color);
        title.italics = self.preview;
        job.append(self.title, 0.0, title);
        if let Some(folder) = self.folder {
            let small = FontId::proportional(size::SMALL);
            job.append(folder, 6.0, TextFormat::simple(small, tokens.text_subdued));
        }
        let galley = ui.fonts_mut(|f| f.layout_job(job));
        let width = galley.size().x + 48.0;
        let (rect, response) =
            ui.allocate_exact_size(vec2(width, size::TITLE_BAR), Sense::click_and_drag());
        response.widget_info(|| {
            let name = if self.unsaved {
                format!("{}, unsaved", self.title)
            } else {
                self.title.to_owned()
            };
            WidgetInfo::selected(Role::Tab, true, self.active, name)
        });
        if self.active && self.reveal {
            ui.scroll_to_rect(rect, None);
        }
        if self.active {
            ui.painter().rect_filled(rect, 0, tokens.editor);
            let line = Rect::from_min_size(rect.min, vec2(rect.width(), 2.0));
            let color = match self.focused {
                true => tokens.accent,
                false => tokens.active,
            };
            ui.painter().rect_filled(line, 0, color);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0, tokens.hover);
        }
        if response.has_focus() {
            theme::focus_ring(ui, rect);
        }
        let at = pos2(rect.left() + 12.0, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
        let closed = self.close_button(ui, rect, &response);
        let closed = closed || response.middle_clicked();
        Answer {
            clicked: response.clicked() && !closed,
            closed,
            response,
        }
    }

    fn close_button(&self, ui: &Ui, rect: Rect, tab: &Response) -> bool {
        let tokens = theme::tokens(ui);
        let button =
            Rect::from_center_size(pos2(rect.right() - 18.0, rect.center().y), vec2(18.0, 18.0));
        let close = ui.interact(button, tab.id.with("close"), Sense::click());
        close.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, format!("Close {}", self.title))
        });
        if close.hovered() {
            ui.painter()
                .rect_filled(button, size::RADIUS_SMALL, tokens.active);
        }
        if close.has_focus() {
            theme::focus_ring(ui, button);
        }
        if self.unsaved && !close.hovered() && !close.has_focus() {
            ui.painter()
                .circle_filled(button.center(), 4.0, tokens.accent);
        } else if self.active || tab.hovered() || close.hovered() || close.has_focus() {
            ui.painter().text(
                button.center(),
                Align2::CENTER_CENTER,
                icons::ICON_CLOSE.codepoint,
                FontId::new(14.0, icons::ICON_CLOSE.font_family()),
                tokens.text_subdued,
            );
        }
        close.on_hover_text("Close (Ctrl+W)").clicked()
    }
}
