//! The files of the workspace.

use super::fuzzy::Fuzzy;
use super::item::{Does, Item};
use crate::task::CancelToken;
use crate::workbench::actions::is_text_document;
use crate::workbench::app::Workbench;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// More files than this are not listed: nobody looks for a rule among them.
const MOST_FILES: usize = 20_000;
/// So many are shown.
const MOST_SHOWN: usize = 100;
/// What having been used lately is worth, next to letters that fit.
const RECENT: u32 = 24;

/// List the files of a workspace.
pub struct Question {
    pub(super) root: PathBuf,
    /// Files that belong to it wherever they lie.
    pub(super) known: Vec<PathBuf>,
}

/// The work of the thread.
pub fn work(question: Question, cancel: &CancelToken) -> Vec<PathBuf> {
    let mut files = question.known;
    let walk = WalkDir::new(&question.root)
        .max_depth(16)
        .into_iter()
        .filter_entry(|e| e.depth() == 0 || !is_passed_over(&e.file_name().to_string_lossy()));
    for entry in walk.flatten() {
        if cancel.is_cancelled() || files.len() >= MOST_FILES {
            break;
        }
        if entry.file_type().is_file() && is_text_document(entry.path()) {
            files.push(entry.into_path());
        }
    }
    files.sort();
    files.dedup();
    files
}

fn is_passed_over(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "target" | "node_modules" | "__pycache__")
}

/// The files whose path holds the letters; those used last first.
pub(super) fn find(workbench: &Workbench, text: &str) -> Vec<Item> {
    let (name, line) = with_line(text);
    let root = workbench.absolute_root();
    let used: HashMap<&Path, u32> = workbench
        .groups
        .recent()
        .into_iter()
        .chain(workbench.settings.recent.iter().map(PathBuf::as_path))
        .zip(0..)
        .fold(HashMap::new(), |mut used, (path, rank)| {
            used.entry(path).or_insert(rank);
            used
        });
    let mut fuzzy = Fuzzy::new(name, true);
    let mut found: Vec<(i64, &Path, String)> = workbench
        .files
        .iter()
        .filter_map(|path| {
            let shown = path.strip_prefix(&root).unwrap_or(path);
            let shown = shown.display().to_string();
            let rank = used.get(path.as_path()).copied();
            let bonus = rank.map_or(0, |rank| RECENT.saturating_sub(rank).max(1));
            let score = match name.is_empty() {
                true => bonus,
                false => fuzzy.score(&shown)? + bonus,
            };
            Some((i64::from(score), path.as_path(), shown))
        })
        .collect();
    found.sort_by(|a, b| (-a.0, &a.2).cmp(&(-b.0, &b.2)));
    found.truncate(MOST_SHOWN);
    found
        .into_iter()
        .map(|(_, path, shown)| item(&mut fuzzy, path, &shown, line))
        .collect()
}

fn item(fuzzy: &mut Fuzzy, path: &Path, shown: &str, line: Option<usize>) -> Item {
    let title = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = shown.strip_suffix(&*title).unwrap_or_default();
    let before = folder.chars().count() as u32;
    // Letters of the folder are not lit: the name is what one reads.
    let lit = fuzzy.lit(shown);
    let lit = lit.into_iter().filter_map(|n| n.checked_sub(before));
    Item {
        lit: lit.collect(),
        detail: folder.trim_end_matches('/').to_owned(),
        right: String::new(),
        why_not: None,
        does: Does::Open {
            path: path.to_owned(),
            line,
            log: !is_text_document(path),
        },
        title: title.into_owned(),
    }
}

/// A name, and the line behind its colon.
fn with_line(text: &str) -> (&str, Option<usize>) {
    match text.rsplit_once(':') {
        Some((name, "")) => (name, None),
        Some((name, line)) => match line.parse() {
            Ok(line) => (name, Some(line)),
            Err(_) => (text, None),
        },
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_behind_the_colon() {
        for (text, expected) in [
            ("rule", ("rule", None)),
            ("rule:", ("rule", None)),
            ("rule:12", ("rule", Some(12))),
            ("c:x", ("c:x", None)),
        ] {
            assert_eq!(with_line(text), expected);
        }
    }

    #[test]
    fn text_documents_are_listed_and_what_tools_make_is_not() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "a.yaml",
            "sub/b.py",
            "c.png",
            ".git/d.yaml",
            "target/e.yaml",
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let log = PathBuf::from("/elsewhere/log.json");
        let question = Question {
            root: folder.path().to_owned(),
            known: vec![log.clone(), folder.path().join("a.yaml")],
        };
        let files = work(question, &CancelToken::new());
        let expected = [
            log,
            folder.path().join("a.yaml"),
            folder.path().join("sub/b.py"),
        ];
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(files, expected);
    }
}
