//! `scan`: goes over the rows in their order and follows sequences of steps.
//!
//! Every step has a state: the rows that the sequence met at the steps up to it. A row is shown to the steps from the
//! last to the first. It fits a step when the step before has a sequence and the condition holds with that state: the
//! sequence moves on. Otherwise it fits when the step has a sequence of its own, or is the first, and the condition
//! holds: the row takes the place of the one before.

use crate::diagnostic::Span;
use crate::kql::plan::{Expr, Item, Kind, Operator};
use crate::kql::run::datum::{Datum, normal, repeat};
use crate::kql::run::eval::{constant, eval};
use crate::kql::run::frame::{Frame, Lazy, unique};
use crate::kql::run::{Runtime, Stop, convert};
use crate::kql::syntax::tree_rows::ScanOutput;
use crate::value::{ColumnBuilder, Lineage, Type, Value};
use arrow_array::UInt32Array;
use std::sync::Arc;

/// A column of the state that an expression names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The step.
    pub step: usize,
    /// The column: of the input, or behind them a declared one.
    pub column: usize,
    /// Its type.
    pub ty: Type,
}

impl Reference {
    /// The name that stands for it in the expression.
    pub fn title(&self) -> String {
        format!("#{}.{}", self.step, self.column)
    }
}

/// An expression, and whether it names the state.
#[derive(Debug)]
pub struct Part {
    expr: Expr,
    stateful: bool,
}

impl Part {
    /// Columns from `width` on are the state's.
    pub fn new(expr: Expr, width: usize) -> Self {
        let stateful = reaches(&expr, width);
        Self { expr, stateful }
    }
}

/// Whether an expression names a column from a place on.
fn reaches(expr: &Expr, width: usize) -> bool {
    let of = |e: &Expr| reaches(e, width);
    let items = |items: &[Item]| {
        items.iter().any(|i| match i {
            Item::Scalar(e) => of(e),
            Item::Table(_) => false,
        })
    };
    match &expr.kind {
        Kind::Column(at) => *at >= width,
        Kind::Error | Kind::Const(_) | Kind::Shared(_) => false,
        Kind::Call(_, args) | Kind::Window(_, args) => args.iter().any(of),
        Kind::Compare(_, a, b)
        | Kind::Arithmetic(_, a, b)
        | Kind::And(a, b)
        | Kind::Or(a, b)
        | Kind::Text(_, _, _, a, b)
        | Kind::Index(a, b) => of(a) || of(b),
        Kind::Between(a, b, c, _) => of(a) || of(b) || of(c),
        Kind::HasList(_, a, list) | Kind::In(_, _, a, list) => of(a) || items(list),
        Kind::Path(a, _) | Kind::Convert(a) => of(a),
    }
}

/// A step.
#[derive(Debug)]
pub struct Step {
    /// Which rows come out.
    pub output: ScanOutput,
    /// When a row fits.
    pub condition: Part,
    /// The declared columns that get a value.
    pub assignments: Vec<(usize, Part)>,
    /// The columns of the state, behind those of the row.
    pub references: Vec<Reference>,
}

/// The operator.
#[derive(Debug)]
pub struct Scan {
    /// How many columns the input has.
    pub width: usize,
    /// The types of the declared columns.
    pub declared: Vec<Type>,
    /// Their defaults.
    pub defaults: Vec<Expr>,
    /// The steps.
    pub steps: Vec<Step>,
    /// Whether the match's number is a column.
    pub match_id: bool,
    /// Where it stands.
    pub span: Span,
}

/// A row with the values of the declared columns.
#[derive(Clone, Debug)]
struct Record {
    row: usize,
    declared: Arc<Vec<Value>>,
}

/// A sequence: the rows it met at the steps so far.
#[derive(Clone, Debug, Default)]
struct State {
    records: Vec<Option<Record>>,
    match_id: i64,
}

/// A row of the result.
struct Out {
    record: Record,
    match_id: i64,
    /// The rows of the state that it depends on.
    from: Vec<usize>,
}

