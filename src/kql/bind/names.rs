//! The names that columns get where the query gives none.

use crate::kql::aggregates;
use crate::kql::functions;
use crate::kql::plan::{Expr, Item, Kind, Schema};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Value;

/// The name an expression gives a column by itself: a column's own, a path joined with `_`,
/// or what a function says; none for `ColumnN`.
pub fn auto_name(expr: &tree::Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Member(base, name) => match &base.kind {
            ExprKind::Name(side) if side == "$left" || side == "$right" => Some(name.text.clone()),
            _ => Some(format!("{}_{}", auto_name(base)?, name.text)),
        },
        ExprKind::Index(base, index) => {
            let base = auto_name(base)?;
            match &index.kind {
                ExprKind::Literal(Value::String(key), _) => Some(format!("{base}_{key}")),
                ExprKind::Literal(Value::Long(at), _) => Some(format!("{base}_{at}")),
                _ => Some(format!("{base}_")),
            }
        }
        ExprKind::Call(name, arguments) => {
            let first = arguments.first().and_then(|a| match &a.name {
                // `toint(Good = count())` names what it holds.
                Some(name) => Some(name.text.clone()),
                None => auto_name(&a.value),
            });
            if let Some(aggregate) = aggregates::find_call(&name.text, arguments.len()) {
                let first = first.unwrap_or_default();
                if matches!(aggregate.name(), "percentile" | "percentilew") {
                    let percent = arguments.last().map(|a| &a.value.kind);
                    let percent = match percent {
                        Some(ExprKind::Literal(value, _)) => value.display().replace('.', "_"),
                        _ => String::new(),
                    };
                    return Some(format!("percentile_{first}_{percent}"));
                }
                if aggregate.name().starts_with("covariance") {
                    let second = arguments.get(1).and_then(|a| auto_name(&a.value));
                    let second = second.unwrap_or_default();
                    return Some(format!("{}_{first}_{second}", aggregate.name()));
                }
                return match aggregate.prefix {
                    Some(prefix) => Some(format!("{prefix}_{first}")),
                    None => Some(first),
                };
            }
            match name.text.as_str() {
                "take_anyif" => first,
                "anyif" => Some(format!("anyif_{}", first.unwrap_or_default())),
                other => functions::find(other).and_then(|f| functions::call_name(f, first)),
            }
        }
        _ => None,
    }
}

/// The name itself, or the name with the first number that is free behind it.
pub fn unique_name(name: &str, taken: &Schema) -> String {
    let free = |n: &str| !taken.iter().any(|(t, _)| t == n);
    if free(name) {
        return name.to_owned();
    }
    (1usize..)
        .map(|n| format!("{name}{n}"))
        .find(|n| free(n))
        .unwrap_or_default()
}

/// How many nodes an expression has.
pub fn size(expr: &Expr) -> usize {
    let list = |items: &[Item]| -> usize {
        items
            .iter()
            .map(|i| match i {
                Item::Scalar(e) => size(e),
                Item::Table(_) => 1,
            })
            .sum()
    };
    1 + match &expr.kind {
        Kind::Error | Kind::Const(_) | Kind::Column(_) | Kind::Shared(_) => 0,
        Kind::Call(_, args) | Kind::Window(_, args) => args.iter().map(size).sum(),
        Kind::Compare(_, a, b)
        | Kind::Arithmetic(_, a, b)
        | Kind::And(a, b)
        | Kind::Or(a, b)
        | Kind::Text(_, _, _, a, b)
        | Kind::Index(a, b) => size(a) + size(b),
        Kind::Between(a, b, c, _) => size(a) + size(b) + size(c),
        Kind::HasList(_, a, items) | Kind::In(_, _, a, items) => size(a) + list(items),
        Kind::Path(a, _) | Kind::Convert(a) => size(a),
    }
}

/// The constant an expression is known to be before the run.
pub fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        Kind::Const(value) => Some(value.clone()),
        Kind::Shared(shared) => match &shared.body {
            crate::kql::plan::ScalarBody::Expr(inner) => constant(inner),
            crate::kql::plan::ScalarBody::Table(_) => None,
        },
        _ => None,
    }
}
