//! Dates as browsers and spreadsheets write them, in whatever order of day, month and year the person's language has.
//!
//! `6/8/2026` is June 8 in one language and 6 August in another. What it is, is decided over all cells of a column: a
//! number above twelve tells which one is the day. Where none does, other columns of the file, the clock (twelve hours
//! with AM and PM: month first), the separator (points: day first) and the order of the rows are asked, and it is said.

use crate::value::time::{self, MINUTE};
use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

/// The order in which a date is written, by what comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Day,
    Month,
    Year,
}

/// The zone of the dates of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Zone {
    /// So many minutes east of UTC.
    Fixed(i64),
    /// One with rules of its own.
    Named(Tz),
}

impl Zone {
    /// The zone that a header names; what is to be said of it where it is not known.
    pub fn named(name: Option<&str>) -> (Self, Option<String>) {
        let Some(name) = name else {
            return (Zone::Fixed(0), None);
        };
        if let Some(minutes) = offset(name) {
            return (Zone::Fixed(minutes), None);
        }
        if let Ok(zone) = name.parse::<Tz>() {
            return (Zone::Named(zone), None);
        }
        let said = format!(
            "the header says the times are in the zone `{name}`, which names no known one; they are read as UTC. \
             Export with UTC times if they are not"
        );
        (Zone::Fixed(0), Some(said))
    }

    fn ticks(&self, local: NaiveDateTime) -> Option<i64> {
        match self {
            Zone::Fixed(minutes) => Some(time::from_chrono(local.and_utc()) - minutes * MINUTE),
            Zone::Named(zone) => {
                let at = zone.from_local_datetime(&local).earliest()?;
                Some(time::from_chrono(at.to_utc()))
            }
        }
    }
}

/// Minutes east of UTC of `UTC`, `GMT+2`, `UTC-03:30`, `+0530`.
fn offset(name: &str) -> Option<i64> {
    let upper = name.to_ascii_uppercase();
    let rest = upper
        .strip_prefix("UTC")
        .or_else(|| upper.strip_prefix("GMT"));
    let rest = rest.unwrap_or(&upper).trim();
    if matches!(rest, "" | "Z") {
        return Some(0);
    }
    let (sign, digits) = match rest.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, rest.strip_prefix(['-', '\u{2212}'])?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(both) => both,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let number = |text: &str| text.parse::<i64>().ok().filter(|n| (0..60).contains(n));
    let minutes = number(hours).filter(|h| *h <= 15)? * 60 + number(minutes)?;
    Some(sign * minutes)
}

/// A date with a time of the day, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The numbers of the date, in the order they are written.
    date: [u32; 3],
    year_first: bool,
    separator: char,
    hour: u32,
    minute: u32,
    second: u32,
    nanos: u32,
    /// Whether the clock has twelve hours, and whether it says so in English.
    twelve: Option<bool>,
    /// As ISO 8601 writes it: nothing of it is local.
    iso: bool,
}

/// Words for the two halves of the day; the first of a pair is before noon.
const HALVES: &[(&str, &str, bool)] = &[
    ("a.m.", "p.m.", true),
    ("a. m.", "p. m.", true),
    ("am", "pm", true),
    ("上午", "下午", false),
    ("午前", "午後", false),
    ("오전", "오후", false),
    ("π.μ.", "μ.μ.", false),
    ("de.", "du.", false),
];

/// Words between a date and its time.
const BETWEEN: &[&str] = &["klo", "kl.", "um", "at", "à", "o", "г.", "utc", "gmt"];

