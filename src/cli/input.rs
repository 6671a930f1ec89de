//! What commands are given: rules, logs, a clock.

use super::choices::Choices;
use super::output::{Stop, Style, count, plain, say};
use super::progress;
use crate::detect::{self, Disk, Folder, Kind, Rule};
use crate::diagnostic::LineIndex;
use crate::logs::{Connectors, Dataset, LogFile};
use crate::value::time;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Opens the rules below the paths. Case files beside them, as a shell's `*.yaml` gives them, are passed over.
///
/// # Errors
/// A path that does not exist, a named file that is no rule, or no rule at all.
pub(super) fn rules(paths: &[PathBuf]) -> Result<Vec<Rule>, Stop> {
    folder(paths).map(|folder| folder.rules)
}

/// The same with Panther's documents below the paths that are no rules and are broken.
///
/// # Errors
/// See [`rules`].
pub(super) fn folder(paths: &[PathBuf]) -> Result<Folder, Stop> {
    let mut all = Folder::default();
    let mut passed_over = Vec::new();
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            folders.push(path.clone());
        } else if path.is_file() && detect::kind_of(path, "") == Kind::Cases {
            passed_over.push(path);
        } else {
            files.push(path);
        }
    }
    if !folders.is_empty() {
        all = progress::open(&folders);
    }
    if !all.passed_over.is_empty() {
        say(&format!(
            "{} outside of the folders that Panther's own tool reads in a repository passed over, such as {}; name the folder to read them",
            count(
                all.passed_over.len(),
                "Panther document",
                "Panther documents"
            ),
            all.passed_over
                .first()
                .map_or(String::new(), |path| shown(path)),
        ));
    }
    for path in files {
        all.rules.push(detect::open(path, &Disk)?);
    }
    if all.rules.is_empty() {
        // Says what a case file is, where it was all that was given.
        if let [path] = passed_over.as_slice() {
            all.rules.push(detect::open(path, &Disk)?);
        }
        let places: Vec<String> = paths.iter().map(|p| shown(p)).collect();
        return Err(Stop::Cannot(format!(
            "there is no rule below {}",
            places.join(", ")
        )));
    }
    for path in passed_over {
        say(&format!(
            "{} holds the cases of a rule and is passed over",
            shown(path)
        ));
    }
    Ok(all)
}

/// Sees to it that every path exists, and every folder can be read.
///
/// # Errors
/// Names the first that does not.
pub(super) fn existing(paths: &[PathBuf]) -> Result<(), Stop> {
    for path in paths {
        let found = std::fs::metadata(path).and_then(|found| match found.is_dir() {
            true => std::fs::read_dir(path).map(drop),
            false => Ok(()),
        });
        if let Err(e) = found {
            return Err(Stop::Cannot(format!("{}: {}", shown(path), in_words(&e))));
        }
    }
    Ok(())
}

/// What an error of the file system means, without its number.
pub(super) fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "access is not permitted".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file stands where a folder is needed".to_owned()
        }
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or("").to_owned()
        }
    }
}

/// Loads logs and says on stderr which files or records were not taken.
///
/// # Errors
/// A path that does not exist; a choice for none of the logs; no file that holds an event, where one of them was named by the person.
pub(super) fn logs(paths: &[PathBuf], choices: &Choices) -> Result<Arc<Dataset>, Stop> {
    existing(paths)?;
    let options = choices.options(paths)?;
    let data = progress::load(paths, &options);
    tell_passed_over(paths);
    for file in data.files() {
        tell_rejects(file);
    }
    let empty = data.files().iter().all(|file| file.events == 0);
    for file in useless(&data, paths) {
        let said = format!("{} holds no event of a known log", shown(&file.path));
        if empty {
            return Err(Stop::Cannot(said));
        }
        say(&format!("note: {said}"));
    }
    Ok(Arc::new(data))
}

