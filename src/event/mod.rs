//! An event as a tree of JSON whose members are read when somebody looks at them: most events are turned away by one
//! look at one member.

mod bits;
mod later;
mod members;
pub(crate) mod scan;
#[cfg(test)]
mod tests;

pub use later::{Common, Later, Shared};

use members::{Members, Others, Value};
use serde_json::{Map, Value as Json};
use std::sync::{Arc, OnceLock};

/// An event: a JSON value that nobody changes.
#[derive(Debug, Default)]
pub struct EventJson {
    whole: OnceLock<Json>,
    /// Where it is read from; none where it was whole from the beginning.
    text: Option<Members>,
}

impl From<Json> for EventJson {
    fn from(json: Json) -> Self {
        Self {
            whole: OnceLock::from(json),
            text: None,
        }
    }
}

impl PartialEq for EventJson {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl EventJson {
    /// The event of a text that was read as JSON before, as an object: of other text it holds anything. The text is
    /// given back where it cannot be read member by member (names with escapes or twice the same, hundreds of them).
    ///
    /// # Errors
    /// The text.
    pub fn of_checked(text: String) -> Result<Self, String> {
        Ok(Self {
            whole: OnceLock::new(),
            text: Some(Members::of(text)?),
        })
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        self.text.is_some() || self.json().is_object()
    }

    /// The whole event.
    pub fn json(&self) -> &Json {
        self.whole.get_or_init(|| match &self.text {
            Some(text) => text.whole(),
            None => Json::Null,
        })
    }

    /// A member of the object as an event looks it up: exactly, else the first that is the same in lower case.
    pub fn member(&self, name: &str) -> Option<&Json> {
        if let (None, Some(text)) = (self.whole.get(), &self.text) {
            return text.find(name);
        }
        find(self.json().as_object()?, name)
    }

    /// A member of the object, the name as it stands.
    pub fn exact(&self, name: &str) -> Option<&Json> {
        if let (None, Some(text)) = (self.whole.get(), &self.text) {
            return text.exact(name);
        }
        self.json().as_object()?.get(name)
    }

    /// The text of a member, the name as it stands, where it can be had without reading the member. None says nothing.
    pub fn plain(&self, name: &str) -> Option<&str> {
        match &self.text {
            Some(text) if self.whole.get().is_none() => text.plain(name),
            _ => None,
        }
    }

    /// Adds members, each where there is none of that name; `number` is what some of them are made of. To be called
    /// once, after all other additions.
    pub fn add_common(&mut self, common: &Arc<Common>, number: Option<i64>) {
        if let (None, Some(text)) = (self.whole.get(), &mut self.text) {
            text.others = Some(Others {
                common: Arc::clone(common),
                number,
                made: OnceLock::new(),
            });
            return;
        }
        for (name, shared) in common.iter() {
            match (shared, number) {
                (Shared::Is(value), _) => self.add(name, || value.clone()),
                (Shared::OfNumber(make), Some(number)) => self.add(name, || make(number)),
                (Shared::OfNumber(_), None) => {}
                (Shared::Texts(paths), _) => self.add_later(name, Later::Texts(Arc::clone(paths))),
            }
        }
    }

    /// Adds a member where there is none of that name. Not of an event that is shared or was looked at as a whole.
    pub fn add(&mut self, name: &str, value: impl FnOnce() -> Json) {
        if let (None, Some(text)) = (self.whole.get(), &mut self.text) {
            return text.add(name, || Value::Given(value()));
        }
        if let Some(Json::Object(members)) = self.whole.get_mut()
            && !members.contains_key(name)
        {
            members.insert(name.to_owned(), value());
        }
    }

    /// Adds a member that is made when it is looked at, where there is none of that name.
    pub fn add_later(&mut self, name: &str, later: Later) {
        if let (None, Some(text)) = (self.whole.get(), &mut self.text) {
            return text.add(name, || Value::Later(later, OnceLock::new()));
        }
        let made = later.made(|key| self.exact(key));
        if !made.is_null() {
            self.add(name, || made);
        }
    }

    /// Adds a member that has the value of another, where there is that one and none of the new name.
    pub fn add_same(&mut self, name: &str, other: &str) {
        if let (None, Some(text)) = (self.whole.get(), &mut self.text) {
            return text.add_same(name, other);
        }
        if let Some(value) = self.exact(other).cloned() {
            self.add(name, || value);
        }
    }
}

/// Members of an object that are looked at one by one.
const FEW: usize = 12;

/// Looks a key up as an event does: exactly, then without regard to case, in the order of the keys.
pub fn find<'a>(object: &'a Map<String, Json>, key: &str) -> Option<&'a Json> {
    // A hash costs more than a look at a few names.
    let exact = match object.len() <= FEW {
        true => object.iter().find(|(name, _)| *name == key).map(|(_, v)| v),
        false => object.get(key),
    };
    exact.or_else(|| {
        let found = object.iter().find(|(name, _)| same(name, key));
        found.map(|(_, value)| value)
    })
}

/// Whether two keys are the same in lower case.
fn same(name: &str, key: &str) -> bool {
    // A name beyond ASCII can still be the same as one of ASCII (KELVIN SIGN), so then both are written out.
    match name.is_ascii() && key.is_ascii() {
        true => name.eq_ignore_ascii_case(key),
        false => name.to_lowercase() == key.to_lowercase(),
    }
}
