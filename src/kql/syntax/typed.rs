//! Literals that name their type: `datetime(…)`, `int(…)`, `dynamic(…)` and the others.

use super::lexer::Kind;
use super::literal;
use super::parser::Parser;
use super::tree::*;
use crate::diagnostic::Span;
use crate::value::{Type, Value};
use serde_json::{Map, Number, Value as Json};
use std::sync::Arc;

impl Parser<'_> {
    /// `dynamic(json)`, with the word at the cursor and a bracket behind it.
    pub fn dynamic_literal(&mut self) -> Expr {
        let start = self.span();
        self.take();
        self.expect("(");
        let json = self.deeper(Self::json, |_| Json::Null);
        self.expect(")");
        let value = match json {
            Json::Null => Value::Null,
            json => Value::Dynamic(Arc::new(json)),
        };
        Expr {
            kind: ExprKind::Literal(value, Type::Dynamic),
            span: Span::new(start.start, self.last_end()),
        }
    }

    /// `datetime(…)` and its like, one token.
    pub fn typed_literal(&mut self, ty: Type) -> Expr {
        let span = self.span();
        self.take();
        let value = self.typed_text(ty, span);
        Expr {
            kind: ExprKind::Literal(value, ty),
            span,
        }
    }

    fn typed_text(&mut self, ty: Type, span: Span) -> Value {
        let whole = self.slice(span);
        let open = whole.find('(').map_or(whole.len(), |i| i + 1);
        let body = whole.get(open..).unwrap_or("");
        let Some(inner) = body.strip_suffix(')') else {
            let end = Span::new(span.end, span.end);
            self.error("KQL005", end, "`)` is missing at the end of the line");
            return Value::Null;
        };
        let mut text = inner.trim();
        for quote in ['"', '\''] {
            let bare = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
            text = bare.unwrap_or(text);
        }
        if text.eq_ignore_ascii_case("null") {
            return Value::Null;
        }
        let commas = (ty == Type::DateTime && text.contains(','))
            .then(|| literal::datetime_parts(text))
            .flatten();
        if let Some(value) = commas.map(Value::DateTime).or_else(|| read(ty, text)) {
            return value;
        }
        let (span, message) = if text.is_empty() {
            let place = Span::new(span.start, span.end);
            (place, format!("A {ty} is missing between the brackets"))
        } else {
            let place = Span::new(span.start + open, span.start + open + inner.len());
            (place, format!("`{text}` is not a {ty}"))
        };
        self.error("KQL-literal", span, message);
        self.hint(hint(ty));
        Value::Null
    }

    /// The value inside `dynamic(…)`: JSON, with KQL's own literals inside it.
    fn json(&mut self) -> Json {
        let span = self.span();
        match self.peek().clone() {
            Kind::Text(_) => {
                let mut text = String::new();
                while let Kind::Text(part) = self.peek() {
                    text.push_str(part);
                    self.at += 1;
                }
                Json::from(text)
            }
            Kind::Punct("[") => {
                self.take();
                let mut items = Vec::new();
                while !(self.at_end() || self.is("]") && items.is_empty()) {
                    items.push(self.deeper(Self::json, |_| Json::Null));
                    if !self.eat(",") {
                        break;
                    }
                }
                self.expect("]");
                Json::Array(items)
            }
            Kind::Punct("{") => {
                self.take();
                let mut bag = Map::new();
                while !(self.at_end() || self.is("}") && bag.is_empty()) {
                    let Kind::Text(key) = self.peek().clone() else {
                        let gap = self.gap();
                        let message = format!("A key in quotes is missing before {}", self.found());
                        self.error("KQL006", gap, message);
                        self.skip_to(&["}", ")", ";"]);
                        break;
                    };
                    self.take();
                    if !self.expect(":") {
                        self.skip_to(&["}", ")"]);
                        break;
                    }
                    let value = self.deeper(Self::json, |_| Json::Null);
                    bag.insert(key, value);
                    if !self.eat(",") {
                        break;
                    }
                }
                self.expect("}");
                Json::Object(bag)
            }
            Kind::Punct("-" | "+") => {
                self.take();
                let inner = self.deeper(Self::json, |_| Json::Null);
                if !self.slice(span).starts_with('-') {
                    return inner;
                }
                match (inner.as_i64(), inner.as_f64()) {
                    (Some(n), _) => Json::from(n.wrapping_neg()),
                    (_, Some(r)) => Number::from_f64(-r).map_or(Json::Null, Json::Number),
                    _ => inner,
                }
            }
            Kind::Long | Kind::Real => {
                self.take();
                let text = self.slice(span);
                let whole = literal::long(text).map(Json::from);
                whole.unwrap_or_else(|| {
                    let real = literal::real(text).and_then(Number::from_f64);
                    real.map_or(Json::Null, Json::Number)
                })
            }
            Kind::TimeSpan => {
                self.take();
                let ticks = literal::timespan(self.slice(span));
                ticks.map_or(Json::Null, Json::from)
            }
            Kind::Typed(ty) => match self.typed_literal(ty).kind {
                // A span inside dynamic is its ticks.
                ExprKind::Literal(Value::TimeSpan(ticks), _) => Json::from(ticks),
                ExprKind::Literal(value, _) => value.to_json(),
                _ => Json::Null,
            },
            // A dynamic value inside one is itself.
            Kind::Name if self.slice(span) == "dynamic" => {
                self.take();
                self.expect("(");
                let inner = self.deeper(Self::json, |_| Json::Null);
                self.expect(")");
                inner
            }
            Kind::Name => self.json_word(),
            _ => {
                let end = self.last_end();
                self.error("KQL006", Span::new(end, end), "A JSON value is missing");
                Json::Null
            }
        }
    }

    fn json_word(&mut self) -> Json {
        let span = self.span();
        match self.slice(span) {
            "true" | "True" | "TRUE" => {
                self.take();
                Json::Bool(true)
            }
            "false" | "False" | "FALSE" => {
                self.take();
                Json::Bool(false)
            }
            "null" => {
                self.take();
                Json::Null
            }
            word => {
                self.take();
                self.error("KQL-literal", span, format!("`{word}` is not a JSON value"));
                Json::Null
            }
        }
    }
}

