//! What stands at a place, in words.

use super::document::{Doc, Kind};
use super::duration::in_words;
use super::layout::{Kind as NodeKind, NodeId, Spot};
use super::scalar::{Scalar, in_lines};
use super::schema::{Set, Takes};
use super::{Context, Hover, Source, python};
use crate::diagnostic::Span;
use crate::kql::services;
use crate::sentinel::{attack, parse_duration};

/// What stands at a place, in words.
pub fn hover(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Hover> {
    match Kind::of(source) {
        Kind::Python => return python::hover(source, offset, context),
        Kind::Query => {
            return services::hover(source.text, offset, context.catalog, context.values);
        }
        Kind::Other => return None,
        Kind::Sentinel | Kind::Cases | Kind::Panther => {}
    }
    let doc = Doc::new(source);
    let offset = doc.layout.floor(offset);
    if let Some((scalar, at)) = doc.in_query(offset) {
        let found = services::hover(&scalar.value, at, context.catalog, context.values)?;
        let lines = found.lines.iter();
        let lines = lines.map(|line| in_lines(line, &scalar, source.text));
        return Some(Hover {
            span: scalar.span_to_text(found.span),
            lines: lines.collect(),
            ..found
        });
    }
    if let Some((name, span)) = doc.column_at(offset) {
        return doc.column_hover(&name, span, context);
    }
    match doc.layout.spot(offset) {
        Spot::Key { node } => doc.key_hover(node),
        Spot::Value { node, typed, .. } if typed.end > typed.start => {
            doc.value_hover(node, typed, context)
        }
        Spot::Flow {
            parent,
            part: Some(part),
            typed,
            ..
        } if typed.end > typed.start => {
            let _ = parent;
            doc.value_hover(part, typed, context)
        }
        _ => None,
    }
}

impl Doc<'_> {
    fn key_hover(&self, node: NodeId) -> Option<Hover> {
        let keys = self.layout.keys(node);
        let field = self.field(&keys)?;
        let span = self.layout.key_span(node)?;
        let mut lines = Vec::new();
        if field.required {
            lines.push("Required".to_owned());
        }
        if let Takes::Duration(least, most) = field.takes {
            lines.push(format!("From {} to {}", in_words(least), in_words(most)));
        }
        if field.doc.is_empty() {
            return None;
        }
        Some(Hover {
            span,
            title: field.name,
            doc: field.doc,
            lines,
        })
    }

    fn value_hover(&self, node: NodeId, typed: Span, context: &Context<'_>) -> Option<Hover> {
        let keys = self.layout.keys(node);
        let field = self.field(&keys)?;
        let value = self.layout.slice(typed);
        let made = |title: String, doc: String| Hover {
            span: typed,
            title,
            doc,
            lines: Vec::new(),
        };
        match field.takes {
            Takes::One(Set::Techniques) | Takes::Many(Set::Techniques) => {
                let found = attack::technique(value)?;
                let mut hover = made(format!("{value}: {}", found.name), String::new());
                hover
                    .lines
                    .push(format!("Serves {}", found.tactics.join(", ")));
                Some(hover)
            }
            Takes::One(Set::Mitre) | Takes::Many(Set::Mitre) => {
                let (tactic, technique) = value.split_once(':')?;
                let tactic = attack::TACTICS.iter().find(|t| t.id == tactic)?;
                let technique = attack::technique(technique)?;
                Some(made(
                    format!("{}: {}", tactic.name, technique.name),
                    tactic.doc.to_owned(),
                ))
            }
            Takes::One(set) | Takes::Many(set) => {
                let choices = self.choices(set, node, context);
                let found = choices.into_iter().find(|c| c.value == value);
                let Some(found) = found else {
                    // An identifier that is mapped already is not among the choices.
                    return (!field.doc.is_empty()).then(|| made(value.to_owned(), field.doc));
                };
                let title = match found.detail.is_empty() {
                    true => found.value,
                    false => format!("{}: {}", found.value, found.detail),
                };
                let doc = if found.doc.is_empty() {
                    field.doc
                } else {
                    found.doc
                };
                Some(made(title, doc))
            }
            Takes::Duration(..) => {
                let ticks = parse_duration(value)?;
                Some(made(in_words(ticks), field.doc))
            }
            Takes::Event => {
                let (last, above) = keys.split_last()?;
                let inside: Vec<String> = above.iter().skip(2).cloned().collect();
                for log_type in self.own_log_types(context) {
                    let paths = context.events.paths(&log_type);
                    if let Some(found) = paths.iter().find(|p| p.below(&inside) == Some(last)) {
                        return Some(made(format!("{last}: {}", found.kind), found.about()));
                    }
                }
                None
            }
            _ => None,
        }
    }

    fn column_hover(&self, name: &str, span: Span, context: &Context<'_>) -> Option<Hover> {
        let columns = self.columns(context);
        if columns.is_empty() {
            return None;
        }
        let Some((_, ty)) = columns.iter().find(|(column, _)| column == name) else {
            let near = columns
                .iter()
                .find(|(column, _)| column.eq_ignore_ascii_case(name));
            let doc = match near {
                Some((near, _)) => format!(
                    "The query's result has no column of this name; it has `{near}`: upper and lower case matter."
                ),
                None => "The query's result has no column of this name.".to_owned(),
            };
            return Some(Hover {
                span,
                title: name.to_owned(),
                doc,
                lines: Vec::new(),
            });
        };
        let mut hover = Hover {
            span,
            title: format!("{name}: {}", ty.name()),
            doc: "A column of the query's result.".to_owned(),
            lines: Vec::new(),
        };
        // What the query itself says of it.
        let (_, query) = self.query()?;
        let (text, at) = with_column(&query, name);
        if let Some(inner) = services::hover(&text, at, context.catalog, context.values) {
            let lines = inner.lines.iter();
            let lines = lines.map(|line| in_lines(line, &query, self.source.text));
            hover.lines = lines.collect();
        }
        Some(hover)
    }

    /// The column that is named at a place outside of the query: of a mapping, a detail, a format.
    pub fn column_at(&self, offset: usize) -> Option<(String, Span)> {
        let layout = &self.layout;
        let spot = layout.spot(offset);
        let (node, typed) = match spot {
            Spot::Value { node, typed, .. } => (node, typed),
            Spot::Flow {
                part: Some(part),
                typed,
                ..
            } => (part, typed),
            _ => return None,
        };
        let field = self.field(&layout.keys(node))?;
        match field.takes {
            Takes::Column => {
                let name = layout.slice(typed);
                (!name.is_empty()).then(|| (name.to_owned(), typed))
            }
            Takes::Format => {
                let found = self.columns_of_format(node);
                found
                    .into_iter()
                    .find(|(_, span)| span.start <= offset && offset <= span.end)
            }
            _ => None,
        }
    }

    /// The columns that a format names, with their places.
    pub fn columns_of_format(&self, node: NodeId) -> Vec<(String, Span)> {
        let whole = match self.layout.node(node).value {
            super::layout::Value::Scalar(_, span) => span,
            _ => return Vec::new(),
        };
        let text = self.layout.slice(whole);
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(open) = text.get(from..).and_then(|rest| rest.find("{{")) {
            let start = from + open + 2;
            let rest = text.get(start..).unwrap_or("");
            let Some(close) = rest.find("}}") else {
                break;
            };
            let inner = rest.get(..close).unwrap_or("");
            let blank = inner.len() - inner.trim_start().len();
            let name = inner.trim();
            if !name.is_empty() {
                let at = whole.start + start + blank;
                found.push((name.to_owned(), Span::new(at, at + name.len())));
            }
            from = start + close;
        }
        found
    }

    /// Every place outside of the query that names a column of its result.
    pub fn column_uses(&self, name: &str) -> Vec<Span> {
        let layout = &self.layout;
        let mut found = Vec::new();
        for id in layout.ids() {
            if !matches!(layout.node(id).kind, NodeKind::Entry { .. }) {
                continue;
            }
            match self.field(&layout.keys(id)).map(|f| f.takes) {
                Some(Takes::Column) => {
                    if let Some((_, span)) = layout.scalar_span(id)
                        && layout.slice(span) == name
                    {
                        found.push(span);
                    }
                }
                Some(Takes::Format) => {
                    let columns = self.columns_of_format(id).into_iter();
                    found.extend(
                        columns
                            .filter(|(column, _)| column == name)
                            .map(|(_, span)| span),
                    );
                }
                _ => {}
            }
        }
        found
    }
}

/// The query with one more stage that names a column of its result, and the place of that name.
pub fn with_column(query: &Scalar, name: &str) -> (String, usize) {
    let body = query.value.trim_end();
    let body = body.strip_suffix(';').unwrap_or(body);
    let written = match crate::value::path::is_plain(name) {
        true => name.to_owned(),
        false => format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")),
    };
    let text = format!("{body}\n| where isnotempty({written})");
    let at = text.len() - written.len() - 1;
    (text, at + usize::from(written.starts_with('[')) * 2)
}
