//! Finding: the matches of a query in the text, kept until one of the two changes.

use regex::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// More matches are not collected; nobody steps through them.
const MOST_MATCHES: usize = 10_000;
/// An expression that compiles to more bytes is refused.
const LARGEST: usize = 1 << 18;
/// A frame waits so long for an expression; then the answer comes when it comes.
const PATIENCE: Duration = Duration::from_millis(20);

/// What the find bar looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub pattern: String,
    pub regex: bool,
    pub case_sensitive: bool,
    pub whole_word: bool,
    /// Only within these bytes.
    pub scope: Option<Range<usize>>,
}

type Answer = (Vec<Range<usize>>, bool);

/// The matches of a query in a text.
#[derive(Default)]
pub(super) struct Matches {
    query: Query,
    version: Option<u64>,
    /// Bytes, ascending.
    pub ranges: Vec<Range<usize>>,
    /// Whether there may be more than were collected.
    pub cut: bool,
    /// Why there can be none: the expression is wrong.
    pub error: Option<String>,
    /// The search that is under way, and what stops it.
    waiting: Option<(Receiver<Answer>, Arc<AtomicBool>)>,
}

impl Matches {
    /// Brings the matches up to date. `version` changes with the text. `wake` is called when an answer comes later.
    pub fn update(
        &mut self,
        query: &Query,
        text: &str,
        version: u64,
        wake: impl Fn() + Send + 'static,
    ) {
        if self.version == Some(version) && self.query == *query {
            self.receive(Duration::ZERO);
            return;
        }
        self.version = Some(version);
        self.query = query.clone();
        self.error = None;
        if let Some((_, stop)) = self.waiting.take() {
            stop.store(true, Ordering::Relaxed);
        }
        (self.ranges, self.cut) = (Vec::new(), false);
        if query.pattern.is_empty() {
            return;
        }
        let regex = match compile(query) {
            Ok(regex) => regex,
            Err(message) => {
                self.error = Some(message);
                return;
            }
        };
        let stop = Arc::new(AtomicBool::new(false));
        let scope = query.scope.clone();
        if !query.regex {
            // Words are found faster than a thread is started.
            (self.ranges, self.cut) = search(&regex, text, scope, &stop);
            return;
        }
        let (sender, receiver) = channel();
        let (text, stopped) = (text.to_owned(), stop.clone());
        let spawned = std::thread::Builder::new()
            .name("find".to_owned())
            .spawn(move || {
                let answer = search(&regex, &text, scope, &stopped);
                if sender.send(answer).is_ok() {
                    wake();
                }
            });
        if spawned.is_ok() {
            self.waiting = Some((receiver, stop));
            self.receive(PATIENCE);
        }
    }

    fn receive(&mut self, patience: Duration) {
        if let Some((receiver, _)) = &self.waiting
            && let Ok((ranges, cut)) = receiver.recv_timeout(patience)
        {
            (self.ranges, self.cut) = (ranges, cut);
            self.waiting = None;
        }
    }

    /// Whether the answer is still to come.
    pub fn is_busy(&self) -> bool {
        self.waiting.is_some()
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

pub(super) fn compile(query: &Query) -> Result<Regex, String> {
    let mut pattern = if query.regex {
        query.pattern.clone()
    } else {
        regex::escape(&query.pattern.replace("\r\n", "\n"))
    };
    if query.whole_word {
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let (first, last) = (query.pattern.chars().next(), query.pattern.chars().last());
        let start = if query.regex || word(first) {
            r"\b{start-half}"
        } else {
            ""
        };
        let end = if query.regex || word(last) {
            r"\b{end-half}"
        } else {
            ""
        };
        pattern = format!("{start}(?:{pattern}){end}");
    }
    RegexBuilder::new(&pattern)
        .case_insensitive(!query.case_sensitive)
        .multi_line(true)
        .size_limit(LARGEST)
        .dfa_size_limit(1 << 21)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "Expression is too large".to_owned(),
            _ => "Expression is not valid".to_owned(),
        })
}

/// A text with `\n` for its line ends, and where they were longer: expressions know only `\n`.
pub(super) struct Plain {
    pub text: String,
    /// Offsets of the `\n`s that were `\r\n`.
    longer: Vec<usize>,
}

