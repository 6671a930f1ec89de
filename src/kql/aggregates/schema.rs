//! `buildschema()`: the least schema that fits all dynamic values of a group.

use super::Aggregate;
use crate::kql::functions::Param;
use crate::value::{ColumnBuilder, Type, Value};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// Deepest nesting that is described.
const DEEPEST: usize = 100;

/// What values at one place can be.
#[derive(Default)]
struct Schema {
    /// Names of plain types, in the order in which they are met.
    plain: Vec<&'static str>,
    bag: Option<IndexMap<String, Schema>>,
    elements: Option<Box<Schema>>,
}

impl Schema {
    fn add(&mut self, json: &Json, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let name = match json {
            Json::Null => return,
            Json::Bool(_) => "bool",
            Json::Number(n) if n.is_i64() => "long",
            Json::Number(_) => "double",
            Json::String(_) => "string",
            Json::Array(items) => {
                let elements = self.elements.get_or_insert_default();
                items.iter().for_each(|item| elements.add(item, depth + 1));
                return;
            }
            Json::Object(bag) => {
                let own = self.bag.get_or_insert_default();
                for (key, value) in bag {
                    own.entry(key.clone()).or_default().add(value, depth + 1);
                }
                return;
            }
        };
        if !self.plain.contains(&name) {
            self.plain.push(name);
        }
    }

    fn json(&self) -> Json {
        let mut all: Vec<Json> = self.plain.iter().map(|name| Json::from(*name)).collect();
        if let Some(bag) = &self.bag {
            let own = bag.iter().map(|(key, schema)| (key.clone(), schema.json()));
            all.push(Json::Object(own.collect()));
        }
        if let Some(elements) = &self.elements {
            let indexer = ("`indexer`".to_owned(), elements.json());
            all.push(Json::Object(Map::from_iter([indexer])));
        }
        match all.len() {
            0 => Json::Null,
            1 => all.pop().unwrap_or_default(),
            _ => Json::Array(all),
        }
    }
}

pub const AGGREGATES: &[Aggregate] = &[Aggregate {
    names: &["buildschema"],
    signature: "buildschema(value:dynamic)",
    doc: "The least schema that fits all values: types by name, several as an array, those of an array's elements under `indexer`.",
    params: &[Param::Dynamic],
    optional: 0,
    predicate: None,
    prefix: Some("schema"),
    result: |_| Some(Type::Dynamic),
    body: |input| {
        let mut schemas: Vec<Schema> = (0..input.groups.count).map(|_| Schema::default()).collect();
        for (row, group) in input.rows() {
            if let (Value::Dynamic(json), Some(schema)) = (input.value(row), schemas.get_mut(group))
            {
                schema.add(&json, 0);
            }
        }
        let mut builder = ColumnBuilder::new(Type::Dynamic);
        for schema in schemas {
            builder.push(&match schema.json() {
                Json::Null => Value::Null,
                json => Value::Dynamic(Arc::new(json)),
            });
        }
        builder.finish()
    },
}];
