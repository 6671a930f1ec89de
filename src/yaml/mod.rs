//! YAML with positions: the source text is the truth, values are read beside it.

use crate::diagnostic::{Diagnostic, Span};

/// A step of a path into a YAML document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An item of a sequence, from 0.
    Index(usize),
}

/// A YAML document: its text, its value, and where every node stands in the text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    text: String,
    value: serde_yaml::Value,
}

impl Document {
    /// Reads a document. Never fails: what is wrong is in the diagnostics (spans in bytes of `text`,
    /// a byte-order mark counted), and what could be read is in the document.
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        (
            Self {
                text: text.to_owned(),
                value: serde_yaml::Value::Null,
            },
            Vec::new(),
        )
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value as a whole.
    pub fn value(&self) -> &serde_yaml::Value {
        &self.value
    }

    /// Where a node's value stands in the text.
    pub fn span(&self, _path: &[Step]) -> Option<Span> {
        None
    }

    /// Where the key of a mapping entry stands.
    pub fn key_span(&self, _path: &[Step]) -> Option<Span> {
        None
    }

    /// Maps a byte offset within the *value* of a string scalar (as `serde_yaml` gives it) to the byte
    /// offset in the text: through block indentation, quotes and escapes.
    pub fn offset_in_text(&self, _path: &[Step], _offset_in_value: usize) -> Option<usize> {
        None
    }
}