impl Plain {
    pub fn of(text: &str) -> Self {
        let mut longer = Vec::new();
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("\r\n") {
            plain.push_str(rest.get(..at).unwrap_or_default());
            longer.push(plain.len());
            plain.push('\n');
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        plain.push_str(rest);
        Self {
            text: plain,
            longer,
        }
    }

    /// An offset in the text as it was.
    pub fn outward(&self, offset: usize) -> usize {
        offset + self.longer.partition_point(|at| *at < offset)
    }

    /// An offset in this text.
    pub fn inward(&self, offset: usize) -> usize {
        let (mut low, mut high) = (0, self.longer.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.longer.get(middle) {
                Some(at) if at + middle < offset => low = middle + 1,
                _ => high = middle,
            }
        }
        offset - low
    }
}

fn search(regex: &Regex, text: &str, scope: Option<Range<usize>>, stop: &AtomicBool) -> Answer {
    let plain = Plain::of(text);
    let whole = 0..plain.text.len();
    let scope = scope.map_or(whole, |s| plain.inward(s.start)..plain.inward(s.end));
    let find = |empty: bool| {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut at = scope.start;
        while at <= scope.end
            && found.len() < MOST_MATCHES
            && !stop.load(Ordering::Relaxed)
            && let Some(next) = regex.find_at(&plain.text, at)
        {
            let range = next.range();
            if range.end > scope.end {
                break;
            }
            at = range.end;
            if range.is_empty() {
                // Over a whole sign.
                let rest = plain.text.get(at..).unwrap_or_default();
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
            if range.is_empty() == empty {
                found.push(plain.outward(range.start)..plain.outward(range.end));
            }
        }
        found
    };
    let mut found = find(false);
    if found.is_empty() {
        // An expression of places only, such as `^`.
        found = find(true);
    }
    let cut = found.len() == MOST_MATCHES;
    (found, cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pattern: &str, regex: bool, case_sensitive: bool) -> Query {
        Query {
            pattern: pattern.to_owned(),
            regex,
            case_sensitive,
            ..Query::default()
        }
    }

    fn matches(query: &Query, text: &str) -> Matches {
        let mut matches = Matches::default();
        matches.update(query, text, 1, || ());
        while matches.is_busy() {
            matches.receive(Duration::from_secs(1));
        }
        matches
    }

    fn find(pattern: &str, regex: bool, case_sensitive: bool, text: &str) -> Matches {
        matches(&query(pattern, regex, case_sensitive), text)
    }

    #[test]
    fn plain_and_regex() {
        assert_eq!(find("A.", false, false, "a. ab A.").ranges, [0..2, 6..8]);
        assert_eq!(find("A.", false, true, "a. ab A.").ranges, [6..8; 1]);
        assert_eq!(find("^a.$", true, false, "ab\nxa\nac").ranges, [0..2, 6..8]);
        assert_eq!(find("x*", true, false, "axxb").ranges, [1..3; 1]);
        assert!(find("(", true, false, "(").error.is_some());
        assert_eq!(find("(", false, false, "(").ranges, [0..1; 1]);
        assert!(find("", false, false, "abc").ranges.is_empty());
        assert_eq!(find("^", true, false, "a\nb").ranges, [0..0, 2..2]);
        assert!(find("(a{999}){999}", true, false, "a").error.is_some());
    }

    #[test]
    fn over_line_ends_of_both_kinds() {
        assert_eq!(
            find("a\nb", false, false, "a\r\nb a\nb").ranges,
            [0..4, 5..8]
        );
        assert_eq!(find(r"a$\nb", true, false, "a\r\nb").ranges, [0..4; 1]);
        assert_eq!(find("a$", true, false, "a\r\na").ranges, [0..1, 3..4]);
        let plain = Plain::of("a\r\n\r\nb");
        assert_eq!([0, 1, 3, 5, 6].map(|at| plain.inward(at)), [0, 1, 2, 3, 4]);
        assert_eq!([0, 1, 2, 3, 4].map(|at| plain.outward(at)), [0, 1, 3, 5, 6]);
    }

    #[test]
    fn words_and_scopes() {
        let mut word = query("ab", false, false);
        word.whole_word = true;
        assert_eq!(matches(&word, "abc ab, xab").ranges, [4..6; 1]);
        let mut scoped = query("a", false, false);
        scoped.scope = Some(2..4);
        assert_eq!(matches(&scoped, "a a a").ranges, [2..3; 1]);
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
