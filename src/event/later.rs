//! Members that are made of others.

use serde_json::Value as Json;
use std::sync::Arc;

/// A member that is made when somebody asks for it.
#[derive(Clone, Debug)]
pub enum Later {
    /// The list of the different texts at some paths of keys; no member where there is none.
    Texts(Arc<Vec<Vec<String>>>),
    /// What a function makes of a number.
    Of(i64, fn(i64) -> Json),
}

impl Later {
    /// The value, or null: `member` gives members of the event.
    pub(super) fn made<'a>(&self, member: impl Fn(&str) -> Option<&'a Json>) -> Json {
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

/// Members that many events have in common, for those that lack them.
pub type Common = Vec<(Box<str>, Shared)>;

/// A member that many events have.
#[derive(Clone, Debug)]
pub enum Shared {
    /// The same value in all of them.
    Is(Json),
    /// Made of the event's own number, where it has one.
    OfNumber(fn(i64) -> Json),
    /// As [`Later::Texts`].
    Texts(Arc<Vec<Vec<String>>>),
}
