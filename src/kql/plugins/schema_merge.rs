//! `schema_merge`: several results of `getschema` as one.

use super::{Call, Planned, Plugin, stop};
use crate::diagnostic::Span;
use crate::kql::bind::operator::Made;
use crate::kql::plan::Operator;
use crate::kql::run::frame::{Frame, unique};
use crate::kql::run::{Runtime, Stop, convert};
use crate::value::{ColumnBuilder, Lineage, Type, Value};
use std::collections::BTreeMap;

/// The plugin.
pub const PLUGIN: Plugin = Plugin {
    name: "schema_merge",
    signature: "schema_merge()",
    doc: "Merges the rows of several `getschema` results into one: each column once. A column that has different types or places in them is an error.",
    parameters: &["PreserveOrder"],
    bind,
};

#[derive(Debug)]
struct SchemaMerge {
    /// The places of the name, the ordinal, the data type and the column type.
    places: [usize; 4],
    span: Span,
}

fn bind(call: &mut Call) -> Option<Planned> {
    if !call.fits(0, 1) || !call.no_schema() {
        return None;
    }
    if let Some(expr) = call.get(0)
        && call.known(expr)? != Value::Bool(true)
    {
        let message = "Merging schemas of another order is not supported";
        call.binder.error("KQL-unsupported", expr.span, message);
        return None;
    }
    let wanted = ["ColumnName", "ColumnOrdinal", "DataType", "ColumnType"];
    let places = wanted.map(|w| call.input.schema.iter().position(|(n, _)| n == w));
    let [Some(a), Some(b), Some(c), Some(d)] = places else {
        if !call.input.open {
            call.error(
                "KQL-columns",
                "`schema_merge` takes the rows of `getschema`",
            );
        }
        return None;
    };
    let operator = SchemaMerge {
        places: [a, b, c, d],
        span: call.name,
    };
    let types = [Type::String, Type::Long, Type::String, Type::String];
    let schema = wanted
        .iter()
        .zip(types)
        .map(|(name, ty)| ((*name).to_owned(), ty))
        .collect();
    let mut made = Made::new(operator, schema).ordered(false);
    made.open = Some(false);
    Some(Planned::Made(made))
}

impl Operator for SchemaMerge {
    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        let cell = |place: usize, row: usize| {
            let at = self.places.get(place).copied().unwrap_or_default();
            let column = input.columns.get(at);
            column.map_or(Value::Null, |c| c.get().value(row))
        };
        let mut merged: BTreeMap<i64, (String, [String; 2], Vec<u32>)> = BTreeMap::new();
        for row in 0..input.rows {
            let name = convert::text(&cell(0, row)).to_string();
            let ordinal = convert::long(&cell(1, row)).unwrap_or(-1);
            let types = [cell(2, row), cell(3, row)].map(|v| convert::text(&v).to_string());
            let elsewhere = merged
                .iter()
                .any(|(o, (n, ..))| *n == name && *o != ordinal);
            let slot = merged
                .entry(ordinal)
                .or_insert_with(|| (name.clone(), types.clone(), Vec::new()));
            if elsewhere || slot.0 != name {
                let message =
                    format!("The column `{name}` stands at different places in the schemas");
                return Err(stop("KQL-unsupported", self.span, message));
            }
            if slot.1 != types {
                let message = format!("The column `{name}` has different types in the schemas");
                return Err(stop("KQL-unsupported", self.span, message));
            }
            input.events(row, &mut slot.2);
        }
        let mut builders = [
            ColumnBuilder::new(Type::String),
            ColumnBuilder::new(Type::Long),
            ColumnBuilder::new(Type::String),
            ColumnBuilder::new(Type::String),
        ];
        let mut lineage = Lineage::new();
        let count = merged.len();
        for (ordinal, (name, [data, column], mut events)) in merged {
            let [a, b, c, d] = &mut builders;
            a.push_text(&name);
            b.push(&Value::Long(ordinal));
            c.push_text(&data);
            d.push_text(&column);
            unique(&mut events);
            lineage.push(events);
        }
        let columns = builders.map(ColumnBuilder::finish).to_vec();
        let frame = Frame::of_columns(columns, count);
        Ok(if input.has_events() {
            frame.with_events(lineage)
        } else {
            frame
        })
    }
}
