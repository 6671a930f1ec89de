//! Definitions, references and rename over the whole document.

use super::document::{Doc, Kind};
use super::hover::with_column;
use super::layout::Spot;
use super::scalar::{Scalar, in_lines};
use super::schema::{Set, Takes};
use super::{Context, Edit, Place, Source, python};
use crate::diagnostic::{LineIndex, Span};
use crate::kql::{self, services};

/// Where what stands at a place is made.
pub fn definition(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Place> {
    let here = |span: Span| Place {
        path: source.path.to_owned(),
        span,
    };
    match Kind::of(source) {
        Kind::Python => return python::definition(source, offset, context),
        Kind::Query => {
            let found = services::definition(source.text, offset, context.catalog).map(here);
            return found.or_else(|| watchlist(source, source.text, offset, context));
        }
        Kind::Other => return None,
        Kind::Sentinel | Kind::Cases | Kind::Panther => {}
    }
    let doc = Doc::new(source);
    let offset = doc.layout.floor(offset);
    if let Some((scalar, at)) = doc.in_query(offset) {
        return match services::definition(&scalar.value, at, context.catalog) {
            Some(span) => Some(here(scalar.span_to_text(span))),
            None => watchlist(source, &scalar.value, at, context),
        };
    }
    if let Some((name, _)) = doc.column_at(offset) {
        let (_, query) = doc.query()?;
        if let Some(span) = made_in(&query, &name, context) {
            return Some(here(query.span_to_text(span)));
        }
        return doc
            .columns(context)
            .iter()
            .any(|(c, _)| *c == name)
            .then(|| here(query.span));
    }
    let Spot::Value { node, typed, .. } = doc.layout.spot(offset) else {
        return doc.part(offset, context);
    };
    let value = doc.layout.slice(typed);
    doc.named(&doc.layout.keys(node), value, context)
}

/// The file of the watchlist whose alias stands at a place of a query.
fn watchlist(source: &Source<'_>, query: &str, at: usize, context: &Context<'_>) -> Option<Place> {
    let sign = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
    let before = query.get(..at)?;
    let start = before.trim_end_matches(sign).len();
    let rest = query.get(start..)?;
    let alias = rest.get(..rest.find(|c| !sign(c)).unwrap_or(rest.len()))?;
    let call = query.get(..start)?.strip_suffix(['\'', '"'])?.trim_end();
    let name = call.strip_suffix('(')?.trim_end();
    let is_call = name.ends_with("_GetWatchlist") || name.ends_with("_GetWatchlistItems");
    if !is_call || alias.is_empty() {
        return None;
    }
    // As the engine looks for it: in the rule's folder, else in those above it.
    let folders = source.path.parent()?.ancestors();
    let mut files = folders.map(|f| f.join("watchlists").join(format!("{alias}.csv")));
    let path = files.find(|path| context.around.text(path).is_some())?;
    Some(Place {
        path,
        span: Span::default(),
    })
}

/// Where a column of the query's result is made in the query; none for one of its tables'.
fn made_in(query: &Scalar, name: &str, context: &Context<'_>) -> Option<Span> {
    let (text, at) = with_column(query, name);
    let span = services::definition(&text, at, context.catalog)?;
    (span.end <= query.value.len()).then_some(span)
}

impl Doc<'_> {
    fn part(&self, offset: usize, context: &Context<'_>) -> Option<Place> {
        let Spot::Flow {
            part: Some(part),
            typed,
            ..
        } = self.layout.spot(offset)
        else {
            return None;
        };
        self.named(&self.layout.keys(part), self.layout.slice(typed), context)
    }

    /// What a value names: another document, a file.
    fn named(&self, keys: &[String], value: &str, context: &Context<'_>) -> Option<Place> {
        if value.is_empty() {
            return None;
        }
        let takes = self.field(keys)?.takes;
        match takes {
            Takes::One(Set::Bodies) => {
                let path = self.source.path.parent()?.join(value);
                context.around.text(&path)?;
                Some(Place {
                    path,
                    span: Span::default(),
                })
            }
            Takes::One(Set::BodyNames) => {
                let file = self.layout.find(&["Filename"])?;
                let path = self.source.path.parent()?.join(self.layout.scalar(file));
                let text = context.around.text(&path)?;
                let symbols = python::outline::outline(text);
                let found = symbols.iter().find(|s| s.name == value)?;
                let span = found.span;
                Some(Place { path, span })
            }
            Takes::One(Set::Rules | Set::Documents | Set::Queries | Set::Nodes)
            | Takes::Many(Set::Rules | Set::Documents | Set::Queries) => {
                let found = context.around.of_id(value)?;
                Some(Place {
                    path: found.path.clone(),
                    span: found.id_span,
                })
            }
            Takes::Many(Set::DetailKeys) => {
                let entry = self.layout.find(&["customDetails", value])?;
                Some(Place {
                    path: self.source.path.to_owned(),
                    span: self.layout.key_span(entry)?,
                })
            }
            _ => None,
        }
    }

    /// All places of a column that the query makes: in the query, where it is made first, then outside of it. None where
    /// it is a column of a table, or not certain.
    fn column_places(&self, offset: usize, context: &Context<'_>) -> Option<(String, Vec<Span>)> {
        let (_, query) = self.query()?;
        let (name, at) = match self.column_at(offset) {
            Some((name, _)) => {
                let made = made_in(&query, &name, context)?;
                (name, made.start)
            }
            None => {
                let (_, at) = self.in_query(offset)?;
                let made = services::definition(&query.value, at, context.catalog)?;
                let name = query.value.get(made.start..made.end)?.to_owned();
                (name, at)
            }
        };
        let mut places = services::references(&query.value, at, context.catalog);
        let made = services::definition(&query.value, at, context.catalog)
            .or_else(|| made_in(&query, &name, context))?;
        if !places.contains(&made) {
            places.push(made);
        }
        let same = |span: &Span| query.value.get(span.start..span.end) == Some(name.as_str());
        places.retain(same);
        places.sort_by_key(|span| (*span != made, *span));
        places.dedup();
        let mut spans: Vec<Span> = places
            .iter()
            .map(|span| query.span_to_text(*span))
            .collect();
        // The result's column of that name is this one where it is made at the same place.
        if made_in(&query, &name, context) == Some(made) {
            spans.extend(self.column_uses(&name));
        }
        Some((name, spans))
    }
}

