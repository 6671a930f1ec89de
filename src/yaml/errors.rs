//! Syntax errors in plain words, at the place where the author has to do something.

use super::MAX_DEPTH;
use super::tree::Place;
use crate::diagnostic::{Diagnostic, LineIndex, Span};
use granit_parser::{ErrorKind, ScanError};

/// Nesting beyond the limit.
pub(super) fn depth(span: Span) -> Diagnostic {
    Diagnostic::error(
        "yaml-depth",
        span,
        format!("mappings and sequences are nested more than {MAX_DEPTH} deep here"),
    )
}

/// A scanner's error in a text whose byte-order mark has `shift` bytes.
pub(super) fn syntax(text: &str, shift: usize, error: &ScanError, place: &Place) -> Diagnostic {
    let at = error
        .marker()
        .byte_offset()
        .map_or(shift, |b| b + shift)
        .min(text.len());
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return depth(Span::new(at, at));
    }
    let lines = LineIndex::new(text);
    if let Some(diagnostic) = left_block(text, shift, at) {
        return diagnostic;
    }
    if let Some(diagnostic) = tab(text, at, error.kind(), &lines) {
        return diagnostic;
    }
    if let Some(diagnostic) = never_closed(text, at, error.kind(), place) {
        return diagnostic;
    }
    if let Some(diagnostic) = no_colon(text, at, error.kind(), &lines) {
        return diagnostic;
    }
    let (message, hint) = words(error.kind());
    let span = Span::new(at, end_of_word(text, at));
    let diagnostic = Diagnostic::error("yaml-syntax", span, message);
    match hint {
        Some(hint) => diagnostic.with_hint(hint),
        None => diagnostic,
    }
}

/// A quote or bracket without its end shows only lines later, where the text no longer fits: say it at the opening.
fn never_closed(text: &str, at: usize, kind: &ErrorKind, place: &Place) -> Option<Diagnostic> {
    let quoted = matches!(
        kind,
        ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar
    );
    if quoted {
        let between = text.get(place.after..at.max(place.after))?;
        let opening = match between.find(['"', '\'']) {
            Some(i) => place.after + i,
            None => at,
        };
        let (message, hint) = words(&ErrorKind::UnclosedQuotedScalar);
        let span = Span::new(opening, end_of_word(text, opening));
        return Some(Diagnostic::error("yaml-syntax", span, message).with_hint(hint?));
    }
    let opening = place.bracket?;
    let open = text.get(opening..)?.chars().next()?;
    if !text.get(opening..at)?.contains('\n') {
        return None;
    }
    let (message, hint) = words(&ErrorKind::UnclosedFlowCollection { open });
    let span = Span::new(opening, opening + open.len_utf8());
    Some(Diagnostic::error("yaml-syntax", span, message).with_hint(hint?))
}

/// A line without a colon between two keys: YAML takes it for the beginning of the next line's key and stops there.
fn no_colon(text: &str, at: usize, kind: &ErrorKind, lines: &LineIndex) -> Option<Diagnostic> {
    if !matches!(
        kind,
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidSimpleKey
    ) {
        return None;
    }
    let line = lines.position(at).line;
    let start = lines.line_start(line.checked_sub(1).filter(|l| *l > 0)?);
    let before = text.get(start..lines.line_start(line))?;
    let here = text.get(lines.line_start(line)..)?.lines().next()?;
    let (indent, content) = (before.len() - before.trim_start().len(), before.trim());
    let same = here.len() - here.trim_start().len() == indent;
    let first_key = here
        .trim_start()
        .find(':')
        .map(|i| lines.line_start(line) + indent + i);
    let bare = !content.is_empty() && !is_structure(content) && !content.contains(':');
    if !same || !bare || first_key != Some(at) {
        return None;
    }
    let (message, hint) = words(&ErrorKind::SimpleKeyExpected);
    let start = start + indent;
    let span = Span::new(start, end_of_word(text, start));
    Some(Diagnostic::error("yaml-syntax", span, message).with_hint(hint?))
}

/// The rest of the word at a place: something to underline.
fn end_of_word(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len())
}

/// A line that stands further left than the block scalar it belongs to: the commonest accident in a `query:`.
fn left_block(text: &str, shift: usize, error_at: usize) -> Option<Diagnostic> {
    struct Block {
        key: String,
        key_indent: usize,
        content_indent: Option<usize>,
    }
    let mut block: Option<Block> = None;
    let mut start = shift;
    for (number, raw) in text.get(shift..)?.split_inclusive('\n').enumerate() {
        let line = raw.trim_end_matches(['\n', '\r']);
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if let Some(open) = &mut block {
            if content.trim().is_empty() {
                start += raw.len();
                continue;
            }
            let needed = open.content_indent.unwrap_or(open.key_indent + 1);
            if indent >= needed {
                open.content_indent.get_or_insert(indent);
                start += raw.len();
                continue;
            }
            let left_early = open.content_indent.is_some() && indent > open.key_indent;
            if left_early || !is_structure(content) {
                let end = start + line.trim_end().len();
                // An error before this line has another cause.
                if error_at < start {
                    return None;
                }
                let columns = open.content_indent.unwrap_or(open.key_indent + 2);
                return Some(
                    Diagnostic::error(
                        "yaml-left-block",
                        Span::new(start + indent, end.max(start + indent)),
                        format!("line {} left the `{}:` block", number + 1, open.key),
                    )
                    .with_hint(format!(
                        "indent it by {columns} {}, like the lines above",
                        if columns == 1 { "space" } else { "spaces" }
                    )),
                );
            }
            block = None;
        }
        if let Some((key, key_indent)) = opens_block(content, indent) {
            block = Some(Block {
                key,
                key_indent,
                content_indent: None,
            });
        }
        start += raw.len();
    }
    None
}

