//! The plugins of `evaluate`: one file each. To add one: its file, a `mod` line and a line in `PLUGINS`.

mod activity;
mod bag_unpack;
mod ip_lookup;
mod narrow;
mod pivot;
mod rolling_percentile;
mod rows_near;
mod schema_merge;
mod session_count;
mod sliding_window;
mod timeline;

use super::bind::operator::{Made, Pipeline};
use super::bind::{Binder, Find, FoundColumns, Row, names};
use super::operators::docs::Doc;
use super::plan::{Expr, Kind, Operator, Schema};
use super::run::frame::Frame;
use super::run::{Runtime, Stop};
use super::syntax::tree::{self, Argument, Evaluate, ResultSchema};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::{Type, Value};

/// A plugin.
pub struct Plugin {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub signature: &'static str,
    /// What it does: hover text and reference page.
    pub doc: &'static str,
    /// The names that its arguments may be given by, in their order.
    pub parameters: &'static [&'static str],
    /// Analyses a call.
    pub bind: fn(&mut Call) -> Option<Planned>,
}

/// What a call of a plugin becomes.
pub enum Planned {
    /// Its columns are known.
    Made(Made),
    /// Only the data tell its columns.
    Open {
        /// Finds them.
        finder: Box<dyn Find>,
        /// Those that are known before.
        known: Schema,
        /// The operator, once all are known.
        make: Box<dyn FnOnce(FoundColumns) -> Made>,
    },
}

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::plugin(
        &["activity_counts_metrics"],
        activity::COUNTS_METRICS.signature,
        activity::COUNTS_METRICS.doc,
        "SigninLogs\n| evaluate activity_counts_metrics(UserPrincipalName, TimeGenerated, ago(7d), now(), 1d)",
    ),
    Doc::plugin(
        &["activity_metrics"],
        activity::METRICS.signature,
        activity::METRICS.doc,
        "SigninLogs\n| evaluate activity_metrics(UserPrincipalName, TimeGenerated, ago(7d), now(), 1d)",
    ),
    Doc::plugin(
        &["bag_unpack"],
        bag_unpack::PLUGIN.signature,
        bag_unpack::PLUGIN.doc,
        "SigninLogs\n| evaluate bag_unpack(LocationDetails) : (*, city:string, state:string)",
    ),
    Doc::plugin(
        &["ipv4_lookup"],
        ip_lookup::IPV4.signature,
        ip_lookup::IPV4.doc,
        "let Sites = datatable(Network:string, Site:string)[\"10.1.0.0/16\", \"Berlin\"];\nSigninLogs | evaluate ipv4_lookup(Sites, IPAddress, Network)",
    ),
    Doc::plugin(
        &["ipv6_lookup"],
        ip_lookup::IPV6.signature,
        ip_lookup::IPV6.doc,
        "let Sites = datatable(Network:string, Site:string)[\"fd00::/8\", \"Berlin\"];\nSigninLogs | evaluate ipv6_lookup(Sites, IPAddress, Network)",
    ),
    Doc::plugin(
        &["narrow"],
        narrow::PLUGIN.signature,
        narrow::PLUGIN.doc,
        "SigninLogs | take 1 | project UserPrincipalName, AppDisplayName | evaluate narrow()",
    ),
    Doc::plugin(
        &["pivot"],
        pivot::PLUGIN.signature,
        pivot::PLUGIN.doc,
        "SigninLogs | project UserPrincipalName, ResultType | evaluate pivot(ResultType)",
    ),
    Doc::plugin(
        &["rolling_percentile"],
        rolling_percentile::PLUGIN.signature,
        rolling_percentile::PLUGIN.doc,
        "Logs | evaluate rolling_percentile(Size, 95, TimeGenerated, 1d, 7)",
    ),
    Doc::plugin(
        &["rows_near"],
        rows_near::PLUGIN.signature,
        rows_near::PLUGIN.doc,
        "SigninLogs | sort by TimeGenerated asc | evaluate rows_near(ResultType != \"0\", 2)",
    ),
    Doc::plugin(
        &["schema_merge"],
        schema_merge::PLUGIN.signature,
        schema_merge::PLUGIN.doc,
        "union (SigninLogs | getschema), (AuditLogs | getschema) | evaluate schema_merge()",
    ),
    Doc::plugin(
        &["session_count"],
        session_count::PLUGIN.signature,
        session_count::PLUGIN.doc,
        "SigninLogs\n| evaluate session_count(UserPrincipalName, TimeGenerated, ago(7d), now(), 1d, 1h)",
    ),
    Doc::plugin(
        &["sliding_window_counts"],
        sliding_window::PLUGIN.signature,
        sliding_window::PLUGIN.doc,
        "SigninLogs\n| evaluate sliding_window_counts(UserPrincipalName, TimeGenerated, ago(7d), now(), 3d, 1d)",
    ),
];

