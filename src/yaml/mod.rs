//! YAML with positions: the source text is the truth, values are read beside it.
//!
//! Values come from `serde_yaml`, or from the texts of the scalars by another [`Dialect`]; positions from `granit-parser`. `parse` is bounded: a text, a nesting or an
//! expansion of aliases beyond the limits gives a diagnostic with a place, never a hang or a crash.
//!
//! Diagnostic codes: `yaml-syntax`, `yaml-left-block`, `yaml-tab`, `yaml-duplicate-key`, `yaml-documents`,
//! `yaml-depth`, `yaml-aliases`, `yaml-size`, `yaml-number`, `yaml-tag`, `yaml-value`, `yaml-key`, `yaml-merge`.

mod dialect;
mod edit;
mod errors;
mod layout;
mod offsets;
mod read;
mod scalar;
mod set;
mod tree;

pub use set::{may_be_plain, parse_path, show_path};

use crate::diagnostic::{Diagnostic, Edit, Span};
use granit_parser::ScalarStyle;
use std::sync::Arc;
use tree::Tree;

/// The largest text read as YAML, in bytes.
pub const MAX_BYTES: usize = 32 << 20;
/// The deepest nesting of mappings and sequences.
pub const MAX_DEPTH: usize = 100;

/// A step of a path into a YAML document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An item of a sequence, from 0.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Step::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

/// Whose rules make values of the texts of scalars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `serde_yaml`'s: YAML 1.2.
    #[default]
    Library,
    /// Those of PyYAML as Panther's tool changes them: numbers nearly as in YAML 1.1, but true and false are the only
    /// truths, times stay text, and what has a colon is no whole number. Equal keys are a warning.
    PyYaml,
}

/// A YAML document: its text, its value, and where every node stands in the text.
/// A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Document(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    text: String,
    value: serde_yaml::Value,
    tree: Tree,
}