/// The connectors for logs at these paths, a person's own among them; says what is wrong with a file of theirs.
pub(super) fn connectors(paths: &[PathBuf]) -> Connectors {
    let (connectors, files) = Connectors::beside(paths);
    for file in files {
        let lines = LineIndex::new(&file.text);
        for diagnostic in &file.diagnostics {
            say(&diagnostic.render(&shown(&file.path), &lines));
        }
    }
    connectors
}

/// Says which files of the folders were not looked at.
pub(super) fn tell_passed_over(paths: &[PathBuf]) {
    const SHOWN: usize = 5;
    let files = crate::logs::passed_over(paths);
    if files.is_empty() {
        return;
    }
    let mut names: Vec<String> = files.iter().take(SHOWN).map(|file| shown(file)).collect();
    if let Some(more @ 1..) = files.len().checked_sub(SHOWN) {
        names.push(format!("{more} more"));
    }
    say(&format!(
        "note: {} passed over, not named as logs are: {}; name a file itself to have it read",
        match files.len() {
            1 => "1 file was".to_owned(),
            many => format!("{many} files were"),
        },
        names.join(", ")
    ));
}

/// The files that the person named and of which nothing could be taken.
pub(super) fn useless<'a>(
    data: &'a Dataset,
    named: &[PathBuf],
) -> impl Iterator<Item = &'a LogFile> {
    let files = data.files().iter();
    files.filter(|f| f.events == 0 && !f.rejected.is_empty() && named.contains(&f.path))
}

/// A line of a file, or the file where that is 0.
pub(super) fn place(file: &LogFile, line: usize) -> String {
    match line {
        0 => shown(&file.path),
        line => format!("{}:{line}", shown(&file.path)),
    }
}

/// Says which records of a file were not taken: the first few, and how many there are.
fn tell_rejects(file: &LogFile) {
    const SHOWN: usize = 3;
    let style = Style::stderr();
    for reject in file.rejected.iter().take(SHOWN) {
        let place = place(file, reject.line);
        say(&format!(
            "{}: {place}: {}",
            style.yellow("warning"),
            plain(&reject.reason)
        ));
    }
    if file.rejects() > SHOWN {
        say(&format!(
            "{}: {}: {} were not taken in all; `rulewright logs` lists them",
            style.yellow("warning"),
            shown(&file.path),
            count(file.rejects(), "record", "records"),
        ));
    }
}

/// The clock of a run, and where it is from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Ticks.
    pub(super) now: i64,
    /// Whether the person gave it.
    pub(super) given: bool,
}

impl Clock {
    /// `2026-06-08 12:00:00 UTC, the end of the loaded logs`
    pub(super) fn describe(self) -> String {
        let at = time::format_short(self.now);
        if self.given {
            format!("{at} UTC")
        } else {
            format!("{at} UTC, the end of the loaded logs")
        }
    }
}

/// The given instant, else the end of the logs.
///
/// # Errors
/// An instant that cannot be read; none given and no event with a time.
pub(super) fn clock(given: Option<&str>, data: &Dataset) -> Result<Clock, Stop> {
    match given {
        Some(text) => Ok(Clock {
            now: instant(text)?,
            given: true,
        }),
        None => match data.end() {
            Some(now) => Ok(Clock { now, given: false }),
            None => Err(Stop::Cannot(
                "no event with a time was loaded, so there is no end of the logs to run at; give --now"
                    .to_owned(),
            )),
        },
    }
}

/// Ticks of an RFC 3339 instant.
///
/// # Errors
/// Says what is expected.
pub(super) fn instant(text: &str) -> Result<i64, Stop> {
    time::parse_datetime(text).ok_or_else(|| {
        Stop::Cannot(format!(
            "'{text}' is not an instant; write RFC 3339 such as 2026-06-08T12:05:00Z"
        ))
    })
}

/// The text of a path for messages, on one line.
pub(super) fn shown(path: &Path) -> String {
    plain(&exact(path))
}

/// The text of a path for machines: forward slashes on every platform.
pub(super) fn exact(path: &Path) -> String {
    let text = path.display().to_string();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text
    }
}
