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
mod json_text;
pub mod keys;
pub mod lazy;
pub mod lists;
pub mod memo;
pub mod path;
pub mod sorting;
mod stages;
pub mod terms;
pub mod text;
mod tuples;
pub mod window;
pub mod zones;

use super::plan::{Plan, ScalarBody, Schema, SharedScalar, Source};
use super::{Catalog, Options};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{Table, Value};
use frame::{Asked, Frame};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Longest text a function may make, in bytes.
pub const MAX_TEXT: usize = 16 << 20;

/// The code of the diagnostic that says that logs could not be read.
pub const UNREAD: &str = "KQL-unread";

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
    stages: stages::Stages,
    /// Bytes of the rows that are kept for later.
    held: AtomicUsize,
    more: Mutex<Vec<(String, Table)>>,
    /// Why a column of a table could not be read.
    unread: Arc<OnceLock<String>>,
    part: Option<Part<'a>>,
}

/// A run over one part of the rows of another run: `partition`.
struct Part<'a> {
    /// The other run. What was analysed before the part's body is the same for all parts and belongs to it.
    parent: &'a Runtime<'a>,
    /// Tells the body: whatever has a higher number is made anew for each part.
    slot: usize,
    rows: Frame,
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
            stages: stages::Stages::default(),
            held: AtomicUsize::new(0),
            more: Mutex::default(),
            unread: Arc::default(),
            part: None,
        }
    }

    /// A run over one part of the rows of this one.
    pub fn part(&self, slot: usize, rows: Frame) -> Runtime<'_> {
        let parent = self;
        Runtime {
            part: Some(Part { parent, slot, rows }),
            unread: Arc::clone(&self.unread),
            ..Runtime::new(self.catalog, self.options)
        }
    }

    /// The rows of the part that is being run.
    pub fn part_rows(&self, slot: usize) -> Frame {
        match &self.part {
            Some(part) if part.slot == slot => part.rows.clone(),
            Some(part) => part.parent.part_rows(slot),
            None => Frame::default(),
        }
    }

    /// Takes over the counts of rows and the further tables of a part's run.
    pub fn join_part(&self, part: &Runtime) {
        self.absorb(part);
        lock(&self.more).extend(part.take_more());
    }

    /// Puts a further table beside the result.
    pub fn add_more(&self, name: String, table: Table) {
        lock(&self.more).push((name, table));
    }

    /// The further tables.
    pub fn take_more(&self) -> Vec<(String, Table)> {
        std::mem::take(&mut *lock(&self.more))
    }

    /// Stops if somebody asked for it, or where a column could not be read.
    ///
    /// # Errors
    /// [`Stop::Cancelled`], or why a column could not be read.
    pub fn check(&self) -> Result<(), Stop> {
        if self.options.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        match self.unread.get() {
            Some(reason) => Err(Stop::Failed(Box::new(Diagnostic::new(
                crate::diagnostic::Severity::Error,
                UNREAD,
                None,
                format!("The logs cannot be read: {reason}"),
            )))),
            None => Ok(()),
        }
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

    /// The rows of a plan. A plan runs once, however often it is asked for.
    ///
    /// # Errors
    /// When cancelled or at a limit.
    pub fn rows(&self, plan: &Plan) -> Result<Frame, Stop> {
        if let Some(part) = &self.part
            && plan.id < part.slot
        {
            return part.parent.rows(plan);
        }
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
            Source::Table(name) if self.catalog.late(name).is_some() => {
                let (late, rows) = self.catalog.late(name).unzip();
                let asked = Asked {
                    cancel: self.options.cancel.clone(),
                    unread: Arc::clone(&self.unread),
                };
                let all = late.map_or_else(Frame::default, |late| {
                    Frame::of_late(&late, &asked, self.options.lineage)
                });
                let rows = rows.flatten();
                rows.map_or_else(|| all.clone(), |rows| all.take(&rows))
            }
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
            let schema = plan.steps.first().map_or(&plan.schema, |s| &s.input);
            self.stage(plan.id, plan.span, schema, &frame);
        }
        for stage in &plan.steps {
            self.before(plan.id, stage.span, &stage.input, &frame);
            frame = stage.operator.run(frame, self)?;
            self.check_rows(frame.rows, stage.span)?;
            self.check_memory(frame.bytes(), stage.span)?;
            self.stage(plan.id, stage.span, &stage.schema, &frame);
        }
        Ok(frame)
    }

    /// The value of a shared scalar, computed once.
    ///
    /// # Errors
    /// When cancelled or at a limit.
    pub fn scalar(&self, shared: &SharedScalar) -> Result<Value, Stop> {
        if let Some(part) = &self.part
            && shared.id < part.slot
        {
            return part.parent.scalar(shared);
        }
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
pub fn output(frame: Frame, plan: &Plan, runtime: &Runtime) -> Result<Table, Stop> {
    table(frame, &plan.schema, runtime)
}

/// The table of rows with these columns.
///
/// # Errors
/// When cancelled.
pub fn table(frame: Frame, schema: &Schema, runtime: &Runtime) -> Result<Table, Stop> {
    runtime.check()?;
    runtime.check_memory(frame.bytes_gathered(), Span::default())?;
    let table = frame.table(schema, runtime.options.lineage);
    runtime.check()?;
    Ok(table)
}
