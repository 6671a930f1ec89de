//! What the last run of a rule said of its matches: after an edit most of that still holds, and is not made again.

use super::Entity;
use super::ask::Found;
use crate::event::EventJson;
use crate::panther::{Earlier, Outcome, Understood};
use crate::value::{EventId, Type, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// More matches are not kept.
const MOST: usize = 16_384;
/// Nor more bytes of alert contexts, of which each may have 200 KB.
const CONTEXTS: usize = 32 << 20;

/// The last run that came to its end.
#[derive(Default)]
pub(super) struct Again {
    /// What was understood of the body.
    understood: Option<Understood>,
    said: HashMap<EventId, Said>,
    /// The result's columns.
    columns: Vec<(String, Type)>,
}

/// A match of that run. It holds the event: another one at the same place is another one.
struct Said {
    event: Arc<EventJson>,
    outcome: Outcome,
    /// Whether no interpreter was asked.
    native: bool,
    context: Option<Arc<Json>>,
    entities: Arc<[Entity]>,
    row: Vec<Value>,
}

/// What was made of a match's alert context, and of its event.
pub(super) struct Made {
    pub context: Option<Arc<Json>>,
    pub entities: Arc<[Entity]>,
}

impl Again {
    /// Takes down a run: its matches, each with the row and with what was made of it.
    pub fn of(
        understood: Option<Understood>,
        columns: &[(String, Type)],
        matches: impl Iterator<Item = (Found, Made, Vec<Value>)>,
    ) -> Self {
        let mut left = CONTEXTS;
        let few = matches.take(MOST).map_while(|one| {
            left = left.checked_sub(context(&one.0.outcome).map_or(0, str::len))?;
            Some(one)
        });
        let said = few.map(|(found, made, row)| {
            let said = Said {
                event: found.event,
                outcome: found.outcome,
                native: found.native,
                context: made.context,
                entities: made.entities,
                row,
            };
            (found.id, said)
        });
        Self {
            understood,
            said: said.collect(),
            columns: columns.to_vec(),
        }
    }

    /// The functions that give the same now.
    pub fn unchanged(&self, understood: &Understood) -> Vec<&'static str> {
        let earlier = self.understood.as_ref();
        earlier.map_or_else(Vec::new, |earlier| understood.unchanged(earlier))
    }

    fn said(&self, id: EventId, event: &Arc<EventJson>) -> Option<&Said> {
        let said = self.said.get(&id)?;
        Arc::ptr_eq(&said.event, event).then_some(said)
    }

    /// What was said of an event, so far as it was understood.
    pub fn earlier<'a>(
        &'a self,
        id: EventId,
        event: &Arc<EventJson>,
        unchanged: &'a [&'static str],
    ) -> Option<Earlier<'a>> {
        let said = self.said(id, event).filter(|said| said.native)?;
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

    /// The cells of such a match behind the result's own columns, where there are the same columns as there were.
    pub fn cells(&self, found: &Found, columns: &[(String, Type)], own: usize) -> Option<&[Value]> {
        let same = self.columns == columns;
        self.same_context(found).filter(|_| same)?.row.get(own..)
    }

    fn same_context(&self, found: &Found) -> Option<&Said> {
        let said = self.said(found.id, &found.event)?;
        (context(&said.outcome) == context(&found.outcome)).then_some(said)
    }
}

fn context(outcome: &Outcome) -> Option<&str> {
    let text = outcome.alert_context.as_ref()?.as_ref();
    text.ok().map(String::as_str)
}
