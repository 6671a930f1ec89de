//! Everything that is wrong, from whoever found it, each thing once and in the order in which it is read.

use super::editor::moving;
use crate::check::Target;
use crate::diagnostic::{Diagnostic, Edit, LineIndex, Position};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// What is wrong, where a person finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// Line and column; none for the file as a whole.
    pub at: Option<Position>,
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// Who objects; none where everybody would.
    pub target: Option<Target>,
}

/// Problems of the files of a rule that no editor holds are shown up to so many.
const MOST_OF_A_FILE: usize = 200;

/// What each finder found last.
#[derive(Default)]
pub struct Problems {
    /// The run of the rule that is shown.
    run: Vec<Problem>,
    /// The rule that ran.
    ran: Option<PathBuf>,
    /// The text has changed since the run: it may speak of what is gone.
    run_is_old: bool,
    /// The checks of open documents, by the rule they belong to.
    checked: HashMap<PathBuf, Vec<Problem>>,
    /// The look at all rules, by rule.
    rules: HashMap<PathBuf, Vec<Problem>>,
    /// Connectors, and records that were not taken.
    logs: Vec<Problem>,
    /// All of them, merged.
    shown: Vec<Problem>,
    /// Errors, warnings, others.
    counts: [usize; 3],
}

impl Problems {
    /// All of them: file by file, those with errors first, those of the logs last.
    pub fn shown(&self) -> &[Problem] {
        &self.shown
    }

    /// Errors, warnings, others.
    pub fn counts(&self) -> [usize; 3] {
        self.counts
    }

    /// Those of one file.
    pub fn of<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Problem> {
        self.shown.iter().filter(move |p| p.path == path)
    }

    /// What the checks found in an open document: from its newest text, with fixes.
    pub fn checked<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Problem> {
        let all = self.checked.values().flatten();
        all.filter(move |p| p.path == path)
    }

    /// Whether the run found an error.
    pub fn run_failed(&self) -> bool {
        self.run.iter().any(|p| p.diagnostic.is_error())
    }

    /// The first error of the run.
    pub fn first_of_run(&self) -> Option<&Problem> {
        self.run.iter().find(|p| p.diagnostic.is_error())
    }

    /// Takes what the run of the shown rule found.
    pub fn set_run(&mut self, rule: &Path, mut found: Vec<Problem>) {
        found.sort_by(|a, b| by_importance(a).cmp(&by_importance(b)));
        self.run = found;
        self.ran = Some(rule.to_owned());
        self.run_is_old = false;
        self.merge();
    }

    /// Another rule is shown, which has not run yet.
    pub fn forget_run(&mut self) {
        self.run.clear();
        self.ran = None;
        self.merge();
    }

    /// A text has changed: what a run of its rule said may be about what is gone.
    pub fn text_changed(&mut self, rule: &Path) {
        self.run_is_old |= self.ran.as_deref() == Some(rule);
    }

    /// A text was edited, which is what it is now: what was found in it stays where it was found, until the checks have
    /// read it again.
    pub fn follow(&mut self, path: &Path, edits: &[Edit], text: &str) {
        let moved = moving(edits);
        let mut lines = None;
        let checked = self.checked.values_mut().flatten();
        let found = checked.chain(&mut self.run).chain(&mut self.shown);
        for problem in found.filter(|p| p.path == path) {
            if let Some(span) = &mut problem.diagnostic.span {
                *span = moved(*span);
                let lines = lines.get_or_insert_with(|| LineIndex::new(text));
                problem.at = Some(lines.position(span.start));
            }
        }
    }

    /// Takes what the checks of a rule found: its document, and the files beside it. Of what was found before those of
    /// some codes are kept.
    pub fn set_checked(
        &mut self,
        rule: PathBuf,
        mut found: Vec<Problem>,
        keep: impl Fn(&str) -> bool,
    ) {
        let before = self.checked.get(&rule).into_iter().flatten();
        found.extend(before.filter(|p| keep(&p.diagnostic.code)).cloned());
        if self.checked.get(&rule) != Some(&found) || self.run_is_old {
            self.checked.insert(rule, found);
            self.merge();
        }
    }

    /// Forgets the checks of rules of which no document is open any more.
    pub fn retain_checked(&mut self, is_open: impl Fn(&Path) -> bool) {
        let before = self.checked.len();
        self.checked.retain(|rule, _| is_open(rule));
        if self.checked.len() != before {
            self.merge();
        }
    }

