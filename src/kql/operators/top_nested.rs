//! `top-nested n of a by aggregate, top-nested m of b by aggregate`: the first values of a, in each of them the first
//! values of b, and so on. `with others = value` adds a row for all values that did not come first.

use super::docs::Doc;
use super::{aggregate, take};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, auto_name, unique_name};
use crate::kql::plan::{Expr, Operator, Schema};
use crate::kql::run::datum::normal;
use crate::kql::run::eval::constant;
use crate::kql::run::frame::{Frame, unique};
use crate::kql::run::sorting::{self, Key};
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree::{ExprKind, Name, Named};
use crate::kql::syntax::tree_rows::Nested;
use crate::value::{Column, ColumnBuilder, Lineage, Type, Value};
use arrow_array::UInt32Array;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["top-nested"],
    "T | top-nested [n] of value [with others = constant] by aggregate [asc|desc], top-nested …",
    "The first values of a column by an aggregate, in each of them the first values of the next column, and so on. `with others` adds a row for all values that did not come first.",
    "SigninLogs | top-nested 3 of Location by count(), top-nested 1 of AppDisplayName by count()",
)];

#[derive(Debug)]
struct Level {
    count: Option<Expr>,
    of: Expr,
    others: Option<Expr>,
    ascending: bool,
    /// The aggregate of every value, and of all rows together.
    each: Box<dyn Operator>,
    whole: Box<dyn Operator>,
    /// The types of the value and of the aggregate.
    types: [Type; 2],
}

#[derive(Debug)]
struct TopNested {
    levels: Vec<Level>,
    span: Span,
}

/// Analyses it.
pub fn bind(binder: &mut Binder, nested: &[Nested], input: &Pipeline, span: Span) -> Option<Made> {
    let mut schema: Schema = Vec::new();
    let mut levels = Vec::new();
    for level in nested {
        let of_name = match level.of.names.first() {
            Some(name) => name.text.clone(),
            None => auto_name(&level.of.value).unwrap_or_default(),
        };
        let span = level.by.value.span;
        let by_name = match level.by.names.first() {
            Some(name) => name.text.clone(),
            None => format!("aggregated_{of_name}"),
        };
        let named = |text: &str, named: &Named| Named {
            names: vec![Name {
                text: text.to_owned(),
                span,
            }],
            value: named.value.clone(),
        };
        let (of, by) = (named("#of", &level.of), named("#by", &level.by));
        if matches!(level.of.value.kind, ExprKind::Star) {
            binder.error(
                "KQL-star",
                level.of.value.span,
                "`top-nested` takes one value a level",
            );
        }
        let value = binder.scalar(&level.of.value, input.row());
        let each = aggregate::bind(
            binder,
            std::slice::from_ref(&by),
            std::slice::from_ref(&of),
            input,
        )?;
        let whole = aggregate::bind(binder, &[by], &[], input)?;
        let ty = |at: usize| each.schema.get(at).map_or(Type::Dynamic, |(_, t)| *t);
        let types = [ty(0), ty(1)];
        let others = level.others.as_ref().map(|o| {
            let others = binder.scalar(o, Row::NONE);
            binder.convert(others, types[0])
        });
        let count = level.count.as_ref().map(|c| take::row_count(binder, c));
        schema.push((unique_name(&of_name, &schema), types[0]));
        schema.push((unique_name(&by_name, &schema), types[1]));
        levels.push(Level {
            count,
            of: value,
            others,
            ascending: level.ascending,
            each: each.operator,
            whole: whole.operator,
            types,
        });
    }
    let mut made = Made::new(TopNested { levels, span }, schema);
    made.open = Some(false);
    Some(made.ordered(false))
}

/// The result on its way.
struct Output<'a> {
    columns: Vec<ColumnBuilder>,
    lineage: Lineage,
    rows: usize,
    input: &'a Frame,
}

impl Output<'_> {
    /// A row, and the rows of the input that it is made of.
    fn push(&mut self, values: &[Value], rows: &[u32]) {
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
        self.rows += 1;
        if self.input.has_events() {
            let mut events = Vec::new();
            for row in rows {
                self.input.events(*row as usize, &mut events);
            }
            unique(&mut events);
            self.lineage.push(events);
        }
    }
}

