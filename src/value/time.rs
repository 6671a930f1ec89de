//! Ticks: 100 ns units since 0001-01-01T00:00:00Z, as Kusto and .NET count them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// Ticks in one second.
pub const SECOND: i64 = 10_000_000;
/// Ticks in one minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Ticks in one hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Ticks in one day.
pub const DAY: i64 = 24 * HOUR;
/// Ticks of 1970-01-01T00:00:00Z.
pub const UNIX_EPOCH: i64 = 719_162 * DAY;
/// The largest datetime, 9999-12-31T23:59:59.9999999Z.
pub const MAX_DATETIME: i64 = 3_155_378_975_999_999_999;

/// Ticks of a number of seconds since 1970; none beyond the years 1 to 9999.
pub fn from_unix_seconds(seconds: i64) -> Option<i64> {
    let ticks = seconds.checked_mul(SECOND)?.checked_add(UNIX_EPOCH)?;
    (0..=MAX_DATETIME).contains(&ticks).then_some(ticks)
}

/// Whole seconds since 1970, rounded down.
pub fn to_unix_seconds(ticks: i64) -> i64 {
    (ticks - UNIX_EPOCH).div_euclid(SECOND)
}

/// Ticks of a chrono instant.
pub fn from_chrono(at: DateTime<Utc>) -> i64 {
    UNIX_EPOCH + at.timestamp() * SECOND + i64::from(at.timestamp_subsec_nanos() / 100)
}

/// The chrono instant of ticks; none beyond what chrono holds.
pub fn to_chrono(ticks: i64) -> Option<DateTime<Utc>> {
    let since = ticks - UNIX_EPOCH;
    let nanos = u32::try_from(since.rem_euclid(SECOND) * 100).ok()?;
    DateTime::from_timestamp(since.div_euclid(SECOND), nanos)
}

/// `2024-01-31T12:00:00.0000000Z`: always seven decimals.
pub fn format_datetime(ticks: i64) -> String {
    match to_chrono(ticks) {
        Some(at) => format!(
            "{}.{:07}Z",
            at.format("%Y-%m-%dT%H:%M:%S"),
            (ticks - UNIX_EPOCH).rem_euclid(SECOND)
        ),
        None => format!("ticks({ticks})"),
    }
}

/// `2024-01-31 12:00:00`, with decimals only where there are any: for people.
pub fn format_short(ticks: i64) -> String {
    match to_chrono(ticks) {
        Some(at) => {
            let fraction = (ticks - UNIX_EPOCH).rem_euclid(SECOND);
            let mut text = at.format("%Y-%m-%d %H:%M:%S").to_string();
            if fraction != 0 {
                text.push_str(format!(".{fraction:07}").trim_end_matches('0'));
            }
            text
        }
        None => format!("ticks({ticks})"),
    }
}

/// `[-][d.]hh:mm:ss[.fffffff]`.
pub fn format_timespan(ticks: i64) -> String {
    let negative = ticks < 0;
    let t = ticks.unsigned_abs();
    let (second, minute, hour, day) = (SECOND as u64, MINUTE as u64, HOUR as u64, DAY as u64);
    let mut text = String::new();
    if negative {
        text.push('-');
    }
    if t / day > 0 {
        text.push_str(&format!("{}.", t / day));
    }
    text.push_str(&format!(
        "{:02}:{:02}:{:02}",
        t % day / hour,
        t % hour / minute,
        t % minute / second
    ));
    if !t.is_multiple_of(second) {
        text.push_str(&format!(".{:07}", t % second));
    }
    text
}

/// Reads an instant: RFC 3339, the same with a space, or a bare date; without a zone it is UTC.
pub fn parse_datetime(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(from_chrono(at.with_timezone(&Utc)));
    }
    let bare = text.strip_suffix(['Z', 'z']).unwrap_or(text).trim_end();
    for format in [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
    ] {
        if let Ok(at) = NaiveDateTime::parse_from_str(bare, format) {
            return Some(from_chrono(at.and_utc()));
        }
    }
    let date = NaiveDate::parse_from_str(bare, "%Y-%m-%d").ok()?;
    Some(from_chrono(date.and_hms_opt(0, 0, 0)?.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        // 621355968000000000 is .NET's DateTime.UnixEpoch.Ticks.
        assert_eq!(UNIX_EPOCH, 621_355_968_000_000_000);
        let t = parse_datetime("2020-01-02 03:04:05.6").unwrap();
        assert_eq!(format_datetime(t), "2020-01-02T03:04:05.6000000Z");
        assert_eq!(format_short(t), "2020-01-02 03:04:05.6");
        assert_eq!(parse_datetime("2020-01-02T05:04:05.6+02:00"), Some(t));
        assert_eq!(parse_datetime("nope"), None);
    }

    #[test]
    fn timespans_as_kusto_prints_them() {
        // facts/kql.md, semantics case 29
        assert_eq!(format_timespan(DAY), "1.00:00:00");
        assert_eq!(format_timespan(-2 * HOUR), "-02:00:00");
        assert_eq!(format_timespan(SECOND * 3 / 2), "00:00:01.5000000");
        assert_eq!(format_timespan(-DAY * 3 / 2), "-1.12:00:00");
    }
}
