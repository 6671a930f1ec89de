//! Which entities get a lane, and in what order.

use super::data::{Group, LANE_LIMIT, Lane, LaneLink, NO_ENTITY, Timeline};
use std::collections::HashMap;

/// The entity types people look at first; the others follow by name, matches without entity last.
const FIRST_KINDS: [&str; 4] = ["Account", "IP", "Host", "CloudApplication"];

impl Timeline {
    /// The lanes with their marks and links.
    pub(super) fn fill_lanes(&mut self) {
        let mut matches_of: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for (position, m) in self.matches.iter().enumerate() {
            let mut named = false;
            for (kind, label) in &m.entities {
                if label.is_empty() {
                    continue;
                }
                named = true;
                let list = matches_of.entry((kind, label)).or_default();
                if list.last() != Some(&position) {
                    list.push(position);
                }
            }
            if !named {
                let list = matches_of.entry((NO_ENTITY, "Matches")).or_default();
                list.push(position);
            }
        }
        // Matches are in time order, so the first of a list is the entity's first match.
        let mut entities: Vec<((&str, &str), Vec<usize>)> = matches_of.into_iter().collect();
        entities.sort_by(|(a, am), (b, bm)| {
            kind_rank(a.0)
                .cmp(&kind_rank(b.0))
                .then(am.first().cmp(&bm.first()))
                .then(a.1.cmp(b.1))
        });

        let mut kinds: Vec<(&str, usize)> = Vec::new();
        for ((kind, _), _) in &entities {
            match kinds.last_mut() {
                Some((last, n)) if last == kind => *n += 1,
                _ => kinds.push((kind, 1)),
            }
        }
        let counts: Vec<usize> = kinds.iter().map(|(_, n)| *n).collect();
        let shares = shares(&counts, LANE_LIMIT);

        let mut lanes: Vec<Lane> = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut rest = entities.into_iter();
        for ((kind, all), share) in kinds.into_iter().zip(shares) {
            let start = lanes.len();
            for ((_, label), matches) in rest.by_ref().take(all).take(share) {
                lanes.push(self.lane(kind, label, matches));
            }
            for _ in share..all {
                let _ = rest.next();
            }
            groups.push(Group {
                kind: kind.to_owned(),
                lanes: start..lanes.len(),
                hidden: all.saturating_sub(share),
            });
        }
        self.lanes = lanes;
        self.groups = groups;
        for (position, lane) in self.lanes.iter().enumerate() {
            for m in &lane.matches {
                if let Some(m) = self.matches.get_mut(*m) {
                    m.lanes.push(position);
                }
            }
        }
    }

    /// One entity's lane.
    fn lane(&self, kind: &str, label: &str, matches: Vec<usize>) -> Lane {
        let mut marks: Vec<usize> = Vec::new();
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for m in matches.iter().filter_map(|m| self.matches.get(*m)) {
            marks.extend(&m.spots);
            pairs.extend(m.spots.windows(2).filter_map(|pair| match pair {
                [from, to] => Some((*from, *to)),
                _ => None,
            }));
        }
        marks.sort_unstable_by_key(|s| (self.spots.get(*s).map_or(0, |spot| spot.series), *s));
        marks.dedup();
        pairs.sort_unstable();
        pairs.dedup();
        let at: HashMap<usize, usize> = marks.iter().enumerate().map(|(i, s)| (*s, i)).collect();
        let links = pairs
            .iter()
            .filter_map(|pair| {
                let link = self.links.binary_search_by_key(pair, |l| (l.from, l.to));
                Some(LaneLink {
                    from: *at.get(&pair.0)?,
                    to: *at.get(&pair.1)?,
                    link: link.ok()?,
                })
            })
            .collect();
        Lane {
            label: label.to_owned(),
            kind: kind.to_owned(),
            marks,
            links,
            matches,
        }
    }
}

/// The place of an entity type among the others.
fn kind_rank(kind: &str) -> (usize, &str) {
    let rank = match FIRST_KINDS.iter().position(|k| *k == kind) {
        Some(at) => at,
        None if kind == NO_ENTITY => FIRST_KINDS.len() + 1,
        None => FIRST_KINDS.len(),
    };
    (rank, kind)
}

/// Shares `limit` places among groups: as many as they need while there is room, else evenly,
/// with what a small group leaves over going to the others.
fn shares(counts: &[usize], limit: usize) -> Vec<usize> {
    let mut shares = vec![0; counts.len()];
    let mut left = limit;
    while left > 0 {
        let open: Vec<usize> = (0..counts.len())
            .filter(|i| shares.get(*i) < counts.get(*i))
            .collect();
        if open.is_empty() {
            break;
        }
        let each = (left / open.len()).max(1);
        for i in open {
            if let (Some(share), Some(count)) = (shares.get_mut(i), counts.get(i)) {
                let more = each.min(count.saturating_sub(*share)).min(left);
                *share += more;
                left -= more;
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_groups_leave_their_places_to_the_others() {
        assert_eq!(shares(&[3, 2], 50), [3, 2]);
        assert_eq!(shares(&[60, 1, 60], 50), [25, 1, 24]);
        assert_eq!(shares(&[5, 5, 5], 2), [1, 1, 0]);
        assert_eq!(shares(&[], 50), Vec::<usize>::new());
    }

    #[test]
    fn accounts_come_first_and_matches_without_entity_last() {
        let mut kinds = [
            "Zone",
            NO_ENTITY,
            "CloudApplication",
            "IP",
            "Account",
            "File",
        ];
        kinds.sort_by_key(|k| kind_rank(k));
        assert_eq!(
            kinds,
            [
                "Account",
                "IP",
                "CloudApplication",
                "File",
                "Zone",
                NO_ENTITY
            ]
        );
    }
}
