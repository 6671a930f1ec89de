//! `narrow`: a row for every cell.

use super::{Call, Planned, Plugin, stop};
use crate::diagnostic::Span;
use crate::kql::bind::operator::Made;
use crate::kql::plan::{Operator, Schema};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, convert};
use crate::value::{ColumnBuilder, Type, Value};
use arrow_array::UInt32Array;
use std::sync::Arc;

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "narrow",
    signature: "narrow()",
    doc: "Turns every cell of the rows into a row of its own: the number of its row, the name of its column, its value as text.",
    parameters: &[],
    bind,
};

#[derive(Debug)]
struct Narrow {
    input: Schema,
    span: Span,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if !call.fits(0, 0) || !call.no_schema() {
        return None;
    }
    let operator = Narrow {
        input: call.input.schema.clone(),
        span: call.name,
    };
    let schema = vec![
        ("Row".to_owned(), Type::Long),
        ("Column".to_owned(), Type::String),
        ("Value".to_owned(), Type::String),
    ];
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(false);
    Some(Planned::Made(made))
}

impl Operator for Narrow {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut rows = Vec::new();
        let mut number = ColumnBuilder::new(Type::Long);
        let mut name = ColumnBuilder::new(Type::String);
        let mut text = ColumnBuilder::plain(Type::String);
        for row in 0..input.rows {
            for ((title, ty), column) in self.input.iter().zip(&input.columns) {
                let value = column.get().value(row);
                if value.is_null() || matches!(ty, Type::DateTime | Type::TimeSpan | Type::Real) {
                    let what = if value.is_null() { "null" } else { ty.name() };
                    let message = format!(
                        "How `narrow` writes a {what} (column `{title}`) is not certain; convert it with `tostring(…)` before"
                    );
                    return Err(stop("KQL-unsupported", self.span, message));
                }
                rows.push(row as u32);
                number.push(&Value::Long(row as i64));
                name.push_text(title);
                text.push_text(&convert::text(&value));
            }
            if row % 1024 == 0 || rows.len() > runtime.options.row_limit {
                runtime.check_rows(rows.len(), self.span)?;
            }
        }
        let count = rows.len();
        let events = input.take(&Arc::new(UInt32Array::from(rows)));
        let columns = [number, name, text].map(ColumnBuilder::finish).to_vec();
        Ok(Frame::of_columns(columns, count).with_events_of(&events))
    }
}
