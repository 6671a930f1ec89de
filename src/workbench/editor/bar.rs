//! The bar above the text: find, or go to line.

use super::CodeEditor;
use super::find::Query;
use crate::workbench::theme::{icon, size, tokens};
use egui::{
    Align, Button, Event, EventFilter, Id, Key, Layout, Margin, Modifiers, RichText, TextEdit, Ui,
    vec2,
};
use egui_material_icons::icons;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Closed,
    Find,
    GoToLine,
}

/// What is open, and what was typed into it.
#[derive(Debug, Default)]
pub(super) struct Bar {
    mode: Mode,
    pub query: Query,
    line: String,
    focus: bool,
}

impl Bar {
    /// Opens the find bar, with a text to look for.
    pub fn open_find(&mut self, selected: Option<&str>) {
        self.mode = Mode::Find;
        self.focus = true;
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
    }

    pub fn is_open(&self) -> bool {
        self.mode != Mode::Closed
    }

    /// Whether matches are to be found and shown.
    pub fn finds(&self) -> bool {
        self.mode == Mode::Find && !self.query.pattern.is_empty()
    }
}

impl CodeEditor {
    /// Selects the next or the previous match.
    pub(super) fn step(&mut self, text: &str, forward: bool) {
        self.matches.update(&self.bar.query, text, self.version);
        let here = self.selection.range();
        let index = if forward {
            let on_match = self.matches.index_of(&here).is_some();
            let from = if on_match { here.end } else { here.start };
            self.matches.at_or_after(from)
        } else {
            self.matches.before(here.start)
        };
        if let Some(range) = index.and_then(|i| self.matches.ranges.get(i)).cloned() {
            self.selection.anchor = range.start;
            self.selection.head = range.end;
            self.jump(range, true);
        }
    }

    /// Whether a widget is one of the bar's fields.
    pub(super) fn bar_has(&self, id: Id) -> bool {
        id == self.id.with("find") || id == self.id.with("line")
    }

    /// Shows the bar, if one is open.
    pub(super) fn show_bar(&mut self, ui: &mut Ui, text: &str) {
        if !self.bar.is_open() {
            return;
        }
        let tokens = tokens(ui);
        egui::Frame::new()
            .fill(tokens.raised)
            .inner_margin(Margin::symmetric(10, 4))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                ui.set_width(ui.available_width());
                ui.horizontal(|ui| match self.bar.mode {
                    Mode::Find => self.find_bar(ui, text),
                    Mode::GoToLine => self.line_bar(ui, text),
                    Mode::Closed => {}
                });
            });
    }

    fn find_bar(&mut self, ui: &mut Ui, text: &str) {
        let tokens = tokens(ui);
        let id = self.id.with("find");
        let keys = field_keys(ui, id);
        ui.label(icon(icons::ICON_SEARCH).color(tokens.text_subdued));
        let width = (ui.available_width() - 300.0).clamp(90.0, 320.0);
        let field = TextEdit::singleline(&mut self.bar.query.pattern)
            .id(id)
            .hint_text("Find")
            .event_filter(FIELD_KEYS)
            .desired_width(width);
        let response = ui.add(field).accessible_name("Find");
        if std::mem::take(&mut self.bar.focus) {
            response.request_focus();
            select_all(ui, id, &self.bar.query.pattern);
        }
        let sensitive = self.bar.query.case_sensitive;
        let regex = self.bar.query.regex;
        if toggle(ui, icons::ICON_MATCH_CASE, "Match case", sensitive) {
            self.bar.query.case_sensitive = !sensitive;
        }
        if toggle(
            ui,
            icons::ICON_REGULAR_EXPRESSION,
            "Regular expression",
            regex,
        ) {
            self.bar.query.regex = !regex;
        }
        self.matches.update(&self.bar.query, text, self.version);
        if response.changed() && self.matches.index_of(&self.selection.range()).is_none() {
            // Looks from where the person is, as they type.
            let from = self.selection.range().start;
            if let Some(range) = self
                .matches
                .at_or_after(from)
                .and_then(|i| self.matches.ranges.get(i))
                .cloned()
            {
                self.selection = super::Selection {
                    anchor: range.start,
                    head: range.end,
                };
                self.jump(range, true);
            }
        }
        if press(
            ui,
            icons::ICON_KEYBOARD_ARROW_UP,
            "Previous match (Shift+Enter)",
        ) || keys.back
        {
            self.step(text, false);
        }
        if press(ui, icons::ICON_KEYBOARD_ARROW_DOWN, "Next match (Enter)") || keys.enter {
            self.step(text, true);
        }
        let (count, color) = match (&self.matches.error, self.matches.ranges.len()) {
            (Some(error), _) => (error.clone(), tokens.error),
            (None, _) if self.bar.query.pattern.is_empty() => (String::new(), tokens.text_subdued),
            (None, 0) => ("No match".to_owned(), tokens.warning),
            (None, count) => {
                let more = if self.matches.cut() { "+" } else { "" };
                let words = match self.matches.index_of(&self.selection.range()) {
                    Some(index) => format!("{} of {count}{more}", index + 1),
                    None if count == 1 => "1 match".to_owned(),
                    None => format!("{count}{more} matches"),
                };
                (words, tokens.text_subdued)
            }
        };
        ui.label(RichText::new(count).color(color));
        self.close_button(ui, keys.escape);
    }

    fn line_bar(&mut self, ui: &mut Ui, text: &str) {
        let tokens = tokens(ui);
        let id = self.id.with("line");
        let keys = field_keys(ui, id);
        let field = TextEdit::singleline(&mut self.bar.line)
            .id(id)
            .hint_text("Line, or line:column")
            .event_filter(FIELD_KEYS)
            .desired_width(180.0);
        let response = ui.add(field).accessible_name("Go to line");
        if std::mem::take(&mut self.bar.focus) {
            response.request_focus();
        }
        let target = line_target(&self.bar.line);
        ui.label(RichText::new(format!("of {}", self.lines.count())).color(tokens.text_subdued));
        if keys.enter
            && let Some((line, column)) = target
        {
            let line = line.clamp(1, self.lines.count()) - 1;
            let range = self.lines.range(text, line);
            let offset = text
                .get(range.clone())
                .and_then(|l| l.char_indices().nth(column.saturating_sub(1)))
                .map_or(range.end, |(i, _)| range.start + i);
            self.bar.close();
            self.jump(offset..offset, true);
            self.focus = true;
            ui.ctx().request_repaint();
        }
        self.close_button(ui, keys.escape);
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
}

