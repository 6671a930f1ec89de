//! `rolling_percentile`: a percentile of the values in a window of bins that ends with each bin.

use super::timeline::{Out, Timeline};
use super::{Call, Planned, Plugin, stop};
use crate::kql::bind::operator::Made;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, compare};
use crate::value::{Type, Value};
use std::cmp::Ordering;

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "rolling_percentile",
    signature: "rolling_percentile(value, percent, index, bin, bins, [dimension, ...])",
    doc: "For each bin of an index the value below which so many percent of the values lie, over the last so many bins.",
    parameters: &[],
    bind,
};

#[derive(Debug)]
struct RollingPercentile {
    timeline: Timeline,
    value: usize,
    ty: Type,
    percent: f64,
    bin: Expr,
    bins: i64,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if !call.fits(5, 64) || !call.no_schema() {
        return None;
    }
    let value = call.get(0)?;
    let value_span = value.span;
    let (value, ty) = call.column(value)?;
    if !matches!(ty, Type::Int | Type::Long | Type::Real) {
        let message = format!("Numbers are expected here, and this is {ty}");
        call.binder.error("KQL107", value_span, message);
        return None;
    }
    let [percent, index, bin, bins] = [call.get(1)?, call.get(2)?, call.get(3)?, call.get(4)?];
    let percent_value = call.known(percent)?;
    let bins_value = call.known(bins)?;
    let (Some(share), Some(count)) = (
        crate::kql::run::convert::real(&percent_value),
        crate::kql::run::convert::long(&bins_value).filter(|n| *n > 0),
    ) else {
        call.error(
            "KQL107",
            "A percent and a number of bins above 0 are expected",
        );
        return None;
    };
    let bin = call.constant(bin)?;
    let (timeline, mut schema) = Timeline::over(call, 0, index, 5)?;
    let name = format!(
        "rolling_{count}_percentile_{}_{}",
        call.column_name(value),
        percent_value.display()
    );
    schema.push((name, ty));
    let operator = RollingPercentile {
        timeline,
        value,
        ty,
        percent: share,
        bin,
        bins: count,
    };
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(false);
    Some(Planned::Made(made))
}

impl Operator for RollingPercentile {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let bin = self.timeline.number(&self.bin, true, runtime)?;
        let Some(values) = input.columns.get(self.value) else {
            return Ok(input);
        };
        let values = values.get();
        let groups = self.timeline.groups(&input, runtime)?;
        let number = |t: i64| t.div_euclid(bin);
        let all = groups.iter().flat_map(|g| &g.seen).map(|s| number(s.time));
        let range = (all.clone().min(), all.max());
        let (Some(first), Some(last)) = range else {
            return Ok(Out::default().finish(&self.timeline, &input, &[self.ty]));
        };
        if last - first > 1_000_000 {
            let message = "There are more than 1000000 bins";
            return Err(stop("KQL-limit", self.timeline.name, message));
        }
        let mut out = Out::default();
        for group in &groups {
            for at in first..=last {
                runtime.check()?;
                let from = group
                    .seen
                    .partition_point(|s| number(s.time) <= at - self.bins);
                let begin = group.seen.partition_point(|s| number(s.time) < at);
                let to = group.seen.partition_point(|s| number(s.time) <= at);
                if begin == to {
                    return Err(self.timeline.uncertain("A bin has no rows"));
                }
                let window = group.seen.get(from..to).unwrap_or(&[]);
                let mut list: Vec<Value> = window
                    .iter()
                    .map(|s| values.value(s.row as usize))
                    .filter(|v| !v.is_null())
                    .collect();
                list.sort_by(|a, b| compare::order(a, b).unwrap_or(Ordering::Equal));
                let rank = (self.percent / 100.0 * list.len() as f64).ceil().max(1.0) as usize;
                let place = rank.min(list.len()).saturating_sub(1);
                let value = list.get(place).cloned().unwrap_or(Value::Null);
                let rows = window.iter().map(|s| s.row).collect();
                out.push(at.saturating_mul(bin), group, vec![value], rows);
            }
        }
        Ok(out.finish(&self.timeline, &input, &[self.ty]))
    }
}
