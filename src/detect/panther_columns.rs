//! The columns of a Panther rule's matches, which has no schema: title, severity, dedup and what the
//! alert contexts hold.

use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// The result's columns: title, severity, dedup, then the keys of the alert contexts as they are met.
pub(super) struct Columns {
    pub(super) names: Vec<String>,
}

impl Columns {
    const OWN: [&'static str; 3] = ["title", "severity", "dedup"];

    pub(super) fn new() -> Self {
        Self {
            names: Self::OWN.map(str::to_owned).to_vec(),
        }
    }

    /// Puts the values of a context into the cells of a row.
    pub(super) fn fill(&mut self, cells: &mut Vec<Json>, context: &serde_json::Map<String, Json>) {
        for (key, value) in context {
            let name = if Self::OWN.contains(&key.as_str()) {
                format!("context.{key}")
            } else {
                key.clone()
            };
            let at = match self.names.iter().position(|n| *n == name) {
                Some(at) => at,
                None => {
                    self.names.push(name);
                    self.names.len() - 1
                }
            };
            if cells.len() <= at {
                cells.resize(at + 1, Json::Null);
            }
            if let Some(cell) = cells.get_mut(at) {
                *cell = value.clone();
            }
        }
    }

    /// The one type that all values of a column have; `dynamic` where they differ.
    pub(super) fn types<'a>(&self, rows: impl Iterator<Item = &'a [Json]>) -> Vec<Type> {
        let mut types: Vec<Option<Type>> = vec![None; self.names.len()];
        for row in rows {
            for (known, cell) in types.iter_mut().zip(row) {
                let Some(ty) = json_type(cell) else { continue };
                *known = Some(match *known {
                    None => ty,
                    Some(same) if same == ty => ty,
                    Some(_) => Type::Dynamic,
                });
            }
        }
        types
            .into_iter()
            .map(|t| t.unwrap_or(Type::String))
            .collect()
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
pub(super) fn value(json: Json, ty: Type) -> Value {
    match (ty, json) {
        (Type::String, Json::Null) => Value::String(Arc::from("")),
        (_, Json::Null) => Value::Null,
        (Type::String, Json::String(s)) => Value::String(Arc::from(s)),
        (Type::Bool, Json::Bool(b)) => Value::Bool(b),
        (Type::Long, Json::Number(n)) => n.as_i64().map_or(Value::Null, Value::Long),
        (Type::Real, Json::Number(n)) => n.as_f64().map_or(Value::Null, Value::Real),
        (_, other) => Value::Dynamic(Arc::new(other)),
    }
}
