//! Aggregates over typed columns without a value a row. What is not here goes through the aggregate's own code;
//! a test holds both to the same results.

use super::Input;
use crate::kql::run::compare::Numbers;
use crate::kql::run::datum::Datum;
use crate::kql::run::keys;
use crate::value::{Column, ColumnBuilder, Type, Value};
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::sync::Arc;

/// Most bits of a table that says which values a group has met: 32 MB.
const MOST_BITS: usize = 1 << 28;

/// The aggregate's values; none where there is no faster way than its own code.
pub fn compute(name: &str, input: &Input) -> Option<Column> {
    let Some(Datum::Column(column)) = input.args.first() else {
        return None;
    };
    let numbers = || Numbers::of_column(column);
    match name {
        "sum" | "sumif" => sum(&numbers(), input),
        "avg" | "avgif" => average(&numbers(), input),
        "min" | "minif" => extreme(&numbers(), input, Ordering::Less),
        "max" | "maxif" => extreme(&numbers(), input, Ordering::Greater),
        "dcount" | "dcountif" | "count_distinct" | "count_distinctif" => distinct(column, input),
        "make_set" | "make_set_if" if input.args.len() == 1 && column.ty == Type::String => {
            set(column, input)
        }
        _ => None,
    }
}

fn column(ty: Type, values: impl Iterator<Item = Value>) -> Column {
    let mut builder = ColumnBuilder::new(ty);
    for value in values {
        builder.push(&value);
    }
    builder.finish()
}

fn whole(ty: Type, value: i64) -> Option<Value> {
    Some(match ty {
        Type::Int => Value::Int(i32::try_from(value).ok()?),
        Type::Long => Value::Long(value),
        Type::DateTime => Value::DateTime(value),
        Type::TimeSpan => Value::TimeSpan(value),
        _ => return None,
    })
}

/// Whether numbers are read from an array of whole numbers or reals.
fn typed(numbers: &Numbers) -> bool {
    matches!(
        numbers,
        Numbers::Long(_) | Numbers::Int(_) | Numbers::Real(_)
    )
}

fn sum(numbers: &Numbers, input: &Input) -> Option<Column> {
    if input.ty == Type::Real && typed(numbers) {
        let mut sums = vec![0.0; input.groups.count];
        for (row, group) in input.rows() {
            if let (Some(value), Some(sum)) = (numbers.real(row), sums.get_mut(group)) {
                *sum += value;
            }
        }
        return Some(column(Type::Real, sums.into_iter().map(Value::Real)));
    }
    if !matches!(input.ty, Type::Long | Type::TimeSpan)
        || !matches!(numbers, Numbers::Long(_) | Numbers::Int(_))
    {
        return None;
    }
    let mut sums = vec![0i64; input.groups.count];
    for (row, group) in input.rows() {
        if let (Some(value), Some(sum)) = (numbers.long(row), sums.get_mut(group)) {
            *sum = sum.wrapping_add(value);
        }
    }
    let values = sums.into_iter().filter_map(|s| whole(input.ty, s));
    Some(column(input.ty, values))
}

fn average(numbers: &Numbers, input: &Input) -> Option<Column> {
    if input.ty != Type::Real || !typed(numbers) {
        return None;
    }
    let mut sums = vec![(0.0f64, 0u64); input.groups.count];
    for (row, group) in input.rows() {
        if let (Some(value), Some((sum, count))) = (numbers.real(row), sums.get_mut(group)) {
            *sum += value;
            *count += 1;
        }
    }
    let means = sums.into_iter().map(|(sum, count)| sum / count as f64);
    Some(column(Type::Real, means.map(Value::Real)))
}

fn extreme(numbers: &Numbers, input: &Input, wanted: Ordering) -> Option<Column> {
    if let (Numbers::Real(_), Type::Real) = (numbers, input.ty) {
        let mut best: Vec<Option<f64>> = vec![None; input.groups.count];
        for (row, group) in input.rows() {
            if let (Some(value), Some(slot)) = (numbers.real(row), best.get_mut(group))
                && slot.is_none_or(|b| value.partial_cmp(&b) == Some(wanted))
            {
                *slot = Some(value);
            }
        }
        let values = best.into_iter().map(|b| b.map_or(Value::Null, Value::Real));
        return Some(column(input.ty, values));
    }
    whole(input.ty, 0)?;
    if !matches!(numbers, Numbers::Long(_) | Numbers::Int(_)) {
        return None;
    }
    let mut best: Vec<Option<i64>> = vec![None; input.groups.count];
    for (row, group) in input.rows() {
        if let (Some(value), Some(slot)) = (numbers.long(row), best.get_mut(group))
            && slot.is_none_or(|b| value.cmp(&b) == wanted)
        {
            *slot = Some(value);
        }
    }
    let value = |b: Option<i64>| b.and_then(|b| whole(input.ty, b)).unwrap_or(Value::Null);
    Some(column(input.ty, best.into_iter().map(value)))
}

/// Calls `first` for every row whose value its group meets for the first time; null is not a value.
fn firsts(values: &Column, input: &Input, mut first: impl FnMut(usize, usize)) -> Option<()> {
    let rows = values.len();
    let numbers = keys::number(&[vec![values.clone()]], &[rows]).pop()?;
    let width = numbers.iter().max().map_or(0, |n| *n as usize + 1);
    let bits = width.checked_mul(input.groups.count)?;
    if bits > MOST_BITS {
        return None;
    }
    let mut met = vec![0u64; bits.div_ceil(64)];
    for (row, group) in input.rows() {
        let number = *numbers.get(row)? as usize;
        let at = group * width + number;
        let word = met.get_mut(at / 64)?;
        let bit = 1u64 << (at % 64);
        if *word & bit == 0 && !values.is_null(row) {
            *word |= bit;
            first(row, group);
        }
    }
    Some(())
}

