//! Definition, references and rename of what a query defines itself.

use super::resolve::What;
use super::view::View;
use crate::diagnostic::{Edit, LineIndex, Span};
use crate::kql::Catalog;
use crate::kql::bind::trace::{Definition, How, Trace, Use};
use crate::kql::syntax::lexer::Kind;

/// Where the name at a position was defined: a `let`, a function, a parameter, an `as` name,
/// or a column that an operator made.
pub fn definition(text: &str, position: usize, catalog: &dyn Catalog) -> Option<Span> {
    let view = View::new(text, catalog);
    let token = view.layout.token_at(position)?;
    match view.what(token)? {
        (What::Defined(definition), _) => Some(definition.at),
        (What::Column(_), _) => view.column_origin(token).at,
        (What::Property, _) => {
            let (base, _) = view.path_to(token)?;
            match view.what(base)? {
                (What::Defined(definition), _) => Some(definition.at),
                _ => view.column_origin(base).at,
            }
        }
        _ => None,
    }
}

/// The names that a query defines with `let`, in the order of the text, each with its place.
pub fn defined(text: &str, catalog: &dyn Catalog) -> Vec<(String, Span)> {
    let view = View::new(text, catalog);
    let definitions = view.trace.definitions.values();
    let lets = definitions.filter(|d| d.how == How::Let && d.scope.is_none());
    lets.map(|d| (d.name.clone(), d.at)).collect()
}

/// All places of the name at a position, the definition first, in order. Columns are followed where
/// it is certain that they are the same.
pub fn references(text: &str, position: usize, catalog: &dyn Catalog) -> Vec<Span> {
    let view = View::new(text, catalog);
    let Some(token) = view.layout.token_at(position) else {
        return Vec::new();
    };
    match view.what(token) {
        Some((What::Defined(definition), _)) => view.places(definition),
        Some((What::Column(_), _)) => view.column_places(token),
        _ => Vec::new(),
    }
}

/// Gives the name at a position another one, everywhere.
///
/// # Errors
/// Why it cannot be renamed, in a sentence for a person.
pub fn rename(
    text: &str,
    position: usize,
    new_name: &str,
    catalog: &dyn Catalog,
) -> Result<Vec<Edit>, String> {
    let view = View::new(text, catalog);
    let layout = &view.layout;
    let found = layout.token_at(position).and_then(|t| view.what(t));
    let definition = match found {
        Some((What::Defined(definition), _)) => definition,
        Some((What::Column(_), _)) => {
            return Err(
                "Columns cannot be renamed here; `project-rename` gives a column another name"
                    .to_owned(),
            );
        }
        Some((What::Table, _)) => {
            return Err("This is a table of the data, not a name of the query".to_owned());
        }
        _ => return Err("There is no name here that the query defines".to_owned()),
    };
    let new_name = new_name.trim();
    check_name(new_name)?;
    if new_name == definition.name {
        return Ok(Vec::new());
    }
    let written = if is_plain(new_name) {
        new_name.to_owned()
    } else {
        format!(
            "['{}']",
            new_name.replace('\\', "\\\\").replace('\'', "\\'")
        )
    };
    let lines = LineIndex::new(text);
    let places = view.places(definition);
    view.collisions(definition, new_name, &places, &lines)?;
    view.unclear(definition, &places, &lines)?;
    let edits: Vec<Edit> = places
        .into_iter()
        .map(|span| {
            // A named argument or a call cannot be written in brackets.
            Edit {
                span,
                text: written.clone(),
            }
        })
        .collect();
    if written != new_name
        && let Some(edit) = edits.iter().find(|e| view.needs_plain(e.span))
    {
        let line = lines.position(edit.span.start).line;
        return Err(format!(
            "`{new_name}` would need brackets, and on line {line} it is called or names an argument, where brackets cannot stand"
        ));
    }
    if !same_meaning(&view.trace, &changed(text, &edits), catalog) {
        return Err(format!(
            "With `{new_name}` some name of the query would mean something else"
        ));
    }
    Ok(edits)
}

/// A text with edits made, which are in order or not.
fn changed(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|e| e.span);
    let mut changed = String::with_capacity(text.len());
    let mut from = 0;
    for edit in sorted {
        changed.push_str(text.get(from..edit.span.start).unwrap_or(""));
        changed.push_str(&edit.text);
        from = edit.span.end;
    }
    changed.push_str(text.get(from..).unwrap_or(""));
    changed
}

/// Whether every name of a changed text means what it meant before.
fn same_meaning(before: &Trace, text: &str, catalog: &dyn Catalog) -> bool {
    let meanings = |trace: &Trace| -> Vec<(u8, usize)> {
        let mut uses: Vec<_> = trace.uses.iter().collect();
        uses.sort_by_key(|(span, _)| **span);
        let number = |at: &Span| trace.definitions.range(..at.start).count();
        uses.into_iter()
            .map(|(_, what)| match what {
                Use::Column(_) => (0, 0),
                Use::Table => (1, 0),
                Use::Defined(at) => (2, number(at)),
            })
            .collect()
    };
    meanings(before) == meanings(&crate::kql::trace(text, catalog))
}

