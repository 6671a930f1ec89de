//! `top-hitters n of column [by summed]`: the values that occur most, or whose sum is largest. The platform
//! estimates the counts; here they are exact.

use super::docs::Doc;
use super::{aggregate, sample, sort};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, auto_name};
use crate::kql::plan::Operator;
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, Argument, Expr, ExprKind, Name, Named, SortKey};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["top-hitters"],
    "T | top-hitters n of Column [by Summed]",
    "The values of a column that occur most, or whose sum of another column is largest. The platform estimates the numbers; here they are exact.",
    "SigninLogs | top-hitters 5 of IPAddress",
)];

/// One operator behind another.
#[derive(Debug)]
struct Both(Box<dyn Operator>, Box<dyn Operator>);

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    count: &tree::Expr,
    of: &Named,
    by: Option<&Named>,
    input: &Pipeline,
) -> Option<Made> {
    sample::only_column(binder, of);
    let span = of.value.span;
    let (function, what, arguments) = match by {
        Some(by) => {
            sample::only_column(binder, by);
            let argument = Argument {
                name: None,
                value: by.value.clone(),
            };
            ("sum", auto_name(&by.value), vec![argument])
        }
        None => ("count", auto_name(&of.value), Vec::new()),
    };
    let title = Name {
        text: format!("approximate_{function}_{}", what.unwrap_or_default()),
        span,
    };
    let named = |text: &str| Name {
        text: text.to_owned(),
        span,
    };
    let total = Named {
        names: vec![title.clone()],
        value: Expr {
            kind: ExprKind::Call(named(function), arguments),
            span,
        },
    };
    let summarized = aggregate::bind(binder, &[total], std::slice::from_ref(of), input)?;
    let inner = binder.inner_input(summarized.schema.clone(), false);
    let key = SortKey {
        value: Expr {
            kind: ExprKind::Name(title.text),
            span,
        },
        ascending: Some(false),
        nulls_first: None,
    };
    let top = sort::bind(binder, &[key], Some(count), &inner)?;
    let operator = Both(summarized.operator, top.operator);
    Some(Made::new(operator, top.schema).ordered(true))
}

impl Operator for Both {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        self.1.run(self.0.run(input, runtime)?, runtime)
    }
}
