//! `in`, `has_any`, `has_all`: an operand against a list of values, arrays or a table's first column.

use super::compare::{self, Compare};
use super::datum::Datum;
use super::eval::{self, map_rows};
use super::frame::Frame;
use super::hash::Set;
use super::terms::{Matcher, fold, fold_in};
use super::text::test_column;
use super::{Runtime, Stop, convert};
use crate::kql::plan::{Expr, Item};
use crate::kql::syntax::tree::TextTest;
use crate::value::{Type, Value};
use serde_json::Value as Json;

/// The list: values that are the same for all rows, and those that differ.
struct List {
    fixed: Vec<(Value, Type)>,
    each: Vec<Datum>,
}

fn spread_array(value: Value, ty: Type, into: &mut Vec<(Value, Type)>) {
    match &value {
        Value::Dynamic(json) => match json.as_ref() {
            Json::Array(items) => {
                for item in items {
                    let scalar = convert::scalar(item);
                    let ty = match scalar {
                        Value::String(_) => Type::String,
                        Value::Bool(_) => Type::Bool,
                        Value::Long(_) => Type::Long,
                        Value::Real(_) => Type::Real,
                        _ => Type::Dynamic,
                    };
                    into.push((scalar, ty));
                }
            }
            _ => into.push((value, ty)),
        },
        _ => into.push((value, ty)),
    }
}

fn list(items: &[Item], frame: &Frame, runtime: &Runtime) -> Result<List, Stop> {
    let mut list = List {
        fixed: Vec::new(),
        each: Vec::new(),
    };
    for item in items {
        match item {
            Item::Scalar(expr) => match eval::eval(expr, frame, runtime)? {
                Datum::Const(value, ty) => {
                    spread_array(super::datum::normal(ty, value), ty, &mut list.fixed);
                }
                column => list.each.push(column),
            },
            Item::Table(plan) => {
                let rows = runtime.rows(plan)?;
                if let Some(column) = rows.columns.first() {
                    let column = column.get();
                    for row in 0..rows.rows {
                        spread_array(column.value(row), column.ty, &mut list.fixed);
                    }
                }
            }
        }
    }
    Ok(list)
}

fn equal(a: &Value, ta: Type, b: &Value, tb: Type, ignore_case: bool) -> bool {
    let text = matches!(ta, Type::String | Type::Dynamic) && matches!(b, Value::String(_));
    if ignore_case && text {
        return !a.is_null() && fold(&convert::text(a)) == fold(&convert::text(b));
    }
    compare::values(Compare::Eq, a, ta, b, tb) == Some(true)
}

