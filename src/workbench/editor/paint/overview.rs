//! The scroll bars; the upright one is also an overview of problems, matches and cursors.

use super::super::scroll::{Axis, Scroll};
use super::super::sheet::Sheet;
use crate::workbench::theme::Tokens;
use egui::{Color32, Id, Painter, Rect, Sense, Ui, Vec2, pos2, vec2};

/// Width of the upright bar.
pub(in super::super) const WIDTH: f32 = 14.0;
/// Height of the other one.
const HEIGHT: f32 = 10.0;
/// A thumb is never shorter.
const LEAST: f32 = 24.0;

/// Something to be seen on the bar.
pub(in super::super) struct Dot {
    pub row: usize,
    pub color: Color32,
    /// The left and right edge, as parts of the bar's width.
    pub across: (f32, f32),
}

/// The bar right of the text. `size` is that of all rows.
pub(in super::super) fn upright(
    ui: &Ui,
    id: Id,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    scroll: &mut Scroll,
    size: Vec2,
    dots: &[Dot],
) {
    let area = sheet.frame.area;
    let track = Rect::from_min_max(pos2(area.right() - WIDTH, area.top()), area.max);
    let painter = ui.painter_at(track);
    painter.rect_filled(track, 0, tokens.editor);
    let edge = Rect::from_min_size(track.min, vec2(1.0, track.height()));
    painter.rect_filled(edge, 0, tokens.separator.gamma_multiply(0.6));
    bar(ui, id, &painter, track, Axis::Y, tokens, scroll, size.y);
    let part = track.height() / size.y.max(track.height());
    for dot in dots {
        let y = track.top() + (dot.row as f32 + 0.5) * sheet.frame.row * part;
        let (left, right) = dot.across;
        let rect = Rect::from_min_max(
            pos2(track.left() + 1.0 + left * (WIDTH - 1.0), y - 1.5),
            pos2(track.left() + 1.0 + right * (WIDTH - 1.0), y + 1.5),
        );
        painter.rect_filled(rect, 0, dot.color);
    }
}

/// The bar below the text, where something is out of sight.
pub(in super::super) fn level(
    ui: &Ui,
    id: Id,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    scroll: &mut Scroll,
    width: f32,
) {
    let text = sheet.frame.text;
    if width <= text.width() {
        return;
    }
    let track = Rect::from_min_max(pos2(text.left(), text.bottom() - HEIGHT), text.max);
    let painter = ui.painter_at(track);
    bar(ui, id, &painter, track, Axis::X, tokens, scroll, width);
}

#[expect(clippy::too_many_arguments, reason = "each is one thing that a bar is")]
fn bar(
    ui: &Ui,
    id: Id,
    painter: &Painter,
    track: Rect,
    axis: Axis,
    tokens: &Tokens,
    scroll: &mut Scroll,
    content: f32,
) {
    let d = axis as usize;
    let view = track.size()[d];
    if content <= view {
        return;
    }
    let thumb_size = (view * view / content).clamp(LEAST.min(view), view);
    let free = f64::from(view - thumb_size).max(1.0);
    let hidden = f64::from(content - view);
    let response = ui.interact(track, id, Sense::CLICK | Sense::DRAG);
    let thumb_at = (scroll.at[d] / hidden).clamp(0.0, 1.0) * free;
    let pointer = ui.input(|i| i.pointer.interact_pos());
    if let Some(pointer) = pointer.filter(|_| response.is_pointer_button_down_on()) {
        let along = f64::from(pointer[d] - track.min[d]);
        let within = along - thumb_at;
        let on_thumb = (0.0..=f64::from(thumb_size)).contains(&within);
        let grip = *scroll.grip.get_or_insert(match on_thumb {
            true => within,
            // A press beside the thumb brings its middle there.
            false => f64::from(thumb_size) / 2.0,
        });
        scroll.at[d] = ((along - grip) / free).clamp(0.0, 1.0) * hidden;
        scroll.forget_target();
        ui.ctx().request_repaint();
    } else if !ui.input(|i| i.pointer.any_down()) {
        scroll.grip = None;
    }
    let thumb_at = (scroll.at[d] / hidden).clamp(0.0, 1.0) * free;
    let mut thumb = track;
    thumb.min[d] = track.min[d] + thumb_at as f32;
    thumb.max[d] = thumb.min[d] + thumb_size;
    let strength = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => 0.55,
        (_, true) => 0.4,
        _ => 0.22,
    };
    let color = tokens.text_faint.gamma_multiply(strength);
    let inset = match axis {
        Axis::X => vec2(0.0, 2.0),
        Axis::Y => vec2(2.0, 0.0),
    };
    painter.rect_filled(thumb.shrink2(inset), 3, color);
}
