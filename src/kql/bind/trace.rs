//! What the language services want to know of an analysis: the columns before and after every operator,
//! what every name stands for, and where it was defined. Recorded only where it is asked for.

use super::{Binder, Binding, Env, Link};
use crate::diagnostic::Span;
use crate::kql::plan::{Expr, Plan, Schema, Source};
use crate::kql::syntax::tree::{self, ParameterKind};
use crate::value::{Type, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Columns, and whether there may be more of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Names and types, in order.
    pub schema: Schema,
    /// Whether they are only known in part.
    pub open: bool,
}

/// One operator of a pipe.
#[derive(Clone, Debug)]
pub struct StageSeen {
    /// All of it, without the pipe sign.
    pub span: Span,
    /// Its keyword.
    pub name: Span,
    /// The columns before it; none for one that begins a query.
    pub input: Option<Rows>,
    /// The columns after it.
    pub output: Rows,
}

/// What a name was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A column of the input.
    Column(Type),
    /// Something defined in the query: where its name stands there.
    Defined(Span),
    /// A table of the catalog.
    Table,
}

/// What a definition gives.
#[derive(Clone, Debug)]
pub enum Given {
    /// A value.
    Scalar(Type),
    /// Rows.
    Table(Rows),
    /// A function.
    Function(Arc<tree::Function>),
    /// Something with an error in it.
    Unknown,
}

/// How something was defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `let name = …`
    Let,
    /// A parameter of a function, or of the query.
    Parameter,
    /// `… | as name`
    As,
}

/// A name that the query defines.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub at: Span,
    /// The function it belongs to; none for the whole query.
    pub scope: Option<Span>,
    /// How.
    pub how: How,
    /// What.
    pub given: Given,
}

/// Everything recorded.
#[derive(Debug, Default)]
pub struct Trace {
    /// The operators by where they begin.
    pub stages: BTreeMap<usize, StageSeen>,
    /// The tabular expressions.
    pub tables: HashMap<Span, Rows>,
    /// The names that were looked up.
    pub uses: HashMap<Span, Use>,
    /// The definitions by where their names begin.
    pub definitions: BTreeMap<usize, Definition>,
    /// The functions within which the analysis stands.
    scopes: Vec<Span>,
    functions: HashSet<Span>,
}

fn rows(plan: &Plan) -> Rows {
    Rows {
        schema: plan.schema.clone(),
        open: plan.open,
    }
}

/// The place of a name without brackets around it, which the tree counts as a part of it.
fn unbracketed(text: &str, span: Span) -> Span {
    let mut span = span;
    while let Some(inner) = text
        .get(span.start..span.end)
        .and_then(|t| t.strip_prefix('('))
        .and_then(|t| t.strip_suffix(')'))
    {
        let start = span.start + 1 + (inner.len() - inner.trim_start().len());
        span = Span::new(start, start + inner.trim().len());
    }
    span
}

impl Trace {
    /// Remembers an operator.
    pub fn stage(
        &mut self,
        operator: &tree::Operator,
        input: Option<(Schema, bool)>,
        output: (&Schema, bool),
    ) {
        let seen = StageSeen {
            span: operator.span,
            name: operator.name.span,
            input: input.map(|(schema, open)| Rows { schema, open }),
            output: Rows {
                schema: output.0.clone(),
                open: output.1,
            },
        };
        self.stages.insert(operator.span.start, seen);
    }

    /// Remembers a tabular expression.
    pub fn table(&mut self, span: Span, plan: &Plan) {
        self.tables.insert(span, rows(plan));
    }
}

impl Env {
    /// The names in reach and one more, with the place of its definition.
    pub(super) fn define(&self, name: &tree::Name, binding: Binding) -> Self {
        Env(Some(Arc::new(Link {
            name: name.text.clone(),
            at: Some(name.span),
            binding,
            parent: self.clone(),
        })))
    }

    /// Where a name was defined.
    fn defined(&self, name: &str) -> Option<Span> {
        self.links().find(|l| l.name == name).and_then(|l| l.at)
    }
}

impl Binder<'_> {
    /// Remembers what a name stands for.
    pub(super) fn seen(&mut self, span: Span, what: Use) {
        let span = unbracketed(self.text, span);
        if let Some(trace) = &mut self.trace {
            trace.uses.insert(span, what);
        }
    }

    /// Remembers that a name stands for something defined in the query.
    pub(super) fn seen_defined(&mut self, name: &str, span: Span) {
        if self.trace.is_some()
            && let Some(at) = self.env.defined(name)
        {
            self.seen(span, Use::Defined(at));
        }
    }

    /// Remembers a definition.
    pub(super) fn seen_definition(&mut self, name: &tree::Name, how: How, binding: &Binding) {
        let Some(trace) = &mut self.trace else {
            return;
        };
        if name.text.is_empty() {
            return;
        }
        let given = match binding {
            Binding::Scalar(_, ty) => Given::Scalar(*ty),
            Binding::Inline(expr) => expr.ty.map_or(Given::Unknown, Given::Scalar),
            Binding::Table(plan) => Given::Table(rows(plan)),
            Binding::Function(function, _) => Given::Function(function.clone()),
            Binding::Pattern(..) | Binding::Error => Given::Unknown,
        };
        match trace.definitions.get_mut(&name.span.start) {
            // Bound again at a call: the call knows more of a function's own names, not of its parameters.
            Some(known) if how == How::Let && !matches!(given, Given::Unknown) => {
                known.given = given;
            }
            Some(_) => {}
            None => {
                let definition = Definition {
                    name: name.text.clone(),
                    at: name.span,
                    scope: trace.scopes.last().copied(),
                    how,
                    given,
                };
                trace.definitions.insert(name.span.start, definition);
            }
        }
    }

    /// Looks into a function where it is defined, so that its body is known without a call.
    /// Its parameters are of their types; what is wrong is told at the calls.
    pub(super) fn trace_function(&mut self, function: &Arc<tree::Function>) {
        let Some(trace) = &mut self.trace else {
            return;
        };
        if !trace.functions.insert(function.span) || trace.scopes.len() > 32 {
            return;
        }
        trace.scopes.push(function.span);
        let told = self.diagnostics.len();
        let outer = self.env.clone();
        for parameter in &function.parameters {
            let span = parameter.name.span;
            let binding = match &parameter.kind {
                ParameterKind::Scalar(ty) => {
                    Binding::Inline(Expr::constant(Value::Null, *ty, span))
                }
                ParameterKind::Table(columns) => Binding::Table(Arc::new(Plan {
                    id: self.id(),
                    source: Source::Error,
                    span,
                    steps: Vec::new(),
                    alias: None,
                    schema: columns.iter().map(|(n, t)| (n.text.clone(), *t)).collect(),
                    serialized: false,
                    open: columns.is_empty(),
                })),
            };
            self.seen_definition(&parameter.name, How::Parameter, &binding);
            self.env = self.env.define(&parameter.name, binding);
        }
        self.body(&function.body, function.span);
        self.env = outer;
        self.diagnostics.truncate(told);
        if let Some(trace) = &mut self.trace {
            trace.scopes.pop();
        }
    }
}
