//! Calls whose arguments are not plain values: `extract(…, typeof(long))`, `pack_all()`.

use super::{Binder, Row};
use crate::diagnostic::Span;
use crate::kql::functions;
use crate::kql::plan::{Expr, Kind};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::{Type, Value};
use std::sync::Arc;

/// The type that `typeof(…)` names; none where it is something else.
fn type_of(expr: &tree::Expr) -> Option<Type> {
    let ExprKind::Call(name, arguments) = &expr.kind else {
        return None;
    };
    match (name.text.as_str(), arguments.as_slice()) {
        ("typeof", [only]) => match &only.value.kind {
            ExprKind::Name(ty) => Type::from_name(ty),
            _ => None,
        },
        _ => None,
    }
}

impl Binder<'_> {
    /// Such a call; none where it is an ordinary one.
    pub(super) fn special_call(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Option<Expr> {
        match name.text.as_str() {
            "extract" => {
                let (last, rest) = arguments.split_last().filter(|(_, rest)| rest.len() == 3)?;
                let ty = type_of(&last.value)?;
                let function = functions::find("extract")?;
                let text = self.builtin(function, name, rest, span, row);
                Some(self.convert(text, ty))
            }
            other if self.is_several(other) => Some(self.not_several(name, arguments, span, row)),
            "pack_all" => Some(self.pack_all(name, arguments, span, row)),
            _ => {
                self.warn_not_run(name);
                None
            }
        }
    }

    fn pack_all(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Expr {
        let Some(function) = functions::find("pack_all") else {
            return Expr::error(span);
        };
        let Some(schema) = row.schema.filter(|_| arguments.len() <= 1) else {
            let message = format!(
                "`{}` is called as `{}`, on rows",
                name.text, function.signature
            );
            self.error("KQL119", name.span, message);
            return Expr::error(span);
        };
        let ignore = match arguments.first() {
            Some(argument) => self.predicate(&argument.value, row, "KQL107"),
            None => Expr::constant(Value::Bool(false), Type::Bool, span),
        };
        let mut args = vec![ignore];
        for (at, (column, ty)) in schema.iter().enumerate() {
            let key = Value::String(Arc::from(column.as_str()));
            args.push(Expr::constant(key, Type::String, span));
            args.push(Expr::column(at, *ty, span));
        }
        Expr {
            kind: Kind::Call(function, args),
            ty: Some(Type::Dynamic),
            span,
        }
    }
}
