//! The stretches of time that a query writes out: `ago(1d)`, a `let` behind it, and any other timespan.

use crate::diagnostic::Span;
use crate::kql::syntax::lexer::{Kind, Token, tokens};
use crate::sentinel::parse_duration;
use std::collections::HashMap;

/// The tokens of a query, without comments; the last one is its end.
pub(super) fn words(query: &str) -> Vec<Word> {
    let (tokens, _) = tokens(query);
    tokens.into_iter().map(Word).collect()
}

/// A token.
pub(super) struct Word(Token);

impl std::ops::Deref for Word {
    type Target = Token;

    fn deref(&self) -> &Token {
        &self.0
    }
}

impl Word {
    pub(super) fn text<'q>(&self, query: &'q str) -> &'q str {
        query.get(self.span.start..self.span.end).unwrap_or("")
    }
}

/// What a query writes out of time.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// How far back `ago(…)` reaches: ticks, and where it stands in the query.
    pub(super) ago: Vec<(i64, Span)>,
    /// All timespans, in ticks.
    pub(super) spans: Vec<i64>,
    /// All whole numbers.
    pub(super) numbers: Vec<i64>,
    /// Whether some `ago(…)` holds more than a timespan or the name of one.
    pub(super) unclear: bool,
    /// Whether the query asks when a row arrived.
    pub(super) ingestion: bool,
}

impl Windows {
    pub(super) fn of(query: &str) -> Self {
        let words = words(query);
        let text = |at: usize| words.get(at).map_or("", |w| w.text(query));
        let mut found = Windows::default();
        let mut lets: HashMap<&str, Option<i64>> = HashMap::new();
        for (at, word) in words.iter().enumerate() {
            match word.kind {
                Kind::TimeSpan => found.spans.extend(ticks(word.text(query))),
                Kind::Typed(crate::value::Type::TimeSpan) => {
                    found.spans.extend(ticks(word.text(query)));
                }
                Kind::Long => found.numbers.extend(word.text(query).parse::<i64>()),
                Kind::Name if text(at) == "let" && text(at + 2) == "=" => {
                    // A name that is given twice is not followed.
                    let value = (text(at + 4) == ";").then(|| ticks(text(at + 3))).flatten();
                    let known = lets.entry(text(at + 1)).or_insert(value);
                    if *known != value {
                        *known = None;
                    }
                }
                Kind::Name if text(at) == "ingestion_time" => found.ingestion = true,
                _ => {}
            }
        }
        for (at, word) in words.iter().enumerate() {
            if text(at) != "ago" || text(at + 1) != "(" {
                continue;
            }
            let inside = text(at + 2);
            let back = ticks(inside).or_else(|| lets.get(inside).copied().flatten());
            match (back, words.get(at + 3)) {
                (Some(back), Some(close)) if close.text(query) == ")" => {
                    found.ago.push((back, word.span.to(close.span)));
                }
                _ => found.unclear = true,
            }
        }
        found
    }
}

/// The ticks of a literal such as `14d`, `1.5h` or `time(1h)`.
fn ticks(text: &str) -> Option<i64> {
    let inner = text
        .strip_prefix("timespan(")
        .or_else(|| text.strip_prefix("time("))
        .and_then(|t| t.strip_suffix(')'));
    let text = inner.unwrap_or(text).trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let unit = match text.get(digits..)? {
        "day" | "days" => "d",
        "hour" | "hours" | "hr" | "hrs" => "h",
        "minute" | "minutes" | "min" => "m",
        "second" | "seconds" | "sec" => "s",
        unit @ ("d" | "h" | "m" | "s") => unit,
        _ => return parse_duration(text).filter(|_| text.contains(':')),
    };
    parse_duration(&format!("{}{unit}", text.get(..digits)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::{DAY, HOUR};

    #[test]
    fn windows_are_followed_through_lets() {
        let query = "let back = 1d; // ago(9d)\nlet x = \"ago(8d)\";\nT | where t > ago(back) and u > ago(2h) and v > ago(b + 1h)";
        let found = Windows::of(query);
        let backs: Vec<i64> = found.ago.iter().map(|(t, _)| *t).collect();
        assert_eq!(backs, [DAY, 2 * HOUR]);
        assert!(found.unclear);
        assert_eq!(found.spans, [DAY, 2 * HOUR, HOUR]);
    }
}
