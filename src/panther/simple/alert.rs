//! What an alert of a simple detection is made of: title, context, grouping, severities.

use super::super::Exception;
use super::evaluate::{self, Dialect, Expression};
use super::path::Place;
use super::text::{json, text};
use crate::python::json_text;
use serde_json::Value as Json;

/// The keys beside `Detection:`.
#[derive(Clone, Debug, Default)]
pub(super) struct Alert {
    pub title: Option<Vec<Piece>>,
    pub context: Option<Vec<(String, Place)>>,
    pub group_by: Option<Vec<Place>>,
    pub severities: Vec<(String, Vec<Expression>)>,
}

/// A piece of `AlertTitle`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Place(Place),
}

const DIALECT: Dialect = Dialect::Detection;

impl Alert {
    /// The title with the event's values filled in.
    pub fn title(&self, event: &Json) -> Option<String> {
        let pieces = self.title.as_ref()?;
        Some(
            pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Place(place) => text(&value(place, event)),
                })
                .collect(),
        )
    }

    /// The context as JSON text.
    pub fn context(&self, event: &Json) -> Option<String> {
        let members: Vec<String> = self
            .context
            .as_ref()?
            .iter()
            .map(|(name, place)| format!("{}: {}", json_text(name), json(&value(place, event))))
            .collect();
        Some(format!("{{{}}}", members.join(", ")))
    }

    /// The text by which matches are taken together.
    pub fn dedup(&self, event: &Json) -> Option<String> {
        let places = self.group_by.as_ref()?;
        Some(match places.as_slice() {
            [one] => text(&value(one, event)),
            several => json(&Json::Array(
                several.iter().map(|place| value(place, event)).collect(),
            )),
        })
    }

    /// The severity of the first entry whose conditions hold.
    pub fn severity(&self, event: &Json) -> Result<Option<&str>, Exception> {
        for (severity, conditions) in &self.severities {
            if evaluate::all(conditions, event, DIALECT)? {
                return Ok(Some(severity));
            }
        }
        Ok(None)
    }
}

fn value(place: &Place, event: &Json) -> Json {
    place
        .find(event, DIALECT.case())
        .map_or(Json::Null, std::borrow::Cow::into_owned)
}
