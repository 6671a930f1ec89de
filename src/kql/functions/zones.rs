//! Time zones, by the names of the IANA database; and spans of time made of their parts.

use super::Param::{DateTime, Integer, Real, Text};
use super::calendar::{datetime, ticks};
use super::entry::{entry, text};
use super::{Context, Function};
use crate::kql::run::convert;
use crate::value::time::{DAY, HOUR, MINUTE, SECOND};
use crate::value::{Type, Value, time};
use chrono::{LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

const fn instant(_: &[Type]) -> Option<Type> {
    Some(Type::DateTime)
}

pub const FUNCTIONS: &[Function] = &[
    entry(
        &["datetime_utc_to_local"],
        "datetime_utc_to_local(from:datetime, zone:string)",
        "The local time of an instant in a time zone such as \"Europe/Brussels\".",
        &[DateTime, Text],
        (0, 0),
        instant,
        |context, a| {
            converted(context, a, |zone, at| {
                Some(zone.from_utc_datetime(&at).naive_local())
            })
        },
    ),
    entry(
        &["datetime_local_to_utc"],
        "datetime_local_to_utc(from:datetime, zone:string)",
        "The instant of a local time in a time zone such as \"Europe/Brussels\". A time that is left out when clocks go forward counts as summer time.",
        &[DateTime, Text],
        (0, 0),
        instant,
        |context, a| {
            converted(context, a, |zone, at| match zone.from_local_datetime(&at) {
                LocalResult::Single(instant) => Some(instant.naive_utc()),
                LocalResult::Ambiguous(..) => {
                    context.refuse(
                        "A local time that occurs twice, when clocks go back, is not supported yet",
                    );
                    None
                }
                LocalResult::None => {
                    // The offset that holds behind the gap.
                    let later = at.checked_add_signed(TimeDelta::hours(3))?;
                    let instant = zone.from_local_datetime(&later).single()?.naive_utc();
                    instant.checked_sub_signed(TimeDelta::hours(3))
                }
            })
        },
    ),
    entry(
        &["make_timespan"],
        "make_timespan([days,] hours, minutes [, seconds])",
        "The span of so many hours and minutes, with seconds, and days before them; null where a part is outside a clock.",
        &[Integer, Integer, Real, Real],
        (2, 0),
        |_| Some(Type::TimeSpan),
        make_timespan,
    ),
];

fn converted(
    context: &Context,
    args: &[Value],
    of: impl Fn(Tz, NaiveDateTime) -> Option<NaiveDateTime>,
) -> Value {
    let Ok(zone) = text(args, 1).parse::<Tz>() else {
        context
            .refuse("There is no such time zone: write for example \"Europe/Brussels\" or \"UTC\"");
        return Value::Null;
    };
    let at = ticks(args, 0).and_then(time::to_chrono);
    let made = at.and_then(|at| of(zone, at.naive_utc()));
    // The calendar counts 100 ns; what is smaller is not there to be lost.
    datetime(made.map(|at| time::from_chrono(Utc.from_utc_datetime(&at))))
}

fn make_timespan(_: &Context, args: &[Value]) -> Value {
    let (days, rest) = match args {
        [days, rest @ ..] if rest.len() == 3 => (convert::long(days), rest),
        rest => (Some(0), rest),
    };
    let part = |at: usize| rest.get(at).map_or(Some(0), convert::long);
    let seconds = rest.get(2).map_or(Some(0.0), convert::real);
    let made = || {
        let (days, hours, minutes, seconds) = (days?, part(0)?, part(1)?, seconds?);
        let fits = (0..=10_675_198).contains(&days)
            && (0..24).contains(&hours)
            && (0..60).contains(&minutes)
            && (0.0..60.0).contains(&seconds);
        let ticks = (seconds * SECOND as f64).round() as i64;
        fits.then_some(days * DAY + hours * HOUR + minutes * MINUTE + ticks)
    };
    made().map_or(Value::Null, Value::TimeSpan)
}