fn distinct(values: &Column, input: &Input) -> Option<Column> {
    let mut counts = vec![0i64; input.groups.count];
    firsts(values, input, |_, group| {
        if let Some(count) = counts.get_mut(group) {
            *count += 1;
        }
    })?;
    Some(column(Type::Long, counts.into_iter().map(Value::Long)))
}

fn set(values: &Column, input: &Input) -> Option<Column> {
    let mut sets: Vec<Vec<Json>> = vec![Vec::new(); input.groups.count];
    firsts(values, input, |row, group| {
        if let Some(set) = sets.get_mut(group) {
            set.push(Json::from(values.text(row)));
        }
    })?;
    // The limit of a set is the aggregate's own business.
    if sets.iter().any(|s| s.len() > 100_000) {
        return None;
    }
    let sets = sets
        .into_iter()
        .map(|s| Value::Dynamic(Arc::new(Json::Array(s))));
    Some(column(Type::Dynamic, sets))
}

/// The row of each group whose key is largest or smallest, the first of equals; a row with a null key only where
/// there is no other. None for keys that are not whole numbers.
pub fn extreme_rows(
    key: &Datum,
    wanted: Ordering,
    keep: Option<&[bool]>,
    groups: &super::Groups,
) -> Option<Vec<Option<u32>>> {
    let numbers = match key {
        Datum::Column(column) => Numbers::of_column(column),
        Datum::Const(..) => return None,
    };
    if !matches!(numbers, Numbers::Long(_) | Numbers::Int(_)) {
        return None;
    }
    let mut picked: Vec<Option<(u32, Option<i64>)>> = vec![None; groups.count];
    for (row, group) in groups.of.iter().enumerate() {
        if !keep.is_none_or(|k| k.get(row).copied().unwrap_or(false)) {
            continue;
        }
        let Some(slot) = picked.get_mut(*group as usize) else {
            continue;
        };
        let value = numbers.long(row);
        let better = match (slot.as_ref(), value) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((_, None)), Some(_)) => true,
            (Some((_, Some(best))), Some(value)) => value.cmp(best) == wanted,
        };
        if better {
            *slot = Some((row as u32, value));
        }
    }
    Some(picked.into_iter().map(|p| p.map(|(row, _)| row)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kql::aggregates::{Groups, find};

    fn random(rng: &mut fastrand::Rng, ty: Type) -> Value {
        let words = ["", "a", "A", "zoë", "b b", "\""];
        match ty {
            _ if rng.u8(..5) == 0 => Value::Null,
            Type::String => Value::String(Arc::from(words[rng.usize(..words.len())])),
            Type::Dynamic => Value::Dynamic(Arc::new(serde_json::json!([rng.u8(..3), "x"]))),
            Type::Bool => Value::Bool(rng.bool()),
            Type::Int => Value::Int(rng.i32(-3..3)),
            Type::Real => Value::Real([f64::NAN, -0.0, 0.0, 1.5, f64::INFINITY][rng.usize(..5)]),
            Type::DateTime => Value::DateTime(rng.i64(0..9)),
            Type::TimeSpan => Value::TimeSpan(rng.i64(-5..5)),
            _ => Value::Long([i64::MAX, i64::MIN, 0, 1, -7][rng.usize(..5)]),
        }
    }

    /// Equal also where both are NaN.
    fn same(a: &Value, b: &Value) -> bool {
        format!("{a:?}") == format!("{b:?}")
    }

    #[test]
    fn typed_columns_get_the_results_of_the_aggregates_own_code() {
        let mut rng = fastrand::Rng::with_seed(5);
        let names = [
            "sum",
            "sumif",
            "avg",
            "avgif",
            "min",
            "minif",
            "max",
            "maxif",
            "dcount",
            "dcountif",
            "count_distinct",
            "count_distinctif",
            "make_set",
            "make_set_if",
        ];
        let types = [
            Type::Bool,
            Type::Int,
            Type::Long,
            Type::Real,
            Type::String,
            Type::DateTime,
            Type::TimeSpan,
            Type::Dynamic,
        ];
        let mut fast = 0;
        for (name, ty, rows) in names
            .iter()
            .flat_map(|n| types.map(|t| (*n, t)))
            .flat_map(|(n, t)| [0usize, 1, 200].map(|r| (n, t, r)))
        {
            let aggregate = find(name).expect("an aggregate");
            for coded in [true, false] {
                let mut builder = if coded {
                    ColumnBuilder::new(ty)
                } else {
                    ColumnBuilder::plain(ty)
                };
                for _ in 0..rows {
                    builder.push(&random(&mut rng, ty));
                }
                let Some(result) = (aggregate.result)(&[ty]) else {
                    continue;
                };
                let args = [Datum::Column(builder.finish())];
                let groups = Groups {
                    of: (0..rows).map(|_| rng.u32(..4)).collect(),
                    count: 5,
                };
                let keep = aggregate
                    .predicate
                    .map(|_| (0..rows).map(|_| rng.bool()).collect());
                let input = Input {
                    args: &args,
                    keep,
                    groups: &groups,
                    ty: result,
                };
                let Some(made) = compute(name, &input) else {
                    continue;
                };
                fast += 1;
                let slow = (aggregate.body)(&input);
                assert_eq!((made.ty, made.len()), (slow.ty, slow.len()));
                for group in 0..5 {
                    let (made, slow) = (made.value(group), slow.value(group));
                    assert!(same(&made, &slow), "{name} of {ty}: {made:?}, {slow:?}");
                }
            }
        }
        assert!(fast > 100, "{fast} were compared");
    }
}
