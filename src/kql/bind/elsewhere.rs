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
            Some(near) if is_table && is_a_slip(name, &near) => {
                (Severity::Warning, suggest::did_you_mean(name, &near))
            }
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

/// Whether one name is the other but for its case, one sign, or two that changed places: tables of the workspace are
/// many, and most of those that are not known here are just others.
fn is_a_slip(name: &str, near: &str) -> bool {
    let (a, b) = (name.to_lowercase(), near.to_lowercase());
    if a == b {
        return true;
    }
    let longest = a.chars().count().max(b.chars().count());
    let equal = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(x, y)| x == y).count()
    };
    let front = equal(&mut a.chars().zip(b.chars()));
    let back = equal(&mut a.chars().rev().zip(b.chars().rev()));
    let exchanged = a.chars().count() == b.chars().count() && {
        let mut sorted: [Vec<char>; 2] = [a.chars().collect(), b.chars().collect()];
        sorted.iter_mut().for_each(|s| s.sort_unstable());
        sorted[0] == sorted[1]
    };
    longest >= 6 && (front + back + 1 >= longest || exchanged && front + back + 2 >= longest)
}

#[cfg(test)]
mod tests {
    use super::is_a_slip;

    #[test]
    fn only_slips_are_slips() {
        for (name, near) in [
            ("signinlogs", "SigninLogs"),
            ("SiginLogs", "SigninLogs"),
            ("SigninLgos", "SigninLogs"),
            ("OpenAIAuditLog", "OpenAIAuditLogs"),
        ] {
            assert!(is_a_slip(name, near), "{name}");
        }
        for (name, near) in [
            ("BoxEvents", "AppEvents"),
            ("JiraAudit", "AACAudit"),
            ("T", "U"),
        ] {
            assert!(!is_a_slip(name, near), "{name}");
        }
    }
}
