//! How `parse-kv` reads one text.

use regex::Regex;

/// How pairs are told apart.
#[derive(Debug)]
pub enum Way {
    /// By what stands between pairs, and between key and value.
    Delimited {
        /// Between pairs.
        pair: String,
        /// Between key and value.
        between: String,
        /// Whether a value goes on to the next key.
        greedy: bool,
    },
    /// By everything that is no letter or digit.
    Loose,
    /// By a regular expression with a group for the key and one for the value.
    Regex(Regex),
}

/// What is looked for.
#[derive(Debug)]
pub struct Pairs {
    /// How pairs are told apart.
    pub way: Way,
    /// Characters that open and close a quotation.
    pub quotes: Vec<(char, char)>,
    /// Characters that take the meaning of the next one within a quotation.
    pub escapes: Vec<char>,
    /// The keys whose values are wanted.
    pub keys: Vec<String>,
}

/// The value of each key; none for a key that does not occur.
pub type Values = Vec<Option<String>>;

impl Pairs {
    /// The values in a text: of each key the first one.
    ///
    /// # Errors
    /// Where it is not certain how the text is read.
    pub fn find(&self, text: &str) -> Result<Values, &'static str> {
        match &self.way {
            Way::Regex(regex) => Ok(self.by_regex(regex, text)),
            Way::Loose => self.loose(text),
            Way::Delimited {
                pair,
                between,
                greedy: false,
            } => self.delimited(pair, between, text),
            Way::Delimited { pair, between, .. } => self.greedy(pair, between, text),
        }
    }

    fn keep(&self, values: &mut Values, key: &str, value: String) {
        let key = key.trim();
        for (name, slot) in self.keys.iter().zip(values.iter_mut()) {
            if name == key && slot.is_none() {
                *slot = Some(value.clone());
            }
        }
    }

    fn by_regex(&self, regex: &Regex, text: &str) -> Values {
        let mut values = vec![None; self.keys.len()];
        for captures in regex.captures_iter(text) {
            let group = |at: usize| captures.get(at).map_or("", |m| m.as_str());
            self.keep(&mut values, group(1), group(2).to_owned());
        }
        values
    }

    /// A quotation at the beginning of a text: what it holds and how long it is with its quotes.
    fn quoted(&self, text: &str) -> Option<(String, usize)> {
        let mut characters = text.char_indices();
        let (_, first) = characters.next()?;
        let (_, close) = self.quotes.iter().find(|(open, _)| *open == first)?;
        let mut held = String::new();
        while let Some((at, c)) = characters.next() {
            if self.escapes.contains(&c) {
                if let Some((_, next)) = characters.next() {
                    held.push(next);
                }
                continue;
            }
            if c == *close {
                return Some((held, at + c.len_utf8()));
            }
            held.push(c);
        }
        None
    }

    /// Key, separator, value up to the next separator of pairs.
    fn delimited(&self, pair: &str, between: &str, text: &str) -> Result<Values, &'static str> {
        let mut values = vec![None; self.keys.len()];
        let blank = pair.trim().is_empty();
        let mut rest = text;
        loop {
            if !blank {
                rest = rest.trim_start();
            }
            while let Some(after) = rest.strip_prefix(pair) {
                rest = after;
            }
            if rest.is_empty() {
                return Ok(values);
            }
            let key;
            if let Some((held, length)) = self.quoted(rest.trim_start()) {
                rest = rest.trim_start().get(length..).unwrap_or("");
                let after = if blank { rest } else { rest.trim_start() };
                let Some(after) = after.strip_prefix(between) else {
                    rest = skip(rest, pair);
                    continue;
                };
                key = held;
                rest = after;
            } else {
                let end = rest.find(pair).unwrap_or(rest.len());
                match rest.find(between) {
                    Some(at) if at < end || (at == end && between.len() > pair.len()) => {
                        key = rest.get(..at).unwrap_or("").to_owned();
                        rest = rest.get(at + between.len()..).unwrap_or("");
                    }
                    _ => {
                        rest = skip(rest, pair);
                        continue;
                    }
                }
            }
            if blank && rest.starts_with(char::is_whitespace) && self.wanted(&key) {
                return Err(
                    "A value begins with a blank, which also parts the pairs: how it is read is not certain",
                );
            }
            let opened = rest.trim_start();
            if let Some((held, length)) = self.quoted(opened) {
                let after = opened.get(length..).unwrap_or("");
                let clean = after.trim_start().is_empty()
                    || after.starts_with(pair)
                    || after.trim_start().starts_with(pair);
                if !clean && self.wanted(&key) {
                    return Err("Text follows a quoted value: how it is read is not certain");
                }
                self.keep(&mut values, &key, held);
                rest = skip(after, pair);
            } else {
                let end = rest.find(pair).unwrap_or(rest.len());
                let value = rest.get(..end).unwrap_or("").to_owned();
                self.keep(&mut values, &key, value);
                rest = rest.get(end..).unwrap_or("");
            }
        }
    }

    fn wanted(&self, key: &str) -> bool {
        self.keys.iter().any(|k| k == key.trim())
    }

    /// A value goes on to the next key. Whether keys that are not asked for count is not documented: both
    /// readings must give the same.
    fn greedy(&self, pair: &str, between: &str, text: &str) -> Result<Values, &'static str> {
        if !self.quotes.is_empty() && self.quotes.iter().any(|(o, c)| text.contains([*o, *c])) {
            return Err("Quoted values in greedy mode are not supported");
        }
        // Where the keys stand: their beginning, their end, where the value begins.
        let mut places: Vec<(usize, usize, usize)> = Vec::new();
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|t| t.find(between)) {
            let at = from + at;
            let before = text.get(..at).unwrap_or("");
            let floor = places.last().map_or(0, |p| p.2);
            let region = before.get(floor..).unwrap_or("");
            let begin = match region.rfind(pair) {
                Some(found) => Some(floor + found + pair.len()),
                None => places.is_empty().then_some(0),
            };
            if let Some(begin) = begin {
                places.push((begin, at, at + between.len()));
            }
            from = at + between.len();
        }
        let read = |listed_only: bool| -> Values {
            let mut values = vec![None; self.keys.len()];
            let chosen: Vec<&(usize, usize, usize)> = places
                .iter()
                .filter(|(b, e, _)| !listed_only || self.wanted(text.get(*b..*e).unwrap_or("")))
                .collect();
            for (n, (begin, end, value)) in chosen.iter().enumerate() {
                let until = chosen.get(n + 1).map_or(text.len(), |next| next.0);
                let held = text.get(*value..until).unwrap_or("");
                let held = match chosen.get(n + 1) {
                    Some(_) => held.strip_suffix(pair).unwrap_or(held),
                    None => held,
                };
                let key = text.get(*begin..*end).unwrap_or("");
                self.keep(&mut values, key, held.trim().to_owned());
            }
            values
        };
        let all = read(false);
        if all != read(true) {
            return Err(
                "A key that is not asked for stands in the text: whether it ends a greedy value is not certain",
            );
        }
        Ok(all)
    }

    /// Letters and digits are keys and values, everything else parts them.
    fn loose(&self, text: &str) -> Result<Values, &'static str> {
        let mut values = vec![None; self.keys.len()];
        for (key, slot) in self.keys.iter().zip(values.iter_mut()) {
            let mut from = 0;
            while let Some(found) = text.get(from..).and_then(|t| t.find(key.as_str())) {
                let (begin, end) = (from + found, from + found + key.len());
                from = begin + key.chars().next().map_or(1, char::len_utf8);
                let before = text.get(..begin).and_then(|t| t.chars().next_back());
                let after = text.get(end..).and_then(|t| t.chars().next());
                if before == Some('_') || after == Some('_') {
                    return Err("A key stands beside `_`: whether that parts it is not certain");
                }
                let free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                if !free(before) || !free(after) || after.is_none() {
                    continue;
                }
                let rest = text.get(end..).unwrap_or("");
                let opens = |c: char| self.quotes.iter().any(|(o, _)| *o == c);
                let start = rest
                    .find(|c: char| c.is_alphanumeric() || opens(c))
                    .unwrap_or(rest.len());
                let rest = rest.get(start..).unwrap_or("");
                if let Some((held, _)) = self.quoted(rest) {
                    *slot = Some(held);
                } else {
                    let end = rest.find(|c: char| !c.is_alphanumeric());
                    let end = end.unwrap_or(rest.len());
                    if rest.get(end..).is_some_and(|r| r.starts_with('_')) {
                        return Err(
                            "A value stands beside `_`: whether that parts it is not certain",
                        );
                    }
                    *slot = Some(rest.get(..end).unwrap_or("").to_owned());
                }
                break;
            }
        }
        Ok(values)
    }
}

/// What follows the next separator of pairs.
fn skip<'t>(text: &'t str, pair: &str) -> &'t str {
    match text.find(pair) {
        Some(at) => text.get(at + pair.len()..).unwrap_or(""),
        None => "",
    }
}
