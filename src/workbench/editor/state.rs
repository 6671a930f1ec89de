//! How the text changes: every edit goes through `commit`, every change from outside through `notice_outside`.

use super::CodeEditor;
use super::cursors::{Cursors, Selection, place};
use super::edit::{Change, Surroundings, insert, type_sign};
use super::lines::LineMap;
use super::rows::Rows;
use super::scroll::Reveal;
use super::sheet::Sheet;
use super::splice::{self, Splice, moved};
use crate::diagnostic::{Edit, Span};
use crate::workbench::highlight::{Kind, Language};

impl CodeEditor {
    /// Takes over how a text differs from the one that was seen: what changed, and the cursors before it.
    pub(super) fn take_difference(&mut self, text: &str) -> Option<([Splice; 1], Cursors)> {
        let splices = [splice::difference(&self.seen, text)?];
        let before = self.cursors.clone();
        self.changed(text, &splices);
        self.cursors = before.moved(&splices).map(|s| s.within(text));
        Some((splices, before))
    }

    /// A change of the text between frames is a step of undo of its own.
    pub(super) fn notice_outside(&mut self, text: &str) {
        if std::mem::take(&mut self.unchecked) {
            self.cursors = self.cursors.map(|s| s.within(text));
        }
        if !self.started {
            self.started = true;
            text.clone_into(&mut self.seen);
            self.changed(text, &[]);
            self.cursors = self.cursors.map(|s| s.within(text));
            return;
        }
        let Some((splices, before)) = self.take_difference(text) else {
            return;
        };
        self.history.record(
            &self.seen,
            &splices,
            &before,
            &self.cursors,
            self.time,
            false,
        );
        text.clone_into(&mut self.seen);
    }

    /// Makes a change. `typed` ones may join the step of undo before.
    pub(super) fn commit(&mut self, text: &mut String, change: Change, typed: bool) {
        let Change { splices, select } = change;
        let before = self.cursors.clone();
        let after = match select {
            Some(select) => Cursors::with_main(select, before.main_index()),
            None => before.moved(&splices),
        };
        if !splices.is_empty() {
            self.history
                .record(text, &splices, &before, &after, self.time, typed);
            splice::apply(text, &splices);
            self.changed(text, &splices);
        }
        self.cursors = after.map(|s| s.within(text));
        self.touch();
        if !splices.is_empty() {
            self.done.push(splices);
            // Only what is typed at the end of a frame's changes counts as typed.
            if !std::mem::take(&mut self.typing) {
                self.typed = None;
            }
        }
    }

    /// Something was done: the cursor is to be seen.
    pub(super) fn touch(&mut self) {
        self.last_activity = self.time;
        self.reveal.get_or_insert(Reveal::Least);
    }

    /// Goes to other places, which ends the step of undo that is being typed.
    pub(super) fn go(&mut self, cursors: Cursors) {
        if self.cursors != cursors {
            self.history.close();
            self.cursors = cursors;
        }
        self.whole_word = false;
        self.touch();
    }

    /// What is known of the text is brought to what it is now.
    pub(super) fn changed(&mut self, text: &str, splices: &[Splice]) {
        self.version += 1;
        self.lines = LineMap::new(text);
        self.measure.forget();
        self.folds.shift(splices);
        let bytes = text.as_bytes();
        self.closers = self
            .closers
            .iter()
            .filter(|&at| !splices.iter().any(|s| s.range.contains(at)))
            .map(|at| moved(splices, *at))
            .filter(|at| matches!(bytes.get(*at), Some(b')' | b']' | b'}' | b'"' | b'\'')))
            .collect();
        if let Some(scope) = &mut self.bar.query.scope {
            *scope = splice::moved_before(splices, scope.start)..moved(splices, scope.end);
        }
    }

    pub(super) fn undo(&mut self, text: &mut String) {
        let done = self.history.undo(text);
        self.travelled(text, done);
    }

    pub(super) fn redo(&mut self, text: &mut String) {
        let done = self.history.redo(text);
        self.travelled(text, done);
    }

    fn travelled(&mut self, text: &str, done: Option<(Vec<Splice>, Cursors)>) {
        let Some((splices, cursors)) = done else {
            return;
        };
        self.changed(text, &splices);
        self.closers.clear();
        self.cursors = cursors.map(|s| s.within(text));
        self.touch();
        self.done.push(splices);
        self.typed = None;
    }