/// `operand [!]in[~] (items)`. Never null: a null is in no list.
///
/// # Errors
/// When cancelled or at a limit.
pub fn is_in(
    ignore_case: bool,
    negated: bool,
    operand: &Expr,
    items: &[Item],
    frame: &Frame,
    runtime: &Runtime,
) -> Result<Datum, Stop> {
    let list = list(items, frame, runtime)?;
    let operand = eval::eval(operand, frame, runtime)?;
    let ty = operand.ty();
    if list.each.is_empty() {
        let all_text = list
            .fixed
            .iter()
            .all(|(v, _)| matches!(v, Value::String(_)));
        if all_text && matches!(ty, Type::String | Type::Guid | Type::Dynamic) {
            let texts: Set<String> = list
                .fixed
                .iter()
                .map(|(v, _)| match ignore_case {
                    true => fold(&convert::text(v)).into_owned(),
                    false => convert::text(v).to_string(),
                })
                .collect();
            let test = |text: &str| match ignore_case {
                true => texts.contains(fold(text).as_ref()),
                false => texts.contains(text),
            };
            return Ok(match &operand {
                Datum::Column(column) if ty == Type::String => {
                    let test = |t: &str, _: &mut String| test(t) != negated;
                    Datum::bools(test_column(column, &runtime.options.cancel, test)?)
                }
                _ => map_rows(&[&operand], frame.rows, Type::Bool, |args| {
                    let found = args
                        .first()
                        .is_some_and(|v| !v.is_null() && test(&convert::text(v)));
                    Value::Bool(found != negated)
                }),
            });
        }
        let whole = |v: &Value| {
            matches!(
                v,
                Value::Int(_) | Value::Long(_) | Value::DateTime(_) | Value::TimeSpan(_)
            )
        };
        if list.fixed.iter().all(|(v, _)| whole(v))
            && !matches!(
                ty,
                Type::Real | Type::Decimal | Type::Dynamic | Type::String
            )
        {
            let longs: Set<i64> = list
                .fixed
                .iter()
                .filter_map(|(v, _)| convert::long(v))
                .collect();
            return Ok(map_rows(&[&operand], frame.rows, Type::Bool, |args| {
                let found = args
                    .first()
                    .and_then(convert::long)
                    .is_some_and(|n| longs.contains(&n));
                Value::Bool(found != negated)
            }));
        }
        return Ok(map_rows(&[&operand], frame.rows, Type::Bool, |args| {
            let Some(value) = args.first() else {
                return Value::Null;
            };
            let found = list
                .fixed
                .iter()
                .any(|(v, t)| equal(value, ty, v, *t, ignore_case));
            Value::Bool(found != negated)
        }));
    }
    let mut args: Vec<&Datum> = vec![&operand];
    args.extend(list.each.iter());
    let types: Vec<Type> = list.each.iter().map(Datum::ty).collect();
    Ok(map_rows(&args, frame.rows, Type::Bool, |args| {
        let Some((value, rest)) = args.split_first() else {
            return Value::Null;
        };
        let mut own = Vec::new();
        for (item, ty) in rest.iter().zip(&types) {
            spread_array(item.clone(), *ty, &mut own);
        }
        let found = own
            .iter()
            .chain(&list.fixed)
            .any(|(v, t)| equal(value, ty, v, *t, ignore_case));
        Value::Bool(found != negated)
    }))
}

/// `operand has_any (items)` (or `has_all`). An empty list: any is false, all is true.
///
/// # Errors
/// When cancelled or at a limit.
pub fn has_list(
    all: bool,
    operand: &Expr,
    items: &[Item],
    frame: &Frame,
    runtime: &Runtime,
) -> Result<Datum, Stop> {
    let list = list(items, frame, runtime)?;
    let operand = eval::eval(operand, frame, runtime)?;
    let matchers: Vec<Matcher> = list
        .fixed
        .iter()
        .map(|(v, _)| Matcher::new(TextTest::Has, false, &convert::text(v)))
        .collect();
    let fixed = |text: &str| {
        let text = fold(text);
        if all {
            matchers.iter().all(|m| m.folded(&text))
        } else {
            matchers.iter().any(|m| m.folded(&text))
        }
    };
    if list.each.is_empty() {
        return Ok(match &operand {
            Datum::Const(value, _) => {
                Datum::Const(Value::Bool(fixed(&convert::text(value))), Type::Bool)
            }
            Datum::Column(column) => {
                let test = |text: &str, room: &mut String| {
                    let text = fold_in(text, room);
                    if all {
                        matchers.iter().all(|m| m.folded(text))
                    } else {
                        matchers.iter().any(|m| m.folded(text))
                    }
                };
                Datum::bools(test_column(column, &runtime.options.cancel, test)?)
            }
        });
    }
    let mut args: Vec<&Datum> = vec![&operand];
    args.extend(list.each.iter());
    Ok(map_rows(&args, frame.rows, Type::Bool, |args| {
        let Some((value, rest)) = args.split_first() else {
            return Value::Null;
        };
        let text = convert::text(value);
        let mut own = Vec::new();
        for item in rest {
            spread_array(item.clone(), Type::Dynamic, &mut own);
        }
        let has = |v: &Value| Matcher::new(TextTest::Has, false, &convert::text(v)).matches(&text);
        let found = if all {
            own.iter().all(|(v, _)| has(v)) && fixed(&text)
        } else {
            own.iter().any(|(v, _)| has(v)) || fixed(&text)
        };
        Value::Bool(found)
    }))
}
