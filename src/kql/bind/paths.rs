//! Steps into dynamic values: `a.b`, `a["b"]`, `a[0]`; and `$left.a` in a join's condition.

use super::expression::typed;
use super::{Binder, Row};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::plan::{Expr, Kind, Step};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::{Type, Value};
use std::sync::Arc;

impl Binder<'_> {
    pub(super) fn member(
        &mut self,
        base: &tree::Expr,
        name: &tree::Name,
        span: Span,
        row: Row,
    ) -> Expr {
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
        if !self.is_dynamic(&base, name.span) {
            return Expr::error(span);
        }
        self.step(base, key, span)
    }

    pub(super) fn index(
        &mut self,
        base: &tree::Expr,
        index: &tree::Expr,
        span: Span,
        row: Row,
    ) -> Expr {
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
                if !self.is_dynamic(&base, base.span) {
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

    fn is_dynamic(&mut self, base: &Expr, at: Span) -> bool {
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
                self.told(Diagnostic::error("KQL-path", at, message).with_hint(hint));
                false
            }
        }
    }

    fn step(&mut self, base: Expr, step: Step, span: Span) -> Expr {
        if !self.is_dynamic(&base, base.span) {
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
