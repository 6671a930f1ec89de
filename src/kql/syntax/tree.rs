//! The tree of a query: what stands where, before any name is looked up.

use crate::diagnostic::Span;
use crate::value::{Type, Value};
use std::sync::Arc;

pub use super::tree_sources::*;

/// A whole query text.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug)]
pub enum Statement {
    /// `let name = value;`
    Let(Name, Expr),
    /// `set option = value;`
    Set(Box<SetOption>),
    /// `declare query_parameters(…);`
    Parameters(Vec<Parameter>),
    /// `declare pattern name = …;`
    Pattern(Box<PatternStatement>),
    /// `alias database name = …;`: the name.
    Alias(Name),
    /// `restrict access to (…);`: the tables, each with a `*` or without.
    Restrict(Vec<Name>),
    /// An expression: the query itself.
    Query(Expr),
}

/// `set option = value`
#[derive(Clone, Debug)]
pub struct SetOption {
    /// All of it.
    pub span: Span,
    /// The option.
    pub name: Name,
    /// Its value, where one is given.
    pub value: Option<Expr>,
}

/// `declare pattern name = (parameters)[path] { ("value").["path"] = { body }; … }`
#[derive(Clone, Debug)]
pub struct PatternStatement {
    /// Its name.
    pub name: Name,
    /// How many values its arguments have.
    pub parameters: usize,
    /// Whether a path in brackets follows the arguments.
    pub path: bool,
    /// What it stands for, by values.
    pub matches: Vec<PatternMatch>,
}

/// One line of a pattern.
#[derive(Clone, Debug)]
pub struct PatternMatch {
    /// The arguments' texts.
    pub values: Vec<String>,
    /// The path's text.
    pub path: Option<String>,
    /// What it stands for: a function without parameters.
    pub body: Arc<Function>,
}

/// A name and where it stands. An empty text means that it is missing.
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// The name without brackets or quotes.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// An expression: scalar or tabular, as the grammar cannot tell them apart.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// Absent or unreadable; a diagnostic has been given.
    Missing,
    /// A name: column, `let`, table.
    Name(String),
    /// A literal with its type.
    Literal(Value, Type),
    /// `*`
    Star,
    /// `-x` or `+x`: true for minus.
    Sign(bool, Box<Expr>),
    /// Two operands and an operator with its place.
    Binary(Binary, Span, Box<Expr>, Box<Expr>),
    /// `x in (…)`, `has_any`, `has_all` and their forms.
    List(ListTest, Span, Box<Expr>, Vec<Expr>),
    /// `x [!]between (low .. high)`: operand, low, high, negated.
    Between(Box<Expr>, Box<Expr>, Box<Expr>, bool, Span),
    /// A call.
    Call(Name, Vec<Argument>),
    /// `base.name`
    Member(Box<Expr>, Name),
    /// `base[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `base.name(…)`: `cluster("c").database("d")`
    Method(Box<Expr>, Box<Expr>),
    /// A source and the operators after it.
    Pipe(Box<Pipe>),
    /// An operator that begins a pipe: `print`, `datatable`, `range`, `union` …
    Source(Box<Operator>),
    /// `(parameters) { body }`
    Function(Arc<Function>),
}

impl Expr {
    /// A missing expression at a place.
    pub fn missing(at: usize) -> Self {
        Self {
            kind: ExprKind::Missing,
            span: Span::new(at, at),
        }
    }

    /// Whether it is missing.
    pub fn is_missing(&self) -> bool {
        matches!(self.kind, ExprKind::Missing)
    }
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `or`
    Or,
    /// `and`
    And,
    /// `==`
    Eq,
    /// `!=`, `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
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
    /// A test on text: which, case-sensitive, negated.
    Text(TextTest, bool, bool),
}

/// Tests on text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// `has`: a whole term
    Has,
    /// `hasprefix`
    HasPrefix,
    /// `hassuffix`
    HasSuffix,
    /// `contains`
    Contains,
    /// `startswith`
    StartsWith,
    /// `endswith`
    EndsWith,
    /// `=~`, `!~`
    Equals,
    /// `matches regex`
    Regex,
}

/// Tests against a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListTest {
    /// `in`, `in~`: ignores case, negated.
    In {
        /// `in~`
        ignore_case: bool,
        /// `!in`
        negated: bool,
    },
    /// `has_any`
    HasAny,
    /// `has_all`
    HasAll,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The name of a named argument.
    pub name: Option<Name>,
    /// Its value.
    pub value: Expr,
}

/// `let f = (parameters) { statements; body }`
#[derive(Clone, Debug)]
pub struct Function {
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// `let` statements, then the body.
    pub body: Query,
    /// Whether it is a `view`: its rows bear its name.
    pub view: bool,
    /// Where.
    pub span: Span,
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// What it takes.
    pub kind: ParameterKind,
    /// The default of a scalar parameter.
    pub default: Option<Expr>,
}

/// What a parameter takes.
#[derive(Clone, Debug)]
pub enum ParameterKind {
    /// A scalar of a type.
    Scalar(Type),
    /// A table with at least these columns; `(*)` is none.
    Table(Vec<(Name, Type)>),
}

