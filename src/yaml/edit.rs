//! Finding the node at a place, and changing the text there.

use super::Step;
use super::tree::{Kind, Tree};
use crate::diagnostic::Span;

/// The path of the deepest node whose entry or item holds an offset. An entry reaches from its key to the end of its
/// value's last line, or to the line of the next entry where nothing but white space lies between.
pub(super) fn path_at(tree: &Tree, text: &str, offset: usize) -> Vec<Step> {
    let mut path = Vec::new();
    let Some(mut id) = tree.root() else {
        return path;
    };
    loop {
        match tree.kind(id) {
            Some(Kind::Mapping(entries)) => {
                let after = entries.partition_point(|(k, _)| tree.span(*k).start <= offset);
                let Some((key, value)) = after.checked_sub(1).and_then(|i| entries.get(i)) else {
                    return path;
                };
                if !reaches(text, tree.span(*key).to(tree.span(*value)), offset) {
                    return path;
                }
                path.push(Step::Key(tree.key_text(*key).unwrap_or("").to_owned()));
                id = *value;
            }
            Some(Kind::Sequence(items)) => {
                let after = items.partition_point(|i| tree.span(*i).start <= offset);
                let Some(index) = after.checked_sub(1) else {
                    return path;
                };
                let Some(item) = items.get(index) else {
                    return path;
                };
                if !reaches(text, tree.span(*item), offset) {
                    return path;
                }
                path.push(Step::Index(index));
                id = *item;
            }
            _ => return path,
        }
    }
}

/// Whether an offset lies in a span or on the line where it ends.
fn reaches(text: &str, span: Span, offset: usize) -> bool {
    if offset <= span.end {
        return true;
    }
    match text.get(span.end..) {
        Some(rest) => offset <= span.end + rest.find('\n').unwrap_or(rest.len()),
        None => false,
    }
}

/// The text with a span replaced.
pub(super) fn splice(text: &str, span: Span, new: &str) -> String {
    let at = |offset: usize| {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let start = at(span.start);
    let end = at(span.end).max(start);
    let mut result = String::with_capacity(text.len() + new.len());
    result.push_str(text.get(..start).unwrap_or(""));
    result.push_str(new);
    result.push_str(text.get(end..).unwrap_or(""));
    result
}
