//! Colours of code: YAML with KQL and Python inside, KQL, Python, JSON.
//!
//! A line is lexed from the state in which the line before ended, so an edit lexes from the changed line on
//! and only until the states meet again. What is kept is runs of [`Kind`]s, never colours or a galley,
//! so that a change of theme or zoom costs nothing and cannot paint garbage.

mod cache;
mod embedded;
pub(crate) mod job;
mod lexer;

pub use cache::HighlightCache;
pub use embedded::language_at;

use super::theme::CodeColors;
use egui::Color32;
use std::path::Path;

/// What a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// No colours.
    #[default]
    Plain,
    /// YAML, with KQL in `query:` blocks and Python in `python:` blocks.
    Yaml,
    /// Kusto Query Language.
    Kql,
    /// Python.
    Python,
    /// JSON, also one object per line.
    Json,
}

impl Language {
    /// By the file's extension.
    pub fn of_path(path: &Path) -> Self {
        let extension = path
            .extension()
            .and_then(|e| e.to_str())
            .map(str::to_ascii_lowercase);
        match extension.as_deref() {
            Some("yaml" | "yml") => Self::Yaml,
            Some("kql" | "csl" | "kusto") => Self::Kql,
            Some("py") => Self::Python,
            Some("json" | "jsonl" | "ndjson") => Self::Json,
            _ => Self::Plain,
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "Text",
            Self::Yaml => "YAML",
            Self::Kql => "KQL",
            Self::Python => "Python",
            Self::Json => "JSON",
        }
    }

    /// Spaces of one level.
    pub fn indent(self) -> usize {
        match self {
            Self::Python => 4,
            _ => 2,
        }
    }
}

/// What a piece of code is, as far as its colour goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Names, plain scalars, space.
    Text,
    /// Keys of YAML and JSON.
    Key,
    /// Quoted strings.
    String,
    /// Escapes inside strings.
    Escape,
    /// Numbers, timespans, true, false, null, `$left`, `self`.
    Constant,
    /// Keywords and word operators.
    Keyword,
    /// Operators written in signs.
    Operator,
    /// Functions.
    Function,
    /// Types and classes.
    Type,
    /// Names where they are defined.
    Definition,
    /// Comments.
    Comment,
    /// Brackets and separators.
    Punctuation,
    /// What the grammar knows to be wrong.
    Invalid,
}

impl Kind {
    /// Its colour.
    pub fn color(self, code: &CodeColors) -> Color32 {
        match self {
            Self::Text => code.text,
            Self::Key => code.key,
            Self::String => code.string,
            Self::Escape => code.escape,
            Self::Constant => code.constant,
            Self::Keyword => code.keyword,
            Self::Operator => code.operator,
            Self::Function => code.function,
            Self::Type => code.type_name,
            Self::Definition => code.definition,
            Self::Comment => code.comment,
            Self::Punctuation => code.punctuation,
            Self::Invalid => code.invalid,
        }
    }
}

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Bytes.
    pub len: usize,
    /// What it is.
    pub kind: Kind,
}
