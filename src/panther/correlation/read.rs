//! From the `Detection:` of a correlation rule to its compiled form.

mod links;

use super::super::reading::{Reading, below};
use super::super::value::kind;
use super::{Correlation, Criterion, Form, MINUTE, Node};
use crate::diagnostic::Diagnostic;
use crate::yaml::{Document, Step, untagged};
use serde_yaml::{Mapping, Value as Yaml};
use std::collections::HashSet;

/// Minutes that are looked back where nothing is written.
const LOOKBACK: i64 = 15;
/// The longest time in minutes: a hundred years.
const LONGEST: i64 = 100 * 366 * 24 * 60;
/// Nodes of one rule.
const MOST: usize = 200;

/// Reads the `Detection:` of a correlation rule; `value` is the rule's document as a whole. None where an error was
/// found, or where the document has no `Detection:`.
pub fn read(value: &Yaml, document: &Document) -> (Option<Correlation>, Vec<Diagnostic>) {
    let mut reading = Reading::new(document);
    let path = vec![Step::from("Detection")];
    let Some(detection) = value.get("Detection") else {
        return (None, Vec::new());
    };
    let read = reading.correlation(detection, &path);
    let read = read.filter(|_| !reading.failed());
    (read, reading.found)
}

impl Reading<'_> {
    fn correlation(&mut self, detection: &Yaml, path: &[Step]) -> Option<Correlation> {
        let items = self.list(detection, path, "one Sequence or Group")?;
        let ([item], at) = (items, below(path, 0)) else {
            self.error(
                "panther-correlation",
                path,
                format!(
                    "a correlation rule has one Sequence or Group, here are {}",
                    items.len()
                ),
                "",
            );
            return None;
        };
        let mapping = self.mapping(item, &at, "the Detection of a correlation rule")?;
        let form = match (mapping.get("Sequence"), mapping.get("Group")) {
            (Some(list), None) => ("Sequence", list),
            (None, Some(list)) => ("Group", list),
            (Some(_), Some(_)) => {
                self.error(
                    "panther-correlation",
                    &at,
                    "Sequence and Group stand beside each other",
                    "Keep one of them",
                );
                return None;
            }
            (None, None) => {
                self.error(
                    "panther-missing-key",
                    &at,
                    "Sequence or Group is missing",
                    "A Sequence wants its rules in order, a Group in any order",
                );
                return None;
            }
        };
        let common = ["Schedule", "LookbackWindowMinutes", "EventEvaluationOrder"];
        let [a, b, c] = common;
        if form.0 == "Sequence" {
            self.only(
                mapping,
                &["Sequence", "Transitions", a, b, c],
                &at,
                "a sequence",
            );
        } else {
            let may = ["Group", "MatchCriteria", "MinMatchCount", a, b, c];
            self.only(mapping, &may, &at, "a group");
        }
        let lookback = self
            .minutes(mapping, "LookbackWindowMinutes", &at)
            .unwrap_or(LOOKBACK * MINUTE);
        self.schedule(mapping, &at, lookback);
        let reverse = self.order(mapping, &at);
        let mut nodes = self.nodes(form.1, &below(&at, form.0))?;
        if self.failed() {
            return None;
        }
        let (form, criteria) = if form.0 == "Sequence" {
            self.sequence(mapping, &at, &mut nodes)?
        } else {
            (Form::Group, self.group(mapping, &at, &mut nodes)?)
        };
        Some(Correlation {
            nodes,
            criteria,
            form,
            lookback,
            reverse,
        })
    }

    /// A number of minutes in ticks.
    fn minutes(&mut self, mapping: &Mapping, name: &str, path: &[Step]) -> Option<i64> {
        let minutes = self.whole(mapping, name, path, 1, LONGEST)?;
        Some(minutes.saturating_mul(MINUTE))
    }

    /// A whole number within bounds; none where it is not there or wrong.
    fn whole(
        &mut self,
        mapping: &Mapping,
        name: &str,
        path: &[Step],
        least: i64,
        most: i64,
    ) -> Option<i64> {
        let value = untagged(mapping.get(name)?);
        match value.as_i64() {
            Some(number) if (least..=most).contains(&number) => Some(number),
            other => {
                let is = other.map_or_else(|| kind(value).to_owned(), |n| n.to_string());
                self.error(
                    "panther-type",
                    &below(path, name),
                    format!("{name} has to be a whole number from {least} on, not {is}"),
                    "",
                );
                None
            }
        }
    }

    fn schedule(&mut self, mapping: &Mapping, path: &[Step], lookback: i64) {
        let Some(value) = mapping.get("Schedule") else {
            self.error(
                "panther-missing-key",
                path,
                "Schedule is missing",
                "Write `Schedule: {RateMinutes: 1440, TimeoutMinutes: 5}`",
            );
            return;
        };
        let at = below(path, "Schedule");
        let Some(schedule) = self.mapping(value, &at, "Schedule") else {
            return;
        };
        self.only(
            schedule,
            &["RateMinutes", "CronExpression", "TimeoutMinutes"],
            &at,
            "Schedule",
        );
        if schedule.get("TimeoutMinutes").is_none() {
            self.error(
                "panther-missing-key",
                &at,
                "TimeoutMinutes of the schedule is missing",
                "",
            );
        }
        self.whole(schedule, "TimeoutMinutes", &at, 1, LONGEST);
        let rate = self.whole(schedule, "RateMinutes", &at, 1, LONGEST);
        match (schedule.get("RateMinutes"), schedule.get("CronExpression")) {
            (Some(_), Some(_)) => self.error(
                "panther-schedule",
                &at,
                "RateMinutes and CronExpression stand beside each other",
                "Keep one of them",
            ),
            (None, None) => self.error(
                "panther-schedule",
                &at,
                "the schedule has neither RateMinutes nor CronExpression",
                "Write RateMinutes, the minutes from one run to the next",
            ),
            (None, Some(cron)) => {
                self.text(cron, &below(&at, "CronExpression"));
            }
            (Some(_), None) => {}
        }
        if let Some(rate) = rate
            && rate.saturating_mul(MINUTE) > lookback
        {
            self.warning(
                "panther-schedule",
                &below(&at, "RateMinutes"),
                format!(
                    "every {rate} minutes the rule looks back only {} minutes, so the platform never sees what happens between",
                    lookback / MINUTE
                ),
                "Set LookbackWindowMinutes to one and a half of RateMinutes or more",
            );
        }
    }

    /// Whether the newest comes first.
    fn order(&mut self, mapping: &Mapping, path: &[Step]) -> bool {
        let Some(value) = mapping.get("EventEvaluationOrder") else {
            return false;
        };
        let at = below(path, "EventEvaluationOrder");
        match self.text(value, &at) {
            Some("ReverseChronological") => true,
            Some("Chronological") | None => false,
            Some(other) => {
                let message = format!("`{other}` is no order of evaluation");
                self.error(
                    "panther-correlation",
                    &at,
                    message,
                    "Write Chronological or ReverseChronological",
                );
                false
            }
        }
    }

    fn nodes(&mut self, list: &Yaml, path: &[Step]) -> Option<Vec<Node>> {
        let items = self.list(list, path, "rules")?;
        if items.len() > MOST {
            let message = format!("a correlation rule has at most {MOST} rules");
            self.error("panther-correlation", path, message, "");
            return None;
        }
        let mut nodes: Vec<Node> = Vec::new();
        let mut seen = HashSet::new();
        for (i, item) in items.iter().enumerate() {
            let at = below(path, i);
            let Some(node) = self.node(item, &at) else {
                continue;
            };
            if !seen.insert(node.id.clone()) {
                let id_at = below(&at, "ID");
                let hint = "Give each of the two an ID of its own";
                let message = format!("the ID `{}` stands here twice", node.id);
                self.error("panther-duplicate", &id_at, message, hint);
            }
            nodes.push(node);
        }
        if !nodes.iter().any(|node| !node.absent) && !self.failed() {
            self.error(
                "panther-correlation",
                path,
                "nothing has to be there: every rule is absent, or there is none",
                "At least one entry needs a RuleID and no Absence",
            );
        }
        Some(nodes)
    }

    fn node(&mut self, item: &Yaml, path: &[Step]) -> Option<Node> {
        let keys = ["ID", "RuleID", "MinMatchCount", "MaxMatchCount", "Absence"];
        let mapping = self.mapping(item, path, "a rule of a correlation")?;
        self.only(mapping, &keys, path, "a rule of a correlation");
        let Some(rule) = mapping.get("RuleID") else {
            self.error("panther-missing-key", path, "RuleID is missing", "");
            return None;
        };
        let at = below(path, "RuleID");
        let rule_id = self.text(rule, &at)?.to_owned();
        let id = match mapping.get("ID") {
            Some(id) => self.text(id, &below(path, "ID"))?.to_owned(),
            None => rule_id.clone(),
        };
        let most = i64::from(i32::MAX);
        let min = self
            .whole(mapping, "MinMatchCount", path, 1, most)
            .unwrap_or(1);
        let max = self.whole(mapping, "MaxMatchCount", path, 1, most);
        if let Some(max) = max
            && max < min
        {
            self.error(
                "panther-correlation",
                &below(path, "MaxMatchCount"),
                format!("MaxMatchCount {max} is less than MinMatchCount {min}"),
                "",
            );
        }
        let absent = match mapping.get("Absence").map(untagged) {
            None => false,
            Some(Yaml::Bool(absent)) => *absent,
            Some(other) => {
                self.error(
                    "panther-type",
                    &below(path, "Absence"),
                    format!("Absence has to be true or false, not {}", kind(other)),
                    "",
                );
                false
            }
        };
        for name in ["MinMatchCount", "MaxMatchCount"] {
            if absent && mapping.get(name).is_some() {
                self.error(
                    "panther-correlation",
                    &below(path, name),
                    format!("{name} says nothing of a rule that has to be absent"),
                    format!("Take {name} or Absence away"),
                );
            }
        }
        Some(Node {
            id,
            rule_id,
            min: usize::try_from(min).unwrap_or(1),
            max: max.and_then(|max| usize::try_from(max).ok()),
            absent,
            fields: Vec::new(),
            span: self.document.span(&at),
            path: at,
        })
    }
}

impl Node {
    /// The place of a field among the node's, put in where it is new.
    fn field(&mut self, name: &str) -> usize {
        match self.fields.iter().position(|f| f == name) {
            Some(at) => at,
            None => {
                self.fields.push(name.to_owned());
                self.fields.len() - 1
            }
        }
    }
}

/// A criterion that says nothing yet of any node.
fn criterion(name: &str, nodes: usize) -> Criterion {
    Criterion {
        name: name.to_owned(),
        fields: vec![Vec::new(); nodes],
    }
}
