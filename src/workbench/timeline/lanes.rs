//! The lanes of the entities: their marks and links, and the selected match on top.

use super::clusters::{self, Cluster, MARK_RADIUS};
use super::curves::{Curve, LaneScene, path};
use super::data::{Placed, Spot};
use super::icons;
use super::layout::{Row, RowKind};
use super::palette::{faded, mixed, readable_on};
use super::pointer::Hit;
use super::widget::Scene;
use egui::{Align2, Color32, Painter, Rect, Shape, Stroke, Vec2, pos2};

/// How far marks fade into the background while something else is selected.
const DIMMED: f32 = 0.62;
/// Matches of more events than this are drawn without ties and without marks on each other.
const TIED: usize = 100;
/// Half the size of a mark of the selected match.
const SELECTED_RADIUS: f32 = 5.5;

/// The lane under the pointer, and the lines between lanes.
pub(super) fn rows(scene: &Scene<'_>) {
    let palette = scene.palette;
    let whole = scene.layout.whole;
    for row in scene.layout.visible() {
        let clip = scene.layout.clip(row);
        let painter = scene.painter.with_clip_rect(clip);
        let hovered = match &scene.hit {
            Hit::Mark { lane, .. } | Hit::Link { lane, .. } => row.kind == RowKind::Lane(*lane),
            Hit::Dot { strip, .. } => row.kind == RowKind::Strip(*strip),
            Hit::Name(kind) | Hit::Row(kind) => row.kind == *kind,
            _ => false,
        };
        if hovered && !matches!(row.kind, RowKind::More(_)) {
            let rect = Rect::from_x_y_ranges(whole.x_range(), row.top..=row.bottom());
            painter.rect_filled(rect, 0.0, faded(palette.grid, 0.45));
        }
        if row.divided {
            let y = scene.crisp(row.top - super::layout::GROUP_GAP / 2.0);
            let stroke = Stroke::new(scene.pixel(), palette.grid);
            painter.hline(whole.x_range(), y, stroke);
        }
        if matches!(row.kind, RowKind::Lane(_)) {
            // A thread to lead the eye from the name to the marks.
            let y = scene.crisp(row.center());
            let stroke = Stroke::new(scene.pixel(), faded(palette.grid, 0.55));
            scene
                .plot_painter(clip)
                .hline(scene.layout.plot.0..=scene.layout.plot.1, y, stroke);
        }
    }
}

/// The marks and links of all lanes on screen.
pub(super) fn marks(scene: &Scene<'_>) {
    for row in scene.layout.visible() {
        let RowKind::Lane(at) = row.kind else {
            continue;
        };
        let Some(lane) = scene.scenes.lane(at) else {
            continue;
        };
        let painter = scene.plot_painter(scene.layout.clip(row));
        links(scene, &painter, row, at, lane);
        for (i, (series, cluster)) in lane.clusters.iter().enumerate() {
            let hovered =
                matches!(scene.hit, Hit::Mark { lane, cluster, .. } if lane == at && cluster == i);
            mark(scene, &painter, row, at, (*series, cluster), hovered);
        }
    }
}

fn links(scene: &Scene<'_>, painter: &Painter, row: &Row, at: usize, lane: &LaneScene) {
    for curve in &lane.curves {
        let hovered =
            matches!(scene.hit, Hit::Link { lane, link } if lane == at && link == curve.link);
        let share = if hovered {
            1.0
        } else {
            0.6 * (1.0 - DIMMED * scene.dim)
        };
        let width = if hovered { 2.0 } else { 1.2 };
        // Opaque, so that a trunk of many links looks like a trunk of few.
        let color = mixed(scene.palette.background, scene.palette.matched, share);
        draw(painter, scene, row, curve, Stroke::new(width, color));
    }
}

fn draw(painter: &Painter, scene: &Scene<'_>, row: &Row, curve: &Curve, stroke: Stroke) {
    // Far beyond the view the ends are cut: nothing is seen of them.
    let (low, high) = (scene.axis.left - 4000.0, scene.axis.right() + 4000.0);
    let points = path(scene.layout, row, curve)
        .into_iter()
        .map(|p| pos2(p.x.clamp(low, high), p.y))
        .collect();
    painter.add(Shape::line(points, stroke));
}

fn mark(
    scene: &Scene<'_>,
    painter: &Painter,
    row: &Row,
    at: usize,
    (series, cluster): (u8, &Cluster),
    hovered: bool,
) {
    let axis = &scene.axis;
    if cluster.right < axis.left - 2.0 || cluster.left > axis.right() + 2.0 {
        return;
    }
    let y = scene.layout.series_y(row, series);
    let center = pos2(cluster.center(), y);
    let size = if cluster.count() > 1 {
        // Never narrower than its count, also where the view cuts it.
        Vec2::new(cluster.right - cluster.left, 2.0 * MARK_RADIUS + 1.0)
    } else {
        Vec2::splat(2.0 * MARK_RADIUS)
    };
    let grown = if hovered {
        Vec2::splat(2.0)
    } else {
        Vec2::ZERO
    };
    let rect = Rect::from_center_size(center, size + grown);
    let color = scene
        .timeline
        .lanes
        .get(at)
        .and_then(|l| l.marks.get(cluster.marks.start))
        .and_then(|s| scene.timeline.spots.get(*s))
        .map_or(scene.palette.text, |s| scene.palette.table(s.table));
    let dim = if hovered { 0.0 } else { DIMMED * scene.dim };
    let background = scene.palette.background;
    // The ring in the background's colour keeps marks apart from links and neighbours.
    let fill = mixed(color, background, dim);
    icons::mark(painter, series, rect, fill, Stroke::new(1.5, background));
    if cluster.count() > 1 {
        let text = short_count(cluster.count());
        // Chosen for the colour that is painted: a dimmed mark is pale on a light background.
        let ink = readable_on(fill);
        let font = egui::FontId::new(9.5, scene.font.family.clone());
        // In a long mark the count stays in the visible part.
        let low = rect.left().max(axis.left) + clusters::min_width(cluster.count()) / 2.0;
        let high = rect.right().min(axis.right()) - clusters::min_width(cluster.count()) / 2.0;
        let x = if low <= high {
            center.x.clamp(low, high)
        } else {
            center.x
        };
        painter.text(pos2(x, y), Align2::CENTER_CENTER, text, font, ink);
    }
}

