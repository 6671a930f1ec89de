//! `session_count`: how many sessions begin in each step of time.

use super::timeline::{Out, Timeline};
use super::{Call, Planned, Plugin};
use crate::kql::bind::operator::Made;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::value::{Type, Value};
use std::collections::{BTreeMap, HashMap};

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "session_count",
    signature: "session_count(id, time, start, end, bin, lookback, [dimension, ...])",
    doc: "How many sessions begin in each bin of time. A row begins a session where the same id has no row less than the lookback before it.",
    parameters: &[],
    bind,
};

#[derive(Debug)]
struct SessionCount {
    timeline: Timeline,
    bounds: [Expr; 3],
    lookback: Expr,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if !call.fits(6, 64) || !call.no_schema() {
        return None;
    }
    let [start, end, bin, lookback] = [call.get(2)?, call.get(3)?, call.get(4)?, call.get(5)?];
    let bounds = [
        call.constant(start)?,
        call.constant(end)?,
        call.constant(bin)?,
    ];
    let lookback = call.constant(lookback)?;
    let (timeline, mut schema) = Timeline::bind(call, 6)?;
    schema.push(("count_sessions".to_owned(), Type::Long));
    let operator = SessionCount {
        timeline,
        bounds,
        lookback,
    };
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(false);
    Some(Planned::Made(made))
}

impl Operator for SessionCount {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let [start, end, bin] = &self.bounds;
        let (start, end, bin, _) = self.timeline.steps([start, end, bin], runtime)?;
        let lookback = self.timeline.number(&self.lookback, true, runtime)?;
        let mut out = Out::default();
        for group in self.timeline.groups(&input, runtime)? {
            runtime.check()?;
            let mut last: HashMap<u32, i64> = HashMap::new();
            let mut bins: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
            for seen in &group.seen {
                if seen.time < start && start - seen.time < lookback {
                    let what = "Rows lie less than the lookback before the start";
                    return Err(self.timeline.uncertain(what));
                }
                if seen.time == end {
                    return Err(self.timeline.uncertain("A row lies at the very end"));
                }
                if !(start..end).contains(&seen.time) {
                    continue;
                }
                let rows = bins.entry(seen.time.div_euclid(bin)).or_default();
                let before = last.insert(seen.id, seen.time);
                if before.is_none_or(|before| seen.time - before >= lookback) {
                    rows.push(seen.row);
                }
            }
            let mut expected = None;
            for (number, rows) in bins {
                if rows.is_empty() || expected.is_some_and(|e| e != number) {
                    let what = "In a bin of time no session begins";
                    return Err(self.timeline.uncertain(what));
                }
                expected = Some(number + 1);
                let count = Value::Long(rows.len() as i64);
                out.push(number.saturating_mul(bin), &group, vec![count], rows);
            }
        }
        Ok(out.finish(&self.timeline, &input, &[Type::Long]))
    }
}
