//! The analysis: names to columns, tables and functions; types; the columns after every stage.
//! What is wrong is told and the rest is still read. The same plan serves checking and running.

mod call;
mod cloud;
pub mod elsewhere;
mod evaluate;
mod expression;
pub mod history;
mod known;
mod lists;
pub mod names;
pub mod operator;
mod paths;
mod scopes;
mod several;
mod special;
mod statements;
pub mod suggest;
pub mod trace;
mod user;
mod window;

pub use evaluate::{ABOUT_TYPES, Find, Found, FoundColumns, Pending};
pub use names::{auto_name, unique_name};

use super::Catalog;
use super::plan::{Expr, Plan, ScalarBody, Schema, SharedScalar, Source};
use super::syntax::tree::{self, ExprKind, Statement};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{Type, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most nodes that the analysis makes of one query: functions are written out at every call.
const BUDGET: usize = 400_000;
/// Most that is told of one query.
const MAX_DIAGNOSTICS: usize = 200;
/// Most statements in a query.
const MAX_STATEMENTS: usize = 2_000;

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A scalar that is computed once a run.
    Scalar(Arc<SharedScalar>, Type),
    /// An argument of a function: an expression over the caller's columns.
    Inline(Expr),
    /// Rows.
    Table(Arc<Plan>),
    /// A function and what it can see.
    Function(Arc<tree::Function>, Env),
    /// `declare pattern`, and what it can see.
    Pattern(Arc<tree::PatternStatement>, Env),
    /// Something wrong; a diagnostic has been given.
    Error,
}

/// The `let` names in reach, newest first.
#[derive(Clone, Debug, Default)]
pub struct Env(Option<Arc<Link>>);

#[derive(Debug)]
struct Link {
    name: String,
    /// Where it was defined in the text.
    at: Option<Span>,
    binding: Binding,
    parent: Env,
}

impl Env {
    /// The same and one name more.
    pub fn with(&self, name: &str, binding: Binding) -> Self {
        Env(Some(Arc::new(Link {
            name: name.to_owned(),
            at: None,
            binding,
            parent: self.clone(),
        })))
    }

    fn find(&self, name: &str) -> Option<&Binding> {
        self.links().find(|l| l.name == name).map(|l| &l.binding)
    }

    fn links(&self) -> impl Iterator<Item = &Link> {
        std::iter::successors(self.0.as_deref(), |l| l.parent.0.as_deref())
    }
}

/// What an expression turned out to be.
pub enum Bound {
    /// A value a row, or one for all.
    Scalar(Expr),
    /// Rows.
    Table(Arc<Plan>),
    /// A function that was named, not called.
    Function(Arc<tree::Function>, Env),
}

/// The columns an expression can see.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The input's columns; none outside a pipe.
    pub schema: Option<&'a Schema>,
    /// Whether an unknown name is no error: the columns are only known in part.
    pub open: bool,
    /// Whether window functions may be used.
    pub serialized: bool,
    /// The columns of `$left` and `$right`, in a join's condition.
    pub sides: Option<(&'a Schema, &'a Schema)>,
}

impl<'a> Row<'a> {
    /// No columns.
    pub const NONE: Row<'static> = Row {
        schema: None,
        open: false,
        serialized: false,
        sides: None,
    };

    /// The columns of a plan.
    pub fn of(plan: &'a Plan) -> Self {
        Self {
            schema: Some(&plan.schema),
            open: plan.open,
            serialized: plan.serialized,
            sides: None,
        }
    }
}

/// Analyses one query.
pub struct Binder<'a> {
    /// The query's text.
    pub text: &'a str,
    /// The tables.
    pub catalog: &'a dyn Catalog,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The tables that are named.
    pub tables: BTreeSet<String>,
    /// The names in reach.
    pub env: Env,
    /// The columns that were found by running the query up to a place.
    pub found: Option<&'a Found>,
    /// The first place whose columns only the data tell and that has not run yet.
    pub pending: Option<Pending>,
    /// From which place of the text on columns are not known in full.
    pub guessing: Option<usize>,
    met: usize,
    /// Where the parser guessed after an error: what is wrong there is not told.
    pub recovered: Vec<Span>,
    /// The clock that `set query_now` gives.
    pub query_now: Option<i64>,
    /// The only tables that may be named, where `restrict access` says so.
    allowed: Option<Vec<String>>,
    /// What the language services are told; none where they do not ask.
    pub trace: Option<Box<trace::Trace>>,
    calls: usize,
    spent: usize,
    ids: usize,
}

