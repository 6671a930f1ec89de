//! A table for ad-hoc queries, read from a file: JSON records (an array, or one a line) or CSV with a header.
//! The types are those that all values of a column have.

use super::output::Stop;
use crate::value::cells::{self, Record};
use crate::value::{ColumnBuilder, Table, Type, Value, time};
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `NAME=FILE` of `--table`.
///
/// # Errors
/// Says what is expected.
pub(super) fn parse(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.trim().is_empty() && !file.is_empty() => {
            Ok((name.trim().to_owned(), PathBuf::from(file)))
        }
        _ => Err("write NAME=FILE, such as Users=users.csv".to_owned()),
    }
}

/// Reads a table.
///
/// # Errors
/// The file and line of what cannot be read.
pub(super) fn load(path: &Path) -> Result<Table, Stop> {
    let at = |line: usize, what: &str| Stop::Cannot(format!("{}:{line}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| {
        Stop::Cannot(format!(
            "{}: {}",
            path.display(),
            super::input::in_words(&e)
        ))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let is_csv = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    if is_csv {
        let records: Result<Vec<Record>, usize> = cells::records(text, b',').collect();
        let records = records.map_err(|line| at(line, "a quote is opened and never closed"))?;
        csv_table(records).map_err(|(line, what)| at(line, &what))
    } else {
        let rows = json_rows(text).map_err(|(line, what)| at(line, &what))?;
        Ok(json_table(rows))
    }
}

fn csv_table(records: Vec<Record>) -> Result<Table, (usize, String)> {
    let mut records = records.into_iter();
    let Some(Record { cells: names, .. }) = records.next() else {
        return Err((1, "the file is empty; a header is expected".to_owned()));
    };
    let mut rows = Vec::new();
    for Record { line, cells } in records {
        if cells.len() != names.len() {
            let message = format!("{} cells stand below {} headings", cells.len(), names.len());
            return Err((line, message));
        }
        rows.push(cells);
    }
    let mut columns = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let cells: Vec<&str> = rows
            .iter()
            .map(|row| row.get(at).map_or("", String::as_str))
            .collect();
        let filled = cells.iter().filter(|c| !c.is_empty());
        let ty = match common(filled.map(|c| text_type(c))) {
            Type::Dynamic => Type::String, // values of several kinds: they stay the text they are
            ty => ty,
        };
        let mut builder = ColumnBuilder::new(ty);
        for cell in cells {
            builder.push(&text_value(cell, ty));
        }
        columns.push((name.trim().to_owned(), builder.finish()));
    }
    Ok(Table::new(columns))
}

fn text_type(cell: &str) -> Type {
    if cell.parse::<i64>().is_ok() {
        Type::Long
    } else if cell.parse::<f64>().is_ok_and(f64::is_finite) {
        Type::Real
    } else if matches!(cell, "true" | "false" | "True" | "False") {
        Type::Bool
    } else if is_instant(cell) {
        Type::DateTime
    } else {
        Type::String
    }
}

fn text_value(cell: &str, ty: Type) -> Value {
    match ty {
        Type::String => Value::String(Arc::from(cell)),
        Type::Long => cell.parse().map_or(Value::Null, Value::Long),
        Type::Real => cell.parse().map_or(Value::Null, Value::Real),
        Type::Bool => match cell {
            "" => Value::Null,
            text => Value::Bool(text.eq_ignore_ascii_case("true")),
        },
        _ => time::parse_datetime(cell).map_or(Value::Null, Value::DateTime),
    }
}

/// An instant with a clock time, not a bare date or number.
fn is_instant(text: &str) -> bool {
    text.len() >= 16 && text.contains(':') && time::parse_datetime(text).is_some()
}

type Row = Map<String, Json>;

fn json_rows(text: &str) -> Result<Vec<Row>, (usize, String)> {
    let broken = |e: &serde_json::Error| (e.line().max(1), e.to_string());
    if text.trim_start().starts_with('[') {
        return serde_json::from_str::<Vec<Row>>(text).map_err(|e| broken(&e));
    }
    let mut rows = Vec::new();
    for record in serde_json::Deserializer::from_str(text).into_iter::<Row>() {
        rows.push(record.map_err(|e| broken(&e))?);
    }
    Ok(rows)
}

fn json_table(rows: Vec<Row>) -> Table {
    let mut names: Vec<String> = Vec::new();
    for row in &rows {
        for name in row.keys() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    let columns = names
        .into_iter()
        .map(|name| {
            let ty = common(
                rows.iter()
                    .filter_map(|row| row.get(&name))
                    .filter(|v| !v.is_null())
                    .map(json_type),
            );
            let mut builder = ColumnBuilder::new(ty);
            for row in &rows {
                builder.push(&json_value(row.get(&name).unwrap_or(&Json::Null), ty));
            }
            (name, builder.finish())
        })
        .collect();
    Table::new(columns)
}

fn json_type(value: &Json) -> Type {
    match value {
        Json::Bool(_) => Type::Bool,
        Json::Number(n) if n.is_i64() => Type::Long,
        Json::Number(_) => Type::Real,
        Json::String(s) if is_instant(s) => Type::DateTime,
        Json::String(_) => Type::String,
        _ => Type::Dynamic,
    }
}

fn json_value(value: &Json, ty: Type) -> Value {
    match (ty, value) {
        (_, Json::Null) => Value::Null,
        (Type::Bool, Json::Bool(b)) => Value::Bool(*b),
        (Type::Long, Json::Number(n)) => n.as_i64().map_or(Value::Null, Value::Long),
        (Type::Real, Json::Number(n)) => n.as_f64().map_or(Value::Null, Value::Real),
        (Type::DateTime, Json::String(s)) => {
            time::parse_datetime(s).map_or(Value::Null, Value::DateTime)
        }
        (Type::String, Json::String(s)) => Value::String(Arc::from(s.as_str())),
        (_, other) => Value::Dynamic(Arc::new(other.clone())),
    }
}

/// The type of all values: whole and real numbers together are real, instants and other texts are text,
/// anything else is dynamic. Text where there is no value.
fn common(types: impl Iterator<Item = Type>) -> Type {
    let texts = [Type::String, Type::DateTime];
    let numbers = [Type::Long, Type::Real];
    let mut known: Option<Type> = None;
    for ty in types {
        known = Some(match known {
            None => ty,
            Some(same) if same == ty => ty,
            Some(k) if texts.contains(&k) && texts.contains(&ty) => Type::String,
            Some(k) if numbers.contains(&k) && numbers.contains(&ty) => Type::Real,
            Some(_) => Type::Dynamic,
        });
    }
    known.unwrap_or(Type::String)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(table: &Table) -> String {
        let columns: Vec<String> = table.schema().map(|(n, t)| format!("{n}:{t}")).collect();
        columns.join(" ")
    }

    #[test]
    fn json_columns_have_the_type_of_all_their_values() {
        let rows = json_rows(
            "{\"a\":1,\"t\":\"2026-06-08T00:00:00Z\",\"m\":1}\n{\"a\":2.5,\"t\":null,\"m\":\"x\",\"d\":{}}\n",
        )
        .unwrap();
        let table = json_table(rows);
        assert_eq!(types(&table), "a:real t:datetime m:dynamic d:dynamic");
        assert_eq!(table.row(0)[0], Value::Real(1.0));
        assert_eq!(json_rows("[{\"a\":1},\n{\"b\"").unwrap_err().0, 2);
    }

    fn read(text: &str) -> Vec<Record> {
        cells::records(text, b',')
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn csv_needs_as_many_cells_as_headings() {
        let table = csv_table(read("n,t,s\n1,2026-06-08 10:00:00,x\n,,1\n"));
        assert_eq!(types(&table.unwrap()), "n:long t:datetime s:string");
        let wrong = csv_table(read("a,b\n1\n"));
        assert_eq!(wrong.unwrap_err().0, 2);
    }
}
