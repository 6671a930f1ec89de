//! A rule's query over the loaded logs: its stages, and questions about the rows that go into one.

use crate::diagnostic::Span;
use crate::kql::services::Source;
use crate::kql::services::view::View;
use crate::kql::syntax::tree::{
    Argument, Expr, ExprKind, Operator, OperatorKind, Query as Tree, Statement,
};
use crate::kql::{self, Catalog, Options};
use crate::task::CancelToken;
use crate::value::{Table, Value};

/// Most rows that a question looks at.
pub(super) const SAMPLE: usize = 200_000;
/// Most rows of any stage of a question, and most bytes of its rows: beyond them there is no answer.
const ROWS: usize = 2_000_000;
const MEMORY: usize = 512 << 20;
/// Most stages that are looked at, and how deep they may nest.
const STAGES: usize = 60;
const DEEPEST: usize = 40;

/// An operator of the query, and a query that gives the rows which go into it.
pub(super) struct Stage<'q> {
    /// The operator.
    pub operator: &'q Operator,
    /// The rows before it.
    pub before: String,
    /// The `let` statements before it.
    pub lets: String,
}

/// A query that can be asked about.
pub(super) struct Query<'a> {
    /// Its text.
    pub text: &'a str,
    /// What its names stand for.
    pub view: View<'a>,
    catalog: &'a dyn Catalog,
    options: Options,
}

impl<'a> Query<'a> {
    pub fn new(text: &'a str, catalog: &'a dyn Catalog, now: i64, cancel: &CancelToken) -> Self {
        Self {
            text,
            view: View::new(text, catalog),
            catalog,
            options: Options {
                lineage: false,
                row_limit: ROWS,
                memory_limit: MEMORY,
                cancel: cancel.clone(),
                ..Options::at(now)
            },
        }
    }

    /// The text of a place.
    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The rows of a query; none where it cannot be run: it is only a question.
    pub fn ask(&self, text: &str) -> Option<Table> {
        if self.options.cancel.is_cancelled() {
            return None;
        }
        kql::run(text, self.catalog, &self.options)
            .ok()
            .map(|o| o.table)
    }

    /// Counts the rows that go into a stage, and those among them for which each of some conditions holds.
    pub fn count(&self, before: &str, conditions: &[&str]) -> Option<(usize, Vec<usize>)> {
        let counts: Vec<String> = conditions
            .iter()
            .enumerate()
            .map(|(i, condition)| format!(", asked_{i} = countif({condition})"))
            .collect();
        let text = format!(
            "{before}\n| take {SAMPLE}\n| summarize asked_all = count(){}",
            counts.concat()
        );
        let table = self.ask(&text)?;
        let row = (table.rows > 0).then(|| table.row(0))?;
        let mut numbers = row.into_iter().map(|value| match value {
            Value::Long(n) => usize::try_from(n).ok(),
            Value::Int(n) => usize::try_from(n).ok(),
            _ => None,
        });
        let all = numbers.next()??;
        Some((all, numbers.collect::<Option<_>>()?))
    }

    /// The most frequent values of an expression over the rows of a query, as text, with how often each is there; and
    /// whether these are all.
    pub fn values(
        &self,
        before: &str,
        of: &str,
        most: usize,
    ) -> Option<(Vec<(String, usize)>, bool)> {
        let text = format!(
            "{before}\n| take {SAMPLE}\n| summarize asked_count = count() by asked = tostring({of})\n| top {} by asked_count desc, asked asc",
            most + 1
        );
        let table = self.ask(&text)?;
        let mut values: Vec<(String, usize)> = (0..table.rows)
            .map(|at| {
                let text = table.column("asked").map(|c| c.value(at).display());
                let count = match table.column("asked_count").map(|c| c.value(at)) {
                    Some(Value::Long(n)) => usize::try_from(n).unwrap_or(0),
                    _ => 0,
                };
                (text.unwrap_or_default(), count)
            })
            .collect();
        let all = values.len() <= most;
        values.truncate(most);
        Some((values, all))
    }

