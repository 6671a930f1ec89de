//! The text: only the rows that are seen are drawn. Folded with a click on the arrow or the keys, selected with the
//! pointer, copied with Ctrl+C, asked with the right button.

use super::lines::{Line, Piece, Tint};
use super::read::Loaded;
use super::rows::{MOST_INDENT, MOST_ROWS, indent};
use super::selection::{Place, Selection};
use super::{RawEvent, keys};
use crate::workbench::theme::{self, Tokens, size};
use egui::text::{CCursor, LayoutJob, TextFormat};
use egui::{Color32, FontId, Pos2, Rect, Response, Sense, Ui, pos2, vec2};
use egui_material_icons::icons;
use std::sync::Arc;

/// Height of a row.
pub(super) const ROW: f32 = 18.0;
/// Space around the text.
const MARGIN: f32 = 8.0;
/// Space for the arrows.
const GUTTER: f32 = 16.0;

/// What is known of the drawing while it goes on.
struct Sheet {
    font: FontId,
    cell: f32,
    left: f32,
    top: f32,
}

impl Sheet {
    fn row_at(&self, y: f32, rows: usize) -> usize {
        let at = ((y - self.top) / ROW).max(0.0) as usize;
        at.min(rows.saturating_sub(1))
    }

    fn row_top(&self, row: usize) -> f32 {
        self.top + row as f32 * ROW
    }

    fn text_left(&self, depth: usize, goes_on: bool) -> f32 {
        self.left + indent(depth, goes_on) as f32 * self.cell
    }
}

/// Shows the text.
pub fn show(viewer: &mut RawEvent, ui: &mut Ui, loaded: &Loaded, text: &Arc<str>) {
    let tokens = theme::tokens(ui);
    let font = FontId::monospace(size::BODY - 1.0);
    let cell = ui.fonts_mut(|f| f.glyph_width(&font, '0')).max(1.0);
    let gutter = if viewer.is_pretty() { GUTTER } else { 0.0 };
    let width = ui.available_width();
    let columns = ((width - gutter - 2.0 * MARGIN) / cell).max(1.0) as usize;
    viewer.lay_out(loaded, columns);
    let count = viewer.laid.rows.len();
    let room = vec2(width, count as f32 * ROW + 2.0 * MARGIN);
    let (rect, response) = ui.allocate_exact_size(room, Sense::click_and_drag());
    let sheet = Sheet {
        font,
        cell,
        left: rect.left() + MARGIN + gutter,
        top: rect.top() + MARGIN,
    };
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Tree, true, "Text of the raw event"));
    let seen = ui.clip_rect().intersect(rect);
    ui.painter()
        .rect_filled(rect, size::RADIUS_SMALL, tokens.editor);
    if response.has_focus() {
        let line = egui::Stroke::new(1.0, tokens.accent.gamma_multiply(0.6));
        let inside = egui::StrokeKind::Inside;
        ui.painter()
            .rect_stroke(rect, size::RADIUS_SMALL, line, inside);
    }
    if seen.is_positive() && count > 0 {
        let first = sheet.row_at(seen.top(), count);
        let last = sheet.row_at(seen.bottom(), count);
        for number in first..=last {
            row(viewer, ui, loaded, (text, tokens), &sheet, number);
        }
        pointer(viewer, ui, loaded, text, &sheet, &response);
    }
    keys::take(viewer, ui, loaded, text, &response);
    crate::workbench::menus::context_menu(&response, |ui| viewer.menu(ui, loaded));
    if let Some(row) = viewer.reveal.take() {
        let top = sheet.row_top(row);
        let place = Rect::from_min_size(pos2(rect.left(), top - 40.0), vec2(1.0, ROW + 80.0));
        ui.scroll_to_rect(place, None);
    }
    notes(viewer, ui, loaded, text);
}

/// What is not shown.
fn notes(viewer: &RawEvent, ui: &mut Ui, loaded: &Loaded, text: &str) {
    let mut note = |words: &str| {
        ui.weak(words);
    };
    if viewer.is_pretty() {
        if loaded.document.as_ref().is_some_and(|d| d.is_cut()) {
            note("The event is too large to show every value. Copy the event to have all of it");
        }
    } else if loaded.written.shown < text.len() {
        note("The first 4 MB are shown. Copy the event to have all of it");
    }
    if viewer.laid.rows.len() >= MOST_ROWS {
        note("Further lines are not shown. Fold what comes before to see them");
    }
}