static PLUGINS: &[&Plugin] = &[
    &activity::COUNTS_METRICS,
    &activity::METRICS,
    &bag_unpack::PLUGIN,
    &ip_lookup::IPV4,
    &ip_lookup::IPV6,
    &narrow::PLUGIN,
    &pivot::PLUGIN,
    &rolling_percentile::PLUGIN,
    &rows_near::PLUGIN,
    &schema_merge::PLUGIN,
    &session_count::PLUGIN,
    &sliding_window::PLUGIN,
];

/// Plugins that KQL has and this engine does not run, and why.
const REFUSED: &[(&str, &str)] = &[
    ("active_users_count", LETTER),
    ("activity_engagement", LETTER),
    ("ai_chat_completion", NETWORK),
    ("ai_chat_completion_prompt", NETWORK),
    ("ai_embed_text", NETWORK),
    ("ai_embeddings", NETWORK),
    ("autocluster", MINING),
    ("azure_digital_twins_query_request", NETWORK),
    ("basket", MINING),
    ("cosmosdb_sql_request", NETWORK),
    ("dcount_intersect", "its `hll` values are not read yet"),
    ("diffpatterns", MINING),
    ("diffpatterns_text", MINING),
    ("funnel_sequence", LETTER),
    ("funnel_sequence_completion", LETTER),
    ("geo_line_lookup", "it is not there yet"),
    ("geo_polygon_lookup", "it is not there yet"),
    ("http_request", NETWORK),
    ("http_request_post", NETWORK),
    ("identity_v3", NETWORK),
    ("infer_storage_schema", NETWORK),
    ("infer_storage_schema_with_suggestions", NETWORK),
    ("mysql_request", NETWORK),
    ("new_activity_metrics", LETTER),
    ("postgresql_request", NETWORK),
    ("preview", "it gives two tables"),
    ("python", "it runs code in the cluster"),
    ("r", "it runs code in the cluster"),
    ("sequence_detect", LETTER),
    ("sql_request", NETWORK),
];

const NETWORK: &str = "it asks another service, and nothing here uses the network";
const LETTER: &str = "what it counts is not documented to the letter";
const MINING: &str = "the patterns that it picks are not documented to the letter";

/// The plugin of a name.
pub fn find(name: &str) -> Option<&'static Plugin> {
    PLUGINS.iter().copied().find(|p| p.name == name)
}

/// All plugins that run.
pub fn all() -> impl Iterator<Item = &'static Plugin> {
    PLUGINS.iter().copied()
}

/// Why a plugin of KQL does not run here; none for a name that KQL does not have.
pub fn refused(name: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(n, _)| *n == name).map(|(_, w)| *w)
}

/// A call of a plugin that is being analysed.
pub struct Call<'b, 'a> {
    /// The analysis.
    pub binder: &'b mut Binder<'a>,
    /// The rows before it.
    pub input: &'b Pipeline,
    /// The columns that the query expects.
    pub schema: Option<&'b ResultSchema>,
    /// The plugin's name.
    pub name: Span,
    /// The whole operator.
    pub span: Span,
    plugin: &'static Plugin,
    arguments: &'b [Argument],
}

impl<'b, 'a> Call<'b, 'a> {
    /// A call.
    pub fn new(
        binder: &'b mut Binder<'a>,
        plugin: &'static Plugin,
        evaluate: &'b Evaluate,
        input: &'b Pipeline,
        span: Span,
    ) -> Self {
        Self {
            binder,
            input,
            schema: evaluate.schema.as_ref(),
            name: evaluate.plugin.span,
            span,
            plugin,
            arguments: &evaluate.arguments,
        }
    }

    /// Tells an error at the plugin's name.
    pub fn error(&mut self, code: &str, message: impl Into<String>) {
        self.binder.error(code, self.name, message);
    }

    /// How many arguments are given.
    pub fn count(&self) -> usize {
        self.arguments.len()
    }

