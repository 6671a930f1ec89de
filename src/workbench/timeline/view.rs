//! What a person has done to the timeline: which stretch is shown, what is selected.

use super::axis::Axis;
use super::curves::LaneScene;
use super::data::{Placed, Timeline};
use crate::value::EventId;
use std::collections::HashMap;

/// The state of one timeline between frames. Survives new results: selections that no longer exist
/// are not shown.
#[derive(Clone, Debug)]
pub struct View {
    /// Width of the name column as a person dragged it, points; none: as [`View::names`] has it.
    pub names_width: Option<f32>,
    /// The selected match, by [`super::MatchInfo::index`]. Set it to select from outside: the
    /// timeline then brings the match into view.
    pub selected: Option<usize>,
    /// The event of the selected match that the keyboard stands on.
    pub event: Option<EventId>,
    /// The range selected on the ruler, ticks.
    pub range: Option<(i64, i64)>,
    /// First tick and length of what is shown; none: what fits, by `everything`.
    pub(super) window: Option<(i64, f64)>,
    /// Whether all events are fitted; else the matches, where there are any.
    pub(super) everything: bool,
    /// How far the rows are scrolled, points.
    pub(super) scroll: f32,
    /// What is being dragged.
    pub(super) drag: Option<Drag>,
    /// The selection that was last brought into view.
    pub(super) revealed: Option<usize>,
    /// Laid out lanes, kept while nothing moves.
    pub(super) scenes: Scenes,
}

impl Default for View {
    fn default() -> Self {
        Self {
            names_width: None,
            selected: None,
            event: None,
            range: None,
            window: None,
            everything: false,
            scroll: 0.0,
            drag: None,
            revealed: None,
            scenes: Scenes::default(),
        }
    }
}

impl View {
    /// Shows everything, also what comes later.
    pub fn fit(&mut self) {
        self.window = None;
        self.everything = true;
    }

    /// How wide the name column is in a timeline of a width, points: as it was dragged, else a share
    /// of the width, so that long names have the room there is.
    pub fn names(&self, whole: f32) -> f32 {
        self.names_width
            .unwrap_or_else(|| (whole * 0.18).clamp(220.0, 340.0))
    }

    /// Shows a stretch of time with a margin at either side.
    pub fn show_range(&mut self, first: i64, last: i64) {
        let axis = Axis::fit(first.min(last), first.max(last), 0.0, 1.0);
        self.window = Some((axis.start, axis.span));
    }

    /// Shows a match with room for what lies around it.
    pub(super) fn show_match(&mut self, m: &Placed) {
        let margin = m.last.saturating_sub(m.first) / 5;
        self.show_range(
            m.first.saturating_sub(margin),
            m.last.saturating_add(margin),
        );
    }

    /// The stretch that is shown, on an axis from `left` to `right`.
    pub(super) fn axis(&self, timeline: &Timeline, (left, right): (f32, f32)) -> Axis {
        let width = right - left;
        let fitted = match self.everything {
            true => timeline.shown_extent(),
            false => timeline.matched_extent(),
        };
        match (self.window, fitted) {
            (Some((start, span)), _) => Axis::new(start, span, left, width),
            (None, Some((first, last))) => Axis::fit(first, last, left, width),
            (None, None) => {
                let end = timeline.now.unwrap_or(crate::value::time::UNIX_EPOCH);
                let day = crate::value::time::DAY;
                Axis::fit(end.saturating_sub(day), end, left, width)
            }
        }
    }

    /// Takes over a moved or zoomed axis.
    pub(super) fn set_axis(&mut self, axis: Axis, timeline: &Timeline) {
        let axis = axis.clamped(timeline.shown_extent());
        self.window = Some((axis.start, axis.span));
    }

    /// The position of the selected match, if it still exists.
    pub(super) fn position(&self, timeline: &Timeline) -> Option<usize> {
        self.selected.and_then(|index| timeline.position(index))
    }
}

/// What the pointer drags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Drag {
    /// The stretch that is shown, and the rows.
    Pan,
    /// A range on the ruler, from this time on.
    Range(i64),
    /// The edge of the name column.
    Names,
    /// The scroll bar.
    Bar,
}

/// Laid out lanes, by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Scenes {
    key: Option<(u64, Axis)>,
    lanes: HashMap<usize, LaneScene>,
}

impl Scenes {
    /// Lays out the lanes that are asked for and forgets those of another time or content.
    pub(super) fn prepare(
        &mut self,
        timeline: &Timeline,
        axis: &Axis,
        lanes: impl Iterator<Item = usize>,
    ) {
        let key = Some((timeline.fingerprint, *axis));
        if self.key != key {
            self.key = key;
            self.lanes.clear();
        }
        for at in lanes {
            if let Some(lane) = timeline.lanes.get(at) {
                self.lanes
                    .entry(at)
                    .or_insert_with(|| LaneScene::new(timeline, lane, axis));
            }
        }
    }

    /// A lane that was prepared.
    pub(super) fn lane(&self, at: usize) -> Option<&LaneScene> {
        self.lanes.get(&at)
    }
}
