//! Time to pixels and back. Times are ticks in `i64`; only differences of times become `f64`,
//! so that no precision is lost far from the year 1.

use crate::value::time::{MAX_DATETIME, MINUTE, SECOND};

/// The shortest stretch that can be shown, in ticks: 100 µs.
pub const MIN_SPAN: f64 = 1_000.0;

/// The longest stretch that can be shown, in ticks: all of time as the platform knows it.
pub const MAX_SPAN: f64 = MAX_DATETIME as f64;

/// Positions beyond this many pixels are all the same: off screen.
const FAR: f64 = 1e6;

/// Which stretch of time is on screen, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The time at the left edge, ticks.
    pub start: i64,
    /// How long the visible stretch is, ticks; at least [`MIN_SPAN`].
    pub span: f64,
    /// The left edge, points.
    pub left: f32,
    /// The width, points; at least 1.
    pub width: f32,
}

impl Axis {
    /// An axis that shows a stretch of time.
    pub fn new(start: i64, span: f64, left: f32, width: f32) -> Self {
        Self {
            start,
            span: if span.is_finite() {
                span.clamp(MIN_SPAN, MAX_SPAN)
            } else {
                MIN_SPAN
            },
            left,
            width: width.max(1.0),
        }
    }

    /// An axis that shows `first` to `last` with a margin at either side (4 % of the width).
    /// A single instant gets two minutes round it.
    pub fn fit(first: i64, last: i64, left: f32, width: f32) -> Self {
        let span = last.saturating_sub(first).max(0) as f64;
        let (first, span) = if span < MIN_SPAN {
            (first.saturating_sub(MINUTE), 2.0 * MINUTE as f64)
        } else {
            (first, span)
        };
        let margin = span * 0.04;
        Self::new(
            first.saturating_sub(margin as i64),
            span + 2.0 * margin,
            left,
            width,
        )
    }

    /// Points per tick.
    pub fn scale(&self) -> f64 {
        f64::from(self.width) / self.span
    }

    /// Where a time is, points. Times far off screen are all at the same far place.
    pub fn x(&self, time: i64) -> f32 {
        let offset = (time.saturating_sub(self.start) as f64 * self.scale()).clamp(-FAR, FAR);
        self.left + offset as f32
    }

    /// The time at a place, within the platform's range.
    pub fn time(&self, x: f32) -> i64 {
        let offset = f64::from(x - self.left) / self.scale();
        self.start
            .saturating_add(offset.round() as i64)
            .clamp(0, MAX_DATETIME)
    }

    /// The time at the right edge.
    pub fn end(&self) -> i64 {
        self.start.saturating_add(self.span.round() as i64)
    }

    /// The right edge, points.
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    /// The same stretch moved by a distance in points: positive shows earlier times.
    pub fn panned(self, dx: f32) -> Self {
        let ticks = (f64::from(dx) / self.scale()).round() as i64;
        Self {
            start: self.start.saturating_sub(ticks),
            ..self
        }
    }

    /// Magnified by a factor (above 1: a shorter stretch); the time at `x` stays where it is.
    pub fn zoomed(self, factor: f64, x: f32) -> Self {
        if !factor.is_finite() || factor <= 0.0 {
            return self;
        }
        let span = (self.span / factor).clamp(MIN_SPAN, MAX_SPAN);
        let share = f64::from(x - self.left) / f64::from(self.width);
        let moved = (self.span - span) * share;
        Self {
            start: self.start.saturating_add(moved.round() as i64),
            span,
            ..self
        }
    }

    /// Kept near the data: at most ten times as long as it, and never wholly beside it.
    pub fn clamped(self, extent: Option<(i64, i64)>) -> Self {
        let Some((first, last)) = extent else {
            return self;
        };
        let data = (last.saturating_sub(first) as f64).max(60.0 * SECOND as f64);
        let axis = if self.span > data * 10.0 {
            let center = self.left + self.width / 2.0;
            self.zoomed(self.span / (data * 10.0), center)
        } else {
            self
        };
        // A quarter of the view may lie beyond the data.
        let beyond = (axis.span * 0.75) as i64;
        let earliest = first.saturating_sub(beyond);
        let latest = last
            .saturating_sub(axis.span as i64)
            .saturating_add(beyond)
            .max(earliest);
        Self {
            start: axis.start.clamp(earliest, latest),
            ..axis
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::{DAY, HOUR, parse_datetime};

    fn day() -> Axis {
        let start = parse_datetime("2026-06-08").unwrap();
        Axis::new(start, DAY as f64, 100.0, 960.0)
    }

    #[test]
    fn an_hour_of_a_day_is_a_twenty_fourth_of_the_width() {
        let axis = day();
        assert_eq!(axis.x(axis.start), 100.0);
        assert_eq!(axis.x(axis.start + HOUR), 140.0);
        assert_eq!(axis.time(140.0), axis.start + HOUR);
        assert_eq!(axis.x(axis.end()), axis.right());
    }

    #[test]
    fn zooming_keeps_the_time_under_the_pointer() {
        let axis = day();
        let mut zoomed = axis;
        for _ in 0..90 {
            zoomed = zoomed.zoomed(1.3, 340.0);
            let moved = (zoomed.time(340.0) - axis.time(340.0)).abs();
            // Rounding to whole ticks at each step: never visible, never more than a tick a step.
            assert!(moved <= 90, "moved {moved} ticks");
        }
        assert_eq!(zoomed.span, MIN_SPAN);
    }

    #[test]
    fn microseconds_are_kept_apart_in_any_year() {
        let start = parse_datetime("9990-01-01").unwrap();
        let axis = Axis::new(start, MIN_SPAN, 0.0, 1000.0);
        assert_eq!(axis.x(start + 10), 10.0);
        assert_eq!(axis.time(10.0), start + 10);
    }

    #[test]
    fn fitting_leaves_a_margin_and_survives_one_instant() {
        let start = parse_datetime("2026-06-08").unwrap();
        let axis = Axis::fit(start, start + DAY, 0.0, 1080.0);
        assert_eq!(axis.x(start).round(), 40.0);
        assert_eq!(axis.x(start + DAY).round(), 1040.0);
        let axis = Axis::fit(start, start, 0.0, 1000.0);
        assert_eq!(axis.x(start).round(), 500.0);
    }

    #[test]
    fn hostile_times_do_not_overflow() {
        let axis = Axis::fit(i64::MIN, i64::MAX, 0.0, f32::NAN);
        assert!(axis.x(0).is_finite());
        assert!(axis.x(i64::MIN) <= axis.x(i64::MAX));
        let _ = axis
            .panned(f32::MAX)
            .zoomed(f64::NAN, 3.0)
            .clamped(Some((i64::MIN, i64::MAX)));
        let _ = day().zoomed(0.0, 0.0).clamped(Some((i64::MAX, i64::MIN)));
    }

    #[test]
    fn panning_stops_beside_the_data() {
        let axis = day();
        let extent = Some((axis.start, axis.start + DAY));
        let gone = axis.panned(-1e5).clamped(extent);
        assert!(gone.x(axis.start + DAY) >= gone.left + 200.0);
        let gone = axis.panned(1e5).clamped(extent);
        assert!(gone.x(axis.start) <= gone.right() - 200.0);
        let out = axis.zoomed(1e-6, 300.0).clamped(extent);
        assert_eq!(out.span, 10.0 * DAY as f64);
    }
}
