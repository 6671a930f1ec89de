//! The rows: only those that are seen are laid out.

use super::columns::Shown;
use super::scroll::{self, BAR, ROW};
use super::view::View;
use super::{Frame, header, keys, row};
use crate::workbench::panels::{empty, grouped};
use crate::workbench::theme::{self, size};
use egui::{Rect, Sense, pos2, vec2};

/// Where everything lies this frame.
pub(super) struct Sheet {
    /// Where rows are seen.
    rows: Rect,
    /// Where the first column begins on the screen.
    pub left: f32,
    /// The place of the first row that is seen, and points of it above the view.
    first: (usize, f32),
}

impl Sheet {
    /// Where a row lies.
    pub fn rect_of(&self, place: usize) -> Rect {
        // The difference is small: a view has some dozens of rows.
        let above = place as f64 - self.first.0 as f64;
        let y = self.rows.top() + (above * ROW) as f32 - self.first.1;
        Rect::from_min_size(
            pos2(self.rows.left(), y),
            vec2(self.rows.width(), size::TABLE_ROW),
        )
    }
}

pub(super) fn show(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View) {
    let tokens = theme::tokens(ui);
    let area = ui.available_rect_before_wrap();
    let (area, _) = ui.allocate_exact_size(area.size().max(egui::Vec2::ZERO), Sense::hover());
    if area.height() < size::TABLE_HEADER || area.width() < 60.0 {
        return;
    }
    let clip = ui.clip_rect().intersect(area);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(area));
    let ui = &mut ui;
    ui.set_clip_rect(clip);
    let Some(shown) = &view.shown else {
        empty(ui, "Looking at the rows", "They appear here");
        return;
    };
    let all = shown.source.rows();
    let columns = view.visible();
    let rows = view.rows();
    let numbers = 20.0 + grouped(all).len() as f32 * 7.2;
    let head = Rect::from_min_size(area.min, vec2(area.width(), size::TABLE_HEADER));
    let mut body = Rect::from_min_max(pos2(area.left(), head.bottom()), area.max);
    let width: f32 = columns.iter().map(|c| c.width).sum();
    let across = width > body.width() - numbers - BAR;
    if across {
        body.max.y -= BAR;
    }
    // The bar has room of its own: it hides no number at the right.
    body.max.x -= BAR;
    let cells = body.with_min_x(body.left() + numbers);

    scrolled(frame, ui, view, &columns, cells, width, rows);
    let sheet = Sheet {
        rows: body,
        left: cells.left() - view.scroll.1,
        first: scroll::first_row(view.scroll.0),
    };
    let many = (body.height() / size::TABLE_ROW).ceil() as usize + 1;
    view.seen = sheet.first.0.min(rows)..(sheet.first.0 + many).min(rows);

    ui.painter().rect_filled(head, 0, tokens.raised);
    let id = frame.id.with("keys");
    let ground = ui.interact(body, id, Sense::click());
    ground.widget_info(|| {
        let text = format!("{}s of {}", frame.input.noun, frame.input.name);
        egui::WidgetInfo::labeled(egui::Role::Table, true, text)
    });
    let painted = ui.clip_rect();
    ui.set_clip_rect(painted.intersect(body));
    for place in view.seen.clone() {
        row::show(frame, ui, view, &columns, &sheet, cells, place);
    }
    ui.set_clip_rect(painted);
    if rows == 0 {
        nothing(ui, view, body);
    }
    let names = Rect::from_min_max(
        pos2(cells.left(), head.top()),
        pos2(body.right(), head.bottom()),
    );
    ui.set_clip_rect(painted.intersect(names));
    header::show(frame, ui, view, &columns, names, sheet.left);
    ui.set_clip_rect(painted);
    let small = egui::FontId::proportional(size::SMALL + 1.0);
    let corner = pos2(cells.left() - 8.0, head.center().y);
    ui.painter().text(
        corner,
        egui::Align2::RIGHT_CENTER,
        "#",
        small,
        tokens.text_faint,
    );
    ui.painter().hline(
        head.x_range(),
        head.bottom() - 0.5,
        egui::Stroke::new(1.0, tokens.separator),
    );
    bars(frame, ui, view, area, body, cells, width, rows);
    if ground.has_focus() {
        keys::pressed(frame, ui, view, &columns, id);
    }
}

