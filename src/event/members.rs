//! Members that are read one by one.

use super::later::{Common, Later, Shared};
use super::same;
use super::scan::slots;
use serde_json::{Map, Value as Json};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The members of an object, not read yet, and those that were added to them.
#[derive(Debug, Default)]
pub(super) struct Members {
    text: String,
    /// Those of the text, in its order.
    own: Vec<Slot>,
    /// What was read of them, in the same order, once there is anything.
    read: OnceLock<Box<[OnceLock<Json>]>>,
    added: Vec<Added>,
    /// What it has in common with others, behind its own members, which come first where they have the name.
    pub others: Option<Others>,
}

/// Where a member stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub name: Span,
    pub value: Span,
}

/// Members that are kept once for many events.
#[derive(Debug)]
pub(super) struct Others {
    pub common: Arc<Common>,
    pub number: Option<i64>,
    /// What was made of them, once there is anything; null of what turns out not to be there.
    pub made: OnceLock<Box<[OnceLock<Json>]>>,
}

#[derive(Debug)]
struct Added {
    name: Box<str>,
    value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    /// That of a member of the text.
    Same(usize),
    Given(Json),
    /// Made when it is looked at; null of what turns out not to be there.
    Later(Later, OnceLock<Json>),
}

/// Bytes of the text. Small, since every event has a dozen of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span(pub u32, pub u32);

impl Span {
    pub fn range(self) -> Range<usize> {
        self.0 as usize..self.1 as usize
    }

    /// None beyond 4 GB.
    pub fn of(range: Range<usize>) -> Option<Self> {
        let at = |n: usize| u32::try_from(n).ok();
        Some(Self(at(range.start)?, at(range.end)?))
    }
}

impl Members {
    /// Those of an object in a text that is JSON.
    ///
    /// # Errors
    /// The text, where it cannot be read member by member.
    pub fn of(text: String) -> Result<Self, String> {
        match slots(&text) {
            Some(own) => Ok(Self {
                text,
                own,
                ..Self::default()
            }),
            None => Err(text),
        }
    }

    fn part(&self, span: Span) -> &[u8] {
        let bytes = self.text.as_bytes();
        bytes.get(span.range()).unwrap_or_default()
    }

    fn name(&self, slot: &Slot) -> &str {
        self.text.get(slot.name.range()).unwrap_or_default()
    }

    /// The place of a member of the text.
    fn place(&self, name: &str) -> Option<usize> {
        let is = |slot: &Slot| self.part(slot.name) == name.as_bytes();
        self.own.iter().position(is)
    }

    fn has(&self, name: &str) -> bool {
        self.place(name).is_some() || self.added.iter().any(|added| *added.name == *name)
    }

    /// Adds a member, where there is none of that name.
    pub fn add(&mut self, name: &str, value: impl FnOnce() -> Value) {
        if !self.has(name) {
            self.added.push(Added {
                name: name.into(),
                value: value(),
            });
        }
    }

    /// Adds a member that has the value of one of the text, where there is that one and none of the new name.
    pub fn add_same(&mut self, name: &str, other: &str) {
        if let Some(at) = self.place(other) {
            self.add(name, || Value::Same(at));
        }
    }

    /// A member that is not one of the common ones.
    fn own(&self, name: &str) -> Option<&Json> {
        if let Some(at) = self.place(name) {
            return self.read(at);
        }
        let added = self.added.iter().find(|added| *added.name == *name)?;
        self.value(&added.value)
    }

    pub fn exact(&self, name: &str) -> Option<&Json> {
        self.own(name).or_else(|| self.other(|other| other == name))
    }

    pub fn find(&self, name: &str) -> Option<&Json> {
        let own = || self.own.iter().position(|slot| same(self.name(slot), name));
        let added = || {
            let mut alike = self.added.iter().filter(|added| same(&added.name, name));
            alike.find_map(|added| self.value(&added.value))
        };
        self.exact(name)
            .or_else(|| own().and_then(|at| self.read(at)))
            .or_else(added)
            .or_else(|| self.other(|other| same(other, name)))
    }

