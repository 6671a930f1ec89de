//! Watches files and a folder. The system tells of changes at once; where it does not, the files are looked at every
//! second all the same. A thread of its own reads what changed, so that a slow disk holds nobody up.

use super::renamed::Trail;
use crate::workbench::actions::is_text_document;
use crate::workbench::doc::read_text;
use crate::workbench::watch::Stamp;
use notify::event::{EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// The files are looked at so often even if the system says nothing.
const LOOK: Duration = Duration::from_millis(1_000);
/// Whoever writes a file does it in several steps: after the last of them.
const REST: Duration = Duration::from_millis(40);
/// Whoever goes on writing is not waited for longer than this.
const PATIENCE: Duration = Duration::from_millis(400);
/// A file that is replaced is not there for a moment.
const REPLACED: Duration = Duration::from_millis(150);
/// Files larger than this are no documents.
const MOST: u64 = 16 << 20;

/// What a file is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Now {
    /// It holds this text.
    Text(String),
    /// It is not there.
    Gone,
    /// It is there under another name.
    Renamed(PathBuf),
    /// It is there and cannot be read as text: a sentence.
    Unreadable(String),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// A watched file is not what it was.
    File(PathBuf, Now),
    /// Other files of the folder changed, came or went.
    Others(Vec<PathBuf>),
}

enum Told {
    Event(notify::Event),
    Files(Vec<PathBuf>),
    Folder(PathBuf),
    /// The folder is watched from now on; what watches it must live on.
    Watching(PathBuf, Box<RecommendedWatcher>),
}

/// The thread that watches.
pub struct Eyes {
    tell: Option<Sender<Told>>,
    news: Receiver<News>,
}

impl Eyes {
    /// Starts the thread; it ends with this value. `wake` is called when there is news.
    pub fn start(wake: impl Fn() + Send + 'static) -> Self {
        let (tell, told) = channel();
        let (say, news) = channel();
        let own = tell.clone();
        // Where no thread can be had changes are noticed when the file is saved.
        let started = std::thread::Builder::new()
            .name("watch files".to_owned())
            .spawn(move || watch(&told, &own, &say, &wake));
        Self {
            tell: started.is_ok().then_some(tell),
            news,
        }
    }

    fn say(&self, told: Told) {
        if let Some(tell) = &self.tell {
            let _ = tell.send(told);
        }
    }

    /// Watches these files instead of those before.
    pub fn watch_files(&self, paths: Vec<PathBuf>) {
        self.say(Told::Files(paths));
    }

    /// Watches this folder, and all below it, instead of the one before.
    pub fn watch_folder(&self, folder: PathBuf) {
        self.say(Told::Folder(folder));
    }

    /// What happened since it was last asked.
    pub(super) fn news(&self) -> Vec<News> {
        self.news.try_iter().collect()
    }
}

impl Drop for Eyes {
    fn drop(&mut self) {
        // An empty folder is no folder: it ends the thread.
        self.say(Told::Folder(PathBuf::new()));
    }
}

fn watcher(tell: &Sender<Told>) -> notify::Result<RecommendedWatcher> {
    let tell = tell.clone();
    notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            let _ = tell.send(Told::Event(event));
        }
    })
}

/// What the thread knows.
struct State {
    /// The watched files as they were last read.
    files: BTreeMap<PathBuf, Stamp>,
    /// Files that were not there at the last look, and since when.
    missing: BTreeMap<PathBuf, Instant>,
    /// What they held, to find them again.
    trail: Trail,
    /// Their folders.
    folders: BTreeSet<PathBuf>,
    beside: Option<RecommendedWatcher>,
    folder: PathBuf,
    _below: Option<Box<RecommendedWatcher>>,
}

