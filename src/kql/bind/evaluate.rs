//! `evaluate`: plugins, and columns that only the data tell.
//!
//! Some plugins make columns out of values (`bag_unpack`, `pivot`). Without a result schema the analysis knows
//! them only in part: the rest of the query is bound openly, unknown names being no error. A run executes the
//! query up to the first such place, finds the columns there, and analyses the whole query again with them, until
//! no place is left. Analysis is the same every time up to the place, so plans keep their numbers and what
//! has run is not run again.

use super::operator::{Made, Pipeline};
use super::{Binder, suggest};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::plan::{Plan, Schema, Source};
use crate::kql::plugins::{self, Call, Planned};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::Evaluate;
use std::sync::Arc;

/// Most places of one query whose columns only the data tell.
const MAX_PLACES: usize = 100;

/// Errors about types: where columns are not known yet they may be none.
pub const ABOUT_TYPES: [&str; 10] = [
    "KQL106",
    "KQL107",
    "KQL116",
    "KQL127",
    "KQL141",
    "KQL178",
    "KQL234",
    "KQL242",
    "KQL-path",
    "KQL-columns",
];

/// Finds the columns that rows make.
pub trait Find: Send + Sync + std::fmt::Debug {
    /// All columns of the result.
    ///
    /// # Errors
    /// When cancelled, at a limit, or where the rows cannot be used.
    fn find(&self, input: &Frame, runtime: &Runtime) -> Result<FoundColumns, Stop>;
}

/// Columns that were found.
#[derive(Clone, Debug, Default)]
pub struct FoundColumns {
    /// Names and types.
    pub schema: Schema,
    /// How many of them, the first ones, are columns of the input.
    pub kept: usize,
    /// What is to be told about them.
    pub warnings: Vec<Diagnostic>,
}

/// What was found so far, place by place in the order of the analysis.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The columns of each place.
    pub columns: Vec<FoundColumns>,
}

/// A place whose columns must be found before the query can run.
#[derive(Debug)]
pub struct Pending {
    /// The rows before it.
    pub input: Arc<Plan>,
    /// How the columns are found.
    pub finder: Box<dyn Find>,
}

impl Binder<'_> {
    /// From here on columns are not known in full, and types are guessed.
    pub(super) fn guess_from(&mut self, place: Span) {
        let before = self.guessing.unwrap_or(place.start);
        self.guessing = Some(before.min(place.start));
    }

    /// `T | evaluate plugin(…)`
    pub(super) fn evaluate(
        &mut self,
        evaluate: &Evaluate,
        mut pipeline: Pipeline,
        span: Span,
    ) -> Pipeline {
        let planned = self.plugin(evaluate, &pipeline, span);
        let Some(Planned::Open {
            finder,
            known,
            make,
        }) = planned
        else {
            let made = match planned {
                Some(Planned::Made(made)) => Some(made),
                _ => None,
            };
            self.add(&mut pipeline, made, span);
            return pipeline;
        };
        let incomplete = pipeline.open;
        let input = self.finish(pipeline);
        // Not `start`: the rows that ran to find the columns are used again.
        let mut pipeline = Pipeline {
            schema: input.schema.clone(),
            serialized: input.serialized,
            open: incomplete,
            source: Source::Plan(input.clone()),
            span: input.span,
            steps: Vec::new(),
            alias: None,
        };
        let at = self.met;
        self.met += 1;
        if at >= MAX_PLACES {
            let message = format!(
                "The query has more than {MAX_PLACES} plugins whose columns only the data tell"
            );
            self.told(
                Diagnostic::error("KQL-limit", span, message)
                    .with_hint("Give the columns: `evaluate bag_unpack(d) : (a:string, …)`"),
            );
            return pipeline;
        }
        let found = self.found.and_then(|f| f.columns.get(at)).cloned();
        match found {
            Some(found) => {
                for warning in &found.warnings {
                    self.told(warning.clone());
                }
                let mut made = make(found);
                made.open = Some(false);
                self.add(&mut pipeline, Some(made), span);
            }
            None => {
                if self.pending.is_none() && !incomplete {
                    self.pending = Some(Pending { input, finder });
                }
                self.guess_from(span);
                let mut made = plugins::unfound(known, span);
                made.open = Some(true);
                self.add(&mut pipeline, Some(made), span);
            }
        }
        pipeline
    }

    /// The same within an operator that runs for each row: the columns must be known.
    pub(super) fn evaluate_inner(
        &mut self,
        evaluate: &Evaluate,
        input: &Pipeline,
        span: Span,
    ) -> Option<Made> {
        match self.plugin(evaluate, input, span)? {
            Planned::Made(made) => Some(made),
            Planned::Open { .. } => {
                let message = format!(
                    "`{}` without a result schema is not supported in here",
                    evaluate.plugin.text
                );
                self.told(
                    Diagnostic::error("KQL-unsupported", evaluate.plugin.span, message)
                        .with_hint("Give the columns behind it: `: (a:string, b:long)`"),
                );
                None
            }
        }
    }

    /// `evaluate plugin(…)` at the beginning of a pipe.
    pub(super) fn evaluate_source(&mut self, evaluate: &Evaluate, span: Span) -> Arc<Plan> {
        let nothing = self.nothing(span);
        let known = plugins::find(&evaluate.plugin.text).is_some();
        if known || !self.refused_plugin(evaluate) {
            let message = format!("`{}` needs rows: `T | evaluate …`", evaluate.plugin.text);
            self.error("KQL-tabular", evaluate.plugin.span, message);
        }
        nothing
    }

    fn plugin(&mut self, evaluate: &Evaluate, input: &Pipeline, span: Span) -> Option<Planned> {
        if evaluate.plugin.text.is_empty() {
            return None;
        }
        let Some(plugin) = plugins::find(&evaluate.plugin.text) else {
            if !self.refused_plugin(evaluate) {
                let message = format!("There is no plugin `{}`", evaluate.plugin.text);
                let mut diagnostic = Diagnostic::error("KQL124", evaluate.plugin.span, message);
                diagnostic.hint =
                    suggest::nearest(&evaluate.plugin.text, plugins::all().map(|p| p.name))
                        .map(|n| format!("Did you mean `{n}`?"));
                self.told(diagnostic);
            }
            return None;
        };
        let mut call = Call::new(self, plugin, evaluate, input, span);
        (plugin.bind)(&mut call)
    }

    /// Tells of a plugin that KQL has and this engine does not run.
    fn refused_plugin(&mut self, evaluate: &Evaluate) -> bool {
        let name = &evaluate.plugin;
        let why = plugins::refused(&name.text);
        if let Some(why) = why {
            let message = format!("The plugin `{}` is not supported: {why}", name.text);
            self.error("KQL-unsupported", name.span, message);
            self.guess_from(name.span);
        }
        why.is_some()
    }
}
