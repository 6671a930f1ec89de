//! Reads the lines of a text into nodes.

use super::flow;
use super::{Kind, Layout, Node, NodeId, ROOT, Style, Value};
use crate::diagnostic::Span;

/// A line without its end.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
}

struct Reader<'t> {
    text: &'t str,
    lines: Vec<Line>,
    nodes: Vec<Node>,
    /// The nodes that lines further in belong to, the document first.
    open: Vec<NodeId>,
}

/// Most open nodes.
const OPEN: usize = 200;

pub(super) fn read(text: &str) -> Layout<'_> {
    let mut lines = Vec::new();
    let mut start = match text.starts_with('\u{feff}') {
        true => '\u{feff}'.len_utf8(),
        false => 0,
    };
    for line in text.get(start..).unwrap_or("").split_inclusive('\n') {
        let end = start + line.trim_end_matches('\n').trim_end_matches('\r').len();
        lines.push(Line { start, end });
        start += line.len();
    }
    let root = Node {
        kind: Kind::Root,
        column: 0,
        span: Span::new(0, text.len()),
        value: Value::None,
        parent: None,
        children: Vec::new(),
        flow: false,
    };
    let mut reader = Reader {
        text,
        lines,
        nodes: vec![root],
        open: vec![ROOT],
    };
    let mut at = 0;
    while at < reader.lines.len() {
        at = reader.line(at);
    }
    Layout {
        text,
        nodes: reader.nodes,
    }
}

/// The spaces at the begin of a text.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

