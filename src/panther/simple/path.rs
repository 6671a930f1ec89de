//! Where in an event a match expression looks: `Key`, `DeepKey`, `KeyPath`.

use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// One step into a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A member of an object.
    Name(String),
    /// An item of a list; from the end where negative.
    Item(i64),
    /// Every item of a list: what follows is looked up in each, and what is null or missing is left out.
    Each,
}

/// Whether `Source` and `source` are the same key. An event's own look-up takes the exact key first and then
/// any that is the same in lower case; the platform's filters take the exact one only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Folds,
    Exact,
}

/// A place in an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// As the author wrote it.
    pub text: String,
    pub parts: Vec<Part>,
}

/// Parts of one path: more than this is no path that a person wrote.
const MAX_PARTS: usize = 64;

impl Place {
    /// A place of one key, taken as it stands.
    pub fn key(name: &str) -> Self {
        Self {
            text: name.to_owned(),
            parts: vec![Part::Name(name.to_owned())],
        }
    }

    /// A place by its parts.
    pub fn deep(parts: Vec<Part>) -> Self {
        let mut text = String::new();
        for part in &parts {
            match part {
                Part::Name(name) if text.is_empty() => text.push_str(name),
                Part::Name(name) => {
                    text.push('.');
                    text.push_str(name);
                }
                Part::Item(at) => text.push_str(&format!("[{at}]")),
                Part::Each => text.push_str("[*]"),
            }
        }
        Self { text, parts }
    }

    /// Reads a path such as `a.b[0].c`, `a[*].b` or `a."x.y"`.
    ///
    /// # Errors
    /// The byte at which it is no path, and why.
    pub fn read(text: &str) -> Result<Self, (usize, String)> {
        let parts = Reader { text, at: 0 }.parts()?;
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// The value there; none where there is nothing, which is not the same as null.
    pub fn find<'a>(&self, event: &'a Json, case: Case) -> Option<Cow<'a, Json>> {
        find(event, &self.parts, case)
    }
}

fn find<'a>(value: &'a Json, parts: &[Part], case: Case) -> Option<Cow<'a, Json>> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(Cow::Borrowed(value));
    };
    match part {
        Part::Name(name) => find(member(value.as_object()?, name, case)?, rest, case),
        Part::Item(at) => {
            let list = value.as_array()?;
            let at = if *at < 0 {
                list.len()
                    .checked_sub(usize::try_from(at.unsigned_abs()).ok()?)?
            } else {
                usize::try_from(*at).ok()?
            };
            find(list.get(at)?, rest, case)
        }
        Part::Each => Some(Cow::Owned(Json::Array(
            value
                .as_array()?
                .iter()
                .filter_map(|item| find(item, rest, case))
                .filter(|found| !found.is_null())
                .map(Cow::into_owned)
                .collect(),
        ))),
    }
}

