//! What lies on a lane: its marks, joined where they touch, and its links, bundled between the same marks.

use super::axis::Axis;
use super::clusters::{self, Cluster};
use super::data::{Lane, Timeline};
use super::layout::{Layout, Row};
use egui::{Pos2, pos2};
use std::collections::HashMap;

/// Most curves drawn on one lane.
const CURVE_LIMIT: usize = 600;
/// How far before its end a curve begins to bend, points.
const BEND: f32 = 12.0;
/// How near the pointer must come to a curve, points.
const CURVE_REACH: f32 = 4.0;

/// Links between the same two clusters, drawn as one curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Where it begins, points.
    pub from: f32,
    /// The series of the event it begins at.
    pub from_series: u8,
    /// Where it ends.
    pub to: f32,
    /// The series of the event it ends at.
    pub to_series: u8,
    /// How many links it stands for.
    pub count: usize,
    /// One of them: a position in [`Timeline::links`].
    pub link: usize,
}

/// What lies on one lane, without heights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneScene {
    /// Marks, by series, then from left to right, with their series.
    pub clusters: Vec<(u8, Cluster)>,
    /// Links, those between the most events first.
    pub curves: Vec<Curve>,
}

impl LaneScene {
    /// Places a lane's marks and links.
    pub fn new(timeline: &Timeline, lane: &Lane, axis: &Axis) -> Self {
        let spot = |mark: usize| lane.marks.get(mark).and_then(|s| timeline.spots.get(*s));
        let mut made: Vec<(u8, Cluster)> = Vec::new();
        let mut start = 0;
        while let Some(series) = spot(start).map(|s| s.series) {
            let rest = lane.marks.get(start..).unwrap_or_default();
            let same = rest
                .partition_point(|s| timeline.spots.get(*s).is_some_and(|s| s.series == series));
            let times = (start..start + same).filter_map(|m| spot(m).map(|s| s.time));
            let joined = clusters::clusters(times, start, axis);
            made.extend(joined.into_iter().map(|c| (series, c)));
            start += same.max(1);
        }
        let mut scene = Self {
            clusters: made,
            curves: Vec::new(),
        };
        scene.join(timeline, lane, axis);
        scene
    }

    /// Places the links, those between the same two clusters as one curve.
    fn join(&mut self, timeline: &Timeline, lane: &Lane, axis: &Axis) {
        let clusters = &self.clusters;
        let holding = |mark: usize| clusters.partition_point(|(_, c)| c.marks.end <= mark);
        let mut known: HashMap<(usize, usize), usize> = HashMap::new();
        let mut curves: Vec<Curve> = Vec::new();
        // Neighbours in the list mostly join the same clusters: no look-up for those.
        let mut last = None;
        for link in &lane.links {
            let key = (holding(link.from), holding(link.to));
            if key.0 == key.1 {
                continue;
            }
            let before = match last {
                Some((last, curve)) if last == key => Some(curve),
                _ => known.get(&key).copied(),
            };
            if let Some(at) = before {
                last = Some((key, at));
                if let Some(curve) = curves.get_mut(at) {
                    curve.count += 1;
                }
                continue;
            }
            let (Some((from_series, from)), Some((to_series, to))) =
                (clusters.get(key.0), clusters.get(key.1))
            else {
                continue;
            };
            let x = |mark: usize| {
                let spot = lane.marks.get(mark).and_then(|s| timeline.spots.get(*s));
                spot.map_or(0.0, |s| axis.x(s.time))
            };
            let curve = Curve {
                from: from.anchor(x(link.from)),
                from_series: *from_series,
                to: to.anchor(x(link.to)),
                to_series: *to_series,
                count: 1,
                link: link.link,
            };
            // What lies wholly beside the view is not drawn.
            if curve.from.max(curve.to) < axis.left || curve.from.min(curve.to) > axis.right() {
                continue;
            }
            known.insert(key, curves.len());
            last = Some((key, curves.len()));
            curves.push(curve);
        }
        curves.sort_by_key(|c| std::cmp::Reverse(c.count));
        curves.truncate(CURVE_LIMIT);
        self.curves = curves;
    }

    /// The cluster at a place on its row.
    pub fn cluster_at(&self, layout: &Layout, row: &Row, pos: Pos2) -> Option<usize> {
        let reach = |c: &Cluster| {
            let beside = (c.left - pos.x).max(pos.x - c.right).max(0.0);
            beside <= 2.0
        };
        let near = |series: u8| (layout.series_y(row, series) - pos.y).abs();
        self.clusters
            .iter()
            .enumerate()
            .filter(|(_, (series, c))| reach(c) && near(*series) <= 8.0)
            .min_by(|(_, (a, ac)), (_, (b, bc))| {
                let distance = |s: u8, c: &Cluster| near(s) + (c.center() - pos.x).abs() * 0.1;
                distance(*a, ac).total_cmp(&distance(*b, bc))
            })
            .map(|(i, _)| i)
    }

