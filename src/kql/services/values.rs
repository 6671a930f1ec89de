//! Values seen in the data, for completion and hover.

use crate::kql::Catalog;
use crate::value::{Column, Table, Type, Value};
use serde_json::Value as Json;
use std::collections::HashMap;

/// Where values come from: a column of a table of the catalog, and a path into it where it is dynamic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
    /// Properties within a dynamic value; an element of an array is `[]`.
    pub path: Vec<String>,
}

/// Gives sample values. Asked while a person types: an answer should take a few milliseconds at most.
pub trait Values: Sync {
    /// Some values, the most frequent first.
    fn values(&self, source: &Source, limit: usize) -> Vec<Value>;
    /// The properties that bags have there, the most frequent first, with the type of their values.
    fn keys(&self, source: &Source, limit: usize) -> Vec<(String, Type)>;
}

/// No values: services that only look at the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoValues;

impl Values for NoValues {
    fn values(&self, _: &Source, _: usize) -> Vec<Value> {
        Vec::new()
    }

    fn keys(&self, _: &Source, _: usize) -> Vec<(String, Type)> {
        Vec::new()
    }
}

/// Values out of the rows of a catalog's tables. It looks at a sample of rows, spread over the table.
pub struct Seen<'a>(pub &'a dyn Catalog);

/// Most rows that are looked at.
const ROWS: usize = 2_000;
/// Most rows whose JSON is read.
const JSON_ROWS: usize = 400;
/// Longest text that is worth offering.
const LONGEST: usize = 200;

fn sample(table: &Table, rows: usize) -> impl Iterator<Item = usize> + use<> {
    let step = table.rows.div_ceil(rows.max(1)).max(1);
    (0..table.rows).step_by(step)
}

/// The JSON values at a path; an element of an array is `[]`.
fn at_path<'j>(json: &'j Json, path: &[String], found: &mut Vec<&'j Json>) {
    let Some((first, rest)) = path.split_first() else {
        return found.push(json);
    };
    match json {
        Json::Array(items) if first == "[]" => {
            for item in items.iter().take(20) {
                at_path(item, rest, found);
            }
        }
        Json::Object(bag) => {
            if let Some(inner) = bag.get(first) {
                at_path(inner, rest, found);
            }
        }
        _ => {}
    }
}

fn json_type(json: &Json) -> Type {
    match json {
        Json::String(_) => Type::String,
        Json::Bool(_) => Type::Bool,
        Json::Number(n) if n.is_f64() => Type::Real,
        Json::Number(_) => Type::Long,
        _ => Type::Dynamic,
    }
}

impl Seen<'_> {
    fn jsons(&self, source: &Source, each: &mut dyn FnMut(&Json)) {
        let Some(table) = self.0.table(&source.table) else {
            return;
        };
        let Some(column) = table.column(&source.column) else {
            return;
        };
        for row in sample(&table, JSON_ROWS) {
            let value = column.value(row);
            let parsed;
            let json = match &value {
                Value::Dynamic(json) => json.as_ref(),
                // A text that holds JSON, behind `parse_json`.
                Value::String(text) if !source.path.is_empty() => {
                    match serde_json::from_str::<Json>(text) {
                        Ok(json) => {
                            parsed = json;
                            &parsed
                        }
                        Err(_) => continue,
                    }
                }
                _ => continue,
            };
            let mut found = Vec::new();
            at_path(json, &source.path, &mut found);
            for json in found {
                each(json);
            }
        }
    }
}

fn by_count<T>(counts: HashMap<String, (usize, usize, T)>, limit: usize) -> Vec<(String, T)> {
    let mut list: Vec<_> = counts.into_iter().collect();
    list.sort_by(|(a, (n, i, _)), (b, (m, j, _))| m.cmp(n).then(i.cmp(j)).then(a.cmp(b)));
    let kept = list.into_iter().take(limit);
    kept.map(|(text, (_, _, what))| (text, what)).collect()
}

fn count<T>(counts: &mut HashMap<String, (usize, usize, T)>, text: String, what: T) {
    let next = counts.len();
    counts.entry(text).or_insert((0, next, what)).0 += 1;
}

fn column_values(column: &Column, table: &Table, limit: usize) -> Vec<Value> {
    let mut counts = HashMap::new();
    for row in sample(table, ROWS) {
        let value = column.value(row);
        if value.is_null() {
            continue;
        }
        let text = value.display();
        if !text.is_empty() && text.len() <= LONGEST {
            count(&mut counts, text, value);
        }
    }
    by_count(counts, limit)
        .into_iter()
        .map(|(_, v)| v)
        .collect()
}

impl Values for Seen<'_> {
    fn values(&self, source: &Source, limit: usize) -> Vec<Value> {
        if source.path.is_empty() {
            let Some(table) = self.0.table(&source.table) else {
                return Vec::new();
            };
            let dynamic = |c: &&Column| c.ty != Type::Dynamic;
            if let Some(column) = table.column(&source.column).filter(dynamic) {
                return column_values(column, &table, limit);
            }
        }
        let mut counts = HashMap::new();
        self.jsons(source, &mut |json| {
            let value = match json {
                Json::String(s) => Value::String(s.as_str().into()),
                Json::Bool(b) => Value::Bool(*b),
                Json::Number(n) => match n.as_i64() {
                    Some(n) => Value::Long(n),
                    None => Value::Real(n.as_f64().unwrap_or(f64::NAN)),
                },
                _ => return,
            };
            let text = value.display();
            if !text.is_empty() && text.len() <= LONGEST {
                count(&mut counts, text, value);
            }
        });
        by_count(counts, limit)
            .into_iter()
            .map(|(_, v)| v)
            .collect()
    }

    fn keys(&self, source: &Source, limit: usize) -> Vec<(String, Type)> {
        let mut counts = HashMap::new();
        self.jsons(source, &mut |json| {
            if let Json::Object(bag) = json {
                for (key, value) in bag.iter().take(200) {
                    count(&mut counts, key.clone(), json_type(value));
                }
            }
        });
        by_count(counts, limit)
    }
}