impl TopNested {
    /// The rows of one level under the values of those before it.
    fn level(
        &self,
        at: usize,
        rows: &[u32],
        before: &[Value],
        output: &mut Output,
        runtime: &Runtime,
    ) -> Result<(), Stop> {
        let Some(level) = self.levels.get(at) else {
            output.push(before, rows);
            return runtime.check_rows(output.rows, self.span);
        };
        runtime.check()?;
        let own = output
            .input
            .take(&Arc::new(UInt32Array::from(rows.to_vec())));
        let of = super::lazy(&level.of, &own, runtime)?;
        let grouping = aggregate::group(vec![of.get().clone()], own.rows);
        let summarized = level.each.run(own, runtime)?;
        let column =
            |at: usize| -> Option<Column> { summarized.columns.get(at).map(|c| c.get().clone()) };
        let (Some(values), Some(totals)) = (column(0), column(1)) else {
            return Ok(());
        };
        let mut order = sorting::order(
            &[Key {
                column: totals.clone(),
                ascending: level.ascending,
                nulls_first: false,
            }],
            summarized.rows,
        );
        let count = match &level.count {
            Some(count) => take::number(count, runtime)?,
            None => usize::MAX,
        };
        order.truncate(count);
        let mut parts: Vec<Vec<u32>> = vec![Vec::new(); grouping.groups.count];
        for (row, group) in rows.iter().zip(&grouping.groups.of) {
            if let Some(part) = parts.get_mut(*group as usize) {
                part.push(*row);
            }
        }
        for group in order {
            let group = group as usize;
            let part = parts.get_mut(group).map(std::mem::take).unwrap_or_default();
            let mut row = before.to_vec();
            row.push(values.value(group));
            row.push(totals.value(group));
            self.level(at + 1, &part, &row, output, runtime)?;
        }
        if level.others.is_some() {
            let mut rest: Vec<u32> = parts.into_iter().flatten().collect();
            rest.sort_unstable();
            if rest.is_empty() {
                return Err(Stop::Failed(Box::new(Diagnostic::error(
                    "KQL-unsupported",
                    self.span,
                    "`with others` where all values come first is not supported: what the platform gives then is not documented",
                ))));
            }
            self.others(at, &rest, before, output, runtime)?;
        }
        Ok(())
    }

    /// The row of all values that did not come first: levels without `with others` are empty in it.
    fn others(
        &self,
        at: usize,
        rest: &[u32],
        before: &[Value],
        output: &mut Output,
        runtime: &Runtime,
    ) -> Result<(), Stop> {
        let mut row = before.to_vec();
        for level in self.levels.iter().skip(at) {
            let Some(others) = &level.others else {
                row.extend(level.types.map(|ty| normal(ty, Value::Null)));
                continue;
            };
            row.push(convert::convert(
                &constant(others, runtime)?,
                level.types[0],
            ));
            let own = output
                .input
                .take(&Arc::new(UInt32Array::from(rest.to_vec())));
            let whole = level.whole.run(own, runtime)?;
            let total = whole.columns.first().map(|c| c.get().value(0));
            row.push(total.unwrap_or(Value::Null));
        }
        output.push(&row, rest);
        runtime.check_rows(output.rows, self.span)
    }
}

impl Operator for TopNested {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let types = self.levels.iter().flat_map(|l| l.types);
        let mut output = Output {
            columns: types.map(ColumnBuilder::new).collect(),
            lineage: Lineage::new(),
            rows: 0,
            input: &input,
        };
        let all: Vec<u32> = (0..u32::try_from(input.rows).unwrap_or(u32::MAX)).collect();
        if !all.is_empty() {
            self.level(0, &all, &[], &mut output, runtime)?;
        }
        let (rows, lineage) = (output.rows, output.lineage);
        let columns = output.columns.into_iter().map(ColumnBuilder::finish);
        let frame = Frame::of_columns(columns.collect(), rows);
        Ok(if input.has_events() {
            frame.with_events(lineage)
        } else {
            frame
        })
    }
}
