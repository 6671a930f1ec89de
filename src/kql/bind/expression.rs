//! Scalar expressions: operators, paths, lists.

use super::{Binder, Bound, Row, names};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::kql::plan::{Arithmetic, Expr, Kind};
use crate::kql::run::compare::Compare;
use crate::kql::run::{arithmetic, text};
use crate::kql::syntax::tree::{self, Binary, ExprKind, TextTest};
use crate::value::{Type, Value};

pub(super) fn typed(kind: Kind, ty: Type, span: Span) -> Expr {
    Expr {
        kind,
        ty: Some(ty),
        span,
    }
}

/// Whether two types can be told equal or not.
pub(super) fn comparable(a: Type, b: Type) -> bool {
    use Type::{Bool, Decimal, Dynamic, Guid, Int, Long, Real, String};
    let number = |t| matches!(t, Int | Long | Real | Decimal);
    a == b && a != Dynamic
        || number(a) && number(b)
        || (a == Bool && number(b))
        || (number(a) && b == Bool)
        || (a == Dynamic) != (b == Dynamic)
        || matches!((a, b), (Guid, String) | (String, Guid))
}

/// Whether two types are compared although one is text and the other is not.
pub(super) fn loose(a: Type, b: Type) -> bool {
    let value = |t| {
        matches!(
            t,
            Type::Int | Type::Long | Type::Real | Type::Decimal | Type::Bool
        )
    };
    a == Type::String && value(b) || value(a) && b == Type::String
}

