//! `sliding_window_counts`: how many rows and ids lie in a window that ends with each step.

use super::timeline::{Out, Timeline};
use super::{Call, Planned, Plugin};
use crate::kql::bind::operator::Made;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::value::{Type, Value};
use std::collections::HashSet;

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "sliding_window_counts",
    signature: "sliding_window_counts(id, time, start, end, lookback, bin, [dimension, ...])",
    doc: "For each bin of time how many rows and how many different ids lie in the lookback that ends with it. Bins whose lookback is empty are left out.",
    parameters: &[],
    bind,
};

#[derive(Debug)]
struct SlidingWindow {
    timeline: Timeline,
    bounds: [Expr; 3],
    lookback: Expr,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if !call.fits(6, 64) || !call.no_schema() {
        return None;
    }
    let [start, end, lookback, bin] = [call.get(2)?, call.get(3)?, call.get(4)?, call.get(5)?];
    let bounds = [
        call.constant(start)?,
        call.constant(end)?,
        call.constant(bin)?,
    ];
    let lookback = call.constant(lookback)?;
    if let [_, _, bin] = &bounds
        && bin.ty == Some(Type::String)
    {
        let message = "A step of a week, month or year is not supported here";
        call.binder.error("KQL-unsupported", bin.span, message);
        return None;
    }
    let (timeline, mut schema) = Timeline::bind(call, 6)?;
    schema.push(("Count".to_owned(), Type::Long));
    schema.push(("Dcount".to_owned(), Type::Long));
    let operator = SlidingWindow {
        timeline,
        bounds,
        lookback,
    };
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(false);
    Some(Planned::Made(made))
}

impl Operator for SlidingWindow {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let [start, end, bin] = &self.bounds;
        let (start, end, bin, count) = self.timeline.steps([start, end, bin], runtime)?;
        let lookback = self.timeline.number(&self.lookback, true, runtime)?;
        // A lookback is a whole number of bins, rounded down.
        let bins = (lookback / bin).max(1);
        let mut out = Out::default();
        for group in self.timeline.groups(&input, runtime)? {
            let early = |t: i64| t < start && start - t < bins.saturating_mul(bin);
            if group.seen.iter().any(|s| early(s.time)) {
                let what = "Rows lie less than the lookback before the start";
                return Err(self.timeline.uncertain(what));
            }
            let inside: Vec<_> = group
                .seen
                .iter()
                .filter(|s| (start..=end).contains(&s.time))
                .collect();
            for n in 0..count {
                runtime.check()?;
                let number = |t: i64| (t - start) / bin;
                let from = inside.partition_point(|s| number(s.time) <= n - bins);
                let to = inside.partition_point(|s| number(s.time) <= n);
                let window = inside.get(from..to).unwrap_or(&[]);
                if window.is_empty() {
                    continue;
                }
                let ids: HashSet<u32> = window.iter().map(|s| s.id).collect();
                let values = vec![
                    Value::Long(window.len() as i64),
                    Value::Long(ids.len() as i64),
                ];
                let rows = window.iter().map(|s| s.row).collect();
                out.push(start + n * bin, &group, values, rows);
            }
        }
        Ok(out.finish(&self.timeline, &input, &[Type::Long, Type::Long]))
    }
}
