//! Format document: one operator a line, lists broken where they are too long, comments kept.
//!
//! The result depends on the tokens, the comments' places and blank lines between statements, not on other
//! white space, so formatting twice changes nothing more. Whether the query is still the same is checked
//! each time: tokens and tree must be equal, else the text is given back as it was.

mod build;
mod render;
mod spacing;

use super::layout::Layout;
use crate::diagnostic::{Diagnostic, LineIndex};
use crate::kql::syntax::{self, lexer};

/// How it is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layouting {
    /// Spaces of one step of indentation.
    pub indent: usize,
    /// Most characters on a line, where it can be broken.
    pub width: usize,
}

impl Default for Layouting {
    fn default() -> Self {
        Self {
            indent: 4,
            width: 100,
        }
    }
}

/// A formatted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text; as it was where there is a reason.
    pub text: String,
    /// Why it was not formatted, in a sentence for a person.
    pub refused: Option<String>,
}

/// Formats a query.
pub fn format(text: &str, options: Layouting) -> Formatted {
    let refused = |why: String| Formatted {
        text: text.to_owned(),
        refused: Some(why),
    };
    let parsed = syntax::parse(text);
    let wrong = |d: &&Diagnostic| d.is_error() && d.code != "KQL-unsupported";
    if let Some(error) = parsed.diagnostics.iter().find(wrong) {
        let place = match error.span {
            Some(span) => format!(
                " on line {}",
                LineIndex::new(text).position(span.start).line
            ),
            None => String::new(),
        };
        return refused(format!(
            "The query has a syntax error{place}: {}",
            error.message
        ));
    }
    let layout = Layout::new(text);
    if layout.tokens.is_empty() {
        return Formatted {
            text: text.to_owned(),
            refused: None,
        };
    }
    let document = build::document(&layout);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut formatted = render::render(&document, options, newline);
    if text.ends_with('\n') {
        formatted.push_str(newline);
    }
    if text.starts_with('\u{feff}') {
        formatted.insert(0, '\u{feff}');
    }
    if !same(text, &formatted, &parsed) {
        return refused("This query cannot be formatted without a risk of changing it".to_owned());
    }
    Formatted {
        text: formatted,
        refused: None,
    }
}

/// Whether two texts have the same tokens, comments and tree.
fn same(before: &str, after: &str, parsed: &syntax::Parsed) -> bool {
    let pieces = |text: &str| -> Vec<String> {
        let (tokens, _) = lexer::tokens(text);
        tokens
            .iter()
            .filter_map(|t| text.get(t.span.start..t.span.end))
            .map(str::to_owned)
            .collect()
    };
    let comments = |text: &str| -> Vec<String> {
        let layout = Layout::new(text);
        let spans = layout.comments().into_iter();
        spans
            .filter_map(|s| text.get(s.start..s.end))
            .map(str::to_owned)
            .collect()
    };
    pieces(before) == pieces(after)
        && comments(before) == comments(after)
        && shape(&parsed.query) == shape(&syntax::parse(after).query)
}

/// A tree without its places.
fn shape(query: &syntax::tree::Query) -> String {
    let text = format!("{query:?}");
    let mut shape = String::with_capacity(text.len() / 2);
    let mut rest = text.as_str();
    while let Some(at) = rest.find("Span { start: ") {
        shape.push_str(rest.get(..at).unwrap_or(""));
        let tail = rest.get(at..).unwrap_or("");
        let end = tail.find('}').map_or(tail.len(), |e| e + 1);
        rest = tail.get(end..).unwrap_or("");
    }
    shape.push_str(rest);
    shape
}
