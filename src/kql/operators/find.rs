//! `find`: the rows of several tables for which a predicate is true, brought to the same columns.

use super::{search, union};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::Binder;
use crate::kql::bind::operator::Made;
use crate::kql::functions;
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Kind, Operator, Plan, Schema};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::Find;
use crate::value::{Type, Value};
use std::sync::Arc;

/// The columns of one table as those of the result.
/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["find"],
    "find [withsource=Column] [in (T, …)] where predicate [project column[:type], …]",
    "Gives the rows of several tables for which the predicate is true. Without `project` the result has the columns of the predicate, those that all tables have, and the rest in a bag `pack_`.",
    "find in (SigninLogs, AuditLogs) where CorrelationId == \"1\"",
)];

#[derive(Debug)]
struct Shape {
    columns: Vec<Expr>,
}

/// Analyses it.
pub fn bind(binder: &mut Binder, find: &Find, span: Span) -> Option<Made> {
    let parts = search::tables(binder, &find.tables, span);
    let parts = search::matching(binder, parts, &find.predicate)?;
    if parts.iter().any(|(_, p)| p.open) {
        return None;
    }
    let columns = match &find.project {
        Some(project) => projected(binder, find, project, &parts)?,
        None => smart(binder, find, &parts)?,
    };
    let all_packed = find.pack;
    let pack = find.project.is_none() || find.pack;
    let mut shaped = Vec::with_capacity(parts.len());
    for (name, plan) in parts {
        let mut made = shape(binder, &plan, &columns, pack, all_packed, span)?;
        let mut pipeline = binder.start(plan);
        made.open = Some(false);
        binder.add(&mut pipeline, Some(made), span);
        shaped.push((name, binder.finish(pipeline)));
    }
    let source = find.source.as_ref().map_or("source_", |n| n.text.as_str());
    Some(union::over(shaped, false, Some(source.to_owned()), span))
}

/// The columns after `project`: each has one type in all tables, or the type that is written.
fn projected(
    binder: &mut Binder,
    find: &Find,
    project: &[(crate::kql::syntax::tree::Name, Option<Type>)],
    parts: &[search::Part],
) -> Option<Schema> {
    if find.pack && !project.is_empty() {
        let at = project.first().map_or(find.predicate.span, |(n, _)| n.span);
        let message =
            "`pack_all()` beside other columns is not supported: what it packs then is not certain";
        binder.error("KQL-unsupported", at, message);
        return None;
    }
    let mut schema = Schema::new();
    for (name, ty) in project {
        let types = types(parts, &name.text);
        let ty = match (ty, types.as_slice()) {
            (Some(ty), _) => *ty,
            (None, [one]) => *one,
            (None, []) => {
                let message = format!("No table searched has a column `{}`", name.text);
                binder.error("KQL109", name.span, message);
                return None;
            }
            (None, _) => {
                let message = format!(
                    "The column `{}` has different types in the tables",
                    name.text
                );
                binder.told(
                    Diagnostic::error("KQL-columns", name.span, message)
                        .with_hint(format!("Say which: `{}:string`", name.text)),
                );
                return None;
            }
        };
        schema.push((name.text.clone(), ty));
    }
    Some(schema)
}

/// `project-smart`: the columns that the predicate names, and those that all tables have.
fn smart(binder: &mut Binder, find: &Find, parts: &[search::Part]) -> Option<Schema> {
    let mut schema = Schema::new();
    for name in search::named(&find.predicate) {
        match types(parts, &name).as_slice() {
            [] => {}
            [one] => schema.push((name, *one)),
            _ => {
                let message = format!(
                    "The column `{name}` of the predicate has different types in the tables, which is not supported"
                );
                binder.error("KQL-unsupported", find.predicate.span, message);
                return None;
            }
        }
    }
    if let Some((_, first)) = parts.first() {
        for (name, ty) in &first.schema {
            let everywhere = parts
                .iter()
                .all(|(_, p)| p.schema.iter().any(|(n, t)| n == name && t == ty));
            if everywhere && !schema.iter().any(|(n, _)| n == name) {
                schema.push((name.clone(), *ty));
            }
        }
    }
    Some(schema)
}

/// The types that a column has in the tables.
fn types(parts: &[search::Part], name: &str) -> Vec<Type> {
    let mut types: Vec<Type> = Vec::new();
    for (_, plan) in parts {
        for (n, ty) in &plan.schema {
            if n == name && !types.contains(ty) {
                types.push(*ty);
            }
        }
    }
    types
}

fn shape(
    binder: &mut Binder,
    plan: &Arc<Plan>,
    columns: &Schema,
    pack: bool,
    all_packed: bool,
    span: Span,
) -> Option<Made> {
    let mut exprs = Vec::with_capacity(columns.len() + 1);
    for (name, ty) in columns {
        let own = plan.schema.iter().position(|(n, _)| n == name);
        exprs.push(match own {
            Some(at) => {
                let own = plan.schema.get(at).map_or(*ty, |c| c.1);
                binder.convert(Expr::column(at, own, span), *ty)
            }
            None => Expr::constant(Value::Null, *ty, span),
        });
    }
    let mut schema = columns.clone();
    if pack {
        let function = functions::find("pack_all")?;
        let mut args = vec![Expr::constant(Value::Bool(false), Type::Bool, span)];
        for (at, (name, ty)) in plan.schema.iter().enumerate() {
            if all_packed || !columns.iter().any(|(n, _)| n == name) {
                let key = Value::String(Arc::from(name.as_str()));
                args.push(Expr::constant(key, Type::String, span));
                args.push(Expr::column(at, *ty, span));
            }
        }
        exprs.push(Expr {
            kind: Kind::Call(function, args),
            ty: Some(Type::Dynamic),
            span,
        });
        schema.push(("pack_".to_owned(), Type::Dynamic));
    }
    Some(Made::new(Shape { columns: exprs }, schema))
}

impl Operator for Shape {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for expr in &self.columns {
            columns.push(super::lazy(expr, &input, runtime)?);
        }
        Ok(input.with_columns(columns))
    }
}
