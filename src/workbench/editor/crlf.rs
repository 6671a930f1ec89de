//! Files with Windows line ends. The text field knows only `\n`, and its cursor would come to rest between the
//! two signs, so such a text is edited without its `\r`s; every offset is converted on the way in and out.
//! A text that mixes line ends is edited as it is: nothing may be changed that nobody touched.

use super::{EditorInput, EditorResponse, Mark};
use std::borrow::Cow;
use std::ops::Range;

/// Where the line ends of a text are that ends all its lines with `\r\n`.
pub(super) struct LineEnds {
    /// The offsets of the `\n`s, ascending.
    newlines: Vec<usize>,
}

impl LineEnds {
    /// None for a text with other line ends, or with none.
    pub fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let newlines: Vec<usize> = memchr::memchr_iter(b'\n', bytes).collect();
        let returns = memchr::memchr_iter(b'\r', bytes).count();
        let all = newlines
            .iter()
            .all(|at| at.checked_sub(1).and_then(|i| bytes.get(i)) == Some(&b'\r'));
        (!newlines.is_empty() && returns == newlines.len() && all).then_some(Self { newlines })
    }

    /// An offset of the file's text in the text without `\r`s.
    pub fn inward(&self, offset: usize) -> usize {
        let before = self.newlines.partition_point(|newline| *newline < offset);
        let between = self.newlines.get(before) == Some(&offset);
        offset - before - usize::from(between)
    }

    pub fn inward_range(&self, range: &Range<usize>) -> Range<usize> {
        self.inward(range.start)..self.inward(range.end)
    }
}

/// An offset of the text without `\r`s in the file's text.
fn outward(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    offset + memchr::memchr_iter(b'\n', before).count()
}

/// The text as it is edited: without its `\r`s, if it has them at all its line ends.
pub(super) fn inner(text: &str) -> Cow<'_, str> {
    match LineEnds::of(text) {
        Some(_) => Cow::Owned(text.replace("\r\n", "\n")),
        None => Cow::Borrowed(text),
    }
}

/// Runs an edit on the text without its `\r`s, if it has them at all its line ends.
pub(super) fn edit<R>(text: &mut String, edit: impl FnOnce(&mut String) -> R) -> R {
    if LineEnds::of(text).is_none() {
        return edit(text);
    }
    let mut inner = text.replace("\r\n", "\n");
    let result = edit(&mut inner);
    *text = inner.replace('\n', "\r\n");
    result
}

/// Shows the editor on the text without its `\r`s.
pub(super) fn show(
    ends: &LineEnds,
    input: EditorInput<'_>,
    show: impl FnOnce(EditorInput<'_>) -> EditorResponse,
) -> EditorResponse {
    let mut inner = input.text.replace("\r\n", "\n");
    let old = inner.clone();
    let problems: Vec<Mark> = input
        .problems
        .iter()
        .map(|mark| {
            let mut mark = mark.clone();
            mark.span.start = ends.inward(mark.span.start);
            mark.span.end = ends.inward(mark.span.end);
            mark
        })
        .collect();
    let mut response = show(EditorInput {
        text: &mut inner,
        problems: &problems,
        ..input
    });
    if response.changed {
        *input.text = inner.replace('\n', "\r\n");
    }
    response.offset = outward(&inner, response.offset);
    response.selection =
        outward(&inner, response.selection.start)..outward(&inner, response.selection.end);
    response.hover = response
        .hover
        .map(|(offset, place)| (outward(&inner, offset), place));
    response.ctrl_clicked = response.ctrl_clicked.map(|offset| outward(&inner, offset));
    for edit in &mut response.edits {
        edit.span.start = outward(&old, edit.span.start);
        edit.span.end = outward(&old, edit.span.end);
        edit.text = edit.text.replace('\n', "\r\n");
    }
    let drop_at = response.drop_at;
    response.drop_at = drop_at.map(|(offset, rect)| (outward(&inner, offset), rect));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uniform_texts() {
        assert!(LineEnds::of("a\r\nb\r\n").is_some());
        for text in ["", "a", "a\nb", "a\r\nb\n", "a\rb\r\n", "\n"] {
            assert!(LineEnds::of(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn offsets_both_ways() {
        let text = "aé\r\n\r\nb";
        let ends = LineEnds::of(text).unwrap();
        let inner = text.replace("\r\n", "\n");
        for (offset, _) in inner.char_indices() {
            assert_eq!(ends.inward(outward(&inner, offset)), offset);
        }
        // Between the two signs of a line end: before it.
        assert_eq!(ends.inward(4), 3);
        assert_eq!(ends.inward(text.len()), inner.len());
        assert_eq!(outward(&inner, inner.len()), text.len());
    }
}
