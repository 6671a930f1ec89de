//! An event as a tree of JSON whose members are read when somebody looks at them: most events are turned away by one
//! look at one member.

use serde_json::{Map, Value as Json};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// An event: a JSON value that nobody changes.
#[derive(Debug, Default)]
pub struct EventJson {
    whole: OnceLock<Json>,
    /// Where it is read from; none where it was whole from the beginning.
    text: Option<Members>,
}

/// The members of an object, not read yet, and those that were added to them.
#[derive(Debug)]
struct Members {
    text: String,
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    name: Name,
    value: Value,
    /// What was read; null of what is made later and turns out not to be there.
    read: OnceLock<Box<Json>>,
}

#[derive(Clone, Debug)]
enum Value {
    /// In the text.
    In(Span),
    /// It was added with its value.
    Given,
    Later(Later),
}

/// A member that is made when somebody asks for it.
#[derive(Clone, Debug)]
pub enum Later {
    /// The list of the different texts at some paths of keys; no member where there is none.
    Texts(Arc<Vec<Vec<String>>>),
    /// What a function makes of a number.
    Of(i64, fn(i64) -> Json),
}

#[derive(Debug)]
enum Name {
    In(Span),
    Added(Box<str>),
}

/// Bytes of the text. Small, since every event has a dozen of them.
#[derive(Clone, Copy, Debug)]
struct Span(u32, u32);

impl Span {
    fn range(self) -> Range<usize> {
        self.0 as usize..self.1 as usize
    }

    /// None beyond 4 GB.
    fn of(range: Range<usize>) -> Option<Self> {
        let at = |n: usize| u32::try_from(n).ok();
        Some(Self(at(range.start)?, at(range.end)?))
    }
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
    /// given back where it cannot be read member by member (names with escapes or twice the same).
    ///
    /// # Errors
    /// The text.
    pub fn of_checked(text: String) -> Result<Self, String> {
        match members(&text) {
            Some(members) => Ok(Self {
                whole: OnceLock::new(),
                text: Some(Members { text, members }),
            }),
            None => Err(text),
        }
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

    /// Adds a member where there is none of that name. Not of an event that is shared or was looked at as a whole.
    pub fn add(&mut self, name: &str, value: impl FnOnce() -> Json) {
        if self.exact(name).is_some() {
            return;
        }
        match &mut self.text {
            Some(text) if self.whole.get().is_none() => text.members.push(Member {
                name: Name::Added(name.into()),
                value: Value::Given,
                read: OnceLock::from(Box::new(value())),
            }),
            _ => {
                if let Some(Json::Object(members)) = self.whole.get_mut() {
                    members.insert(name.to_owned(), value());
                }
            }
        }
    }

    /// Adds a member that is made when it is looked at, where there is none of that name.
    pub fn add_later(&mut self, name: &str, later: Later) {
        match &mut self.text {
            Some(text) if self.whole.get().is_none() => {
                if text.members.iter().all(|member| text.name(member) != name) {
                    text.members.push(Member {
                        name: Name::Added(name.into()),
                        value: Value::Later(later),
                        read: OnceLock::new(),
                    });
                }
            }
            _ => {
                let made = later.made(|key| self.exact(key));
                if !made.is_null() {
                    self.add(name, || made);
                }
            }
        }
    }

    /// Adds a member that has the value of another, where there is that one and none of the new name.
    pub fn add_same(&mut self, name: &str, other: &str) {
        match &mut self.text {
            Some(text) if self.whole.get().is_none() => {
                let named = |name: &str| text.members.iter().find(|m| text.name(m) == name);
                if named(name).is_none()
                    && let Some(Member { value, .. }) = named(other)
                    && let Value::In(_) = value
                {
                    let value = value.clone();
                    text.members.push(Member {
                        name: Name::Added(name.into()),
                        value,
                        read: OnceLock::new(),
                    });
                }
            }
            _ => {
                if let Some(value) = self.exact(other).cloned() {
                    self.add(name, || value);
                }
            }
        }
    }
}

impl Members {
    fn name<'a>(&'a self, member: &'a Member) -> &'a str {
        match &member.name {
            Name::In(span) => self.text.get(span.range()).unwrap_or_default(),
            Name::Added(name) => name,
        }
    }

