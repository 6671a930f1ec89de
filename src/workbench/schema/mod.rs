//! What the columns of a table hold, looked at beside the window: types, fill, different and frequent values, and for
//! dynamic columns the paths inside. `panels::schema` shows it.

mod access;
mod lines;
mod work;

pub use access::{Field, Wanted};
pub use lines::{Line, distinct, lines, percent};
pub use work::{Answer, Question, work};

use super::worker::Worker;
use crate::logs::Dataset;
use crate::value::Type;
use crate::value::profile::ColumnProfile;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Whose columns are looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A table, as queries name it.
    Table(String),
    /// The events of a Panther log type, as a Python body sees them.
    Events(String),
}

impl Subject {
    /// What it is called.
    pub fn name(&self) -> &str {
        match self {
            Subject::Table(name) | Subject::Events(name) => name,
        }
    }
}

/// A column with what is known of it so far.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name; empty for the events of a log type, whose members are its paths.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// What it holds, once it was looked at.
    pub found: Option<Result<ColumnProfile, String>>,
}

/// The columns, filled in one after another while a thread looks at them.
pub type Board = Arc<Mutex<Vec<Column>>>;

/// What was asked.
#[derive(Clone)]
struct Asked {
    subject: Subject,
    data: Arc<Dataset>,
    whole: bool,
}

/// The state of the schema browser.
#[derive(Default)]
pub struct State {
    /// The person's choice; none: what fits the rule.
    pub chosen: Option<Subject>,
    /// What is looked for in the names.
    pub filter: String,
    /// Columns and paths that are opened, by their words.
    pub open: HashSet<String>,
    asked: Option<Asked>,
    board: Board,
    /// How many rows were looked at, and of how many.
    pub rows: Option<(usize, usize)>,
    /// Why nothing could be looked at.
    pub error: Option<String>,
    worker: Option<Worker<Question, Answer>>,
}

impl State {
    /// Whether the thread is at work.
    pub fn is_busy(&self) -> bool {
        self.worker.as_ref().is_some_and(Worker::is_busy)
    }

    /// The columns as far as they are known.
    pub fn columns(&self) -> Vec<Column> {
        let board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        board.clone()
    }

    /// Looks at a subject, if it was not looked at yet; at `whole` of it, or at a sample where it is large.
    pub fn look(
        &mut self,
        ctx: &egui::Context,
        data: &Arc<Dataset>,
        subject: &Subject,
        whole: bool,
    ) {
        let same = self.asked.as_ref().is_some_and(|asked| {
            Arc::ptr_eq(&asked.data, data) && asked.subject == *subject && (asked.whole || !whole)
        });
        if let Some(answer) = self.worker.as_mut().and_then(Worker::answer) {
            match answer {
                Ok(rows) => self.rows = Some(rows),
                Err(reason) => self.error = Some(reason),
            }
        }
        if same {
            return;
        }
        self.asked = Some(Asked {
            subject: subject.clone(),
            data: Arc::clone(data),
            whole,
        });
        (self.rows, self.error) = (None, None);
        // A board of its own for each question: an older one may still be written on.
        self.board = Board::default();
        let worker = self.worker.get_or_insert_with(|| {
            let ctx = ctx.clone();
            Worker::start("look at columns", work, move || ctx.request_repaint())
        });
        worker.ask(Question {
            data: Arc::clone(data),
            subject: subject.clone(),
            whole,
            board: Arc::clone(&self.board),
            ctx: ctx.clone(),
        });
    }
}
