//! `count`: how many rows there are.

use crate::kql::bind::operator::Made;
use crate::kql::operators::docs::Doc;
use crate::kql::plan::Operator;
use crate::kql::run::datum::repeat;
use crate::kql::run::frame::{Frame, unique};
use crate::kql::run::{Runtime, Stop};
use crate::value::{Lineage, Type, Value};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["count"],
    "T | count",
    "Gives one row with the number of rows, in a column `Count`.",
    "SigninLogs | where ResultType != \"0\" | count",
)];

#[derive(Debug)]
struct Count;

/// Analyses it.
pub fn bind(name: &str) -> Made {
    let mut made = Made::new(Count, vec![(name.to_owned(), Type::Long)]);
    made.open = Some(false);
    made.ordered(false)
}

impl Operator for Count {
    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        let value = Value::Long(input.rows as i64);
        let frame = Frame::of_columns(vec![repeat(&value, Type::Long, 1)], 1);
        if !input.has_events() {
            return Ok(frame);
        }
        let mut events = Vec::new();
        for row in 0..input.rows {
            input.events(row, &mut events);
        }
        unique(&mut events);
        let mut lineage = Lineage::new();
        lineage.push(events);
        Ok(frame.with_events(lineage))
    }
}
