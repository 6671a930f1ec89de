//! Evaluates scalar expressions over a frame, column by column.

use super::call::Call;
use super::datum::{Datum, normal, small_dictionary, spread};
use super::frame::Frame;
use super::{
    MAX_TEXT, Runtime, Stop, arithmetic, bits, compare, convert, lists, path, text, window,
};
use crate::diagnostic::Span;
use crate::kql::plan::{Expr, Kind, Step};
use crate::value::{Column, ColumnBuilder, Type, Value};
use arrow_array::{Array, Int32Array};
use std::sync::Arc;

/// Evaluates an expression for every row of a frame.
///
/// # Errors
/// When cancelled or at a limit.
pub fn eval(expr: &Expr, frame: &Frame, runtime: &Runtime) -> Result<Datum, Stop> {
    if let Some(made) = super::distinct::over(expr, frame, runtime)? {
        return Ok(made);
    }
    let rows = frame.rows;
    let ty = expr.type_or_dynamic();
    Ok(match &expr.kind {
        Kind::Error => Datum::Const(Value::Null, ty),
        Kind::Const(value) => Datum::Const(normal(ty, value.clone()), ty),
        Kind::Column(at) => match frame.columns.get(*at) {
            Some(column) => Datum::Column(column.get().clone()),
            None => Datum::Const(Value::Null, ty),
        },
        Kind::Shared(shared) => Datum::Const(normal(ty, runtime.scalar(shared)?), ty),
        Kind::Call(function, args) => {
            let mut data = Vec::with_capacity(args.len());
            for arg in args {
                data.push(eval(arg, frame, runtime)?);
            }
            runtime.check()?;
            let call = Call {
                function,
                ty,
                span: expr.span,
                runtime,
            };
            call.over(&data, rows)?
        }
        Kind::Window(window, args) => {
            let mut data = Vec::with_capacity(args.len());
            for arg in args {
                data.push(eval(arg, frame, runtime)?);
            }
            runtime.check()?;
            window::compute(*window, &data, ty, rows)
        }
        Kind::Compare(op, a, b) => {
            let (a, b) = (eval(a, frame, runtime)?, eval(b, frame, runtime)?);
            compare::compare(*op, &a, &b, rows)
        }
        Kind::Arithmetic(op, a, b) => {
            let (a, b) = (eval(a, frame, runtime)?, eval(b, frame, runtime)?);
            arithmetic::compute(*op, &a, &b, ty, rows)
        }
        Kind::And(a, b) => {
            let (a, b) = (eval(a, frame, runtime)?, eval(b, frame, runtime)?);
            both(&a, &b, rows, false)
        }
        Kind::Or(a, b) => {
            let (a, b) = (eval(a, frame, runtime)?, eval(b, frame, runtime)?);
            both(&a, &b, rows, true)
        }
        Kind::Between(operand, low, high, negated) => {
            let operand = eval(operand, frame, runtime)?;
            let (low, high) = (eval(low, frame, runtime)?, eval(high, frame, runtime)?);
            let above = compare::compare(compare::Compare::Ge, &operand, &low, rows);
            let below = compare::compare(compare::Compare::Le, &operand, &high, rows);
            let inside = both(&above, &below, rows, false);
            match negated {
                true => bits::not(&inside).unwrap_or(inside),
                false => inside,
            }
        }
        Kind::Text(which, case, negated, a, b) => {
            let (a, b) = (eval(a, frame, runtime)?, eval(b, frame, runtime)?);
            runtime.check()?;
            let made = text::test(*which, *case, *negated, &a, &b, rows, runtime);
            runtime.check()?;
            made
        }
        Kind::HasList(all, operand, items) => {
            lists::has_list(*all, operand, items, frame, runtime)?
        }
        Kind::In(fold, negated, operand, items) => {
            lists::is_in(*fold, *negated, operand, items, frame, runtime)?
        }
        Kind::Path(base, steps) => {
            if let Some(column) = known_path(base, steps, frame, runtime)? {
                return Ok(Datum::Column(column));
            }
            let base = eval(base, frame, runtime)?;
            runtime.check()?;
            path::extract(&base, steps, rows, &runtime.options.cancel)?
        }
        Kind::Index(base, index) => {
            let (base, index) = (eval(base, frame, runtime)?, eval(index, frame, runtime)?);
            map_rows(&[&base, &index], rows, Type::Dynamic, |args| match args {
                [base, index] => path::index(base, index),
                _ => Value::Null,
            })
        }
        Kind::Convert(inner) => to_type(eval(inner, frame, runtime)?, ty, rows),
    })
}

