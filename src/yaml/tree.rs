//! The span tree: one node for every mapping, sequence, scalar and alias, in one arena.

use super::{MAX_DEPTH, Step};
use crate::diagnostic::Span;
use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle};
use std::collections::HashMap;

/// Index of a node in its tree.
pub(super) type NodeId = usize;

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A scalar: how it is written, and its text where it is short enough to be a key.
    Scalar(ScalarStyle, Option<Box<str>>),
    /// Items.
    Sequence(Vec<NodeId>),
    /// Keys and values, in order.
    Mapping(Vec<(NodeId, NodeId)>),
    /// Another node by its anchor.
    Alias(NodeId),
}

#[derive(Clone, Debug)]
struct Node {
    span: Span,
    kind: Kind,
}

/// Where every node of the first document stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    root: Option<NodeId>,
    /// The tags of nodes that have one, written out; only where the texts are kept.
    tags: HashMap<NodeId, String>,
}

/// What stopped the reading.
pub(super) enum Stop {
    /// The scanner or parser, and where the reading was.
    Scan(ScanError, Place),
    /// Nesting beyond the limit, at this offset.
    Depth(usize),
    /// An alias to a node that holds it, at this span.
    Recursive(Span),
    /// A second document begins at this offset.
    Documents(usize),
}

/// Where the reading was when an error came.
pub(super) struct Place {
    /// Where the top-level entry begins.
    pub(super) entry: Option<usize>,
    /// Where the last token ended.
    pub(super) after: usize,
    /// Where the innermost open bracket stands.
    pub(super) bracket: Option<usize>,
}

/// A collection that is still open.
struct Open {
    node: NodeId,
    anchor: usize,
    /// A key that waits for its value.
    key: Option<NodeId>,
    /// End of the last child: where a block collection ends.
    end: usize,
    flow: bool,
}

/// Keys longer than this are not looked up (the readers themselves stop at 1,024 characters).
const MAX_KEY: usize = 4096;

