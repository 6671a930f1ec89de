//! The shapes in which records lie in a text. A form is recognised by content; one file each.
//!
//! | form | file | shape |
//! |---|---|---|
//! | `ndjson` | `lines` | one JSON object a line |
//! | `json_array` | `array` | `[{…}, …]` |
//! | `json_object` | `documents` | whole JSON objects, over several lines |
//! | `api_envelope` | `envelope` | `{"object":"list","data":[…],"has_more":…}`, pages back to back or one a line |
//! | `log_analytics_query_api` | `query_api` | `{"tables":[{"name","columns":[{"name","type"}],"rows":[[…]]}]}` |
//! | `kusto_v1`, `kusto_v2` | `kusto` | `{"Tables":[…]}`, `[{"FrameType":…},…]` |
//! | `wrapped_list`, `elastic_search_response` | `lists` | a document whose one list holds the records |
//! | `csv`, `portal_csv` | `csv` | CSV with a header; rows of a portal's download |
//! | `panther_rule_test` | `panther_tests` | the test logs of a Panther rule file |
//! | `parquet` | `lines` | rows of a Parquet file, which [`super::parquet`] makes lines |
//!
//! What a *record* means (a raw event, a row of a platform's table, a wrapped event) is told by [`super::shapes`].

mod array;
mod csv;
mod documents;
mod envelope;
mod judge;
mod kusto;
pub(super) mod lines;
mod lists;
mod panther_tests;
mod query_api;

use super::Reject;
use super::assemble::PARQUET;
use super::scan;
use crate::value::Type;
use std::ops::Range;
use std::sync::Arc;

pub(super) use csv::record as csv_record;
pub(super) use judge::Judge;
pub(super) use panther_tests::read as read_yaml;

/// How the text of a record is to be read.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    /// A JSON object; on a line of its own it may also be a whole page or list of records.
    Line,
    /// A JSON object.
    Object,
    /// A JSON array of cells in the order of these columns.
    Row(Arc<Vec<(String, Type)>>),
    /// A CSV record of cells in the order of these columns.
    Csv(Arc<csv::Columns>),
    /// A mapping in YAML.
    Yaml,
    /// The event is inside what is read like this, in these members from outside in.
    Inside(Arc<(Reading, Vec<&'static str>)>),
}

impl Reading {
    /// Whether records are read in the same way.
    pub fn is_same(&self, other: &Reading) -> bool {
        match (self, other) {
            (Reading::Row(a), Reading::Row(b)) => Arc::ptr_eq(a, b) || a == b,
            (Reading::Csv(a), Reading::Csv(b)) => Arc::ptr_eq(a, b) || a == b,
            (Reading::Inside(a), Reading::Inside(b)) => a.1 == b.1 && a.0.is_same(&b.0),
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}

/// Where a record lies.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Where that text begins in the file, where it is a part of one.
    pub base: u64,
    /// The line at which it begins, from 1.
    pub line: usize,
    /// How it is to be read.
    pub reading: Reading,
}

/// What a text was cut into.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// The form, by the names above; `mixed` for several.
    pub form: &'static str,
    /// The records, in the order of the text.
    pub found: Vec<Found>,
    /// Pieces that are no records.
    pub rejects: Vec<Reject>,
    /// Remarks.
    pub notes: Vec<String>,
    /// Bytes that were walked to see whether a list holds records, behind damaged ones.
    walked: usize,
}

impl Split {
    fn named(&mut self, form: &'static str) {
        if self.form.is_empty() || self.form == form {
            self.form = form;
        } else {
            self.form = "mixed";
        }
    }

    fn reject(&mut self, text: &[u8], line: usize, at: usize, reason: impl Into<String>) {
        self.rejects.push(Reject {
            line,
            reason: reason.into(),
            excerpt: excerpt(text.get(at..).unwrap_or_default()),
        });
    }

    /// Takes the elements of an array of records.
    fn take(
        &mut self,
        text: &[u8],
        elements: Vec<scan::Element>,
        lines: &mut scan::Lines<'_>,
        reading: &Reading,
    ) {
        for element in elements {
            match element {
                scan::Element::Value(range) => {
                    let line = lines.at(range.start);
                    self.found.push(Found {
                        range,
                        base: 0,
                        line,
                        reading: reading.clone(),
                    });
                }
                scan::Element::Damaged(at, reason) => {
                    let line = lines.at(at);
                    self.reject(text, line, at, reason);
                }
            }
        }
    }
}

/// The first characters of a record on one line.
pub(super) fn excerpt(record: &[u8]) -> String {
    const LENGTH: usize = 80;
    let head = record.get(..LENGTH * 4).unwrap_or(record);
    let text = String::from_utf8_lossy(head);
    let mut short: String = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LENGTH)
        .collect();
    if short.len() < text.trim().len() || head.len() < record.len() {
        short.push('…');
    }
    short
}

