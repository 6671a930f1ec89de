//! `project-by-names "a", dynamic(["b"]), "c*"`: columns by their names, in this order; names that do not occur
//! are passed over.

use super::docs::Doc;
use super::project;
use super::rename;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, names};
use crate::kql::syntax::tree::{self, ExprKind};
use crate::value::Value;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["project-by-names"],
    "T | project-by-names name, …",
    "The columns with these names, in this order: texts, arrays of texts, patterns with `*`. Names that do not occur are passed over.",
    "SigninLogs | project-by-names \"TimeGenerated\", \"User*\"",
)];

/// Analyses it.
pub fn bind(binder: &mut Binder, items: &[tree::Expr], input: &Pipeline) -> Option<Made> {
    let mut wanted: Vec<String> = Vec::new();
    for item in items {
        let value = binder.scalar(item, Row::NONE);
        match names::constant(&value) {
            Some(Value::String(name)) => wanted.push(name.to_string()),
            Some(Value::Dynamic(json)) if json.is_array() => {
                let texts = json.as_array().into_iter().flatten();
                wanted.extend(texts.filter_map(|t| t.as_str().map(str::to_owned)));
            }
            _ if value.ty.is_none() => {}
            _ => {
                let message =
                    "The name of a column is expected here: a constant text or an array of texts";
                binder.error("KQL129", item.span, message);
            }
        }
    }
    let mut kept: Vec<tree::Named> = Vec::new();
    let span = items.first().map_or_else(Default::default, |i| i.span);
    for name in &wanted {
        for (column, _) in &input.schema {
            let fits = name == column || name.contains('*') && rename::fits(name, column);
            let there = |n: &tree::Named| matches!(&n.value.kind, ExprKind::Name(c) if c == column);
            if fits && !kept.iter().any(there) {
                kept.push(tree::Named {
                    names: Vec::new(),
                    value: tree::Expr {
                        kind: ExprKind::Name(column.clone()),
                        span,
                    },
                });
            }
        }
    }
    project::bind(binder, &kept, input)
}
