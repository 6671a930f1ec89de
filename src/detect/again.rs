//! What the last run of a rule said of its matches: after an edit most of that still holds, and is not made again.

use super::Entity;
use super::ask::Found;
use crate::event::EventJson;
use crate::logs::Dataset;
use crate::panther::{Earlier, Outcome, Understood};
use crate::value::{EventId, Type, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// More matches are not kept.
const MOST: usize = 16_384;
/// Nor more bytes of alert contexts, of which each may have 200 KB.
const CONTEXTS: usize = 32 << 20;

/// The last run that came to its end.
#[derive(Default)]
pub(super) struct Again {
    /// The logs it ran over, and as which log types.
    over: Option<(Weak<Dataset>, Vec<String>)>,
    /// What was understood of the body.
    understood: Option<Understood>,
    said: Vec<Said>,
    /// The place of an event's match among them.
    places: HashMap<EventId, usize>,
    refused: Events,
    /// The result's columns.
    columns: Vec<(String, Type)>,
}

/// A match of that run.
struct Said {
    event: Arc<EventJson>,
    outcome: Arc<Outcome>,
    /// Whether no interpreter was asked.
    native: bool,
    context: Option<Arc<Json>>,
    entities: Arc<[Entity]>,
    row: Arc<[Value]>,
}

/// What was made of a match's alert context, and of its event.
pub(super) struct Made {
    pub context: Option<Arc<Json>>,
    pub entities: Arc<[Entity]>,
}

/// Events, a bit for each that the logs have.
#[derive(Clone, Default)]
pub(super) struct Events(Vec<u64>);

impl Events {
    /// Where the bit of an event is.
    fn place(id: EventId) -> Option<(usize, u64)> {
        let word = usize::try_from(id / u64::BITS).ok()?;
        Some((word, 1 << (id % u64::BITS)))
    }

    /// Adds one.
    pub fn insert(&mut self, id: EventId) {
        let Some((word, bit)) = Self::place(id) else {
            return;
        };
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether one is among them.
    pub fn holds(&self, id: EventId) -> bool {
        let place = Self::place(id);
        let word = place.and_then(|(word, bit)| Some(self.0.get(word)? & bit));
        word.is_some_and(|bit| bit != 0)
    }
}

impl Again {
    /// Takes down a run: its matches, each with the row and with what was made of it, and the events that the rule was
    /// understood to refuse.
    pub fn of(
        (data, log_types): (&Arc<Dataset>, &[String]),
        (understood, refused): (Option<Understood>, Events),
        columns: &[(String, Type)],
        matches: impl ExactSizeIterator<Item = (Found, Made, Arc<[Value]>)>,
    ) -> Self {
        let mut left = CONTEXTS;
        let count = matches.len().min(MOST);
        let (mut said, mut places) = (Vec::with_capacity(count), HashMap::with_capacity(count));
        for (found, made, row) in matches.take(MOST) {
            let size = context(&found.outcome).map_or(0, |text| text.len());
            let Some(rest) = left.checked_sub(size) else {
                break;
            };
            left = rest;
            places.insert(found.id, said.len());
            said.push(Said {
                event: found.event,
                outcome: found.outcome,
                native: found.native,
                context: made.context,
                entities: made.entities,
                row,
            });
        }
        Self {
            over: Some((Arc::downgrade(data), log_types.to_vec())),
            understood,
            said,
            places,
            refused,
            columns: columns.to_vec(),
        }
    }

    /// Whether it ran over these logs, as these log types: an event is the same then.
    pub fn is_over(&self, data: &Arc<Dataset>, log_types: &[String]) -> bool {
        self.over.as_ref().is_some_and(|(logs, types)| {
            types == log_types && std::ptr::eq(logs.as_ptr(), Arc::as_ptr(data))
        })
    }

    /// The functions that give the same now.
    pub fn unchanged(&self, understood: &Understood) -> Vec<&'static str> {
        let earlier = self.understood.as_ref();
        earlier.map_or_else(Vec::new, |earlier| understood.unchanged(earlier))
    }

    /// The events that the rule refused, all of that understood.
    pub fn refused(&self) -> &Events {
        &self.refused
    }

    fn said(&self, id: EventId) -> Option<&Said> {
        self.said.get(*self.places.get(&id)?)
    }

    /// An event that matched.
    pub fn event(&self, id: EventId) -> Option<&Arc<EventJson>> {
        Some(&self.said(id)?.event)
    }

    /// What was said of an event, so far as it was understood.
    pub fn earlier<'a>(
        &'a self,
        id: EventId,
        unchanged: &'a [&'static str],
    ) -> Option<Earlier<'a>> {
        let said = self.said(id).filter(|said| said.native)?;
        Some(Earlier {
            outcome: &said.outcome,
            unchanged,
        })
    }

    /// What was made of a match that has the same alert context now.
    pub fn made(&self, found: &Found) -> Option<Made> {
        let said = self.same_context(found)?;
        Some(Made {
            context: said.context.clone(),
            entities: Arc::clone(&said.entities),
        })
    }

    /// Whether the result had these columns.
    pub fn had_columns(&self, columns: &[(String, Type)]) -> bool {
        self.columns == columns
    }

    /// The row of such a match; of use where there are the same columns as there were.
    pub fn row(&self, found: &Found) -> Option<&Arc<[Value]>> {
        Some(&self.same_context(found)?.row)
    }

    fn same_context(&self, found: &Found) -> Option<&Said> {
        let said = self.said(found.id)?;
        let (before, now) = (context(&said.outcome), context(&found.outcome));
        let same = before.zip(now).is_some_and(|(b, n)| Arc::ptr_eq(b, n)) || before == now;
        same.then_some(said)
    }
}

fn context(outcome: &Outcome) -> Option<&Arc<str>> {
    outcome.alert_context.as_ref()?.as_ref().ok()
}
