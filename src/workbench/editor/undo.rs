//! Undo and redo: what changed, not copies of the text.

use super::cursors::Cursors;
use super::splice::{Splice, apply};
use std::ops::Range;

/// Steps that are kept.
const MOST_STEPS: usize = 2_000;
/// Bytes of text that are kept; the oldest steps go first.
const MOST_BYTES: usize = 32 << 20;
/// Typing that pauses longer than this (in seconds) begins a new step.
const PAUSE: f64 = 1.5;

/// One piece of a change.
#[derive(Clone, Debug)]
struct Part {
    /// In the text before the change.
    at: usize,
    removed: String,
    inserted: String,
}

/// One change of the text, at one or more places.
#[derive(Clone, Debug)]
struct Step {
    parts: Vec<Part>,
    before: Cursors,
    after: Cursors,
    time: f64,
    /// Whether what is typed next may join this step.
    open: bool,
}

impl Step {
    fn bytes(&self) -> usize {
        self.parts
            .iter()
            .map(|p| p.removed.len() + p.inserted.len() + size_of::<Part>())
            .sum()
    }

    /// Where the parts' inserted texts begin in the text after the change.
    fn places(&self) -> Vec<usize> {
        let (mut added, mut removed) = (0, 0);
        self.parts
            .iter()
            .map(|part| {
                let at = (part.at + added).saturating_sub(removed);
                added += part.inserted.len();
                removed += part.removed.len();
                at
            })
            .collect()
    }

    fn forward(&self) -> Vec<Splice> {
        self.parts
            .iter()
            .map(|part| Splice {
                range: part.at..part.at + part.removed.len(),
                with: part.inserted.clone(),
            })
            .collect()
    }

