//! Statements, and the functions that `let` defines.

use super::keywords;
use super::lexer::Kind;
use super::parser::Parser;
use super::tree::*;
use crate::diagnostic::Span;
use crate::value::Type;
use std::sync::Arc;

impl Parser<'_> {
    /// Statements up to the end of the text, or up to `}` within a function's body.
    pub fn query(&mut self, inner: bool) -> Query {
        let mut query = Query::default();
        while !(self.at_end() || inner && self.is("}")) {
            if self.is(";") {
                let span = self.span();
                self.error(
                    "KQL005",
                    span,
                    "Unexpected `;`: there is no statement before it",
                );
                self.take();
                continue;
            }
            let before = self.at;
            let start = self.span().start;
            let part = std::mem::replace(&mut self.part, start);
            let statement = self.statement();
            let was_let = matches!(statement, Some(Statement::Let(..)));
            query.statements.extend(statement);
            if !(self.at_end() || inner && self.is("}") || self.is(";")) {
                self.statement_end(inner, was_let, before);
            }
            self.end_part(part, self.last_end());
            self.eat(";");
        }
        query
    }

    /// What stands between a statement and the next one and is no `;`.
    fn statement_end(&mut self, inner: bool, was_let: bool, before: usize) {
        let gap = self.gap();
        let moved = self.at > before;
        // A statement on the next line is still read, and one behind a `let`.
        let message = if was_let && moved {
            format!("`;` is missing before {}", self.found())
        } else {
            format!("Unexpected {}", self.found())
        };
        self.error("KQL005", gap, message);
        if moved && (gap.start == gap.end || was_let && matches!(self.peek(), Kind::Name)) {
            return;
        }
        self.skip_to(if inner { &[";", "}"] } else { &[";"] });
        if self.at == before {
            self.take();
        }
    }

    fn statement(&mut self) -> Option<Statement> {
        let next = |p: &Self, word: &str| p.word_at(1) == word;
        let value_follows = matches!(self.peek_at(1), Kind::Name | Kind::Long | Kind::Typed(_))
            || self.is_at(1, "[")
            || self.is_at(1, "=");
        match self.word_at(0) {
            "let" if value_follows => Some(self.let_statement()),
            "set" if matches!(self.peek_at(1), Kind::Name) => Some(self.set_statement()),
            "declare" if next(self, "query_parameters") => {
                self.at += 2;
                let parameters = self.parameters();
                Some(Statement::Parameters(parameters))
            }
            "declare" if next(self, "pattern") => {
                self.at += 2;
                Some(self.pattern_statement())
            }
            "alias" if next(self, "database") => {
                self.at += 2;
                let name = self.name();
                self.expect("=");
                self.expression();
                Some(Statement::Alias(name))
            }
            "restrict" if next(self, "access") => {
                self.at += 2;
                Some(self.restrict_statement())
            }
            _ if self.is(".") => {
                let span = self.span().to(self.span_at(1));
                let message = "Management commands are not supported: the query reads logs only";
                self.error("KQL-unsupported", span, message);
                self.skip_to(&[]);
                None
            }
            _ => Some(Statement::Query(self.pipe())),
        }
    }

    fn let_statement(&mut self) -> Statement {
        self.take();
        let word = self.word_at(0);
        if keywords::not_declared(word) || keywords::not_referenced(word) {
            self.needs_brackets(self.span());
        }
        let name = self.name();
        if !self.expect("=") {
            self.skip_to(&[";"]);
            return Statement::Let(name, Expr::missing(self.last_end()));
        }
        let value = self.pipe();
        Statement::Let(name, value)
    }

    fn set_statement(&mut self) -> Statement {
        let start = self.span();
        self.take();
        let name = self.name();
        let value = self.eat("=").then(|| self.expression());
        let span = Span::new(start.start, self.last_end());
        Statement::Set(Box::new(SetOption { span, name, value }))
    }

    fn restrict_statement(&mut self) -> Statement {
        self.expect_word("to");
        self.expect("(");
        let mut tables = Vec::new();
        while !self.is(")") && !self.at_end() {
            let start = self.at;
            // The tables of `database("x")` are the tables there are.
            let scoped = self.is_word("database") && self.is_at(1, "(");
            if scoped {
                self.at += 2;
                self.skip_to(&[")", ";"]);
                self.eat(")");
                self.eat(".");
            }
            match self.pattern() {
                Some(pattern) => tables.push(pattern.name),
                None => {
                    self.missing_expression();
                }
            }
            if !self.eat(",") || self.at == start {
                break;
            }
        }
        self.expect(")");
        Statement::Restrict(tables)
    }

    /// `name [= (parameters) [\[path\]] { matches }]`
    fn pattern_statement(&mut self) -> Statement {
        let name = self.name();
        let mut pattern = PatternStatement {
            name,
            parameters: 0,
            path: false,
            matches: Vec::new(),
        };
        if !self.eat("=") {
            return Statement::Pattern(Box::new(pattern));
        }
        pattern.parameters = self.parameters().len();
        if self.eat("[") {
            pattern.path = true;
            self.name();
            self.expect(":");
            self.type_name();
            self.expect("]");
        }
        if self.expect("{") {
            while !self.is("}") && !self.at_end() {
                let before = self.at;
                let line = self.pattern_match();
                pattern.matches.extend(line);
                self.eat(";");
                if self.at == before {
                    break;
                }
            }
            self.expect("}");
        }
        Statement::Pattern(Box::new(pattern))
    }

    /// `("value", …)[.["path"]] = { body }`
    fn pattern_match(&mut self) -> Option<PatternMatch> {
        if !self.expect("(") {
            self.skip_to(&["}"]);
            return None;
        }
        let mut values = Vec::new();
        while let Kind::Text(text) = self.peek().clone() {
            self.take();
            values.push(text);
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")");
        let mut path = None;
        if self.eat(".") {
            self.expect("[");
            if let Kind::Text(text) = self.peek().clone() {
                self.take();
                path = Some(text);
            }
            self.expect("]");
        }
        self.expect("=");
        let start = self.span();
        self.expect("{");
        let body = self.deeper(|p| p.query(true), |_| Query::default());
        self.expect("}");
        let span = Span::new(start.start, self.last_end());
        Some(PatternMatch {
            values,
            path,
            body: Arc::new(Function {
                parameters: Vec::new(),
                body,
                view: false,
                span,
            }),
        })
    }

    /// `(a:long, b:string = "x", T:(c:int), U:(*))`
    pub fn parameters(&mut self) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        self.expect("(");
        while !self.is(")") && !self.at_end() {
            let before = self.at;
            let word = self.word_at(0);
            if keywords::not_declared(word) || keywords::not_referenced(word) {
                self.needs_brackets(self.span());
            }
            let name = self.name();
            let kind = if !self.eat(":") {
                let message = format!("The parameter `{}` has no type", name.text);
                self.error("KQL005", name.span, message);
                self.hint("Write for example `name:string`, or `table:(*)`");
                ParameterKind::Scalar(Type::Dynamic)
            } else if self.eat("(") {
                ParameterKind::Table(self.columns())
            } else {
                ParameterKind::Scalar(self.type_name())
            };
            let scalar_before = parameters
                .iter()
                .any(|p| matches!(p.kind, ParameterKind::Scalar(_)));
            if scalar_before && matches!(kind, ParameterKind::Table(_)) {
                let span = Span::new(name.span.start, self.last_end());
                self.error("KQL226", span, "Tables come first among the parameters");
            }
            let default = self.eat("=").then(|| self.expression());
            parameters.push(Parameter {
                name,
                kind,
                default,
            });
            if !self.eat(",") || self.at == before {
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
            let name = self.new_name();
            if !self.expect(":") {
                break;
            }
            let ty = self.type_name();
            columns.push((name, ty));
            if !self.eat(",") {
                break;
            }
        }
        if !self.expect(")") && !self.is("[") {
            self.skip_to(&[")", ";", "|"]);
            self.eat(")");
        }
        columns
    }

    /// `(parameters) { body }`, where the bracket stands at the cursor.
    pub fn function(&mut self, view: bool) -> Expr {
        let start = self.span();
        let parameters = self.parameters();
        if !self.expect("{") {
            self.skip_to(&[";"]);
            return Expr::missing(start.start);
        }
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
