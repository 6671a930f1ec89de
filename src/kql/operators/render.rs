//! `render chart with (…)`: how the result is to be drawn. The rows stay as they are.

use super::docs::Doc;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::plan::{self, Operator};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree_rows;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["render"],
    "T | render Chart [with (property=value, …)]",
    "Says how the result is drawn; it must come last and keeps the rows as they are.",
    "SigninLogs | summarize count() by bin(TimeGenerated, 1h) | render timechart",
)];

#[derive(Debug)]
struct Render(plan::Render);

/// Analyses it.
pub fn bind(render: &tree_rows::Render, input: &Pipeline) -> Made {
    let properties = render.properties.iter();
    let said = plan::Render {
        kind: render.kind.text.clone(),
        properties: properties
            .map(|(name, values)| (name.text.clone(), values.clone()))
            .collect(),
    };
    Made::new(Render(said), input.schema.clone())
}

impl Operator for Render {
    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        Ok(input)
    }

    fn render(&self) -> Option<&plan::Render> {
        Some(&self.0)
    }
}
