//! Builds the model: puts matches in order of time and joins what belongs together.

use super::data::{Band, Input, Link, MatchInfo, Placed, Spot, Strip, Timeline};
use super::loaded::Loaded;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

impl Timeline {
    /// Builds the model. Events keep the order of their times; equal times keep the order of the input.
    pub fn build(input: Input) -> Self {
        let Input {
            events,
            matches,
            now,
            bands,
        } = input;
        Self::of(&Loaded::new(events), matches, now, bands)
    }

    /// The same over events that were put in order before.
    pub fn of(
        loaded: &Loaded,
        matches: Vec<MatchInfo>,
        now: Option<i64>,
        bands: Vec<Band>,
    ) -> Self {
        let mut timeline = Timeline {
            now,
            bands,
            extent: loaded.extent(),
            fingerprint: fingerprint(loaded, &matches),
            ..Timeline::default()
        };
        let used = timeline.place_matches(loaded, matches);
        timeline.join_events();
        timeline.fill_lanes();
        timeline.fill_strips(loaded, &used);
        timeline
    }

    /// Spots, series and matches; everything in time order. Gives the places of the spots among all events.
    fn place_matches(&mut self, loaded: &Loaded, matches: Vec<MatchInfo>) -> Vec<usize> {
        let mut order: Vec<(Vec<usize>, MatchInfo)> = matches
            .into_iter()
            .filter_map(|m| {
                let mut at: Vec<usize> =
                    m.events.iter().filter_map(|id| loaded.find(*id)).collect();
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

        let mut series_of_table: Vec<usize> = Vec::new();
        for event in order.iter().flat_map(|(at, _)| at.iter().copied()) {
            if let Some(event) = loaded.event(event)
                && event.series.is_none()
                && !series_of_table.contains(&event.table)
            {
                series_of_table.push(event.table);
            }
        }
        self.spots = used
            .iter()
            .filter_map(|at| loaded.event(*at))
            .map(|e| Spot {
                id: e.id,
                time: e.time,
                table: e.table,
                series: e.series.unwrap_or_else(|| {
                    let at = series_of_table.iter().position(|t| *t == e.table);
                    u8::try_from(at.unwrap_or(0)).unwrap_or(u8::MAX)
                }),
                label: Arc::clone(e.label),
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
        used
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

    /// The strips of all loaded events, and which of them the spots are.
    fn fill_strips(&mut self, loaded: &Loaded, used: &[usize]) {
        let strips = loaded.tables.iter().map(|(table, events)| Strip {
            table: Arc::clone(table),
            events: Arc::clone(events),
            ..Strip::default()
        });
        self.background = strips.collect();
        for (spot, at) in used.iter().enumerate() {
            let Some(event) = loaded.event(*at) else {
                continue;
            };
            if let Some(strip) = self.background.get_mut(event.table) {
                strip.spots.push((event.place, spot));
                strip.matched.push(event.time);
            }
        }
    }
}

/// A number for all that decides where things lie.
fn fingerprint(loaded: &Loaded, matches: &[MatchInfo]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for m in matches {
        (m.index, &m.events, &m.entities).hash(&mut hasher);
    }
    loaded.fingerprint.hash(&mut hasher);
    hasher.finish()
}
