//! Durations in the dialects that rules are written in.

use crate::value::time::{DAY, HOUR, MINUTE, SECOND};

/// Reads a duration into ticks of 100 ns: `1h`, `30m`, `14d`, `1h10m`; ISO 8601 `PT1H`, `P1DT12H`, `P2W`;
/// .NET's `1.00:00:00`, `01:30:00`. None for anything else, for a negative one and for more than 10,000 years.
pub fn parse_duration(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(iso) = text.strip_prefix(['P', 'p']) {
        return iso_8601(iso);
    }
    if text.contains(':') {
        return dot_net(text);
    }
    units(text, |unit| match unit {
        's' => Some(SECOND),
        'm' => Some(MINUTE),
        'h' => Some(HOUR),
        'd' => Some(DAY),
        'w' => Some(7 * DAY),
        _ => None,
    })
}

/// The longest duration taken.
const LONGEST: i64 = 10_000 * 366 * DAY;

/// Numbers with units, such as `1h10m`.
fn units(text: &str, ticks_of: impl Fn(char) -> Option<i64>) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..)?.chars().next()?;
        total = total.checked_add(number.checked_mul(ticks_of(unit.to_ascii_lowercase())?)?)?;
        rest = rest.get(digits + unit.len_utf8()..)?;
    }
    (total <= LONGEST).then_some(total)
}

/// What follows the `P`. Years and months have no fixed length and are not taken.
fn iso_8601(text: &str) -> Option<i64> {
    let (date, time) = match text.find(['T', 't']) {
        Some(at) => (text.get(..at)?, Some(text.get(at + 1..)?)),
        None => (text, None),
    };
    let mut total = 0;
    if !date.is_empty() {
        total += units(date, |unit| match unit {
            'd' => Some(DAY),
            'w' => Some(7 * DAY),
            _ => None,
        })?;
    } else if time.is_none() {
        return None;
    }
    if let Some(time) = time {
        total += units(time, |unit| match unit {
            'h' => Some(HOUR),
            'm' => Some(MINUTE),
            's' => Some(SECOND),
            _ => None,
        })?;
    }
    (total <= LONGEST).then_some(total)
}

/// `[d.]hh:mm[:ss[.fffffff]]`.
fn dot_net(text: &str) -> Option<i64> {
    let (before, after) = text.split_once(':')?;
    let (days, hours) = match before.split_once('.') {
        Some((d, h)) => (number(d)?, number(h)?),
        None => (0, number(before)?),
    };
    let (minutes, seconds) = after.split_once(':').unwrap_or((after, "0"));
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let (minutes, seconds) = (number(minutes)?, number(seconds)?);
    if hours > 23 || minutes > 59 || seconds > 59 || fraction.len() > 7 {
        return None;
    }
    let fraction = match fraction {
        "" => 0,
        digits => number(&format!("{digits:0<7}"))?,
    };
    let total =
        days.checked_mul(DAY)? + hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction;
    (total <= LONGEST).then_some(total)
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// ISO 8601 in days, hours, minutes and seconds: `PT1H`, `P1D`, `P1DT12H`; nothing is `PT0S`.
pub fn format_iso(ticks: i64) -> String {
    let ticks = ticks.max(0);
    let mut text = String::from("P");
    if ticks >= DAY {
        text.push_str(&format!("{}D", ticks / DAY));
    }
    let rest = ticks % DAY;
    if rest > 0 || ticks == 0 {
        text.push('T');
        for (unit, name) in [(HOUR, 'H'), (MINUTE, 'M')] {
            let count = match unit {
                HOUR => rest / HOUR,
                _ => rest % HOUR / MINUTE,
            };
            if count > 0 {
                text.push_str(&format!("{count}{name}"));
            }
        }
        let (seconds, fraction) = (rest % MINUTE / SECOND, rest % SECOND);
        if fraction > 0 {
            let digits = format!("{fraction:07}");
            text.push_str(&format!("{seconds}.{}S", digits.trim_end_matches('0')));
        } else if seconds > 0 || ticks == 0 {
            text.push_str(&format!("{seconds}S"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_is_read() {
        for (text, ticks) in [
            ("1h", HOUR),
            ("5m", 5 * MINUTE),
            ("14d", 14 * DAY),
            ("1h10m", 70 * MINUTE),
            ("1D", DAY),
            ("PT1H", HOUR),
            ("P1D", DAY),
            ("PT24H", DAY),
            ("P1DT12H30M5S", DAY + 12 * HOUR + 30 * MINUTE + 5 * SECOND),
            ("P2W", 14 * DAY),
            ("1.00:00:00", DAY),
            ("01:30:00", 90 * MINUTE),
            ("00:05", 5 * MINUTE),
            ("00:00:01.5", SECOND * 3 / 2),
        ] {
            assert_eq!(parse_duration(text), Some(ticks), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "1",
            "h",
            "1 h",
            "1x",
            "-1h",
            "P1M",
            "P1Y",
            "24:00:00",
            "1:2:3:4",
            "99999999999999999999h",
            "9223372036854775807d",
            "1.5h",
            "é",
            "P1DT",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn iso_text_is_the_shortest() {
        for (ticks, text) in [
            (HOUR, "PT1H"),
            (DAY, "P1D"),
            (DAY + 12 * HOUR, "P1DT12H"),
            (5 * MINUTE, "PT5M"),
            (0, "PT0S"),
            (SECOND * 3 / 2, "PT1.5S"),
            (14 * DAY, "P14D"),
        ] {
            assert_eq!(format_iso(ticks), text);
            assert!(text == "PT1.5S" || parse_duration(text) == Some(ticks));
        }
    }
}
