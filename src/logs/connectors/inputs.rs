//! From a record to the cells of `source`, the table that a transform reads.

use super::definition::{Connector, Input, Member};
use super::time::instant;
use super::{Remarks, panther_key};
use crate::logs::filling::constant;
use crate::logs::json::{self, Node};
use crate::value::{Column, ColumnBuilder, Table, Type, Value};
use arrow_array::builder::{StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use std::collections::HashSet;
use std::sync::Arc;

/// A value of a record.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::logs) enum Cell {
    /// Null; `""` in a string column.
    #[default]
    Null,
    /// Text of a string column, JSON text of a dynamic one.
    Text(String),
    /// A truth value.
    Bool(bool),
    /// A long or an int.
    Long(i64),
    /// A real.
    Real(f64),
    /// A datetime, ticks.
    Time(i64),
}

/// How the texts of a record are read: those of CSV and of some command lines are all that there is of numbers, truth
/// values and dynamic values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::logs) enum Loose {
    /// They are texts.
    #[default]
    No,
    /// They may be anything.
    Points,
    /// The same; the decimals of numbers stand behind a comma.
    Commas,
}

/// The cells of a record in the order of the connector's inputs, and what a person should know of it.
pub(in crate::logs) fn read(
    connector: &Connector,
    event: &Node<'_>,
    loose: Loose,
) -> (Vec<Cell>, Remarks) {
    let mut remarks = Remarks::default();
    let inputs = 0..connector.inputs.len();
    let cells = inputs.map(|at| cell_at(connector, at, event, loose, &mut remarks));
    (cells.collect(), remarks)
}

/// The cells of some inputs (by number) of a record.
pub(in crate::logs) fn pick(
    connector: &Connector,
    event: &Node<'_>,
    loose: Loose,
    wanted: &[usize],
) -> Vec<Cell> {
    let mut remarks = Remarks::default();
    let mut cell = |at: &usize| cell_at(connector, *at, event, loose, &mut remarks);
    wanted.iter().map(&mut cell).collect()
}

fn cell_at(
    connector: &Connector,
    at: usize,
    event: &Node<'_>,
    loose: Loose,
    remarks: &mut Remarks,
) -> Cell {
    let Some(input) = connector.inputs.get(at) else {
        return Cell::Null;
    };
    let value = match &input.from {
        Member::Named(name) => event.get(name),
        Member::NamedBy(name) => named_by(event, name, remarks),
        Member::Whole => Some(event),
    };
    match input.ty {
        Type::DateTime if connector.time == Some(at) => {
            instant(value, remarks).map_or(Cell::Null, Cell::Time)
        }
        ty => match (loose, value) {
            (Loose::No, _) => cell(ty, value),
            (_, Some(Node::Text(text))) => loosely(ty, text, loose),
            _ => cell(ty, value),
        },
    }
}

/// The time of a record, and what a person should know of it: as [`read`], without making cells.
pub(in crate::logs) fn look(connector: &Connector, event: &Node<'_>) -> (Option<i64>, Remarks) {
    let mut remarks = Remarks::default();
    let mut time = None;
    for (at, input) in connector.inputs.iter().enumerate() {
        let value = match &input.from {
            Member::NamedBy(name) => named_by(event, name, &mut remarks),
            Member::Named(name) if connector.time == Some(at) => event.get(name),
            Member::Named(_) | Member::Whole => continue,
        };
        if connector.time == Some(at) {
            time = instant(value, &mut remarks);
        }
    }
    (time, remarks)
}

