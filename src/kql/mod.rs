//! The Kusto Query Language: syntax → analysis → run. Knows nothing of rules, logs or the window.

pub mod aggregates;
pub mod bind;
pub mod functions;
mod late;
pub mod operators;
mod origins;
pub mod plan;
pub mod plugins;
pub mod run;
pub mod services;
pub mod syntax;
pub mod write;

pub use late::Late;

use crate::diagnostic::Diagnostic;
use crate::task::CancelToken;
use crate::value::{Table, Type};
use std::sync::Arc;

/// The tables a query can name. Base tables carry a one-event-a-row [`crate::value::Lineage`]
/// where their rows come from raw events.
pub trait Catalog: Sync {
    /// Names of all tables, for suggestions and wildcards.
    fn table_names(&self) -> Vec<String>;
    /// The columns of a table; none where there is no such table.
    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>>;
    /// The rows of a table.
    fn table(&self, table: &str) -> Option<Arc<Table>>;
    /// What is kept of the tables between runs, where the catalog lives longer than one and its tables never change.
    fn memo(&self) -> Option<&run::memo::Memo> {
        None
    }
    /// A table, and which of its rows can be seen; none for all.
    fn visible(&self, table: &str) -> Option<(Arc<Table>, Option<run::frame::Rows>)> {
        Some((self.table(table)?, None))
    }
    /// A table whose columns are made when they are read, and which of its rows can be seen (none for all);
    /// none where the columns are there, in [`Catalog::visible`].
    fn late(&self, _table: &str) -> Option<(Arc<dyn Late>, Option<run::frame::Rows>)> {
        None
    }
    /// The bytes of the file that stands for an address of `externaldata`; none where none is given for it.
    /// The engine never asks a network.
    ///
    /// # Errors
    /// Why the file cannot be read, in words.
    fn external(&self, _address: &str) -> Option<Result<Vec<u8>, String>> {
        None
    }
    /// The aliases of the watchlists there are, for `_GetWatchlistAlias` and suggestions.
    fn watchlist_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// Whether there may be tables, functions and watchlists that this catalog does not know: a check of a query then
    /// takes a name it does not know for one of them, and any column may be asked of it.
    fn more_elsewhere(&self) -> bool {
        false
    }
    /// A watchlist; none where there is none of this alias.
    ///
    /// # Errors
    /// Why the file cannot be read, in words.
    fn watchlist(&self, _alias: &str) -> Option<Result<Watchlist, String>> {
        None
    }
}

/// A watchlist as it is uploaded: a CSV file whose first record names the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watchlist {
    /// The CSV file.
    pub csv: Vec<u8>,
    /// The column that `SearchKey` repeats; none for the first one.
    pub search_key: Option<String>,
}

/// How a query is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// What `now()` and `ago()` see: ticks since 0001-01-01. The engine never reads the machine's clock.
    pub now: i64,
    /// Whether result rows name the events they came from.
    pub lineage: bool,
    /// Stops the run.
    pub cancel: CancelToken,
    /// Most rows any stage may have.
    pub row_limit: usize,
    /// A stage whose rows are wanted too: they come in [`Output::kept`].
    pub keep: Option<Keep>,
    /// Most bytes that the rows of a run may take beside the catalog's tables, about.
    pub memory_limit: usize,
    /// Whether it does without the threads of the pool: for whoever holds a lock that they may wait for.
    pub alone: bool,
}

/// One stage of a run, to ask for its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Its text, as in [`Stage::span`].
    pub span: crate::diagnostic::Span,
    /// Which of its [`Stage::calls`], from 0, in the order of the text: 0 but for the body of a function.
    pub call: usize,
    /// The rows that go into the stage in place of those that come out of it. A source takes none in.
    pub before: bool,
}

impl Keep {
    /// The rows that come out of a stage.
    pub fn after(span: crate::diagnostic::Span) -> Self {
        Self {
            span,
            call: 0,
            before: false,
        }
    }
}

impl Options {
    /// Options with a clock, with lineage, and the default limits.
    pub fn at(now: i64) -> Self {
        Self {
            now,
            lineage: true,
            cancel: CancelToken::new(),
            row_limit: 5_000_000,
            keep: None,
            memory_limit: 4 << 30,
            alone: false,
        }
    }
}

/// The rows alive after one stage of a pipeline.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The stage's text in the query.
    pub span: crate::diagnostic::Span,
    /// Rows alive after it; of a function's body those of all calls.
    pub rows: usize,
    /// Columns after it.
    pub columns: usize,
    /// How often it stands in the run: a function's body once for every call, everything else once.
    pub calls: usize,
}

