//! Reading an event beside the window: its text, what is in it, and then the row it became.

use super::document::Document;
use super::filter::EventRow;
use super::written::Written;
use crate::kql::Catalog;
use crate::logs::Dataset;
use crate::task::CancelToken;
use crate::value::{Column, EventId, Table};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// Which event.
pub struct Question {
    /// The logs it is in.
    pub data: Arc<Dataset>,
    /// The event.
    pub event: EventId,
}

/// An event that was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its file.
    pub path: PathBuf,
    /// The form of that.
    pub form: String,
    /// Line at which it begins.
    pub line: usize,
    /// Its bytes in the file, or in what the file unpacks to.
    pub bytes: Option<Range<usize>>,
    /// Its text, or why it cannot be read.
    pub text: Result<Arc<str>, String>,
    /// What is in the text; none where it is no JSON.
    pub document: Option<Document>,
    /// The text as it is written.
    pub written: Written,
}

impl Loaded {
    /// Whether the file is packed: places are those of what it unpacks to.
    pub fn is_packed(&self) -> bool {
        self.form.contains("gzip") || self.form.contains("zstd")
    }
}

/// The work of the thread; none for an event that is not there.
pub fn work(question: Question, cancel: &CancelToken) -> Option<Arc<Loaded>> {
    let Question { data, event } = question;
    let found = data.place(event)?;
    let file = data.files().get(found.file)?;
    let text: Result<Arc<str>, String> = data.read_raw(event).map(Arc::from);
    let document = match &text {
        Ok(text) if !cancel.is_cancelled() => Document::parse(text),
        _ => None,
    };
    let written = match &text {
        Ok(text) => Written::new(text, document.is_some()),
        Err(_) => Written::default(),
    };
    Some(Arc::new(Loaded {
        path: file.path.clone(),
        form: file.form.clone(),
        line: found.line,
        bytes: data.byte_range(event),
        text,
        document,
        written,
    }))
}

/// The work of the thread that finds the row an event became: for a large event it takes longer than its text.
pub fn row(question: Question, cancel: &CancelToken) -> Option<EventRow> {
    match cancel.is_cancelled() {
        true => None,
        false => row_of(&question.data, question.event),
    }
}

/// The row that an event became; none where it has none or it cannot be read.
pub fn row_of(data: &Dataset, event: EventId) -> Option<EventRow> {
    let name = data.place(event)?.table;
    let known = data.columns(&name, &[])?;
    let at = place(&known, event)?;
    let (table, at) = match data.page(&name, at / Dataset::PAGE) {
        Some(page) => (page.ok()?, at % Dataset::PAGE),
        None => (data.table(&name)?, at),
    };
    if at >= table.rows {
        return None;
    }
    let columns = table
        .names
        .iter()
        .zip(&table.columns)
        .map(|(name, column)| {
            let one = Column {
                ty: column.ty,
                array: column.array.slice(at, 1),
            };
            (name.clone(), one)
        });
    let mut row = Table::new(columns.collect());
    row.rows = 1;
    Some(EventRow {
        table: name,
        row: Arc::new(row),
    })
}

/// The row of an event: rows stand in the order of their events.
fn place(table: &Table, event: EventId) -> Option<usize> {
    let lineage = table.lineage.as_ref()?;
    let (mut low, mut high) = (0, lineage.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match lineage.row(middle).first()?.cmp(&event) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}
