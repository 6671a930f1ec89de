//! Dates in text, as the `dateutil` package reads them: what `event_time_epoch` and the `dateutil` shim are made of.
//!
//! Three answers: the date, "not a date" where that package would say so, and "not known here" for forms that it
//! might take and this reader does not. Which is which is compared with the package itself
//! (`tests/panther/packages`).

use rustpython_vm::builtins::{PyStr, PyStrRef};
use rustpython_vm::{PyObject, PyObjectRef, PyResult, VirtualMachine};

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
    let mut reader = Reader {
        rest: &all,
        stamp: Stamp::default(),
        timed: false,
        zoned: false,
    };
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

/// Stands for an hour beyond noon that says "in the morning".
const NO_HOUR: u32 = 1000;

struct Reader<'a> {
    rest: &'a [Token],
    stamp: Stamp,
    timed: bool,
    zoned: bool,
}

impl<'a> Reader<'a> {
    fn out_of_range(&self) -> Option<&'static str> {
        let s = &self.stamp;
        let year = s.year.unwrap_or(2000);
        let month = s.month.unwrap_or(1);
        if year < 1 {
            Some("year 0 is out of range")
        } else if !(1..=12).contains(&month) {
            Some("month must be in 1..12")
        } else if chrono::NaiveDate::from_ymd_opt(year, month, s.day.unwrap_or(1)).is_none() {
            Some("day is out of range for month")
        } else if s.hour == NO_HOUR {
            Some("Unknown string format")
        } else if s.hour > 23 {
            Some("hour must be in 0..23")
        } else if s.minute > 59 {
            Some("minute must be in 0..59")
        } else if s.second > 59 {
            Some("second must be in 0..59")
        } else {
            None
        }
    }

    /// Whether a date was read, or a time with its zone, and a zone is left: none of that package's dates.
    fn is_zone_left(&self) -> bool {
        let dated = self.stamp.day.is_some() && !self.timed;
        let is_zone = match self.rest {
            [Token::Space, Token::Word(word)] | [Token::Word(word)] => {
                matches!(word.as_str(), "UTC" | "GMT" | "Z")
            }
            _ => false,
        };
        is_zone && (dated || self.zoned)
    }

    fn space(&mut self) -> bool {
        let found = self.rest.first() == Some(&Token::Space);
        if found {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        found
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn sign(&mut self, signs: &[char]) -> bool {
        let found = matches!(self.rest.first(), Some(Token::Sign(sign)) if signs.contains(sign));
        if found {
            self.skip(1);
        }
        found
    }

    fn word(&self) -> Option<&'a str> {
        match self.rest.first() {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn number(&self) -> Option<&'a str> {
        match self.rest.first() {
            Some(Token::Number(digits)) => Some(digits),
            _ => None,
        }
    }

    /// A date, a time, or both in this order. None where it does not read further; `rest` says where.
    fn whole(&mut self) -> Option<()> {
        let mut weekday = false;
        if let Some(word) = self.word()
            && among(&WEEKDAYS, word).is_some()
        {
            weekday = true;
            self.skip(1);
            self.sign(&[',', '.']);
            if !self.space() {
                return None;
            }
        }
        let is_time = matches!(
            self.rest,
            [Token::Number(hour), Token::Sign(':'), ..] if hour.len() <= 2
        );
        if !is_time {
            self.date()?;
            if weekday && self.stamp.day.is_none() {
                return None;
            }
            if self.rest.is_empty() {
                return Some(());
            }
            let comma = self.sign(&[',']);
            if comma || self.rest.first() == Some(&Token::Space) {
                self.space();
            } else if self
                .word()
                .is_some_and(|word| word.eq_ignore_ascii_case("t"))
            {
                self.skip(1);
            } else if !self.timed {
                return None;
            }
        }
        if !self.timed {
            let before = self.rest;
            if self.time().is_none() {
                self.rest = before;
                return None;
            }
        }
        self.zone()?;
        // `Tue Jan  2 03:04:05 2024`
        if self.stamp.year.is_none() && self.stamp.month.is_some() && self.space() {
            let year = self.number().filter(|year| year.len() == 4)?;
            self.stamp.year = year.parse().ok();
            self.skip(1);
        }
        Some(())
    }

    fn date(&mut self) -> Option<()> {
        match self.rest {
            [
                Token::Number(a),
                Token::Sign(one),
                Token::Number(b),
                Token::Sign(two),
                Token::Number(c),
                ..,
            ] if one == two && matches!(one, '-' | '/' | '.') => {
                self.numbers(a, b, c)?;
                self.skip(5);
                Some(())
            }
            [
                Token::Number(a),
                Token::Sign(one),
                Token::Word(month),
                Token::Sign(two),
                Token::Number(c),
                ..,
            ] if one == two && matches!(one, '-' | '/' | '.') => {
                self.stamp.month = Some(among(&MONTHS, month)?);
                self.year_and_day(a, c)?;
                self.skip(5);
                Some(())
            }
            [
                Token::Number(a),
                Token::Sign('-'),
                Token::Number(b),
                rest @ ..,
            ] if a.len() == 4 && b.len() <= 2 && !matches!(rest, [Token::Sign('-'), ..]) => {
                self.stamp.year = a.parse().ok();
                self.stamp.month = b.parse().ok();
                self.skip(3);
                Some(())
            }
            [Token::Number(a), ..] if matches!(a.len(), 8 | 12 | 14) => self.packed(a),
            [Token::Number(day), Token::Space, Token::Word(month), ..]
            | [
                Token::Number(day),
                Token::Word(_),
                Token::Space,
                Token::Word(month),
                ..,
            ] if day.len() <= 2 => {
                self.stamp.day = day.parse().ok();
                self.skip(1);
                self.ordinal();
                self.space();
                self.stamp.month = Some(among(&MONTHS, month)?);
                self.skip(1);
                self.sign(&['.', ',']);
                self.space();
                let year = self.number().filter(|year| year.len() == 4)?;
                self.stamp.year = year.parse().ok();
                self.skip(1);
                Some(())
            }
            [Token::Word(month), ..] => {
                self.stamp.month = Some(among(&MONTHS, month)?);
                self.skip(1);
                self.sign(&['.']);
                self.space();
                let day = self.number().filter(|day| day.len() <= 2)?;
                self.stamp.day = day.parse().ok().filter(|day| *day <= 31);
                self.stamp.day?;
                self.skip(1);
                self.ordinal();
                let before = self.rest;
                self.sign(&[',']);
                self.space();
                match (self.number(), self.rest.get(1)) {
                    (Some(year), next) if year.len() == 4 && next != Some(&Token::Sign(':')) => {
                        self.stamp.year = year.parse().ok();
                        self.skip(1);
                    }
                    // The year comes after the time, or not at all.
                    _ => self.rest = before,
                }
                Some(())
            }
            _ => None,
        }
    }

    fn ordinal(&mut self) {
        if let Some(word) = self.word()
            && matches!(word.to_lowercase().as_str(), "st" | "nd" | "rd" | "th")
        {
            self.skip(1);
        }
    }

    fn year_and_day(&mut self, a: &str, c: &str) -> Option<()> {
        let (year, day) = match (a.len(), c.len()) {
            (4, 1 | 2) => (a, c),
            (1 | 2, 4) => (c, a),
            _ => return None,
        };
        self.stamp.year = year.parse().ok();
        self.stamp.day = day.parse().ok();
        Some(())
    }

    /// Three numbers with signs between them: a year of four digits stands first or last.
    fn numbers(&mut self, a: &str, b: &str, c: &str) -> Option<()> {
        if b.len() > 2 {
            return None;
        }
        self.year_and_day(a, c)?;
        let middle: u32 = b.parse().ok()?;
        let day = self.stamp.day?;
        if c.len() == 4 && day <= 12 {
            // The month stands first, unless it cannot be one.
            (self.stamp.month, self.stamp.day) = (Some(day), Some(middle));
        } else {
            self.stamp.month = Some(middle);
        }
        Some(())
    }

    /// `20240102`, `202401020304` or `20240102030405`.
    fn packed(&mut self, digits: &str) -> Option<()> {
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
        self.stamp.year = i32::try_from(part(0, 4)?).ok();
        self.stamp.month = part(4, 6);
        self.stamp.day = part(6, 8);
        self.skip(1);
        if digits.len() > 8 {
            self.stamp.hour = part(8, 10)?;
            self.stamp.minute = part(10, 12)?;
            self.stamp.second = if digits.len() == 14 { part(12, 14)? } else { 0 };
            self.timed = true;
        }
        Some(())
    }

    fn time(&mut self) -> Option<()> {
        let first = self.number()?;
        self.skip(1);
        if first.len() <= 2 {
            self.stamp.hour = first.parse().ok()?;
            if !self.sign(&[':']) {
                return None;
            }
            let minute = self.number().filter(|minute| minute.len() <= 2)?;
            self.stamp.minute = minute.parse().ok()?;
            self.skip(1);
            if self.sign(&[':']) {
                let second = self.number().filter(|second| second.len() <= 2)?;
                self.stamp.second = second.parse().ok()?;
                self.skip(1);
                // A comma after a single digit means something else.
                if second.len() == 2 || self.rest.first() != Some(&Token::Sign(',')) {
                    self.fraction();
                }
            }
        } else if matches!(first.len(), 4 | 6)
            && self.stamp.year.is_some()
            && self.stamp.day.is_some()
        {
            let part = |from: usize| first.get(from..from + 2)?.parse().ok();
            self.stamp.hour = part(0)?;
            self.stamp.minute = part(2)?;
            if first.len() == 6 {
                self.stamp.second = part(4)?;
                self.fraction();
            }
        } else {
            return None;
        }
        self.timed = true;
        self.half()
    }

    fn fraction(&mut self) {
        if let [Token::Sign('.' | ','), Token::Number(digits), ..] = self.rest {
            let micro: String = digits.chars().chain("000000".chars()).take(6).collect();
            self.stamp.micro = micro.parse().unwrap_or(0);
            self.skip(2);
        }
    }

    /// `AM` or `PM`.
    fn half(&mut self) -> Option<()> {
        let at = usize::from(self.rest.first() == Some(&Token::Space));
        let Some(Token::Word(word)) = self.rest.get(at) else {
            return Some(());
        };
        let afternoon = match word.to_lowercase().as_str() {
            "am" | "a" => false,
            "pm" | "p" => true,
            _ => return Some(()),
        };
        self.skip(at + 1);
        if self.stamp.hour > 12 {
            self.stamp.hour = NO_HOUR;
        } else if afternoon && self.stamp.hour < 12 {
            self.stamp.hour += 12;
        } else if !afternoon && self.stamp.hour == 12 {
            self.stamp.hour = 0;
        }
        Some(())
    }

    fn zone(&mut self) -> Option<()> {
        let before = self.rest;
        self.space();
        if let Some(word) = self.word()
            && matches!(word, "UTC" | "GMT" | "Z" | "z")
        {
            self.skip(1);
            self.stamp.offset = Some(0);
            self.zoned = true;
            return Some(());
        }
        // The package knows no other zones by name and goes on without one.
        if let Some(word) = self.word()
            && (3..=5).contains(&word.len())
            && word.chars().all(|c| c.is_ascii_uppercase())
            && among(&MONTHS, word).is_none()
            && among(&WEEKDAYS, word).is_none()
        {
            self.skip(1);
            self.zoned = true;
            return Some(());
        }
        let sign = match self.rest.first() {
            Some(Token::Sign('+')) => 1,
            Some(Token::Sign('-')) => -1,
            _ => {
                self.rest = before;
                return Some(());
            }
        };
        self.skip(1);
        let digits = self.number()?;
        self.skip(1);
        let two = |from: usize| -> Option<i32> { digits.get(from..from + 2)?.parse().ok() };
        let (hours, minutes) = match digits.len() {
            4 => (two(0)?, two(2)?),
            2 if self.sign(&[':']) => {
                let minutes = self.number().filter(|minutes| minutes.len() == 2)?;
                self.skip(1);
                (two(0)?, minutes.parse().ok()?)
            }
            2 => (two(0)?, 0),
            _ => return None,
        };
        self.stamp.offset = Some(sign * (hours * 3600 + minutes * 60));
        self.zoned = true;
        Some(())
    }
}

/// Seconds since 1970 of a text that says year, month and day.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let stamp = read(text).ok()?;
    let day = chrono::NaiveDate::from_ymd_opt(stamp.year?, stamp.month?, stamp.day?)?;
    let time = day.and_hms_opt(stamp.hour, stamp.minute, stamp.second)?;
    Some(time.and_utc().timestamp() - i64::from(stamp.offset.unwrap_or(0)))
}

