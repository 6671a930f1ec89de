//! What is asked of `author` off the window's thread, and what lies round a document, read when it changed.

use crate::author::{
    self, Around, Completions, Context, Edit, FieldHelp, File, Hover, Place, Sampled, Signature,
    Snippet, Source,
};
use crate::diagnostic::Span;
use crate::kql::services::Seen;
use crate::logs::Dataset;
use crate::task::CancelToken;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What can stand at the cursor, and the call round it.
    Complete,
    /// The call round the cursor alone.
    Signature,
    /// What stands under the pointer.
    Hover,
    /// Where it is made.
    Definition,
    /// All its places.
    References,
    /// The name that would be changed.
    Renameable,
    /// What a new name does.
    Rename(String),
    /// Help for the field.
    Fields,
    /// Whether there is help for the field.
    Offer,
    /// The query laid out anew.
    Format,
    /// Texts that can be put in.
    Snippets,
}

/// A question.
pub struct Question {
    /// What.
    pub ask: Ask,
    /// About which document.
    pub path: PathBuf,
    /// Its text.
    pub text: Arc<str>,
    /// At which place.
    pub offset: usize,
    /// Where the cursor is; elsewhere than the place where a word is there already.
    pub caret: usize,
    /// The logs.
    pub data: Arc<Dataset>,
    /// The folder of the workspace.
    pub root: PathBuf,
    /// Unsaved texts.
    pub buffers: HashMap<PathBuf, String>,
}

/// What was found.
#[derive(Debug)]
pub enum Found {
    /// For [`Ask::Complete`].
    Complete(Completions, Option<Signature>),
    /// For [`Ask::Signature`].
    Signature(Option<Signature>),
    /// For [`Ask::Hover`].
    Hover(Option<Hover>),
    /// For [`Ask::Definition`].
    Definition(Option<Place>),
    /// For [`Ask::References`]: the places with the lines they are on.
    References(Vec<(Place, usize, String)>),
    /// For [`Ask::Renameable`].
    Renameable(Option<Span>),
    /// For [`Ask::Rename`].
    Rename(Result<Vec<Edit>, String>),
    /// For [`Ask::Fields`].
    Fields(Option<FieldHelp>),
    /// For [`Ask::Offer`]: the key.
    Offer(Option<String>),
    /// For [`Ask::Format`].
    Format(Result<Vec<Edit>, String>),
    /// For [`Ask::Snippets`].
    Snippets(Vec<Snippet>),
}

/// An answer with what it was asked about.
pub struct Answer {
    /// What was asked.
    pub ask: Ask,
    /// The document.
    pub path: PathBuf,
    /// Its text then.
    pub text: Arc<str>,
    /// The place.
    pub offset: usize,
    /// Where the cursor was.
    pub caret: usize,
    /// What was found.
    pub found: Found,
}

/// So long the files of a workspace are taken to be as they were.
const FRESH: Duration = Duration::from_secs(4);
/// Most files that are read, and the longest.
const MOST: usize = 6_000;
const LONGEST: u64 = 1 << 20;
const DEEPEST: usize = 8;

/// What lies round documents, for several threads.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Kept>>);

/// What is kept between questions.
#[derive(Default)]
struct Kept {
    root: PathBuf,
    files: HashMap<PathBuf, (Option<SystemTime>, Arc<str>)>,
    read_at: Option<Instant>,
    buffers: HashMap<PathBuf, String>,
    around: Arc<Around>,
    events: Option<Arc<Sampled>>,
}

/// The work of a thread.
pub fn worker(shared: Shared) -> impl FnMut(Question, &CancelToken) -> Answer + Send + 'static {
    move |question, _| {
        let (around, events) = {
            let mut kept = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.refresh(&question);
            let events = match kept.events.take() {
                Some(events) if Arc::ptr_eq(events.data(), &question.data) => events,
                _ => Arc::new(Sampled::new(Arc::clone(&question.data))),
            };
            kept.events = Some(Arc::clone(&events));
            (Arc::clone(&kept.around), events)
        };
        let found = answer(&question, &around, &events);
        Answer {
            ask: question.ask,
            path: question.path,
            text: question.text,
            offset: question.offset,
            caret: question.caret,
            found,
        }
    }
}

impl Kept {
    fn refresh(&mut self, question: &Question) {
        let old = self.read_at.is_none_or(|at| at.elapsed() > FRESH);
        let moved = self.root != question.root;
        if !old && !moved && self.buffers == question.buffers {
            return;
        }
        let mut changed = moved || self.buffers != question.buffers;
        if old || moved {
            changed |= self.read(&question.root);
            self.root.clone_from(&question.root);
            self.read_at = Some(Instant::now());
        }
        if changed {
            self.buffers.clone_from(&question.buffers);
            let of_disk = self.files.iter().map(|(path, (_, text))| File {
                path: path.clone(),
                text: match self.buffers.get(path) {
                    Some(text) => text.as_str().into(),
                    None => Arc::clone(text),
                },
            });
            let mut files: Vec<File> = of_disk.collect();
            let unsaved = self
                .buffers
                .iter()
                .filter(|(path, _)| !self.files.contains_key(*path));
            files.extend(unsaved.map(|(path, text)| File {
                path: path.clone(),
                text: text.as_str().into(),
            }));
            files.sort_by(|a, b| a.path.cmp(&b.path));
            self.around = Arc::new(Around::new(&files));
        }
    }