/// The wheel, a row to reveal, and the ends.
fn scrolled(
    frame: &Frame<'_, '_>,
    ui: &egui::Ui,
    view: &mut View,
    columns: &[Shown],
    cells: Rect,
    width: f32,
    rows: usize,
) {
    let around = Rect::from_min_max(pos2(cells.left() - 200.0, cells.top() - 40.0), cells.max);
    if ui.rect_contains_pointer(around.intersect(ui.clip_rect()))
        && !egui::Popup::is_any_open(ui.ctx())
    {
        let delta = ui.input(|i| i.smooth_scroll_delta());
        view.scroll.0 -= f64::from(delta.y);
        view.scroll.1 -= delta.x;
    }
    let height = cells.height();
    if let Some(row) = frame.input.reveal
        && let Some(place) = view.shown.as_ref().and_then(|s| s.selected.place(row))
        && place < rows
    {
        view.selection.only(place);
        view.scroll.0 = scroll::to_see(view.scroll.0, place, height);
    }
    if std::mem::take(&mut view.follow) {
        if let Some(place) = view.selection.cursor {
            view.scroll.0 = scroll::to_see(view.scroll.0, place, height);
        }
        if let Some(at) = columns
            .iter()
            .position(|c| Some(&c.name) == view.cursor_column.as_ref())
        {
            let start: f32 = columns.iter().take(at).map(|c| c.width).sum();
            let end = start + columns.get(at).map_or(0.0, |c| c.width);
            view.scroll.1 = view.scroll.1.max(end - cells.width()).min(start);
        }
    }
    view.scroll.0 = view.scroll.0.clamp(0.0, scroll::furthest(rows, height));
    view.scroll.1 = view
        .scroll
        .1
        .clamp(0.0, (width + 24.0 - cells.width()).max(0.0));
}

#[expect(clippy::too_many_arguments, reason = "the parts of one frame")]
fn bars(
    frame: &Frame<'_, '_>,
    ui: &mut egui::Ui,
    view: &mut View,
    area: Rect,
    body: Rect,
    cells: Rect,
    width: f32,
    rows: usize,
) {
    let down = Rect::from_min_max(
        pos2(body.right(), body.top()),
        pos2(area.right(), body.bottom()),
    );
    let furthest = scroll::furthest(rows, body.height());
    let id = frame.id.with("down");
    let label = "Scroll the rows";
    if let Some(to) = scroll::bar(ui, down, id, view.scroll.0, furthest, body.height(), label) {
        view.scroll.0 = to.clamp(0.0, furthest);
        ui.ctx().request_repaint();
    }
    let used = ui.ctx().read_response(id);
    if used.is_some_and(|r| r.drag_stopped() || r.clicked()) {
        // The keys go on from where it was scrolled to.
        ui.memory_mut(|m| m.request_focus(frame.id.with("keys")));
    }
    if ui.ctx().is_being_dragged(id) {
        let tokens = theme::tokens(ui);
        let (first, _) = scroll::first_row(view.scroll.0);
        let text = format!("{} of {}", grouped((first + 1).min(rows)), grouped(rows));
        let y = ui
            .input(|i| i.pointer.interact_pos())
            .map_or(body.center().y, |p| p.y);
        let at = pos2(
            down.left() - 10.0,
            y.clamp(body.top() + 12.0, body.bottom() - 12.0),
        );
        let font = egui::FontId::proportional(size::BODY);
        let galley = ui.painter().layout_no_wrap(text, font, tokens.text_strong);
        let rect = egui::Align2::RIGHT_CENTER.anchor_size(at, galley.size());
        ui.painter().rect_filled(
            rect.expand2(vec2(8.0, 4.0)),
            size::RADIUS_SMALL,
            tokens.popup,
        );
        ui.painter().galley(rect.min, galley, tokens.text_strong);
    }
    let across = f64::from((width + 24.0 - cells.width()).max(0.0));
    if body.bottom() < area.bottom() {
        let rect = Rect::from_min_max(
            pos2(cells.left(), body.bottom()),
            pos2(body.right(), area.bottom()),
        );
        let (id, at) = (frame.id.with("across"), f64::from(view.scroll.1));
        if let Some(to) = scroll::bar(
            ui,
            rect,
            id,
            at,
            across,
            cells.width(),
            "Scroll the columns",
        ) {
            view.scroll.1 = to.clamp(0.0, across) as f32;
            ui.ctx().request_repaint();
        }
    }
}

fn nothing(ui: &mut egui::Ui, view: &View, body: Rect) {
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(body));
    match view.query.text.is_empty() && view.query.filters.is_empty() {
        true if view.shown.as_ref().is_some_and(|s| s.query.range.is_some()) => empty(
            &mut ui,
            "No row lies in the chosen range of time",
            "Remove the range above, or double-click the rows over time",
        ),
        true => empty(&mut ui, "There are no rows", ""),
        false => empty(
            &mut ui,
            "No row passes the filters",
            "Remove one of them above to see more rows",
        ),
    }
}

impl Frame<'_, '_> {
    /// A row was chosen: the window is told, if it is one of the rows that it knows.
    pub fn choose(&mut self, view: &View, row: usize, open: bool) {
        let same = view
            .shown
            .as_ref()
            .is_some_and(|s| s.source.is(&self.input.source));
        if same {
            self.output.selected = Some(row);
            self.output.opened |= open;
        }
    }
}
