//! Runs a plan: frames of lazy columns, one operator after another.

pub mod arithmetic;
pub mod bits;
pub mod call;
pub mod chunks;
pub mod compare;
pub mod convert;
pub mod datum;
pub mod decimal;
pub mod distinct;
pub mod eval;
pub mod frame;
pub mod hash;
pub mod keys;
pub mod lists;
pub mod memo;
pub mod path;
pub mod sorting;
pub mod terms;
pub mod text;
pub mod window;
pub mod zones;

use super::plan::{Plan, ScalarBody, SharedScalar, Source};
use super::{Catalog, Options, Stage};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::Value;
use frame::Frame;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Longest text a function may make, in bytes.
pub const MAX_TEXT: usize = 16 << 20;

/// Why a run stopped.
#[derive(Debug)]
pub enum Stop {
    /// Somebody asked for it.
    Cancelled,
    /// A limit, an unreadable table: what the person is told.
    Failed(Box<Diagnostic>),
}

impl Stop {
    /// A limit was reached.
    pub fn limit(span: Span, message: impl Into<String>) -> Self {
        Stop::Failed(Box::new(Diagnostic::error("KQL-limit", span, message)))
    }

    /// What the person is told.
    pub fn diagnostic(self) -> Diagnostic {
        match self {
            Stop::Failed(d) => *d,
            Stop::Cancelled => Diagnostic::new(
                crate::diagnostic::Severity::Error,
                "KQL-cancelled",
                None,
                "The query was cancelled",
            ),
        }
    }
}

