//! `getschema`: the columns of the input as rows.

use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Operator, Schema};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::value::{ColumnBuilder, Type, Value};
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["getschema"],
    "T | getschema",
    "Gives a row for every column: its name, position and type.",
    "SigninLogs | getschema",
)];

#[derive(Debug)]
struct GetSchema {
    columns: Schema,
}

/// Analyses it.
pub fn bind(input: &Pipeline) -> Made {
    let schema = [
        ("ColumnName", Type::String),
        ("ColumnOrdinal", Type::Int),
        ("DataType", Type::String),
        ("ColumnType", Type::String),
    ];
    let schema = schema.iter().map(|(n, t)| ((*n).to_owned(), *t)).collect();
    let columns = input.schema.clone();
    Made::new(GetSchema { columns }, schema).ordered(false)
}

fn data_type(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "System.SByte",
        Type::Int => "System.Int32",
        Type::Long => "System.Int64",
        Type::Real => "System.Double",
        Type::Decimal => "System.Data.SqlTypes.SqlDecimal",
        Type::String => "System.String",
        Type::DateTime => "System.DateTime",
        Type::TimeSpan => "System.TimeSpan",
        Type::Guid => "System.Guid",
        Type::Dynamic => "System.Object",
    }
}

impl Operator for GetSchema {
    fn run(&self, _: Frame, _: &Runtime) -> Result<Frame, Stop> {
        let mut name = ColumnBuilder::new(Type::String);
        let mut ordinal = ColumnBuilder::new(Type::Int);
        let mut data = ColumnBuilder::new(Type::String);
        let mut kql = ColumnBuilder::new(Type::String);
        for (at, (column, ty)) in self.columns.iter().enumerate() {
            name.push(&Value::String(Arc::from(column.as_str())));
            ordinal.push(&Value::Int(at as i32));
            data.push_text(data_type(*ty));
            kql.push_text(ty.name());
        }
        let columns = [name, ordinal, data, kql]
            .map(ColumnBuilder::finish)
            .to_vec();
        Ok(Frame::of_columns(columns, self.columns.len()))
    }
}
