//! How many events fall on each column of pixels.

use super::axis::Axis;

/// Counts the times of each column: column `i` holds the times from `left + i·step` up to but not
/// including `left + (i + 1)·step`. `times` is ascending. Costs a search a column, not a step an event.
pub fn columns(times: &[i64], axis: &Axis, step: f32) -> Vec<u32> {
    let step = step.max(0.1);
    let n = (axis.width / step).ceil().clamp(0.0, 16_384.0) as usize;
    let ticks = f64::from(step) / axis.scale();
    let edge = |i: usize| axis.start.saturating_add((i as f64 * ticks).round() as i64);
    let mut counts = Vec::with_capacity(n);
    let mut at = times.partition_point(|t| *t < edge(0));
    for i in 0..n {
        let rest = times.get(at..).unwrap_or_default();
        let here = upto(rest, edge(i + 1));
        counts.push(u32::try_from(here).unwrap_or(u32::MAX));
        at += here;
    }
    counts
}

/// How many of the ascending `times` lie before `end`: quick where they are few.
fn upto(times: &[i64], end: i64) -> usize {
    let mut reach = 1;
    while times.get(reach - 1).is_some_and(|t| *t < end) {
        reach *= 2;
    }
    let low = reach / 2;
    let high = reach.min(times.len());
    low + times
        .get(low..high)
        .map_or(0, |part| part.partition_point(|t| *t < end))
}

/// The counts smoothed over five columns, so that neighbours flow into each other.
pub fn smoothed(counts: &[u32]) -> Vec<f32> {
    // A cosine bell that sums to one.
    const KERNEL: [f32; 5] = [0.0833, 0.25, 0.3334, 0.25, 0.0833];
    let mut result = vec![0.0; counts.len()];
    for (i, count) in counts.iter().enumerate() {
        if *count == 0 {
            continue;
        }
        for (k, weight) in KERNEL.iter().enumerate() {
            if let Some(cell) = (i + k).checked_sub(2).and_then(|j| result.get_mut(j)) {
                *cell += *count as f32 * weight;
            }
        }
    }
    result
}

/// The visible ones of ascending times, as a range of positions.
pub fn visible(times: &[i64], axis: &Axis) -> std::ops::Range<usize> {
    let start = times.partition_point(|t| *t < axis.start);
    let end = times.partition_point(|t| *t <= axis.end());
    start..end.max(start)
}

/// The position of the time nearest to a place, within `reach` points of it.
pub fn nearest(times: &[i64], axis: &Axis, x: f32, reach: f32) -> Option<usize> {
    let time = axis.time(x);
    let after = times.partition_point(|t| *t < time);
    [after.checked_sub(1), Some(after)]
        .into_iter()
        .flatten()
        .filter_map(|i| times.get(i).map(|t| (i, (axis.x(*t) - x).abs())))
        .filter(|(_, distance)| *distance <= reach)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis() -> Axis {
        // 1000 ticks on 100 points: 10 ticks a point.
        Axis::new(5_000, 1_000.0, 0.0, 100.0)
    }

    #[test]
    fn every_visible_time_is_counted_once() {
        let times = [10, 4_999, 5_000, 5_009, 5_010, 5_505, 5_506, 5_999, 6_000];
        let counts = columns(&times, &axis(), 1.0);
        assert_eq!(counts.len(), 100);
        assert_eq!(counts.iter().sum::<u32>(), 6);
        assert_eq!((counts[0], counts[1], counts[50], counts[99]), (2, 1, 2, 1));
    }

    #[test]
    fn many_at_one_time() {
        let times = vec![5_500; 1_000];
        let counts = columns(&times, &axis(), 0.5);
        assert_eq!(counts.len(), 200);
        assert_eq!(counts[100], 1_000);
        assert_eq!(columns(&[], &axis(), 1.0).iter().sum::<u32>(), 0);
    }

    #[test]
    fn smoothing_keeps_the_sum() {
        let mut counts = vec![0; 20];
        counts[10] = 6;
        let smooth = smoothed(&counts);
        assert!((smooth.iter().sum::<f32>() - 6.0).abs() < 0.01);
        assert!(smooth[10] > smooth[9] && smooth[9] == smooth[11]);
    }

    #[test]
    fn the_nearest_within_reach() {
        let times = [5_100, 5_200, 5_210];
        assert_eq!(nearest(&times, &axis(), 10.9, 4.0), Some(0));
        assert_eq!(nearest(&times, &axis(), 20.8, 4.0), Some(2));
        assert_eq!(nearest(&times, &axis(), 50.0, 4.0), None);
        assert_eq!(visible(&times, &axis()), 0..3);
    }
}
