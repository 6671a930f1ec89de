//! Finding: the matches of a query in the text, kept until one of the two changes.

use regex::{Regex, RegexBuilder};
use std::ops::Range;

/// More matches are not collected; nobody steps through them.
const MOST_MATCHES: usize = 10_000;

/// What the find bar looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub pattern: String,
    pub regex: bool,
    pub case_sensitive: bool,
}

/// The matches of a query in a text.
#[derive(Debug, Default)]
pub(super) struct Matches {
    query: Query,
    version: Option<u64>,
    /// Bytes, ascending, without empty ones.
    pub ranges: Vec<Range<usize>>,
    /// Why there can be none: the expression is wrong.
    pub error: Option<String>,
}

impl Matches {
    /// Brings the matches up to date. `version` changes with the text.
    pub fn update(&mut self, query: &Query, text: &str, version: u64) {
        if self.version == Some(version) && self.query == *query {
            return;
        }
        self.version = Some(version);
        self.query = query.clone();
        self.ranges.clear();
        self.error = None;
        if query.pattern.is_empty() {
            return;
        }
        match compile(query) {
            Ok(regex) => self.ranges.extend(
                regex
                    .find_iter(text)
                    .map(|m| m.range())
                    .filter(|range| !range.is_empty())
                    .take(MOST_MATCHES),
            ),
            Err(message) => self.error = Some(message),
        }
    }

    /// Whether there may be more than were collected.
    pub fn cut(&self) -> bool {
        self.ranges.len() == MOST_MATCHES
    }

    /// The first match at or after an offset, else the first of all.
    pub fn at_or_after(&self, offset: usize) -> Option<usize> {
        if self.ranges.is_empty() {
            return None;
        }
        let index = self.ranges.partition_point(|r| r.start < offset);
        Some(index % self.ranges.len())
    }

    /// The last match that ends at or before an offset, else the last of all.
    pub fn before(&self, offset: usize) -> Option<usize> {
        let index = self.ranges.partition_point(|r| r.end <= offset);
        index
            .checked_sub(1)
            .or_else(|| self.ranges.len().checked_sub(1))
    }

    /// Which match covers exactly this range.
    pub fn index_of(&self, range: &Range<usize>) -> Option<usize> {
        self.ranges
            .binary_search_by_key(&range.start, |r| r.start)
            .ok()
            .filter(|i| self.ranges.get(*i) == Some(range))
    }
}

fn compile(query: &Query) -> Result<Regex, String> {
    let pattern = if query.regex {
        query.pattern.clone()
    } else {
        regex::escape(&query.pattern)
    };
    RegexBuilder::new(&pattern)
        .case_insensitive(!query.case_sensitive)
        .multi_line(true)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "Expression is too large".to_owned(),
            _ => "Expression is not valid".to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, regex: bool, case_sensitive: bool, text: &str) -> Matches {
        let mut matches = Matches::default();
        let query = Query {
            pattern: pattern.to_owned(),
            regex,
            case_sensitive,
        };
        matches.update(&query, text, 1);
        matches
    }

    #[test]
    fn plain_and_regex() {
        assert_eq!(find("A.", false, false, "a. ab A.").ranges, [0..2, 6..8]);
        assert_eq!(find("A.", false, true, "a. ab A.").ranges, vec![6..8; 1]);
        assert_eq!(find("^a.$", true, false, "ab\nxa\nac").ranges, [0..2, 6..8]);
        assert_eq!(find("x*", true, false, "axxb").ranges, vec![1..3; 1]);
        assert!(find("(", true, false, "(").error.is_some());
        assert_eq!(find("(", false, false, "(").ranges, vec![0..1; 1]);
        assert!(find("", false, false, "abc").ranges.is_empty());
    }

    #[test]
    fn stepping_wraps() {
        let matches = find("a", false, false, "a b a b a");
        assert_eq!(matches.at_or_after(0), Some(0));
        assert_eq!(matches.at_or_after(1), Some(1));
        assert_eq!(matches.at_or_after(9), Some(0));
        assert_eq!(matches.before(9), Some(2));
        assert_eq!(matches.before(8), Some(1));
        assert_eq!(matches.before(0), Some(2));
        assert_eq!(matches.index_of(&(4..5)), Some(1));
        assert_eq!(matches.index_of(&(4..6)), None);
        assert_eq!(find("z", false, false, "a").before(1), None);
    }
}