/// Words that mean something else where a name is expected.
const TAKEN: [&str; 18] = [
    "and",
    "or",
    "not",
    "in",
    "by",
    "on",
    "let",
    "set",
    "true",
    "false",
    "null",
    "between",
    "has",
    "contains",
    "union",
    "print",
    "datatable",
    "typeof",
];

/// Whether a name can be written without brackets.
fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    first && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') && !TAKEN.contains(&name)
}

fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("The new name is empty".to_owned());
    }
    if name.chars().count() > 1024 {
        return Err("The new name is longer than 1024 characters".to_owned());
    }
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '.' | '-');
    if let Some(wrong) = name.chars().find(|c| !allowed(*c)) {
        return Err(format!(
            "`{wrong}` cannot stand in a name: letters, digits, _, spaces, dots and hyphens can"
        ));
    }
    Ok(())
}

impl View<'_> {
    /// All places of a name that the query defines.
    fn places(&self, definition: &Definition) -> Vec<Span> {
        let at = definition.at;
        let uses = self.trace.uses.iter();
        let mut places: Vec<Span> = uses
            .filter(|(_, u)| matches!(u, Use::Defined(d) if *d == at))
            .map(|(span, _)| *span)
            .collect();
        places.push(at);
        places.sort();
        places.dedup();
        // The definition comes first even where a place before it was found to be its use.
        places.sort_by_key(|s| *s != at);
        places
    }

    fn column_places(&self, token: usize) -> Vec<Span> {
        let layout = &self.layout;
        let Some((name, span)) = layout.name_at(token) else {
            return Vec::new();
        };
        let home = |token: usize| {
            let origin = self.column_origin(token);
            (origin.at, origin.source)
        };
        let (at, source) = home(token);
        if at.is_none() && source.is_none() {
            return vec![span];
        }
        let mut places = Vec::new();
        for other in 0..layout.tokens.len() {
            let Some((other_name, span)) = layout.name_at(other) else {
                continue;
            };
            if other_name != name || layout.span(other).start != span.start {
                continue;
            }
            let column = matches!(self.what(other), Some((What::Column(_), _)));
            if !column {
                continue;
            }
            let (other_at, other_source) = home(other);
            if other_at == at && (at.is_some() || other_source == source) {
                places.push(span);
            }
        }
        places
    }

    /// Whether a place cannot be written in brackets.
    fn needs_plain(&self, span: Span) -> bool {
        let layout = &self.layout;
        let after = layout.tokens.partition_point(|t| t.span.start < span.end);
        layout.is(after, "(")
            || self.trace.uses.contains_key(&span)
                && layout.is(after, "=")
                && self.layout.opener(layout.segment(after)) == "("
    }

    /// Refuses a new name that would change what some name means.
    fn collisions(
        &self,
        definition: &Definition,
        new_name: &str,
        places: &[Span],
        lines: &LineIndex,
    ) -> Result<(), String> {
        let line = |span: Span| lines.position(span.start).line;
        let overlaps = |other: &Definition| match (definition.scope, other.scope) {
            (Some(a), Some(b)) => a.start < b.end && b.start < a.end,
            _ => true,
        };
        let mut others = self.trace.definitions.values();
        if let Some(other) = others.find(|o| o.name == new_name && overlaps(o)) {
            return Err(format!(
                "`{new_name}` is already defined on line {}",
                line(other.at)
            ));
        }
        if crate::kql::functions::find(new_name).is_some()
            || crate::kql::aggregates::is_aggregate(new_name)
        {
            return Err(format!("`{new_name}` is the name of a function"));
        }
        if self.catalog.schema(new_name).is_some() {
            return Err(format!("`{new_name}` is the name of a table"));
        }
        for place in places {
            let token = self
                .layout
                .tokens
                .partition_point(|t| t.span.start < place.start);
            if let Some((rows, _)) = self.columns(self.layout.segment(token))
                && rows.schema.iter().any(|(n, _)| n == new_name)
                && *place != definition.at
            {
                return Err(format!(
                    "On line {} `{new_name}` would mean the column of that name",
                    line(*place)
                ));
            }
        }
        Ok(())
    }

    /// Refuses where the old name stands somewhere and it is not clear what it means there.
    fn unclear(
        &self,
        definition: &Definition,
        places: &[Span],
        lines: &LineIndex,
    ) -> Result<(), String> {
        let layout = &self.layout;
        for token in 0..layout.tokens.len() {
            let Some((name, span)) = layout.name_at(token) else {
                continue;
            };
            let inside = definition
                .scope
                .is_none_or(|s| s.start <= span.start && span.end <= s.end);
            if name != definition.name
                || !inside
                || span.start < definition.at.start
                || layout.span(token).start != span.start
                || places.contains(&span)
            {
                continue;
            }
            match self.what(token) {
                Some((What::Unknown | What::Table, _)) | None => {}
                Some((What::Special(None), _)) => {}
                _ => continue,
            }
            // A text in quotes is no name.
            if matches!(layout.kind(token), Kind::Text(_)) {
                continue;
            }
            return Err(format!(
                "`{name}` also stands on line {}, where it is not clear what it means; mend that first",
                lines.position(span.start).line
            ));
        }
        Ok(())
    }
}
