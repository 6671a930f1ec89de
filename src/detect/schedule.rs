//! Runs of a rule at the clocks of a schedule.

use super::{Rule, Run, Runner};
use crate::logs::Dataset;
use crate::task::CancelToken;
use crate::value::time;
use std::sync::Arc;

/// Clocks at equal steps; all in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The first clock.
    pub start: i64,
    /// From one clock to the next.
    pub step: i64,
    /// How many clocks.
    pub count: usize,
}

impl Schedule {
    /// Hourly clocks `minutes` past the hour: the first not before `from`, the last not after `until`.
    pub fn hourly(minutes: i64, from: i64, until: i64) -> Self {
        let past = minutes * time::MINUTE;
        let start = from + (past - from).rem_euclid(time::HOUR);
        let count = match until.checked_sub(start) {
            Some(length) if length >= 0 => usize::try_from(length / time::HOUR + 1).unwrap_or(0),
            _ => 0,
        };
        Self {
            start,
            step: time::HOUR,
            count,
        }
    }

    /// The clocks, in order. Ends early where a datetime ends.
    pub fn clocks(self) -> impl Iterator<Item = i64> {
        (0..self.count).map_while(move |k| {
            let later = self.step.checked_mul(i64::try_from(k).ok()?)?;
            let clock = self.start.checked_add(later)?;
            (clock <= time::MAX_DATETIME).then_some(clock)
        })
    }
}

/// Runs a rule at every clock of a schedule, one after another; stops early when cancelled.
pub fn runs(
    rule: &Rule,
    data: &Arc<Dataset>,
    schedule: Schedule,
    cancel: &CancelToken,
) -> Vec<Run> {
    let mut runner = Runner::new();
    schedule
        .clocks()
        .take_while(|_| !cancel.is_cancelled())
        .map(|now| runner.run(rule, data, now, cancel))
        .collect()
}

/// Ticks of a rule's duration in any of the spellings in use: `PT1H`, `P1D` (ISO 8601), `1h`, `1h10m`,
/// `1.00:00:00` (.NET). None for anything else, and for nothing or less.
pub fn parse_period(text: &str) -> Option<i64> {
    let text = text.trim();
    let ticks = match text.strip_prefix('P') {
        Some(iso) => {
            let (days, times) = iso.split_once('T').unwrap_or((iso, ""));
            units(days, &[('W', 7 * time::DAY), ('D', time::DAY)])?.checked_add(units(
                times,
                &[('H', time::HOUR), ('M', time::MINUTE), ('S', time::SECOND)],
            )?)?
        }
        None if text.contains(':') => clock_text(text)?,
        None => units(
            text,
            &[
                ('d', time::DAY),
                ('h', time::HOUR),
                ('m', time::MINUTE),
                ('s', time::SECOND),
            ],
        )?,
    };
    (ticks > 0).then_some(ticks)
}

/// Numbers, each with its unit, the units in the given order.
fn units(text: &str, known: &[(char, i64)]) -> Option<i64> {
    let mut ticks = 0_i64;
    let mut rest = text;
    let mut known = known.iter();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..)?.chars().next()?;
        let (_, size) = known.by_ref().find(|(u, _)| *u == unit)?;
        ticks = ticks.checked_add(number.checked_mul(*size)?)?;
        rest = rest.get(digits + unit.len_utf8()..)?;
    }
    Some(ticks)
}

/// `[d.]hh:mm[:ss]`
fn clock_text(text: &str) -> Option<i64> {
    let (days, clock) = text.split_once('.').unwrap_or(("0", text));
    let mut ticks = days.parse::<i64>().ok()?.checked_mul(time::DAY)?;
    let mut sizes = [time::HOUR, time::MINUTE, time::SECOND].iter();
    for part in clock.split(':') {
        let number: u32 = part.parse().ok()?;
        ticks = ticks.checked_add(i64::from(number).checked_mul(*sizes.next()?)?)?;
    }
    Some(ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_in_every_spelling() {
        for (text, ticks) in [
            ("PT1H", Some(time::HOUR)),
            ("P1D", Some(time::DAY)),
            ("P1DT30M", Some(time::DAY + 30 * time::MINUTE)),
            ("P2W", Some(14 * time::DAY)),
            ("14d", Some(14 * time::DAY)),
            ("1h10m", Some(70 * time::MINUTE)),
            ("1.00:00:00", Some(time::DAY)),
            ("00:05:00", Some(5 * time::MINUTE)),
            ("", None),
            ("P", None),
            ("1x", None),
            ("1m1h", None),
            ("h", None),
            ("9999999999999999d", None),
        ] {
            assert_eq!(parse_period(text), ticks, "{text}");
        }
    }

    #[test]
    fn hourly_clocks_past_the_hour() {
        let at = |text| time::parse_datetime(text).unwrap();
        let schedule = Schedule::hourly(5, at("2026-06-08T03:06:00Z"), at("2026-06-08T06:05:00Z"));
        let clocks: Vec<String> = schedule.clocks().map(time::format_short).collect();
        assert_eq!(
            clocks,
            [
                "2026-06-08 04:05:00",
                "2026-06-08 05:05:00",
                "2026-06-08 06:05:00"
            ]
        );
        assert_eq!(Schedule::hourly(5, 10 * time::HOUR, 0).count, 0);
    }
}
