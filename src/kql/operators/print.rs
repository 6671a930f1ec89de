//! `print name = expression, …`: one row. `range x from a to b step c`: a column of numbers or instants.

use crate::diagnostic::Span;
use crate::kql::bind::operator::Made;
use crate::kql::bind::{Binder, Row, unique_name};
use crate::kql::functions::common;
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator, Schema};
use crate::kql::run::eval::{constant, eval};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree;
use crate::value::{ColumnBuilder, Type, Value};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["print"],
        "print [Name =] expression, …",
        "One row of values that are computed without a table: for trying out expressions.",
        "print Day = startofday(now()), Hash = hash_sha256(\"abc\")",
    ),
    Doc::operator(
        &["range"],
        "range Column from first to last step step",
        "A table with one column of numbers, instants or spans of time, from the first to the last.",
        "range Hour from datetime(2024-05-01) to datetime(2024-05-02) step 1h",
    ),
];

#[derive(Debug)]
struct Print {
    items: Vec<Expr>,
}

/// Analyses `print`.
pub fn bind(binder: &mut Binder, items: &[tree::Named]) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    let mut values = Vec::new();
    for item in items {
        let several = binder.names_several(item);
        let mut columns = super::project::columns(binder, item, Row::NONE);
        if several && !item.names.is_empty() {
            columns.truncate(item.names.len());
        }
        for (name, value, explicit) in columns {
            let name = match name {
                Some(name) if explicit || several => name,
                _ => format!("print_{}", values.len()),
            };
            schema.push((
                unique_name(&name, &schema),
                value.ty.unwrap_or(Type::Dynamic),
            ));
            values.push(value);
        }
    }
    Some(Made::new(Print { items: values }, schema))
}

impl Operator for Print {
    fn run(&self, _: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let one = Frame::of_columns(Vec::new(), 1);
        let mut columns = Vec::with_capacity(self.items.len());
        for item in &self.items {
            columns.push(eval(item, &one, runtime)?.into_column(1));
        }
        Ok(Frame::of_columns(columns, 1))
    }
}

#[derive(Debug)]
struct Range {
    from: Expr,
    to: Expr,
    step: Expr,
    ty: Type,
    span: Span,
}

/// Analyses `range`.
pub fn bind_range(
    binder: &mut Binder,
    name: &tree::Name,
    bounds: [&tree::Expr; 3],
    span: Span,
) -> Option<Made> {
    let [from, to, step] = bounds.map(|b| binder.scalar(b, Row::NONE));
    let ty = match (from.ty, to.ty, step.ty) {
        (Some(Type::DateTime), Some(Type::DateTime), Some(Type::TimeSpan)) => Type::DateTime,
        (Some(a), Some(b), Some(c)) => match common(&[a, b, c]) {
            Some(ty @ (Type::Int | Type::Long | Type::Real | Type::TimeSpan)) => ty,
            _ => {
                let message = format!("A range cannot go from {a} to {b} in steps of {c}");
                binder.error("KQL-range", span, message);
                Type::Long
            }
        },
        _ => Type::Long,
    };
    let schema = vec![(name.text.clone(), ty)];
    let range = Range {
        from,
        to,
        step,
        ty,
        span,
    };
    Some(Made::new(range, schema).ordered(true))
}

impl Operator for Range {
    fn run(&self, _: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let [from, to, step] = [&self.from, &self.to, &self.step].map(|e| constant(e, runtime));
        let (from, to, step) = (from?, to?, step?);
        let mut builder = ColumnBuilder::new(self.ty);
        let mut rows = 0usize;
        let limit = runtime.options.row_limit;
        if self.ty == Type::Real {
            let numbers = (
                convert::real(&from),
                convert::real(&to),
                convert::real(&step),
            );
            if let (Some(from), Some(to), Some(step)) = numbers
                && step != 0.0
            {
                let mut at = from;
                while (if step > 0.0 { at <= to } else { at >= to }) && rows <= limit {
                    builder.push(&Value::Real(at));
                    rows += 1;
                    at = from + step * rows as f64;
                }
            }
        } else {
            let numbers = (
                convert::long(&from),
                convert::long(&to),
                convert::long(&step),
            );
            if let (Some(from), Some(to), Some(step)) = numbers
                && step != 0
            {
                let mut at = Some(from);
                while let Some(n) = at
                    && (if step > 0 { n <= to } else { n >= to })
                    && rows <= limit
                {
                    builder.push(&match self.ty {
                        Type::Int => Value::Int(n as i32),
                        Type::DateTime => Value::DateTime(n),
                        Type::TimeSpan => Value::TimeSpan(n),
                        _ => Value::Long(n),
                    });
                    rows += 1;
                    at = n.checked_add(step);
                }
            }
        }
        runtime.check_rows(rows, self.span)?;
        Ok(Frame::of_columns(vec![builder.finish()], rows))
    }
}
