//! `mv-apply`: every row's array becomes rows of its own, and operators run over those of one row at a time.
//! A row whose array is empty is dropped.

use super::expand::{self, MvExpand};
use super::union::concat;
use crate::diagnostic::Span;
use crate::kql::bind::Binder;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Operator, Schema, Stage};
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind, OperatorKind};
use crate::value::{Column, Lineage, Type};
use arrow_array::UInt32Array;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["mv-apply", "mvapply"],
    "T | mv-apply [Name =] array [to typeof(type)], … [limit n] on (operators)",
    "Makes rows of the elements of every row's array and runs the operators over the elements of each row by themselves. A row whose array is empty is dropped.",
    "AuditLogs | mv-apply Resource = TargetResources on (where tostring(Resource.type) == \"User\" | take 1)",
)];

#[derive(Debug)]
struct MvApply {
    /// Tells its stages from those of another call of the function it stands in.
    id: usize,
    expand: MvExpand,
    steps: Vec<Stage>,
    /// Columns of the input that the result has.
    left: Vec<usize>,
    /// Columns of the operators' result that are added, and their types.
    right: Vec<(usize, Type)>,
    span: Span,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    apply: &tree::Apply,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let items = &apply.items;
    let (expand, schema) = expand::parts(
        binder,
        items,
        apply.index.as_ref(),
        apply.limit.as_ref(),
        false,
        input,
    );
    let (steps, inner) = binder.inner_pipe(&apply.operators, schema, input.open);
    let replaced = expand.replaced(input.schema.len());
    let left: Vec<usize> = (0..input.schema.len())
        .filter(|at| !replaced.contains(at))
        .collect();
    let mut schema: Schema = left
        .iter()
        .filter_map(|at| input.schema.get(*at).cloned())
        .collect();
    let mut right = Vec::new();
    for (at, (name, ty)) in inner.schema.iter().enumerate() {
        if schema.iter().any(|(n, _)| n == name) {
            refuse_new_value(binder, &apply.operators, name);
            continue;
        }
        schema.push((name.clone(), *ty));
        right.push((at, *ty));
    }
    let operator = MvApply {
        id: binder.id(),
        expand,
        steps,
        left,
        right,
        span,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(input.open || inner.open);
    Some(made.ordered(false))
}

/// A column of the input that gets a new value inside: which of the two comes out is not certain.
fn refuse_new_value(binder: &mut Binder, operators: &[tree::Operator], column: &str) {
    for operator in operators {
        let mut names: Vec<&tree::Name> = Vec::new();
        match &operator.kind {
            OperatorKind::Extend(items)
            | OperatorKind::Serialize(items)
            | OperatorKind::Project(items)
            | OperatorKind::ProjectRename(items)
            | OperatorKind::Distinct(items) => names.extend(items.iter().flat_map(|i| &i.names)),
            OperatorKind::Summarize(items, keys) => {
                names.extend(items.iter().chain(keys).flat_map(|i| &i.names));
            }
            OperatorKind::Parse(_, _, pieces, _) => {
                names.extend(pieces.iter().filter_map(|p| match p {
                    tree::ParsePiece::Column(name, _) => Some(name),
                    _ => None,
                }));
            }
            OperatorKind::MvExpand(items, ..) => {
                names.extend(items.iter().flat_map(|i| &i.item.names));
                let own = items.iter().any(|i| {
                    i.item.names.is_empty()
                        && matches!(&i.item.value.kind, ExprKind::Name(n) if n == column)
                });
                if own {
                    names.push(&operator.name);
                }
            }
            _ => {}
        }
        let found = names
            .into_iter()
            .find(|n| n.text == column || n.span == operator.name.span);
        if let Some(name) = found {
            let message = format!(
                "A new value for the column `{column}` of the outer row is not supported inside `mv-apply`"
            );
            binder.error("KQL-unsupported", name.span, message);
            if let Some(last) = binder.diagnostics.last_mut() {
                last.hint = Some("Give it another name".to_owned());
            }
            return;
        }
    }
}

impl Operator for MvApply {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let (expanded, from) = self.expand.expand(&input, runtime)?;
        let mut pieces: Vec<Vec<Column>> = vec![Vec::new(); self.right.len()];
        let mut rows: Vec<u32> = Vec::new();
        let mut alive = vec![0usize; self.steps.len()];
        let mut kept: Vec<Vec<Frame>> = vec![Vec::new(); self.steps.len()];
        let mut lineage = Lineage::new();
        let mut events = Vec::new();
        let mut start = 0usize;
        while let Some(row) = from.get(start).copied() {
            let more = from.iter().skip(start).take_while(|r| **r == row).count();
            let own = start as u32..(start + more) as u32;
            start += more;
            let mut frame = expanded.take(&Arc::new(UInt32Array::from_iter_values(own)));
            for (step, (count, kept)) in self.steps.iter().zip(alive.iter_mut().zip(&mut kept)) {
                if runtime.keeps(step.span, true) {
                    kept.push(frame.clone());
                }
                frame = step.operator.run(frame, runtime)?;
                *count += frame.rows;
                if runtime.keeps(step.span, false) {
                    kept.push(frame.clone());
                }
            }
            rows.extend(std::iter::repeat_n(row, frame.rows));
            runtime.check_rows(rows.len(), self.span)?;
            for ((at, _), pieces) in self.right.iter().zip(&mut pieces) {
                if let Some(column) = frame.columns.get(*at).filter(|_| frame.rows > 0) {
                    pieces.push(column.get().clone());
                }
            }
            if input.has_events() {
                for inner in 0..frame.rows {
                    events.clear();
                    input.events(row as usize, &mut events);
                    frame.events(inner, &mut events);
                    crate::kql::run::frame::unique(&mut events);
                    lineage.push(events.iter().copied());
                }
            }
        }
        for (step, (count, kept)) in self.steps.iter().zip(alive.into_iter().zip(kept)) {
            runtime.inner(self.id, step.span, count, &step.schema);
            if runtime.keeps(step.span, true) {
                runtime.keep_pieces(self.id, &step.input, &kept);
            } else if runtime.keeps(step.span, false) {
                runtime.keep_pieces(self.id, &step.schema, &kept);
            }
        }
        let outer = input.take(&Arc::new(UInt32Array::from(rows)));
        let mut columns: Vec<Lazy> = self
            .left
            .iter()
            .filter_map(|at| outer.columns.get(*at).cloned())
            .collect();
        for ((_, ty), pieces) in self.right.iter().zip(&pieces) {
            columns.push(Lazy::new(concat(*ty, pieces)));
        }
        let frame = outer.with_columns(columns);
        Ok(if input.has_events() {
            frame.with_events(lineage)
        } else {
            frame
        })
    }
}
