//! Values seen in the data, for completion and hover.

use crate::kql::Catalog;
use crate::task::CancelToken;
use crate::value::{Column, Type, Value};
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

fn sample(all: usize, rows: usize) -> impl Iterator<Item = usize> + use<> {
    let step = all.div_ceil(rows.max(1)).max(1);
    (0..all).step_by(step)
}

/// A column of a catalog's table, or the sample of its rows where columns are made when they are read;
/// and the rows of it to look at.
fn sampled(catalog: &dyn Catalog, source: &Source, rows: usize) -> Option<(Column, Vec<usize>)> {
    if let Some((late, _)) = catalog.late(&source.table) {
        let schema = late.schema();
        let at = schema.iter().position(|(name, _)| *name == source.column)?;
        let wanted = sample(late.rows(), rows).filter_map(|row| u32::try_from(row).ok());
        let wanted: Vec<u32> = wanted.collect();
        let column = late.some(at, &wanted, &CancelToken::new()).ok()?;
        let all = (0..column.len()).collect();
        return Some((column, all));
    }
    let table = catalog.table(&source.table)?;
    let column = table.column(&source.column)?;
    Some((column.clone(), sample(table.rows, rows).collect()))
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
        let Some((column, rows)) = sampled(self.0, source, JSON_ROWS) else {
            return;
        };
        for row in rows {
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

fn column_values(column: &Column, rows: Vec<usize>, limit: usize) -> Vec<Value> {
    let mut counts = HashMap::new();
    for row in rows {
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
        let schema = self.0.schema(&source.table).unwrap_or_default();
        let ty = schema.iter().find(|(name, _)| *name == source.column);
        let plain = ty.is_some_and(|(_, ty)| *ty != Type::Dynamic);
        if source.path.is_empty() && plain {
            return match sampled(self.0, source, ROWS) {
                Some((column, rows)) => column_values(&column, rows, limit),
                None => Vec::new(),
            };
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
