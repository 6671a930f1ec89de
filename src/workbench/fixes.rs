//! From problem to problem, and mending them.

use super::app::Workbench;
use super::dialogs::Dialog;
use super::layout::Pane;
use super::problems::Problem;
use crate::diagnostic::Fix;
use std::path::{Path, PathBuf};

impl Workbench {
    /// Goes to a problem.
    pub(super) fn go_to_problem(&mut self, problem: &Problem) {
        let offset = problem.diagnostic.span.map(|s| s.start);
        self.go_to(&problem.path, offset, problem.at.map(|at| at.line));
    }

    /// Goes to the next problem from the cursor on, or to the one before; round the ends.
    pub(super) fn step_problem(&mut self, by: isize) {
        let shown = self.problems.shown();
        let here = self.groups.view().map(|v| (v.path.clone(), v.offset));
        let at = here.and_then(|(path, offset)| {
            let start = |p: &Problem| p.diagnostic.span.map_or(0, |s| s.start);
            let of_file = |p: &Problem| p.path == path;
            let first = shown.iter().position(of_file)?;
            let count = shown.iter().filter(|p| of_file(p)).count();
            let file = shown.get(first..first + count)?;
            Some(match by > 0 {
                true => first + file.iter().take_while(|p| start(p) <= offset).count(),
                // Where there is none before the cursor, the last one of the file before.
                false => {
                    let before = file.iter().take_while(|p| start(p) < offset).count();
                    (first + before + shown.len() - 1) % shown.len()
                }
            })
        });
        let next = match (at, by > 0) {
            (Some(at), _) => at % shown.len().max(1),
            (None, true) => 0,
            (None, false) => shown.len().saturating_sub(1),
        };
        if let Some(problem) = shown.get(next).cloned() {
            self.go_to_problem(&problem);
            self.notices.quiet(&problem.diagnostic.message);
        }
    }

    /// Fixes of what is wrong at the cursor, else on its line.
    pub(super) fn fixes_at_cursor(&self) -> Vec<(PathBuf, Fix)> {
        let Some(view) = self.groups.view() else {
            return Vec::new();
        };
        let fixable = || self.problems.checked(&view.path);
        let with_fix = || fixable().filter(|p| !p.diagnostic.fixes.is_empty());
        let at_cursor = |p: &&Problem| {
            let span = p.diagnostic.span.unwrap_or_default();
            (span.start..=span.end).contains(&view.offset)
        };
        let on_line = |p: &&Problem| p.at.map_or(1, |at| at.line) == view.cursor.line;
        let fixes = |found: Vec<&Problem>| -> Vec<(PathBuf, Fix)> {
            let each = found.into_iter();
            each.flat_map(|p| p.diagnostic.fixes.iter().cloned())
                .map(|fix| (view.path.clone(), fix))
                .collect()
        };
        let near = fixes(with_fix().filter(at_cursor).collect());
        match near.is_empty() {
            true => fixes(with_fix().filter(on_line).collect()),
            false => near,
        }
    }

    /// Mends what is wrong at the cursor; asks where there are several ways.
    pub(super) fn ask_fix(&mut self) {
        let mut fixes = self.fixes_at_cursor();
        match fixes.len() {
            0 => {}
            1 => {
                if let Some((path, fix)) = fixes.pop() {
                    self.apply_fix(&path, &fix);
                }
            }
            _ => self.dialog = Some(Dialog::fixes(fixes)),
        }
    }

    /// Applies a fix to an open document, as one step of undo.
    pub(super) fn apply_fix(&mut self, path: &Path, fix: &Fix) {
        if self.doc(path).is_none() {
            // It was found in the file as it was then: it is checked anew first.
            self.open_doc(path);
            self.settings.reveal = Some(Pane::Editor);
            return;
        }
        if self.checks_pending(path) {
            self.notices
                .info("The text has just changed: try again when it has been checked");
            return;
        }
        let Some(doc) = self.doc_mut(path) else {
            return;
        };
        let ends = super::format::LineEnds::of(&doc.text);
        let mut fix = fix.clone();
        for edit in &mut fix.edits {
            edit.text = ends.apply(&edit.text);
        }
        let Some(text) = fix.apply(&doc.text) else {
            self.notices.info("The fix no longer fits the text");
            return;
        };
        doc.text = text;
        self.text_changed(path);
        self.notices.quiet(&fix.title);
    }
}
