//! The ruler's ticks: ranks of nested steps from microseconds to millennia, each fading in as it gets room.
//! All times are UTC.

use super::axis::Axis;
use crate::value::time::{DAY, HOUR, MINUTE, SECOND, from_chrono, to_chrono};
use chrono::{Datelike, NaiveDate, TimeDelta};

/// Ticks nearer than this many points are not drawn.
const MIN_SPACING: f64 = 4.0;
/// Labels fade in between these distances of their ticks, points.
const LABEL_SPACING: (f64, f64) = (60.0, 88.0);

/// A distance of ticks. Every tick of one is a tick of all that are shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// A number of ticks of 100 ns that divides the day.
    Ticks(i64),
    /// The 1st, 6th, 11th, 16th, 21st and 26th of a month.
    FiveDays,
    /// A number of months that divides the year.
    Months(u32),
    /// A number of years.
    Years(i32),
}

const MICROSECOND: i64 = 10;
const MILLISECOND: i64 = 10_000;

/// From short to long.
const STEPS: [Step; 34] = [
    Step::Ticks(MICROSECOND),
    Step::Ticks(5 * MICROSECOND),
    Step::Ticks(10 * MICROSECOND),
    Step::Ticks(50 * MICROSECOND),
    Step::Ticks(100 * MICROSECOND),
    Step::Ticks(500 * MICROSECOND),
    Step::Ticks(MILLISECOND),
    Step::Ticks(5 * MILLISECOND),
    Step::Ticks(10 * MILLISECOND),
    Step::Ticks(50 * MILLISECOND),
    Step::Ticks(100 * MILLISECOND),
    Step::Ticks(500 * MILLISECOND),
    Step::Ticks(SECOND),
    Step::Ticks(5 * SECOND),
    Step::Ticks(15 * SECOND),
    Step::Ticks(MINUTE),
    Step::Ticks(5 * MINUTE),
    Step::Ticks(15 * MINUTE),
    Step::Ticks(HOUR),
    Step::Ticks(3 * HOUR),
    Step::Ticks(6 * HOUR),
    Step::Ticks(12 * HOUR),
    Step::Ticks(DAY),
    Step::FiveDays,
    Step::Months(1),
    Step::Months(3),
    Step::Years(1),
    Step::Years(5),
    Step::Years(10),
    Step::Years(50),
    Step::Years(100),
    Step::Years(500),
    Step::Years(1000),
    Step::Years(5000),
];

impl Step {
    /// Its usual length, ticks.
    fn length(self) -> f64 {
        match self {
            Step::Ticks(n) => n as f64,
            Step::FiveDays => 5.0 * DAY as f64,
            Step::Months(n) => f64::from(n) * 30.44 * DAY as f64,
            Step::Years(n) => f64::from(n) * 365.25 * DAY as f64,
        }
    }

    /// The first tick at or after a time; none beyond the calendar.
    fn at_or_after(self, time: i64) -> Option<i64> {
        if let Step::Ticks(n) = self {
            let below = time.div_euclid(n).checked_mul(n)?;
            return if below == time {
                Some(below)
            } else {
                below.checked_add(n)
            };
        }
        let at = to_chrono(time)?;
        let whole = from_chrono(at.date_naive().and_hms_opt(0, 0, 0)?.and_utc()) == time;
        let mut date = at.date_naive();
        if !whole {
            date = date.checked_add_signed(TimeDelta::days(1))?;
        }
        while !self.is_on(date) {
            date = self.forward(date)?;
        }
        to_ticks(date)
    }

    /// The tick after a tick.
    fn next(self, time: i64) -> Option<i64> {
        match self {
            Step::Ticks(n) => time.checked_add(n),
            _ => self.at_or_after(time.checked_add(1)?),
        }
    }

    /// Whether a day is a tick.
    fn is_on(self, date: NaiveDate) -> bool {
        match self {
            Step::Ticks(_) => true,
            Step::FiveDays => date.day() <= 26 && date.day() % 5 == 1,
            Step::Months(n) => date.day() == 1 && date.month0().is_multiple_of(n),
            Step::Years(n) => date.ordinal() == 1 && date.year() % n == 0,
        }
    }

    /// A later day that is not beyond the next tick.
    fn forward(self, date: NaiveDate) -> Option<NaiveDate> {
        let next_month = || {
            let (year, month) = match date.month() {
                12 => (date.year().checked_add(1)?, 1),
                month => (date.year(), month + 1),
            };
            NaiveDate::from_ymd_opt(year, month, 1)
        };
        match self {
            Step::Ticks(_) | Step::FiveDays => date.checked_add_signed(TimeDelta::days(1)),
            Step::Months(_) => next_month(),
            Step::Years(n) => {
                let year = date.year().div_euclid(n).checked_add(1)?.checked_mul(n)?;
                NaiveDate::from_ymd_opt(year, 1, 1)
            }
        }
    }

    /// Whether a time is a tick.
    fn contains(self, time: i64) -> bool {
        match self {
            Step::Ticks(n) => time.rem_euclid(n) == 0,
            _ => {
                time.rem_euclid(DAY) == 0
                    && to_chrono(time).is_some_and(|at| self.is_on(at.date_naive()))
            }
        }
    }