impl Tree {
    /// Reads the first document of a text (without byte-order mark); spans are moved by `shift`. With `keep` the
    /// texts of all scalars and the tags are kept, so that values can be made of them.
    pub(super) fn read(text: &str, shift: usize, keep: bool) -> (Self, Option<Stop>) {
        let mut options = granit_parser::options! {
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        options.set_emit_comments(false);
        let mut builder = Builder {
            text,
            shift,
            keep,
            tree: Tree::default(),
            open: Vec::new(),
            anchors: HashMap::new(),
            last_end: 0,
        };
        let mut stop: Option<Stop> = None;
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(text, options) {
            match event {
                Err(error) => {
                    stop = Some(Stop::Scan(error, builder.place_of_error()));
                    break;
                }
                Ok((Event::DocumentStart(..), span)) => {
                    documents += 1;
                    if documents > 1 {
                        stop = Some(Stop::Documents(byte(span.start) + shift));
                        break;
                    }
                }
                Ok((event, span)) => {
                    if let Some(why) = builder.take(event, byte(span.start), byte(span.end)) {
                        stop = Some(why);
                        break;
                    }
                }
            }
        }
        (builder.finish(), stop)
    }

    /// The node at a path, aliases and merge keys followed.
    pub(super) fn find(&self, path: &[Step]) -> Option<NodeId> {
        path.iter().try_fold(self.root?, |id, step| match step {
            Step::Key(key) => self.entry(id, key, 0).map(|(_, value)| value),
            Step::Index(i) => match self.kind(self.target(id))? {
                Kind::Sequence(items) => items.get(*i).copied(),
                _ => None,
            },
        })
    }

    /// The key node of the entry at a path.
    pub(super) fn find_key(&self, path: &[Step]) -> Option<NodeId> {
        let (last, above) = path.split_last()?;
        match last {
            Step::Key(key) => self.entry(self.find(above)?, key, 0).map(|(key, _)| key),
            Step::Index(_) => None,
        }
    }

    /// Key and value of a mapping's entry: the last of that name, or what a merge key brings.
    fn entry(&self, id: NodeId, key: &str, depth: usize) -> Option<(NodeId, NodeId)> {
        let Kind::Mapping(entries) = self.kind(self.target(id))? else {
            return None;
        };
        let own = entries
            .iter()
            .rev()
            .find(|(k, _)| self.key_text(*k) == Some(key));
        if let Some(entry) = own {
            return Some(*entry);
        }
        if depth >= MAX_DEPTH {
            return None;
        }
        let (_, merged) = entries
            .iter()
            .find(|(k, _)| self.key_text(*k) == Some("<<"))?;
        match self.kind(self.target(*merged))? {
            Kind::Mapping(_) => self.entry(*merged, key, depth + 1),
            Kind::Sequence(items) => items
                .iter()
                .find_map(|item| self.entry(*item, key, depth + 1)),
            _ => None,
        }
    }

    /// The node an alias stands for, or the node itself.
    pub(super) fn target(&self, id: NodeId) -> NodeId {
        match self.kind(id) {
            Some(Kind::Alias(target)) => *target,
            _ => id,
        }
    }

    /// What a node is.
    pub(super) fn kind(&self, id: NodeId) -> Option<&Kind> {
        self.nodes.get(id).map(|n| &n.kind)
    }

    /// The text of a scalar that can be a key; of any scalar of a tree that kept them.
    pub(super) fn key_text(&self, id: NodeId) -> Option<&str> {
        match self.kind(id)? {
            Kind::Scalar(_, text) => text.as_deref(),
            _ => None,
        }
    }

    /// The tag a node is written with, such as `tag:yaml.org,2002:str`; only of a tree that kept them.
    pub(super) fn tag(&self, id: NodeId) -> Option<&str> {
        self.tags.get(&id).map(String::as_str)
    }

    /// Where a node stands.
    pub(super) fn span(&self, id: NodeId) -> Span {
        self.nodes.get(id).map_or(Span::default(), |n| n.span)
    }

    /// The topmost node.
    pub(super) fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// How a scalar is written; aliases are not followed, because their text is the alias.
    pub(super) fn scalar_style(&self, id: NodeId) -> Option<ScalarStyle> {
        match self.kind(id)? {
            Kind::Scalar(style, _) => Some(*style),
            _ => None,
        }
    }

    /// What the document weighs with all aliases written out, in bytes, roughly; saturating. Every node is weighed
    /// once, with a stack of its own: an alias only points to a node that was closed before it, so this ends.
    pub(super) fn expanded_weight(&self) -> u64 {
        let mut weight: Vec<Option<u64>> = vec![None; self.nodes.len()];
        let mut work: Vec<NodeId> = self.root.into_iter().collect();
        while let Some(&id) = work.last() {
            if weight.get(id).copied().flatten().is_some() {
                work.pop();
                continue;
            }
            let Some(node) = self.nodes.get(id) else {
                work.pop();
                continue;
            };
            let children: Vec<NodeId> = match &node.kind {
                Kind::Scalar(..) => Vec::new(),
                Kind::Sequence(items) => items.clone(),
                Kind::Mapping(entries) => entries.iter().flat_map(|(k, v)| [*k, *v]).collect(),
                Kind::Alias(target) => vec![*target],
            };
            let before = work.len();
            let mut sum = 64u64;
            if let Kind::Scalar(..) = node.kind {
                sum = sum.saturating_add((node.span.end - node.span.start) as u64);
            }
            for child in children {
                match weight.get(child).copied().flatten() {
                    Some(w) => sum = sum.saturating_add(w),
                    None => work.push(child),
                }
            }
            if work.len() == before {
                if let Some(slot) = weight.get_mut(id) {
                    *slot = Some(sum);
                }
                work.pop();
            }
        }
        self.root
            .and_then(|r| weight.get(r).copied().flatten())
            .unwrap_or(0)
    }

    /// Whether any mapping has a merge key.
    pub(super) fn has_merge(&self) -> bool {
        self.nodes
            .iter()
            .any(|n| matches!(&n.kind, Kind::Scalar(_, Some(text)) if text.as_ref() == "<<"))
    }

    /// The span of the first alias, if there is one.
    pub(super) fn first_alias(&self) -> Option<Span> {
        self.nodes
            .iter()
            .find(|n| matches!(n.kind, Kind::Alias(_)))
            .map(|n| n.span)
    }

    /// Entries whose key stood before in the same mapping: the key, the first key node and the second.
    pub(super) fn duplicates(&self) -> Vec<(&str, NodeId, NodeId)> {
        let mut found = Vec::new();
        for node in &self.nodes {
            let Kind::Mapping(entries) = &node.kind else {
                continue;
            };
            let mut seen: HashMap<&str, NodeId> = HashMap::with_capacity(entries.len());
            for (key, _) in entries {
                let Some(text) = self.key_text(*key) else {
                    continue;
                };
                match seen.get(text) {
                    Some(first) => found.push((text, *first, *key)),
                    None => {
                        seen.insert(text, *key);
                    }
                }
            }
        }
        found
    }
}

fn byte(mark: granit_parser::Marker) -> usize {
    // A parser over `str` always knows the byte; the character index is a safe stand-in.
    mark.byte_offset().unwrap_or_else(|| mark.index())
}

struct Builder<'t> {
    text: &'t str,
    shift: usize,
    keep: bool,
    tree: Tree,
    open: Vec<Open>,
    /// Anchor to node; `None` while the node is still open.
    anchors: HashMap<usize, Option<NodeId>>,
    /// End of the last token placed, in bytes of `text`.
    last_end: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, start: usize, end: usize) -> Option<Stop> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let (start, end) = self.scalar_span(style, start, end);
                let text = (self.keep || value.len() <= MAX_KEY && self.may_be_key())
                    .then(|| Box::from(value.as_ref()));
                let id = self.push(start, end, Kind::Scalar(style, text));
                self.tag(id, tag.as_deref());
                if anchor > 0 {
                    self.anchors.insert(anchor, Some(id));
                }
                self.place(id, end);
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(Some(target)) => {
                    let id = self.push(start, end, Kind::Alias(*target));
                    self.place(id, end);
                }
                _ => {
                    return Some(Stop::Recursive(Span::new(start, end).shifted(self.shift)));
                }
            },
            Event::SequenceStart(style, anchor, tag) => {
                self.tag(self.tree.nodes.len(), tag.as_deref());
                return self.begin(Kind::Sequence(Vec::new()), style, anchor, start);
            }
            Event::MappingStart(style, anchor, tag) => {
                self.tag(self.tree.nodes.len(), tag.as_deref());
                return self.begin(Kind::Mapping(Vec::new()), style, anchor, start);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end),
            _ => {}
        }
        None
    }

    fn tag(&mut self, id: NodeId, tag: Option<&granit_parser::Tag>) {
        if let (true, Some(tag)) = (self.keep, tag) {
            let text = format!("{}{}", tag.handle(), tag.suffix());
            self.tree.tags.insert(id, text);
        }
    }

    /// Whether the next scalar is in key position of a mapping.
    fn may_be_key(&self) -> bool {
        match self.open.last() {
            Some(open) => {
                open.key.is_none() && matches!(self.tree.kind(open.node), Some(Kind::Mapping(_)))
            }
            None => false,
        }
    }

    fn push(&mut self, start: usize, end: usize, kind: Kind) -> NodeId {
        self.tree.nodes.push(Node {
            span: Span::new(start, end.max(start)).shifted(self.shift),
            kind,
        });
        self.last_end = end.max(start);
        self.tree.nodes.len() - 1
    }

    fn begin(
        &mut self,
        kind: Kind,
        style: StructureStyle,
        anchor: usize,
        start: usize,
    ) -> Option<Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Some(Stop::Depth(start + self.shift));
        }
        let last_end = self.last_end;
        let node = self.push(start, start, kind);
        self.last_end = last_end;
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Open {
            node,
            anchor,
            key: None,
            end: start,
            flow: style == StructureStyle::Flow,
        });
        None
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let end = if open.flow { end } else { open.end };
        if open.anchor > 0 {
            self.anchors.insert(open.anchor, Some(open.node));
        }
        self.end_node(open.node, end);
        self.last_end = self.last_end.max(end);
        self.place(open.node, end);
    }

    fn end_node(&mut self, id: NodeId, end: usize) {
        if let Some(node) = self.tree.nodes.get_mut(id) {
            node.span.end = node.span.start.max(end + self.shift);
        }
    }

    /// Puts a finished node into the collection that is open.
    fn place(&mut self, id: NodeId, end: usize) {
        let Some(open) = self.open.last_mut() else {
            self.tree.root = Some(id);
            return;
        };
        open.end = open.end.max(end);
        match self.tree.nodes.get_mut(open.node).map(|n| &mut n.kind) {
            Some(Kind::Sequence(items)) => items.push(id),
            Some(Kind::Mapping(entries)) => match open.key.take() {
                Some(key) => entries.push((key, id)),
                None => open.key = Some(id),
            },
            _ => {}
        }
    }

    /// The parser gives the content of a block scalar and places a missing value anywhere; here a block
    /// scalar begins at its indicator, and a missing value stands right after what came before it.
    fn scalar_span(&self, style: ScalarStyle, start: usize, end: usize) -> (usize, usize) {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let Some(header) = block_header(self.text, self.last_end) else {
                    return (start, end);
                };
                // The content ends where the parser says, less blank lines; an empty one ends with its header.
                let line_end = |from: usize| {
                    let rest = self.text.get(from..).unwrap_or("");
                    from + rest.find(['\n', '\r']).unwrap_or(rest.len())
                };
                let content = self.text.get(header..end).unwrap_or("");
                (header, line_end(header + content.trim_end().len()))
            }
            ScalarStyle::Plain if start >= end => {
                let rest = self.text.get(self.last_end..).unwrap_or("");
                let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
                let colon = rest[..line].find([':', '-', '?']).map(|i| i + 1);
                let at = self.last_end + colon.unwrap_or(0);
                (at, at)
            }
            _ => (start, end),
        }
    }

    fn place_of_error(&self) -> Place {
        let bracket = self.open.iter().rev().find(|open| open.flow);
        Place {
            entry: self.last_entry(),
            after: self.last_end + self.shift,
            bracket: bracket.map(|open| self.tree.span(open.node).start),
        }
    }

    /// Where the top-level entry begins that was read last.
    fn last_entry(&self) -> Option<usize> {
        let open = self.open.first()?;
        let key = match (open.key, self.tree.kind(open.node)?) {
            (Some(key), Kind::Mapping(_)) => key,
            (None, Kind::Mapping(entries)) => entries.last()?.0,
            _ => return None,
        };
        Some(self.tree.span(key).start)
    }

    fn finish(mut self) -> Tree {
        // After an error collections are still open: close them where they are, so that positions
        // before the error can be asked for.
        while !self.open.is_empty() {
            let end = self.open.last().map_or(0, |o| o.end);
            if let Some(open) = self.open.last_mut() {
                open.key = None;
                open.flow = false;
            }
            self.close(end);
        }
        self.tree
    }
}

/// The offset of the `|` or `>` that opens a block scalar whose node begins after `from`.
fn block_header(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut i = from;
    loop {
        match bytes.get(i)? {
            b'|' | b'>' => return Some(i),
            b'!' | b'&' => {
                while bytes.get(i).is_some_and(|b| !b.is_ascii_whitespace()) {
                    i += 1;
                }
            }
            b'#' => {
                while bytes.get(i).is_some_and(|b| *b != b'\n' && *b != b'\r') {
                    i += 1;
                }
            }
            b':' | b'-' | b'?' | b' ' | b'\t' | b'\n' | b'\r' => i += 1,
            _ => return None,
        }
    }
}
