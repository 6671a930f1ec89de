//! Answers a question of a table: the rows it asks for in its order, and how they lie in time. Reads only the columns
//! that the question names.

use super::filter::{self, Needle};
use super::histogram::{self, Histogram};
use super::query::{Query, time_column};
use super::sort;
use super::source::Source;
use crate::task::{CancelToken, Progress};
use crate::value::time::MAX_DATETIME;
use crate::value::{Column, Type};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use std::sync::Arc;

/// Rows of a column that are read at once when a text is looked for: what was read is forgotten.
const PIECE: usize = 32 << 10;

/// The rows that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Selected {
    /// Numbers of the table's rows; none: all of them in the table's own order.
    pub order: Option<Arc<[u32]>>,
    /// How the rows lie in time, where they have one.
    pub histogram: Option<Histogram>,
}

impl Selected {
    /// How many rows there are, of a table of so many.
    pub fn len(&self, of: usize) -> usize {
        self.order.as_ref().map_or(of, |order| order.len())
    }

    /// The table's row at a place.
    pub fn row(&self, place: usize) -> Option<usize> {
        match &self.order {
            Some(order) => order.get(place).map(|row| *row as usize),
            None => Some(place),
        }
    }

    /// Where a row of the table is.
    pub fn place(&self, row: usize) -> Option<usize> {
        match &self.order {
            Some(order) => order.iter().position(|r| *r as usize == row),
            None => Some(row),
        }
    }
}

/// Selects. Progress counts rows that were looked at for a text.
///
/// # Errors
/// Why it cannot be done, in one sentence; that it was cancelled, too.
pub fn select(
    source: &Source,
    query: &Query,
    cancel: &CancelToken,
    progress: &Progress,
) -> Result<Selected, String> {
    let rows = source.rows();
    let count = u32::try_from(rows).map_err(|_| "the table has too many rows".to_owned())?;
    let schema = source.schema();
    let at = |name: &str| {
        let found = schema.iter().position(|(n, _)| n == name);
        found.ok_or_else(|| format!("there is no column {name} any more: remove its filter"))
    };
    let mut kept: Option<Vec<bool>> = None;
    for condition in &query.filters {
        stop(cancel)?;
        let column = source.whole(at(&condition.column)?, cancel)?;
        and(&mut kept, filter::keep(&column, condition));
    }
    if let Some(needle) = Needle::new(query.text.trim()) {
        let within = query.within.iter().filter_map(|name| at(name).ok());
        let within: Vec<usize> = within.collect();
        let found = with_text(source, &needle, &within, kept.as_deref(), cancel, progress)?;
        kept = Some(found);
    }
    stop(cancel)?;
    let times = match time_column(&schema) {
        Some(column) => Some(source.whole(column, cancel)?),
        None => None,
    };
    let times = times.as_ref().filter(|t| t.ty == Type::DateTime);
    let histogram = times.and_then(|times| {
        let time = ticks(times);
        let is_kept = |row: usize| kept.as_ref().is_none_or(|k| k.get(row) == Some(&true));
        histogram::count((0..rows).map(|row| (time(row), is_kept(row))))
    });
    if let (Some((from, to)), Some(times)) = (query.range, times) {
        let time = ticks(times);
        let inside = |row| time(row).is_some_and(|at| (from..=to).contains(&at));
        and(&mut kept, (0..rows).map(inside).collect());
    }
    stop(cancel)?;
    let mut order: Option<Vec<u32>> = kept.map(|kept| {
        let rows = (0..count).zip(kept);
        rows.filter(|(_, kept)| *kept).map(|(row, _)| row).collect()
    });
    // A column that the rule no longer gives orders nothing.
    if let Some((name, down)) = &query.sort
        && let Ok(column) = at(name)
    {
        let column = source.whole(column, cancel)?;
        stop(cancel)?;
        let rows = order.unwrap_or_else(|| (0..count).collect());
        order = Some(sort::order(&column, rows, *down));
        stop(cancel)?;
    }
    Ok(Selected {
        order: order.map(Arc::from),
        histogram,
    })
}

fn stop(cancel: &CancelToken) -> Result<(), String> {
    match cancel.is_cancelled() {
        true => Err("it was cancelled".to_owned()),
        false => Ok(()),
    }
}

fn and(kept: &mut Option<Vec<bool>>, found: Vec<bool>) {
    match kept {
        None => *kept = Some(found),
        Some(kept) => kept.iter_mut().zip(found).for_each(|(k, f)| *k &= f),
    }
}

/// The instant of a row; none where it is no instant of the calendar.
pub fn ticks(times: &Column) -> impl Fn(usize) -> Option<i64> + Clone + '_ {
    let array = times.array.as_primitive_opt::<Int64Type>();
    move |row| {
        let array = array?;
        let time = (row < times.len() && !times.is_null(row)).then(|| array.value(row));
        time.filter(|time| (0..=MAX_DATETIME).contains(time))
    }
}

/// Rows that hold a text in one of the columns. Columns in memory are asked first; the others are read piece by
/// piece, only for rows in which the text was not found yet, and not kept.
fn with_text(
    source: &Source,
    needle: &Needle,
    within: &[usize],
    kept: Option<&[bool]>,
    cancel: &CancelToken,
    progress: &Progress,
) -> Result<Vec<bool>, String> {
    let rows = source.rows();
    let mut found = vec![false; rows];
    let mut to_read = Vec::new();
    for column in within {
        stop(cancel)?;
        match source.made(*column) {
            Some(made) => {
                let here = filter::holds_text(&made, needle);
                found.iter_mut().zip(here).for_each(|(f, h)| *f |= h);
            }
            None => to_read.push(*column),
        }
    }
    let is_kept = |row: usize| kept.is_none_or(|kept| kept.get(row) == Some(&true));
    if !to_read.is_empty() {
        progress.set_total(rows as u64);
        for start in (0..rows).step_by(PIECE) {
            let end = (start + PIECE).min(rows);
            for column in &to_read {
                stop(cancel)?;
                let open =
                    (start..end).filter(|row| is_kept(*row) && found.get(*row) == Some(&false));
                let open: Vec<u32> = open.filter_map(|row| u32::try_from(row).ok()).collect();
                if open.is_empty() {
                    break;
                }
                let read = source.some(*column, &open, cancel)?;
                let here = filter::holds_text(&read, needle);
                for (row, here) in open.iter().zip(here) {
                    if let Some(slot) = found.get_mut(*row as usize).filter(|_| here) {
                        *slot = true;
                    }
                }
            }
            progress.add((end - start) as u64);
        }
    }
    for (row, found) in found.iter_mut().enumerate() {
        *found &= is_kept(row);
    }
    Ok(found)
}