/// What was computed for all rows beforehand, for expressions that do not name the state.
struct Ready {
    condition: Option<Datum>,
    assignments: Vec<Option<Datum>>,
}

struct Run<'r> {
    scan: &'r Scan,
    input: &'r Frame,
    runtime: &'r Runtime<'r>,
    ready: Vec<Ready>,
    defaults: Arc<Vec<Value>>,
    states: Vec<Option<State>>,
    /// The last row of a step with `output=last` that has not come out yet.
    waiting: Vec<Option<Out>>,
    out: Vec<Out>,
    next_match: i64,
}

impl Operator for Scan {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut defaults = Vec::with_capacity(self.defaults.len());
        for (default, ty) in self.defaults.iter().zip(&self.declared) {
            let value = convert::convert(&constant(default, runtime)?, *ty);
            defaults.push(normal(*ty, value));
        }
        let mut ready = Vec::with_capacity(self.steps.len());
        let ahead = |part: &Part| match part.stateful {
            true => Ok(None),
            false => eval(&part.expr, &input, runtime).map(Some),
        };
        for step in &self.steps {
            let mut assignments = Vec::with_capacity(step.assignments.len());
            for (_, part) in &step.assignments {
                assignments.push(ahead(part)?);
            }
            ready.push(Ready {
                condition: ahead(&step.condition)?,
                assignments,
            });
        }
        let mut run = Run {
            scan: self,
            input: &input,
            runtime,
            ready,
            defaults: Arc::new(defaults),
            states: vec![None; self.steps.len()],
            waiting: self.steps.iter().map(|_| None).collect(),
            out: Vec::new(),
            next_match: 0,
        };
        for row in 0..input.rows {
            if row % 1024 == 0 {
                runtime.check_rows(run.out.len(), self.span)?;
            }
            run.row(row)?;
        }
        for step in 0..self.steps.len() {
            run.flush(step);
        }
        let out = run.out;
        Ok(self.result(&input, out))
    }
}

