//! The tree of the operators that work on series, sequences and parts of rows.

use super::tree::{Expr, Name, Named, Operator};
use crate::value::Type;

/// `make-series`
#[derive(Clone, Debug)]
pub struct MakeSeries {
    /// `kind=nonempty`
    pub nonempty: bool,
    /// The aggregates, each with what an empty bin gets.
    pub items: Vec<(Named, Option<Expr>)>,
    /// What the series run along.
    pub axis: Named,
    /// The low bound.
    pub from: Option<Expr>,
    /// The high bound.
    pub to: Option<Expr>,
    /// The width of a bin.
    pub step: Expr,
    /// `in range(…)`: the older form, whose high bound belongs to the series.
    pub in_range: bool,
    /// The keys.
    pub keys: Vec<Named>,
}

/// A column that `scan` declares: name, type, default.
pub type Declared = (Name, Type, Option<Expr>);

/// `scan`
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// The column of the match's number.
    pub match_id: Option<Name>,
    /// The columns it adds.
    pub declared: Vec<Declared>,
    /// The steps.
    pub steps: Vec<ScanStep>,
}

/// Which rows of a step come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScanOutput {
    /// Every row that fits.
    #[default]
    All,
    /// The last of a run of rows that fit.
    Last,
    /// None.
    None,
}

/// A step of `scan`.
#[derive(Clone, Debug)]
pub struct ScanStep {
    /// Its name.
    pub name: Name,
    /// Which rows come out.
    pub output: ScanOutput,
    /// When a row fits.
    pub condition: Expr,
    /// What the declared columns get.
    pub assignments: Vec<(Name, Expr)>,
}

/// `partition`
#[derive(Clone, Debug)]
pub struct Partition {
    /// The column whose values make the parts.
    pub column: Name,
    /// `hint.strategy`, where it is given.
    pub strategy: Option<Name>,
    /// What is done to each part.
    pub body: PartitionBody,
}

/// What `partition` does to each part.
#[derive(Clone, Debug)]
pub enum PartitionBody {
    /// `( operators )` over the part's rows.
    Operators(Vec<Operator>),
    /// `{ query }` that brings its own rows.
    Query(Expr),
}

/// A level of `top-nested`.
#[derive(Clone, Debug)]
pub struct Nested {
    /// How many values; none for all.
    pub count: Option<Expr>,
    /// What is grouped by.
    pub of: Named,
    /// The value that stands for all others.
    pub others: Option<Expr>,
    /// The aggregate that orders them.
    pub by: Named,
    /// `asc`
    pub ascending: bool,
}

/// `reduce`
#[derive(Clone, Debug)]
pub struct Reduce {
    /// `kind=source`
    pub source: bool,
    /// The texts.
    pub by: Named,
    /// `threshold`, `characters`
    pub settings: Vec<(Name, Expr)>,
}

/// `render`: kind and properties, each with its values.
#[derive(Clone, Debug, Default)]
pub struct Render {
    /// The kind of chart.
    pub kind: Name,
    /// The properties.
    pub properties: Vec<(Name, Vec<String>)>,
}

/// The operators of this file and what they take.
#[derive(Clone, Debug)]
pub enum Rows {
    /// `make-series`
    MakeSeries(MakeSeries),
    /// `scan`
    Scan(Scan),
    /// `partition`
    Partition(Partition),
    /// `top-nested`
    TopNested(Vec<Nested>),
    /// `top-hitters n of value [by summed]`
    TopHitters(Expr, Named, Option<Named>),
    /// `sample n`
    Sample(Expr),
    /// `sample-distinct n of value`
    SampleDistinct(Expr, Named),
    /// `reduce`
    Reduce(Reduce),
    /// `facet by columns [with (operators)]`
    Facet(Vec<Name>, Option<Vec<Operator>>),
    /// `fork [name=](operators) …`
    Fork(Vec<(Option<Name>, Vec<Operator>)>),
    /// `assert-schema (columns)`
    AssertSchema(Vec<(Name, Type)>),
    /// `project-by-names`
    ProjectByNames(Vec<Expr>),
}
