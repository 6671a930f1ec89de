//! The list of completions below the cursor, with the words about the chosen one beside it.

use super::frame;
use crate::author::{Completions, Item, ItemKind, narrow};
use crate::diagnostic::Span;
use crate::workbench::theme::{self, size};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, FontId, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons;

const WIDTH: f32 = 380.0;
const WORDS: f32 = 280.0;
const ROW: f32 = 22.0;
const ROWS: usize = 10;
/// From the edge of the list to its labels.
const LABEL: f32 = 31.0;
/// Longest word that the list goes back to the beginning of.
const WORD: usize = 60;

/// The place of the caret, moved so that the labels of a list stand beneath the word before it.
pub fn beneath(ctx: &egui::Context, caret: Rect, word: &str) -> Rect {
    let font = egui::TextStyle::Monospace.resolve(&ctx.global_style());
    let sign = ctx.fonts_mut(|f| f.glyph_width(&font, 'm'));
    let signs = word.chars().count().min(WORD) as f32;
    caret.translate(vec2(-signs * sign - LABEL, 0.0))
}

/// An open list.
pub struct List {
    /// All that was found; what was typed since narrows it.
    whole: Completions,
    /// What is shown.
    shown: Vec<Item>,
    /// Which of it is chosen.
    pub chosen: Option<usize>,
    /// Bring it into view.
    reveal: bool,
    /// The first row that is seen.
    top: usize,
    /// Where it stands on the screen.
    pub rect: Rect,
    /// How long the text was that was asked about: what was typed since is part of the word.
    len: usize,
    /// What the items take the place of, whatever it is, where that is more than the word at the cursor; and the cursor.
    over: Option<(Span, usize)>,
    /// What was chosen when the list opened.
    at_first: Option<usize>,
}

impl List {
    /// A list of what was found; none where there is nothing to show. With something typed the first item is chosen.
    pub fn new(found: Completions, text: &str, offset: usize, asked: bool) -> Option<Self> {
        let mut list = Self::of(found, text);
        list.narrow(text, offset).then_some(())?;
        if asked {
            list.chosen = Some(0);
        }
        Some(list)
    }

    /// All that was found, to take the place of a word that is there already.
    pub fn over(found: Completions, text: &str, word: Span, caret: usize) -> Option<Self> {
        let mut list = Self::of(found, text);
        for item in &mut list.whole.items {
            let span = item.edit.span;
            item.edit.span = Span::new(span.start.min(word.start), span.end.max(word.end));
        }
        list.over = Some((word, caret));
        list.narrow(text, caret).then_some(())?;
        if let Some(same) = text.get(word.start..word.end) {
            list.choose(same);
        }
        list.at_first = list.chosen;
        Some(list)
    }

    fn of(found: Completions, text: &str) -> Self {
        Self {
            shown: Vec::new(),
            whole: found,
            chosen: None,
            reveal: true,
            top: 0,
            rect: Rect::NOTHING,
            len: text.len(),
            over: None,
            at_first: None,
        }
    }

    /// Keeps the item that was chosen, when a new answer takes the place of the list.
    pub fn choose(&mut self, label: &str) {
        if let Some(at) = self.shown.iter().position(|i| i.label == label) {
            self.chosen = Some(at);
        }
    }

    /// The label of the chosen item.
    pub fn label(&self) -> Option<&str> {
        self.chosen().map(|item| item.label.as_str())
    }

    /// Narrows the list to what is typed now; false where nothing is left or the cursor left the word.
    pub fn narrow(&mut self, text: &str, offset: usize) -> bool {
        if let Some((_, caret)) = self.over {
            // Whatever is typed or wherever the cursor goes, it is another question.
            if caret != offset || text.len() != self.len {
                return false;
            }
            narrow(&mut self.whole.items, "");
            self.shown.clone_from(&self.whole.items);
            return !self.shown.is_empty();
        }
        let start = self.whole.replace.start;
        let Some(typed) = text.get(start..offset) else {
            return false;
        };
        if typed.contains('\n') {
            return false;
        }
        let mut items = self.whole.items.clone();
        narrow(&mut items, typed);
        // What would change nothing is no help.
        let same = |item: &Item| text.get(start..offset) == Some(item.edit.text.as_str());
        if items.len() == 1 && items.first().is_some_and(same) {
            return false;
        }
        // The word has grown or shrunk since it was asked about, and its end is what an item takes the place of.
        for item in &mut items {
            let end = (item.edit.span.end + text.len()).saturating_sub(self.len);
            item.edit.span = Span::new(item.edit.span.start, end.max(offset));
        }
        self.chosen = (!typed.is_empty()).then_some(0);
        self.top = 0;
        self.shown = items;
        !self.shown.is_empty()
    }

