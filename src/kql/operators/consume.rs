//! `consume`: runs the rows and gives none of them.

use crate::kql::bind::operator::Made;
use crate::kql::plan::Operator;
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};

#[derive(Debug)]
struct Consume;

/// Analyses it.
pub fn bind() -> Made {
    let mut made = Made::new(Consume, Vec::new());
    made.open = Some(false);
    made.ordered(false)
}

impl Operator for Consume {
    fn run(&self, _: Frame, _: &Runtime) -> Result<Frame, Stop> {
        Ok(Frame::default())
    }
}
