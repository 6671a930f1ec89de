//! What is done with the results of `hll()` and `tdigest()`. They are exact here: an `hll` is the array of
//! the hashes of all different values, a `tdigest` an array of the values' type, the values in order and how
//! often each occurs. The platform keeps estimates in a form of its own.

use super::Param::{Any, Dynamic, Real};
use super::entry::{array, dynamic, entry, long, made, real};
use super::{Context, Function, Naming};
use crate::kql::run::{compare, convert};
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub const FUNCTIONS: &[Function] = &[
    Function {
        naming: Naming::Prefix("dcount_hll"),
        ..entry(
            &["dcount_hll"],
            "dcount_hll(hll:dynamic)",
            "How many different values a result of hll() has; exact here, an estimate on the platform.",
            &[Dynamic],
            (0, 0),
            long,
            |_, a| array(a, 0).map_or(Value::Null, |hashes| Value::Long(hashes.len() as i64)),
        )
    },
    Function {
        naming: Naming::Only("hll_merged_result"),
        ..entry(
            &["hll_merge"],
            "hll_merge(hll:dynamic, hll:dynamic, …)",
            "One result of hll() for the values of several.",
            &[Dynamic, Dynamic],
            (0, 1),
            dynamic,
            |_, a| {
                let all = (0..a.len()).filter_map(|at| array(a, at));
                merge_hashes(all.flatten()).map_or(Value::Null, made)
            },
        )
    },
    Function {
        naming: Naming::Only("tdigests_merge_result"),
        ..entry(
            &["merge_tdigest", "tdigest_merge"],
            "merge_tdigest(tdigest:dynamic, tdigest:dynamic, …)",
            "One result of tdigest() for the values of several.",
            &[Dynamic, Dynamic],
            (0, 1),
            dynamic,
            |_, a| {
                let all: Vec<Digest> = a.iter().filter_map(Digest::read).collect();
                Digest::merge(all).map_or(Value::Null, |d| made(d.json()))
            },
        )
    },
    Function {
        naming: Naming::Prefix("percentile_tdigest"),
        ..entry(
            &["percentile_tdigest"],
            "percentile_tdigest(tdigest:dynamic, percent [, typeof(type)])",
            "The value below which so many percent of a tdigest's values lie (nearest rank), as dynamic or as the type.",
            &[Dynamic, Real],
            (0, 0),
            dynamic,
            |_, a| {
                let digest = a.first().and_then(Digest::read);
                let found = digest.zip(a.get(1).and_then(convert::real));
                let found = found.and_then(|(d, percent)| d.percentile(percent).cloned());
                found.map_or(Value::Null, |v| made(convert::json(&v)))
            },
        )
    },
    Function {
        naming: Naming::Prefix("percentile_tdigest"),
        ..entry(
            &["percentiles_array_tdigest"],
            "percentiles_array_tdigest(tdigest:dynamic, percent, …)",
            "The values below which so many percent of a tdigest's values lie, as an array; percents one by one or as an array.",
            &[Dynamic, Any],
            (0, 1),
            dynamic,
            |_, a| {
                let Some(digest) = a.first().and_then(Digest::read) else {
                    return Value::Null;
                };
                let percents = super::entry::listed(a);
                let each = percents.iter().map(|percent| {
                    let found = percent.parse().ok().and_then(|p| digest.percentile(p));
                    found.map_or(Json::Null, convert::json)
                });
                made(each.collect())
            },
        )
    },
    entry(
        &["rank_tdigest"],
        "rank_tdigest(tdigest:dynamic, value)",
        "How many of a tdigest's values are not above a value that is one of them.",
        &[Dynamic, Any],
        (0, 0),
        real,
        rank,
    ),
];

fn rank(context: &Context, args: &[Value]) -> Value {
    let (Some(digest), Some(value)) = (args.first().and_then(Digest::read), args.get(1)) else {
        return Value::Null;
    };
    let mut below = 0;
    for (own, weight) in &digest.values {
        match compare::order(own, value) {
            Some(Ordering::Less) => below += weight,
            Some(Ordering::Equal) if *weight == 1 => return Value::Real((below + 1) as f64),
            _ => break,
        }
    }
    context.refuse("The rank of a value that a tdigest does not have exactly once is an estimate of the platform");
    Value::Null
}

/// The different hashes of several results of `hll()`; none where there are none.
pub fn merge_hashes<'a>(hashes: impl Iterator<Item = &'a Json>) -> Option<Json> {
    let all: BTreeSet<i64> = hashes.filter_map(Json::as_i64).collect();
    (!all.is_empty()).then(|| all.into_iter().map(Json::from).collect())
}

/// Values in order with how often each occurs.
pub struct Digest {
    /// Their type.
    pub ty: Type,
    /// The values.
    pub values: Vec<(Value, i64)>,
}

impl Digest {
    /// Puts values in order and counts equal ones together.
    pub fn of(ty: Type, mut values: Vec<(Value, i64)>) -> Self {
        values.sort_by(|a, b| compare::total(&a.0, &b.0));
        let mut all: Vec<(Value, i64)> = Vec::with_capacity(values.len());
        for (value, weight) in values {
            match all.last_mut() {
                Some((last, count)) if *last == value => *count = count.saturating_add(weight),
                _ => all.push((value, weight)),
            }
        }
        Self { ty, values: all }
    }

    /// The digest that a dynamic value holds.
    pub fn read(value: &Value) -> Option<Self> {
        let Value::Dynamic(json) = value else {
            return None;
        };
        let [ty, values, weights] = json.as_array()?.as_slice() else {
            return None;
        };
        let ty = Type::from_name(ty.as_str()?)?;
        let values = values.as_array()?.iter().zip(weights.as_array()?);
        let values = values.map(|(value, weight)| {
            Some((
                convert::convert(&convert::scalar(value), ty),
                weight.as_i64()?,
            ))
        });
        Some(Self {
            ty,
            values: values.collect::<Option<Vec<_>>>()?,
        })
    }

    /// One of several of one type; none where there are none.
    pub fn merge(all: Vec<Digest>) -> Option<Self> {
        let ty = all.first()?.ty;
        let values = all
            .into_iter()
            .filter(|d| d.ty == ty)
            .flat_map(|d| d.values);
        Some(Self::of(ty, values.collect()))
    }

    /// As a dynamic value.
    pub fn json(&self) -> Json {
        let values = self.values.iter().map(|(value, _)| convert::json(value));
        let weights = self.values.iter().map(|(_, weight)| Json::from(*weight));
        Json::Array(vec![
            Json::from(self.ty.name()),
            values.collect(),
            weights.collect(),
        ])
    }

    /// The value at the nearest rank.
    pub fn percentile(&self, percent: f64) -> Option<&Value> {
        let total = self
            .values
            .iter()
            .fold(0i64, |sum, (_, w)| sum.saturating_add(*w));
        let rank = (percent / 100.0 * total as f64).ceil().max(1.0);
        let mut sum = 0i64;
        for (value, weight) in &self.values {
            sum = sum.saturating_add(*weight);
            if sum as f64 >= rank {
                return Some(value);
            }
        }
        self.values.last().map(|(value, _)| value)
    }
}
