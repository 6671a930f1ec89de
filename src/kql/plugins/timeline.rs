//! What the plugins over a timeline share: who did something when, and rows made of it.

use super::{Call, stop};
use crate::diagnostic::Span;
use crate::kql::plan::{Expr, Schema};
use crate::kql::run::eval::constant;
use crate::kql::run::frame::{Frame, Lazy, unique};
use crate::kql::run::{Runtime, Stop, convert, keys};
use crate::kql::syntax::tree;
use crate::value::{Column, ColumnBuilder, Lineage, Type, Value};
use arrow_array::UInt32Array;
use std::sync::Arc;

/// Most steps of a timeline.
const MAX_STEPS: i64 = 1_000_000;

/// The columns a plugin reads.
#[derive(Clone, Debug)]
pub struct Timeline {
    id: usize,
    time: usize,
    dimensions: Vec<usize>,
    /// The type of the timeline: datetime, long, int or timespan.
    pub ty: Type,
    /// The plugin's name.
    pub name: Span,
}

/// Somebody at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// When.
    pub time: i64,
    /// Who: equal numbers are equal values.
    pub id: u32,
    /// In which row.
    pub row: u32,
}

/// The rows of one combination of dimensions, by time.
#[derive(Debug, Default)]
pub struct Group {
    /// One of its rows.
    pub first: u32,
    /// What was seen.
    pub seen: Vec<Seen>,
}

impl Timeline {
    /// Reads the first two arguments and the dimensions from a place on; the columns of the result so far.
    pub fn bind(call: &mut Call, from: usize) -> Option<(Self, Schema)> {
        let time = call.get(1)?;
        Self::over(call, 0, time, from)
    }

    /// The same with the places of the ids and of the timeline given.
    pub fn over(
        call: &mut Call,
        id: usize,
        time: &tree::Expr,
        from: usize,
    ) -> Option<(Self, Schema)> {
        let id = call.get(id)?;
        let (id, _) = call.column(id)?;
        let at = time.span;
        let (time, ty) = call.column(time)?;
        if !matches!(ty, Type::DateTime | Type::Long | Type::Int | Type::TimeSpan) {
            let message = format!("A timeline of type {ty} is not supported");
            call.binder.error("KQL-unsupported", at, message);
            return None;
        }
        let mut dimensions = Vec::new();
        let rest: Vec<_> = call.rest(from).collect();
        for expr in rest {
            dimensions.push(call.column(expr)?.0);
        }
        let mut schema: Schema = vec![(call.column_name(time), ty)];
        for at in &dimensions {
            schema.extend(call.input.schema.get(*at).cloned());
        }
        let timeline = Self {
            id,
            time,
            dimensions,
            ty,
            name: call.name,
        };
        Some((timeline, schema))
    }

    /// The rows by dimensions, each group by time. Rows without a time are in none.
    pub fn groups(&self, input: &Frame, runtime: &Runtime) -> Result<Vec<Group>, Stop> {
        let column = |at: &usize| input.columns.get(*at).map(|c| c.get().clone());
        let rows = input.rows;
        let number = |columns: Vec<Column>| -> Vec<u32> {
            if columns.is_empty() {
                return vec![0; rows];
            }
            keys::number(&[columns], &[rows]).pop().unwrap_or_default()
        };
        let ids = number(column(&self.id).into_iter().collect());
        let of = number(self.dimensions.iter().filter_map(column).collect());
        let Some(times) = column(&self.time) else {
            return Ok(Vec::new());
        };
        let mut place: std::collections::HashMap<u32, usize> = std::collections::HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for row in 0..rows {
            if row % 65_536 == 0 {
                runtime.check()?;
            }
            let Some(time) = convert::long(&times.value(row)) else {
                continue;
            };
            let key = of.get(row).copied().unwrap_or_default();
            let at = *place.entry(key).or_insert(groups.len());
            if at == groups.len() {
                groups.push(Group {
                    first: row as u32,
                    seen: Vec::new(),
                });
            }
            if let Some(group) = groups.get_mut(at) {
                group.seen.push(Seen {
                    time,
                    id: ids.get(row).copied().unwrap_or_default(),
                    row: row as u32,
                });
            }
        }
        for group in &mut groups {
            group.seen.sort_by_key(|s| s.time);
        }
        Ok(groups)
    }

