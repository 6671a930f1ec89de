//! The tree of `evaluate`, `externaldata`, `search`, `find` and `parse-kv`.

use super::tree::{Argument, Expr, Name};
use crate::diagnostic::Span;
use crate::value::Type;

/// `evaluate plugin(arguments) : (schema)`
#[derive(Clone, Debug)]
pub struct Evaluate {
    /// The plugin.
    pub plugin: Name,
    /// What it is given.
    pub arguments: Vec<Argument>,
    /// The columns that the query expects of it.
    pub schema: Option<ResultSchema>,
}

/// `: (*, a:long, b:string)`
#[derive(Clone, Debug)]
pub struct ResultSchema {
    /// Whether the input's columns come first.
    pub star: bool,
    /// The columns.
    pub columns: Vec<(Name, Type)>,
    /// All of it.
    pub span: Span,
}

/// `externaldata (columns) [addresses] with (properties)`
#[derive(Clone, Debug)]
pub struct Externaldata {
    /// The columns.
    pub columns: Vec<(Name, Type)>,
    /// Where the files are.
    pub addresses: Vec<Expr>,
    /// `format`, `ignoreFirstRecord`, `ingestionMapping` …
    pub properties: Vec<(Name, Expr)>,
}

/// `search kind=… in (tables) predicate`
#[derive(Clone, Debug)]
pub struct Search {
    /// The tables; empty for all of them, or behind a pipe.
    pub tables: Vec<Expr>,
    /// Which rows; bare terms are written out as tests of all columns.
    pub predicate: Expr,
}

/// `find withsource=… in (tables) where predicate project …`
#[derive(Clone, Debug)]
pub struct Find {
    /// The name of the column that tells the table.
    pub source: Option<Name>,
    /// The tables; empty for all of them.
    pub tables: Vec<Expr>,
    /// Which rows; bare terms are written out as tests of all columns.
    pub predicate: Expr,
    /// The columns; none for `project-smart`.
    pub project: Option<Vec<(Name, Option<Type>)>>,
    /// `pack_all()` behind the columns.
    pub pack: bool,
}

/// `parse-kv text as (keys) with (settings)`
#[derive(Clone, Debug)]
pub struct ParseKv {
    /// The text.
    pub source: Expr,
    /// The keys that become columns.
    pub keys: Vec<(Name, Type)>,
    /// `pair_delimiter`, `kv_delimiter`, `quote`, `escape`, `greedy`, `regex`.
    pub settings: Vec<(Name, Expr)>,
}
