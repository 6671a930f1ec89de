//! Dragging tabs: among others, to another group, to the side of one.

use crate::workbench::app::Workbench;
use crate::workbench::groups::{GroupId, Side, View};
use crate::workbench::tabs::Place;
use crate::workbench::theme::{self, size};
use egui::{DragAndDrop, FontId, Pos2, Rect, Response, Ui, pos2, vec2};
use std::path::PathBuf;

/// A tab on the way.
#[derive(Clone)]
struct Dragged {
    group: GroupId,
    path: PathBuf,
}

/// Over so much of a group's width or height a tab makes a new group at that side.
const EDGE: f32 = 0.25;

/// A tab may be taken.
pub(super) fn start(ui: &Ui, tab: &Response, group: GroupId, view: &View, title: &str) {
    if tab.drag_started_by(egui::PointerButton::Primary) {
        DragAndDrop::set_payload(
            ui.ctx(),
            Dragged {
                group,
                path: view.path.clone(),
            },
        );
    }
    // Its name goes with the pointer.
    if tab.dragged_by(egui::PointerButton::Primary)
        && let Some(at) = ui.input(|i| i.pointer.interact_pos())
    {
        let tokens = theme::tokens(ui);
        let layer = egui::LayerId::new(egui::Order::Tooltip, tab.id.with("dragged"));
        let painter = ui.ctx().layer_painter(layer);
        let font = FontId::proportional(size::BODY);
        let galley = painter.layout_no_wrap(title.to_owned(), font, tokens.text_strong);
        let rect = Rect::from_min_size(at + vec2(12.0, 8.0), galley.size() + vec2(16.0, 8.0));
        painter.rect_filled(rect, size::RADIUS_SMALL, tokens.popup);
        painter.galley(rect.min + vec2(8.0, 4.0), galley, tokens.text_strong);
    }
}

fn dragged(ui: &Ui) -> Option<(Dragged, Pos2)> {
    let dragged = DragAndDrop::payload::<Dragged>(ui.ctx())?;
    let at = ui.input(|i| i.pointer.interact_pos())?;
    Some(((*dragged).clone(), at))
}

fn finish(workbench: &mut Workbench, ui: &Ui, dragged: &Dragged, to: GroupId, place: Place) {
    if ui.input(|i| i.pointer.any_released()) {
        DragAndDrop::clear_payload(ui.ctx());
        workbench.move_tab(dragged.group, &dragged.path, to, place);
    }
}

/// A tab over the strip: a line shows where it would go.
pub(super) fn drop_among(
    workbench: &mut Workbench,
    ui: &Ui,
    group: GroupId,
    strip: Rect,
    tabs: &[Rect],
) {
    let Some((dragged, at)) = dragged(ui).filter(|(_, at)| strip.contains(*at)) else {
        return;
    };
    let place = tabs.iter().take_while(|r| r.center().x < at.x).count();
    let x = match tabs.get(place) {
        Some(rect) => rect.left(),
        None => tabs.last().map_or(strip.left(), |r| r.right()),
    };
    let line = Rect::from_center_size(pos2(x, strip.center().y), vec2(2.0, strip.height()));
    ui.painter().rect_filled(line, 0, theme::tokens(ui).accent);
    finish(workbench, ui, &dragged, group, Place::Tab(place));
}

/// A tab over the text: a shade shows the room it would get.
pub(super) fn drop_on(workbench: &mut Workbench, ui: &Ui, group: GroupId, rect: Rect) {
    let mut body = rect;
    body.min.y = (body.min.y + size::TITLE_BAR).min(body.max.y);
    let Some((dragged, at)) = dragged(ui).filter(|(_, at)| body.contains(*at)) else {
        return;
    };
    let (place, room) = place_at(body, at);
    let tokens = theme::tokens(ui);
    ui.painter()
        .rect_filled(room, 0, tokens.accent.gamma_multiply(0.18));
    finish(workbench, ui, &dragged, group, place);
}

fn place_at(body: Rect, at: Pos2) -> (Place, Rect) {
    let x = (at.x - body.left()) / body.width().max(1.0);
    let y = (at.y - body.top()) / body.height().max(1.0);
    let sides = [
        (x, Side::Left),
        (1.0 - x, Side::Right),
        (y, Side::Up),
        (1.0 - y, Side::Down),
    ];
    let nearest = sides
        .into_iter()
        .filter(|(distance, _)| *distance < EDGE)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let mut room = body;
    let Some((_, side)) = nearest else {
        return (Place::End, room);
    };
    match side {
        Side::Left => room.max.x = body.center().x,
        Side::Right => room.min.x = body.center().x,
        Side::Up => room.max.y = body.center().y,
        Side::Down => room.min.y = body.center().y,
    }
    (Place::Side(side), room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_the_group_and_the_edges_are_new_groups() {
        let body = Rect::from_min_max(pos2(100.0, 100.0), pos2(500.0, 300.0));
        for (x, y, place) in [
            (300.0, 200.0, Place::End),
            (120.0, 200.0, Place::Side(Side::Left)),
            (480.0, 200.0, Place::Side(Side::Right)),
            (300.0, 110.0, Place::Side(Side::Up)),
            (300.0, 290.0, Place::Side(Side::Down)),
            // In a corner the nearer edge: 20 of 400 points against 30 of 200.
            (120.0, 130.0, Place::Side(Side::Left)),
        ] {
            assert_eq!(place_at(body, pos2(x, y)).0, place, "{x},{y}");
        }
    }
}
