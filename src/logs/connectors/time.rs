//! Times of raw events: unix seconds as the API has them, and what people's exports turn them into.

use super::Remarks;
use crate::logs::json::Node;
use crate::value::time::{self, DAY, SECOND, UNIX_EPOCH};
use serde_json::Value as Json;

/// Whole numbers from here on are milliseconds (as seconds: the year 5138) …
const MILLIS: i64 = 100_000_000_000;
/// … microseconds …
const MICROS: i64 = 100_000_000_000_000;
/// … or nanoseconds.
const NANOS: i64 = 100_000_000_000_000_000;

/// The times an event can have: from 2015-01-01 on, when there was nothing to log yet …
const EARLIEST: i64 = UNIX_EPOCH + 16_436 * DAY;
/// … and before 2100-01-01. One beyond is a slip of unit or digits, and would take the clock along.
const END_OF_TIME: i64 = UNIX_EPOCH + 47_482 * DAY;

/// The instant of a raw event's time member, ticks; what was odd about it is marked in the remarks.
pub(in crate::logs) fn instant(value: Option<&Node<'_>>, remarks: &mut Remarks) -> Option<i64> {
    let read = match value {
        None | Some(Node::Null) => {
            remarks.timeless = true;
            return None;
        }
        Some(Node::Number(number)) => match number.as_i64() {
            Some(whole) => {
                remarks.other_unit |= whole.unsigned_abs() >= MILLIS.unsigned_abs();
                whole_number(whole)
            }
            None => number.as_f64().and_then(|real| {
                let ticks = real * SECOND as f64 + UNIX_EPOCH as f64;
                (0.0..=time::MAX_DATETIME as f64)
                    .contains(&ticks)
                    // Fractions are kept to a microsecond: a double of today's seconds has no more.
                    .then(|| (real * 1e6).round() as i64 * 10 + UNIX_EPOCH)
            }),
        },
        Some(Node::Text(text)) => {
            remarks.other_unit = true;
            match text.trim().parse::<i64>() {
                Ok(whole) => whole_number(whole),
                Err(_) => time::parse_datetime(text),
            }
        }
        Some(_) => None,
    };
    let read = read.filter(|ticks| (0..=time::MAX_DATETIME).contains(ticks));
    remarks.bad_time |= read.is_none();
    let plausible = read.filter(|ticks| plausible(*ticks));
    remarks.implausible |= read.is_some() && plausible.is_none();
    plausible
}

