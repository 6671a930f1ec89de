//! Between a scalar's value and its text: block indentation, quotes, escapes, folded lines.
//!
//! The value is given, so nothing is decoded twice: both are walked side by side, and what does not
//! agree gives no mapping rather than a wrong one.

use super::Segment;
use crate::diagnostic::Span;
use granit_parser::ScalarStyle;

/// The offset in the text of an offset in the value.
pub(super) fn to_text(segments: &[Segment], offset: usize) -> Option<usize> {
    let after = segments.partition_point(|s| s.value.start <= offset);
    let segment = segments.get(after.checked_sub(1)?)?;
    let delta = offset - segment.value.start;
    let (value, text) = (
        segment.value.end - segment.value.start,
        segment.text.end - segment.text.start,
    );
    if delta < value {
        // Within an escape or a fold: its beginning.
        return Some(segment.text.start + if value == text { delta } else { 0 });
    }
    (delta == value).then_some(segment.text.end)
}

/// The offset in the value of an offset in the text.
pub(super) fn to_value(segments: &[Segment], offset: usize) -> Option<usize> {
    let after = segments.partition_point(|s| s.text.start <= offset);
    let at = after.checked_sub(1)?;
    let segment = segments.get(at)?;
    if offset < segment.text.end || (offset == segment.text.end && after == segments.len()) {
        let same = segment.value.end - segment.value.start == segment.text.end - segment.text.start;
        let delta = offset - segment.text.start;
        return Some(if same {
            segment.value.start + delta
        } else if offset == segment.text.end {
            segment.value.end
        } else {
            segment.value.start
        });
    }
    // Between two pieces: indentation, quotes.
    segments.get(after).map(|next| next.value.start)
}

/// The pieces of a value in its source. `source` begins at the scalar (for a block scalar at its indicator, and goes to
/// the end of the text or further than the scalar); `base` is its offset in the text.
pub(super) fn segments(
    source: &str,
    base: usize,
    style: ScalarStyle,
    value: &str,
) -> Option<Vec<Segment>> {
    let mut pieces = Pieces {
        base,
        list: Vec::new(),
    };
    let whole = match style {
        ScalarStyle::Literal => literal(source, value, &mut pieces),
        ScalarStyle::Folded => folded(source, value, &mut pieces),
        ScalarStyle::Plain => flow(source, value, None, 0, &mut pieces),
        ScalarStyle::SingleQuoted => flow(source, value, Some(b'\''), 1, &mut pieces),
        ScalarStyle::DoubleQuoted => flow(source, value, Some(b'"'), 1, &mut pieces),
    };
    whole?;
    if pieces.list.is_empty() {
        let at = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => source.find('\n').unwrap_or(source.len()),
            ScalarStyle::Plain => 0,
            _ => 1,
        };
        pieces.push(0, 0, at, at);
    }
    Some(pieces.list)
}

struct Pieces {
    base: usize,
    list: Vec<Segment>,
}

impl Pieces {
    fn push(&mut self, value: usize, value_end: usize, text: usize, text_end: usize) {
        let piece = Segment {
            value: Span::new(value, value_end),
            text: Span::new(text, text_end).shifted(self.base),
        };
        let exact = |s: &Segment| s.value.end - s.value.start == s.text.end - s.text.start;
        if let Some(last) = self.list.last_mut()
            && last.value.end == piece.value.start
            && last.text.end == piece.text.start
            && exact(last)
            && exact(&piece)
        {
            last.value.end = piece.value.end;
            last.text.end = piece.text.end;
            return;
        }
        self.list.push(piece);
    }
}

/// Start, end of content and start of the next line, for the lines of a source from an offset on.
fn lines(source: &str, from: usize) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
    let mut at = from;
    std::iter::from_fn(move || {
        if at >= source.len() {
            return None;
        }
        let rest = source.as_bytes().get(at..)?;
        let start = at;
        let end = rest
            .iter()
            .position(|b| matches!(b, b'\n' | b'\r'))
            .map_or(source.len(), |i| at + i);
        at = end + line_break(source, end);
        Some((start, end, at))
    })
}

/// How many bytes the line break at an offset has; 0 where there is none.
fn line_break(source: &str, at: usize) -> usize {
    let bytes = source.as_bytes();
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    }
}

/// Where the first line after a block scalar's header begins.
fn after_header(source: &str) -> usize {
    let end = source.find(['\n', '\r']).unwrap_or(source.len());
    end + line_break(source, end)
}

/// A literal block: line for line, each with its indentation cut.
fn literal(source: &str, value: &str, pieces: &mut Pieces) -> Option<()> {
    let mut source_lines = lines(source, after_header(source));
    let mut at = 0;
    while at < value.len() {
        let length = value.get(at..)?.find('\n');
        let end = length.map_or(value.len(), |l| at + l);
        let content = value.get(at..end)?;
        let Some((start, stop, next)) = source_lines.next() else {
            // The reader adds a line break that a file without a last one does not have.
            return (content.is_empty() || at == value.len()).then_some(());
        };
        let line = source.get(start..stop)?;
        if !line.ends_with(content) {
            return None;
        }
        let from = stop - content.len();
        if !line.get(..from - start)?.bytes().all(|b| b == b' ') {
            return None;
        }
        pieces.push(at, end, from, stop);
        if length.is_some() {
            pieces.push(end, end + 1, stop, next);
        }
        at = end + 1;
    }
    Some(())
}

