//! `query`: ad-hoc KQL over logs and tables.

use super::choices::Choices;
use super::output::{Answer, Stop, Style, count, stdout};
use super::{batch, csv, input, report, run, table_file, text_table};
use crate::diagnostic::LineIndex;
use crate::kql::{self, Output};
use crate::logs::{Beside, Dataset};
use crate::value::{Table, time};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value as Json, json};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The query; `-` reads it from stdin.
    #[arg(
        value_name = "KQL",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    query: Option<String>,

    /// Log files, or folders with log files.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    logs: Vec<PathBuf>,

    #[command(flatten)]
    choices: Choices,

    /// A table from a file of JSON records or CSV with a header.
    #[arg(long = "table", value_name = "NAME=FILE", value_parser = table_file::parse)]
    tables: Vec<(String, PathBuf)>,

    /// What `now()` sees, RFC 3339 [default: the end of the loaded logs, else this moment].
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,

    /// Answers requests {"id","kql"} on stdin, one a line, with one line each; "check": true only checks.
    #[arg(long)]
    batch: bool,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people.
    Text,
    /// One JSON object: now, columns, rows.
    Json,
    /// One JSON object per row, one a line.
    Ndjson,
    /// Comma-separated values with a header.
    Csv,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command gives the clock to the engine"
)]
pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    let data = data(&arguments)?;
    let now = match (&arguments.now, data.end()) {
        (Some(text), _) => input::instant(text)?,
        (None, Some(end)) => end,
        (None, None) => time::from_chrono(chrono::Utc::now()),
    };
    let Some(query) = arguments.query else {
        return batch::run(&data, now);
    };
    let (name, query) = if query == "-" {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .map_err(|e| Stop::Cannot(format!("stdin cannot be read: {e}")))?;
        ("<stdin>", text)
    } else {
        ("<query>", query)
    };
    // Watchlists and external data of the folder the person stands in.
    let here = std::path::absolute(".").unwrap_or_default();
    let begun = Instant::now();
    let lines = LineIndex::new(&query);
    let options = kql::Options {
        lineage: false,
        ..kql::Options::at(now)
    };
    let beside = Beside::new(&here, data.as_ref());
    match kql::run(&query, &beside, &options) {
        Ok(output) => {
            for d in &output.diagnostics {
                report::tell_one(d, name, &lines);
            }
            let mut out = stdout();
            write(&mut out, arguments.format, &output, now, begun.elapsed())?;
            out.flush()?;
            Ok(Answer::Yes)
        }
        Err(found) => {
            for d in &found {
                report::tell_one(d, name, &lines);
            }
            report::answer(&found)
        }
    }
}

fn data(arguments: &Arguments) -> Result<Arc<Dataset>, Stop> {
    let data = input::logs(&arguments.logs, &arguments.choices)?;
    if arguments.tables.is_empty() {
        return Ok(data);
    }
    let mut data = Arc::unwrap_or_clone(data);
    for (name, file) in &arguments.tables {
        data = data.with_table(name, table_file::load(file)?);
    }
    Ok(Arc::new(data))
}

fn write(
    out: &mut dyn Write,
    format: Format,
    output: &Output,
    now: i64,
    elapsed: Duration,
) -> io::Result<()> {
    let table = &output.table;
    match format {
        Format::Text => write_text(out, table, now, elapsed),
        Format::Json => {
            let rows: Vec<Json> = (0..table.rows).map(|row| row_json(table, row)).collect();
            let answer = json!({
                "now": time::format_datetime(now),
                "columns": columns_json(table),
                "rows": rows,
                "elapsed_ms": run::milliseconds(elapsed),
            });
            writeln!(out, "{answer}")
        }
        Format::Ndjson => {
            for row in 0..table.rows {
                let object: Map<String, Json> = table
                    .names
                    .iter()
                    .zip(table.row(row))
                    .map(|(name, value)| (name.clone(), value.to_json()))
                    .collect();
                writeln!(out, "{}", Json::Object(object))?;
            }
            Ok(())
        }
        Format::Csv => {
            csv::write_record(out, table.names.iter().cloned())?;
            for row in 0..table.rows {
                csv::write_record(out, table.row(row).iter().map(|v| v.display()))?;
            }
            Ok(())
        }
    }
}

fn write_text(out: &mut dyn Write, table: &Table, now: i64, elapsed: Duration) -> io::Result<()> {
    let style = Style::stdout();
    let rows: Vec<Vec<String>> = (0..table.rows)
        .map(|row| table.row(row).iter().map(text_table::cell).collect())
        .collect();
    text_table::write(out, "", &table.names, &rows, style)?;
    let summary = format!(
        "{} in {} ms, now() is {} UTC",
        count(table.rows, "row", "rows"),
        elapsed.as_millis(),
        time::format_short(now)
    );
    writeln!(out, "{}", style.dim(&summary))
}

/// Names and types of a table's columns.
pub(super) fn columns_json(table: &Table) -> Json {
    Json::Array(
        table
            .schema()
            .map(|(name, ty)| json!({"name": name, "type": ty.name()}))
            .collect(),
    )
}

/// The values of a row.
pub(super) fn row_json(table: &Table, row: usize) -> Json {
    Json::Array(table.row(row).iter().map(|v| v.to_json()).collect())
}
