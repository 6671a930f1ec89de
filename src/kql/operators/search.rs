//! `search`: the rows of all tables, of some, or of the pipe in which something is found.

use super::filter;
use super::union;
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::Made;
use crate::kql::bind::{Binder, suggest};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Plan, Schema};
use crate::kql::syntax::tree::{self, Binary, Expr, ExprKind, ListTest, Search};
use crate::value::{Type, Value};
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["search"],
    "[T |] search [kind=case_sensitive] [in (T, …)] \"term\" | column:\"term\" | predicate",
    "Gives the rows in which a term is found in any column, of all tables, of those named, or of the rows before it. A `*` at an end of the term stands for more letters; `$table` tells where a row comes from.",
    "search in (SigninLogs, AuditLogs) \"bob*\" and ResultType == \"0\"",
)];

/// The column that tells the table of a row.
const TABLE: &str = "$table";

/// A table with the name that tells it.
pub type Part = (String, Arc<Plan>);

/// Analyses it at the beginning of a query.
pub fn bind(binder: &mut Binder, search: &Search, span: Span) -> Option<Made> {
    let parts = tables(binder, &search.tables, span);
    let parts = matching(binder, parts, &search.predicate)?;
    Some(union::over(parts, false, Some(TABLE.to_owned()), span))
}

/// Analyses it behind a pipe.
pub fn bind_piped(
    binder: &mut Binder,
    search: &Search,
    input: Arc<Plan>,
    span: Span,
) -> Option<Made> {
    if let Some(first) = search.tables.first() {
        let message = "Behind a pipe `search` takes no tables: it searches the rows of the pipe";
        binder.error("KQL-tabular", first.span, message);
        return None;
    }
    let name = union::table_name(&input).unwrap_or_else(|| "union_arg0".to_owned());
    let parts = matching(binder, vec![(name, input)], &search.predicate)?;
    Some(union::over(parts, false, Some(TABLE.to_owned()), span))
}

/// The tables that are named; all tables and views where none is.
pub fn tables(binder: &mut Binder, named: &[Expr], span: Span) -> Vec<Part> {
    let mut parts = Vec::new();
    for table in named {
        union::member(binder, table, false, &mut parts);
    }
    if named.is_empty() {
        let mut names = binder.catalog.table_names();
        names.extend(binder.views());
        names.sort();
        names.dedup();
        for name in names {
            let one = Expr {
                kind: ExprKind::Name(name.clone()),
                span,
            };
            let plan = binder.table(&one, crate::kql::bind::Row::NONE);
            parts.push((name, plan));
        }
    }
    parts
}

/// The tables with only the rows for which the predicate is true. Tables that have none of the columns
/// it names are left out, unless it searches all columns.
pub fn matching(binder: &mut Binder, parts: Vec<Part>, predicate: &Expr) -> Option<Vec<Part>> {
    if parts.is_empty() {
        return None;
    }
    let mut names: Vec<tree::Name> = Vec::new();
    let mut star = false;
    columns(predicate, &mut names, &mut star);
    names.retain(|n| !binder.is_let(&n.text));
    let open = parts.iter().any(|(_, p)| p.open);
    let has = |plan: &Plan, name: &str| plan.schema.iter().any(|(n, _)| n == name);
    let mut failed = false;
    for name in &names {
        if open || parts.iter().any(|(_, p)| has(p, &name.text)) {
            continue;
        }
        let known = parts
            .iter()
            .flat_map(|(_, p)| p.schema.iter().map(|(n, _)| n.as_str()));
        let near = suggest::nearest(&name.text, known);
        let message = format!("No table searched has a column `{}`", name.text);
        let mut diagnostic = Diagnostic::error("KQL142", name.span, message);
        diagnostic.hint = near.map(|n| format!("Did you mean `{n}`?"));
        binder.told(diagnostic);
        failed = true;
    }
    if failed {
        return None;
    }
    let mut found = Vec::with_capacity(parts.len());
    for (name, plan) in parts {
        let any = names.is_empty() || star || plan.open;
        if !any && !names.iter().any(|n| has(&plan, &n.text)) {
            continue;
        }
        let narrowed = if plan.open {
            predicate.clone()
        } else {
            without(binder, predicate, &plan.schema, &names)?
        };
        let mut pipeline = binder.start(plan);
        let made = filter::bind(binder, &narrowed, &pipeline);
        binder.add(&mut pipeline, made, predicate.span);
        found.push((name, binder.finish(pipeline)));
    }
    Some(found)
}

