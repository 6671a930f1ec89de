//! Scalar expressions, by falling precedence of their operators:
//! or · and · equality, lists and between · relations · sums · products · tests on text · sign · paths.

use super::keywords;
use super::lexer::Kind;
use super::parser::Parser;
use super::tree::*;
use crate::diagnostic::Span;

fn binary(op: Binary, at: Span, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr {
        kind: ExprKind::Binary(op, at, Box::new(left), Box::new(right)),
        span,
    }
}

impl Parser<'_> {
    /// A scalar expression without a pipe.
    pub fn expression(&mut self) -> Expr {
        self.deeper(Self::or, Expr::missing)
    }

    fn or(&mut self) -> Expr {
        self.junction("or", Binary::Or, Self::and)
    }

    fn and(&mut self) -> Expr {
        self.junction("and", Binary::And, Self::equality)
    }

    /// A chain of `and` or `or` as a balanced tree, so that a long chain is not a deep one.
    fn junction(&mut self, word: &str, op: Binary, part: fn(&mut Self) -> Expr) -> Expr {
        let mut parts = vec![part(self)];
        let mut places = Vec::new();
        while self.is_word(word) {
            places.push(self.span());
            self.take();
            parts.push(part(self));
        }
        while parts.len() > 1 {
            let mut halves = Vec::with_capacity(parts.len().div_ceil(2));
            let mut between = Vec::with_capacity(halves.capacity());
            let mut each = parts
                .into_iter()
                .zip(places.into_iter().map(Some).chain([None]));
            while let Some((left, at)) = each.next() {
                match (at, each.next()) {
                    (Some(at), Some((right, next))) => {
                        halves.push(binary(op, at, left, right));
                        between.extend(next);
                    }
                    _ => halves.push(left),
                }
            }
            parts = halves;
            places = between;
        }
        parts
            .pop()
            .unwrap_or_else(|| Expr::missing(self.last_end()))
    }

    /// Stops a chain that would make a tree too deep to walk.
    pub fn chain(&mut self, links: &mut usize) -> bool {
        *links += 1;
        if *links <= 500 {
            return true;
        }
        let span = self.span();
        self.error(
            "KQL-depth",
            span,
            "The expression has more than 500 operators in a row",
        );
        self.too_deep = true;
        while !self.at_end() {
            self.take();
        }
        false
    }

    pub fn equality(&mut self) -> Expr {
        let mut left = self.relation();
        let mut links = 0;
        loop {
            if !self.chain(&mut links) {
                return left;
            }
            let at = self.span();
            let op = match self.peek() {
                Kind::Punct("=") if !left.is_missing() => {
                    self.error("KQL005", at, "`=` gives a name and does not compare");
                    self.hint("Write `==` to compare");
                    Some(Binary::Eq)
                }
                Kind::Punct("==") => Some(Binary::Eq),
                Kind::Punct("!=" | "<>") => Some(Binary::Ne),
                _ => None,
            };
            if let Some(op) = op {
                self.take();
                let right = self.relation();
                left = binary(op, at, left, right);
                continue;
            }
            match self.list_or_between(left) {
                Ok(next) => left = next,
                Err(same) => return same,
            }
        }
    }

    /// `in`, `has_any`, `between` and their forms behind an operand; gives it back where there is none.
    fn list_or_between(&mut self, left: Expr) -> Result<Expr, Expr> {
        let negated = self.is("!") && self.joined(1);
        let skip = usize::from(negated);
        let word = self.word_at(skip);
        let tilde_span = self.span_at(skip).end;
        let ignore_case =
            word == "in" && self.text.get(tilde_span..).unwrap_or("").starts_with('~');
        let test = match word {
            "in" => ListTest::In {
                ignore_case,
                negated,
            },
            "has_any" if !negated => ListTest::HasAny,
            "has_all" if !negated => ListTest::HasAll,
            "between" => {
                let at = self.span().to(self.span_at(skip));
                self.at += skip + 1;
                return Ok(self.between(left, negated, at));
            }
            _ => return Err(left),
        };
        let mut at = self.span().to(self.span_at(skip));
        self.at += skip + 1;
        if ignore_case {
            at.end += 1;
            self.take(); // the `~`
        }
        if !self.is("(") {
            // `x in list` is read as `x in (list)`, as the platform does.
            if matches!(self.peek(), Kind::Text(_) | Kind::Long | Kind::Real) {
                let span = self.span();
                let message = format!("`(` is missing before {}", self.found());
                self.error("KQL005", span, message);
            }
            let value = self.relation();
            let span = left.span.to(value.span);
            return Ok(Expr {
                kind: ExprKind::List(test, at, Box::new(left), vec![value]),
                span,
            });
        }
        self.take();
        let mut values = Vec::new();
        loop {
            values.push(self.deeper(Self::pipe, Expr::missing));
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")");
        let span = Span::new(left.span.start, self.last_end());
        Ok(Expr {
            kind: ExprKind::List(test, at, Box::new(left), values),
            span,
        })
    }

    fn between(&mut self, left: Expr, negated: bool, at: Span) -> Expr {
        self.expect("(");
        let low = self.expression();
        if !self.eat("..") {
            let gap = self.gap();
            self.error("KQL005", gap, "`..` is missing between the two bounds");
            self.eat(".");
        }
        let high = self.expression();
        self.expect(")");
        let span = Span::new(left.span.start, self.last_end());
        Expr {
            kind: ExprKind::Between(Box::new(left), Box::new(low), Box::new(high), negated, at),
            span,
        }
    }

    fn relation(&mut self) -> Expr {
        let mut left = self.sum();
        let mut links = 0;
        loop {
            if !self.chain(&mut links) {
                return left;
            }
            let at = self.span();
            let op = match self.peek() {
                Kind::Punct("<") => Binary::Lt,
                Kind::Punct("<=") => Binary::Le,
                Kind::Punct(">") => Binary::Gt,
                Kind::Punct(">=") => Binary::Ge,
                _ => return left,
            };
            self.take();
            let right = self.sum();
            left = binary(op, at, left, right);
        }
    }

    fn sum(&mut self) -> Expr {
        let mut left = self.product();
        let mut links = 0;
        loop {
            if !self.chain(&mut links) {
                return left;
            }
            let at = self.span();
            let op = match self.peek() {
                Kind::Punct("+") => Binary::Add,
                Kind::Punct("-") => Binary::Sub,
                _ => return left,
            };
            self.take();
            let right = self.product();
            left = binary(op, at, left, right);
        }
    }

    fn product(&mut self) -> Expr {
        let mut left = self.text_test();
        let mut links = 0;
        loop {
            if !self.chain(&mut links) {
                return left;
            }
            let at = self.span();
            let op = match self.peek() {
                Kind::Punct("*") => Binary::Mul,
                Kind::Punct("/") => Binary::Div,
                Kind::Punct("%") => Binary::Mod,
                _ => return left,
            };
            self.take();
            let right = self.text_test();
            left = binary(op, at, left, right);
        }
    }

    fn text_test(&mut self) -> Expr {
        let mut left = self.sign();
        let mut links = 0;
        while let Some((op, at, tokens)) = self.text_operator() {
            self.old_operator();
            if !self.chain(&mut links) {
                break;
            }
            self.at += tokens;
            let right = self.sign();
            left = binary(op, at, left, right);
        }
        left
    }

    /// `like` and its kin: no documentation says what they match.
    fn old_operator(&mut self) {
        let span = self.span();
        let word = self.slice(span);
        if matches!(word, "like" | "likecs" | "notlike" | "notlikecs") {
            let message = format!("The old operator `{word}` is not supported");
            self.error("KQL-unsupported", span, message);
            self.hint("Write `matches regex` or `contains`");
        }
    }

    fn text_operator(&self) -> Option<(Binary, Span, usize)> {
        if self.is("=~") || self.is("!~") {
            let op = Binary::Text(TextTest::Equals, false, self.is("!~"));
            return Some((op, self.span(), 1));
        }
        let negated = self.is("!") && self.joined(1);
        let skip = usize::from(negated);
        let at = self.span().to(self.span_at(skip));
        let word = self.word_at(skip);
        if word == "matches" && self.word_at(skip + 1) == "regex" && !negated {
            let op = Binary::Text(TextTest::Regex, true, false);
            return Some((op, at.to(self.span_at(1)), 2));
        }
        let (base, case) = match word.strip_suffix("_cs") {
            Some(base) => (base, true),
            None => (word, false),
        };
        let test = match base {
            "has" => TextTest::Has,
            "hasprefix" => TextTest::HasPrefix,
            "hassuffix" => TextTest::HasSuffix,
            "contains" | "like" | "likecs" | "notlike" | "notlikecs" => TextTest::Contains,
            "containscs" => return Some((Binary::Text(TextTest::Contains, true, false), at, 1)),
            "notcontains" => return Some((Binary::Text(TextTest::Contains, false, true), at, 1)),
            "notcontainscs" => return Some((Binary::Text(TextTest::Contains, true, true), at, 1)),
            "startswith" => TextTest::StartsWith,
            "endswith" => TextTest::EndsWith,
            _ => return None,
        };
        Some((Binary::Text(test, case, negated), at, skip + 1))
    }

    fn sign(&mut self) -> Expr {
        let minus = self.is("-");
        if !minus && !self.is("+") {
            return self.path();
        }
        let start = self.span();
        self.take();
        let inner = self.deeper(Self::sign, Expr::missing);
        let span = start.to(inner.span);
        Expr {
            kind: ExprKind::Sign(minus, Box::new(inner)),
            span,
        }
    }

    fn path(&mut self) -> Expr {
        let mut base = self.primary();
        let mut links = 0;
        loop {
            if !self.chain(&mut links) {
                return base;
            }
            if self.is(".") && !base.is_missing() {
                self.take();
                if matches!(self.peek(), Kind::Name) && self.is_at(1, "(") {
                    let call = self.call();
                    let span = base.span.to(call.span);
                    base = Expr {
                        kind: ExprKind::Method(Box::new(base), Box::new(call)),
                        span,
                    };
                    continue;
                }
                if keywords::not_referenced(self.word_at(0)) {
                    self.needs_brackets(self.span());
                }
                if self.is("[") && !matches!(self.peek_at(1), Kind::Text(_)) {
                    // `a.[0]` is `a[0]`.
                    continue;
                }
                // `a.["b c"]` and `a.['b']` are members too.
                let name = self.name();
                let span = base.span.to(name.span);
                base = Expr {
                    kind: ExprKind::Member(Box::new(base), name),
                    span,
                };
            } else if self.is("[") && !base.is_missing() {
                self.take();
                let index = self.expression();
                self.expect("]");
                let span = Span::new(base.span.start, self.last_end());
                base = Expr {
                    kind: ExprKind::Index(Box::new(base), Box::new(index)),
                    span,
                };
            } else {
                return base;
            }
        }
    }
}
