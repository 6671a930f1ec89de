//! Where words that a person picks elsewhere belong in a document.

use super::Source;
use super::document::{Doc, Kind};
use crate::diagnostic::{Edit, Span};

/// Where words belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home {
    /// At the cursor.
    Cursor,
    /// The cursor stands elsewhere: a stage at the end of the query.
    End(Edit),
    /// There is no place for them, and what would be one.
    Nowhere(&'static str),
}

/// Where words belong in a document whose cursor stands at `offset`. `stage` is what they are as a stage of a query,
/// without its pipe.
pub fn home(source: &Source<'_>, offset: usize, stage: &str) -> Home {
    match Kind::of(source) {
        Kind::Query | Kind::Other => Home::Cursor,
        Kind::Python if in_function(source.text, offset) => Home::Cursor,
        Kind::Python => Home::Nowhere("Put the cursor into a function: it goes there"),
        Kind::Cases => Home::Nowhere("Open the rule: cases have no query"),
        Kind::Panther if in_detection(source.text, offset) => Home::Cursor,
        Kind::Panther => {
            Home::Nowhere("Put the cursor into the Python body, or into Detection: it goes there")
        }
        Kind::Sentinel => in_rule(source, offset, stage),
    }
}

fn in_rule(source: &Source<'_>, offset: usize, stage: &str) -> Home {
    let doc = Doc::new(source);
    if doc.in_query(offset).is_some() || names_a_column(source.text, offset) {
        return Home::Cursor;
    }
    let Some((_, query)) = doc.query() else {
        return Home::Nowhere("The rule has no query yet");
    };
    let end = query.value.trim_end().len();
    if end == 0 {
        return Home::Nowhere("Write the query's table first");
    }
    match query.edit(Span::new(end, end), &format!("\n| {stage}")) {
        Some(edit) => Home::End(edit),
        None => Home::Nowhere("Put the cursor into the query: it goes there"),
    }
}

/// The line of an offset up to it.
fn line_before(text: &str, offset: usize) -> &str {
    let before = text.get(..offset).unwrap_or(text);
    before.rsplit('\n').next().unwrap_or(before)
}

/// Whether the cursor stands behind `columnName:` of a mapping.
fn names_a_column(text: &str, offset: usize) -> bool {
    let line = line_before(text, offset).trim_start();
    line.trim_start_matches("- ").starts_with("columnName:")
}

/// Whether the cursor stands in a line that is indented, or in an empty one below such a line.
fn in_function(text: &str, offset: usize) -> bool {
    let start = offset.min(text.len()) - line_before(text, offset).len();
    let line = |at: usize| text.get(at..).and_then(|rest| rest.lines().next());
    let this = line(start).unwrap_or("");
    if !this.trim().is_empty() {
        let before = line_before(text, offset);
        return this.starts_with([' ', '\t']) && !before.is_empty();
    }
    let above = text.get(..start).unwrap_or("").lines().rev();
    let mut written = above.filter(|line| !line.trim().is_empty());
    written
        .next()
        .is_some_and(|line| line.starts_with([' ', '\t']) || line.trim_end().ends_with(':'))
}

/// Whether the cursor stands below `Detection:`.
fn in_detection(text: &str, offset: usize) -> bool {
    let start = offset.min(text.len()) - line_before(text, offset).len();
    let this = text.get(start..).and_then(|rest| rest.lines().next());
    let top = |line: &&str| !line.trim().is_empty() && !line.starts_with([' ', '\t', '#', '-']);
    if this.as_ref().is_some_and(top) {
        return false;
    }
    let mut above = text.get(..start).unwrap_or("").lines().rev();
    let key = above.find(top).unwrap_or("");
    key.starts_with("Detection:") || key.starts_with("InlineFilters:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const RULE: &str =
        "id: a\nname: b\nquery: |\n  T\n  | take 5\n\nentityMappings:\n- columnName: \n";

    fn at(path: &str, text: &str, mark: &str) -> Home {
        let source = Source {
            path: Path::new(path),
            text,
        };
        home(&source, text.find(mark).unwrap(), "where isnotempty(A)")
    }

    fn nowhere(home: &Home) -> bool {
        matches!(home, Home::Nowhere(_))
    }

    #[test]
    fn outside_of_the_query_it_is_a_stage_at_its_end() {
        let Home::End(edit) = at("r.yaml", RULE, "name") else {
            panic!("the cursor is not in the query");
        };
        let mut new = RULE.to_owned();
        new.replace_range(edit.span.start..edit.span.end, &edit.text);
        let expected = RULE.replace("  | take 5\n", "  | take 5\n  | where isnotempty(A)\n");
        assert_eq!(new, expected);
        assert_eq!(at("r.yaml", RULE, "take"), Home::Cursor);
        assert_eq!(at("r.yaml", RULE, " \n"), Home::Cursor, "a column's name");
        // No text of these can grow by a line.
        assert!(nowhere(&at("r.yaml", "id: a\nquery: T\n", "id")));
        assert!(nowhere(&at("r.yaml", "id: a\nquery: |\n", "id")));
        assert!(nowhere(&at("r.yaml", "id: a\n", "id")));
        assert_eq!(at("q.kql", "T | take 5", "T"), Home::Cursor);
    }

    #[test]
    fn a_body_takes_it_in_a_function_and_a_simple_detection_in_its_conditions() {
        let body = "import re\n\ndef rule(event):\n    return x\n";
        assert!(nowhere(&at("r.py", body, "import")));
        assert!(nowhere(&at("r.py", body, "def")));
        assert_eq!(at("r.py", body, "x"), Home::Cursor);
        let simple = "AnalysisType: rule\nDetection:\n  - Key: a\nSeverity: Low\n";
        assert!(nowhere(&at("r.yml", simple, "Analysis")));
        assert!(nowhere(&at("r.yml", simple, "Severity")));
        assert_eq!(at("r.yml", simple, "Key"), Home::Cursor);
        assert!(nowhere(&at("r.cases.yaml", "cases:\n- name: a\n", "name")));
    }
}
