//! Where popups stand and what they look like.

use crate::workbench::theme::{self, size};
use egui::{
    Area, Context, Frame, Id, InnerResponse, Margin, Order, Pos2, Rect, Shadow, Stroke, Ui, Vec2,
    vec2,
};

/// The smallest gap to the window's edge.
const EDGE: f32 = 4.0;

/// Where a popup of a size stands at a place on the screen: below it, or above where there is more room; within the window.
pub fn beside(window: Rect, anchor: Rect, size: Vec2, above_first: bool) -> Pos2 {
    let below = window.bottom() - anchor.bottom() - EDGE;
    let above = anchor.top() - window.top() - EDGE;
    let go_above = match above_first {
        true => above >= size.y || above > below,
        false => below < size.y && above > below,
    };
    let y = match go_above {
        true => anchor.top() - size.y - 2.0,
        false => anchor.bottom() + 2.0,
    };
    let most = vec2(
        window.right() - size.x - EDGE,
        window.bottom() - size.y - EDGE,
    );
    Pos2::new(
        anchor.left().min(most.x).max(window.left() + EDGE),
        y.min(most.y).max(window.top() + EDGE),
    )
}

/// Shows a popup at a place.
pub fn popup<R>(
    ctx: &Context,
    id: Id,
    at: Pos2,
    width: f32,
    content: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    Area::new(id)
        .order(Order::Foreground)
        .fixed_pos(at)
        .constrain_to(ctx.content_rect().shrink(2.0))
        .show(ctx, |ui| {
            let tokens = theme::tokens(ui);
            Frame::new()
                .fill(tokens.popup)
                .stroke(Stroke::new(1.0, tokens.separator))
                .corner_radius(size::RADIUS)
                .inner_margin(Margin::same(4))
                .shadow(Shadow {
                    offset: [0, 4],
                    blur: 14,
                    spread: 0,
                    color: tokens.shadow,
                })
                .show(ui, |ui| {
                    ui.set_max_width(width);
                    content(ui)
                })
                .inner
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn a_popup_stays_in_the_window() {
        let window = Rect::from_min_size(pos2(0.0, 0.0), vec2(800.0, 560.0));
        for (x, y) in [
            (10.0, 10.0),
            (790.0, 10.0),
            (10.0, 550.0),
            (790.0, 550.0),
            (400.0, 280.0),
        ] {
            for above in [false, true] {
                let anchor = Rect::from_min_size(pos2(x, y), vec2(2.0, 19.0));
                let size = vec2(360.0, 240.0);
                let at = beside(window, anchor, size, above);
                let rect = Rect::from_min_size(at, size);
                assert!(window.contains_rect(rect), "{x} {y} {rect:?}");
                assert!(!rect.intersects(anchor), "{x} {y} {rect:?}");
            }
        }
    }
}
