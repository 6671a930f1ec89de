//! Folding: which lines have inner ones, and which of those are hidden.

use super::lines::{LineMap, indentation};
use super::splice::{Splice, moved};
use std::collections::BTreeSet;
use std::ops::Range;

/// The folds of a text.
#[derive(Debug, Default)]
pub(super) struct Folds {
    /// A line and the last of its inner ones, ascending by line.
    blocks: Vec<(usize, usize)>,
    /// Where folded lines begin, in bytes.
    folded: BTreeSet<usize>,
    /// Hidden lines, ascending.
    hidden: Vec<Range<usize>>,
}

impl Folds {
    /// The text was changed: folds go with their lines.
    pub fn shift(&mut self, splices: &[Splice]) {
        if !self.folded.is_empty() {
            self.folded = self.folded.iter().map(|at| moved(splices, *at)).collect();
        }
    }

    /// Looks at the text as it is now.
    pub fn update(&mut self, text: &str, lines: &LineMap) {
        self.blocks = blocks(text, lines);
        if self.folded.is_empty() {
            self.hidden.clear();
            return;
        }
        let blocks = &self.blocks;
        self.folded.retain(|at| {
            let line = lines.line_of_byte(*at);
            lines.start(line) == *at && inner(blocks, line).is_some()
        });
        self.hide(lines);
    }

    fn hide(&mut self, lines: &LineMap) {
        self.hidden.clear();
        for at in &self.folded {
            let line = lines.line_of_byte(*at);
            let Some(last) = inner(&self.blocks, line) else {
                continue;
            };
            match self.hidden.last_mut() {
                Some(range) if range.end > line => range.end = range.end.max(last + 1),
                _ => self.hidden.push(line + 1..last + 1),
            }
        }
    }

    pub fn hidden(&self) -> &[Range<usize>] {
        &self.hidden
    }

    /// The last inner line of a line that can be folded.
    pub fn block(&self, line: usize) -> Option<usize> {
        inner(&self.blocks, line)
    }

    /// The first and the last lines of the blocks that hold a line, the outermost first.
    pub fn around(&self, line: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let before = self.blocks.partition_point(|(first, _)| *first < line);
        let blocks = self.blocks.get(..before).unwrap_or_default().iter();
        blocks.filter(move |(_, last)| line <= *last).copied()
    }

    pub fn is_folded(&self, line: usize, lines: &LineMap) -> bool {
        self.folded.contains(&lines.start(line)) && self.block(line).is_some()
    }

    /// Folds or unfolds a line.
    pub fn set(&mut self, line: usize, fold: bool, lines: &LineMap) {
        if !fold {
            self.folded.remove(&lines.start(line));
        } else if self.block(line).is_some() {
            self.folded.insert(lines.start(line));
        }
        self.hide(lines);
    }

    /// Folds the smallest block round a line that is not folded yet; gives its first line.
    pub fn fold_at(&mut self, line: usize, lines: &LineMap) -> Option<usize> {
        let block = self
            .blocks
            .iter()
            .rev()
            .find(|(first, last)| {
                *first <= line && line <= *last && !self.folded.contains(&lines.start(*first))
            })
            .copied()?;
        self.set(block.0, true, lines);
        Some(block.0)
    }

    /// Shows what is hidden at a line: below it, or round it.
    pub fn unfold_at(&mut self, line: usize, lines: &LineMap) {
        self.set(line, false, lines);
        self.reveal(line, lines);
    }

    /// Makes a line visible. Gives whether it was not.
    pub fn reveal(&mut self, line: usize, lines: &LineMap) -> bool {
        if !self.hidden.iter().any(|range| range.contains(&line)) {
            return false;
        }
        let blocks = &self.blocks;
        self.folded.retain(|at| {
            let first = lines.line_of_byte(*at);
            !(first < line && inner(blocks, first).is_some_and(|last| line <= last))
        });
        self.hide(lines);
        true
    }

    pub fn fold_all(&mut self, lines: &LineMap) {
        self.folded = self
            .blocks
            .iter()
            .map(|(line, _)| lines.start(*line))
            .collect();
        self.hide(lines);
    }

    pub fn unfold_all(&mut self) {
        self.folded.clear();
        self.hidden.clear();
    }
}