/// The value of a type from its text inside a literal.
fn read(ty: Type, text: &str) -> Option<Value> {
    Some(match ty {
        Type::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Value::Bool(true),
            "false" | "0" => Value::Bool(false),
            _ => return None,
        },
        // In hexadecimal the bits count: 0xFFFFFFFF is -1.
        Type::Int if text.trim_start().starts_with("0x") => {
            Value::Int(u32::try_from(literal::long(text)?).ok()? as i32)
        }
        Type::Int => Value::Int(i32::try_from(literal::long(text)?).ok()?),
        Type::Long => Value::Long(literal::long(text)?),
        Type::Real => Value::Real(literal::real(text)?),
        Type::Decimal => Value::Decimal(Arc::from(literal::decimal(text)?)),
        Type::Guid => Value::Guid(Arc::from(literal::guid(text)?)),
        Type::TimeSpan => Value::TimeSpan(literal::timespan(text)?),
        Type::DateTime => Value::DateTime(crate::kql::run::convert::datetime(text)?),
        Type::String | Type::Dynamic => return None,
    })
}

fn hint(ty: Type) -> &'static str {
    match ty {
        Type::DateTime => "Write for example `datetime(2024-01-31 12:00:00)`",
        Type::TimeSpan => "Write for example `timespan(1.12:00:00)` or `36h`",
        Type::Guid => "Write for example `guid(74be27de-1e4e-49d9-b579-fe0b331d3642)`",
        Type::Bool => "Write `true` or `false`",
        Type::Int => "An int is a whole number from -2147483648 to 2147483647",
        _ => "Write a number, or `null`",
    }
}
