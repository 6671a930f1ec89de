//! The lines of a text with their runs, kept up to date from edit to edit.

use super::embedded::LineState;
use super::{Kind, Language, Run};
use crate::workbench::editor::{common_end, common_start};
use egui::text::LayoutJob;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Larger texts stay plain.
const LARGEST_TEXT: usize = 4 << 20;
/// Lines that are lexed in one go before the clock is looked at.
const STRIDE: usize = 16;

/// One line, with its line end.
struct Line {
    len: usize,
    runs: Vec<Run>,
    start: Rc<LineState>,
    end: Rc<LineState>,
    /// Whether `runs` and `end` follow from `start`. Of two neighbours that are both valid,
    /// the first one's `end` is the second one's `start`.
    valid: bool,
}

/// Remembers how the lines of a text were lexed. One per open document.
#[derive(Default)]
pub struct HighlightCache {
    language: Language,
    text: String,
    lines: Vec<Line>,
    /// No line before this one is invalid.
    clean: usize,
    /// Grows whenever a run changes.
    generation: u64,
    pub(super) job: Option<(super::job::JobKey, LayoutJob)>,
    lexed: u64,
}

impl HighlightCache {
    /// Takes notice of the text as it is now and lexes what changed, for at most `budget`
    /// (no limit if none). Lines that are not reached stay plain until a later call.
    /// Gives whether all is done.
    pub fn update(&mut self, text: &str, language: Language, budget: Option<Duration>) -> bool {
        if language != self.language || self.lines.is_empty() {
            self.language = language;
            self.text.clear();
            self.lines.clear();
            self.clean = 0;
            self.lines.push(Line::unlexed(0, &start_state(language)));
            self.generation += 1;
        }
        if self.text != text {
            self.splice(text);
            self.generation += 1;
        }
        if self.text.len() > LARGEST_TEXT {
            return true;
        }
        self.lex(budget)
    }

    /// The runs of each line, in order. Every line's runs cover it with its line end.
    pub fn runs(&self) -> impl Iterator<Item = &[Run]> {
        self.lines.iter().map(|line| line.runs.as_slice())
    }

    /// The runs of one line (from 0); none beyond the last.
    pub fn line_runs(&self, line: usize) -> &[Run] {
        self.lines.get(line).map_or(&[], |line| &line.runs)
    }

    /// The text that was last given to `update`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Grows whenever the text or a run changes.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How many lines were lexed so far, for tests and measurements.
    pub fn lexed_lines(&self) -> u64 {
        self.lexed
    }

    /// What stands at a byte offset.
    pub fn kind_at(&self, offset: usize) -> Kind {
        let mut at = 0;
        for line in &self.lines {
            if offset < at + line.len {
                for run in &line.runs {
                    at += run.len;
                    if offset < at {
                        return run.kind;
                    }
                }
                return Kind::Text;
            }
            at += line.len;
        }
        Kind::Text
    }

    /// Replaces the lines that differ between the old text and the new.
    fn splice(&mut self, text: &str) {
        let (old, new) = (self.text.as_bytes(), text.as_bytes());
        let shorter = old.len().min(new.len());
        let prefix = common_start(old, new);
        let suffix = common_end(old, new).min(shorter - prefix);
        let newlines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
        // Of n line ends in the common start, n whole lines are the same; likewise at the end.
        let head = newlines(&new[..prefix]);
        let tail = newlines(&new[new.len() - suffix..]);

        let from: usize = self.lines.iter().take(head).map(|line| line.len).sum();
        let kept: usize = self
            .lines
            .iter()
            .rev()
            .take(tail)
            .map(|line| line.len)
            .sum();
        let changed = text.get(from..new.len() - kept).unwrap_or_default();
        let state = match head.checked_sub(1).and_then(|i| self.lines.get(i)) {
            Some(line) => line.end.clone(),
            None => start_state(self.language),
        };
        let mut fresh: Vec<Line> = changed
            .split_inclusive('\n')
            .map(|line| Line::unlexed(line.len(), &state))
            .collect();
        // The last line of a text may be empty.
        if tail == 0 && (changed.is_empty() || changed.ends_with('\n')) {
            fresh.push(Line::unlexed(0, &state));
        }
        let until = self.lines.len().saturating_sub(tail);
        self.lines.splice(head.min(until)..until, fresh);
        self.clean = self.clean.min(head);
        text.clone_into(&mut self.text);
    }

    /// Lexes invalid lines from the top until all are valid or the time is up.
    fn lex(&mut self, budget: Option<Duration>) -> bool {
        let started = Instant::now();
        let mut done = 0;
        let mut index = 0;
        let mut offset = 0;
        loop {
            // The next invalid line.
            while let Some(line) = self.lines.get(index)
                && (index < self.clean || line.valid)
            {
                offset += line.len;
                index += 1;
            }
            self.clean = self.clean.max(index);
            let Some(len) = self.lines.get(index).map(|line| line.len) else {
                return true;
            };
            if done % STRIDE == 0
                && done > 0
                && budget.is_some_and(|budget| started.elapsed() >= budget)
            {
                return false;
            }
            let start = match index.checked_sub(1).and_then(|i| self.lines.get(i)) {
                Some(line) => line.end.clone(),
                None => start_state(self.language),
            };
            let mut state = (*start).clone();
            let text = self.text.get(offset..offset + len).unwrap_or_default();
            let runs = state.line(text);
            // Most lines leave the state as it was: share it.
            let end = if state == *start {
                start.clone()
            } else {
                Rc::new(state)
            };
            if let Some(next) = self.lines.get_mut(index + 1)
                && next.valid
                && !same(&next.start, &end)
            {
                next.valid = false;
            }
            if let Some(line) = self.lines.get_mut(index) {
                *line = Line {
                    len,
                    runs,
                    start,
                    end,
                    valid: true,
                };
            }
            done += 1;
            self.lexed += 1;
            self.generation += 1;
        }
    }
}

impl Line {
    fn unlexed(len: usize, state: &Rc<LineState>) -> Self {
        Self {
            len,
            runs: match len {
                0 => Vec::new(),
                _ => vec![Run {
                    len,
                    kind: Kind::Text,
                }],
            },
            start: state.clone(),
            end: state.clone(),
            valid: false,
        }
    }
}

fn start_state(language: Language) -> Rc<LineState> {
    Rc::new(LineState::new(language))
}

fn same(a: &Rc<LineState>, b: &Rc<LineState>) -> bool {
    Rc::ptr_eq(a, b) || **a == **b
}
