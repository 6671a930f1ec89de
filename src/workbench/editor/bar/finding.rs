//! The rows of the bar for finding and replacing.

use super::super::cursors::{Cursors, MOST};
use super::super::edit::Change;
use super::super::{CodeEditor, Selection, replacing};
use super::fields::{FIELD_KEYS, Keys, press, toggle};
use crate::workbench::theme::{icon, tokens};
use egui::{Button, RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons;
use std::ops::Range;

impl CodeEditor {
    /// Brings the matches up to date.
    pub(in super::super) fn find(&mut self, ctx: &egui::Context, text: &str) {
        let ctx = ctx.clone();
        self.matches
            .update(&self.bar.query, text, self.version, move || {
                ctx.request_repaint();
            });
    }

    /// Selects the next or the previous match.
    pub(in super::super) fn step(&mut self, ctx: &egui::Context, text: &str, forward: bool) {
        self.find(ctx, text);
        let here = self.cursors.main().range();
        let index = if forward {
            let on_match = self.matches.index_of(&here).is_some();
            // From an empty match on, or it would be found for ever.
            let past = on_match && here.is_empty();
            let from = if on_match { here.end } else { here.start };
            self.matches.at_or_after(from + usize::from(past))
        } else {
            let on_empty = here.is_empty() && self.matches.index_of(&here).is_some();
            self.matches.before(match on_empty {
                true => here.start.saturating_sub(1),
                false => here.start,
            })
        };
        if let Some(range) = self.match_at(index) {
            self.jump(range, true);
        }
    }

    fn match_at(&self, index: Option<usize>) -> Option<Range<usize>> {
        index.and_then(|i| self.matches.ranges.get(i)).cloned()
    }

    pub(super) fn find_row(&mut self, ui: &mut Ui, text: &str) {
        ui.horizontal(|ui| {
            let tokens = tokens(ui);
            let id = self.id.with("find");
            let keys = Keys::take(ui, id);
            if keys.line {
                self.bar.query.pattern.push('\n');
            }
            ui.label(icon(icons::ICON_SEARCH).color(tokens.text_subdued));
            ui.add_space(4.0);
            let field = self.pattern_field(ui, id);
            let changed = field.changed() || keys.line;
            let pattern = self.bar.query.pattern.clone();
            self.focus_field(ui, &field, &pattern);
            let query = &mut self.bar.query;
            toggle(
                ui,
                icons::ICON_MATCH_CASE,
                "Match case",
                &mut query.case_sensitive,
            );
            toggle(
                ui,
                icons::ICON_MATCH_WORD,
                "Whole word",
                &mut query.whole_word,
            );
            toggle(
                ui,
                icons::ICON_REGULAR_EXPRESSION,
                "Regular expression",
                &mut query.regex,
            );
            let mut scoped = query.scope.is_some();
            toggle(
                ui,
                icons::ICON_SEGMENT,
                "Only in the selection",
                &mut scoped,
            );
            if scoped != query.scope.is_some() {
                let selected = self.cursors.main().range();
                query.scope = (scoped && !selected.is_empty()).then_some(selected);
            }
            self.find(ui.ctx(), text);
            if changed
                && self
                    .matches
                    .index_of(&self.cursors.main().range())
                    .is_none()
            {
                // Looks from where the person is, as they type.
                let from = self.cursors.main().range().start;
                if let Some(range) = self.match_at(self.matches.at_or_after(from))
                    && !range.is_empty()
                {
                    self.jump(range, true);
                }
            }
            let previous = "Previous match (Shift+Enter)";
            if press(ui, icons::ICON_KEYBOARD_ARROW_UP, previous) || keys.back {
                self.step(ui.ctx(), text, false);
            }
            let next = "Next match (Enter)";
            if press(ui, icons::ICON_KEYBOARD_ARROW_DOWN, next) || keys.enter {
                self.step(ui.ctx(), text, true);
            }
            if keys.all {
                self.select_matches();
            }
            ui.add_space(4.0);
            let (count, color) = self.count(tokens);
            ui.label(RichText::new(count).color(color));
            self.close_button(ui, keys.escape);
        });
    }

    /// One line, or as many as are looked for.
    fn pattern_field(&mut self, ui: &mut Ui, id: egui::Id) -> egui::Response {
        let width = field_width(ui);
        let lines = self.bar.query.pattern.matches('\n').count() + 1;
        let pasted = ui.memory(|memory| memory.has_focus(id))
            && ui.input(|i| {
                i.events
                    .iter()
                    .any(|e| matches!(e, egui::Event::Paste(text) if text.contains('\n')))
            });
        let field = match lines > 1 || pasted {
            true => TextEdit::multiline(&mut self.bar.query.pattern)
                .desired_rows(lines.min(4))
                .return_key(None),
            false => TextEdit::singleline(&mut self.bar.query.pattern),
        };
        let field = field
            .id(id)
            .background_color(tokens(ui).editor)
            .hint_text("Find")
            .event_filter(FIELD_KEYS)
            .desired_width(width);
        ui.add(field).accessible_name("Find")
    }

    fn count(&self, tokens: &crate::workbench::theme::Tokens) -> (String, egui::Color32) {
        if let Some(refused) = &self.bar.refused {
            return (refused.clone(), tokens.error);
        }
        if let Some(error) = &self.matches.error {
            return (error.clone(), tokens.error);
        }
        if self.matches.is_busy() {
            return ("Searching…".to_owned(), tokens.text_subdued);
        }
        if self.bar.query.pattern.is_empty() {
            return (String::new(), tokens.text_subdued);
        }
        let count = self.matches.ranges.len();
        if count == 0 {
            return ("No match".to_owned(), tokens.warning);
        }
        let more = if self.matches.cut { "+" } else { "" };
        let words = match self.matches.index_of(&self.cursors.main().range()) {
            Some(index) => format!("{} of {count}{more}", index + 1),
            None if count == 1 => "1 match".to_owned(),
            None => format!("{count}{more} matches"),
        };
        (words, tokens.text_subdued)
    }

    pub(super) fn replace_row(&mut self, ui: &mut Ui, text: &mut String, read_only: bool) {
        ui.horizontal(|ui| {
            let tokens = tokens(ui);
            let id = self.id.with("with");
            let keys = Keys::take(ui, id);
            ui.label(icon(icons::ICON_FIND_REPLACE).color(tokens.text_subdued));
            ui.add_space(4.0);
            let width = field_width(ui);
            let field = TextEdit::singleline(&mut self.bar.with)
                .id(id)
                .background_color(tokens.editor)
                .hint_text("Replace with")
                .event_filter(FIELD_KEYS)
                .desired_width(width);
            let changed = ui.add(field).accessible_name("Replace with").changed();
            if changed {
                self.bar.refused = None;
            }
            let able = !read_only && !self.matches.ranges.is_empty() && !self.matches.is_busy();
            let button = |ui: &mut Ui, words: &str, keys: &str| {
                ui.add_enabled(able, Button::new(words).min_size(vec2(0.0, super::BUTTON)))
                    .on_hover_text(format!("{words} ({keys})"))
                    .clicked()
            };
            if button(ui, "Replace", "Enter") || (keys.enter && able) {
                self.replace_one(ui.ctx(), text);
            }
            if button(ui, "Replace all", "Ctrl+Alt+Enter") || (keys.every && able) {
                self.replace_all(ui.ctx(), text);
            }
            if keys.back {
                self.step(ui.ctx(), text, false);
            }
            if keys.escape {
                self.bar.close();
                self.focus = true;
                ui.ctx().request_repaint();
            }
        });
    }

    /// Replaces the match that is selected and selects the next one; without one, selects it first.
    fn replace_one(&mut self, ctx: &egui::Context, text: &mut String) {
        self.find(ctx, text);
        let here = self.cursors.main().range();
        let Some((index, selected)) = replacing::current(&self.matches, &here) else {
            return;
        };
        let Some(range) = self.match_at(Some(index)) else {
            return;
        };
        if !selected {
            self.jump(range, true);
            return;
        }
        let ranges = std::slice::from_ref(&range);
        match replacing::splices(text, &self.bar.query, ranges, &self.bar.with) {
            Ok(splices) => {
                let behind = range.start + splices.first().map_or(0, |s| s.with.len());
                let select = Some(vec![Selection::cursor(behind)]);
                self.commit(text, Change { splices, select }, false);
                self.step(ctx, text, true);
            }
            Err(refused) => self.bar.refused = Some(refused),
        }
    }

    /// Replaces all matches as one step of undo.
    fn replace_all(&mut self, ctx: &egui::Context, text: &mut String) {
        self.find(ctx, text);
        let ranges = &self.matches.ranges;
        match replacing::splices(text, &self.bar.query, ranges, &self.bar.with) {
            Ok(splices) => {
                let change = Change {
                    splices,
                    select: None,
                };
                self.commit(text, change, false);
            }
            Err(refused) => self.bar.refused = Some(refused),
        }
    }

    /// A cursor at each match.
    fn select_matches(&mut self) {
        if self.matches.ranges.is_empty() {
            return;
        }
        let ranges = self.matches.ranges.iter().take(MOST);
        let list = ranges.map(|r| Selection::new(r.start, r.end)).collect();
        self.cursors = Cursors::with_main(list, 0);
        self.bar.close();
        self.focus = true;
    }
}

/// What the fields get of the room, beside the buttons.
fn field_width(ui: &Ui) -> f32 {
    (ui.max_rect().width() - 330.0).clamp(90.0, 320.0)
}