    /// Reads the documents, modules and watchlists of a folder; gives whether any changed.
    fn read(&mut self, root: &Path) -> bool {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let mut seen = HashMap::new();
        let mut changed = false;
        let walk = walkdir::WalkDir::new(&root).max_depth(DEEPEST).into_iter();
        let inside = walk.filter_entry(|entry| {
            let hidden = entry
                .file_name()
                .to_str()
                .is_some_and(|n| n.starts_with('.') && n.len() > 1);
            entry.depth() == 0
                || !hidden && entry.file_name() != "node_modules" && entry.file_name() != "target"
        });
        for entry in inside.flatten() {
            let path = entry.path();
            let wanted = path.extension().and_then(|e| e.to_str());
            let watchlist = wanted == Some("csv")
                && path
                    .parent()
                    .and_then(Path::file_name)
                    .is_some_and(|n| n == "watchlists");
            let known = matches!(wanted, Some("yml" | "yaml" | "py")) || watchlist;
            if !known || !entry.file_type().is_file() {
                continue;
            }
            let Ok(about) = entry.metadata() else {
                continue;
            };
            if about.len() > LONGEST || seen.len() >= MOST {
                continue;
            }
            let time = about.modified().ok();
            match self.files.remove(path) {
                Some((then, text)) if then == time && time.is_some() => {
                    seen.insert(path.to_owned(), (then, text));
                }
                _ => {
                    if let Ok(text) = std::fs::read_to_string(path) {
                        changed = true;
                        seen.insert(path.to_owned(), (time, text.into()));
                    }
                }
            }
        }
        changed |= !self.files.is_empty();
        self.files = seen;
        changed
    }
}

fn answer(question: &Question, around: &Around, events: &Sampled) -> Found {
    let source = Source {
        path: &question.path,
        text: &question.text,
    };
    let seen = Seen(question.data.as_ref());
    let id = new_id();
    let context = Context {
        catalog: question.data.as_ref(),
        values: &seen,
        events,
        around,
        new_id: &id,
    };
    let at = question.offset;
    match &question.ask {
        Ask::Complete => Found::Complete(
            author::complete(&source, at, &context),
            author::signature(&source, at, &context),
        ),
        Ask::Signature => Found::Signature(author::signature(&source, at, &context)),
        Ask::Hover => Found::Hover(author::hover(&source, at, &context)),
        Ask::Definition => Found::Definition(author::definition(&source, at, &context)),
        Ask::References => {
            let places = author::references(&source, at, &context);
            let lines = places.into_iter().map(|place| {
                let text = match place.path == question.path {
                    true => Some(question.text.as_ref()),
                    false => around.text(&place.path),
                };
                let (line, shown) = line_of(text.unwrap_or(""), place.span.start);
                (place, line, shown)
            });
            Found::References(lines.collect())
        }
        Ask::Renameable => Found::Renameable(author::renameable(&source, at, &context)),
        Ask::Rename(name) => Found::Rename(author::rename(&source, at, name, &context)),
        Ask::Fields => Found::Fields(author::fields(&source, at, &context)),
        Ask::Offer => Found::Offer(author::fields(&source, at, &context).map(|help| help.key)),
        Ask::Format => Found::Format(author::format(&source)),
        Ask::Snippets => Found::Snippets(author::snippets(&source, &context)),
    }
}

/// The number of a line, from 1, and what stands there.
fn line_of(text: &str, offset: usize) -> (usize, String) {
    let head = text.get(..offset).unwrap_or("");
    let start = head.rfind('\n').map_or(0, |n| n + 1);
    let line = text.get(start..).unwrap_or("").lines().next().unwrap_or("");
    let number = head.matches('\n').count() + 1;
    (number, line.trim().chars().take(120).collect())
}

/// A GUID of chance: the seeds of hash maps are drawn anew for each.
pub fn new_id() -> String {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let half = || u128::from(RandomState::new().build_hasher().finish());
    let bits = half() << 64 | half();
    // Version 4, variant 1.
    let bits = bits & !(0xf << 76) | 0x4 << 76;
    let bits = bits & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|r| hex.get(r).unwrap_or("").to_owned());
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_guid_of_version_4() {
        let id = new_id();
        assert_eq!(
            id.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert_eq!(id.as_bytes()[14], b'4');
        assert_ne!(id, new_id());
        assert!(
            matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'),
            "{id}"
        );
    }

    #[test]
    fn a_line_is_shown_without_its_indentation() {
        assert_eq!(line_of("a\n  bc\nd", 5), (2, "bc".to_owned()));
        assert_eq!(line_of("", 9), (1, String::new()));
    }
}