impl<'a> Binder<'a> {
    /// An analysis of a text.
    pub fn new(text: &'a str, catalog: &'a dyn Catalog) -> Self {
        Self {
            text,
            catalog,
            diagnostics: Vec::new(),
            tables: BTreeSet::new(),
            env: Env::default(),
            found: None,
            pending: None,
            guessing: None,
            met: 0,
            trace: None,
            recovered: Vec::new(),
            query_now: None,
            allowed: None,
            calls: 0,
            spent: 0,
            ids: 0,
        }
    }

    /// Tells an error.
    pub fn error(&mut self, code: &str, span: Span, message: impl Into<String>) {
        self.told(Diagnostic::error(code, span, message));
    }

    /// Tells something, once.
    pub fn told(&mut self, diagnostic: Diagnostic) {
        let guessed = |s: Span| {
            self.recovered
                .iter()
                .any(|r| r.start <= s.start && s.start <= r.end)
        };
        if diagnostic.is_error() && diagnostic.span.is_some_and(guessed) {
            return;
        }
        // More than anybody reads cost time only.
        let many = self.diagnostics.len() >= MAX_DIAGNOSTICS;
        if many && (!diagnostic.is_error() || self.diagnostics.iter().any(Diagnostic::is_error)) {
            return;
        }
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// A number of its own for what runs once.
    pub fn id(&mut self) -> usize {
        self.ids += 1;
        self.ids
    }

    /// Counts work; false when there is too much of it.
    fn spend(&mut self, nodes: usize, span: Span) -> bool {
        let before = self.spent;
        self.spent = self.spent.saturating_add(nodes);
        if self.spent > BUDGET && before <= BUDGET {
            self.error(
                "KQL-limit",
                span,
                "The query is too large once its functions are written out",
            );
        }
        self.spent <= BUDGET
    }

    /// Analyses a query; none where it has no tabular expression to run.
    pub fn query(&mut self, query: &tree::Query) -> Option<Arc<Plan>> {
        let mut result = None;
        let mut seen_result: Option<Span> = None;
        for statement in query.statements.iter().take(MAX_STATEMENTS) {
            match statement {
                Statement::Let(name, value) => self.bind_let(name, value),
                Statement::Set(option) => self.set_option(option),
                Statement::Pattern(pattern) => self.bind_pattern(pattern),
                Statement::Alias(name) => self.alias(name),
                Statement::Restrict(tables) => self.restrict(tables),
                Statement::Parameters(parameters) => self.query_parameters(parameters),
                Statement::Query(expr) => {
                    let plan = self.result(expr);
                    if seen_result.is_some() {
                        self.error(
                            "KQL-statements",
                            expr.span,
                            "A second tabular expression in a query is not supported",
                        );
                    }
                    seen_result = Some(expr.span);
                    result = plan;
                }
            }
        }
        if query.statements.len() > MAX_STATEMENTS {
            self.error(
                "KQL-limit",
                Span::new(0, 0),
                format!("The query has more than {MAX_STATEMENTS} statements"),
            );
        }
        if seen_result.is_none() {
            let end = self.text.trim_end().len();
            let diagnostic = Diagnostic::error(
                "KQL-empty",
                Span::new(end, end),
                "The query has no tabular expression to run",
            );
            self.told(diagnostic.with_hint("Add for example the name of a table"));
        }
        result
    }

    fn result(&mut self, expr: &tree::Expr) -> Option<Arc<Plan>> {
        if expr.is_missing() {
            return None;
        }
        let from = self.diagnostics.len();
        match self.bind(expr, Row::NONE) {
            Bound::Table(plan) => Some(plan),
            Bound::Scalar(value) if value.ty.is_none() => self.elsewhere(expr, from),
            Bound::Scalar(_) => {
                self.error(
                    "KQL-tabular",
                    expr.span,
                    "A query ends in rows, and this is a single value",
                );
                if let Some(last) = self
                    .diagnostics
                    .last_mut()
                    .filter(|d| d.code == "KQL-tabular" && d.hint.is_none())
                {
                    last.hint = Some("Put `print` before it".to_owned());
                }
                None
            }
            Bound::Function(..) => {
                self.error("KQL-tabular", expr.span, "The function is not called");
                None
            }
        }
    }

    fn bind_let(&mut self, name: &tree::Name, value: &tree::Expr) {
        let from = self.diagnostics.len();
        let binding = match self.bind(value, Row::NONE) {
            // Within a function the columns of the caller may be in it: then it differs from row to row.
            Bound::Scalar(expr) if !expr.is_constant() => Binding::Inline(expr),
            Bound::Scalar(expr) => match expr.ty {
                Some(ty) => Binding::Scalar(self.shared(ScalarBody::Expr(expr)), ty),
                None => match self.elsewhere(value, from) {
                    Some(plan) => Binding::Table(plan),
                    None => Binding::Error,
                },
            },
            Bound::Table(plan) => Binding::Table(plan),
            Bound::Function(function, env) => Binding::Function(function, env),
        };
        self.seen_definition(name, trace::How::Let, &binding);
        self.env = self.env.define(name, binding);
    }

    /// A scalar that is computed once a run.
    pub fn shared(&mut self, body: ScalarBody) -> Arc<SharedScalar> {
        let id = self.id();
        Arc::new(SharedScalar { id, body })
    }

    /// `declare query_parameters(…)`: the defaults.
    fn query_parameters(&mut self, parameters: &[tree::Parameter]) {
        for parameter in parameters {
            let tree::ParameterKind::Scalar(ty) = parameter.kind else {
                continue;
            };
            let value = match &parameter.default {
                Some(default) => self.scalar(default, Row::NONE),
                None => Expr::constant(Value::Null, ty, parameter.name.span),
            };
            let value = self.convert(value, ty);
            let shared = self.shared(ScalarBody::Expr(value));
            let binding = Binding::Scalar(shared, ty);
            self.seen_definition(&parameter.name, trace::How::Parameter, &binding);
            self.env = self.env.define(&parameter.name, binding);
        }
    }

    /// A tabular expression; an empty one with an error where it is none.
    pub fn table(&mut self, expr: &tree::Expr, row: Row) -> Arc<Plan> {
        let from = self.diagnostics.len();
        match self.bind(expr, row) {
            Bound::Table(plan) => {
                if let Some(trace) = &mut self.trace {
                    trace.table(expr.span, &plan);
                }
                plan
            }
            Bound::Scalar(value) => {
                if value.ty.is_some() && !expr.is_missing() {
                    self.error("KQL-tabular", expr.span, "A table is expected here");
                }
                let elsewhere = self.elsewhere(expr, from);
                elsewhere.unwrap_or_else(|| self.nothing(expr.span))
            }
            Bound::Function(..) => {
                self.error(
                    "KQL-tabular",
                    expr.span,
                    "A table is expected here, not a function",
                );
                self.nothing(expr.span)
            }
        }
    }

    /// A plan that stands for something wrong: any column may be asked of it.
    pub fn nothing(&mut self, span: Span) -> Arc<Plan> {
        Arc::new(Plan {
            id: self.id(),
            source: Source::Error,
            span,
            steps: Vec::new(),
            alias: None,
            schema: Vec::new(),
            serialized: false,
            open: true,
        })
    }

    /// A table of the catalog, if there is one.
    fn catalog_table(&mut self, name: &str, span: Span) -> Option<Arc<Plan>> {
        let schema = self.catalog.schema(name)?;
        if !self.may_read(name, span) {
            return Some(self.nothing(span));
        }
        self.tables.insert(name.to_owned());
        Some(Arc::new(Plan {
            id: self.id(),
            source: Source::Table(name.to_owned()),
            span,
            steps: Vec::new(),
            alias: None,
            schema,
            serialized: false,
            open: false,
        }))
    }

    /// An expression of any kind.
    pub fn bind(&mut self, expr: &tree::Expr, row: Row) -> Bound {
        if !self.spend(1, expr.span) {
            return Bound::Scalar(Expr::error(expr.span));
        }
        match &expr.kind {
            ExprKind::Pipe(pipe) => Bound::Table(self.pipe(pipe, row, expr.span)),
            ExprKind::Source(operator) => Bound::Table(self.source(operator)),
            ExprKind::Function(function) => {
                self.trace_function(function);
                Bound::Function(function.clone(), self.env.clone())
            }
            ExprKind::Name(name) => self.name(name, expr.span, row),
            ExprKind::Call(name, arguments) => self.call(name, arguments, expr.span, row),
            ExprKind::Member(base, name) if scopes::is_scope(base) => {
                self.told_scope(base);
                self.local(name, row)
            }
            ExprKind::Member(base, path) if self.is_pattern_call(base) => {
                self.pattern_with_path(base, path, expr.span)
            }
            ExprKind::Method(base, call) => self.method(base, call, row),
            _ => Bound::Scalar(self.expression(expr, row)),
        }
    }

    /// A scalar expression.
    pub fn scalar(&mut self, expr: &tree::Expr, row: Row) -> Expr {
        match self.bind(expr, row) {
            Bound::Scalar(value) => value,
            Bound::Table(_) => {
                self.error(
                    "KQL108",
                    expr.span,
                    "A single value is expected here, not a table",
                );
                if let Some(last) = self
                    .diagnostics
                    .last_mut()
                    .filter(|d| d.code == "KQL108" && d.hint.is_none())
                {
                    last.hint = Some("`toscalar(…)` takes the first value of a table".to_owned());
                }
                Expr::error(expr.span)
            }
            Bound::Function(..) => {
                self.error(
                    "KQL108",
                    expr.span,
                    "A single value is expected here, not a function",
                );
                Expr::error(expr.span)
            }
        }
    }

    fn name(&mut self, name: &str, span: Span, row: Row) -> Bound {
        if let Some(schema) = row.schema
            && let Some(at) = schema.iter().position(|(n, _)| n == name)
        {
            let ty = schema.get(at).map_or(Type::Dynamic, |(_, t)| *t);
            if !name.starts_with('#') {
                self.seen(span, trace::Use::Column(ty));
            }
            return Bound::Scalar(Expr::column(at, ty, span));
        }
        if let Some(binding) = self.env.find(name).cloned() {
            self.seen_defined(name, span);
            return match binding {
                Binding::Scalar(shared, ty) => Bound::Scalar(Expr {
                    kind: super::plan::Kind::Shared(shared),
                    ty: Some(ty),
                    span,
                }),
                Binding::Inline(mut expr) => {
                    self.spend(names::size(&expr), span);
                    expr.span = span;
                    Bound::Scalar(expr)
                }
                Binding::Table(plan) => Bound::Table(plan),
                Binding::Function(function, env) => {
                    // A function without parameters may be named without brackets.
                    if function.parameters.is_empty() {
                        self.user_call(&function, &env, &[], name, span, row)
                    } else {
                        Bound::Function(function, env)
                    }
                }
                Binding::Pattern(..) => {
                    self.error("KQL188", span, "A pattern is called with its values");
                    Bound::Scalar(Expr::error(span))
                }
                Binding::Error => Bound::Scalar(Expr::error(span)),
            };
        }
        if name == "_GetWatchlistAlias" {
            return Bound::Table(self.watchlist_aliases(span));
        }
        if let Some(plan) = self.catalog_table(name, span) {
            self.seen(span, trace::Use::Table);
            return Bound::Table(plan);
        }
        self.unknown_name(name, span, row);
        Bound::Scalar(Expr::error(span))
    }

    fn unknown_name(&mut self, name: &str, span: Span, row: Row) {
        let unread = self.trace.is_some() || self.diagnostics.len() >= MAX_DIAGNOSTICS;
        if row.open || unread {
            // Hints take long. With as many there is an error, or the next one is told without its hints;
            // and the language services take no diagnostics.
            if !row.open {
                self.error("KQL142", span, format!("There is no `{name}` here"));
            }
            return;
        }
        let lets: Vec<String> = self.env.links().map(|l| l.name.clone()).collect();
        let (code, what) = match row.schema {
            Some(_) => ("KQL142", "column, variable or table"),
            None => ("KQL204", "table or variable"),
        };
        let tables = self.catalog.table_names();
        let columns = row.schema.into_iter().flatten().map(|(n, _)| n.as_str());
        let known = columns
            .chain(lets.iter().map(String::as_str))
            .chain(tables.iter().map(String::as_str));
        let near = suggest::nearest(name, known);
        let mut diagnostic =
            Diagnostic::error(code, span, format!("There is no {what} `{name}` here"));
        diagnostic.hint = near.map(|n| suggest::did_you_mean(name, &n));
        if diagnostic.hint.is_none()
            && let Some(schema) = row.schema
            && !schema.is_empty()
        {
            let names: Vec<&str> = schema.iter().map(|(n, _)| n.as_str()).take(12).collect();
            let more = if schema.len() > 12 { ", …" } else { "" };
            diagnostic.hint = Some(format!("The columns here are {}{more}", names.join(", ")));
        }
        self.told(diagnostic);
    }
}

impl Binder<'_> {
    /// Whether a name is a `let`.
    pub fn is_let(&self, name: &str) -> bool {
        self.env.find(name).is_some()
    }

    /// Whether a name is a view: a function whose rows bear its name.
    pub fn is_view(&self, name: &str) -> bool {
        matches!(self.env.find(name), Some(Binding::Function(f, _)) if f.view)
    }

    /// The names of the views in reach: they take part in wildcards and in searches over all tables.
    pub fn views(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for link in self.env.links() {
            if !seen.insert(link.name.clone()) {
                continue;
            }
            if let Binding::Function(function, _) = &link.binding
                && function.view
                && function.parameters.is_empty()
            {
                names.push(link.name.clone());
            }
        }
        names
    }

    /// Whether a name is a `let` or a table.
    pub fn knows(&self, name: &str) -> bool {
        self.env.find(name).is_some() || self.catalog.schema(name).is_some()
    }
}
