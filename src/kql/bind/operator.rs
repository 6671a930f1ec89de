//! Pipes: one operator after another, each seeing the columns of the one before it.

use super::trace::How;
use super::{Binder, Binding, Row};
use crate::diagnostic::Span;
use crate::kql::operators::{
    self, aggregate, apply, consume, count, datatable, distinct, expand, extend, externaldata,
    filter, find, getschema, join, parse, parse_kv, print, project, rename, search, sort, take,
    union,
};
use crate::kql::plan::{Operator, Plan, Schema, Source, Stage};
use crate::kql::syntax::tree::{self, OperatorKind};
use std::sync::Arc;

/// A pipe on its way: the columns so far.
#[derive(Debug)]
pub struct Pipeline {
    /// The columns after the last operator.
    pub schema: Schema,
    /// Whether the rows have an order to rely on.
    pub serialized: bool,
    /// Whether the columns are only known in part.
    pub open: bool,
    pub(super) source: Source,
    pub(super) span: Span,
    pub(super) steps: Vec<Stage>,
    pub(super) alias: Option<String>,
}

impl Pipeline {
    /// What expressions of the next operator can see.
    pub fn row(&self) -> Row<'_> {
        Row {
            schema: Some(&self.schema),
            open: self.open,
            serialized: self.serialized,
            sides: None,
        }
    }
}

/// What binding an operator gives: its code and the columns after it.
pub struct Made {
    /// The code.
    pub operator: Box<dyn Operator>,
    /// The columns after it.
    pub schema: Schema,
    /// Whether the rows have an order after it; none for as before.
    pub serialized: Option<bool>,
    /// Whether the columns are known in full; none for as before.
    pub open: Option<bool>,
}

impl Made {
    /// An operator that keeps order and knowledge as they are.
    pub fn new(operator: impl Operator + 'static, schema: Schema) -> Self {
        Self {
            operator: Box::new(operator),
            schema,
            serialized: None,
            open: None,
        }
    }

    /// The same with a new order.
    pub fn ordered(mut self, serialized: bool) -> Self {
        self.serialized = Some(serialized);
        self
    }
}

