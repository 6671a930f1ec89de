//! Takes the matches of all nodes apart by the values that join them.

use super::{Budget, Correlation, Criterion, Found, TooMany, time};
use std::collections::HashMap;

/// What is called with the values and, for every node, the places of the matches that have them.
type Visit<'v> =
    &'v mut dyn FnMut(&[(String, String)], &[Vec<u32>], &mut Budget) -> Result<(), TooMany>;

impl Correlation {
    /// Visits every combination of values that enough matches of every present node have.
    pub(super) fn split(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        budget: &mut Budget,
        visit: Visit<'_>,
    ) -> Result<(), TooMany> {
        self.level(found, lists, 0, &mut Vec::new(), budget, visit)
    }

    fn level(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        level: usize,
        values: &mut Vec<(String, String)>,
        budget: &mut Budget,
        visit: Visit<'_>,
    ) -> Result<(), TooMany> {
        if !self.enough(lists) {
            return Ok(());
        }
        let Some(criterion) = self.criteria.get(level) else {
            return visit(values, lists, budget);
        };
        let mut by_value: Vec<(&str, Vec<(usize, u32)>)> =
            by_value(criterion, found, lists, budget)?
                .into_iter()
                .collect();
        by_value.sort_by(|a, b| a.0.cmp(b.0));
        for (value, places) in by_value {
            let inner = self.with_value(criterion, found, lists, &places, budget)?;
            let Some(inner) = inner else { continue };
            values.push((criterion.name.clone(), value.to_owned()));
            let went = self.level(found, &inner, level + 1, values, budget, &mut *visit);
            values.pop();
            went?;
        }
        Ok(())
    }

    /// Whether every present node has as many matches as it needs.
    pub(super) fn enough(&self, lists: &[Vec<u32>]) -> bool {
        self.nodes
            .iter()
            .zip(lists)
            .all(|(node, list)| node.absent || list.len() >= node.min)
    }

    /// The lists of one value. Nodes of which the criterion says nothing keep their matches near in time. None
    /// where too few have the value.
    fn with_value(
        &self,
        criterion: &Criterion,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        places: &[(usize, u32)],
        budget: &mut Budget,
    ) -> Result<Option<Vec<Vec<u32>>>, TooMany> {
        budget.take(self.nodes.len() + places.len())?;
        let mut own: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (node, place) in places {
            if let Some(list) = own.get_mut(*node) {
                list.push(*place);
            }
        }
        let lacks = |(n, node): (usize, &super::Node)| {
            bound(criterion, n) && !node.absent && own.get(n).is_none_or(|l| l.len() < node.min)
        };
        if self.nodes.iter().enumerate().any(lacks) {
            return Ok(None);
        }
        let times = places
            .iter()
            .map(|(node, place)| time(found.get(*node).map_or(&[], Vec::as_slice), *place));
        let from = times
            .clone()
            .min()
            .unwrap_or(i64::MIN)
            .saturating_sub(self.lookback);
        let to = times
            .max()
            .unwrap_or(i64::MAX)
            .saturating_add(self.lookback);
        for (n, list) in lists.iter().enumerate() {
            if bound(criterion, n) {
                continue;
            }
            let all = found.get(n).map_or(&[][..], Vec::as_slice);
            let begin = list.partition_point(|i| time(all, *i) < from);
            let end = list.partition_point(|i| time(all, *i) <= to);
            budget.take(end.saturating_sub(begin))?;
            if let Some(own) = own.get_mut(n) {
                *own = list.get(begin..end).unwrap_or(&[]).to_vec();
            }
        }
        Ok(Some(own))
    }
}

/// Whether a criterion says something of a node.
pub(super) fn bound(criterion: &Criterion, node: usize) -> bool {
    criterion.fields.get(node).is_some_and(|f| !f.is_empty())
}

/// The matches of each value: node and number.
type ByValue<'f> = HashMap<&'f str, Vec<(usize, u32)>>;

/// For every value the matches that have it in all fields of the criterion, in the order of the lists.
pub(super) fn by_value<'f>(
    criterion: &Criterion,
    found: &'f [Vec<Found>],
    lists: &[Vec<u32>],
    budget: &mut Budget,
) -> Result<ByValue<'f>, TooMany> {
    let mut by_value: ByValue<'_> = HashMap::new();
    for (node, list) in lists.iter().enumerate() {
        let fields = criterion.fields.get(node).map_or(&[][..], Vec::as_slice);
        let Some((first, rest)) = fields.split_first() else {
            continue;
        };
        for place in list {
            let Some(one) = found.get(node).and_then(|all| all.get(*place as usize)) else {
                continue;
            };
            let values = one.values.get(*first).map_or(&[][..], Vec::as_slice);
            budget.take(1 + values.len())?;
            for value in values {
                let everywhere = rest
                    .iter()
                    .all(|f| one.values.get(*f).is_some_and(|v| v.contains(value)));
                if !everywhere {
                    continue;
                }
                let places = by_value.entry(value.as_str()).or_default();
                // A list that names a value twice has it once.
                if places.last() != Some(&(node, *place)) {
                    places.push((node, *place));
                }
            }
        }
    }
    Ok(by_value)
}