/// The names in a predicate that may be columns, and whether it searches all columns.
fn columns(expr: &Expr, names: &mut Vec<tree::Name>, star: &mut bool) {
    match &expr.kind {
        ExprKind::Star => *star = true,
        ExprKind::Literal(Value::Bool(true), Type::Bool) => *star = true,
        ExprKind::Name(text) => names.push(tree::Name {
            text: text.clone(),
            span: expr.span,
        }),
        ExprKind::Sign(_, a) | ExprKind::Member(a, _) => columns(a, names, star),
        ExprKind::Binary(_, _, a, b) | ExprKind::Index(a, b) => {
            columns(a, names, star);
            columns(b, names, star);
        }
        // The items of a list may be tables; only the operand is looked at.
        ExprKind::List(_, _, a, _) => columns(a, names, star),
        ExprKind::Between(a, b, c, ..) => {
            for part in [a, b, c] {
                columns(part, names, star);
            }
        }
        ExprKind::Call(_, arguments) => {
            for argument in arguments {
                columns(&argument.value, names, star);
            }
        }
        _ => {}
    }
}

/// The predicate for a table that lacks some of its columns: a test of one of them is false there.
fn without(
    binder: &mut Binder,
    expr: &Expr,
    schema: &Schema,
    names: &[tree::Name],
) -> Option<Expr> {
    if let ExprKind::Binary(op @ (Binary::And | Binary::Or), at, a, b) = &expr.kind {
        let a = without(binder, a, schema, names)?;
        let b = without(binder, b, schema, names)?;
        return Some(Expr {
            kind: ExprKind::Binary(*op, *at, Box::new(a), Box::new(b)),
            span: expr.span,
        });
    }
    let mut used = Vec::new();
    columns(expr, &mut used, &mut false);
    let lacking = used.iter().find(|n| {
        names.iter().any(|m| m.text == n.text) && !schema.iter().any(|(c, _)| *c == n.text)
    });
    let Some(lacking) = lacking else {
        return Some(expr.clone());
    };
    let positive = match &expr.kind {
        ExprKind::Binary(op, ..) => matches!(
            op,
            Binary::Eq
                | Binary::Lt
                | Binary::Le
                | Binary::Gt
                | Binary::Ge
                | Binary::Text(_, _, false)
        ),
        ExprKind::List(test, ..) => !matches!(test, ListTest::In { negated: true, .. }),
        ExprKind::Between(_, _, _, negated, _) => !negated,
        _ => false,
    };
    if !positive {
        let message = format!(
            "Not all tables searched have the column `{}`, and what this is for the others is not certain",
            lacking.text
        );
        let diagnostic = Diagnostic::error("KQL-unsupported", lacking.span, message);
        binder.told(diagnostic.with_hint("Name the tables: `search in (T1, T2) …`"));
        return None;
    }
    Some(Expr {
        kind: ExprKind::Literal(Value::Bool(false), Type::Bool),
        span: expr.span,
    })
}

/// The columns that a predicate names.
pub fn named(predicate: &Expr) -> Vec<String> {
    let mut names = Vec::new();
    columns(predicate, &mut names, &mut false);
    let mut texts: Vec<String> = Vec::new();
    for name in names {
        if !texts.contains(&name.text) {
            texts.push(name.text);
        }
    }
    texts
}
