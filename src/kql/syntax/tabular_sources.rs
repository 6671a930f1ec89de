//! `evaluate`, `externaldata`, `search`, `find`, `parse-kv`.

use super::lexer::Kind;
use super::parser::Parser;
use super::tree::*;
use crate::diagnostic::Span;
use crate::value::{Type, Value};
use std::sync::Arc;

impl Parser<'_> {
    /// `evaluate [hints] plugin(arguments) [: (schema)]`
    pub fn evaluate(&mut self) -> OperatorKind {
        self.settings();
        let (plugin, arguments) = if self.is_at(1, "(") {
            match self.call().kind {
                ExprKind::Call(name, arguments) => (name, arguments),
                _ => (Name::default(), Vec::new()),
            }
        } else {
            let name = self.name();
            self.expect("(");
            (name, Vec::new())
        };
        let start = self.span();
        let schema = self.eat(":").then(|| {
            let mut star = false;
            let mut columns = Vec::new();
            if self.expect("(") {
                star = self.eat("*");
                if !star || self.eat(",") {
                    columns = self.columns();
                } else {
                    self.expect(")");
                }
            }
            let span = Span::new(start.start, self.last_end());
            ResultSchema {
                star,
                columns,
                span,
            }
        });
        OperatorKind::Evaluate(Box::new(Evaluate {
            plugin,
            arguments,
            schema,
        }))
    }

    /// `externaldata (columns) [addresses] [with (properties)]`
    pub fn externaldata(&mut self) -> OperatorKind {
        let mut columns = Vec::new();
        if self.expect("(") {
            columns = self.columns();
        }
        let mut addresses = Vec::new();
        if self.expect("[") {
            while !self.is("]") && !self.at_end() {
                let before = self.at;
                addresses.push(self.expression());
                if !self.eat(",") || self.at == before {
                    break;
                }
            }
            self.expect("]");
        }
        let properties = if self.eat_word("with") && self.expect("(") {
            self.properties()
        } else {
            Vec::new()
        };
        OperatorKind::Externaldata(Box::new(Externaldata {
            columns,
            addresses,
            properties,
        }))
    }

    /// `name = value, …)` behind the opening bracket.
    fn properties(&mut self) -> Vec<(Name, Expr)> {
        let mut properties = Vec::new();
        while !self.is(")") && !self.at_end() {
            let before = self.at;
            let name = self.name();
            self.expect("=");
            properties.push((name, self.expression()));
            if !self.eat(",") || self.at == before {
                break;
            }
        }
        self.expect(")");
        properties
    }

    /// `parse-kv text as (keys) [with (settings)]`
    pub fn parse_kv(&mut self) -> OperatorKind {
        let source = self.expression();
        self.expect_word("as");
        let mut keys = Vec::new();
        if self.expect("(") {
            keys = self.columns();
        }
        let settings = if self.eat_word("with") && self.expect("(") {
            self.properties()
        } else {
            Vec::new()
        };
        OperatorKind::ParseKv(Box::new(ParseKv {
            source,
            keys,
            settings,
        }))
    }

    /// `[kind=…] [in (tables)] predicate`
    pub fn search(&mut self) -> OperatorKind {
        let mut exact = false;
        for setting in self.settings() {
            if setting.name.text != "kind" {
                continue;
            }
            match setting.value.text.as_str() {
                "case_sensitive" => exact = true,
                "default" | "case_insensitive" => {}
                other => {
                    let message = format!(
                        "`{other}` is not a kind of search: default, case_insensitive or case_sensitive"
                    );
                    self.error("KQL005", setting.value.span, message);
                }
            }
        }
        let tables = self.in_tables();
        let predicate = self.terms(exact);
        OperatorKind::Search(Box::new(Search { tables, predicate }))
    }

    /// `[withsource=name] [in (tables)] [where] predicate [project …]`
    pub fn find(&mut self) -> OperatorKind {
        let mut source = None;
        for setting in self.settings() {
            if matches!(setting.name.text.as_str(), "withsource" | "with_source") {
                source = Some(setting.value);
            }
        }
        let tables = self.in_tables();
        self.eat_word("where");
        let predicate = self.terms(false);
        let smart = self.is_word("project")
            && self.is_at(1, "-")
            && self.joined(1)
            && self.word_at(2) == "smart";
        let mut project = None;
        let mut pack = false;
        if smart {
            self.at += 3;
        } else if self.eat_word("project") {
            let mut columns = Vec::new();
            loop {
                if self.is_word("pack_all") && self.is_at(1, "(") && self.is_at(2, ")") {
                    self.at += 3;
                    pack = true;
                } else if self.is_word("pack") && self.is_at(1, "(") && self.is_at(2, "*") {
                    self.at += 3;
                    self.expect(")");
                    pack = true;
                } else {
                    let name = self.name();
                    let ty = self.eat(":").then(|| self.type_name());
                    columns.push((name, ty));
                }
                if !self.eat(",") {
                    break;
                }
            }
            project = Some(columns);
        }
        OperatorKind::Find(Box::new(Find {
            source,
            tables,
            predicate,
            project,
            pack,
        }))
    }

    /// `in (T1, T2*, (T3 | where …))`, if it stands here.
    fn in_tables(&mut self) -> Vec<Expr> {
        let mut tables = Vec::new();
        if !(self.is_word("in") && self.is_at(1, "(")) {
            return tables;
        }
        self.at += 2;
        while !self.is(")") && !self.at_end() {
            let before = self.at;
            match self.pattern() {
                Some(pattern) if pattern.wild => tables.push(Expr {
                    span: pattern.name.span,
                    kind: ExprKind::Name(pattern.name.text),
                }),
                _ => {
                    self.at = before;
                    tables.push(self.deeper(Self::pipe, Expr::missing));
                }
            }
            if !self.eat(",") || self.at == before {
                break;
            }
        }
        self.expect(")");
        tables
    }

    /// The predicate of `search` and `find`, its bare terms written out.
    fn terms(&mut self, exact: bool) -> Expr {
        self.terms_of(exact, 0)
    }

    fn terms_of(&mut self, exact: bool, level: usize) -> Expr {
        let mut left = self.terms_and(exact, level);
        let mut links = 0;
        while self.is_word("or") && self.chain(&mut links) {
            let at = self.span();
            self.take();
            let right = self.terms_and(exact, level);
            left = joined(Binary::Or, at, left, right);
        }
        left
    }

    fn terms_and(&mut self, exact: bool, level: usize) -> Expr {
        let mut left = self.term(exact, level);
        let mut links = 0;
        while self.is_word("and") && self.chain(&mut links) {
            let at = self.span();
            self.take();
            let right = self.term(exact, level);
            left = joined(Binary::And, at, left, right);
        }
        left
    }

    /// Whether a term is over: nothing follows that would make more of it.
    fn term_ends(&self, ahead: usize) -> bool {
        match self.peek_at(ahead) {
            Kind::End | Kind::Punct(")" | "|" | ";" | "}") => true,
            Kind::Name => matches!(self.word_at(ahead), "and" | "or" | "project"),
            _ => false,
        }
    }

    fn term(&mut self, exact: bool, level: usize) -> Expr {
        let span = self.span();
        if level > 60 {
            self.error(
                "KQL-depth",
                span,
                "The search is nested deeper than 60 levels",
            );
            self.skip_to(&["|", ";"]);
            return Expr::missing(span.start);
        }
        // `"term"`
        if let Kind::Text(text) = self.peek().clone()
            && self.term_ends(1)
        {
            self.take();
            return self.term_test(star(span), &text, span, exact);
        }
        // `*`
        if self.is("*") && self.term_ends(1) {
            self.take();
            return literal(Value::Bool(true), Type::Bool, span);
        }
        // `column:"term"`, `column:term`
        let named = matches!(self.peek(), Kind::Name) && self.is_at(1, ":");
        let bracketed =
            self.is("[") && matches!(self.peek_at(1), Kind::Text(_)) && self.is_at(3, ":");
        if named || bracketed {
            let column = self.name();
            self.take();
            let at = self.span();
            let operand = Expr {
                span: column.span,
                kind: ExprKind::Name(column.text),
            };
            return match self.peek().clone() {
                Kind::Text(text) => {
                    self.take();
                    self.term_test(operand, &text, at, exact)
                }
                _ => {
                    let value = self.expression();
                    joined(Binary::Eq, at, operand, value)
                }
            };
        }
        // `not(…)` and a bracket around terms
        let not = self.is_word("not") && self.is_at(1, "(");
        if not || self.is("(") {
            let before = self.at;
            let known = self.diagnostics.len();
            self.at += 1 + usize::from(not);
            let inner = self.terms_of(exact, level + 1);
            if self.is(")") && self.term_ends(1) {
                self.take();
                if !not {
                    return inner;
                }
                let all = Span::new(span.start, self.last_end());
                let name = Name {
                    text: "not".to_owned(),
                    span,
                };
                let argument = Argument {
                    name: None,
                    value: inner,
                };
                return Expr {
                    kind: ExprKind::Call(name, vec![argument]),
                    span: all,
                };
            }
            // It was the bracket of a value: `(a + b) > 3`.
            self.at = before;
            self.diagnostics.truncate(known);
        }
        let plain = self.deeper(Self::equality, Expr::missing);
        if exact { self.exact(plain) } else { plain }
    }

    /// A term's test, by where its `*` stands.
    fn term_test(&mut self, operand: Expr, term: &str, at: Span, exact: bool) -> Expr {
        let inner = term
            .strip_prefix('*')
            .unwrap_or(term)
            .strip_suffix('*')
            .unwrap_or(term.strip_prefix('*').unwrap_or(term));
        let test = match (term.starts_with('*'), term.ends_with('*')) {
            _ if term == "*" || term == "**" => {
                return literal(Value::Bool(true), Type::Bool, at);
            }
            (false, false) => TextTest::Has,
            (true, false) => TextTest::HasSuffix,
            (false, true) => TextTest::HasPrefix,
            (true, true) => TextTest::Contains,
        };
        if inner.contains('*') {
            self.error(
                "KQL-unsupported",
                at,
                "A `*` within a search term is not supported: it is not certain whether case counts",
            );
            if let Some(last) = self.diagnostics.last_mut() {
                last.hint = Some("Write `* matches regex @\"…\"`".to_owned());
            }
        }
        let value = literal(Value::String(Arc::from(inner)), Type::String, at);
        joined(Binary::Text(test, exact, false), at, operand, value)
    }

    /// The same test with case counting.
    fn exact(&mut self, expr: Expr) -> Expr {
        match expr.kind {
            ExprKind::Binary(Binary::Text(test, _, negated), at, left, right)
                if test != TextTest::Equals =>
            {
                Expr {
                    kind: ExprKind::Binary(Binary::Text(test, true, negated), at, left, right),
                    span: expr.span,
                }
            }
            ExprKind::Binary(Binary::Text(..), at, ..)
            | ExprKind::List(ListTest::HasAny | ListTest::HasAll, at, ..)
            | ExprKind::List(
                ListTest::In {
                    ignore_case: true, ..
                },
                at,
                ..,
            ) => {
                self.error(
                    "KQL-unsupported",
                    at,
                    "This test is not supported in a case-sensitive search",
                );
                expr
            }
            _ => expr,
        }
    }
}

fn star(span: Span) -> Expr {
    Expr {
        kind: ExprKind::Star,
        span,
    }
}

fn literal(value: Value, ty: Type, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Literal(value, ty),
        span,
    }
}

fn joined(op: Binary, at: Span, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr {
        kind: ExprKind::Binary(op, at, Box::new(left), Box::new(right)),
        span,
    }
}