/// What a run gives.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The result, with lineage where it was asked for.
    pub table: Table,
    /// Warnings; no errors.
    pub diagnostics: Vec<Diagnostic>,
    /// Rows alive after every stage, in source order, `let` bodies and join sides included.
    pub stages: Vec<Stage>,
    /// The rows of the stage in [`Options::keep`]; none where the run has no such stage.
    pub kept: Option<Table>,
    /// Further tables of `fork` and `facet`, with their names.
    pub more: Vec<(String, Table)>,
    /// How the result is to be drawn, where the query says so.
    pub render: Option<plan::Render>,
}

/// What the analysis of a query gives.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Everything wrong with the text, in source order. Spans are byte offsets into the query.
    pub diagnostics: Vec<Diagnostic>,
    /// The result's columns, as far as they are known.
    pub columns: Vec<(String, Type)>,
    /// Whether there may be more columns than those: the query reads tables whose columns are not known.
    pub open: bool,
    /// The tables the query names.
    pub tables: Vec<String>,
    /// The clock that the query gives itself with `set query_now`, in ticks.
    pub query_now: Option<i64>,
}

/// Checks a query without running it. Never fails: what is wrong is in the diagnostics.
pub fn check(text: &str, catalog: &dyn Catalog) -> Analysis {
    on_large_stack(|| {
        let parsed = syntax::parse(text);
        analyse(&parsed, text, catalog, &bind::Found::default()).0
    })
}

/// Runs a query.
///
/// # Errors
/// All diagnostics when the text is wrong or uses what is not supported; one diagnostic with code
/// `KQL-cancelled` when it was cancelled, `KQL-limit` when a limit was reached.
pub fn run(
    text: &str,
    catalog: &dyn Catalog,
    options: &Options,
) -> Result<Output, Vec<Diagnostic>> {
    on_large_stack(|| {
        let prepared = Prepared::of(text, catalog)?;
        run::chunks::alone(options.alone, || prepared.execute(catalog, options))
    })
}

/// A query that was analysed once, to be run any number of times.
#[derive(Clone, Debug)]
pub struct Prepared {
    text: Arc<str>,
    parsed: Arc<syntax::Parsed>,
    plan: Arc<plan::Plan>,
    analysis: Analysis,
    /// Where the columns are only known once the query has run up to there.
    pending: Option<Arc<bind::Pending>>,
}

/// Analyses a query for runs over catalogs with the same tables and columns as this one.
///
/// # Errors
/// All diagnostics when the text is wrong or uses what is not supported.
pub fn prepare(text: &str, catalog: &dyn Catalog) -> Result<Prepared, Vec<Diagnostic>> {
    on_large_stack(|| Prepared::of(text, catalog))
}

impl Prepared {
    fn of(text: &str, catalog: &dyn Catalog) -> Result<Self, Vec<Diagnostic>> {
        let parsed = Arc::new(syntax::parse(text));
        Self::with(text.into(), parsed, catalog, &bind::Found::default())
    }

    fn with(
        text: Arc<str>,
        parsed: Arc<syntax::Parsed>,
        catalog: &dyn Catalog,
        found: &bind::Found,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (mut analysis, plan, pending) = analyse(&parsed, &text, catalog, found);
        // A watchlist that is not there is a warning to the analysis, and an error to a run.
        for diagnostic in &mut analysis.diagnostics {
            if diagnostic.code == "KQL-watchlist" {
                diagnostic.severity = crate::diagnostic::Severity::Error;
            }
        }
        match plan {
            Some(plan) if !analysis.diagnostics.iter().any(Diagnostic::is_error) => Ok(Self {
                text,
                parsed,
                plan,
                analysis,
                pending: pending.map(Arc::new),
            }),
            _ => Err(analysis.diagnostics),
        }
    }

    /// The query's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the analysis found: warnings, columns, tables.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// Where the rows of the result come from in the one table that the query reads; none where a row is made of more
    /// than one row of that table, or in another order.
    pub fn origins(&self) -> Option<plan::Origins> {
        match &self.pending {
            None => self.plan.origins(),
            Some(_) => None,
        }
    }

    /// The query that gives the same rows without columns, and computes no more than that takes; none where it has no
    /// [origins](Prepared::origins).
    pub fn rows_only(&self) -> Option<Self> {
        self.origins()?;
        Some(self.of_plan(self.plan.rows_only()?))
    }

    /// The query that gives one column of all rows of the table, also of those that are left out, and computes no more
    /// than that takes; none where it has no [origins](Prepared::origins).
    pub fn column_of_all(&self, at: usize) -> Option<Self> {
        self.origins()?;
        Some(self.of_plan(self.plan.column_of_all(at)?))
    }

    fn of_plan(&self, plan: plan::Plan) -> Self {
        let mut part = self.clone();
        part.analysis.columns.clone_from(&plan.schema);
        part.plan = Arc::new(plan);
        part
    }