    /// Whether nothing else is chosen than what stands there.
    pub fn is_untouched(&self) -> bool {
        match self.over {
            Some(_) => self.chosen == self.at_first,
            None => false,
        }
    }

    /// The chosen item.
    pub fn chosen(&self) -> Option<&Item> {
        self.shown.get(self.chosen?)
    }

    /// The chosen item, or the first one.
    pub fn chosen_or_first(&self) -> Option<&Item> {
        self.chosen().or(self.shown.first())
    }

    /// Goes so many rows on, round the ends for single steps.
    pub fn step(&mut self, by: isize) {
        let Some(last) = self.shown.len().checked_sub(1) else {
            return;
        };
        self.reveal = true;
        self.chosen = Some(match (self.chosen, by) {
            (None, by) if by > 0 => 0,
            (None, _) => last,
            (Some(at), 1) if at == last => 0,
            (Some(0), -1) => last,
            (Some(at), by) => at.saturating_add_signed(by).min(last),
        });
    }

    /// Where the word begins that an item takes the place of.
    pub fn word_start(&self) -> usize {
        match self.over {
            Some((word, _)) => word.start,
            None => self.whole.replace.start,
        }
    }

    /// How many rows a page has.
    pub const PAGE: isize = ROWS as isize - 1;

    /// Shows the list at the cursor; gives the item that was clicked.
    pub fn show(&mut self, ctx: &egui::Context, caret: Rect) -> Option<Item> {
        let rows = self.shown.len().min(ROWS);
        let height = rows as f32 * ROW + 10.0;
        let window = ctx.content_rect();
        let width = WIDTH.min(window.width() - 16.0);
        let at = frame::beside(window, caret, vec2(width + 10.0, height), false);
        if let Some(chosen) = self.chosen.filter(|_| std::mem::take(&mut self.reveal)) {
            self.top = self.top.min(chosen).max((chosen + 1).saturating_sub(rows));
        }
        let mut clicked = None;
        let response = frame::popup(ctx, Id::unique("completion list"), at, width, |ui| {
            ui.set_width(width);
            ui.set_height(rows as f32 * ROW);
            ui.spacing_mut().item_spacing.y = 0.0;
            let scrolled = ui.input(|i| i.smooth_scroll_delta.y);
            if ui.rect_contains_pointer(ui.max_rect()) && scrolled != 0.0 {
                let by = (scrolled / ROW).abs().ceil() as usize;
                self.top = match scrolled > 0.0 {
                    true => self.top.saturating_sub(by),
                    false => self.top + by,
                };
            }
            self.top = self.top.min(self.shown.len().saturating_sub(rows));
            for index in self.top..(self.top + rows).min(self.shown.len()) {
                if let Some(item) = self.shown.get(index)
                    && row(ui, item, self.chosen == Some(index))
                {
                    clicked = Some(item.clone());
                }
            }
            bar(ui, self.top, rows, self.shown.len());
        });
        self.rect = response.response.rect;
        if let Some(item) = self.chosen_or_first() {
            words(ctx, item, response.response.rect);
        }
        clicked
    }
}

/// How far the list is scrolled.
fn bar(ui: &Ui, top: usize, rows: usize, all: usize) {
    if all <= rows {
        return;
    }
    let room = ui.max_rect();
    let height = room.height() * rows as f32 / all as f32;
    let at = room.top() + room.height() * top as f32 / all as f32;
    let thumb = Rect::from_min_size(pos2(room.right() - 4.0, at), vec2(4.0, height.max(12.0)));
    ui.painter().rect_filled(thumb, 2, theme::tokens(ui).active);
}

