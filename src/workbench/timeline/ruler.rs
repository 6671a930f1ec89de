//! The ruler and the lines that go down from its labelled ticks.

use super::layout::RULER_HEIGHT;
use super::palette::faded;
use super::ticks::{Tick, date_label};
use super::widget::Scene;
use egui::{Align2, Color32, Galley, Pos2, Rect, Stroke, pos2};
use std::sync::Arc;

/// The middle of the labels, below the ruler's upper edge.
const LABEL_Y: f32 = 11.0;

/// The lines behind the lanes.
pub(super) fn grid(scene: &Scene<'_>, ticks: &[Tick]) {
    let layout = scene.layout;
    let clip = layout.body.union(layout.foot);
    let painter = scene.plot_painter(clip);
    for tick in ticks {
        let strength = if tick.calendar { 1.0 } else { 0.5 } * tick.label_strength;
        if strength > 0.0 {
            let stroke = Stroke::new(scene.pixel(), faded(scene.palette.grid, strength));
            painter.vline(
                scene.crisp(tick.x),
                layout.body.top()..=layout.bottom(),
                stroke,
            );
        }
    }
}

/// The ruler itself, with the dates on show at the head of the name column.
pub(super) fn paint(scene: &Scene<'_>, ticks: &[Tick], plates: &[Plate]) {
    let (layout, palette) = (scene.layout, scene.palette);
    let painter = scene.plot_painter(layout.ruler);
    let bottom = layout.ruler.bottom();
    for tick in ticks {
        let height = RULER_HEIGHT * (0.12 + 0.2 * tick.strength);
        let ink = faded(palette.subdued, 0.75 * tick.strength);
        let stroke = Stroke::new(scene.pixel(), ink);
        painter.vline(scene.crisp(tick.x), bottom - height..=bottom, stroke);
        if tick.label_strength > 0.0 {
            let color = if tick.calendar {
                palette.text
            } else {
                palette.subdued
            };
            let at = pos2((tick.x + 4.0).round(), layout.ruler.top() + LABEL_Y);
            let galley = painter.layout_no_wrap(tick.label.clone(), scene.small.clone(), color);
            let rect = Align2::LEFT_CENTER.anchor_size(at, galley.size());
            let room = plates.iter().map(|p| p.spares(rect)).fold(1.0, f32::min);
            let ink = faded(color, tick.label_strength * room);
            painter.galley_with_override_text_color(
                pos2(rect.left(), rect.top().round()),
                galley,
                ink,
            );
        }
    }
    let line = Stroke::new(scene.pixel(), palette.grid);
    let y = scene.crisp(bottom - scene.pixel() / 2.0);
    scene.painter.hline(layout.whole.x_range(), y, line);
    head(scene);
}

fn head(scene: &Scene<'_>) {
    let (head, palette) = (scene.layout.head, scene.palette);
    let painter = scene.painter.with_clip_rect(head);
    let middle = head.center().y;
    let utc = painter.text(
        pos2(head.right() - 10.0, middle),
        Align2::RIGHT_CENTER,
        "UTC",
        scene.small.clone(),
        palette.subdued,
    );
    let room = utc.left() - head.left() - 18.0;
    let date = date_label(&scene.axis, scene.timeline.shown_extent());
    text(
        scene,
        &painter,
        pos2(head.left() + 10.0, middle),
        date,
        palette.text,
        room,
    );
}

/// A line of text that is cut with an ellipsis where it has no room; `at` is the middle of its left edge.
/// Returns whether all of it is shown.
pub(super) fn text(
    scene: &Scene<'_>,
    painter: &egui::Painter,
    at: Pos2,
    text: impl Into<String>,
    color: Color32,
    room: f32,
) -> bool {
    let mut job = egui::text::LayoutJob::simple_singleline(text.into(), scene.font.clone(), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room.max(0.0));
    let galley = painter.layout_job(job);
    let whole = !galley.elided;
    let top = at.y - galley.size().y / 2.0;
    painter.galley(pos2(at.x, top.round()), galley, color);
    whole
}

/// A label on a plate of its own, over the labels of the ticks.
pub(super) struct Plate {
    rect: Rect,
    galley: Arc<Galley>,
    ink: Color32,
    fill: Color32,
}

impl Plate {
    /// A plate kept within the ruler; `x` is its middle.
    pub(super) fn new(
        scene: &Scene<'_>,
        x: f32,
        label: String,
        ink: Color32,
        fill: Color32,
    ) -> Self {
        let ruler = scene.layout.ruler;
        let galley = scene
            .painter
            .layout_no_wrap(label, scene.small.clone(), ink);
        let size = galley.size() + egui::vec2(10.0, 3.0);
        let half = size.x / 2.0;
        let (low, high) = (ruler.left() + half + 1.0, ruler.right() - half - 1.0);
        let x = if low <= high { x.clamp(low, high) } else { x };
        Self {
            rect: Rect::from_center_size(pos2(x.round(), ruler.top() + LABEL_Y), size),
            galley,
            ink,
            fill,
        }
    }

    /// How much of a label shows beside the plate: it fades as the plate comes near.
    fn spares(&self, label: Rect) -> f32 {
        let gap = (label.left() - self.rect.right()).max(self.rect.left() - label.right());
        ((gap - 2.0) / 10.0).clamp(0.0, 1.0)
    }

    pub(super) fn paint(self, scene: &Scene<'_>) {
        let painter = scene.painter.with_clip_rect(scene.layout.ruler);
        // A rim in the panel's colour sets it off from what lies behind it.
        painter.rect_filled(self.rect.expand(2.0), 5.0, scene.palette.panel);
        painter.rect_filled(self.rect, 4.0, self.fill);
        let at = self.rect.center() - self.galley.size() / 2.0;
        painter.galley(pos2(at.x.round(), at.y.round()), self.galley, self.ink);
    }
}