/// Whether a number of a record does not fit the whole numbers of its column, which stays empty then, and whether one
/// that is read out of a text is rounded.
pub(in crate::logs) fn beyond(
    connector: &Connector,
    event: &Node<'_>,
    loose: Loose,
) -> (bool, bool) {
    /// Digits of the shortest number beyond 64 bits.
    const DIGITS: usize = 19;
    let (mut unfit, mut rounded) = (false, false);
    let wanted = |ty: Type| match ty {
        Type::Int | Type::Long => true,
        Type::Dynamic => loose != Loose::No,
        _ => false,
    };
    for input in connector.inputs.iter().filter(|input| wanted(input.ty)) {
        let Member::Named(name) = &input.from else {
            continue;
        };
        let Some(value) = event.get(name) else {
            continue;
        };
        match (input.ty, value) {
            (Type::Dynamic, Node::Text(text)) if text.len() >= DIGITS => {
                rounded |= json::parse(text.trim()).is_ok_and(|parsed| parsed.rounded);
            }
            (Type::Dynamic, _) => {}
            (_, Node::Number(_)) => unfit |= is_beyond(input.ty, &long(Some(value))),
            (_, Node::Text(text)) if loose != Loose::No => {
                let text = text.trim();
                let digits = text.strip_prefix('-').unwrap_or(text);
                let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                unfit |= whole && is_beyond(input.ty, &long(Some(value)));
            }
            _ => {}
        }
    }
    (unfit, rounded)
}

/// Whether a number is none of a type any more.
fn is_beyond(ty: Type, read: &Cell) -> bool {
    match read {
        Cell::Long(n) => ty == Type::Int && i32::try_from(*n).is_err(),
        _ => true,
    }
}

/// A value as a cell of a type.
pub(in crate::logs) fn cell(ty: Type, value: Option<&Node<'_>>) -> Cell {
    match ty {
        Type::DateTime => instant(value, &mut Remarks::default()).map_or(Cell::Null, Cell::Time),
        Type::String => text(value),
        Type::Dynamic => dynamic(value),
        Type::Real => real(value),
        Type::Bool => match value {
            Some(Node::Bool(truth)) => Cell::Bool(*truth),
            _ => Cell::Null,
        },
        _ => long(value),
    }
}

/// The cell of a text that may be anything.
fn loosely(ty: Type, text: &str, loose: Loose) -> Cell {
    let trimmed = text.trim();
    match ty {
        Type::Dynamic if trimmed.is_empty() => Cell::Null,
        Type::Dynamic => match json::parse(trimmed) {
            Ok(parsed) => dynamic(Some(&parsed.node)),
            Err(_) => dynamic(Some(&Node::Text(text.into()))),
        },
        Type::Bool => match trimmed.to_ascii_lowercase().as_str() {
            "true" | "1" => Cell::Bool(true),
            "false" | "0" => Cell::Bool(false),
            _ => Cell::Null,
        },
        Type::Real if loose == Loose::Commas && !trimmed.contains('.') => {
            real(Some(&Node::Text(trimmed.replacen(',', ".", 1).into())))
        }
        ty => cell(ty, Some(&Node::Text(text.into()))),
    }
}

fn named_by<'n, 'a>(event: &'n Node<'a>, by: &str, remarks: &mut Remarks) -> Option<&'n Node<'a>> {
    let name = event.text(by).filter(|name| !name.is_empty())?;
    let dotted = event.get(name);
    if !name.contains('.') {
        return dotted;
    }
    let underscored = event.get(&panther_key(name));
    remarks.aliased |= dotted.is_some() && underscored.is_none();
    dotted.or(underscored)
}

/// KQL's `tostring` of a JSON value: text as it is, null as nothing, else compact JSON.
fn text(value: Option<&Node<'_>>) -> Cell {
    match value {
        None | Some(Node::Null) => Cell::Null,
        Some(Node::Text(text)) => Cell::Text(text.clone().into_owned()),
        Some(other) => Cell::Text(other.to_json_text()),
    }
}

/// A dynamic cell.
fn dynamic(value: Option<&Node<'_>>) -> Cell {
    match value {
        None | Some(Node::Null) => Cell::Null,
        Some(json) => Cell::Text(json.to_json_text()),
    }
}