    /// A constant of the timeline as a number; a length of time or a point in it.
    pub fn number(&self, expr: &Expr, length: bool, runtime: &Runtime) -> Result<i64, Stop> {
        let value = constant(expr, runtime)?;
        let fits = matches!(
            (&value, self.ty, length),
            (Value::TimeSpan(_), Type::DateTime | Type::TimeSpan, true)
                | (Value::TimeSpan(_), Type::TimeSpan, false)
                | (Value::DateTime(_), Type::DateTime, false)
                | (Value::Long(_) | Value::Int(_), Type::Long | Type::Int, _)
        );
        let number = convert::long(&value).filter(|n| fits && (!length || *n > 0));
        number.ok_or_else(|| {
            let what = if length { "length above 0" } else { "point" };
            let message = format!("A {what} of the timeline ({}) is expected here", self.ty);
            stop("KQL107", expr.span, message)
        })
    }

    /// Start, end, step and how many steps there are.
    pub fn steps(
        &self,
        bounds: [&Expr; 3],
        runtime: &Runtime,
    ) -> Result<(i64, i64, i64, i64), Stop> {
        let [start, end, step] = bounds;
        let span = end.span;
        let (start, end) = (
            self.number(start, false, runtime)?,
            self.number(end, false, runtime)?,
        );
        let step = self.number(step, true, runtime)?;
        let length = end.checked_sub(start).unwrap_or(i64::MAX);
        let count = if length < 0 { 0 } else { length / step + 1 };
        if count > MAX_STEPS {
            let message = format!("There are more than {MAX_STEPS} steps from start to end");
            return Err(stop("KQL-limit", span, message));
        }
        Ok((start, end, step, count))
    }

    /// Ends the run: what comes of this is not documented.
    pub fn uncertain(&self, what: &str) -> Stop {
        stop(
            "KQL-unsupported",
            self.name,
            format!("{what}: what the platform then gives is not certain"),
        )
    }
}

/// Rows on their way out.
#[derive(Debug, Default)]
pub struct Out {
    times: Vec<i64>,
    firsts: Vec<u32>,
    values: Vec<Vec<Value>>,
    rows: Vec<Vec<u32>>,
}

impl Out {
    /// Adds a row: its time, its group, its values, the rows it was made of.
    pub fn push(&mut self, time: i64, group: &Group, values: Vec<Value>, rows: Vec<u32>) {
        self.times.push(time);
        self.firsts.push(group.first);
        self.values.push(values);
        self.rows.push(rows);
    }

    /// The rows with these types behind the time and the dimensions.
    pub fn finish(self, timeline: &Timeline, input: &Frame, types: &[Type]) -> Frame {
        let count = self.times.len();
        let mut time = ColumnBuilder::new(timeline.ty);
        for at in &self.times {
            time.push(&match timeline.ty {
                Type::DateTime => Value::DateTime(*at),
                Type::TimeSpan => Value::TimeSpan(*at),
                Type::Int => i32::try_from(*at).map_or(Value::Null, Value::Int),
                _ => Value::Long(*at),
            });
        }
        let mut columns = vec![Lazy::new(time.finish())];
        let taken = input.take(&Arc::new(UInt32Array::from(self.firsts)));
        columns.extend(
            timeline
                .dimensions
                .iter()
                .filter_map(|at| taken.columns.get(*at).cloned()),
        );
        for (place, ty) in types.iter().enumerate() {
            let mut builder = ColumnBuilder::new(*ty);
            for row in &self.values {
                builder.push(row.get(place).unwrap_or(&Value::Null));
            }
            columns.push(Lazy::new(builder.finish()));
        }
        let mut frame = Frame::of_columns(Vec::new(), count).with_columns(columns);
        if input.has_events() {
            let mut lineage = Lineage::new();
            let mut events = Vec::new();
            for rows in &self.rows {
                events.clear();
                for row in rows {
                    input.events(*row as usize, &mut events);
                }
                unique(&mut events);
                lineage.push(events.iter().copied());
            }
            frame = frame.with_events(lineage);
        }
        frame
    }
}
