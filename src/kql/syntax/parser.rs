//! The parser's hands: the cursor over the tokens, statements, names. Expressions and operators are beside it.

use super::MAX_DEPTH;
use super::lexer::{Kind, Token, tokens};
use super::tree::*;
use crate::diagnostic::{Diagnostic, Span};
use crate::value::Type;
use std::sync::Arc;

/// A tree and what is wrong with the text.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The tree.
    pub query: Query,
    /// Syntax errors.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a query. Never fails.
pub fn parse(text: &str) -> Parsed {
    let (tokens, diagnostics) = tokens(text);
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        depth: 0,
        too_deep: false,
        diagnostics,
    };
    let query = parser.query(false);
    Parsed {
        query,
        diagnostics: parser.diagnostics,
    }
}

pub(super) struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Token>,
    pub at: usize,
    depth: usize,
    pub too_deep: bool,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    // ---- the cursor

    pub fn peek_at(&self, ahead: usize) -> &Kind {
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
        if !again && !self.too_deep {
            self.diagnostics
                .push(Diagnostic::error(code, span, message));
        }
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

    fn found(&self) -> String {
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
                if !self.is_at(2, "]") {
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
            if let Some(last) = self.diagnostics.last_mut() {
                last.hint = Some(
                    "The types are bool, int, long, real, decimal, string, datetime, timespan, guid, dynamic"
                        .to_owned(),
                );
            }
            Type::String
        })
    }

    // ---- statements

    /// Statements up to the end of the text, or up to `}` within a function's body.
    pub fn query(&mut self, inner: bool) -> Query {
        let mut query = Query::default();
        while !(self.at_end() || inner && self.is("}")) {
            if self.eat(";") {
                continue;
            }
            let before = self.at;
            if let Some(statement) = self.statement() {
                query.statements.push(statement);
            }
            if self.at_end() || (inner && self.is("}")) {
                break;
            }
            if !self.is(";") {
                let was_let = matches!(query.statements.last(), Some(Statement::Let(..)));
                let gap = self.gap();
                let message = if was_let {
                    format!("`;` is missing before {}", self.found())
                } else {
                    format!("Unexpected {}", self.found())
                };
                self.error("KQL005", gap, message);
                // A statement on the next line is still read.
                let next_line = gap.start == gap.end;
                if !(next_line && self.at > before) {
                    self.skip_to(if inner { &[";", "}"] } else { &[";"] });
                    if self.at == before {
                        self.take();
                    }
                }
            }
        }
        query
    }

    fn statement(&mut self) -> Option<Statement> {
        let named = |p: &Self, ahead| matches!(p.peek_at(ahead), Kind::Name) || p.is_at(ahead, "[");
        if self.is_word("let") && named(self, 1) {
            self.at += 1;
            let name = self.name();
            if !self.expect("=") {
                self.skip_to(&[";"]);
                return Some(Statement::Let(name, Expr::missing(self.last_end())));
            }
            let value = self.pipe();
            return Some(Statement::Let(name, value));
        }
        if self.is_word("set") && named(self, 1) {
            let start = self.span();
            self.skip_to(&[";"]);
            return Some(Statement::Set(start));
        }
        if self.is_word("declare") && self.word_at(1) == "query_parameters" {
            self.at += 2;
            let parameters = self.parameters();
            return Some(Statement::Parameters(parameters));
        }
        if self.is_word("alias") && self.word_at(1) == "database"
            || self.is_word("restrict") && self.word_at(1) == "access"
            || self.is_word("declare") && self.word_at(1) == "pattern"
        {
            let span = self.span().to(self.span_at(1));
            let message = format!("The statement `{}` is not supported yet", self.slice(span));
            self.error("KQL-unsupported", span, message);
            self.skip_to(&[";"]);
            return None;
        }
        Some(Statement::Query(self.pipe()))
    }

    /// `(a:long, b:string = "x", T:(c:int), U:(*))`
    pub fn parameters(&mut self) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        self.expect("(");
        while !self.is(")") && !self.at_end() {
            let before = self.at;
            let name = self.name();
            self.expect(":");
            let kind = if self.eat("(") {
                ParameterKind::Table(self.columns())
            } else {
                ParameterKind::Scalar(self.type_name())
            };
            let default = self.eat("=").then(|| self.expression());
            parameters.push(Parameter {
                name,
                kind,
                default,
            });
            if !self.eat(",") && self.at == before {
                break;
            }
            if !self.is(")") && self.at == before {
                break;
            }
        }
        self.expect(")");
        parameters
    }

    /// `a:long, b:string)` behind the opening bracket; `*)` is none.
    pub fn columns(&mut self) -> Vec<(Name, Type)> {
        let mut columns = Vec::new();
        if self.eat("*") {
            self.expect(")");
            return columns;
        }
        while !self.is(")") && !self.at_end() {
            let name = self.name();
            if !self.expect(":") {
                break;
            }
            let ty = self.type_name();
            columns.push((name, ty));
            if !self.eat(",") {
                break;
            }
        }
        if !self.expect(")") {
            self.skip_to(&[")", ";", "|"]);
            self.eat(")");
        }
        columns
    }

    /// `(parameters) { body }`, where the bracket stands at the cursor.
    pub fn function(&mut self, view: bool) -> Expr {
        let start = self.span();
        let parameters = self.parameters();
        self.expect("{");
        let body = self.deeper(|p| p.query(true), |_| Query::default());
        self.expect("}");
        let span = Span::new(start.start, self.last_end());
        Expr {
            kind: ExprKind::Function(Arc::new(Function {
                parameters,
                body,
                view,
                span,
            })),
            span,
        }
    }
}
