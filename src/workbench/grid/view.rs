//! What is kept for a table between frames, and what is asked of the thread that looks at tables.

use super::blocks::{self, Blocks};
use super::columns::{Columns, Shown as Column};
use super::facts::{self, Facts};
use super::query::{Query, time_column};
use super::select::{self, Selected};
use super::selection::Selection;
use super::source::Source;
use crate::task::{CancelToken, Progress};
use crate::value::{Type, Value};
use crate::workbench::highlight::HighlightCache;
use std::sync::Arc;

/// So many rows in memory are looked at while the window waits: it takes less than a frame.
const FEW: usize = 1_000;

/// A question of a table.
pub struct Question {
    source: Source,
    query: Query,
    /// What is known of the columns of these rows already.
    facts: Option<Arc<Facts>>,
    progress: Progress,
}

/// Its answer.
pub struct Answer {
    source: Source,
    query: Query,
    found: Result<(Selected, Arc<Facts>), String>,
}

/// The work of the thread.
pub fn work(question: Question, cancel: &CancelToken) -> Answer {
    let Question {
        source,
        query,
        facts,
        progress,
    } = question;
    let found = select::select(&source, &query, cancel, &progress).and_then(|selected| {
        let facts = match facts {
            Some(facts) => facts,
            None => Arc::new(facts::look(&source, cancel)?),
        };
        Ok((selected, facts))
    });
    Answer {
        source,
        query,
        found,
    }
}

impl Question {
    /// With a way to say how far it is.
    pub fn with(mut self, progress: &Progress) -> Self {
        self.progress = progress.clone();
        self
    }
}

/// What is drawn: rows with the order that belongs to them.
pub struct Shown {
    /// The rows.
    pub source: Source,
    /// Their columns.
    pub schema: Vec<(String, Type)>,
    /// What they answer.
    pub query: Query,
    /// The rows in their order.
    pub selected: Arc<Selected>,
    /// What is known of the columns, once it is.
    pub facts: Option<Arc<Facts>>,
    /// Whether the answer is still to come: the rows are right, the rest is not known yet.
    pub early: bool,
}

/// What is kept for a table.
#[derive(Default)]
pub struct View {
    /// Order, widths, hiding.
    pub columns: Columns,
    /// What the person asks; the range of time comes from outside.
    pub query: Query,
    /// What is drawn.
    pub shown: Option<Shown>,
    /// What was asked and not answered yet.
    asked: Option<(Source, Query)>,
    /// Why the last question has no answer.
    pub error: Option<String>,
    pub selection: Selection,
    /// The column that the keys move from.
    pub cursor_column: Option<String>,
    /// Points above the first row that is seen, and left of the first column.
    pub scroll: (f64, f32),
    /// Rows that were seen in the last frame, and their columns.
    pub seen: std::ops::Range<usize>,
    pub blocks: Blocks,
    pub histogram_shown: bool,
    /// The end of a range that is being drawn, and where it began, ticks.
    pub drawn: Option<(i64, i64)>,
    /// The column that is dragged.
    pub dragged: Option<String>,
    /// Where the context menu was opened: the row's place and the column.
    pub menu: Option<(usize, usize)>,
    /// What is looked for in the list of columns.
    pub column_filter: String,
    /// Whether the details of the cell at the cursor are open.
    pub detail: bool,
    pub detail_text: (String, HighlightCache),
    /// The cursor was moved: it is brought into sight.
    pub follow: bool,
    /// Put the keyboard into the filter box.
    pub focus_filter: bool,
    /// Whether the panel was drawn before: the histogram is shown at first where there is a time.
    pub started: bool,
}

impl View {
    /// The columns that are shown, in their order.
    pub fn visible(&self) -> Vec<Column> {
        match &self.shown {
            Some(shown) => self.columns.shown(&shown.schema, shown.facts.as_deref()),
            None => Vec::new(),
        }
    }

    /// How many rows are shown.
    pub fn rows(&self) -> usize {
        let shown = self.shown.as_ref();
        shown.map_or(0, |s| s.selected.len(s.source.rows()))
    }

    /// The row of the source at a place.
    pub fn row(&self, place: usize) -> Option<usize> {
        let shown = self.shown.as_ref()?;
        let row = shown.selected.row(place)?;
        (row < shown.source.rows()).then_some(row)
    }

    /// A cell; none where it is not read yet.
    pub fn value(&self, place: usize, column: usize) -> Option<Value> {
        let shown = self.shown.as_ref()?;
        let value = shown.source.value(self.row(place)?, column);
        value.or_else(|| self.blocks.value(place, column))
    }

    /// The rows in their order, where these are what is shown.
    pub fn selected_of(&self, source: &Source) -> Option<&Selected> {
        let shown = self.shown.as_ref().filter(|s| s.source.is(source))?;
        Some(&shown.selected)
    }

