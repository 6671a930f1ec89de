//! Runs a Sentinel rule: its query over the window of its period, its mappings over the result.

use super::entities::Mapper;
use super::window::Window;
use super::{Match, Rule, Run};
use crate::diagnostic::Diagnostic;
use crate::kql;
use crate::logs::{Beside, Dataset};
use crate::sentinel;
use crate::task::CancelToken;
use crate::value::{EventId, Table};
use std::path::{Path, PathBuf};

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
    let output = match query(&rule.path, sentinel, data, now, None, cancel) {
        Ok(output) => output,
        Err(found) => {
            run.diagnostics = in_rule(rule, sentinel, found);
            return run;
        }
    };
    run.diagnostics = in_rule(rule, sentinel, output.diagnostics);
    run.render = output.render;
    run.stages = output.stages;
    for stage in &mut run.stages {
        stage.span = sentinel.query_span(stage.span);
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

/// Runs the rule's query as its schedule would; the rows of a stage are kept where they are asked for.
pub(super) fn query(
    path: &Path,
    rule: &sentinel::Rule,
    data: &Dataset,
    now: i64,
    keep: Option<kql::Keep>,
    cancel: &CancelToken,
) -> Result<kql::Output, Vec<Diagnostic>> {
    let beside = Beside::new(path, data);
    let window = Window::new(&beside, now, rule.query_period);
    let options = kql::Options {
        cancel: cancel.clone(),
        keep,
        ..kql::Options::at(now)
    };
    kql::run(&rule.query, &window, &options)
}

fn matches(rule: &sentinel::Rule, table: &Table, mapper: &Mapper, data: &Dataset) -> Vec<Match> {
    (0..table.rows)
        .map(|row| {
            let cell = |name: &str| Some(table.column(name)?.value(row).display());
            (row, rule.alert_title(cell), rule.alert_severity(cell))
        })
        .map(|(row, title, severity)| Match {
            row: table.row(row).into(),
            events: in_time_order(table.lineage.as_ref().map_or(&[], |l| l.row(row)), data),
            entities: mapper.of_row(table, row).into(),
            title: title.into(),
            severity: severity.into(),
            ..Match::default()
        })
        .collect()
}

/// Events without repeats in the order of their times; events without a time first.
pub(super) fn in_time_order(events: &[EventId], data: &Dataset) -> Vec<EventId> {
    let mut timed: Vec<(Option<i64>, EventId)> =
        events.iter().map(|&id| (data.event_time(id), id)).collect();
    timed.sort_unstable();
    timed.dedup();
    timed.into_iter().map(|(_, id)| id).collect()
}

fn in_rule(
    rule: &Rule,
    sentinel: &sentinel::Rule,
    found: Vec<Diagnostic>,
) -> Vec<(PathBuf, Diagnostic)> {
    found
        .into_iter()
        .map(|d| (rule.path.clone(), sentinel.query_diagnostic(d)))
        .collect()
}
