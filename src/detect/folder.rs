//! Opens everything below folders at once: every rule of both platforms, and what is wrong with the other documents.

use super::gather::{self, Found};
use super::open::{of_file, open_sentinel};
use super::{Rule, Texts};
use crate::diagnostic::Diagnostic;
use crate::panther::documents::Analysis;
use crate::panther::{File, Repository};
use crate::task::{CancelToken, Progress};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What lies below folders.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Every rule, sorted by path. One that is broken is there with its diagnostics.
    pub rules: Vec<Rule>,
    /// Panther's documents that are no detections and that its tool would refuse.
    pub refused: Vec<Other>,
    /// The others of Panther's documents that are no detections.
    pub others: Vec<Other>,
    /// What the documents are to each other.
    pub repository: Arc<Repository>,
    /// Panther's documents that its tool does not read when it is asked about `.`, a repository, and neither do we.
    pub passed_over: Vec<PathBuf>,
}

/// A document that is no detection, with what is wrong.
#[derive(Clone, Debug)]
pub struct Other {
    /// The file.
    pub path: PathBuf,
    /// Its id; empty where it has none.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The Python file and its text, where it has one.
    pub body: Option<(PathBuf, String)>,
    /// What is wrong; spans in the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Other {
    fn new(file: File, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            path: file.path,
            id: file.item.id,
            text: file.text,
            body: file.body,
            diagnostics,
        }
    }
}

/// Opens a document of Panther that is no detection, and what its body can import. None where it cannot be read.
pub fn open_other(path: &Path, texts: &dyn Texts) -> Option<(Other, Arc<Repository>)> {
    let text = texts.text(path)?;
    let Found::Panther(file, found) = gather::panther(path, text, texts) else {
        return None;
    };
    let repository = gather::around(path, &[], texts);
    Some((Other::new(*file, found), Arc::new(repository)))
}

/// Opens all rules below paths, and the documents that Panther's detections need: those below the paths, and the
/// helpers of the repository that the paths lie in. Counts files in `progress`. Ends early, with nothing, when cancelled.
pub fn open_folder(
    paths: &[PathBuf],
    texts: &dyn Texts,
    cancel: &CancelToken,
    progress: &Progress,
) -> Folder {
    let own = gather::yaml_files(paths, cancel);
    let mut places: Vec<PathBuf> = paths.to_vec();
    let roots: BTreeSet<PathBuf> = paths
        .iter()
        .filter_map(|path| gather::root_of(path))
        .collect();
    places.extend(roots.iter().flat_map(|root| gather::helper_folders(root)));
    let all = gather::yaml_files(&places, cancel);
    progress.set_total(all.len() as u64);
    let (own_files, helpers) = all.split_at(own.len().min(all.len()));
    let mut found = gather::read_all(own_files, texts, &|_, _| true, cancel, progress);
    let only_helpers = |_: &str, analysis: Analysis| gather::is_helper(analysis);
    found.extend(gather::read_all(
        helpers,
        texts,
        &only_helpers,
        cancel,
        progress,
    ));
    if cancel.is_cancelled() {
        return Folder::default();
    }
    let mut passed_over = Vec::new();
    let here = Path::new(".");
    if paths.iter().any(|path| path == here) && gather::is_root(here) {
        found.retain(|found| match found {
            Found::Panther(file, _) if gather::is_passed_over_by_tool(&file.path) => {
                passed_over.push(file.path.clone());
                false
            }
            _ => true,
        });
    }
    Folder {
        passed_over,
        ..assemble(found, texts)
    }
}

fn assemble(found: Vec<Found>, texts: &dyn Texts) -> Folder {
    let mut folder = Folder::default();
    let mut files: Vec<File> = Vec::new();
    let mut diagnostics: HashMap<PathBuf, Vec<Diagnostic>> = HashMap::new();
    for found in found {
        match found {
            Found::Sentinel(path, text) => folder.rules.push(open_sentinel(&path, text, texts)),
            Found::Panther(file, found) => {
                diagnostics.insert(file.path.clone(), found);
                files.push(*file);
            }
        }
    }
    let (repository, problems) = Repository::new(&files);
    let repository = Arc::new(repository);
    for (path, problem) in problems {
        diagnostics.entry(path).or_default().push(problem);
    }
    for file in files {
        let found = diagnostics.remove(&file.path).unwrap_or_default();
        if file.item.analysis.is_detection() {
            folder.rules.extend(of_file(file, found, &repository));
        } else if found.iter().any(gather::refuses) {
            folder.refused.push(Other::new(file, found));
        } else {
            folder.others.push(Other::new(file, found));
        }
    }
    folder.rules.sort_by(|a, b| a.path.cmp(&b.path));
    folder.refused.sort_by(|a, b| a.path.cmp(&b.path));
    folder.others.sort_by(|a, b| a.path.cmp(&b.path));
    folder.repository = repository;
    folder
}