    /// What is written at a tick; `seconds` says that ticks of seconds are labelled too.
    fn label(self, time: i64, seconds: bool) -> String {
        let Some(at) = to_chrono(time) else {
            return String::new();
        };
        let fraction = time.rem_euclid(SECOND) / MICROSECOND;
        match self {
            Step::Ticks(n) if n < MILLISECOND => {
                format!(".{:03} {:03}", fraction / 1000, fraction % 1000)
            }
            Step::Ticks(n) if n < SECOND => format!(".{:03}", fraction / 1000),
            Step::Ticks(n) if n < MINUTE || (seconds && n < DAY) => {
                at.format("%H:%M:%S").to_string()
            }
            Step::Ticks(n) if n < DAY => at.format("%H:%M").to_string(),
            Step::Ticks(_) => at.format("%a %-d %b").to_string(),
            Step::FiveDays => at.format("%-d %b").to_string(),
            Step::Months(_) => at.format("%b %Y").to_string(),
            Step::Years(_) => at.format("%Y").to_string(),
        }
    }
}

/// Ticks of the beginning of a day; none before the year 1 or after the year 9999.
fn to_ticks(date: NaiveDate) -> Option<i64> {
    if !(1..=9999).contains(&date.year()) {
        return None;
    }
    Some(from_chrono(date.and_hms_opt(0, 0, 0)?.and_utc()))
}

/// One tick of the ruler.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// When.
    pub time: i64,
    /// Where, points.
    pub x: f32,
    /// How strong it is drawn, 0 to 1: grows with the distance to its neighbours of the same rank.
    pub strength: f32,
    /// What is written beside it; empty where there is no room.
    pub label: String,
    /// How strong the label is drawn, 0 to 1.
    pub label_strength: f32,
    /// Whether it begins a day, or something longer.
    pub calendar: bool,
}

/// The ticks of an axis in time order.
pub fn ticks(axis: &Axis) -> Vec<Tick> {
    let scale = axis.scale();
    // The label of a tick left of the edge may still reach into the view.
    let first = axis.time(axis.left - LABEL_SPACING.1 as f32);
    let end = axis.end();
    let seconds = 15.0 * SECOND as f64 * scale > LABEL_SPACING.0;
    let mut ticks: Vec<Tick> = Vec::new();
    for (i, step) in STEPS.iter().enumerate() {
        let spacing = step.length() * scale;
        if spacing < MIN_SPACING {
            continue;
        }
        let coarser = STEPS.get(i + 1);
        let strength = ramp(spacing, MIN_SPACING, 80.0).sqrt();
        let label_strength = ramp(spacing, LABEL_SPACING.0, LABEL_SPACING.1);
        let calendar = !matches!(step, Step::Ticks(n) if *n < DAY);
        let mut at = step.at_or_after(first);
        while let Some(time) = at.filter(|t| *t <= end) {
            at = step.next(time);
            // Drawn once, at its highest rank.
            if coarser.is_some_and(|c| c.contains(time)) {
                continue;
            }
            ticks.push(Tick {
                time,
                x: axis.x(time),
                strength,
                label: if label_strength > 0.0 {
                    step.label(time, seconds)
                } else {
                    String::new()
                },
                label_strength,
                calendar,
            });
        }
    }
    ticks.sort_by_key(|t| t.time);
    ticks
}

/// 0 up to `low`, 1 from `high`, and straight in between.
fn ramp(value: f64, low: f64, high: f64) -> f32 {
    ((value - low) / (high - low)).clamp(0.0, 1.0) as f32
}

/// The dates that an axis shows, in words: what the tick labels leave out. Where the view reaches beyond
/// `content`, only the dates of the content count.
pub fn date_label(axis: &Axis, content: Option<(i64, i64)>) -> String {
    let (mut start, mut end) = (axis.time(axis.left), axis.time(axis.right()));
    if let Some((first, last)) = content
        && first <= end
        && last >= start
    {
        (start, end) = (start.max(first), end.min(last));
    }
    let (Some(from), Some(to)) = (to_chrono(start), to_chrono(end)) else {
        return String::new();
    };
    if from.date_naive() == to.date_naive() {
        return from.format("%a %-d %b %Y").to_string();
    }
    let to_text = to.format("%-d %b %Y");
    if from.year() != to.year() {
        format!("{} – {to_text}", from.format("%-d %b %Y"))
    } else if from.month() != to.month() {
        format!("{} – {to_text}", from.format("%-d %b"))
    } else {
        format!("{} – {to_text}", from.format("%-d"))
    }
}

