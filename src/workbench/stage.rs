//! The rows after one stage of the query: which stage a person means, asking for its rows, keeping them fresh.

use super::app::Workbench;
use super::layout::Pane;
use crate::detect::{self, Rule, Run};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql;
use crate::logs::Dataset;
use crate::task::CancelToken;
use crate::value::Table;
use std::sync::Arc;

/// Asks for the rows after a stage.
pub struct Question {
    rule: Arc<Rule>,
    data: Arc<Dataset>,
    now: i64,
    span: Span,
}

/// The rows after a stage.
pub struct Answer {
    span: Span,
    rows: Result<Table, Vec<Diagnostic>>,
}

/// The work of the thread.
pub fn work(question: Question, cancel: &CancelToken) -> Answer {
    let Question {
        rule,
        data,
        now,
        span,
    } = question;
    Answer {
        span,
        rows: detect::stage_rows(&rule, &data, now, span, cancel),
    }
}

/// The stage whose rows are shown.
pub struct Shown {
    /// Its place in the rule's text, as of the last run.
    pub span: Span,
    /// Its line, from 1.
    pub line: usize,
    /// Its text on one line.
    pub text: String,
    /// How often it stands in the run; the rows are those of the first call.
    pub calls: usize,
    /// Its rows, or why there are none; nothing yet while the first answer is awaited.
    pub rows: Option<Result<Arc<Table>, String>>,
    /// Which of how many stages it is, in the order of the text.
    index: usize,
    of: usize,
}

impl Shown {
    /// What it is called where tables are chosen.
    pub fn name(&self) -> String {
        format!("Rows after line {}", self.line)
    }
}

/// The stages in the order of the text, each with its line.
pub fn by_line<'a>(run: &'a Run, text: &str) -> Vec<(usize, &'a kql::Stage)> {
    let mut stages: Vec<_> = run.stages.iter().collect();
    stages.sort_by_key(|s| s.span.start);
    let (mut at, mut line) = (0, 1);
    stages
        .into_iter()
        .map(|stage| {
            // Forwards only: the stages come in order.
            let offset = stage.span.start.min(text.len());
            if let Some(between) = text.as_bytes().get(at..offset) {
                line += memchr::memchr_iter(b'\n', between).count();
                at = offset;
            }
            (line, stage)
        })
        .collect()
}

/// The stage that a cursor means: the innermost that holds it, else the last one of its line, else the one above.
fn at_offset(stages: &[(usize, &kql::Stage)], text: &str, offset: usize) -> Option<usize> {
    let holds = |s: &kql::Stage| (s.span.start..=s.span.end).contains(&offset);
    let inner = stages.iter().enumerate().filter(|(_, (_, s))| holds(s));
    if let Some((index, _)) = inner.min_by_key(|(_, (_, s))| s.span.end - s.span.start) {
        return Some(index);
    }
    let before = text.as_bytes().get(..offset)?;
    let line = 1 + memchr::memchr_iter(b'\n', before).count();
    stages.iter().rposition(|(l, _)| *l <= line)
}

/// A stage's text on one line, with its pipe.
fn words(text: &str, span: Span) -> String {
    let own = text.get(span.start..span.end).unwrap_or_default();
    let own = own.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = text.get(..span.start).unwrap_or_default().trim_end();
    match before.ends_with('|') && !own.starts_with('|') {
        true => format!("| {own}"),
        false => own,
    }
}

impl Workbench {
    /// Shows the rows of the last stage of a line (from 1) of the rule in the editor.
    pub(super) fn show_stage_of_line(&mut self, line: usize) {
        self.show_stage(|stages, _| stages.iter().rposition(|(l, _)| *l == line));
    }

    /// Shows the rows of the stage at the cursor.
    pub(super) fn show_stage_at_cursor(&mut self) {
        let Some(offset) = self.groups.view().map(|v| v.offset) else {
            return;
        };
        self.show_stage(move |stages, text| at_offset(stages, text, offset));
    }