/// A source with operators.
#[derive(Clone, Debug)]
pub struct Pipe {
    /// Where the rows come from.
    pub source: Expr,
    /// The operators.
    pub operators: Vec<Operator>,
}

/// An operator with its place in the text.
#[derive(Clone, Debug)]
pub struct Operator {
    /// What it does.
    pub kind: OperatorKind,
    /// Its keyword.
    pub name: Name,
    /// All of it, without the pipe sign.
    pub span: Span,
}

/// `name = expression`, `(a, b) = expression`, or an expression alone.
#[derive(Clone, Debug)]
pub struct Named {
    /// The names given to it.
    pub names: Vec<Name>,
    /// The value.
    pub value: Expr,
}

/// A column name or a pattern with `*`.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Its text.
    pub name: Name,
    /// Whether it has a `*`.
    pub wild: bool,
}

/// A key of a sort.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// What is sorted by.
    pub value: Expr,
    /// `asc` or `desc` where it stands there: true for `asc`.
    pub ascending: Option<bool>,
    /// `nulls first` (true) or `nulls last`.
    pub nulls_first: Option<bool>,
}

/// An item of `mv-expand`.
#[derive(Clone, Debug)]
pub struct Expand {
    /// Name and value.
    pub item: Named,
    /// `to typeof(type)`
    pub to: Option<Type>,
}

/// What `mv-apply` takes.
#[derive(Clone, Debug)]
pub struct Apply {
    /// The arrays.
    pub items: Vec<Expand>,
    /// The column of the element's position.
    pub index: Option<Name>,
    /// Most elements of a row.
    pub limit: Option<Expr>,
    /// What is done to the elements of one row.
    pub operators: Vec<Operator>,
}

/// A piece of the pattern of `parse`.
#[derive(Clone, Debug)]
pub enum ParsePiece {
    /// Text to be found.
    Text(String, Span),
    /// `*`
    Star,
    /// A column with its type.
    Column(Name, Type),
}

/// `name=value` after an operator's keyword.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its name.
    pub name: Name,
    /// Its value, as text.
    pub value: Name,
}

/// The operators and what they take.
#[derive(Clone, Debug)]
pub enum OperatorKind {
    /// `where`, `filter`
    Where(Expr),
    /// `extend`
    Extend(Vec<Named>),
    /// `project`
    Project(Vec<Named>),
    /// `project-away`
    ProjectAway(Vec<Pattern>),
    /// `project-keep`
    ProjectKeep(Vec<Pattern>),
    /// `project-rename`
    ProjectRename(Vec<Named>),
    /// `project-reorder`: pattern and, for wild ones, ascending or descending.
    ProjectReorder(Vec<(Pattern, Option<bool>)>),
    /// `serialize`
    Serialize(Vec<Named>),
    /// `summarize`: aggregates, keys, settings.
    Summarize(Vec<Named>, Vec<Named>),
    /// `distinct`; `*` is a star expression.
    Distinct(Vec<Named>),
    /// Operators that work on series, sequences and parts of rows.
    Rows(Box<super::tree_rows::Rows>),
    /// `join` and `lookup`
    Join {
        /// `kind=` and hints.
        settings: Vec<Setting>,
        /// The right side.
        right: Expr,
        /// The conditions.
        on: Vec<Expr>,
        /// Whether it is `lookup`.
        lookup: bool,
    },
    /// `sort`, `order`
    Sort(Vec<SortKey>),
    /// `top`
    Top(Expr, Vec<SortKey>),
    /// `take`, `limit`
    Take(Expr),
    /// `count`
    Count,
    /// `count as name`
    CountAs(Name),
    /// `union`: settings, tables.
    Union(Vec<Setting>, Vec<Expr>),
    /// `mv-expand`: items, index column, row limit.
    MvExpand(Vec<Expand>, Option<Name>, Option<Expr>, bool),
    /// `mv-apply`
    MvApply(Box<Apply>),
    /// `parse`, `parse-where`: kind and flags, source, pieces, drop rows without a match.
    Parse([Option<Setting>; 2], Expr, Vec<ParsePiece>, bool),
    /// `parse-kv`
    ParseKv(Box<ParseKv>),
    /// `evaluate`
    Evaluate(Box<Evaluate>),
    /// `externaldata`
    Externaldata(Box<Externaldata>),
    /// `search`
    Search(Box<Search>),
    /// `find`
    Find(Box<Find>),
    /// `consume`
    Consume,
    /// `getschema`
    GetSchema,
    /// `as`
    As(Name),
    /// `render`
    Render(Box<super::tree_rows::Render>),
    /// `invoke`
    Invoke(Expr),
    /// `print`
    Print(Vec<Named>),
    /// `datatable`
    Datatable(Vec<(Name, Type)>, Vec<Expr>),
    /// `range name from a to b step c`
    Range(Name, Expr, Expr, Expr),
    /// Known to KQL, not to this engine yet.
    Unsupported,
    /// Not an operator; a diagnostic has been given.
    Bad,
}
