//! Percentiles of weighted values, and several percentiles as one array.

use super::{Aggregate, Input};
use crate::kql::functions::Param;
use crate::kql::functions::sketches::Digest;
use crate::kql::run::convert;
use crate::kql::run::datum::Datum;
use crate::value::{Column, ColumnBuilder, Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// The type of a percentile of values: whole numbers are longs.
pub fn result(types: &[Type]) -> Option<Type> {
    Some(match types.first()? {
        Type::Int | Type::Long => Type::Long,
        Type::Real | Type::Decimal => Type::Real,
        ty @ (Type::DateTime | Type::TimeSpan) => *ty,
        _ => return None,
    })
}

/// The values of each group with their weights.
fn digests(input: &Input, weighted: bool) -> Vec<Digest> {
    let ty = input.args.first().map_or(Type::Real, Datum::ty);
    let ty = result(&[ty]).unwrap_or(Type::Real);
    let mut lists: Vec<Vec<(Value, i64)>> = vec![Vec::new(); input.groups.count];
    for (row, group) in input.rows() {
        let value = convert::convert(&input.value(row), ty);
        let weight = match input.args.get(1).filter(|_| weighted) {
            None => Some(1),
            Some(weights) => convert::long(&weights.value(row)).filter(|w| *w > 0),
        };
        if let (false, Some(weight), Some(list)) = (value.is_null(), weight, lists.get_mut(group)) {
            list.push((value, weight));
        }
    }
    lists.into_iter().map(|list| Digest::of(ty, list)).collect()
}

fn weighted(input: &Input) -> Column {
    let percent = input.constant(2).as_ref().and_then(convert::real);
    let mut builder = ColumnBuilder::new(input.ty);
    for digest in digests(input, true) {
        let found = digest.percentile(percent.unwrap_or(50.0));
        builder.push(found.unwrap_or(&Value::Null));
    }
    builder.finish()
}

/// All percents behind the values (and weights), one by one or as an array.
fn arrays(input: &Input, weighted: bool) -> Column {
    let first = if weighted { 2 } else { 1 };
    let mut percents: Vec<f64> = Vec::new();
    for at in first..input.args.len() {
        match input.constant(at) {
            Some(Value::Dynamic(json)) => match json.as_array() {
                Some(all) => percents.extend(all.iter().filter_map(Json::as_f64)),
                None => percents.extend(json.as_f64()),
            },
            Some(value) => percents.extend(convert::real(&value)),
            None => {}
        }
    }
    let mut builder = ColumnBuilder::new(Type::Dynamic);
    for digest in digests(input, weighted) {
        if digest.values.is_empty() {
            builder.push(&Value::Null);
            continue;
        }
        let each = percents.iter().map(|p| digest.percentile(*p));
        let each = each.map(|v| v.map_or(Json::Null, convert::json)).collect();
        builder.push(&Value::Dynamic(Arc::new(Json::Array(each))));
    }
    builder.finish()
}

/// Values, a weight, and up to 64 percents.
const MANY: [Param; 66] = [Param::Any; 66];

pub const AGGREGATES: &[Aggregate] = &[
    Aggregate {
        names: &["percentilew"],
        signature: "percentilew(value, weight:long, percent)",
        doc: "The value below which so many percent of the group lie, each value counted as often as its weight says (nearest rank).",
        params: &[Param::Any, Param::Integer, Param::Number],
        optional: 0,
        predicate: None,
        prefix: Some("percentile"),
        result,
        body: weighted,
    },
    Aggregate {
        names: &["percentiles_array"],
        signature: "percentiles_array(value, percent, …)",
        doc: "Several percentiles as one array; percents one by one or as an array.",
        params: &MANY,
        optional: 64,
        predicate: None,
        prefix: Some("percentiles"),
        result: |types| result(types).map(|_| Type::Dynamic),
        body: |input| arrays(input, false),
    },
    Aggregate {
        names: &["percentilesw_array"],
        signature: "percentilesw_array(value, weight:long, percent, …)",
        doc: "Several percentiles of weighted values as one array; percents one by one or as an array.",
        params: &MANY,
        optional: 63,
        predicate: None,
        prefix: Some("percentiles"),
        result: |types| result(types).map(|_| Type::Dynamic),
        body: |input| arrays(input, true),
    },
];
