//! Marks that would cover each other, drawn as one with their count.

use super::axis::Axis;
use std::ops::Range;

/// Half the width of a single mark, points.
pub const MARK_RADIUS: f32 = 5.0;

/// One drawn mark: one event, or several that are too near to each other to be drawn apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The marks: positions in the sorted list it was made from.
    pub marks: Range<usize>,
    /// Where its first event is, points.
    pub first: f32,
    /// Where its last event is, points.
    pub last: f32,
    /// Its left edge as drawn.
    pub left: f32,
    /// Its right edge as drawn.
    pub right: f32,
}

impl Cluster {
    /// How many events.
    pub fn count(&self) -> usize {
        self.marks.len()
    }

    /// Its middle as drawn.
    pub fn center(&self) -> f32 {
        (self.left + self.right) / 2.0
    }

    /// Takes in the marks up to `end`, the last of which is at `last`.
    fn join(&mut self, end: usize, last: f32) {
        self.marks.end = end;
        self.last = last;
        let width = (self.last - self.first + 2.0 * MARK_RADIUS).max(min_width(self.count()));
        let center = (self.first + self.last) / 2.0;
        self.left = center - width / 2.0;
        self.right = center + width / 2.0;
    }

    /// Where a link from or to one of its events meets it.
    pub fn anchor(&self, x: f32) -> f32 {
        if self.count() == 1 {
            return self.center();
        }
        let inset = MARK_RADIUS.min((self.right - self.left) / 2.0);
        x.clamp(
            self.left + inset,
            (self.right - inset).max(self.left + inset),
        )
    }
}

/// How wide a mark of so many events is at least: its count must fit.
pub fn min_width(count: usize) -> f32 {
    match count {
        0 | 1 => 2.0 * MARK_RADIUS,
        2..=9 => 16.0,
        10..=99 => 22.0,
        100..=999 => 28.0,
        _ => 38.0,
    }
}

/// Joins marks at ascending times that would touch. `offset` is the position of the first of them.
/// Panning does not change which marks are joined, only zooming does.
pub fn clusters(times: impl Iterator<Item = i64>, offset: usize, axis: &Axis) -> Vec<Cluster> {
    let mut result: Vec<Cluster> = Vec::new();
    for (i, time) in times.enumerate() {
        let at = offset + i;
        let x = axis.x(time);
        match result.last_mut() {
            Some(last) if x - MARK_RADIUS < last.right + 1.0 => {
                last.join(at + 1, x);
                swallow(&mut result);
            }
            _ => result.push(Cluster {
                marks: at..at + 1,
                first: x,
                last: x,
                left: x - MARK_RADIUS,
                right: x + MARK_RADIUS,
            }),
        }
    }
    result
}

/// Room for a count widens a cluster to both sides: while it covers the one before it, they become one.
fn swallow(clusters: &mut Vec<Cluster>) {
    while let [.., before, last] = clusters.as_mut_slice()
        && before.right > last.left
    {
        before.join(last.marks.end, last.last);
        clusters.pop();
    }
}

/// The position of the cluster that holds a mark.
pub fn holding(clusters: &[Cluster], mark: usize) -> Option<usize> {
    let at = clusters.partition_point(|c| c.marks.end <= mark);
    clusters
        .get(at)
        .is_some_and(|c| c.marks.contains(&mark))
        .then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis() -> Axis {
        Axis::new(0, 1_000_000.0, 0.0, 1000.0)
    }

    fn made(xs: &[i64]) -> Vec<Cluster> {
        clusters(xs.iter().map(|x| x * 1000), 7, &axis())
    }

    #[test]
    fn marks_apart_stay_apart() {
        let made = made(&[10, 22, 400]);
        assert_eq!(made.len(), 3);
        assert!(made.iter().all(|c| c.count() == 1));
        assert_eq!((made[1].left, made[1].right), (17.0, 27.0));
    }

    #[test]
    fn marks_that_touch_become_one_as_long_as_they_last() {
        let made = made(&[10, 13, 20, 29, 200]);
        assert_eq!(made.len(), 2);
        assert_eq!(made[0].marks, 7..11);
        assert_eq!((made[0].left, made[0].right), (5.0, 34.0));
        assert_eq!(holding(&made, 10), Some(0));
        assert_eq!(holding(&made, 11), Some(1));
        assert_eq!(holding(&made, 12), None);
        assert_eq!(holding(&made, 0), None);
    }

    #[test]
    fn a_count_has_room_and_clusters_do_not_overlap() {
        let many: Vec<i64> = (0..300).map(|i| i * i * 7 % 1000).collect();
        let mut sorted = many;
        sorted.sort_unstable();
        let made = made(&sorted);
        for pair in made.windows(2) {
            assert!(pair[0].right <= pair[1].left, "{pair:?}");
        }
        for cluster in &made {
            assert!(cluster.right - cluster.left >= min_width(cluster.count()) - 0.01);
        }
        assert_eq!(made.iter().map(Cluster::count).sum::<usize>(), 300);
    }

    #[test]
    fn panning_joins_the_same_marks() {
        let times: Vec<i64> = (0..200).map(|i| i * 6_337).collect();
        let joined = |a: &Axis| -> Vec<_> {
            let made = clusters(times.iter().copied(), 0, a);
            made.into_iter().map(|c| c.marks).collect()
        };
        assert_eq!(joined(&axis()), joined(&axis().panned(200.0)));
    }
}
