//! Cells of a table that has to be read: blocks of rows as they are shown, read beside the window and kept for a while.

use super::select::Selected;
use super::source::Source;
use crate::kql::run::frame::gather;
use crate::task::CancelToken;
use crate::value::{Column, Value};
use arrow_array::UInt32Array;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// Rows of a block.
pub const ROWS: usize = 64;
/// Blocks that are kept.
const MOST: usize = 96;

/// What is to be read.
pub struct Question {
    /// Which rows and columns it belongs to.
    stamp: u64,
    source: Source,
    selected: Arc<Selected>,
    blocks: Vec<usize>,
    columns: Vec<usize>,
}

/// What was read.
pub struct Answer {
    stamp: u64,
    blocks: Vec<(usize, Result<Block, String>)>,
}

type Block = HashMap<usize, Column>;

/// The blocks of what is shown.
#[derive(Default)]
pub struct Blocks {
    stamp: u64,
    kept: HashMap<usize, Block>,
    /// Why the last block could not be read.
    pub error: Option<String>,
}

/// The work of the thread.
pub fn work(question: Question, cancel: &CancelToken) -> Answer {
    let rows = question.source.rows();
    let selected = &question.selected;
    let count = selected.len(rows);
    let read = |number: usize| -> Result<Block, String> {
        let first = number.saturating_mul(ROWS);
        let places = first..(first + ROWS).min(count);
        let wanted = places.map(|place| selected.row(place).and_then(|r| u32::try_from(r).ok()));
        let wanted: Vec<u32> = wanted
            .collect::<Option<_>>()
            .ok_or("there is no such row")?;
        let ascending: BTreeSet<u32> = wanted.iter().copied().collect();
        let ascending: Vec<u32> = ascending.into_iter().collect();
        let place = |row: &u32| ascending.binary_search(row).ok().map(|p| p as u32);
        let back: UInt32Array = wanted.iter().map(place).collect();
        let columns = question.columns.iter().map(|column| {
            let read = question.source.some(*column, &ascending, cancel)?;
            Ok((*column, gather(&read, &back)))
        });
        columns.collect()
    };
    let blocks = question
        .blocks
        .iter()
        .map(|number| (*number, read(*number)));
    Answer {
        stamp: question.stamp,
        blocks: blocks.collect(),
    }
}

impl Blocks {
    /// Other rows, or the same in another order: nothing that was read fits any more.
    pub fn forget(&mut self) {
        self.stamp += 1;
        self.kept.clear();
        self.error = None;
    }

    /// The question whose answer is missing for these places and columns, if any is.
    pub fn missing(
        &mut self,
        source: &Source,
        selected: &Arc<Selected>,
        places: Range<usize>,
        columns: &[usize],
    ) -> Option<Question> {
        if source.is_instant() || places.is_empty() || columns.is_empty() {
            return None;
        }
        let (first, last) = (places.start / ROWS, (places.end - 1) / ROWS);
        let lacks = |number: &usize| {
            let block = self.kept.get(number);
            block.is_none_or(|b| columns.iter().any(|c| !b.contains_key(c)))
        };
        let mut blocks: Vec<usize> = (first..=last).filter(lacks).collect();
        if blocks.is_empty() {
            // What is seen next, when nothing else is to be read.
            let end = selected.len(source.rows()).div_ceil(ROWS);
            let near = [last + 1, first.wrapping_sub(1)];
            blocks.extend(near.into_iter().filter(|n| *n < end).filter(lacks).take(1));
        }
        if self.kept.len() + blocks.len() > MOST {
            let near = first.saturating_sub(8)..last + 9;
            self.kept.retain(|number, _| near.contains(number));
        }
        (!blocks.is_empty() && self.error.is_none()).then(|| Question {
            stamp: self.stamp,
            source: source.clone(),
            selected: Arc::clone(selected),
            blocks,
            columns: columns.to_vec(),
        })
    }

    /// Takes what was read.
    pub fn take(&mut self, answer: Answer) {
        if answer.stamp != self.stamp {
            return;
        }
        for (number, block) in answer.blocks {
            match block {
                Ok(block) => self.kept.entry(number).or_default().extend(block),
                Err(reason) => self.error = Some(reason),
            }
        }
    }

    /// A cell; none where it has not been read yet.
    pub fn value(&self, place: usize, column: usize) -> Option<Value> {
        let column = self.kept.get(&(place / ROWS))?.get(&column)?;
        let row = place % ROWS;
        (row < column.len()).then(|| column.value(row))
    }
}