/// What is known and kept during one run.
pub struct Runtime<'a> {
    /// The tables.
    pub catalog: &'a dyn Catalog,
    /// Clock, limits, cancellation.
    pub options: &'a Options,
    /// Regular expressions that were compiled.
    pub regexes: text::RegexCache,
    scalars: Mutex<HashMap<usize, Value>>,
    frames: Mutex<HashMap<usize, Frame>>,
    stages: Mutex<Vec<Stage>>,
    /// Bytes of the rows that are kept for later.
    held: AtomicUsize,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Runtime<'a> {
    /// A run over a catalog.
    pub fn new(catalog: &'a dyn Catalog, options: &'a Options) -> Self {
        Self {
            catalog,
            options,
            regexes: text::RegexCache::default(),
            scalars: Mutex::default(),
            frames: Mutex::default(),
            stages: Mutex::default(),
            held: AtomicUsize::new(0),
        }
    }

    /// Stops if somebody asked for it.
    ///
    /// # Errors
    /// [`Stop::Cancelled`].
    pub fn check(&self) -> Result<(), Stop> {
        if self.options.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        Ok(())
    }

    /// Stops where a stage has too many rows.
    ///
    /// # Errors
    /// The limit, at the stage's place.
    pub fn check_rows(&self, rows: usize, span: Span) -> Result<(), Stop> {
        if rows > self.options.row_limit {
            return Err(Stop::limit(
                span,
                format!(
                    "This stage gives more than {} rows, the limit of a run",
                    self.options.row_limit
                ),
            ));
        }
        self.check()
    }

    /// Stops where the rows of a stage, with those kept for later, take too much memory.
    ///
    /// # Errors
    /// The limit, at the stage's place.
    pub fn check_memory(&self, bytes: usize, span: Span) -> Result<(), Stop> {
        let limit = self.options.memory_limit;
        if bytes.saturating_add(self.held.load(Ordering::Relaxed)) > limit {
            return Err(Stop::limit(
                span,
                format!(
                    "The rows here take more than {} MB of memory, the limit of a run. Filter earlier, or keep fewer columns",
                    limit >> 20
                ),
            ));
        }
        Ok(())
    }

    /// Rows alive after every stage so far, in source order.
    pub fn take_stages(&self) -> Vec<Stage> {
        let mut stages = std::mem::take(&mut *lock(&self.stages));
        stages.sort_by_key(|s| (s.span.start, s.span.end));
        stages
    }

    /// Counts the rows alive after a stage.
    pub fn record(&self, span: Span, rows: usize) {
        let mut stages = lock(&self.stages);
        // The body of a function that is called twice is one stage of the text.
        match stages.iter_mut().find(|s| s.span == span) {
            Some(stage) => stage.rows += rows,
            None => stages.push(Stage { span, rows }),
        }
    }

    /// The rows of a plan. A plan runs once, however often it is asked for.
    ///
    /// # Errors
    /// When cancelled or at a limit.
    pub fn rows(&self, plan: &Plan) -> Result<Frame, Stop> {
        if let Some(frame) = lock(&self.frames).get(&plan.id) {
            return Ok(frame.clone());
        }
        let frame = self.run_plan(plan)?;
        self.held.fetch_add(frame.bytes(), Ordering::Relaxed);
        lock(&self.frames).insert(plan.id, frame.clone());
        Ok(frame)
    }

    fn run_plan(&self, plan: &Plan) -> Result<Frame, Stop> {
        self.check()?;
        let mut frame = match &plan.source {
            Source::Table(name) => {
                let (table, rows) = self.catalog.visible(name).ok_or_else(|| {
                    Stop::Failed(Box::new(Diagnostic::error(
                        "KQL204",
                        plan.span,
                        format!("The table `{name}` cannot be read"),
                    )))
                })?;
                let all = Frame::of_table(table, self.options.lineage);
                rows.map_or_else(|| all.clone(), |rows| all.take(&rows))
            }
            Source::Plan(inner) => self.rows(inner)?,
            Source::Operator(operator) => operator.run(Frame::default(), self)?,
            Source::Error => Frame::default(),
        };
        if !matches!(plan.source, Source::Plan(_)) {
            self.check_rows(frame.rows, plan.span)?;
            self.record(plan.span, frame.rows);
        }
        for stage in &plan.steps {
            frame = stage.operator.run(frame, self)?;
            self.check_rows(frame.rows, stage.span)?;
            self.check_memory(frame.bytes(), stage.span)?;
            self.record(stage.span, frame.rows);
        }
        Ok(frame)
    }

    /// The value of a shared scalar, computed once.
    ///
    /// # Errors
    /// When cancelled or at a limit.
    pub fn scalar(&self, shared: &SharedScalar) -> Result<Value, Stop> {
        if let Some(value) = lock(&self.scalars).get(&shared.id) {
            return Ok(value.clone());
        }
        let value = match &shared.body {
            ScalarBody::Expr(expr) => eval::constant(expr, self)?,
            ScalarBody::Table(plan) => self.first_value(plan)?,
        };
        lock(&self.scalars).insert(shared.id, value.clone());
        Ok(value)
    }

    fn first_value(&self, plan: &Arc<Plan>) -> Result<Value, Stop> {
        let frame = self.rows(plan)?;
        let Some(column) = frame.columns.first() else {
            return Ok(Value::Null);
        };
        let column = column.get();
        Ok(if frame.rows == 0 {
            datum::normal(column.ty, Value::Null)
        } else {
            column.value(0)
        })
    }
}

/// The table of a plan's rows: columns gathered, lineage made.
///
/// # Errors
/// When cancelled.
pub fn output(frame: Frame, plan: &Plan, runtime: &Runtime) -> Result<crate::value::Table, Stop> {
    runtime.check()?;
    let last = plan.steps.last().map_or(plan.span, |s| s.span);
    runtime.check_memory(frame.bytes_gathered(), last)?;
    let lineage = runtime.options.lineage.then(|| frame.lineage());
    Ok(crate::value::Table {
        names: plan.schema.iter().map(|(n, _)| n.clone()).collect(),
        columns: frame.columns.iter().map(|c| c.get().clone()).collect(),
        rows: frame.rows,
        lineage,
    })
}
