//! What lies round a document: the documents and Python modules of its workspace, read once for many questions.

use crate::diagnostic::Span;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file of the workspace with its text as it stands, unsaved changes included.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub text: Arc<str>,
}

/// A YAML document of the workspace, as far as others refer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The file.
    pub path: PathBuf,
    /// `AnalysisType`; empty for a rule of Microsoft Sentinel.
    pub analysis: String,
    /// Its id: what others call it by.
    pub id: String,
    /// Where the id stands in its text.
    pub id_span: Span,
    /// Its display name; may be empty.
    pub name: String,
    /// `Filename`; may be empty.
    pub filename: String,
    /// `LogTypes`.
    pub log_types: Vec<String>,
}

/// What lies round a document.
#[derive(Clone, Debug, Default)]
pub struct Around {
    documents: Vec<Document>,
    texts: HashMap<PathBuf, Arc<str>>,
}

impl Around {
    /// Reads files: YAML documents and Python modules, in any order.
    pub fn new(files: &[File]) -> Self {
        let yaml = |path: &Path| {
            let extension = path.extension().and_then(|e| e.to_str());
            extension.is_some_and(|e| e == "yml" || e == "yaml")
        };
        let mut documents: Vec<Document> = files
            .iter()
            .filter(|file| yaml(&file.path))
            .filter_map(|file| read(&file.path, &file.text))
            .collect();
        documents.sort_by(|a, b| a.path.cmp(&b.path));
        let texts = files.iter().map(|f| (f.path.clone(), f.text.clone()));
        Self {
            documents,
            texts: texts.collect(),
        }
    }

    /// The YAML documents, by path.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The text of a file.
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.texts.get(path).map(AsRef::as_ref)
    }

    /// The Python files with their texts, by path.
    pub fn modules(&self) -> impl Iterator<Item = (&Path, &str)> {
        let mut found: Vec<(&Path, &str)> = self
            .texts
            .iter()
            .filter(|(path, _)| path.extension().is_some_and(|e| e == "py"))
            .map(|(path, text)| (path.as_path(), text.as_ref()))
            .collect();
        found.sort();
        found.into_iter()
    }

    /// The document of an id.
    pub fn of_id(&self, id: &str) -> Option<&Document> {
        self.documents.iter().find(|d| !id.is_empty() && d.id == id)
    }

    /// The documents whose Python file this is.
    pub fn of_body(&self, body: &Path) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(move |d| {
            let folder = d.path.parent().unwrap_or(Path::new(""));
            !d.filename.is_empty() && folder.join(&d.filename) == body
        })
    }

    /// The globals that bodies import, by their ids.
    pub fn globals(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|d| d.analysis == "global")
    }

    /// The names of the Python files in a folder.
    pub fn modules_in(&self, folder: &Path) -> Vec<String> {
        let files = self.texts.keys().filter(|path| {
            path.parent() == Some(folder) && path.extension().is_some_and(|e| e == "py")
        });
        let names = files.filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// The Python file of a document and its text.
    pub fn body(&self, document: &Document) -> Option<(PathBuf, &str)> {
        let folder = document.path.parent().unwrap_or(Path::new(""));
        let path = folder.join(&document.filename);
        let text = self.text(&path)?;
        Some((path, text))
    }
}

/// Reads what a document says of itself from the lines at its margin: cheap enough for a thousand documents.
fn read(path: &Path, text: &str) -> Option<Document> {
    let mut found = Document {
        path: path.to_owned(),
        analysis: String::new(),
        id: String::new(),
        id_span: Span::default(),
        name: String::new(),
        filename: String::new(),
        log_types: Vec::new(),
    };
    let mut at = 0;
    let mut in_log_types = false;
    let mut is_rule = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if in_log_types {
            let item = line.trim_start().strip_prefix("- ");
            match item {
                Some(item) => {
                    found.log_types.push(plain(item).0.to_owned());
                    continue;
                }
                None if line.trim().is_empty() || line.trim_start().starts_with('#') => continue,
                None => in_log_types = false,
            }
        }
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let key = key.trim_start_matches('\u{feff}');
        let (value, offset) = plain(value);
        let value_at = start + line.len() - line.split_once(':').map_or(0, |(_, v)| v.len());
        match key {
            "AnalysisType" => found.analysis = value.to_owned(),
            "RuleID" | "PolicyID" | "DataModelID" | "GlobalID" | "PackID" | "QueryName"
            | "LookupName" | "PromptName" | "id" => {
                found.id = value.to_owned();
                let from = value_at + offset;
                found.id_span = Span::new(from, from + value.len());
            }
            "DisplayName" | "name" => found.name = value.to_owned(),
            "Filename" => found.filename = value.to_owned(),
            "query" => is_rule = true,
            "LogTypes" => match value.strip_prefix('[') {
                Some(list) => {
                    let list = list.trim_end_matches(']').split(',');
                    let names = list.map(|name| plain(name).0.to_owned());
                    found.log_types.extend(names.filter(|n| !n.is_empty()));
                }
                None => in_log_types = true,
            },
            _ => {}
        }
    }
    (!found.analysis.is_empty() || is_rule).then_some(found)
}

/// A one-line value without quotes and comment, and how many bytes stand before it.
fn plain(value: &str) -> (&str, usize) {
    let start = value.len() - value.trim_start().len();
    let text = value.trim();
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = text.get(1..).unwrap_or("");
        let end = inner.find(quote).unwrap_or(inner.len());
        return (inner.get(..end).unwrap_or(""), start + 1);
    }
    let end = text.find(" #").unwrap_or(text.len());
    (text.get(..end).unwrap_or("").trim_end(), start)
}