fn row(ui: &mut Ui, item: &Item, chosen: bool) -> bool {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| {
        let name = match item.detail.is_empty() {
            true => item.label.clone(),
            false => format!("{}, {}", item.label, item.detail),
        };
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, name)
    });
    let fill = match (chosen, response.hovered()) {
        (true, _) => Some(tokens.selection),
        (_, true) => Some(tokens.hover),
        _ => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, size::RADIUS_SMALL, fill);
    }
    let (text, weak) = match chosen {
        true => (tokens.on_selection, tokens.on_selection),
        false => (tokens.text, tokens.text_subdued),
    };
    let (icon, color) = sign(item.kind, tokens);
    ui.painter().text(
        pos2(rect.left() + 12.0, rect.center().y),
        Align2::CENTER_CENTER,
        icon.codepoint,
        FontId::new(size::ICON - 1.0, icon.font_family()),
        if chosen { tokens.on_selection } else { color },
    );
    // The label has the room it needs, the detail what is left.
    let label = line(
        ui,
        &item.label,
        FontId::monospace(size::BODY),
        text,
        rect.width() - 34.0,
    );
    let left = rect.width() - 40.0 - label.size().x - 16.0;
    let at = pos2(rect.left() + 26.0, rect.center().y - label.size().y / 2.0);
    ui.painter().galley(at, label, text);
    if !item.detail.is_empty() && left > 40.0 {
        let detail = line(
            ui,
            &item.detail,
            FontId::proportional(size::SMALL),
            weak,
            left,
        );
        let at = pos2(
            rect.right() - 10.0 - detail.size().x,
            rect.center().y - detail.size().y / 2.0,
        );
        ui.painter().galley(at, detail, weak);
    }
    response.clicked()
}

fn line(
    ui: &Ui,
    text: &str,
    font: FontId,
    color: egui::Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob::default();
    let text = text.lines().next().unwrap_or("");
    job.append(text, 0.0, TextFormat::simple(font, color));
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    ui.fonts_mut(|f| f.layout_job(job))
}

fn sign(
    kind: ItemKind,
    tokens: &theme::Tokens,
) -> (egui_material_icons::MaterialIcon, egui::Color32) {
    let code = &tokens.code;
    match kind {
        ItemKind::Field => (icons::ICON_KEY, code.key),
        ItemKind::Choice => (icons::ICON_LABEL, code.constant),
        ItemKind::Value => (icons::ICON_DATA_OBJECT, code.string),
        ItemKind::Column => (icons::ICON_VIEW_COLUMN, code.type_name),
        ItemKind::Property => (icons::ICON_SEGMENT, code.type_name),
        ItemKind::Variable => (icons::ICON_VARIABLES, code.definition),
        ItemKind::Table => (icons::ICON_TABLE, code.type_name),
        ItemKind::Function => (icons::ICON_FUNCTION, code.function),
        ItemKind::Module => (icons::ICON_PACKAGE_2, code.definition),
        ItemKind::Operator => (icons::ICON_ARROW_FORWARD, code.keyword),
        ItemKind::Keyword => (icons::ICON_ABC, code.keyword),
        ItemKind::Type => (icons::ICON_CATEGORY, code.type_name),
        ItemKind::Snippet => (icons::ICON_SUBJECT, tokens.text_subdued),
        ItemKind::Document => (icons::ICON_DESCRIPTION, tokens.text_subdued),
    }
}

/// The words about an item beside the list: right of it, else left of it, else nowhere.
fn words(ctx: &egui::Context, item: &Item, list: Rect) {
    if item.doc.is_empty() {
        return;
    }
    let window = ctx.content_rect();
    let x = match () {
        _ if list.right() + WORDS + 20.0 < window.right() => list.right() + 2.0,
        _ if list.left() - WORDS - 20.0 > window.left() => list.left() - WORDS - 12.0,
        _ => return,
    };
    frame::popup(
        ctx,
        Id::unique("completion words"),
        pos2(x, list.top()),
        WORDS,
        |ui| {
            let tokens = theme::tokens(ui);
            ui.set_width(WORDS);
            ui.spacing_mut().item_spacing.y = 4.0;
            egui::Frame::new()
                .inner_margin(egui::Margin::symmetric(6, 3))
                .show(ui, |ui| {
                    if !item.detail.is_empty() {
                        let detail = egui::RichText::new(&item.detail)
                            .monospace()
                            .size(size::SMALL + 1.0);
                        ui.label(detail.color(tokens.text_subdued));
                    }
                    ui.label(egui::RichText::new(&item.doc).color(tokens.text));
                });
        },
    );
}
