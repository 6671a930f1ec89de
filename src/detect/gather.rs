//! Collects Panther's documents below folders, and the helpers that lie above a rule.

use super::find::{has_yaml_name, is_passed_over};
use super::{Kind, Platform, Texts, kind_of};
use crate::diagnostic::Diagnostic;
use crate::panther::documents::{self, Analysis};
use crate::panther::{File, Repository};
use crate::task::{CancelToken, Progress};
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Beyond this many bytes a YAML file is taken for data.
const LARGEST: u64 = 4 << 20;
/// How many folders up helpers are looked for.
const LEVELS: usize = 8;
/// The folders whose presence marks the root of a repository.
const MARKS: [&str; 2] = ["global_helpers", "data_models"];

/// A document of Panther with what is wrong with it, or a file that may be a Sentinel rule.
pub(super) enum Found {
    Panther(Box<File>, Vec<Diagnostic>),
    Sentinel(PathBuf, String),
}

/// The YAML files below paths, each once, in the order in which Panther's tool reads them: within a folder by name.
pub(super) fn yaml_files(paths: &[PathBuf], cancel: &CancelToken) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    paths
        .iter()
        .flat_map(|path| {
            WalkDir::new(path)
                .max_depth(24)
                // The files of a folder come before what is in its folders.
                .sort_by(|a, b| {
                    let order = |e: &walkdir::DirEntry| e.file_type().is_dir();
                    order(a)
                        .cmp(&order(b))
                        .then_with(|| a.file_name().cmp(b.file_name()))
                })
                .into_iter()
                .filter_entry(|e| e.depth() == 0 || !is_passed_over(e))
                .flatten()
        })
        .take_while(|_| !cancel.is_cancelled())
        .filter(|e| e.file_type().is_file() && has_yaml_name(e.path()))
        .filter(|e| e.depth() == 0 || !e.file_name().to_string_lossy().starts_with('.'))
        .filter(|e| e.metadata().is_ok_and(|m| m.len() <= LARGEST))
        .map(walkdir::DirEntry::into_path)
        .filter(|path| seen.insert(std::path::absolute(path).unwrap_or_else(|_| path.clone())))
        .collect()
}

/// Reads documents of Panther and rules of Sentinel, in parallel and in the order given. Other files are left out.
/// `wanted` says of a text that is Panther's whether it is to be read.
pub(super) fn read_all(
    paths: &[PathBuf],
    texts: &dyn Texts,
    wanted: &(dyn Fn(&str, Analysis) -> bool + Sync),
    cancel: &CancelToken,
    progress: &Progress,
) -> Vec<Found> {
    let read = |path: &PathBuf| {
        progress.add(1);
        if cancel.is_cancelled() {
            return None;
        }
        let text = texts.text(path)?;
        match kind_of(path, &text) {
            Kind::Rule(Platform::Sentinel) => Some(Found::Sentinel(path.clone(), text)),
            Kind::Rule(Platform::Panther) | Kind::OtherPanther(_) => {
                let analysis = analysis_of(path, &text);
                wanted(&text, analysis).then(|| panther(path, text, texts))
            }
            Kind::Cases | Kind::Unknown => None,
        }
    };
    let found: Vec<Option<Found>> = paths.par_iter().map(read).collect();
    found.into_iter().flatten().collect()
}

fn analysis_of(path: &Path, text: &str) -> Analysis {
    match kind_of(path, text) {
        Kind::OtherPanther(name) => Analysis::of(&name).unwrap_or_default(),
        _ => Analysis::Rule,
    }
}

/// Reads one document of Panther with its Python file.
pub(super) fn panther(path: &Path, text: String, texts: &dyn Texts) -> Found {
    let (item, found) = documents::read(&text);
    let body = body_file(path, &item.filename)
        .filter(|_| item.analysis != Analysis::LookupTable)
        .and_then(|path| texts.text(&path).map(|text| (path, text)));
    let file = File {
        path: path.to_owned(),
        refused: found.iter().any(refuses),
        text,
        item,
        body,
    };
    Found::Panther(Box::new(file), found)
}

/// Whether the platform's tool would refuse the document for it. What is wrong with a case fails that case only.
pub(super) fn refuses(found: &Diagnostic) -> bool {
    found.is_error() && !found.code.starts_with("panther-case-")
}

/// The Python file of a document: below the document's own folder, so that a stranger's names no other file.
pub(super) fn body_file(document: &Path, filename: &str) -> Option<PathBuf> {
    let name = Path::new(filename);
    let inside = name
        .components()
        .all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    (inside && !filename.is_empty()).then(|| document.with_file_name("").join(name))
}

