//! Conditions of a query that no loaded row meets.

use super::query::{Query, Stage, number, rows, short};
use super::{DataCheck, Subject, told};
use crate::check::{Check, Code, Report};
use crate::kql::syntax::tree::{Argument, Binary, Expr, ExprKind, OperatorKind, Statement};
use crate::logs::Connectors;

/// A `where`, or a part of one joined by `and` or `or`, that never holds while rows reach it.
pub(super) const CHECK: DataCheck = Check {
    name: "data-predicates",
    codes: &[Code {
        id: "data-never-true",
        about: "A condition of the query holds for no loaded row that reaches it",
    }],
    run: check,
};

/// Parts of one condition that are asked about.
const PARTS: usize = 40;

fn check(subject: &Subject<'_>, report: &mut Report) {
    for stage in subject.stages() {
        let OperatorKind::Where(condition) = &stage.operator.kind else {
            continue;
        };
        if let Some(query) = subject.query {
            one(subject, query, stage, condition, report);
        }
    }
}

fn one(
    subject: &Subject<'_>,
    query: &Query<'_>,
    stage: &Stage<'_>,
    condition: &Expr,
    report: &mut Report,
) {
    let mut parts = Vec::new();
    collect(condition, &mut parts);
    parts.truncate(PARTS);
    let texts: Vec<&str> = parts.iter().map(|part| query.slice(part.span)).collect();
    let Some((all, counts)) = query.count(&stage.before, &texts) else {
        return;
    };
    if all == 0 {
        return;
    }
    let count_of = |expr: &Expr| {
        let at = parts.iter().position(|part| part.span == expr.span);
        at.and_then(|at| counts.get(at)).copied()
    };
    let mut never = Vec::new();
    smallest(condition, &count_of, &mut never);
    for part in never {
        let text = short(query.slice(part.span));
        let whole = part.span == condition.span;
        let rest = if whole {
            ""
        } else {
            " that reach this `where`"
        };
        let message = format!("`{text}` holds for 0 of {}{rest}", rows(all));
        let mut found = told("data-never-true", message);
        if let Some(evidence) = evidence(query, stage, part) {
            found = found.with_hint(evidence);
        }
        subject.tell(report, part.span, found);
    }
}

/// A condition and its parts.
fn collect<'e>(expr: &'e Expr, parts: &mut Vec<&'e Expr>) {
    parts.push(expr);
    if let ExprKind::Binary(Binary::And | Binary::Or, _, a, b) = &expr.kind
        && parts.len() < PARTS
    {
        collect(a, parts);
        collect(b, parts);
    }
}

/// The smallest parts that never hold; those of an `and` only where one of them alone does not.
fn smallest<'e>(
    expr: &'e Expr,
    count_of: &dyn Fn(&Expr) -> Option<usize>,
    never: &mut Vec<&'e Expr>,
) {
    let before = never.len();
    // Parts that were not asked about are not looked into.
    if count_of(expr).is_none() {
        return;
    }
    if let ExprKind::Binary(Binary::And | Binary::Or, _, a, b) = &expr.kind {
        smallest(a, count_of, never);
        smallest(b, count_of, never);
    }
    if never.len() == before && count_of(expr) == Some(0) {
        never.push(expr);
    }
}

/// What the compared value is instead.
fn evidence(query: &Query<'_>, stage: &Stage<'_>, part: &Expr) -> Option<String> {
    let (left, ordered): (&Expr, bool) = match &part.kind {
        ExprKind::Binary(op, _, left, right) => match (&left.kind, &right.kind) {
            (ExprKind::Literal(..), ExprKind::Literal(..)) => return None,
            (ExprKind::Literal(..), _) => (right, is_order(*op)),
            _ => (left, is_order(*op)),
        },
        ExprKind::List(_, _, left, _) => (left, false),
        ExprKind::Between(left, ..) => (left, true),
        ExprKind::Call(name, arguments) => match arguments.as_slice() {
            [Argument { value, .. }]
                if matches!(name.text.as_str(), "isnotempty" | "isnotnull") =>
            {
                (value, false)
            }
            _ => return None,
        },
        _ => return None,
    };
    let text = query.slice(left.span);
    let always = always(query, left);
    let mut told = match query.values(&stage.before, text, 6)? {
        (values, true) if values.len() == 1 => {
            let (value, count) = values.first()?;
            format!(
                "`{}` is {} in all {}",
                short(text),
                quoted(value),
                rows(*count)
            )
        }
        (_, _) if ordered => span_of(query, stage, text)?,
        (values, all) => {
            let shown: Vec<String> = values.iter().take(4).map(|(v, _)| quoted(v)).collect();
            let words = if all && values.len() <= 4 {
                "is one of"
            } else {
                "is such as"
            };
            format!("`{}` {words} {}", short(text), shown.join(", "))
        }
    };
    if let Some(always) = always {
        told.push_str(&format!("; {always}"));
    }
    Some(told)
}

fn quoted(value: &str) -> String {
    match value {
        "" => "empty".to_owned(),
        value => format!("`{}`", short(value)),
    }
}

fn is_order(op: Binary) -> bool {
    matches!(op, Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge)
}

fn span_of(query: &Query<'_>, stage: &Stage<'_>, text: &str) -> Option<String> {
    let asked = format!(
        "{}\n| take {}\n| summarize asked_min = min({text}), asked_max = max({text})",
        stage.before,
        super::query::SAMPLE
    );
    let table = query.ask(&asked)?;
    let value = |name: &str| table.column(name).map(|c| c.value(0).display());
    let (low, high) = (value("asked_min")?, value("asked_max")?);
    (!low.is_empty()).then(|| format!("`{}` is between {low} and {high}", short(text)))
}

/// What the connector makes of a column, whatever the events hold: `array_length` of what it packs.
fn always(query: &Query<'_>, left: &Expr) -> Option<String> {
    let ExprKind::Call(name, arguments) = &left.kind else {
        return None;
    };
    let [Argument { value, .. }] = arguments.as_slice() else {
        return None;
    };
    if name.text != "array_length" {
        return None;
    }
    let source = query
        .source(value)
        .filter(|source| source.path.is_empty())?;
    let count = packed(&source.table, &source.column)?;
    let items = if count == 1 { "element" } else { "elements" };
    Some(format!(
        "the connector always packs {} {items} into `{}`, an empty one too",
        number(count),
        source.column
    ))
}

/// How many values a connector's transform packs into a column with `pack_array`.
fn packed(table: &str, column: &str) -> Option<usize> {
    let connectors = Connectors::default();
    let parsed = crate::kql::syntax::parse(connectors.transform(table)?);
    let mut found = None;
    for statement in &parsed.query.statements {
        let Statement::Query(Expr {
            kind: ExprKind::Pipe(pipe),
            ..
        }) = statement
        else {
            continue;
        };
        for operator in &pipe.operators {
            let (OperatorKind::Project(items) | OperatorKind::Extend(items)) = &operator.kind
            else {
                continue;
            };
            let made = items
                .iter()
                .find(|item| matches!(item.names.as_slice(), [name] if name.text == column));
            if let Some(made) = made {
                found = match &made.value.kind {
                    ExprKind::Call(name, arguments) if name.text == "pack_array" => {
                        Some(arguments.len())
                    }
                    _ => None,
                };
            }
        }
    }
    found
}
