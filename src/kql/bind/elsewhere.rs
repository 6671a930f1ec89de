//! Tables and functions that only the workspace in the cloud has. Where the catalog says that there may be more than it
//! knows, a name in the place of a table is taken for one of them: any column may be asked of it.

use super::{Binder, suggest};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::kql::plan::Plan;
use crate::kql::syntax::tree::{self, ExprKind};
use std::sync::Arc;

/// The code of what is told of them.
pub const CODE: &str = "KQL-elsewhere";

impl Binder<'_> {
    /// What stands for a table or function that was just told not to be known: since the diagnostic number `from`.
    /// None where the catalog knows all there is, or something else is wrong.
    pub(super) fn elsewhere(&mut self, expr: &tree::Expr, from: usize) -> Option<Arc<Plan>> {
        if !self.catalog.more_elsewhere() {
            return None;
        }
        let (name, at, is_table) = match &expr.kind {
            ExprKind::Name(name) => (name, expr.span, true),
            ExprKind::Call(name, _) => (&name.text, name.span, false),
            ExprKind::Member(_, name) => (&name.text, name.span, true),
            ExprKind::Method(_, call) => return self.elsewhere(call, from),
            _ => return None,
        };
        let unknown = |d: &Diagnostic| {
            let code = matches!(d.code.as_str(), "KQL204" | "KQL142" | "KQL211");
            // A function that is nearly one of the language's own is a slip.
            d.span == Some(at) && code && (is_table || d.hint.is_none())
        };
        let told = self.diagnostics.get(from..)?;
        let place = from + told.iter().position(unknown)?;
        self.diagnostics.remove(place);
        Some(self.taken_for_elsewhere(name, at, is_table))
    }

    /// Tells that a table or function is not known here, and stands for it.
    pub(in crate::kql) fn taken_for_elsewhere(
        &mut self,
        name: &str,
        at: Span,
        is_table: bool,
    ) -> Arc<Plan> {
        let what = if is_table { "table" } else { "function" };
        let message = format!("The {what} `{name}` is not known here: its columns are not checked");
        let tables = self.catalog.table_names();
        let lets = self.env.links().map(|l| l.name.as_str());
        let near = suggest::nearest(name, lets.chain(tables.iter().map(String::as_str)));
        let (severity, hint) = match near {
            Some(near) if is_table => (Severity::Warning, suggest::did_you_mean(name, &near)),
            _ if is_table => (
                Severity::Information,
                "Give its columns in a schema file to have them checked".to_owned(),
            ),
            _ => (
                Severity::Information,
                "It is taken for a function of the workspace".to_owned(),
            ),
        };
        self.told(Diagnostic::new(severity, CODE, Some(at), message).with_hint(hint));
        self.tables.insert(name.to_owned());
        self.guess_from(at);
        self.nothing(at)
    }
}
