//! The columns of a Panther rule's matches, which has no schema: title, severity, dedup and what the
//! alert contexts hold.

use crate::value::{Type, Value};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// The result's columns: title, severity, dedup, then the keys of the alert contexts as they are met.
pub(super) struct Columns {
    names: Vec<String>,
    /// The keys of the contexts, each with its column among those behind our own.
    keys: Vec<(String, usize)>,
    /// The one type that all values of such a column have; `dynamic` where they differ.
    types: Vec<Option<Type>>,
    empty: Arc<str>,
}

impl Columns {
    const OWN: [&'static str; 3] = ["title", "severity", "dedup"];

    pub(super) fn new() -> Self {
        Self {
            names: Self::OWN.map(str::to_owned).to_vec(),
            keys: Vec::new(),
            types: Vec::new(),
            empty: Arc::from(""),
        }
    }

    /// The column of a key. Contexts of one rule have their keys in the same order, most of the time.
    fn place(&self, key: &str, likely: usize) -> Option<usize> {
        let known = match self.keys.get(likely) {
            Some(known) if known.0 == key => Some(known),
            _ => self.keys.iter().find(|known| known.0 == key),
        };
        known.map(|(_, column)| *column)
    }

    /// The column of a key that is new: that of its name, which another key may have already.
    fn add(&mut self, key: &str) -> usize {
        let name = match Self::OWN.contains(&key) {
            true => format!("context.{key}"),
            false => key.to_owned(),
        };
        let mut names = self.names.iter().skip(Self::OWN.len());
        let column = names.position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.types.push(None);
            self.types.len() - 1
        });
        self.keys.push((key.to_owned(), column));
        column
    }

    /// Takes the keys and values of a context into account.
    pub(super) fn meet(&mut self, context: &Map<String, Json>) {
        for (likely, (key, value)) in context.iter().enumerate() {
            let known = self.place(key, likely);
            let at = known.unwrap_or_else(|| self.add(key));
            if let (Some(known), Some(ty)) = (self.types.get_mut(at), json_type(value)) {
                *known = Some(match *known {
                    Some(other) if other != ty => Type::Dynamic,
                    _ => ty,
                });
            }
        }
    }

    /// The names and types, once all contexts were met.
    pub(super) fn named(&self) -> Vec<(String, Type)> {
        let own = Self::OWN.map(|_| Type::String).into_iter();
        let types = own.chain(self.types.iter().map(|ty| ty.unwrap_or(Type::String)));
        self.names.iter().cloned().zip(types).collect()
    }

    /// The values of a match of which a row with the same context is known.
    pub(super) fn row_of(&self, own: [Option<&Arc<str>>; 3], known: &Arc<[Value]>) -> Arc<[Value]> {
        let own = own.map(|text| self.text(text));
        if known.starts_with(&own) {
            return Arc::clone(known);
        }
        let rest = known.iter().skip(own.len()).cloned();
        own.into_iter().chain(rest).collect()
    }

    fn text(&self, text: Option<&Arc<str>>) -> Value {
        match text {
            Some(text) if !text.is_empty() => Value::String(Arc::clone(text)),
            _ => Value::String(Arc::clone(&self.empty)),
        }
    }

    /// The values of a match.
    pub(super) fn row(
        &self,
        own: [Option<&Arc<str>>; 3],
        context: Option<&Map<String, Json>>,
    ) -> Arc<[Value]> {
        let absent = |ty: &Option<Type>| match ty {
            None | Some(Type::String) => self.text(None),
            Some(_) => Value::Null,
        };
        let mut row: Vec<Value> = Vec::with_capacity(self.names.len());
        row.extend(own.map(|text| self.text(text)));
        row.extend(self.types.iter().map(absent));
        let members = context.into_iter().flatten();
        for (likely, (key, value)) in members.enumerate() {
            if let Some(at) = self.place(key, likely)
                && let Some(cell) = row.get_mut(Self::OWN.len() + at)
                && let Some(Some(ty)) = self.types.get(at)
                && !value.is_null()
            {
                *cell = cell_of(value, *ty);
            }
        }
        row.into()
    }
}

fn json_type(value: &Json) -> Option<Type> {
    match value {
        Json::Null => None,
        Json::Bool(_) => Some(Type::Bool),
        Json::Number(n) if n.is_i64() => Some(Type::Long),
        Json::Number(_) => Some(Type::Real),
        Json::String(_) => Some(Type::String),
        Json::Array(_) | Json::Object(_) => Some(Type::Dynamic),
    }
}

/// A cell as a value of its column's type.
fn cell_of(json: &Json, ty: Type) -> Value {
    match (ty, json) {
        (Type::String, Json::String(s)) => Value::String(Arc::from(s.as_str())),
        (Type::Bool, Json::Bool(b)) => Value::Bool(*b),
        (Type::Long, Json::Number(n)) => n.as_i64().map_or(Value::Null, Value::Long),
        (Type::Real, Json::Number(n)) => n.as_f64().map_or(Value::Null, Value::Real),
        (_, other) => Value::Dynamic(Arc::new(other.clone())),
    }
}
