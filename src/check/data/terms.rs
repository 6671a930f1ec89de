//! Texts that a query compares a column with and that match nothing the column is known to hold.

use super::known::known;
use super::query::{Query, number};
use super::{DataCheck, Subject, told};
use crate::check::panther::same;
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Span, nearest};
use crate::kql::services::Source;
use crate::kql::syntax::tree::{
    Argument, Binary, Expr, ExprKind, ListTest, OperatorKind, TextTest,
};
use crate::kql::write;
use crate::value::Value;
use crate::value::path::Step;

/// A term of `has_any`, `in`, `==` and their like that is neither loaded nor documented.
pub(super) const CHECK: DataCheck = Check {
    name: "data-terms",
    codes: &[Code {
        id: "data-term-unknown",
        about: "A text that a column is compared with matches no value of it, known or loaded",
    }],
    run: check,
};

/// A column with more different values is no list of names.
const FEW: usize = 200;
/// Terms of one query that are looked at.
const TERMS: usize = 200;

/// A condition nests no deeper, and has no more parts joined by `and` or `or`.
pub(super) const DEEPEST: usize = 1_000;

/// A comparison: the operator as it is written, and the terms with their places.
struct Comparison<'e> {
    left: &'e Expr,
    operator: String,
    terms: Vec<(&'e str, Span)>,
    /// Whether a part of the value is enough.
    part: bool,
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some(query) = subject.query else { return };
    let mut left = TERMS;
    for stage in subject.stages() {
        let OperatorKind::Where(condition) = &stage.operator.kind else {
            continue;
        };
        let mut comparisons = Vec::new();
        collect(query, condition, &mut comparisons, DEEPEST);
        for comparison in comparisons {
            left = left.saturating_sub(comparison.terms.len());
            if left == 0 || subject.context.cancel.is_cancelled() {
                return;
            }
            one(subject, query, &comparison, report);
        }
    }
}

fn collect<'e>(query: &Query<'_>, expr: &'e Expr, found: &mut Vec<Comparison<'e>>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match &expr.kind {
        ExprKind::Binary(Binary::And | Binary::Or, _, a, b) => {
            collect(query, a, found, depth);
            collect(query, b, found, depth);
        }
        ExprKind::Binary(op, at, left, right) => {
            let part = match op {
                Binary::Eq | Binary::Text(TextTest::Equals, _, false) => false,
                Binary::Text(TextTest::Regex, ..) => return,
                Binary::Text(_, _, false) => true,
                _ => return,
            };
            if let ExprKind::Literal(Value::String(text), _) = &right.kind {
                found.push(Comparison {
                    left,
                    operator: query.slice(*at).to_owned(),
                    terms: vec![(text, right.span)],
                    part,
                });
            }
        }
        ExprKind::List(test, at, left, items) => {
            let part = match test {
                ListTest::In { negated: false, .. } => false,
                ListTest::HasAny => true,
                _ => return,
            };
            let terms = items.iter().filter_map(|item| match &item.kind {
                ExprKind::Literal(Value::String(text), _) => Some((&**text, item.span)),
                _ => None,
            });
            found.push(Comparison {
                left,
                operator: query.slice(*at).to_owned(),
                terms: terms.collect(),
                part,
            });
        }
        _ => {}
    }
}

