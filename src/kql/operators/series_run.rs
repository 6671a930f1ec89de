//! `make-series`: rows to bins, bins to arrays.

use super::aggregate;
use crate::diagnostic::Span;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::eval::{constant, eval};
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop, convert};
use crate::value::{Column, ColumnBuilder, Type, Value};
use arrow_array::UInt32Array;
use serde_json::Value as Json;
use std::sync::Arc;

/// Most values of one array, as on the platform.
const MOST: i64 = 1 << 20;
/// Most values of all arrays of one column together.
const MOST_CELLS: i64 = 1 << 25;

/// The operator.
#[derive(Debug)]
pub struct Series {
    /// What the series run along.
    pub axis: Expr,
    /// The low bound.
    pub from: Option<Expr>,
    /// The high bound.
    pub to: Option<Expr>,
    /// The width of a bin.
    pub step: Expr,
    /// The older form: bins from 0, and the high bound belongs to the series.
    pub in_range: bool,
    /// Whether no rows give one series of defaults.
    pub nonempty: bool,
    /// The aggregates of every group and bin.
    pub summarize: Box<dyn Operator>,
    /// How many keys there are.
    pub keys: usize,
    /// Type and default of the aggregates.
    pub values: Vec<(Type, Option<Expr>)>,
    /// Where it stands.
    pub span: Span,
}

/// The axis in numbers: whole ones exactly, reals as they are.
enum Grid {
    Whole { origin: i64, step: i64 },
    Real { origin: f64, step: f64 },
}

impl Grid {
    /// The bin of a value.
    fn bin(&self, value: &Value) -> Option<i64> {
        match self {
            Grid::Whole { origin, step } => {
                let distance = i128::from(convert::long(value)?) - i128::from(*origin);
                i64::try_from(distance.div_euclid(i128::from(*step))).ok()
            }
            Grid::Real { origin, step } => {
                let bin = ((convert::real(value)? - origin) / step).floor();
                (bin.abs() < 9e15).then_some(bin as i64)
            }
        }
    }

    /// Whether a value is where a bin begins.
    fn is_edge(&self, value: &Value) -> bool {
        match self {
            Grid::Whole { origin, step } => convert::long(value)
                .is_some_and(|v| (i128::from(v) - i128::from(*origin)) % i128::from(*step) == 0),
            Grid::Real { origin, step } => {
                convert::real(value).is_some_and(|v| ((v - origin) / step).fract() == 0.0)
            }
        }
    }

    /// Where a bin begins.
    fn edge(&self, bin: i64, ty: Type) -> Json {
        match self {
            Grid::Whole { origin, step } => {
                let at = i128::from(*origin) + i128::from(bin) * i128::from(*step);
                let at = i64::try_from(at).unwrap_or(i64::MAX);
                match ty {
                    Type::DateTime => Value::DateTime(at).to_json(),
                    Type::TimeSpan => Value::TimeSpan(at).to_json(),
                    _ => Json::from(at),
                }
            }
            Grid::Real { origin, step } => Value::Real(origin + bin as f64 * step).to_json(),
        }
    }
}

/// What the bounds say: the grid, the first bin and the bin behind the last, where they are given.
struct Bounds {
    grid: Grid,
    low: Option<i64>,
    high: Option<i64>,
    /// The high bound of the older form.
    stop: Option<Value>,
}

impl Series {
    fn failed(&self, message: &str) -> Stop {
        Stop::Failed(Box::new(crate::diagnostic::Diagnostic::error(
            "KQL-unsupported",
            self.span,
            message,
        )))
    }