fn color(tint: Tint, tokens: &Tokens) -> Color32 {
    match tint {
        Tint::Key => tokens.code.key,
        Tint::Text => tokens.code.string,
        Tint::Constant => tokens.code.constant,
        Tint::Sign => tokens.code.punctuation,
        Tint::Remark => tokens.text_faint,
    }
}

/// The text of a row with its colours and what was found in it.
fn job(viewer: &RawEvent, pieces: &[Piece<'_>], font: &FontId, tokens: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = f32::INFINITY;
    let mut add = |text: &str, color: Color32, background: Color32| {
        if !text.is_empty() {
            job.append(
                text,
                0.0,
                TextFormat {
                    font_id: font.clone(),
                    color,
                    background,
                    ..TextFormat::default()
                },
            );
        }
    };
    for piece in pieces {
        let color = color(piece.tint, tokens);
        let Some(from) = piece.from.filter(|_| viewer.find.open) else {
            add(&piece.text, color, Color32::TRANSPARENT);
            continue;
        };
        let mut at = 0;
        let end = from + piece.text.len();
        for (hit, here) in viewer.find.within(from, end) {
            let low = hit.range.start.max(from + at) - from;
            let high = hit.range.end.min(end) - from;
            if low >= high {
                continue;
            }
            let fill = match here {
                true => tokens.code.found_here,
                false => tokens.code.found,
            };
            add(
                piece.text.get(at..low).unwrap_or_default(),
                color,
                Color32::TRANSPARENT,
            );
            add(piece.text.get(low..high).unwrap_or_default(), color, fill);
            at = high;
        }
        add(
            piece.text.get(at..).unwrap_or_default(),
            color,
            Color32::TRANSPARENT,
        );
    }
    job
}

/// Draws one row.
fn row(
    viewer: &mut RawEvent,
    ui: &mut Ui,
    loaded: &Loaded,
    (text, tokens): (&str, &Tokens),
    sheet: &Sheet,
    number: usize,
) {
    let Some(row) = viewer.laid.rows.get(number).copied() else {
        return;
    };
    let line = viewer.laid.lines.get(row.line as usize).copied();
    let (pieces, depth) = viewer.row_pieces(loaded, text, row);
    let goes_on = row.from > 0;
    let top = sheet.row_top(number);
    let left = sheet.text_left(depth, goes_on);
    let area = Rect::from_min_max(
        pos2(ui.clip_rect().left().max(sheet.left - GUTTER), top),
        pos2(ui.clip_rect().right(), top + ROW),
    );
    if line.is_some() && line == viewer.current {
        ui.painter().rect_filled(area, 0, tokens.code.current_line);
    }
    for level in 1..=depth.min(MOST_INDENT) {
        let x = sheet.left + (indent(level, false) as f32 - 1.5) * sheet.cell;
        let line = egui::Stroke::new(1.0, tokens.code.indent_guide);
        ui.painter().vline(x.round(), top..=top + ROW, line);
    }
    let job = job(viewer, &pieces, &sheet.font, tokens);
    let label = match goes_on {
        true => String::new(),
        false => job.text.clone(),
    };
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let at = pos2(left, top + (ROW - galley.size().y) / 2.0);
    let signs = galley.end().index.0;
    if let Some((from, to)) = viewer.selection.and_then(|s| s.of_row(number, signs)) {
        let x = |sign: usize| left + galley.pos_from_cursor(CCursor::new(sign)).left();
        let marked = Rect::from_min_max(pos2(x(from), top), pos2(x(to), top + ROW));
        ui.painter().rect_filled(marked, 0, tokens.selection);
    }
    ui.painter().galley(at, galley, tokens.code.text);
    let id = ui.scope_id().with(("raw event row", number));
    if !goes_on {
        let heard = ui.interact(area, id, Sense::hover());
        heard.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TreeItem, true, &label));
    }
    if let Some(line) = line.filter(|_| !goes_on) {
        arrow(
            viewer,
            ui,
            loaded,
            (line, tokens),
            pos2(sheet.text_left(depth, false), top),
            id,
        );
    }
}