impl Reader<'_> {
    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or("")
    }

    fn of_line(&self, at: usize) -> &str {
        self.lines
            .get(at)
            .map_or("", |l| self.slice(l.start, l.end))
    }

    fn is_blank(&self, at: usize) -> bool {
        let line = self.of_line(at).trim_start();
        line.is_empty() || line.starts_with('#')
    }

    /// Reads what begins on a line; gives the line after it.
    fn line(&mut self, at: usize) -> usize {
        let Some(Line { start, end }) = self.lines.get(at).copied() else {
            return at + 1;
        };
        if self.is_blank(at) || self.of_line(at).starts_with("---") {
            return at + 1;
        }
        let mut column = indent(self.slice(start, end));
        let base = column;
        loop {
            let rest = self.slice(start + column, end);
            let dash = rest == "-" || rest.starts_with("- ") || rest.starts_with("-\t");
            if !dash {
                break;
            }
            self.close(column, true);
            let id = self.push(Kind::Item, column, start + column, end);
            self.open.push(id);
            let behind = self.slice(start + column + 1, end);
            column += 1 + indent(behind);
            if self.open.len() > OPEN {
                return at + 1;
            }
        }
        let rest_at = start + column;
        let rest = self.slice(rest_at, end);
        if rest.is_empty() || rest.starts_with('#') {
            return at + 1;
        }
        if let Some((key, span, colon)) = key_of(rest, rest_at) {
            self.close(column, false);
            let kind = Kind::Entry { key, span, colon };
            let id = self.push(kind, column, rest_at, end);
            if self.open.len() < OPEN {
                self.open.push(id);
            }
            return self.value(id, at, colon, column);
        }
        // An item's own value, or a word on a line of its own.
        let in_item = column > base;
        if in_item && let Some(item) = self.open.last().copied() {
            return self.value(item, at, rest_at, base);
        }
        self.close(column, false);
        let parent = self.open.last().copied().unwrap_or(ROOT);
        let id = self.push(Kind::Word, column, rest_at, end);
        let least = self.nodes.get(parent).map_or(0, |p| p.column);
        let has_entries = self.nodes.get(parent).is_some_and(|p| p.children.len() > 1);
        // A value goes on over lines; a half-typed key does not.
        match parent == ROOT || has_entries {
            true => self.one_line(id, at, rest_at),
            false => self.value(id, at, rest_at, least),
        }
    }

    fn one_line(&mut self, id: NodeId, at: usize, from: usize) -> usize {
        let end = self.lines.get(at).map_or(from, |l| l.end);
        let (style, span) = scalar_on_line(self.slice(from, end), from);
        self.set(id, Value::Scalar(style, span), end);
        at + 1
    }

    /// Reads the value that begins behind a place of a line, for a node at a column.
    fn value(&mut self, id: NodeId, at: usize, from: usize, column: usize) -> usize {
        let end = self.lines.get(at).map_or(from, |l| l.end);
        let behind = self.slice(from, end);
        let from = from + indent(behind);
        let mut text = self.slice(from, end);
        let mut from = from;
        // An anchor or a tag stands before the value.
        while text.starts_with(['&', '!']) {
            let word = text.find(' ').unwrap_or(text.len());
            let rest = text.get(word..).unwrap_or("");
            from += word + indent(rest);
            text = self.slice(from, end);
        }
        match text.chars().next() {
            None | Some('#') => at + 1,
            Some(sign @ ('|' | '>')) if is_header(text) => {
                let style = match sign {
                    '|' => Style::Literal,
                    _ => Style::Folded,
                };
                self.block(id, at, from, column, style)
            }
            Some('[' | '{') => self.flow(id, at, from, column),
            Some(quote @ ('"' | '\'')) => self.quoted(id, at, from, column, quote),
            _ => self.plain(id, at, from, column),
        }
    }

    /// Lines below `|` or `>`: those further in than the node, and blank ones between them.
    fn block(&mut self, id: NodeId, at: usize, from: usize, column: usize, style: Style) -> usize {
        let mut last = at;
        let mut next = at + 1;
        let mut content = None;
        while next < self.lines.len() {
            let line = self.of_line(next);
            if !line.trim().is_empty() {
                let own = indent(line);
                let inside = match (content, self.nodes.get(id).map(|n| &n.kind)) {
                    (Some(content), _) => own >= content,
                    // At the margin nothing is further in than the document.
                    (None, _) => own > column,
                };
                if !inside {
                    break;
                }
                content = content.or(Some(own));
                last = next;
            } else if content.is_some() && indent(line) >= content.unwrap_or(0) {
                // Blanks that somebody typed to go on with the block.
                last = next;
            }
            next += 1;
        }
        let end = self.lines.get(last).map_or(from, |l| l.end);
        self.set(id, Value::Scalar(style, Span::new(from, end)), end);
        // Blank lines at its end belong to nobody.
        last + 1
    }

    /// A scalar without quotes: to the end of its line, and lines further in that go on with it.
    fn plain(&mut self, id: NodeId, at: usize, from: usize, column: usize) -> usize {
        let end = self.lines.get(at).map_or(from, |l| l.end);
        let (_, mut span) = scalar_on_line(self.slice(from, end), from);
        let mut next = at + 1;
        let mut last = at;
        let word = matches!(self.nodes.get(id).map(|n| &n.kind), Some(Kind::Word));
        while next < self.lines.len() {
            let line = self.of_line(next);
            let own = indent(line);
            let trimmed = line.trim_start();
            if trimmed.is_empty() {
                next += 1;
                continue;
            }
            let start = self.lines.get(next).map_or(0, |l| l.start) + own;
            let is_item = trimmed == "-" || trimmed.starts_with("- ");
            let deeper = own > column || word && own >= column && column > 0;
            if !deeper || trimmed.starts_with('#') || is_item || key_of(trimmed, start).is_some() {
                break;
            }
            let stop = self.lines.get(next).map_or(start, |l| l.end);
            let (_, more) = scalar_on_line(self.slice(start, stop), start);
            span.end = more.end;
            last = next;
            next += 1;
        }
        let end = self.lines.get(last).map_or(span.end, |l| l.end);
        self.set(id, Value::Scalar(Style::Plain, span), end);
        last + 1
    }

    /// A scalar in quotes; one that is not closed ends with its line.
    fn quoted(&mut self, id: NodeId, at: usize, from: usize, column: usize, quote: char) -> usize {
        let style = match quote {
            '"' => Style::Double,
            _ => Style::Single,
        };
        let limit = self.reach(at, column);
        let found = closing(self.slice(from, limit), quote).map(|length| from + length);
        let line_end = self.lines.get(at).map_or(from, |l| l.end);
        let end = found.unwrap_or_else(|| from + self.slice(from, line_end).trim_end().len());
        let last = self.line_of(end, at);
        let whole = self.lines.get(last).map_or(end, |l| l.end);
        self.set(id, Value::Scalar(style, Span::new(from, end)), whole);
        last + 1
    }

    fn flow(&mut self, id: NodeId, at: usize, from: usize, column: usize) -> usize {
        let limit = self.reach(at, column);
        let whole = flow::read(self.text, from, limit, id, column, &mut self.nodes);
        let last = self.line_of(whole.end, at);
        let end = self.lines.get(last).map_or(whole.end, |l| l.end);
        self.set(id, Value::Flow(whole), end);
        last + 1
    }

    /// How far a value that begins on a line can go: to the end of the last line further in.
    fn reach(&self, at: usize, column: usize) -> usize {
        let mut end = self.lines.get(at).map_or(0, |l| l.end);
        for next in at + 1..self.lines.len() {
            let line = self.of_line(next);
            let closes = line.trim_start().starts_with([']', '}']);
            if !line.trim().is_empty() && indent(line) <= column && !closes {
                break;
            }
            if !line.trim().is_empty() {
                end = self.lines.get(next).map_or(end, |l| l.end);
            }
        }
        end
    }

    fn line_of(&self, offset: usize, from: usize) -> usize {
        let after = self.lines.partition_point(|line| line.start <= offset);
        after.saturating_sub(1).max(from)
    }

    /// Closes what a line at a column does not belong to. The items of a list may stand at the column of their key.
    fn close(&mut self, column: usize, item: bool) {
        while let Some(top) = self.open.last().copied().filter(|top| *top != ROOT) {
            let Some(node) = self.nodes.get(top) else {
                break;
            };
            let list = item && node.column == column && matches!(node.kind, Kind::Entry { .. });
            let inside = match list {
                // A key that already holds a value has no list below it.
                true => node.value == Value::None,
                false => node.column < column,
            };
            if inside {
                break;
            }
            self.open.pop();
        }
    }

    fn push(&mut self, kind: Kind, column: usize, start: usize, end: usize) -> NodeId {
        let parent = self.open.last().copied().unwrap_or(ROOT);
        let id = self.nodes.len();
        self.nodes.push(Node {
            kind,
            column,
            span: Span::new(start, end),
            value: Value::None,
            parent: Some(parent),
            children: Vec::new(),
            flow: false,
        });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(id);
        }
        self.grow(parent, end);
        id
    }

    fn set(&mut self, id: NodeId, value: Value, end: usize) {
        if let Some(node) = self.nodes.get_mut(id) {
            node.value = value;
        }
        self.grow(id, end);
    }

    /// What a node holds belongs to all above it.
    fn grow(&mut self, id: NodeId, end: usize) {
        let mut at = Some(id);
        while let Some(node) = at.and_then(|id| self.nodes.get_mut(id)) {
            node.span.end = node.span.end.max(end);
            at = node.parent;
        }
    }
}