impl Binder<'_> {
    pub(in crate::kql) fn start(&mut self, plan: Arc<Plan>) -> Pipeline {
        let (source, span) = match &plan.source {
            Source::Table(name) if plan.steps.is_empty() => {
                (Source::Table(name.clone()), plan.span)
            }
            _ => (Source::Plan(plan.clone()), plan.span),
        };
        Pipeline {
            schema: plan.schema.clone(),
            serialized: plan.serialized,
            open: plan.open,
            source,
            span,
            steps: Vec::new(),
            alias: plan.alias.clone(),
        }
    }

    pub(in crate::kql) fn finish(&mut self, pipeline: Pipeline) -> Arc<Plan> {
        Arc::new(Plan {
            id: self.id(),
            source: pipeline.source,
            span: pipeline.span,
            steps: pipeline.steps,
            schema: pipeline.schema,
            alias: pipeline.alias,
            serialized: pipeline.serialized,
            open: pipeline.open,
        })
    }

    pub(super) fn pipe(&mut self, pipe: &tree::Pipe, _row: Row, _span: Span) -> Arc<Plan> {
        let source = self.table(&pipe.source, Row::NONE);
        self.piped(source, &pipe.operators)
    }

    /// The rows of a plan through operators.
    pub fn piped(&mut self, source: Arc<Plan>, operators: &[tree::Operator]) -> Arc<Plan> {
        let mut pipeline = self.start(source);
        for operator in operators {
            let before = self.before(&pipeline);
            match &operator.kind {
                OperatorKind::Invoke(call) => {
                    let input = self.finish(pipeline);
                    let result = self.invoke(input, call);
                    pipeline = self.start(result);
                }
                OperatorKind::As(name) => {
                    pipeline.alias = Some(name.text.clone());
                    let plan = self.finish(pipeline);
                    let binding = Binding::Table(plan.clone());
                    self.seen_definition(name, How::As, &binding);
                    self.env = self.env.define(name, binding);
                    pipeline = self.start(plan);
                }
                OperatorKind::Union(settings, tables) => {
                    let input = self.finish(pipeline);
                    let made = union::bind(self, settings, tables, Some(input), operator.span);
                    pipeline = self.start_with(made, operator.span);
                }
                OperatorKind::Evaluate(evaluate) => {
                    pipeline = self.evaluate(evaluate, pipeline, operator.span);
                }
                OperatorKind::Search(search) => {
                    let input = self.finish(pipeline);
                    let made = search::bind_piped(self, search, input, operator.span);
                    pipeline = self.start_with(made, operator.span);
                }
                _ => {
                    let made = self.operator(operator, &pipeline);
                    self.add(&mut pipeline, made, operator.span);
                }
            }
            pipeline.open |= self.guessed(operator.span);
            self.after(operator, before, &pipeline);
        }
        self.finish(pipeline)
    }

    pub(in crate::kql) fn start_with(&mut self, made: Option<Made>, span: Span) -> Pipeline {
        match made {
            Some(made) => Pipeline {
                schema: made.schema,
                serialized: made.serialized.unwrap_or(false),
                open: made.open.unwrap_or(false),
                source: Source::Operator(made.operator),
                span,
                steps: Vec::new(),
                alias: None,
            },
            None => Pipeline {
                schema: Vec::new(),
                serialized: false,
                open: true,
                source: Source::Error,
                span,
                steps: Vec::new(),
                alias: None,
            },
        }
    }

    pub(in crate::kql) fn add(&mut self, pipeline: &mut Pipeline, made: Option<Made>, span: Span) {
        let Some(made) = made else {
            pipeline.open = true;
            return;
        };
        pipeline.serialized = made.serialized.unwrap_or(pipeline.serialized);
        pipeline.open = made.open.unwrap_or(pipeline.open);
        pipeline.alias = None;
        let input = std::mem::replace(&mut pipeline.schema, made.schema.clone());
        pipeline.steps.push(Stage {
            span,
            operator: made.operator.into(),
            input,
            schema: made.schema,
        });
    }

    /// Whether the parser guessed within an operator: then its columns are a guess too.
    fn guessed(&self, operator: Span) -> bool {
        let within = |r: &Span| operator.start <= r.start && r.start <= operator.end;
        self.recovered.iter().any(within)
    }

    /// Rows with these columns, as an operator's input.
    pub fn inner_input(&self, schema: Schema, open: bool) -> Pipeline {
        Pipeline {
            schema,
            serialized: false,
            open,
            source: Source::Error,
            span: Span::default(),
            steps: Vec::new(),
            alias: None,
        }
    }

    /// Rows that an operator gives when they are asked for.
    pub fn rows_of(
        &mut self,
        operator: impl Operator + 'static,
        input: &Pipeline,
        span: Span,
    ) -> Arc<Plan> {
        let made = Made::new(operator, input.schema.clone()).ordered(input.serialized);
        let mut pipeline = self.start_with(Some(made), span);
        pipeline.open = input.open;
        self.finish(pipeline)
    }

    /// The operators inside another one, over rows with these columns.
    pub fn inner_pipe(
        &mut self,
        operators: &[tree::Operator],
        schema: Schema,
        open: bool,
    ) -> (Vec<Stage>, Pipeline) {
        let mut pipeline = Pipeline {
            schema,
            serialized: false,
            open,
            source: Source::Error,
            span: Span::default(),
            steps: Vec::new(),
            alias: None,
        };
        for operator in operators {
            if let OperatorKind::Invoke(_)
            | OperatorKind::As(_)
            | OperatorKind::Search(_)
            | OperatorKind::Union(..) = &operator.kind
            {
                let message = format!("`{}` is not supported in here yet", operator.name.text);
                self.error("KQL-unsupported", operator.name.span, message);
            }
            let before = self.before(&pipeline);
            let made = self.operator(operator, &pipeline);
            self.add(&mut pipeline, made, operator.span);
            self.after(operator, before, &pipeline);
        }
        (std::mem::take(&mut pipeline.steps), pipeline)
    }

    /// An operator that begins a pipe.
    pub(super) fn source(&mut self, operator: &tree::Operator) -> Arc<Plan> {
        let made = match &operator.kind {
            OperatorKind::Print(items) => print::bind(self, items),
            OperatorKind::Datatable(columns, values) => {
                datatable::bind(self, columns, values, operator.span)
            }
            OperatorKind::Range(name, from, to, step) => {
                print::bind_range(self, name, [from, to, step], operator.span)
            }
            OperatorKind::Union(settings, tables) => {
                union::bind(self, settings, tables, None, operator.span)
            }
            OperatorKind::Externaldata(external) => externaldata::bind(self, external),
            OperatorKind::Search(search) => search::bind(self, search, operator.span),
            OperatorKind::Find(find) => find::bind(self, find, operator.span),
            OperatorKind::Evaluate(evaluate) => {
                return self.evaluate_source(evaluate, operator.span);
            }
            _ => None,
        };
        let pipeline = self.start_with(made, operator.span);
        self.after(operator, None, &pipeline);
        self.finish(pipeline)
    }

    /// The columns before an operator, where the language services ask for them.
    fn before(&self, pipeline: &Pipeline) -> Option<(Schema, bool)> {
        let asked = self.trace.is_some();
        asked.then(|| (pipeline.schema.clone(), pipeline.open))
    }

    fn after(
        &mut self,
        operator: &tree::Operator,
        before: Option<(Schema, bool)>,
        pipeline: &Pipeline,
    ) {
        if let Some(trace) = &mut self.trace {
            trace.stage(operator, before, (&pipeline.schema, pipeline.open));
        }
    }

    fn operator(&mut self, operator: &tree::Operator, input: &Pipeline) -> Option<Made> {
        match &operator.kind {
            OperatorKind::Where(predicate) => filter::bind(self, predicate, input),
            OperatorKind::Extend(items) => extend::bind(self, items, input, false),
            OperatorKind::Serialize(items) => extend::bind(self, items, input, true),
            OperatorKind::Project(items) => project::bind(self, items, input),
            OperatorKind::ProjectAway(patterns) => rename::bind_away(self, patterns, input),
            OperatorKind::ProjectKeep(patterns) => rename::bind_keep(self, patterns, input),
            OperatorKind::ProjectRename(items) => rename::bind_rename(self, items, input),
            OperatorKind::ProjectReorder(patterns) => rename::bind_reorder(self, patterns, input),
            OperatorKind::Summarize(aggregates, keys) => {
                aggregate::bind(self, aggregates, keys, input)
            }
            OperatorKind::Distinct(items) => distinct::bind(self, items, input),
            OperatorKind::Rows(rows) => operators::rows::bind(self, rows, input, operator.span),
            OperatorKind::Join {
                settings,
                right,
                on,
                lookup,
            } => join::bind(self, settings, right, on, *lookup, input, operator.span),
            OperatorKind::Sort(keys) => sort::bind(self, keys, None, input),
            OperatorKind::Top(count, keys) => sort::bind(self, keys, Some(count), input),
            OperatorKind::Take(count) => take::bind(self, count, input),
            OperatorKind::Count => Some(count::bind("Count")),
            OperatorKind::CountAs(name) => Some(count::bind(&name.text)),
            OperatorKind::MvExpand(items, index, limit, arrays) => {
                expand::bind(self, items, index.as_ref(), limit.as_ref(), *arrays, input)
            }
            OperatorKind::MvApply(apply) => apply::bind(self, apply, input, operator.span),
            OperatorKind::Parse(kind, source, pieces, drop) => {
                parse::bind(self, kind, source, pieces, *drop, input)
            }
            OperatorKind::ParseKv(parse) => parse_kv::bind(self, parse, input, operator.span),
            OperatorKind::Evaluate(evaluate) => self.evaluate_inner(evaluate, input, operator.span),
            OperatorKind::Consume => Some(consume::bind()),
            OperatorKind::GetSchema => Some(getschema::bind(input)),
            OperatorKind::Render(render) => Some(operators::render::bind(render, input)),
            OperatorKind::Print(_)
            | OperatorKind::Datatable(..)
            | OperatorKind::Externaldata(_)
            | OperatorKind::Find(_)
            | OperatorKind::Range(..) => {
                let message = format!(
                    "`{}` begins a query; it cannot stand behind `|`",
                    operator.name.text
                );
                self.error("KQL176", operator.name.span, message);
                None
            }
            OperatorKind::Union(..)
            | OperatorKind::As(_)
            | OperatorKind::Invoke(_)
            | OperatorKind::Search(_)
            | OperatorKind::Unsupported
            | OperatorKind::Bad => None,
        }
    }
}
