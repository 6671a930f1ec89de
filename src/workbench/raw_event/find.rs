//! The bar that finds words in the event. It stays in sight while the event is scrolled.

use super::RawEvent;
use super::lines::{Line, pieces};
use super::search::{self, Hit, MOST};
use crate::workbench::panels::grouped;
use crate::workbench::theme::{self, size};
use egui::{Key, Modifiers, Rect};
use egui_material_icons::icons;

/// What is looked for, and where it was found.
#[derive(Default)]
pub struct Find {
    /// Whether the bar is shown.
    pub open: bool,
    words: String,
    /// The places, from the top.
    pub hits: Vec<Hit>,
    /// The words and the form that they were found for.
    found_for: Option<(String, bool)>,
    /// The one that is shown.
    pub at: usize,
    focus: bool,
}

impl Find {
    /// Opens the bar and puts the keyboard into it.
    pub fn open(&mut self) {
        self.open = true;
        self.focus = true;
    }

    /// What was found is of another event.
    pub fn forget(&mut self) {
        self.hits.clear();
        self.found_for = None;
        self.at = 0;
    }

    /// The places that touch a part of the text, each with whether it is the one that is shown.
    pub fn within(&self, from: usize, to: usize) -> impl Iterator<Item = (&Hit, bool)> {
        let first = self.hits.partition_point(|h| h.range.end <= from);
        let at = self.at;
        let rest = self.hits.iter().enumerate().skip(first);
        rest.take_while(move |(_, h)| h.range.start < to)
            .map(move |(i, h)| (h, i == at))
    }
}

impl RawEvent {
    /// Asks where the words stand.
    pub(super) fn look_for(&mut self) {
        let (words, pretty) = (self.find.words.clone(), self.is_pretty());
        let Some(loaded) = self.loaded.clone().filter(|_| self.find.open) else {
            self.find.forget();
            return;
        };
        if words.is_empty() {
            self.find.forget();
            return;
        }
        if self.find.found_for.as_ref() != Some(&(words.clone(), pretty)) {
            self.finder.ask(search::Question {
                loaded,
                words,
                pretty,
            });
        }
    }

    /// Takes what was found: what holds it is unfolded, and the first place is shown.
    pub(super) fn take_hits(&mut self, answer: search::Answer) {
        if answer.words != self.find.words || !self.find.open {
            return;
        }
        self.find.found_for = Some((answer.words, answer.pretty));
        self.find.hits = answer.hits;
        self.find.at = 0;
        let loaded = self.loaded.clone();
        if let Some(document) = loaded.as_ref().and_then(|l| l.document.as_ref()) {
            let before = self.folds.clone();
            for node in self.find.hits.iter().filter_map(|h| h.node) {
                self.folds.reveal(document, node);
            }
            if before != self.folds {
                self.changed();
            }
        }
        self.show_hit();
    }

    /// Goes to another place.
    fn step(&mut self, forward: bool) {
        let count = self.find.hits.len();
        if count > 0 {
            let by = if forward { 1 } else { count - 1 };
            self.find.at = (self.find.at + by) % count;
            self.show_hit();
        }
    }

    /// Scrolls to the place that is shown.
    fn show_hit(&mut self) {
        let Some(loaded) = self.loaded.clone() else {
            return;
        };
        let Some(hit) = self.find.hits.get(self.find.at).cloned() else {
            return;
        };
        if let (Some(document), Some(node)) = (&loaded.document, hit.node) {
            let hidden = document.parents(node).any(|p| self.folds.is_folded(p));
            if hidden {
                self.folds.reveal(document, node);
                self.changed();
            }
        }
        let columns = self.laid.of.1.max(20);
        self.lay_out(&loaded, columns);
        // The line, and the byte of it.
        let place = match (&loaded.document, hit.node) {
            (Some(document), Some(node)) if self.is_pretty() => {
                let line = self
                    .number_of(Line::One(node))
                    .or_else(|| self.number_of(Line::Open(node)));
                line.and_then(|number| {
                    let line = *self.laid.lines.get(number)?;
                    let mut at = 0;
                    for piece in pieces(document, line) {
                        let inside = |from: &usize| {
                            (*from..from + piece.text.len()).contains(&hit.range.start)
                        };
                        if let Some(from) = piece.from.filter(inside) {
                            return Some((number, at + hit.range.start - from));
                        }
                        at += piece.text.len();
                    }
                    Some((number, 0))
                })
            }
            _ => {
                let lines = &loaded.written.lines;
                let number = lines.partition_point(|l| l.end < hit.range.start);
                let start = lines.get(number).map_or(0, |l| l.start);
                Some((number, hit.range.start.saturating_sub(start)))
            }
        };
        let Some((line, byte)) = place else {
            return;
        };
        let first = self.first_row(line);
        let rows = self.laid.rows.get(first..).unwrap_or_default();
        let own = rows.iter().take_while(|r| r.line as usize == line);
        let within = own.filter(|r| r.from as usize <= byte).count();
        self.reveal = Some(first + within.saturating_sub(1));
    }
}

