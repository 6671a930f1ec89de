//! Tests on text over columns: once per distinct value where the column has a dictionary.

use super::datum::{Datum, small_dictionary};
use super::terms::Matcher;
use super::{Runtime, Stop, bits, chunks, convert};
use crate::kql::syntax::tree::TextTest;
use crate::task::CancelToken;
use crate::value::{Column, Type, Value};
use arrow_array::{Array, BooleanArray};
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Compiled patterns that are kept; each may take some megabytes.
const MOST_REGEXES: usize = 64;

/// Compiled regular expressions of a run.
#[derive(Default)]
pub struct RegexCache(Mutex<HashMap<String, Option<Arc<Regex>>>>);

impl RegexCache {
    /// The compiled form; none where the pattern is wrong. Shared: a copy would begin without working memory.
    pub fn get(&self, pattern: &str) -> Option<Arc<Regex>> {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = cache.get(pattern) {
            return known.clone();
        }
        if cache.len() >= MOST_REGEXES {
            cache.clear();
        }
        let made = compile(pattern).ok().map(Arc::new);
        cache.insert(pattern.to_owned(), made.clone());
        made
    }
}

/// Compiles a pattern of the platform's dialect (that of the `regex` crate).
///
/// # Errors
/// What is wrong with it, in words.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    regex::RegexBuilder::new(pattern)
        .size_limit(4 << 20)
        .dfa_size_limit(8 << 20)
        .build()
        .map_err(|e| match e {
            regex::Error::Syntax(text) => text
                .lines()
                .last()
                .unwrap_or("it cannot be read")
                .trim_start_matches("error: ")
                .to_owned(),
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            other => other.to_string(),
        })
}

/// What a dynamic cell looks like to an operator on text: a string unquoted, an array or bag as compact JSON.
pub fn dynamic_text(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim();
    if trimmed.contains('\\') {
        return match serde_json::from_str::<serde_json::Value>(trimmed) {
            Ok(json) => Cow::Owned(convert::text(&Value::Dynamic(Arc::new(json))).to_string()),
            Err(_) => Cow::Borrowed(raw),
        };
    }
    if let Some(inner) = trimmed.strip_prefix('"') {
        return match inner.strip_suffix('"') {
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Borrowed(raw),
        };
    }
    if trimmed == "null" {
        return Cow::Borrowed("");
    }
    if !trimmed.contains([' ', '\t', '\n', '\r']) {
        return Cow::Borrowed(trimmed);
    }
    let mut compact = String::with_capacity(trimmed.len());
    let mut quoted = false;
    for c in trimmed.chars() {
        if c == '"' {
            quoted = !quoted;
        }
        if quoted || !c.is_ascii_whitespace() {
            compact.push(c);
        }
    }
    Cow::Owned(compact)
}

/// Tests every row of a column's text. Null rows are tested as `""`.
///
/// # Errors
/// When cancelled.
pub fn test_column(
    column: &Column,
    cancel: &CancelToken,
    test: impl Fn(&str, &mut String) -> bool + Sync,
) -> Result<BooleanArray, Stop> {
    let dynamic = column.ty == Type::Dynamic;
    let of = |text: Option<&str>, room: &mut String| match text {
        Some(text) if dynamic => test(&dynamic_text(text), room),
        Some(text) => test(text, room),
        None => test("", room),
    };
    if let Some((dictionary, values)) = small_dictionary(column) {
        let each = chunks::map(values.len(), cancel, |block| {
            let mut room = String::new();
            let mut one = |at: usize| {
                let text = (!values.is_null(at)).then(|| values.value(at));
                Some(of(text, &mut room))
            };
            block.map(&mut one).collect::<Vec<_>>()
        })?;
        let null = Some(of(None, &mut String::new()));
        return Ok(bits::spread(&each.concat(), null, dictionary.keys()));
    }
    let text = matches!(
        column.ty,
        Type::String | Type::Dynamic | Type::Guid | Type::Decimal
    );
    let blocks = chunks::map(column.len(), cancel, |block| {
        let mut room = String::new();
        let mut one = |row: usize| {
            if text {
                of(
                    (!column.array.is_null(row)).then(|| column.text(row)),
                    &mut room,
                )
            } else {
                test(&convert::text(&column.value(row)), &mut room)
            }
        };
        block.map(&mut one).collect::<Vec<bool>>()
    })?;
    Ok(BooleanArray::from(blocks.concat()))
}

/// `left test right`, where the right side is usually one value.
pub fn test(
    which: TextTest,
    case: bool,
    negated: bool,
    left: &Datum,
    right: &Datum,
    rows: usize,
    runtime: &Runtime,
) -> Datum {
    let run = |needle: &str, text: &str| -> bool {
        let found = match which {
            TextTest::Regex => runtime
                .regexes
                .get(needle)
                .is_some_and(|r| r.is_match(text)),
            _ => Matcher::new(which, case, needle).matches(text),
        };
        found != negated
    };
    match (left, right) {
        (Datum::Const(a, _), Datum::Const(b, _)) => {
            let truth = run(&convert::text(b), &convert::text(a));
            Datum::Const(Value::Bool(truth), Type::Bool)
        }
        (Datum::Column(column), Datum::Const(b, _)) => {
            let needle = convert::text(b);
            let cancel = &runtime.options.cancel;
            let made = if which == TextTest::Regex {
                let regex = runtime.regexes.get(&needle);
                test_column(column, cancel, |t, _| {
                    regex.as_ref().is_some_and(|r| r.is_match(t)) != negated
                })
            } else {
                let matcher = Matcher::new(which, case, &needle);
                test_column(column, cancel, |t, room| {
                    matcher.matches_in(t, room) != negated
                })
            };
            // Who cancelled is told so by the check that follows.
            made.map_or(Datum::Const(Value::Null, Type::Bool), Datum::bools)
        }
        _ => {
            let array: BooleanArray = (0..rows)
                .map(|row| {
                    let (a, b) = (left.value(row), right.value(row));
                    Some(run(&convert::text(&b), &convert::text(&a)))
                })
                .collect();
            Datum::bools(array)
        }
    }
}
