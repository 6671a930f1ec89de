//! Which loaded events a Panther rule is asked about: those of its log types up to the clock, but for those that
//! fail what the rule needs (`panther::guard`).

use super::again::Again;
use crate::diagnostic::{Diagnostic, Severity};
use crate::event::EventJson;
use crate::logs::{Dataset, PantherView, PathColumn, PathValue};
use crate::panther::guard::{Column, Columns, Found, Guard};
use crate::value::EventId;
use rayon::prelude::*;
use std::sync::Arc;

/// So many events are worth keeping parsed for the next run.
const FEW: usize = 16_384;

/// The code of what is said where events cannot be read.
pub const UNREAD: &str = "logs-unreadable";

type Place = (usize, usize, bool);

/// An event to ask about.
pub(super) struct One {
    pub id: EventId,
    pub event: Arc<EventJson>,
    /// Whether `rule` surely gives `True` for it and changes nothing.
    pub holds: bool,
}

/// The events to ask about, in time order; none of them is parsed yet.
pub(super) struct Chosen<'a> {
    views: Vec<PantherView<'a>>,
    /// View, place in it, and whether the rule surely holds there.
    places: Vec<Place>,
    /// How many there are of the log types.
    pub events: usize,
}

impl<'a> Chosen<'a> {
    /// Chooses events.
    pub fn of(log_types: &[String], data: &'a Dataset, now: i64, guard: &Guard) -> Self {
        let views: Vec<PantherView<'a>> = log_types
            .iter()
            .enumerate()
            .filter(|(at, log_type)| !log_types.iter().take(*at).any(|l| l == *log_type))
            .map(|(_, log_type)| data.panther_events(log_type))
            .collect();
        let mut places = Vec::new();
        let mut events = 0;
        for (index, view) in views.iter().enumerate() {
            let rows = view.until(now);
            events += rows;
            match guard.left(&Seen { view, rows }) {
                Some(left) => places.extend(left.iter().map(|left| (index, left.at, left.holds))),
                None => places.extend((0..rows).map(|at| (index, at, false))),
            }
        }
        let mut chosen = Self {
            views,
            places,
            events,
        };
        if chosen.views.len() > 1 {
            let mut places = std::mem::take(&mut chosen.places);
            places.sort_by_cached_key(|place| (chosen.time(*place), chosen.id(*place)));
            chosen.places = places;
        }
        chosen
    }

    /// Some are not asked about after all.
    pub fn leave_out(&mut self, out: impl Fn(EventId) -> bool) {
        let mut places = std::mem::take(&mut self.places);
        places.retain(|place| !self.id(*place).is_some_and(&out));
        self.places = places;
    }

    /// How many events are asked about.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    fn id(&self, (view, at, _): Place) -> Option<EventId> {
        self.views.get(view)?.id(at)
    }

    fn time(&self, (view, at, _): Place) -> Option<i64> {
        self.views.get(view)?.time(at)
    }

    /// Some of the events.
    ///
    /// # Errors
    /// Why one of them cannot be read: silence would be taken for no match.
    pub fn portion(
        &self,
        from: usize,
        most: usize,
        again: &Again,
    ) -> Result<Vec<One>, Vec<Diagnostic>> {
        let to = from.saturating_add(most).min(self.places.len());
        let places = self.places.get(from..to).unwrap_or_default();
        let few = self.places.len() <= FEW;
        let one = |(view, at, holds): &Place| {
            let view = self.views.get(*view)?;
            let id = view.id(*at)?;
            let event = match again.event(id) {
                Some(event) => Ok(Arc::clone(event)),
                None if few => view.event(*at),
                None => view.passing(*at).map(Arc::new),
            };
            Some(event.map(|event| One {
                id,
                event,
                holds: *holds,
            }))
        };
        let read = places.par_iter().with_min_len(64).filter_map(one);
        let read: Result<Vec<One>, String> = read.collect();
        read.map_err(|reason| vec![unreadable(&reason)])
    }
}

fn unreadable(reason: &str) -> Diagnostic {
    Diagnostic::new(
        Severity::Error,
        UNREAD,
        None,
        format!("The events cannot be read: {reason}"),
    )
}

/// The values of the events of a log type up to the clock.
struct Seen<'v, 'a> {
    view: &'v PantherView<'a>,
    rows: usize,
}

impl Columns for Seen<'_, '_> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn column(&self, path: &[String]) -> Option<Box<dyn Column + '_>> {
        let column = self.view.path_codes(path)?;
        Some(Box::new(Codes {
            column,
            rows: self.rows,
        }))
    }
}

struct Codes {
    column: Arc<PathColumn>,
    rows: usize,
}

impl Column for Codes {
    fn distinct(&self) -> usize {
        self.column.values().len()
    }

    fn found(&self, code: usize) -> Option<Found<'_>> {
        Some(match self.column.values().get(code)? {
            PathValue::Value(json) => Found::Value(json),
            PathValue::List => Found::List,
            PathValue::EmptyObject => Found::Object(true),
            PathValue::Object => Found::Object(false),
            PathValue::Missing(key) => Found::Missing(*key),
            PathValue::Blocked(key, is_null) => Found::Blocked(*key, *is_null),
        })
    }

    fn spread(&self, answers: &[u8]) -> Option<Vec<u8>> {
        self.column.spread(0..self.rows, answers)
    }
}
