//! Running while typing: what is asked when, and what is done with the answers.

use super::app::Workbench;
use super::grid::Source;
use super::jobs::{Buffers, RunAnswer, RunQuestion};
use super::problems::{Problem, placed};
use crate::diagnostic::{Diagnostic, LineIndex};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the keys must rest before the rule runs again.
const PAUSE: Duration = Duration::from_millis(40);

impl Workbench {
    /// The text in the editor changed.
    pub(super) fn text_changed(&mut self, path: &Path) {
        self.changed_at = Some(Instant::now());
        self.recovery.note(&self.docs);
        self.groups.keep(path);
        self.check_now(path);
        self.ctx.request_repaint_after(PAUSE);
    }

    /// Runs once the keys have rested.
    pub(super) fn run_after_pause(&mut self) {
        let Some(at) = self.changed_at else {
            return;
        };
        let rested = at.elapsed();
        if rested < PAUSE {
            self.ctx.request_repaint_after(PAUSE - rested);
            return;
        }
        self.changed_at = None;
        self.run_rule();
        self.asked_at = Some(at);
    }

    /// The unsaved texts of open documents.
    pub(super) fn buffers(&self) -> Buffers {
        Buffers(
            self.docs
                .iter()
                .filter(|d| d.is_unsaved())
                .map(|d| (d.path.clone(), d.text.clone()))
                .collect::<HashMap<_, _>>(),
        )
    }

    /// Runs the shown rule with the texts as they stand.
    pub(super) fn run_rule(&mut self) {
        let Some(path) = self.rule_path.clone() else {
            return;
        };
        if self.loader.is_busy() {
            return; // it runs when the logs are there
        }
        self.asked_at = Some(Instant::now());
        self.runner.ask(RunQuestion {
            path,
            buffers: self.buffers(),
            data: self.data.clone(),
            now: self.now(),
        });
    }

    /// Looks at every rule of the workspace for the explorer.
    pub(super) fn run_overview(&mut self) {
        let rules = self.workspace.rules.clone();
        self.look_at(&rules);
    }

    /// Looks at some rules anew.
    pub(super) fn look_at(&mut self, rules: &[PathBuf]) {
        let (buffers, now) = (self.buffers(), self.now());
        let target = self.settings.target();
        self.overview
            .ask(rules, buffers, self.data.clone(), now, target);
    }

    /// Takes what the workers have answered since the last frame.
    pub(super) fn take_answers(&mut self) {
        if let Some(answer) = self.loader.answer() {
            self.take_logs(answer);
        }
        if let Some(answer) = self.runner.answer() {
            self.take_run(answer);
        }
        if let Some(answer) = self.stager.answer() {
            self.take_stage_rows(answer);
        }
        if let Some(answer) = self.tester.answer()
            && Some(&answer.path) == self.rule_path.as_ref()
        {
            if let Some(standing) = self.overview.of_mut(&answer.path) {
                let passed = answer.results.iter().filter(|r| r.passed).count();
                standing.cases = (passed, answer.results.len());
            }
            self.tests = Some(answer);
        }
        let looked_at = self.overview.take();
        self.problems.set_rules(looked_at);
        self.take_checks();
        if let Some(found) = self.finder.answer() {
            self.take_folders(found);
        }
        if let Some((root, found)) = self.refinder.answer() {
            self.take_refound(&root, found);
        }
        if let Some(files) = self.lister.answer() {
            self.files = files;
        }
        self.details.take_answers();
        if let Some(answer) = self.exporter.answer() {
            super::dialogs::export::answered(self, answer);
        }
    }

