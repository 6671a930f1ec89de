//! `logs`: what each file was recognised as.

use super::input::{existing, shown, useless};
use super::output::{Answer, Stop, Style, count, stdout};
use super::{progress, text_table};
use crate::logs::{Dataset, LogFile};
use crate::value::time;
use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Log files, or folders with log files.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people.
    Text,
    /// One JSON array with an object for each file.
    Json,
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    existing(&arguments.paths)?;
    let data = progress::load(&arguments.paths);
    let mut out = stdout();
    match arguments.format {
        Format::Text => write_text(&mut out, &data)?,
        Format::Json => {
            let files: Vec<Json> = data.files().iter().map(file_json).collect();
            writeln!(out, "{}", Json::Array(files))?;
        }
    }
    out.flush()?;
    // No: a file that was asked about is no log.
    Ok(Answer::yes_if(useless(&data, &arguments.paths).is_none()))
}

fn write_text(out: &mut dyn Write, data: &Dataset) -> io::Result<()> {
    let style = Style::stdout();
    let headings = [
        "file",
        "form",
        "connector",
        "table",
        "events",
        "duplicates",
        "rejected",
        "first",
        "last",
    ]
    .map(str::to_owned);
    let rows: Vec<Vec<String>> = data
        .files()
        .iter()
        .map(|f| {
            vec![
                shown(&f.path),
                f.form.clone(),
                f.connector.clone(),
                f.table.clone(),
                f.events.to_string(),
                f.duplicates.to_string(),
                f.rejected.len().to_string(),
                f.first.map(time::format_short).unwrap_or_default(),
                f.last.map(time::format_short).unwrap_or_default(),
            ]
        })
        .collect();
    text_table::write(out, "", &headings, &rows, style)?;
    for file in data.files() {
        for note in &file.notes {
            writeln!(out, "{}: {note}", shown(&file.path))?;
        }
        for reject in &file.rejected {
            let place = match reject.line {
                0 => shown(&file.path),
                line => format!("{}:{line}", shown(&file.path)),
            };
            writeln!(out, "{}: {}", style.yellow(&place), reject.reason)?;
        }
    }
    writeln!(
        out,
        "{} in {}",
        count(data.event_count(), "event", "events"),
        count(data.files().len(), "file", "files"),
    )
}

fn file_json(file: &LogFile) -> Json {
    let rejected: Vec<Json> = file
        .rejected
        .iter()
        .map(|r| json!({"line": r.line, "reason": r.reason}))
        .collect();
    json!({
        "path": shown(&file.path),
        "form": file.form,
        "connector": file.connector,
        "table": file.table,
        "events": file.events,
        "duplicates": file.duplicates,
        "rejected": rejected,
        "first": file.first.map(time::format_datetime),
        "last": file.last.map(time::format_datetime),
        "notes": file.notes,
    })
}
