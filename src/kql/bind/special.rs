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
            "extract_json" | "extractjson" | "percentile_tdigest" => {
                let (last, rest) = arguments.split_last().filter(|(_, rest)| rest.len() == 2)?;
                let ty = type_of(&last.value)?;
                let function = functions::find(&name.text)?;
                let value = self.builtin(function, name, rest, span, row);
                Some(self.convert(value, ty))
            }
            _ => {
                self.warn_not_run(name);
                self.surroundings(name, arguments, span, row)
            }
        }
    }

    /// Calls that look at the rows' columns, or at what there is beside them.
    fn surroundings(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Option<Expr> {
        let star = |a: &tree::Argument| matches!(a.value.kind, ExprKind::Star);
        match (name.text.as_str(), arguments) {
            ("estimate_data_size" | "pack_array", [only]) if star(only) => {
                Some(self.of_all_columns(name, span, row))
            }
            ("column_names_of", [only]) => {
                let plan = self.table(&only.value, Row::NONE);
                let names = plan.schema.iter().map(|(n, _)| n.as_str().into()).collect();
                let names = Value::Dynamic(Arc::new(serde_json::Value::Array(names)));
                Some(Expr::constant(names, Type::Dynamic, span))
            }
            ("iscolumnexists", [only]) => {
                let wanted = self.scalar(&only.value, row);
                let Some(Value::String(wanted)) = super::names::constant(&wanted) else {
                    self.error(
                        "KQL129",
                        only.value.span,
                        "`iscolumnexists` takes a constant name",
                    );
                    return Some(Expr::error(span));
                };
                let columns = row.schema.into_iter().flatten();
                let there = columns.into_iter().any(|(n, _)| **n == *wanted);
                Some(Expr::constant(Value::Bool(there), Type::Bool, span))
            }
            ("bag_pack_columns", [_, ..]) => Some(self.pack_columns(name, arguments, span, row)),
            ("assert", [_, _]) => {
                for argument in arguments {
                    if !self.clone_scalar_is_constant(&argument.value, row) {
                        let message = "`assert` takes constants";
                        self.error("KQL129", argument.value.span, message);
                    }
                }
                None
            }
            ("ingestion_time", []) => self.ingestion_time(name, span, row),
            ("geo_info_from_ip_address", [only]) => {
                if self.clone_scalar_is_constant(&only.value, row) {
                    let message = "There is no database of places here, so that the place of this address is not known";
                    self.error("KQL-unsupported", name.span, message);
                    return Some(Expr {
                        kind: Kind::Error,
                        ty: Some(Type::Dynamic),
                        span,
                    });
                }
                let warning = crate::diagnostic::Diagnostic::warning(
                    "KQL-offline",
                    name.span,
                    "There is no database of places here: the result is null for every address",
                );
                self.told(warning.with_hint("Conditions on country, state or city see null"));
                None
            }
            _ => None,
        }
    }

    /// Whether an expression is the same for all rows. What is wrong with it is told when it is read again.
    fn clone_scalar_is_constant(&mut self, expr: &tree::Expr, row: Row) -> bool {
        let told = self.diagnostics.len();
        let value = self.scalar(expr, row);
        self.diagnostics.truncate(told);
        value.is_constant()
    }

    /// The row's own time stands for when it came in.
    fn ingestion_time(&mut self, name: &tree::Name, span: Span, row: Row) -> Option<Expr> {
        let schema = row.schema?;
        let named = |wanted: &str| {
            schema
                .iter()
                .position(|(n, ty)| n == wanted && *ty == Type::DateTime)
                .map(|at| (at, wanted.to_owned()))
        };
        match named("TimeGenerated").or_else(|| named("Timestamp")) {
            Some((at, column)) => {
                let message =
                    format!("No ingestion times are kept here: `{column}` stands for them");
                self.told(crate::diagnostic::Diagnostic::warning(
                    "KQL-offline",
                    name.span,
                    message,
                ));
                Some(Expr::column(at, Type::DateTime, span))
            }
            None if row.open => Some(Expr::error(span)),
            None => {
                self.told(
                    crate::diagnostic::Diagnostic::error(
                        "KQL-unsupported",
                        name.span,
                        "No ingestion times are kept here, and these rows have no `TimeGenerated` or `Timestamp` to stand for them",
                    )
                    .with_hint("Use it before the columns are chosen"),
                );
                Some(Expr {
                    kind: Kind::Error,
                    ty: Some(Type::DateTime),
                    span,
                })
            }
        }
    }

    /// A function of all columns of the row.
    fn of_all_columns(&mut self, name: &tree::Name, span: Span, row: Row) -> Expr {
        let (Some(function), Some(schema)) = (functions::find(&name.text), row.schema) else {
            self.error("KQL-star", span, "`*` needs the columns of a table");
            return Expr::error(span);
        };
        let columns = schema.iter().enumerate();
        let args: Vec<Expr> = columns
            .map(|(at, (_, ty))| Expr::column(at, *ty, span))
            .collect();
        let types: Vec<Type> = schema.iter().map(|(_, ty)| *ty).collect();
        match (function.result)(&types) {
            Some(ty) => Expr {
                kind: Kind::Call(function, args),
                ty: Some(ty),
                span,
            },
            None => {
                let message = format!(
                    "`{}` does not support the types of all columns yet",
                    name.text
                );
                self.error("KQL-unsupported", name.span, message);
                Expr::error(span)
            }
        }
    }

    /// A bag of columns, under their own names.
    fn pack_columns(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::Argument],
        span: Span,
        row: Row,
    ) -> Expr {
        let mut args = Vec::new();
        for argument in arguments {
            let value = self.scalar(&argument.value, row);
            let column = match &argument.value.kind {
                ExprKind::Name(column) if matches!(value.kind, Kind::Column(_)) => column.as_str(),
                _ if value.ty.is_none() => return Expr::error(span),
                _ => {
                    let message = format!("`{}` takes columns by their names", name.text);
                    self.error("KQL-unsupported", argument.value.span, message);
                    return Expr::error(span);
                }
            };
            let key = Value::String(Arc::from(column));
            args.push(Expr::constant(key, Type::String, argument.value.span));
            args.push(value);
        }
        match functions::find("bag_pack") {
            Some(function) => Expr {
                kind: Kind::Call(function, args),
                ty: Some(Type::Dynamic),
                span,
            },
            None => Expr::error(span),
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
