//! `RuleOutputs` of a case: when each node's rule matched, with which values.

use super::super::reading::{Reading, below, name};
use super::super::value::{key_text, kind};
use super::values::parse;
use super::{Correlation, Found, MINUTE};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Document, Step, untagged};
use serde_yaml::{Mapping, Value as Yaml};
use std::collections::HashMap;

/// Reads the `RuleOutputs` of a case at a path, such as `Tests`, 0, `RuleOutputs`. Gives the matches of each node in
/// the order of the nodes; none where an error was found.
pub fn outputs(
    correlation: &Correlation,
    value: &Yaml,
    document: &Document,
    path: &[Step],
) -> (Option<Vec<Vec<Found>>>, Vec<Diagnostic>) {
    let mut reader = Reader {
        shared: Reading::new(document),
        correlation,
        found: vec![Vec::new(); correlation.nodes.len()],
        bare: Vec::new(),
        names: HashMap::new(),
        clock: None,
    };
    reader.all(value, path);
    // A match without a time stands with the latest that has one.
    let latest = reader.found.iter().flatten().map(|f| f.time).max();
    for node in std::mem::take(&mut reader.bare) {
        if let Some(list) = reader.found.get_mut(node) {
            list.push(Found {
                time: latest.unwrap_or(0),
                event: u64::MAX - node as u64,
                ..Found::default()
            });
        }
    }
    let whole = !reader.shared.failed();
    (whole.then_some(reader.found), reader.shared.found)
}

struct Reader<'a> {
    shared: Reading<'a>,
    correlation: &'a Correlation,
    found: Vec<Vec<Found>>,
    /// Nodes that matched once, without a time.
    bare: Vec<usize>,
    /// The names of the matches: rule, time, and which of several at that time. Two nodes of one rule name the same.
    names: HashMap<(usize, i64, usize), u64>,
    /// Whether times are instants (or minutes), once one was seen.
    clock: Option<bool>,
}

impl Reader<'_> {
    fn all(&mut self, value: &Yaml, path: &[Step]) {
        let Some(items) = self.shared.list(value, path, "rule outputs") else {
            return;
        };
        let mut seen = vec![false; self.found.len()];
        for (i, item) in items.iter().enumerate() {
            let at = below(path, i);
            let Some(mapping) = self.shared.mapping(item, &at, "a rule output") else {
                continue;
            };
            self.shared
                .only(mapping, &["ID", "Matches"], &at, "a rule output");
            let Some(id) = mapping.get("ID") else {
                self.shared
                    .error("panther-missing-key", &at, "ID is missing", "");
                continue;
            };
            let id_at = below(&at, "ID");
            let Some(id) = self.shared.text(id, &id_at).map(str::to_owned) else {
                continue;
            };
            let Some(node) = self.correlation.nodes.iter().position(|n| n.id == id) else {
                let ids: Vec<&str> = self
                    .correlation
                    .nodes
                    .iter()
                    .map(|n| n.id.as_str())
                    .collect();
                let hint = format!("Here are {}", ids.join(", "));
                let message = format!("no entry of the rule has the ID `{id}`");
                self.shared
                    .error("panther-unknown-id", &id_at, message, hint);
                continue;
            };
            match seen.get_mut(node) {
                Some(true) => {
                    let message = format!("`{id}` stands in RuleOutputs twice");
                    self.shared.error("panther-duplicate", &id_at, message, "");
                    continue;
                }
                Some(seen) => *seen = true,
                None => {}
            }
            match mapping.get("Matches") {
                None => self.bare.push(node),
                Some(matches) => self.matches(matches, &below(&at, "Matches"), node),
            }
        }
    }

    /// `{field: {value: [times]}}`. The same time under several fields is one match that has them all.
    fn matches(&mut self, value: &Yaml, path: &[Step], node: usize) {
        let Some(fields) = self.shared.mapping(value, path, "Matches") else {
            return;
        };
        let known = self
            .correlation
            .nodes
            .get(node)
            .map_or(&[][..], |n| n.fields.as_slice());
        let mut by_time: HashMap<(i64, usize), Vec<Vec<String>>> = HashMap::new();
        for (field, values) in fields {
            let field = key_text(field);
            let at = below(path, field.as_str());
            let Some(values) = self.shared.mapping(values, &at, &format!("`{field}`")) else {
                continue;
            };
            let values: Mapping = values.clone();
            let mut times: HashMap<i64, usize> = HashMap::new();
            for (value, list) in &values {
                let value = key_text(value);
                let at = below(&at, value.as_str());
                for time in self.times(list, &at) {
                    let nth = times.entry(time).or_default();
                    let one = by_time
                        .entry((time, *nth))
                        .or_insert_with(|| vec![Vec::new(); known.len()]);
                    *nth += 1;
                    if let Some(slot) = known
                        .iter()
                        .position(|k| *k == field)
                        .and_then(|f| one.get_mut(f))
                    {
                        slot.push(value.clone());
                    }
                }
            }
        }
        let mut matches: Vec<_> = by_time.into_iter().collect();
        matches.sort();
        let rule = self
            .correlation
            .nodes
            .get(node)
            .map(|own| own.rule_id.as_str());
        let nodes = self.correlation.nodes.iter();
        let rule = nodes
            .map(|n| Some(n.rule_id.as_str()))
            .position(|id| id == rule)
            .unwrap_or(node);
        for ((time, nth), values) in matches {
            let fresh = self.names.len() as u64;
            let event = *self.names.entry((rule, time, nth)).or_insert(fresh);
            if let Some(list) = self.found.get_mut(node) {
                list.push(Found {
                    time,
                    values,
                    event,
                });
            }
        }
    }

    fn times(&mut self, list: &Yaml, path: &[Step]) -> Vec<i64> {
        let what = "times: minutes such as 5, or instants such as \"2024-06-01T10:00:00Z\"";
        let Some(items) = self.shared.list(list, path, what) else {
            return Vec::new();
        };
        let mut times = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            let at = below(path, i);
            let (time, clock) = match untagged(item) {
                Yaml::Number(n) => (n.as_f64().and_then(minutes), false),
                Yaml::String(text) => (parse(text), true),
                other => {
                    let message = format!("a time is a number or text, not {}", kind(other));
                    self.shared.error("panther-time", &at, message, "");
                    continue;
                }
            };
            let Some(time) = time else {
                let message = format!("one of the times of `{}` is none", name(path));
                let hint =
                    "Write minutes such as 5, or an instant such as \"2024-06-01T10:00:00Z\"";
                self.shared.error("panther-time", &at, message, hint);
                continue;
            };
            if *self.clock.get_or_insert(clock) != clock {
                self.shared.error(
                    "panther-time",
                    &at,
                    "minutes and instants stand in one case, and how far they are apart is not known",
                    "Write all times of a case in one way",
                );
                continue;
            }
            times.push(time);
        }
        times
    }
}

fn minutes(minutes: f64) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "a minute is a small number")]
    let ticks = minutes * MINUTE as f64;
    #[expect(clippy::cast_possible_truncation, reason = "checked before")]
    (ticks.abs() < 9e18).then(|| ticks.round() as i64)
}
