//! `summarize`: groups by key, one row each, with the events of all its rows.

pub use super::aggregate_bind::bind;
use crate::kql::aggregates::{Aggregate, Groups, Input, fast};
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::datum::Datum;
use crate::kql::run::eval::eval;
use crate::kql::run::frame::{Frame, Lazy, unique};
use crate::kql::run::{Runtime, Stop, compare, keys};
use crate::value::{Column, Lineage, Type};
use arrow_array::UInt32Array;
use std::cmp::Ordering;
use std::sync::Arc;

/// An aggregate to compute; its results are columns that the outputs refer to.
#[derive(Debug)]
pub enum Task {
    /// One value a group.
    Value {
        /// Which.
        aggregate: &'static Aggregate,
        /// Its arguments, without the predicate.
        args: Vec<Expr>,
        /// The predicate of an `-if` form.
        predicate: Option<Expr>,
        /// The result's type.
        ty: Type,
    },
    /// One row of each group: where the key is largest or smallest, or any.
    Row {
        /// What it is picked by.
        key: Option<(Expr, Ordering)>,
        /// Only rows where this is true.
        predicate: Option<Expr>,
        /// The columns taken from it.
        columns: Vec<Expr>,
    },
}

/// The operator.
#[derive(Debug)]
pub struct Summarize {
    /// The keys: the first columns of the result.
    pub keys: Vec<Expr>,
    /// The aggregates.
    pub tasks: Vec<Task>,
    /// The other columns: expressions over the aggregates' columns.
    pub outputs: Vec<Expr>,
}

/// Groups of rows, and the first row of each.
pub struct Grouping {
    /// The groups.
    pub groups: Groups,
    /// A row of each group, the first.
    pub first: Vec<u32>,
}

/// Groups rows by the values of columns; without any, all rows are one group.
pub fn group(columns: Vec<Column>, rows: usize) -> Grouping {
    if columns.is_empty() {
        return Grouping {
            groups: Groups {
                of: vec![0; rows],
                count: 1,
            },
            first: vec![0],
        };
    }
    let numbers = keys::number(&[columns], &[rows]).pop().unwrap_or_default();
    let highest = numbers.iter().max().map_or(0, |n| *n as usize + 1);
    // In the order in which the groups first occur.
    let mut place = vec![u32::MAX; highest];
    let mut first = Vec::new();
    let mut of = numbers;
    for (row, number) in of.iter_mut().enumerate() {
        if let Some(slot) = place.get_mut(*number as usize) {
            if *slot == u32::MAX {
                *slot = first.len() as u32;
                first.push(row as u32);
            }
            *number = *slot;
        }
    }
    Grouping {
        groups: Groups {
            of,
            count: first.len(),
        },
        first,
    }
}

/// The first row of each group, with the events of all its rows.
pub fn collapse(input: &Frame, grouping: &Grouping) -> Frame {
    let rows = Arc::new(UInt32Array::from(grouping.first.clone()));
    let frame = input.take(&rows);
    with_events(frame, input, &grouping.groups)
}

fn with_events(frame: Frame, input: &Frame, groups: &Groups) -> Frame {
    if !input.has_events() {
        return frame;
    }
    // The rows of a group one behind the other, so that no list grows while another does.
    let mut ends = vec![0usize; groups.count + 1];
    for group in &groups.of {
        if let Some(count) = ends.get_mut(*group as usize + 1) {
            *count += 1;
        }
    }
    for group in 0..groups.count {
        let before = ends.get(group).copied().unwrap_or(0);
        if let Some(end) = ends.get_mut(group + 1) {
            *end += before;
        }
    }
    let mut next = ends.clone();
    let mut rows = vec![0u32; groups.of.len()];
    for (row, group) in groups.of.iter().enumerate() {
        if let Some(at) = next.get_mut(*group as usize)
            && let Some(slot) = rows.get_mut(*at)
        {
            *slot = row as u32;
            *at += 1;
        }
    }
    let mut lineage = Lineage::new();
    let mut events = Vec::new();
    for group in ends.windows(2) {
        events.clear();
        if let [from, to] = group {
            for row in rows.get(*from..*to).unwrap_or(&[]) {
                input.events(*row as usize, &mut events);
            }
        }
        unique(&mut events);
        lineage.push(events.iter().copied());
    }
    frame.with_events(lineage)
}

