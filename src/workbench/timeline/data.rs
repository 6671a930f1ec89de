//! The plain model of the timeline, built from events and matches. No pixels, no colours.

use crate::value::EventId;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

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
    pub table: String,
    /// What happened, in a few words: the event type, or the model and the finish reason.
    pub label: String,
    /// Whether any match comes from it.
    pub matched: bool,
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
    pub label: String,
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

/// One event of a table's strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dot {
    /// Its identity in the dataset.
    pub id: EventId,
    /// What happened.
    pub label: String,
    /// Its position in [`Timeline::spots`], where a match comes from it.
    pub spot: Option<usize>,
}

/// All loaded events of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// The table's name.
    pub table: String,
    /// The times of the events, ascending.
    pub times: Vec<i64>,
    /// The events, in the order of `times`.
    pub dots: Vec<Dot>,
    /// The times of those a match comes from, ascending.
    pub matched: Vec<i64>,
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
    /// Builds the model. Events keep the order of their times; equal times keep the order of the input.
    pub fn build(input: Input) -> Self {
        let Input {
            mut events,
            matches,
            now,
            bands,
        } = input;
        events.sort_by_key(|e| e.time);
        let (tables, table_of) = tables(&events);
        let fingerprint = fingerprint(&events, &table_of, &matches);
        let extent = match (events.first(), events.last()) {
            (Some(first), Some(last)) => Some((first.time, last.time)),
            _ => None,
        };
        let mut timeline = Timeline {
            now,
            bands,
            extent,
            fingerprint,
            ..Timeline::default()
        };
        timeline.place_matches(&events, &table_of, &matches);
        timeline.join_events();
        timeline.fill_lanes();
        timeline.fill_strips(events, &table_of, tables);
        timeline
    }

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

    /// Whether the clock stands before all events, so that a rule that looks back sees none.
    pub fn clock_sees_nothing(&self) -> bool {
        matches!((self.now, self.extent), (Some(now), Some((first, _))) if now < first)
    }

    /// Spots, series and matches; everything in time order.
    fn place_matches(&mut self, events: &[EventInfo], table_of: &[usize], matches: &[MatchInfo]) {
        // Of all loaded events only those of matches are looked up by their id.
        let mut by_id: HashMap<EventId, Option<usize>> = matches
            .iter()
            .flat_map(|m| m.events.iter().map(|id| (*id, None)))
            .collect();
        if !by_id.is_empty() {
            for (at, event) in events.iter().enumerate() {
                if let Some(known) = by_id.get_mut(&event.id) {
                    *known = Some(at);
                }
            }
        }
        let mut order: Vec<(Vec<usize>, &MatchInfo)> = matches
            .iter()
            .filter_map(|m| {
                let mut at: Vec<usize> = m
                    .events
                    .iter()
                    .filter_map(|id| by_id.get(id).copied().flatten())
                    .collect();
                at.sort_unstable();
                at.dedup();
                (!at.is_empty()).then_some((at, m))
            })
            .collect();
        order.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.index.cmp(&b.1.index)));

        let mut used: Vec<usize> = order
            .iter()
            .flat_map(|(at, _)| at.iter().copied())
            .collect();
        used.sort_unstable();
        used.dedup();
        let spot_of: HashMap<usize, usize> =
            used.iter().enumerate().map(|(s, e)| (*e, s)).collect();

        let table = |event: usize| table_of.get(event).copied().unwrap_or(0);
        let mut series_of_table: Vec<usize> = Vec::new();
        for event in order.iter().flat_map(|(at, _)| at.iter().copied()) {
            let given = events.get(event).is_some_and(|e| e.series.is_some());
            if !given && !series_of_table.contains(&table(event)) {
                series_of_table.push(table(event));
            }
        }
        self.spots = used
            .iter()
            .filter_map(|at| events.get(*at).map(|e| (table(*at), e)))
            .map(|(table, e)| Spot {
                id: e.id,
                time: e.time,
                table,
                series: e.series.unwrap_or_else(|| {
                    let at = series_of_table.iter().position(|t| *t == table);
                    u8::try_from(at.unwrap_or(0)).unwrap_or(u8::MAX)
                }),
                label: e.label.clone(),
                matches: Vec::new(),
            })
            .collect();
        self.series = self
            .spots
            .iter()
            .map(|s| s.series.saturating_add(1))
            .max()
            .unwrap_or(0);
        for (at, m) in order {
            let spots: Vec<usize> = at.iter().filter_map(|e| spot_of.get(e).copied()).collect();
            let time = |s: Option<&usize>| s.and_then(|s| self.spots.get(*s)).map_or(0, |s| s.time);
            let (first, last) = (time(spots.first()), time(spots.last()));
            for spot in &spots {
                if let Some(spot) = self.spots.get_mut(*spot) {
                    spot.matches.push(self.matches.len());
                }
            }
            self.matches.push(Placed {
                index: m.index,
                spots,
                first,
                last,
                lanes: Vec::new(),
                entities: m.entities.clone(),
            });
        }
    }

    /// One link for each pair of events that follow each other in a match.
    fn join_events(&mut self) {
        let mut links: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for (position, m) in self.matches.iter().enumerate() {
            for pair in m.spots.windows(2) {
                if let [from, to] = pair {
                    links.entry((*from, *to)).or_default().push(position);
                }
            }
        }
        self.links = links
            .into_iter()
            .map(|((from, to), matches)| Link { from, to, matches })
            .collect();
        self.links.sort_by_key(|l| (l.from, l.to));
    }

    /// The strips of all loaded events; takes the events, so that no label is copied.
    fn fill_strips(&mut self, events: Vec<EventInfo>, table_of: &[usize], tables: Vec<String>) {
        self.background = tables
            .into_iter()
            .map(|table| Strip {
                table,
                ..Strip::default()
            })
            .collect();
        // Spots are in the order of the events, so one step at a time finds them all.
        let mut spots = self.spots.iter().enumerate().peekable();
        for (event, table) in events.into_iter().zip(table_of) {
            let spot = spots
                .next_if(|(_, spot)| spot.id == event.id)
                .map(|(at, _)| at);
            let Some(strip) = self.background.get_mut(*table) else {
                continue;
            };
            strip.times.push(event.time);
            if spot.is_some() || event.matched {
                strip.matched.push(event.time);
            }
            strip.dots.push(Dot {
                id: event.id,
                label: event.label,
                spot,
            });
        }
    }
}

