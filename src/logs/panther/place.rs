//! The value at a path of one event, read from its raw text without building a tree.
//!
//! The text was read strictly when it was loaded, so it is one JSON object without repeated keys. Should it not be,
//! nothing is found, and whoever asks parses the event instead.

use super::Added;
use crate::event::EventJson;
use crate::event::scan::{blank as space, string_end, value_end};
use crate::logs::connectors::panther_key;
use serde_json::Value as Json;
use std::borrow::Cow;

/// What lies at a path. Numbers count the keys of the path, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place<'a> {
    /// Text of a value that is no object.
    Value(Cow<'a, [u8]>),
    /// A list that is not empty, and too long to be kept.
    LongList,
    /// An object, and whether it is empty.
    Object(bool),
    /// Everything before this key is there, the key is not.
    Missing(u8),
    /// This key would have to be looked up in something that is no object, and whether that is null.
    Blocked(u8, bool),
}

impl Place<'_> {
    /// The same, owning its text.
    pub fn kept(self) -> Place<'static> {
        match self {
            Place::Value(text) => Place::Value(Cow::Owned(text.into_owned())),
            Place::LongList => Place::LongList,
            Place::Object(empty) => Place::Object(empty),
            Place::Missing(key) => Place::Missing(key),
            Place::Blocked(key, is_null) => Place::Blocked(key, is_null),
        }
    }
}

/// A key of a path, and how keys are compared with it.
#[derive(Debug)]
pub(super) struct Key {
    text: String,
    lower: String,
}

impl Key {
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            lower: text.to_lowercase(),
        }
    }

    /// The same in lower case, as events compare keys.
    pub fn is_like(&self, name: &str) -> bool {
        if self.text.is_ascii() && name.is_ascii() {
            return name.eq_ignore_ascii_case(&self.text);
        }
        name.to_lowercase() == self.lower
    }
}

/// What lies at a path of an event whose raw text this is. None where the text is not what it should be.
pub(super) fn find<'a>(text: &'a [u8], path: &[Key], added: &Added) -> Option<Place<'a>> {
    let mut at: Cow<'a, [u8]> = Cow::Borrowed(text);
    for (depth, key) in path.iter().enumerate() {
        let depth = u8::try_from(depth).ok()?;
        let start = space(&at, 0);
        let first = *at.get(start)?;
        if first != b'{' {
            return Some(Place::Blocked(depth, first == b'n'));
        }
        let found = match &at {
            // Only what is added to the event itself is not borrowed from its text, and that is no object.
            Cow::Owned(_) => return None,
            Cow::Borrowed(object) if depth == 0 => in_event(object, start, key, added)?,
            Cow::Borrowed(object) => in_object(object, start, key)?.map(Cow::Borrowed),
        };
        match found {
            Some(value) => at = value,
            None => return Some(Place::Missing(depth)),
        }
    }
    let start = space(&at, 0);
    Some(if at.get(start) == Some(&b'{') {
        Place::Object(at.get(space(&at, start + 1)) == Some(&b'}'))
    } else {
        Place::Value(at)
    })
}

/// The same for an event that reads its own members.
pub(super) fn find_read(event: &EventJson, path: &[Key]) -> Option<Place<'static>> {
    let Some((first, path)) = path.split_first() else {
        return Some(Place::Object(event.json().as_object()?.is_empty()));
    };
    let Some(mut at) = event.member(&first.text) else {
        return Some(Place::Missing(0));
    };
    for (depth, key) in path.iter().enumerate().map(|(n, key)| (n + 1, key)) {
        let depth = u8::try_from(depth).ok()?;
        let Json::Object(members) = at else {
            return Some(Place::Blocked(depth, at.is_null()));
        };
        let like = || members.iter().find(|(name, _)| key.is_like(name));
        let found = members.get(&key.text).or_else(|| like().map(|(_, v)| v));
        match found {
            Some(value) => at = value,
            None => return Some(Place::Missing(depth)),
        }
    }
    Some(match at {
        Json::Object(members) => Place::Object(members.is_empty()),
        value => Place::Value(Cow::Owned(serde_json::to_vec(value).ok()?)),
    })
}

