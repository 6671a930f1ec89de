//! The marks and labels of a chart's axes.

use crate::workbench::chart::{Axis, Chart};
use crate::workbench::panels::grouped;
use egui_plot::{GridInput, GridMark};

/// Distances of the marks of a time axis, in seconds.
const STEPS: [f64; 20] = [
    1.0,
    5.0,
    15.0,
    30.0,
    60.0,
    300.0,
    900.0,
    1800.0,
    3600.0,
    7200.0,
    10_800.0,
    21_600.0,
    43_200.0,
    86_400.0,
    172_800.0,
    604_800.0,
    1_209_600.0,
    2_592_000.0,
    7_776_000.0,
    31_536_000.0,
];

/// A place of the first axis in words.
pub(super) fn place(chart: &Chart, x: f64) -> String {
    match &chart.axis {
        Axis::Time => date(x, 0.0),
        Axis::Number => amount(x),
        Axis::Categories(names) => category(names, x, 60),
    }
}

pub(super) fn category(names: &[String], at: f64, most: usize) -> String {
    if at < -0.25 || (at - at.round()).abs() > 0.25 {
        return String::new();
    }
    let Some(name) = names.get(at.round() as usize) else {
        return String::new();
    };
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.clone(),
    }
}

pub(super) fn category_marks(input: GridInput, count: usize, room_for: f64) -> Vec<GridMark> {
    let (from, to) = input.bounds;
    let shown = (to - from).clamp(1.0, 1e6);
    let step = (shown / room_for).ceil().max(1.0);
    (0..count)
        .step_by(step as usize)
        .map(|at| GridMark {
            value: at as f64,
            // The labels have the room: they are not to be faded as a dense grid is.
            step_size: step,
        })
        .filter(|mark| (from..=to).contains(&mark.value))
        .collect()
}

pub(super) fn time_marks(input: GridInput, room_for: f64) -> Vec<GridMark> {
    const MOST: usize = 200;
    let (from, to) = input.bounds;
    if !(from.is_finite() && to.is_finite() && to > from) {
        return Vec::new();
    }
    let wanted = (to - from) / room_for;
    let step = STEPS.into_iter().find(|step| *step >= wanted);
    // Decades and more: whole years.
    let step = step.unwrap_or_else(|| (wanted / 31_536_000.0).ceil() * 31_536_000.0);
    let first = (from / step).ceil();
    (0..MOST)
        .map(|n| (first + n as f64) * step)
        .take_while(|value| *value <= to)
        .map(|value| GridMark {
            value,
            step_size: step,
        })
        .collect()
}

/// A date as short as the step between marks allows; 0 for all of it.
pub(super) fn date(seconds: f64, step: f64) -> String {
    const DAY: f64 = 86_400.0;
    let Some(at) = chrono::DateTime::from_timestamp(seconds.round() as i64, 0) else {
        return String::new();
    };
    let midnight = (seconds.round() as i64).rem_euclid(86_400) == 0;
    let format = match step {
        s if s <= 0.0 => "%Y-%m-%d %H:%M:%S",
        s if s < 60.0 => "%H:%M:%S",
        s if s < DAY && midnight => "%b %-d",
        s if s < DAY => "%H:%M",
        s if s < 20.0 * DAY => "%b %-d",
        s if s < 360.0 * DAY => "%b %Y",
        _ => "%Y",
    };
    at.format(format).to_string()
}

/// A number as people read it.
pub(super) fn amount(value: f64) -> String {
    let size = value.abs();
    if size >= 1e15 || (size > 0.0 && size < 1e-4) {
        return format!("{value:.3e}");
    }
    // What a step of a tenth leaves behind in a double is no digit of the number.
    let rounded = (value * 1e4).round() / 1e4;
    let whole = grouped(rounded.abs().trunc() as usize);
    let sign = if rounded < 0.0 { "-" } else { "" };
    let rest = format!("{:.4}", rounded.abs().fract());
    let rest = rest.trim_start_matches('0').trim_end_matches('0');
    match rest {
        "." | "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}{rest}"),
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn numbers_and_dates_of_the_axes() {
        assert_eq!(amount(0.30000000000000004), "0.3");
        assert_eq!(amount(-1234.5), "-1,234.5");
        assert_eq!(amount(0.0), "0");
        assert_eq!(amount(1_000_000.0), "1,000,000");
        // 2026-06-08 00:00:00 UTC, from the day number 20612 since 1970.
        let at = 20_612.0 * 86_400.0;
        assert_eq!(date(at, 0.0), "2026-06-08 00:00:00");
        assert_eq!(date(at, 3600.0), "Jun 8");
        assert_eq!(date(at + 5400.0, 1800.0), "01:30");
    }

    #[test]
    fn marks_of_a_time_axis_lie_on_whole_steps() {
        let input = GridInput {
            bounds: (1000.0, 1000.0 + 86_400.0),
            base_step_size: 1.0,
        };
        let marks = time_marks(input, 8.0);
        assert!((4..=9).contains(&marks.len()), "{}", marks.len());
        assert!(marks.iter().all(|m| m.value % m.step_size == 0.0));
    }
}
