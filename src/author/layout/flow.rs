//! Collections in brackets.

use super::lines::closing;
use super::{DEPTH, Kind, Node, NodeId, Style, Value};
use crate::diagnostic::Span;

/// Reads a collection that begins at a place and ends before a limit; its parts become children of a node. Gives where it
/// stands; one that is not closed ends at the limit.
pub(super) fn read(
    text: &str,
    from: usize,
    limit: usize,
    parent: NodeId,
    column: usize,
    nodes: &mut Vec<Node>,
) -> Span {
    let mut reader = Flow {
        text,
        limit,
        column,
        at: from,
        nodes,
    };
    reader.collection(parent, 0);
    Span::new(from, reader.at.max(from + 1).min(limit.max(from + 1)))
}

struct Flow<'a> {
    text: &'a str,
    limit: usize,
    column: usize,
    at: usize,
    nodes: &'a mut Vec<Node>,
}

impl Flow<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..self.limit).unwrap_or("")
    }

    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let rest = self.rest();
            if !rest.starts_with('#') {
                return;
            }
            let line = rest.find('\n').unwrap_or(rest.len());
            self.at += line;
        }
    }

    /// The parts up to the closing bracket, for a node.
    fn collection(&mut self, parent: NodeId, depth: usize) {
        let list = self.rest().starts_with('[');
        self.at += 1;
        if depth > DEPTH {
            self.at = self.limit;
            return;
        }
        loop {
            self.blanks();
            let before = self.at;
            match self.rest().chars().next() {
                None => return,
                Some(']' | '}') => {
                    self.at += 1;
                    return;
                }
                Some(',') => self.at += 1,
                Some(_) if list => self.item(parent, depth),
                Some(_) => self.entry(parent, depth),
            }
            if self.at <= before {
                // Nothing that is understood: one sign further.
                let width = self.rest().chars().next().map_or(1, char::len_utf8);
                self.at += width;
            }
        }
    }

    fn item(&mut self, parent: NodeId, depth: usize) {
        let start = self.at;
        let id = self.push(Kind::Item, parent, start);
        // `[a: b]` is a list of mappings; its key is read as an entry of the item.
        match self.rest().chars().next() {
            Some('[' | '{') => self.inner(id, depth),
            _ => {
                let (style, span) = self.scalar(true);
                self.set(id, Value::Scalar(style, span));
            }
        }
    }

    fn entry(&mut self, parent: NodeId, depth: usize) {
        let start = self.at;
        let (style, span) = self.scalar(false);
        let inner = match style {
            Style::Plain => span,
            _ => Span::new(span.start + 1, span.end.max(span.start + 2) - 1),
        };
        let key = self
            .text
            .get(inner.start..inner.end)
            .unwrap_or("")
            .to_owned();
        self.blanks();
        if !self.rest().starts_with(':') {
            let id = self.push(Kind::Word, parent, start);
            self.set(id, Value::Scalar(style, span));
            return;
        }
        self.at += 1;
        let colon = self.at;
        let kind = Kind::Entry {
            key,
            span: inner,
            colon,
        };
        let id = self.push(kind, parent, start);
        self.blanks();
        match self.rest().chars().next() {
            Some('[' | '{') => self.inner(id, depth),
            None | Some(',' | ']' | '}') => self.set(id, Value::None),
            Some(_) => {
                let (style, span) = self.scalar(true);
                self.set(id, Value::Scalar(style, span));
            }
        }
    }

    fn inner(&mut self, id: NodeId, depth: usize) {
        let from = self.at;
        self.collection(id, depth + 1);
        let end = self.at;
        self.set(id, Value::Flow(Span::new(from, end)));
    }

    /// A scalar up to what ends it; as a value it may hold colons.
    fn scalar(&mut self, value: bool) -> (Style, Span) {
        let start = self.at;
        let rest = self.rest();
        for (quote, style) in [('"', Style::Double), ('\'', Style::Single)] {
            if rest.starts_with(quote) {
                let line = rest.find('\n').unwrap_or(rest.len());
                let length = closing(rest, quote).unwrap_or(line);
                self.at += length.max(1);
                return (style, Span::new(start, self.at));
            }
        }
        let mut end = rest.len();
        let bytes = rest.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let next = bytes.get(at + 1);
            let ends = match byte {
                b',' | b']' | b'}' | b'\n' => true,
                b'[' | b'{' => at > 0 && !value,
                b'#' => at > 0 && bytes.get(at - 1) == Some(&b' '),
                b':' => {
                    !value
                        && next
                            .is_none_or(|b| matches!(b, b' ' | b'\n' | b'\r' | b',' | b']' | b'}'))
                }
                _ => false,
            };
            if ends {
                end = at;
                break;
            }
        }
        let length = rest.get(..end).unwrap_or("").trim_end().len();
        self.at += length;
        (Style::Plain, Span::new(start, start + length))
    }

    fn push(&mut self, kind: Kind, parent: NodeId, start: usize) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(Node {
            kind,
            column: self.column + 1,
            span: Span::new(start, self.at.max(start)),
            value: Value::None,
            parent: Some(parent),
            children: Vec::new(),
            flow: true,
        });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(id);
        }
        id
    }

    fn set(&mut self, id: NodeId, value: Value) {
        let end = self.at;
        if let Some(node) = self.nodes.get_mut(id) {
            node.value = value;
            node.span.end = node.span.end.max(end);
        }
    }
}
