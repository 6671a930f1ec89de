//! Loaded events as a Panther body sees them: which keys they have and what stands there.

use crate::logs::Dataset;
use crate::value::Value;
use crate::value::path::Step;
use crate::value::profile::{Limits, Paths};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A key of events and what stands there.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPath {
    /// The steps from the event.
    pub steps: Vec<Step>,
    /// The kind of most of its values, such as `string`.
    pub kind: &'static str,
    /// In how many of so many events it is there.
    pub share: (usize, usize),
    /// Some values, the most frequent first.
    pub samples: Vec<String>,
}

impl EventPath {
    /// The keys joined by dots; none where it goes through a list.
    pub fn dotted(&self) -> Option<String> {
        let keys: Option<Vec<&str>> = self.steps.iter().map(key).collect();
        Some(keys?.join(".")).filter(|path| !path.is_empty())
    }

    /// The key below a path of keys; none where it is not right below it. Lists on the way are passed through.
    pub fn below(&self, path: &[String]) -> Option<&str> {
        let mut keys = self.steps.iter().filter_map(key);
        for step in path {
            let own = keys.next()?;
            if !own.eq_ignore_ascii_case(step) {
                return None;
            }
        }
        let last = keys.next()?;
        let is_key = matches!(self.steps.last(), Some(Step::Key(_)));
        (is_key && keys.next().is_none()).then_some(last)
    }

    /// How often it is there and some values, in words.
    pub fn about(&self) -> String {
        let (filled, rows) = self.share;
        let mut text = match rows {
            0 => String::new(),
            _ if filled == rows => "In every loaded event.".to_owned(),
            _ => format!("In {filled} of {rows} loaded events."),
        };
        if !self.samples.is_empty() {
            let samples: Vec<&str> = self.samples.iter().take(4).map(String::as_str).collect();
            text.push_str(&format!(" Such as {}.", samples.join(", ")));
        }
        text.trim().to_owned()
    }
}

fn key(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Each => None,
    }
}

/// Says which events are loaded. Asked while a person types: an answer should take a few milliseconds at most.
pub trait Events: Sync {
    /// The log types with events.
    fn log_types(&self) -> Vec<String>;
    /// The keys of the events of a log type, an object before what it holds.
    fn paths(&self, log_type: &str) -> Arc<Vec<EventPath>>;
    /// An event of a log type, as it was logged.
    fn event(&self, log_type: &str) -> Option<Json>;
}

/// No events are loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEvents;

impl Events for NoEvents {
    fn log_types(&self) -> Vec<String> {
        Vec::new()
    }

    fn paths(&self, _: &str) -> Arc<Vec<EventPath>> {
        Arc::default()
    }

    fn event(&self, _: &str) -> Option<Json> {
        None
    }
}

/// Most events of a log type that are looked at.
const EVENTS: usize = 600;
/// Longest sample, in characters.
const LONGEST: usize = 60;
/// Most samples of a path.
const SAMPLES: usize = 8;

/// The events of a dataset; each log type is looked at once, when somebody asks.
pub struct Sampled {
    data: Arc<Dataset>,
    seen: Mutex<HashMap<String, Arc<Vec<EventPath>>>>,
}

impl Sampled {
    /// Looks at nothing yet.
    pub fn new(data: Arc<Dataset>) -> Self {
        Self {
            data,
            seen: Mutex::default(),
        }
    }

    /// The logs.
    pub fn data(&self) -> &Arc<Dataset> {
        &self.data
    }

    fn look(&self, log_type: &str) -> Vec<EventPath> {
        let view = self.data.panther_events(log_type);
        let step = view.len().div_ceil(EVENTS).max(1);
        let limits = Limits {
            distinct: 500,
            top: SAMPLES,
            ..Limits::default()
        };
        let mut paths = Paths::new(limits);
        for at in (0..view.len()).step_by(step) {
            match view.passing(at) {
                Ok(event) => paths.add(event.json(), 1),
                // Its file has changed: nothing is offered of it.
                Err(_) => paths.rows(1),
            }
        }
        let (found, _) = paths.finish();
        let made = found.into_iter().map(|path| EventPath {
            kind: path.kinds.first().map_or("", |(kind, _)| kind.name()),
            share: (path.values.filled, path.values.rows),
            samples: path
                .values
                .top
                .iter()
                .map(|(value, _)| match value {
                    // A text stands without the quotes of JSON.
                    Value::Dynamic(json) => match json.as_ref() {
                        Json::String(text) => text.clone(),
                        _ => value.display(),
                    },
                    _ => value.display(),
                })
                .filter(|text| !text.is_empty() && text.chars().count() <= LONGEST)
                .collect(),
            steps: path.steps,
        });
        made.collect()
    }
}

impl Events for Sampled {
    fn log_types(&self) -> Vec<String> {
        self.data.log_types()
    }

    fn paths(&self, log_type: &str) -> Arc<Vec<EventPath>> {
        let lock = || self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(log_type) {
            return Arc::clone(found);
        }
        let made = Arc::new(self.look(log_type));
        lock().insert(log_type.to_owned(), Arc::clone(&made));
        made
    }

    fn event(&self, log_type: &str) -> Option<Json> {
        let view = self.data.panther_events(log_type);
        let middle = view.len() / 2;
        Some(view.passing(middle).ok()?.json().clone())
    }
}
