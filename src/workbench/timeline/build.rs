//! Builds the model: puts events and matches in order of time and joins what belongs together.

use super::data::{Dot, EventInfo, Input, Link, MatchInfo, Placed, Spot, Strip, Timeline};
use crate::value::EventId;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

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
        timeline.place_matches(&events, &table_of, matches);
        timeline.join_events();
        timeline.fill_lanes();
        timeline.fill_strips(events, &table_of, tables);
        timeline
    }

    /// Spots, series and matches; everything in time order.
    fn place_matches(&mut self, events: &[EventInfo], table_of: &[usize], matches: Vec<MatchInfo>) {
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
        let mut order: Vec<(Vec<usize>, MatchInfo)> = matches
            .into_iter()
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
            let spot_of = |event: &usize| used.binary_search(event).ok();
            let spots: Vec<usize> = at.iter().filter_map(spot_of).collect();
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
                entities: m.entities,
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
