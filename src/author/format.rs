//! The query of a document laid out anew, everything else untouched.

use super::document::{Doc, Kind};
use super::layout::Style;
use super::{Edit, Source};
use crate::diagnostic::{Diagnostic, LineIndex, Span};
use crate::kql::services::{self, Layouting};

/// What lays the query of a document out anew; nothing where it is laid out well.
///
/// # Errors
/// Why it is left as it is, in a sentence for a person.
pub fn format(source: &Source<'_>) -> Result<Vec<Edit>, String> {
    match Kind::of(source) {
        Kind::Query => {
            let formatted = services::format(source.text, Layouting::default());
            if let Some(why) = formatted.refused {
                return Err(why);
            }
            let whole = Span::new(0, source.text.len());
            let same = formatted.text == source.text;
            return Ok(match same {
                true => Vec::new(),
                false => vec![Edit {
                    span: whole,
                    text: formatted.text,
                }],
            });
        }
        Kind::Python => return Err("Python is left as it is written".to_owned()),
        Kind::Sentinel => {}
        Kind::Cases | Kind::Panther | Kind::Other => {
            return Err("There is no query here to lay out".to_owned());
        }
    }
    let doc = Doc::new(source);
    let Some((_, query)) = doc.query() else {
        return Err("There is no query here to lay out".to_owned());
    };
    // The value as the block holds it, without the line ends behind it.
    let value = query.value.trim_end();
    let start = query.value.len() - query.value.trim_start_matches(['\n', '\r']).len();
    let body = value.get(start..).unwrap_or("");
    // A syntax error is told at its line of the document.
    let parsed = crate::kql::syntax::parse(body);
    let wrong = |d: &&Diagnostic| d.is_error() && d.code != "KQL-unsupported";
    if let Some(error) = parsed.diagnostics.iter().find(wrong) {
        let at = query.to_text(start + error.span.unwrap_or_default().start);
        let line = LineIndex::new(source.text).position(at).line;
        return Err(format!(
            "The query has a syntax error on line {line}: {}",
            error.message
        ));
    }
    let formatted = services::format(body, Layouting::default());
    if let Some(why) = formatted.refused {
        return Err(why);
    }
    if formatted.text == body {
        return Ok(Vec::new());
    }
    if query.style != Style::Literal {
        return match formatted.text.contains('\n') {
            true => Err("The query stands in a text that cannot be broken into lines: write it below `query: |`".to_owned()),
            false => query
                .edit(Span::new(start, value.len()), &formatted.text)
                .map(|edit| vec![edit])
                .ok_or_else(|| "The query cannot be written this way where it stands".to_owned()),
        };
    }
    let edit = query.edit(Span::new(start, value.len()), &formatted.text);
    let edit = edit.ok_or("The query cannot be written this way where it stands")?;
    Ok(vec![edit])
}