    /// Takes what the look at a rule found.
    pub fn set_rules(&mut self, found: impl IntoIterator<Item = (PathBuf, Vec<Problem>)>) {
        let before = self.rules.len();
        let mut any = false;
        for (rule, problems) in found {
            any = true;
            self.rules.insert(rule, problems);
        }
        if any || self.rules.len() != before {
            self.merge();
        }
    }

    /// Forgets a rule that is gone.
    pub fn forget_rule(&mut self, rule: &Path) {
        if self.rules.remove(rule).is_some() {
            self.merge();
        }
    }

    /// Forgets the rules: another workspace was opened.
    pub fn forget_rules(&mut self) {
        self.rules.clear();
        self.merge();
    }

    /// Takes what is wrong with the logs.
    pub fn set_logs(&mut self, found: Vec<Problem>) {
        self.logs = found;
        self.merge();
    }

    fn merge(&mut self) {
        let mut seen = HashSet::new();
        let mut shown: Vec<(u8, Problem)> = Vec::new();
        let mut add = |rank: u8, problem: &Problem| {
            let d = &problem.diagnostic;
            let key = (problem.path.clone(), d.span, d.message.clone());
            if seen.insert(key) {
                shown.push((rank, problem.clone()));
            }
        };
        // What the checks say has the fixes, and is from the newest text: it comes before the same from a run.
        for problem in self.checked.values().flatten() {
            add(0, problem);
        }
        let newer = self
            .ran
            .as_ref()
            .is_some_and(|rule| self.run_is_old && self.checked.contains_key(rule));
        if !newer {
            // The checks say of the same place what the target would say of it.
            let place = |p: &Problem| p.diagnostic.span.map(|span| (p.path.clone(), span));
            let checked = self.checked.values().flatten();
            let errors: HashSet<_> = checked
                .filter(|p| p.diagnostic.is_error())
                .filter_map(place)
                .collect();
            for problem in &self.run {
                if !place(problem).is_some_and(|at| errors.contains(&at)) {
                    add(0, problem);
                }
            }
        }
        for (rule, problems) in &self.rules {
            // The editor knows better.
            if self.checked.contains_key(rule) || self.ran.as_ref() == Some(rule) {
                continue;
            }
            for problem in problems.iter().take(MOST_OF_A_FILE) {
                add(0, problem);
            }
        }
        for problem in &self.logs {
            add(2, problem);
        }
        // What does not run comes first. Then by path, open or not: who goes from one to the next opens them on the
        // way, and comes round.
        let broken: HashSet<PathBuf> = shown
            .iter()
            .filter(|(rank, p)| *rank == 0 && p.diagnostic.is_error())
            .map(|(_, p)| p.path.clone())
            .collect();
        for (rank, problem) in &mut shown {
            *rank += u8::from(!broken.contains(&problem.path));
        }
        shown.sort_by(|(a_rank, a), (b_rank, b)| {
            (a_rank, &a.path, in_file(a)).cmp(&(b_rank, &b.path, in_file(b)))
        });
        self.shown = shown.into_iter().map(|(_, problem)| problem).collect();
        self.counts = [0; 3];
        for problem in &self.shown {
            use crate::diagnostic::Severity;
            let [errors, warnings, others] = &mut self.counts;
            *match problem.diagnostic.severity {
                Severity::Error => errors,
                Severity::Warning => warnings,
                _ => others,
            } += 1;
        }
    }
}

fn by_importance(p: &Problem) -> impl Ord + use<'_> {
    (p.diagnostic.severity, p.path.as_path(), p.at)
}

fn in_file(p: &Problem) -> impl Ord + use<'_> {
    (p.at, p.diagnostic.severity, p.diagnostic.code.as_str())
}

