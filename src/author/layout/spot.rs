//! What would be typed at a place.

use super::{Kind, Layout, NodeId, ROOT, Spot, Style, Value};
use crate::diagnostic::Span;

impl Layout<'_> {
    /// What would be typed at a place.
    pub fn spot(&self, offset: usize) -> Spot {
        let offset = self.floor(offset);
        let line = self.line(offset);
        let prefix = self.slice(Span::new(line.start, offset));
        let id = self.at(offset);
        let node = self.node(id);
        match node.value {
            Value::Scalar(style @ (Style::Literal | Style::Folded), span)
                if line.start > span.start =>
            {
                let typed = Span::new(offset, offset);
                return Spot::Value {
                    node: id,
                    typed,
                    style,
                };
            }
            Value::Scalar(style, span) if span.start <= offset && offset <= span.end => {
                return self.in_scalar(id, style, span, offset);
            }
            Value::Flow(span) if span.start < offset && self.is_inside(span, offset) => {
                return self.in_flow(id, span, offset);
            }
            _ => {}
        }
        if prefix.trim_start().starts_with('#') || prefix.contains(" #") {
            return Spot::Nowhere;
        }
        let nothing = Span::new(offset, offset);
        if prefix
            .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
            .is_empty()
        {
            let rest = self.slice(Span::new(offset, line.end));
            return match rest.trim().is_empty() {
                true => Spot::Below {
                    parent: self.parent_of(
                        line.start,
                        prefix.chars().filter(|c| *c != '\u{feff}').count(),
                    ),
                    typed: nothing,
                    word: None,
                },
                false => Spot::Nowhere,
            };
        }
        match &node.kind {
            Kind::Entry { span, .. } if span.start <= offset && offset <= span.end => {
                Spot::Key { node: id }
            }
            Kind::Entry { colon, .. }
                if *colon <= offset && self.slice(Span::new(*colon, offset)).trim().is_empty() =>
            {
                Spot::Value {
                    node: id,
                    typed: nothing,
                    style: Style::Plain,
                }
            }
            Kind::Item
                if prefix
                    .trim_start()
                    .trim_start_matches(['-', ' '])
                    .is_empty() =>
            {
                Spot::Below {
                    parent: id,
                    typed: nothing,
                    word: None,
                }
            }
            _ => Spot::Nowhere,
        }
    }

    fn is_inside(&self, span: Span, offset: usize) -> bool {
        let closed = self.slice(span).ends_with([']', '}']);
        offset < span.end || offset == span.end && !closed
    }

    fn in_scalar(&self, id: NodeId, style: Style, span: Span, offset: usize) -> Spot {
        let typed = self.unquoted(style, span);
        let typed = match typed.start <= offset && offset <= typed.end {
            true => typed,
            false => Span::new(offset, offset),
        };
        let node = self.node(id);
        let parent = node.parent.unwrap_or(ROOT);
        match node.kind {
            Kind::Word if node.flow => Spot::Flow {
                parent,
                list: false,
                typed,
                style,
                part: Some(id),
            },
            Kind::Word => Spot::Below {
                parent,
                typed,
                word: Some(id),
            },
            Kind::Item if node.flow => Spot::Flow {
                parent,
                list: true,
                typed,
                style,
                part: Some(id),
            },
            _ => Spot::Value {
                node: id,
                typed,
                style,
            },
        }
    }

    fn in_flow(&self, id: NodeId, span: Span, offset: usize) -> Spot {
        let nothing = Span::new(offset, offset);
        // A key of the collection with nothing behind it yet.
        let children = self.node(id).children.iter().rev().copied();
        let before = children
            .into_iter()
            .find(|child| self.node(*child).span.start < offset);
        if let Some(entry) = before
            && let Kind::Entry { colon, .. } = self.node(entry).kind
            && self.node(entry).value == Value::None
            && colon <= offset
            && self.slice(Span::new(colon, offset)).trim().is_empty()
        {
            return Spot::Value {
                node: entry,
                typed: nothing,
                style: Style::Plain,
            };
        }
        if let Some(entry) = before
            && let Some(key) = self.key_span(entry)
            && offset <= key.end
        {
            return Spot::Key { node: entry };
        }
        Spot::Flow {
            parent: id,
            list: self.slice(span).starts_with('['),
            typed: nothing,
            style: Style::Plain,
            part: None,
        }
    }

    /// What a line would belong to that begins at a column.
    pub fn parent_of(&self, line: usize, column: usize) -> NodeId {
        let last = self.ids().rev().find(|id| {
            let node = self.node(*id);
            *id != ROOT && !node.flow && node.span.start < line
        });
        let mut at = last.unwrap_or(ROOT);
        loop {
            let node = self.node(at);
            let Some(parent) = node.parent else {
                return ROOT;
            };
            let holds = !matches!(node.kind, Kind::Word) && node.value == Value::None;
            if holds && node.column < column {
                return at;
            }
            at = parent;
        }
    }
}
