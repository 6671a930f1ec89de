//! The places of a name, to choose one of them.

use super::frame;
use crate::author::Place;
use crate::workbench::theme::{self, size};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{FontId, Id, Key, Modifiers, Rect, Role, Sense, WidgetInfo, pos2, vec2};

const ROW: f32 = 22.0;
const ROWS: usize = 12;
const WIDTH: f32 = 480.0;

/// An open list of places.
pub struct Places {
    /// What is shown for each: its file where that is another one, its line and the text there.
    rows: Vec<(Place, String, String)>,
    chosen: usize,
}

/// What a frame of the list gives.
pub enum Next {
    /// It stays.
    Stay,
    /// It closes.
    Close,
    /// It closes, and the window goes there.
    Go(Place),
}

impl Places {
    /// A list of places with their lines.
    pub fn new(found: Vec<(Place, usize, String)>, own: &std::path::Path) -> Self {
        let rows = found.into_iter().map(|(place, line, text)| {
            let file = place
                .path
                .file_name()
                .and_then(|n| n.to_str())
                .unwrap_or("");
            let at = match place.path == own {
                true => format!("Line {line}"),
                false => format!("{file}, line {line}"),
            };
            (place, at, text)
        });
        Self {
            rows: rows.collect(),
            chosen: 0,
        }
    }

    /// Shows the list.
    pub fn show(&mut self, ctx: &egui::Context, caret: Rect) -> Next {
        let (up, down, enter, escape) = ctx.input_mut(|i| {
            let mut key = |key| i.consume_key(Modifiers::NONE, key);
            (
                key(Key::ArrowUp),
                key(Key::ArrowDown),
                key(Key::Enter),
                key(Key::Escape),
            )
        });
        if escape || self.rows.is_empty() {
            return Next::Close;
        }
        let last = self.rows.len() - 1;
        if down {
            self.chosen = if self.chosen == last {
                0
            } else {
                self.chosen + 1
            };
        }
        if up {
            self.chosen = self.chosen.checked_sub(1).unwrap_or(last);
        }
        let mut gone = enter.then_some(self.chosen);
        let window = ctx.content_rect();
        let width = WIDTH.min(window.width() - 24.0);
        let rows = self.rows.len().min(ROWS);
        let height = rows as f32 * ROW + 10.0;
        let at = frame::beside(window, caret, vec2(width + 10.0, height), false);
        let top = (self.chosen + 1).saturating_sub(rows);
        let response = frame::popup(ctx, Id::unique("places of a name"), at, width, |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 0.0;
            let tokens = theme::tokens(ui);
            for index in top..(top + rows).min(self.rows.len()) {
                let Some((_, at, text)) = self.rows.get(index) else {
                    continue;
                };
                let chosen = index == self.chosen;
                let (rect, response) =
                    ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
                response.widget_info(|| {
                    WidgetInfo::selected(Role::ListBoxOption, true, chosen, format!("{at}: {text}"))
                });
                let fill = match (chosen, response.hovered()) {
                    (true, _) => Some(tokens.selection),
                    (_, true) => Some(tokens.hover),
                    _ => None,
                };
                if let Some(fill) = fill {
                    ui.painter().rect_filled(rect, size::RADIUS_SMALL, fill);
                }
                let (strong, weak) = match chosen {
                    true => (tokens.on_selection, tokens.on_selection),
                    false => (tokens.text, tokens.text_subdued),
                };
                let mut job = LayoutJob::default();
                job.append(
                    at,
                    0.0,
                    TextFormat::simple(FontId::proportional(size::SMALL), weak),
                );
                job.append(
                    text,
                    10.0,
                    TextFormat::simple(FontId::monospace(size::BODY), strong),
                );
                job.wrap = TextWrapping::truncate_at_width(rect.width() - 16.0);
                let galley = ui.fonts_mut(|f| f.layout_job(job));
                let at = pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0);
                ui.painter().galley(at, galley, strong);
                if response.clicked() {
                    gone = Some(index);
                }
            }
        });
        let outside = ctx.input(|i| {
            let at = i.pointer.interact_pos();
            i.pointer.any_pressed() && at.is_some_and(|at| !response.response.rect.contains(at))
        });
        match gone.and_then(|index| self.rows.get(index)) {
            Some((place, ..)) => Next::Go(place.clone()),
            None if outside => Next::Close,
            None => Next::Stay,
        }
    }
}
