//! The parser's hands: the cursor over the tokens, statements, names. Expressions and operators are beside it.

use super::MAX_DEPTH;
use super::lexer::{Kind, Token, tokens};
use super::tree::*;
use crate::diagnostic::{Diagnostic, Span};
use crate::value::Type;
use std::cell::Cell;

/// A tree and what is wrong with the text.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The tree.
    pub query: Query,
    /// Syntax errors.
    pub diagnostics: Vec<Diagnostic>,
    /// From each syntax error to the end of the operator or statement it stands in: what is read there is
    /// a guess, and no more errors are worth telling.
    pub recovered: Vec<Span>,
}

/// Reads a query. Never fails.
pub fn parse(text: &str) -> Parsed {
    let (mut tokens, diagnostics) = tokens(text);
    // What is unreadable has been told; the rest is read as if it were not there.
    tokens.retain(|t| t.kind != Kind::Bad);
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        depth: 0,
        too_deep: false,
        unreadable: diagnostics.iter().filter_map(|d| d.span).collect(),
        told: diagnostics.len(),
        diagnostics,
        part: 0,
        recovered: Vec::new(),
        pushed: false,
        looks: Cell::new((0, 0)),
    };
    let query = parser.query(false);
    if parser.looks.get().1 > MAX_LOOKS {
        let at = parser
            .tokens
            .get(parser.at)
            .map_or(text.len(), |t| t.span.start);
        parser.error(
            "KQL005",
            Span::new(at, at),
            "The query cannot be read from here on",
        );
    }
    parser.end_part(0, text.len());
    Parsed {
        query,
        diagnostics: parser.diagnostics,
        recovered: parser.recovered,
    }
}

pub(super) struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Token>,
    pub at: usize,
    depth: usize,
    pub too_deep: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// What the lexer could not read.
    unreadable: Vec<Span>,
    /// Where the operator or statement begins that is being read.
    pub part: usize,
    /// How many of the diagnostics have their place in `recovered`.
    told: usize,
    recovered: Vec<Span>,
    /// Whether the error told last was kept.
    pushed: bool,
    /// The token that was looked at last, and how often since the cursor stands there.
    looks: Cell<(usize, u32)>,
}

/// Nothing that makes headway looks at one token this often: a loop that forgot to take one is told that the
/// query ends there, so that no text can hold the parser for ever.
const MAX_LOOKS: u32 = 100_000;

/// Most syntax errors that are told of one query.
const MAX_ERRORS: usize = 100;

impl<'a> Parser<'a> {
    // ---- the cursor

    pub fn peek_at(&self, ahead: usize) -> &Kind {
        let (at, count) = self.looks.get();
        if count > MAX_LOOKS {
            return &Kind::End;
        }
        self.looks
            .set((self.at, if at == self.at { count + 1 } else { 0 }));
        self.tokens
            .get(self.at + ahead)
            .map_or(&Kind::End, |t| &t.kind)
    }

    pub fn peek(&self) -> &Kind {
        self.peek_at(0)
    }

    /// The place of the token `ahead` of the cursor; the end of the text beyond the last.
    pub fn span_at(&self, ahead: usize) -> Span {
        match self.tokens.get(self.at + ahead) {
            Some(token) => token.span,
            None => Span::new(self.text.len(), self.text.len()),
        }
    }

    pub fn span(&self) -> Span {
        self.span_at(0)
    }

    /// The end of the last token taken.
    pub fn last_end(&self) -> usize {
        match self.at.checked_sub(1).and_then(|i| self.tokens.get(i)) {
            Some(token) => token.span.end,
            None => 0,
        }
    }

    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    pub fn take(&mut self) {
        if !self.at_end() {
            self.at += 1;
        }
    }

    pub fn at_end(&self) -> bool {
        *self.peek() == Kind::End
    }

    pub fn is(&self, punct: &str) -> bool {
        self.is_at(0, punct)
    }

    pub fn is_at(&self, ahead: usize, punct: &str) -> bool {
        matches!(self.peek_at(ahead), Kind::Punct(p) if *p == punct)
    }

    pub fn eat(&mut self, punct: &str) -> bool {
        let found = self.is(punct);
        if found {
            self.at += 1;
        }
        found
    }

