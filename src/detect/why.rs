//! Why a Panther rule without Python matches an event, or does not: what each of its expressions found and said.

use super::{Body, Rule};
use crate::logs::Dataset;
use crate::panther::Matcher;
use crate::panther::simple::Explained;
use crate::value::EventId;

/// What a rule's expressions say of an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// Whether the rule matches the event; what it raises where it cannot say.
    pub matches: Option<Result<bool, String>>,
    /// `InlineFilters`, in the order of the text.
    pub filters: Vec<Explained>,
    /// `Detection`; not asked where the filters leave the event out.
    pub detection: Vec<Explained>,
}

/// Asks a rule about one event of the data. None where the rule has no expressions, or does not look at such events.
/// The spans are in the rule's YAML text.
pub fn why(rule: &Rule, data: &Dataset, event: EventId) -> Option<Why> {
    let Body::Panther(panther, _) = &rule.body else {
        return None;
    };
    let detection = match &panther.matcher {
        Matcher::Simple(Some(detection)) => Some(detection),
        _ => None,
    };
    if detection.is_none() && panther.filters.is_none() {
        return None;
    }
    let json = panther.log_types.iter().find_map(|log_type| {
        let view = data.panther_events(log_type);
        let at = (0..view.len()).find(|at| view.id(*at) == Some(event))?;
        Some(view.event(at))
    })?;
    let json = match json {
        Ok(json) => json,
        Err(reason) => {
            return Some(Why {
                matches: Some(Err(reason)),
                ..Why::default()
            });
        }
    };
    let mut why = Why::default();
    if let Some(filters) = &panther.filters {
        why.filters = filters.explain(json.json());
        match filters.keeps(json.json()) {
            Ok(true) => {}
            Ok(false) => {
                why.matches = Some(Ok(false));
                return Some(why);
            }
            Err(exception) => {
                why.matches = Some(Err(exception.text));
                return Some(why);
            }
        }
    }
    if let Some(detection) = detection {
        why.detection = detection.explain(json.json());
        why.matches = Some(detection.matches(json.json()).map_err(|e| e.text));
    }
    Some(why)
}
