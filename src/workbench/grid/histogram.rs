//! How many rows there are in each stretch of time.

use crate::value::time::{DAY, HOUR, MINUTE, SECOND};

/// Widths of stretches that people reckon with, in ticks; a coarser one is made of whole finer ones where it can be.
const STEPS: [i64; 27] = [
    1,
    10,
    100,
    1_000,
    SECOND / 1000,
    SECOND / 100,
    SECOND / 10,
    SECOND,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
    28 * DAY,
    56 * DAY,
    364 * DAY,
    3_640 * DAY,
    36_400 * DAY,
    364_000 * DAY,
];

/// Stretches that are counted at most: more than a wide panel has room for.
const MOST: i64 = 1_200;

/// Rows by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// Where the first stretch begins, ticks.
    pub start: i64,
    /// How long each is, ticks.
    pub step: i64,
    /// Rows of the table.
    pub all: Vec<u32>,
    /// Rows that the filters keep; the range of time is none of them.
    pub kept: Vec<u32>,
    /// Rows without a time.
    pub untimed: usize,
}

/// A stretch that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// From this instant …
    pub from: i64,
    /// … up to before this one.
    pub to: i64,
    /// Rows of the table.
    pub all: u64,
    /// Rows that the filters keep.
    pub kept: u64,
}

/// Counts rows: each with its time, and whether the filters keep it. None where no row has a time.
pub fn count(times: impl Iterator<Item = (Option<i64>, bool)> + Clone) -> Option<Histogram> {
    let mut span: Option<(i64, i64)> = None;
    for at in times.clone().filter_map(|(at, _)| at) {
        span = Some(match span {
            Some((first, last)) => (first.min(at), last.max(at)),
            None => (at, at),
        });
    }
    let (first, last) = span?;
    let step = step_for(first, last, MOST, 1);
    let start = first.div_euclid(step) * step;
    let bars = usize::try_from((last - start) / step).ok()? + 1;
    let mut histogram = Histogram {
        start,
        step,
        all: vec![0; bars],
        kept: vec![0; bars],
        untimed: 0,
    };
    for (at, kept) in times {
        let Some(at) = at else {
            histogram.untimed += 1;
            continue;
        };
        let bar = usize::try_from((at - start) / step).unwrap_or(0);
        if let Some(n) = histogram.all.get_mut(bar) {
            *n += 1;
        }
        if let Some(n) = histogram.kept.get_mut(bar).filter(|_| kept) {
            *n += 1;
        }
    }
    Some(histogram)
}

/// The finest step, made of whole `of`, with which there are at most so many stretches.
fn step_for(first: i64, last: i64, most: i64, of: i64) -> i64 {
    let fits = |step: &i64| {
        let bars = last.div_euclid(*step) - first.div_euclid(*step) + 1;
        step % of == 0 && bars <= most
    };
    let longest = STEPS.last().copied().unwrap_or(DAY);
    STEPS.iter().copied().find(fits).unwrap_or(longest)
}

impl Histogram {
    /// The end of the last stretch.
    pub fn end(&self) -> i64 {
        let bars = i64::try_from(self.all.len()).unwrap_or(0);
        self.start.saturating_add(bars.saturating_mul(self.step))
    }

    /// The bars to draw, at most so many, in time order and without gaps.
    pub fn bars(&self, most: usize) -> Vec<Bar> {
        let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
        let step = step_for(self.start, self.end() - 1, most, self.step);
        let start = self.start.div_euclid(step) * step;
        let count = (self.end() - 1 - start) / step + 1;
        let mut bars: Vec<Bar> = (0..count)
            .map(|n| Bar {
                from: start + n * step,
                to: start + (n + 1) * step,
                all: 0,
                kept: 0,
            })
            .collect();
        for (n, (all, kept)) in (0i64..).zip(self.all.iter().zip(&self.kept)) {
            let at = self.start + n * self.step;
            let bar = usize::try_from((at - start) / step).unwrap_or(0);
            if let Some(bar) = bars.get_mut(bar) {
                bar.all += u64::from(*all);
                bar.kept += u64::from(*kept);
            }
        }
        bars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_bar_whatever_the_width() {
        // A row every 7 minutes for 30 days: 30*24*60/7 rows, rounded up.
        let base = 738_000 * DAY + 5 * SECOND;
        let times: Vec<(Option<i64>, bool)> = (0..6172)
            .map(|n| (Some(base + n * 7 * MINUTE), n % 3 == 0))
            .chain([(None, true)])
            .collect();
        let found = count(times.iter().copied()).expect("times");
        assert_eq!(found.step, HOUR, "30 days have 720 hours, 1440 half hours");
        assert_eq!(found.untimed, 1);
        for most in [1, 2, 7, 30, 100, 1000, 100_000] {
            let bars = found.bars(most);
            assert!(bars.len() <= most, "{most}");
            assert_eq!(bars.iter().map(|b| b.all).sum::<u64>(), 6172);
            assert_eq!(bars.iter().map(|b| b.kept).sum::<u64>(), 2058);
            assert!(bars.windows(2).all(|b| b[0].to == b[1].from));
            for bar in &bars {
                let inside = |(at, _): &&(Option<i64>, bool)| {
                    at.is_some_and(|at| (bar.from..bar.to).contains(&at))
                };
                let rows = times.iter().filter(inside).count();
                assert_eq!(bar.all, rows as u64, "{bar:?}");
            }
        }
    }

    #[test]
    fn one_instant_and_all_of_time() {
        let one = count([(Some(5), true)].into_iter()).expect("a time");
        assert_eq!((one.start, one.step, one.all.len()), (5, 1, 1));
        let ends = [
            (Some(0), true),
            (Some(crate::value::time::MAX_DATETIME), false),
        ];
        let all = count(ends.into_iter()).expect("times");
        assert!(all.all.len() <= 1200);
        assert_eq!(all.bars(50).iter().map(|b| b.all).sum::<u64>(), 2);
        assert_eq!(count([(None, true)].into_iter()), None);
    }
}
