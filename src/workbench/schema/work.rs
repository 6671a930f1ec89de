//! Looking at columns, on a thread.

use super::{Board, Column, Subject};
use crate::kql::Catalog;
use crate::logs::Dataset;
use crate::task::CancelToken;
use crate::value::Type;
use crate::value::profile::{self, ColumnProfile, Limits, Paths, Values};
use crate::workbench::grid::Source;
use std::sync::{Arc, PoisonError};

/// Larger tables are looked at by a sample of so many rows, unless all are asked for.
pub const SAMPLE: usize = 100_000;
/// Rows that lie together in a sample: reading them together is cheap.
const RUN: usize = 1_000;

/// A question.
pub struct Question {
    /// The logs.
    pub data: Arc<Dataset>,
    /// Whose columns.
    pub subject: Subject,
    /// All rows, however many.
    pub whole: bool,
    /// Where what was found is written.
    pub board: Board,
    /// Whom to wake after every column.
    pub ctx: egui::Context,
}

/// How many rows were looked at and of how many; or why none could be.
pub type Answer = Result<(usize, usize), String>;

/// The work of the thread.
pub fn work(question: Question, cancel: &CancelToken) -> Answer {
    let name = question.subject.name();
    let write = |columns: Vec<Column>| {
        let board = question.board.lock();
        *board.unwrap_or_else(PoisonError::into_inner) = columns;
        question.ctx.request_repaint();
    };
    if let Subject::Events(log_type) = &question.subject {
        return events(&question, log_type, cancel, write);
    }
    let source = match question.data.late(name) {
        Some((late, _)) => Source::Late(late),
        None => {
            let table = question.data.table(name);
            Source::Table(table.ok_or("The table cannot be made from the events")?)
        }
    };
    let schema = source.schema();
    let column = |(name, ty): &(String, Type)| Column {
        name: name.clone(),
        ty: *ty,
        found: None,
    };
    write(schema.iter().map(column).collect());
    let rows = source.rows();
    let sample = (!question.whole && rows > SAMPLE).then(|| spread(rows));
    for at in 0..schema.len() {
        if cancel.is_cancelled() {
            return Err("It was stopped".to_owned());
        }
        let read = match &sample {
            Some(sample) => source.some(at, sample, cancel),
            None if source.is_instant() => source.whole(at, cancel),
            None => {
                let all: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect();
                source.some(at, &all, cancel)
            }
        };
        let found = match read {
            Ok(read) => match profile::column(&read, Limits::default(), cancel) {
                Some(found) => Ok(found),
                None => return Err("It was stopped".to_owned()),
            },
            Err(reason) => Err(reason),
        };
        let mut board = question
            .board
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(column) = board.get_mut(at) {
            column.found = Some(found);
        }
        drop(board);
        question.ctx.request_repaint();
    }
    Ok((sample.map_or(rows, |s| s.len()), rows))
}

/// Rows spread evenly over so many, in runs, in ascending order.
fn spread(rows: usize) -> Vec<u32> {
    let runs = SAMPLE / RUN;
    let starts = (0..runs).map(|n| n * (rows - RUN) / (runs - 1).max(1));
    let rows = starts.flat_map(|start| start..start + RUN);
    let mut rows: Vec<u32> = rows.filter_map(|row| u32::try_from(row).ok()).collect();
    rows.dedup();
    rows
}

/// The events of a log type, as a Python body sees them.
fn events(
    question: &Question,
    log_type: &str,
    cancel: &CancelToken,
    write: impl Fn(Vec<Column>),
) -> Answer {
    let view = question.data.panther_events(log_type);
    let rows = view.len();
    let places: Vec<usize> = match !question.whole && rows > SAMPLE {
        true => spread(rows).into_iter().map(|row| row as usize).collect(),
        false => (0..rows).collect(),
    };
    let mut paths = Paths::new(Limits::default());
    let tell = |paths: Paths, rows: usize| {
        let (paths, cut) = paths.finish();
        let values = Values {
            rows,
            filled: rows,
            counted: rows,
            ..Values::default()
        };
        let found = ColumnProfile { values, paths, cut };
        write(vec![Column {
            name: String::new(),
            ty: Type::Dynamic,
            found: Some(Ok(found)),
        }]);
    };
    for place in &places {
        if cancel.is_cancelled() {
            return Err("It was stopped".to_owned());
        }
        paths.add(view.passing(*place)?.json(), 1);
    }
    tell(paths, places.len());
    Ok((places.len(), rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_to_both_ends() {
        for rows in [SAMPLE + 1, SAMPLE + RUN, 1_000_000, 7_777_777] {
            let sample = spread(rows);
            assert!(
                sample.is_sorted() && sample.windows(2).all(|w| w[0] < w[1]),
                "{rows}"
            );
            assert_eq!(sample.first(), Some(&0));
            assert_eq!(sample.last().map(|l| *l as usize), Some(rows - 1));
            assert!(
                sample.len() <= SAMPLE && sample.len() > SAMPLE * 9 / 10,
                "{rows}"
            );
        }
    }
}