/// Whether a text is the head of a block scalar and not a part of a query that begins with a pipe sign.
fn is_header(text: &str) -> bool {
    let rest = text.get(1..).unwrap_or("");
    let head = rest
        .find(" #")
        .map_or(rest, |at| rest.get(..at).unwrap_or(""));
    let head = head.trim();
    head.len() <= 2 && head.chars().all(|c| matches!(c, '+' | '-' | '1'..='9'))
}

/// The scalar that begins at a place of a line: up to its end or a comment.
fn scalar_on_line(text: &str, from: usize) -> (Style, Span) {
    for (quote, style) in [('"', Style::Double), ('\'', Style::Single)] {
        if text.starts_with(quote) {
            let length = closing(text, quote).unwrap_or(text.trim_end().len());
            return (style, Span::new(from, from + length));
        }
    }
    let end = text.find(" #").unwrap_or(text.len());
    let kept = text.get(..end).unwrap_or("").trim_end();
    (Style::Plain, Span::new(from, from + kept.len()))
}

/// The length of a quoted text, its quotes included.
pub(super) fn closing(text: &str, quote: char) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = quote as u8;
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' && quote == b'"' {
            at += 2;
            continue;
        }
        if *byte == quote {
            if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') {
                at += 2;
                continue;
            }
            return Some(at + 1);
        }
        at += 1;
    }
    None
}

/// The key at the begin of a line: its text, its place without quotes, and the place behind its colon.
fn key_of(rest: &str, at: usize) -> Option<(String, Span, usize)> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let length = closing(rest, quote)?;
        let after = rest.get(length..)?;
        let blank = indent(after);
        let colon = after.get(blank..)?.strip_prefix(':')?;
        if !(colon.is_empty() || colon.starts_with([' ', '\t'])) {
            return None;
        }
        let span = Span::new(at + 1, at + length - 1);
        let key = rest.get(1..length - 1)?.to_owned();
        return Some((key, span, at + length + blank + 1));
    }
    // `?`, brackets and block indicators begin no key that a rule has.
    if rest.starts_with(['[', '{', '|', '>', '&', '*', '#', '%', '@', '`']) {
        return None;
    }
    let mut from = 0;
    loop {
        let found = rest.get(from..)?.find(':')? + from;
        let after = rest.get(found + 1..)?;
        if rest.get(..found)?.contains(" #") {
            return None;
        }
        if after.is_empty() || after.starts_with([' ', '\t']) {
            let key = rest.get(..found)?.trim_end();
            if key.is_empty() {
                return None;
            }
            let span = Span::new(at, at + key.len());
            return Some((key.to_owned(), span, at + found + 1));
        }
        from = found + 1;
    }
}
