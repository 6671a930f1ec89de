//! Where everything is: the parts of the widget, the rows, and what lies on a lane.

use super::axis::Axis;
use super::clusters::{self, Cluster};
use super::data::{Lane, Timeline};
use egui::{Pos2, Rect, pos2};
use std::collections::HashMap;

/// Height of the ruler and of the head of the name column, points.
pub const RULER_HEIGHT: f32 = 28.0;
/// Height of a table's strip.
pub const STRIP_HEIGHT: f32 = 28.0;
/// Height of a line such as `… and 12 more accounts`.
pub const MORE_HEIGHT: f32 = 20.0;
/// Room between the lanes of two entity types.
pub const GROUP_GAP: f32 = 5.0;
/// The name column is never narrower, where the widget has room.
pub const MIN_NAMES: f32 = 150.0;
/// Width of the scroll bar.
pub const BAR_WIDTH: f32 = 6.0;
/// Most curves drawn on one lane.
const CURVE_LIMIT: usize = 600;
/// How far before its end a curve begins to bend, points.
const BEND: f32 = 12.0;
/// How near the pointer must come to a curve, points.
const CURVE_REACH: f32 = 4.0;

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// An entity: position in [`Timeline::lanes`].
    Lane(usize),
    /// The rest of an entity type: position in [`Timeline::groups`].
    More(usize),
    /// A table: position in [`Timeline::background`].
    Strip(usize),
}

/// One row on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// What it shows.
    pub kind: RowKind,
    /// Its upper edge, points.
    pub top: f32,
    /// Its height, points.
    pub height: f32,
    /// Whether the first row of another kind of thing begins here: a line is drawn above it.
    pub divided: bool,
}

impl Row {
    /// Its lower edge.
    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// Its middle.
    pub fn center(&self) -> f32 {
        self.top + self.height / 2.0
    }
}

/// The parts of the widget.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// All of it.
    pub whole: Rect,
    /// The head of the name column.
    pub head: Rect,
    /// The ruler.
    pub ruler: Rect,
    /// Names and lanes that scroll.
    pub body: Rect,
    /// Names and strips that stay below the lanes; empty where the strips scroll with the lanes.
    pub foot: Rect,
    /// All rows, whether visible or not, with `top` where the scroll position puts it.
    pub rows: Vec<Row>,
    /// Height of all scrolling rows.
    pub content: f32,
    /// How far the rows are scrolled, within its limits.
    pub scroll: f32,
    /// Left and right edge of the time axis.
    pub plot: (f32, f32),
    /// How many rows of marks a lane has, one for each series.
    pub series: u8,
}

impl Layout {
    /// Places everything. `scroll` and `names` are brought within their limits.
    pub fn new(whole: Rect, timeline: &Timeline, names: f32, scroll: f32) -> Self {
        let series = timeline.series.clamp(1, 3);
        let lane_height = if series > 2 { 36.0 } else { 28.0 };
        let names = limited_names(names, whole.width());
        let split = (whole.left() + names).round();
        let top = whole.top() + RULER_HEIGHT;
        let strips = timeline.background.len();
        let room = (whole.bottom() - top).max(0.0);
        let foot_height = strips as f32 * STRIP_HEIGHT + if strips > 0 { GROUP_GAP } else { 0.0 };
        let lanes_height = rows_of_lanes(timeline, lane_height).1;
        // Strips that would take more than half of the room scroll with the lanes.
        let pinned = foot_height <= room * 0.5;
        // The foot follows the lanes, and stays at the lower edge when they are longer.
        let empty_room = if timeline.matches.is_empty() {
            64.0
        } else {
            0.0
        };
        let body_height = if pinned {
            lanes_height.max(empty_room).min(room - foot_height)
        } else {
            room
        };
        let body_bottom = (top + body_height).round();
        let (mut rows, mut content) = rows_of_lanes(timeline, lane_height);
        let mut foot_top = if pinned {
            body_bottom
        } else {
            content.max(empty_room)
        };
        for strip in 0..strips {
            let divided = strip == 0;
            if divided {
                foot_top += GROUP_GAP;
            }
            rows.push(Row {
                kind: RowKind::Strip(strip),
                top: foot_top,
                height: STRIP_HEIGHT,
                divided,
            });
            foot_top += STRIP_HEIGHT;
        }
        if !pinned {
            content = foot_top;
        }
        let scroll = scroll.clamp(0.0, (content - body_height).max(0.0)).round();
        for row in &mut rows {
            if !(pinned && matches!(row.kind, RowKind::Strip(_))) {
                row.top += top - scroll;
            }
        }
        let foot_bottom = if pinned { foot_top } else { body_bottom };
        Self {
            whole,
            head: Rect::from_min_max(whole.min, pos2(split, top)),
            ruler: Rect::from_min_max(pos2(split, whole.top()), pos2(whole.right(), top)),
            body: Rect::from_min_max(pos2(whole.left(), top), pos2(whole.right(), body_bottom)),
            foot: Rect::from_min_max(
                pos2(whole.left(), body_bottom),
                pos2(whole.right(), foot_bottom.min(whole.bottom())),
            ),
            rows,
            content,
            scroll,
            plot: (split, whole.right()),
            series,
        }
    }

