//! Instants and spans of time as text, by a format of letters.

use super::{Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::time::{DAY, HOUR, MINUTE, SECOND};
use crate::value::{Type, Value, time};
use chrono::Datelike;
use std::sync::Arc;

pub const FUNCTIONS: &[Function] = &[
    Function {
        names: &["format_datetime"],
        signature: "format_datetime(date, format:string)",
        doc: "The instant as text: yyyy, MM, dd, HH, hh, mm, ss, f…, F…, tt and others.",
        params: &[Param::DateTime, Param::TextConst],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::First,
        body: |_, a| formatted(a, format_datetime),
    },
    Function {
        names: &["format_timespan"],
        signature: "format_timespan(span, format:string)",
        doc: "The span as text: d…, H, h, m, s, f…, F….",
        params: &[Param::TimeSpan, Param::TextConst],
        optional: 0,
        repeat: 0,
        result: |_| Some(Type::String),
        naming: Naming::First,
        body: |_, a| formatted(a, format_timespan),
    },
];

fn formatted(args: &[Value], format: impl Fn(i64, &str) -> Option<String>) -> Value {
    let letters = args.get(1).map(convert::text).unwrap_or_default();
    let text = match args.first() {
        Some(Value::DateTime(t) | Value::TimeSpan(t)) => format(*t, &letters),
        _ => None,
    };
    Value::String(Arc::from(text.unwrap_or_default()))
}

/// How many of a letter make one part; more begin the next one.
fn longest(letter: char, days: usize) -> usize {
    match letter {
        'd' => days,
        'f' | 'F' => 7,
        'y' => 4,
        'M' | 'H' | 'h' | 'm' | 's' | 't' => 2,
        _ => 1,
    }
}

/// Runs of one letter and the text between them.
fn runs(format: &str, days: usize) -> Vec<(char, usize)> {
    let mut runs: Vec<(char, usize)> = Vec::new();
    for c in format.chars() {
        match runs.last_mut() {
            Some((last, count)) if *last == c && *count < longest(c, days) => *count += 1,
            _ => runs.push((c, 1)),
        }
    }
    runs
}

fn fraction(ticks: i64, width: usize) -> String {
    let digits = format!("{:07}", ticks.rem_euclid(SECOND));
    digits.chars().take(width).collect()
}

fn format_datetime(t: i64, format: &str) -> Option<String> {
    let at = time::to_chrono(t)?;
    let hour = t.rem_euclid(DAY) / HOUR;
    let half = if hour % 12 == 0 { 12 } else { hour % 12 };
    let mut text = String::new();
    for (letter, width) in runs(format, 2) {
        let number = match letter {
            'y' if width <= 2 => i64::from(at.year()) % 100,
            'y' => i64::from(at.year()),
            'M' => i64::from(at.month()),
            'd' => i64::from(at.day()),
            'H' => hour,
            'h' => half,
            'm' => t.rem_euclid(HOUR) / MINUTE,
            's' => t.rem_euclid(MINUTE) / SECOND,
            'f' | 'F' => {
                text.push_str(&fraction(t, width));
                continue;
            }
            't' => {
                text.push_str(if hour < 12 { "AM" } else { "PM" });
                continue;
            }
            other => {
                text.extend(std::iter::repeat_n(other, width));
                continue;
            }
        };
        text.push_str(&format!("{number:0width$}"));
    }
    Some(text)
}

fn format_timespan(t: i64, format: &str) -> Option<String> {
    let mut text = String::new();
    if t < 0 {
        text.push('-');
    }
    let t = t.checked_abs()?;
    for (letter, width) in runs(format, 8) {
        let number = match letter {
            'd' => t / DAY,
            'H' => t.rem_euclid(DAY) / HOUR,
            'h' => {
                let hour = t.rem_euclid(DAY) / HOUR;
                if hour % 12 == 0 { 12 } else { hour % 12 }
            }
            'm' => t.rem_euclid(HOUR) / MINUTE,
            's' => t.rem_euclid(MINUTE) / SECOND,
            'f' | 'F' => {
                text.push_str(&fraction(t, width));
                continue;
            }
            other => {
                text.extend(std::iter::repeat_n(other, width));
                continue;
            }
        };
        text.push_str(&format!("{number:0width$}"));
    }
    Some(text)
}