    /// The argument of a parameter: by its name, else by its place.
    pub fn get(&self, at: usize) -> Option<&'b tree::Expr> {
        let wanted = self.plugin.parameters.get(at).copied();
        let named = self.arguments.iter().find(|a| {
            a.name
                .as_ref()
                .is_some_and(|n| Some(n.text.as_str()) == wanted)
        });
        named
            .or_else(|| self.arguments.get(at).filter(|a| a.name.is_none()))
            .map(|a| &a.value)
    }

    /// The arguments from a place on that have no name.
    pub fn rest(&self, from: usize) -> impl Iterator<Item = &'b tree::Expr> + use<'b, 'a> {
        self.arguments
            .iter()
            .skip(from)
            .filter(|a| a.name.is_none())
            .map(|a| &a.value)
    }

    /// Tells that the call has too few or too many arguments.
    pub fn wrong_count(&mut self) {
        let message = format!(
            "`{}` is called as `{}`",
            self.plugin.name, self.plugin.signature
        );
        self.error("KQL119", message);
    }

    /// Whether so many arguments are given and their names are known; tells it where not.
    pub fn fits(&mut self, fewest: usize, most: usize) -> bool {
        for argument in self.arguments {
            if let Some(name) = &argument.name
                && !self.plugin.parameters.contains(&name.text.as_str())
            {
                let message = format!("`{}` has no parameter `{}`", self.plugin.name, name.text);
                self.binder.error("KQL119", name.span, message);
                return false;
            }
        }
        let fits = (fewest..=most).contains(&self.arguments.len());
        if !fits {
            self.wrong_count();
        }
        fits
    }

    /// An argument that must be a column of the input: its place and type.
    pub fn column(&mut self, expr: &tree::Expr) -> Option<(usize, Type)> {
        let value = self.binder.scalar(expr, self.input.row());
        match (&value.kind, value.ty) {
            (Kind::Column(at), Some(ty)) => Some((*at, ty)),
            (_, None) => None,
            _ => {
                self.binder
                    .error("KQL109", expr.span, "The name of a column is expected here");
                None
            }
        }
    }

    /// The name of a column of the input.
    pub fn column_name(&self, at: usize) -> String {
        self.input
            .schema
            .get(at)
            .map(|(n, _)| n.clone())
            .unwrap_or_default()
    }

    /// An argument that must be a value that is the same for all rows.
    pub fn constant(&mut self, expr: &tree::Expr) -> Option<Expr> {
        let value = self.binder.scalar(expr, Row::NONE);
        value.ty?;
        if !value.is_constant() {
            self.binder
                .error("KQL129", expr.span, "A constant is expected here");
            return None;
        }
        Some(value)
    }

    /// An argument that must be known before the run.
    pub fn known(&mut self, expr: &tree::Expr) -> Option<Value> {
        let value = self.constant(expr)?;
        let known = names::constant(&value);
        if known.is_none() {
            self.binder.error(
                "KQL129",
                expr.span,
                "A value written out, or a `let` of one, is expected here",
            );
        }
        known
    }

    /// A flag that is given by name only; none inside where it is not given, none where it is wrong.
    pub fn option(&mut self, wanted: &str) -> Option<Option<bool>> {
        let mut found = None;
        for argument in self.arguments {
            let Some(name) = &argument.name else {
                continue;
            };
            if name.text != wanted {
                let message = format!("`{}` has no parameter `{}`", self.plugin.name, name.text);
                self.binder.error("KQL119", name.span, message);
                return None;
            }
            match self.known(&argument.value)? {
                Value::Bool(given) => found = Some(given),
                _ => {
                    let span = argument.value.span;
                    self.binder.error("KQL107", span, "A bool is expected here");
                    return None;
                }
            }
        }
        Some(found)
    }

    /// Refuses a result schema, for a plugin that has none.
    pub fn no_schema(&mut self) -> bool {
        match self.schema {
            Some(schema) => {
                let span = schema.span;
                let message = format!("`{}` takes no result schema", self.plugin.name);
                self.binder.error("KQL119", span, message);
                false
            }
            None => true,
        }
    }
}

/// Ends a run with an error at a place.
pub fn stop(code: &str, span: Span, message: impl Into<String>) -> Stop {
    Stop::Failed(Box::new(Diagnostic::error(code, span, message)))
}

/// Stands where the columns have not been found.
#[derive(Debug)]
struct Unfound {
    span: Span,
}

impl Operator for Unfound {
    fn run(&self, _: Frame, _: &Runtime) -> Result<Frame, Stop> {
        // A query is only run when all columns are found.
        Err(stop(
            "KQL-unsupported",
            self.span,
            "The columns of this plugin are not known",
        ))
    }
}

/// A plugin whose columns have not been found yet.
pub fn unfound(known: Schema, span: Span) -> Made {
    Made::new(Unfound { span }, known).ordered(false)
}
