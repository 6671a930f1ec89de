//! The smallest expressions: literals, names, calls, brackets.

use super::keywords;
use super::lexer::Kind;
use super::literal;
use super::parser::Parser;
use super::tree::*;
use crate::diagnostic::Span;
use crate::value::{Type, Value};
use std::sync::Arc;

/// Keywords that are also called.
const CALLED: [&str; 5] = ["dynamic", "materialize", "toscalar", "totable", "union"];

impl Parser<'_> {
    fn literal(&mut self, value: Value, ty: Type, span: Span) -> Expr {
        Expr {
            kind: ExprKind::Literal(value, ty),
            span,
        }
    }

    pub fn primary(&mut self) -> Expr {
        let span = self.span();
        match self.peek().clone() {
            Kind::Text(_) => self.strings(),
            Kind::Long => {
                self.take();
                match literal::long(self.slice(span)) {
                    Some(n) => self.literal(Value::Long(n), Type::Long, span),
                    None => {
                        self.error("KQL-literal", span, "The number does not fit 64 bits");
                        self.literal(Value::Null, Type::Long, span)
                    }
                }
            }
            Kind::Real => {
                self.take();
                let value = literal::real(self.slice(span)).map_or(Value::Null, Value::Real);
                self.literal(value, Type::Real, span)
            }
            Kind::TimeSpan => {
                self.take();
                match literal::timespan(self.slice(span)) {
                    Some(t) => self.literal(Value::TimeSpan(t), Type::TimeSpan, span),
                    None => {
                        self.error("KQL-literal", span, "The span of time is too long");
                        self.literal(Value::Null, Type::TimeSpan, span)
                    }
                }
            }
            Kind::Typed(ty) => self.typed_literal(ty),
            Kind::Punct("(") => self.parenthesis(),
            Kind::Punct("*") => {
                self.take();
                Expr {
                    kind: ExprKind::Star,
                    span,
                }
            }
            Kind::Punct("[") if matches!(self.peek_at(1), Kind::Text(_)) => {
                let name = self.name();
                Expr {
                    span: name.span,
                    kind: ExprKind::Name(name.text),
                }
            }
            Kind::Name => self.word(),
            _ => self.missing_expression(),
        }
    }

    /// Adjacent string literals are one string.
    fn strings(&mut self) -> Expr {
        let mut span = self.span();
        let mut value = String::new();
        while let Kind::Text(text) = self.peek() {
            value.push_str(text);
            span = span.to(self.span());
            self.at += 1;
        }
        self.literal(Value::String(Arc::from(value)), Type::String, span)
    }

    fn parenthesis(&mut self) -> Expr {
        let start = self.span();
        if self.function_follows() {
            return self.function(false);
        }
        self.take();
        let mut inner = self.deeper(Self::pipe, Expr::missing);
        self.expect(")");
        // Brackets of the value's own, so that a message points at all of it.
        inner.span = Span::new(start.start, self.last_end());
        inner
    }

    /// Whether a function's parameters stand here, and its body behind them.
    fn function_follows(&self) -> bool {
        if !self.is("(") {
            return false;
        }
        let typed = matches!(self.peek_at(1), Kind::Name)
            && self.is_at(2, ":")
            && (Type::from_name(self.word_at(3)).is_some() || self.is_at(3, "("));
        if typed {
            return true;
        }
        let shaped = self.is_at(1, ")")
            || (matches!(self.peek_at(1), Kind::Name)
                && [":", ")", ","].iter().any(|p| self.is_at(2, p)));
        shaped && self.brace_behind_brackets()
    }

    fn brace_behind_brackets(&self) -> bool {
        let mut open = 0usize;
        let mut ahead = 0;
        loop {
            match self.peek_at(ahead) {
                Kind::Punct("(") => open += 1,
                Kind::Punct(")") => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return self.is_at(ahead + 1, "{");
                    }
                }
                // Parameters are short; a long bracket is none.
                Kind::End | Kind::Punct("|" | ";") => return false,
                _ => {}
            }
            ahead += 1;
        }
    }

    fn word(&mut self) -> Expr {
        let span = self.span();
        let word = self.slice(span);
        if let "true" | "True" | "TRUE" | "false" | "False" | "FALSE" = word {
            self.take();
            let value = word.eq_ignore_ascii_case("true");
            return self.literal(Value::Bool(value), Type::Bool, span);
        }
        if keywords::not_referenced(word) && !(self.is_at(1, "(") && CALLED.contains(&word)) {
            return self.keyword_as_value(span);
        }
        if self.is_at(1, "(") {
            if word == "dynamic" {
                return self.dynamic_literal();
            }
            // `view ()`, or a function with parameters that is one.
            let parameters = || matches!(self.peek_at(2), Kind::Name) && self.is_at(3, ":");
            if word == "view" && (self.is_at(2, ")") || parameters()) {
                self.take();
                return self.function(true);
            }
            return self.call();
        }
        if word == "null" {
            self.take();
            self.error("KQL-literal", span, "`null` needs a type");
            self.hint("Write for example `int(null)` or `datetime(null)`");
            return Expr::missing(span.start);
        }
        self.take();
        Expr {
            kind: ExprKind::Name(word.to_owned()),
            span,
        }
    }

    /// A keyword where a value is expected: the value is missing, or the keyword is meant as a name.
    fn keyword_as_value(&mut self, span: Span) -> Expr {
        let alone = matches!(
            self.peek_at(1),
            Kind::End
                | Kind::Punct("|" | ")" | "," | ";" | "==" | "!=" | "=~" | "." | "[" | "+" | "-")
        );
        if !alone {
            let missing = self.missing_expression();
            if self.is_at(1, "(") && Type::from_name(self.slice(span)).is_some() {
                self.hint("A literal has no blank before its bracket: `datetime(2024-01-31)`");
            }
            return missing;
        }
        self.needs_brackets(span);
        let name = self.name();
        Expr {
            kind: ExprKind::Name(name.text),
            span,
        }
    }

    pub fn call(&mut self) -> Expr {
        let name = self.name();
        self.expect("(");
        let mut arguments = Vec::new();
        if name.text == "typeof" && matches!(self.peek(), Kind::Name) {
            // A type, not an expression.
            let ty = self.name();
            let kind = ExprKind::Name(ty.text);
            let value = Expr {
                kind,
                span: ty.span,
            };
            arguments.push(Argument { name: None, value });
        }
        while !self.is(")") && !self.at_end() {
            let before = self.at;
            let named = matches!(self.peek(), Kind::Name) && self.is_at(1, "=");
            let argument_name = named.then(|| {
                let name = self.name();
                self.expect("=");
                name
            });
            let value = self.deeper(Self::pipe, Expr::missing);
            arguments.push(Argument {
                name: argument_name,
                value,
            });
            if !self.eat(",") || self.at == before {
                break;
            }
            if self.is(")") {
                let missing = self.missing_expression();
                arguments.push(Argument {
                    name: None,
                    value: missing,
                });
            }
        }
        self.expect(")");
        let span = Span::new(name.span.start, self.last_end());
        Expr {
            kind: ExprKind::Call(name, arguments),
            span,
        }
    }
}
