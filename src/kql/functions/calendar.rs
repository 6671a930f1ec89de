//! The calendar behind the functions of instants: units, and where they begin.

use crate::value::time::{DAY, HOUR, MAX_DATETIME, MINUTE, SECOND};
use crate::value::{Value, time};
use chrono::{Datelike, NaiveDate};

/// The ticks of an instant or a span; none for anything else.
pub fn ticks(args: &[Value], at: usize) -> Option<i64> {
    match args.get(at)? {
        Value::DateTime(t) | Value::TimeSpan(t) => Some(*t),
        _ => None,
    }
}

/// An instant; null where the calendar does not reach.
pub fn datetime(ticks: Option<i64>) -> Value {
    match ticks {
        Some(t) if (0..=MAX_DATETIME).contains(&t) => Value::DateTime(t),
        _ => Value::Null,
    }
}

/// The day of an instant.
pub fn date(ticks: i64) -> Option<NaiveDate> {
    Some(time::to_chrono(ticks)?.date_naive())
}

/// The beginning of a day.
pub fn midnight(date: NaiveDate) -> Option<i64> {
    Some(time::from_chrono(date.and_hms_opt(0, 0, 0)?.and_utc()))
}

/// The parts of a calendar.
#[derive(Clone, Copy, PartialEq)]
pub enum Unit {
    /// A year.
    Year,
    /// A quarter.
    Quarter,
    /// A month.
    Month,
    /// A week, from Sunday.
    Week,
    /// A day.
    Day,
    /// So many ticks; 0 for a nanosecond.
    Ticks(i64),
}

/// The unit of a name, in one or in several.
pub fn unit(name: &str) -> Option<Unit> {
    Some(match name.to_ascii_lowercase().as_str() {
        "year" | "years" => Unit::Year,
        "quarter" | "quarters" => Unit::Quarter,
        "month" | "months" => Unit::Month,
        "week" | "weeks" | "week_of_year" | "weekofyear" => Unit::Week,
        "day" | "days" => Unit::Day,
        "hour" | "hours" => Unit::Ticks(HOUR),
        "minute" | "minutes" => Unit::Ticks(MINUTE),
        "second" | "seconds" => Unit::Ticks(SECOND),
        "millisecond" | "milliseconds" => Unit::Ticks(10_000),
        "microsecond" | "microseconds" => Unit::Ticks(10),
        "nanosecond" | "nanoseconds" => Unit::Ticks(0),
        _ => return None,
    })
}

/// How many units lie between the beginning of time and an instant's unit.
pub fn unit_number(unit: Unit, t: i64) -> Option<i64> {
    let date = date(t)?;
    let (year, month) = (i64::from(date.year()), i64::from(date.month0()));
    Some(match unit {
        Unit::Year => year,
        Unit::Quarter => year * 4 + month / 3,
        Unit::Month => year * 12 + month,
        // 0001-01-01 was a Monday; weeks begin on Sunday.
        Unit::Week => (t + DAY).div_euclid(7 * DAY),
        Unit::Day => t.div_euclid(DAY),
        Unit::Ticks(0) => t.checked_mul(100)?,
        Unit::Ticks(n) => t.div_euclid(n),
    })
}

/// The beginning of an instant's unit, moved by so many units.
pub fn start(unit: Unit, t: i64, offset: i64) -> Option<i64> {
    let whole = |size: i64, shift: i64| {
        let number = (t + shift).div_euclid(size).checked_add(offset)?;
        number.checked_mul(size)?.checked_sub(shift)
    };
    let date = date(t)?;
    match unit {
        Unit::Year => {
            let year = i64::from(date.year()).checked_add(offset)?;
            midnight(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, 1, 1)?)
        }
        Unit::Month | Unit::Quarter => {
            let width = if unit == Unit::Month { 1 } else { 3 };
            let months = i64::from(date.year()) * 12 + i64::from(date.month0());
            let months = months
                .div_euclid(width)
                .checked_add(offset)?
                .checked_mul(width)?;
            let year = i32::try_from(months.div_euclid(12)).ok()?;
            let month = u32::try_from(months.rem_euclid(12)).ok()? + 1;
            midnight(NaiveDate::from_ymd_opt(year, month, 1)?)
        }
        Unit::Week => whole(7 * DAY, DAY),
        Unit::Day => whole(DAY, 0),
        Unit::Ticks(n) => whole(n.max(1), 0),
    }
}
