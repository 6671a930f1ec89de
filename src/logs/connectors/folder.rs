//! A person's own connectors: the files of a folder `connectors` beside the logs or above them.

use super::Connectors;
use crate::diagnostic::Diagnostic;
use crate::logs::above;
use std::path::{Path, PathBuf};

/// The folder that is looked for.
const FOLDER: &str = "connectors";
/// Larger files are no connectors, in bytes.
const LARGEST: u64 = 1 << 20;

/// A connector file that was found: its text, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct ConnectorFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it says; empty where it cannot be read.
    pub text: String,
    /// What is wrong with it; spans are byte offsets into the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Connectors {
    /// The folder of a person's connectors for logs at a path: the nearest `connectors` in the path itself or in a
    /// folder above it; absolute. None where there is none yet.
    pub fn folder(path: &Path) -> Option<PathBuf> {
        above::nearest(path, FOLDER)
    }

    /// The bundled connectors and those in the folders of these paths ([`Connectors::folder`]), and the files that
    /// were found, sorted by path. A file with a mistake adds nothing.
    pub fn beside(paths: &[PathBuf]) -> (Self, Vec<ConnectorFile>) {
        let mut connectors = Self::default();
        let mut folders: Vec<PathBuf> = paths.iter().filter_map(|p| Self::folder(p)).collect();
        folders.sort();
        folders.dedup();
        let mut found = Vec::new();
        for folder in folders {
            for path in files(&folder) {
                let (text, diagnostics) = match read(&path) {
                    Ok(text) => {
                        let diagnostics = connectors.add(&text);
                        (text, diagnostics)
                    }
                    Err(reason) => {
                        let span = crate::diagnostic::Span::new(0, 0);
                        let diagnostic = Diagnostic::error("connector-value", span, reason);
                        (String::new(), vec![diagnostic])
                    }
                };
                found.push(ConnectorFile {
                    path,
                    text,
                    diagnostics,
                });
            }
        }
        (connectors, found)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let is_yaml = |path: &PathBuf| {
        let end = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        path.is_file() && (end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml"))
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = paths.filter(is_yaml).collect();
    files.sort();
    files
}

fn read(path: &Path) -> Result<String, String> {
    let wrong = |error: std::io::Error| format!("the connector file cannot be read: {error}");
    if std::fs::metadata(path).map_err(wrong)?.len() > LARGEST {
        return Err(format!(
            "too large for a connector file: at most {} KB",
            LARGEST >> 10
        ));
    }
    std::fs::read_to_string(path).map_err(wrong)
}
