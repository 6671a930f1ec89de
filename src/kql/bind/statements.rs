//! Statements beside `let`: `set`, `declare pattern`, `alias database`, `restrict access`.

use super::{Binder, Binding, Bound, Env, Row, names};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::kql::operators::rename::fits;
use crate::kql::plan::Expr;
use crate::kql::syntax::tree;
use crate::value::Value;
use std::sync::Arc;

impl Binder<'_> {
    /// `set query_now = …` gives the clock. Other options steer the platform, not the rows.
    pub(super) fn set_option(&mut self, option: &tree::SetOption) {
        let Some(value) = &option.value else {
            return;
        };
        if option.name.text != "query_now" {
            return;
        }
        let value = self.scalar(value, Row::NONE);
        match names::constant(&value) {
            Some(Value::DateTime(now)) => self.query_now = Some(now),
            _ => {
                let message = "`query_now` takes a literal such as `datetime(2024-01-31)`";
                self.error("KQL129", value.span, message);
            }
        }
    }

    pub(super) fn alias(&mut self, name: &tree::Name) {
        let message = format!(
            "The database `{}` stands for the logs that are loaded",
            name.text
        );
        self.told(Diagnostic::new(
            Severity::Information,
            "KQL-scope",
            Some(name.span),
            message,
        ));
    }

    pub(super) fn restrict(&mut self, tables: &[tree::Name]) {
        let names = tables.iter().map(|t| t.text.clone()).collect();
        self.allowed = Some(names);
    }

    /// Whether a table may be named; an error where `restrict access` forbids it.
    pub(super) fn may_read(&mut self, table: &str, span: Span) -> bool {
        let Some(allowed) = &self.allowed else {
            return true;
        };
        if allowed.iter().any(|a| fits(a, table)) {
            return true;
        }
        let message = format!("`restrict access` does not name the table `{table}`");
        self.error("KQL-access", span, message);
        false
    }

    pub(super) fn bind_pattern(&mut self, pattern: &tree::PatternStatement) {
        let binding = Binding::Pattern(Arc::new(pattern.clone()), self.env.clone());
        self.env = self.env.with(&pattern.name.text, binding);
    }

    /// Whether a path behind this expression belongs to a pattern.
    pub(super) fn is_pattern_call(&self, expr: &tree::Expr) -> bool {
        let tree::ExprKind::Call(name, _) = &expr.kind else {
            return false;
        };
        matches!(self.env.find(&name.text), Some(Binding::Pattern(p, _)) if p.path)
    }

    /// `pattern("value", …).["path"]`
    pub(super) fn pattern_with_path(
        &mut self,
        call: &tree::Expr,
        path: &tree::Name,
        span: Span,
    ) -> Bound {
        if let tree::ExprKind::Call(name, arguments) = &call.kind
            && let Some(Binding::Pattern(pattern, env)) = self.env.find(&name.text).cloned()
        {
            return self.pattern_call(&pattern, &env, arguments, Some(&path.text), span);
        }
        Bound::Scalar(Expr::error(span))
    }

    /// `pattern("value", …)` and, with a path, `.["path"]` behind it.
    pub(super) fn pattern_call(
        &mut self,
        pattern: &tree::PatternStatement,
        env: &Env,
        arguments: &[tree::Argument],
        path: Option<&str>,
        span: Span,
    ) -> Bound {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let value = self.scalar(&argument.value, Row::NONE);
            match names::constant(&value) {
                Some(Value::String(text)) => values.push(text.to_string()),
                _ => {
                    let message = "A pattern is called with constant texts";
                    self.error("KQL129", argument.value.span, message);
                    return Bound::Scalar(Expr::error(span));
                }
            }
        }
        let found = pattern
            .matches
            .iter()
            .find(|m| m.values == values && m.path.as_deref() == path);
        let Some(found) = found else {
            let message = format!(
                "The pattern `{}` has no line for these values",
                pattern.name.text
            );
            self.error("KQL188", span, message);
            return Bound::Scalar(Expr::error(span));
        };
        self.user_call(&found.body, env, &[], &pattern.name.text, span, Row::NONE)
    }
}
