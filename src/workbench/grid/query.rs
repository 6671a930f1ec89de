//! What a person asks of a table: which rows, in which order.

use crate::value::path::{self, Step};
use crate::value::{Type, Value, time};

/// Which rows, in which order. Columns are named: the same question can be asked of another run's rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Rows hold this text in any of the columns that are looked at, in capitals or not.
    pub text: String,
    /// The columns that `text` is looked for in.
    pub within: Vec<String>,
    /// All of these hold.
    pub filters: Vec<Filter>,
    /// From this instant to that one, both included.
    pub range: Option<(i64, i64)>,
    /// Column, and whether downwards; none: the table's own order.
    pub sort: Option<(String, bool)>,
}

/// A condition on a column, or on a path inside a dynamic one.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// The column.
    pub column: String,
    /// The place inside a dynamic value; none for the value itself.
    pub path: Vec<Step>,
    /// What has to hold.
    pub test: Test,
}

/// What has to hold of a value. A path through an array leads to several values: one of them suffices.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is one of these.
    Only(Vec<Value>),
    /// It is none of these.
    Without(Vec<Value>),
    /// It is null, or an empty text, or not there.
    Empty,
    /// It is something.
    Filled,
}

impl Query {
    /// Whether all rows are wanted in the table's own order.
    pub fn is_plain(&self) -> bool {
        self.text.is_empty()
            && self.filters.is_empty()
            && self.range.is_none()
            && self.sort.is_none()
    }

    /// Whether some rows may be left out.
    pub fn filters(&self) -> bool {
        !self.text.is_empty() || !self.filters.is_empty() || self.range.is_some()
    }

    /// Adds a condition: to the one on the same place where both name values, else beside it.
    pub fn add(&mut self, new: Filter) {
        let same = |f: &&mut Filter| f.column == new.column && f.path == new.path;
        for known in self.filters.iter_mut().filter(same) {
            match (&mut known.test, &new.test) {
                (Test::Only(known), Test::Only(values))
                | (Test::Without(known), Test::Without(values)) => {
                    for value in values {
                        if !known.contains(value) {
                            known.push(value.clone());
                        }
                    }
                    return;
                }
                (a, b) if a == b => return,
                _ => {}
            }
        }
        self.filters.push(new);
    }
}

impl Filter {
    /// The condition in words: `EventType is login.succeeded`.
    pub fn words(&self) -> String {
        let name = path::shown(&self.column, &self.path);
        let listed = |values: &[Value]| {
            let values: Vec<String> = values.iter().map(value_words).collect();
            values.join(" or ")
        };
        match &self.test {
            Test::Only(values) => format!("{name} is {}", listed(values)),
            Test::Without(values) => format!("{name} is not {}", listed(values)),
            Test::Empty => format!("{name} is empty"),
            Test::Filled => format!("{name} is not empty"),
        }
    }
}

/// A value as it stands in a cell, short.
pub fn value_words(value: &Value) -> String {
    let text = match value {
        Value::Null => "null".to_owned(),
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::DateTime(at) => time::format_short(*at),
        Value::Dynamic(json) => match json.as_str() {
            Some(text) => text.to_owned(),
            None => json.to_string(),
        },
        other => other.display(),
    };
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// The column that holds the time of a row: `TimeGenerated`, else the first of instants.
pub fn time_column(schema: &[(String, Type)]) -> Option<usize> {
    let is_time = |(_, ty): &(String, Type)| *ty == Type::DateTime;
    let named = schema
        .iter()
        .position(|c| is_time(c) && c.0 == "TimeGenerated");
    named.or_else(|| schema.iter().position(is_time))
}