fn inner(blocks: &[(usize, usize)], line: usize) -> Option<usize> {
    let index = blocks
        .binary_search_by_key(&line, |(first, _)| *first)
        .ok()?;
    blocks.get(index).map(|(_, last)| *last)
}

/// How deep a line stands. Items of a list and stages of a query stand deeper than the line they belong to,
/// also where they are not indented.
fn depth(line: &str) -> usize {
    let blanks = indentation(line);
    let code = line.get(blanks.len()..).unwrap_or_default();
    let columns = super::measure::column_of(blanks, blanks.len());
    let belongs = code.starts_with("- ") || code == "-" || code.starts_with('|');
    2 * columns + usize::from(belongs)
}

fn blocks(text: &str, lines: &LineMap) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut brackets: Vec<(usize, char)> = Vec::new();
    let mut last = 0;
    let mut close = |open: &mut Vec<(usize, usize)>, depth: usize, last: usize| {
        while let Some((line, _)) = open.pop_if(|(_, d)| *d >= depth) {
            if last > line {
                found.push((line, last));
            }
        }
    };
    let mut bracketed = Vec::new();
    for number in 0..lines.count() {
        let line = lines.text(text, number);
        let code = line.trim();
        // Remarks neither begin nor end a block.
        if code.is_empty() || code.starts_with("//") || code.starts_with('#') {
            continue;
        }
        let depth = depth(line);
        close(&mut open, depth, last);
        open.push((number, depth));
        if let Some(opener) = code.chars().next().and_then(super::edit::opener_of)
            && let Some((first, _)) = brackets.pop_if(|(_, sign)| *sign == opener)
            && number > first + 1
        {
            bracketed.push((first, number - 1));
        }
        if let Some(sign) = code.chars().next_back()
            && super::edit::closer_of(sign).is_some()
        {
            brackets.push((number, sign));
        }
        last = number;
    }
    close(&mut open, 0, last);
    found.sort_unstable();
    bracketed.retain(|(first, _)| inner(&found, *first).is_none());
    found.extend(bracketed);
    found.sort_unstable();
    found.dedup_by_key(|(first, _)| *first);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(usize, usize)> {
        blocks(text, &LineMap::new(text))
    }

    #[test]
    fn blocks_of_the_languages() {
        let yaml = "a:\n  b: 1\n\n  c:\n    d: 2\ntactics:\n- X\n- Y\n# end\ne: 1\n";
        assert_eq!(of(yaml), [(0, 4), (3, 4), (5, 7)]);
        let kql = "let x =\n    T\n    | where a\n    // no\n    | count;\nT\n| take 1\n| count\n";
        assert_eq!(of(kql), [(0, 4), (1, 4), (5, 7)]);
        let python = "def rule(event):\n    if a:\n        return True\n    return False\n\n\nX = [\n\"a\",\n\"b\",\n]\n";
        assert_eq!(of(python), [(0, 3), (1, 2), (6, 8)]);
        assert_eq!(of(""), []);
    }

    #[test]
    fn folding_hides_inner_lines() {
        let text = "a:\n  b:\n    c: 1\n  d: 2\ne: 3";
        let lines = LineMap::new(text);
        let mut folds = Folds::default();
        folds.update(text, &lines);
        assert_eq!(folds.fold_at(2, &lines), Some(1));
        assert_eq!(folds.hidden(), vec![2..3; 1]);
        assert_eq!(folds.fold_at(2, &lines), Some(0));
        assert_eq!(folds.hidden(), vec![1..4; 1]);
        // A line more at the top: the folds go with their lines.
        let splices = [Splice::insert(0, "x: 1\n")];
        let text = "x: 1\na:\n  b:\n    c: 1\n  d: 2\ne: 3";
        let lines = LineMap::new(text);
        folds.shift(&splices);
        folds.update(text, &lines);
        assert_eq!(folds.hidden(), vec![2..5; 1]);
        assert!(folds.reveal(4, &lines));
        assert_eq!(folds.hidden(), vec![3..4; 1], "the inner one stays");
        folds.fold_all(&lines);
        assert_eq!(folds.hidden(), vec![2..5; 1]);
        folds.unfold_all();
        assert!(folds.hidden().is_empty());
    }
}
