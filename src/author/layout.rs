//! The entries of a YAML text by their indentation, so that a broken or half-typed text still has a shape.
//!
//! A line tells by itself what it is: an item, a key, a value, or a part of the value before it. What a line holds is never
//! made worse by one further down. Flow collections (`[…]`, `{…}`) are taken apart as far as they are closed.

mod flow;
mod lines;
mod spot;

use crate::diagnostic::Span;
use crate::yaml::Step;

/// Index of a node.
pub type NodeId = usize;

/// Deepest nesting that is taken apart.
const DEPTH: usize = 60;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it stands.
    Plain,
    /// In double quotes.
    Double,
    /// In single quotes.
    Single,
    /// Lines below `|`.
    Literal,
    /// Lines below `>`.
    Folded,
}

/// What an entry or item holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing, or entries and items below it.
    None,
    /// A scalar: all of it, quotes or the block's indicator included.
    Scalar(Style, Span),
    /// A collection in brackets, whose parts are its children.
    Flow(Span),
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The document.
    Root,
    /// A key with what it holds.
    Entry {
        /// The key's text.
        key: String,
        /// The key without quotes.
        span: Span,
        /// The place behind its colon.
        colon: usize,
    },
    /// An item of a list.
    Item,
    /// A word that is neither: a key that is not finished, or a value on a line of its own.
    Word,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The column in which it begins.
    pub column: usize,
    /// From its first sign to the end of the last line that belongs to it.
    pub span: Span,
    /// What it holds.
    pub value: Value,
    /// What it is a part of.
    pub parent: Option<NodeId>,
    /// Its parts, in order.
    pub children: Vec<NodeId>,
    /// Whether it stands in brackets.
    pub flow: bool,
}

/// A text as entries.
#[derive(Clone, Debug)]
pub struct Layout<'t> {
    /// The text.
    pub text: &'t str,
    nodes: Vec<Node>,
}

/// The document itself.
pub const ROOT: NodeId = 0;

/// Where something would be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In a mapping or list that holds nodes by lines: a key, or an item, could begin at this column.
    Below {
        /// The entry, item or document it would belong to.
        parent: NodeId,
        /// What is typed of it: a word up to its end.
        typed: Span,
        /// The node of that word.
        word: Option<NodeId>,
    },
    /// In the value of an entry or item.
    Value {
        /// The entry or item.
        node: NodeId,
        /// What is typed of the value: within quotes, or a plain text.
        typed: Span,
        /// How it is written; plain where nothing is typed yet.
        style: Style,
    },
    /// In a flow collection, between or in its parts.
    Flow {
        /// The entry or item that holds the collection, or the part of it that holds an inner one.
        parent: NodeId,
        /// Whether the brackets are those of a list.
        list: bool,
        /// What is typed of a part.
        typed: Span,
        /// How that is written.
        style: Style,
        /// The part that is typed, where there is one.
        part: Option<NodeId>,
    },
    /// In the key of an entry.
    Key {
        /// The entry.
        node: NodeId,
    },
    /// In a comment, or where nothing can be said.
    Nowhere,
}

impl<'t> Layout<'t> {
    /// Reads a text. Never fails.
    pub fn new(text: &'t str) -> Self {
        lines::read(text)
    }

    /// A node; the document for an index that is none.
    pub fn node(&self, id: NodeId) -> &Node {
        // The root is always there.
        self.nodes.get(id).unwrap_or(&self.nodes[ROOT])
    }

    /// The nodes in the order of the text.
    pub fn ids(&self) -> std::ops::Range<NodeId> {
        0..self.nodes.len()
    }