/// Members of an object, one after another.
struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    /// The next key, as it stands between its quotes, and where its value begins; `Some(None)` at the end.
    fn next_key(&mut self) -> Option<Option<(&'a [u8], usize)>> {
        self.at = space(self.text, self.at);
        match self.text.get(self.at)? {
            b'}' => return Some(None),
            b'"' => {}
            _ => return None,
        }
        let end = string_end(self.text, self.at)?;
        let key = self.text.get(self.at + 1..end - 1)?;
        let colon = space(self.text, end);
        if self.text.get(colon) != Some(&b':') {
            return None;
        }
        let value = space(self.text, colon + 1);
        self.at = value;
        Some(Some((key, value)))
    }

    /// Passes over the value and the comma behind it; gives the value.
    fn value(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        let end = value_end(self.text, start)?;
        self.at = space(self.text, end);
        if self.text.get(self.at) == Some(&b',') {
            self.at += 1;
        }
        self.text.get(start..end)
    }
}

/// The member of an object: the key as it stands, else the first that is the same in lower case.
/// The outer none is a text that is not what it should be.
fn in_object<'a>(text: &'a [u8], start: usize, key: &Key) -> Option<Option<&'a [u8]>> {
    let mut members = Members {
        text,
        at: start + 1,
    };
    let mut like = None;
    while let Some((name, _)) = members.next_key()? {
        let exact = name == key.text.as_bytes();
        let value = members.value()?;
        if exact && !name.contains(&b'\\') {
            return Some(Some(value));
        }
        if name.contains(&b'\\') {
            let name = unquoted(name)?;
            if name == key.text {
                return Some(Some(value));
            }
            if like.is_none() && key.is_like(&name) {
                like = Some(value);
            }
        } else if like.is_none()
            && (name.len() == key.text.len() || !name.is_ascii() || !key.text.is_ascii())
            && key.is_like(std::str::from_utf8(name).ok()?)
        {
            like = Some(value);
        }
    }
    Some(like)
}

/// The member of the event itself, where Panther's view has added members: behind all others the details under their
/// other name, and then `p_log_type`.
fn in_event<'a>(
    text: &'a [u8],
    start: usize,
    key: &Key,
    more: &Added,
) -> Option<Option<Cow<'a, [u8]>>> {
    let exact = |name: &str| exactly(text, start, name);
    if let Some(value) = exact(&key.text)? {
        return Some(Some(Cow::Borrowed(value)));
    }
    if more.names.iter().any(|name| key.is_like(name)) {
        // It may have to be made: the event itself knows.
        return None;
    }
    let name = match exact("type")? {
        Some([b'"', name @ .., b'"']) => unquoted(name)?,
        _ => String::new(),
    };
    let added = panther_key(&name);
    let details = |wanted: bool| -> Option<Option<&'a [u8]>> {
        if !wanted || exact(&added)?.is_some() {
            return Some(None);
        }
        exact(&name)
    };
    if let Some(value) = details(added == key.text)? {
        return Some(Some(Cow::Borrowed(value)));
    }
    let typed = || serde_json::to_vec(&more.log_type).ok().map(Cow::Owned);
    if key.text == "p_log_type" {
        return Some(Some(typed()?));
    }
    if let Some(value) = in_object(text, start, key)? {
        return Some(Some(Cow::Borrowed(value)));
    }
    if let Some(value) = details(key.is_like(&added))? {
        return Some(Some(Cow::Borrowed(value)));
    }
    if key.is_like("p_log_type") && exact("p_log_type")?.is_none() {
        return Some(Some(typed()?));
    }
    Some(None)
}

/// The member of exactly that key.
fn exactly<'a>(text: &'a [u8], start: usize, key: &str) -> Option<Option<&'a [u8]>> {
    let mut members = Members {
        text,
        at: start + 1,
    };
    while let Some((name, _)) = members.next_key()? {
        let value = members.value()?;
        let same = if name.contains(&b'\\') {
            unquoted(name)? == key
        } else {
            name == key.as_bytes()
        };
        if same {
            return Some(Some(value));
        }
    }
    Some(None)
}

/// The text of a string that stands between its quotes.
fn unquoted(inner: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(inner).ok()?;
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    serde_json::from_str(&format!("\"{text}\"")).ok()
}