fn one(subject: &Subject<'_>, query: &Query<'_>, comparison: &Comparison<'_>, report: &mut Report) {
    let terms: Vec<_> = comparison
        .terms
        .iter()
        .filter(|(t, _)| !t.is_empty())
        .collect();
    let Some(source) = query.source(comparison.left).filter(|_| !terms.is_empty()) else {
        return;
    };
    let table = write::name(&source.table);
    let value = wrapped(comparison.left, place(&source));
    let tests = |value: &str| -> Vec<String> {
        let test = |(term, _): &&(&str, Span)| {
            format!("{value} {} ({})", comparison.operator, write::quoted(term))
        };
        terms.iter().map(test).collect()
    };
    let own = tests(&value);
    let conditions: Vec<&str> = own.iter().map(String::as_str).collect();
    let Some((all, counts)) = query.count(&table, &conditions) else {
        return;
    };
    if all == 0 || counts.iter().all(|count| *count > 0) {
        return;
    }
    let documented = match source.path.is_empty() {
        true => known(&format!("{}.{}", source.table, source.column)),
        false => None,
    };
    let Some((values, complete)) = query.values(&table, &value, FEW) else {
        return;
    };
    let loaded: Vec<&str> = values
        .iter()
        .map(|(value, _)| value.as_str())
        .filter(|value| !value.is_empty())
        .collect();
    if loaded.is_empty() {
        return;
    }
    let elsewhere = documented.and_then(|names| among(query, names, &tests("asked")));
    for (at, (term, span)) in terms.iter().enumerate() {
        if counts.get(at) != Some(&0) {
            continue;
        }
        let column = comparison_name(query, comparison);
        let message = match (&elsewhere, documented) {
            (Some(counts), Some(names)) => {
                if counts.get(at) != Some(&0) {
                    continue;
                }
                format!(
                    "`{term}` matches no value of `{column}`: none of the {} that are documented, and none in {} loaded rows",
                    number(names.len()),
                    number(all)
                )
            }
            // Without a list of what there is, only what is nearly another value is worth a word.
            _ if complete => format!(
                "`{term}` matches no value of `{column}` in {} loaded rows",
                number(all)
            ),
            _ => continue,
        };
        let near = near(
            term,
            &loaded,
            documented.unwrap_or_default(),
            comparison.part,
        );
        let close = near.as_ref().is_some_and(|(piece, _)| same(piece, term));
        if documented.is_none() && !close {
            continue;
        }
        let mut found = told("data-term-unknown", message);
        if let Some((_, value)) = near {
            found = found.with_hint(format!("The nearest value is `{value}`"));
        }
        subject.tell(report, *span, found);
    }
}

/// What the values are called: the column or path as it is written.
fn comparison_name(query: &Query<'_>, comparison: &Comparison<'_>) -> String {
    super::query::short(query.slice(comparison.left.span))
}

/// The conversions of an expression around the place in the table that it comes from.
fn wrapped(expr: &Expr, place: String) -> String {
    match &expr.kind {
        ExprKind::Call(name, arguments) => match arguments.as_slice() {
            [Argument { value, .. }] => format!("{}({})", name.text, wrapped(value, place)),
            _ => place,
        },
        _ => place,
    }
}

/// A column of a table and the path into it, as KQL.
pub(super) fn place(source: &Source) -> String {
    let steps = source.path.iter().map(|key| match key.as_str() {
        "[]" => Step::Each,
        key => Step::Key(key.to_owned()),
    });
    write::path(&source.column, &steps.collect::<Vec<_>>())
}

/// How many of some names each test holds for.
fn among(query: &Query<'_>, names: &[&str], tests: &[String]) -> Option<Vec<usize>> {
    let rows: Vec<String> = names.iter().map(|name| write::quoted(name)).collect();
    let table = format!("datatable(asked: string) [{}]", rows.join(", "));
    let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
    Some(query.count(&table, &tests)?.1)
}

/// The value that is nearest to a term, and the piece of it that is.
fn near(term: &str, loaded: &[&str], documented: &[&str], part: bool) -> Option<(String, String)> {
    let all = || loaded.iter().chain(documented).copied();
    // What begins otherwise is seldom what was meant.
    let first = |text: &str| text.chars().take(3).collect::<String>().to_lowercase();
    let begins = |value: &&str| first(value) == first(term);
    if !part {
        let value = nearest(term, all().filter(begins));
        return value.map(|value| (value.clone(), value));
    }
    let pieces = all().flat_map(|value| {
        let words = value.split(|c: char| !c.is_alphanumeric());
        words.map(move |word| (word, value)).chain([(value, value)])
    });
    let pieces: Vec<(&str, &str)> = pieces.filter(|(word, _)| !word.is_empty()).collect();
    let piece = nearest(term, pieces.iter().map(|(word, _)| *word).filter(begins))?;
    let value = pieces.iter().find(|(word, _)| *word == piece)?.1;
    Some((piece, value.to_owned()))
}