impl Document {
    /// Reads a document. Never fails: what is wrong is in the diagnostics (spans in bytes of `text`,
    /// a byte-order mark counted), and what could be read is in the document. Of a text that breaks off
    /// in a syntax error, the top-level entries before the broken one are there.
    ///
    /// A duplicate key is an error here, and the last one wins (as in Panther's own reader); merge keys
    /// (`<<`) are applied.
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        read::parse(text, Dialect::Library)
    }

    /// Reads a document whose values are made as a dialect says; see [`Document::parse`].
    pub fn parse_as(text: &str, dialect: Dialect) -> (Self, Vec<Diagnostic>) {
        read::parse(text, dialect)
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The value as a whole.
    pub fn value(&self) -> &serde_yaml::Value {
        &self.0.value
    }

    /// The value of a node.
    pub fn get(&self, path: &[Step]) -> Option<&serde_yaml::Value> {
        path.iter()
            .try_fold(&self.0.value, |value, step| match step {
                Step::Key(key) => read::entry(untagged(value).as_mapping()?, key),
                Step::Index(i) => untagged(value).as_sequence()?.get(*i),
            })
    }

    /// Where a node's value stands in the text: quotes and brackets included; of a block scalar from its
    /// indicator (`|`, `>`) to the end of its last line; of a missing value the place after the colon.
    pub fn span(&self, path: &[Step]) -> Option<Span> {
        self.0.tree.find(path).map(|id| self.0.tree.span(id))
    }

    /// Where the key of a mapping entry stands.
    pub fn key_span(&self, path: &[Step]) -> Option<Span> {
        self.0.tree.find_key(path).map(|id| self.0.tree.span(id))
    }

    /// Where the key stands, or else the value, or else the nearest node above: for a diagnostic
    /// that has to stand somewhere. None only for an empty document.
    pub fn nearest_span(&self, path: &[Step]) -> Option<Span> {
        if let Some(span) = self.key_span(path) {
            return Some(span);
        }
        (0..=path.len()).rev().find_map(|n| match path.get(..n) {
            Some(p) if n == path.len() => self.span(p),
            Some(p) => self.key_span(p).or_else(|| self.span(p)),
            None => None,
        })
    }

    /// Maps a byte offset within the *value* of a string scalar (as `serde_yaml` gives it) to the byte
    /// offset in the text: through block indentation, quotes, escapes and folded lines. The offset of the value's end
    /// gives the end of its text. None where the path is no scalar or the offset lies beyond the value.
    pub fn offset_in_text(&self, path: &[Step], offset_in_value: usize) -> Option<usize> {
        offsets::to_text(&self.segments(path)?, offset_in_value)
    }

    /// The other way round: the byte offset in the scalar's value of a byte offset in the text. An offset in
    /// indentation gives the beginning of the line's content; none outside the scalar.
    pub fn offset_in_value(&self, path: &[Step], offset_in_text: usize) -> Option<usize> {
        offsets::to_value(&self.segments(path)?, offset_in_text)
    }

    /// How the value of a scalar is laid out in the text, in order. None where the path is no scalar.
    pub fn segments(&self, path: &[Step]) -> Option<Vec<Segment>> {
        let node = self.0.tree.find(path)?;
        let style = self.0.tree.scalar_style(node)?;
        let span = self.0.tree.span(node);
        match self.get(path).map(untagged) {
            Some(serde_yaml::Value::String(value)) => {
                // Blank lines after a block scalar may be part of its value, so it sees the rest of the text.
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let end = if block { self.0.text.len() } else { span.end };
                let source = self.0.text.get(span.start..end)?;
                offsets::segments(source, span.start, style, value)
            }
            _ => Some(vec![Segment {
                value: Span::new(0, span.end - span.start),
                text: span,
            }]),
        }
    }

    /// The path of the node at a byte offset in the text: the deepest entry or item whose lines hold it.
    pub fn path_at(&self, offset: usize) -> Vec<Step> {
        edit::path_at(&self.0.tree, &self.0.text, offset)
    }

    /// The edits that set the value at a path to what a text says, written as the file writes it: quotes, block, line
    /// ends, indentation. A text stays a text; where nothing stands yet, the text is read as YAML. A key that is not
    /// there is made behind those that stand before it in `order`, else at the end. None for the value it has.
    ///
    /// # Errors
    /// Why it cannot be done without changing something else.
    pub fn set(&self, path: &[Step], text: &str, order: &[&str]) -> Result<Vec<Edit>, String> {
        set::set(self, path, text, order)
    }

    /// Whether a value is written as a block (`|`, `>`).
    pub fn is_block(&self, path: &[Step]) -> bool {
        let style = self
            .0
            .tree
            .find(path)
            .and_then(|node| self.0.tree.scalar_style(node));
        matches!(style, Some(ScalarStyle::Literal | ScalarStyle::Folded))
    }

    /// How a scalar is written: `|`, `>`, `"`, `'`, or a space for plain. None where the path is no scalar.
    pub fn style(&self, path: &[Step]) -> Option<char> {
        let node = self.0.tree.find(path)?;
        Some(match self.0.tree.scalar_style(node)? {
            ScalarStyle::Literal => '|',
            ScalarStyle::Folded => '>',
            ScalarStyle::DoubleQuoted => '"',
            ScalarStyle::SingleQuoted => '\'',
            ScalarStyle::Plain => ' ',
        })
    }

    /// The text with a span replaced; every other byte stays. Ends of the span that lie outside the text or inside
    /// a character are moved to the nearest place before.
    pub fn splice(&self, span: Span, new: &str) -> String {
        edit::splice(&self.0.text, span, new)
    }
}

/// A piece of a scalar's value and where it stands in the text. Pieces of equal length are the same bytes;
/// others are an escape, a doubled quote or a line break with what surrounds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Bytes of the value.
    pub value: Span,
    /// Bytes of the text.
    pub text: Span,
}

/// The value below any tags.
pub fn untagged(mut value: &serde_yaml::Value) -> &serde_yaml::Value {
    while let serde_yaml::Value::Tagged(tagged) = value {
        value = &tagged.value;
    }
    value
}
