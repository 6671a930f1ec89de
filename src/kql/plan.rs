//! What the analysis makes of a tree: names resolved to columns, types known, ready to run.

use super::functions::Function;
use super::run::compare::Compare;
use super::run::frame::Frame;
use super::run::{Runtime, Stop};
use super::syntax::tree::TextTest;
use crate::diagnostic::Span;
use crate::value::{Type, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

pub use super::origins::{Origin, Origins};

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
    pub operator: Arc<dyn Operator>,
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

    /// The columns of the input that decide which rows it leaves out, where that is all it does: the other rows stay
    /// as they are, in the same order. None where it does anything else, or looks at more than the row's own columns.
    fn filters(&self) -> Option<BTreeSet<usize>> {
        None
    }

    /// One that gives these of its columns (by place), and of the others whatever is cheap, where it has
    /// [origins](Operator::origins); none where it is that one itself.
    fn narrowed(&self, _wanted: &BTreeSet<usize>) -> Option<Arc<dyn Operator>> {
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
