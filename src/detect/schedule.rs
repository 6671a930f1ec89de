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

#[cfg(test)]
mod tests {
    use super::*;

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