    fn bounds(&self, runtime: &Runtime) -> Result<Bounds, Stop> {
        let value = |e: &Option<Expr>| e.as_ref().map(|e| constant(e, runtime)).transpose();
        let (from, to) = (value(&self.from)?, value(&self.to)?);
        let step = constant(&self.step, runtime)?;
        let types = [
            Some(&self.axis),
            Some(&self.step),
            self.from.as_ref(),
            self.to.as_ref(),
        ];
        let real = types
            .into_iter()
            .flatten()
            .any(|e| e.ty == Some(Type::Real));
        let null = [&from, &to].into_iter().flatten().any(Value::is_null);
        let positive = convert::real(&step).is_some_and(|s| s > 0.0 && s.is_finite());
        if null || !positive {
            return Err(self.failed(
                "The bounds of `make-series` must not be null, and its step must be more than 0",
            ));
        }
        let origin = if self.in_range { None } else { from.as_ref() };
        let grid = if real {
            Grid::Real {
                origin: origin.and_then(convert::real).unwrap_or(0.0),
                step: convert::real(&step).unwrap_or(1.0),
            }
        } else {
            Grid::Whole {
                origin: origin.and_then(convert::long).unwrap_or(0),
                step: convert::long(&step).unwrap_or(1).max(1),
            }
        };
        if !self.in_range {
            // The bin behind the last: the first whose beginning is not below the high bound.
            let high = match &to {
                Some(to) => grid.bin(to).map(|b| b + i64::from(!grid.is_edge(to))),
                None => None,
            };
            let low = from.is_some().then_some(0);
            return Ok(Bounds {
                grid,
                low,
                high,
                stop: None,
            });
        }
        let (Some(from), Some(to)) = (from, to) else {
            return Err(self.failed("`in range(…)` needs two bounds and a step"));
        };
        if !grid.is_edge(&from) {
            return Err(self.failed(
                "`make-series … in range(…)` whose start is not a multiple of the step does not run here; write `from … to … step …` instead",
            ));
        }
        Ok(Bounds {
            low: grid.bin(&from),
            high: grid.bin(&to).map(|b| b + 1),
            grid,
            stop: Some(to),
        })
    }

    /// The rows that are in bounds, and their bins.
    fn bins(
        &self,
        axis: &Column,
        bounds: &Bounds,
        to: Option<&Value>,
    ) -> Result<(Vec<u32>, ColumnBuilder), Stop> {
        let mut rows = Vec::new();
        let mut bins = ColumnBuilder::new(Type::Long);
        let above = |value: &Value, limit: &Value| {
            crate::kql::run::compare::order(value, limit).is_some_and(std::cmp::Ordering::is_gt)
        };
        for row in 0..axis.len() {
            let value = axis.value(row);
            let Some(bin) = bounds.grid.bin(&value).filter(|_| !value.is_null()) else {
                continue;
            };
            let inside = bounds.low.is_none_or(|low| bin >= low)
                && bounds.high.is_none_or(|high| bin < high);
            if !inside {
                continue;
            }
            if let Some(stop) = &bounds.stop
                && above(&value, stop)
            {
                return Err(self.failed(
                    "`make-series … in range(…)` with rows behind its end, in its last bin, does not run here; write `from … to … step …` instead",
                ));
            }
            // The last bin may end behind the high bound; its rows do not.
            if let Some(to) = to
                && !above(to, &value)
            {
                continue;
            }
            rows.push(row as u32);
            bins.push(&Value::Long(bin));
        }
        Ok((rows, bins))
    }
}

