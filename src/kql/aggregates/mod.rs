//! The aggregates of `summarize`: one file a family, one entry an aggregate.

mod bits;
mod collect;
mod counting;
mod covariance;
pub mod fast;
mod numbers;
mod percentiles;
mod schema;
mod sketches;
mod statistics;

use super::functions::Param;
use super::run::datum::Datum;
use crate::value::{Column, Type, Value};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Which group each row belongs to.
#[derive(Debug)]
pub struct Groups {
    /// A group number a row.
    pub of: Vec<u32>,
    /// How many groups.
    pub count: usize,
}

/// What an aggregate works on.
pub struct Input<'a> {
    /// Its arguments, without the predicate of an `-if` form.
    pub args: &'a [Datum],
    /// Where the predicate of an `-if` form is true; none where there is none.
    pub keep: Option<Vec<bool>>,
    /// The groups of the rows.
    pub groups: &'a Groups,
    /// The type of the result.
    pub ty: Type,
}

impl Input<'_> {
    /// The rows that count, with their group.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let kept = |row: usize| {
            self.keep
                .as_ref()
                .is_none_or(|k| k.get(row).copied().unwrap_or(false))
        };
        let all = self.groups.of.iter().enumerate();
        all.map(|(row, group)| (row, *group as usize))
            .filter(move |(row, _)| kept(*row))
    }

    /// The first argument, null where there is none.
    pub fn value(&self, row: usize) -> Value {
        self.args.first().map_or(Value::Null, |a| a.value(row))
    }

    /// A constant argument.
    pub fn constant(&self, at: usize) -> Option<Value> {
        self.args.get(at).map(|a| a.value(0))
    }
}

/// An aggregate function.
pub struct Aggregate {
    /// Its name, then its aliases.
    pub names: &'static [&'static str],
    /// How it is called.
    pub signature: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What it takes.
    pub params: &'static [Param],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    /// Where the predicate of an `-if` form stands.
    pub predicate: Option<usize>,
    /// A column made by it is called this, `_`, the first argument's name; none for that name alone.
    pub prefix: Option<&'static str>,
    /// The result's type; none where the argument's type does not fit.
    pub result: fn(&[Type]) -> Option<Type>,
    /// Its code: one value a group.
    pub body: fn(&Input) -> Column,
}

impl std::fmt::Debug for Aggregate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Aggregate {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or("")
    }

    /// Fewest and most arguments.
    pub fn arity(&self) -> (usize, usize) {
        (self.params.len() - self.optional, self.params.len())
    }
}

static FAMILIES: &[&[Aggregate]] = &[
    bits::AGGREGATES,
    collect::AGGREGATES,
    counting::AGGREGATES,
    covariance::AGGREGATES,
    numbers::AGGREGATES,
    percentiles::AGGREGATES,
    schema::AGGREGATES,
    sketches::AGGREGATES,
    statistics::AGGREGATES,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Aggregate>> = LazyLock::new(|| {
    let all = FAMILIES.iter().flat_map(|f| f.iter());
    all.flat_map(|f| f.names.iter().map(move |n| (*n, f)))
        .collect()
});

/// The aggregate of a name.
pub fn find(name: &str) -> Option<&'static Aggregate> {
    BY_NAME.get(name).copied()
}

/// The aggregate of a call. Some names are those of a scalar function too, which takes more arguments.
pub fn find_call(name: &str, arguments: usize) -> Option<&'static Aggregate> {
    let scalar = arguments > 1 && matches!(name, "hll_merge" | "merge_tdigest" | "tdigest_merge");
    find(name).filter(|_| !scalar)
}

/// Aggregates that pick a whole row of each group; they may give several columns.
pub const PICKING: [&str; 6] = ["arg_max", "arg_min", "take_any", "any", "argmax", "argmin"];

/// Whether a name is an aggregate's.
pub fn is_aggregate(name: &str) -> bool {
    find(name).is_some()
        || PICKING.contains(&name)
        || matches!(name, "percentiles" | "percentilesw")
}

/// All aggregates, family by family.
pub fn all() -> impl Iterator<Item = &'static Aggregate> {
    FAMILIES.iter().flat_map(|f| f.iter())
}