/// A path into a column of the catalog that is known for all its rows.
fn known_path(
    base: &Expr,
    steps: &[Step],
    frame: &Frame,
    runtime: &Runtime,
) -> Result<Option<Column>, Stop> {
    let Kind::Column(at) = &base.kind else {
        return Ok(None);
    };
    let (Some((column, rows)), Some(memo)) = (
        frame.columns.get(*at).and_then(|c| c.origin()),
        runtime.catalog.memo(),
    ) else {
        return Ok(None);
    };
    let known = memo.path(column, steps, frame.rows, &runtime.options.cancel)?;
    Ok(known.map(|known| match rows {
        Some(rows) => super::frame::gather(&known, rows),
        None => known,
    }))
}

/// The value of an expression without columns.
///
/// # Errors
/// When cancelled or at a limit.
pub fn constant(expr: &Expr, runtime: &Runtime) -> Result<Value, Stop> {
    let one = Frame::of_columns(Vec::new(), 1);
    let datum = eval(expr, &one, runtime)?;
    let value = datum.value(0);
    check_size(&value, expr.span)?;
    Ok(value)
}

/// A conversion of all rows to a type.
pub fn to_type(datum: Datum, ty: Type, rows: usize) -> Datum {
    if datum.ty() == ty {
        return datum;
    }
    // The text of a dynamic column: no value is built on the way.
    if ty == Type::String
        && let Datum::Column(column) = &datum
        && column.ty == Type::Dynamic
    {
        return Datum::Column(dynamic_to_text(column));
    }
    map_rows(&[&datum], rows, ty, |args| {
        args.first()
            .map_or(Value::Null, |v| convert::convert(v, ty))
    })
}

fn dynamic_to_text(column: &Column) -> Column {
    if let Some((dictionary, values)) = small_dictionary(column) {
        let mut builder = arrow_array::builder::StringBuilder::new();
        for value in values {
            builder.append_value(value.map_or("".into(), text::dynamic_text));
        }
        builder.append_value("");
        let missing = i32::try_from(values.len()).unwrap_or(0);
        let keys: Int32Array = if dictionary.null_count() == 0 {
            dictionary.keys().clone()
        } else {
            let keys = dictionary.keys().iter();
            keys.map(|k| Some(k.unwrap_or(missing))).collect()
        };
        let each = Column {
            ty: Type::String,
            array: Arc::new(builder.finish()),
        };
        return spread(&each, &keys);
    }
    let mut builder = ColumnBuilder::new(Type::String);
    for row in 0..column.len() {
        if column.array.is_null(row) {
            builder.push_null();
        } else {
            builder.push_text(&text::dynamic_text(column.text(row)));
        }
    }
    builder.finish()
}

/// `and`, or `or`, of two truths of every row.
fn both(a: &Datum, b: &Datum, rows: usize, or: bool) -> Datum {
    if let (Datum::Const(..), Datum::Const(..)) = (a, b) {
        let one = bits::junction(a, b, 1, or).and_then(|d| d.truth(0));
        return Datum::Const(one.map_or(Value::Null, Value::Bool), Type::Bool);
    }
    // Operands are truths: the analysis saw to it. Anything else is unknown.
    let unknown = || Datum::Const(Value::Null, Type::Bool);
    bits::junction(a, b, rows, or).unwrap_or_else(unknown)
}