/// Where the bar stands: room is made for it where it is open.
pub fn place(viewer: &RawEvent, ui: &mut egui::Ui) -> Option<Rect> {
    if !viewer.find.open {
        return None;
    }
    let room = egui::vec2(ui.available_width(), 32.0);
    Some(ui.allocate_space(room).1)
}

/// Shows the bar, at the top of what is seen where its place is scrolled away.
pub fn show(viewer: &mut RawEvent, ui: &mut egui::Ui, place: Rect) {
    let tokens = theme::tokens(ui);
    let seen = ui.clip_rect();
    let mut rect = place;
    if rect.top() < seen.top() {
        rect = rect.translate(egui::vec2(0.0, seen.top() - rect.top()));
    }
    ui.painter()
        .rect_filled(rect, size::RADIUS_SMALL, tokens.raised);
    let inner = rect.shrink2(egui::vec2(6.0, 3.0));
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.scope_builder(
        egui::UiBuilder::new()
            .id_salt("find in event")
            .max_rect(inner)
            .layout(layout),
        |ui| bar(viewer, ui),
    );
}

fn bar(viewer: &mut RawEvent, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().item_spacing.x = 4.0;
    let id = ui.scope_id().with("words");
    let focused = ui.memory(|m| m.has_focus(id));
    let (mut back, mut next, mut close) = (false, false, false);
    if focused {
        ui.input_mut(|i| {
            back = i.consume_key(Modifiers::SHIFT, Key::Enter)
                || i.consume_key(Modifiers::SHIFT, Key::F3);
            next = i.consume_key(Modifiers::NONE, Key::Enter)
                || i.consume_key(Modifiers::NONE, Key::F3);
            close = i.consume_key(Modifiers::NONE, Key::Escape);
        });
    }
    ui.label(theme::icon(icons::ICON_SEARCH).color(tokens.text_subdued));
    let width = (ui.available_width() - 190.0).clamp(60.0, 280.0);
    let field = egui::TextEdit::singleline(&mut viewer.find.words)
        .id(id)
        .hint_text("Find in the event")
        .event_filter(egui::EventFilter {
            tab: false,
            horizontal_arrows: true,
            vertical_arrows: false,
            escape: true,
        })
        .desired_width(width);
    let field = ui.add(field);
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Words to find"));
    if std::mem::take(&mut viewer.find.focus) {
        field.request_focus();
    }
    if field.changed() {
        viewer.look_for();
    }
    let named = crate::workbench::panels::topbar::named_icon;
    let up = named(ui, icons::ICON_KEYBOARD_ARROW_UP, "Previous place");
    back |= up.on_hover_text("Previous place (Shift+Enter)").clicked();
    let down = named(ui, icons::ICON_KEYBOARD_ARROW_DOWN, "Next place");
    next |= down.on_hover_text("Next place (Enter)").clicked();
    if back || next {
        viewer.step(next);
    }
    let count = viewer.find.hits.len();
    let more = if count >= MOST { "+" } else { "" };
    let (text, color) = match count {
        _ if viewer.find.words.is_empty() => (String::new(), tokens.text_subdued),
        0 if viewer.finder.is_busy() => ("Looking".to_owned(), tokens.text_subdued),
        0 => ("Not found".to_owned(), tokens.warning),
        count => (
            format!(
                "{} of {}{more}",
                grouped(viewer.find.at + 1),
                grouped(count)
            ),
            tokens.text_subdued,
        ),
    };
    ui.label(egui::RichText::new(text).color(color));
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let button = named(ui, icons::ICON_CLOSE, "Close the search");
        close |= button.on_hover_text("Close the search (Escape)").clicked();
    });
    if close {
        viewer.find.open = false;
        viewer.find.forget();
    }
}
