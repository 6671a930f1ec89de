//! Calls: built-in functions, and those that look like one.

use super::known::KNOWN;
use super::{Binder, Binding, Bound, Row, names, scopes, suggest};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::functions::{self, Function, Param};
use crate::kql::plan::{Expr, Kind, ScalarBody};
use crate::kql::{aggregates, syntax::tree};
use crate::value::Type;

impl Binder<'_> {
    pub(super) fn call(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Bound {
        if let Some(binding) = self.env.find(&name.text).cloned() {
            self.seen_defined(&name.text, name.span);
            match binding {
                Binding::Function(function, env) => {
                    return self.user_call(&function, &env, arguments, &name.text, span, row);
                }
                Binding::Pattern(pattern, env) => {
                    return self.pattern_call(&pattern, &env, arguments, None, span);
                }
                Binding::Table(plan) if arguments.is_empty() => return Bound::Table(plan),
                Binding::Error => return Bound::Scalar(Expr::error(span)),
                _ => {}
            }
        }
        let first = arguments.first().map(|a| &a.value);
        match (name.text.as_str(), first) {
            ("toscalar", Some(first)) => return Bound::Scalar(self.toscalar(first, span, row)),
            ("materialize", Some(first)) => return Bound::Table(self.table(first, Row::NONE)),
            ("table", Some(first)) => return self.table_call(first, row),
            ("column_ifexists" | "columnifexists", Some(first)) => {
                return Bound::Scalar(self.column_if_exists(first, arguments.get(1), span, row));
            }
            _ => {}
        }
        if scopes::SCOPES.contains(&name.text.as_str()) {
            let message = format!("A table must follow `{}(…)`", name.text);
            self.told(
                Diagnostic::error("KQL-tabular", span, message)
                    .with_hint(format!("Write for example `{}(\"name\").Table`", name.text)),
            );
            return Bound::Scalar(Expr::error(span));
        }
        if name.text == "typeof" {
            let message = "`typeof` names a type and is no value";
            self.error("KQL-type", span, message);
            return Bound::Scalar(Expr::error(span));
        }
        if let Some(bound) = self.cloud_call(name, arguments, span, row) {
            return bound;
        }
        if let Some(special) = self.special_call(name, arguments, span, row) {
            return Bound::Scalar(special);
        }
        if let Some(window) = self.window_call(name, arguments, span, row) {
            return Bound::Scalar(window);
        }
        Bound::Scalar(match functions::find(&name.text) {
            Some(function) => self.builtin(function, name, arguments, span, row),
            None => self.unknown_function(name, arguments, span, row),
        })
    }

    fn toscalar(&mut self, table: &tree::Expr, span: Span, row: Row) -> Expr {
        match self.bind(table, Row::NONE) {
            Bound::Table(plan) => {
                let Some(ty) = plan.schema.first().map(|(_, t)| *t) else {
                    if !plan.open {
                        self.error("KQL-tabular", span, "The table has no columns");
                    }
                    return Expr::error(span);
                };
                let shared = self.shared(ScalarBody::Table(plan));
                Expr {
                    kind: Kind::Shared(shared),
                    ty: Some(ty),
                    span,
                }
            }
            Bound::Scalar(value) => value,
            Bound::Function(..) => self.scalar(table, row),
        }
    }

    fn column_if_exists(
        &mut self,
        name: &tree::Expr,
        default: Option<&tree::Argument>,
        span: Span,
        row: Row,
    ) -> Expr {
        let column = self.scalar(name, row);
        if let Some(crate::value::Value::String(wanted)) = names::constant(&column)
            && let Some(schema) = row.schema
            && let Some(at) = schema.iter().position(|(n, _)| **n == *wanted)
        {
            let ty = schema.get(at).map_or(Type::Dynamic, |(_, t)| *t);
            return Expr::column(at, ty, span);
        }
        match default {
            Some(default) => self.scalar(&default.value, row),
            None => {
                self.error(
                    "KQL119",
                    span,
                    "`column_ifexists` takes a name and a default",
                );
                Expr::error(span)
            }
        }
    }

    fn unknown_function(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Expr {
        if aggregates::is_aggregate(&name.text) {
            let message = format!("The aggregate `{}` cannot stand here", name.text);
            self.told(
                Diagnostic::error("KQL144", name.span, message)
                    .with_hint("Aggregates belong into `summarize`"),
            );
            return Expr::error(span);
        }
        // The arguments are read all the same: their errors are told too.
        for argument in arguments {
            self.bind(&argument.value, row);
        }
        let user: Vec<String> = self
            .env
            .links()
            .filter(|l| matches!(l.binding, Binding::Function(..)))
            .map(|l| l.name.clone())
            .collect();
        let builtin = functions::all().flat_map(|f| f.names.iter().copied());
        let all = builtin
            .chain(aggregates::all().flat_map(|a| a.names.iter().copied()))
            .chain(user.iter().map(String::as_str));
        let near = suggest::nearest(&name.text, all);
        let mut diagnostic =
            if let Some(why) = functions::surroundings::only_in_the_service(&name.text) {
                let message = format!("`{}` {why}", name.text);
                Diagnostic::error("KQL-unsupported", name.span, message)
            } else if KNOWN.contains(&name.text.as_str()) {
                let message = format!("The function `{}` is not supported yet", name.text);
                Diagnostic::error("KQL-unsupported", name.span, message)
            } else {
                let message = format!("There is no function `{}`", name.text);
                Diagnostic::error("KQL211", name.span, message)
            };
        if diagnostic.code == "KQL211" {
            diagnostic.hint = near.map(|n| suggest::did_you_mean(&name.text, &n));
        }
        self.told(diagnostic);
        Expr::error(span)
    }

    pub(super) fn builtin(
        &mut self,
        function: &'static Function,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Expr {
        let (fewest, most) = function.arity();
        let count = arguments.len();
        let odd_turn = function.repeat > 1
            && count > function.params.len()
            && !(count - function.params.len()).is_multiple_of(function.repeat);
        if count < fewest || count > most || odd_turn {
            let message = format!("`{}` is called as `{}`", name.text, function.signature);
            self.error("KQL119", name.span, message);
            for argument in arguments {
                self.bind(&argument.value, row);
            }
            return Expr {
                kind: Kind::Error,
                ty: (function.result)(&[]),
                span,
            };
        }
        let mut args = Vec::with_capacity(count);
        for (at, argument) in arguments.iter().enumerate() {
            let param = self.case_param(function, at, count);
            let value = self.scalar(&argument.value, row);
            args.push(self.argument(value, param, &name.text));
        }
        let known: Option<Vec<Type>> = args.iter().map(|a| a.ty).collect();
        let Some(types) = known else {
            return Expr {
                kind: Kind::Error,
                ty: None,
                span,
            };
        };
        if function.name() == "substring" {
            // The platform's own answer is not certain here: rather none than a wrong one.
            for index in args.iter().skip(1) {
                if names::constant(index).is_some_and(|v| v.is_null()) {
                    let message =
                        "A position or length of `substring` that is null is not supported";
                    self.error("KQL-unsupported", index.span, message);
                }
            }
        }
        match (function.result)(&types) {
            Some(ty) => Expr {
                kind: Kind::Call(function, args),
                ty: Some(ty),
                span,
            },
            None => {
                let list: Vec<&str> = types.iter().map(|t| t.name()).collect();
                let message = format!(
                    "`{}` cannot be called with ({})",
                    name.text,
                    list.join(", ")
                );
                let diagnostic = Diagnostic::error("KQL127", name.span, message);
                self.told(
                    diagnostic.with_hint(format!("It is called as `{}`", function.signature)),
                );
                Expr::error(span)
            }
        }
    }

    /// What a call takes at a place: the last argument of `case` is a value, wherever it stands.
    fn case_param(&self, function: &Function, at: usize, count: usize) -> Param {
        if function.name() == "case" {
            return if at.is_multiple_of(2) && at + 1 < count {
                Param::Bool
            } else {
                Param::Any
            };
        }
        function.param(at)
    }

    /// An argument checked against, and converted to, what the function takes.
    pub fn argument(&mut self, value: Expr, param: Param, function: &str) -> Expr {
        let Some(ty) = value.ty else {
            return value;
        };
        let dynamic = ty == Type::Dynamic;
        let number = matches!(ty, Type::Int | Type::Long | Type::Real | Type::Decimal);
        let (fits, to) = match param {
            Param::Any => (true, None),
            Param::AnyText => (true, Some(Type::String)),
            Param::Text | Param::TextConst | Param::Regex => {
                (ty == Type::String || dynamic, Some(Type::String))
            }
            Param::Integer => (
                matches!(ty, Type::Int | Type::Long) || dynamic,
                dynamic.then_some(Type::Long),
            ),
            Param::Number => (number || dynamic, dynamic.then_some(Type::Real)),
            Param::Real => (number || dynamic, Some(Type::Real)),
            Param::Bool => (ty == Type::Bool || dynamic, Some(Type::Bool)),
            Param::DateTime => (ty == Type::DateTime || dynamic, Some(Type::DateTime)),
            Param::TimeSpan => (ty == Type::TimeSpan || dynamic, Some(Type::TimeSpan)),
            Param::Dynamic => (dynamic, None),
            Param::TextOrDynamic => (ty == Type::String || dynamic, None),
        };
        if !fits {
            let (code, expected) = match param {
                Param::Dynamic => ("KQL234", "a dynamic array or bag"),
                Param::Text | Param::TextConst | Param::Regex => ("KQL107", "a string"),
                Param::Integer => ("KQL107", "a whole number"),
                Param::Number | Param::Real => ("KQL107", "a number"),
                Param::Bool => ("KQL107", "a bool"),
                Param::DateTime => ("KQL107", "a datetime"),
                Param::TimeSpan => ("KQL107", "a timespan"),
                _ => ("KQL107", "a string or a dynamic value"),
            };
            let message = format!("`{function}` takes {expected} here, and this is {ty}");
            self.error(code, value.span, message);
            return Expr::error(value.span);
        }
        if matches!(param, Param::Regex | Param::TextConst) && !value.is_constant() {
            let message = format!("`{function}` takes a constant here");
            self.error("KQL129", value.span, message);
            return Expr::error(value.span);
        }
        if param == Param::Regex {
            self.check_regex(&value);
        }
        match to {
            Some(to) => self.convert(value, to),
            None => value,
        }
    }
}
