//! `logs`: what each file was recognised as.

use super::input::{connectors, exact, existing, place, shown, tell_passed_over, useless};
use super::output::{Answer, Screen, Stop, Style, count, plain, stdout};
use super::{progress, text_table};
use crate::logs::{Dataset, Duplicates, LogFile, Options, Over};
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

    /// Reads a file as lying in this form instead of the one it is recognised as: `ndjson`, `json`, `csv` …
    #[arg(long, value_name = "FILE=FORM")]
    form: Vec<String>,

    /// Gives all records of a file to this connector, whether it recognises them or not.
    #[arg(long, value_name = "FILE=CONNECTOR")]
    connector: Vec<String>,

    /// What becomes of an event that an earlier file gave as well.
    #[arg(long, value_enum, default_value_t = Repeats::Once)]
    duplicates: Repeats,

    /// At most so much memory for what is loaded; a file that would not fit is refused, or see --sample.
    #[arg(long, value_name = "MB")]
    memory: Option<u64>,

    /// Of a file that would not fit into --memory: `first` loads its first records, a number `N` every N-th.
    #[arg(long, value_name = "first|N", requires = "memory")]
    sample: Option<String>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Repeats {
    /// It is counted once, as the earlier file's.
    Once,
    /// It is counted each time.
    Each,
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
    let data = progress::load(&arguments.paths, &options(&arguments)?);
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

/// What the person chose.
fn options(arguments: &Arguments) -> Result<Options, Stop> {
    let mut options = Options {
        connectors: connectors(&arguments.paths),
        ..Options::default()
    };
    let split = |text: &String| -> Result<(PathBuf, String), Stop> {
        let (file, chosen) = text
            .rsplit_once('=')
            .ok_or_else(|| Stop::Cannot(format!("'{text}' names no file: write FILE=NAME")))?;
        Ok((PathBuf::from(file), chosen.to_owned()))
    };
    for text in &arguments.form {
        let (file, form) = split(text)?;
        options.choices.entry(file).or_default().form = Some(form);
    }
    for text in &arguments.connector {
        let (file, connector) = split(text)?;
        options.choices.entry(file).or_default().connector = Some(connector);
    }
    if arguments.duplicates == Repeats::Each {
        options.duplicates = Duplicates::Each;
    }
    options.memory.bound = arguments.memory.map(|mb| mb.saturating_mul(1 << 20));
    options.memory.over = match arguments.sample.as_deref() {
        None => Over::Refuse,
        Some("first") => Over::First,
        Some(text) => match text.parse() {
            Ok(n @ 1..) => Over::Every(n),
            _ => {
                let message = format!("'{text}' is no sample: write `first` or a number from 1");
                return Err(Stop::Cannot(message));
            }
        },
    };
    Ok(options)
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