    fn take_run(&mut self, answer: RunAnswer) {
        if Some(&answer.path) != self.rule_path.as_ref() {
            return;
        }
        if answer.run.partial {
            self.take_first_matches(answer);
            return;
        }
        self.answer_time = self.asked_at.take().map(|at| at.elapsed());
        let mut found: Vec<(PathBuf, Diagnostic)> = Vec::new();
        match &answer.rule {
            Ok(rule) => {
                found.extend(rule.diagnostics.iter().cloned());
                self.rule = Some(rule.clone());
                if rule.diagnostics.iter().all(|(_, d)| !d.is_error()) || self.tests.is_none() {
                    self.tester.ask(rule.clone());
                }
            }
            Err(message) => {
                found.push((answer.path.clone(), super::checking::not_a_rule(message)));
            }
        }
        for problem in &answer.run.diagnostics {
            if !found.contains(problem) {
                found.push(problem.clone());
            }
        }
        let broken = answer.rule.is_err() || answer.run.failed();
        let found = self.placed(found);
        self.problems.set_run(&answer.path, found);
        if let Some(standing) = self.overview.of_mut(&answer.path) {
            let matches = answer.run.matches.len();
            standing.matches = (!broken).then_some(matches);
            let error = self.problems.first_of_run();
            standing.error = error.map(|p| p.diagnostic.message.clone());
        }
        if let Some(before) = self.last_whole.take()
            && broken
        {
            self.result = Some(before);
        }
        let good = |r: &RunAnswer| r.path == answer.path && !r.run.failed() && r.rule.is_ok();
        let first = self.result.as_ref().is_none_or(|r| r.path != answer.path);
        if broken && first {
            self.settings.reveal = Some(super::layout::Pane::Problems);
        }
        self.stale = broken && self.result.as_ref().is_some_and(good);
        if self.stale {
            return; // the last good result stays
        }
        self.keep_selection(&answer);
        self.wanted_match = None;
        self.result = Some(answer);
        self.order_matches();
        self.refresh_stage();
    }

    /// The first matches of a run that goes on: what else is known of the rule waits for its end.
    fn take_first_matches(&mut self, answer: RunAnswer) {
        self.stale = false;
        self.keep_selection(&answer);
        let before = self.result.replace(answer);
        if let Some(whole) = before.filter(|before| !before.run.partial) {
            self.last_whole = Some(whole);
        }
        self.order_matches();
    }

    /// The same match stays selected while the rule is tuned, as long as its events are there.
    fn keep_selection(&mut self, answer: &RunAnswer) {
        let mut wanted = self.selected_events().or_else(|| self.wanted_match.take());
        let before = self.result.as_ref().map(|r| Arc::clone(&r.data));
        if let Some(before) = before.filter(|data| !Arc::ptr_eq(data, &answer.data)) {
            // The logs were loaded anew: events that are still there may have other numbers.
            let event = self.selection.event;
            self.selection.event = event.and_then(|id| answer.data.same_event(&before, id));
            wanted = wanted.and_then(|ids| answer.data.same_events(&before, &ids));
        }
        let matches = &answer.run.matches;
        let at = |events: &Vec<_>| matches.iter().position(|m| m.events == *events);
        self.selection.matched = wanted.as_ref().and_then(at);
        // It may be among those that are still to come.
        self.wanted_match = wanted;
    }

    fn selected_events(&self) -> Option<Vec<crate::value::EventId>> {
        let matched = self
            .result
            .as_ref()?
            .run
            .matches
            .get(self.selection.matched?)?;
        Some(matched.events.clone())
    }

    /// Gives diagnostics their lines and columns.
    fn placed(&self, found: Vec<(PathBuf, Diagnostic)>) -> Vec<Problem> {
        let mut files: HashMap<PathBuf, Vec<Diagnostic>> = HashMap::new();
        for (path, diagnostic) in found {
            files.entry(path).or_default().push(diagnostic);
        }
        let of_file =
            |(path, found): (PathBuf, Vec<Diagnostic>)| placed(&path, &self.text_of(&path), found);
        files.into_iter().flat_map(of_file).collect()
    }

    fn text_of(&self, path: &Path) -> String {
        match self.doc(path) {
            Some(doc) => doc.text.clone(),
            None => std::fs::read_to_string(path).unwrap_or_default(),
        }
    }

    /// The matches as a table: its name and its rows.
    pub(super) fn match_rows(&self) -> Option<(String, Source)> {
        let result = self.result.as_ref()?;
        let name = result.path.display().to_string();
        Some((name, Source::Matches(result.run.clone())))
    }

    /// Orders and filters the matches, where they are few: the keys step through them also while they are not seen.
    fn order_matches(&mut self) {
        if let Some((name, source)) = self.match_rows() {
            let (ctx, range) = (self.ctx.clone(), self.range);
            self.tables.matches.update(&ctx, &name, &source, range);
        }
    }

