//! The table of the window, the same for loaded tables, rows of a stage and matches: a million rows scroll, are sorted
//! and filtered beside the window, and their columns are moved, hidden and sized.
//!
//! | file | what lives there |
//! |---|---|
//! | `source` | where rows come from |
//! | `query`, `filter`, `sort`, `select` | which rows, in which order: pure functions |
//! | `histogram` | rows by time: pure functions; `strip` draws them |
//! | `facts`, `columns` | which columns hold anything; order, width and hiding |
//! | `blocks` | cells that have to be read, beside the window |
//! | `copy` | rows as text |
//! | `view` | what is kept for each table, and what is asked of the threads |
//! | `bar`, `header`, `body`, `row`, `scroll`, `menus`, `keys`, `detail`, `cell` | what is drawn and pressed |

mod bar;
mod blocks;
mod body;
mod cell;
mod columns;
mod copy;
mod detail;
mod facts;
mod filter;
mod header;
mod histogram;
mod keys;
#[cfg(test)]
mod late;
mod menus;
#[cfg(test)]
mod million;
pub mod query;
mod row;
mod scroll;
mod select;
mod selection;
mod sort;
mod source;
mod strip;
#[cfg(test)]
mod tests;
mod view;

pub use cell::{label, whole};
pub use keys::KEYS;
pub use query::{Filter, Test, value_words};
pub use source::Source;

use super::insert::Insert;
use super::worker::Worker;
use crate::task::Progress;
use std::collections::HashMap;
use view::View;

/// What a grid shows this frame.
pub struct Input<'a> {
    /// What is remembered is remembered under this name: the table's.
    pub name: &'a str,
    /// The rows.
    pub source: Source,
    /// What a row is called: `Row`, `Match`.
    pub noun: &'a str,
    /// The row that is selected elsewhere in the window, or shares its event.
    pub lit: &'a dyn Fn(usize) -> bool,
    /// The range of time that all panels share.
    pub range: Option<(i64, i64)>,
    /// A row to scroll to and to put the cursor on.
    pub reveal: Option<usize>,
    /// What stands before the filter box.
    pub lead: &'a mut dyn FnMut(&mut egui::Ui),
}

/// What a person did with a grid this frame. Rows are those of the source.
#[derive(Default)]
pub struct Output {
    /// The cursor came to a row.
    pub selected: Option<usize>,
    /// A row was clicked or opened: its details are wanted.
    pub opened: bool,
    /// A text for the query in the editor.
    pub insert: Option<Insert>,
    /// Another range of time, first and last instant; none inside is all times.
    pub range: Option<Option<(i64, i64)>>,
    /// What a person is told.
    pub told: Option<Result<String, String>>,
}

struct Threads {
    looker: Worker<view::Question, view::Answer>,
    reader: Worker<blocks::Question, blocks::Answer>,
    copier: Worker<copy::Question, copy::Answer>,
}

/// The state of a grid: what is remembered for each of its tables.
#[derive(Default)]
pub struct Grid {
    views: HashMap<String, View>,
    shown: String,
    threads: Option<Threads>,
    /// How far the text that is looked for was looked for.
    progress: Progress,
    /// When the question in work was asked.
    asked_at: Option<f64>,
}

impl Grid {
    /// Whether a thread is at work for it.
    pub fn is_busy(&self) -> bool {
        self.threads
            .as_ref()
            .is_some_and(|t| t.looker.is_busy() || t.reader.is_busy() || t.copier.is_busy())
    }

    /// Adds a condition to what is shown.
    pub fn add_filter(&mut self, name: &str, filter: Filter) {
        self.views
            .entry(name.to_owned())
            .or_default()
            .query
            .add(filter);
    }

    /// The rows of the source in the order they are shown, where these rows are shown.
    pub fn order_of(&self, name: &str, source: &Source) -> Option<&select::Selected> {
        self.views.get(name)?.selected_of(source)
    }

    /// Asks for what is to be shown, as far as it is not known; small tables are answered at once.
    pub fn update(
        &mut self,
        ctx: &egui::Context,
        name: &str,
        source: &Source,
        range: Option<(i64, i64)>,
    ) {
        let threads = self.threads.get_or_insert_with(|| {
            let wake = || {
                let ctx = ctx.clone();
                move || ctx.request_repaint()
            };
            Threads {
                looker: Worker::start("look at a table", view::work, wake()),
                reader: Worker::start("read rows", blocks::work, wake()),
                copier: Worker::start("copy rows", copy::work, wake()),
            }
        });
        if self.shown != name {
            // The threads work for the table that is seen.
            if let Some(left) = self.views.get_mut(&self.shown) {
                left.leave();
            }
            self.shown = name.to_owned();
        }
        let view = self.views.entry(name.to_owned()).or_default();
        if let Some(answer) = threads.looker.answer() {
            view.take(answer);
        }
        if let Some(answer) = threads.reader.answer() {
            view.blocks.take(answer);
        }
        if let Some(question) = view.update(source, range) {
            self.progress = Progress::new();
            self.asked_at = Some(ctx.input(|i| i.time));
            threads.looker.ask(question.with(&self.progress));
        }
    }

    /// Shows a table.
    pub fn show(&mut self, ui: &mut egui::Ui, input: Input<'_>) -> Output {
        self.update(ui.ctx(), input.name, &input.source, input.range);
        let mut output = Output::default();
        let id = egui::Id::unique("grid")
            .with(ui.scope_id())
            .with(input.name);
        let Some(threads) = &mut self.threads else {
            return output;
        };
        if let Some(copied) = threads.copier.answer() {
            output.told = Some(copied.map(|(text, rows, format)| {
                ui.ctx().copy_text(text);
                let rows = super::panels::counted(rows, "row", "rows");
                format!("{rows} copied as {}", format.name())
            }));
        }
        let busy = threads.looker.is_busy();
        let Some(view) = self.views.get_mut(input.name) else {
            return output;
        };
        let mut frame = Frame {
            id,
            input,
            output: &mut output,
            copy: None,
            stop: false,
            busy: busy.then_some((self.progress.get(), self.asked_at.unwrap_or(0.0))),
        };
        frame.show(ui, view);
        let (copy, stop) = (frame.copy.take(), frame.stop);
        if stop {
            threads.looker.cancel();
        }
        if let Some(copy) = copy {
            threads.copier.ask(copy);
        }
        if !threads.reader.is_busy()
            && let Some(question) = view.missing()
        {
            threads.reader.ask(question);
        }
        output
    }
}

/// Rows looked at and in all, and since when.
type Busy = ((u64, u64), f64);

/// One frame of a grid.
struct Frame<'a, 'b> {
    id: egui::Id,
    input: Input<'a>,
    output: &'b mut Output,
    copy: Option<copy::Question>,
    /// The person does not want to wait any longer.
    stop: bool,
    busy: Option<Busy>,
}

impl Frame<'_, '_> {
    fn show(&mut self, ui: &mut egui::Ui, view: &mut View) {
        ui.spacing_mut().item_spacing.y = 0.0;
        bar::show(self, ui, view);
        if let Some(reason) = view.error.clone() {
            let tokens = super::theme::tokens(ui);
            super::panels::banner(ui, tokens.error_fill, tokens.error, &reason);
        }
        // In a low panel the rows come first.
        if view.histogram_shown && ui.available_height() > 110.0 {
            strip::show(self, ui, view);
        }
        body::show(self, ui, view);
        detail::show(self, ui, view);
    }
}
