//! Every character of a text in lexemes, white space and comments included: for colours and the formatter.

use super::lexer::{Kind, is_blank, tokens};
use crate::diagnostic::Span;
use crate::value::Type;

/// What a lexeme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LexemeKind {
    /// Blanks and line ends.
    Whitespace,
    /// `// …` up to the end of the line.
    Comment,
    /// A string literal with its quotes.
    String,
    /// A number, `long(…)`, `real(…)` and the like included.
    Number,
    /// An instant or a span of time: `24h`, `datetime(…)`.
    Time,
    /// Another literal that names its type: `bool(…)`, `guid(…)`.
    Literal,
    /// A name or keyword; keywords with hyphens are one (`project-away`).
    Name,
    /// A sign between operands, and a word with a sign: `==`, `!has`, `in~`.
    Operator,
    /// Brackets, commas, pipes.
    Punctuation,
    /// Unreadable.
    Bad,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexeme {
    /// What it is.
    pub kind: LexemeKind,
    /// Byte offsets.
    pub span: Span,
}

/// Keywords with a hyphen, which are otherwise names and minus signs.
const HYPHENATED: [&str; 25] = [
    "assert-schema",
    "granny-asc",
    "granny-desc",
    "graph-mark-components",
    "graph-match",
    "graph-shortest-paths",
    "graph-to-table",
    "graph-where-edges",
    "graph-where-nodes",
    "macro-expand",
    "make-graph",
    "make-series",
    "mv-apply",
    "mv-expand",
    "parse-kv",
    "parse-where",
    "project-away",
    "project-by-names",
    "project-keep",
    "project-rename",
    "project-reorder",
    "project-smart",
    "sample-distinct",
    "top-hitters",
    "top-nested",
];

/// Words that a `!` before them turns around.
const NEGATED: [&str; 14] = [
    "between",
    "contains",
    "contains_cs",
    "endswith",
    "endswith_cs",
    "has",
    "has_cs",
    "hasprefix",
    "hasprefix_cs",
    "hassuffix",
    "hassuffix_cs",
    "in",
    "startswith",
    "startswith_cs",
];

/// All lexemes of a text: put together they are the text.
pub fn lossless(text: &str) -> Vec<Lexeme> {
    let (tokens, _) = tokens(text);
    let mut lexemes = Vec::with_capacity(tokens.len() * 2);
    let mut end = 0;
    let mut rest = tokens.as_slice();
    while let Some((token, behind)) = rest.split_first() {
        trivia(text, Span::new(end, token.span.start), &mut lexemes);
        let single = Lexeme {
            kind: kind(&token.kind),
            span: token.span,
        };
        let (count, lexeme) = compound(text, rest).unwrap_or((1, single));
        let next = behind.get(count - 1..).unwrap_or(&[]);
        end = lexeme.span.end;
        if lexeme.span.end > lexeme.span.start {
            lexemes.push(lexeme);
        }
        rest = next;
    }
    lexemes
}

fn kind(kind: &Kind) -> LexemeKind {
    match kind {
        Kind::Name => LexemeKind::Name,
        Kind::Long | Kind::Real => LexemeKind::Number,
        Kind::TimeSpan => LexemeKind::Time,
        Kind::Text(_) => LexemeKind::String,
        Kind::Typed(ty) => match ty {
            Type::DateTime | Type::TimeSpan => LexemeKind::Time,
            Type::Int | Type::Long | Type::Real | Type::Decimal => LexemeKind::Number,
            _ => LexemeKind::Literal,
        },
        Kind::Punct(sign) => match *sign {
            "(" | ")" | "[" | "]" | "{" | "}" | "|" | "," | ";" | ":" | "." | "<|" => {
                LexemeKind::Punctuation
            }
            _ => LexemeKind::Operator,
        },
        Kind::Bad | Kind::End => LexemeKind::Bad,
    }
}

/// Tokens that are one word to a reader: how many, and what they make.
fn compound(text: &str, tokens: &[super::lexer::Token]) -> Option<(usize, Lexeme)> {
    let [first, second, ..] = tokens else {
        return None;
    };
    let start = first.span.start;
    if first.span.end != second.span.start {
        return None;
    }
    let slice = |end: usize| text.get(start..end).unwrap_or("");
    let made = |count: usize, kind: LexemeKind, end: usize| {
        let span = Span::new(start, end);
        Some((count, Lexeme { kind, span }))
    };
    match (&first.kind, &second.kind) {
        (Kind::Punct("!"), Kind::Name) => {
            let word = text.get(second.span.start..second.span.end)?;
            let third = tokens.get(2).filter(|t| t.span.start == second.span.end);
            if word == "in" && third.is_some_and(|t| t.kind == Kind::Punct("~")) {
                return made(3, LexemeKind::Operator, second.span.end + 1);
            }
            NEGATED
                .contains(&word)
                .then(|| made(2, LexemeKind::Operator, second.span.end))
                .flatten()
        }
        (Kind::Name, Kind::Punct("~")) if slice(first.span.end) == "in" => {
            made(2, LexemeKind::Operator, second.span.end)
        }
        (Kind::Name, Kind::Punct("-")) => {
            let rest = text.get(start..).unwrap_or("");
            let longest = HYPHENATED
                .iter()
                .filter(|k| rest.starts_with(**k))
                .max_by_key(|k| k.len())?;
            let end = start + longest.len();
            // Only where a token ends there: `mv-expanded` is a subtraction.
            let count = tokens.iter().position(|t| t.span.end == end)?;
            made(count + 1, LexemeKind::Name, end)
        }
        _ => None,
    }
}

