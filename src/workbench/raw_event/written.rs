//! The text as it is written: lines as they stand, coloured.

use super::lines::{Piece, Tint, floor};
use std::ops::Range;

/// Of a larger text only so many bytes are shown as written.
pub const LONGEST: usize = 4 << 20;

/// The lines of a text and the colours in it.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Bytes of each line, without its end.
    pub lines: Vec<Range<usize>>,
    /// Where a colour begins.
    marks: Vec<(u32, Tint)>,
    /// How much of the text is shown.
    pub shown: usize,
}

impl Written {
    /// Cuts a text into lines; `json` colours it.
    pub fn new(text: &str, json: bool) -> Self {
        let shown = floor(text, LONGEST);
        let text = text.get(..shown).unwrap_or_default();
        let mut lines = Vec::new();
        let mut from = 0;
        for line in text.split('\n') {
            let whole = line.strip_suffix('\r').unwrap_or(line);
            lines.push(from..from + whole.len());
            from += line.len() + 1;
        }
        Self {
            lines,
            marks: if json {
                marks(text.as_bytes())
            } else {
                Vec::new()
            },
            shown,
        }
    }

    /// The pieces of a part of the text.
    pub fn pieces<'t>(&self, text: &'t str, range: Range<usize>) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let mut at = range.start;
        let mut next = self.marks.partition_point(|(from, _)| *from as usize <= at);
        while at < range.end {
            let tint = next.checked_sub(1).and_then(|i| self.marks.get(i));
            let end = self
                .marks
                .get(next)
                .map_or(range.end, |(from, _)| *from as usize);
            let end = end.min(range.end);
            pieces.push(Piece {
                text: text.get(at..end).unwrap_or_default().into(),
                tint: tint.map_or(Tint::Text, |(_, tint)| *tint),
                from: Some(at),
            });
            at = end;
            next += 1;
        }
        pieces
    }
}

fn marks(bytes: &[u8]) -> Vec<(u32, Tint)> {
    let mut marks: Vec<(u32, Tint)> = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let from = at;
        let tint = match byte {
            b'"' => {
                at += 1;
                while let Some(found) = bytes.get(at) {
                    at += 1;
                    match found {
                        b'"' => break,
                        b'\\' => at += 1,
                        _ => {}
                    }
                }
                let rest = bytes.get(at..).unwrap_or_default();
                match rest.iter().find(|b| !b.is_ascii_whitespace()) {
                    Some(b':') => Tint::Key,
                    _ => Tint::Text,
                }
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => {
                at += 1;
                Tint::Sign
            }
            _ => {
                let inside = |b: &&u8| !matches!(b, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"');
                let rest = bytes.get(at..).unwrap_or_default();
                at += rest.iter().take_while(inside).count();
                Tint::Constant
            }
        };
        if marks.last().is_none_or(|(_, last)| *last != tint) {
            marks.push((from as u32, tint));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_colours_are_those_of_the_text() {
        let text = "{\"a\": \"x\\\",y\",\r\n \"b\": [1, true]}";
        let written = Written::new(text, true);
        let shown: Vec<_> = written.lines.iter().map(|l| &text[l.clone()]).collect();
        assert_eq!(shown, ["{\"a\": \"x\\\",y\",", " \"b\": [1, true]}"]);
        let tints = |line: usize| -> Vec<(String, Tint)> {
            let pieces = written.pieces(text, written.lines[line].clone());
            let of = |p: Piece<'_>| (p.text.trim().to_owned(), p.tint);
            let all = pieces.into_iter().map(of);
            all.filter(|(text, _)| !text.is_empty()).collect()
        };
        let of = |text: &str, tint| (text.to_owned(), tint);
        assert_eq!(
            tints(0),
            [
                of("{", Tint::Sign),
                of("\"a\"", Tint::Key),
                of(":", Tint::Sign),
                of("\"x\\\",y\"", Tint::Text),
                of(",", Tint::Sign),
            ]
        );
        assert_eq!(tints(1)[0], of("\"b\"", Tint::Key));
        assert!(tints(1).contains(&of("1", Tint::Constant)));
        let plain = Written::new("a,b\nc", false);
        assert_eq!(plain.pieces("a,b\nc", 0..3).len(), 1);
    }
}
