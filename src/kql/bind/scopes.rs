//! `workspace("x").T`, `database("x").T` and their like: logs are local, so the table of that name is meant.

use super::{Binder, Bound, Row, names};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::kql::plan::Expr;
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Value;

/// Functions that name a place where tables are.
pub const SCOPES: [&str; 5] = ["adx", "app", "cluster", "database", "workspace"];

/// Whether an expression names a place where tables are.
pub fn is_scope(expr: &tree::Expr) -> bool {
    match &expr.kind {
        ExprKind::Call(name, _) => SCOPES.contains(&name.text.as_str()),
        ExprKind::Method(base, call) => is_scope(base) && is_scope(call),
        _ => false,
    }
}

impl Binder<'_> {
    /// Says once a place that the tables are the local ones.
    pub(super) fn told_scope(&mut self, scope: &tree::Expr) {
        let text = self.slice(scope.span);
        let message = format!("`{text}` is left out: the logs that are loaded are read");
        self.told(Diagnostic::new(
            Severity::Information,
            "KQL-scope",
            Some(scope.span),
            message,
        ));
    }

    /// A table or a function without arguments, whatever columns there are.
    pub(super) fn local(&mut self, name: &tree::Name, row: Row) -> Bound {
        let row = Row {
            schema: None,
            ..row
        };
        let from = self.diagnostics.len();
        let bound = self.name(&name.text, name.span, row);
        if matches!(&bound, Bound::Scalar(value) if value.ty.is_none()) {
            let named = tree::Expr {
                kind: ExprKind::Name(name.text.clone()),
                span: name.span,
            };
            if let Some(plan) = self.elsewhere(&named, from) {
                return Bound::Table(plan);
            }
        }
        bound
    }

    /// `base.name(…)`
    pub(super) fn method(&mut self, base: &tree::Expr, call: &tree::Expr, row: Row) -> Bound {
        let ExprKind::Call(name, arguments) = &call.kind else {
            return Bound::Scalar(Expr::error(call.span));
        };
        if is_scope(base) {
            if !is_scope(call) {
                self.told_scope(base);
            }
            return self.call(name, arguments, call.span, Row::NONE);
        }
        self.scalar(base, row);
        let message = format!("Only functions are called: `{}` follows a value", name.text);
        self.error("KQL-call", name.span, message);
        Bound::Scalar(Expr::error(call.span))
    }

    /// `table("name")`
    pub(super) fn table_call(&mut self, first: &tree::Expr, row: Row) -> Bound {
        let value = self.scalar(
            first,
            Row {
                schema: None,
                ..row
            },
        );
        match names::constant(&value) {
            Some(Value::String(table)) => {
                let name = tree::Name {
                    text: table.to_string(),
                    span: first.span,
                };
                self.local(&name, Row::NONE)
            }
            _ => {
                if value.ty.is_some() {
                    self.constant_expected("table", first.span);
                }
                Bound::Table(self.nothing(first.span))
            }
        }
    }

    fn constant_expected(&mut self, function: &str, span: Span) {
        let message = format!("`{function}` takes a constant text here");
        self.error("KQL129", span, message);
    }
}