/// Seconds since 1970 of a value of `p_event_time`, 0 where it is no time.
///
/// # Errors
/// The Python exception for a value that is no text, or a form that is not read here.
pub(super) fn epoch(
    value: Option<&PyObject>,
    force_utc: bool,
    vm: &VirtualMachine,
) -> PyResult<i64> {
    let Some(value) = value else { return Ok(0) };
    if !value.to_owned().try_to_bool(vm)? {
        return Ok(0);
    }
    let Some(text) = value.downcast_ref::<PyStr>() else {
        let class = value.class().name().to_string();
        return Err(vm.new_type_error(if force_utc {
            format!("unsupported operand type(s) for +=: '{class}' and 'str'")
        } else {
            format!("Parser must be a string or character stream, not {class}")
        }));
    };
    let mut text = text.to_string_lossy().into_owned();
    if force_utc {
        text.push_str(" UTC");
    }
    let stamp = match read(&text) {
        Ok(stamp) => stamp,
        Err(Fault::NoDate(_)) => return Ok(0),
        Err(Fault::Unknown) => return Err(unknown(&text, vm)),
    };
    let day = if stamp.year.is_some() && stamp.month.is_some() && stamp.day.is_some() {
        (stamp.year, stamp.month, stamp.day)
    } else {
        let today = vm.import("datetime", 0)?.get_attr("date", vm)?;
        let today = vm.call_method(&today, "today", ())?;
        let field = |name: &'static str| today.get_attr(name, vm)?.try_to_value::<u32>(vm);
        let year = i32::try_from(field("year")?).ok();
        (
            stamp.year.or(year),
            stamp.month.or(Some(field("month")?)),
            stamp.day.or(Some(field("day")?)),
        )
    };
    let (Some(year), Some(month), Some(day)) = day else {
        return Ok(0);
    };
    let last = (1..=day)
        .rev()
        .find_map(|day| chrono::NaiveDate::from_ymd_opt(year, month, day))
        .and_then(|day| day.and_hms_micro_opt(stamp.hour, stamp.minute, stamp.second, stamp.micro));
    let Some(time) = last else { return Ok(0) };
    let time = time.and_utc();
    // Python's `int` of a time with a fraction cuts towards zero.
    let seconds =
        (time.timestamp_micros() - i64::from(stamp.offset.unwrap_or(0)) * 1_000_000) / 1_000_000;
    Ok(seconds)
}