/// KQL's `tolong`: whole numbers exact, others cut, text read.
fn long(value: Option<&Node<'_>>) -> Cell {
    let read = match value {
        Some(Node::Number(number)) => number.as_i64().or_else(|| {
            number
                .as_f64()
                .filter(|real| real.abs() < 9.2e18 && !number.is_u64())
                .map(|real| real as i64)
        }),
        Some(Node::Text(text)) => text.trim().parse().ok(),
        _ => None,
    };
    read.map_or(Cell::Null, Cell::Long)
}

/// A real cell of a number.
fn real(value: Option<&Node<'_>>) -> Cell {
    match value {
        Some(Node::Number(number)) => number.as_f64().map_or(Cell::Null, Cell::Real),
        Some(Node::Text(text)) => text.trim().parse().map_or(Cell::Null, Cell::Real),
        _ => Cell::Null,
    }
}

/// The cells of records as the table `source`. The lineage of a row is the row's number.
pub(super) fn table(inputs: &[Input], records: &[&[Cell]]) -> Table {
    let columns = inputs.iter().enumerate().map(|(at, input)| {
        let cells = records.iter().map(|r| r.get(at).unwrap_or(&Cell::Null));
        (input.name.clone(), column(input.ty, cells))
    });
    of_rows(columns.collect(), records.len())
}

/// The same where only some inputs (by number) were read: of the others all rows have nothing.
pub(super) fn some(inputs: &[Input], wanted: &[usize], records: &[Vec<Cell>]) -> Table {
    let columns = inputs.iter().enumerate().map(|(at, input)| {
        let column = match wanted.iter().position(|wanted| *wanted == at) {
            Some(n) => {
                let cells = records.iter().map(|r| r.get(n).unwrap_or(&Cell::Null));
                column(input.ty, cells)
            }
            None => Column {
                ty: input.ty,
                array: constant(input.ty, "", records.len()),
            },
        };
        (input.name.clone(), column)
    });
    of_rows(columns.collect(), records.len())
}

fn of_rows(columns: Vec<(String, Column)>, rows: usize) -> Table {
    let mut table = Table::new(columns);
    table.rows = rows;
    let rows = 0..u32::try_from(rows).unwrap_or(u32::MAX);
    table.lineage = Some(crate::value::Lineage::single(rows));
    table
}

/// Cells as a column of a type.
pub(in crate::logs) fn column<'c>(
    ty: Type,
    cells: impl Iterator<Item = &'c Cell> + Clone,
) -> Column {
    if matches!(ty, Type::String | Type::Dynamic) {
        return texts(ty, cells);
    }
    let mut builder = ColumnBuilder::new(ty);
    for cell in cells {
        builder.push(&match cell {
            Cell::Bool(truth) => Value::Bool(*truth),
            Cell::Long(n) if ty == Type::Int => i32::try_from(*n).map_or(Value::Null, Value::Int),
            Cell::Long(n) => Value::Long(*n),
            Cell::Real(n) => Value::Real(*n),
            Cell::Time(ticks) => Value::DateTime(*ticks),
            _ => Value::Null,
        });
    }
    builder.finish()
}

/// Texts that repeat are coded, so that the transform works on each distinct one once.
fn texts<'c>(ty: Type, cells: impl Iterator<Item = &'c Cell> + Clone) -> Column {
    /// How many rows tell whether texts repeat.
    const SAMPLE: usize = 512;
    let text = |cell: &'c Cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        _ if ty == Type::String => Some(""),
        _ => None,
    };
    let sample: HashSet<Option<&str>> = cells.clone().take(SAMPLE).map(text).collect();
    if sample.len() > SAMPLE / 2 {
        let mut builder = StringBuilder::new();
        cells.for_each(|cell| builder.append_option(text(cell)));
        return Column {
            ty,
            array: Arc::new(builder.finish()),
        };
    }
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    cells.for_each(|cell| builder.append_option(text(cell)));
    Column {
        ty,
        array: Arc::new(builder.finish()),
    }
}
