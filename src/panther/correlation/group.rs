//! Groups: enough matches of every node within the lookback, in any order.

use super::{Budget, Correlation, Found, Joined, TooMany, time};

impl Correlation {
    /// The groups among matches that have the same values.
    pub(super) fn group(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        now: i64,
        budget: &mut Budget,
        joined: &mut Vec<Joined>,
    ) -> Result<(), TooMany> {
        let mut merged: Vec<(i64, usize, u32)> = Vec::new();
        for (n, list) in lists.iter().enumerate() {
            if self.nodes.get(n).is_some_and(|node| !node.absent) {
                let all = found.get(n).map_or(&[][..], Vec::as_slice);
                merged.extend(list.iter().map(|i| (time(all, *i), n, *i)));
            }
        }
        budget.take(merged.len())?;
        merged.sort_unstable();
        let mut counts = vec![0usize; self.nodes.len()];
        let mut left = 0;
        let mut right = 0;
        while let Some((at, node, _)) = merged.get(right) {
            add(&mut counts, *node, 1);
            while let Some((first, node, _)) = merged.get(left)
                && at.saturating_sub(*first) > self.lookback
            {
                add(&mut counts, *node, -1);
                left += 1;
            }
            right += 1;
            if !self.satisfied(&counts) {
                continue;
            }
            let first = merged.get(left).map_or(*at, |(t, ..)| *t);
            let end = first.saturating_add(self.lookback).min(now);
            budget.take(self.nodes.len() * 8)?;
            if !self.allowed(found, lists, (first, at.saturating_sub(self.lookback)), end) {
                continue;
            }
            // Everything of the value within the lookback belongs to it, and to nothing else.
            let stop = left
                + merged
                    .get(left..)
                    .map_or(0, |m| m.partition_point(|(t, ..)| *t <= end));
            let own = merged.get(left..stop).unwrap_or(&[]);
            budget.take(own.len())?;
            let mut members = vec![Vec::new(); self.nodes.len()];
            for (_, node, place) in own {
                if let Some(list) = members.get_mut(*node) {
                    list.push(*place as usize);
                }
            }
            joined.push(Joined {
                values: Vec::new(),
                start: first,
                end: own.last().map_or(first, |(t, ..)| *t),
                members,
            });
            (left, right) = (stop, stop);
            counts.fill(0);
        }
        Ok(())
    }

    fn satisfied(&self, counts: &[usize]) -> bool {
        self.nodes
            .iter()
            .zip(counts)
            .all(|(node, count)| node.absent || *count >= node.min)
    }

    /// Whether absent nodes are absent and no node has too many matches. `first` is where the group begins, with
    /// where an absent node may not have matches from; both go up to `end`.
    fn allowed(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        (first, absent_from): (i64, i64),
        end: i64,
    ) -> bool {
        self.nodes.iter().enumerate().all(|(n, node)| {
            let all = found.get(n).map_or(&[][..], Vec::as_slice);
            let list = lists.get(n).map_or(&[][..], Vec::as_slice);
            let count = |from: i64| {
                let begin = list.partition_point(|i| time(all, *i) < from);
                list.partition_point(|i| time(all, *i) <= end)
                    .saturating_sub(begin)
            };
            match node.max {
                _ if node.absent => count(absent_from) == 0,
                Some(max) => count(first) <= max,
                None => true,
            }
        })
    }
}

fn add(counts: &mut [usize], node: usize, by: isize) {
    if let Some(count) = counts.get_mut(node) {
        *count = count.saturating_add_signed(by);
    }
}
