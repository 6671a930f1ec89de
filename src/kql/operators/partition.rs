//! `partition by column (operators)`: the operators run over the rows of each value of the column by themselves,
//! and the results stand one below the other. `partition by column { query }` runs a query of its own for each.

use super::aggregate;
use super::docs::Doc;
use super::union::concat;
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Binding, Row};
use crate::kql::plan::{Operator, Plan, ScalarBody, Schema};
use crate::kql::run::frame::{Frame, nulls};
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind, OperatorKind};
use crate::kql::syntax::tree_rows::{self, PartitionBody};
use crate::value::{Column, Lineage, Type};
use arrow_array::UInt32Array;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["partition"],
    "T | partition [hint.strategy=native|shuffle|legacy] by Column (operators)",
    "Runs the operators over the rows of each value of a column by themselves and puts the results below each other. Without a strategy the column may have 64 values, and a query in `{ }` may bring rows of its own.",
    "SigninLogs | partition hint.strategy=native by UserPrincipalName (top 1 by TimeGenerated)",
)];

/// Most parts of the platform's older way, which is its default.
const LEGACY: usize = 64;

#[derive(Debug)]
struct Partition {
    column: usize,
    slot: usize,
    body: Arc<Plan>,
    schema: Schema,
    legacy: bool,
    span: Span,
}

/// The rows of the part that is being run.
#[derive(Debug)]
struct PartRows(usize);

impl Operator for PartRows {
    fn run(&self, _: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        Ok(runtime.part_rows(self.0))
    }
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    partition: &tree_rows::Partition,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let name = &partition.column;
    let named = tree::Expr {
        kind: ExprKind::Name(name.text.clone()),
        span: name.span,
    };
    let key = binder.scalar(&named, input.row());
    super::sort::no_dynamic(binder, &key, "what `partition` divides by");
    let strategy = partition.strategy.as_ref().map(|s| s.text.as_str());
    let legacy = match strategy {
        None | Some("legacy") => true,
        Some("native" | "shuffle") => false,
        Some(other) => {
            let message = format!("`{other}` is not a strategy; there are native, shuffle, legacy");
            let place = partition.strategy.as_ref().map_or(span, |s| s.span);
            binder.error("KQL005", place, message);
            true
        }
    };
    // Whatever is analysed from here on may differ from part to part.
    let slot = binder.id();
    let rows = binder.rows_of(PartRows(slot), input, name.span);
    let outer = binder.env.clone();
    let body = match &partition.body {
        PartitionBody::Operators(operators) => {
            if !legacy {
                refuse_sources(binder, operators);
            }
            binder.piped(rows, operators)
        }
        PartitionBody::Query(query) => {
            if !legacy {
                let message = "Only the strategy `legacy` takes a query of its own in `{ }`";
                binder.error("KQL-partition", query.span, message);
            }
            let first = binder.rows_of(PartRows(slot), input, name.span);
            let only = tree::Operator {
                kind: OperatorKind::Project(vec![tree::Named {
                    names: Vec::new(),
                    value: named.clone(),
                }]),
                name: name.clone(),
                span: name.span,
            };
            let values = binder.piped(first, &[only]);
            if let Some(ty) = key.ty {
                let scalar = binder.shared(ScalarBody::Table(values));
                binder.env = binder.env.with(&name.text, Binding::Scalar(scalar, ty));
            }
            binder.table(query, Row::NONE)
        }
    };
    binder.env = outer;
    let crate::kql::plan::Kind::Column(column) = key.kind else {
        return None;
    };
    let schema = body.schema.clone();
    let open = body.open;
    let operator = Partition {
        column,
        slot,
        body,
        schema: schema.clone(),
        legacy,
        span,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(open);
    Some(made.ordered(false))
}

/// The strategies native and shuffle take no operator that brings rows of its own.
fn refuse_sources(binder: &mut Binder, operators: &[tree::Operator]) {
    for operator in operators {
        if let OperatorKind::Join { .. } | OperatorKind::Union(..) = &operator.kind {
            let message = format!(
                "`{}` cannot stand in `partition` with the strategy native or shuffle",
                operator.name.text
            );
            let diagnostic = Diagnostic::error("KQL-partition", operator.name.span, message);
            binder
                .told(diagnostic.with_hint("The strategy `legacy` allows it, for up to 64 parts"));
        }
    }
}

impl Operator for Partition {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let key: Vec<Column> = input
            .columns
            .get(self.column)
            .map(|c| c.get().clone())
            .into_iter()
            .collect();
        let grouping = aggregate::group(key, input.rows);
        let parts = if input.rows == 0 {
            0
        } else {
            grouping.groups.count
        };
        if self.legacy && parts > LEGACY {
            let message = format!(
                "The column has {parts} values, and `partition` without a strategy takes at most {LEGACY}; write `hint.strategy=native`"
            );
            return Err(Stop::limit(self.span, message));
        }
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); parts];
        for (row, group) in grouping.groups.of.iter().enumerate() {
            if let Some(rows) = rows.get_mut(*group as usize) {
                rows.push(row as u32);
            }
        }
        let mut frames = Vec::with_capacity(parts);
        let mut total = 0;
        for rows in rows {
            let part = input.take(&Arc::new(UInt32Array::from(rows)));
            let inner = runtime.part(self.slot, part);
            let frame = inner.rows(&self.body)?;
            runtime.join_part(&inner);
            total += frame.rows;
            runtime.check_rows(total, self.span)?;
            frames.push(frame);
        }
        Ok(stacked(&frames, &self.schema, runtime))
    }
}

/// The rows of frames with the same columns, one below the other, with their events.
fn stacked(frames: &[Frame], schema: &[(String, Type)], runtime: &Runtime) -> Frame {
    let rows = frames.iter().map(|f| f.rows).sum();
    let columns = schema.iter().enumerate().map(|(at, (_, ty))| {
        let pieces: Vec<Column> = frames
            .iter()
            .map(|frame| match frame.columns.get(at) {
                Some(column) => column.get().clone(),
                None => nulls(*ty, frame.rows),
            })
            .collect();
        concat(*ty, &pieces)
    });
    let frame = Frame::of_columns(columns.collect(), rows);
    if !runtime.options.lineage || !frames.iter().any(Frame::has_events) {
        return frame;
    }
    let mut lineage = Lineage::new();
    let mut events = Vec::new();
    for frame in frames {
        for row in 0..frame.rows {
            events.clear();
            frame.events(row, &mut events);
            crate::kql::run::frame::unique(&mut events);
            lineage.push(events.iter().copied());
        }
    }
    frame.with_events(lineage)
}
