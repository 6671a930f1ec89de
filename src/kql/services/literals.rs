//! Literals in plain words: what an instant or a span of time means.

use crate::kql::syntax::literal;
use crate::value::{Type, time};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An instant in words: `Wednesday, 1 May 2024, 13:30 UTC`.
pub fn instant(ticks: i64) -> Option<String> {
    use chrono::{Datelike, Timelike};
    let at = time::to_chrono(ticks)?;
    let month = MONTHS.get(at.month0() as usize)?;
    let mut text = format!(
        "{}, {} {month} {}",
        weekday(at.weekday()),
        at.day(),
        at.year()
    );
    if ticks % time::DAY != 0 {
        text.push_str(&format!(", {:02}:{:02}", at.hour(), at.minute()));
        if ticks % time::MINUTE != 0 {
            text.push_str(&format!(":{:02}", at.second()));
        }
        if ticks % time::SECOND != 0 {
            let fraction = format!("{:07}", ticks % time::SECOND);
            text.push_str(&format!(".{}", fraction.trim_end_matches('0')));
        }
    } else {
        text.push_str(", at midnight");
    }
    text.push_str(" UTC");
    Some(text)
}

fn weekday(day: chrono::Weekday) -> &'static str {
    use chrono::Weekday::*;
    match day {
        Mon => "Monday",
        Tue => "Tuesday",
        Wed => "Wednesday",
        Thu => "Thursday",
        Fri => "Friday",
        Sat => "Saturday",
        Sun => "Sunday",
    }
}

/// A span of time in words: `1 day 12 hours`.
pub fn span(ticks: i64) -> String {
    if ticks == 0 {
        return "no time".to_owned();
    }
    let mut rest = ticks.unsigned_abs();
    let mut parts = Vec::new();
    let units = [
        (time::DAY, "day"),
        (time::HOUR, "hour"),
        (time::MINUTE, "minute"),
        (time::SECOND, "second"),
        (10_000, "millisecond"),
        (10, "microsecond"),
    ];
    for (unit, name) in units {
        let unit = unit.unsigned_abs();
        let count = rest / unit;
        rest %= unit;
        if count > 0 {
            let s = if count == 1 { "" } else { "s" };
            parts.push(format!("{count} {name}{s}"));
        }
    }
    if rest > 0 {
        parts.push(format!("{} nanoseconds", rest * 100));
    }
    let minus = if ticks < 0 { "minus " } else { "" };
    format!("{minus}{}", parts.join(" "))
}

/// What the text in the brackets of `datetime(…)` or `timespan(…)` means.
pub fn reading(ty: Type, text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'']);
    if text == "null" {
        return Some(format!("The null {ty}"));
    }
    match ty {
        Type::DateTime => {
            let ticks = time::parse_datetime(text).or_else(|| literal::datetime_parts(text))?;
            instant(ticks)
        }
        Type::TimeSpan => literal::timespan(text).map(span),
        _ => None,
    }
}
