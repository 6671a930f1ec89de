//! An expression over one column that has a dictionary is computed once for each distinct value, whole: nothing of the
//! length of the rows is made but the result.

use super::datum::{Datum, small_dictionary, spread};
use super::eval::eval;
use super::frame::{Frame, Lazy, nulls};
use super::{Runtime, Stop, bits};
use crate::kql::plan::{Expr, Item, Kind};
use crate::value::{Column, Type};
use arrow_array::cast::AsArray;
use arrow_array::{Array, Int32Array};

/// Fewer rows are computed one by one.
const FEW: usize = 4096;

/// The result for all rows; none where the expression is not of this kind, or a distinct value (which may be no
/// row's) cannot be computed.
///
/// # Errors
/// When cancelled.
pub fn over(expr: &Expr, frame: &Frame, runtime: &Runtime) -> Result<Option<Datum>, Stop> {
    if frame.rows < FEW || matches!(expr.kind, Kind::Column(_) | Kind::Const(_)) {
        return Ok(None);
    }
    let mut only = None;
    if !one_column(expr, &mut only) {
        return Ok(None);
    }
    let Some(at) = only else {
        return Ok(None);
    };
    let Some(lazy) = frame.columns.get(at) else {
        return Ok(None);
    };
    let column = lazy.get();
    let Some((dictionary, values)) = small_dictionary(column) else {
        return Ok(None);
    };
    if values.len() > frame.rows / 4 {
        return Ok(None);
    }
    // Each distinct value, and null behind them.
    let null = nulls(Type::Dynamic, 1);
    let Ok(array) = arrow_select::concat::concat(&[values as &dyn Array, null.array.as_ref()])
    else {
        return Ok(None);
    };
    let count = array.len();
    let distinct = Lazy::new(Column {
        ty: column.ty,
        array,
    });
    let none = Lazy::new(nulls(Type::Bool, 0));
    let columns = (0..=at).map(|i| {
        if i == at {
            distinct.clone()
        } else {
            none.clone()
        }
    });
    let mut small = Frame::of_columns(Vec::new(), count);
    small.columns = columns.collect();
    let each = match eval(expr, &small, runtime) {
        Ok(each) => each,
        Err(Stop::Cancelled) => return Err(Stop::Cancelled),
        Err(Stop::Failed(_)) => return Ok(None),
    };
    let each = match each {
        Datum::Const(..) => return Ok(Some(each)),
        Datum::Column(column) => column,
    };
    let last = count.saturating_sub(1);
    if let Some(bools) = each.array.as_boolean_opt() {
        let truth = |i: usize| (!bools.is_null(i)).then(|| bools.value(i));
        let truths: Vec<Option<bool>> = (0..last).map(truth).collect();
        let made = bits::spread(&truths, truth(last), dictionary.keys());
        return Ok(Some(Datum::bools(made)));
    }
    let missing = i32::try_from(last).unwrap_or(0);
    let keys: Int32Array = match dictionary.null_count() {
        0 => dictionary.keys().clone(),
        _ => dictionary
            .keys()
            .iter()
            .map(|k| Some(k.unwrap_or(missing)))
            .collect(),
    };
    Ok(Some(Datum::Column(spread(
        &super::call::plain(&each),
        &keys,
    ))))
}

/// Whether an expression looks at one column of its own row at most, and always gives the same for the same value.
fn one_column(expr: &Expr, only: &mut Option<usize>) -> bool {
    let mut all = |parts: &[&Expr]| parts.iter().all(|e| one_column(e, only));
    match &expr.kind {
        Kind::Const(_) | Kind::Shared(_) => true,
        Kind::Error | Kind::Window(..) => false,
        Kind::Column(at) => *only.get_or_insert(*at) == *at,
        Kind::Call(function, args) => {
            function.constant_foldable() && args.iter().all(|e| one_column(e, only))
        }
        Kind::Compare(_, a, b)
        | Kind::Arithmetic(_, a, b)
        | Kind::And(a, b)
        | Kind::Or(a, b)
        | Kind::Text(_, _, _, a, b)
        | Kind::Index(a, b) => all(&[a, b]),
        Kind::Between(a, b, c, _) => all(&[a, b, c]),
        Kind::HasList(_, a, items) | Kind::In(_, _, a, items) => {
            all(&[a])
                && items.iter().all(|item| match item {
                    Item::Scalar(e) => one_column(e, only),
                    Item::Table(_) => true,
                })
        }
        Kind::Path(a, _) | Kind::Convert(a) => all(&[a]),
    }
}
