//! Scrolling by whole numbers: a million rows are more points high than an `f32` tells apart.

use crate::workbench::theme::{self, size};
use egui::{Rect, Sense, Ui, pos2, vec2};

/// Points that a scroll bar takes.
pub const BAR: f32 = 10.0;
/// Shortest handle of a scroll bar.
const SHORTEST: f32 = 28.0;
/// Height of a row.
pub const ROW: f64 = size::TABLE_ROW as f64;

/// The row at the top and how many points of it are above the view.
pub fn first_row(top: f64) -> (usize, f32) {
    let row = (top / ROW).floor().max(0.0);
    (row as usize, (top - row * ROW) as f32)
}

/// The furthest that can be scrolled down.
pub fn furthest(rows: usize, view: f32) -> f64 {
    // Half a row of room, so that the last one is seen to be the last.
    (rows as f64 * ROW + ROW * 0.5 - f64::from(view)).max(0.0)
}

/// Where to scroll so that a row is seen; as little as needed.
pub fn to_see(top: f64, place: usize, view: f32) -> f64 {
    let (start, end) = (place as f64 * ROW, (place + 1) as f64 * ROW);
    match () {
        () if start < top => start,
        () if end > top + f64::from(view) => end - f64::from(view),
        () => top,
    }
}

/// A scroll bar: `at` of `furthest`, of which a view of so many points is seen. Gives where it was moved to.
pub fn bar(
    ui: &mut Ui,
    rect: Rect,
    id: egui::Id,
    at: f64,
    furthest: f64,
    view: f32,
    label: &str,
) -> Option<f64> {
    if furthest <= 0.0 {
        return None;
    }
    let tokens = theme::tokens(ui);
    let across = rect.width() > rect.height();
    let length = if across { rect.width() } else { rect.height() };
    let part = f64::from(view) / (f64::from(view) + furthest);
    let handle = (length * part as f32).clamp(SHORTEST.min(length), length);
    let free = (length - handle).max(1.0);
    let start = (at / furthest).clamp(0.0, 1.0) as f32 * free;
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ScrollBar, true, label));
    let area = match across {
        true => Rect::from_min_size(pos2(rect.left() + start, rect.top()), vec2(handle, BAR)),
        false => Rect::from_min_size(pos2(rect.left(), rect.top() + start), vec2(BAR, handle)),
    };
    let active = response.hovered() || response.dragged();
    let fill = match active {
        true => tokens.text_faint,
        false => tokens.active,
    };
    let shape = area.shrink2(if across {
        vec2(1.0, 2.5)
    } else {
        vec2(2.5, 1.0)
    });
    ui.painter().rect_filled(shape, 3, fill);
    let along = |p: egui::Pos2| {
        if across {
            p.x - rect.left()
        } else {
            p.y - rect.top()
        }
    };
    let pointer = response.interact_pointer_pos().map(along)?;
    if response.dragged() {
        let moved = response.drag_delta();
        let moved = if across { moved.x } else { moved.y };
        // By the pointer's own way: what a point is worth may be thousands of rows.
        let to = at + f64::from(moved) / f64::from(free) * furthest;
        return (moved != 0.0).then_some(to);
    }
    if response.clicked() && !(start..start + handle).contains(&pointer) {
        let to = f64::from((pointer - handle / 2.0) / free).clamp(0.0, 1.0);
        return Some(to * furthest);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_row_of_many_millions_is_where_it_belongs() {
        for place in [0, 1, 999_999, 1_000_000, 44_739_243, 400_000_001] {
            let top = place as f64 * ROW;
            assert_eq!(first_row(top), (place, 0.0));
            assert_eq!(first_row(top + 5.0), (place, 5.0));
            // The row is seen at the bottom when it is scrolled to from above.
            let seen = to_see(0.0, place, 200.0);
            let (first, above) = first_row(seen);
            let bottom = (place + 1 - first) as f64 * ROW - f64::from(above);
            assert!(bottom <= 200.0 && (place < 9 || bottom == 200.0), "{place}");
        }
        assert_eq!(furthest(3, 500.0), 0.0);
    }
}