    /// The text of the name token `ahead`; empty for other tokens.
    pub fn word_at(&self, ahead: usize) -> &'a str {
        match self.peek_at(ahead) {
            Kind::Name => self.slice(self.span_at(ahead)),
            _ => "",
        }
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.word_at(0) == word
    }

    pub fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.at += 1;
        }
        found
    }

    /// Whether the token `ahead` begins where the one before it ends.
    pub fn joined(&self, ahead: usize) -> bool {
        self.span_at(ahead).start == self.span_at(ahead - 1).end
    }

    // ---- errors

    pub fn error(&mut self, code: &str, span: Span, message: impl Into<String>) {
        let again = self
            .diagnostics
            .last()
            .is_some_and(|d| d.span == Some(span) && d.code == code);
        // What follows from something unreadable is not told.
        let follows = self
            .unreadable
            .iter()
            .any(|s| self.part <= s.start && s.start <= span.start);
        // More errors than anybody reads cost time only.
        let many = self.diagnostics.len() >= MAX_ERRORS;
        self.pushed = !again && !follows && !self.too_deep && !many;
        if self.pushed {
            self.diagnostics
                .push(Diagnostic::error(code, span, message));
        }
    }

    /// The end of an operator or statement that began at `part`, where the one around it goes on.
    pub fn end_part(&mut self, part: usize, end: usize) {
        let new = self.diagnostics.iter().skip(self.told);
        let spans = new.filter_map(|d| d.span).filter(|s| s.start >= self.part);
        let ranges = spans.map(|s| Span::new(s.start, end.max(s.end)));
        self.recovered.extend(ranges);
        let here = |s: &Span| self.part <= s.start && s.start < end;
        let unreadable = self.unreadable.iter().filter(|s| here(s));
        let ranges = unreadable.map(|s| Span::new(s.start, end.max(s.end)));
        self.recovered.extend(ranges);
        self.told = self.diagnostics.len();
        self.part = part;
    }

    /// Where something is missing: at the next token of the same line, else right behind the last one.
    pub fn gap(&self) -> Span {
        let end = self.last_end();
        let next = self.span();
        let between = self.text.get(end..next.start).unwrap_or("");
        if self.at_end() || between.contains('\n') {
            Span::new(end, end)
        } else {
            next
        }
    }

    pub fn found(&self) -> String {
        match self.peek() {
            Kind::End => "the end of the query".to_owned(),
            _ => format!("`{}`", self.slice(self.span())),
        }
    }

    pub fn expect(&mut self, punct: &'static str) -> bool {
        if self.eat(punct) {
            return true;
        }
        let message = format!("`{punct}` is missing before {}", self.found());
        let gap = self.gap();
        self.error("KQL005", gap, message);
        false
    }

    pub fn expect_word(&mut self, word: &'static str) -> bool {
        if self.eat_word(word) {
            return true;
        }
        let message = format!("`{word}` is missing before {}", self.found());
        let gap = self.gap();
        self.error("KQL005", gap, message);
        false
    }

    pub fn missing_expression(&mut self) -> Expr {
        let end = self.last_end();
        let message = format!("An expression is missing before {}", self.found());
        self.error("KQL006", Span::new(end, end), message);
        Expr::missing(end)
    }

    /// Runs a part of the parser one level deeper; at the limit it gives a diagnostic and skips to the end.
    pub fn deeper<T>(
        &mut self,
        part: impl FnOnce(&mut Self) -> T,
        none: impl FnOnce(usize) -> T,
    ) -> T {
        if self.depth >= MAX_DEPTH {
            if !self.too_deep {
                let span = self.span();
                self.error(
                    "KQL-depth",
                    span,
                    format!("The query is nested deeper than {MAX_DEPTH} levels"),
                );
                self.too_deep = true;
            }
            self.at = self.tokens.len().saturating_sub(1);
            return none(self.text.len());
        }
        self.depth += 1;
        let value = part(self);
        self.depth -= 1;
        value
    }

    /// Skips tokens until one of these stands at the cursor outside any bracket opened on the way.
    pub fn skip_to(&mut self, stops: &[&str]) {
        let mut open = 0usize;
        while !self.at_end() {
            if let Kind::Punct(p) = self.peek() {
                let p = *p;
                if open == 0 && stops.contains(&p) {
                    return;
                }
                match p {
                    "(" | "[" | "{" => open += 1,
                    ")" | "]" | "}" if open > 0 => open -= 1,
                    _ => {}
                }
            }
            self.at += 1;
        }
    }

    // ---- names

    /// A plain or bracketed name (`['my col']`), if one stands here.
    /// Whether a name such as `['a b']` stands at the cursor.
    pub fn is_bracketed_name(&self) -> bool {
        self.is("[") && matches!(self.peek_at(1), Kind::Text(_)) && self.is_at(2, "]")
    }

    pub fn try_name(&mut self) -> Option<Name> {
        match self.peek() {
            Kind::Name => {
                let span = self.span();
                let text = self.slice(span).to_owned();
                self.at += 1;
                Some(Name { text, span })
            }
            Kind::Punct("[") => {
                let Kind::Text(text) = self.peek_at(1) else {
                    return None;
                };
                if !self.is_bracketed_name() {
                    return None;
                }
                let text = text.clone();
                let span = self.span().to(self.span_at(2));
                self.at += 3;
                Some(Name { text, span })
            }
            _ => None,
        }
    }

    /// A hint to the error told last.
    pub fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.diagnostics.last_mut()
            && self.pushed
        {
            last.hint = Some(hint.into());
        }
    }

    /// Tells that a keyword is a name only in brackets.
    pub fn needs_brackets(&mut self, span: Span) {
        let word = self.slice(span);
        self.error(
            "KQL228",
            span,
            format!("`{word}` is a keyword here, not a name"),
        );
        self.hint(format!("Write `['{word}']`"));
    }

    /// The name of something new.
    pub fn new_name(&mut self) -> Name {
        if super::keywords::not_declared(self.word_at(0)) {
            self.needs_brackets(self.span());
        }
        self.name()
    }

    pub fn name(&mut self) -> Name {
        if let Some(name) = self.try_name() {
            return name;
        }
        let gap = self.gap();
        let message = format!("A name is missing before {}", self.found());
        self.error("KQL005", gap, message);
        Name {
            text: String::new(),
            span: gap,
        }
    }

    /// The name of a scalar type.
    pub fn type_name(&mut self) -> Type {
        let name = self.name();
        if name.text.is_empty() {
            return Type::Dynamic;
        }
        Type::from_name(&name.text).unwrap_or_else(|| {
            let message = format!("`{}` is not the name of a type", name.text);
            self.error("KQL160", name.span, message);
            self.hint("The types are bool, int, long, real, decimal, string, datetime, timespan, guid, dynamic");
            Type::String
        })
    }
}