    /// Another table is shown now.
    pub fn leave(&mut self) {
        self.asked = None;
        self.drawn = None;
        self.dragged = None;
    }

    /// What is wanted of these rows, with the columns that a text is looked for in.
    fn wanted(&self, source: &Source, range: Option<(i64, i64)>) -> Query {
        let mut query = self.query.clone();
        let schema = source.schema();
        // A range is of no use where there is no time.
        query.range = range.filter(|_| time_column(&schema).is_some());
        query.within.clear();
        if !query.text.trim().is_empty() {
            let facts = self.shown.as_ref().and_then(|s| s.facts.as_deref());
            let shown = self.columns.shown(&schema, facts).into_iter();
            query.within = shown.map(|c| c.name).collect();
        }
        query
    }

    /// Brings what is shown up to date. Gives the question that a thread has to answer for it.
    pub fn update(&mut self, source: &Source, range: Option<(i64, i64)>) -> Option<Question> {
        let wanted = self.wanted(source, range);
        let shown = self.shown.as_ref();
        let is_shown = shown.is_some_and(|s| s.source.is(source) && s.query == wanted);
        if is_shown && !shown.is_some_and(|s| s.early) {
            self.asked = None;
            return None;
        }
        if let Some((of, query)) = &self.asked
            && of.is(source)
            && *query == wanted
        {
            return None;
        }
        self.error = None;
        let known = shown.filter(|s| s.source.is(source));
        let question = Question {
            source: source.clone(),
            query: wanted.clone(),
            facts: known.and_then(|s| s.facts.clone()),
            progress: Progress::new(),
        };
        self.asked = Some((source.clone(), wanted.clone()));
        if source.is_instant() && source.rows() <= FEW {
            self.take(work(question, &CancelToken::new()));
            return None;
        }
        if wanted.is_plain() && known.is_none() {
            // The rows themselves need no answer; what is known of others with the same columns serves meanwhile.
            let facts = shown.filter(|s| s.schema == source.schema());
            let facts = facts.and_then(|s| s.facts.clone());
            self.set(source.clone(), wanted, Selected::default(), facts, true);
        }
        Some(question)
    }

    /// Takes an answer, if it is one to what was asked last.
    pub fn take(&mut self, answer: Answer) {
        let fits =
            |(source, query): &(Source, Query)| source.is(&answer.source) && *query == answer.query;
        if !self.asked.as_ref().is_some_and(fits) {
            return;
        }
        match answer.found {
            Ok((selected, facts)) => {
                self.asked = None;
                self.set(answer.source, answer.query, selected, Some(facts), false);
            }
            // It stays asked: the same question would have the same answer.
            Err(reason) => {
                let old = self
                    .shown
                    .as_ref()
                    .is_none_or(|s| !s.source.is(&answer.source));
                if old {
                    // Rows of another run would be taken for those of this one.
                    let none = Selected {
                        order: Some(Arc::from([])),
                        histogram: None,
                    };
                    let asked = self.asked.take();
                    self.set(answer.source, answer.query, none, None, true);
                    self.asked = asked;
                }
                self.error = Some(format!("The rows cannot be shown: {reason}"));
            }
        }
    }

    fn set(
        &mut self,
        source: Source,
        query: Query,
        selected: Selected,
        facts: Option<Arc<Facts>>,
        early: bool,
    ) {
        // The row at the cursor stays selected where it still is.
        let cursor = self.selection.cursor.and_then(|place| self.row(place));
        let same = self.shown.as_ref().is_some_and(|s| s.source.is(&source));
        let same_rows = same
            && self.shown.as_ref().is_some_and(|s| {
                s.query == query || s.selected.order.is_none() && selected.order.is_none()
            });
        let schema = source.schema();
        self.shown = Some(Shown {
            source,
            schema,
            query,
            selected: Arc::new(selected),
            facts,
            early,
        });
        if same_rows {
            return;
        }
        self.blocks.forget();
        self.selection.clear();
        if same {
            // Sorted or filtered anew, a table is read from its top.
            self.scroll.0 = 0.0;
        }
        let shown = self.shown.as_ref();
        if let Some(row) = cursor.filter(|_| same)
            && let Some(place) = shown.and_then(|s| s.selected.place(row))
        {
            self.selection.only(place);
        }
    }

    /// The cells that are seen and not read yet.
    pub fn missing(&mut self) -> Option<blocks::Question> {
        let columns: Vec<usize> = self.visible().iter().map(|c| c.index).collect();
        let rows = self.rows();
        let shown = self.shown.as_ref()?;
        let seen = self.seen.start.min(rows)..self.seen.end.min(rows);
        self.blocks
            .missing(&shown.source, &shown.selected, seen, &columns)
    }
}
