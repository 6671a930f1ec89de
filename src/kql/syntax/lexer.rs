//! Cuts a query into tokens. Never fails: what cannot be read becomes an error token with a diagnostic.

use crate::diagnostic::{Diagnostic, Span};

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A name or keyword (KQL has no reserved words of its own: the parser decides by place).
    Name,
    /// A whole number, decimal or `0x`.
    Long,
    /// A number with a point or an exponent.
    Real,
    /// A number with a time unit, such as `24h`.
    TimeSpan,
    /// A string literal, decoded.
    Text(String),
    /// An operator or bracket.
    Punct(&'static str),
    /// Something unreadable; a diagnostic says what.
    Bad,
    /// The end of the text.
    End,
}

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Byte offsets into the query.
    pub span: Span,
}

const PUNCTS: [&str; 32] = [
    "..", "==", "!=", "<>", "<=", ">=", "=>", "=~", "!~", "<|", "(", ")", "[", "]", "{", "}", "|",
    ",", ";", ":", ".", "=", "<", ">", "+", "-", "*", "/", "%", "!", "?", "~",
];

/// All tokens of a text, the last one being [`Kind::End`], and what could not be read.
pub fn tokens(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        diagnostics: Vec::new(),
    };
    lexer.run();
    (lexer.tokens, lexer.diagnostics)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    diagnostics: Vec<Diagnostic>,
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let span = Span::new(self.at, self.at + length);
        self.tokens.push(Token { kind, span });
        self.at += length;
    }

    fn error(&mut self, span: Span, message: &str) {
        self.diagnostics
            .push(Diagnostic::error("KQL001", span, message));
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            if c.is_whitespace() || c == '\u{feff}' {
                self.at += c.len_utf8();
            } else if self.rest().starts_with("//") {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else if !self.string() {
                self.plain(c);
            }
        }
        self.push(Kind::End, 0);
    }

    fn plain(&mut self, c: char) {
        let rest = self.rest();
        if c.is_ascii_digit() {
            return self.number();
        }
        if is_name_char(c) || c == '$' {
            let tail = rest.get(1..).unwrap_or("");
            let length = 1 + tail.find(|c| !is_name_char(c)).unwrap_or(tail.len());
            return self.push(Kind::Name, length);
        }
        if let Some(punct) = PUNCTS.iter().find(|p| rest.starts_with(**p)) {
            return self.push(Kind::Punct(punct), punct.len());
        }
        if matches!(c, '\u{201c}' | '\u{2018}') && self.typographic(c) {
            return;
        }
        let span = Span::new(self.at, self.at + c.len_utf8());
        let hint = match c {
            '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}' => {
                "Typographic quotes came with copied text; type plain \" or ' instead"
            }
            '&' => "KQL writes `and`",
            _ => "Remove it",
        };
        self.diagnostics.push(
            Diagnostic::error("KQL002", span, format!("Unexpected character `{c}`"))
                .with_hint(hint),
        );
        let length = match c {
            '&' if rest.starts_with("&&") => 2,
            _ => c.len_utf8(),
        };
        self.push(Kind::Bad, length);
    }

    /// A text in typographic quotes: an error, and read as the text that was meant.
    fn typographic(&mut self, open: char) -> bool {
        let body = self.rest().get(open.len_utf8()..).unwrap_or("");
        let line = body.lines().next().unwrap_or("");
        let close = |c| matches!(c, '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}');
        let Some(end) = line.find(close) else {
            return false;
        };
        let length = open.len_utf8() + end + open.len_utf8();
        let span = Span::new(self.at, self.at + length);
        self.diagnostics.push(
            Diagnostic::error("KQL002", span, "The text stands in typographic quotes")
                .with_hint("They came with copied text; type plain \" or ' instead"),
        );
        let value = line.get(..end).unwrap_or("").to_owned();
        self.push(Kind::Text(value), length);
        true
    }

    fn number(&mut self) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let digits_from = |from: usize| {
            bytes
                .get(from..)
                .unwrap_or(&[])
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count()
        };
        if (rest.starts_with("0x") || rest.starts_with("0X"))
            && bytes.get(2).is_some_and(u8::is_ascii_hexdigit)
        {
            let hex = bytes.iter().skip(2);
            let length = 2 + hex.take_while(|b| b.is_ascii_hexdigit()).count();
            return self.push(Kind::Long, length);
        }
        let mut length = digits_from(0);
        let mut kind = Kind::Long;
        if bytes.get(length) == Some(&b'.') && bytes.get(length + 1) != Some(&b'.') {
            let decimals = digits_from(length + 1);
            let name_follows = bytes
                .get(length + 1)
                .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
            if decimals > 0 || !name_follows {
                length += 1 + decimals;
                kind = Kind::Real;
            }
        }
        if matches!(bytes.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits_from(length + 1 + sign);
            if exponent > 0 {
                length += 1 + sign + exponent;
                kind = Kind::Real;
            }
        }
        let tail = rest.get(length..).unwrap_or("");
        let letters = tail.find(|c| !is_name_char(c)).unwrap_or(tail.len());
        let unit = tail.get(..letters).unwrap_or("");
        if letters > 0 {
            kind = match super::literal::unit_ticks(unit) {
                Some(_) => Kind::TimeSpan,
                None => Kind::Name,
            };
            length += letters;
        }
        self.push(kind, length);
    }

    /// A string literal at the cursor, if there is one.
    fn string(&mut self) -> bool {
        let rest = self.rest();
        let hidden = rest.starts_with(['h', 'H'])
            && rest
                .get(1..)
                .is_some_and(|r| r.starts_with(['"', '\'', '@']) || r.starts_with("```"));
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
                    code = code * 16 + c.to_digit(16)?;
                    chars.next();
                }
                char::from_u32(code)
            };
            let decoded = match escape {
                '"' | '\'' | '\\' | '`' => Some(escape),
                'n' => Some('\n'),
                't' => Some('\t'),
                'r' => Some('\r'),
                'a' => Some('\u{7}'),
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'v' => Some('\u{b}'),
                '0' => Some('\0'),
                'u' => hex(4),
                'U' => hex(8),
                'x' => hex(2),
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
