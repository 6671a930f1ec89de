//! Turns a run over the loaded logs into what the timeline is built from.

use super::timeline::{EventInfo, Loaded, MatchInfo, Timeline};
use crate::detect::Run;
use crate::kql::Catalog;
use crate::logs::Dataset;
use crate::value::{Column, EventId, Table, Value};
use std::collections::HashSet;
use std::sync::{Arc, Weak};

/// Columns that say what an event is, the first that a table has; the second adds to it.
const LABELS: [(&str, Option<&str>); 4] = [
    ("ModelName", Some("EventFinishReasons")),
    ("EventType", None),
    ("OperationName", None),
    ("Type", None),
];

/// What runs over the same logs have in common: it is made once.
#[derive(Default)]
pub struct Places(Option<(Weak<Dataset>, Loaded)>);

impl Places {
    /// Places a run in time.
    pub fn build(&mut self, data: &Arc<Dataset>, run: &Run) -> Timeline {
        let known = self.0.take();
        let known = known.filter(|(logs, _)| std::ptr::eq(logs.as_ptr(), Arc::as_ptr(data)));
        let known = known.unwrap_or_else(|| (Arc::downgrade(data), loaded(data)));
        let (_, loaded) = self.0.insert(known);
        let matches = run.matches.iter().enumerate().map(|(index, m)| MatchInfo {
            index,
            events: m.events.clone(),
            entities: m
                .entities
                .iter()
                .map(|e| (e.entity_type.clone(), e.label().to_owned()))
                .collect(),
        });
        Timeline::of(loaded, matches.collect(), Some(run.now), Vec::new())
    }
}

fn loaded(data: &Dataset) -> Loaded {
    let mut seen = HashSet::new();
    let mut events = Vec::with_capacity(data.event_count());
    for name in tables_by_kinship(data) {
        let labels = LABELS.iter().flat_map(|(a, b)| [Some(*a), *b]).flatten();
        let schema = data.schema(&name).unwrap_or_default();
        let of_table = |label: &&str| schema.iter().any(|(name, _)| name == label);
        // The first label that the table has, and what is added to it.
        let first = LABELS.iter().find(|(first, _)| of_table(first));
        let wanted = labels.filter(|l| first.is_some_and(|(a, b)| l == a || Some(*l) == *b));
        let wanted: Vec<&str> = wanted.chain(["TimeGenerated"]).collect();
        let Some(table) = data.columns(&name, &wanted) else {
            continue;
        };
        add_rows(&name, &table, &mut seen, &mut events);
    }
    Loaded::new(events)
}

/// The names a rule uses before the names of the tables that store their rows: an event is placed once.
fn tables_by_kinship(data: &Dataset) -> Vec<String> {
    let mut names = data.filled_tables();
    names.sort_by_key(|n| (n.ends_with("_CL") || n.starts_with("ASim"), n.clone()));
    names
}

fn add_rows(name: &str, table: &Table, seen: &mut HashSet<EventId>, events: &mut Vec<EventInfo>) {
    let (Some(lineage), Some(times)) = (&table.lineage, table.column("TimeGenerated")) else {
        return;
    };
    let label = LABELS.iter().find_map(|(first, second)| {
        let first = table.column(first)?;
        Some((first, second.and_then(|s| table.column(s))))
    });
    let name: Arc<str> = name.into();
    // Few labels are different: each is kept once.
    let mut labels: HashSet<Arc<str>> = HashSet::new();
    for row in 0..table.rows {
        let (Some(&id), Value::DateTime(time)) = (lineage.row(row).first(), times.value(row))
        else {
            continue;
        };
        if !seen.insert(id) {
            continue;
        }
        let label = label.map(|l| words(l, row)).unwrap_or_default();
        let label = labels.get(&*label).cloned().unwrap_or_else(|| {
            let label: Arc<str> = label.into();
            labels.insert(Arc::clone(&label));
            label
        });
        events.push(EventInfo {
            id,
            time,
            table: Arc::clone(&name),
            label,
            series: None,
        });
    }
}

/// `gpt-5.4 content_filter`: brackets and quotes of a list are left out.
fn words((first, second): (&Column, Option<&Column>), row: usize) -> String {
    let mut text = first.text(row).to_owned();
    if let Some(second) = second {
        let list = second.text(row);
        let plain: String = list.chars().filter(|c| !"[]\"".contains(*c)).collect();
        if !plain.is_empty() {
            text.push(' ');
            text.push_str(&plain);
        }
    }
    text
}