fn watch(told: &Receiver<Told>, own: &Sender<Told>, say: &Sender<News>, wake: &impl Fn()) {
    let mut state = State {
        files: BTreeMap::new(),
        missing: BTreeMap::new(),
        trail: Trail::default(),
        folders: BTreeSet::new(),
        beside: watcher(own).ok(),
        folder: PathBuf::new(),
        _below: None,
    };
    loop {
        let mut touched: BTreeSet<PathBuf> = BTreeSet::new();
        let pause = match state.missing.is_empty() {
            true => LOOK,
            false => REPLACED,
        };
        let mut next = told.recv_timeout(pause);
        let first = Instant::now();
        loop {
            match next {
                Ok(Told::Event(event)) => {
                    if matches!(
                        event.kind,
                        EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_))
                    ) {
                        state.came(&event.paths);
                    }
                    touched.extend(event.paths);
                }
                Ok(Told::Files(paths)) => state.set_files(paths),
                Ok(Told::Folder(folder)) if folder.as_os_str().is_empty() => return,
                Ok(Told::Folder(folder)) => state.set_folder(folder, own),
                Ok(Told::Watching(folder, watcher)) => {
                    if folder == state.folder {
                        state._below = Some(watcher);
                    }
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if first.elapsed() > PATIENCE {
                break;
            }
            next = told.recv_timeout(REST);
        }
        let mut news = state.look(&touched);
        let others: Vec<PathBuf> = touched
            .into_iter()
            .filter(|p| !state.files.contains_key(p) && state.concerns(p))
            .collect();
        if !others.is_empty() {
            news.push(News::Others(others));
        }
        let any = !news.is_empty();
        for one in news {
            if say.send(one).is_err() {
                return;
            }
        }
        if any {
            wake();
        }
    }
}

impl State {
    fn set_files(&mut self, paths: Vec<PathBuf>) {
        let mut before = std::mem::take(&mut self.files);
        for path in paths {
            let stamp = before.remove(&path).unwrap_or_else(|| {
                self.trail.note(&path);
                Stamp::of(&path)
            });
            self.files.insert(path, stamp);
        }
        let files = &self.files;
        self.trail.retain(|path| files.contains_key(path));
        let folders: BTreeSet<PathBuf> = self
            .files
            .keys()
            .filter_map(|p| p.parent().map(Path::to_owned))
            .collect();
        if let Some(watcher) = &mut self.beside {
            for gone in self.folders.difference(&folders) {
                let _ = watcher.unwatch(gone);
            }
            for new in folders.difference(&self.folders) {
                // Where it cannot be watched the files are still looked at.
                let _ = watcher.watch(new, RecursiveMode::NonRecursive);
            }
        }
        self.folders = folders;
    }

    fn set_folder(&mut self, folder: PathBuf, own: &Sender<Told>) {
        if folder == self.folder {
            return;
        }
        self._below = None;
        self.folder.clone_from(&folder);
        // A large tree takes a while to walk through: meanwhile the open files are watched already.
        let own = own.clone();
        let _ = std::thread::Builder::new()
            .name("watch folder".to_owned())
            .spawn(move || {
                if let Ok(mut watcher) = watcher(&own)
                    && watcher.watch(&folder, RecursiveMode::Recursive).is_ok()
                {
                    let _ = own.send(Told::Watching(folder, Box::new(watcher)));
                }
            });
    }

    /// Paths were made or renamed.
    fn came(&mut self, paths: &[PathBuf]) {
        for path in paths {
            if !self.files.contains_key(path) {
                self.trail.came(path.clone());
            }
        }
    }

    /// Whether a file of the folder is one that the window shows somewhere.
    fn concerns(&self, path: &Path) -> bool {
        let hidden = |p: &Path| {
            let rest = p.strip_prefix(&self.folder).unwrap_or(p);
            rest.iter().any(|part| {
                let part = part.to_string_lossy();
                part.starts_with('.') || matches!(&*part, "target" | "node_modules" | "__pycache__")
            })
        };
        path.starts_with(&self.folder)
            && !hidden(path)
            && (is_text_document(path) || crate::logs::is_log_file(path) || path.is_dir())
    }