impl Operator for Series {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let bounds = self.bounds(runtime)?;
        let to = match &self.to {
            Some(to) if !self.in_range => Some(constant(to, runtime)?),
            _ => None,
        };
        let axis = eval(&self.axis, &input, runtime)?.into_column(input.rows);
        let (rows, bins) = self.bins(&axis, &bounds, to.as_ref())?;
        runtime.check()?;
        let kept = input.take(&Arc::new(UInt32Array::from(rows)));
        let mut columns = kept.columns.clone();
        columns.push(Lazy::new(bins.finish()));
        let binned = self.summarize.run(kept.with_columns(columns), runtime)?;
        runtime.check()?;
        let mut defaults = Vec::with_capacity(self.values.len());
        for (ty, default) in &self.values {
            defaults.push(self.default(*ty, default.as_ref(), runtime)?);
        }
        let column = |at: usize| binned.columns.get(at).map(Lazy::get);
        let keys: Vec<Column> = (0..self.keys).filter_map(column).cloned().collect();
        let mut ranges: Vec<Option<(i64, i64)>> = Vec::new();
        let mut grouped = aggregate::group(keys, binned.rows);
        if binned.rows == 0 {
            grouped.groups.count = 0;
            grouped.first.clear();
        }
        ranges.resize(grouped.groups.count, None);
        let bin_of: Vec<i64> = match column(self.keys) {
            Some(c) => (0..binned.rows)
                .filter_map(|r| convert::long(&c.value(r)))
                .collect(),
            None => Vec::new(),
        };
        for (bin, group) in bin_of.iter().zip(&grouped.groups.of) {
            if let Some(range) = ranges.get_mut(*group as usize) {
                let (low, high) = range.unwrap_or((*bin, *bin + 1));
                *range = Some((low.min(*bin), high.max(*bin + 1)));
            }
        }
        let empty = grouped.groups.count == 0 && self.nonempty;
        if empty {
            if self.keys > 0 || bounds.low.is_none() || bounds.high.is_none() {
                return Err(self.failed(
                    "`kind=nonempty` over no rows needs `from` and `to`, and no keys, here",
                ));
            }
            ranges.push(None);
        }
        let mut cells = 0i64;
        let ranges: Vec<(i64, i64)> = ranges
            .into_iter()
            .map(|range| {
                let (low, high) = range.unwrap_or((0, 0));
                let low = bounds.low.unwrap_or(low);
                (low, bounds.high.unwrap_or(high).max(low))
            })
            .collect();
        for (low, high) in &ranges {
            let size = high.saturating_sub(*low);
            cells = cells.saturating_add(size);
            if size > MOST || cells > MOST_CELLS {
                let message = format!(
                    "A series has more than {MOST} values, or all together more than {MOST_CELLS}"
                );
                return Err(Stop::limit(self.span, message));
            }
        }
        let mut columns: Vec<Lazy> = Vec::new();
        let events = if empty {
            None
        } else {
            let collapsed = aggregate::collapse(&binned, &grouped);
            columns.extend(collapsed.columns.iter().take(self.keys).cloned());
            Some(collapsed)
        };
        for (at, default) in defaults.iter().enumerate() {
            let mut arrays: Vec<Vec<Json>> = ranges
                .iter()
                .map(|(low, high)| vec![default.clone(); usize::try_from(high - low).unwrap_or(0)])
                .collect();
            if let Some(values) = column(self.keys + 1 + at) {
                for (row, (bin, group)) in bin_of.iter().zip(&grouped.groups.of).enumerate() {
                    let group = *group as usize;
                    let low = ranges.get(group).map_or(0, |r| r.0);
                    let slot = arrays
                        .get_mut(group)
                        .and_then(|a| a.get_mut(usize::try_from(bin - low).ok()?));
                    if let Some(slot) = slot {
                        *slot = values.value(row).to_json();
                    }
                }
            }
            columns.push(texts(arrays));
            runtime.check()?;
        }
        let ty = self.axis.type_or_dynamic();
        columns.push(texts(ranges.iter().map(|(low, high)| {
            (*low..*high).map(|bin| bounds.grid.edge(bin, ty)).collect()
        })));
        let mut frame = events.unwrap_or_default().with_columns(columns);
        frame.rows = ranges.len();
        Ok(frame)
    }
}

impl Series {
    /// What an empty bin gets: the default as the aggregate's type.
    fn default(&self, ty: Type, default: Option<&Expr>, runtime: &Runtime) -> Result<Json, Stop> {
        let Some(default) = default else {
            return match ty {
                Type::Real => Ok(Value::Real(0.0).to_json()),
                Type::Int | Type::Long => Ok(Json::from(0)),
                _ => Err(self.failed(
                    "An aggregate of datetime, timespan or decimal in `make-series` needs a `default` here",
                )),
            };
        };
        let value = constant(default, runtime)?;
        if value.is_null() {
            return Ok(Json::Null);
        }
        let converted = convert::convert(&value, ty);
        if converted.is_null() || convert::real(&converted) != convert::real(&value) {
            let message = format!("The default cannot be told as {ty}, the aggregate's type");
            return Err(Stop::Failed(Box::new(
                crate::diagnostic::Diagnostic::error("KQL-unsupported", default.span, message),
            )));
        }
        Ok(converted.to_json())
    }
}

fn texts(arrays: impl IntoIterator<Item = Vec<Json>>) -> Lazy {
    let mut builder = ColumnBuilder::new(Type::Dynamic);
    for array in arrays {
        builder.push_text(&Json::Array(array).to_string());
    }
    Lazy::new(builder.finish())
}
