//! What the editor's actions and keys do.

use super::cursors::Cursors;
use super::edit::{self, Change};
use super::lines::line_bounds;
use super::{Action, CodeEditor, Selection, motion};
use crate::workbench::highlight::Language;
use egui::Ui;

impl CodeEditor {
    /// Does what an action says.
    pub(super) fn act(&mut self, ui: &Ui, text: &mut String, action: Action) {
        self.last_activity = self.time;
        match action {
            Action::Undo => self.undo(text),
            Action::Redo => self.redo(text),
            Action::SelectAll => {
                let first = super::cursors::first_place(text);
                self.cursors = Cursors::one(Selection::new(first, text.len()));
                self.history.close();
            }
            Action::SelectLine => self.select_lines(text),
            Action::Find => self.open_bar(text, false),
            Action::Replace => self.open_bar(text, true),
            Action::FindNext => self.step(ui.ctx(), text, true),
            Action::FindPrevious => self.step(ui.ctx(), text, false),
            Action::GoToLine => self.bar.open_go_to_line(),
            Action::AddNextOccurrence => self.add_next_occurrence(text),
            Action::SelectAllOccurrences => self.select_all_occurrences(text),
            Action::CursorAbove => self.cursor_beside(text, -1),
            Action::CursorBelow => self.cursor_beside(text, 1),
            Action::CursorsAtLineEnds => self.cursors_at_line_ends(text),
            Action::ToggleComment => self.change(text, edit::toggle_comment),
            Action::Indent => self.change(text, edit::indent),
            Action::Outdent => self.change(text, edit::outdent),
            Action::DeleteLine => self.change(text, |t, s, _| edit::delete_lines(t, s)),
            Action::MoveUp => self.change(text, |t, s, _| edit::move_lines(t, s, true)),
            Action::MoveDown => self.change(text, |t, s, _| edit::move_lines(t, s, false)),
            Action::DuplicateUp => self.change(text, |t, s, _| edit::duplicate(t, s, true)),
            Action::DuplicateDown => self.change(text, |t, s, _| edit::duplicate(t, s, false)),
            Action::LineBelow => self.change(text, |t, s, l| edit::line_beside(t, s, l, false)),
            Action::LineAbove => self.change(text, |t, s, l| edit::line_beside(t, s, l, true)),
            Action::JoinLines => self.change(text, |t, s, _| edit::join_lines(t, s)),
            Action::TrimTrailing => self.change(text, |t, s, _| edit::trim_trailing(t, s)),
            Action::EndsLf => self.change(text, |t, _, _| edit::line_ends(t, false)),
            Action::EndsCrLf => self.change(text, |t, _, _| edit::line_ends(t, true)),
            Action::GoToBracket => self.go_to_bracket(text),
            Action::Fold => self.fold_at_cursors(),
            Action::Unfold => {
                for selection in self.cursors.list() {
                    let line = self.lines.line_of_byte(selection.head);
                    self.folds.unfold_at(line, &self.lines);
                }
                self.folding += 1;
            }
            Action::FoldAll => {
                self.refresh(text);
                self.folds.fold_all(&self.lines);
                self.folding += 1;
                self.leave_folds(text);
            }
            Action::UnfoldAll => {
                self.folds.unfold_all();
                self.folding += 1;
                self.touch();
            }
            Action::ToggleWrap => {
                self.wrap = !self.wrap;
                self.touch();
            }
        }
    }

    /// Makes what an edit gives.
    pub(super) fn change(
        &mut self,
        text: &mut String,
        edit: impl FnOnce(&str, &[Selection], Language) -> Option<Change>,
    ) {
        if let Some(change) = edit(text, self.cursors.list(), self.language) {
            self.commit(text, change, false);
        }
    }

    /// Each cursor goes where `to` says; with `extend` what is between becomes selected.
    pub(super) fn walk(&mut self, text: &str, extend: bool, to: impl Fn(&str, Selection) -> usize) {
        self.refresh(text);
        let cursors = self.cursors.map(|s| {
            let head = self.out_of_folds(text, s.head, to(text, s));
            match extend {
                true => Selection::new(s.anchor, head),
                false => Selection::cursor(head),
            }
        });
        self.go(cursors);
    }

    /// A place; if it is folded away the one behind or before the fold.
    fn out_of_folds(&self, text: &str, from: usize, to: usize) -> usize {
        let line = self.lines.line_of_byte(to);
        let fold = self
            .folds
            .hidden()
            .iter()
            .find(|range| range.contains(&line));
        match fold {
            Some(range) if to >= from && range.end < self.lines.count() => {
                self.lines.start(range.end)
            }
            Some(range) => self.lines.range(text, range.start.saturating_sub(1)).end,
            None => to,
        }
    }

