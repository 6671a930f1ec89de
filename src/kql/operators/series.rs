//! `make-series`: aggregates in bins of equal width along an axis, one row of arrays a group. Bins without rows get
//! a default.

use super::aggregate;
use crate::diagnostic::Span;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, auto_name, unique_name};
use crate::kql::plan::{Expr, Operator, Schema};
use crate::kql::run::eval::{constant, eval};
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::kql::syntax::tree_rows::MakeSeries;
use crate::value::{Column, ColumnBuilder, Type, Value};
use arrow_array::UInt32Array;
use serde_json::Value as Json;
use std::sync::Arc;

/// Most values of one array, as on the platform.
const MOST: i64 = 1 << 20;
/// Most values of all arrays of one column together.
const MOST_CELLS: i64 = 1 << 25;
/// The column of the bin's number, on the way.
const BIN: &str = "#bin";

#[derive(Debug)]
struct Series {
    axis: Expr,
    from: Option<Expr>,
    to: Option<Expr>,
    step: Expr,
    /// The older form: bins from 0, and the high bound belongs to the series.
    in_range: bool,
    nonempty: bool,
    /// The aggregates of every group and bin.
    summarize: Box<dyn Operator>,
    /// How many keys there are.
    keys: usize,
    /// Type and default of the aggregates.
    values: Vec<(Type, Option<Expr>)>,
    span: Span,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    series: &MakeSeries,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let axis = binder.scalar(&series.axis.value, input.row());
    let mut bound = |e: &Option<tree::Expr>| e.as_ref().map(|e| binder.scalar(e, Row::NONE));
    let (from, to) = (bound(&series.from), bound(&series.to));
    let step = binder.scalar(&series.step, Row::NONE);
    check_axis(binder, &axis, [from.as_ref(), to.as_ref()], &step);
    if to.is_some() && from.is_none() {
        let message = "`make-series` with `to` and without `from` is not supported";
        binder.error("KQL-unsupported", span, message);
    }
    // The aggregates of every group and bin are those of `summarize`.
    let mut schema = input.schema.clone();
    schema.push((BIN.to_owned(), Type::Long));
    let inner = binder.inner_input(schema, input.open);
    let items: Vec<tree::Named> = series.items.iter().map(|(i, _)| i.clone()).collect();
    let mut keys = series.keys.clone();
    keys.push(tree::Named {
        names: Vec::new(),
        value: tree::Expr {
            kind: ExprKind::Name(BIN.to_owned()),
            span,
        },
    });
    let made = aggregate::bind(binder, &items, &keys, &inner)?;
    let keys = series.keys.len();
    let mut schema: Schema = made.schema.iter().take(keys).cloned().collect();
    let mut values = Vec::new();
    let one_each = made.schema.len() == keys + 1 + series.items.len();
    for (at, (name, ty)) in made.schema.iter().skip(keys + 1).enumerate() {
        let default = series.items.get(if one_each { at } else { 0 });
        let default = default.and_then(|(_, d)| d.as_ref());
        let default = default.map(|d| binder.scalar(d, Row::NONE));
        if matches!(ty, Type::Dynamic | Type::String | Type::Guid | Type::Bool) {
            let message =
                format!("`make-series` takes aggregates that are numbers; `{name}` is {ty}");
            let place = series.items.get(at).map_or(span, |(i, _)| i.value.span);
            binder.error("KQL-unsupported", place, message);
        }
        schema.push((name.clone(), Type::Dynamic));
        values.push((*ty, default));
    }
    if !one_each && series.items.iter().any(|(_, d)| d.is_some()) && series.items.len() > 1 {
        let message = "`default` beside an aggregate of several columns is not supported";
        binder.error("KQL-unsupported", span, message);
    }
    let name = match series.axis.names.first() {
        Some(name) => name.text.clone(),
        None => auto_name(&series.axis.value).unwrap_or_else(|| "Column1".to_owned()),
    };
    if series
        .items
        .iter()
        .any(|(i, _)| i.names.iter().any(|n| n.text == name))
    {
        let message = format!("The column `{name}` is there already");
        binder.error("KQL-duplicate", series.axis.value.span, message);
    }
    schema.push((unique_name(&name, &schema), Type::Dynamic));
    let operator = Series {
        axis,
        from,
        to,
        step,
        in_range: series.in_range,
        nonempty: series.nonempty,
        summarize: made.operator,
        keys,
        values,
        span,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(false);
    Some(made.ordered(false))
}

fn check_axis(binder: &mut Binder, axis: &Expr, bounds: [Option<&Expr>; 2], step: &Expr) {
    let (Some(ty), Some(width)) = (axis.ty, step.ty) else {
        return;
    };
    let number = |t: Type| matches!(t, Type::Int | Type::Long | Type::Real);
    let fits = match ty {
        Type::DateTime | Type::TimeSpan => width == Type::TimeSpan,
        ty if number(ty) => number(width),
        _ => false,
    };
    if !fits {
        let message = format!("The steps of an axis of {ty} cannot be {width}");
        binder.error("KQL178", step.span, message);
        return;
    }
    for bound in bounds.into_iter().flatten() {
        let fits = bound.ty.is_none_or(|b| b == ty || number(b) && number(ty));
        if !fits {
            let message = format!("The axis is {ty}, and this is {}", bound.type_or_dynamic());
            binder.error("KQL178", bound.span, message);
        }
    }
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
            return Ok(match ty {
                Type::Real => Value::Real(0.0).to_json(),
                Type::DateTime => Value::DateTime(0).to_json(),
                Type::TimeSpan => Value::TimeSpan(0).to_json(),
                _ => Json::from(0),
            });
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
