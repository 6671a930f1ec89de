//! What lies across all lanes: bands, the selected range, the clock, the line under the pointer,
//! and the words where there is nothing to show.

use super::describe::duration;
use super::palette::{faded, mixed, readable_on};
use super::pointer::Hit;
use super::ruler::Plate;
use super::ticks::instant_label;
use super::widget::Scene;
use egui::{Align2, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};

/// The bands behind the lanes.
pub(super) fn bands(scene: &Scene<'_>) {
    let layout = scene.layout;
    let painter = scene.plot_painter(layout.whole);
    for band in &scene.timeline.bands {
        let (left, right) = (scene.axis.x(band.start), scene.axis.x(band.end));
        let rect = Rect::from_x_y_ranges(left..=right, layout.body.top()..=layout.bottom());
        painter.rect_filled(rect, 0.0, faded(scene.palette.accent, 0.05));
        let edge = Rect::from_min_max(
            pos2(left, layout.ruler.bottom() - 3.0),
            pos2(right, layout.ruler.bottom() - scene.pixel()),
        );
        painter.rect_filled(edge, 0.0, faded(scene.palette.accent, 0.6));
    }
}

/// The range selected on the ruler.
pub(super) fn range(scene: &Scene<'_>, range: Option<(i64, i64)>) {
    let Some((first, last)) = range else { return };
    let layout = scene.layout;
    let (left, right) = (scene.axis.x(first), scene.axis.x(last));
    let painter = scene.plot_painter(layout.whole);
    let rect = Rect::from_x_y_ranges(left..=right, layout.ruler.top()..=layout.bottom());
    painter.rect_filled(rect, 0.0, faded(scene.palette.accent, 0.16));
    let stroke = Stroke::new(scene.pixel(), scene.palette.accent);
    for x in [left, right] {
        painter.vline(scene.crisp(x), rect.y_range(), stroke);
    }
}

/// The labels that lie over the ruler's own: clock, range, time under the pointer; the last on top.
pub(super) fn plates(
    scene: &Scene<'_>,
    range: Option<(i64, i64)>,
    pos: Option<Pos2>,
) -> Vec<Plate> {
    let (layout, palette, axis) = (scene.layout, scene.palette, &scene.axis);
    let (low, high) = layout.plot;
    let mut plates = Vec::new();
    if let Some(now) = scene.timeline.now {
        let fill = mixed(palette.panel, palette.text, 0.16);
        plates.push(Plate::new(
            scene,
            axis.x(now),
            "Clock".to_owned(),
            palette.text,
            fill,
        ));
    }
    if let Some((first, last)) = range {
        let (left, right) = (axis.x(first), axis.x(last));
        if right > low && left < high {
            let x = (left.max(low) + right.min(high)) / 2.0;
            let words = duration(last.saturating_sub(first));
            let fill = palette.accent;
            plates.push(Plate::new(scene, x, words, readable_on(fill), fill));
        }
    }
    if let Some(pos) = pos.filter(|pos| has_crosshair(scene, *pos)) {
        let fill = mixed(palette.panel, palette.text, 0.85);
        let words = instant_label(axis, axis.time(pos.x));
        plates.push(Plate::new(scene, pos.x, words, readable_on(fill), fill));
    }
    plates
}

/// The clock's colour: a warning where the rule cannot see a single event.
fn clock_ink(scene: &Scene<'_>) -> egui::Color32 {
    let palette = scene.palette;
    if scene.timeline.clock_sees_nothing() {
        palette.error
    } else {
        mixed(palette.background, palette.text, 0.85)
    }
}

