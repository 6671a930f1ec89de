//! Reads the parts of a date from left to right.

use super::{MONTHS, Stamp, Token, WEEKDAYS, among};

/// Stands for an hour beyond noon that says "in the morning".
const NO_HOUR: u32 = 1000;

pub(super) struct Reader<'a> {
    pub rest: &'a [Token],
    pub stamp: Stamp,
    timed: bool,
    zoned: bool,
}

impl<'a> Reader<'a> {
    pub fn new(tokens: &'a [Token]) -> Self {
        Self {
            rest: tokens,
            stamp: Stamp::default(),
            timed: false,
            zoned: false,
        }
    }

    /// What the package says of parts that no date has.
    pub fn out_of_range(&self) -> Option<&'static str> {
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
    pub fn is_zone_left(&self) -> bool {
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
    pub fn whole(&mut self) -> Option<()> {
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
