//! Members that are read one by one.

use super::later::Later;
use super::same;
use serde_json::{Map, Value as Json};
use std::ops::Range;
use std::sync::OnceLock;

/// The members of an object, not read yet, and those that were added to them.
#[derive(Debug)]
pub(super) struct Members {
    pub text: String,
    pub members: Vec<Member>,
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

    pub fn exact(&self, name: &str) -> Option<&Json> {
        let mut named = self.members.iter().filter(|m| self.name(m) == name);
        named.find_map(|member| self.read(member))
    }

    pub fn find(&self, name: &str) -> Option<&Json> {
        let alike = || self.members.iter().filter(|m| same(self.name(m), name));
        self.exact(name)
            .or_else(|| alike().find_map(|member| self.read(member)))
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
        Json::Object(whole)
    }
}
