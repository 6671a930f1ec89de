//! Functions that look at other rows: `prev()`, `next()`, `row_number()` and their like.
//! The analysis has made sure that the rows have an order.

use super::datum::{Datum, normal};
use super::{arithmetic, convert};
use crate::kql::plan::{Arithmetic, Window};
use crate::value::{Column, ColumnBuilder, Type, Value};

/// Computes it: the arguments of all rows to the values of all rows.
pub fn compute(window: Window, args: &[Datum], ty: Type, rows: usize) -> Datum {
    let column = match window {
        Window::Prev => shifted(args, ty, rows, true),
        Window::Next => shifted(args, ty, rows, false),
        Window::RowNumber => numbered(args, rows),
        Window::CumSum => summed(args, ty, rows),
        Window::RankDense => ranked(args, rows, true),
        Window::RankMin => ranked(args, rows, false),
        Window::Session => sessions(args, rows),
    };
    Datum::Column(column)
}

fn shifted(args: &[Datum], ty: Type, rows: usize, back: bool) -> Column {
    let offset = args.get(1).map_or(Some(1), |a| convert::long(&a.value(0)));
    let mut builder = ColumnBuilder::new(ty);
    for row in 0..rows {
        let from = offset.and_then(|o| {
            let row = row as i64;
            let at = if back {
                row.checked_sub(o)
            } else {
                row.checked_add(o)
            };
            usize::try_from(at?).ok().filter(|at| *at < rows)
        });
        let value = match (from, args.first(), args.get(2)) {
            (Some(from), Some(source), _) => source.value(from),
            (None, _, Some(default)) => convert::convert(&default.value(row), ty),
            _ => Value::Null,
        };
        builder.push(&normal(ty, value));
    }
    builder.finish()
}

/// Whether counting begins again at a row.
fn restarts(args: &[Datum], at: usize, row: usize) -> bool {
    args.get(at).is_some_and(|a| a.truth(row) == Some(true))
}

fn numbered(args: &[Datum], rows: usize) -> Column {
    let start = args
        .first()
        .map_or(Some(1), |a| convert::long(&a.value(0)))
        .unwrap_or(1);
    let mut builder = ColumnBuilder::new(Type::Long);
    let mut next = start;
    for row in 0..rows {
        if restarts(args, 1, row) {
            next = start;
        }
        builder.push(&Value::Long(next));
        next = next.wrapping_add(1);
    }
    builder.finish()
}

/// When the session of each row began: a session ends when it gets too long or the next row is too far away.
/// A null begins none, and the row behind it begins one.
fn sessions(args: &[Datum], rows: usize) -> Column {
    let instant = |at: usize, row: usize| match args.get(at).map(|a| a.value(row)) {
        Some(Value::DateTime(t) | Value::TimeSpan(t)) => Some(t),
        _ => None,
    };
    let mut builder = ColumnBuilder::new(Type::DateTime);
    let (mut start, mut before): (Option<i64>, Option<i64>) = (None, None);
    for row in 0..rows {
        let now = instant(0, row);
        let reaches = |from: Option<i64>, span: Option<i64>| match (now, from, span) {
            (Some(now), Some(from), Some(span)) => now >= from.saturating_add(span),
            _ => false,
        };
        let new = start.is_none()
            || now.is_none()
            || reaches(start, instant(1, row))
            || reaches(before, instant(2, row))
            || restarts(args, 3, row);
        if new {
            start = now;
        }
        before = now;
        builder.push(&start.map_or(Value::Null, Value::DateTime));
    }
    builder.finish()
}

/// A null term adds nothing.
fn summed(args: &[Datum], result: Type, rows: usize) -> Column {
    let mut builder = ColumnBuilder::new(result);
    // Whole numbers are added as long ones.
    let ty = if result == Type::Int {
        Type::Long
    } else {
        result
    };
    let mut sum: Option<Datum> = None;
    for row in 0..rows {
        if restarts(args, 1, row) {
            sum = None;
        }
        let term = args.first().map_or(Value::Null, |a| a.value(row));
        if !term.is_null() {
            let term = Datum::Const(convert::convert(&term, ty), ty);
            sum = Some(match &sum {
                Some(before) => arithmetic::compute(Arithmetic::Add, before, &term, ty, 1),
                None => term,
            });
        }
        let zero = || match ty {
            Type::Real => Value::Real(0.0),
            Type::TimeSpan => Value::TimeSpan(0),
            _ => Value::Long(0),
        };
        let value = sum.as_ref().map_or_else(zero, |s| s.value(0));
        builder.push(&convert::convert(&value, result));
    }
    builder.finish()
}

/// The rank rises where the term differs from the row before: by one, or to the row's number.
fn ranked(args: &[Datum], rows: usize, dense: bool) -> Column {
    let mut builder = ColumnBuilder::new(Type::Long);
    let (mut rank, mut place) = (0i64, 0i64);
    let mut before: Option<Value> = None;
    for row in 0..rows {
        let term = args.first().map_or(Value::Null, |a| a.value(row));
        if restarts(args, 1, row) || before.is_none() {
            (rank, place) = (1, 1);
        } else {
            place += 1;
            if before.as_ref() != Some(&term) {
                rank = if dense { rank + 1 } else { place };
            }
        }
        before = Some(term);
        builder.push(&Value::Long(rank));
    }
    builder.finish()
}