/// All places of the name at a place, where it is made first.
pub fn references(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Vec<Place> {
    let here = |span: Span| Place {
        path: source.path.to_owned(),
        span,
    };
    match Kind::of(source) {
        Kind::Python => return python::references(source, offset, context),
        Kind::Query => {
            let found = services::references(source.text, offset, context.catalog);
            return found.into_iter().map(here).collect();
        }
        Kind::Other => return Vec::new(),
        Kind::Sentinel | Kind::Cases | Kind::Panther => {}
    }
    let doc = Doc::new(source);
    let offset = doc.layout.floor(offset);
    if let Some((scalar, at)) = doc.in_query(offset) {
        if let Some((_, spans)) = doc
            .column_places(offset, context)
            .filter(|(_, s)| s.len() > 1)
        {
            return spans.into_iter().map(here).collect();
        }
        let found = services::references(&scalar.value, at, context.catalog);
        return found
            .into_iter()
            .map(|span| here(scalar.span_to_text(span)))
            .collect();
    }
    if let Some((name, _)) = doc.column_at(offset) {
        return match doc.column_places(offset, context) {
            Some((_, spans)) => spans.into_iter().map(here).collect(),
            None => doc.column_uses(&name).into_iter().map(here).collect(),
        };
    }
    // The id of a document: those that name it.
    let Spot::Value { node, typed, .. } = doc.layout.spot(offset) else {
        return Vec::new();
    };
    let value = doc.layout.slice(typed);
    let keys = doc.layout.keys(node);
    let is_id = matches!(keys.as_slice(), [key] if key.ends_with("ID") || key == "QueryName");
    if !is_id || value.is_empty() {
        return Vec::new();
    }
    let mut found = vec![here(typed)];
    for document in context
        .around
        .documents()
        .iter()
        .filter(|d| d.path != source.path)
    {
        let text = context.around.text(&document.path).unwrap_or("");
        for (at, _) in text.match_indices(value).take(20) {
            let sign = |c: Option<char>| {
                c.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']'))
            };
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let after = text.get(at + value.len()..).and_then(|t| t.chars().next());
            if sign(before) && sign(after) {
                found.push(Place {
                    path: document.path.clone(),
                    span: Span::new(at, at + value.len()),
                });
            }
        }
    }
    found
}

