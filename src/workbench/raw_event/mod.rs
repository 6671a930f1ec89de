//! The raw text of an event as a person reads it: a value a line, coloured, folded, searched; or as it is written.
//!
//! [`document`] knows what stands where, [`lines`] what is shown of it, [`rows`] how it is wrapped; these are pure.
//! Reading and searching happen on threads of their own, and only the rows that are seen are drawn.

mod body;
mod copies;
mod document;
mod filter;
mod find;
mod head;
mod keys;
mod lines;
mod menu;
mod read;
mod rows;
mod search;
mod selection;
mod written;

use super::worker::Worker;
use crate::logs::Dataset;
use crate::value::EventId;
use lines::{Folds, Line, Piece};
use read::Loaded;
use rows::Row;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// What is shown before stays so long while another event is read.
const PATIENCE: Duration = Duration::from_millis(150);

/// What a person wants that the viewer cannot do itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Show a line of a file in the editor.
    OpenFile(PathBuf, usize),
}

/// The lines as they are laid out.
#[derive(Default)]
struct Laid {
    /// What they were made for: the form, the columns, the version of what is folded.
    of: (bool, usize, u64),
    /// The lines of values; none where the text is shown as written.
    lines: Vec<Line>,
    rows: Vec<Row>,
}

/// The viewer of raw events.
pub struct RawEvent {
    reader: Worker<read::Question, Option<Arc<Loaded>>>,
    finder: Worker<search::Question, search::Answer>,
    rower: Worker<read::Question, Option<filter::EventRow>>,
    /// The row that the event became, once it is found.
    row: Option<filter::EventRow>,
    wanted: Option<(EventId, Weak<Dataset>)>,
    asked_at: Option<Instant>,
    loaded: Option<Arc<Loaded>>,
    pretty: bool,
    folds: Folds,
    /// Grows with every change of what is shown.
    version: u64,
    laid: Laid,
    find: find::Find,
    /// The line that the keys are at.
    current: Option<Line>,
    selection: Option<selection::Selection>,
    /// Scroll to this row.
    reveal: Option<usize>,
    /// What the context menu was opened on, and what it says of it.
    menu: Option<menu::Menu>,
}

impl RawEvent {
    /// A viewer of nothing.
    pub fn new(ctx: &egui::Context) -> Self {
        let wake = || {
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        };
        Self {
            reader: Worker::start("read event", read::work, wake()),
            finder: Worker::start("find in event", search::work, wake()),
            rower: Worker::start("row of event", read::row, wake()),
            row: None,
            wanted: None,
            asked_at: None,
            loaded: None,
            pretty: true,
            folds: Folds::default(),
            version: 0,
            laid: Laid::default(),
            find: find::Find::default(),
            current: None,
            selection: None,
            reveal: None,
            menu: None,
        }
    }

    /// Whether an event is being read or searched.
    pub fn is_busy(&self) -> bool {
        self.reader.is_busy() || self.finder.is_busy() || self.rower.is_busy()
    }

    /// Takes what the threads have answered.
    pub fn take_answers(&mut self) {
        if let Some(loaded) = self.reader.answer() {
            self.asked_at = None;
            let document = loaded.as_ref().and_then(|l| l.document.as_ref());
            self.folds = document.map(Folds::at_first).unwrap_or_default();
            self.loaded = loaded;
            self.current = None;
            self.menu = None;
            self.changed();
            self.find.forget();
            self.look_for();
        }
        if let Some(row) = self.rower.answer() {
            self.row = row;
        }
        if let Some(answer) = self.finder.answer() {
            self.take_hits(answer);
        }
    }

    /// Shows an event of the logs.
    pub fn show(&mut self, ui: &mut egui::Ui, data: &Arc<Dataset>, event: EventId) -> Option<Wish> {
        self.want(data, event);
        self.take_answers();
        let Some(loaded) = self.loaded.clone() else {
            self.waiting(ui);
            return None;
        };
        let wish = head::show(self, ui, &loaded);
        let late = self.asked_at.is_some_and(|at| at.elapsed() > PATIENCE);
        if late {
            self.waiting(ui);
            return wish;
        }
        let bar = find::place(self, ui);
        match &loaded.text {
            Ok(text) => {
                let text = Arc::clone(text);
                body::show(self, ui, &loaded, &text);
            }
            Err(reason) => {
                let tokens = super::theme::tokens(ui);
                ui.colored_label(tokens.error, format!("The text cannot be shown: {reason}"));
            }
        }
        if let Some(bar) = bar {
            find::show(self, ui, bar);
        }
        wish
    }