/// An instant as exact as a point of the axis is: `03:12`, `03:12:05`, `03:12:05.123`; with the date
/// where the axis shows more than a day.
pub fn instant_label(axis: &Axis, time: i64) -> String {
    let Some(at) = to_chrono(time) else {
        return String::new();
    };
    let per_point = 1.0 / axis.scale();
    let fraction = time.rem_euclid(SECOND);
    let clock = if per_point > 20.0 * SECOND as f64 {
        at.format("%H:%M").to_string()
    } else if per_point > 0.1 * SECOND as f64 {
        at.format("%H:%M:%S").to_string()
    } else if per_point > MILLISECOND as f64 {
        format!("{}.{:02}", at.format("%H:%M:%S"), fraction / 100_000)
    } else if per_point > 100.0 {
        format!("{}.{:04}", at.format("%H:%M:%S"), fraction / 1000)
    } else {
        format!("{}.{:06}", at.format("%H:%M:%S"), fraction / 10)
    };
    if per_point > 2.0 * DAY as f64 {
        at.format("%-d %b %Y").to_string()
    } else if axis.span > DAY as f64 * 1.5 {
        format!("{} {clock}", at.format("%-d %b"))
    } else {
        clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::parse_datetime;

    fn axis(from: &str, to: &str, width: f32) -> Axis {
        let (from, to) = (parse_datetime(from).unwrap(), parse_datetime(to).unwrap());
        Axis::new(from, (to - from) as f64, 0.0, width)
    }

    fn labels(axis: &Axis) -> Vec<String> {
        let in_view = |t: &&Tick| t.x >= 0.0 && t.label_strength > 0.5;
        let ticks = ticks(axis);
        ticks
            .iter()
            .filter(in_view)
            .map(|t| t.label.clone())
            .collect()
    }

    #[test]
    fn a_day_is_labelled_every_three_hours() {
        // 1000 points a day: 3 h are 125 points, 1 h is 41.7.
        assert_eq!(
            labels(&axis("2026-06-08", "2026-06-08 23:59:59", 1000.0)),
            [
                "Mon 8 Jun",
                "03:00",
                "06:00",
                "09:00",
                "12:00",
                "15:00",
                "18:00",
                "21:00"
            ]
        );
    }

    #[test]
    fn half_an_hour_crosses_midnight() {
        assert_eq!(
            labels(&axis("2026-06-08 23:50", "2026-06-09 00:10", 800.0)),
            ["23:50", "23:55", "Tue 9 Jun", "00:05", "00:10"]
        );
    }

    #[test]
    fn seconds_and_parts_of_a_second() {
        assert_eq!(
            labels(&axis("2026-06-08 03:00:00", "2026-06-08 03:00:01", 240.0)),
            ["03:00:00", ".500", "03:00:01"]
        );
        let mut a = axis("2026-06-08 03:00:00", "2026-06-08 03:00:01", 1000.0);
        a = Axis::new(a.start, 100.0 * MICROSECOND as f64, 0.0, 400.0);
        assert_eq!(labels(&a), ["03:00:00", ".000 050", ".000 100"]);
    }

    #[test]
    fn months_and_years_follow_the_calendar() {
        assert_eq!(
            labels(&axis("2024-01-01", "2024-04-01", 400.0)),
            ["2024", "Feb 2024", "Mar 2024", "Apr 2024"]
        );
        assert_eq!(
            labels(&axis("1999-06-01", "2011-06-01", 400.0)),
            ["2000", "2005", "2010"]
        );
        let a = axis("2026-01-28", "2026-03-02", 700.0);
        assert_eq!(
            labels(&a),
            [
                "Feb 2026", "6 Feb", "11 Feb", "16 Feb", "21 Feb", "26 Feb", "Mar 2026"
            ]
        );
    }

    #[test]
    fn ticks_are_ordered_and_bounded_at_every_scale() {
        let mut a = axis("0001-01-01", "9999-12-31", 1200.0);
        for _ in 0..60 {
            let ticks = ticks(&a);
            assert!(ticks.windows(2).all(|w| w[0].time < w[1].time));
            assert!(!ticks.is_empty() && ticks.len() < 700, "{}", ticks.len());
            let labelled = ticks.iter().filter(|t| t.label_strength > 0.0).count();
            assert!(
                (1..=24).contains(&labelled),
                "{labelled} labels at {}",
                a.span
            );
            a = a.zoomed(1.9, 613.0);
        }
    }

    #[test]
    fn every_step_nests_in_the_next() {
        let from = parse_datetime("1999-12-30").unwrap();
        for pair in STEPS.windows(2) {
            let mut at = pair[1].at_or_after(from);
            for _ in 0..4 {
                if let Some(t) = at {
                    assert!(pair[0].contains(t), "{:?} in {:?}", pair[1], pair[0]);
                    at = pair[1].next(t);
                }
            }
        }
    }

    #[test]
    fn dates_in_words() {
        let label = |a, b| date_label(&axis(a, b, 100.0), None);
        assert_eq!(
            label("2026-06-08 01:00", "2026-06-08 23:00"),
            "Mon 8 Jun 2026"
        );
        assert_eq!(label("2026-06-08", "2026-06-10"), "8 – 10 Jun 2026");
        assert_eq!(label("2026-06-08", "2026-07-10"), "8 Jun – 10 Jul 2026");
        assert_eq!(
            label("2025-06-08", "2026-07-10"),
            "8 Jun 2025 – 10 Jul 2026"
        );
    }
}
