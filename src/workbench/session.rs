//! The logs of the session: loading them as the person chose, and what of them changed on disk since.

use super::app::Workbench;
use super::watch::Stamp;
use crate::logs::{Choice, ConnectorFile, Connectors, Dataset, Duplicates, Memory, Options};
use crate::task::{CancelToken, Progress};
use crate::workspace::logs_of;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Load logs.
pub struct Question {
    /// The folder of the workspace: connectors are looked for there.
    root: PathBuf,
    paths: Vec<PathBuf>,
    chosen: Chosen,
    /// What was loaded before: files that are still the same are not read again.
    earlier: Option<Arc<Dataset>>,
}

/// What the person chose for the session.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// For single files.
    pub files: BTreeMap<PathBuf, Choice>,
    /// Whether an event that two files give is counted once.
    pub duplicates: Duplicates,
    /// How much may be held.
    pub memory: Memory,
}

/// Logs that were loaded.
#[derive(Default)]
pub struct Answer {
    data: Arc<Dataset>,
    loaded: Loaded,
}

/// What is known of a load beside its events.
#[derive(Default)]
pub struct Loaded {
    /// The connectors that records were offered to.
    pub connectors: Connectors,
    /// The person's own connector files.
    pub own: Vec<ConnectorFile>,
    /// The files as they were when they were read.
    pub stamps: BTreeMap<PathBuf, Stamp>,
    /// It was stopped before all was read.
    pub cancelled: bool,
    /// How long it took.
    pub elapsed: Duration,
}

/// The state of the session's logs.
#[derive(Default)]
pub struct Session {
    /// What the person chose.
    pub chosen: Chosen,
    /// The last load.
    pub loaded: Loaded,
    /// Files that are no longer what was loaded.
    pub changed: BTreeSet<PathBuf>,
    /// Log files that came to the folders since, to be loaded if the person wants.
    pub offered: BTreeSet<PathBuf>,
    /// Log files that were loaded once: they are not offered, not even when they were taken out.
    pub seen: BTreeSet<PathBuf>,
    /// When the load in progress was asked for.
    pub asked_at: Option<Instant>,
    memory: Option<(Instant, u64)>,
}

fn stamped(path: PathBuf) -> (PathBuf, Stamp) {
    let stamp = Stamp::of(&path);
    (path, stamp)
}

/// The work of the thread.
fn work(question: Question, cancel: &CancelToken, progress: &Progress) -> Answer {
    let start = Instant::now();
    let mut places = vec![question.root];
    places.extend(question.paths.iter().cloned());
    let (connectors, own) = Connectors::beside(&places);
    let options = Options {
        connectors: connectors.clone(),
        choices: question.chosen.files,
        duplicates: question.chosen.duplicates,
        memory: question.chosen.memory,
        earlier: question.earlier,
        ..Options::default()
    };
    // A file that changes while it is read is then told of: it was stamped before.
    let mut stamps: BTreeMap<PathBuf, Stamp> = BTreeMap::new();
    for path in &question.paths {
        match path.is_dir() {
            true => stamps.extend(logs_of(path).into_iter().map(stamped)),
            false => stamps.extend([stamped(path.clone())]),
        }
    }
    stamps.extend(own.iter().map(|file| stamped(file.path.clone())));
    let data = Dataset::load_options(&question.paths, &options, cancel, progress);
    Answer {
        data: Arc::new(data),
        loaded: Loaded {
            connectors,
            own,
            stamps,
            cancelled: cancel.is_cancelled(),
            elapsed: start.elapsed(),
        },
    }
}

impl Workbench {
    /// Reads the log files again that are no longer what was read; all of them where none is known to have changed:
    /// whoever asks then does not trust what is shown.
    pub(super) fn reload_logs_anew(&mut self) {
        let earlier = !self.session.changed.is_empty();
        self.load_logs(earlier.then(|| Arc::clone(&self.data)));
    }

    /// Loads what is chosen now. Files that are the same as before are not read again.
    pub(super) fn reload_logs(&mut self) {
        self.load_logs(Some(Arc::clone(&self.data)));
    }

    fn load_logs(&mut self, earlier: Option<Arc<Dataset>>) {
        self.load_progress = Progress::new();
        let progress = self.load_progress.clone();
        let ctx = self.ctx.clone();
        // A loader of its own for each load, so that its progress starts at nothing.
        self.loader = super::worker::Worker::start(
            "load logs",
            move |question: Question, cancel| work(question, cancel, &progress),
            move || ctx.request_repaint(),
        );
        let held = self.memory_held();
        self.session.asked_at = Some(Instant::now());
        self.session.changed.clear();
        self.loader.ask(Question {
            root: self.workspace.root.clone(),
            paths: self.workspace.logs.clone(),
            chosen: Chosen {
                memory: self.settings.log_memory.bound(held),
                ..self.session.chosen.clone()
            },
            earlier,
        });
    }