/// The arrow before a value that can be folded.
fn arrow(
    viewer: &mut RawEvent,
    ui: &mut Ui,
    loaded: &Loaded,
    (line, tokens): (Line, &Tokens),
    at: Pos2,
    id: egui::Id,
) {
    let Some(document) = &loaded.document else {
        return;
    };
    let folds = document.node(line.node()).is_some_and(|n| n.folds());
    let (icon, word) = match line {
        Line::One(_) if folds => (icons::ICON_CHEVRON_RIGHT, "Unfold"),
        Line::Open(_) => (icons::ICON_EXPAND_MORE, "Fold"),
        _ => return,
    };
    let rect = Rect::from_min_size(pos2(at.x - GUTTER, at.y), vec2(GUTTER, ROW));
    let button = ui.interact(rect, id.with("fold"), Sense::click());
    let path = super::copies::spelled(&super::copies::path(document, line.node()));
    let name = match path.is_empty() {
        true => format!("{word} the event"),
        false => format!("{word} {path}"),
    };
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let color = match button.hovered() {
        true => tokens.text_strong,
        false => tokens.text_faint,
    };
    ui.painter().text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        icon.codepoint,
        FontId::new(size::ICON, icon.font_family()),
        color,
    );
    if button.clicked() {
        viewer.fold(line.node(), matches!(line, Line::Open(_)));
    }
}

/// The place under the pointer.
fn place_at(
    viewer: &RawEvent,
    ui: &Ui,
    loaded: &Loaded,
    text: &str,
    sheet: &Sheet,
    at: Pos2,
) -> Option<Place> {
    let number = sheet.row_at(at.y, viewer.laid.rows.len());
    let row = *viewer.laid.rows.get(number)?;
    let (pieces, depth) = viewer.row_pieces(loaded, text, row);
    let job = job(viewer, &pieces, &sheet.font, theme::tokens(ui));
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let x = at.x - sheet.text_left(depth, row.from > 0);
    let cursor = galley.cursor_from_pos(vec2(x, galley.size().y / 2.0));
    Some(Place {
        row: number,
        sign: cursor.index.0,
    })
}

fn pointer(
    viewer: &mut RawEvent,
    ui: &mut Ui,
    loaded: &Loaded,
    text: &str,
    sheet: &Sheet,
    response: &Response,
) {
    let Some(at) = response.interact_pointer_pos() else {
        if response.hovered() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Text);
        }
        return;
    };
    let Some(place) = place_at(viewer, ui, loaded, text, sheet, at) else {
        return;
    };
    let row = viewer.laid.rows.get(place.row);
    let line = row
        .and_then(|r| viewer.laid.lines.get(r.line as usize))
        .copied();
    if response.secondary_clicked() {
        if let Some(line) = line {
            viewer.open_menu(loaded, line);
        }
        return;
    }
    if response.drag_started_by(egui::PointerButton::Primary) {
        let pressed = ui.input(|i| i.pointer.press_origin()).unwrap_or(at);
        let anchor = place_at(viewer, ui, loaded, text, sheet, pressed).unwrap_or(place);
        viewer.selection = Some(Selection {
            anchor,
            head: place,
        });
        response.request_focus();
    } else if response.dragged_by(egui::PointerButton::Primary) {
        if let Some(selection) = &mut viewer.selection {
            selection.head = place;
        }
        ui.scroll_to_rect(Rect::from_center_size(at, vec2(1.0, ROW)), None);
    }
    if response.double_clicked()
        && let Some(line) = line
    {
        let folds = loaded.document.as_ref().and_then(|d| d.node(line.node()));
        if folds.is_some_and(|n| n.folds()) {
            viewer.fold(line.node(), !matches!(line, Line::One(_)));
        }
    } else if response.clicked() {
        viewer.selection = None;
        viewer.current = line;
        response.request_focus();
    }
}
