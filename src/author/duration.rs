//! Durations in the dialect that a document is written in.

use crate::diagnostic::{Edit, Span};
use crate::sentinel::{format_iso, parse_duration};
use crate::value::time::{DAY, HOUR, MINUTE, SECOND};

/// How durations are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DurationStyle {
    /// `1h`: the public repository.
    #[default]
    Short,
    /// `PT1H`: the service, Sentinel-as-Code.
    Iso,
    /// `01:00:00`: .NET.
    Clock,
}

impl DurationStyle {
    /// The style of a text that is a duration.
    pub fn of(text: &str) -> Option<Self> {
        parse_duration(text)?;
        Some(match text.trim() {
            text if text.starts_with(['P', 'p']) => DurationStyle::Iso,
            text if text.contains(':') => DurationStyle::Clock,
            _ => DurationStyle::Short,
        })
    }

    /// Writes a duration of whole seconds.
    pub fn write(self, ticks: i64) -> String {
        let ticks = ticks.max(0);
        match self {
            DurationStyle::Iso => format_iso(ticks),
            DurationStyle::Short => {
                let mut text = String::new();
                let mut rest = ticks;
                for (unit, name) in [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm'), (SECOND, 's')] {
                    if rest >= unit {
                        text.push_str(&format!("{}{name}", rest / unit));
                        rest %= unit;
                    }
                }
                match text.is_empty() {
                    true => "0m".to_owned(),
                    false => text,
                }
            }
            DurationStyle::Clock => {
                let days = match ticks / DAY {
                    0 => String::new(),
                    days => format!("{days}."),
                };
                let (hours, minutes) = (ticks % DAY / HOUR, ticks % HOUR / MINUTE);
                format!(
                    "{days}{hours:02}:{minutes:02}:{:02}",
                    ticks % MINUTE / SECOND
                )
            }
        }
    }
}

/// A length of time, as a number with a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationForm {
    /// Its length now in ticks; none where it is none or missing.
    pub ticks: Option<i64>,
    /// How this document writes it.
    pub style: DurationStyle,
    /// The shortest and the longest that the service takes.
    pub limits: (i64, i64),
    /// Usual lengths.
    pub usual: Vec<i64>,
    /// Where the value stands, or is to stand.
    pub span: Span,
    /// What is written before and behind it: a space where there is no value yet, quotes where there are some.
    pub around: (String, String),
}

impl DurationForm {
    /// Number and unit of a length: the largest unit that gives a whole number.
    pub fn number(ticks: i64) -> (i64, i64) {
        let units = [DAY, HOUR, MINUTE];
        let unit = units
            .into_iter()
            .find(|unit| ticks > 0 && ticks % unit == 0);
        let unit = unit.unwrap_or(MINUTE);
        (ticks / unit, unit)
    }

    /// What sets another length.
    pub fn set(&self, ticks: i64) -> Edit {
        let (before, after) = &self.around;
        Edit {
            span: self.span,
            text: format!("{before}{}{after}", self.style.write(ticks)),
        }
    }
}

/// A length in words: `1 hour`, `14 days`.
pub fn in_words(ticks: i64) -> String {
    let mut parts = Vec::new();
    let mut rest = ticks.max(0);
    for (unit, name) in [
        (DAY, "day"),
        (HOUR, "hour"),
        (MINUTE, "minute"),
        (SECOND, "second"),
    ] {
        let count = rest / unit;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            parts.push(format!("{count} {name}{plural}"));
        }
        rest %= unit;
    }
    match parts.is_empty() {
        true => "0 minutes".to_owned(),
        false => parts.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_is_read_back() {
        for ticks in [5 * MINUTE, HOUR, 90 * MINUTE, DAY, 14 * DAY, DAY + HOUR] {
            for style in [
                DurationStyle::Short,
                DurationStyle::Iso,
                DurationStyle::Clock,
            ] {
                let text = style.write(ticks);
                assert_eq!(parse_duration(&text), Some(ticks), "{text}");
                assert_eq!(DurationStyle::of(&text), Some(style), "{text}");
            }
        }
        assert_eq!(in_words(DAY + HOUR), "1 day 1 hour");
        assert_eq!(DurationForm::number(90 * MINUTE), (90, MINUTE));
    }
}