/// Looks a key up.
pub(super) fn member<'a>(object: &'a Map<String, Json>, key: &str, case: Case) -> Option<&'a Json> {
    match case {
        Case::Exact => object.get(key),
        _ => crate::event::find(object, key),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn parts(mut self) -> Result<Vec<Part>, (usize, String)> {
        let mut parts = vec![self.name()?];
        while let Some(next) = self.peek() {
            match next {
                '.' => {
                    self.at += 1;
                    parts.push(self.name()?);
                }
                '[' => {
                    self.at += 1;
                    parts.push(self.brackets()?);
                }
                _ => return self.wrong("write `.` or `[` between the parts of a path"),
            }
            if parts.len() > MAX_PARTS {
                return self.wrong("a path has at most 64 parts");
            }
        }
        Ok(parts)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn wrong<T>(&self, why: &str) -> Result<T, (usize, String)> {
        Err((self.at, why.to_owned()))
    }

    fn name(&mut self) -> Result<Part, (usize, String)> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let rest = self.rest();
        let end = rest.find(['.', '[', ']', '"']).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or("");
        if name.is_empty() {
            return self.wrong("the name of a key is missing here");
        }
        if name.trim() != name {
            return self.wrong("take away the space around the key");
        }
        if let Some(odd) = name.find(['*', '?', '|', '(', ')', '{', '}', '`', '\'', '&', ',']) {
            self.at += odd;
            return self.wrong(
                "a path has keys, [number] and [*]; put a key with other signs into \"quotes\"",
            );
        }
        let name = name.to_owned();
        self.at += end;
        Ok(Part::Name(name))
    }

    fn quoted(&mut self) -> Result<Part, (usize, String)> {
        let rest = self.rest();
        let inside = rest.get(1..).unwrap_or("");
        match inside.find('"') {
            Some(0) => self.wrong("the name of a key is missing here"),
            Some(end) => {
                let name = inside.get(..end).unwrap_or("").to_owned();
                self.at += end + 2;
                Ok(Part::Name(name))
            }
            None => self.wrong("the quote is not closed"),
        }
    }

    fn brackets(&mut self) -> Result<Part, (usize, String)> {
        let rest = self.rest();
        let Some(end) = rest.find(']') else {
            return self.wrong("the bracket is not closed");
        };
        let inside = rest.get(..end).unwrap_or("");
        let part = if inside == "*" {
            Part::Each
        } else if let Ok(at) = inside.parse::<i64>()
            && !inside.starts_with('+')
        {
            Part::Item(at)
        } else {
            return self.wrong("write a whole number or * into the brackets");
        };
        self.at += end + 1;
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(path: &str, event: Json) -> Option<Json> {
        Place::read(path)
            .unwrap_or_else(|e| panic!("{path}: {e:?}"))
            .find(&event, Case::Folds)
            .map(Cow::into_owned)
    }

    #[test]
    fn paths_lead_into_objects_and_lists() {
        assert_eq!(
            at("a.b[0].c", json!({"a": {"b": [{"c": 1}]}})),
            Some(json!(1))
        );
        assert_eq!(at("a[-1]", json!({"a": [1, 2]})), Some(json!(2)));
        assert_eq!(at("a[-3]", json!({"a": [1, 2]})), None);
        assert_eq!(at("a[2]", json!({"a": [1, 2]})), None);
        assert_eq!(at("a[0]", json!({"a": "text"})), None);
        assert_eq!(at("a.b", json!({"a": null})), None);
        assert_eq!(at("a", json!({"a": null})), Some(Json::Null));
        assert_eq!(at("a.\"x.y\"", json!({"a": {"x.y": 1}})), Some(json!(1)));
        assert_eq!(at("user-agent", json!({"user-agent": 1})), Some(json!(1)));
    }

    #[test]
    fn every_item_is_looked_into() {
        let event = json!({"a": [{"b": 1}, {"c": 2}, {"b": null}, {"b": 3}]});
        assert_eq!(at("a[*].b", event), Some(json!([1, 3])));
        assert_eq!(at("a[*].b", json!({"a": {"b": 1}})), None);
        assert_eq!(
            at("a[*].b[*]", json!({"a": [{"b": [1, 2]}, {"b": [3]}]})),
            Some(json!([[1, 2], [3]]))
        );
    }

    #[test]
    fn keys_are_found_without_regard_to_case() {
        assert_eq!(at("EVENTNAME", json!({"eventName": 1})), Some(json!(1)));
        assert_eq!(at("a", json!({"A": 1, "a": 2})), Some(json!(2)));
        let exact = Place::key("A")
            .find(&json!({"a": 1}), Case::Exact)
            .is_none();
        assert!(exact);
    }

    #[test]
    fn what_is_no_path_is_said_with_its_place() {
        let wrong = |path: &str| Place::read(path).map_err(|(at, _)| at);
        assert_eq!(wrong(""), Err(0));
        assert_eq!(wrong("a..b"), Err(2));
        assert_eq!(wrong("a."), Err(2));
        assert_eq!(wrong("a[x]"), Err(2));
        assert_eq!(wrong("a[0"), Err(2));
        assert_eq!(wrong("a[0]b"), Err(4));
        assert_eq!(wrong("a[?b]"), Err(2));
        assert_eq!(wrong("length(a)"), Err(6));
        assert_eq!(wrong("a.\"b"), Err(2));
        // Behind the 65th part: 64 times `a.`, and `a`.
        assert_eq!(wrong(&"a.".repeat(100)).map(|_| ()), Err(129));
    }
}