    /// Runs it. Where the catalog's tables have other columns than at the analysis, cells are null or misplaced.
    ///
    /// # Errors
    /// As [`run`].
    pub fn run(&self, catalog: &dyn Catalog, options: &Options) -> Result<Output, Vec<Diagnostic>> {
        on_large_stack(|| run::chunks::alone(options.alone, || self.execute(catalog, options)))
    }

    fn execute(&self, catalog: &dyn Catalog, options: &Options) -> Result<Output, Vec<Diagnostic>> {
        let pinned = self.analysis.query_now.map(|now| Options {
            now,
            ..options.clone()
        });
        let options = pinned.as_ref().unwrap_or(options);
        let runtime = run::Runtime::new(catalog, options);
        // Columns that only the data tell (`evaluate bag_unpack(d)`) are found one place after the other:
        // the rows up to it run, and the query is analysed again. What has run is kept and not run again.
        let mut found = bind::Found::default();
        let mut this = std::borrow::Cow::Borrowed(self);
        while let Some(pending) = &this.pending {
            let rows = runtime.rows(&pending.input);
            match rows.and_then(|rows| pending.finder.find(&rows, &runtime)) {
                Ok(columns) => found.columns.push(columns),
                Err(stop) => return Err(vec![stop.diagnostic()]),
            }
            let (text, parsed) = (self.text.clone(), self.parsed.clone());
            let next = Self::with(text, parsed, catalog, &found)?;
            this = std::borrow::Cow::Owned(next);
        }
        let result = runtime
            .rows(&this.plan)
            .and_then(|frame| run::output(frame, &this.plan, &runtime));
        // A column that could not be read is empty: nothing may be said of it but that.
        match result.and_then(|table| runtime.check().map(|()| table)) {
            Ok(table) => Ok(Output {
                table,
                diagnostics: this.analysis.diagnostics.clone(),
                stages: runtime.take_stages(),
                kept: runtime.take_kept(),
                more: runtime.take_more(),
                render: this.plan.render().cloned(),
            }),
            Err(stop) => Err(vec![stop.diagnostic()]),
        }
    }
}

type Analysed = (Analysis, Option<Arc<plan::Plan>>, Option<bind::Pending>);

fn analyse(
    parsed: &syntax::Parsed,
    text: &str,
    catalog: &dyn Catalog,
    found: &bind::Found,
) -> Analysed {
    let mut binder = bind::Binder::new(text, catalog);
    binder.recovered = parsed.recovered.clone();
    binder.found = Some(found);
    let plan = binder.query(&parsed.query);
    let pending = binder.pending.take();
    let mut diagnostics = parsed.diagnostics.clone();
    diagnostics.append(&mut binder.diagnostics);
    if diagnostics.iter().any(|d| d.code == "KQL142") {
        // A second look, only where it helps: what columns were there before and after every operator.
        let mut second = bind::Binder::new(text, catalog);
        second.trace = Some(Box::default());
        second.query(&parsed.query);
        if let Some(trace) = second.trace {
            bind::history::explain(&mut diagnostics, &trace.stages, text);
        }
    }
    if let Some(from) = binder.guessing {
        // Behind columns that are not known yet the types are guesses: such errors are told once they are known.
        diagnostics.retain(|d| {
            let behind = d.span.is_some_and(|s| s.start > from);
            !(d.is_error() && behind && bind::ABOUT_TYPES.contains(&d.code.as_str()))
        });
    }
    // In source order; of errors at one place the first found counts.
    diagnostics.sort_by_key(|d| d.span.map_or(0, |s| s.start));
    let analysis = Analysis {
        diagnostics,
        columns: plan.as_ref().map(|p| p.schema.clone()).unwrap_or_default(),
        open: plan.as_ref().is_none_or(|p| p.open),
        tables: binder.tables.into_iter().collect(),
        query_now: binder.query_now,
    };
    (analysis, plan, pending)
}

/// The analysis with all that the language services ask of it.
fn trace(text: &str, catalog: &dyn Catalog) -> bind::trace::Trace {
    on_large_stack(|| {
        let parsed = syntax::parse(text);
        let mut binder = bind::Binder::new(text, catalog);
        binder.trace = Some(Box::default());
        binder.query(&parsed.query);
        binder.trace.map(|t| *t).unwrap_or_default()
    })
}

/// Trees may be deep; the thread of the window or of a test may have a small stack.
fn on_large_stack<T: Send>(work: impl Fn() -> T + Sync) -> T {
    const STACK: usize = 128 << 20;
    let work = &work;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, work) {
            Ok(handle) => handle
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No thread to be had.
            Err(_) => work(),
        }
    })
}
