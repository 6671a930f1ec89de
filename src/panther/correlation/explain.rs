//! Why a correlation did not match: what was there, and what was missing.

use super::sequence::Stage;
use super::split::{bound, by_value};
use super::{Budget, Correlation, Form, Found, MINUTE, Node, STEPS};
use std::cmp::Reverse;

/// One reason, of one node where it is one's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// Which node.
    pub node: Option<usize>,
    /// The reason in words.
    pub reason: String,
}

/// Nodes and what joins them are told up to so many.
const MOST: usize = 20;

impl Correlation {
    /// Why the matches of the nodes give no match of the rule: the reasons, nearest to a match first. Looks at the
    /// matches within the lookback of the latest up to a clock. Empty where they do match.
    pub fn explain(&self, found: &[Vec<Found>], now: i64) -> Vec<Lack> {
        let latest = found
            .iter()
            .flatten()
            .map(|f| f.time)
            .filter(|t| *t <= now)
            .max();
        let Some(latest) = latest else {
            return vec![lack(None, "none of the rules matched anything")];
        };
        let from = latest.saturating_sub(self.lookback);
        let lists = self.lists(found, from, latest);
        match self.between(found, from, latest) {
            Ok(joined) if joined.is_empty() => {}
            Ok(_) => return Vec::new(),
            Err(diagnostic) => return vec![lack(None, diagnostic.message)],
        }
        let few: Vec<Lack> = self
            .present()
            .filter(|(n, node)| lists.get(*n).map_or(0, Vec::len) < node.min)
            .map(|(n, node)| {
                let earlier = found.get(n).map_or(0, Vec::len);
                let has = lists.get(n).map_or(0, Vec::len);
                lack(Some(n), self.too_few(node, has, earlier))
            })
            .take(MOST)
            .collect();
        if !few.is_empty() {
            return few;
        }
        let mut budget = Budget(STEPS);
        let mut lists = lists;
        let mut with = String::new();
        for criterion in &self.criteria {
            let Ok(values) = by_value(criterion, found, &lists, &mut budget) else {
                return vec![lack(None, "there are too many values to look at")];
            };
            let without: Vec<Lack> = self
                .present()
                .filter(|(n, _)| bound(criterion, *n))
                .filter(|(n, _)| !values.values().flatten().any(|(node, _)| node == n))
                .map(|(n, node)| {
                    let names: Vec<&str> = criterion
                        .fields
                        .get(n)
                        .into_iter()
                        .flatten()
                        .filter_map(|f| node.fields.get(*f).map(String::as_str))
                        .collect();
                    lack(
                        Some(n),
                        format!(
                            "{} has no value in {} that could join: it is missing, null or an object in all {} matches",
                            node.id,
                            names.join(" and "),
                            lists.get(n).map_or(0, Vec::len)
                        ),
                    )
                })
                .collect();
            if !without.is_empty() {
                return without;
            }
            // The value that comes nearest: enough matches of most nodes, of the earliest, and then most matches.
            let score = |places: &[(usize, u32)]| {
                let full: Vec<usize> = self
                    .present()
                    .filter(|(n, node)| {
                        bound(criterion, *n)
                            && places.iter().filter(|(m, _)| m == n).count() >= node.min
                    })
                    .map(|(n, _)| n)
                    .collect();
                (full.len(), Reverse(full), places.len())
            };
            // Of equals the first by name, so that the answer is always the same.
            let nearest = values
                .iter()
                .map(|(value, places)| (score(places), Reverse(*value), places))
                .max();
            let Some((_, Reverse(value), places)) = nearest else {
                return vec![lack(None, "no value joins them")];
            };
            for (n, list) in lists.iter_mut().enumerate() {
                if bound(criterion, n) {
                    *list = places
                        .iter()
                        .filter(|(m, _)| *m == n)
                        .map(|(_, i)| *i)
                        .collect();
                }
            }
            with.push_str(&format!(" with {} `{value}`", criterion.name));
            let few: Vec<Lack> = self
                .present()
                .filter(|(n, node)| lists.get(*n).map_or(0, Vec::len) < node.min)
                .map(|(n, node)| {
                    let has = lists.get(n).map_or(0, Vec::len);
                    lack(
                        Some(n),
                        format!(
                            "{} has {} of {} matches{with}, which comes nearest",
                            node.id, has, node.min
                        ),
                    )
                })
                .collect();
            if !few.is_empty() {
                return few;
            }
        }
        match &self.form {
            Form::Group => self.explain_group(&lists, &with),
            Form::Sequence(gaps) => self.explain_sequence(found, &lists, gaps, &with),
        }
    }