impl Parts {
    /// Takes a cell apart; none where it is no date with a time.
    pub fn read(cell: &str) -> Option<Self> {
        let cell = cell.trim();
        if cell.len() > 64 || !cell.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let bytes = cell.as_bytes();
        let iso = bytes.get(4) == Some(&b'-')
            && bytes.get(7) == Some(&b'-')
            && matches!(bytes.get(10), Some(b'T' | b't' | b' '));
        // Browsers write narrow spaces before AM, and some marks of direction between everything.
        let mut text: String = cell
            .to_lowercase()
            .chars()
            .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}'))
            .map(|c| {
                if c.is_whitespace() || (iso && c == 't') {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        if iso {
            text = text.trim_end_matches('z').to_owned();
        }
        let mut half = None;
        for (before, after, english) in HALVES {
            for (word, late) in [(before, false), (after, true)] {
                if half.is_none() && text.contains(word) {
                    text = text.replacen(word, " ", 1);
                    half = Some((late, *english));
                }
            }
        }
        let words = text.split(' ').filter(|word| !BETWEEN.contains(word));
        let text = words.collect::<Vec<_>>().join(" ");
        let mut numbers: Vec<&str> = Vec::new();
        let mut between: Vec<&str> = Vec::new();
        let mut rest = text.trim().trim_end_matches(['.', ',']);
        while !rest.is_empty() {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let (number, behind) = rest.split_at_checked(end).filter(|(n, _)| !n.is_empty())?;
            numbers.push(number);
            let end = behind
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(behind.len());
            let (gap, next) = behind.split_at_checked(end)?;
            let trimmed = gap.trim();
            if !matches!(
                trimmed,
                "" | "/" | "." | "-" | "," | ":" | ".," | "년" | "月" | "日"
            ) {
                return None;
            }
            between.push(gap);
            rest = next;
        }
        let [a, b, c, hour, minute, more @ ..] = numbers.as_slice() else {
            return None;
        };
        let separator = between.first()?.trim().chars().next()?;
        // Between the date and the time is a space or a comma, within the time a colon or a point.
        let gap = between.get(2)?;
        let clock = between.get(3)?.trim();
        if matches!(separator, ':' | ',')
            || !(gap.contains(' ') || gap.contains(','))
            || !matches!(clock, ":" | ".")
        {
            return None;
        }
        let year_first = a.len() == 4;
        let lengths_fit = match year_first {
            true => b.len() <= 2 && c.len() <= 2,
            false => a.len() <= 2 && b.len() <= 2 && matches!(c.len(), 2 | 4),
        };
        let number = |text: &str| text.parse::<u32>().ok();
        let (second, fraction) = match more {
            [] => ("0", "0"),
            [second] => (*second, "0"),
            [second, fraction] => (*second, *fraction),
            _ => return None,
        };
        let nanos = format!("{:0<9}", fraction);
        let mut parts = Self {
            date: [number(a)?, number(b)?, number(c)?],
            year_first,
            separator,
            hour: number(hour)?,
            minute: number(minute)?,
            second: number(second)?,
            nanos: number(nanos.get(..9)?)?,
            twelve: half.map(|(_, english)| english),
            iso,
        };
        if !year_first && c.len() == 2 {
            parts.date[2] += 2000;
        }
        if let Some((late, _)) = half {
            if !(1..=12).contains(&parts.hour) {
                return None;
            }
            parts.hour = parts.hour % 12 + if late { 12 } else { 0 };
        }
        (lengths_fit && parts.hour < 24 && parts.minute < 60 && parts.second < 60).then_some(parts)
    }

    /// Whether it is written in the way of a language, not as ISO 8601.
    pub fn is_local(&self) -> bool {
        !self.iso
    }

    fn at(&self, order: Order) -> Option<NaiveDateTime> {
        let [a, b, c] = self.date;
        let (year, month, day) = match (self.year_first, order) {
            (true, _) => (a, b, c),
            (false, Order::Day) => (c, b, a),
            (false, Order::Month) => (c, a, b),
            (false, Order::Year) => return None,
        };
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        date.and_hms_nano_opt(self.hour, self.minute, self.second, self.nanos)
    }
}

/// A cell as ISO 8601; none where it is no date of that order.
pub(super) fn iso(cell: &str, order: Order, zone: &Zone) -> Option<String> {
    let ticks = match Parts::read(cell) {
        Some(parts) => zone.ticks(parts.at(order)?)?,
        // One that names its zone itself.
        None => time::parse_datetime(cell)?,
    };
    Some(time::format_datetime(ticks))
}

/// What the cells of a column tell.
#[derive(Debug, Default)]
pub(super) struct Survey {
    dates: usize,
    others: usize,
    year_first: bool,
    day_seen: bool,
    month_seen: bool,
    /// A date that is another one in the other order.
    unclear: Option<String>,
    points: bool,
    english_halves: bool,
    day_first: Run,
    month_first: Run,
}

/// Whether instants came in order.
#[derive(Debug)]
struct Run {
    last: Option<NaiveDateTime>,
    steps: usize,
    up: bool,
    down: bool,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            last: None,
            steps: 0,
            up: true,
            down: true,
        }
    }
}

