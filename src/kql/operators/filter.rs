//! `where predicate`: the rows for which the predicate is true. False and null both drop a row.

use crate::kql::bind::Binder;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Item, Kind, Operator};
use crate::kql::run::compare::Compare;
use crate::kql::run::datum::Datum;
use crate::kql::run::eval::{constant, eval};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop, convert, zones};
use crate::kql::syntax::tree::{self, TextTest};
use crate::value::Type;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, UInt32Array};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["where", "filter"],
    "T | where predicate",
    "Keeps the rows for which the predicate is true; rows for which it is false or null are dropped.",
    "SigninLogs | where TimeGenerated > ago(1d) and ResultType != \"0\"",
)];

#[derive(Debug)]
struct Filter {
    /// All of these must be true, the cheap ones first; each sees only the rows the ones before it left.
    conditions: Vec<Expr>,
}

/// Analyses it.
pub fn bind(binder: &mut Binder, predicate: &tree::Expr, input: &Pipeline) -> Option<Made> {
    let predicate = binder.predicate(predicate, input.row(), "KQL141");
    let mut conditions = Vec::new();
    if any(&predicate, &|k| matches!(k, Kind::Window(..))) {
        // What looks at other rows looks at those that came in, not at those another condition left.
        conditions.push(predicate);
    } else {
        let by_chance = |k: &Kind| matches!(k, Kind::Call(f, _) if !f.constant_foldable());
        let in_any_order = !any(&predicate, &by_chance);
        split(predicate, &mut conditions);
        if in_any_order {
            conditions.sort_by_key(cost);
        }
    }
    Some(Made::new(Filter { conditions }, input.schema.clone()))
}

fn split(expr: Expr, into: &mut Vec<Expr>) {
    match expr.kind {
        Kind::And(left, right) => {
            split(*left, into);
            split(*right, into);
        }
        _ => into.push(expr),
    }
}

/// What an expression is made of, each part once, itself first.
fn any(expr: &Expr, test: &dyn Fn(&Kind) -> bool) -> bool {
    let of = |e: &Expr| any(e, test);
    let listed = |items: &[Item]| {
        items.iter().any(|item| match item {
            Item::Scalar(e) => of(e),
            Item::Table(_) => false,
        })
    };
    test(&expr.kind)
        || match &expr.kind {
            Kind::Error | Kind::Const(_) | Kind::Column(_) | Kind::Shared(_) => false,
            Kind::Call(_, args) | Kind::Window(_, args) => args.iter().any(of),
            Kind::Compare(_, a, b)
            | Kind::Arithmetic(_, a, b)
            | Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Text(_, _, _, a, b)
            | Kind::Index(a, b) => of(a) || of(b),
            Kind::Between(a, b, c, _) => of(a) || of(b) || of(c),
            Kind::HasList(_, a, items) | Kind::In(_, _, a, items) => of(a) || listed(items),
            Kind::Path(a, _) | Kind::Convert(a) => of(a),
        }
}

/// Cheap conditions go first: the dear ones then see fewer rows. Only a call can refuse a row, and calls keep
/// their order among each other, behind what cannot refuse.
fn cost(expr: &Expr) -> u8 {
    let has = |test: &dyn Fn(&Kind) -> bool| any(expr, test);
    if has(&|k| matches!(k, Kind::Text(TextTest::Regex, ..))) {
        4
    } else if has(&|k| matches!(k, Kind::Call(..) | Kind::Path(..) | Kind::Index(..))) {
        if ranged(expr).is_some() { 0 } else { 3 }
    } else if has(&|k| matches!(k, Kind::Text(..) | Kind::HasList(..) | Kind::In(..))) {
        2
    } else {
        u8::from(ranged(expr).is_none())
    }
}