    fn show_stage(&mut self, find: impl Fn(&[(usize, &kql::Stage)], &str) -> Option<usize>) {
        let Some(doc) = self.active_doc() else {
            return;
        };
        let found = self
            .result
            .as_ref()
            .and_then(|r| Some((r, r.rule.as_ref().ok()?)))
            .filter(|(_, rule)| rule.path == doc.path);
        let Some((result, rule)) = found.filter(|(r, _)| !r.run.stages.is_empty()) else {
            self.notices
                .info("Put the cursor into the query of a Sentinel rule that has run");
            return;
        };
        if rule.text != doc.text {
            self.notices.info(
                "The query has changed: its stages are known when it has run without an error",
            );
            return;
        }
        let stages = by_line(&result.run, &rule.text);
        let Some((index, (line, stage))) =
            find(&stages, &rule.text).and_then(|index| Some((index, stages.get(index)?)))
        else {
            self.notices.info("There is no stage at the cursor");
            return;
        };
        let shown = Shown {
            span: stage.span,
            line: *line,
            text: words(&rule.text, stage.span),
            calls: stage.calls,
            rows: None,
            index,
            of: stages.len(),
        };
        self.tables.stage = Some(shown);
        self.selection.stage_row = None;
        self.settings.reveal = Some(Pane::Data);
        self.ask_stage_rows();
    }

    fn ask_stage_rows(&mut self) {
        let (Some(shown), Some(result)) = (&self.tables.stage, &self.result) else {
            return;
        };
        let Ok(rule) = &result.rule else {
            return;
        };
        self.stager.ask(Question {
            rule: rule.clone(),
            data: result.data.clone(),
            now: result.run.now,
            span: shown.span,
        });
    }

    /// The rule has run again: the shown stage is found in the new text, or the loaded tables come back.
    pub(super) fn refresh_stage(&mut self) {
        let (Some(shown), Some(result)) = (&mut self.tables.stage, &self.result) else {
            return;
        };
        let text = result.rule.as_ref().map_or("", |r| r.text.as_str());
        let stages = by_line(&result.run, text);
        let same = stages.iter().enumerate();
        let index = same
            .filter(|(_, (_, s))| words(text, s.span) == shown.text)
            .map(|(index, _)| index)
            .min_by_key(|index| index.abs_diff(shown.index))
            // Its own text was changed: it is still the same step of the query.
            .or((stages.len() == shown.of).then_some(shown.index));
        match index.and_then(|index| Some((index, stages.get(index)?))) {
            Some((index, (line, stage))) => {
                shown.span = stage.span;
                shown.line = *line;
                shown.text = words(text, stage.span);
                shown.calls = stage.calls;
                shown.index = index;
                shown.of = stages.len();
                self.ask_stage_rows();
            }
            None => {
                self.notices
                    .info("The stage whose rows were shown is gone from the query");
                self.leave_stage();
            }
        }
    }

    /// Takes the rows of the stage.
    pub(super) fn take_stage_rows(&mut self, answer: Answer) {
        let Some(shown) = &mut self.tables.stage else {
            return;
        };
        if shown.span != answer.span {
            return;
        }
        shown.rows = Some(answer.rows.map(Arc::new).map_err(|found| {
            let first = found.into_iter().find(Diagnostic::is_error);
            first.map_or_else(|| "The query did not run".to_owned(), |d| d.message)
        }));
        self.selection.stage_row = None;
    }

    /// The data panel shows the loaded tables again.
    pub(super) fn leave_stage(&mut self) {
        self.tables.stage = None;
        self.selection.stage_row = None;
        self.stager.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(start: usize, end: usize) -> kql::Stage {
        kql::Stage {
            span: Span::new(start, end),
            rows: 0,
            columns: 0,
            calls: 1,
        }
    }

    #[test]
    fn the_cursor_means_the_innermost_stage_then_the_one_above() {
        let text = "T\n| join (U\n  | take 1) on A\n\n| count";
        let at = |what: &str| text.find(what).unwrap();
        let join = stage(at("join"), at("\n\n"));
        let run = Run {
            stages: vec![
                stage(at("count"), text.len()),
                stage(0, 1),
                join,
                stage(at("U"), at("U") + 1),
                stage(at("take"), at(")")),
            ],
            ..Run::default()
        };
        let stages = by_line(&run, text);
        let lines: Vec<usize> = stages.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 2, 3, 5]);
        let found = |what: &str| at_offset(&stages, text, at(what));
        assert_eq!(found("take 1"), Some(4 - 1));
        assert_eq!(found("join"), Some(1));
        assert_eq!(found("on A"), Some(1));
        assert_eq!(
            found("\n| count"),
            Some(3),
            "the empty line: the stage above"
        );
        assert_eq!(words(text, stages[1].1.span), "| join (U | take 1) on A");
        assert_eq!(words(text, stages[0].1.span), "T");
    }
}