    /// The part of the widget that shows a row: rows never reach beyond it.
    pub fn clip(&self, row: &Row) -> Rect {
        if matches!(row.kind, RowKind::Strip(_)) && self.foot.height() > 0.0 {
            self.foot
        } else {
            self.body
        }
    }

    /// The rows on screen.
    pub fn visible(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| {
            let clip = self.clip(row);
            row.bottom() > clip.top() && row.top < clip.bottom()
        })
    }

    /// The row at a height.
    pub fn row_at(&self, pos: Pos2) -> Option<&Row> {
        self.visible()
            .find(|row| self.clip(row).contains(pos) && (row.top..row.bottom()).contains(&pos.y))
    }

    /// The row of a lane, on screen or not.
    pub fn row_of_lane(&self, lane: usize) -> Option<&Row> {
        self.rows.iter().find(|r| r.kind == RowKind::Lane(lane))
    }

    /// Where the lower edge of what is shown is.
    pub fn bottom(&self) -> f32 {
        self.body.bottom().max(self.foot.bottom())
    }

    /// Where the marks of a series are on a lane.
    pub fn series_y(&self, row: &Row, series: u8) -> f32 {
        let at = f32::from(series.min(self.series.saturating_sub(1)));
        let step = 11.0;
        row.center() + (at - f32::from(self.series - 1) / 2.0) * step
    }

    /// How far the rows must be scrolled so that a row of the body is on screen.
    pub fn scroll_to(&self, row: &Row) -> f32 {
        if row.top < self.body.top() {
            self.scroll - (self.body.top() - row.top)
        } else if row.bottom() > self.body.bottom() {
            self.scroll + (row.bottom() - self.body.bottom())
        } else {
            self.scroll
        }
    }

    /// The scroll bar's handle; none where everything is on screen.
    pub fn bar(&self) -> Option<Rect> {
        let height = self.body.height();
        if self.content <= height + 0.5 || height <= 0.0 {
            return None;
        }
        let length = (height * height / self.content).max(20.0).min(height);
        let share = self.scroll / (self.content - height);
        let top = self.body.top() + (height - length) * share;
        let right = self.whole.right();
        Some(Rect::from_min_max(
            pos2(right - BAR_WIDTH, top),
            pos2(right, top + length),
        ))
    }
}

/// The name column's width within its limits: at least [`MIN_NAMES`], at most half.
pub fn limited_names(names: f32, whole: f32) -> f32 {
    let most = (whole * 0.5).max(1.0);
    names.clamp(MIN_NAMES.min(most), most)
}

/// The rows of all lanes from height 0 on, and how high they are together.
fn rows_of_lanes(timeline: &Timeline, height: f32) -> (Vec<Row>, f32) {
    let mut rows = Vec::new();
    let mut top = 0.0;
    for (at, group) in timeline.groups.iter().enumerate() {
        let mut divided = at > 0;
        if divided {
            top += GROUP_GAP;
        }
        let lanes = group
            .lanes
            .clone()
            .map(|lane| (RowKind::Lane(lane), height));
        let more = (group.hidden > 0).then_some((RowKind::More(at), MORE_HEIGHT));
        for (kind, height) in lanes.chain(more) {
            rows.push(Row {
                kind,
                top,
                height,
                divided,
            });
            divided = false;
            top += height;
        }
    }
    (rows, top)
}

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
