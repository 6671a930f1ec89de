//! `run`: matches of rules over logs.

use super::choices::Choices;
use super::input::{self, Clock, exact, shown};
use super::output::{Answer, Screen, Stop, Style, count, say, stdout};
use super::{report, text_table};
use crate::detect::{Alerts, Body, Match, Platform, Rule, Run, Runner};
use crate::logs::Dataset;
use crate::task::CancelToken;
use crate::value::time;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Rule files, or folders with rules.
    #[arg(value_name = "RULE", required = true)]
    rules: Vec<PathBuf>,

    /// Log files, or folders with log files.
    #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
    logs: Vec<PathBuf>,

    #[command(flatten)]
    choices: Choices,

    /// What `now()` sees, RFC 3339 [default: the end of the loaded logs].
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for people.
    Text,
    /// One JSON object per rule, one a line where there are several.
    Json,
    /// One JSON object per rule, one a line.
    Ndjson,
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    let rules = input::rules(&arguments.rules)?;
    if let Some(now) = &arguments.now {
        input::instant(now)?; // before the logs are read
    }
    let data = input::logs(&arguments.logs, &arguments.choices)?;
    let clock = input::clock(arguments.now.as_deref(), &data)?;
    tell_aliased(&rules, &data);
    let mut out = stdout();
    let mut answer = Ok(Answer::Yes);
    for rule in &rules {
        let run = Runner::new().run(rule, &data, clock.now, &CancelToken::new());
        let found = all_diagnostics(rule, &run);
        if answer.is_ok() && found.iter().any(|(_, d)| d.is_error()) {
            answer = report::answer(found.iter().map(|(_, d)| d));
        }
        match arguments.format {
            Format::Text => {
                out.flush()?;
                report::tell(rule, &found);
                write_text(&mut Screen(&mut out), rule, &run, clock, 40)?;
            }
            Format::Json | Format::Ndjson => {
                report::tell(rule, &found);
                writeln!(out, "{}", run_json(rule, &run, &data))?;
            }
        }
    }
    out.flush()?;
    answer
}

/// What was found on opening and on running, each once.
fn all_diagnostics(rule: &Rule, run: &Run) -> Vec<(PathBuf, crate::diagnostic::Diagnostic)> {
    let mut all = rule.diagnostics.clone();
    for found in &run.diagnostics {
        if !all.contains(found) {
            all.push(found.clone());
        }
    }
    all
}

/// A rule's matches as a table for people; more rows than `shown_rows` are only counted.
pub(super) fn write_text(
    out: &mut dyn Write,
    rule: &Rule,
    run: &Run,
    clock: Clock,
    shown_rows: usize,
) -> io::Result<()> {
    let style = Style::stdout();
    let matches = if run.failed() {
        style.red("did not run")
    } else {
        let text = count(run.matches.len(), "match", "matches");
        format!("{text} in {} ms", run.elapsed.as_millis())
    };
    writeln!(
        out,
        "{} ({}): {matches}",
        style.bold(rule.name()),
        rule.platform().name(),
    )?;
    writeln!(
        out,
        "{}",
        style.dim(&format!("  {} at {}", shown(&rule.path), clock.describe()))
    )?;
    if let Some(asked) = run.asked.filter(|asked| asked.asked < asked.events) {
        let words = format!(
            "  Python was asked about {} of {}: the others fail the rule's conditions",
            asked.asked,
            count(asked.events, "event", "events")
        );
        writeln!(out, "{}", style.dim(&words))?;
    }
    if let Some(seen) = period(rule, run.now) {
        writeln!(out, "{}", style.dim(&format!("  {seen}")))?;
    }
    if let Some(alerts) = run.alerts.as_ref().filter(|_| !run.matches.is_empty()) {
        writeln!(out, "  {}", alerts_text(alerts))?;
    }
    if !run.matches.is_empty() {
        let headings: Vec<String> = run.columns.iter().map(|(n, _)| n.clone()).collect();
        let rows: Vec<Vec<String>> = run
            .matches
            .iter()
            .take(shown_rows)
            .map(|m| m.row.iter().map(text_table::cell).collect())
            .collect();
        text_table::write(out, "  ", &headings, &rows, style)?;
        if let Some(more) = run.matches.len().checked_sub(shown_rows).filter(|m| *m > 0) {
            writeln!(
                out,
                "  … {more} more; `rulewright run {} --logs … --format ndjson` gives all",
                shown(&rule.path)
            )?;
        }
    }
    writeln!(out)
}

/// What a Sentinel run sees of the logs: `sees 2026-06-07 12:00:00 to 2026-06-08 12:00:00 (queryPeriod 1 d)`.
fn period(rule: &Rule, now: i64) -> Option<String> {
    let Body::Sentinel(sentinel) = &rule.body else {
        return None;
    };
    let period = sentinel.query_period?;
    Some(format!(
        "sees {} to {} (queryPeriod {})",
        time::format_short(now.saturating_sub(period)),
        time::format_short(now),
        in_units(period)
    ))
}