    /// Home and End, of the row where lines are wrapped.
    pub(super) fn go_to_edge(&mut self, text: &str, extend: bool, start: bool) {
        self.refresh(text);
        let cursors = self.cursors.map(|s| {
            let sheet = self.sheet(text);
            let (index, _) = sheet.place(s.head);
            let row = sheet.rows.get(index);
            let begin = sheet.lines.start(row.line);
            let head = match start {
                true if row.is_first() || s.head == begin + row.from => motion::home(text, s.head),
                true => begin + row.from,
                false if sheet.rows.ends_line(index) => begin + row.to,
                false => match motion::left(text, begin + row.to) {
                    // Already there: to the end of the line.
                    last if last == s.head => line_bounds(text, s.head).end,
                    last => last,
                },
            };
            match extend {
                true => Selection::new(s.anchor, head),
                false => Selection::cursor(head),
            }
        });
        self.go(cursors);
    }

    /// Up and down by rows; the cursors keep to their columns.
    pub(super) fn by_rows(&mut self, text: &str, by: isize, extend: bool) {
        self.refresh(text);
        let list = self.cursors.list().to_vec();
        let kept = match self.cursors.goals.len() == list.len() {
            true => self.cursors.goals.clone(),
            false => Vec::new(),
        };
        let sheet = self.sheet(text);
        let last = sheet.rows.count().saturating_sub(1);
        let (mut moved, mut goals) = (Vec::new(), Vec::new());
        for (i, s) in list.iter().enumerate() {
            let from = match (s.is_empty() || extend, by < 0) {
                (true, _) => s.head,
                (false, true) => s.range().start,
                (false, false) => s.range().end,
            };
            let (row, column) = sheet.goal(from);
            let goal = kept.get(i).copied().unwrap_or(column);
            let to = row.saturating_add_signed(by).min(last);
            let head = if to == row && by < 0 {
                super::cursors::first_place(text)
            } else if to == row {
                text.len()
            } else {
                sheet.at_goal(to, goal)
            };
            goals.push(goal);
            moved.push(match extend {
                true => Selection::new(s.anchor, head),
                false => Selection::cursor(head),
            });
        }
        let main = self.cursors.main_index();
        let mut cursors = Cursors::with_main(moved, main);
        if cursors.list().len() == goals.len() {
            cursors.goals = goals;
        }
        self.go(cursors);
    }

    fn select_lines(&mut self, text: &str) {
        let cursors = self.cursors.map(|s| {
            let range = s.range();
            let start = line_bounds(text, range.start).start;
            Selection::new(start, super::lines::next_line(text, range.end)).within(text)
        });
        self.go(cursors);
    }

    /// To a line that stays at the top.
    pub(super) fn go_to_pinned(&mut self, text: &str, line: usize) {
        let range = self.lines.range(text, line);
        let inner = text.get(range.clone()).unwrap_or_default();
        let at = range.start + super::lines::indentation(inner).len();
        self.go(Cursors::one(Selection::cursor(at)));
        self.focus = true;
    }

    fn go_to_bracket(&mut self, text: &str) {
        let known = self.highlight.text() == text;
        let cursors = self.cursors.map(|s| {
            let code = |at| !known || !super::state::in_quotes(&self.highlight, &self.lines, at);
            match edit::matching(text, s.head, code) {
                Some((_, partner)) => Selection::cursor(partner),
                None => s,
            }
        });
        self.go(cursors);
    }

    fn fold_at_cursors(&mut self) {
        let lines: Vec<usize> = self
            .cursors
            .list()
            .iter()
            .map(|s| self.lines.line_of_byte(s.head))
            .collect();
        for line in lines {
            if let Some(first) = self.folds.fold_at(line, &self.lines) {
                // The cursor stays where it can be seen.
                let start = self.lines.start(first);
                let end = self.lines.start(first + 1).saturating_sub(1).max(start);
                let hidden = self.folds.hidden().to_vec();
                let lines = self.lines.clone();
                let away = move |at: usize| {
                    let line = lines.line_of_byte(at);
                    hidden.iter().any(|range| range.contains(&line))
                };
                self.cursors = self.cursors.map(|s| match away(s.head) {
                    true => Selection::cursor(end),
                    false => s,
                });
            }
        }
        self.folding += 1;
        self.touch();
    }

    /// Cursors that were folded away go to the ends of the lines that show their folds.
    pub(super) fn leave_folds(&mut self, text: &str) {
        let cursors = self.cursors.map(|s| {
            let line = self.lines.line_of_byte(s.head);
            let fold = self
                .folds
                .hidden()
                .iter()
                .find(|range| range.contains(&line));
            match fold {
                Some(range) => {
                    let first = range.start.saturating_sub(1);
                    Selection::cursor(self.lines.range(text, first).end)
                }
                None => s,
            }
        });
        self.cursors = cursors;
        self.touch();
    }

    /// Folds or unfolds a line by the arrow beside it.
    pub(super) fn toggle_fold(&mut self, text: &str, line: usize) {
        let fold = !self.folds.is_folded(line, &self.lines);
        self.folds.set(line, fold, &self.lines);
        self.folding += 1;
        if fold {
            let reveal = self.reveal;
            self.leave_folds(text);
            self.reveal = reveal;
        }
    }
}