/// The folder that a path belongs to as a repository: the nearest one, itself or above, that holds a folder of helpers.
pub(super) fn root_of(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.ancestors()
        .take(LEVELS + 1)
        .find(|folder| is_root(folder))
        .map(Path::to_owned)
}

/// Whether a folder is the root of a repository.
pub(super) fn is_root(folder: &Path) -> bool {
    MARKS.iter().any(|mark| folder.join(mark).is_dir())
}

/// The folders of helpers of a repository.
pub(super) fn helper_folders(root: &Path) -> Vec<PathBuf> {
    let folders = MARKS.iter().map(|mark| root.join(mark));
    folders.filter(|folder| folder.is_dir()).collect()
}

/// Whether a document is one that others need: a global or a data model.
pub(super) fn is_helper(analysis: Analysis) -> bool {
    matches!(analysis, Analysis::Global | Analysis::DataModel)
}

/// The files that a single rule may need: helpers of its repository and of its own folder; all where it refers to others.
pub(super) fn files_around(path: &Path, refers_to: &[String]) -> Vec<PathBuf> {
    let root = root_of(path);
    let own = path.parent().map(|folder| match folder.as_os_str() {
        empty if empty.is_empty() => PathBuf::from("."),
        _ => folder.to_owned(),
    });
    let mut places = root.as_deref().map(helper_folders).unwrap_or_default();
    let mut paths = Vec::new();
    if refers_to.is_empty() {
        paths.extend(own.as_deref().map(beside).unwrap_or_default());
    } else {
        // What it refers to may lie anywhere.
        places.extend(root.or(own));
    }
    paths.extend(yaml_files(&places, &CancelToken::new()));
    paths
}

/// What a single rule needs: the helpers of its repository and of its own folder, and the detections it refers to.
pub(super) fn around(path: &Path, refers_to: &[String], texts: &dyn Texts) -> Repository {
    read_around(&files_around(path, refers_to), refers_to, texts)
}

/// The same from files that were found before.
pub(super) fn read_around(
    paths: &[PathBuf],
    refers_to: &[String],
    texts: &dyn Texts,
) -> Repository {
    let (cancel, progress) = (CancelToken::new(), Progress::new());
    let wanted = |text: &str, analysis: Analysis| {
        is_helper(analysis)
            || analysis.is_detection() && refers_to.iter().any(|id| text.contains(id.as_str()))
    };
    let found = read_all(paths, texts, &wanted, &cancel, &progress);
    let mut seen = HashSet::new();
    let files: Vec<File> = found
        .into_iter()
        .filter_map(|found| match found {
            Found::Panther(file, _) => Some(*file),
            Found::Sentinel(..) => None,
        })
        .filter(|file| {
            let path = std::path::absolute(&file.path);
            seen.insert(path.unwrap_or_else(|_| file.path.clone()))
        })
        .collect();
    Repository::new(&files).0
}

/// Whether Panther's tool passes a document over when it is asked about `.`, a repository: it then looks into folders
/// of certain names only, so that templates and the like are not taken for detections.
pub(super) fn is_passed_over_by_tool(path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(".") else {
        return false;
    };
    let Some(folder) = inside.parent().filter(|f| !f.as_os_str().is_empty()) else {
        return false;
    };
    let folder = folder.to_string_lossy().replace('\\', "/");
    let anywhere = [
        "data_models",
        "lookup_tables",
        "rules",
        "policies",
        "queries",
        "scheduled_prompts",
    ];
    let last = folder.rsplit('/').next().unwrap_or("");
    !anywhere.iter().any(|name| folder.contains(name))
        && !matches!(last, "global_helpers" | "packs")
}

/// The YAML files that lie in a folder itself.
fn beside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| has_yaml_name(path) && path.is_file())
        .filter(|path| std::fs::metadata(path).is_ok_and(|m| m.len() <= LARGEST))
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_platforms_tool_passes_over() {
        let over = |path: &str| is_passed_over_by_tool(Path::new(path));
        assert!(over("./templates/example_rule.yml"));
        assert!(over("./global_helpers/more/a.yml"));
        assert!(!over("./a.yml"));
        assert!(!over("./correlation_rules/a.yml"));
        assert!(!over("./my_rules/deep/a.yml"));
        assert!(!over("./lib/global_helpers/a.yml"));
        assert!(!over("templates/example_rule.yml"));
    }

    #[test]
    fn a_body_stays_in_its_folder() {
        let of = |name| body_file(Path::new("rules/a.yml"), name);
        assert_eq!(of("a.py"), Some(PathBuf::from("rules/a.py")));
        assert_eq!(of("../a.py"), None);
        assert_eq!(of("/etc/passwd"), None);
        assert_eq!(of(""), None);
    }
}
