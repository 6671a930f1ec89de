//! The texts inside literals: numbers, spans of time, instants, identifiers.

use crate::value::time;

/// Ticks of a time unit's name (`d`, `hours`, `ms` …).
pub fn unit_ticks(unit: &str) -> Option<f64> {
    Some(match unit {
        "d" | "day" | "days" => time::DAY as f64,
        "h" | "hr" | "hrs" | "hour" | "hours" => time::HOUR as f64,
        "m" | "min" | "minute" | "minutes" => time::MINUTE as f64,
        "s" | "sec" | "second" | "seconds" => time::SECOND as f64,
        "ms" | "milli" | "millis" | "millisec" | "millisecond" | "milliseconds" => 10_000.0,
        "micro" | "micros" | "microsec" | "microsecond" | "microseconds" => 10.0,
        "nano" | "nanos" | "nanosec" | "nanosecond" | "nanoseconds" => 0.01,
        "tick" | "ticks" => 1.0,
        _ => return None,
    })
}

/// A whole number: decimal or `0x…`, with an optional sign; none where it does not fit 64 bits.
pub fn long(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    if let Some(hex) = hex {
        if hex.is_empty() || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u64::from_str_radix(hex, 16).ok()? as i64;
        return Some(if negative {
            value.wrapping_neg()
        } else {
            value
        });
    }
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let signed = if negative {
        format!("-{digits}")
    } else {
        digits.to_owned()
    };
    signed.parse().ok()
}

/// A real number as KQL writes it, `nan` and `inf` included.
pub fn real(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "nan" => return Some(f64::NAN),
        "inf" | "+inf" | "infinity" => return Some(f64::INFINITY),
        "-inf" | "-infinity" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    if plain { text.parse().ok() } else { None }
}

/// `year, month [, day [, hour [, minute [, second]]]]` in whole numbers, as ticks.
pub fn datetime_parts(text: &str) -> Option<i64> {
    let parts: Option<Vec<u32>> = text.split(',').map(|p| p.trim().parse().ok()).collect();
    let parts = parts.filter(|p| (2..=6).contains(&p.len()))?;
    let part = |at: usize, default: u32| parts.get(at).copied().unwrap_or(default);
    let date =
        chrono::NaiveDate::from_ymd_opt(i32::try_from(part(0, 0)).ok()?, part(1, 1), part(2, 1))?;
    let at = date.and_hms_opt(part(3, 0), part(4, 0), part(5, 0))?;
    let ticks = time::from_chrono(at.and_utc());
    (0..=time::MAX_DATETIME).contains(&ticks).then_some(ticks)
}

/// A span of time as ticks: `1.5h`, `1d`, `[-][d.]hh:mm[:ss[.fffffff]]`, or a bare number of days.
pub fn timespan(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let ticks = if body.contains(':') {
        clock(body)?
    } else {
        let split = body
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(body.len());
        let (number, unit) = body.split_at_checked(split)?;
        let number = number.trim();
        if !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        let per = if unit.is_empty() {
            time::DAY as f64
        } else {
            unit_ticks(unit)?
        };
        // Whole numbers are kept exact; a float has only 53 bits.
        match number.parse::<i64>() {
            Ok(whole) if per >= 1.0 => whole.checked_mul(per as i64)?,
            _ => {
                let ticks = number.parse::<f64>().ok()? * per;
                if ticks.abs() > i64::MAX as f64 {
                    return None;
                }
                // What is less than a tick is cut off; what a float only just misses is whole.
                let whole = ticks.round();
                let close = (ticks - whole).abs() <= (whole.abs() * 1e-15).max(1e-6);
                (if close { whole } else { ticks.trunc() }) as i64
            }
        }
    };
    Some(if negative {
        ticks.checked_neg()?
    } else {
        ticks
    })
}

/// `[d.]hh:mm[:ss[.fffffff]]`
fn clock(text: &str) -> Option<i64> {
    let number = |s: &str, max: i64| {
        if s.is_empty() || !s.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        s.parse::<i64>().ok().filter(|n| *n <= max)
    };
    let mut parts = text.split(':');
    let first = parts.next()?;
    let minutes = number(parts.next()?, 59)?;
    let seconds = parts.next();
    let (mut days, hours) = match first.split_once('.') {
        Some((d, h)) => (number(d, 10_675_199)?, number(h, 23)?),
        None => (0, number(first, i64::MAX / time::HOUR)?),
    };
    let (mut hours, mut minutes, mut seconds_text) = (hours, minutes, seconds);
    // `d:hh:mm:ss` is read too.
    if let Some(fourth) = parts.next() {
        days = hours;
        hours = minutes;
        minutes = number(seconds_text?, 59)?;
        seconds_text = Some(fourth);
    }
    if parts.next().is_some() {
        return None;
    }
    let mut ticks = days.checked_mul(time::DAY)?;
    ticks = ticks.checked_add(hours.checked_mul(time::HOUR)?)?;
    ticks = ticks.checked_add(minutes * time::MINUTE)?;
    if let Some(seconds) = seconds_text {
        let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
        ticks = ticks.checked_add(number(whole, 59)? * time::SECOND)?;
        if !fraction.is_empty() {
            let digits: String = fraction.chars().chain("0000000".chars()).take(7).collect();
            ticks = ticks.checked_add(number(&digits, i64::MAX)?)?;
        }
    }
    Some(ticks)
}

/// The canonical text of a guid (lower case, hyphens), with or without braces.
pub fn guid(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('{').trim_end_matches('}');
    let hex: String = text.chars().filter(|c| *c != '-').collect();
    if hex.len() != 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    // A hyphen may be left out, but not stand elsewhere.
    let mut digits = 0;
    let mut last = '-';
    let shaped = text.chars().all(|c| {
        let fits = c != '-' || (last != '-' && matches!(digits, 8 | 12 | 16 | 20));
        digits += usize::from(c != '-');
        last = c;
        fits
    });
    if !shaped {
        return None;
    }
    let hex = hex.to_ascii_lowercase();
    let part = |a: usize, b: usize| hex.get(a..b).unwrap_or("");
    Some(format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    ))
}

/// The canonical text of a decimal; none where it is not one.
pub fn decimal(text: &str) -> Option<String> {
    let text = text.trim();
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let shaped = !body.is_empty()
        && body.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && body.matches('.').count() <= 1
        && body.bytes().any(|b| b.is_ascii_digit());
    shaped.then(|| text.trim_start_matches('+').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time() {
        assert_eq!(timespan("24h"), Some(time::DAY));
        assert_eq!(timespan("1.5s"), Some(15_000_000));
        assert_eq!(timespan("-1.12:00:00"), Some(-time::DAY * 3 / 2));
        assert_eq!(timespan("2"), Some(2 * time::DAY));
        assert_eq!(timespan("00:00:01.5"), Some(15_000_000));
        assert_eq!(timespan("99999999999999999d"), None);
        assert_eq!(timespan("x"), None);
    }

    #[test]
    fn numbers() {
        assert_eq!(long("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(long("9223372036854775808"), None);
        assert_eq!(long("0x10"), Some(16));
        assert_eq!(real("1e3"), Some(1000.0));
        assert_eq!(real("abc"), None);
    }
}