/// A column compared with what is the same for all rows: its place, the operator or none for `between`, the bounds.
fn ranged(expr: &Expr) -> Option<(usize, Option<Compare>, &Expr, Option<&Expr>)> {
    match &expr.kind {
        Kind::Compare(op, a, b) => match (&a.kind, &b.kind) {
            (Kind::Column(at), _) if b.is_constant() => Some((*at, Some(*op), b, None)),
            (_, Kind::Column(at)) if a.is_constant() => Some((*at, Some(op.mirrored()), a, None)),
            _ => None,
        },
        Kind::Between(a, low, high, false) => match &a.kind {
            Kind::Column(at) if low.is_constant() && high.is_constant() => {
                Some((*at, None, low, Some(high)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The rows that a range over a column of times or whole numbers keeps; none where a condition is not one.
fn in_range(condition: &Expr, input: &Frame, runtime: &Runtime) -> Result<Option<Frame>, Stop> {
    let Some((at, op, bound, high)) = ranged(condition) else {
        return Ok(None);
    };
    let Some(lazy) = input.columns.get(at) else {
        return Ok(None);
    };
    let fits = |e: &Expr| match lazy.ty() {
        Type::Long => matches!(e.ty, Some(Type::Long | Type::Int)),
        ty @ (Type::DateTime | Type::TimeSpan) => e.ty == Some(ty),
        _ => false,
    };
    if !fits(bound) || high.is_some_and(|h| !fits(h)) {
        return Ok(None);
    }
    let number = |e: &Expr| Ok(convert::long(&constant(e, runtime)?));
    let (Some(low), Some(high)) = (
        number(bound)?,
        match high {
            Some(high) => number(high)?,
            None => Some(0),
        },
    ) else {
        return Ok(None);
    };
    let range = match op {
        None => low..=high,
        Some(Compare::Eq) => low..=low,
        Some(Compare::Ge) => low..=i64::MAX,
        Some(Compare::Le) => i64::MIN..=low,
        Some(Compare::Gt) => match low.checked_add(1) {
            Some(low) => low..=i64::MAX,
            None => return Ok(None),
        },
        Some(Compare::Lt) => match low.checked_sub(1) {
            Some(high) => i64::MIN..=high,
            None => return Ok(None),
        },
        Some(Compare::Ne) => return Ok(None),
    };
    let column = lazy.get();
    let Some(longs) = column.array.as_primitive_opt::<Int64Type>() else {
        return Ok(None);
    };
    let zones = match (lazy.origin(), runtime.catalog.memo()) {
        (Some((stored, None)), Some(memo)) => memo.zones(stored),
        _ => None,
    };
    Ok(Some(match zones::within(longs, zones.as_deref(), &range) {
        Some(rows) => input.take(&Arc::new(UInt32Array::from(rows))),
        None => input.clone(),
    }))
}

impl Operator for Filter {
    fn filters(&self) -> Option<BTreeSet<usize>> {
        let mut columns = BTreeSet::new();
        let mut conditions = self.conditions.iter();
        conditions
            .all(|condition| condition.reads(&mut columns))
            .then_some(columns)
    }

    fn run(&self, mut input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        for condition in &self.conditions {
            if input.rows == 0 {
                break;
            }
            runtime.check()?;
            input = match in_range(condition, &input, runtime)? {
                Some(kept) => kept,
                None => {
                    let truth = eval(condition, &input, runtime)?;
                    keep(input, &truth)
                }
            };
        }
        Ok(input)
    }
}

/// The rows whose truth is true.
pub fn keep(input: Frame, truth: &Datum) -> Frame {
    let column = match truth {
        Datum::Const(..) => {
            return match truth.truth(0) {
                Some(true) => input,
                _ => input.take(&Arc::new(UInt32Array::from(Vec::<u32>::new()))),
            };
        }
        Datum::Column(column) => column,
    };
    let Some(bools) = column.array.as_boolean_opt() else {
        return input;
    };
    let set = match bools.nulls() {
        Some(nulls) => bools.values() & nulls.inner(),
        None => bools.values().clone(),
    };
    let count = set.count_set_bits();
    if count == input.rows {
        return input;
    }
    let mut rows = Vec::with_capacity(count);
    rows.extend(set.set_indices_u32());
    input.take(&Arc::new(UInt32Array::from(rows)))
}