    /// The bytes of a span.
    pub fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// The key of an entry.
    pub fn key(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Entry { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The place of an entry's key.
    pub fn key_span(&self, id: NodeId) -> Option<Span> {
        match &self.node(id).kind {
            Kind::Entry { span, .. } => Some(*span),
            _ => None,
        }
    }

    /// The entry of a key right below a node.
    pub fn entry(&self, parent: NodeId, key: &str) -> Option<NodeId> {
        let children = self.node(parent).children.iter().copied();
        children.rev().find(|id| self.key(*id) == Some(key))
    }

    /// The node at a path of keys.
    pub fn find(&self, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(ROOT, |id, key| self.entry(id, key))
    }

    /// The items of a list.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let children = self.node(id).children.iter().copied();
        children.filter(|child| matches!(self.node(*child).kind, Kind::Item))
    }

    /// The keys from the document to a node; items are counted from 0.
    pub fn path(&self, id: NodeId) -> Vec<Step> {
        let mut path = Vec::new();
        let mut at = id;
        while let Some(parent) = self.node(at).parent {
            match &self.node(at).kind {
                Kind::Entry { key, .. } => path.push(Step::Key(key.clone())),
                Kind::Item => {
                    let place = self.items(parent).position(|item| item == at);
                    path.push(Step::Index(place.unwrap_or(0)));
                }
                Kind::Root | Kind::Word => {}
            }
            at = parent;
        }
        path.reverse();
        path
    }

    /// The keys alone from the document to a node.
    pub fn keys(&self, id: NodeId) -> Vec<String> {
        let steps = self.path(id).into_iter();
        let keys = steps.filter_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        });
        keys.collect()
    }

    /// The text of a one-line scalar, quotes cut and simple escapes undone; of a node whose value stands on the line
    /// below it that one's. Empty where there is none.
    pub fn scalar(&self, id: NodeId) -> String {
        match self.scalar_span(id) {
            Some((Style::Double, span)) => {
                self.slice(span).replace("\\\"", "\"").replace("\\\\", "\\")
            }
            Some((Style::Single, span)) => self.slice(span).replace("''", "'"),
            Some((_, span)) => self.slice(span).to_owned(),
            None => String::new(),
        }
    }

    /// The content of a one-line scalar without quotes, and how it is written.
    pub fn scalar_span(&self, id: NodeId) -> Option<(Style, Span)> {
        match self.node(id).value {
            Value::Scalar(style @ (Style::Literal | Style::Folded), span) => Some((style, span)),
            Value::Scalar(style, span) => Some((style, self.unquoted(style, span))),
            Value::Flow(_) => None,
            Value::None => {
                let [only] = self.node(id).children.as_slice() else {
                    return None;
                };
                let word = self.node(*only);
                match (&word.kind, word.value) {
                    (Kind::Word, Value::Scalar(style, span)) => {
                        Some((style, self.unquoted(style, span)))
                    }
                    _ => None,
                }
            }
        }
    }

    /// A scalar without its quotes.
    pub fn unquoted(&self, style: Style, span: Span) -> Span {
        let quote = match style {
            Style::Double => '"',
            Style::Single => '\'',
            _ => return span,
        };
        let text = self.slice(span);
        let closed = text.len() > 1 && text.ends_with(quote);
        let end = span.end - usize::from(closed);
        Span::new((span.start + 1).min(end), end)
    }

    /// The scalar texts of a list, or of a single scalar.
    pub fn texts(&self, id: NodeId) -> Vec<String> {
        let items: Vec<NodeId> = self.items(id).collect();
        let texts = items.into_iter().map(|item| self.scalar(item));
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// The deepest node whose lines hold a place.
    pub fn at(&self, offset: usize) -> NodeId {
        let mut at = ROOT;
        loop {
            let children = self.node(at).children.iter().copied();
            let inner = children.rev().find(|child| {
                let span = self.node(*child).span;
                span.start <= offset && offset <= span.end
            });
            match inner {
                Some(inner) => at = inner,
                None => return at,
            }
        }
    }

    /// The line that a place is on.
    pub fn line(&self, offset: usize) -> Span {
        let offset = self.floor(offset);
        let start = self
            .text
            .get(..offset)
            .and_then(|t| t.rfind('\n'))
            .map_or(0, |n| n + 1);
        let rest = self.text.get(offset..).unwrap_or("");
        let end = offset + rest.find('\n').unwrap_or(rest.len());
        let end = match self.text.get(start..end) {
            Some(line) if line.ends_with('\r') && end > offset => end - 1,
            _ => end,
        };
        Span::new(start, end.max(start))
    }

    /// A place within the text and between signs.
    pub fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// How the text ends its lines.
    pub fn newline(&self) -> &'static str {
        match self.text.contains("\r\n") {
            true => "\r\n",
            false => "\n",
        }
    }
}