/// The name at a place that [`rename`] would change: where it stands.
pub fn renameable(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Span> {
    if Kind::of(source) == Kind::Python {
        return python::renameable(source, offset);
    }
    let found = references(source, offset, context);
    let spans = found
        .into_iter()
        .filter(|p| p.path == source.path)
        .map(|p| p.span);
    let mut own = spans.filter(|span| span.start <= offset && offset <= span.end);
    own.next()
}

/// Gives the name at a place another one, everywhere in the document.
///
/// # Errors
/// Why it cannot be renamed, in a sentence for a person.
pub fn rename(
    source: &Source<'_>,
    offset: usize,
    new_name: &str,
    context: &Context<'_>,
) -> Result<Vec<Edit>, String> {
    let nothing = || Err("There is no name here that can be changed".to_owned());
    let new_name = new_name.trim();
    match Kind::of(source) {
        Kind::Python => return python::rename(source, offset, new_name),
        Kind::Query => return services::rename(source.text, offset, new_name, context.catalog),
        Kind::Sentinel => {}
        Kind::Cases | Kind::Panther | Kind::Other => return nothing(),
    }
    let doc = Doc::new(source);
    let offset = doc.layout.floor(offset);
    let in_query = doc.in_query(offset);
    let outside = doc.column_at(offset);
    if in_query.is_none() && outside.is_none() {
        return nothing();
    }
    // A `let`, a function, a parameter.
    if let Some((scalar, at)) = &in_query {
        match services::rename(&scalar.value, *at, new_name, context.catalog) {
            Ok(edits) => {
                let made = edits
                    .into_iter()
                    .map(|edit| scalar.edit(edit.span, &edit.text));
                let made: Option<Vec<Edit>> = made.collect();
                return made.ok_or_else(|| {
                    "The query's text cannot hold this name as it is written".to_owned()
                });
            }
            Err(why) if !why.starts_with("Columns") => {
                return Err(in_lines(&why, scalar, source.text));
            }
            Err(_) => {}
        }
    }
    let Some((old, spans)) = doc.column_places(offset, context) else {
        let name = outside.map(|(name, _)| format!("`{name}`"));
        let name = name.unwrap_or_else(|| "It".to_owned());
        return Err(format!(
            "{name} is a column of the data; `project-rename` gives a column another name"
        ));
    };
    doc.rename_column(&old, new_name, spans, context)
}

impl Doc<'_> {
    fn rename_column(
        &self,
        old: &str,
        new: &str,
        mut spans: Vec<Span>,
        context: &Context<'_>,
    ) -> Result<Vec<Edit>, String> {
        if !crate::value::path::is_plain(new) {
            return Err(format!(
                "`{new}` cannot be the name of a mapped column: letters, digits and _ can stand in one, no digit first"
            ));
        }
        if old == new {
            return Ok(Vec::new());
        }
        let Some((_, query)) = self.query() else {
            return Err("There is no query".to_owned());
        };
        let lines = LineIndex::new(self.source.text);
        if let Some(at) = word_in(&query.value, new) {
            let line = lines.position(query.to_text(at)).line;
            return Err(format!("`{new}` already stands on line {line}"));
        }
        spans.sort();
        spans.dedup();
        let made: Vec<Edit> = spans
            .into_iter()
            .map(|span| Edit {
                span,
                text: new.to_owned(),
            })
            .collect();
        // What the query gives afterwards has to be the same but for the name.
        let fix = crate::diagnostic::Fix {
            title: String::new(),
            edits: made.clone(),
        };
        let changed = fix
            .apply(self.source.text)
            .ok_or("The places of the name overlap")?;
        let after = Doc::new(&Source {
            path: self.source.path,
            text: &changed,
        });
        let before = kql::check(&query.value, context.catalog);
        let after = match after.query() {
            Some((_, query)) => kql::check(&query.value, context.catalog),
            None => return Err("The query cannot be read with this name".to_owned()),
        };
        let wanted: Vec<(String, crate::value::Type)> = before
            .columns
            .iter()
            .map(|(name, ty)| {
                (
                    if name == old {
                        new.to_owned()
                    } else {
                        name.clone()
                    },
                    *ty,
                )
            })
            .collect();
        let errors =
            |analysis: &kql::Analysis| analysis.diagnostics.iter().filter(|d| d.is_error()).count();
        // A column of the result that keeps its name is another one.
        let same = after.columns == wanted || after.columns == before.columns;
        if errors(&after) > errors(&before) || !same {
            return Err(format!(
                "`{old}` stands for several things in this query; change it by hand"
            ));
        }
        Ok(made)
    }
}

/// Where a word stands in a text.
fn word_in(text: &str, word: &str) -> Option<usize> {
    let sign = |c: char| c.is_alphanumeric() || c == '_';
    let mut places = text.match_indices(word);
    let found = places.find(|(at, _)| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(sign) && !after.is_some_and(sign)
    });
    found.map(|(at, _)| at)
}