    fn exact(&self, name: &str) -> Option<&Json> {
        let mut named = self.members.iter().filter(|m| self.name(m) == name);
        named.find_map(|member| self.read(member))
    }

    fn find(&self, name: &str) -> Option<&Json> {
        let alike = || self.members.iter().filter(|m| same(self.name(m), name));
        self.exact(name)
            .or_else(|| alike().find_map(|member| self.read(member)))
    }

    fn value(&self, member: &Member) -> Json {
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
    fn read<'a>(&'a self, member: &'a Member) -> Option<&'a Json> {
        let read = &**member.read.get_or_init(|| Box::new(self.value(member)));
        let made = matches!(member.value, Value::Later(_));
        (!made || !read.is_null()).then_some(read)
    }

    fn whole(&self) -> Json {
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

impl Later {
    /// The value, or null: `member` gives members of the event.
    fn made<'a>(&self, member: impl Fn(&str) -> Option<&'a Json>) -> Json {
        let paths = match self {
            Later::Of(number, make) => return make(*number),
            Later::Texts(paths) => paths,
        };
        let mut texts: Vec<&str> = Vec::new();
        for path in paths.iter() {
            let at = path.split_first().and_then(|(first, rest)| {
                rest.iter()
                    .try_fold(member(first)?, |value, key| value.get(key))
            });
            let text = at.and_then(Json::as_str).filter(|text| !text.is_empty());
            texts.extend(text.filter(|text| !texts.contains(text)));
        }
        match texts.is_empty() {
            true => Json::Null,
            false => texts.into(),
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

/// Where the members of an object stand. None where a name has an escape or comes twice, and for what is no object.
fn members(text: &str) -> Option<Vec<Member>> {
    let bytes = text.as_bytes();
    let mut at = blank(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at = blank(bytes, at + 1);
    let mut found: Vec<Member> = Vec::with_capacity(16);
    if bytes.get(at) == Some(&b'}') {
        return (blank(bytes, at + 1) == bytes.len()).then_some(found);
    }
    loop {
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let end = at + 1 + memchr::memchr2(b'"', b'\\', bytes.get(at + 1..)?)?;
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        let name = at + 1..end;
        at = blank(bytes, end + 1);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        let start = blank(bytes, at + 1);
        let end = value_end(bytes, start)?;
        let key = bytes.get(name.clone())?;
        let is_known = |member: &Member| match &member.name {
            Name::In(span) => bytes.get(span.range()) == Some(key),
            Name::Added(_) => false,
        };
        if end == start || found.iter().any(is_known) {
            return None;
        }
        found.push(Member {
            name: Name::In(Span::of(name)?),
            value: Value::In(Span::of(start..end)?),
            read: OnceLock::new(),
        });
        at = blank(bytes, end);
        match bytes.get(at)? {
            b',' => at = blank(bytes, at + 1),
            b'}' => return (blank(bytes, at + 1) == bytes.len()).then_some(found),
            _ => return None,
        }
    }
}

fn blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// Where a value ends that begins here, in text that is JSON.
fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some(at),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// Behind the quote that ends a string.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The keys as a person would write them down, each with the value that it has to give.
    fn look(event: &Json, key: &str) -> Option<Json> {
        let whole = EventJson::from(event.clone()).member(key).cloned();
        let read = EventJson::of_checked(event.to_string()).expect("an object");
        assert_eq!(read.member(key).cloned(), whole, "{event} {key}");
        whole
    }

    #[test]
    fn the_exact_key_wins_then_the_first_in_lower_case() {
        let event = json!({"type": 1, "Type": 2, "TYPE": 3, "größe": 4, "\u{212A}ey": 5});
        assert_eq!(look(&event, "TYPE"), Some(json!(3)));
        assert_eq!(look(&event, "tYPE"), Some(json!(1)));
        assert_eq!(look(&event, "GRÖSSE"), None);
        assert_eq!(look(&event, "GRÖßE"), Some(json!(4)));
        assert_eq!(look(&event, "KEY"), Some(json!(5)));
    }

    #[test]
    fn members_read_one_by_one_are_those_of_the_whole() {
        let texts = [
            r#"{}"#,
            " { } \n",
            r#"{"a":1}"#,
            r#" { "a" : [ 1 , {"b": "]}\"\\"} ] , "c":"x\\", "d":-1.5e3 ,"e":null,"f":{"g":{}}} "#,
            r#"{"ключ":"значение","":"","n":12345678901234567890,"r":0.1}"#,
            "{\"a\"\t:\r\n\"b\"\n}",
        ];
        for text in texts {
            let wanted: Json = serde_json::from_str(text).unwrap();
            let event = EventJson::of_checked(text.to_owned()).expect(text);
            for (name, value) in wanted.as_object().unwrap() {
                assert_eq!(event.exact(name), Some(value), "{text}");
            }
            assert_eq!(event.exact("no such"), None);
            assert_eq!(event.json(), &wanted, "{text}");
            let names: Vec<_> = event.json().as_object().unwrap().keys().collect();
            assert!(
                names
                    .iter()
                    .eq(&wanted.as_object().unwrap().keys().collect::<Vec<_>>())
            );
        }
    }

    #[test]
    fn what_cannot_be_read_member_by_member_is_given_back() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"\u0061":1}"#,
            "[1]",
            "\"x\"",
            "",
            "{",
            r#"{"a":1"#,
            r#"{"a":1} {"#,
            r#"{"a" 1}"#,
            r#"{"a":}"#,
        ] {
            let given = EventJson::of_checked(text.to_owned()).err();
            assert_eq!(given.as_deref(), Some(text));
        }
    }

    #[test]
    fn members_are_made_when_they_are_looked_at() {
        let text = r#"{"actor":{"email":"a@x","other":["b"]},"also":"a@x","p_time":1}"#;
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        let some = Arc::new(vec![
            path("actor.email"),
            path("also"),
            path("actor.other"),
            path("z"),
        ]);
        let none = Arc::new(vec![path("actor"), path("z.y")]);
        let mut read = EventJson::of_checked(text.to_owned()).unwrap();
        let mut whole = EventJson::from(serde_json::from_str::<Json>(text).unwrap());
        for event in [&mut read, &mut whole] {
            event.add_later("p_any", Later::Texts(Arc::clone(&some)));
            event.add_later("p_none", Later::Texts(Arc::clone(&none)));
            event.add_later("p_time", Later::Of(7, |n| json!(n)));
            event.add_later("p_seven", Later::Of(7, |n| json!(n)));
            assert_eq!(event.member("P_ANY"), Some(&json!(["a@x"])));
            assert_eq!(event.exact("p_none"), None);
            let mut wanted: Json = serde_json::from_str(text).unwrap();
            wanted["p_any"] = json!(["a@x"]);
            wanted["p_seven"] = json!(7);
            assert_eq!(event.json(), &wanted);
        }
    }

    #[test]
    fn members_are_added_where_there_are_none() {
        let text = r#"{"type":"x.y","x.y":{"id":1},"z":2}"#;
        let mut read = EventJson::of_checked(text.to_owned()).unwrap();
        let mut whole = EventJson::from(serde_json::from_str::<Json>(text).unwrap());
        for event in [&mut read, &mut whole] {
            event.add_same("x_y", "x.y");
            event.add_same("none", "no such");
            event.add_same("z", "x.y");
            event.add("z", || json!(3));
            event.add("p", || json!("P"));
            assert_eq!(event.member("X_Y"), Some(&json!({"id": 1})));
            let wanted =
                json!({"type": "x.y", "x.y": {"id": 1}, "z": 2, "x_y": {"id": 1}, "p": "P"});
            assert_eq!(event.json(), &wanted);
        }
    }
}
