//! The column of names at the left.

use super::describe::{count, kind_names};
use super::icons;
use super::layout::{Row, RowKind};
use super::palette::mixed;
use super::pointer::Hit;
use super::ruler::text;
use super::widget::Scene;
use egui::{Align2, Painter, Rect, Stroke, Vec2, pos2};

const ICON_X: f32 = 17.0;
const LABEL_X: f32 = 32.0;
/// Counts are shown where the column is at least this wide.
const COUNTS_FROM: f32 = 150.0;

/// All names on screen, and the edge of the column.
pub(super) fn paint(scene: &Scene<'_>) {
    let layout = scene.layout;
    for row in layout.visible() {
        let clip = layout.clip(row);
        let column = Rect::from_x_y_ranges(layout.whole.left()..=layout.plot.0, clip.y_range());
        let painter = scene.painter.with_clip_rect(column);
        match row.kind {
            RowKind::Lane(lane) => name(scene, &painter, row, lane),
            RowKind::More(group) => more(scene, &painter, row, group),
            RowKind::Strip(strip) => table(scene, &painter, row, strip),
        }
    }
    let palette = scene.palette;
    let hovered = scene.hit == Hit::Edge;
    let color = if hovered {
        palette.accent
    } else {
        palette.grid
    };
    let width = if hovered { 2.0 } else { scene.pixel() };
    let x = scene.crisp(layout.plot.0);
    scene
        .painter
        .vline(x, layout.whole.y_range(), Stroke::new(width, color));
    if let Some(bar) = layout.bar() {
        let share = if scene.hit == Hit::Bar { 0.6 } else { 0.3 };
        let fill = mixed(palette.background, palette.text, share);
        scene
            .painter
            .rect_filled(bar.shrink2(Vec2::new(1.0, 0.0)), 3.0, fill);
    }
}

fn name(scene: &Scene<'_>, painter: &Painter, row: &Row, at: usize) {
    let (palette, left) = (scene.palette, scene.layout.whole.left());
    let Some(lane) = scene.timeline.lanes.get(at) else {
        return;
    };
    let chosen = scene.selected.is_some_and(|s| lane.matches.contains(&s));
    let ink = if chosen { palette.strong } else { palette.text };
    let y = row.center();
    if chosen {
        let bar = Rect::from_min_max(
            pos2(left, row.top + 5.0),
            pos2(left + 2.5, row.bottom() - 5.0),
        );
        painter.rect_filled(bar, 1.0, palette.accent);
    }
    let icon = if chosen {
        palette.strong
    } else {
        palette.subdued
    };
    icons::kind(painter, pos2(left + ICON_X, y), &lane.kind, icon);
    let right = number(scene, painter, row, lane.matches.len());
    let room = right - left - LABEL_X - 8.0;
    text(
        scene,
        painter,
        pos2(left + LABEL_X, y),
        lane.label.clone(),
        ink,
        room,
    );
}

fn more(scene: &Scene<'_>, painter: &Painter, row: &Row, at: usize) {
    let Some(group) = scene.timeline.groups.get(at) else {
        return;
    };
    let (one, many) = kind_names(&group.kind);
    let label = format!(
        "… and {} more {}",
        group.hidden,
        if group.hidden == 1 { one } else { many }
    );
    let left = scene.layout.whole.left();
    let room = scene.layout.plot.0 - left - LABEL_X - 8.0;
    let at = pos2(left + LABEL_X, row.center());
    text(scene, painter, at, label, scene.palette.subdued, room);
}

fn table(scene: &Scene<'_>, painter: &Painter, row: &Row, at: usize) {
    let (palette, left) = (scene.palette, scene.layout.whole.left());
    let Some(strip) = scene.timeline.background.get(at) else {
        return;
    };
    // The table's colour and the shape of its marks: the legend.
    let series = strip
        .spots
        .first()
        .and_then(|(_, spot)| scene.timeline.spots.get(*spot))
        .map_or(2, |s| s.series);
    let y = row.center();
    let swatch = Rect::from_center_size(pos2(left + ICON_X, y), Vec2::splat(9.0));
    icons::mark(painter, series, swatch, palette.table(at), Stroke::NONE);
    let right = number(scene, painter, row, strip.times().len());
    let room = right - left - LABEL_X - 8.0;
    text(
        scene,
        painter,
        pos2(left + LABEL_X, y),
        &*strip.table,
        palette.text,
        room,
    );
}

/// A count at the right of the column; returns its left edge.
fn number(scene: &Scene<'_>, painter: &Painter, row: &Row, n: usize) -> f32 {
    let layout = scene.layout;
    let right = layout.plot.0 - 10.0;
    if layout.plot.0 - layout.whole.left() < COUNTS_FROM - 0.5 {
        return right;
    }
    let words = count(n, "", "");
    let rect = painter.text(
        pos2(right, row.center()),
        Align2::RIGHT_CENTER,
        words.trim(),
        scene.small.clone(),
        scene.palette.subdued,
    );
    rect.left()
}
