//! What is wrong in open documents, in the workspace's rules and in the logs: by file, with line and column. A click
//! goes there, a lamp mends it.

mod head;
mod row;

use super::empty;
use crate::diagnostic::{Fix, Severity};
use crate::workbench::app::Workbench;
use crate::workbench::dialogs::Dialog;
use crate::workbench::problems::Problem;
use crate::workbench::theme::size;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What the person looks for.
#[derive(Default)]
pub struct State {
    /// Words that a problem must hold.
    filter: String,
    /// Kinds that are not shown: errors, warnings, others.
    hidden: [bool; 3],
    /// Files whose problems are folded away.
    folded: HashSet<PathBuf>,
}

impl State {
    fn passes(&self, problem: &Problem) -> bool {
        let kind = kind(problem.diagnostic.severity);
        if self.hidden.get(kind).copied().unwrap_or(false) {
            return false;
        }
        let words = self.filter.to_lowercase();
        let d = &problem.diagnostic;
        let text = || {
            let hint = d.hint.as_deref().unwrap_or_default();
            let path = problem.path.to_string_lossy();
            format!("{} {} {hint} {path}", d.message, d.code).to_lowercase()
        };
        words.is_empty() || {
            let text = text();
            words.split_whitespace().all(|word| text.contains(word))
        }
    }
}

/// Errors, warnings, others.
fn kind(severity: Severity) -> usize {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        _ => 2,
    }
}

/// A line of the panel.
enum Line<'a> {
    File {
        path: &'a Path,
        count: usize,
        worst: Severity,
        open: bool,
    },
    Problem(&'a Problem),
}

/// What a person wants.
enum Wish {
    Go(Problem),
    Fix(PathBuf, Vec<Fix>),
    Fold(PathBuf),
}

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    if workbench.problems.shown().is_empty() {
        empty(
            ui,
            "No problems",
            "What is wrong with open files, the workspace's rules and the loaded logs appears here",
        );
        return;
    }
    head::show(workbench, ui);
    let lines = lines(workbench);
    if lines.is_empty() {
        empty(
            ui,
            "Nothing passes the filter",
            "Other things are wrong: clear the filter to see them",
        );
        return;
    }
    let mut wish = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    egui::ScrollArea::vertical()
        .min_scrolled_height(size::ROW)
        .auto_shrink(false)
        .show_rows(ui, size::ROW, lines.len(), |ui, range| {
            for line in lines.get(range).unwrap_or_default() {
                match line {
                    Line::File {
                        path,
                        count,
                        worst,
                        open,
                    } => {
                        if row::file(workbench, ui, path, *count, *worst, *open) {
                            wish = Some(Wish::Fold(path.to_path_buf()));
                        }
                    }
                    Line::Problem(problem) => match row::problem(ui, problem) {
                        Some(row::Did::Go) => wish = Some(Wish::Go((*problem).clone())),
                        Some(row::Did::Fix) => {
                            let fixes = problem.diagnostic.fixes.clone();
                            wish = Some(Wish::Fix(problem.path.clone(), fixes));
                        }
                        None => {}
                    },
                }
            }
        });
    match wish {
        Some(Wish::Go(problem)) => workbench.go_to_problem(&problem),
        Some(Wish::Fix(path, fixes)) => fix(workbench, path, fixes),
        Some(Wish::Fold(path)) => {
            let folded = &mut workbench.problem_list.folded;
            if !folded.remove(&path) {
                folded.insert(path);
            }
        }
        None => {}
    }
}

fn fix(workbench: &mut Workbench, path: PathBuf, fixes: Vec<Fix>) {
    match fixes.as_slice() {
        [only] => workbench.apply_fix(&path, only),
        _ => {
            let with_path = fixes.into_iter().map(|fix| (path.clone(), fix)).collect();
            workbench.dialog = Some(Dialog::fixes(with_path));
        }
    }
}

/// What is shown, in order: the problems that pass, under their files.
fn lines(workbench: &Workbench) -> Vec<Line<'_>> {
    let state = &workbench.problem_list;
    let passing: Vec<&Problem> = workbench
        .problems
        .shown()
        .iter()
        .filter(|p| state.passes(p))
        .collect();
    let mut lines = Vec::new();
    for group in passing.chunk_by(|a, b| a.path == b.path) {
        let Some(first) = group.first() else {
            continue;
        };
        let worst = group.iter().map(|p| p.diagnostic.severity).min();
        let open = !state.folded.contains(&first.path);
        lines.push(Line::File {
            path: &first.path,
            count: group.len(),
            worst: worst.unwrap_or(Severity::Hint),
            open,
        });
        if open {
            lines.extend(group.iter().map(|p| Line::Problem(p)));
        }
    }
    lines
}
