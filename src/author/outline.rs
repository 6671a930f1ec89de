//! The keys that lead to a place, and what go-to-symbol lists.

use super::document::{Doc, Kind};
use super::layout::{Kind as NodeKind, NodeId, ROOT, Style};
use super::{Crumb, Source, Symbol, SymbolKind, python};
use crate::diagnostic::Span;
use crate::kql::Catalog;
use crate::value::{Table, Type};
use std::sync::Arc;

/// A catalog without tables: names of a query need none.
struct NoTables;

impl Catalog for NoTables {
    fn table_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn schema(&self, _: &str) -> Option<Vec<(String, Type)>> {
        None
    }

    fn table(&self, _: &str) -> Option<Arc<Table>> {
        None
    }
}

/// The keys that lead to a place, the outermost first.
pub fn breadcrumbs(source: &Source<'_>, offset: usize) -> Vec<Crumb> {
    match Kind::of(source) {
        Kind::Python => {
            let mut found: Vec<Symbol> = python::outline::outline(source.text);
            found.retain(|s| s.span.start <= offset && s.kind != SymbolKind::Variable);
            let last = found.pop().filter(|s| python_holds(source.text, s, offset));
            let crumb = last.map(|s| Crumb {
                label: s.name,
                span: s.span,
            });
            return crumb.into_iter().collect();
        }
        Kind::Query | Kind::Other => return Vec::new(),
        Kind::Sentinel | Kind::Cases | Kind::Panther => {}
    }
    let doc = Doc::new(source);
    let layout = &doc.layout;
    let offset = layout.floor(offset);
    let mut at = layout.at(offset);
    if at == ROOT {
        let line = layout.line(offset);
        let prefix = layout.slice(Span::new(line.start, offset));
        if prefix.trim().is_empty() {
            at = layout.parent_of(line.start, prefix.len());
        }
    }
    let mut crumbs = Vec::new();
    while at != ROOT {
        if let Some(crumb) = doc.crumb(at) {
            crumbs.push(crumb);
        }
        at = layout.node(at).parent.unwrap_or(ROOT);
    }
    crumbs.reverse();
    crumbs
}

/// Whether a place lies in what a symbol begins: no line at the margin lies between.
fn python_holds(text: &str, symbol: &Symbol, offset: usize) -> bool {
    let between = text.get(symbol.span.end..offset).unwrap_or("");
    let mut lines = between.lines().skip(1);
    lines.all(|line| line.is_empty() || line.starts_with([' ', '\t', '#', ')']))
}

impl Doc<'_> {
    fn crumb(&self, id: NodeId) -> Option<Crumb> {
        let node = self.layout.node(id);
        match &node.kind {
            NodeKind::Entry { key, span, .. } => Some(Crumb {
                label: key.clone(),
                span: *span,
            }),
            NodeKind::Item => {
                let parent = node.parent?;
                let number = self.layout.items(parent).position(|item| item == id)?;
                let label = self.item_name(id);
                Some(Crumb {
                    label: label.unwrap_or_else(|| format!("{}", number + 1)),
                    span: Span::new(node.span.start, node.span.start + 1),
                })
            }
            NodeKind::Root | NodeKind::Word => None,
        }
    }
}

/// What go-to-symbol lists, in the order of the text.
pub fn outline(source: &Source<'_>) -> Vec<Symbol> {
    match Kind::of(source) {
        Kind::Python => return python::outline::outline(source.text),
        Kind::Query | Kind::Other => return Vec::new(),
        Kind::Sentinel | Kind::Cases | Kind::Panther => {}
    }
    let doc = Doc::new(source);
    let layout = &doc.layout;
    let mut found = Vec::new();
    for id in layout.ids() {
        let node = layout.node(id);
        if node.flow || found.len() > 5000 {
            continue;
        }
        let path = layout.keys(id);
        let depth = path.len();
        match &node.kind {
            NodeKind::Entry { key, span, .. } if depth <= 3 && !is_event(&path) => {
                let value = match layout.scalar_span(id) {
                    Some((Style::Literal | Style::Folded, _)) => String::new(),
                    _ => layout.scalar(id),
                };
                let value: String = value
                    .lines()
                    .next()
                    .unwrap_or("")
                    .chars()
                    .take(60)
                    .collect();
                found.push(Symbol {
                    name: key.clone(),
                    detail: value,
                    kind: SymbolKind::Key,
                    span: *span,
                    depth: depth - 1,
                });
            }
            NodeKind::Item
                if matches!(
                    path.first().map(String::as_str),
                    Some("Tests" | "cases" | "entityMappings")
                ) && depth == 1 =>
            {
                let is_mapping = !node.children.is_empty();
                if let Some(name) = doc.item_name(id).filter(|_| is_mapping) {
                    let kind = match path.first().map(String::as_str) {
                        Some("entityMappings") => SymbolKind::Key,
                        _ => SymbolKind::Case,
                    };
                    found.push(Symbol {
                        name,
                        detail: String::new(),
                        kind,
                        span: Span::new(node.span.start, node.span.start + 1),
                        depth: 1,
                    });
                }
            }
            _ => {}
        }
    }
    if let Some((_, query)) = doc.query() {
        for (name, span) in crate::kql::services::defined(&query.value, &NoTables) {
            found.push(Symbol {
                name,
                detail: "let".to_owned(),
                kind: SymbolKind::Variable,
                span: query.span_to_text(span),
                depth: 1,
            });
        }
    }
    found.sort_by_key(|symbol| symbol.span.start);
    found
}

/// Whether a path lies inside of an event.
fn is_event(path: &[String]) -> bool {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    matches!(
        keys.as_slice(),
        ["Tests", "Log" | "Resource", _, ..] | ["cases", _, _, ..] | ["events", _, ..]
    )
}
