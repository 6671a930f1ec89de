//! Turns a run over the loaded logs into what the timeline is built from.

use super::timeline::{EventInfo, Input, MatchInfo, Timeline};
use crate::detect::Run;
use crate::kql::Catalog;
use crate::logs::Dataset;
use crate::value::{Column, EventId, Table, Value};
use std::collections::HashSet;

/// Columns that say what an event is, the first that a table has; the second adds to it.
const LABELS: [(&str, Option<&str>); 4] = [
    ("ModelName", Some("EventFinishReasons")),
    ("EventType", None),
    ("OperationName", None),
    ("Type", None),
];

/// Places a run in time.
pub fn build(data: &Dataset, run: &Run) -> Timeline {
    let matched: HashSet<EventId> = run
        .matches
        .iter()
        .flat_map(|m| m.events.iter().copied())
        .collect();
    let mut seen = HashSet::new();
    let mut events = Vec::new();
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
        add_rows(&name, &table, &matched, &mut seen, &mut events);
    }
    let matches = run
        .matches
        .iter()
        .enumerate()
        .map(|(index, m)| MatchInfo {
            index,
            events: m.events.clone(),
            entities: m
                .entities
                .iter()
                .map(|e| (e.entity_type.clone(), e.label().to_owned()))
                .collect(),
        })
        .collect();
    Timeline::build(Input {
        events,
        matches,
        now: Some(run.now),
        bands: Vec::new(),
    })
}

/// The names a rule uses before the names of the tables that store their rows: an event is placed once.
fn tables_by_kinship(data: &Dataset) -> Vec<String> {
    let mut names = data.filled_tables();
    names.sort_by_key(|n| (n.ends_with("_CL") || n.starts_with("ASim"), n.clone()));
    names
}

fn add_rows(
    name: &str,
    table: &Table,
    matched: &HashSet<EventId>,
    seen: &mut HashSet<EventId>,
    events: &mut Vec<EventInfo>,
) {
    let (Some(lineage), Some(times)) = (&table.lineage, table.column("TimeGenerated")) else {
        return;
    };
    let label = LABELS.iter().find_map(|(first, second)| {
        let first = table.column(first)?;
        Some((first, second.and_then(|s| table.column(s))))
    });
    for row in 0..table.rows {
        let (Some(&id), Value::DateTime(time)) = (lineage.row(row).first(), times.value(row))
        else {
            continue;
        };
        if !seen.insert(id) {
            continue;
        }
        events.push(EventInfo {
            id,
            time,
            table: name.to_owned(),
            label: label.map(|l| words(l, row)).unwrap_or_default(),
            matched: matched.contains(&id),
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
