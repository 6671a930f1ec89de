//! The bar above the text: find, replace, or go to line.

mod fields;
mod finding;

use super::find::Query;
use super::{CodeEditor, Selection};
use crate::workbench::theme::{size, tokens};
use egui::{Align, Id, Layout, Margin, RichText, TextEdit, Ui};
use egui_material_icons::icons;
use fields::{FIELD_KEYS, Keys, press, select_all};
use std::ops::Range;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Closed,
    Find,
    Replace,
    GoToLine,
}

/// What is open, and what was typed into it.
#[derive(Debug, Default)]
pub(super) struct Bar {
    mode: Mode,
    pub query: Query,
    with: String,
    /// Why nothing was replaced.
    refused: Option<String>,
    line: String,
    focus: bool,
}

impl Bar {
    /// Opens the find bar, with a text to look for.
    pub fn open_find(&mut self, selected: Option<&str>, replace: bool) {
        self.mode = match replace {
            true => Mode::Replace,
            false => Mode::Find,
        };
        self.focus = true;
        self.refused = None;
        if let Some(selected) = selected {
            self.query.pattern = if self.query.regex {
                regex::escape(selected)
            } else {
                selected.to_owned()
            };
        }
    }

    pub fn open_go_to_line(&mut self) {
        self.mode = Mode::GoToLine;
        self.focus = true;
        self.line.clear();
    }

    pub fn close(&mut self) {
        self.mode = Mode::Closed;
        self.query.scope = None;
    }

    pub fn is_open(&self) -> bool {
        self.mode != Mode::Closed
    }

    /// Whether a field is about to get the keyboard.
    pub fn wants_keys(&self) -> bool {
        self.is_open() && self.focus
    }

    /// Whether matches are to be found and shown.
    pub fn finds(&self) -> bool {
        matches!(self.mode, Mode::Find | Mode::Replace) && !self.query.pattern.is_empty()
    }
}

impl CodeEditor {
    /// Opens the bar for what is selected: words are looked for, of several lines only what is in them.
    pub(super) fn open_bar(&mut self, text: &str, replace: bool) {
        let range = self.cursors.main().range();
        let selected = text.get(range.clone()).unwrap_or_default();
        let lines = selected.contains('\n');
        let words = (!selected.is_empty() && !lines).then_some(selected);
        self.bar.open_find(words, replace);
        if lines {
            self.bar.query.scope = Some(range);
        }
    }

    /// Whether a widget is one of the bar's fields.
    pub(super) fn bar_has(&self, id: Id) -> bool {
        ["find", "with", "line"]
            .iter()
            .any(|f| id == self.id.with(f))
    }

    /// Shows the bar, if one is open.
    pub(super) fn show_bar(&mut self, ui: &mut Ui, text: &mut String, read_only: bool) {
        if !self.bar.is_open() {
            return;
        }
        let tokens = tokens(ui);
        egui::Frame::new()
            .fill(tokens.raised)
            .inner_margin(Margin::symmetric(10, 4))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing = egui::vec2(2.0, 4.0);
                ui.set_width(ui.available_width());
                match self.bar.mode {
                    Mode::Find => self.find_row(ui, text),
                    Mode::Replace => {
                        self.find_row(ui, text);
                        self.replace_row(ui, text, read_only);
                    }
                    Mode::GoToLine => {
                        ui.horizontal(|ui| self.line_row(ui, text));
                    }
                    Mode::Closed => {}
                }
            });
        let line = ui.max_rect().x_range();
        let y = ui.cursor().top();
        ui.painter()
            .hline(line, y, egui::Stroke::new(1.0, tokens.separator));
    }

    fn line_row(&mut self, ui: &mut Ui, text: &str) {
        let tokens = tokens(ui);
        let id = self.id.with("line");
        let keys = Keys::take(ui, id);
        let field = TextEdit::singleline(&mut self.bar.line)
            .id(id)
            .background_color(tokens.editor)
            .hint_text("Line, or line:column")
            .event_filter(FIELD_KEYS)
            .desired_width(180.0);
        let response = ui.add(field).accessible_name("Go to line");
        if std::mem::take(&mut self.bar.focus) {
            response.request_focus();
        }
        let target = line_target(&self.bar.line);
        ui.add_space(6.0);
        ui.label(RichText::new(format!("of {}", self.lines.count())).color(tokens.text_subdued));
        if keys.enter
            && let Some((line, column)) = target
        {
            let offset = self.offset_of(text, line, column);
            self.bar.close();
            self.jump(offset..offset, true);
            self.focus = true;
            ui.ctx().request_repaint();
        }
        self.close_button(ui, keys.escape);
    }

    /// The offset of a line and column, both from 1; beyond the end of the line its end.
    fn offset_of(&self, text: &str, line: usize, column: usize) -> usize {
        let line = line.clamp(1, self.lines.count()) - 1;
        let range = self.lines.range(text, line);
        let inner = text.get(range.clone()).unwrap_or_default();
        let marked = usize::from(inner.starts_with('\u{feff}'));
        let place = inner
            .char_indices()
            .nth((column + marked).saturating_sub(1));
        place.map_or(range.end, |(i, _)| range.start + i)
    }

    fn close_button(&mut self, ui: &mut Ui, escape: bool) {
        let clicked = ui
            .with_layout(Layout::right_to_left(Align::Center), |ui| {
                press(ui, icons::ICON_CLOSE, "Close (Esc)")
            })
            .inner;
        if clicked || escape {
            self.bar.close();
            self.focus = true;
            ui.ctx().request_repaint();
        }
    }

    /// Gives the keyboard to a field that was just opened, with what it holds selected.
    fn focus_field(&mut self, ui: &Ui, response: &egui::Response, text: &str) {
        if std::mem::take(&mut self.bar.focus) {
            response.request_focus();
            select_all(ui, response.id, text);
        }
    }

    /// Selects a range and brings it into the middle of the view.
    pub(super) fn jump(&mut self, range: Range<usize>, center: bool) {
        self.cursors = super::cursors::Cursors::one(Selection::new(range.start, range.end));
        self.history.close();
        self.reveal = Some(match center {
            true => super::scroll::Reveal::Center,
            false => super::scroll::Reveal::Least,
        });
        self.last_activity = self.time;
    }
}

/// `12` or `12:5`.
fn line_target(typed: &str) -> Option<(usize, usize)> {
    let (line, column) = match typed.trim().split_once(':') {
        Some((line, column)) => (line, column.trim().parse().ok()?),
        None => (typed, 1),
    };
    Some((line.trim().parse().ok()?, column))
}

/// Height of the buttons.
const BUTTON: f32 = size::ROW;

#[cfg(test)]
mod tests {
    use super::line_target;

    #[test]
    fn targets() {
        assert_eq!(line_target("12"), Some((12, 1)));
        assert_eq!(line_target(" 12 : 5 "), Some((12, 5)));
        assert_eq!(line_target("x"), None);
        assert_eq!(line_target("1:"), None);
        assert_eq!(line_target("-1"), None);
    }
}
