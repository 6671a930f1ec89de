//! The analysis of `join` and `lookup`: keys, kinds, and the columns of both sides.

use super::join_run::{Join, JoinKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, suggest};
use crate::kql::operators::docs::{Doc, Topic};
use crate::kql::plan::{Expr, Kind, Plan, Schema};
use crate::kql::run::compare::Compare;
use crate::kql::syntax::tree::{self, ExprKind, Setting};
use crate::value::Type;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["join"],
        "L | join [kind=innerunique|inner|leftouter|rightouter|fullouter|leftsemi|rightsemi|leftanti|rightanti] (R) on key, …",
        "Puts together the rows of two tables whose keys are equal. Without `kind` it is innerunique: only one left row of every key is used. A right column whose name is taken gets a number behind it.",
        "SigninLogs | join kind=inner (AuditLogs | extend UserPrincipalName = Identity) on UserPrincipalName",
    ),
    Doc::operator(
        &["lookup"],
        "L | lookup [kind=leftouter|inner] (R) on key, …",
        "Adds the columns of a small table to the rows whose keys are equal; the right side's key columns are left out. Without `kind` rows that find nothing are kept.",
        "SigninLogs | lookup (Watched) on $left.UserPrincipalName == $right.Account",
    ),
    Doc::new(
        Topic::JoinKind,
        &["innerunique"],
        "kind=innerunique",
        "Rows of both sides with equal keys, after all but one of the left rows of every key have been dropped. What a join without `kind` does.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["inner"],
        "kind=inner",
        "A row for every pair of a left and a right row with equal keys.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["leftouter"],
        "kind=leftouter",
        "Every pair with equal keys, and the left rows that have no partner with empty right columns.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["rightouter"],
        "kind=rightouter",
        "Every pair with equal keys, and the right rows that have no partner with empty left columns.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["fullouter"],
        "kind=fullouter",
        "Every pair with equal keys, and the rows of both sides that have no partner.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["leftanti", "anti", "leftantisemi"],
        "kind=leftanti",
        "The left rows that have no partner; only the left side's columns.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["rightanti", "rightantisemi"],
        "kind=rightanti",
        "The right rows that have no partner; only the right side's columns.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["leftsemi", "semi"],
        "kind=leftsemi",
        "The left rows that have a partner, each once; only the left side's columns.",
        "",
    ),
    Doc::new(
        Topic::JoinKind,
        &["rightsemi"],
        "kind=rightsemi",
        "The right rows that have a partner, each once; only the right side's columns.",
        "",
    ),
];

const KINDS: [&str; 13] = [
    "innerunique",
    "inner",
    "leftouter",
    "rightouter",
    "fullouter",
    "leftanti",
    "rightanti",
    "leftsemi",
    "rightsemi",
    "anti",
    "leftantisemi",
    "rightantisemi",
    "semi",
];

fn kind(binder: &mut Binder, settings: &[Setting], lookup: bool) -> JoinKind {
    let default = if lookup {
        JoinKind::LeftOuter
    } else {
        JoinKind::InnerUnique
    };
    let Some(setting) = settings.iter().find(|s| s.name.text == "kind") else {
        return default;
    };
    let found = match setting.value.text.as_str() {
        "innerunique" => JoinKind::InnerUnique,
        "inner" => JoinKind::Inner,
        "leftouter" => JoinKind::LeftOuter,
        "rightouter" => JoinKind::RightOuter,
        "fullouter" => JoinKind::FullOuter,
        "leftanti" | "anti" | "leftantisemi" => JoinKind::LeftAnti,
        "rightanti" | "rightantisemi" => JoinKind::RightAnti,
        "leftsemi" | "semi" => JoinKind::LeftSemi,
        "rightsemi" => JoinKind::RightSemi,
        "" => return default,
        other => {
            let message = format!("`{other}` is not a kind of join");
            let mut diagnostic = Diagnostic::error("KQL005", setting.value.span, message);
            let near = suggest::nearest(other, KINDS.iter().copied());
            diagnostic.hint = Some(match near {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("The kinds are {}", KINDS.get(..9).unwrap_or(&[]).join(", ")),
            });
            binder.told(diagnostic);
            return default;
        }
    };
    if lookup && !matches!(found, JoinKind::LeftOuter | JoinKind::Inner) {
        let message = "`lookup` has the kinds leftouter and inner only";
        binder.error("KQL005", setting.value.span, message);
        return default;
    }
    found
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    settings: &[Setting],
    right: &tree::Expr,
    on: &[tree::Expr],
    lookup: bool,
    input: &Pipeline,
    span: Span,
) -> Option<Made> {
    let kind = kind(binder, settings, lookup);
    let right = binder.table(right, Row::NONE);
    let mut left_keys = Vec::new();
    let mut right_keys = Vec::new();
    let mut conditions = Vec::with_capacity(on.len());
    on.iter().for_each(|c| each_condition(c, &mut conditions));
    for condition in conditions {
        if let Some((left, right)) = key(binder, condition, input, &right) {
            left_keys.push(left);
            right_keys.push(right);
        }
    }
    let mut schema: Schema = Vec::new();
    let mut right_columns: Vec<usize> = Vec::new();
    if !matches!(kind, JoinKind::RightAnti | JoinKind::RightSemi) {
        schema.clone_from(&input.schema);
    }
    if !matches!(kind, JoinKind::LeftAnti | JoinKind::LeftSemi) {
        for (at, (name, ty)) in right.schema.iter().enumerate() {
            if lookup && right_keys.contains(&at) {
                continue;
            }
            schema.push((right_name(name, &schema, &right.schema), *ty));
            right_columns.push(at);
        }
    }
    let open = input.open || right.open;
    let operator = Join {
        kind,
        right,
        left_keys,
        right_keys,
        right_columns,
        span,
    };
    let mut made = Made::new(operator, schema);
    made.open = Some(open);
    Some(made.ordered(false))
}

