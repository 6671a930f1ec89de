//! What the analysis makes of a tree: names resolved to columns, types known, ready to run.

use super::functions::Function;
use super::run::compare::Compare;
use super::run::frame::Frame;
use super::run::{Runtime, Stop};
use super::syntax::tree::TextTest;
use crate::diagnostic::Span;
use crate::value::{Type, Value};
use std::sync::Arc;

/// Column names and types.
pub type Schema = Vec<(String, Type)>;

/// A resolved scalar expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What is computed.
    pub kind: Kind,
    /// Its type; none where an error was found in it.
    pub ty: Option<Type>,
    /// Where it stands.
    pub span: Span,
}

/// A step into a dynamic value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A property of a bag.
    Key(Arc<str>),
    /// An element of an array; negative ones count from the end.
    Index(i64),
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
}

/// Functions that look at other rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// `prev()`
    Prev,
    /// `next()`
    Next,
    /// `row_number()`
    RowNumber,
    /// `row_cumsum()`
    CumSum,
    /// `row_rank_dense()`
    RankDense,
    /// `row_rank_min()`
    RankMin,
    /// `row_window_session()`
    Session,
}

/// The kinds of resolved expressions.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Wrong; a diagnostic has been given.
    Error,
    /// A value.
    Const(Value),
    /// A column of the input.
    Column(usize),
    /// A scalar `let` or `toscalar()`: evaluated once a run.
    Shared(Arc<SharedScalar>),
    /// A function.
    Call(&'static Function, Vec<Expr>),
    /// A function of the rows in their order.
    Window(Window, Vec<Expr>),
    /// A comparison.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// `and`
    And(Box<Expr>, Box<Expr>),
    /// `or`
    Or(Box<Expr>, Box<Expr>),
    /// `between`: operand, low, high, negated.
    Between(Box<Expr>, Box<Expr>, Box<Expr>, bool),
    /// A test on text: which, case-sensitive, negated.
    Text(TextTest, bool, bool, Box<Expr>, Box<Expr>),
    /// `has_any` (false) or `has_all` (true).
    HasList(bool, Box<Expr>, Vec<Item>),
    /// `in`: ignores case, negated.
    In(bool, bool, Box<Expr>, Vec<Item>),
    /// A path into a dynamic value.
    Path(Box<Expr>, Vec<Step>),
    /// A computed step into a dynamic value.
    Index(Box<Expr>, Box<Expr>),
    /// A conversion to the expression's type.
    Convert(Box<Expr>),
}

/// An item of the list of `in` or `has_any`.
#[derive(Clone, Debug)]
pub enum Item {
    /// A value, or a dynamic array whose elements are meant.
    Scalar(Expr),
    /// The first column of a table.
    Table(Arc<Plan>),
}

/// A scalar that is computed once a run.
#[derive(Debug)]
pub struct SharedScalar {
    /// Tells it from the others.
    pub id: usize,
    /// How.
    pub body: ScalarBody,
}

/// How a shared scalar is computed.
#[derive(Debug)]
pub enum ScalarBody {
    /// An expression without columns.
    Expr(Expr),
    /// The first column of the first row of a table.
    Table(Arc<Plan>),
}

impl Expr {
    /// A value.
    pub fn constant(value: Value, ty: Type, span: Span) -> Self {
        Self {
            kind: Kind::Const(value),
            ty: Some(ty),
            span,
        }
    }

    /// An expression that a diagnostic has been given for.
    pub fn error(span: Span) -> Self {
        Self {
            kind: Kind::Error,
            ty: None,
            span,
        }
    }

    /// A column.
    pub fn column(at: usize, ty: Type, span: Span) -> Self {
        Self {
            kind: Kind::Column(at),
            ty: Some(ty),
            span,
        }
    }

    /// The type; dynamic where it is not known.
    pub fn type_or_dynamic(&self) -> Type {
        self.ty.unwrap_or(Type::Dynamic)
    }

    /// Whether it is the same for all rows.
    pub fn is_constant(&self) -> bool {
        match &self.kind {
            Kind::Error | Kind::Const(_) | Kind::Shared(_) => true,
            Kind::Column(_) | Kind::Window(..) => false,
            Kind::Call(function, args) => {
                function.constant_foldable() && args.iter().all(Expr::is_constant)
            }
            Kind::Compare(_, a, b)
            | Kind::Arithmetic(_, a, b)
            | Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Text(_, _, _, a, b)
            | Kind::Index(a, b) => a.is_constant() && b.is_constant(),
            Kind::Between(a, b, c, _) => a.is_constant() && b.is_constant() && c.is_constant(),
            Kind::HasList(_, a, items) | Kind::In(_, _, a, items) => {
                a.is_constant()
                    && items.iter().all(|i| match i {
                        Item::Scalar(e) => e.is_constant(),
                        Item::Table(_) => true,
                    })
            }
            Kind::Path(a, _) | Kind::Convert(a) => a.is_constant(),
        }
    }
}

/// Rows: a source and what is done to them, step by step.
#[derive(Debug)]
pub struct Plan {
    /// Tells shared plans apart.
    pub id: usize,
    /// Where the rows come from.
    pub source: Source,
    /// The name that `as` gave to the rows.
    pub alias: Option<String>,
    /// The source's text.
    pub span: Span,
    /// The operators.
    pub steps: Vec<Stage>,
    /// The result's columns.
    pub schema: Schema,
    /// Whether the rows have an order that window functions may rely on.
    pub serialized: bool,
    /// Whether the columns are only as far known as an error allowed.
    pub open: bool,
}

