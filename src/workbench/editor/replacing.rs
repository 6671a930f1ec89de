//! Replacing what was found; `$1` and the like stand for groups of the expression.

use super::find::{Matches, Plain, Query, compile};
use super::lines::{line_end_style, with_line_ends};
use super::splice::Splice;
use regex::Captures;
use std::ops::Range;
use std::time::{Duration, Instant};

/// Replacing all with an expression takes no longer.
const MOST_TIME: Duration = Duration::from_millis(800);

/// What replaces these matches.
///
/// # Errors
/// Why nothing is replaced.
pub(super) fn splices(
    text: &str,
    query: &Query,
    ranges: &[Range<usize>],
    with: &str,
) -> Result<Vec<Splice>, String> {
    let style = line_end_style(text);
    let literal = |with: &str| with_line_ends(with, style);
    let all = |with: String| {
        let splice = |range: &Range<usize>| Splice {
            range: range.clone(),
            with: with.clone(),
        };
        Ok(ranges.iter().map(splice).collect())
    };
    if !query.regex {
        return all(literal(with));
    }
    if !with.contains(['$', '\\']) {
        return all(literal(with));
    }
    let regex = compile(query)?;
    let plain = Plain::of(text);
    let started = Instant::now();
    let mut splices = Vec::with_capacity(ranges.len());
    for range in ranges {
        if started.elapsed() > MOST_TIME {
            return Err("Replacing takes too long; nothing was replaced".to_owned());
        }
        let start = plain.inward(range.start);
        let Some(captures) = regex.captures_at(&plain.text, start) else {
            continue;
        };
        splices.push(Splice {
            range: range.clone(),
            with: literal(&expand(with, &captures)),
        });
    }
    Ok(splices)
}

/// `$1`, `${1}`, `${name}`, `$&` for the whole, `$$` for a dollar; `\n`, `\t`, `\\`.
fn expand(template: &str, captures: &Captures<'_>) -> String {
    let mut result = String::with_capacity(template.len());
    let mut rest = template;
    let group = |index: usize| captures.get(index).map_or("", |m| m.as_str());
    while let Some(at) = rest.find(['$', '\\']) {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        let mut signs = from.chars();
        let sign = signs.next().unwrap_or('$');
        let behind = signs.as_str();
        let taken = match (sign, signs.next()) {
            ('\\', Some('n')) => Some(("\n".to_owned(), 1)),
            ('\\', Some('t')) => Some(("\t".to_owned(), 1)),
            ('\\', Some('\\')) => Some(("\\".to_owned(), 1)),
            ('$', Some('$')) => Some(("$".to_owned(), 1)),
            ('$', Some('&')) => Some((group(0).to_owned(), 1)),
            ('$', Some('{')) => behind.find('}').map(|end| {
                let name = behind.get(1..end).unwrap_or_default();
                let value = match name.parse::<usize>() {
                    Ok(index) => group(index),
                    Err(_) => captures.name(name).map_or("", |m| m.as_str()),
                };
                (value.to_owned(), end + 1)
            }),
            ('$', Some('0'..='9')) => {
                // As many digits as there are groups for: `$12` is group 1 and a 2 where there are fewer than 12.
                let digits = behind
                    .bytes()
                    .take(2)
                    .take_while(u8::is_ascii_digit)
                    .count();
                (1..=digits).rev().find_map(|n| {
                    let index = behind.get(..n)?.parse::<usize>().ok()?;
                    (index < captures.len() || n == 1).then(|| (group(index).to_owned(), n))
                })
            }
            _ => None,
        };
        match taken {
            Some((text, len)) => {
                result.push_str(&text);
                rest = behind.get(len..).unwrap_or_default();
            }
            None => {
                result.push(sign);
                rest = behind;
            }
        }
    }
    result.push_str(rest);
    result
}

/// The match that is selected, or else the next one from the cursor.
pub(super) fn current(matches: &Matches, selected: &Range<usize>) -> Option<(usize, bool)> {
    match matches.index_of(selected) {
        Some(index) => Some((index, true)),
        None => matches.at_or_after(selected.start).map(|i| (i, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str, pattern: &str, regex: bool, with: &str) -> String {
        let query = Query {
            pattern: pattern.to_owned(),
            regex,
            ..Query::default()
        };
        let found: Vec<_> = compile(&query)
            .unwrap()
            .find_iter(&Plain::of(text).text)
            .map(|m| Plain::of(text).outward(m.start())..Plain::of(text).outward(m.end()))
            .collect();
        let mut text = text.to_owned();
        let splices = splices(&text, &query, &found, with).unwrap();
        super::super::splice::apply(&mut text, &splices);
        text
    }

    #[test]
    fn groups() {
        assert_eq!(replaced("a1 b2", r"(\w)(\d)", true, "$2$1"), "1a 2b");
        assert_eq!(
            replaced("a1", r"(\w)(\d)", true, "$12-$&-$$-$9"),
            "a2-a1-$-"
        );
        assert_eq!(replaced("a1", r"(?<n>\d)", true, "${n}${1}x"), "a11x");
        assert_eq!(replaced("a,b", ",", true, r"\n\t\\\q"), "a\n\t\\\\qb");
        assert_eq!(replaced("a1", "1", false, "$1"), "a$1");
        assert_eq!(replaced("a,\r\nb", ",", true, r"\n"), "a\r\n\r\nb");
        assert_eq!(replaced("a1", "1", true, "${"), "a${");
    }
}