/// The instant of unix seconds as they are nearly always written, ten digits; none where [`instant`] has to look at it.
#[inline]
pub(in crate::logs) fn usual_seconds(text: &[u8]) -> Option<i64> {
    let [a, b, rest @ ..] = text else {
        return None;
    };
    let eight = u64::from_le_bytes(rest.try_into().ok()?);
    // The upper half of a digit is that of `0`, and is so still with six more, which takes it from `:` and those behind.
    // Then the values: of two, four and eight digits together.
    const UPPER: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const DIGITS: u64 = 0x3030_3030_3030_3030;
    let above = eight.wrapping_add(0x0606_0606_0606_0606);
    let is_number = eight & UPPER == DIGITS
        && above & UPPER == DIGITS
        && a.is_ascii_digit()
        && b.is_ascii_digit();
    if !is_number {
        return None;
    }
    let ones = eight & 0x0f0f_0f0f_0f0f_0f0f;
    let twos = (ones.wrapping_mul(2_561) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (twos.wrapping_mul(6_553_601) >> 16) & 0x0000_ffff_0000_ffff;
    let eight = fours.wrapping_mul(42_949_672_960_001) >> 32;
    let first = i64::from(a - b'0') * 10 + i64::from(b - b'0');
    let seconds = first * 100_000_000 + i64::try_from(eight).ok()?;
    let ticks = seconds * SECOND + UNIX_EPOCH;
    plausible(ticks).then_some(ticks)
}

/// Whether an event can have happened then.
pub(in crate::logs) fn plausible(ticks: i64) -> bool {
    (EARLIEST..END_OF_TIME).contains(&ticks)
}

fn whole_number(number: i64) -> Option<i64> {
    let size = i64::try_from(number.unsigned_abs()).ok()?;
    if size < MILLIS {
        time::from_unix_seconds(number)
    } else if size < MICROS {
        number.checked_mul(10_000)?.checked_add(UNIX_EPOCH)
    } else if size < NANOS {
        number.checked_mul(10)?.checked_add(UNIX_EPOCH)
    } else {
        (number / 100).checked_add(UNIX_EPOCH)
    }
}

/// A datetime text of a table's row as unix seconds, whole where it is whole.
pub(in crate::logs) fn iso_seconds(text: &str) -> Option<Json> {
    let ticks = time::parse_datetime(text).or_else(|| portal(text))?;
    let since = ticks - UNIX_EPOCH;
    if since % SECOND == 0 {
        Some(Json::from(since / SECOND))
    } else {
        Some(Json::from(since as f64 / SECOND as f64))
    }
}

/// The portal's American date, such as `6/8/2026, 5:00:00.000 AM`.
fn portal(text: &str) -> Option<i64> {
    let at = chrono::NaiveDateTime::parse_from_str(text.trim(), "%m/%d/%Y, %I:%M:%S%.f %p").ok()?;
    Some(time::from_chrono(at.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn usual_seconds_are_what_they_are() {
        let general = |text: &[u8]| {
            let number = std::str::from_utf8(text).ok()?.parse::<i64>().ok()?;
            let mut remarks = Remarks::default();
            let time = instant(Some(&Node::from(json!(number))), &mut remarks);
            (text.len() == 10 && remarks == Remarks::default()).then_some(time)?
        };
        // The first and the last second of 2015 to 2099, those beside them, and other lengths.
        let edges = [
            "1420070399",
            "1420070400",
            "4102444799",
            "4102444800",
            "0000000000",
            "9999999999",
            "178089480",
            "17808948000",
            "",
            "1",
        ];
        for text in edges {
            assert_eq!(
                usual_seconds(text.as_bytes()),
                general(text.as_bytes()),
                "{text}"
            );
        }
        assert!(usual_seconds(b"1420070399").is_none() && usual_seconds(b"1420070400").is_some());
        let mut rng = fastrand::Rng::with_seed(5);
        for _ in 0..20_000 {
            let mut text = rng
                .u64(1_000_000_000..4_200_000_000)
                .to_string()
                .into_bytes();
            assert_eq!(usual_seconds(&text), general(&text));
            let at = rng.usize(..10);
            if let Some(byte) = text.get_mut(at) {
                *byte = rng.u8(..);
                let is_number = byte.is_ascii_digit();
                let expected = if is_number { general(&text) } else { None };
                assert_eq!(usual_seconds(&text), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn units_are_told_by_size() {
        // 2026-06-08T05:00:00Z in every unit, and as text
        let expected = time::from_unix_seconds(1_780_894_800);
        for value in [
            json!(1_780_894_800),
            json!(1_780_894_800_000_i64),
            json!(1_780_894_800_000_000_i64),
            json!(1_780_894_800_000_000_000_i64),
            json!(1_780_894_800.0),
            json!("1780894800"),
            json!("2026-06-08T05:00:00Z"),
            json!("2026-06-08 05:00:00.000000000"),
        ] {
            let mut remarks = Remarks::default();
            assert_eq!(
                instant(Some(&Node::from(value.clone())), &mut remarks),
                expected,
                "{value}"
            );
            assert!(!remarks.bad_time);
            assert_eq!(
                remarks.other_unit,
                value != json!(1_780_894_800) && !value.is_f64(),
                "{value}"
            );
        }
        assert_eq!(
            iso_seconds("6/8/2026, 5:00:00.000 AM"),
            Some(json!(1_780_894_800))
        );
    }

    #[test]
    fn times_that_cannot_be_are_not_taken() {
        for (value, taken) in [
            (json!("2015-01-01"), true),
            (json!("2014-12-31T23:59:59Z"), false),
            (json!("2099-12-31T23:59:59Z"), true),
            (json!("2100-01-01"), false),
            (json!(0), false),
            // As milliseconds: the year 5138.
            (json!(99_999_999_999_999_i64), false),
        ] {
            let mut remarks = Remarks::default();
            let read = instant(Some(&Node::from(value.clone())), &mut remarks);
            assert_eq!(read.is_some(), taken, "{value}");
            assert_eq!(remarks.implausible, !taken, "{value}");
            assert!(!remarks.bad_time, "{value}");
        }
    }

    #[test]
    fn what_is_no_time_is_said() {
        for value in [json!("soon"), json!({}), json!(i64::MIN), json!(1e300)] {
            let mut remarks = Remarks::default();
            assert_eq!(
                instant(Some(&Node::from(value.clone())), &mut remarks),
                None,
                "{value}"
            );
            assert!(remarks.bad_time, "{value}");
        }
        let mut remarks = Remarks::default();
        assert_eq!(instant(None, &mut remarks), None);
        assert!(remarks.timeless && !remarks.bad_time);
    }
}
