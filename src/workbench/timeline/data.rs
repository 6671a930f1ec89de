//! The plain model of the timeline, built from events and matches. No pixels, no colours.

use super::loaded::Events;
use crate::value::EventId;
use std::sync::Arc;

/// How many entity lanes a timeline has at most; the rest is counted in [`Group::hidden`].
pub const LANE_LIMIT: usize = 50;

/// The kind of the lane that shows matches which name no entity.
pub const NO_ENTITY: &str = "";

/// One loaded event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventInfo {
    /// Its identity in the dataset.
    pub id: EventId,
    /// When it happened, ticks.
    pub time: i64,
    /// The table it lies in.
    pub table: Arc<str>,
    /// What happened, in a few words: the event type, or the model and the finish reason.
    pub label: Arc<str>,
    /// The role in a chain, which becomes the shape of its mark: 0 the change (circle), 1 the signal
    /// (diamond), 2 (square) and so on. None: by table, in the order in which chains name them.
    pub series: Option<u8>,
}

/// One match of the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchInfo {
    /// Its index in the run's own order: how the caller knows it.
    pub index: usize,
    /// The events that made it, in any order; unknown ids are passed over.
    pub events: Vec<EventId>,
    /// Type and label of the entities it names, such as `("Account", "maya@larkspur.example")`.
    pub entities: Vec<(String, String)>,
}

/// A stretch of time behind the lanes, such as the part of the logs that the rule looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Band {
    /// First tick.
    pub start: i64,
    /// One past the last tick.
    pub end: i64,
    /// What it is, such as `Lookback 1 d`.
    pub label: String,
}

/// What a timeline is built from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// All loaded events that have a time.
    pub events: Vec<EventInfo>,
    /// The matches of the rule.
    pub matches: Vec<MatchInfo>,
    /// The clock, ticks.
    pub now: Option<i64>,
    /// Stretches behind the lanes.
    pub bands: Vec<Band>,
}

/// An event that at least one match comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its identity in the dataset.
    pub id: EventId,
    /// When it happened, ticks.
    pub time: i64,
    /// The table: an index into [`Timeline::background`].
    pub table: usize,
    /// The role, from 0: see [`EventInfo::series`].
    pub series: u8,
    /// What happened.
    pub label: Arc<str>,
    /// The matches it made: positions in [`Timeline::matches`], ascending.
    pub matches: Vec<usize>,
}

/// A match with its place in the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// See [`MatchInfo::index`].
    pub index: usize,
    /// Its events in time order: positions in [`Timeline::spots`]. Never empty.
    pub spots: Vec<usize>,
    /// Time of its first event.
    pub first: i64,
    /// Time of its last event.
    pub last: i64,
    /// The lanes it is shown on: positions in [`Timeline::lanes`], ascending.
    pub lanes: Vec<usize>,
    /// The entities it names, as given.
    pub entities: Vec<(String, String)>,
}

/// One entity with the events of the matches that name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What the entity is called.
    pub label: String,
    /// The entity type.
    pub kind: String,
    /// The events: positions in [`Timeline::spots`], ordered by series, then time, each once.
    pub marks: Vec<usize>,
    /// The joined events: positions in [`Lane::marks`], and the link in [`Timeline::links`].
    pub links: Vec<LaneLink>,
    /// The matches: positions in [`Timeline::matches`].
    pub matches: Vec<usize>,
}

/// A link as it is drawn on one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneLink {
    /// Position in [`Lane::marks`] of the earlier event.
    pub from: usize,
    /// Position in [`Lane::marks`] of the later event.
    pub to: usize,
    /// Position in [`Timeline::links`].
    pub link: usize,
}

/// Two events that follow each other in the chain of at least one match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Position in [`Timeline::spots`] of the earlier event.
    pub from: usize,
    /// Position in [`Timeline::spots`] of the later event.
    pub to: usize,
    /// The matches: positions in [`Timeline::matches`].
    pub matches: Vec<usize>,
}

/// The lanes of one entity type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The entity type.
    pub kind: String,
    /// Its lanes in [`Timeline::lanes`].
    pub lanes: std::ops::Range<usize>,
    /// How many more entities of this type there are than lanes.
    pub hidden: usize,
}

/// All loaded events of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// The table's name.
    pub table: Arc<str>,
    /// The events.
    pub events: Arc<Events>,
    /// Those a match comes from, ascending: the place among the events, and the position in [`Timeline::spots`].
    pub spots: Vec<(usize, usize)>,
    /// Their times, ascending.
    pub matched: Vec<i64>,
}

impl Strip {
    /// The times of the events, ascending.
    pub fn times(&self) -> &[i64] {
        &self.events.times
    }

    /// The position in [`Timeline::spots`] of an event, where a match comes from it.
    pub fn spot(&self, event: usize) -> Option<usize> {
        let at = self.spots.binary_search_by_key(&event, |(at, _)| *at);
        self.spots.get(at.ok()?).map(|(_, spot)| *spot)
    }
}

/// The model: what there is to see, in the order in which it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The entity types, accounts first.
    pub groups: Vec<Group>,
    /// One lane for each matched entity, grouped by type, by first match within.
    pub lanes: Vec<Lane>,
    /// The matched events, in time order.
    pub spots: Vec<Spot>,
    /// The matches, in time order.
    pub matches: Vec<Placed>,
    /// The joined pairs, in time order.
    pub links: Vec<Link>,
    /// All loaded events, a strip for each table, in order of name.
    pub background: Vec<Strip>,
    /// Stretches behind the lanes.
    pub bands: Vec<Band>,
    /// The clock, ticks.
    pub now: Option<i64>,
    /// How many series there are: the highest one plus one.
    pub series: u8,
    /// The first and the last time of any event.
    pub extent: Option<(i64, i64)>,
    /// A number that is another one for another content: layouts are kept by it.
    pub fingerprint: u64,
}

impl Timeline {
    /// The position in [`Timeline::matches`] of a match that the caller knows by its index.
    pub fn position(&self, index: usize) -> Option<usize> {
        self.matches.iter().position(|m| m.index == index)
    }

    /// What showing everything shows: all events, and the clock if it is not far from them.
    pub fn shown_extent(&self) -> Option<(i64, i64)> {
        let (first, last) = self.extent?;
        let near = last.saturating_sub(first) / 4;
        match self.now {
            Some(now) if now < first && first.saturating_sub(now) <= near => Some((now, last)),
            Some(now) if now > last && now.saturating_sub(last) <= near => Some((first, now)),
            _ => Some((first, last)),
        }
    }

    /// What is shown at first: all matches with some room round them, everything where there are none.
    /// A few events far from the matches would else take the room from them.
    pub fn matched_extent(&self) -> Option<(i64, i64)> {
        let (first, last) = self.shown_extent()?;
        let from = self.matches.iter().map(|m| m.first).min();
        let to = self.matches.iter().map(|m| m.last).max();
        let (Some(from), Some(to)) = (from, to) else {
            return Some((first, last));
        };
        // Round a match of one instant there are still some minutes to see.
        let least = (last.saturating_sub(first) / 20).min(30 * crate::value::time::MINUTE);
        let margin = (to.saturating_sub(from) / 8).max(least);
        let start = from.saturating_sub(margin).max(first);
        Some((start, to.saturating_add(margin).min(last)))
    }

    /// Whether the clock stands before all events, so that a rule that looks back sees none.
    pub fn clock_sees_nothing(&self) -> bool {
        matches!((self.now, self.extent), (Some(now), Some((first, _))) if now < first)
    }
}