    fn backward(&self) -> Vec<Splice> {
        self.parts
            .iter()
            .zip(self.places())
            .map(|(part, at)| Splice {
                range: at..at + part.inserted.len(),
                with: part.removed.clone(),
            })
            .collect()
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
    /// Remembers splices of a text as it was before them. `typed` changes join the step before while a person
    /// goes on typing (or deleting) a word; others are steps of their own.
    pub fn record(
        &mut self,
        old: &str,
        splices: &[Splice],
        before: &Cursors,
        after: &Cursors,
        time: f64,
        typed: bool,
    ) {
        let part = |splice: &Splice| Part {
            at: splice.range.start,
            removed: old.get(splice.range.clone()).unwrap_or_default().to_owned(),
            inserted: splice.with.clone(),
        };
        let step = Step {
            parts: splices.iter().map(part).collect(),
            before: before.clone(),
            after: after.clone(),
            time,
            open: typed,
        };
        if step.parts.is_empty() {
            return;
        }
        self.future.clear();
        self.bytes += step.bytes();
        match self.past.last_mut() {
            Some(last) if joins(last, &step) => join(last, step),
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

    /// Takes the last step back. Gives what it did to the text, and the cursors from before it.
    pub fn undo(&mut self, text: &mut String) -> Option<(Vec<Splice>, Cursors)> {
        let mut step = self.past.pop()?;
        let splices = step.backward();
        if !fits(text, &splices, |i| {
            step.parts.get(i).map(|p| p.inserted.as_str())
        }) {
            // Somebody changed the text without telling: the history no longer fits.
            self.forget();
            return None;
        }
        apply(text, &splices);
        step.open = false;
        let cursors = step.before.clone();
        self.future.push(step);
        self.close();
        Some((splices, cursors))
    }

    /// Does the step again that was last taken back. Gives what it did, and the cursors from after it.
    pub fn redo(&mut self, text: &mut String) -> Option<(Vec<Splice>, Cursors)> {
        let step = self.future.pop()?;
        let splices = step.forward();
        if !fits(text, &splices, |i| {
            step.parts.get(i).map(|p| p.removed.as_str())
        }) {
            self.forget();
            return None;
        }
        apply(text, &splices);
        let cursors = step.after.clone();
        self.past.push(step);
        Some((splices, cursors))
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

fn fits<'a>(text: &str, splices: &[Splice], there: impl Fn(usize) -> Option<&'a str>) -> bool {
    splices
        .iter()
        .enumerate()
        .all(|(i, splice)| text.get(splice.range.clone()) == there(i))
}

/// Whether a step goes on where the one before stopped, at each of its places.
fn joins(last: &Step, next: &Step) -> bool {
    if !(last.open && next.open)
        || next.time - last.time > PAUSE
        || last.parts.len() != next.parts.len()
    {
        return false;
    }
    let places = last.places();
    let pairs = || last.parts.iter().zip(&places).zip(&next.parts);
    let blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let types = pairs().all(|((last, at), next)| {
        // A new word is a new step.
        let word_starts =
            blank(last.inserted.chars().last()) && !blank(next.inserted.chars().next());
        next.removed.is_empty()
            && !last.inserted.is_empty()
            && at + last.inserted.len() == next.at
            && next.inserted.chars().count() == 1
            && !word_starts
    });
    let deletes = pairs().all(|((last, at), next)| {
        let range: Range<usize> = next.at..next.at + next.removed.len();
        next.inserted.is_empty()
            && last.inserted.is_empty()
            && (range.end == *at || range.start == *at)
            && next.removed.chars().count() == 1
    });
    types || deletes
}

fn join(last: &mut Step, next: Step) {
    // How many bytes the parts before this one took away additionally, in front of their places.
    let places = last.places();
    for ((part, at), next) in last.parts.iter_mut().zip(places).zip(next.parts) {
        if next.removed.is_empty() {
            part.inserted.push_str(&next.inserted);
        } else if next.at + next.removed.len() == at {
            part.removed.insert_str(0, &next.removed);
            part.at -= next.removed.len().min(part.at);
        } else {
            part.removed.push_str(&next.removed);
        }
    }
    last.after = next.after;
    last.time = next.time;
}

#[cfg(test)]
mod tests {
    use super::super::cursors::Selection;
    use super::*;

    fn at(offset: usize) -> Cursors {
        Cursors::one(Selection::cursor(offset))
    }

    /// Types a text sign by sign into the history.
    fn typed(history: &mut History, text: &mut String, signs: &str) {
        for sign in signs.chars() {
            let splices = [Splice::insert(text.len(), sign)];
            let old = text.clone();
            apply(text, &splices);
            let (before, after) = (at(old.len()), at(text.len()));
            history.record(&old, &splices, &before, &after, 0.0, true);
        }
    }

    #[test]
    fn words_are_steps() {
        let (mut history, mut text) = (History::default(), String::new());
        typed(&mut history, &mut text, "ab cd é");
        let mut seen = Vec::new();
        while let Some((_, cursors)) = history.undo(&mut text) {
            assert_eq!(cursors.main().head, text.len());
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
    fn several_places_are_one_step() {
        let (mut history, mut text) = (History::default(), "x\ny\n".to_owned());
        let step = |history: &mut History, text: &mut String, splices: &[Splice]| {
            let old = text.clone();
            apply(text, splices);
            history.record(&old, splices, &at(0), &at(0), 0.0, true);
        };
        // Two cursors, at the ends of both lines, type `a` and `b`.
        let two =
            |a: usize, b: usize, sign: &str| [Splice::insert(a, sign), Splice::insert(b, sign)];
        step(&mut history, &mut text, &two(1, 3, "a"));
        step(&mut history, &mut text, &two(2, 5, "b"));
        assert_eq!(text, "xab\nyab\n");
        // Backspace is a step of its own, two of them are one.
        let two = |a: usize, b: usize| [Splice::delete(a..a + 1), Splice::delete(b..b + 1)];
        step(&mut history, &mut text, &two(2, 6));
        step(&mut history, &mut text, &two(1, 4));
        assert_eq!(text, "x\ny\n");
        history.undo(&mut text);
        assert_eq!(text, "xab\nyab\n");
        history.undo(&mut text);
        assert_eq!(text, "x\ny\n");
        history.redo(&mut text);
        history.redo(&mut text);
        assert_eq!(text, "x\ny\n");
        assert!(!history.can_redo());
    }

    #[test]
    fn a_text_that_does_not_fit_is_left_alone() {
        let (mut history, mut text) = (History::default(), String::new());
        typed(&mut history, &mut text, "abc");
        text = "x".to_owned();
        assert!(history.undo(&mut text).is_none());
        assert_eq!(text, "x");
        assert!(!history.can_undo());
    }
}