/// One operator of a plan.
#[derive(Debug)]
pub struct Stage {
    /// Its text.
    pub span: Span,
    /// What it does.
    pub operator: Box<dyn Operator>,
    /// The columns before it.
    pub input: Schema,
    /// The columns after it.
    pub schema: Schema,
}

/// Where the rows of a plan come from.
#[derive(Debug)]
pub enum Source {
    /// A table of the catalog.
    Table(String),
    /// Another plan: a `let`, a bracket. It runs once.
    Plan(Arc<Plan>),
    /// `print`, `datatable`, `union` …
    Operator(Box<dyn Operator>),
    /// Wrong; a diagnostic has been given.
    Error,
}

/// What a tabular operator does to rows.
pub trait Operator: Send + Sync + std::fmt::Debug {
    /// Makes the output rows of the input rows. A source is given an empty input.
    ///
    /// # Errors
    /// When cancelled or at a limit.
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop>;

    /// Where its columns come from in the input's columns (of which there are so many); none where it does not
    /// give one row for each row of its input, in the same order.
    fn origins(&self, _input: usize) -> Option<Vec<Origin>> {
        None
    }

    /// How the rows are to be drawn, where it says so.
    fn render(&self) -> Option<&Render> {
        None
    }
}

/// How a result is to be drawn: what `render` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Render {
    /// The kind of chart: `timechart`, `piechart` …
    pub kind: String,
    /// The properties in their order, each with its values: `ycolumns` has the columns, `title` one text.
    pub properties: Vec<(String, Vec<String>)>,
}

impl Render {
    /// The values of a property; none where it is not given.
    pub fn property(&self, name: &str) -> &[String] {
        let found = self.properties.iter().find(|(n, _)| n == name);
        found.map_or(&[], |(_, values)| values)
    }
}

impl Plan {
    /// How the rows are to be drawn, where the last operator says so.
    pub fn render(&self) -> Option<&Render> {
        match (self.steps.last(), &self.source) {
            (Some(last), _) => last.operator.render(),
            (None, Source::Plan(inner)) => inner.render(),
            _ => None,
        }
    }
}

/// Where a column comes from, in an operator that gives one row for each row, in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A column of the input as it is.
    Same(usize),
    /// Computed, row by row, from these columns of the input.
    Of(std::collections::BTreeSet<usize>),
}

impl Origin {
    /// Where the value of an expression comes from; none where it depends on more than the row's own columns.
    pub fn of(expr: &Expr) -> Option<Self> {
        if let Kind::Column(at) = expr.kind {
            return Some(Self::Same(at));
        }
        let mut columns = std::collections::BTreeSet::new();
        expr.reads(&mut columns).then_some(Self::Of(columns))
    }

    /// The same, seen from before the input's own origins.
    fn before(self, input: &[Origin]) -> Option<Self> {
        match self {
            Self::Same(at) => input.get(at).cloned(),
            Self::Of(columns) => {
                let mut all = std::collections::BTreeSet::new();
                for at in columns {
                    match input.get(at)? {
                        Self::Same(at) => {
                            all.insert(*at);
                        }
                        Self::Of(of) => all.extend(of),
                    }
                }
                Some(Self::Of(all))
            }
        }
    }
}

impl Expr {
    /// Adds the columns that it reads. False where its value depends on more than those: on other rows,
    /// on the number of the row, on a table.
    fn reads(&self, into: &mut std::collections::BTreeSet<usize>) -> bool {
        match &self.kind {
            Kind::Const(_) => true,
            Kind::Column(at) => {
                into.insert(*at);
                true
            }
            Kind::Error | Kind::Window(..) => false,
            Kind::Shared(shared) => match &shared.body {
                ScalarBody::Expr(expr) => expr.reads(into),
                ScalarBody::Table(_) => false,
            },
            Kind::Call(function, args) => {
                !matches!(function.name(), "rand" | "new_guid")
                    && args.iter().all(|a| a.reads(into))
            }
            Kind::Compare(_, a, b)
            | Kind::Arithmetic(_, a, b)
            | Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Text(_, _, _, a, b)
            | Kind::Index(a, b) => a.reads(into) && b.reads(into),
            Kind::Between(a, b, c, _) => a.reads(into) && b.reads(into) && c.reads(into),
            Kind::HasList(_, a, items) | Kind::In(_, _, a, items) => {
                a.reads(into)
                    && items.iter().all(|item| match item {
                        Item::Scalar(expr) => expr.reads(into),
                        Item::Table(_) => false,
                    })
            }
            Kind::Path(a, _) | Kind::Convert(a) => a.reads(into),
        }
    }
}

impl Plan {
    /// Where each column of the result comes from in the columns of the one table that the plan reads;
    /// none where a row of the result is not made of one row of that table each, in its order.
    pub fn origins(&self) -> Option<Vec<Origin>> {
        let mut origins = match &self.source {
            Source::Table(_) => {
                let schema = self.steps.first().map_or(&self.schema, |s| &s.input);
                (0..schema.len()).map(Origin::Same).collect()
            }
            Source::Plan(inner) => inner.origins()?,
            Source::Operator(_) | Source::Error => return None,
        };
        for stage in &self.steps {
            let own = stage.operator.origins(origins.len())?;
            let composed = own.into_iter().map(|o| o.before(&origins));
            origins = composed.collect::<Option<_>>()?;
        }
        (origins.len() == self.schema.len()).then_some(origins)
    }
}