    fn present(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| !node.absent)
    }

    fn too_few(&self, node: &Node, has: usize, earlier: usize) -> String {
        let window = minutes(self.lookback);
        match (has, earlier) {
            (0, 0) => format!("{} ({}) matched nothing", node.id, node.rule_id),
            (0, _) => format!(
                "{} ({}) matched only outside the {window} up to the latest match",
                node.id, node.rule_id
            ),
            _ => format!(
                "{} ({}) has {has} of {} matches within the {window} up to the latest",
                node.id, node.rule_id, node.min
            ),
        }
    }

    fn explain_group(&self, lists: &[Vec<u32>], with: &str) -> Vec<Lack> {
        let mut why = Vec::new();
        for (n, node) in self.nodes.iter().enumerate() {
            let has = lists.get(n).map_or(0, Vec::len);
            if node.absent && has > 0 {
                let reason = format!(
                    "{} has to be absent, and has {has} {}{with}",
                    node.id,
                    plural(has)
                );
                why.push(lack(Some(n), reason));
            } else if let Some(max) = node.max.filter(|max| has > *max) {
                let reason = format!("{} has {has} matches{with}, more than {max}", node.id);
                why.push(lack(Some(n), reason));
            }
        }
        if why.is_empty() {
            // The nearest value is not the one that fails; another has the same score.
            why.push(lack(
                None,
                format!("no value has all that is asked for; nearest are the matches{with}"),
            ));
        }
        why
    }

    fn explain_sequence(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        gaps: &[Option<i64>],
        with: &str,
    ) -> Vec<Lack> {
        let (stages, trailing, behind) = self.stages(gaps);
        for (i, pair) in stages.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            if let Some(reason) = self.step_lacks(found, lists, a, b, with) {
                return vec![lack(stages.get(i + 1).map(|s| s.node), reason)];
            }
        }
        let id = |n: usize| self.nodes.get(n).map_or("", |node| node.id.as_str());
        if let Some(n) = trailing
            .iter()
            .chain(stages.first().map(|s| &s.absent).into_iter().flatten())
            .find(|n| lists.get(**n).is_some_and(|list| !list.is_empty()))
        {
            let reason = format!(
                "{} has to be absent for {}, and is not{with}",
                id(*n),
                minutes(behind)
            );
            return vec![lack(Some(*n), reason)];
        }
        let names: Vec<&str> = stages.iter().map(|s| id(s.node)).collect();
        vec![lack(
            None,
            format!(
                "{} do not follow each other in this order as a whole{with}",
                names.join(", ")
            ),
        )]
    }

    /// Why one step of a sequence is never made; none where it can be.
    fn step_lacks(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        a: &Stage,
        b: &Stage,
        with: &str,
    ) -> Option<String> {
        let (from, to) = (
            self.list(found, lists, a.node),
            self.list(found, lists, b.node),
        );
        let id = |n: usize| self.nodes.get(n).map_or("", |node| node.id.as_str());
        let mut nearest: Option<i64> = None;
        let mut between = None;
        for position in 0..to.len() {
            let at = to.time(position);
            let Some(last) = from.before(at.saturating_add(1)).checked_sub(1) else {
                continue;
            };
            let gap = at.saturating_sub(from.time(last));
            nearest = Some(nearest.map_or(gap, |n| n.min(gap)));
            if gap > b.within {
                continue;
            }
            let blocks = b
                .absent
                .iter()
                .find(|n| self.list(found, lists, **n).any(from.time(last), at));
            match blocks {
                Some(n) => between = Some(*n),
                None => return None,
            }
        }
        Some(match (nearest, between) {
            (None, _) => format!("{} never comes after {}{with}", id(b.node), id(a.node)),
            (_, Some(n)) => format!(
                "{} has to be absent between {} and {}, and is not{with}",
                id(n),
                id(a.node),
                id(b.node)
            ),
            (Some(gap), None) => format!(
                "{} comes {} after {} at the nearest{with}, more than {}",
                id(b.node),
                minutes(gap),
                id(a.node),
                minutes(b.within)
            ),
        })
    }
}

fn lack(node: Option<usize>, reason: impl Into<String>) -> Lack {
    Lack {
        node,
        reason: reason.into(),
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "match" } else { "matches" }
}

/// A time in minutes, with a fraction where it has one.
fn minutes(ticks: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown to one place")]
    let minutes = ticks as f64 / MINUTE as f64;
    if ticks % MINUTE == 0 {
        format!(
            "{} {}",
            ticks / MINUTE,
            if ticks == MINUTE { "minute" } else { "minutes" }
        )
    } else {
        format!("{minutes:.1} minutes")
    }
}
