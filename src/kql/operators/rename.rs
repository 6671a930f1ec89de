//! `project-away`, `project-keep`, `project-rename`, `project-reorder`: which columns, their names, their order.

use crate::diagnostic::Diagnostic;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, suggest};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Operator, Origin, Schema};
use crate::kql::run::frame::Frame;
use crate::kql::run::{Runtime, Stop};
use crate::kql::syntax::tree::{self, ExprKind, Pattern};

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["project-away"],
        "T | project-away column, …",
        "Drops these columns and keeps the others. A `*` in a name stands for any characters.",
        "SigninLogs | project-away *Id, Location",
    ),
    Doc::operator(
        &["project-keep"],
        "T | project-keep column, …",
        "Keeps these columns, in the order they had, and drops the others. A `*` in a name stands for any characters.",
        "SigninLogs | project-keep TimeGenerated, User*",
    ),
    Doc::operator(
        &["project-rename"],
        "T | project-rename New = Old, …",
        "Gives columns new names; all columns stay where they are.",
        "SigninLogs | project-rename Account = UserPrincipalName",
    ),
    Doc::operator(
        &["project-reorder"],
        "T | project-reorder column [asc|desc], …",
        "Moves these columns to the front and keeps the others behind them. A `*` in a name stands for any characters; asc or desc sorts what it stands for.",
        "SigninLogs | project-reorder TimeGenerated, User* asc",
    ),
];

/// Columns of the input, in a new order.
#[derive(Debug)]
struct Pick {
    columns: Vec<usize>,
}

impl Operator for Pick {
    fn origins(&self, _: usize) -> Option<Vec<Origin>> {
        Some(self.columns.iter().map(|at| Origin::Same(*at)).collect())
    }

    fn run(&self, input: Frame, _: &Runtime) -> Result<Frame, Stop> {
        let picked = self
            .columns
            .iter()
            .filter_map(|at| input.columns.get(*at).cloned());
        let picked = picked.collect();
        Ok(input.with_columns(picked))
    }
}

/// Whether a name fits a pattern with `*`.
pub fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The columns that a pattern means; an error where a plain name is unknown.
pub fn matching(binder: &mut Binder, pattern: &Pattern, input: &Pipeline) -> Vec<usize> {
    let all = input.schema.iter().enumerate();
    if pattern.wild {
        return all
            .filter(|(_, (n, _))| fits(&pattern.name.text, n))
            .map(|(at, _)| at)
            .collect();
    }
    let found = input
        .schema
        .iter()
        .position(|(n, _)| *n == pattern.name.text);
    if found.is_none() {
        unknown(binder, &pattern.name, input);
    }
    found.into_iter().collect()
}

fn unknown(binder: &mut Binder, name: &tree::Name, input: &Pipeline) {
    if input.open {
        return;
    }
    let names = input.schema.iter().map(|(n, _)| n.as_str());
    let mut diagnostic = Diagnostic::error(
        "KQL109",
        name.span,
        format!("There is no column `{}` here", name.text),
    );
    diagnostic.hint = suggest::nearest(&name.text, names).map(|n| format!("Did you mean `{n}`?"));
    binder.told(diagnostic);
}

fn pick(input: &Pipeline, columns: Vec<usize>) -> Option<Made> {
    let schema: Schema = columns
        .iter()
        .filter_map(|at| input.schema.get(*at).cloned())
        .collect();
    Some(Made::new(Pick { columns }, schema))
}

/// Analyses `project-away`.
pub fn bind_away(binder: &mut Binder, patterns: &[Pattern], input: &Pipeline) -> Option<Made> {
    let mut away = Vec::new();
    for pattern in patterns {
        away.extend(matching(binder, pattern, input));
    }
    let kept = (0..input.schema.len())
        .filter(|at| !away.contains(at))
        .collect();
    pick(input, kept)
}

/// Analyses `project-keep`: the columns stay in the input's order.
pub fn bind_keep(binder: &mut Binder, patterns: &[Pattern], input: &Pipeline) -> Option<Made> {
    let mut kept = Vec::new();
    for pattern in patterns {
        kept.extend(matching(binder, pattern, input));
    }
    kept.sort_unstable();
    kept.dedup();
    pick(input, kept)
}

/// Analyses `project-rename`.
pub fn bind_rename(binder: &mut Binder, items: &[tree::Named], input: &Pipeline) -> Option<Made> {
    let mut schema = input.schema.clone();
    for item in items {
        let (Some(new), ExprKind::Name(old)) = (item.names.first(), &item.value.kind) else {
            if !item.value.is_missing() {
                binder.error(
                    "KQL109",
                    item.value.span,
                    "A renaming is written `New = Old`",
                );
            }
            continue;
        };
        let Some(at) = input.schema.iter().position(|(n, _)| n == old) else {
            let name = tree::Name {
                text: old.clone(),
                span: item.value.span,
            };
            unknown(binder, &name, input);
            continue;
        };
        if schema
            .iter()
            .enumerate()
            .any(|(i, (n, _))| i != at && *n == new.text)
        {
            binder.error(
                "KQL-duplicate",
                new.span,
                format!("The column `{}` is there already", new.text),
            );
            continue;
        }
        if let Some(slot) = schema.get_mut(at) {
            slot.0.clone_from(&new.text);
        }
    }
    let columns = (0..schema.len()).collect();
    Some(Made::new(Pick { columns }, schema))
}

/// Analyses `project-reorder`: the named columns first, the others behind them as they were.
pub fn bind_reorder(
    binder: &mut Binder,
    patterns: &[(Pattern, Option<bool>)],
    input: &Pipeline,
) -> Option<Made> {
    let mut order: Vec<usize> = Vec::new();
    for (pattern, direction) in patterns {
        let mut found = matching(binder, pattern, input);
        // A plain name wins over a pattern that would take it, wherever it stands.
        if pattern.wild {
            let plain = |at: &usize| {
                let name = input.schema.get(*at).map(|(n, _)| n.as_str());
                patterns
                    .iter()
                    .any(|(p, _)| !p.wild && Some(p.name.text.as_str()) == name)
            };
            found.retain(|at| !plain(at));
        }
        let name = |at: &usize| input.schema.get(*at).map(|(n, _)| n.clone());
        match direction {
            Some(true) => found.sort_by_key(name),
            Some(false) => found.sort_by_key(|at| std::cmp::Reverse(name(at))),
            None => {}
        }
        found.retain(|at| !order.contains(at));
        order.extend(found);
    }
    order.extend(
        (0..input.schema.len())
            .filter(|at| !order.contains(at))
            .collect::<Vec<_>>(),
    );
    pick(input, order)
}