/// `1 d`, `1 h 30 min`
fn in_units(ticks: i64) -> String {
    let mut rest = ticks / (time::HOUR / 3600);
    let mut parts = Vec::new();
    for (seconds, unit) in [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")] {
        if rest >= seconds {
            parts.push(format!("{} {unit}", rest / seconds));
            rest %= seconds;
        }
    }
    parts.join(" ")
}

/// Says once that Panther rules meet another spelling of a detail key than the file has.
fn tell_aliased(rules: &[Rule], data: &Dataset) {
    if !rules.iter().any(|r| r.platform() == Platform::Panther) {
        return;
    }
    let notes = data
        .files()
        .iter()
        .flat_map(|f| f.notes.iter().map(move |n| (f, n)));
    for (file, note) in notes
        .filter(|(_, n)| n.contains("for Panther rules"))
        .take(1)
    {
        say(&format!("{}: {note}", shown(&file.path)));
    }
}

/// A rule's matches as the command line's contract has them.
fn run_json(rule: &Rule, run: &Run, data: &Dataset) -> Json {
    let columns: Vec<Json> = run
        .columns
        .iter()
        .map(|(name, ty)| json!({"name": name, "type": ty.name()}))
        .collect();
    let matches: Vec<Json> = run
        .matches
        .iter()
        .map(|one| match_json(run, one, data))
        .collect();
    let mut answer = json!({
        "rule": {
            "id": rule.id(),
            "name": rule.name(),
            "platform": rule.platform().name(),
            "path": exact(&rule.path),
        },
        "now": time::format_datetime(run.now),
        "columns": columns,
        "matches": matches,
        "alerts": run.alerts.as_ref().map(alerts_json),
        "elapsed_ms": milliseconds(run.elapsed),
        "diagnostics": report::diagnostics_json(rule, &all_diagnostics(rule, run)),
    });
    if let (Some(asked), Json::Object(members)) = (run.asked, &mut answer) {
        let counts = json!({"events": asked.events, "asked": asked.asked});
        members.insert("python".to_owned(), counts);
    }
    answer
}

/// The alerts that a Panther rule would raise; `matches` are places in the list of matches, from 0.
fn alerts_json(alerts: &Alerts) -> Json {
    let time = |ticks: Option<i64>| ticks.map(time::format_datetime);
    let raised: Vec<Json> = alerts
        .raised
        .iter()
        .map(|alert| {
            json!({
                "title": alert.title,
                "severity": alert.severity,
                "dedup": alert.dedup,
                "at": time(alert.raised),
                "first": time(alert.first),
                "last": time(alert.last),
                "matches": alert.matches,
                "unique": alert.unique,
            })
        })
        .collect();
    json!({
        "raised": raised,
        "below_threshold": alerts.below,
        "threshold": alerts.threshold,
        "period_minutes": alerts.period_minutes,
    })
}

/// `2 alerts (threshold 3 within 60 min); 1 group of matches stays below it`
fn alerts_text(alerts: &Alerts) -> String {
    let mut text = count(alerts.raised.len(), "alert", "alerts");
    if alerts.threshold > 1 {
        text.push_str(&format!(
            " (threshold {} within {} min)",
            alerts.threshold, alerts.period_minutes
        ));
    } else {
        text.push_str(&format!(
            " (matches with the same dedup string within {} min are one)",
            alerts.period_minutes
        ));
    }
    match alerts.below {
        0 => {}
        1 => text.push_str("; 1 group of matches stays below it"),
        many => text.push_str(&format!("; {many} groups of matches stay below it")),
    }
    text
}

/// Milliseconds with three decimals.
pub(super) fn milliseconds(elapsed: std::time::Duration) -> f64 {
    (elapsed.as_secs_f64() * 1e6).round() / 1e3
}

fn match_json(run: &Run, one: &Match, data: &Dataset) -> Json {
    let row: Map<String, Json> = run
        .columns
        .iter()
        .zip(&*one.row)
        .map(|((name, _), value)| (name.clone(), value.to_json()))
        .collect();
    let events: Vec<Json> = one
        .events
        .iter()
        .filter_map(|id| event_json(*id, data))
        .collect();
    let entities: Vec<Json> = one
        .entities
        .iter()
        .map(|entity| {
            let identifiers: Map<String, Json> = entity
                .identifiers
                .iter()
                .map(|(name, value)| (name.clone(), Json::from(value.as_str())))
                .collect();
            json!({"type": entity.entity_type, "identifiers": identifiers})
        })
        .collect();
    json!({
        "row": row,
        "events": events,
        "entities": entities,
        "title": one.title,
        "severity": one.severity,
        "dedup": one.dedup,
        "context": one.context,
    })
}

fn event_json(id: crate::value::EventId, data: &Dataset) -> Option<Json> {
    let event = data.event(id)?;
    let file = data.files().get(event.file)?;
    Some(json!({
        "log": file.connector,
        "table": event.table,
        "id": event.record_id,
        "file": exact(&file.path),
        "line": event.line,
    }))
}