/// The names of the tables, sorted, and for each event the position of its table's name.
fn tables(events: &[EventInfo]) -> (Vec<String>, Vec<usize>) {
    // First in order of appearance; events of one table mostly follow each other.
    let mut names: Vec<&str> = Vec::new();
    let mut last = 0;
    let mut of: Vec<usize> = Vec::with_capacity(events.len());
    for event in events {
        if names.get(last).is_none_or(|name| *name != event.table) {
            let known = names.iter().position(|name| *name == event.table);
            last = known.unwrap_or_else(|| {
                names.push(&event.table);
                names.len() - 1
            });
        }
        of.push(last);
    }
    let mut sorted: Vec<usize> = (0..names.len()).collect();
    sorted.sort_by_key(|at| names.get(*at));
    let mut place = vec![0; names.len()];
    for (new, old) in sorted.iter().enumerate() {
        if let Some(place) = place.get_mut(*old) {
            *place = new;
        }
    }
    for at in &mut of {
        *at = place.get(*at).copied().unwrap_or(0);
    }
    let text = |old: &usize| names.get(*old).map_or(String::new(), |n| (*n).to_owned());
    (sorted.iter().map(text).collect(), of)
}

/// A number for all that decides where things lie.
fn fingerprint(events: &[EventInfo], table_of: &[usize], matches: &[MatchInfo]) -> u64 {
    // Events are many: mixed by hand, which is quicker than a keyed hash.
    let mut mix = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |n: u64| {
        mix = (mix ^ n)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(23)
    };
    for (event, table) in events.iter().zip(table_of) {
        let series = event.series.map_or(0, |s| u64::from(s) + 1);
        add(event.time as u64);
        add(u64::from(event.id) ^ (*table as u64) << 32 ^ series << 50);
    }
    let mut hasher = DefaultHasher::new();
    for m in matches {
        (m.index, &m.events, &m.entities).hash(&mut hasher);
    }
    mix.hash(&mut hasher);
    hasher.finish()
}
