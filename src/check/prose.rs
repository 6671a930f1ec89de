//! What a text says of time: "within 30 minutes", "in the last 24 hours", "every hour".
//!
//! Conservative: only a number and a unit behind a word that makes a claim of them. "24 hours a day" is none.

use crate::diagnostic::Span;
use crate::value::time::{DAY, HOUR, MINUTE, SECOND};

/// A stretch of time that a text claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// How long, in ticks.
    pub(super) ticks: i64,
    /// The number, such as 30.
    pub(super) number: i64,
    /// The words, such as `within 30 minutes`.
    pub(super) text: String,
    /// Where they stand in the text.
    pub(super) span: Span,
}

/// Words behind which a stretch of time is a claim.
const BEFORE: [&str; 8] = [
    "within",
    "last",
    "past",
    "previous",
    "preceding",
    "every",
    "prior",
    "following",
];
/// Words that may stand between: `within the next 30 minutes`, `within a 30 minute window`.
const BETWEEN: [&str; 10] = [
    "the", "a", "an", "next", "last", "past", "first", "about", "of", "period",
];

/// The claims of a text, in order.
pub(super) fn claims(text: &str) -> Vec<Claim> {
    let words = words(text);
    let mut claims = Vec::new();
    for (at, (_, word)) in words.iter().enumerate() {
        let lower = word.to_ascii_lowercase();
        if !BEFORE.contains(&lower.as_str()) {
            continue;
        }
        let mut next = at + 1;
        while words
            .get(next)
            .is_some_and(|(_, w)| BETWEEN.contains(&w.to_ascii_lowercase().as_str()))
        {
            next += 1;
        }
        let Some((number, unit, end)) = stretch(&words, next, &lower) else {
            continue;
        };
        let first = words.get(at).map_or(0, |(start, _)| *start);
        let span = Span::new(first, end);
        // One claim for `within the last 30 minutes`.
        if claims.last().is_some_and(|c: &Claim| c.span.end == end) {
            continue;
        }
        let Some(ticks) = unit.checked_mul(number) else {
            continue;
        };
        let said = text.get(first..end).unwrap_or("");
        claims.push(Claim {
            ticks,
            number,
            text: said.split_whitespace().collect::<Vec<_>>().join(" "),
            span,
        });
    }
    claims
}

/// A number and a unit from a word on: the number, the unit's ticks, and where they end.
fn stretch(words: &[(usize, &str)], at: usize, before: &str) -> Option<(i64, i64, usize)> {
    let (start, word) = words.get(at)?;
    let lower = word.to_ascii_lowercase();
    let end_of = |(start, word): &(usize, &str)| start + word.len();
    if let Some(unit) = unit_of(&lower) {
        // `every hour`, `the last day`; not `within days`.
        let one = matches!(before, "every" | "last" | "past") && !lower.ends_with('s');
        return one.then_some((1, unit, start + word.len()));
    }
    // `30-minute`, `24h`
    if let Some((number, unit)) = lower.split_once('-') {
        let unit = unit_of(unit)?;
        return Some((number_of(number)?, unit, end_of(words.get(at)?)));
    }
    if let Some(split) = lower
        .find(|c: char| !c.is_ascii_digit() && c != ',')
        .filter(|s| *s > 0)
    {
        let unit = match lower.get(split..)? {
            "d" => DAY,
            "h" => HOUR,
            "m" | "min" => MINUTE,
            "s" => SECOND,
            other => unit_of(other)?,
        };
        return Some((
            number_of(lower.get(..split)?)?,
            unit,
            end_of(words.get(at)?),
        ));
    }
    let number = number_of(&lower)?;
    let follows = words.get(at + 1)?;
    let unit = unit_of(&follows.1.to_ascii_lowercase())?;
    Some((number, unit, end_of(follows)))
}

fn unit_of(word: &str) -> Option<i64> {
    Some(match word {
        "second" | "seconds" | "sec" | "secs" => SECOND,
        "minute" | "minutes" | "min" | "mins" => MINUTE,
        "hour" | "hours" | "hr" | "hrs" => HOUR,
        "day" | "days" => DAY,
        "week" | "weeks" => 7 * DAY,
        _ => return None,
    })
}

fn number_of(word: &str) -> Option<i64> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    if let Some(at) = WORDS.iter().position(|w| *w == word) {
        return i64::try_from(at).ok();
    }
    match word {
        "fifteen" => Some(15),
        "thirty" => Some(30),
        "sixty" => Some(60),
        _ => word.replace(',', "").parse().ok().filter(|n| *n > 0),
    }
}

/// Words with their places. A sign at the end of a sentence is no part of a word.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let part = c.is_alphanumeric() || matches!(c, '-' | ',' | '\'');
        match (part, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = text.get(from..at).unwrap_or("");
                let trimmed = word.trim_matches([',', '-', '\'']);
                if let (false, Some(skip)) = (trimmed.is_empty(), word.find(trimmed)) {
                    words.push((from + skip, trimmed));
                }
                start = None;
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(String, i64)> {
        claims(text)
            .into_iter()
            .map(|c| (c.text, c.ticks))
            .collect()
    }

    #[test]
    fn what_is_claimed() {
        for (text, claim, ticks) in [
            (
                "A reset within 30 minutes.",
                "within 30 minutes",
                30 * MINUTE,
            ),
            ("seen in the last 24 hours", "last 24 hours", DAY),
            ("over the past 7 days, and", "past 7 days", 7 * DAY),
            ("runs every hour", "every hour", HOUR),
            (
                "within the last\n  ten minutes",
                "within the last ten minutes",
                10 * MINUTE,
            ),
            ("within a 5-minute window", "within a 5-minute", 5 * MINUTE),
            ("Within 1h", "Within 1h", HOUR),
            ("in the last day", "last day", DAY),
            ("within 1,800 seconds", "within 1,800 seconds", 30 * MINUTE),
        ] {
            assert_eq!(said(text), [(claim.to_owned(), ticks)], "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "open 24 hours a day",
            "the last hours of the night",
            "the last 5 users",
            "within the organization",
            "30 days of retention",
            "the past",
            "every user",
            "last 0 days",
        ] {
            assert_eq!(said(text), [], "{text}");
        }
    }
}