    /// The column of a loaded table, and the path into it, that an expression is: a column, a member of one, and these
    /// within conversions.
    pub fn source(&self, expr: &Expr) -> Option<Source> {
        let layout = &self.view.layout;
        let token = layout
            .tokens
            .partition_point(|token| token.span.start < expr.span.start);
        let (column, path) = path_of(expr)?;
        // Within a bracket: the operator around it.
        let (_, segment) = self.view.columns(layout.segment(token))?;
        let origin = self.view.origin(segment, &column);
        let mut source = origin.source?;
        source.path.extend(path);
        Some(source)
    }
}

/// The column and path that an expression is.
pub(super) fn path_of(expr: &Expr) -> Option<(String, Vec<String>)> {
    path_within(expr, DEEPEST)
}

fn path_within(expr: &Expr, depth: usize) -> Option<(String, Vec<String>)> {
    let depth = depth.checked_sub(1)?;
    match &expr.kind {
        ExprKind::Name(name) => Some((name.clone(), Vec::new())),
        ExprKind::Member(base, name) => {
            let (column, mut path) = path_within(base, depth)?;
            path.push(name.text.clone());
            Some((column, path))
        }
        ExprKind::Index(base, index) => {
            let (column, mut path) = path_within(base, depth)?;
            match &index.kind {
                ExprKind::Literal(Value::String(key), _) => path.push(key.to_string()),
                ExprKind::Literal(Value::Long(_), _) => path.push("[]".to_owned()),
                _ => return None,
            }
            Some((column, path))
        }
        ExprKind::Call(name, arguments) => match arguments.as_slice() {
            [Argument { name: None, value }]
                if matches!(
                    name.text.as_str(),
                    "tostring" | "tolower" | "toupper" | "todynamic" | "parse_json"
                ) =>
            {
                path_within(value, depth)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The stages of a query, in the order of the text. Those in functions are left out: their parameters have no values.
pub(super) fn stages<'q>(text: &str, query: &'q Tree) -> Vec<Stage<'q>> {
    let mut walk = Walk {
        text,
        found: Vec::new(),
    };
    let mut lets = String::new();
    for statement in &query.statements {
        match statement {
            Statement::Let(name, value) => {
                walk.expr(value, &lets, DEEPEST);
                let slice = |span: Span| text.get(span.start..span.end).unwrap_or_default();
                let (name, value) = (slice(name.span), slice(value.span));
                lets.push_str(&format!("let {name} = {value};\n"));
            }
            Statement::Set(_) => {}
            Statement::Query(value) => walk.expr(value, &lets, DEEPEST),
            // What these do to names is not followed.
            _ => return Vec::new(),
        }
    }
    walk.found
}

struct Walk<'t, 'q> {
    text: &'t str,
    found: Vec<Stage<'q>>,
}

impl<'q> Walk<'_, 'q> {
    fn expr(&mut self, expr: &'q Expr, lets: &str, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        if self.found.len() >= STAGES {
            return;
        }
        match &expr.kind {
            ExprKind::Pipe(pipe) => {
                self.expr(&pipe.source, lets, depth);
                let mut end = pipe.source.span.end;
                for operator in &pipe.operators {
                    let rows = self.text.get(pipe.source.span.start..end);
                    self.found.push(Stage {
                        operator,
                        before: format!("{lets}{}", rows.unwrap_or_default()),
                        lets: lets.to_owned(),
                    });
                    self.operator(operator, lets, depth);
                    end = operator.span.end;
                }
            }
            ExprKind::Source(operator) => self.operator(operator, lets, depth),
            ExprKind::Call(name, arguments)
                if matches!(name.text.as_str(), "materialize" | "toscalar" | "view") =>
            {
                for argument in arguments {
                    self.expr(&argument.value, lets, depth);
                }
            }
            _ => {}
        }
    }

    fn operator(&mut self, operator: &'q Operator, lets: &str, depth: usize) {
        match &operator.kind {
            OperatorKind::Join { right, .. } => self.expr(right, lets, depth),
            OperatorKind::Union(_, tables) => {
                for table in tables {
                    self.expr(table, lets, depth);
                }
            }
            _ => {}
        }
    }
}

/// A text in a message, cut to a length that can be read.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 60;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MOST {
        return text;
    }
    let cut: String = text.chars().take(MOST - 1).collect();
    format!("{cut}…")
}

/// A number of rows, as it is read: `12,345 rows`.
pub(super) fn rows(count: usize) -> String {
    format!(
        "{} {}",
        number(count),
        if count == 1 { "row" } else { "rows" }
    )
}

/// A number with commas.
pub(super) fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