/// Gives diagnostics of one text their lines and columns.
pub fn placed(path: &Path, text: &str, found: Vec<Diagnostic>) -> Vec<Problem> {
    if found.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    found
        .into_iter()
        .map(|diagnostic| Problem {
            path: path.to_owned(),
            at: diagnostic.span.map(|s| lines.position(s.start)),
            diagnostic,
            target: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn problem(path: &str, at: usize, message: &str) -> Problem {
        let span = Span::new(at, at + 1);
        let text = "x\n".repeat(20);
        placed(
            Path::new(path),
            &text,
            vec![Diagnostic::error("c", span, message)],
        )
        .remove(0)
    }

    fn told(problems: &Problems) -> Vec<String> {
        let one = |p: &Problem| {
            let line = p.at.map_or(0, |at| at.line);
            format!("{}:{line} {}", p.path.display(), p.diagnostic.message)
        };
        problems.shown().iter().map(one).collect()
    }

    #[test]
    fn a_thing_that_two_found_is_told_once_and_files_stand_together() {
        let mut problems = Problems::default();
        problems.set_logs(vec![problem("a.log", 0, "cut")]);
        problems.set_rules([("r".into(), vec![problem("r", 2, "unopened")])]);
        // Of one place the check's words are taken, which are the target's own.
        let run = || {
            vec![
                problem("b", 4, "both, in words of the run"),
                problem("b", 0, "run only"),
            ]
        };
        problems.set_run(Path::new("b"), run());
        problems.set_checked(
            "b".into(),
            vec![problem("b", 4, "both"), problem("b", 8, "check")],
            |_| false,
        );
        assert_eq!(
            told(&problems),
            [
                "b:1 run only",
                "b:3 both",
                "b:5 check",
                "r:2 unopened",
                "a.log:1 cut"
            ]
        );
        assert_eq!(problems.counts(), [5, 0, 0]);
        // The text changes and is checked before it has run: what the run said of the old one is gone.
        problems.text_changed(Path::new("b"));
        problems.set_checked("b".into(), Vec::new(), |_| false);
        assert_eq!(told(&problems), ["r:2 unopened", "a.log:1 cut"]);
        problems.set_run(Path::new("b"), run());
        assert_eq!(problems.counts(), [4, 0, 0]);
    }

    #[test]
    fn what_was_found_goes_with_its_text() {
        let mut problems = Problems::default();
        problems.set_checked("r".into(), vec![problem("r", 4, "checked")], |_| false);
        problems.set_run(Path::new("r"), vec![problem("r", 8, "run")]);
        let text = format!("x\nnew\nx\nab{}", "x\n".repeat(18));
        let edits = [
            ("new\n", Span::new(2, 2)),
            // At the start of what was found: before it.
            ("ab", Span::new(4, 4)),
        ];
        let edits = edits.map(|(text, span)| Edit {
            span,
            text: text.to_owned(),
        });
        problems.follow(Path::new("other"), &edits, &text);
        assert_eq!(told(&problems), ["r:3 checked", "r:5 run"]);
        problems.follow(Path::new("r"), &edits, &text);
        assert_eq!(told(&problems), ["r:4 checked", "r:6 run"]);
        let spans = problems.shown().iter().map(|p| p.diagnostic.span);
        assert!(spans.eq([Some(Span::new(10, 11)), Some(Span::new(14, 15))]));
        // What is deleted round it leaves nothing of it.
        let gone = Edit {
            span: Span::new(9, 12),
            text: String::new(),
        };
        problems.follow(Path::new("r"), &[gone], &text[..9]);
        let spans = problems.shown().iter().map(|p| p.diagnostic.span);
        assert!(spans.eq([Some(Span::new(9, 9)), Some(Span::new(11, 12))]));
    }

    #[test]
    fn what_the_logs_said_stays_until_they_were_asked_again() {
        let mut problems = Problems::default();
        let mut of_logs = problem("r", 2, "matches none of the rows");
        of_logs.diagnostic.code = "data-never-true".into();
        let found = vec![problem("r", 0, "wrong"), of_logs];
        problems.set_checked("r".into(), found, |_| false);
        let of_logs = |code: &str| code.starts_with("data-");
        problems.set_checked("r".into(), vec![problem("r", 0, "other")], of_logs);
        assert_eq!(
            told(&problems),
            ["r:1 other", "r:2 matches none of the rows"]
        );
        problems.set_checked("r".into(), Vec::new(), |_| false);
        assert!(told(&problems).is_empty());
    }

    #[test]
    fn an_open_document_is_not_told_what_was_found_before_it_was_opened() {
        let mut problems = Problems::default();
        problems.set_rules([("r".into(), vec![problem("r", 2, "old")])]);
        problems.set_checked("r".into(), Vec::new(), |_| false);
        assert!(told(&problems).is_empty());
        problems.retain_checked(|_| false);
        assert_eq!(told(&problems), ["r:2 old"]);
    }
}