    fn want(&mut self, data: &Arc<Dataset>, event: EventId) {
        let same = |(id, of): &(EventId, Weak<Dataset>)| {
            *id == event && std::ptr::eq(of.as_ptr(), Arc::as_ptr(data))
        };
        if self.wanted.as_ref().is_some_and(same) {
            return;
        }
        self.wanted = Some((event, Arc::downgrade(data)));
        self.asked_at = Some(Instant::now());
        let question = || read::Question {
            data: Arc::clone(data),
            event,
        };
        self.row = None;
        self.reader.ask(question());
        self.rower.ask(question());
    }

    fn waiting(&self, ui: &mut egui::Ui) {
        let late = self.asked_at.is_some_and(|at| at.elapsed() > PATIENCE);
        if late {
            ui.horizontal(|ui| {
                ui.add(egui::Spinner::new().size(12.0));
                ui.weak("Reading the event");
            });
        }
        if self.asked_at.is_some() {
            ui.ctx().request_repaint_after(Duration::from_millis(50));
        }
    }

    /// What is shown is another now.
    fn changed(&mut self) {
        self.version += 1;
        self.selection = None;
    }

    /// Whether the lines of values are shown: only a JSON text has them.
    fn is_pretty(&self) -> bool {
        let document = self.loaded.as_ref().and_then(|l| l.document.as_ref());
        self.pretty && document.is_some()
    }

    /// Folds or unfolds the value of a line.
    fn fold(&mut self, node: u32, folded: bool) {
        self.folds.set(node, folded);
        self.current = Some(match folded {
            true => Line::One(node),
            false => Line::Open(node),
        });
        self.changed();
    }

    /// Lays the lines out for so many columns, where they are not.
    fn lay_out(&mut self, loaded: &Loaded, columns: usize) {
        let of = (self.is_pretty(), columns, self.version);
        if self.laid.of == of && !self.laid.rows.is_empty() {
            return;
        }
        self.selection = None;
        let mut laid = Laid {
            of,
            ..Laid::default()
        };
        match (&loaded.document, &loaded.text) {
            (Some(document), _) if self.is_pretty() => {
                laid.lines = lines::lines(document, &self.folds);
                for (number, line) in laid.lines.iter().enumerate() {
                    if laid.rows.len() >= rows::MOST_ROWS {
                        break;
                    }
                    let pieces = lines::pieces(document, *line);
                    let parts = pieces.iter().map(|p| p.text.as_ref());
                    let depth = lines::depth(document, *line);
                    rows::wrap(&mut laid.rows, number as u32, depth, columns, parts);
                }
            }
            (_, Ok(text)) => {
                for (number, line) in loaded.written.lines.iter().enumerate() {
                    if laid.rows.len() >= rows::MOST_ROWS {
                        break;
                    }
                    let part = text.get(line.clone()).unwrap_or_default();
                    let parts = std::iter::once(part);
                    rows::wrap(&mut laid.rows, number as u32, 0, columns, parts);
                }
            }
            _ => {}
        }
        self.laid = laid;
    }

    /// The pieces of a row, and how deep its line stands.
    fn row_pieces<'t>(
        &self,
        loaded: &'t Loaded,
        text: &'t str,
        row: Row,
    ) -> (Vec<Piece<'t>>, usize) {
        let (from, to) = (row.from as usize, row.to as usize);
        match (&loaded.document, self.laid.lines.get(row.line as usize)) {
            (Some(document), Some(line)) => {
                let all = lines::pieces(document, *line);
                (cut(all, from, to), lines::depth(document, *line))
            }
            _ => {
                let line = loaded.written.lines.get(row.line as usize);
                let start = line.map_or(0, |l| l.start);
                (loaded.written.pieces(text, start + from..start + to), 0)
            }
        }
    }

    /// The first row of a line.
    fn first_row(&self, line: usize) -> usize {
        let rows = &self.laid.rows;
        rows.partition_point(|r| (r.line as usize) < line)
    }

    /// The number of a line.
    fn number_of(&self, line: Line) -> Option<usize> {
        self.laid.lines.iter().position(|l| *l == line)
    }
}

/// A part of a line's pieces, by bytes of the line.
fn cut(pieces: Vec<Piece<'_>>, from: usize, to: usize) -> Vec<Piece<'_>> {
    let mut at = 0;
    let mut part = Vec::new();
    for piece in pieces {
        let (start, end) = (at, at + piece.text.len());
        at = end;
        let (low, high) = (from.max(start), to.min(end));
        if low >= high {
            continue;
        }
        let text = piece.text.get(low - start..high - start);
        part.push(Piece {
            text: text.unwrap_or_default().to_owned().into(),
            tint: piece.tint,
            from: piece.from.map(|f| f + low - start),
        });
    }
    part
}
