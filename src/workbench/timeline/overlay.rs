//! What lies across all lanes: bands, the selected range, the clock, the line under the pointer,
//! and the words where there is nothing to show.

use super::describe::duration;
use super::palette::{faded, mixed, readable_on};
use super::pointer::Hit;
use super::ruler::{plate, plate_fill};
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
    if right > layout.plot.0 && left < layout.plot.1 {
        let x = (left.max(layout.plot.0) + right.min(layout.plot.1)) / 2.0;
        let accent = scene.palette.accent;
        let words = duration(last.saturating_sub(first));
        plate(scene, x, &words, readable_on(accent), accent);
    }
}

/// The clock: the instant that `now()` sees.
pub(super) fn clock(scene: &Scene<'_>) {
    let Some(now) = scene.timeline.now else {
        return;
    };
    let (layout, palette) = (scene.layout, scene.palette);
    let x = scene.axis.x(now);
    let ink = mixed(palette.background, palette.text, 0.85);
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
        plate(scene, x, "Clock", palette.text, plate_fill(scene));
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
    plate(scene, x, "Clock", palette.text, plate_fill(scene));
}

/// The line under the pointer with its time on the ruler.
pub(super) fn crosshair(scene: &Scene<'_>, pos: Option<Pos2>) {
    let layout = scene.layout;
    let Some(pos) = pos.filter(|p| p.x > layout.plot.0 + 3.0 && p.x <= layout.plot.1) else {
        return;
    };
    if matches!(scene.hit, Hit::Nothing | Hit::Edge | Hit::Bar) {
        return;
    }
    let painter = scene.plot_painter(layout.whole);
    let ink = faded(scene.palette.text, 0.28);
    let x = scene.crisp(pos.x);
    painter.vline(
        x,
        layout.ruler.bottom()..=layout.bottom(),
        Stroke::new(scene.pixel(), ink),
    );
    let label = instant_label(&scene.axis, scene.axis.time(pos.x));
    let fill = mixed(scene.palette.panel, scene.palette.text, 0.85);
    plate(scene, pos.x, &label, readable_on(fill), fill);
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
    } else {
        "Change the rule, or set the clock to a time after the events below"
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