impl Binder<'_> {
    /// `==` or `!=` between a text and a number or a truth value.
    pub(super) fn loose_equality(
        &mut self,
        negated: bool,
        left: Expr,
        right: Expr,
        at: Span,
        span: Span,
    ) -> Expr {
        if let (Some(a), Some(b)) = (left.ty, right.ty) {
            let message = format!("A {a} is compared with a {b}");
            let hint = "Convert one side, for example with `tostring(…)` or `tolong(…)`";
            self.told(
                Diagnostic::new(Severity::Hint, "KQL-loose", Some(at), message).with_hint(hint),
            );
        }
        let function = if negated {
            &crate::kql::functions::loose::DIFFERS
        } else {
            &crate::kql::functions::loose::EQUALS
        };
        typed(Kind::Call(function, vec![left, right]), Type::Bool, span)
    }

    /// An expression that is neither a name, nor a call, nor tabular.
    pub(super) fn expression(&mut self, expr: &tree::Expr, row: Row) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Literal(value, ty) => Expr::constant(value.clone(), *ty, span),
            ExprKind::Sign(minus, inner) => self.sign(*minus, inner, span, row),
            ExprKind::Binary(op, at, left, right) => self.binary(*op, *at, left, right, span, row),
            ExprKind::List(test, at, operand, items) => {
                self.list(*test, *at, operand, items, span, row)
            }
            ExprKind::Between(operand, low, high, negated, at) => {
                self.between(operand, [low, high], *negated, *at, span, row)
            }
            ExprKind::Member(base, name) => self.member(base, name, span, row),
            ExprKind::Index(base, index) => self.index(base, index, span, row),
            ExprKind::Star => {
                self.error("KQL-star", span, "`*` cannot stand here");
                Expr::error(span)
            }
            _ => Expr::error(span),
        }
    }

    /// A conversion to a type, where it is not of that type already.
    pub fn convert(&mut self, expr: Expr, ty: Type) -> Expr {
        match expr.ty {
            None => expr,
            Some(t) if t == ty => expr,
            Some(_) => {
                let span = expr.span;
                typed(Kind::Convert(Box::new(expr)), ty, span)
            }
        }
    }

    fn sign(&mut self, minus: bool, inner: &tree::Expr, span: Span, row: Row) -> Expr {
        let inner = self.scalar(inner, row);
        let Some(ty) = inner.ty else {
            return Expr::error(span);
        };
        if !matches!(
            ty,
            Type::Int | Type::Long | Type::Real | Type::Decimal | Type::TimeSpan | Type::Dynamic
        ) {
            let sign = if minus { '-' } else { '+' };
            self.error(
                "KQL106",
                span,
                format!("The sign `{sign}` is not defined for {ty}"),
            );
            return Expr::error(span);
        }
        if !minus {
            return Expr { span, ..inner };
        }
        match &inner.kind {
            Kind::Const(Value::Int(n)) => Expr::constant(Value::Int(n.wrapping_neg()), ty, span),
            Kind::Const(Value::Long(n)) => Expr::constant(Value::Long(n.wrapping_neg()), ty, span),
            Kind::Const(Value::Real(r)) => Expr::constant(Value::Real(-r), ty, span),
            Kind::Const(Value::TimeSpan(t)) => {
                Expr::constant(Value::TimeSpan(t.wrapping_neg()), ty, span)
            }
            _ => {
                let zero = match ty {
                    Type::TimeSpan => Expr::constant(Value::TimeSpan(0), ty, span),
                    _ => Expr::constant(Value::Long(0), Type::Long, span),
                };
                let ty = if ty == Type::Int { Type::Long } else { ty };
                typed(
                    Kind::Arithmetic(Arithmetic::Sub, Box::new(zero), Box::new(inner)),
                    ty,
                    span,
                )
            }
        }
    }

    fn binary(
        &mut self,
        op: Binary,
        at: Span,
        left: &tree::Expr,
        right: &tree::Expr,
        span: Span,
        row: Row,
    ) -> Expr {
        if matches!(op, Binary::And | Binary::Or) {
            let left = self.predicate(left, row, "KQL107");
            let right = self.predicate(right, row, "KQL107");
            let (l, r) = (Box::new(left), Box::new(right));
            let kind = if op == Binary::And {
                Kind::And(l, r)
            } else {
                Kind::Or(l, r)
            };
            return typed(kind, Type::Bool, span);
        }
        if let Binary::Text(..) = op
            && matches!(left.kind, ExprKind::Star)
        {
            return self.star_test(op, at, right, span, row);
        }
        let left = self.operand(left, op, at, row);
        let right = self.operand(right, op, at, row);
        let (Some(lt), Some(rt)) = (left.ty, right.ty) else {
            // The result's type is often known although an operand is wrong.
            let ty = match op {
                Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Mod => None,
                _ => Some(Type::Bool),
            };
            return Expr {
                kind: Kind::Error,
                ty,
                span,
            };
        };
        let (l, r) = (Box::new(left), Box::new(right));
        let compare = match op {
            Binary::Eq => Some(Compare::Eq),
            Binary::Ne => Some(Compare::Ne),
            Binary::Lt => Some(Compare::Lt),
            Binary::Le => Some(Compare::Le),
            Binary::Gt => Some(Compare::Gt),
            Binary::Ge => Some(Compare::Ge),
            _ => None,
        };
        if let Some(compare) = compare {
            let ordered = !matches!(op, Binary::Eq | Binary::Ne);
            let fits = comparable(lt, rt)
                && !(ordered && (matches!(lt, Type::Guid) || matches!(rt, Type::Guid)));
            if fits {
                return typed(Kind::Compare(compare, l, r), Type::Bool, span);
            }
            if !ordered && loose(lt, rt) {
                return self.loose_equality(op == Binary::Ne, *l, *r, at, span);
            }
            return self.wrong_operands(at, lt, rt, Some(Type::Bool), span);
        }
        if let Binary::Text(test, case, negated) = op {
            let text = |t| matches!(t, Type::String | Type::Dynamic | Type::Guid);
            let needle =
                matches!(rt, Type::String) || (rt == Type::Dynamic && test != TextTest::Regex);
            if !text(lt) || !needle {
                return self.wrong_operands(at, lt, rt, Some(Type::Bool), span);
            }
            if test == TextTest::Regex {
                self.check_regex(&r);
            }
            return typed(Kind::Text(test, case, negated, l, r), Type::Bool, span);
        }
        let op = match op {
            Binary::Add => Arithmetic::Add,
            Binary::Sub => Arithmetic::Sub,
            Binary::Mul => Arithmetic::Mul,
            Binary::Div => Arithmetic::Div,
            _ => Arithmetic::Mod,
        };
        match arithmetic::result(op, lt, rt) {
            Some(ty) => typed(Kind::Arithmetic(op, l, r), ty, span),
            None => self.wrong_operands(at, lt, rt, None, span),
        }
    }

    fn operand(&mut self, expr: &tree::Expr, op: Binary, at: Span, row: Row) -> Expr {
        match self.bind(expr, row) {
            Bound::Scalar(value) => value,
            Bound::Table(_) | Bound::Function(..) => {
                let sign = self.slice(at);
                let message = format!("The operator `{sign}` takes single values, not a table");
                let hint = match op {
                    Binary::Eq => {
                        "`toscalar(…)` takes one value of a table; `in (…)` tests against all"
                    }
                    _ => "`toscalar(…)` takes one value of a table",
                };
                self.told(Diagnostic::error("KQL106", at, message).with_hint(hint));
                Expr::error(expr.span)
            }
        }
    }

    pub(super) fn slice(&self, span: Span) -> String {
        self.text.get(span.start..span.end).unwrap_or("").to_owned()
    }

    pub(super) fn wrong_operands(
        &mut self,
        at: Span,
        left: Type,
        right: Type,
        ty: Option<Type>,
        span: Span,
    ) -> Expr {
        let sign = self.slice(at);
        let message = format!("The operator `{sign}` is not defined for {left} and {right}");
        let mut diagnostic = Diagnostic::error("KQL106", at, message);
        diagnostic.hint = match (left, right, sign.as_str()) {
            (Type::String, Type::String, "+") => {
                Some("Texts are joined with `strcat(a, b)`".to_owned())
            }
            (Type::Dynamic, Type::Dynamic, _) => {
                Some("Convert both sides, for example with `tostring(…)`".to_owned())
            }
            (Type::DateTime, Type::String, _) => {
                Some("Write `datetime(…)` or `todatetime(…)`".to_owned())
            }
            (a, Type::String, _) if a != Type::Dynamic => Some(format!(
                "Convert one side, for example with `tostring(…)`: the left is {a}"
            )),
            _ => None,
        };
        self.told(diagnostic);
        Expr {
            kind: Kind::Error,
            ty,
            span,
        }
    }

    /// `* has "x"`: the test on every text or dynamic column.
    fn star_test(
        &mut self,
        op: Binary,
        at: Span,
        right: &tree::Expr,
        span: Span,
        row: Row,
    ) -> Expr {
        let Binary::Text(test, case, negated) = op else {
            return Expr::error(span);
        };
        let Some(schema) = row.schema else {
            self.error("KQL-star", at, "`*` needs the columns of a table");
            return Expr::error(span);
        };
        let needle = self.scalar(right, row);
        let mut all: Option<Expr> = None;
        for (position, (_, ty)) in schema.iter().enumerate() {
            let mut column = Expr::column(position, *ty, span);
            if !matches!(ty, Type::String | Type::Dynamic) {
                column = self.convert(column, Type::String);
            }
            let one = typed(
                Kind::Text(
                    test,
                    case,
                    negated,
                    Box::new(column),
                    Box::new(needle.clone()),
                ),
                Type::Bool,
                span,
            );
            all = Some(match all {
                None => one,
                Some(before) => typed(Kind::Or(Box::new(before), Box::new(one)), Type::Bool, span),
            });
        }
        all.unwrap_or_else(|| Expr::constant(Value::Bool(false), Type::Bool, span))
    }

    /// Tells of a regular expression that is known and does not compile.
    pub(super) fn check_regex(&mut self, expr: &Expr) {
        if let Some(Value::String(pattern)) = names::constant(expr)
            && let Err(why) = text::compile(&pattern)
        {
            self.error(
                "KQL-regex",
                expr.span,
                format!("The regular expression cannot be read: {why}"),
            );
        }
    }

    /// A truth value; an error with this code where it is none.
    pub fn predicate(&mut self, expr: &tree::Expr, row: Row, code: &str) -> Expr {
        let value = self.scalar(expr, row);
        match value.ty {
            None | Some(Type::Bool) => value,
            Some(Type::Dynamic) => self.convert(value, Type::Bool),
            Some(ty) => {
                self.error(
                    code,
                    expr.span,
                    format!("A bool is expected here, and this is {ty}"),
                );
                Expr {
                    kind: Kind::Error,
                    ty: Some(Type::Bool),
                    span: expr.span,
                }
            }
        }
    }
}