    /// Takes logs that were loaded.
    pub(super) fn take_logs(&mut self, answer: Answer) {
        let before = std::mem::replace(&mut self.data, answer.data);
        self.selection.stage_row = None;
        if self.result.is_none() {
            // Where a result is shown the selection speaks of its logs, and moves when the next one is there.
            let event = self.selection.event;
            self.selection.event = event.and_then(|id| self.data.same_event(&before, id));
        }
        self.session.loaded = answer.loaded;
        self.session.asked_at = None;
        self.session.memory = None;
        let stamps = self.session.loaded.stamps.clone();
        self.session.seen.extend(stamps.keys().cloned());
        let seen = &self.session.seen;
        self.session.offered.retain(|p| !seen.contains(p));
        self.watch.look_at(stamps);
        self.update_range();
        let found = super::live::log_problems(&self.data, &self.session.loaded.own);
        self.problems.set_logs(found);
        self.check_all();
        let known = |name: &String| self.data_tables().iter().any(|(n, ..)| n == name);
        if !self.tables.shown.as_ref().is_some_and(known) {
            let first = self
                .data_tables()
                .into_iter()
                .find(|(_, rows, _)| *rows > 0);
            self.tables.shown = first.map(|(name, ..)| name);
        }
        self.run_rule();
        self.run_overview();
    }

    /// Takes what changed on disk; reads it again where the person wants that.
    pub(super) fn take_changes(&mut self) {
        let changed = self.watch.changed();
        if changed.is_empty() || self.loader.is_busy() {
            return;
        }
        let new = changed.iter().any(|p| !self.session.changed.contains(p));
        self.session.changed.extend(changed);
        if self.settings.reload_changed {
            self.reload_logs();
        } else if new {
            let count = self.session.changed.len();
            let (files, them) = match count {
                1 => ("1 log file".to_owned(), "it"),
                _ => (
                    super::panels::counted(count, "log file", "log files"),
                    "them",
                ),
            };
            self.notices
                .info(format!("{files} changed on disk. Reload {them} in Logs"));
        }
    }

    /// Takes a file out of the session; the file itself stays.
    pub(super) fn remove_log(&mut self, path: &Path) {
        // A folder stands for its files from now on: one of them is not wanted.
        let all = self.data.files().iter().map(|f| f.path.clone());
        let known: BTreeSet<PathBuf> = all.collect();
        let listed = std::mem::take(&mut self.workspace.logs);
        let mut logs: Vec<PathBuf> = listed.into_iter().filter(|p| !p.is_dir()).collect();
        logs.extend(
            known
                .into_iter()
                .filter(|p| !logs.contains(p))
                .collect::<Vec<_>>(),
        );
        logs.retain(|p| p != path);
        self.workspace.logs = logs;
        self.session.chosen.files.remove(path);
        self.reload_logs();
    }

    /// Chooses how a file is read.
    pub(super) fn choose_for(&mut self, path: &Path, change: impl FnOnce(&mut Choice)) {
        let mut choice = self.session.chosen.files.remove(path).unwrap_or_default();
        let before = choice.clone();
        change(&mut choice);
        let changed = choice != before;
        if !choice.is_none() {
            self.session.chosen.files.insert(path.to_owned(), choice);
        }
        if changed {
            self.reload_logs();
        }
    }

    /// Bytes that the logs hold in memory, counted anew every other second: queries make columns.
    pub(super) fn memory_held(&mut self) -> u64 {
        const FRESH: Duration = Duration::from_secs(2);
        if let Some((at, bytes)) = self.session.memory
            && at.elapsed() < FRESH
        {
            return bytes;
        }
        let bytes = self.data.memory();
        self.session.memory = Some((Instant::now(), bytes));
        bytes
    }
}

/// `840 B`, `12.4 kB`, `1.2 GB`: in steps of a thousand, as file managers count.
pub fn size_text(bytes: u64) -> String {
    const STEPS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    let mut unit = "B";
    for step in STEPS {
        value /= 1_000.0;
        unit = step;
        if value < 999.5 {
            break;
        }
    }
    match value < 9.95 {
        true => format!("{value:.1} {unit}"),
        false => format!("{value:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_for_people() {
        assert_eq!(size_text(0), "0 B");
        assert_eq!(size_text(999), "999 B");
        assert_eq!(size_text(1_240), "1.2 kB");
        assert_eq!(size_text(12_400), "12 kB");
        assert_eq!(size_text(999_900), "1.0 MB");
        assert_eq!(size_text(3_500_000_000), "3.5 GB");
    }
}