/// `15`, `999`, `1.2k`.
fn short_count(n: usize) -> String {
    match n {
        0..1_000 => n.to_string(),
        1_000..10_000 => format!("{}.{}k", n / 1_000, n % 1_000 / 100),
        10_000..1_000_000 => format!("{}k", n / 1_000),
        _ => format!("{}M", n / 1_000_000),
    }
}

/// The selected match on top of all: on each of its lanes its marks and links, and lines that tie the
/// same event together across the lanes. A match under the pointer is shown the same way, weaker.
pub(super) fn selection(scene: &Scene<'_>) {
    let under = scene.hit.matches(scene.timeline);
    if previews(scene)
        && let Some(hovered) = under.first()
        && scene.selected.is_none_or(|s| !under.contains(&s))
    {
        highlight(scene, *hovered, scene.palette.matched, 0.8);
    }
    if let Some(selected) = scene.selected {
        highlight(scene, selected, scene.palette.accent, 1.0);
    }
}

/// Whether what is under the pointer stands for a match of its own: a name or a mark of many does not.
fn previews(scene: &Scene<'_>) -> bool {
    match &scene.hit {
        Hit::Mark { lane, cluster, .. } => scene
            .scenes
            .lane(*lane)
            .and_then(|l| l.clusters.get(*cluster))
            .is_some_and(|(_, c)| c.count() == 1),
        Hit::Name(_) => false,
        _ => true,
    }
}

fn highlight(scene: &Scene<'_>, position: usize, color: Color32, share: f32) {
    let timeline = scene.timeline;
    let Some(m) = timeline.matches.get(position) else {
        return;
    };
    let rows: Vec<&Row> = m
        .lanes
        .iter()
        .filter_map(|lane| scene.layout.row_of_lane(*lane))
        .collect();
    let painter = scene.plot_painter(scene.layout.body);
    let spots = distinct(scene, m);

    // The ties, behind everything.
    if let (Some(first), Some(last)) = (rows.first(), rows.last())
        && rows.len() > 1
        && spots.len() <= TIED
    {
        for (x, spot) in &spots {
            let y = |row: &Row| scene.layout.series_y(row, spot.series);
            let line = [
                pos2(scene.crisp(*x), y(first)),
                pos2(scene.crisp(*x), y(last)),
            ];
            let stroke = Stroke::new(1.0, faded(color, 0.55 * share));
            painter.extend(Shape::dashed_line(&line, stroke, 3.0, 3.0));
        }
    }
    let body = scene.layout.body;
    let on_screen = |row: &&Row| row.bottom() >= body.top() && row.top <= body.bottom();
    for row in rows.into_iter().filter(on_screen) {
        for pair in spots.windows(2) {
            let [(from, a), (to, b)] = pair else { continue };
            let curve = Curve {
                from: *from,
                from_series: a.series,
                to: *to,
                to_series: b.series,
                count: 1,
                link: 0,
            };
            let around = Stroke::new(4.5, faded(scene.palette.background, 0.8));
            draw(&painter, scene, row, &curve, around);
            let line = Stroke::new(2.0, faded(color, share));
            draw(&painter, scene, row, &curve, line);
        }
        for (x, spot) in &spots {
            let center = pos2(*x, scene.layout.series_y(row, spot.series));
            let rect = Rect::from_center_size(center, Vec2::splat(2.0 * SELECTED_RADIUS));
            let rim = Stroke::new(1.5, faded(color, share));
            let background = scene.palette.background;
            icons::mark(&painter, spot.series, rect.expand(2.0), background, rim);
            let fill = scene.palette.table(spot.table);
            icons::mark(&painter, spot.series, rect.shrink(1.0), fill, Stroke::NONE);
            if scene.event == Some(spot.id) && scene.selected == Some(position) {
                // Where the keyboard stands.
                let stroke = Stroke::new(1.5, scene.palette.strong);
                painter.circle_stroke(center, SELECTED_RADIUS + 5.0, stroke);
            }
        }
    }
}

/// The events of a match with their places, those that would lie on each other once: a match of many
/// thousand events is drawn as quickly as one of two.
fn distinct<'a>(scene: &Scene<'a>, m: &Placed) -> Vec<(f32, &'a Spot)> {
    let mut result: Vec<(f32, &Spot)> = Vec::new();
    for spot in m.spots.iter().filter_map(|s| scene.timeline.spots.get(*s)) {
        let x = scene.axis.x(spot.time);
        let beside = |(before, last): &(f32, &Spot)| {
            (x - before).abs() < 1.0 && last.series == spot.series && scene.event != Some(spot.id)
        };
        if m.spots.len() <= TIED || !result.last().is_some_and(beside) {
            result.push((x, spot));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::short_count;

    #[test]
    fn counts_fit_into_marks() {
        let counts = [7, 999, 1_000, 1_290, 45_120, 2_000_000].map(short_count);
        assert_eq!(counts, ["7", "999", "1.0k", "1.2k", "45k", "2M"]);
    }
}
