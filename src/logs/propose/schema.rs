//! Columns from a list of names and types: CSV with a header, or the answer of `getschema` in any form.

use super::{Proposal, ProposedColumn, Sample, names};
use crate::value::Type;
use serde_json::{Map, Value as Json};

/// The columns of a table, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The table, where the list names it.
    pub table: Option<String>,
    /// Names and types.
    pub columns: Vec<(String, Type)>,
}

/// Reads a list of columns: CSV or JSON with a name (`ColumnName`, `name`, `column`) and a type (`ColumnType`, `type`,
/// `DataType`) in each record, such as the answer of `T | getschema`. Where `TableName` names several tables, the
/// columns of the first are read.
///
/// # Errors
/// What is wrong with it, in one sentence.
pub fn read_schema(text: &[u8]) -> Result<Schema, String> {
    const MOST: usize = 10_000;
    let sample = Sample::of_bytes("schema", text.to_vec(), None, MOST)?;
    let mut schema = Schema::default();
    for (at, record) in sample.records.iter().enumerate() {
        let say = |what: &str| format!("record {} of the schema {what}", at + 1);
        let name = of(
            record,
            &["ColumnName", "name", "column", "column_name", "field"],
        );
        let name = name.ok_or_else(|| say("names no column: it needs `ColumnName` or `name`"))?;
        let ty = of(
            record,
            &["ColumnType", "type", "column_type", "DataType", "data_type"],
        );
        let ty = ty.ok_or_else(|| say("has no type: it needs `ColumnType` or `type`"))?;
        let read = type_of(&ty)
            .ok_or_else(|| say(&format!("has the type `{ty}`, which KQL does not have")))?;
        let table = of(record, &["TableName", "table"]);
        if schema.columns.is_empty() {
            schema.table = table;
        } else if table != schema.table {
            continue;
        }
        if schema.columns.iter().any(|(known, _)| *known == name) {
            return Err(say(&format!("names the column `{name}` a second time")));
        }
        schema.columns.push((name, read));
    }
    if schema.columns.is_empty() {
        return Err("the schema names no column".to_owned());
    }
    Ok(schema)
}

fn of(record: &Map<String, Json>, names: &[&str]) -> Option<String> {
    let found = names.iter().find_map(|name| {
        let is_it = |(key, _): &(&String, &Json)| key.eq_ignore_ascii_case(name);
        record.iter().find(is_it)?.1.as_str()
    })?;
    let found = found.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

/// A type by its name in KQL or in .NET.
fn type_of(name: &str) -> Option<Type> {
    let plain = name.strip_prefix("System.").unwrap_or(name);
    let known = match plain.to_ascii_lowercase().as_str() {
        "sbyte" => Some(Type::Bool),
        "single" | "float" => Some(Type::Real),
        "sqldecimal" | "data.sqltypes.sqldecimal" => Some(Type::Decimal),
        "text" => Some(Type::String),
        "timestamp" => Some(Type::DateTime),
        "json" => Some(Type::Dynamic),
        _ => None,
    };
    known.or_else(|| Type::from_name(plain))
}

impl Proposal {
    /// Gives the table the columns of a schema. Each is filled by the input whose name is the same, apart from its case
    /// and what is neither a letter nor a digit, and that input gets its type; the others stand empty.
    pub fn use_schema(&mut self, schema: &Schema) {
        let plain = |name: &str| -> String {
            let kept = name.chars().filter(|c| c.is_alphanumeric());
            kept.flat_map(char::to_lowercase).collect()
        };
        if let Some(table) = &schema.table {
            self.table.clone_from(table);
        }
        let time = self
            .time
            .and_then(|at| self.inputs.get(at))
            .map(|i| i.name.clone());
        let mut columns = Vec::new();
        let mut empty = Vec::new();
        for (name, ty) in &schema.columns {
            let input = self.inputs.iter_mut().find(|input| {
                [&input.name, &input.member]
                    .into_iter()
                    .any(|n| plain(n) == plain(name))
            });
            let expression = match (input, &time) {
                (Some(input), time) => {
                    let is_time = time.as_ref() == Some(&input.name);
                    if !is_time && can_be_read(*ty) {
                        input.ty = *ty;
                    }
                    Some(converted(&names::written(&input.name), input.ty, *ty))
                }
                (None, Some(time)) if name == names::TIME && *ty == Type::DateTime => {
                    Some(names::written(time))
                }
                (None, _) => {
                    empty.push(name.as_str());
                    None
                }
            };
            columns.push(ProposedColumn {
                name: name.clone(),
                ty: *ty,
                expression,
            });
        }
        if !empty.is_empty() {
            let more = if empty.len() > 8 { ", …" } else { "" };
            let names: Vec<&str> = empty.iter().take(8).copied().collect();
            self.notes.push(format!(
                "{} columns of the schema stand empty, no member has their name: {}{more}",
                empty.len(),
                names.join(", ")
            ));
        }
        self.columns = columns;
    }
}

/// Whether an input can have the type.
fn can_be_read(ty: Type) -> bool {
    !matches!(ty, Type::Guid | Type::Decimal | Type::TimeSpan)
}

/// The function of KQL that turns a value to a type.
pub fn conversion(to: Type) -> &'static str {
    match to {
        Type::String => "tostring",
        Type::Long => "tolong",
        Type::Int => "toint",
        Type::Real => "todouble",
        Type::Bool => "tobool",
        Type::DateTime => "todatetime",
        Type::TimeSpan => "totimespan",
        Type::Dynamic => "todynamic",
        Type::Guid => "toguid",
        Type::Decimal => "todecimal",
    }
}

/// An expression of one type turned to another.
fn converted(expression: &str, from: Type, to: Type) -> String {
    if from == to {
        return expression.to_owned();
    }
    let function = conversion(to);
    // All functions read text.
    match from {
        Type::String => format!("{function}({expression})"),
        _ if to == Type::String => format!("tostring({expression})"),
        _ => format!("{function}(tostring({expression}))"),
    }
}