impl Operator for Summarize {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut keys = Vec::with_capacity(self.keys.len());
        for key in &self.keys {
            keys.push(super::lazy(key, &input, runtime)?);
        }
        let grouping = group(keys.iter().map(|k| k.get().clone()).collect(), input.rows);
        runtime.check()?;
        let mut made: Vec<Column> = Vec::new();
        for task in &self.tasks {
            run_task(task, &input, &grouping.groups, runtime, &mut made)?;
            runtime.check()?;
        }
        let count = grouping.groups.count;
        let inner = Frame::of_columns(made, count);
        let mut columns: Vec<Lazy> = if self.keys.is_empty() {
            Vec::new()
        } else {
            let rows = Arc::new(UInt32Array::from(grouping.first.clone()));
            input.with_columns(keys).take(&rows).columns
        };
        for output in &self.outputs {
            columns.push(super::lazy(output, &inner, runtime)?);
        }
        let mut frame = inner.with_columns(columns);
        frame.rows = count;
        Ok(with_events(frame, &input, &grouping.groups))
    }
}

fn mask(
    predicate: Option<&Expr>,
    input: &Frame,
    runtime: &Runtime,
) -> Result<Option<Vec<bool>>, Stop> {
    let Some(predicate) = predicate else {
        return Ok(None);
    };
    let truth = eval(predicate, input, runtime)?;
    Ok(Some(
        (0..input.rows)
            .map(|row| truth.truth(row) == Some(true))
            .collect(),
    ))
}

fn run_task(
    task: &Task,
    input: &Frame,
    groups: &Groups,
    runtime: &Runtime,
    made: &mut Vec<Column>,
) -> Result<(), Stop> {
    match task {
        Task::Value {
            aggregate,
            args,
            predicate,
            ty,
        } => {
            let mut data = Vec::with_capacity(args.len());
            for arg in args {
                data.push(eval(arg, input, runtime)?);
            }
            let keep = mask(predicate.as_ref(), input, runtime)?;
            let input = Input {
                args: &data,
                keep,
                groups,
                ty: *ty,
            };
            made.push(
                fast::compute(aggregate.name(), &input).unwrap_or_else(|| (aggregate.body)(&input)),
            );
        }
        Task::Row {
            key,
            predicate,
            columns,
        } => {
            let keep = mask(predicate.as_ref(), input, runtime)?;
            let picked = match key {
                Some((key, wanted)) => {
                    let key = eval(key, input, runtime)?;
                    fast::extreme_rows(&key, *wanted, keep.as_deref(), groups)
                        .unwrap_or_else(|| pick_extreme(&key, *wanted, keep.as_deref(), groups))
                }
                None => pick_any(keep.as_deref(), groups),
            };
            let picked = Arc::new(UInt32Array::from(picked));
            let mut sources = Vec::with_capacity(columns.len());
            for column in columns {
                sources.push(super::lazy(column, input, runtime)?);
            }
            let taken = input.with_columns(sources).take(&picked);
            made.extend(taken.columns.iter().map(|c| c.get().clone()));
        }
    }
    Ok(())
}

fn kept(keep: Option<&[bool]>, row: usize) -> bool {
    keep.is_none_or(|k| k.get(row).copied().unwrap_or(false))
}

fn pick_any(keep: Option<&[bool]>, groups: &Groups) -> Vec<Option<u32>> {
    let mut picked = vec![None; groups.count];
    for (row, group) in groups.of.iter().enumerate() {
        if let Some(slot) = picked.get_mut(*group as usize)
            && slot.is_none()
            && kept(keep, row)
        {
            *slot = Some(row as u32);
        }
    }
    picked
}

/// The row whose key is largest or smallest; a row with a null key only where there is no other.
fn pick_extreme(
    key: &Datum,
    wanted: Ordering,
    keep: Option<&[bool]>,
    groups: &Groups,
) -> Vec<Option<u32>> {
    let mut picked: Vec<Option<u32>> = vec![None; groups.count];
    for (row, group) in groups.of.iter().enumerate() {
        let Some(slot) = picked.get_mut(*group as usize) else {
            continue;
        };
        if !kept(keep, row) {
            continue;
        }
        let better = match slot {
            None => true,
            Some(best) => {
                let best = *best as usize;
                match (key.is_null(row), key.is_null(best)) {
                    (true, _) => false,
                    (false, true) => true,
                    _ => compare::order(&key.value(row), &key.value(best)) == Some(wanted),
                }
            }
        };
        if better {
            *slot = Some(row as u32);
        }
    }
    picked
}
