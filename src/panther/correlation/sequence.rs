//! Sequences: matches of the nodes in their order, each step within its time frame.

use super::{Budget, Correlation, Found, Joined, TooMany, time};

/// How a node can end, found from the first node on: the shortest chain up to one of its matches.
#[derive(Clone, Copy, Debug)]
struct End {
    /// Position in the node's list of its last match, and of its first.
    last: usize,
    first: usize,
    /// Which end of the node before, where there is one.
    before: Option<usize>,
    /// When the chain begins.
    start: i64,
}

/// The node of a sequence that has to be there, and what must be absent before it.
pub(super) struct Stage {
    pub node: usize,
    /// Absent nodes between the one before and this.
    pub absent: Vec<usize>,
    /// Most time since the one before; for the first, how long the absent ones are looked for.
    pub within: i64,
}

/// One node's matches in time order.
pub(super) struct List<'a> {
    found: &'a [Found],
    places: &'a [u32],
}

impl List<'_> {
    pub fn time(&self, position: usize) -> i64 {
        self.places
            .get(position)
            .map_or(i64::MIN, |place| time(self.found, *place))
    }

    fn event(&self, position: usize) -> Option<u64> {
        let place = *self.places.get(position)?;
        self.found.get(place as usize).map(|f| f.event)
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// How many matches are before a time.
    pub fn before(&self, at: i64) -> usize {
        self.places.partition_point(|p| time(self.found, *p) < at)
    }

    /// Whether a match lies within two times, both of them included.
    pub fn any(&self, from: i64, to: i64) -> bool {
        self.places.partition_point(|p| time(self.found, *p) <= to) > self.before(from)
    }
}

