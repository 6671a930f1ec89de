//! `activity_counts_metrics` and `activity_metrics`: who was active in each window, and who is new.

use super::timeline::{Group, Out, Seen, Timeline};
use super::{Call, Planned, Plugin};
use crate::kql::bind::operator::Made;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::value::{Type, Value};
use std::collections::HashSet;

/// `activity_counts_metrics`
pub const COUNTS_METRICS: Plugin = Plugin {
    name: "activity_counts_metrics",
    signature: "activity_counts_metrics(id, time, start, end, step, [dimension, ...])",
    doc: "For each window of time how many rows there are, how many different ids, how many of them are seen for the first time, and how many there were so far.",
    parameters: &[],
    bind: |call| bind(call, true),
};

/// `activity_metrics`
pub const METRICS: Plugin = Plugin {
    name: "activity_metrics",
    signature: "activity_metrics(id, time, start, end, window, [dimension, ...])",
    doc: "For each window of time how many different ids there are, how many of them were not in the window before, and which share of those of the window before came back or stayed away.",
    parameters: &[],
    bind: |call| bind(call, false),
};

#[derive(Debug)]
struct Activity {
    timeline: Timeline,
    bounds: [Expr; 3],
    counts: bool,
}

const COUNTS: [(&str, Type); 4] = [
    ("count", Type::Long),
    ("dcount", Type::Long),
    ("new_dcount", Type::Long),
    ("aggregated_dcount", Type::Long),
];

const RATES: [(&str, Type); 4] = [
    ("dcount_values", Type::Long),
    ("dcount_newvalues", Type::Long),
    ("retention_rate", Type::Real),
    ("churn_rate", Type::Real),
];

fn bind(call: &mut Call, counts: bool) -> Option<Planned> {
    if !counts && (3..5).contains(&call.count()) {
        let message = "`activity_metrics` without start and end is not supported: where its windows begin is not certain";
        call.error("KQL-unsupported", message);
        return None;
    }
    if !call.fits(5, 64) || !call.no_schema() {
        return None;
    }
    let [start, end, step] = [call.get(2)?, call.get(3)?, call.get(4)?];
    let bounds = [
        call.constant(start)?,
        call.constant(end)?,
        call.constant(step)?,
    ];
    if let [_, _, step] = &bounds
        && step.ty == Some(Type::String)
    {
        let span = step.span;
        let message = "A step of a week, month or year is not supported here";
        call.binder.error("KQL-unsupported", span, message);
        return None;
    }
    let (timeline, mut schema) = Timeline::bind(call, 5)?;
    let added = if counts { COUNTS } else { RATES };
    schema.extend(added.iter().map(|(n, t)| ((*n).to_owned(), *t)));
    let operator = Activity {
        timeline,
        bounds,
        counts,
    };
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(false);
    Some(Planned::Made(made))
}

impl Activity {
    fn group(&self, group: &Group, steps: (i64, i64, i64, i64), out: &mut Out) -> Result<(), Stop> {
        let (start, end, step, count) = steps;
        let inside: Vec<&Seen> = group
            .seen
            .iter()
            .filter(|s| (start..=end).contains(&s.time))
            .collect();
        let mut so_far: HashSet<u32> = HashSet::new();
        let mut before: Option<HashSet<u32>> = None;
        let mut rest = inside.as_slice();
        for n in 0..count {
            let begin = start + n * step;
            let length = rest.partition_point(|s| s.time - start < (n + 1) * step);
            let (window, later) = rest.split_at(length);
            rest = later;
            if window.is_empty() {
                return Err(self.timeline.uncertain("A window has no rows"));
            }
            let ids: HashSet<u32> = window.iter().map(|s| s.id).collect();
            let rows = window.iter().map(|s| s.row).collect();
            let distinct = Value::Long(ids.len() as i64);
            let values = if self.counts {
                let new = ids.iter().filter(|id| !so_far.contains(id)).count();
                so_far.extend(&ids);
                vec![
                    Value::Long(window.len() as i64),
                    distinct,
                    Value::Long(new as i64),
                    Value::Long(so_far.len() as i64),
                ]
            } else {
                let (new, retention, churn) = match &before {
                    None => (ids.len(), f64::NAN, f64::NAN),
                    Some(before) => {
                        let back = ids.iter().filter(|id| before.contains(id)).count();
                        let share = back as f64 / before.len() as f64;
                        (ids.len() - back, share, 1.0 - share)
                    }
                };
                before = Some(ids);
                vec![
                    distinct,
                    Value::Long(new as i64),
                    Value::Real(retention),
                    Value::Real(churn),
                ]
            };
            out.push(begin, group, values, rows);
        }
        Ok(())
    }
}

impl Operator for Activity {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let [start, end, step] = &self.bounds;
        let steps = self.timeline.steps([start, end, step], runtime)?;
        let mut out = Out::default();
        for group in self.timeline.groups(&input, runtime)? {
            runtime.check()?;
            if group
                .seen
                .iter()
                .any(|s| (steps.0..=steps.1).contains(&s.time))
            {
                self.group(&group, steps, &mut out)?;
            }
        }
        let types = if self.counts { COUNTS } else { RATES }.map(|(_, t)| t);
        Ok(out.finish(&self.timeline, &input, &types))
    }
}