/// A folded block. The indentation is that of the first line with text, or less where the header says so.
fn folded(source: &str, value: &str, pieces: &mut Pieces) -> Option<()> {
    let first = lines(source, after_header(source))
        .map(|(start, end, _)| source.get(start..end).unwrap_or(""))
        .find(|l| !l.trim_matches(' ').is_empty());
    let Some(first) = first else {
        return value.trim_matches('\n').is_empty().then_some(());
    };
    let widest = first.len() - first.trim_start_matches(' ').len();
    (1..=widest).rev().find_map(|indent| {
        pieces.list.clear();
        folded_by(source, value, indent, pieces)
    })
}

fn folded_by(source: &str, value: &str, indent: usize, pieces: &mut Pieces) -> Option<()> {
    let mut at = 0;
    // Line breaks of the text that wait for what they became in the value.
    let mut breaks: Option<(usize, usize)> = None;
    for (start, end, next) in lines(source, after_header(source)) {
        if at >= value.len() {
            break;
        }
        let line = source.get(start..end)?;
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if spaces == line.len() && spaces <= indent {
            breaks = Some((breaks.map_or(start, |b| b.0), next));
            continue;
        }
        if spaces < indent {
            break;
        }
        if let Some((from, to)) = breaks.take() {
            let rest = value.get(at..)?;
            let run = rest.len() - rest.trim_start_matches('\n').len();
            let run = if run == 0 && rest.starts_with(' ') {
                1
            } else {
                run
            };
            if run > 0 {
                pieces.push(at, at + run, from, to);
                at += run;
            }
        }
        let content = line.get(indent..)?;
        if !value.get(at..)?.starts_with(content) {
            return None;
        }
        pieces.push(at, at + content.len(), start + indent, end);
        at += content.len();
        breaks = Some((end, next));
    }
    let rest = value.get(at..)?;
    if !rest.bytes().all(|b| b == b'\n') {
        return None;
    }
    if let (Some((from, to)), false) = (breaks, rest.is_empty()) {
        pieces.push(at, value.len(), from, to);
    }
    Some(())
}

/// Plain and quoted scalars: escapes, doubled quotes, folded lines.
fn flow(
    source: &str,
    value: &str,
    quote: Option<u8>,
    from: usize,
    pieces: &mut Pieces,
) -> Option<()> {
    let bytes = source.as_bytes();
    let (mut at, mut i) = (0, from);
    while let Some(&byte) = bytes.get(i) {
        if quote == Some(b'\'') && byte == b'\'' {
            if bytes.get(i + 1) != Some(&b'\'') {
                break;
            }
            pieces.push(at, at + 1, i, i + 2);
            (at, i) = (at + 1, i + 2);
            continue;
        }
        if quote == Some(b'"') && byte == b'"' {
            break;
        }
        if quote == Some(b'"') && byte == b'\\' {
            let (decoded, length) = escape(source, i, value, at)?;
            if decoded > 0 {
                pieces.push(at, at + decoded, i, i + length);
            }
            (at, i) = (at + decoded, i + length);
            continue;
        }
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
            && let Some((breaks, end)) = fold(bytes, i)
        {
            let became = if breaks == 1 { 1 } else { breaks - 1 };
            pieces.push(at, at + became, i, end);
            (at, i) = (at + became, end);
            continue;
        }
        if value.as_bytes().get(at) != Some(&byte) {
            return None;
        }
        pieces.push(at, at + 1, i, i + 1);
        (at, i) = (at + 1, i + 1);
    }
    (at == value.len()).then_some(())
}

/// If only white space is left on the line: how many line breaks follow, and where the next text begins.
fn fold(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let (mut i, mut breaks) = (from, 0);
    while let Some(byte) = bytes.get(i) {
        match byte {
            b' ' | b'\t' => i += 1,
            b'\r' if bytes.get(i + 1) == Some(&b'\n') => {
                breaks += 1;
                i += 2;
            }
            b'\n' | b'\r' => {
                breaks += 1;
                i += 1;
            }
            _ => break,
        }
    }
    (breaks > 0).then_some((breaks, i))
}

/// Bytes of the value and of the text that an escape in double quotes takes.
fn escape(source: &str, at: usize, value: &str, value_at: usize) -> Option<(usize, usize)> {
    let bytes = source.as_bytes();
    let decoded = || {
        value
            .get(value_at..)
            .and_then(|v| v.chars().next())
            .map(char::len_utf8)
    };
    let after = match bytes.get(at + 1)? {
        b'x' => 4,
        b'u' => {
            // A pair of surrogates makes one character.
            let first = u32::from_str_radix(source.get(at + 2..at + 6)?, 16).ok()?;
            if (0xd800..0xdc00).contains(&first) {
                12
            } else {
                6
            }
        }
        b'U' => 10,
        b'\n' | b'\r' => {
            // The line goes on: the break, empty lines and the indentation after it are nothing.
            let (breaks, end) = fold(bytes, at + 1)?;
            return Some((breaks - 1, end - at));
        }
        _ => 2,
    };
    Some((decoded()?, after))
}