/// Cuts a text into records, in the form that a person chose, else in the one it is recognised as. Never fails: what
/// is no record is among the rejects.
pub(super) fn split(text: &[u8], start: usize, form: Option<&str>, judge: Judge<'_>) -> Split {
    let first = scan::skip_space(text, start);
    if first >= text.len() {
        let mut split = Split::default();
        split.reject(text, 1, first, "the file is empty");
        return split;
    }
    match form {
        Some("ndjson") => return lines::split(text, start),
        Some(PARQUET) => {
            let mut split = lines::split(text, start);
            split.form = PARQUET;
            return split;
        }
        Some("json") => return documents::split(text, first, judge),
        Some("csv") => return csv::split(text, start),
        _ => {}
    }
    if lines::recognise(text, start) {
        return lines::split(text, start);
    }
    if matches!(text.get(first), Some(b'{' | b'[')) {
        return documents::split(text, first, judge);
    }
    if panther_tests::recognise(text, first) {
        return panther_tests::split(text, first);
    }
    if !is_markup(text, first) && csv::recognise(text, start) {
        return csv::split(text, start);
    }
    let mut split = Split::default();
    let line = scan::Lines::new(text, 1).at(first);
    split.reject(text, line, first, foreign(text, first));
    split
}

/// Whether a text that begins like this, up to a line end, may be a log: JSON, or CSV with a header.
pub(super) fn may_be_log(head: &[u8]) -> bool {
    let first = scan::skip_space(head, 0);
    let second = head.get(scan::skip_space(head, first + 1));
    match head.get(first) {
        None => false,
        Some(b'{') => matches!(second, Some(b'"' | b'}')),
        Some(b'[') => matches!(second, Some(b'{' | b'[' | b'"' | b']')),
        Some(_) => !is_markup(head, first) && csv::recognise(head, 0),
    }
}

/// The records of one line that holds more than one (a page, a list); none where it is a plain object.
pub(super) fn open_line(
    text: &[u8],
    range: &Range<usize>,
    line: usize,
    judge: Judge<'_>,
) -> Option<Split> {
    let text = text.get(..range.end)?;
    let at = scan::skip_space(text, range.start);
    let mut split = Split::default();
    let mut lines = scan::Lines::new(text, line);
    // All of it stands on one line: the count must not start over from the top of the text.
    lines.skip_to(at);
    documents::one(text, at, judge, &mut lines, &mut split);
    (split.form != "json_object").then_some(split)
}

/// Whether a text is XML, HTML or YAML, which may have commas as well, or no text.
fn is_markup(text: &[u8], first: usize) -> bool {
    let head = text.get(first..).unwrap_or_default();
    head.starts_with(b"<")
        || head.starts_with(b"---")
        || head.starts_with(b"%YAML")
        || is_binary(head)
}

/// Whether a text that begins like this is none: among its first bytes are more NUL bytes than slip into a log.
fn is_binary(head: &[u8]) -> bool {
    const HEAD: usize = 4096;
    const FEW: usize = 2;
    let head = head.get(..HEAD).unwrap_or(head);
    let count = head.iter().filter(|b| **b == 0).count();
    count > FEW && count > head.len() / 64
}

/// Says what a text is that is no JSON.
fn foreign(text: &[u8], first: usize) -> String {
    let head = text.get(first..).unwrap_or_default();
    if is_binary(head) {
        return "not a log file: binary data".to_owned();
    }
    let head = String::from_utf8_lossy(head.get(..4096).unwrap_or(head));
    let line = head.lines().next().unwrap_or("");
    if line.starts_with('<') {
        return "not JSON: this looks like XML or HTML".to_owned();
    }
    if line.starts_with("---") || line.starts_with("%YAML") || is_mapping(&head) {
        return "not JSON: this looks like YAML".to_owned();
    }
    if csv::without_header(text, first) {
        return "this looks like CSV without a header: put a line with the names of the columns above the rows"
            .to_owned();
    }
    if line.contains(' ') && !line.starts_with(['{', '[', '"']) {
        return "lines of text: a log file holds records, as JSON, CSV or Parquet".to_owned();
    }
    "not JSON: a log file begins with `{` or `[`".to_owned()
}

/// Whether a text begins as a mapping of YAML does: keys of one word, each on its line. A line of a syslog file has a
/// colon as well, behind several words.
fn is_mapping(head: &str) -> bool {
    let key = |line: &str| {
        let (key, value) = line.split_once(':')?;
        let word = !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || c == ',');
        Some(word && (value.is_empty() || value.starts_with(' ')))
    };
    let written = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let within = |line: &str| line.starts_with([' ', '-']);
    let mut lines = head.lines().filter(written).take(8);
    lines.next().and_then(key) == Some(true)
        && lines.all(|line| within(line) || key(line) == Some(true))
}
