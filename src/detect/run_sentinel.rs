//! Runs a Sentinel rule: its query over the window of its period, its mappings over the result.

use super::entities::Mapper;
use super::window::Window;
use super::{Match, Rule, Run};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql;
use crate::logs::Dataset;
use crate::sentinel;
use crate::task::CancelToken;
use crate::value::{EventId, Table, Value};
use crate::yaml::{Document, Step};
use std::path::PathBuf;

/// Runs the rule at a clock, as its schedule would: rows after the clock, or further back than the
/// rule's `queryPeriod`, are not seen.
pub(super) fn run(
    rule: &Rule,
    sentinel: &sentinel::Rule,
    data: &Dataset,
    now: i64,
    cancel: &CancelToken,
) -> Run {
    let mut run = Run {
        now,
        ..Run::default()
    };
    let window = Window::new(data, now, period(sentinel));
    let options = kql::Options {
        cancel: cancel.clone(),
        ..kql::Options::at(now)
    };
    let output = match kql::run(&sentinel.query, &window, &options) {
        Ok(output) => output,
        Err(found) => {
            run.diagnostics = in_rule(rule, &sentinel.document, found);
            return run;
        }
    };
    run.diagnostics = in_rule(rule, &sentinel.document, output.diagnostics);
    run.stages = output.stages;
    for stage in &mut run.stages {
        stage.span = in_document(&sentinel.document, stage.span);
    }
    let table = output.table;
    run.columns = table.schema().map(|(n, t)| (n.to_owned(), t)).collect();
    let names: Vec<&str> = table.names.iter().map(String::as_str).collect();
    match Mapper::bind(sentinel, &names) {
        Ok(mapper) => run.matches = matches(sentinel, &table, &mapper, data),
        Err(wrong) => run
            .diagnostics
            .extend(wrong.into_iter().map(|d| (rule.path.clone(), d))),
    }
    run
}

fn matches(rule: &sentinel::Rule, table: &Table, mapper: &Mapper, data: &Dataset) -> Vec<Match> {
    let overrides = Overrides::of(rule);
    (0..table.rows)
        .map(|row| Match {
            row: table.row(row),
            events: in_time_order(table.lineage.as_ref().map_or(&[], |l| l.row(row)), data),
            entities: mapper.of_row(table, row),
            title: overrides.title(rule, table, row),
            severity: overrides.severity(rule, table, row),
            dedup: None,
            context: None,
        })
        .collect()
}

/// Events without repeats in the order of their times; events without a time first.
pub(super) fn in_time_order(events: &[EventId], data: &Dataset) -> Vec<EventId> {
    let mut timed: Vec<(Option<i64>, EventId)> = events
        .iter()
        .map(|&id| (data.event(id).and_then(|e| e.time), id))
        .collect();
    timed.sort_unstable();
    timed.dedup();
    timed.into_iter().map(|(_, id)| id).collect()
}

/// `alertDetailsOverride`: a title with `{{column}}` in it, a column that holds the severity.
struct Overrides<'a> {
    title: Option<&'a str>,
    severity_column: Option<&'a str>,
}

impl<'a> Overrides<'a> {
    fn of(rule: &'a sentinel::Rule) -> Self {
        let details = rule.document.value().get("alertDetailsOverride");
        let text = |key: &str| details?.get(key)?.as_str();
        Self {
            title: text("alertDisplayNameFormat"),
            severity_column: text("alertSeverityColumnName"),
        }
    }

    /// The rule's name where there is no format, or where one of its columns is missing or empty.
    fn title(&self, rule: &sentinel::Rule, table: &Table, row: usize) -> String {
        self.title
            .and_then(|format| fill(format, |name| cell(table, name, row)))
            .unwrap_or_else(|| rule.name.clone())
    }

    fn severity(&self, rule: &sentinel::Rule, table: &Table, row: usize) -> String {
        const SEVERITIES: [&str; 4] = ["Informational", "Low", "Medium", "High"];
        self.severity_column
            .and_then(|name| cell(table, name, row))
            .and_then(|value| SEVERITIES.iter().find(|s| s.eq_ignore_ascii_case(&value)))
            .map_or_else(|| rule.severity.clone(), |s| (*s).to_owned())
    }
}

fn cell(table: &Table, name: &str, row: usize) -> Option<String> {
    let value: Value = table.column(name)?.value(row);
    Some(value.display()).filter(|v| !v.is_empty())
}

/// Puts values in the place of `{{name}}`; none where one has no value.
fn fill(format: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        text.push_str(before);
        text.push_str(&value(name.trim())?);
        rest = tail;
    }
    text.push_str(rest);
    Some(text)
}

fn in_rule(rule: &Rule, document: &Document, found: Vec<Diagnostic>) -> Vec<(PathBuf, Diagnostic)> {
    found
        .into_iter()
        .map(|mut d| {
            d.span = Some(match d.span {
                Some(span) => in_document(document, span),
                None => query_span(document),
            });
            (rule.path.clone(), d)
        })
        .collect()
}

/// The place in the rule's text of a place in its query.
pub(super) fn in_document(document: &Document, span: Span) -> Span {
    let path = [Step::Key("query".into())];
    let Some(start) = document.offset_in_text(&path, span.start) else {
        return query_span(document);
    };
    // The end of a span at the end of a line would map to the next line's first letter: map its last one.
    let query = document.value().get("query").and_then(|q| q.as_str());
    let last = query
        .and_then(|q| q.get(span.start..span.end))
        .and_then(|text| text.char_indices().next_back());
    let end = last.and_then(|(at, letter)| {
        Some(document.offset_in_text(&path, span.start + at)? + letter.len_utf8())
    });
    Span::new(start, end.unwrap_or(start).max(start))
}

fn query_span(document: &Document) -> Span {
    document
        .span(&[Step::Key("query".into())])
        .unwrap_or_default()
}

/// `queryPeriod` in ticks; none where it is absent (NRT) or cannot be read.
fn period(rule: &sentinel::Rule) -> Option<i64> {
    rule.document
        .value()
        .get("queryPeriod")
        .and_then(|v| v.as_str())
        .and_then(super::schedule::parse_period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_filled_or_given_up() {
        let value = |name: &str| (name == "User").then(|| "maya".to_owned());
        assert_eq!(fill("By {{ User }}!", value).as_deref(), Some("By maya!"));
        assert_eq!(fill("By {{Nobody}}", value), None);
        assert_eq!(fill("By {{User", value).as_deref(), Some("By {{User"));
        assert_eq!(fill("Plain", value).as_deref(), Some("Plain"));
    }
}
