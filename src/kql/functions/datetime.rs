//! Instants and spans of time. Weeks begin on Sunday.

use super::calendar::{Unit, date, datetime, midnight, start, ticks, unit, unit_number};
use super::{Context, Function, Naming, Param};
use crate::kql::run::convert;
use crate::value::time::{DAY, HOUR, MINUTE, SECOND};
use crate::value::{Type, Value, time};
use chrono::{Datelike, NaiveDate};

// One entry of the table below: its arguments are the fields of `Function`.
#[allow(clippy::too_many_arguments)]
const fn of(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    params: &'static [Param],
    optional: usize,
    result: fn(&[Type]) -> Option<Type>,
    naming: Naming,
    body: super::Body,
) -> Function {
    Function {
        names,
        signature,
        doc,
        params,
        optional,
        repeat: 0,
        result,
        naming,
        body,
    }
}

const fn instant(_: &[Type]) -> Option<Type> {
    Some(Type::DateTime)
}

const fn int(_: &[Type]) -> Option<Type> {
    Some(Type::Int)
}

const fn boundary(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    naming: Naming,
    body: super::Body,
) -> Function {
    of(
        names,
        signature,
        doc,
        &[Param::DateTime, Param::Integer],
        1,
        instant,
        naming,
        body,
    )
}

const fn part(
    names: &'static [&'static str],
    signature: &'static str,
    doc: &'static str,
    body: super::Body,
) -> Function {
    of(
        names,
        signature,
        doc,
        &[Param::DateTime],
        0,
        int,
        Naming::None,
        body,
    )
}

fn start_of(unit: Unit, args: &[Value]) -> Value {
    let offset = args.get(1).map_or(Some(0), convert::long);
    datetime(ticks(args, 0).and_then(|t| start(unit, t, offset?)))
}

fn end_of(unit: Unit, args: &[Value]) -> Value {
    let offset = args.get(1).map_or(Some(0), convert::long);
    let next = ticks(args, 0).and_then(|t| start(unit, t, offset?.checked_add(1)?));
    datetime(next.map(|t| t - 1))
}

fn calendar(args: &[Value], of: impl Fn(NaiveDate) -> u32) -> Value {
    match ticks(args, 0).and_then(date) {
        Some(date) => Value::Int(of(date) as i32),
        None => Value::Null,
    }
}

fn unix(args: &[Value], per: i64) -> Value {
    // Per is ticks in one unit; 0 stands for nanoseconds.
    let since = match args.first() {
        Some(Value::Real(r)) => {
            let scaled = if per == 0 { r / 100.0 } else { r * per as f64 };
            (scaled.is_finite() && scaled.abs() < 9e18).then_some(scaled.round() as i64)
        }
        Some(other) => convert::long(other).and_then(|n| {
            if per == 0 {
                Some(n.div_euclid(100))
            } else {
                n.checked_mul(per)
            }
        }),
        None => None,
    };
    datetime(since.and_then(|s| s.checked_add(time::UNIX_EPOCH)))
}