/// `12` or `12:5`.
fn line_target(typed: &str) -> Option<(usize, usize)> {
    let (line, column) = match typed.trim().split_once(':') {
        Some((line, column)) => (line, column.trim().parse().ok()?),
        None => (typed, 1),
    };
    Some((line.trim().parse().ok()?, column))
}

/// Without `escape`, egui takes the focus away before the bar sees the key.
const FIELD_KEYS: EventFilter = EventFilter {
    tab: false,
    horizontal_arrows: true,
    vertical_arrows: false,
    escape: true,
};

/// Keys that a field of the bar does not handle itself.
#[derive(Default)]
struct FieldKeys {
    enter: bool,
    back: bool,
    escape: bool,
}

/// Takes Enter, Shift+Enter, F3 and Escape away from a field that has the focus.
fn field_keys(ui: &Ui, id: Id) -> FieldKeys {
    let mut keys = FieldKeys::default();
    if !ui.memory(|memory| memory.has_focus(id)) {
        // Escape may have taken the focus away from a field or button of the bar just now.
        let nobody = ui.memory(|memory| memory.focused().is_none());
        keys.escape = nobody && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        return keys;
    }
    ui.input_mut(|i| {
        i.events.retain(|event| {
            let Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } = event
            else {
                return true;
            };
            match key {
                Key::Enter | Key::F3 if modifiers.shift => keys.back = true,
                Key::Enter | Key::F3 => keys.enter = true,
                Key::Escape => keys.escape = true,
                _ => return true,
            }
            false
        });
    });
    keys
}

fn select_all(ui: &Ui, id: Id, text: &str) {
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
    state
        .cursor
        .set_char_range(Some(egui::text::CCursorRange::select_all_str(text)));
    state.store(ui.ctx(), id);
}

fn press(ui: &mut Ui, sign: egui_material_icons::MaterialIcon, name: &str) -> bool {
    let button = Button::new(icon(sign))
        .frame_when_inactive(false)
        .min_size(vec2(size::ROW, size::ROW));
    ui.add(button)
        .on_hover_text(name)
        .accessible_name(name)
        .clicked()
}

fn toggle(ui: &mut Ui, sign: egui_material_icons::MaterialIcon, name: &str, on: bool) -> bool {
    let button = Button::selectable(on, icon(sign)).min_size(vec2(size::ROW, size::ROW));
    ui.add(button)
        .on_hover_text(name)
        .accessible_name(name)
        .clicked()
}

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
