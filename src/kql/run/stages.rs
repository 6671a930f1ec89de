//! What is told of the stages of a run: rows and columns alive after each, and the rows of the one that was asked for.

use super::frame::Frame;
use super::{Runtime, lock};
use crate::diagnostic::Span;
use crate::kql::plan::Schema;
use crate::kql::{Keep, Stage};
use crate::value::{Lineage, Table};
use std::sync::Mutex;

/// The number of a stage that belongs to no plan.
const LOOSE: usize = usize::MAX;

/// What a run keeps of its stages.
#[derive(Default)]
pub struct Stages {
    seen: Mutex<Vec<Seen>>,
    kept: Mutex<Vec<(usize, Table)>>,
}

struct Seen {
    span: Span,
    /// The plan it is a step of: the calls of a function are plans of their own.
    plan: usize,
    rows: usize,
    columns: usize,
}

impl Runtime<'_> {
    /// Rows alive after every stage so far, in source order.
    pub fn take_stages(&self) -> Vec<Stage> {
        let mut seen = std::mem::take(&mut *lock(&self.stages.seen));
        seen.sort_by_key(|s| (s.span.start, s.span.end, s.plan));
        let mut stages: Vec<Stage> = Vec::new();
        let mut plan = LOOSE;
        for one in seen {
            // The body of a function that is called twice is one stage of the text.
            match stages.last_mut().filter(|s| s.span == one.span) {
                Some(stage) => {
                    stage.rows += one.rows;
                    stage.calls += usize::from(one.plan != plan);
                }
                None => stages.push(Stage {
                    span: one.span,
                    rows: one.rows,
                    columns: one.columns,
                    calls: 1,
                }),
            }
            plan = one.plan;
        }
        stages
    }

    /// The rows of the stage that was asked for.
    pub fn take_kept(&self) -> Option<Table> {
        let call = self.options.keep?.call;
        let mut kept = std::mem::take(&mut *lock(&self.stages.kept));
        kept.sort_by_key(|(plan, _)| *plan);
        let mut plans: Vec<usize> = kept.iter().map(|(plan, _)| *plan).collect();
        plans.dedup();
        let plan = *plans.get(call)?;
        let mut own = kept.into_iter().filter(|(p, _)| *p == plan);
        let (_, first) = own.next()?;
        let rest: Vec<Table> = own.map(|(_, table)| table).collect();
        Some(if rest.is_empty() {
            first
        } else {
            joined(first, rest)
        })
    }

    /// Counts the rows alive after a stage of an operator's own, which cannot be asked for.
    pub fn record(&self, span: Span, rows: usize) {
        self.seen(LOOSE, span, rows, 0);
    }

    /// Takes over what a run over a part of the rows has seen and kept.
    pub fn absorb(&self, part: &Runtime) {
        let seen = std::mem::take(&mut *lock(&part.stages.seen));
        lock(&self.stages.seen).extend(seen);
        let kept = std::mem::take(&mut *lock(&part.stages.kept));
        lock(&self.stages.kept).extend(kept);
    }

    /// Counts the rows alive after a step inside an operator with a number of its own.
    pub fn inner(&self, id: usize, span: Span, rows: usize, schema: &Schema) {
        self.seen(id, span, rows, schema.len());
    }

    fn seen(&self, plan: usize, span: Span, rows: usize, columns: usize) {
        lock(&self.stages.seen).push(Seen {
            span,
            plan,
            rows,
            columns,
        });
    }

    /// Counts the rows alive after a stage of a plan, and keeps them where they are asked for.
    pub fn stage(&self, plan: usize, span: Span, schema: &Schema, frame: &Frame) {
        self.seen(plan, span, frame.rows, schema.len());
        if self.keeps(span, false) {
            self.keep(plan, frame.table(schema, self.options.lineage));
        }
    }

    /// Keeps the rows that go into a stage, where they are asked for.
    pub fn before(&self, plan: usize, span: Span, schema: &Schema, frame: &Frame) {
        if self.keeps(span, true) {
            self.keep(plan, frame.table(schema, self.options.lineage));
        }
    }

    /// Whether the rows after (or before) a stage are asked for.
    pub fn keeps(&self, span: Span, before: bool) -> bool {
        matches!(self.options.keep, Some(Keep { span: s, before: b, .. }) if s == span && b == before)
    }

    /// Keeps rows that were made piece by piece, inside an operator with a number of its own.
    pub fn keep_pieces(&self, id: usize, schema: &Schema, pieces: &[Frame]) {
        let mut tables = pieces
            .iter()
            .map(|piece| piece.table(schema, self.options.lineage));
        let first = tables.next().unwrap_or_else(|| {
            let none = crate::kql::run::frame::nulls;
            let columns = schema.iter().map(|(name, ty)| (name.clone(), none(*ty, 0)));
            let mut table = Table::new(columns.collect());
            table.lineage = self.options.lineage.then(Lineage::new);
            table
        });
        let table = joined(first, tables.collect());
        self.keep(id, table);
    }

    fn keep(&self, plan: usize, table: Table) {
        lock(&self.stages.kept).push((plan, table));
    }
}

/// The rows of tables with the same columns, one behind the other.
fn joined(first: Table, rest: Vec<Table>) -> Table {
    let all: Vec<&Table> = std::iter::once(&first).chain(&rest).collect();
    let columns = first.schema().enumerate().map(|(at, (name, ty))| {
        let cells = all.iter().filter_map(|t| t.columns.get(at).cloned());
        let cells: Vec<_> = cells.collect();
        let column = crate::kql::operators::union::concat(ty, &cells);
        (name.to_owned(), column)
    });
    let mut table = Table::new(columns.collect());
    table.rows = all.iter().map(|t| t.rows).sum();
    table.lineage = first.lineage.is_some().then(|| {
        let mut lineage = Lineage::new();
        for one in &all {
            for row in 0..one.rows {
                let events = one.lineage.as_ref().map_or(&[][..], |l| l.row(row));
                lineage.push(events.iter().copied());
            }
        }
        lineage
    });
    table
}
