//! Finding words in an event: in the keys and values that are shown, whatever is folded, or in the text as written.

use super::document::Document;
use super::lines::{LONGEST, floor};
use super::read::Loaded;
use crate::task::CancelToken;
use regex::Regex;
use std::ops::Range;
use std::sync::Arc;

/// More are not counted.
pub const MOST: usize = 10_000;

/// What is looked for.
#[derive(Clone)]
pub struct Question {
    /// The event.
    pub loaded: Arc<Loaded>,
    /// The words, whatever their case.
    pub words: String,
    /// In the lines of values; else in the text as written.
    pub pretty: bool,
}

/// One place at which the words stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The value it is in, or the key of which it is in.
    pub node: Option<u32>,
}

/// Where the words were found.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The words.
    pub words: String,
    /// Whether the lines of values were searched.
    pub pretty: bool,
    /// The places, from the top.
    pub hits: Vec<Hit>,
}

/// The work of the thread.
pub fn work(question: Question, cancel: &CancelToken) -> Answer {
    let Question {
        loaded,
        words,
        pretty,
    } = question;
    let hits = match (&loaded.text, &loaded.document, pattern(&words)) {
        (Ok(_), Some(document), Some(pattern)) if pretty => in_values(document, &pattern, cancel),
        (Ok(text), _, Some(pattern)) => {
            let shown = text.get(..loaded.written.shown).unwrap_or_default();
            let mut hits = Vec::new();
            find(shown, 0, &pattern, None, &mut hits);
            hits
        }
        _ => Vec::new(),
    };
    Answer {
        words,
        pretty,
        hits,
    }
}

fn pattern(words: &str) -> Option<Regex> {
    let mut builder = regex::RegexBuilder::new(&regex::escape(words));
    let pattern = builder.case_insensitive(true).build();
    pattern.ok().filter(|_| !words.is_empty())
}

fn in_values(document: &Document, pattern: &Regex, cancel: &CancelToken) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (number, node) in document.nodes().iter().enumerate() {
        if hits.len() >= MOST || cancel.is_cancelled() {
            break;
        }
        let number = Some(number as u32);
        if let Some(key) = &node.key {
            find(document.slice(key), key.start, pattern, number, &mut hits);
        }
        if !node.is_container() {
            let text = document.slice(&node.value);
            let shown = text.get(..floor(text, LONGEST)).unwrap_or_default();
            find(shown, node.value.start, pattern, number, &mut hits);
        }
    }
    // Values come level by level, the lines from top to bottom.
    hits.sort_by_key(|hit| hit.range.start);
    hits
}

fn find(text: &str, base: usize, pattern: &Regex, node: Option<u32>, hits: &mut Vec<Hit>) {
    let room = MOST.saturating_sub(hits.len());
    let found = pattern.find_iter(text).take(room);
    hits.extend(found.map(|m| Hit {
        range: base + m.start()..base + m.end(),
        node,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_keys_and_values_from_top_to_bottom() {
        let text: Arc<str> = Arc::from(r#"{"a":{"Login":"x"},"b":"LOGIN, login","c":"a.b"}"#);
        let document = Document::parse(&text).unwrap();
        let found = |words: &str| -> Vec<(u32, String)> {
            let Some(pattern) = pattern(words) else {
                return Vec::new();
            };
            let hits = in_values(&document, &pattern, &CancelToken::new());
            let of = |hit: &Hit| (hit.node.unwrap(), text[hit.range.clone()].to_owned());
            hits.iter().map(of).collect()
        };
        let of = |node, text: &str| (node, text.to_owned());
        // Values by number: 1 is a, 2 is b, 3 is c, 4 is what a holds.
        assert_eq!(
            found("login"),
            [of(4, "Login"), of(2, "LOGIN"), of(2, "login")]
        );
        assert_eq!(found("a.b"), [of(3, "a.b")], "a dot is a dot");
        assert!(found("").is_empty() && found("nowhere").is_empty());
    }
}