    /// Selects a match and its first event.
    pub(super) fn select_match(&mut self, index: usize) {
        let Some(result) = &self.result else {
            return;
        };
        if let Some(matched) = result.run.matches.get(index) {
            self.selection.matched = Some(index);
            self.wanted_match = None;
            self.selection.stage_row = None;
            self.selection.event = matched.events.first().copied();
            self.tables.reveal = true;
        }
    }

    /// Scrolls the editor so that the rule's query is seen.
    pub fn show_query(&mut self) {
        if let Some((doc, view)) = self.active_pair()
            && let Some(query) = doc.text.find("\nquery:")
        {
            let fifteen_lines = doc.text[query..].match_indices('\n').nth(15);
            view.editor
                .go_to(query + fifteen_lines.map_or(1, |(i, _)| i + 1));
        }
    }

    /// Puts the keyboard into the editor.
    pub fn focus_editor(&mut self) {
        if let Some(view) = self.groups.view_mut() {
            view.editor.request_focus();
        }
    }

    /// Whether the newest text has not been run yet.
    pub fn is_running(&self) -> bool {
        self.runner.is_busy() || self.changed_at.is_some()
    }

    /// Selects the first match of the table, if there is any.
    pub fn select_first_match(&mut self) {
        if let Some(first) = self.match_at(0) {
            self.select_match(first);
        }
    }

    /// The match at a place of the table.
    fn match_at(&self, place: usize) -> Option<usize> {
        let (name, source) = self.match_rows()?;
        let order = self.tables.matches.order_of(&name, &source);
        let row = order.map_or(Some(place), |order| order.row(place))?;
        (row < source.rows()).then_some(row)
    }

    /// Selects the match `by` rows further in the table, stopping at its ends.
    pub(super) fn step_match(&mut self, by: isize) {
        let Some((name, source)) = self.match_rows() else {
            return;
        };
        let order = self.tables.matches.order_of(&name, &source);
        let rows = order.map_or(source.rows(), |order| order.len(source.rows()));
        let Some(last) = rows.checked_sub(1) else {
            return;
        };
        let place = |row| order.map_or(Some(row), |order| order.place(row));
        let next = match self.selection.matched.and_then(place) {
            Some(at) => at.saturating_add_signed(by).min(last),
            None => 0,
        };
        if let Some(row) = self.match_at(next) {
            self.select_match(row);
        }
    }

    /// Name, rows and columns of the loaded tables: those with rows first.
    pub(super) fn data_tables(&self) -> Vec<(String, usize, usize)> {
        use crate::kql::Catalog;
        let mut tables: Vec<_> = self
            .data
            .table_names()
            .into_iter()
            .map(|name| {
                let (rows, columns) = self.data.table_size(&name).unwrap_or_default();
                (name, rows, columns)
            })
            .collect();
        tables.sort_by(|a, b| (a.1 == 0, &a.0).cmp(&(b.1 == 0, &b.0)));
        tables
    }
}

/// What is wrong with the person's connectors, then the records that were not taken, as problems of their files; the
/// many of one file are counted.
pub(super) fn log_problems(
    data: &crate::logs::Dataset,
    connectors: &[crate::logs::ConnectorFile],
) -> Vec<Problem> {
    use crate::diagnostic::{Position, Severity};
    const MOST: usize = 20;
    let mut problems = Vec::new();
    for file in connectors {
        let lines = LineIndex::new(&file.text);
        problems.extend(file.diagnostics.iter().map(|diagnostic| Problem {
            path: file.path.clone(),
            at: diagnostic.span.map(|s| lines.position(s.start)),
            diagnostic: diagnostic.clone(),
            target: None,
        }));
    }
    for file in data.files() {
        let mut tell = |line: usize, message: String, hint: Option<String>| {
            let mut diagnostic = Diagnostic::new(Severity::Warning, "log-rejected", None, message);
            diagnostic.hint = hint;
            problems.push(Problem {
                path: file.path.clone(),
                at: (line > 0).then_some(Position { line, column: 1 }),
                diagnostic,
                target: None,
            });
        };
        for reject in file.rejected.iter().take(MOST) {
            let excerpt = (!reject.excerpt.is_empty()).then(|| reject.excerpt.clone());
            tell(reject.line, reject.reason.clone(), excerpt);
        }
        let more = file.rejects().saturating_sub(MOST);
        if more > 0 {
            tell(0, format!("{more} more records were not taken"), None);
        }
    }
    problems
}
