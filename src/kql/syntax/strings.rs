//! The string literals: quoted, verbatim, multi-line, and each of them obfuscated.

use super::lexer::{Kind, Lexer};
use crate::diagnostic::{Diagnostic, Span};

impl Lexer<'_> {
    /// A string literal at the cursor, if there is one.
    pub fn string(&mut self) -> bool {
        let rest = self.rest();
        let hidden = rest.starts_with(['h', 'H'])
            && rest.get(1..).is_some_and(|r| {
                r.starts_with(['"', '\'', '@']) || r.starts_with("```") || r.starts_with("~~~")
            });
        let skip = usize::from(hidden);
        let body = rest.get(skip..).unwrap_or("");
        for fence in ["```", "~~~"] {
            if let Some(inner) = body.strip_prefix(fence) {
                match inner.find(fence) {
                    Some(end) => {
                        let value = inner.get(..end).unwrap_or("").to_owned();
                        self.push(Kind::Text(value), skip + 2 * fence.len() + end);
                    }
                    None => {
                        let span = Span::new(self.at, self.text.len());
                        self.error(span, "The multi-line string is not closed");
                        self.push(Kind::Text(inner.to_owned()), rest.len());
                    }
                }
                return true;
            }
        }
        let verbatim = body.starts_with("@\"") || body.starts_with("@'");
        let open = skip + usize::from(verbatim);
        let quote = match rest.as_bytes().get(open) {
            Some(b'"') => '"',
            Some(b'\'') => '\'',
            _ => return false,
        };
        self.quoted(open, quote, verbatim);
        true
    }

    fn quoted(&mut self, open: usize, quote: char, verbatim: bool) {
        let start = self.at;
        let rest = self.rest();
        let mut value = String::new();
        let mut chars = rest
            .char_indices()
            .skip_while(|(i, _)| *i <= open)
            .peekable();
        while let Some((i, c)) = chars.next() {
            if c == quote {
                if verbatim && chars.peek().is_some_and(|(_, n)| *n == quote) {
                    value.push(quote);
                    chars.next();
                    continue;
                }
                return self.push(Kind::Text(value), i + 1);
            }
            if c == '\n' || c == '\r' {
                self.error(Span::new(start, start + i), "The string is not closed");
                return self.push(Kind::Text(value), i);
            }
            if c != '\\' || verbatim {
                value.push(c);
                continue;
            }
            let Some((_, escape)) = chars.next() else {
                break;
            };
            let mut hex = |digits: usize| {
                let mut code = 0u32;
                for _ in 0..digits {
                    let (_, c) = chars.peek().copied()?;
                    code = code.wrapping_mul(16).wrapping_add(c.to_digit(16)?);
                    chars.next();
                }
                char::from_u32(code)
            };
            let decoded = match escape {
                '"' | '\'' | '\\' => Some(escape),
                'n' => Some('\n'),
                't' => Some('\t'),
                'r' => Some('\r'),
                'a' => Some('\u{7}'),
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'v' => Some('\u{b}'),
                'u' => hex(4),
                'U' => hex(8),
                'x' => hex(2),
                '0'..='7' => {
                    let mut code = escape.to_digit(8).unwrap_or(0);
                    for _ in 0..2 {
                        let Some(digit) = chars.peek().and_then(|(_, c)| c.to_digit(8)) else {
                            break;
                        };
                        code = code * 8 + digit;
                        chars.next();
                    }
                    char::from_u32(code)
                }
                _ => None,
            };
            match decoded {
                Some(c) => value.push(c),
                None => {
                    let at = start + i;
                    let diagnostic = Diagnostic::error(
                        "KQL001",
                        Span::new(at, at + 1 + escape.len_utf8()),
                        format!("`\\{escape}` is not a valid escape in a string"),
                    );
                    self.diagnostics.push(
                        diagnostic
                            .with_hint("Double the backslash, or write a verbatim string @\"…\""),
                    );
                    value.push(escape);
                }
            }
        }
        self.error(
            Span::new(start, self.text.len()),
            "The string is not closed",
        );
        self.push(Kind::Text(value), rest.len());
    }
}
