//! `log_analytics_query_api`: `{"tables":[{"name","columns":[{"name","type"}],"rows":[[…]]}]}`.

use super::{Reading, Split, documents::member};
use crate::logs::scan::{self, Member};
use crate::value::Type;
use serde_json::Value;
use std::sync::Arc;

/// Most bytes of what is said of a table's columns.
const MOST_COLUMNS: usize = 1 << 20;

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
    let names = ("columns", "rows");
    let end = all(text, tables.value.start, names, usize::MAX, lines, split);
    if member(text, members, "error").is_some() {
        split
            .notes
            .push("The answer holds an error beside its rows: it is partial".to_owned());
    }
    Some(end)
}

/// Takes the rows of the first tables of a list, with the given names of their columns and rows; gives the offset behind
/// the list. A damaged table gives the rows that are whole, and goes no further than to the next table.
pub(super) fn all(
    text: &[u8],
    at: usize,
    names: (&str, &str),
    most: usize,
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> usize {
    let mut budget = scan::Budget::new(text.len().saturating_sub(at));
    let mut i = scan::skip_space(text, at + 1);
    let mut taken = 0;
    loop {
        match text.get(i) {
            Some(b']') => return i + 1,
            Some(_) => {}
            None => {
                let line = lines.at(i);
                let reason = "cut off: the file ends before the list of tables does";
                split.reject(text, line, i, reason);
                return text.len();
            }
        }
        let walked = scan::skip_value(text, i);
        let behind = match &walked {
            Ok(end) => {
                if taken < most {
                    table(text, i..*end, names, lines, split);
                }
                Some(*end)
            }
            Err(fault) if text.get(i) != Some(&b'{') => {
                let line = lines.at(i);
                split.reject(text, line, i, fault.reason);
                None
            }
            Err(_) if taken < most => {
                let end = scan::resume(text, i, i).unwrap_or(text.len());
                table(text, i..end, names, lines, split)
            }
            Err(_) => None,
        };
        taken += 1;
        let on = match &walked {
            Ok(_) => true,
            Err(fault) => budget.walk(i, text.len().min(fault.at)),
        };
        if !on {
            let line = lines.at(i);
            split.reject(text, line, i, scan::TOO_DAMAGED);
            return text.len();
        }
        let next = behind.map(|end| {
            let end = scan::skip_space(text, end);
            // The bracket that a damaged table was not walked to.
            let closes = walked.is_err() && text.get(end) == Some(&b'}');
            scan::skip_space(text, end + usize::from(closes))
        });
        i = match next.filter(|next| matches!(text.get(*next), Some(b',' | b']' | b'{') | None)) {
            Some(next) if text.get(next) == Some(&b',') => scan::skip_space(text, next + 1),
            Some(next) => next,
            None => match scan::resume(text, i, i) {
                Some(next) => next,
                None => return text.len(),
            },
        };
    }
}

/// Takes the rows of the table of a range, which may be damaged, with the given names of its columns and rows. Gives the
/// offset behind its rows, where they have an end.
pub(super) fn table(
    text: &[u8],
    range: std::ops::Range<usize>,
    (columns, rows): (&str, &str),
    lines: &mut scan::Lines<'_>,
    split: &mut Split,
) -> Option<usize> {
    let text = text.get(..range.end)?;
    if text.get(range.start) != Some(&b'{') {
        return None;
    }
    let (members, _) = scan::members(text, range.start);
    let parsed = member(text, &members, columns)
        .and_then(|m| text.get(m.value.clone()))
        .filter(|bytes| bytes.len() <= MOST_COLUMNS)
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
        return None;
    };
    if text.get(rows.value.start) != Some(&b'[') {
        return None;
    }
    let (elements, end) = scan::elements(text, rows.value.start);
    split.take(text, elements, lines, &Reading::Row(Arc::new(columns)));
    let closed = end.checked_sub(1).and_then(|last| text.get(last)) == Some(&b']');
    closed.then_some(end)
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
