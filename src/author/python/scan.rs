//! Where in a Python text a place is, read from its begin: enough for a text that is half typed.

use crate::diagnostic::Span;

/// An open string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Str {
    /// Where its content begins.
    pub content: usize,
    /// Where it begins, prefix included.
    pub start: usize,
    /// What closes it.
    pub quote: String,
}

/// An open bracket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Where it stands.
    pub at: usize,
    /// Which.
    pub sign: char,
    /// Where its parts between commas begin.
    pub parts: Vec<usize>,
    /// Whether it is a brace within an f-string.
    in_string: Option<Str>,
}

/// Where a place is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// In a comment.
    pub comment: bool,
    /// In a string.
    pub string: Option<Str>,
    /// The brackets that are open there, the outermost first.
    pub open: Vec<Open>,
}

/// Reads a text up to a place.
pub fn scan(text: &str, offset: usize) -> Scan {
    let bytes = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let mut found = Scan::default();
    let mut at = 0;
    let mut formatted = false;
    while let Some(byte) = bytes.get(at) {
        if let Some(string) = &found.string {
            let raw = text.get(string.start..string.content).unwrap_or("");
            let raw = raw.contains(['r', 'R']);
            let rest = text.get(at..).unwrap_or("");
            if *byte == b'\\' && !raw {
                at += 2;
            } else if rest.starts_with(&string.quote) {
                at += string.quote.len();
                if at <= bytes.len() {
                    found.string = None;
                }
            } else if *byte == b'\n' && string.quote.len() == 1 {
                // A string that was not closed ends with its line.
                found.string = None;
                at += 1;
            } else if formatted && *byte == b'{' {
                if bytes.get(at + 1) == Some(&b'{') {
                    at += 2;
                } else {
                    let string = found.string.take();
                    found.open.push(Open {
                        at,
                        sign: '{',
                        parts: vec![at + 1],
                        in_string: string,
                    });
                    at += 1;
                }
            } else {
                at += 1;
            }
            continue;
        }
        match byte {
            b'#' => {
                let rest = bytes.get(at..).unwrap_or_default();
                match rest.iter().position(|b| *b == b'\n') {
                    Some(line) => at += line,
                    None => {
                        found.comment = true;
                        return found;
                    }
                }
            }
            b'"' | b'\'' => {
                let quote = *byte as char;
                let triple = quote.to_string().repeat(3);
                let rest = text.get(at..).unwrap_or("");
                let quote = match rest.starts_with(&triple) && at + 3 <= bytes.len() {
                    true => triple,
                    false => quote.to_string(),
                };
                let before = bytes.get(..at).unwrap_or_default();
                let letters =
                    before.iter().rev().take(2).take_while(|b| {
                        matches!(b.to_ascii_lowercase(), b'r' | b'b' | b'f' | b'u')
                    });
                let prefix = letters.count();
                let joined = at.checked_sub(prefix + 1).and_then(|i| bytes.get(i));
                let prefix = match joined {
                    Some(b) if b.is_ascii_alphanumeric() || *b == b'_' => 0,
                    _ => prefix,
                };
                let start = at - prefix;
                let letters = text.get(start..at).unwrap_or("");
                formatted = letters.contains(['f', 'F']);
                at += quote.len();
                found.string = Some(Str {
                    content: at,
                    start,
                    quote,
                });
            }
            b'(' | b'[' | b'{' => {
                found.open.push(Open {
                    at,
                    sign: *byte as char,
                    parts: vec![at + 1],
                    in_string: None,
                });
                at += 1;
            }
            b')' | b']' | b'}' => {
                if let Some(open) = found.open.pop()
                    && let Some(string) = open.in_string
                {
                    found.string = Some(string);
                    formatted = true;
                }
                at += 1;
            }
            b',' => {
                if let Some(open) = found.open.last_mut() {
                    open.parts.push(at + 1);
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// The expression that ends at a place: names, dots, calls and subscripts. Empty where there is none.
pub fn expression_before(text: &str, end: usize) -> Span {
    let bytes = text.as_bytes();
    let head = text.get(..end).unwrap_or("");
    let end = head.trim_end_matches([' ', '\t']).len();
    let mut at = end;
    loop {
        let before = at;
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        while at > 0 && bytes.get(at - 1).is_some_and(is_word) {
            at -= 1;
        }
        let named = at < before;
        match at.checked_sub(1).and_then(|i| bytes.get(i)) {
            Some(b')' | b']') if !named => match opening(bytes, at - 1) {
                Some(open) => at = open,
                None => break,
            },
            Some(b'.') => at -= 1,
            Some(b' ' | b'\t' | b'\n') if !named => {
                // A call that goes on over lines within brackets: `)\n  .get(`.
                let trimmed = text.get(..at).unwrap_or("").trim_end().len();
                let dotted = bytes.get(at) == Some(&b'.');
                match dotted && trimmed > 0 && matches!(bytes.get(trimmed - 1), Some(b')' | b']')) {
                    true => at = trimmed,
                    false => break,
                }
            }
            _ if named => {
                if at.checked_sub(1).and_then(|i| bytes.get(i)) != Some(&b'.') {
                    break;
                }
            }
            _ => break,
        }
        if at == before {
            break;
        }
    }
    Span::new(at, end)
}

/// The bracket that one closes, strings on the way passed over.
fn opening(bytes: &[u8], close: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = close + 1;
    while at > 0 {
        at -= 1;
        match bytes.get(at)? {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            quote @ (b'"' | b'\'') => {
                let before = bytes.get(..at)?;
                at = before.iter().rposition(|b| b == quote)?;
            }
            _ => {}
        }
    }
    None
}

/// The word that ends at a place.
pub fn word_before(text: &str, offset: usize) -> Span {
    let head = text.get(..offset).unwrap_or("");
    let start = head
        .trim_end_matches(|c: char| c.is_alphanumeric() || c == '_')
        .len();
    Span::new(start, offset)
}

/// The word round a place.
pub fn word_at(text: &str, offset: usize) -> Span {
    let start = word_before(text, offset).start;
    let tail = text.get(offset..).unwrap_or("");
    let more = tail
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(tail.len());
    Span::new(start, offset + more)
}

/// The content of a string literal that a text is; none where it is something else.
pub fn literal(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = text.trim_start_matches(['r', 'u', 'R', 'U']);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_in_strings_and_calls() {
        let text = "x = event.deep_get(\"a\", \"b";
        let found = scan(text, text.len());
        assert_eq!(found.string.as_ref().map(|s| s.content), Some(25));
        let open = &found.open[0];
        assert_eq!((open.at, open.parts.len()), (18, 2));
        let span = expression_before(text, open.at);
        assert_eq!(&text[span.start..span.end], "event.deep_get");
        assert!(scan("# event.", 8).comment);
        assert!(scan("x = 'it' # y\nz", 14).string.is_none());
    }

    #[test]
    fn the_braces_of_an_f_string_hold_code() {
        let text = "f\"{event.get('a')} by {event.get('";
        let found = scan(text, text.len());
        assert_eq!(found.string.map(|s| s.quote), Some("'".to_owned()));
        assert_eq!(found.open.len(), 2);
        let done = "f\"{event.get('a')} by ";
        assert!(scan(done, done.len()).string.is_some());
    }

    #[test]
    fn an_expression_reaches_back_over_calls() {
        for (text, wanted) in [
            ("if event.get(\"a\", {})", "event.get(\"a\", {})"),
            ("not event[\"a\"][0].b", "event[\"a\"][0].b"),
            ("return x", "x"),
            ("a == ", ""),
        ] {
            let span = expression_before(text, text.len());
            assert_eq!(&text[span.start..span.end], wanted);
        }
        assert_eq!(literal(" 'a' "), Some("a"));
        assert_eq!(literal("a"), None);
    }
}
