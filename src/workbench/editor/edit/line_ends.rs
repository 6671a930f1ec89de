//! How lines end: one way for the whole text.

use super::super::splice::Splice;
use super::Change;

/// Ends all lines with CR and LF, or with LF alone.
pub(crate) fn line_ends(text: &str, crlf: bool) -> Option<Change> {
    let bytes = text.as_bytes();
    let splices = memchr::memchr_iter(b'\n', bytes).filter_map(|at| {
        let before = at.checked_sub(1);
        let has = before.and_then(|i| bytes.get(i)) == Some(&b'\r');
        match (crlf, has) {
            (true, false) => Some(Splice::insert(at, "\r")),
            (false, true) => before.map(|i| Splice::delete(i..at)),
            _ => None,
        }
    });
    Change::of(splices.collect())
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;

    #[test]
    fn all_lines_end_one_way() {
        let to = |text: &str, crlf| after(text, |t, _| line_ends(t, crlf));
        assert_eq!(to("a\nb¦\r\nc\n", true), "a\r\nb¦\r\nc\r\n");
        assert_eq!(to("a\nb¦\r\nc\n", false), "a\nb¦\nc\n");
        // A CR that ends no line stays, and what is so already is no change.
        assert_eq!(to("a\rb\r\n¦", false), "a\rb\n¦");
        assert_eq!(to("a\r\n¦", true), "nothing");
        assert_eq!(to("a¦", true), "nothing");
    }
}
