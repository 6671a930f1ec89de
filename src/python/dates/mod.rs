//! Dates in text, as the `dateutil` package reads them: what `event_time_epoch` and the `dateutil` shim are made of.
//!
//! Three answers: the date, "not a date" where that package would say so, and "not known here" for forms that it
//! might take and this reader does not. Which is which is compared with the package itself
//! (`tests/panther/packages`).

mod answers;
mod reader;

pub(super) use answers::{epoch, parts, seconds};
use reader::Reader;

/// A date as it was written: what is missing is today's, or midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub year: Option<i32>,
    pub month: Option<u32>,
    pub day: Option<u32>,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub micro: u32,
    /// Seconds east of UTC.
    pub offset: Option<i32>,
}

/// Why there is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is none, for the reason that the package gives.
    NoDate(&'static str),
    /// It may be one in a form that is not read here.
    Unknown,
}

/// A longer text is no date.
const LONGEST: usize = 200;

const NO_FORM: Fault = Fault::NoDate("Unknown string format");
const EMPTY: Fault = Fault::NoDate("String does not contain a date");

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// Other words that such a text may hold.
const WORDS: [&str; 23] = [
    "at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th", "h", "hour", "hours",
    "minute", "minutes", "s", "second", "seconds", "am", "pm", "a", "p",
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Number(String),
    Word(String),
    Space,
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for c in text.chars() {
        match (found.last_mut(), c) {
            (Some(Token::Number(digits)), c) if c.is_ascii_digit() => digits.push(c),
            (Some(Token::Word(word)), c) if c.is_alphabetic() => word.push(c),
            (_, c) if c.is_ascii_digit() => found.push(Token::Number(c.to_string())),
            (_, c) if c.is_alphabetic() => found.push(Token::Word(c.to_string())),
            (Some(Token::Space), c) if c.is_whitespace() => {}
            (_, c) if c.is_whitespace() => found.push(Token::Space),
            (_, c) => found.push(Token::Sign(c)),
        }
    }
    found
}

/// The number of a name or its first three letters among others, from 1.
fn among(names: &[&str], word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let position = names
        .iter()
        .position(|name| *name == word || name.get(..3) == Some(word.as_str()))
        .or_else(|| (word == "sept").then_some(8).filter(|_| names.len() == 12))?;
    u32::try_from(position + 1).ok()
}

/// Reads a date.
///
/// # Errors
/// Why there is none.
pub(super) fn read(text: &str) -> Result<Stamp, Fault> {
    if text.len() > LONGEST {
        return Err(NO_FORM);
    }
    let all = tokens(text.trim());
    if all.is_empty() || !text.contains(char::is_alphanumeric) {
        return Err(EMPTY);
    }
    let mut reader = Reader::new(&all);
    match reader.whole() {
        Some(()) if reader.rest.is_empty() => match reader.out_of_range() {
            Some(reason) => Err(Fault::NoDate(reason)),
            None => Ok(reader.stamp),
        },
        _ if reader.is_zone_left() => Err(NO_FORM),
        _ if could_be(&all) => Err(Fault::Unknown),
        _ => Err(NO_FORM),
    }
}

/// Whether nothing in it rules a date out.
fn could_be(tokens: &[Token]) -> bool {
    let zone =
        |word: &str| word.len() <= 5 && word.chars().all(|c| c.is_ascii_uppercase()) || word == "z";
    let any = tokens.iter().any(|token| match token {
        Token::Number(_) => true,
        Token::Word(word) => among(&MONTHS, word).is_some() || among(&WEEKDAYS, word).is_some(),
        _ => false,
    });
    // As long a number is no year, unless it is a part of a second.
    let long = tokens.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        matches!(token, Token::Number(digits) if matches!(digits.len(), 9..=11))
            && !matches!(before, Some(Token::Sign('.' | ',')))
    });
    any && !long
        && tokens.iter().all(|token| match token {
            Token::Number(digits) => digits.len() <= 14,
            Token::Word(word) => {
                among(&MONTHS, word).is_some()
                    || among(&WEEKDAYS, word).is_some()
                    || WORDS.contains(&word.to_lowercase().as_str())
                    || zone(word)
            }
            Token::Space => true,
            Token::Sign(sign) => matches!(
                sign,
                '.' | ',' | ';' | '-' | '/' | '\'' | ':' | '+' | '(' | ')'
            ),
        })
}