impl Run {
    fn see(&mut self, at: Option<NaiveDateTime>) {
        let Some(at) = at else { return };
        if let Some(last) = self.last {
            self.up &= at >= last;
            self.down &= at <= last;
            self.steps += usize::from(at.date() != last.date());
        }
        self.last = Some(at);
    }

    fn in_order(&self) -> bool {
        self.up || self.down
    }
}

impl Survey {
    /// Looks at a cell.
    pub fn see(&mut self, cell: &str) {
        if cell.trim().is_empty() {
            return;
        }
        let Some(parts) = Parts::read(cell) else {
            self.others += 1;
            return;
        };
        self.dates += 1;
        self.year_first |= parts.year_first;
        self.english_halves |= parts.twelve == Some(true);
        if parts.year_first {
            return;
        }
        let [a, b, _] = parts.date;
        self.day_seen |= a > 12;
        self.month_seen |= b > 12;
        self.points |= parts.separator == '.';
        if a != b && self.unclear.is_none() {
            self.unclear = Some(cell.trim().to_owned());
        }
        self.day_first.see(parts.at(Order::Day));
        self.month_first.see(parts.at(Order::Month));
    }

    /// Whether it is a column of dates.
    pub fn is_date(&self) -> bool {
        self.dates > 0 && self.others * 10 <= self.dates
    }

    /// The order, where the numbers tell.
    pub fn certain(&self) -> Option<Order> {
        match (self.day_seen, self.month_seen, self.year_first) {
            (true, false, _) => Some(Order::Day),
            (false, true, _) => Some(Order::Month),
            (false, false, true) if self.unclear.is_none() => Some(Order::Year),
            _ => None,
        }
    }

    /// The order, and what is to be said of it; `other` is that of another column of the file.
    pub fn order(&self, other: Option<Order>) -> (Option<Order>, Option<String>) {
        if let Some(order) = self.certain() {
            return (Some(order), None);
        }
        if self.day_seen && self.month_seen {
            let said = "some dates are written with the day first, some with the month first; they are not read";
            return (None, Some(said.to_owned()));
        }
        let Some(unclear) = &self.unclear else {
            // The day is the month in each of them.
            return (Some(Order::Day), None);
        };
        if let Some(order @ (Order::Day | Order::Month)) = other {
            return (Some(order), None);
        }
        if self.points {
            return (Some(Order::Day), None);
        }
        let by_rows = (self.day_first.steps.max(self.month_first.steps) >= 2)
            .then(
                || match (self.day_first.in_order(), self.month_first.in_order()) {
                    (true, false) => Some(Order::Day),
                    (false, true) => Some(Order::Month),
                    _ => None,
                },
            )
            .flatten();
        let (order, because) = match by_rows {
            Some(order) => (order, "so that the rows are in order"),
            None if self.english_halves => {
                (Order::Month, "as Americans write it, because of AM and PM")
            }
            None => (Order::Day, "because the clock has 24 hours"),
        };
        let read = match order {
            Order::Month => "month first",
            _ => "day first",
        };
        let said = format!(
            "whether the day or the month comes first in `{unclear}` cannot be told for certain; read as {read}, {because}"
        );
        (Some(order), Some(said))
    }
}
