//! `in`, `has_any`, `has_all` and `between`.

use super::expression::{comparable, loose, typed};
use super::{Binder, Bound, Row};
use crate::diagnostic::Span;
use crate::kql::plan::{Arithmetic, Expr, Item, Kind};
use crate::kql::syntax::tree::{self, ListTest};
use crate::value::Type;

impl Binder<'_> {
    pub(super) fn list(
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
        let mut mixed = Vec::new();
        for item in items {
            match self.bind(item, row) {
                Bound::Scalar(value)
                    if matches!(test, ListTest::In { .. })
                        && operand.ty.zip(value.ty).is_some_and(|(a, b)| loose(a, b)) =>
                {
                    mixed.push(value);
                }
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
        let negated = matches!(test, ListTest::In { negated: true, .. });
        let mut mixed_tests = Vec::with_capacity(mixed.len());
        for value in mixed {
            mixed_tests.push(self.loose_equality(negated, operand.clone(), value, at, span));
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
        let mut all = typed(kind, Type::Bool, span);
        for test in mixed_tests {
            let (a, b) = (Box::new(all), Box::new(test));
            let kind = if negated {
                Kind::And(a, b)
            } else {
                Kind::Or(a, b)
            };
            all = typed(kind, Type::Bool, span);
        }
        all
    }

    pub(super) fn between(
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
        if let Some(ty @ (Type::String | Type::Bool | Type::Guid)) = operand.ty {
            let message = format!("`between` is not defined for {ty}");
            self.error("KQL106", at, message);
        } else if let (Some(o), Some(l)) = (operand.ty, low.ty)
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
}
