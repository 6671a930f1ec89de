//! Paths into dynamic columns that no loaded row has.

use super::query::{Query, path_of, rows, short};
use super::terms::{DEEPEST, place};
use super::{DataCheck, Subject, told};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Span, nearest};
use crate::kql::services::Source;
use crate::kql::syntax::tree::{Expr, ExprKind, Named, OperatorKind};
use crate::kql::write;
use std::collections::HashSet;

/// A key that is never there, though what should hold it is.
pub(super) const CHECK: DataCheck = Check {
    name: "data-paths",
    codes: &[Code {
        id: "data-path-unseen",
        about: "A path into a dynamic column is in no loaded row, though what should hold it is",
    }],
    run: check,
};

/// Paths of one query that are asked about, and keys that are named.
const PATHS: usize = 100;
const KEYS: usize = 300;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some(query) = subject.query else { return };
    let mut found: Vec<&Expr> = Vec::new();
    for stage in subject.stages() {
        operator(&stage.operator.kind, &mut found);
    }
    found.truncate(PATHS);
    let mut seen: HashSet<String> = HashSet::new();
    for expr in found {
        if subject.context.cancel.is_cancelled() {
            return;
        }
        let Some(source) = query.source(expr) else {
            continue;
        };
        let whole = format!("{}.{}", write::name(&source.table), place(&source));
        // A path is told where it stands first.
        if source.path.is_empty() || !seen.insert(whole) {
            continue;
        }
        one(subject, query, expr.span, &source, report);
    }
}

fn one(subject: &Subject<'_>, query: &Query<'_>, span: Span, source: &Source, report: &mut Report) {
    let table = write::name(&source.table);
    let upto = |count: usize| Source {
        path: source.path.iter().take(count).cloned().collect(),
        ..source.clone()
    };
    let conditions: Vec<String> = (0..=source.path.len())
        .map(|count| format!("isnotnull({})", place(&upto(count))))
        .collect();
    let conditions: Vec<&str> = conditions.iter().map(String::as_str).collect();
    let Some((_, counts)) = query.count(&table, &conditions) else {
        return;
    };
    let Some(missing) = counts.iter().position(|count| *count == 0) else {
        return;
    };
    // Where nothing is in the column at all, nothing is to be said.
    let Some(above) = missing.checked_sub(1) else {
        return;
    };
    let (Some(key), Some(&held)) = (source.path.get(above), counts.get(above)) else {
        return;
    };
    if key == "[]" {
        return;
    }
    let parent = place(&upto(above));
    let asked = format!(
        "{table}\n| take {}\n| mv-expand asked = bag_keys({parent})\n| summarize asked_count = count() by asked = tostring(asked)\n| top {KEYS} by asked_count desc, asked asc",
        super::query::SAMPLE
    );
    let Some(keys) = query.ask(&asked) else {
        return;
    };
    let Some(column) = keys.column("asked") else {
        return;
    };
    let keys: Vec<String> = (0..keys.rows)
        .map(|row| column.value(row).display())
        .collect();
    let keys: Vec<&str> = keys
        .iter()
        .map(String::as_str)
        .filter(|k| !k.is_empty())
        .collect();
    if keys.is_empty() {
        return;
    }
    if keys.contains(&key.as_str()) {
        let message = format!(
            "`{}` is null in every loaded row, of {} with `{parent}`",
            short(&place(&upto(missing))),
            rows(held)
        );
        return subject.tell(report, span, told("data-path-unseen", message));
    }
    let message = format!(
        "no loaded row has `{}`, of {} with `{parent}`",
        short(&place(&upto(missing))),
        rows(held)
    );
    let hint = match nearest(key, keys.iter().copied()) {
        Some(near) => {
            let mut other = upto(above);
            other.path.push(near);
            format!(
                "The nearest path that is there is `{}`",
                short(&place(&other))
            )
        }
        None => {
            let some: Vec<String> = keys
                .iter()
                .take(8)
                .map(|k| format!("`{}`", short(k)))
                .collect();
            format!("`{parent}` has {}", some.join(", "))
        }
    };
    subject.tell(
        report,
        span,
        told("data-path-unseen", message).with_hint(hint),
    );
}

fn operator<'e>(kind: &'e OperatorKind, found: &mut Vec<&'e Expr>) {
    let depth = DEEPEST;
    let mut items = |items: &'e [Named]| {
        for item in items {
            expr(&item.value, found, depth);
        }
    };
    match kind {
        OperatorKind::Where(condition) => expr(condition, found, depth),
        OperatorKind::Extend(named)
        | OperatorKind::Project(named)
        | OperatorKind::Distinct(named) => {
            items(named);
        }
        OperatorKind::Summarize(aggregates, keys) => {
            items(aggregates);
            items(keys);
        }
        OperatorKind::Sort(keys) | OperatorKind::Top(_, keys) => {
            keys.iter().for_each(|key| expr(&key.value, found, depth));
        }
        OperatorKind::MvExpand(expanded, ..) => {
            expanded
                .iter()
                .for_each(|e| expr(&e.item.value, found, depth));
        }
        _ => {}
    }
}

/// The longest paths of an expression.
fn expr<'e>(at: &'e Expr, found: &mut Vec<&'e Expr>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match &at.kind {
        ExprKind::Member(base, _) | ExprKind::Index(base, _) => match path_of(at) {
            Some(_) => found.push(at),
            None => expr(base, found, depth),
        },
        ExprKind::Sign(_, inner) => expr(inner, found, depth),
        ExprKind::Binary(_, _, a, b) => {
            expr(a, found, depth);
            expr(b, found, depth);
        }
        ExprKind::List(_, _, left, items) => {
            expr(left, found, depth);
            items.iter().for_each(|item| expr(item, found, depth));
        }
        ExprKind::Between(a, b, c, ..) => {
            expr(a, found, depth);
            expr(b, found, depth);
            expr(c, found, depth);
        }
        ExprKind::Call(_, arguments) => {
            arguments.iter().for_each(|a| expr(&a.value, found, depth));
        }
        _ => {}
    }
}
