//! `check`: what is wrong with rule files, for a target.

mod github;
mod json;
mod sarif;
mod text;

use super::choices::Choices;
use super::input::{self, in_words, shown};
use super::output::{Answer, Screen, Stop, count, say, stdout};
use super::progress;
use crate::check::{self, Checked, Context, Schemas, Source, Target};
use crate::detect::{Disk, Opener};
use crate::diagnostic::{LineIndex, Severity, Span};
use crate::logs::Dataset;
use crate::task::{CancelToken, Progress, in_threads};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Rule files, or folders with rules.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Where the rules are to go; without it each is held against the dialect it is written in.
    #[arg(long, value_enum)]
    target: Option<Given>,

    /// The columns of further tables: CSV with the headings TableName, ColumnName and ColumnType, or what `getschema`
    /// answered, in a file that is named as the table. Tables that are in
    /// no schema are not errors, and their columns are not checked.
    #[arg(long, value_name = "FILE")]
    schema: Vec<PathBuf>,

    /// Log files or folders: adds hints that only data can show.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    logs: Vec<PathBuf>,

    #[command(flatten)]
    choices: Choices,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A target, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Given {
    /// Microsoft Sentinel itself: what its API refuses.
    Service,
    /// The public repository Azure/Azure-Sentinel: what its CI refuses.
    AzureSentinel,
    /// Sentinel-as-Code and its toolkit.
    SentinelAsCode,
    /// Panther and its command-line tool.
    Panther,
}

impl Given {
    fn target(self) -> Target {
        match self {
            Given::Service => Target::Service,
            Given::AzureSentinel => Target::AzureSentinel,
            Given::SentinelAsCode => Target::SentinelAsCode,
            Given::Panther => Target::Panther,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people.
    Text,
    /// One JSON array.
    Json,
    /// SARIF 2.1.0, which code scanning services show.
    Sarif,
    /// Commands that GitHub Actions shows beside the lines.
    Github,
}

pub(super) fn run(arguments: Arguments) -> Result<Answer, Stop> {
    input::existing(&arguments.paths)?;
    let loaded = match arguments.logs.is_empty() {
        true => None,
        false => Some(input::logs(&arguments.logs, &arguments.choices)?),
    };
    let dataset = match &loaded {
        Some(data) => Arc::clone(data),
        // The tables of a person's own connectors are there, empty.
        None => Arc::new(Dataset::from_sources_with(
            Vec::new(),
            &input::connectors(&arguments.paths),
            &CancelToken::new(),
            &Progress::new(),
        )),
    };
    let mut tables = Schemas::new(dataset.as_ref());
    for path in &arguments.schema {
        let unreadable = |why: &str| Stop::Cannot(format!("{}: {why}", shown(path)));
        let bytes = std::fs::read(path).map_err(|e| unreadable(&in_words(&e)))?;
        // `getschema` does not say of which table it is.
        let of = path.file_stem().and_then(|stem| stem.to_str());
        tables.add(check::read_schemas(&bytes, of).map_err(|why| unreadable(&why))?);
    }
    let cancel = CancelToken::new();
    let context = Context {
        target: arguments.target.map(Given::target),
        tables: &tables,
        dataset: loaded.as_deref(),
        cancel: &cancel,
    };
    let checked = check_all(&arguments.paths, &context)?;
    let found = Found::of(&checked);
    let mut out = stdout();
    match arguments.format {
        Format::Text => text::write(&mut Screen(&mut out), &found)?,
        Format::Json => writeln!(out, "{}", json::of(&found))?,
        Format::Sarif => writeln!(out, "{}", sarif::of(&found))?,
        Format::Github => github::write(&mut out, &found)?,
    }
    out.flush()?;
    summary(&checked, &found);
    Ok(Answer::yes_if(found.count(Severity::Error) == 0))
}

/// Checks folders at once and files one by one.
fn check_all(paths: &[PathBuf], context: &Context<'_>) -> Result<Vec<Checked>, Stop> {
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|p| p.is_dir());
    let mut checked = Vec::new();
    if !folders.is_empty() {
        let (all, folder) = progress::check(&folders, context);
        checked.extend(all);
        if let Some(first) = folder.passed_over.first() {
            say(&format!(
                "{} outside of the folders that Panther's own tool reads passed over, such as {}; name the folder to check them",
                count(
                    folder.passed_over.len(),
                    "Panther document",
                    "Panther documents"
                ),
                shown(first)
            ));
        }
    }
    let one = |path: &PathBuf| -> Result<Checked, Stop> {
        let bytes = std::fs::read(path)
            .map_err(|e| Stop::Cannot(format!("{}: {}", shown(path), in_words(&e))))?;
        let Ok(text) = String::from_utf8(bytes) else {
            let why = "it is not UTF-8 text; save it as UTF-8";
            return Err(Stop::Cannot(format!("{}: {why}", shown(path))));
        };
        let source = Source {
            path,
            text: &text,
            texts: &Disk,
        };
        let (findings, companion) = check::check_opened(&mut Opener::default(), &source, context)?;
        Ok(Checked {
            path: path.clone(),
            text,
            companion,
            findings,
        })
    };
    let found = in_threads(files.len(), |at| files.get(at).map(&one));
    for file in found.into_iter().flatten() {
        checked.push(file?);
    }
    if checked.is_empty() {
        let places: Vec<String> = paths.iter().map(|p| shown(p)).collect();
        return Err(Stop::Cannot(format!(
            "there is no rule below {}",
            places.join(", ")
        )));
    }
    Ok(checked)
}

/// One finding with the text it stands in.
struct One<'a> {
    path: &'a Path,
    text: &'a str,
    lines: Arc<LineIndex>,
    finding: &'a check::Finding,
}

impl One<'_> {
    /// Offset and length of a span in characters.
    fn characters(&self, span: Span) -> (usize, usize) {
        super::report::characters(self.text, span.start, span.end)
    }
}

/// All findings, file by file.
struct Found<'a>(Vec<One<'a>>);

impl<'a> Found<'a> {
    fn of(checked: &'a [Checked]) -> Self {
        let mut all = Vec::new();
        for document in checked {
            let own = Arc::new(LineIndex::new(&document.text));
            let beside = document.companion.as_ref();
            let other = beside.map(|(_, text)| Arc::new(LineIndex::new(text)));
            for finding in &document.findings {
                let (text, lines) = match (beside, &other) {
                    (Some((path, text)), Some(lines)) if finding.path == *path => (text, lines),
                    _ => (&document.text, &own),
                };
                all.push(One {
                    path: &finding.path,
                    text,
                    lines: Arc::clone(lines),
                    finding,
                });
            }
        }
        Self(all)
    }

    fn count(&self, severity: Severity) -> usize {
        let so = |one: &&One<'_>| one.finding.diagnostic.severity == severity;
        self.0.iter().filter(so).count()
    }
}

fn summary(checked: &[Checked], found: &Found<'_>) {
    let parts = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Information, "remark", "remarks"),
        (Severity::Hint, "hint", "hints"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .map(|(severity, one, many)| (found.count(*severity), one, many))
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(number, one, many))
        .collect();
    let documents = count(checked.len(), "document", "documents");
    say(&match parts.is_empty() {
        true => format!("{documents} checked: nothing found"),
        false => format!("{documents} checked: {}", parts.join(", ")),
    });
}