pub const FUNCTIONS: &[Function] = &[
    of(
        &["now"],
        "now([offset:timespan])",
        "The clock of the query, moved by the offset.",
        &[Param::TimeSpan],
        1,
        instant,
        Naming::None,
        |context, args| match args.first() {
            None => datetime(Some(context.now)),
            Some(_) => datetime(ticks(args, 0).and_then(|t| context.now.checked_add(t))),
        },
    ),
    of(
        &["ago"],
        "ago(span:timespan)",
        "The clock of the query, less the span.",
        &[Param::TimeSpan],
        0,
        instant,
        Naming::None,
        |context, args| datetime(ticks(args, 0).and_then(|t| context.now.checked_sub(t))),
    ),
    boundary(
        &["startofday"],
        "startofday(date [, offset:long])",
        "The beginning of the day, moved by so many days.",
        Naming::First,
        |_, a| start_of(Unit::Day, a),
    ),
    boundary(
        &["startofweek"],
        "startofweek(date [, offset:long])",
        "The beginning of the week (Sunday).",
        Naming::None,
        |_, a| start_of(Unit::Week, a),
    ),
    boundary(
        &["startofmonth"],
        "startofmonth(date [, offset:long])",
        "The beginning of the month.",
        Naming::None,
        |_, a| start_of(Unit::Month, a),
    ),
    boundary(
        &["startofyear"],
        "startofyear(date [, offset:long])",
        "The beginning of the year.",
        Naming::None,
        |_, a| start_of(Unit::Year, a),
    ),
    boundary(
        &["endofday"],
        "endofday(date [, offset:long])",
        "The last tick of the day.",
        Naming::None,
        |_, a| end_of(Unit::Day, a),
    ),
    boundary(
        &["endofweek"],
        "endofweek(date [, offset:long])",
        "The last tick of the week (Saturday).",
        Naming::None,
        |_, a| end_of(Unit::Week, a),
    ),
    boundary(
        &["endofmonth"],
        "endofmonth(date [, offset:long])",
        "The last tick of the month.",
        Naming::None,
        |_, a| end_of(Unit::Month, a),
    ),
    boundary(
        &["endofyear"],
        "endofyear(date [, offset:long])",
        "The last tick of the year.",
        Naming::None,
        |_, a| end_of(Unit::Year, a),
    ),
    of(
        &["dayofweek"],
        "dayofweek(date)",
        "Days since the last Sunday, as a timespan.",
        &[Param::DateTime],
        0,
        |_| Some(Type::TimeSpan),
        Naming::None,
        |_, a| match ticks(a, 0) {
            Some(t) => Value::TimeSpan((t.div_euclid(DAY) + 1).rem_euclid(7) * DAY),
            None => Value::Null,
        },
    ),
    part(
        &["dayofmonth"],
        "dayofmonth(date)",
        "The day of the month, from 1.",
        |_, a| calendar(a, |d| d.day()),
    ),
    part(
        &["dayofyear"],
        "dayofyear(date)",
        "The day of the year, from 1.",
        |_, a| calendar(a, |d| d.ordinal()),
    ),
    part(
        &["week_of_year", "weekofyear"],
        "week_of_year(date)",
        "The ISO 8601 week.",
        |_, a| calendar(a, |d| d.iso_week().week()),
    ),
    part(
        &["monthofyear", "getmonth"],
        "monthofyear(date)",
        "The month, from 1.",
        |_, a| calendar(a, |d| d.month()),
    ),
    part(&["getyear"], "getyear(date)", "The year.", |_, a| {
        calendar(a, |d| d.year().unsigned_abs())
    }),
    of(
        &["hourofday"],
        "hourofday(date)",
        "The hour, from 0.",
        &[Param::DateTime],
        0,
        |_| Some(Type::Long),
        Naming::None,
        |_, a| match ticks(a, 0) {
            Some(t) => Value::Long(t.rem_euclid(DAY) / HOUR),
            None => Value::Null,
        },
    ),
    of(
        &["datetime_diff"],
        "datetime_diff(unit:string, later, earlier)",
        "How many boundaries of the unit lie between two instants.",
        &[Param::TextConst, Param::DateTime, Param::DateTime],
        0,
        |_| Some(Type::Long),
        Naming::None,
        |_, a| {
            let unit = a.first().map(convert::text).and_then(|n| unit(&n));
            let number = |at: usize| unit_number(unit?, ticks(a, at)?);
            if unit == Some(Unit::Ticks(0)) {
                let apart = ticks(a, 1)
                    .zip(ticks(a, 2))
                    .and_then(|(x, y)| x.wrapping_sub(y).checked_mul(100));
                return apart.map_or(Value::Null, Value::Long);
            }
            match (number(1), number(2)) {
                (Some(x), Some(y)) => Value::Long(x.wrapping_sub(y)),
                _ => Value::Null,
            }
        },
    ),
    of(
        &["datetime_add"],
        "datetime_add(unit:string, amount:long, date)",
        "The instant moved by so many units.",
        &[Param::TextConst, Param::Integer, Param::DateTime],
        0,
        instant,
        Naming::None,
        datetime_add,
    ),
    of(
        &["datetime_part", "datepart"],
        "datetime_part(unit:string, date)",
        "A part of an instant as a number.",
        &[Param::TextConst, Param::DateTime],
        0,
        int,
        Naming::None,
        datetime_part,
    ),
    of(
        &["unixtime_seconds_todatetime"],
        "unixtime_seconds_todatetime(number)",
        "The instant so many seconds after 1970.",
        &[Param::Number],
        0,
        instant,
        Naming::None,
        |_, a| unix(a, SECOND),
    ),
    of(
        &["unixtime_milliseconds_todatetime"],
        "unixtime_milliseconds_todatetime(number)",
        "The instant so many milliseconds after 1970.",
        &[Param::Number],
        0,
        instant,
        Naming::None,
        |_, a| unix(a, 10_000),
    ),
    of(
        &["unixtime_microseconds_todatetime"],
        "unixtime_microseconds_todatetime(number)",
        "The instant so many microseconds after 1970.",
        &[Param::Number],
        0,
        instant,
        Naming::None,
        |_, a| unix(a, 10),
    ),
    of(
        &["unixtime_nanoseconds_todatetime"],
        "unixtime_nanoseconds_todatetime(number)",
        "The instant so many nanoseconds after 1970.",
        &[Param::Number],
        0,
        instant,
        Naming::None,
        |_, a| unix(a, 0),
    ),
    of(
        &["make_datetime"],
        "make_datetime(year, month, day [, hour, minute [, second]])",
        "The instant of a calendar date and a time of day.",
        &[
            Param::Integer,
            Param::Integer,
            Param::Integer,
            Param::Integer,
            Param::Integer,
            Param::Real,
        ],
        3,
        instant,
        Naming::None,
        make_datetime,
    ),
];

