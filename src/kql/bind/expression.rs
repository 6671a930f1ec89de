//! Scalar expressions: operators, paths, lists.

use super::{Binder, Bound, Row, names};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::plan::{Arithmetic, Expr, Item, Kind, Step};
use crate::kql::run::compare::Compare;
use crate::kql::run::{arithmetic, text};
use crate::kql::syntax::tree::{self, Binary, ExprKind, ListTest, TextTest};
use crate::value::{Type, Value};
use std::sync::Arc;

fn typed(kind: Kind, ty: Type, span: Span) -> Expr {
    Expr {
        kind,
        ty: Some(ty),
        span,
    }
}

/// Whether two types can be told equal or not.
fn comparable(a: Type, b: Type) -> bool {
    use Type::{Bool, Decimal, Dynamic, Guid, Int, Long, Real, String};
    let number = |t| matches!(t, Int | Long | Real | Decimal);
    a == b && a != Dynamic
        || number(a) && number(b)
        || (a == Bool && number(b))
        || (number(a) && b == Bool)
        || (a == Dynamic) != (b == Dynamic)
        || matches!((a, b), (Guid, String) | (String, Guid))
}

impl Binder<'_> {
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
            Type::Int | Type::Long | Type::Real | Type::TimeSpan | Type::Dynamic
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
            Some(Type::Decimal) => {
                self.error(
                    "KQL-unsupported",
                    at,
                    "Arithmetic with decimals is not supported yet",
                );
                Expr::error(span)
            }
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

    fn slice(&self, span: Span) -> String {
        self.text.get(span.start..span.end).unwrap_or("").to_owned()
    }

    fn wrong_operands(
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

    fn list(
        &mut self,
        test: ListTest,
        at: Span,
        operand: &tree::Expr,
        items: &[tree::Expr],
        span: Span,
        row: Row,
    ) -> Expr {
        let operand = self.scalar(operand, row);
        let mut bound = Vec::with_capacity(items.len());
        for item in items {
            match self.bind(item, row) {
                Bound::Scalar(value) => {
                    let fits = match (test, operand.ty, value.ty) {
                        (_, None, _) | (_, _, None) => true,
                        (ListTest::In { .. }, Some(a), Some(b)) => {
                            comparable(a, b) || b == Type::Dynamic
                        }
                        (_, _, Some(b)) => matches!(b, Type::String | Type::Dynamic),
                    };
                    if let (false, Some(a), Some(b)) = (fits, operand.ty, value.ty) {
                        let sign = self.slice(at);
                        let message =
                            format!("The operator `{sign}` is not defined for {a} and {b}");
                        self.error("KQL106", value.span, message);
                    }
                    bound.push(Item::Scalar(value));
                }
                Bound::Table(plan) => bound.push(Item::Table(plan)),
                Bound::Function(..) => {
                    self.error("KQL108", item.span, "A value or a table is expected here");
                }
            }
        }
        if let (ListTest::HasAny | ListTest::HasAll, Some(ty)) = (test, operand.ty)
            && !matches!(ty, Type::String | Type::Dynamic)
        {
            return self.wrong_operands(at, ty, Type::String, Some(Type::Bool), span);
        }
        let operand = Box::new(operand);
        let kind = match test {
            ListTest::In {
                ignore_case,
                negated,
            } => Kind::In(ignore_case, negated, operand, bound),
            ListTest::HasAny => Kind::HasList(false, operand, bound),
            ListTest::HasAll => Kind::HasList(true, operand, bound),
        };
        typed(kind, Type::Bool, span)
    }

    fn between(
        &mut self,
        operand: &tree::Expr,
        bounds: [&tree::Expr; 2],
        negated: bool,
        at: Span,
        span: Span,
        row: Row,
    ) -> Expr {
        let operand = self.scalar(operand, row);
        let [low_tree, high_tree] = bounds;
        let low = self.scalar(low_tree, row);
        let mut high = self.scalar(high_tree, row);
        let ordered = |a: Type, b: Type| comparable(a, b);
        if let (Some(o), Some(l)) = (operand.ty, low.ty)
            && !ordered(o, l)
        {
            let message = format!("A {o} is expected here, and this is {l}");
            self.error("KQL141", low.span, message);
        }
        if let (Some(Type::DateTime), Some(Type::DateTime), Some(Type::TimeSpan)) =
            (operand.ty, low.ty, high.ty)
        {
            // A span as the upper bound is counted from the lower one.
            let span = high.span;
            high = typed(
                Kind::Arithmetic(Arithmetic::Add, Box::new(low.clone()), Box::new(high)),
                Type::DateTime,
                span,
            );
        } else if let (Some(o), Some(h)) = (operand.ty, high.ty)
            && !ordered(o, h)
        {
            let message = format!("A {o} is expected here, and this is {h}");
            self.error("KQL141", high.span, message);
        }
        if operand.ty == Some(Type::Dynamic) && low.ty == Some(Type::Dynamic) {
            return self.wrong_operands(at, Type::Dynamic, Type::Dynamic, Some(Type::Bool), span);
        }
        typed(
            Kind::Between(Box::new(operand), Box::new(low), Box::new(high), negated),
            Type::Bool,
            span,
        )
    }

    fn member(&mut self, base: &tree::Expr, name: &tree::Name, span: Span, row: Row) -> Expr {
        if let (ExprKind::Name(side), Some((left, right))) = (&base.kind, row.sides) {
            let offset_and_side = match side.as_str() {
                "$left" => Some((0, left)),
                "$right" => Some((left.len(), right)),
                _ => None,
            };
            if let Some((offset, schema)) = offset_and_side {
                let found = schema.iter().position(|(n, _)| *n == name.text);
                let Some(at) = found else {
                    let row = Row {
                        schema: Some(schema),
                        sides: None,
                        ..row
                    };
                    self.unknown_name(&name.text, name.span, row);
                    return Expr::error(span);
                };
                let ty = schema.get(at).map_or(Type::Dynamic, |(_, t)| *t);
                return Expr::column(offset + at, ty, span);
            }
        }
        let base = self.scalar(base, row);
        let key = Step::Key(Arc::from(name.text.as_str()));
        self.step(base, key, span)
    }

    fn index(&mut self, base: &tree::Expr, index: &tree::Expr, span: Span, row: Row) -> Expr {
        let base = self.scalar(base, row);
        let index = self.scalar(index, row);
        match (&index.kind, index.ty) {
            (Kind::Const(Value::Long(n)), _) => {
                let step = Step::Index(*n);
                self.step(base, step, span)
            }
            (Kind::Const(Value::String(key)), _) => {
                let step = Step::Key(key.clone());
                self.step(base, step, span)
            }
            (_, None) => Expr::error(span),
            (_, Some(Type::Int | Type::Long | Type::String | Type::Dynamic)) => {
                if !self.is_dynamic(&base) {
                    return Expr::error(span);
                }
                let kind = Kind::Index(Box::new(base), Box::new(index));
                typed(kind, Type::Dynamic, span)
            }
            (_, Some(ty)) => {
                self.error(
                    "KQL107",
                    index.span,
                    format!("An index is a whole number or a text, not {ty}"),
                );
                Expr::error(span)
            }
        }
    }

    fn is_dynamic(&mut self, base: &Expr) -> bool {
        match base.ty {
            Some(Type::Dynamic) => true,
            None => false,
            Some(ty) => {
                let message =
                    format!("Only dynamic values have properties and elements, and this is {ty}");
                let hint = match ty {
                    Type::String => "`parse_json(…)` reads a text as JSON",
                    _ => "Remove the path",
                };
                self.told(Diagnostic::error("KQL-path", base.span, message).with_hint(hint));
                false
            }
        }
    }

    fn step(&mut self, base: Expr, step: Step, span: Span) -> Expr {
        if !self.is_dynamic(&base) {
            return Expr::error(span);
        }
        match base.kind {
            Kind::Path(inner, mut steps) => {
                steps.push(step);
                typed(Kind::Path(inner, steps), Type::Dynamic, span)
            }
            kind => {
                let base = Box::new(Expr { kind, ..base });
                typed(Kind::Path(base, vec![step]), Type::Dynamic, span)
            }
        }
    }
}