/// Whether a line can begin something of YAML's own: a key, an item, a comment, a marker, a closing bracket.
fn is_structure(content: &str) -> bool {
    if content.starts_with(['#', '}', ']', '"', '\'', '?', '{', '[', '%'])
        || content.starts_with("- ")
        || content.trim_end() == "-"
        || content.starts_with("---")
        || content.starts_with("...")
    {
        return true;
    }
    let Some(colon) = content.find(':') else {
        return false;
    };
    let (key, rest) = content.split_at(colon);
    let plain = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ' | '$' | '<'));
    plain && rest[1..].chars().next().is_none_or(char::is_whitespace)
}

/// Key and indentation of a line that ends in a block scalar's header (`query: |`, `- description: >-`).
fn opens_block(content: &str, indent: usize) -> Option<(String, usize)> {
    let mut rest = content.trim_end();
    let mut indent = indent;
    while let Some(item) = rest.strip_prefix("- ") {
        let item_content = item.trim_start_matches(' ');
        indent += rest.len() - item_content.len();
        rest = item_content;
    }
    let (key, value) = rest.split_once(": ")?;
    let header = value.trim_start().split([' ', '\t']).next()?;
    let mut marks = header.chars();
    let opens = matches!(marks.next(), Some('|' | '>'))
        && marks.all(|c| matches!(c, '+' | '-' | '1'..='9'));
    opens.then(|| (key.trim_matches(['"', '\'']).to_owned(), indent))
}

/// A tab where only spaces can indent.
fn tab(text: &str, at: usize, kind: &ErrorKind, lines: &LineIndex) -> Option<Diagnostic> {
    let line = lines.position(at).line;
    let start = lines.line_start(line);
    let rest = text.get(start..)?;
    let indentation = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let inside = rest.get(..indentation)?.find('\t');
    let tabbed = matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
    );
    let from = match (inside, tabbed) {
        (Some(i), _) => start + i,
        (None, true) => start + rest.find('\t')?,
        (None, false) => return None,
    };
    let tabs = text.get(from..)?;
    let length = tabs.len() - tabs.trim_start_matches('\t').len();
    Some(
        Diagnostic::error(
            "yaml-tab",
            Span::new(from, from + length),
            "a tab indents this line; YAML takes only spaces",
        )
        .with_hint("Replace the tab with spaces, as many as the lines around it have"),
    )
}

/// What the parser's kinds mean to an author, and what to do.
fn words(kind: &ErrorKind) -> (String, Option<&'static str>) {
    use ErrorKind as K;
    let (message, hint) = match kind {
        K::UnclosedQuotedScalar => (
            "a quoted text is opened and never closed",
            "add the closing quote; inside double quotes write `\\\"`, inside single quotes `''`",
        ),
        K::MappingValueNotAllowed => (
            "a second `key: value` stands on this line",
            "put a text that holds `: ` into quotes, or begin a new line",
        ),
        K::SimpleKeyExpected => (
            "this line has no colon",
            "write `key: value`; a line that continues a text is indented deeper than its key",
        ),
        K::InvalidSimpleKey => (
            "a key has to stand on one line, followed by a colon",
            "add the colon, or indent the line deeper than its key if it continues a text",
        ),
        K::ExpectedBlockMappingKey | K::InvalidIndentation | K::MappingKeyNotAllowed => (
            "this line does not fit the lines above: no key is expected here",
            "give it the same indentation as its neighbours",
        ),
        K::ExpectedBlockSequenceEntry => (
            "an item of the list was expected here",
            "begin it with `- ` at the column of the items above",
        ),
        K::BlockSequenceEntryNotAllowed => (
            "a list item cannot stand on this line",
            "begin the list on a line of its own, below its key",
        ),
        K::UnknownAnchor => (
            "there is no anchor of this name above",
            "a text that begins with `*` needs quotes",
        ),
        K::UnclosedFlowCollection { open } => {
            return (
                format!("the bracket `{open}` is never closed"),
                Some("close it, or put the text into quotes"),
            );
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("the bracket `{open}` is closed by `{close}`"), None);
        }
        K::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing",
            "remove it, or put the text into quotes",
        ),
        K::ExpectedFlowMappingSeparator
        | K::ExpectedFlowSequenceSeparator
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofFlowSequence => (
            "inside brackets a comma or the closing bracket was expected here",
            "a text that begins with a bracket needs quotes",
        ),
        K::UnknownQuotedScalarEscape => (
            "double quotes do not know this escape",
            "write a backslash as `\\\\`, or use single quotes",
        ),
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => (
            "text follows after the closing quote",
            "quote the whole value; inside double quotes write `\\\"`, inside single quotes `''`",
        ),
        K::InvalidBlockScalarIndent => (
            "this line is indented less than the block it belongs to",
            "indent it like the lines around it",
        ),
        K::UnexpectedCharacter { character } => {
            return (
                format!("a value cannot begin with `{character}`"),
                Some("put it into quotes"),
            );
        }
        other => return (other.to_string(), None),
    };
    (message.to_owned(), Some(hint))
}