impl Run<'_> {
    /// Shows a row to all steps, the last first.
    fn row(&mut self, row: usize) -> Result<(), Stop> {
        let taken = self
            .input
            .take(&Arc::new(UInt32Array::from(vec![row as u32])));
        for at in (0..self.scan.steps.len()).rev() {
            let before = at.checked_sub(1);
            if let Some(before) = before
                && let Some(Some(state)) = self.states.get(before)
            {
                let state = state.clone();
                if self.fits(at, row, &taken, Some(&state))? {
                    // The sequence moves on to this step.
                    self.flush(at);
                    self.flush(before);
                    if let Some(slot) = self.states.get_mut(before) {
                        *slot = None;
                    }
                    self.accept(at, row, &taken, state)?;
                    continue;
                }
            }
            let own = self.states.get(at).cloned().flatten();
            if own.is_none() && at > 0 {
                continue;
            }
            if self.fits(at, row, &taken, own.as_ref())? {
                let state = own.unwrap_or_else(|| {
                    self.next_match += 1;
                    State {
                        records: Vec::new(),
                        match_id: self.next_match - 1,
                    }
                });
                self.accept(at, row, &taken, state)?;
            }
        }
        Ok(())
    }

    fn fits(
        &self,
        at: usize,
        row: usize,
        taken: &Frame,
        state: Option<&State>,
    ) -> Result<bool, Stop> {
        let (Some(step), Some(ready)) = (self.scan.steps.get(at), self.ready.get(at)) else {
            return Ok(false);
        };
        if let Some(ready) = &ready.condition {
            return Ok(ready.truth(row) == Some(true));
        }
        let frame = self.with_state(step, taken, state);
        let truth = eval(&step.condition.expr, &frame, self.runtime)?;
        Ok(truth.truth(0) == Some(true))
    }

    /// The row with the columns of the state that a step names.
    fn with_state(&self, step: &Step, taken: &Frame, state: Option<&State>) -> Frame {
        let mut columns = taken.columns.clone();
        for reference in &step.references {
            let value = self.value(reference, state);
            columns.push(Lazy::new(repeat(&value, reference.ty, 1)));
        }
        taken.with_columns(columns)
    }

    fn value(&self, reference: &Reference, state: Option<&State>) -> Value {
        let record = state.and_then(|s| s.records.get(reference.step)?.as_ref());
        let declared = reference.column.checked_sub(self.scan.width);
        let value = match (declared, record) {
            (Some(at), Some(record)) => record.declared.get(at).cloned(),
            (Some(at), None) => self.defaults.get(at).cloned(),
            (None, Some(record)) => self
                .input
                .columns
                .get(reference.column)
                .map(|c| c.get().value(record.row)),
            (None, None) => None,
        };
        normal(reference.ty, value.unwrap_or(Value::Null))
    }

    /// A row that fits: its assignments, its place in the state, its way out.
    fn accept(
        &mut self,
        at: usize,
        row: usize,
        taken: &Frame,
        mut state: State,
    ) -> Result<(), Stop> {
        let (Some(step), Some(ready)) = (self.scan.steps.get(at), self.ready.get(at)) else {
            return Ok(());
        };
        let mut declared = self.defaults.as_ref().clone();
        let mut frame = None;
        for ((column, part), ready) in step.assignments.iter().zip(&ready.assignments) {
            let value = match ready {
                Some(ready) => ready.value(row),
                None => {
                    let frame =
                        frame.get_or_insert_with(|| self.with_state(step, taken, Some(&state)));
                    eval(&part.expr, frame, self.runtime)?.value(0)
                }
            };
            if let (Some(slot), Some(ty)) =
                (declared.get_mut(*column), self.scan.declared.get(*column))
            {
                *slot = normal(*ty, value);
            }
        }
        let record = Record {
            row,
            declared: Arc::new(declared),
        };
        let mut from: Vec<usize> = step
            .references
            .iter()
            .filter_map(|r| state.records.get(r.step)?.as_ref().map(|r| r.row))
            .collect();
        from.sort_unstable();
        from.dedup();
        state.records.resize(at + 1, None);
        if let Some(slot) = state.records.get_mut(at) {
            *slot = Some(record.clone());
        }
        let out = Out {
            record,
            match_id: state.match_id,
            from,
        };
        match step.output {
            ScanOutput::All => self.out.push(out),
            ScanOutput::Last => {
                if let Some(slot) = self.waiting.get_mut(at) {
                    *slot = Some(out);
                }
            }
            ScanOutput::None => {}
        }
        if let Some(slot) = self.states.get_mut(at) {
            *slot = Some(state);
        }
        Ok(())
    }

    /// The last row of a run of rows that fitted a step comes out.
    fn flush(&mut self, step: usize) {
        if let Some(out) = self.waiting.get_mut(step).and_then(Option::take) {
            self.out.push(out);
        }
    }
}

impl Scan {
    fn result(&self, input: &Frame, mut out: Vec<Out>) -> Frame {
        out.sort_by_key(|o| o.record.row);
        let rows = out.iter().map(|o| o.record.row as u32);
        let frame = input.take(&Arc::new(UInt32Array::from_iter_values(rows)));
        let mut columns = frame.columns.clone();
        for (at, ty) in self.declared.iter().enumerate() {
            let mut builder = ColumnBuilder::new(*ty);
            for out in &out {
                match out.record.declared.get(at) {
                    Some(value) => builder.push(value),
                    None => builder.push_null(),
                }
            }
            columns.push(Lazy::new(builder.finish()));
        }
        if self.match_id {
            let mut builder = ColumnBuilder::new(Type::Long);
            for out in &out {
                builder.push(&Value::Long(out.match_id));
            }
            columns.push(Lazy::new(builder.finish()));
        }
        let frame = frame.with_columns(columns);
        if !input.has_events() {
            return frame;
        }
        let mut lineage = Lineage::new();
        let mut events = Vec::new();
        for out in &out {
            events.clear();
            for row in &out.from {
                input.events(*row, &mut events);
            }
            input.events(out.record.row, &mut events);
            unique(&mut events);
            lineage.push(events.iter().copied());
        }
        frame.with_events(lineage)
    }
}
