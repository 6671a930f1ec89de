//! The rows: only those that are seen are laid out.

use super::cell::{self, Style, font};
use super::columns::Shown;
use super::scroll::{self, BAR, ROW};
use super::view::View;
use super::{Frame, header, keys, menus};
use crate::value::{Type, Value};
use crate::workbench::panels::{empty, grouped};
use crate::workbench::theme::{self, size};
use egui::{Rect, Sense, pos2, vec2};

/// Where everything lies this frame.
struct Sheet {
    /// Where rows are seen.
    rows: Rect,
    /// Where the first column begins on the screen.
    left: f32,
    /// The place of the first row that is seen, and points of it above the view.
    first: (usize, f32),
}

impl Sheet {
    fn rect_of(&self, place: usize) -> Rect {
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
        row(frame, ui, view, &columns, &sheet, cells, place);
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

fn row(
    frame: &mut Frame<'_, '_>,
    ui: &mut egui::Ui,
    view: &mut View,
    columns: &[Shown],
    sheet: &Sheet,
    cells: Rect,
    place: usize,
) {
    let Some(row) = view.row(place) else {
        return;
    };
    let tokens = theme::tokens(ui);
    let rect = sheet.rect_of(place);
    let response = ui.interact(rect, frame.id.with(("row", place)), Sense::CLICK);
    let selected = view.selection.contains(place);
    let noun = frame.input.noun;
    response.widget_info(|| {
        let text = format!("{noun} {}", row + 1);
        egui::WidgetInfo::selected(egui::Role::Row, true, selected, text)
    });
    let lit = selected || (frame.input.lit)(row);
    let fill = match (lit, response.hovered()) {
        (true, _) => Some(tokens.selection),
        (false, true) => Some(tokens.hover),
        _ => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, 0, fill);
    }
    let number = grouped(row + 1);
    let small = egui::FontId::proportional(size::SMALL);
    let at = pos2(cells.left() - 8.0, rect.center().y);
    let faint = if lit {
        tokens.on_selection
    } else {
        tokens.text_faint
    };
    ui.painter()
        .text(at, egui::Align2::RIGHT_CENTER, number, small, faint);

    let before = ui.clip_rect();
    ui.set_clip_rect(before.intersect(cells));
    let mut x = sheet.left;
    let (mut words, mut under) = (Vec::new(), None);
    let pointer = response.hover_pos().or(response.interact_pointer_pos());
    let cursor = (view.selection.cursor == Some(place))
        .then_some(view.cursor_column.as_deref())
        .flatten();
    for column in columns {
        let area = Rect::from_min_size(pos2(x, rect.top()), vec2(column.width, rect.height()));
        x = area.right();
        if area.right() < cells.left() || area.left() > cells.right() {
            continue;
        }
        let value = view.value(place, column.index);
        let (text, cut) = one(ui, column.ty, value.as_ref(), area, lit);
        if pointer.is_some_and(|p| area.contains(p) && cells.contains(p)) {
            under = Some((column, value.clone(), cut));
        }
        if cursor == Some(column.name.as_str()) && ui.memory(|m| m.has_focus(frame.id.with("keys")))
        {
            ui.painter().rect_stroke(
                area.shrink(1.0),
                2,
                egui::Stroke::new(1.0, tokens.accent),
                egui::StrokeKind::Inside,
            );
        }
        words.push(format!("{}: {text}", column.name));
    }
    ui.set_clip_rect(before);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(words.join(", "));
    });
    pressed(
        frame,
        ui,
        view,
        &response,
        place,
        row,
        under.as_ref().map(|u| u.0),
    );
    menus::cells(
        frame,
        &response,
        view,
        columns,
        place,
        under.as_ref().map(|u| u.0.index),
    );
    if let Some((column, Some(value), cut)) = under {
        tip(response, column, &value, cut);
    }
}

/// A cell. Gives its text and whether it was cut.
fn one(ui: &egui::Ui, ty: Type, value: Option<&Value>, area: Rect, lit: bool) -> (String, bool) {
    let tokens = theme::tokens(ui);
    let Some(value) = value else {
        // It is being read.
        let bar = Rect::from_min_size(
            area.left_center() + vec2(8.0, -3.0),
            vec2((area.width() - 16.0).clamp(4.0, 80.0), 6.0),
        );
        ui.painter().rect_filled(bar, 3, tokens.button);
        return (String::new(), false);
    };
    let (text, style) = cell::shown(value);
    if text.is_empty() {
        return (text, false);
    }
    let color = match style {
        _ if lit => tokens.on_selection,
        Style::Null => tokens.text_faint,
        _ => tokens.text,
    };
    let mut job = egui::text::LayoutJob::simple_singleline(text.clone(), font(style), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width((area.width() - 16.0).max(0.0));
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let x = match cell::is_right(ty) && style != Style::Null {
        true => area.right() - 8.0 - galley.size().x,
        false => area.left() + 8.0,
    };
    let cut = galley.elided;
    let at = pos2(x, area.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, color);
    (text, cut)
}

fn pressed(
    frame: &mut Frame<'_, '_>,
    ui: &egui::Ui,
    view: &mut View,
    response: &egui::Response,
    place: usize,
    row: usize,
    column: Option<&Shown>,
) {
    let secondary = response.secondary_clicked();
    if !response.clicked() && !secondary && !response.double_clicked() {
        return;
    }
    if let Some(column) = column {
        view.cursor_column = Some(column.name.clone());
    }
    ui.memory_mut(|m| m.request_focus(frame.id.with("keys")));
    let modifiers = ui.input(|i| i.modifiers);
    match () {
        () if secondary && view.selection.contains(place) => view.selection.cursor = Some(place),
        () if secondary => view.selection.only(place),
        () if modifiers.shift => view.selection.extend(place),
        () if modifiers.command => view.selection.toggle(place),
        () => view.selection.only(place),
    }
    if response.double_clicked() && column.is_some() {
        view.detail = true;
    }
    frame.choose(
        view,
        row,
        !secondary && !modifiers.command && !modifiers.shift,
    );
}

/// What does not fit, and instants with all their decimals.
fn tip(response: egui::Response, column: &Shown, value: &Value, cut: bool) {
    let exact = matches!(value, Value::DateTime(_));
    if !cut && !exact {
        return;
    }
    response.on_hover_ui_at_pointer(|ui| {
        ui.weak(format!("{}: {}", column.name, column.ty));
        let text = cell::whole(value);
        let more = text.chars().count() > 1_200;
        let mut text: String = text.chars().take(1_200).collect();
        if more {
            text.push_str("…\nDouble-click for the whole value");
        }
        ui.label(egui::RichText::new(text).monospace());
    });
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
