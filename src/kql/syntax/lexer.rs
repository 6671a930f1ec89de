//! Cuts a query into tokens. Never fails: what cannot be read becomes an error token with a diagnostic.

pub use super::lossless::{Lexeme, LexemeKind, lossless};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::Type;

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
    /// A literal that names its type, brackets included: `datetime(2024-01-31)`.
    Typed(Type),
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
    // More than anybody reads cost time only.
    lexer.diagnostics.truncate(100);
    (lexer.tokens, lexer.diagnostics)
}

pub(super) struct Lexer<'a> {
    pub text: &'a str,
    pub at: usize,
    tokens: Vec<Token>,
    pub diagnostics: Vec<Diagnostic>,
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a character separates tokens and is nothing itself; texts copied from web pages hold
/// such without width.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The type of a literal that stands in brackets behind its name; `dynamic(…)` is read by the parser.
fn literal_type(word: &str) -> Option<Type> {
    Some(match word {
        "bool" => Type::Bool,
        "datetime" | "date" => Type::DateTime,
        "timespan" | "time" => Type::TimeSpan,
        "int" | "int32" => Type::Int,
        "long" | "int64" => Type::Long,
        "real" | "double" => Type::Real,
        "decimal" => Type::Decimal,
        "guid" => Type::Guid,
        _ => return None,
    })
}

impl<'a> Lexer<'a> {
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub fn push(&mut self, kind: Kind, length: usize) {
        let span = Span::new(self.at, self.at + length);
        self.tokens.push(Token { kind, span });
        self.at += length;
    }

    pub fn error(&mut self, span: Span, message: &str) {
        self.diagnostics
            .push(Diagnostic::error("KQL001", span, message));
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            if is_blank(c) {
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
            if let Some(typed) = self.typed(length) {
                return self.push(typed.0, typed.1);
            }
            return self.push(Kind::Name, length);
        }
        if c == '#' {
            let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
            let span = Span::new(self.at, self.at + length);
            let message = "Directives of a query tool are not supported here";
            self.diagnostics
                .push(Diagnostic::error("KQL002", span, message).with_hint("Remove the line"));
            return self.push(Kind::Bad, length);
        }
        if let Some(punct) = PUNCTS.iter().find(|p| rest.starts_with(**p)) {
            return self.push(Kind::Punct(punct), punct.len());
        }
        if matches!(c, '\u{201c}' | '\u{2018}') && self.typographic(c) {
            return;
        }
        let length = match c {
            '&' if rest.starts_with("&&") => 2,
            _ => c.len_utf8(),
        };
        let span = Span::new(self.at, self.at + length);
        let hint = match c {
            '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}' => {
                "Typographic quotes came with copied text; type plain \" or ' instead"
            }
            '&' => "KQL writes `and`",
            _ => "Remove it",
        };
        self.diagnostics.push(
            Diagnostic::error(
                "KQL002",
                span,
                format!("Unexpected `{}`", rest.get(..length).unwrap_or("")),
            )
            .with_hint(hint),
        );
        self.push(Kind::Bad, length);
    }

    /// `datetime(…)` and its like at the cursor, behind a word of this length: it ends with the
    /// first closing bracket of the line.
    fn typed(&self, word: usize) -> Option<(Kind, usize)> {
        let rest = self.rest();
        let ty = literal_type(rest.get(..word)?)?;
        let body = rest.get(word..)?.strip_prefix('(')?;
        let inner = body.find([')', '\n', '\r']).unwrap_or(body.len());
        let close = usize::from(body.get(inner..).is_some_and(|b| b.starts_with(')')));
        Some((Kind::Typed(ty), word + 1 + inner + close))
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
}
