//! `log_analytics_query_api`: `{"tables":[{"name","columns":[{"name","type"}],"rows":[[…]]}]}`.

use super::{Reading, Split, documents::member};
use crate::logs::scan::{self, Element, Member};
use crate::value::Type;
use serde_json::Value;
use std::sync::Arc;

/// Takes the rows of a query's answer; gives the offset behind its tables. None where it is none.
pub(super) fn take(
    text: &[u8],
    members: &[Member],
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> Option<usize> {
    let tables = member(text, members, "tables")?;
    if text.get(tables.value.start) != Some(&b'[') {
        return None;
    }
    split.named("log_analytics_query_api");
    let (elements, end) = scan::elements(text, tables.value.start);
    for element in elements {
        table(text, element, ("columns", "rows"), lines, split);
    }
    if member(text, members, "error").is_some() {
        split
            .notes
            .push("The answer holds an error beside its rows: it is partial".to_owned());
    }
    Some(end)
}

/// Takes the rows of one table with the given names of its columns and rows.
pub(super) fn table(
    text: &[u8],
    element: Element,
    (columns, rows): (&str, &str),
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) {
    let range = match element {
        Element::Value(range) => range,
        Element::Damaged(at, reason) => {
            // A damaged table may still have whole rows: it is walked as far as it goes.
            if text.get(at) != Some(&b'{') {
                let line = lines.at(at);
                split.reject(text, line, at, reason);
                return;
            }
            at..text.len()
        }
    };
    if text.get(range.start) != Some(&b'{') {
        return;
    }
    let (members, _) = scan::members(text, range.start);
    let parsed = member(text, &members, columns)
        .and_then(|m| text.get(m.value.clone()))
        .and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok())
        .as_ref()
        .and_then(read_columns);
    let (Some(columns), Some(rows)) = (parsed, member(text, &members, rows)) else {
        let line = lines.at(range.start);
        split.reject(
            text,
            line,
            range.start,
            "a table without readable columns and rows",
        );
        return;
    };
    if text.get(rows.value.start) == Some(&b'[') {
        let (elements, _) = scan::elements(text, rows.value.start);
        split.take(text, elements, lines, &Reading::Row(Arc::new(columns)));
    }
}

/// Names and types of columns, in the spellings of the query API (`name`, `type`) and of Kusto
/// (`ColumnName`, `ColumnType` or the .NET name in `DataType`).
fn read_columns(columns: &Value) -> Option<Vec<(String, Type)>> {
    columns
        .as_array()?
        .iter()
        .map(|column| {
            let text = |keys: [&str; 3]| keys.iter().find_map(|k| column.get(k)?.as_str());
            let name = text(["name", "ColumnName", "Name"])?;
            let ty = text(["type", "ColumnType", "DataType"]).unwrap_or("string");
            let ty = match ty {
                "SByte" => "bool",
                other => other.strip_prefix("System.").unwrap_or(other),
            };
            Some((
                name.to_owned(),
                Type::from_name(ty).unwrap_or(match ty {
                    "Int64" => Type::Long,
                    "Object" => Type::Dynamic,
                    _ => Type::String,
                }),
            ))
        })
        .collect()
}
