//! The difference of two texts, line by line, and merging what two people changed.

use diffy::{ConflictStyle, MergeOptions};

/// Equal lines round a difference that are shown.
const CONTEXT: usize = 3;

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both texts.
    Both(String),
    /// In the first only.
    Mine(String),
    /// In the second only.
    Theirs(String),
    /// So many equal lines are left out.
    Gap(usize),
}

/// The difference of two texts.
pub fn lines(mine: &str, theirs: &str) -> Vec<Line> {
    let all = usize::MAX / 4;
    let mut options = diffy::DiffOptions::new();
    options.set_context_len(all);
    let patch = options.create_patch(mine, theirs);
    let shown = |text: &str| text.trim_end_matches(['\n', '\r']).to_owned();
    let mut whole = Vec::new();
    for hunk in patch.hunks() {
        for line in hunk.lines() {
            whole.push(match line {
                diffy::Line::Context(text) => Line::Both(shown(text)),
                diffy::Line::Delete(text) => Line::Mine(shown(text)),
                diffy::Line::Insert(text) => Line::Theirs(shown(text)),
            });
        }
    }
    shortened(whole)
}

fn shortened(whole: Vec<Line>) -> Vec<Line> {
    let mut short = Vec::new();
    let differs: Vec<usize> = whole
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Both(_)))
        .map(|(n, _)| n)
        .collect();
    let near = |n: usize| {
        let next = differs.partition_point(|d| *d < n);
        let after = differs.get(next).is_some_and(|d| d - n <= CONTEXT);
        let before = next.checked_sub(1).and_then(|i| differs.get(i));
        after || before.is_some_and(|d| n - d <= CONTEXT)
    };
    let mut left_out = 0;
    for (n, line) in whole.into_iter().enumerate() {
        if near(n) {
            if left_out > 0 {
                short.push(Line::Gap(std::mem::take(&mut left_out)));
            }
            short.push(line);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        short.push(Line::Gap(left_out));
    }
    short
}

/// What two people made of one text; none where they changed the same places.
pub fn merged(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let mut options = MergeOptions::new();
    options.set_conflict_style(ConflictStyle::Merge);
    options.merge(base, mine, theirs).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_the_lines_round_it() {
        let mine: String = (1..=12).map(|n| format!("{n}\n")).collect();
        let theirs = mine.replace("6\n", "six\n");
        let both = |n: usize| Line::Both(n.to_string());
        let expected = [
            Line::Gap(2),
            both(3),
            both(4),
            both(5),
            Line::Mine("6".into()),
            Line::Theirs("six".into()),
            both(7),
            both(8),
            both(9),
            Line::Gap(3),
        ];
        assert_eq!(lines(&mine, &theirs), expected);
        assert_eq!(lines("a\n", "a\n"), []);
    }

    #[test]
    fn changes_at_different_places_merge_and_at_the_same_place_do_not() {
        let base = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n";
        let mine = base.replace("a: 1", "a: 9");
        let theirs = base.replace("e: 5", "e: 8");
        let both = merged(base, &mine, &theirs);
        assert_eq!(both.as_deref(), Some("a: 9\nb: 2\nc: 3\nd: 4\ne: 8\n"));
        let other = base.replace("a: 1", "a: 7");
        assert_eq!(merged(base, &mine, &other), None);
        // Both the same: no conflict.
        assert_eq!(merged(base, &mine, &mine).as_deref(), Some(mine.as_str()));
    }
}
