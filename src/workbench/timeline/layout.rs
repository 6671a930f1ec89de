//! Where everything is: the parts of the widget, the rows, and what lies on a lane.

use super::data::Timeline;
use egui::{Pos2, Rect, pos2};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::timeline::data::{EventInfo, Input, MatchInfo};
    use egui::vec2;

    /// So many accounts with one match each, and so many tables.
    fn timeline(accounts: usize, tables: usize) -> Timeline {
        let event = |i: usize| EventInfo {
            id: i as u32,
            time: i as i64 * 1_000_000,
            table: format!("T{}", i % tables).into(),
            ..EventInfo::default()
        };
        let chain = |i: usize| MatchInfo {
            index: i,
            events: vec![i as u32],
            entities: vec![("Account".to_owned(), format!("a{i:02}"))],
        };
        Timeline::build(Input {
            events: (0..accounts.max(tables)).map(event).collect(),
            matches: (0..accounts).map(chain).collect(),
            ..Input::default()
        })
    }

    fn whole(height: f32) -> Rect {
        Rect::from_min_size(pos2(10.0, 20.0), vec2(800.0, height))
    }

    #[test]
    fn strips_follow_few_lanes() {
        let layout = Layout::new(whole(320.0), &timeline(2, 1), 200.0, 99.0);
        assert_eq!(layout.plot, (210.0, 810.0));
        assert_eq!(layout.scroll, 0.0);
        assert_eq!(layout.bar(), None);
        // Ruler to 48, two lanes of 28 to 104, a gap of 5, a strip of 28.
        assert_eq!(layout.body.bottom(), 104.0);
        assert_eq!((layout.rows[2].top, layout.bottom()), (109.0, 137.0));
    }

    #[test]
    fn strips_stay_below_many_lanes() {
        let layout = Layout::new(whole(220.0), &timeline(20, 2), 200.0, 1e9);
        assert_eq!(layout.foot.bottom(), 240.0);
        assert_eq!(layout.body.bottom(), 240.0 - 2.0 * 28.0 - 5.0);
        // Scrolled to the end: the last lane ends where the strips begin.
        let row = layout.row_of_lane(19).copied().unwrap();
        assert_eq!(row.bottom(), layout.body.bottom());
        let bar = layout.bar().unwrap();
        assert!((bar.bottom() - layout.body.bottom()).abs() < 0.01);
        assert_eq!(
            layout.row_of_lane(0).map(|r| layout.scroll_to(r)),
            Some(0.0)
        );
    }

    #[test]
    fn many_strips_scroll_with_the_lanes() {
        let layout = Layout::new(whole(220.0), &timeline(3, 12), 200.0, 0.0);
        assert_eq!(layout.foot.height(), 0.0);
        assert!(layout.bar().is_some());
        let last = layout.rows.last().unwrap();
        assert!(last.bottom() > layout.body.bottom());
        assert!(!layout.visible().any(|r| r == last));
    }

    #[test]
    fn rows_are_found_where_they_are_drawn_and_only_there() {
        let layout = Layout::new(whole(220.0), &timeline(20, 2), 200.0, 14.0);
        let found = layout.row_at(pos2(300.0, 50.0)).map(|r| r.kind);
        assert_eq!(found, Some(RowKind::Lane(0)));
        // Within the foot the strips are meant, not the lanes that go on behind them.
        let found = layout
            .row_at(pos2(300.0, layout.foot.bottom() - 3.0))
            .map(|r| r.kind);
        assert_eq!(found, Some(RowKind::Strip(1)));
        assert_eq!(layout.row_at(pos2(300.0, 30.0)), None);
    }

    #[test]
    fn names_keep_their_limits() {
        assert_eq!(limited_names(20.0, 800.0), 150.0);
        assert_eq!(limited_names(700.0, 800.0), 400.0);
        assert_eq!(limited_names(200.0, 200.0), 100.0);
    }
}