    /// Looks at the watched files; those that the system named are read whatever their size and time say.
    fn look(&mut self, touched: &BTreeSet<PathBuf>) -> Vec<News> {
        let mut news = Vec::new();
        let watched: BTreeSet<PathBuf> = self.files.keys().cloned().collect();
        for (path, stamp) in &mut self.files {
            let now = Stamp::of(path);
            let named = touched.contains(path);
            if now == *stamp && !named {
                self.missing.remove(path);
                continue;
            }
            if now == Stamp::default() {
                let since = *self
                    .missing
                    .entry(path.clone())
                    .or_insert_with(Instant::now);
                // Known to be gone already, or replaced in this moment.
                if *stamp != now && since.elapsed() >= REPLACED {
                    *stamp = now;
                    let found = self.trail.follow(path, |other| watched.contains(other));
                    let told = found.map_or(Now::Gone, Now::Renamed);
                    news.push(News::File(path.clone(), told));
                }
                if *stamp == now {
                    self.missing.remove(path);
                }
                continue;
            }
            self.missing.remove(path);
            *stamp = now;
            self.trail.note(path);
            let large = std::fs::metadata(path).is_ok_and(|m| m.len() > MOST);
            let told = match large {
                true => Now::Unreadable(format!(
                    "{} became too large for the editor",
                    path.display()
                )),
                false => read_text(path).map_or_else(Now::Unreadable, Now::Text),
            };
            news.push(News::File(path.clone(), told));
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(eyes: &Eyes, wanted: impl Fn(&News) -> bool) -> Duration {
        let start = Instant::now();
        loop {
            if eyes.news().iter().any(&wanted) {
                return start.elapsed();
            }
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "nothing was told"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn changes_are_told_at_once_and_a_replaced_file_is_not_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "a: 1\n").unwrap();
        let eyes = Eyes::start(|| {});
        eyes.watch_files(vec![path.clone()]);
        eyes.watch_folder(folder.path().to_owned());
        std::thread::sleep(Duration::from_millis(100));
        // Written anew in its place, as editors do.
        let beside = folder.path().join("a.tmp");
        std::fs::write(&beside, "a: 2\n").unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::rename(&beside, &path).unwrap();
        let mut told = Vec::new();
        let start = Instant::now();
        while told.is_empty() && start.elapsed() < Duration::from_secs(20) {
            told.extend(eyes.news());
            std::thread::sleep(Duration::from_millis(2));
        }
        assert_eq!(told, [News::File(path.clone(), Now::Text("a: 2\n".into()))]);
        // Under another name it is found again; the window then watches that one.
        let other = folder.path().join("b.yaml");
        std::fs::rename(&path, &other).unwrap();
        wait(&eyes, |n| {
            *n == News::File(path.clone(), Now::Renamed(other.clone()))
        });
        std::fs::rename(&other, &path).unwrap();
        wait(&eyes, |n| {
            *n == News::File(path.clone(), Now::Text("a: 2\n".into()))
        });
        std::fs::remove_file(&path).unwrap();
        wait(&eyes, |n| *n == News::File(path.clone(), Now::Gone));
        std::fs::write(&path, "back\n").unwrap();
        wait(&eyes, |n| {
            *n == News::File(path.clone(), Now::Text("back\n".into()))
        });
        let new = folder.path().join("sub/new.yaml");
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        std::fs::write(&new, "id: 1\n").unwrap();
        wait(
            &eyes,
            |n| matches!(n, News::Others(paths) if paths.contains(&new)),
        );
    }

    #[test]
    fn a_file_is_looked_at_where_the_system_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "a: 1\n").unwrap();
        let (_tell, own) = channel::<Told>();
        drop(own);
        let mut state = State {
            files: [(path.clone(), Stamp::of(&path))].into(),
            missing: BTreeMap::new(),
            trail: Trail::default(),
            folders: BTreeSet::new(),
            beside: None,
            folder: PathBuf::new(),
            _below: None,
        };
        assert!(state.look(&BTreeSet::new()).is_empty());
        std::fs::write(&path, "a: 12\n").unwrap();
        let told = state.look(&BTreeSet::new());
        assert_eq!(told, [News::File(path, Now::Text("a: 12\n".into()))]);
    }
}