fn datetime_add(_: &Context, args: &[Value]) -> Value {
    let unit = args.first().map(convert::text).and_then(|n| unit(&n));
    let (Some(unit), Some(amount), Some(t)) =
        (unit, args.get(1).and_then(convert::long), ticks(args, 2))
    else {
        return Value::Null;
    };
    let moved = match unit {
        Unit::Ticks(0) => t.checked_add(amount.div_euclid(100)),
        Unit::Ticks(n) => amount.checked_mul(n).and_then(|d| t.checked_add(d)),
        Unit::Day => amount.checked_mul(DAY).and_then(|d| t.checked_add(d)),
        Unit::Week => amount.checked_mul(7 * DAY).and_then(|d| t.checked_add(d)),
        Unit::Month | Unit::Quarter | Unit::Year => {
            let months = match unit {
                Unit::Month => Some(amount),
                Unit::Quarter => amount.checked_mul(3),
                _ => amount.checked_mul(12),
            };
            months.and_then(|months| {
                let date = date(t)?;
                let size = chrono::Months::new(u32::try_from(months.unsigned_abs()).ok()?);
                let moved = if months < 0 {
                    date.checked_sub_months(size)?
                } else {
                    date.checked_add_months(size)?
                };
                midnight(moved)?.checked_add(t.rem_euclid(DAY))
            })
        }
    };
    datetime(moved)
}

fn datetime_part(_: &Context, args: &[Value]) -> Value {
    let name = args
        .first()
        .map(convert::text)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let Some(t) = ticks(args, 1) else {
        return Value::Null;
    };
    let Some(date) = date(t) else {
        return Value::Null;
    };
    let in_second = t.rem_euclid(SECOND);
    Value::Int(match name.as_str() {
        "year" => date.year(),
        "quarter" => date.month0() as i32 / 3 + 1,
        "month" => date.month() as i32,
        "week_of_year" | "weekofyear" => date.iso_week().week() as i32,
        "day" => date.day() as i32,
        "dayofyear" => date.ordinal() as i32,
        "hour" => (t.rem_euclid(DAY) / HOUR) as i32,
        "minute" => (t.rem_euclid(HOUR) / MINUTE) as i32,
        "second" => (t.rem_euclid(MINUTE) / SECOND) as i32,
        "millisecond" => (in_second / 10_000) as i32,
        "microsecond" => (in_second / 10) as i32,
        "nanosecond" => (in_second * 100) as i32,
        _ => return Value::Null,
    })
}

fn make_datetime(_: &Context, args: &[Value]) -> Value {
    let number = |at: usize| args.get(at).map_or(Some(0), convert::long);
    let made = || {
        let date = NaiveDate::from_ymd_opt(
            i32::try_from(number(0)?).ok()?,
            u32::try_from(number(1)?).ok()?,
            u32::try_from(number(2)?).ok()?,
        )?;
        let (hour, minute) = (number(3)?, number(4)?);
        let second = args.get(5).map_or(Some(0.0), convert::real)?;
        let fits =
            (0..24).contains(&hour) && (0..60).contains(&minute) && (0.0..60.0).contains(&second);
        let ticks = (second * SECOND as f64).round() as i64;
        fits.then_some(midnight(date)? + hour * HOUR + minute * MINUTE + ticks)
    };
    datetime(made())
}
