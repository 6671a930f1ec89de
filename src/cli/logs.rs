//! `logs`: what each file was recognised as.

use super::choices::Choices;
use super::input::{exact, existing, place, shown, tell_passed_over, useless};
use super::output::{Answer, Screen, Stop, Style, count, plain, stdout};
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

    #[command(flatten)]
    choices: Choices,

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
    let data = progress::load(
        &arguments.paths,
        &arguments.choices.options(&arguments.paths)?,
    );
    tell_passed_over(&arguments.paths);
    let mut out = stdout();
    match arguments.format {
        Format::Text => write_text(&mut Screen(&mut out), &data)?,
        Format::Json => {
            let files: Vec<Json> = data.files().iter().map(file_json).collect();
            writeln!(out, "{}", Json::Array(files))?;
        }
    }
    out.flush()?;
    // No: a file that was asked about is no log.
    let mut useless = useless(&data, &arguments.paths);
    Ok(Answer::yes_if(useless.next().is_none()))
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
                f.rejects().to_string(),
                f.first.map(time::format_short).unwrap_or_default(),
                f.last.map(time::format_short).unwrap_or_default(),
            ]
        })
        .collect();
    text_table::write(out, "", &headings, &rows, style)?;
    for file in data.files() {
        for note in &file.notes {
            writeln!(out, "{}: {}", shown(&file.path), plain(note))?;
        }
        for reject in &file.rejected {
            let place = style.yellow(&place(file, reject.line));
            writeln!(out, "{place}: {}", plain(&reject.reason))?;
        }
    }
    writeln!(
        out,
        "{} in {}, {} MB of memory",
        count(data.event_count(), "event", "events"),
        count(data.files().len(), "file", "files"),
        data.memory().div_ceil(1 << 20),
    )
}

fn file_json(file: &LogFile) -> Json {
    let rejected: Vec<Json> = file
        .rejected
        .iter()
        .map(|r| json!({"line": r.line, "reason": r.reason}))
        .collect();
    json!({
        "path": exact(&file.path),
        "size": file.size,
        "form": file.form,
        "connector": file.connector,
        "table": file.table,
        "events": file.events,
        "duplicates": file.duplicates,
        "sampled": file.sampled,
        "chosen": {"form": file.choice.form, "connector": file.choice.connector},
        "rejected": rejected,
        "rejects": file.rejects(),
        "first": file.first.map(time::format_datetime),
        "last": file.last.map(time::format_datetime),
        "notes": file.notes,
    })
}