    /// The curve at a place on its row.
    pub fn curve_at(&self, layout: &Layout, row: &Row, pos: Pos2) -> Option<usize> {
        let distance = |curve: &Curve| {
            path(layout, row, curve)
                .windows(2)
                .map(|part| match part {
                    [a, b] => to_segment(pos, *a, *b),
                    _ => f32::MAX,
                })
                .fold(f32::MAX, f32::min)
        };
        self.curves
            .iter()
            .enumerate()
            .filter(|(_, c)| {
                let (low, high) = (c.from.min(c.to), c.from.max(c.to));
                (low - CURVE_REACH..=high + CURVE_REACH).contains(&pos.x)
            })
            .map(|(i, c)| (i, distance(c)))
            .filter(|(_, d)| *d <= CURVE_REACH)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(i, _)| i)
    }
}

/// The points of a curve on its row. Between events of two series it runs along the row of the earlier
/// one and bends into the later one, so that links from one event to many share a trunk and branch off;
/// events of the same series are joined by an arch above them.
pub fn path(layout: &Layout, row: &Row, curve: &Curve) -> Vec<Pos2> {
    let from = pos2(curve.from, layout.series_y(row, curve.from_series));
    let to = pos2(curve.to, layout.series_y(row, curve.to_series));
    let dx = to.x - from.x;
    if (from.y - to.y).abs() < 1.0 {
        let most = (from.y - row.top - 2.0).max(3.0);
        // An arch of a cubic Bézier is three quarters as high as its control points.
        let rise = (dx.abs() * 0.25).clamp(3.0, most / 0.75);
        let lift = |t: f32| pos2(from.x + dx * t, from.y - rise);
        return bend([from, lift(0.15), lift(0.85), to], 16).collect();
    }
    let turn = dx.abs().min(BEND) * dx.signum();
    let begin = pos2(to.x - turn, from.y);
    let corner = pos2(to.x - turn * 0.4, from.y);
    let arrive = pos2(to.x, from.y + (to.y - from.y) * 0.35);
    std::iter::once(from)
        .chain(bend([begin, corner, arrive, to], 8))
        .collect()
}

/// Points of a cubic Bézier.
fn bend(points: [Pos2; 4], steps: u8) -> impl Iterator<Item = Pos2> {
    let [a, b, c, d] = points.map(|p| p.to_vec2());
    (0..=steps).map(move |i| {
        let t = f32::from(i) / f32::from(steps);
        let u = 1.0 - t;
        (a * (u * u * u) + b * (3.0 * u * u * t) + c * (3.0 * u * t * t) + d * (t * t * t))
            .to_pos2()
    })
}

/// How far a point is from a straight line between two others.
fn to_segment(p: Pos2, a: Pos2, b: Pos2) -> f32 {
    let line = b - a;
    let length = line.length_sq();
    let t = if length > 0.0 {
        ((p - a).dot(line) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    p.distance(a + line * t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::timeline::data::{EventInfo, Input, MatchInfo};

    /// A change at 100 points, and signals at the given places; each pair is a match.
    fn scene(signals: &[i64]) -> (Timeline, LaneScene) {
        let event = |id: u32, x: i64, table: &str| EventInfo {
            id,
            time: x * 1_000,
            table: table.into(),
            ..EventInfo::default()
        };
        let mut input = Input {
            events: vec![event(0, 100, "A")],
            ..Input::default()
        };
        for (i, x) in signals.iter().enumerate() {
            let id = i as u32 + 1;
            input.events.push(event(id, *x, "B"));
            input.matches.push(MatchInfo {
                index: i,
                events: vec![0, id],
                entities: vec![("Account".to_owned(), "x".to_owned())],
            });
        }
        let timeline = Timeline::build(input);
        let axis = Axis::new(0, 1_000_000.0, 0.0, 1_000.0);
        let lane = LaneScene::new(&timeline, &timeline.lanes[0], &axis);
        (timeline, lane)
    }

    #[test]
    fn links_to_one_mark_become_one_curve() {
        let (_, scene) = scene(&[300, 304, 308, 600]);
        let drawn: Vec<_> = scene.curves.iter().map(|c| (c.from, c.count)).collect();
        assert_eq!(drawn, [(100.0, 3), (100.0, 1)]);
        let counts: Vec<_> = scene
            .clusters
            .iter()
            .map(|(s, c)| (*s, c.count()))
            .collect();
        assert_eq!(counts, [(0, 1), (1, 3), (1, 1)]);
    }

    #[test]
    fn curves_begin_and_end_at_their_marks_and_can_be_hit() {
        let (timeline, scene) = scene(&[300]);
        let whole = egui::Rect::from_min_max(pos2(-200.0, 0.0), pos2(1_000.0, 300.0));
        let layout = Layout::new(whole, &timeline, 200.0, 0.0);
        let row = layout.row_of_lane(0).unwrap();
        let points = path(&layout, row, &scene.curves[0]);
        let (y0, y1) = (layout.series_y(row, 0), layout.series_y(row, 1));
        assert_eq!(points.first(), Some(&pos2(100.0, y0)));
        assert_eq!(points.last(), Some(&pos2(300.0, y1)));
        // Along the trunk, but not beside it.
        assert_eq!(scene.curve_at(&layout, row, pos2(200.0, y0 + 2.0)), Some(0));
        assert_eq!(scene.curve_at(&layout, row, pos2(200.0, y1)), None);
        // Marks come before curves only where they are.
        assert_eq!(scene.cluster_at(&layout, row, pos2(300.0, y1)), Some(1));
        assert_eq!(scene.cluster_at(&layout, row, pos2(200.0, y0)), None);
    }
}