impl Correlation {
    pub(super) fn list<'a>(
        &self,
        found: &'a [Vec<Found>],
        lists: &'a [Vec<u32>],
        node: usize,
    ) -> List<'a> {
        List {
            found: found.get(node).map_or(&[], Vec::as_slice),
            places: lists.get(node).map_or(&[], Vec::as_slice),
        }
    }

    /// The stages, and the absent nodes behind the last with how long they are looked for.
    pub(super) fn stages(&self, gaps: &[Option<i64>]) -> (Vec<Stage>, Vec<usize>, i64) {
        let mut stages: Vec<Stage> = Vec::new();
        let mut absent: Vec<usize> = Vec::new();
        for (n, node) in self.nodes.iter().enumerate() {
            if node.absent {
                absent.push(n);
                continue;
            }
            // Between two that are there with an absent one between them no time frame is taken (`read` refuses it).
            let counts = stages.is_empty() || absent.is_empty();
            let within = n
                .checked_sub(1)
                .and_then(|before| gaps.get(before).copied().flatten())
                .filter(|_| counts)
                .unwrap_or(self.lookback);
            stages.push(Stage {
                node: n,
                absent: std::mem::take(&mut absent),
                within,
            });
        }
        let behind = stages
            .last()
            .and_then(|stage| gaps.get(stage.node).copied().flatten())
            .unwrap_or(self.lookback);
        (stages, absent, behind)
    }

    /// The sequences among matches that have the same value.
    pub(super) fn sequence(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        gaps: &[Option<i64>],
        budget: &mut Budget,
        joined: &mut Vec<Joined>,
    ) -> Result<(), TooMany> {
        let (stages, trailing, behind) = self.stages(gaps);
        let mut ends: Vec<Vec<End>> = Vec::with_capacity(stages.len());
        for stage in &stages {
            let before = ends.last().map(Vec::as_slice);
            let next = self.ends(found, lists, &stages, stage, before, budget)?;
            if next.is_empty() {
                return Ok(());
            }
            ends.push(next);
        }
        let Some(final_stage) = stages.last() else {
            return Ok(());
        };
        let list = self.list(found, lists, final_stage.node);
        let mut open: Option<Chain> = None;
        for end in ends.last().map_or(&[][..], Vec::as_slice) {
            let at = list.time(end.last);
            budget.take(1 + trailing.len())?;
            let follows = |n: &usize| {
                self.list(found, lists, *n)
                    .any(at, at.saturating_add(behind))
            };
            if at.saturating_sub(end.start) > self.lookback || trailing.iter().any(follows) {
                continue;
            }
            let runs_on = open.as_ref().is_some_and(|chain| {
                end.start <= chain.end && at.saturating_sub(chain.start) <= self.lookback
            });
            if !runs_on {
                joined.extend(open.take().map(Chain::done));
            }
            let chain = open.get_or_insert_with(|| Chain::new(self.nodes.len(), end.start));
            chain.end = at;
            self.members(found, lists, &stages, &ends, *end, chain, budget)?;
        }
        joined.extend(open.map(Chain::done));
        Ok(())
    }

    /// How a stage can end, given how the one before can. In time order, both last and start.
    fn ends(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        stages: &[Stage],
        stage: &Stage,
        before: Option<&[End]>,
        budget: &mut Budget,
    ) -> Result<Vec<End>, TooMany> {
        let list = self.list(found, lists, stage.node);
        let node = self.nodes.get(stage.node);
        let needs = node.map_or(1, |n| n.min).max(1);
        let before_node = stages
            .iter()
            .take_while(|s| s.node != stage.node)
            .last()
            .map(|s| s.node);
        let same_rule = before_node
            .and_then(|b| self.nodes.get(b))
            .zip(node)
            .is_some_and(|(a, b)| a.rule_id == b.rule_id);
        let before_list = before_node.map(|b| self.list(found, lists, b));
        let mut ends = Vec::new();
        // The latest position at which the stage can begin, and which end of the stage before it follows.
        let mut begins: Vec<Option<(usize, Option<usize>)>> = Vec::with_capacity(list.len());
        let mut latest: Option<(usize, Option<usize>)> = None;
        let mut reach = 0;
        budget.take(list.len() * (1 + stage.absent.len() * 4))?;
        for position in 0..list.len() {
            let at = list.time(position);
            let absent_from = |from: i64| {
                !stage
                    .absent
                    .iter()
                    .any(|n| self.list(found, lists, *n).any(from, at))
            };
            match (before, &before_list) {
                (Some(before), Some(before_list)) => {
                    let last_time = |i: usize| before.get(i).map(|e| before_list.time(e.last));
                    while last_time(reach).is_some_and(|t| t <= at) {
                        reach += 1;
                    }
                    let mut near = reach.checked_sub(1);
                    // One match of a rule does not follow itself.
                    if same_rule
                        && let Some(i) = near
                        && before.get(i).and_then(|e| before_list.event(e.last))
                            == list.event(position)
                    {
                        near = i.checked_sub(1);
                    }
                    if let Some(i) = near
                        && let Some(last) = last_time(i)
                        && at.saturating_sub(last) <= stage.within
                        && absent_from(last)
                    {
                        latest = Some((position, Some(i)));
                    }
                }
                _ => {
                    if absent_from(at.saturating_sub(stage.within)) {
                        latest = Some((position, None));
                    }
                }
            }
            begins.push(latest);
            let Some(Some((first, before_end))) = (position + 1)
                .checked_sub(needs)
                .and_then(|at| begins.get(at).copied())
                // One match alone is its own beginning; several may have others between.
                .map(|begin| begin.filter(|(first, _)| needs > 1 || *first == position))
            else {
                continue;
            };
            let start = before_end
                .and_then(|i| before.and_then(|b| b.get(i)))
                .map_or_else(|| list.time(first), |end| end.start);
            ends.push(End {
                last: position,
                first,
                before: before_end,
                start,
            });
        }
        Ok(ends)
    }

    /// Adds the matches of a chain, walking back from its end.
    #[expect(
        clippy::too_many_arguments,
        reason = "one walk over what `sequence` built"
    )]
    fn members(
        &self,
        found: &[Vec<Found>],
        lists: &[Vec<u32>],
        stages: &[Stage],
        ends: &[Vec<End>],
        end: End,
        chain: &mut Chain,
        budget: &mut Budget,
    ) -> Result<(), TooMany> {
        let mut end = Some(end);
        for (s, stage) in stages.iter().enumerate().rev() {
            let Some(here) = end else { break };
            let before = here
                .before
                .and_then(|i| s.checked_sub(1).and_then(|s| ends.get(s)?.get(i)).copied());
            let list = self.list(found, lists, stage.node);
            let needs = self.nodes.get(stage.node).map_or(1, |n| n.min);
            // Of a node that wants several, every match between the one before and its last is part of it.
            let from = if needs <= 1 {
                here.last
            } else {
                let since = match (before, s.checked_sub(1).and_then(|s| stages.get(s))) {
                    (Some(before), Some(stage)) => {
                        self.list(found, lists, stage.node).time(before.last)
                    }
                    _ => chain.end.saturating_sub(self.lookback),
                };
                list.before(since).min(here.first)
            };
            if let Some((to, members)) = chain.members.get_mut(stage.node) {
                let from = from.max(*to);
                for position in from..=here.last {
                    members.extend(list.places.get(position).map(|p| *p as usize));
                }
                budget.take(1 + (here.last + 1).saturating_sub(from))?;
                *to = (*to).max(here.last + 1);
            }
            if let Some((at, _)) = list.places.get(from).map(|p| (time(list.found, *p), ())) {
                chain.start = chain.start.min(at);
            }
            end = before;
        }
        Ok(())
    }
}

/// A match being put together from chains that run into each other.
struct Chain {
    start: i64,
    end: i64,
    /// For every node the position up to which its matches are in, and the matches.
    members: Vec<(usize, Vec<usize>)>,
}

impl Chain {
    fn new(nodes: usize, start: i64) -> Self {
        Self {
            start,
            end: start,
            members: vec![(0, Vec::new()); nodes],
        }
    }

    fn done(self) -> Joined {
        Joined {
            values: Vec::new(),
            start: self.start,
            end: self.end,
            members: self.members.into_iter().map(|(_, places)| places).collect(),
        }
    }
}
