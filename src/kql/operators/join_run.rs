//! The rows of a join: both sides' keys get numbers from one space, the right rows are chained by number.

use crate::diagnostic::Span;
use crate::kql::plan::{Operator, Plan};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, keys};
use crate::value::Column;
use arrow_array::UInt32Array;
use std::sync::Arc;

/// The kinds of joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// The first left row of each key, with all right rows of it.
    InnerUnique,
    /// All pairs.
    Inner,
    /// All pairs, and left rows without one.
    LeftOuter,
    /// All pairs, and right rows without one.
    RightOuter,
    /// All pairs, and rows of either side without one.
    FullOuter,
    /// Left rows without a pair.
    LeftAnti,
    /// Right rows without a pair.
    RightAnti,
    /// Left rows with a pair.
    LeftSemi,
    /// Right rows with a pair.
    RightSemi,
}

/// The operator.
#[derive(Debug)]
pub struct Join {
    /// Its kind.
    pub kind: JoinKind,
    /// The right side.
    pub right: Arc<Plan>,
    /// Key columns of the left side.
    pub left_keys: Vec<usize>,
    /// Key columns of the right side, in the same order.
    pub right_keys: Vec<usize>,
    /// The columns of the right side that the result has.
    pub right_columns: Vec<usize>,
    /// Where it stands.
    pub span: Span,
}

const NONE: u32 = u32::MAX;

/// Rows of one side by key number, each list in the order of the rows.
struct Chains {
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Chains {
    fn new(numbers: &[u32], count: usize) -> Self {
        let mut first = vec![NONE; count];
        let mut next = vec![NONE; numbers.len()];
        for (row, number) in numbers.iter().enumerate().rev() {
            if let (Some(head), Some(slot)) = (first.get_mut(*number as usize), next.get_mut(row)) {
                *slot = *head;
                *head = row as u32;
            }
        }
        Self { first, next }
    }

    fn of(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        let head = self.first.get(number as usize).copied().unwrap_or(NONE);
        let some = |row: u32| (row != NONE).then_some(row);
        std::iter::successors(some(head), move |row| {
            some(self.next.get(*row as usize).copied().unwrap_or(NONE))
        })
    }
}

fn key_columns(frame: &Frame, keys: &[usize]) -> Vec<Column> {
    keys.iter()
        .filter_map(|at| frame.columns.get(*at).map(|c| c.get().clone()))
        .collect()
}

impl Operator for Join {
    fn run(&self, left: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let right = runtime.rows(&self.right)?;
        let sides = [
            key_columns(&left, &self.left_keys),
            key_columns(&right, &self.right_keys),
        ];
        let mut numbers = keys::number(&sides, &[left.rows, right.rows]).into_iter();
        let left_numbers = numbers.next().unwrap_or_default();
        let right_numbers = numbers.next().unwrap_or_default();
        let highest = left_numbers.iter().chain(&right_numbers).max();
        let count = highest.map_or(0, |n| *n as usize + 1);
        runtime.check()?;
        match self.kind {
            JoinKind::LeftSemi => Ok(half(
                left,
                &left_numbers,
                &right,
                &right_numbers,
                count,
                true,
            )),
            JoinKind::LeftAnti => Ok(half(
                left,
                &left_numbers,
                &right,
                &right_numbers,
                count,
                false,
            )),
            JoinKind::RightSemi => Ok(half(
                right,
                &right_numbers,
                &left,
                &left_numbers,
                count,
                true,
            )),
            JoinKind::RightAnti => Ok(half(
                right,
                &right_numbers,
                &left,
                &left_numbers,
                count,
                false,
            )),
            _ => self.pairs(&left, &right, &left_numbers, &right_numbers, count, runtime),
        }
    }
}

/// The rows of one side that have (or do not have) a partner on the other. Behind a row that has one stand its
/// own events and those of its first partner, which is enough to make the row.
fn half(
    side: Frame,
    own: &[u32],
    partners: &Frame,
    other: &[u32],
    count: usize,
    with: bool,
) -> Frame {
    let mut first = vec![NONE; count];
    for (row, number) in other.iter().enumerate().rev() {
        if let Some(slot) = first.get_mut(*number as usize) {
            *slot = row as u32;
        }
    }
    let partner = |number: &u32| first.get(*number as usize).copied().unwrap_or(NONE);
    let rows = own
        .iter()
        .enumerate()
        .filter(|(_, number)| (partner(number) != NONE) == with);
    let rows: Vec<u32> = rows.map(|(row, _)| row as u32).collect();
    let met = if with && partners.has_events() {
        let met = rows.iter().filter_map(|row| own.get(*row as usize));
        let met = UInt32Array::from_iter_values(met.map(partner));
        Some(partners.with_columns(Vec::new()).take(&Arc::new(met)))
    } else {
        None
    };
    let kept = side.take(&Arc::new(UInt32Array::from(rows)));
    match met {
        Some(met) => kept.beside(met),
        None => kept,
    }
}

impl Join {
    fn pairs(
        &self,
        left: &Frame,
        right: &Frame,
        left_numbers: &[u32],
        right_numbers: &[u32],
        count: usize,
        runtime: &Runtime,
    ) -> Result<Frame, Stop> {
        let chains = Chains::new(right_numbers, count);
        let outer_left = matches!(self.kind, JoinKind::LeftOuter | JoinKind::FullOuter);
        let outer_right = matches!(self.kind, JoinKind::RightOuter | JoinKind::FullOuter);
        let mut used = vec![
            false;
            if self.kind == JoinKind::InnerUnique {
                count
            } else {
                0
            }
        ];
        let mut met = vec![false; if outer_right { right.rows } else { 0 }];
        let mut left_rows: Vec<Option<u32>> = Vec::new();
        let mut right_rows: Vec<Option<u32>> = Vec::new();
        let check = |rows: usize| {
            if rows > runtime.options.row_limit {
                return runtime.check_rows(rows, self.span);
            }
            Ok(())
        };
        for (row, number) in left_numbers.iter().enumerate() {
            if let Some(used) = used.get_mut(*number as usize)
                && std::mem::replace(used, true)
            {
                continue;
            }
            let before = left_rows.len();
            for partner in chains.of(*number) {
                left_rows.push(Some(row as u32));
                right_rows.push(Some(partner));
                if left_rows.len().is_multiple_of(65_536) {
                    check(left_rows.len())?;
                    runtime.check()?;
                }
                if let Some(met) = met.get_mut(partner as usize) {
                    *met = true;
                }
            }
            if left_rows.len() == before && outer_left {
                left_rows.push(Some(row as u32));
                right_rows.push(None);
            }
            check(left_rows.len())?;
            if row % 65_536 == 0 {
                runtime.check()?;
            }
        }
        for (row, met) in met.iter().enumerate() {
            if !met {
                left_rows.push(None);
                right_rows.push(Some(row as u32));
            }
        }
        check(left_rows.len())?;
        let picked = self.right_columns.iter();
        let picked = picked
            .filter_map(|at| right.columns.get(*at).cloned())
            .collect();
        let right = right.with_columns(picked);
        let left = left.take(&rows_array(left_rows));
        Ok(left.beside(right.take(&rows_array(right_rows))))
    }
}

fn rows_array(rows: Vec<Option<u32>>) -> Arc<UInt32Array> {
    if rows.iter().all(Option::is_some) {
        return Arc::new(UInt32Array::from_iter_values(rows.into_iter().flatten()));
    }
    Arc::new(UInt32Array::from(rows))
}
