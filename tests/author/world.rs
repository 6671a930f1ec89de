//! What the documents of the cases have round them: tables, events, a workspace.

use rulewright::author::{Around, Context, EventPath, Events, File};
use rulewright::kql::Catalog;
use rulewright::kql::services::Seen;
use rulewright::value::path::Step;
use rulewright::value::{ColumnBuilder, Table, Type, Value, time};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

#[derive(Deserialize)]
struct TableText {
    columns: Vec<String>,
    #[serde(default)]
    rows: Vec<Vec<Json>>,
}

pub struct Tables(BTreeMap<String, Arc<Table>>);

impl Catalog for Tables {
    fn table_names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        let table = self.0.get(table)?;
        Some(table.schema().map(|(n, t)| (n.to_owned(), t)).collect())
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.0.get(table).cloned()
    }
}

pub struct Loaded(BTreeMap<String, Vec<Json>>);

impl Events for Loaded {
    fn log_types(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn paths(&self, log_type: &str) -> Arc<Vec<EventPath>> {
        let events = self.0.get(log_type).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<EventPath> = Vec::new();
        for event in events {
            walk(event, &mut Vec::new(), &mut found);
        }
        for path in &mut found {
            path.share.1 = events.len();
        }
        Arc::new(found)
    }

    fn event(&self, log_type: &str) -> Option<Json> {
        self.0.get(log_type)?.first().cloned()
    }
}

fn walk(value: &Json, steps: &mut Vec<Step>, found: &mut Vec<EventPath>) {
    if !steps.is_empty() {
        let at = found.iter().position(|p| p.steps == *steps);
        let at = at.unwrap_or_else(|| {
            found.push(EventPath {
                steps: steps.clone(),
                kind: match value {
                    Json::Object(_) => "dictionary",
                    Json::Array(_) => "array",
                    Json::String(_) => "string",
                    Json::Bool(_) => "bool",
                    _ => "long",
                },
                share: (0, 0),
                samples: Vec::new(),
            });
            found.len() - 1
        });
        found[at].share.0 += 1;
        let sample = match value {
            Json::String(text) => Some(text.clone()),
            Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        if let Some(sample) = sample.filter(|s| !found[at].samples.contains(s)) {
            found[at].samples.push(sample);
        }
    }
    match value {
        Json::Object(members) => {
            for (key, inner) in members {
                steps.push(Step::Key(key.clone()));
                walk(inner, steps, found);
                steps.pop();
            }
        }
        Json::Array(items) => {
            for item in items {
                steps.push(Step::Each);
                walk(item, steps, found);
                steps.pop();
            }
        }
        _ => {}
    }
}

pub struct World {
    pub tables: &'static Tables,
    pub seen: Seen<'static>,
    pub events: Loaded,
    pub around: Around,
}

impl World {
    pub fn new(folder: &Path) -> Self {
        // The one world of a test lives as long as the test does.
        let tables: &'static Tables = Box::leak(Box::new(tables(folder)));
        let text = std::fs::read_to_string(folder.join("events.yaml")).expect("events.yaml");
        let mut files = Vec::new();
        let root = folder.join("around");
        gather(&root, &root, &mut files);
        Self {
            tables,
            seen: Seen(tables),
            events: Loaded(serde_yaml::from_str(&text).expect("events")),
            around: Around::new(&files),
        }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            catalog: self.tables,
            values: &self.seen,
            events: &self.events,
            around: &self.around,
            new_id: "11111111-2222-3333-4444-555555555555",
        }
    }
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("the workspace").flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(root, &path, files);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file");
        files.push(File {
            path: path.strip_prefix(root).expect("below").to_owned(),
            text: text.into(),
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
}

fn tables(folder: &Path) -> Tables {
    let path = folder.join("../kql-services/tables.yaml");
    let text = std::fs::read_to_string(path).expect("tables.yaml");
    let texts: BTreeMap<String, TableText> = serde_yaml::from_str(&text).expect("tables");
    let made = texts.into_iter().map(|(name, text)| {
        let columns = text.columns.iter().enumerate().map(|(at, column)| {
            let (name, ty) = column.split_once(": ").expect("`name: type`");
            let ty = Type::from_name(ty).expect("a type");
            let mut builder = ColumnBuilder::new(ty);
            for row in &text.rows {
                builder.push(&match (ty, &row[at]) {
                    (_, Json::Null) => Value::Null,
                    (Type::Dynamic, json) => Value::Dynamic(Arc::new(json.clone())),
                    (Type::DateTime, json) => {
                        let text = json.as_str().expect("an instant");
                        Value::DateTime(time::parse_datetime(text).expect("an instant"))
                    }
                    (Type::Long, json) => Value::Long(json.as_i64().expect("a number")),
                    (_, json) => Value::String(Arc::from(json.as_str().expect("a text"))),
                });
            }
            (name.to_owned(), builder.finish())
        });
        (name, Arc::new(Table::new(columns.collect())))
    });
    Tables(made.collect())
}