    /// Types a text: a single sign with all that goes with it, several as they are.
    pub(super) fn type_text(&mut self, text: &mut String, typed: &str) {
        let mut signs = typed.chars();
        let (Some(sign), None) = (signs.next(), signs.next()) else {
            let typed = super::lines::with_line_ends(typed, super::lines::line_end_style(text));
            self.note_typed(&typed);
            self.commit(text, insert(self.cursors.list(), &typed), false);
            return;
        };
        if sign.is_control() {
            return;
        }
        let highlight = &self.highlight;
        let lines = &self.lines;
        let known = highlight.text() == text.as_str();
        let quoted = |at: usize| known && in_quotes(highlight, lines, at);
        let round = Surroundings {
            pairs: self.language != Language::Plain,
            closers: &self.closers,
            quoted: &quoted,
        };
        let typed_sign = type_sign(text, self.cursors.list(), sign, &round);
        self.note_typed(typed);
        self.commit(text, typed_sign.change, true);
        self.closers.extend(typed_sign.closers);
    }

    /// The change that comes next is typing.
    fn note_typed(&mut self, typed: &str) {
        self.typing = true;
        self.typed.get_or_insert_default().push_str(typed);
    }

    /// Brings rows and folds up to date. `width` is that of the text's part of the view.
    pub(super) fn refresh(&mut self, text: &str) {
        let columns = self.wrap.then(|| {
            let columns = self.frame.text.width() / self.frame.sign - 1.0;
            (columns as usize).max(20)
        });
        let key = (self.version, columns, self.folding);
        if self.rows_of == Some(key) {
            return;
        }
        if self
            .rows_of
            .is_none_or(|(version, ..)| version != self.version)
        {
            self.folds.update(text, &self.lines);
            self.widest = self.measure_widest(text);
        }
        // A cursor is never out of sight in a fold.
        for selection in self.cursors.list() {
            self.folds
                .reveal(self.lines.line_of_byte(selection.head), &self.lines);
        }
        self.rows = Rows::new(text, &self.lines, self.folds.hidden(), columns);
        self.rows_of = Some(key);
    }

    /// Shows lines that a cursor has come to.
    pub(super) fn reveal_cursors(&mut self) {
        let mut found = false;
        for selection in self.cursors.list() {
            let line = self.lines.line_of_byte(selection.head);
            found |= self.folds.reveal(line, &self.lines);
        }
        self.folding += u64::from(found);
    }

    fn measure_widest(&self, text: &str) -> usize {
        let mut widest = 0;
        for line in 0..self.lines.count() {
            let range = self.lines.range(text, line);
            let inner = text.get(range).unwrap_or_default();
            // No sign but a tab takes more columns than bytes.
            if inner.len() > widest || (inner.contains('\t') && inner.len() * 4 > widest) {
                widest = widest.max(self.measure.column(line, inner, inner.len()));
            }
        }
        widest
    }

    pub(super) fn sheet<'a>(&'a self, text: &'a str) -> Sheet<'a> {
        let mut frame = self.frame;
        frame.scroll = self.scroll.at;
        Sheet {
            frame,
            text,
            lines: &self.lines,
            rows: &self.rows,
            measure: &self.measure,
        }
    }

    /// What this frame did, as edits of the text before it; then the text is what it is.
    pub(super) fn take_edits(&mut self, text: &str) -> Vec<Edit> {
        let done = std::mem::take(&mut self.done);
        if done.is_empty() {
            return Vec::new();
        }
        let splices = match <[_; 1]>::try_from(done) {
            Ok([only]) => only,
            Err(_) => splice::difference(&self.seen, text).into_iter().collect(),
        };
        text.clone_into(&mut self.seen);
        let edit = |splice: Splice| Edit {
            span: Span::new(splice.range.start, splice.range.end),
            text: splice.with,
        };
        splices.into_iter().map(edit).collect()
    }

    /// Selects a range that was wanted from outside.
    pub(super) fn take_wanted(&mut self, text: &str) {
        if let Some(range) = self.wanted.take() {
            let range = place(text, range.start)..place(text, range.end);
            self.cursors = Cursors::one(Selection::new(range.start, range.end));
            self.history.close();
            self.reveal = Some(Reveal::Center);
            self.last_activity = self.time;
            self.focus = true;
        }
    }
}

/// Whether an offset lies in a string or a comment.
pub(super) fn in_quotes(
    highlight: &crate::workbench::highlight::HighlightCache,
    lines: &LineMap,
    at: usize,
) -> bool {
    let line = lines.line_of_byte(at);
    let mut until = lines.start(line);
    for run in highlight.line_runs(line) {
        let from = until;
        until += run.len;
        if at < until {
            let quoted = matches!(run.kind, Kind::String | Kind::Escape | Kind::Comment);
            // At its start one is still before it.
            return quoted && at > from;
        }
    }
    // At the end of a line: a comment goes on to there.
    let last = highlight.line_runs(line).last();
    last.is_some_and(|run| run.kind == Kind::Comment)
}
