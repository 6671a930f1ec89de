//! `fork (a) (b)` and `facet by a, b`: several tables of the same rows. The first is the query's result; the others
//! stand beside it with their names.

use super::docs::Doc;
use super::{aggregate, sample};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::Binder;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::plan::{Operator, Schema, Stage};
use crate::kql::run::frame::Frame;
use crate::kql::run::{self, Runtime, Stop};
use crate::kql::syntax::tree::{self, Expr, ExprKind, Name, Named, OperatorKind};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["fork"],
        "T | fork [Name =] (operators) [Name =] (operators) …",
        "Makes several tables of the same rows. The first is the query's result, the others stand beside it.",
        "SigninLogs | fork (summarize count() by Location) (take 10)",
    ),
    Doc::operator(
        &["facet"],
        "T | facet by Column, … [with (operators)]",
        "Makes a table of values and counts for every column, and one of the operators. The first table is the query's result, the others stand beside it.",
        "SigninLogs | facet by Location, AppDisplayName",
    ),
];

/// What is done to the rows for one of the tables.
#[derive(Debug)]
struct Leg {
    name: String,
    steps: Vec<Stage>,
    schema: Schema,
}

#[derive(Debug)]
struct Fork {
    legs: Vec<Leg>,
}

/// Analyses `fork`.
pub fn bind(
    binder: &mut Binder,
    legs: &[(Option<Name>, Vec<tree::Operator>)],
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let mut bound = Vec::new();
    let mut open = false;
    for (at, (name, operators)) in legs.iter().enumerate() {
        // `| as Name` at the end names the table.
        let (operators, last) = match operators.split_last() {
            Some((last, rest)) => match &last.kind {
                OperatorKind::As(name) => (rest, Some(name)),
                _ => (operators.as_slice(), None),
            },
            None => (operators.as_slice(), None),
        };
        let name = name.as_ref().or(last).map(|n| n.text.clone());
        let (steps, inner) = binder.inner_pipe(operators, input.schema.clone(), input.open);
        open |= at == 0 && inner.open;
        bound.push(Leg {
            name: name.unwrap_or_else(|| format!("Table{}", at + 1)),
            steps,
            schema: inner.schema,
        });
    }
    several(binder, bound, open, span)
}

/// Analyses `facet`: the table of `with` first, then one of each column's values and their counts.
pub fn bind_facet(
    binder: &mut Binder,
    columns: &[Name],
    with: Option<&[tree::Operator]>,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let mut legs = Vec::new();
    let mut open = false;
    if let Some(operators) = with {
        let (steps, inner) = binder.inner_pipe(operators, input.schema.clone(), input.open);
        open = inner.open;
        legs.push(Leg {
            name: "with".to_owned(),
            steps,
            schema: inner.schema,
        });
    }
    for column in columns {
        let key = Named {
            names: Vec::new(),
            value: Expr {
                kind: ExprKind::Name(column.text.clone()),
                span: column.span,
            },
        };
        sample::only_column(binder, &key);
        let count = Name {
            text: "count".to_owned(),
            span: column.span,
        };
        let count = Named {
            names: vec![Name {
                text: format!("count_{}", column.text),
                span: column.span,
            }],
            value: Expr {
                kind: ExprKind::Call(count, Vec::new()),
                span: column.span,
            },
        };
        let made = aggregate::bind(binder, &[count], &[key], input)?;
        legs.push(Leg {
            name: column.text.clone(),
            schema: made.schema.clone(),
            steps: vec![Stage {
                span: column.span,
                operator: made.operator.into(),
                schema: made.schema,
                input: input.schema.clone(),
            }],
        });
    }
    several(binder, legs, open, span)
}

fn several(binder: &mut Binder, legs: Vec<Leg>, open: bool, span: Span) -> Option<Made> {
    let schema = legs.first()?.schema.clone();
    if legs.len() > 1 {
        let names: Vec<&str> = legs.iter().map(|l| l.name.as_str()).collect();
        let message = format!(
            "This gives {} tables ({}); the first is the result",
            names.len(),
            names.join(", ")
        );
        binder.told(Diagnostic::warning("KQL-tables", span, message));
    }
    let mut made = Made::new(Fork { legs }, schema);
    made.open = Some(open);
    Some(made.ordered(false))
}

impl Operator for Fork {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut result = None;
        for leg in &self.legs {
            let mut frame = input.clone();
            for step in &leg.steps {
                frame = step.operator.run(frame, runtime)?;
                runtime.check_rows(frame.rows, step.span)?;
                runtime.record(step.span, frame.rows);
            }
            if result.is_none() {
                result = Some(frame);
            } else {
                let table = run::table(frame, &leg.schema, runtime)?;
                runtime.add_more(leg.name.clone(), table);
            }
        }
        Ok(result.unwrap_or_default())
    }
}
