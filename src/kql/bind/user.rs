//! Functions that the query defines itself: their body is written out at every call.

use super::{Binder, Binding, Bound, Env, Row};
use crate::diagnostic::Span;
use crate::kql::plan::{Expr, ScalarBody};
use crate::kql::syntax::tree::{self, ParameterKind, Statement};

/// Deepest nesting of calls.
const MAX_CALLS: usize = 64;

impl Binder<'_> {
    pub(super) fn user_call(
        &mut self,
        function: &tree::Function,
        env: &Env,
        arguments: &[tree::Argument],
        name: &str,
        span: Span,
        row: Row,
    ) -> Bound {
        if self.calls >= MAX_CALLS {
            self.error(
                "KQL-depth",
                span,
                format!("Functions call each other more than {MAX_CALLS} deep"),
            );
            return Bound::Scalar(Expr::error(span));
        }
        if arguments.len() > function.parameters.len() {
            let message = format!(
                "`{name}` takes {} arguments, and {} are given",
                function.parameters.len(),
                arguments.len()
            );
            self.error("KQL119", span, message);
        }
        let mut inner = env.clone();
        for (at, parameter) in function.parameters.iter().enumerate() {
            let named = arguments.iter().find(|a| {
                a.name
                    .as_ref()
                    .is_some_and(|n| n.text == parameter.name.text)
            });
            let argument = named.or_else(|| arguments.get(at).filter(|a| a.name.is_none()));
            if let Some(given) = named.and_then(|a| a.name.as_ref()) {
                self.seen(given.span, super::trace::Use::Defined(parameter.name.span));
            }
            let binding = self.parameter(parameter, argument, name, span, row);
            inner = inner.define(&parameter.name, binding);
        }
        let outer = std::mem::replace(&mut self.env, inner);
        self.calls += 1;
        let result = self.body(&function.body, span);
        self.calls -= 1;
        self.env = outer;
        result
    }

    fn parameter(
        &mut self,
        parameter: &tree::Parameter,
        argument: Option<&tree::Argument>,
        name: &str,
        span: Span,
        row: Row,
    ) -> Binding {
        match &parameter.kind {
            ParameterKind::Scalar(ty) => {
                let given = argument.map(|a| &a.value).or(parameter.default.as_ref());
                let Some(given) = given else {
                    let message =
                        format!("`{name}` needs an argument for `{}`", parameter.name.text);
                    self.error("KQL119", span, message);
                    return Binding::Error;
                };
                let value = self.scalar(given, row);
                let value = self.convert(value, *ty);
                if value.ty.is_none() {
                    return Binding::Error;
                }
                if value.is_constant() {
                    return Binding::Scalar(self.shared(ScalarBody::Expr(value)), *ty);
                }
                Binding::Inline(value)
            }
            ParameterKind::Table(columns) => {
                let Some(argument) = argument else {
                    let message = format!("`{name}` needs a table for `{}`", parameter.name.text);
                    self.error("KQL119", span, message);
                    return Binding::Error;
                };
                let plan = self.table(&argument.value, Row::NONE);
                self.check_columns(columns, &plan, argument.value.span);
                Binding::Table(plan)
            }
        }
    }

    /// Tells of columns that a tabular parameter asks for and the table does not have.
    pub(super) fn check_columns(
        &mut self,
        columns: &[(tree::Name, crate::value::Type)],
        plan: &crate::kql::plan::Plan,
        span: Span,
    ) {
        for (column, ty) in columns {
            let found = plan.schema.iter().find(|(n, _)| *n == column.text);
            let message = match found {
                Some((_, t)) if t == ty => continue,
                Some((_, t)) => {
                    format!("The column `{}` must be {ty} here, and is {t}", column.text)
                }
                None if plan.open => continue,
                None => format!("The table needs a column `{}` of type {ty}", column.text),
            };
            self.error("KQL-columns", span, message);
        }
    }

    /// The statements and the last expression of a function's body.
    pub(super) fn body(&mut self, body: &tree::Query, span: Span) -> Bound {
        let mut result = None;
        for statement in &body.statements {
            match statement {
                Statement::Let(name, value) => self.bind_let(name, value),
                Statement::Query(expr) => result = Some(self.bind(expr, Row::NONE)),
                Statement::Pattern(pattern) => self.bind_pattern(pattern),
                Statement::Set(_)
                | Statement::Parameters(_)
                | Statement::Alias(_)
                | Statement::Restrict(_) => {}
            }
        }
        result.unwrap_or_else(|| {
            self.error(
                "KQL-empty",
                span,
                "The function has no expression to return",
            );
            Bound::Scalar(Expr::error(span))
        })
    }

    /// `T | invoke f(args)`: the rows so far are the first argument.
    pub(super) fn invoke(
        &mut self,
        input: std::sync::Arc<crate::kql::plan::Plan>,
        call: &tree::Expr,
    ) -> std::sync::Arc<crate::kql::plan::Plan> {
        let tree::ExprKind::Call(name, arguments) = &call.kind else {
            self.error(
                "KQL-invoke",
                call.span,
                "`invoke` takes a call of a function",
            );
            return self.nothing(call.span);
        };
        let Some(Binding::Function(function, env)) = self.env.find(&name.text).cloned() else {
            if let Some(home) = super::cloud::home(&name.text) {
                self.in_cloud(&name.text, name.span, home);
                return self.nothing(call.span);
            }
            if self.catalog.more_elsewhere() {
                return self.taken_for_elsewhere(&name.text, name.span, false);
            }
            self.error(
                "KQL211",
                name.span,
                format!("There is no function `{}` defined with `let`", name.text),
            );
            return self.nothing(call.span);
        };
        self.seen_defined(&name.text, name.span);
        let Some((first, rest)) = function.parameters.split_first() else {
            self.error(
                "KQL119",
                name.span,
                format!("`{}` takes no table", name.text),
            );
            return self.nothing(call.span);
        };
        if let ParameterKind::Table(columns) = &first.kind {
            self.check_columns(columns, &input, name.span);
        }
        let env = env.define(&first.name, Binding::Table(input));
        let without_first = tree::Function {
            parameters: rest.to_vec(),
            body: function.body.clone(),
            view: function.view,
            span: function.span,
        };
        match self.user_call(
            &without_first,
            &env,
            arguments,
            &name.text,
            call.span,
            Row::NONE,
        ) {
            Bound::Table(plan) => plan,
            _ => {
                self.error(
                    "KQL-tabular",
                    call.span,
                    format!("`{}` does not return a table", name.text),
                );
                self.nothing(call.span)
            }
        }
    }
}
