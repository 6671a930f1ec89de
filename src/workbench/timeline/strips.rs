//! The strips of the tables: all loaded events as a density, single events where there are few.
//! One mesh a strip.

use super::data::Strip;
use super::density;
use super::layout::{Row, RowKind};
use super::palette::{faded, mixed};
use super::pointer::Hit;
use super::widget::Scene;
use egui::{Color32, Mesh, Rect, Shape, Stroke, pos2};

/// Single events are drawn fully up to the first number of visible ones, and fade until the second.
const SINGLES: (f32, f32) = (150.0, 400.0);
/// Room above and below the density.
const MARGIN: f32 = 4.0;
/// Height of a single event.
const SINGLE_HEIGHT: f32 = 9.0;
/// Height of a single event that a match comes from.
const MATCHED_HEIGHT: f32 = 15.0;

/// All strips on screen.
pub(super) fn paint(scene: &Scene<'_>) {
    for row in scene.layout.visible() {
        if let RowKind::Strip(at) = row.kind
            && let Some(strip) = scene.timeline.background.get(at)
        {
            strip_mesh(scene, row, at, strip);
        }
    }
}

fn strip_mesh(scene: &Scene<'_>, row: &Row, at: usize, strip: &Strip) {
    let (axis, palette) = (&scene.axis, scene.palette);
    let painter = scene.plot_painter(scene.layout.clip(row));
    let pixel = scene.pixel();
    let base = scene.crisp(row.bottom() - MARGIN) + pixel / 2.0;
    let room = (row.height - 2.0 * MARGIN).max(4.0);
    let color = mixed(palette.table(at), palette.background, 0.25 * scene.dim);

    let counts = density::columns(strip.times(), axis, pixel);
    let heights = density::smoothed(&counts);
    let most = heights.iter().copied().fold(0.0, f32::max);
    // The scale follows the fullest column smoothly, so that panning does not make it jump.
    let ctx = painter.ctx();
    let most = ctx.animate_value_with_time(scene.id.with(("most", at)), most, 0.12);
    let scale = room / most.max(1.0).sqrt();

    let shown = density::visible(strip.times(), axis);
    let few = 1.0 - ((shown.len() as f32 - SINGLES.0) / (SINGLES.1 - SINGLES.0)).clamp(0.0, 1.0);

    let mut mesh = Mesh::default();
    mesh.reserve_vertices(heights.len() * 3);
    mesh.reserve_triangles(heights.len() * 4);
    let low = faded(color, 0.22 * (1.0 - few));
    let high = faded(color, 0.85 * (1.0 - few));
    let mut drawn: Vec<f32> = Vec::with_capacity(heights.len());
    for (i, value) in heights.iter().enumerate() {
        let x = axis.left + (i as f32 + 0.5) * pixel;
        let height = if *value <= 0.0 {
            0.0
        } else {
            (value.sqrt() * scale)
                .max((value * 3.0).min(1.0) * 3.0)
                .min(room)
        };
        let (low, high) = if height > 0.0 {
            (low, high)
        } else {
            (Color32::TRANSPARENT, Color32::TRANSPARENT)
        };
        drawn.push(height);
        let top = base - height;
        let first = mesh.vertices.len() as u32;
        mesh.colored_vertex(pos2(x, base), low);
        mesh.colored_vertex(pos2(x, top), high);
        mesh.colored_vertex(pos2(x, top - pixel), Color32::TRANSPARENT);
        if let Some(before) = first.checked_sub(3) {
            for side in 0..2 {
                mesh.add_triangle(before + side, before + side + 1, first + side);
                mesh.add_triangle(before + side + 1, first + side + 1, first + side);
            }
        }
    }
    if few > 0.0 {
        let ink = faded(color, few);
        for (i, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let x = axis.left + (i as f32 + 0.5) * pixel;
            let height = (SINGLE_HEIGHT + 2.0 * (n - 1) as f32).min(room);
            bar(&mut mesh, (x, base), height, pixel, 0.0, ink);
        }
    }
    let density: Vec<(u32, f32)> = counts.iter().copied().zip(drawn).collect();
    matched(scene, &mut mesh, strip, &density, base);
    let line = Stroke::new(pixel, palette.grid);
    painter.hline(
        scene.layout.plot.0..=scene.layout.plot.1,
        base - pixel / 2.0,
        line,
    );
    painter.add(Shape::mesh(mesh));

    selected(scene, &painter, row, at, base);
    if let Hit::Dot { strip: hit, dot } = scene.hit
        && hit == at
        && let Some(time) = strip.times().get(dot)
    {
        let x = scene.crisp(axis.x(*time));
        let rect = Rect::from_min_max(pos2(x - 1.0, row.top + 2.0), pos2(x + 1.0, base));
        painter.rect_filled(rect, 1.0, palette.strong);
    }
}

/// The events that a match comes from: bars of the same height where there are few, the matched share
/// of the density where nearly every column has some.
fn matched(scene: &Scene<'_>, mesh: &mut Mesh, strip: &Strip, density: &[(u32, f32)], base: f32) {
    if density::visible(&strip.matched, &scene.axis).is_empty() {
        return;
    }
    let pixel = scene.pixel();
    let ink = mixed(
        scene.palette.matched,
        scene.palette.background,
        0.35 * scene.dim,
    );
    let counts = density::columns(&strip.matched, &scene.axis, pixel);
    let with = counts.iter().filter(|n| **n > 0).count() as f32;
    let share = with / density.iter().filter(|(n, _)| *n > 0).count().max(1) as f32;
    let crowded = with > 60.0 && share > 0.3;
    for (i, (matched, (all, height))) in counts.iter().zip(density).enumerate() {
        if *matched == 0 {
            continue;
        }
        let x = scene.axis.left + (i as f32 + 0.5) * pixel;
        if crowded {
            let part = *matched as f32 / (*all).max(1) as f32;
            bar(mesh, (x, base), (height * part).max(2.0), pixel, 0.0, ink);
        } else {
            bar(mesh, (x, base), MATCHED_HEIGHT, pixel, 1.0, ink);
        }
    }
}

/// A bar of one point and `more` pixels, on whole pixels. `x` is the middle of one.
fn bar(mesh: &mut Mesh, (x, base): (f32, f32), height: f32, pixel: f32, more: f32, color: Color32) {
    let wide = (1.0 / pixel).round().max(1.0) + more;
    let left = x - ((wide / 2.0).floor() + if wide % 2.0 == 1.0 { 0.5 } else { -0.5 }) * pixel;
    let rect = Rect::from_min_max(pos2(left, base - height), pos2(left + wide * pixel, base));
    mesh.add_colored_rect(rect, color);
}

/// The events of the selected match.
fn selected(scene: &Scene<'_>, painter: &egui::Painter, row: &Row, at: usize, base: f32) {
    let spots = scene
        .selected
        .and_then(|m| scene.timeline.matches.get(m))
        .map_or(&[][..], |m| m.spots.as_slice());
    let (left, right) = scene.layout.plot;
    let mut last = f32::NAN;
    for spot in spots.iter().filter_map(|s| scene.timeline.spots.get(*s)) {
        let x = scene.crisp(scene.axis.x(spot.time));
        if spot.table == at && x != last && (left..=right).contains(&x) {
            last = x;
            let rect = Rect::from_min_max(pos2(x - 1.0, row.top + 4.0), pos2(x + 1.0, base));
            painter.rect_filled(rect.expand(1.0), 2.0, scene.palette.background);
            painter.rect_filled(rect, 1.0, scene.palette.accent);
        }
    }
}