    /// The text of a member of its own, where that stands there without an escape.
    pub fn plain(&self, name: &str) -> Option<&str> {
        let slot = self.own.get(self.place(name)?)?;
        let text = self.text.get(slot.value.range())?;
        let text = text.strip_prefix('"')?.strip_suffix('"')?;
        memchr::memchr(b'\\', text.as_bytes())
            .is_none()
            .then_some(text)
    }

    /// The first of the common members that is there.
    fn other(&self, is: impl Fn(&str) -> bool) -> Option<&Json> {
        let others = self.others.as_ref()?;
        let named = others
            .common
            .iter()
            .enumerate()
            .filter(|(_, (name, _))| is(name));
        named
            .into_iter()
            .find_map(|(at, (_, shared))| self.shared(others, at, shared))
    }

    fn shared<'a>(&'a self, others: &'a Others, at: usize, shared: &'a Shared) -> Option<&'a Json> {
        let make: &dyn Fn() -> Json = match shared {
            Shared::Is(value) => return Some(value),
            Shared::OfNumber(make) => {
                let number = others.number?;
                &move || make(number)
            }
            Shared::Texts(paths) => &|| {
                let given = |key: &str| {
                    // One of these that asks for another would wait for itself.
                    let is = |(name, shared): &&(Box<str>, Shared)| {
                        **name == *key && matches!(shared, Shared::Is(_))
                    };
                    let common = || others.common.iter().find(is);
                    self.own(key).or_else(|| match common() {
                        Some((_, Shared::Is(value))) => Some(value),
                        _ => None,
                    })
                };
                Later::Texts(Arc::clone(paths)).made(given)
            },
        };
        let cells = others.made.get_or_init(|| {
            let cells = others.common.iter().map(|_| OnceLock::new());
            cells.collect()
        });
        let made = cells.get(at)?.get_or_init(make);
        (!made.is_null()).then_some(made)
    }

    /// The value of a member of the text, which was read before, so that this does not fail.
    fn parsed(&self, at: usize) -> Json {
        let span = self.own.get(at).map(|slot| slot.value);
        let text = span.and_then(|span| self.text.get(span.range()));
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(Json::Null)
    }

    fn read(&self, at: usize) -> Option<&Json> {
        let cells = self.read.get_or_init(|| {
            let cells = self.own.iter().map(|_| OnceLock::new());
            cells.collect()
        });
        Some(cells.get(at)?.get_or_init(|| self.parsed(at)))
    }

    /// The value of what was added; none of what is made later and is not there.
    fn value<'a>(&'a self, value: &'a Value) -> Option<&'a Json> {
        match value {
            Value::Same(at) => self.read(*at),
            Value::Given(value) => Some(value),
            Value::Later(later, made) => {
                let made = made.get_or_init(|| later.made(|key| self.exact(key)));
                (!made.is_null()).then_some(made)
            }
        }
    }

    pub fn whole(&self) -> Json {
        let mut whole = Map::with_capacity(self.own.len() + self.added.len());
        let known = |at: usize| self.read.get()?.get(at)?.get().cloned();
        let of_text = |at: usize| known(at).unwrap_or_else(|| self.parsed(at));
        for (at, slot) in self.own.iter().enumerate() {
            whole.insert(self.name(slot).to_owned(), of_text(at));
        }
        for added in &self.added {
            let value = match &added.value {
                Value::Same(at) => Some(of_text(*at)),
                value => self.value(value).cloned(),
            };
            if let Some(value) = value {
                whole.insert(added.name.to_string(), value);
            }
        }
        if let Some(others) = &self.others {
            for (at, (name, shared)) in others.common.iter().enumerate() {
                if !whole.contains_key(&**name)
                    && let Some(value) = self.shared(others, at, shared)
                {
                    whole.insert(name.to_string(), value.clone());
                }
            }
        }
        Json::Object(whole)
    }
}