/// The clock: the instant that `now()` sees.
pub(super) fn clock(scene: &Scene<'_>) {
    let Some(now) = scene.timeline.now else {
        return;
    };
    let layout = scene.layout;
    let x = scene.axis.x(now);
    let ink = clock_ink(scene);
    let bottom = layout.ruler.bottom();
    let beside = if x < layout.plot.0 {
        Some((layout.plot.0 + 7.0, -1.0))
    } else if x > layout.plot.1 {
        Some((layout.plot.1 - 7.0, 1.0))
    } else {
        None
    };
    let painter = scene.plot_painter(layout.whole);
    if let Some((x, side)) = beside {
        // Off screen: an arrow says on which side it is.
        let tip = pos2(x + 4.0 * side, bottom - 6.0);
        let points = vec![
            tip,
            tip + egui::vec2(-5.0 * side, -4.0),
            tip + egui::vec2(-5.0 * side, 4.0),
        ];
        painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
        return;
    }
    let x = scene.crisp(x);
    painter.vline(
        x,
        bottom..=layout.bottom(),
        Stroke::new(scene.pixel().max(1.0), faded(ink, 0.8)),
    );
    let points = vec![
        pos2(x - 4.5, bottom - 6.0),
        pos2(x + 4.5, bottom - 6.0),
        pos2(x, bottom),
    ];
    painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
}

/// Whether the pointer is where time is.
fn has_crosshair(scene: &Scene<'_>, pos: Pos2) -> bool {
    let (left, right) = scene.layout.plot;
    let idle = matches!(scene.hit, Hit::Nothing | Hit::Edge | Hit::Bar);
    !idle && pos.x > left + 3.0 && pos.x <= right
}

/// The line under the pointer.
pub(super) fn crosshair(scene: &Scene<'_>, pos: Option<Pos2>) {
    if let Some(pos) = pos.filter(|pos| has_crosshair(scene, *pos)) {
        let layout = scene.layout;
        let stroke = Stroke::new(scene.pixel(), faded(scene.palette.text, 0.28));
        scene.plot_painter(layout.whole).vline(
            scene.crisp(pos.x),
            layout.ruler.bottom()..=layout.bottom(),
            stroke,
        );
    }
}

/// A shadow where lanes go on behind the strips.
pub(super) fn shadow(scene: &Scene<'_>) {
    let layout = scene.layout;
    let hidden = layout.content - layout.scroll - layout.body.height();
    if layout.foot.height() <= 0.0 || hidden <= 1.0 {
        return;
    }
    let bottom = layout.body.bottom();
    let rect = Rect::from_x_y_ranges(layout.whole.x_range(), bottom - 10.0..=bottom);
    let shade = faded(egui::Color32::BLACK, 0.16 * (hidden / 12.0).min(1.0));
    let down = egui::Direction::TopDown;
    let colors = [egui::Color32::TRANSPARENT, shade];
    scene.painter.add(Shape::gradient_rect(rect, down, colors));
}

/// What to do where there are no matches.
pub(super) fn empty(scene: &Scene<'_>) {
    if !scene.timeline.matches.is_empty() {
        return;
    }
    let (body, palette) = (scene.layout.body, scene.palette);
    let area = Rect::from_x_y_ranges(scene.layout.plot.0..=scene.layout.plot.1, body.y_range());
    let painter = scene.plot_painter(area);
    let hint = if scene.timeline.background.is_empty() {
        "Open log files to see their events here"
    } else if scene.timeline.clock_sees_nothing() {
        "The clock stands before all events: set it to a later time"
    } else {
        "Change the rule or move the clock; all loaded events are shown below"
    };
    let center = area.center();
    painter.text(
        center - egui::vec2(0.0, 2.0),
        Align2::CENTER_BOTTOM,
        "No matches to place on the timeline",
        scene.font.clone(),
        palette.text,
    );
    let hint = painter.layout(
        hint.to_owned(),
        scene.small.clone(),
        palette.subdued,
        area.width() - 24.0,
    );
    let at = pos2(center.x - hint.size().x / 2.0, center.y + 3.0);
    painter.galley(at, hint, palette.subdued);
}

/// The outline of the keyboard's focus.
pub(super) fn frame(scene: &Scene<'_>, focused: bool) {
    if focused {
        let stroke = Stroke::new(1.0, faded(scene.palette.accent, 0.7));
        let whole = scene.layout.whole;
        scene
            .painter
            .rect_stroke(whole, 0.0, stroke, StrokeKind::Inside);
    }
}