fn unknown(text: &str, vm: &VirtualMachine) -> rustpython_vm::builtins::PyBaseExceptionRef {
    vm.new_not_implemented_error(format!("the form of the date {text:?} is not known here"))
}

/// The parts of a date for the `dateutil` shim: year, month, day (each may be `None`), hour, minute, second,
/// microsecond, offset from UTC in seconds (may be `None`); a text that says why where there is none.
///
/// # Errors
/// `NotImplementedError` for a form that is not read here.
pub(super) fn parts(text: PyStrRef, vm: &VirtualMachine) -> PyResult {
    let text = text.to_string_lossy().into_owned();
    let stamp = match read(&text) {
        Ok(stamp) => stamp,
        Err(Fault::NoDate(reason)) => return Ok(vm.ctx.new_str(reason).into()),
        Err(Fault::Unknown) => return Err(unknown(&text, vm)),
    };
    let part = |part: Option<i64>| -> PyObjectRef {
        part.map_or_else(|| vm.ctx.none(), |part| vm.ctx.new_int(part).into())
    };
    let parts = [
        stamp.year.map(i64::from),
        stamp.month.map(i64::from),
        stamp.day.map(i64::from),
        Some(stamp.hour.into()),
        Some(stamp.minute.into()),
        Some(stamp.second.into()),
        Some(stamp.micro.into()),
        stamp.offset.map(i64::from),
    ];
    Ok(vm
        .ctx
        .new_tuple(parts.into_iter().map(part).collect())
        .into())
}