/// The name of a right column: its own, or with a number where the left has it too, one that no column
/// of either side has.
fn right_name(name: &str, left: &Schema, right: &Schema) -> String {
    let has = |s: &Schema, n: &str| s.iter().any(|(t, _)| t == n);
    if !has(left, name) {
        return name.to_owned();
    }
    (1usize..)
        .map(|n| format!("{name}{n}"))
        .find(|n| !has(left, n) && !has(right, n))
        .unwrap_or_default()
}

/// `a and b` is two conditions, as `a, b` is.
fn each_condition<'a>(condition: &'a tree::Expr, all: &mut Vec<&'a tree::Expr>) {
    match &condition.kind {
        ExprKind::Binary(tree::Binary::And, _, a, b) => {
            each_condition(a, all);
            each_condition(b, all);
        }
        _ => all.push(condition),
    }
}

/// The columns of one condition: a name that both sides have, or `$left.a == $right.b`.
fn key(
    binder: &mut Binder,
    condition: &tree::Expr,
    input: &Pipeline,
    right: &Plan,
) -> Option<(usize, usize)> {
    if let ExprKind::Name(name) = &condition.kind {
        return shared_key(binder, name, condition.span, input, right);
    }
    if condition.is_missing() {
        return None;
    }
    let row = Row {
        schema: None,
        open: input.open || right.open,
        serialized: false,
        sides: Some((&input.schema, &right.schema)),
    };
    let told = binder.diagnostics.len();
    let both_sides = |e: &tree::Expr| match &e.kind {
        ExprKind::Binary(tree::Binary::Eq, _, a, b) => {
            [a, b].into_iter().find(|s| !is_side(s)).map(|s| s.span)
        }
        _ => Some(e.span),
    };
    if let Some(wrong) = both_sides(condition) {
        let message = "A condition of a join is a column's name, or `$left.a == $right.b`";
        binder.error("KQL183", wrong, message);
        return None;
    }
    let ExprKind::Binary(_, _, a, b) = &condition.kind else {
        return None;
    };
    let (a, b) = (binder.scalar(a, row), binder.scalar(b, row));
    let columns = match (&a.kind, &b.kind) {
        (Kind::Column(a), Kind::Column(b)) => Some((*a, *b)),
        _ => None,
    };
    let Some((first, second)) = columns else {
        if binder.diagnostics.len() == told && !row.open {
            binder.error(
                "KQL183",
                condition.span,
                "A condition of a join compares two columns",
            );
        }
        return None;
    };
    let width = input.schema.len();
    let (left_at, right_at) = if first < width && second >= width {
        (first, second - width)
    } else if second < width && first >= width {
        (second, first - width)
    } else {
        binder.error(
            "KQL183",
            condition.span,
            "A condition of a join compares `$left` with `$right`",
        );
        return None;
    };
    check_types(binder, (left_at, right_at), condition.span, input, right);
    let _ = (Compare::Eq, Expr::error);
    Some((left_at, right_at))
}

/// Whether an expression is `$left.column` or `$right.column`.
fn is_side(expr: &tree::Expr) -> bool {
    match &expr.kind {
        ExprKind::Member(base, _) => {
            matches!(&base.kind, ExprKind::Name(side) if side == "$left" || side == "$right")
        }
        _ => false,
    }
}

fn shared_key(
    binder: &mut Binder,
    name: &str,
    span: Span,
    input: &Pipeline,
    right: &Plan,
) -> Option<(usize, usize)> {
    let position = |schema: &Schema| schema.iter().position(|(n, _)| n == name);
    let (l, r) = (position(&input.schema), position(&right.schema));
    match (l, r) {
        (Some(l), Some(r)) => {
            check_types(binder, (l, r), span, input, right);
            Some((l, r))
        }
        _ => {
            let missing = match (l, r) {
                (None, None) if input.open || right.open => return None,
                (None, None) => "neither side has",
                (None, _) if input.open => return None,
                (None, _) => "the left side does not have",
                (_, None) if right.open => return None,
                _ => "the right side does not have",
            };
            let message =
                format!("A key of a join is in both tables, and {missing} a column `{name}`");
            let mut diagnostic = Diagnostic::error("KQL142", span, message);
            let schema = if l.is_none() {
                &input.schema
            } else {
                &right.schema
            };
            let near = suggest::nearest(name, schema.iter().map(|(n, _)| n.as_str()));
            diagnostic.hint = Some(match near {
                Some(near) => format!("Did you mean `{near}`?"),
                None => {
                    "Columns of different names are compared with `$left.a == $right.b`".to_owned()
                }
            });
            binder.told(diagnostic);
            None
        }
    }
}

fn check_types(
    binder: &mut Binder,
    (left_at, right_at): (usize, usize),
    span: Span,
    input: &Pipeline,
    right: &Plan,
) {
    let (Some((_, l)), Some((_, r))) = (input.schema.get(left_at), right.schema.get(right_at))
    else {
        return;
    };
    let number = |t: &Type| matches!(t, Type::Int | Type::Long | Type::Real);
    if *l == Type::Dynamic || *r == Type::Dynamic {
        let diagnostic =
            Diagnostic::error("KQL116", span, "A dynamic value cannot be a key of a join");
        binder.told(
            diagnostic.with_hint(
                "Convert it before the join, for example with `extend Key = tostring(…)`",
            ),
        );
    } else if l != r && !(number(l) && number(r)) {
        let message = format!("The keys of a join have one type, and these are {l} and {r}");
        binder.error("KQL242", span, message);
    }
}
