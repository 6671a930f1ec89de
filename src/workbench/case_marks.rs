//! The last results of a rule's cases, beside the lines where the cases stand.

use super::app::Workbench;
use super::doc::Doc;
use super::editor::{TestMark, Verdict, common_end, common_start};
use super::layout::Pane;
use super::panels::tests::is_load_failure;
use crate::detect::CaseResult;
use std::path::Path;

/// At most so many signs in a file.
const MOST: usize = 5_000;

impl Workbench {
    /// The signs of the cases that stand in an open document.
    pub(super) fn case_marks(&self, path: &Path) -> Vec<TestMark> {
        let Some((answer, doc)) = self.tests.as_ref().zip(self.doc(path)) else {
            return Vec::new();
        };
        if is_load_failure(&answer.results) {
            return Vec::new();
        }
        let Some(tested) = answer.text_of(path) else {
            return Vec::new();
        };
        let rule = &answer.rule;
        // The rule is the document and what stands beside it: either may have changed.
        let differs = |doc: Option<&Doc>, text: Option<&str>| {
            doc.zip(text).is_some_and(|(doc, text)| doc.text != text)
        };
        let beside = rule.companion.as_deref().and_then(|path| self.doc(path));
        let old = differs(self.doc(&rule.path), Some(&rule.text))
            || differs(beside, rule.companion_text.as_deref());
        let of_file = answer.results.iter().filter(|r| r.path == path);
        marks(of_file.take(MOST), tested, &doc.text, old)
    }

    /// Shows the result of the case at a line of a file.
    pub(super) fn show_case(&mut self, path: &Path, line: usize) {
        let Some(answer) = &self.tests else {
            return;
        };
        let Some(tested) = answer.text_of(path) else {
            return;
        };
        let Some(now) = self.doc(path).map(|d| d.text.as_str()) else {
            return;
        };
        let moved = Moved::new(tested, now);
        let here = |r: &&CaseResult| r.path == path && moved.line(r.line) == Some(line);
        let mut found = answer.results.iter().enumerate();
        let worst = found
            .clone()
            .find(|(_, r)| here(r) && !r.passed && !r.skipped);
        if let Some((index, _)) = worst.or_else(|| found.find(|(_, r)| here(r))) {
            self.wanted_case = Some(index);
            self.settings.reveal = Some(Pane::Tests);
        }
    }
}

/// One mark a line, the worst of its cases with the words of all.
fn marks<'a>(
    results: impl Iterator<Item = &'a CaseResult>,
    tested: &str,
    now: &str,
    old: bool,
) -> Vec<TestMark> {
    let moved = Moved::new(tested, now);
    let mut found: Vec<TestMark> = results
        .filter_map(|result| {
            let line = moved.line(result.line)?;
            let verdict = match (result.passed, result.skipped) {
                (true, _) => Verdict::Passed,
                (_, true) => Verdict::Skipped,
                _ => Verdict::Failed,
            };
            Some(TestMark {
                line,
                verdict,
                old,
                words: words(result, verdict, old),
            })
        })
        .collect();
    found.sort_by_key(|mark| mark.line);
    found.dedup_by(|next, kept| {
        let same = next.line == kept.line;
        if same {
            kept.verdict = kept.verdict.max(next.verdict);
            kept.words = format!("{}\n{}", kept.words, next.words);
        }
        same
    });
    found
}

fn words(result: &CaseResult, verdict: Verdict, old: bool) -> String {
    let verdict = match verdict {
        Verdict::Passed => "passed",
        Verdict::Skipped => "skipped",
        Verdict::Failed => "failed",
    };
    let short = |text: &str| -> String { text.chars().take(300).collect() };
    let before = if old { ", before the last changes" } else { "" };
    let mut words = format!("Test {verdict}{before}: {}", short(&result.case));
    if !result.message.is_empty() {
        words.push('\n');
        words.push_str(&short(&result.message));
    }
    words
}

/// Where the lines of a text are in a later one.
enum Moved {
    /// Where they were.
    Same,
    /// Lines before a change and behind it.
    Around {
        /// So many are before it.
        before: usize,
        /// Those from this one on are behind it.
        behind: usize,
        /// How many lines there were, and are.
        count: (usize, usize),
    },
}

impl Moved {
    fn new(then: &str, now: &str) -> Self {
        if then == now {
            return Moved::Same;
        }
        let (a, b) = (then.as_bytes(), now.as_bytes());
        let breaks = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
        let head = common_start(a, b);
        let (start, a_rest) = a.split_at_checked(head).unwrap_or((a, &[]));
        let b_rest = b.get(head..).unwrap_or_default();
        let tail = common_end(a_rest, b_rest);
        let (end_of, begins) = (
            |text: &[u8]| text.len() - tail,
            |text: &[u8], at: usize| at == 0 || text.get(at - 1) == Some(&b'\n'),
        );
        let end = a.get(end_of(a)..).unwrap_or_default();
        // The first line of the common end is a whole one where both texts begin a line there.
        let whole = begins(a, end_of(a)) && begins(b, end_of(b));
        let count = (breaks(a) + 1, breaks(b) + 1);
        Moved::Around {
            before: breaks(start),
            behind: (count.0 + 1).saturating_sub(breaks(end) + usize::from(whole)),
            count,
        }
    }

    /// The line (from 1) that a line became; none where it was changed.
    fn line(&self, line: usize) -> Option<usize> {
        match self {
            Moved::Same => Some(line),
            Moved::Around { before, .. } if line <= *before => Some(line),
            Moved::Around { behind, count, .. } if line >= *behind => {
                (line + count.1).checked_sub(count.0)
            }
            Moved::Around { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_moves_with_what_is_written_above_it() {
        let then = "a\nb\nc\nd\n";
        for (now, line, wanted) in [
            ("a\nb\nc\nd\n", 3, Some(3)),
            // Below a new line, above a change, in it.
            ("a\nnew\nb\nc\nd\n", 3, Some(4)),
            ("a\nnew\nb\nc\nd\n", 1, Some(1)),
            ("a\nb\nC\nd\n", 3, None),
            ("a\nb\nC\nd\n", 4, Some(4)),
            ("a\nd\n", 4, Some(2)),
            ("a\nd\n", 3, None),
            ("", 2, None),
        ] {
            assert_eq!(Moved::new(then, now).line(line), wanted, "{now:?} {line}");
        }
    }
}