/// The blanks and comments of a gap between tokens.
fn trivia(text: &str, gap: Span, lexemes: &mut Vec<Lexeme>) {
    let mut at = gap.start;
    while at < gap.end {
        let rest = text.get(at..gap.end).unwrap_or("");
        let (kind, length) = if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            // A `\r` before the line's end is no part of the comment.
            let end = match rest.get(..end) {
                Some(line) if line.ends_with('\r') && end < rest.len() => end - 1,
                _ => end,
            };
            (LexemeKind::Comment, end)
        } else {
            let blank = rest.find(|c| !is_blank(c)).unwrap_or(rest.len());
            (LexemeKind::Whitespace, blank)
        };
        // A gap holds nothing else; whatever happens, the walk ends.
        let length = length.max(1).min(gap.end - at);
        let span = Span::new(at, at + length);
        lexemes.push(Lexeme { kind, span });
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LexemeKind::{Bad, Comment, Name, Number, Operator, Punctuation, String, Time, Whitespace};

    fn read(text: &str) -> Vec<(LexemeKind, &str)> {
        lossless(text)
            .iter()
            .filter(|l| l.kind != Whitespace)
            .map(|l| (l.kind, &text[l.span.start..l.span.end]))
            .collect()
    }

    #[test]
    fn words_with_signs_are_one() {
        let text = "T|project-away a !in~ (1d) // end\r\n";
        let expected = [
            (Name, "T"),
            (Punctuation, "|"),
            (Name, "project-away"),
            (Name, "a"),
            (Operator, "!in~"),
            (Punctuation, "("),
            (Time, "1d"),
            (Punctuation, ")"),
            (Comment, "// end"),
        ];
        assert_eq!(read(text), expected);
        let minus = [(Name, "mv"), (Operator, "-"), (Name, "expanded")];
        assert_eq!(read("mv-expanded"), minus);
        assert_eq!(read("!has_cs"), [(Operator, "!has_cs")]);
    }

    #[test]
    fn literals_with_brackets_are_one() {
        assert_eq!(
            read("datetime(2024-01-01 10:00) long(1)"),
            [(Time, "datetime(2024-01-01 10:00)"), (Number, "long(1)")]
        );
        // It ends with the line, so that a half-typed one does not swallow the query.
        assert_eq!(read("date(2024\nT"), [(Time, "date(2024"), (Name, "T")]);
        assert_eq!(
            read("h@'a''b' ```x"),
            [(String, "h@'a''b'"), (String, "```x")]
        );
        assert_eq!(read("§ #x"), [(Bad, "§"), (Bad, "#x")]);
    }

    /// Texts of pieces that lexers stumble over, in any order, and cut anywhere.
    #[test]
    fn lexemes_put_together_are_the_text() {
        const PIECES: [&str; 48] = [
            "T",
            " ",
            "\n",
            "\r\n",
            "//c",
            "/",
            "\"",
            "'",
            "\\",
            "@\"",
            "h'",
            "```",
            "~~~",
            "!",
            "in",
            "~",
            "in~",
            "!in~",
            "-",
            "mv-expand",
            "project-",
            "away",
            "datetime(",
            "long(",
            ")",
            "0x",
            "0xF",
            "1.",
            "1.5e",
            "1d",
            "..",
            "=>",
            "é",
            "\u{200b}",
            "\u{feff}",
            "“",
            "”",
            "#",
            "&&",
            "$",
            "\0",
            "\t",
            "𝕏",
            "\u{2028}",
            "[",
            "['a']",
            "|",
            "has_any",
        ];
        let mut seed = 1u64;
        let mut next = |below: usize| {
            // A small linear generator: the same texts at every run.
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for _ in 0..20_000 {
            let count = next(12);
            let text: std::string::String =
                (0..count).map(|_| PIECES[next(PIECES.len())]).collect();
            let joined: std::string::String = lossless(&text)
                .iter()
                .map(|l| &text[l.span.start..l.span.end])
                .collect();
            assert_eq!(joined, text);
            let end = lossless(&text).last().map_or(0, |l| l.span.end);
            assert_eq!(end, text.len());
        }
    }
}
