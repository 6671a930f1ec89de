//! Joins whose two sides have no value of the key in common.

use super::query::{Query, SAMPLE, Stage, number, short};
use super::{DataCheck, Subject, told};
use crate::check::{Check, Code, Report};
use crate::kql::syntax::tree::{Binary, Expr, ExprKind, OperatorKind};
use crate::value::Value;
use std::collections::HashSet;

/// The keys of a join never meet in the loaded rows.
pub(super) const CHECK: DataCheck = Check {
    name: "data-joins",
    codes: &[Code {
        id: "data-join-apart",
        about: "The two sides of a join have no value of the key in common in the loaded rows",
    }],
    run: check,
};

/// With fewer different values on both sides it may be chance.
const FEW: usize = 5;
/// Different values of a side that are held against the other's.
const VALUES: usize = 50_000;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some(query) = subject.query else { return };
    for stage in subject.stages() {
        let OperatorKind::Join {
            settings,
            right,
            on,
            ..
        } = &stage.operator.kind
        else {
            continue;
        };
        // These are there to keep what does not meet.
        let anti = settings.iter().any(|s| s.value.text.contains("anti"));
        if anti {
            continue;
        }
        for key in on {
            one(subject, query, stage, right, key, report);
        }
    }
}

fn one(
    subject: &Subject<'_>,
    query: &Query<'_>,
    stage: &Stage<'_>,
    right: &Expr,
    key: &Expr,
    report: &mut Report,
) {
    let Some((a, b)) = sides(key) else { return };
    let of = |rows: String, column: &str| {
        let column = crate::kql::write::name(column);
        let text = format!(
            "{rows}\n| take {SAMPLE}\n| distinct asked = tostring({column})\n| take {VALUES}"
        );
        values(query, &text)
    };
    let Some(left_values) = of(stage.before.clone(), a) else {
        return;
    };
    let right_rows = format!("{}{}", stage.lets, query.slice(right.span));
    let Some(right_values) = of(right_rows, b) else {
        return;
    };
    if left_values.is_empty() || right_values.is_empty() {
        return;
    }
    let set: HashSet<&str> = right_values.iter().map(String::as_str).collect();
    if left_values.iter().any(|value| set.contains(value.as_str())) {
        return;
    }
    let lower: HashSet<String> = right_values.iter().map(|v| v.to_lowercase()).collect();
    let same: Vec<&String> = left_values
        .iter()
        .filter(|value| lower.contains(&value.to_lowercase()))
        .collect();
    let (one, other) = (form(&left_values), form(&right_values));
    let why = if !same.is_empty() {
        format!(
            "{} would meet if the case of letters did not count: write tolower() on both sides",
            number(same.len())
        )
    } else if let (Some(one), Some(other)) = (one, other)
        && one != other
    {
        format!("`{a}` holds {one}, `{b}` {other}")
    } else if left_values.len() < FEW || right_values.len() < FEW {
        return;
    } else {
        "They are of the same form, and no value is on both sides".to_owned()
    };
    let message = format!(
        "the keys never meet: none of the {} of `{a}` ({}) is among the {} of `{b}` ({})",
        counted(left_values.len()),
        examples(&left_values),
        counted(right_values.len()),
        examples(&right_values)
    );
    subject.tell(
        report,
        key.span,
        told("data-join-apart", message).with_hint(why),
    );
}

fn counted(values: usize) -> String {
    let word = if values == 1 {
        "value"
    } else {
        "different values"
    };
    format!("{} {word}", number(values))
}

/// The columns of a key: left and right.
fn sides(key: &Expr) -> Option<(&str, &str)> {
    match &key.kind {
        ExprKind::Name(name) => Some((name, name)),
        ExprKind::Binary(Binary::Eq, _, a, b) => {
            let (a, b) = (side(a)?, side(b)?);
            match (a.0, b.0) {
                ("$left", "$right") => Some((a.1, b.1)),
                ("$right", "$left") => Some((b.1, a.1)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn side(expr: &Expr) -> Option<(&str, &str)> {
    let ExprKind::Member(base, name) = &expr.kind else {
        return None;
    };
    match &base.kind {
        ExprKind::Name(side) => Some((side, &name.text)),
        _ => None,
    }
}

/// The values of a query's one column, without what is empty.
fn values(query: &Query<'_>, text: &str) -> Option<Vec<String>> {
    let table = query.ask(text)?;
    let column = table.column("asked")?;
    let texts = (0..table.rows).filter_map(|row| match column.value(row) {
        Value::String(text) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    });
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    Some(texts)
}

fn examples(values: &[String]) -> String {
    let some: Vec<String> = values
        .iter()
        .take(2)
        .map(|v| format!("`{}`", short(v)))
        .collect();
    some.join(", ")
}

/// What all values look like, where they are alike.
fn form(values: &[String]) -> Option<&'static str> {
    let all = |fits: fn(&str) -> bool| values.iter().all(|value| fits(value));
    let is_address = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
    let is_mail = |text: &str| {
        let mut parts = text.split('@');
        let (name, host) = (parts.next(), parts.next());
        name.is_some_and(|n| !n.is_empty())
            && host.is_some_and(|h| h.contains('.'))
            && parts.next().is_none()
    };
    if all(is_mail) {
        Some("e-mail addresses")
    } else if all(is_address) {
        Some("IP addresses")
    } else if all(|text| text.parse::<f64>().is_ok()) {
        Some("numbers")
    } else if all(|text| !text.contains('@') && text.parse::<std::net::IpAddr>().is_err()) {
        Some("names or ids")
    } else {
        None
    }
}
