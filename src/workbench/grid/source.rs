//! Where the rows of a table come from: columns in memory, columns that are read from the logs, matches of a rule.

use crate::detect::Run;
use crate::kql::Late;
use crate::task::CancelToken;
use crate::value::{Column, ColumnBuilder, EventId, Table, Type, Value};
use std::sync::Arc;

/// The rows of one table. Cheap to clone; never changes.
#[derive(Clone)]
pub enum Source {
    /// Columns in memory.
    Table(Arc<Table>),
    /// Columns that are made when they are read.
    Late(Arc<dyn Late>),
    /// The matches of a run.
    Matches(Arc<Run>),
}

impl Source {
    /// Names and types of the columns.
    pub fn schema(&self) -> Vec<(String, Type)> {
        match self {
            Source::Table(table) => table.schema().map(|(n, t)| (n.to_owned(), t)).collect(),
            Source::Late(late) => late.schema(),
            Source::Matches(run) => run.columns.clone(),
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            Source::Table(table) => table.rows,
            Source::Late(late) => late.rows(),
            Source::Matches(run) => run.matches.len(),
        }
    }

    /// Whether both are the same rows in memory.
    pub fn is(&self, other: &Source) -> bool {
        match (self, other) {
            (Source::Table(a), Source::Table(b)) => Arc::ptr_eq(a, b),
            // Not `ptr_eq`: one type may have several tables of functions.
            (Source::Late(a), Source::Late(b)) => std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b)),
            (Source::Matches(a), Source::Matches(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Whether cells are there without reading files.
    pub fn is_instant(&self) -> bool {
        !matches!(self, Source::Late(_))
    }

    /// A cell, where it is in memory.
    pub fn value(&self, row: usize, column: usize) -> Option<Value> {
        match self {
            Source::Table(table) => {
                let column = table.columns.get(column)?;
                (row < column.len()).then(|| column.value(row))
            }
            Source::Late(late) => {
                let column = late.made(column)?;
                (row < column.len()).then(|| column.value(row))
            }
            Source::Matches(run) => run.matches.get(row)?.row.get(column).cloned(),
        }
    }

    /// The first raw event behind a row.
    pub fn event(&self, row: usize) -> Option<EventId> {
        match self {
            Source::Table(table) => table.lineage.as_ref()?.row(row).first().copied(),
            Source::Late(late) => late.lineage()?.row(row).first().copied(),
            Source::Matches(run) => run.matches.get(row)?.events.first().copied(),
        }
    }

    /// A whole column.
    ///
    /// # Errors
    /// Why it cannot be read, in one sentence.
    pub fn whole(&self, column: usize, cancel: &CancelToken) -> Result<Column, String> {
        match self {
            Source::Table(table) => table.columns.get(column).cloned().ok_or_else(gone),
            Source::Late(late) => late.whole(column, cancel).cloned(),
            Source::Matches(run) => of_matches(run, column, 0..run.matches.len()),
        }
    }

    /// A whole column, where it is in memory.
    pub fn made(&self, column: usize) -> Option<Column> {
        match self {
            Source::Late(late) => late.made(column).cloned(),
            other => other.whole(column, &CancelToken::new()).ok(),
        }
    }

    /// Some rows of a column, in ascending order and none twice. What is read is not kept.
    ///
    /// # Errors
    /// Why they cannot be read, in one sentence.
    pub fn some(
        &self,
        column: usize,
        rows: &[u32],
        cancel: &CancelToken,
    ) -> Result<Column, String> {
        let places = || arrow_array::UInt32Array::from_iter_values(rows.iter().copied());
        match self {
            Source::Table(table) => {
                let column = table.columns.get(column).ok_or_else(gone)?;
                if rows.iter().any(|r| *r as usize >= column.len()) {
                    return Err("there is no such row".to_owned());
                }
                Ok(crate::kql::run::frame::gather(column, &places()))
            }
            Source::Late(late) => late.peek(column, rows, cancel),
            Source::Matches(run) => of_matches(run, column, rows.iter().map(|r| *r as usize)),
        }
    }
}

fn gone() -> String {
    "there is no such column".to_owned()
}

/// A column of the matches. Where a rule gave a value of another type than its column says, the column is of texts.
fn of_matches(
    run: &Run,
    column: usize,
    rows: impl Iterator<Item = usize> + Clone,
) -> Result<Column, String> {
    let (_, ty) = run.columns.get(column).ok_or_else(gone)?;
    let null = Value::Null;
    let cell = |row: usize| {
        let matched = run.matches.get(row);
        matched.and_then(|m| m.row.get(column)).unwrap_or(&null)
    };
    let fits = rows.clone().all(|row| is_of(cell(row), *ty));
    let mut builder = ColumnBuilder::new(if fits { *ty } else { Type::String });
    for row in rows {
        match cell(row) {
            value if fits => builder.push(value),
            value => builder.push_text(&value.display()),
        }
    }
    Ok(builder.finish())
}

fn is_of(value: &Value, ty: Type) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) => ty == Type::Bool,
        Value::Int(_) => ty == Type::Int,
        Value::Long(_) => ty == Type::Long,
        Value::Real(_) => ty == Type::Real,
        Value::Decimal(_) => ty == Type::Decimal,
        Value::String(_) => ty == Type::String,
        Value::DateTime(_) => ty == Type::DateTime,
        Value::TimeSpan(_) => ty == Type::TimeSpan,
        Value::Guid(_) => ty == Type::Guid,
        Value::Dynamic(_) => ty == Type::Dynamic,
    }
}