/// Computes a result row by row; once where nothing differs, once per distinct value where one operand
/// has a dictionary and the others are the same for all rows.
pub fn map_rows(args: &[&Datum], rows: usize, ty: Type, of: impl Fn(&[Value]) -> Value) -> Datum {
    let columns: Vec<usize> = (0..args.len())
        .filter(|i| matches!(args.get(*i), Some(Datum::Column(_))))
        .collect();
    let mut values: Vec<Value> = args
        .iter()
        .map(|a| match a {
            Datum::Const(..) => a.value(0),
            Datum::Column(_) => Value::Null,
        })
        .collect();
    let set = |values: &mut Vec<Value>, at: usize, value: Value| {
        if let Some(slot) = values.get_mut(at) {
            *slot = value;
        }
    };
    if columns.is_empty() {
        return Datum::Const(normal(ty, of(&values)), ty);
    }
    if let [at] = columns.as_slice()
        && let Some(Datum::Column(column)) = args.get(*at)
        && let Some((dictionary, distinct)) = small_dictionary(column)
    {
        let each = Column {
            ty: column.ty,
            array: Arc::new(distinct.clone()),
        };
        let mut builder = ColumnBuilder::plain(ty);
        // A value that no row has any more must not be asked for: it may be one that is refused.
        let mut used = vec![false; distinct.len()];
        for key in dictionary.keys().iter().flatten() {
            if let Some(slot) = usize::try_from(key).ok().and_then(|k| used.get_mut(k)) {
                *slot = true;
            }
        }
        for (row, used) in used.iter().enumerate() {
            if *used {
                set(&mut values, *at, each.value(row));
                builder.push(&of(&values));
            } else {
                builder.push(&Value::Null);
            }
        }
        let mut keys = dictionary.keys().clone();
        if dictionary.null_count() > 0 {
            set(&mut values, *at, normal(column.ty, Value::Null));
            builder.push(&of(&values));
            let missing = i32::try_from(distinct.len()).unwrap_or(0);
            keys = keys.iter().map(|k| Some(k.unwrap_or(missing))).collect();
        }
        return Datum::Column(spread(&builder.finish(), &keys));
    }
    let coded = columns.iter().filter_map(|at| match args.get(*at) {
        Some(Datum::Column(column)) => Some(column),
        _ => None,
    });
    if let Some((firsts, codes)) = super::tuples::combinations(&coded.collect::<Vec<_>>(), rows) {
        let mut builder = ColumnBuilder::plain(ty);
        for row in firsts {
            for at in &columns {
                if let Some(arg) = args.get(*at) {
                    set(&mut values, *at, arg.value(row));
                }
            }
            builder.push(&of(&values));
        }
        return Datum::Column(spread(&builder.finish(), &Int32Array::from(codes)));
    }
    let mut builder = ColumnBuilder::new(ty);
    for row in 0..rows {
        for at in &columns {
            if let Some(arg) = args.get(*at) {
                set(&mut values, *at, arg.value(row));
            }
        }
        builder.push(&of(&values));
    }
    Datum::Column(builder.finish())
}

/// Refuses a text or dynamic value that grew too large.
///
/// # Errors
/// The limit, at a place.
pub fn check_size(value: &Value, span: Span) -> Result<(), Stop> {
    let size = match value {
        Value::String(s) => s.len(),
        Value::Dynamic(j) => json_size(j),
        _ => 0,
    };
    if size > MAX_TEXT {
        return Err(Stop::limit(
            span,
            format!("A value here is larger than {} MB", MAX_TEXT >> 20),
        ));
    }
    Ok(())
}

fn json_size(json: &serde_json::Value) -> usize {
    use serde_json::Value as Json;
    match json {
        Json::String(s) => s.len() + 2,
        Json::Array(items) => items.iter().map(|i| json_size(i) + 1).sum::<usize>() + 2,
        Json::Object(bag) => {
            bag.iter()
                .map(|(k, v)| k.len() + 4 + json_size(v))
                .sum::<usize>()
                + 2
        }
        _ => 8,
    }
}
