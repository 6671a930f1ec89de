//! Members that are read one by one.

use super::later::{Common, Later, Shared};
use super::same;
use serde_json::{Map, Value as Json};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The members of an object, not read yet, and those that were added to them.
#[derive(Debug)]
pub(super) struct Members {
    pub text: String,
    pub members: Vec<Member>,
    /// What it has in common with others, behind its own members, which come first where they have the name.
    pub others: Option<Others>,
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
pub(super) struct Member {
    pub name: Name,
    pub value: Value,
    /// What was read; null of what is made later and turns out not to be there.
    pub read: OnceLock<Box<Json>>,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    /// In the text.
    In(Span),
    /// It was added with its value.
    Given,
    Later(Later),
}

#[derive(Debug)]
pub(super) enum Name {
    In(Span),
    Added(Box<str>),
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
    pub fn name<'a>(&'a self, member: &'a Member) -> &'a str {
        match &member.name {
            Name::In(span) => self.text.get(span.range()).unwrap_or_default(),
            Name::Added(name) => name,
        }
    }

    fn own(&self, name: &str) -> Option<&Json> {
        let mut named = self.members.iter().filter(|m| self.name(m) == name);
        named.find_map(|member| self.read(member))
    }

    pub fn exact(&self, name: &str) -> Option<&Json> {
        self.own(name).or_else(|| self.other(|other| other == name))
    }

    pub fn find(&self, name: &str) -> Option<&Json> {
        let alike = || self.members.iter().filter(|m| same(self.name(m), name));
        self.exact(name)
            .or_else(|| alike().find_map(|member| self.read(member)))
            .or_else(|| self.other(|other| same(other, name)))
    }

    /// The text of a member of its own, where that stands there without an escape.
    pub fn plain(&self, name: &str) -> Option<&str> {
        let member = self.members.iter().find(|m| self.name(m) == name)?;
        let Value::In(span) = member.value else {
            return None;
        };
        let text = self.text.get(span.range())?;
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

    pub fn value(&self, member: &Member) -> Json {
        match &member.value {
            // The text was read before, so this does not fail.
            Value::In(span) => {
                let text = self.text.get(span.range());
                text.and_then(|text| serde_json::from_str(text).ok())
                    .unwrap_or(Json::Null)
            }
            Value::Given => Json::Null,
            Value::Later(later) => later.made(|key| self.exact(key)),
        }
    }

    /// The value; none of what is made later and is not there.
    pub fn read<'a>(&'a self, member: &'a Member) -> Option<&'a Json> {
        let read = &**member.read.get_or_init(|| Box::new(self.value(member)));
        let made = matches!(member.value, Value::Later(_));
        (!made || !read.is_null()).then_some(read)
    }

    pub fn whole(&self) -> Json {
        let mut whole = Map::with_capacity(self.members.len());
        for member in &self.members {
            let value = match member.read.get() {
                Some(value) => (**value).clone(),
                None => self.value(member),
            };
            if value.is_null() && matches!(member.value, Value::Later(_)) {
                continue;
            }
            whole.insert(self.name(member).to_owned(), value);
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
