//! What goes into the sandbox and what comes out of it: bodies, bounds, and why something ended early.

use super::failure::{Place, Raised};
use std::ops::Range;
use std::time::Duration;

/// A rule body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// File name shown in errors, such as `openai_admin_role_assignment.py`.
    pub name: String,
    /// `__name__` of the module.
    pub module: String,
    /// The text.
    pub source: String,
}

/// Bounds of one unit of work.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Wall time.
    pub time: Duration,
    /// Bytes beyond what the interpreter holds with its bodies loaded.
    pub memory: usize,
}

/// A kind of bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Bounds::time`].
    Time,
    /// [`Bounds::memory`].
    Memory,
}

/// A bound that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which one.
    pub limit: Limit,
    /// Unit of work of the job, from 0.
    pub step: u64,
    /// Line of the body, from 1, where it could be seen.
    pub line: Option<usize>,
    /// Where it was in a module of the library, when it was in one that the body had called.
    pub helper: Option<Place>,
    /// Whether the thread hung inside one native call and was given up.
    pub abandoned: bool,
}

/// Why a job ended before it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The token was cancelled.
    Cancelled,
    /// A bound was reached.
    Hit(Hit),
    /// The interpreter broke, with what it said.
    Broken(String),
}

/// Why a body could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadFailure {
    /// Errors of syntax: bytes of the source and messages.
    Syntax(Vec<(Range<usize>, String)>),
    /// The body raised an exception while it was imported.
    Raised(Raised),
    /// A limit, or the interpreter itself.
    Stopped(Stop),
}
