//! Undo and redo: what changed, not copies of the text.

use super::edit::Selection;
use std::ops::Range;

/// Steps that are kept.
const MOST_STEPS: usize = 2_000;
/// Bytes of text that are kept; the oldest steps go first.
const MOST_BYTES: usize = 32 << 20;
/// Typing that pauses longer than this (in seconds) begins a new step.
const PAUSE: f64 = 1.5;

/// One change of the text.
#[derive(Clone, Debug)]
struct Step {
    at: usize,
    removed: String,
    inserted: String,
    before: Selection,
    after: Selection,
    time: f64,
    /// Whether what is typed next may join this step.
    open: bool,
}

impl Step {
    fn bytes(&self) -> usize {
        self.removed.len() + self.inserted.len()
    }
}

/// The history of one text.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    past: Vec<Step>,
    future: Vec<Step>,
    bytes: usize,
}

impl History {
    /// Remembers how `old` became `new`. `typed` changes join the step before while a person goes on typing
    /// (or deleting) a word; others are steps of their own.
    pub fn record(
        &mut self,
        old: &str,
        new: &str,
        before: Selection,
        after: Selection,
        time: f64,
        typed: bool,
    ) {
        let Some((range, inserted)) = difference(old, new) else {
            return;
        };
        let step = Step {
            at: range.start,
            removed: old.get(range).unwrap_or_default().to_owned(),
            inserted: inserted.to_owned(),
            before,
            after,
            time,
            open: typed,
        };
        self.future.clear();
        self.bytes += step.bytes();
        match self.past.last_mut() {
            Some(last) if joins(last, &step) => {
                if step.removed.is_empty() {
                    last.inserted.push_str(&step.inserted);
                } else if step.at + step.removed.len() == last.at {
                    last.removed.insert_str(0, &step.removed);
                    last.at = step.at;
                } else {
                    last.removed.push_str(&step.removed);
                }
                last.after = step.after;
                last.time = step.time;
            }
            _ => self.past.push(step),
        }
        while self.past.len() > MOST_STEPS || (self.bytes > MOST_BYTES && self.past.len() > 1) {
            self.bytes -= self.past.remove(0).bytes().min(self.bytes);
        }
    }

    /// Ends the step that is being typed: what comes next is another.
    pub fn close(&mut self) {
        if let Some(last) = self.past.last_mut() {
            last.open = false;
        }
    }

    /// Takes the last step back. Gives the selection from before it.
    pub fn undo(&mut self, text: &mut String) -> Option<Selection> {
        let mut step = self.past.pop()?;
        let range = step.at..step.at + step.inserted.len();
        if text.get(range.clone()) != Some(&step.inserted) {
            // Somebody changed the text without telling: the history no longer fits.
            self.forget();
            return None;
        }
        text.replace_range(range, &step.removed);
        step.open = false;
        let selection = step.before;
        self.future.push(step);
        self.close();
        Some(selection)
    }

    /// Does the step again that was last taken back. Gives the selection from after it.
    pub fn redo(&mut self, text: &mut String) -> Option<Selection> {
        let step = self.future.pop()?;
        let range = step.at..step.at + step.removed.len();
        if text.get(range.clone()) != Some(&step.removed) {
            self.forget();
            return None;
        }
        text.replace_range(range, &step.inserted);
        let selection = step.after;
        self.past.push(step);
        Some(selection)
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step to do again.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Forgets everything.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Whether a step goes on where the one before stopped.
fn joins(last: &Step, next: &Step) -> bool {
    if !(last.open && next.open) || next.time - last.time > PAUSE {
        return false;
    }
    let typing = next.removed.is_empty() && last.at + last.inserted.len() == next.at;
    if typing && !last.inserted.is_empty() {
        // A new word is a new step.
        let blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
        let word_starts =
            blank(last.inserted.chars().last()) && !blank(next.inserted.chars().next());
        return next.inserted.chars().count() == 1 && !word_starts;
    }
    let deleting = next.inserted.is_empty()
        && last.inserted.is_empty()
        && (next.at + next.removed.len() == last.at || next.at == last.at);
    deleting && next.removed.chars().count() == 1
}

/// The one edit that makes the new text of the old; none if they are equal.
pub(super) fn edit(old: &str, new: &str) -> Option<crate::diagnostic::Edit> {
    let (range, text) = difference(old, new)?;
    Some(crate::diagnostic::Edit {
        span: crate::diagnostic::Span::new(range.start, range.end),
        text: text.to_owned(),
    })
}

/// The range of `old` that differs, and what stands there in `new`. None if they are equal.
fn difference<'a>(old: &str, new: &'a str) -> Option<(Range<usize>, &'a str)> {
    if old == new {
        return None;
    }
    let shorter = old.len().min(new.len());
    let mut prefix = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    while !(old.is_char_boundary(prefix) && new.is_char_boundary(prefix)) {
        prefix -= 1;
    }
    let mut suffix = old
        .bytes()
        .rev()
        .zip(new.bytes().rev())
        .take_while(|(a, b)| a == b)
        .count()
        .min(shorter - prefix);
    while !(old.is_char_boundary(old.len() - suffix) && new.is_char_boundary(new.len() - suffix)) {
        suffix -= 1;
    }
    Some((
        prefix..old.len() - suffix,
        new.get(prefix..new.len() - suffix).unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types a text sign by sign into the history, from an empty text.
    fn typed(history: &mut History, text: &mut String, signs: &str) {
        for sign in signs.chars() {
            let old = text.clone();
            text.push(sign);
            history.record(
                &old,
                text,
                Selection::cursor(old.len()),
                Selection::cursor(text.len()),
                0.0,
                true,
            );
        }
    }

    #[test]
    fn words_are_steps() {
        let (mut history, mut text) = (History::default(), String::new());
        typed(&mut history, &mut text, "ab cd é");
        let mut seen = Vec::new();
        while let Some(selection) = history.undo(&mut text) {
            assert_eq!(selection.head, text.len());
            seen.push(text.clone());
        }
        assert_eq!(seen, ["ab cd ", "ab ", ""]);
        while history.redo(&mut text).is_some() {}
        assert_eq!(text, "ab cd é");
        assert!(!history.can_redo());
    }

    #[test]
    fn a_new_change_ends_redoing() {
        let (mut history, mut text) = (History::default(), String::new());
        typed(&mut history, &mut text, "a b");
        history.undo(&mut text);
        typed(&mut history, &mut text, "c");
        assert!(!history.can_redo());
        assert_eq!(text, "a c");
        history.undo(&mut text);
        assert_eq!(text, "a ");
    }

    #[test]
    fn a_text_that_does_not_fit_is_left_alone() {
        let (mut history, mut text) = (History::default(), String::new());
        typed(&mut history, &mut text, "abc");
        text = "x".to_owned();
        assert_eq!(history.undo(&mut text), None);
        assert_eq!(text, "x");
        assert!(!history.can_undo());
    }

    #[test]
    fn differences_keep_to_characters() {
        // é and è share their first byte.
        assert_eq!(difference("aéb", "aèb"), Some((1..3, "è")));
        assert_eq!(difference("aa", "aaa"), Some((2..2, "a")));
        assert_eq!(difference("a", "a"), None);
    }
}
