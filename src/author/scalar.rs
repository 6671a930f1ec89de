//! A scalar's value and where its bytes stand; how a value is written in place.

use super::layout::{Kind, Layout, NodeId, Style, Value};
use crate::diagnostic::{Edit, LineIndex, Span};
use crate::yaml::{Document, Segment, Step, may_be_plain};

/// The value of a scalar and the places of its bytes.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The value.
    pub value: String,
    /// How it is written.
    pub style: Style,
    /// All of it in the text.
    pub span: Span,
    segments: Vec<Segment>,
    /// What stands before each line of a block.
    indent: String,
    newline: &'static str,
}

impl Scalar {
    /// The scalar of an entry; none where it has none, or its text cannot be read.
    pub fn of(layout: &Layout<'_>, id: NodeId) -> Option<Self> {
        let (style, span) = match layout.node(id).value {
            Value::Scalar(style, span) => (style, span),
            Value::Flow(_) => return None,
            Value::None => {
                let [only] = layout.node(id).children.as_slice() else {
                    return None;
                };
                match (&layout.node(*only).kind, layout.node(*only).value) {
                    (Kind::Word, Value::Scalar(style, span)) => (style, span),
                    _ => return None,
                }
            }
        };
        let mut scalar = Self {
            value: String::new(),
            style,
            span,
            segments: Vec::new(),
            indent: String::new(),
            newline: layout.newline(),
        };
        match style {
            Style::Literal => scalar.literal(layout),
            _ => scalar.other(layout, id)?,
        }
        Some(scalar)
    }

    /// Lines with their indentation cut.
    fn literal(&mut self, layout: &Layout<'_>) {
        let source = layout.slice(self.span);
        let header = source.find('\n').map_or(source.len(), |n| n + 1);
        let body = source.get(header..).unwrap_or("");
        let cut = body
            .lines()
            .find(|line| !line.trim().is_empty())
            .map_or(0, |line| {
                line.len() - line.trim_start_matches([' ', '\t']).len()
            });
        self.indent = " ".repeat(cut);
        let mut at = self.span.start + header;
        for line in body.split_inclusive('\n') {
            let content = line.trim_end_matches('\n');
            let content = content.strip_suffix('\r').unwrap_or(content);
            let blank = content.len() - content.trim_start_matches([' ', '\t']).len();
            let skip = blank.min(cut);
            let kept = content.get(skip..).unwrap_or("");
            self.push(kept, Span::new(at + skip, at + content.len()));
            if line.ends_with('\n') {
                self.push("\n", Span::new(at + content.len(), at + line.len()));
            }
            at += line.len();
        }
    }

    fn push(&mut self, value: &str, text: Span) {
        let start = self.value.len();
        self.value.push_str(value);
        let value = Span::new(start, self.value.len());
        self.segments.push(Segment { value, text });
    }

    /// A folded, quoted or plain scalar: read alone, so that nothing round it can spoil it.
    fn other(&mut self, layout: &Layout<'_>, id: NodeId) -> Option<()> {
        let node = layout.node(id);
        let (prefix, start) = match node.flow {
            true => (String::from("k: "), self.span.start),
            false => (String::from("k:"), behind_colon(layout, id)?),
        };
        let end = match self.style {
            Style::Folded => layout.line(self.span.end).end,
            _ => self.span.end,
        };
        let piece = layout.slice(Span::new(start, end));
        let text = format!("{prefix}{piece}\n");
        let (document, _) = Document::parse(&text);
        let path = [Step::from("k")];
        let value = document.get(&path)?;
        let Some(value) = value.as_str() else {
            // A number or a truth value: as it stands.
            let piece = layout.slice(self.span).to_owned();
            self.push(&piece, self.span);
            return Some(());
        };
        let segments = document.segments(&path)?;
        self.value = value.to_owned();
        let moved = segments.into_iter().map(|mut segment| {
            let exact = length(segment.value) == length(segment.text);
            let moved = |at: usize| Some(at.checked_sub(prefix.len())? + start);
            let text = Span::new(moved(segment.text.start)?, moved(segment.text.end)?);
            // The line end that was put behind it is not there.
            let over = text.end.saturating_sub(end);
            if exact {
                segment.value.end = segment.value.end.saturating_sub(over);
            }
            segment.text = Span::new(text.start.min(end), text.end.min(end));
            Some(segment)
        });
        self.segments = moved.collect::<Option<Vec<_>>>()?;
        Some(())
    }

    /// The place in the value of a place in the text; none outside of it.
    pub fn to_value(&self, offset: usize) -> Option<usize> {
        if self.segments.is_empty() {
            return (self.span.start <= offset && offset <= self.span.end).then_some(0);
        }
        let after = self.segments.partition_point(|s| s.text.start <= offset);
        let Some(segment) = after.checked_sub(1).and_then(|at| self.segments.get(at)) else {
            // In the indentation of the first line.
            let line_break = self.segments.first()?;
            return (self.span.start < offset).then_some(line_break.value.start);
        };
        if offset > segment.text.end {
            let next = self.segments.get(after);
            return match next {
                Some(next) => Some(next.value.start),
                None => (offset <= self.span.end).then_some(segment.value.end),
            };
        }
        let same = length(segment.value) == length(segment.text);
        Some(match same {
            true => segment.value.start + (offset - segment.text.start),
            false if offset == segment.text.end && offset > segment.text.start => segment.value.end,
            false => segment.value.start,
        })
    }

    /// The place in the text of a place in the value: the earliest of them.
    pub fn to_text(&self, offset: usize) -> usize {
        // Of a place between two lines the second one is meant: something would be written there.
        let after = self.segments.partition_point(|s| s.value.start <= offset);
        let Some(segment) = after.checked_sub(1).and_then(|at| self.segments.get(at)) else {
            return self.span.start;
        };
        let delta = offset - segment.value.start;
        if delta >= length(segment.value) {
            return segment.text.end;
        }
        match length(segment.value) == length(segment.text) {
            true => segment.text.start + delta,
            false => segment.text.start,
        }
    }

    /// The text of a span of the value.
    pub fn span_to_text(&self, span: Span) -> Span {
        let start = self.to_text(span.start);
        if span.end <= span.start {
            return Span::new(start, start);
        }
        // The end is found from the last byte: the place after it may be on the next line.
        let last = span.end - 1;
        let after = self.segments.partition_point(|s| s.value.start <= last);
        let end = after
            .checked_sub(1)
            .and_then(|at| self.segments.get(at))
            .map(
                |segment| match length(segment.value) == length(segment.text) {
                    true => segment.text.start + (span.end - segment.value.start),
                    false => segment.text.end,
                },
            );
        Span::new(start, end.unwrap_or(start).max(start))
    }

    /// A change of the value as a change of the text: written as the scalar is. None where it cannot be.
    pub fn edit(&self, span: Span, text: &str) -> Option<Edit> {
        let written = match self.style {
            Style::Plain | Style::Folded if text.contains('\n') => return None,
            Style::Plain if text.contains(": ") || text.contains(" #") => return None,
            Style::Plain | Style::Folded => text.to_owned(),
            Style::Double => text
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n")
                .replace('\t', "\\t"),
            Style::Single if text.contains('\n') => return None,
            Style::Single => text.replace('\'', "''"),
            Style::Literal => {
                let mut lines = text.split('\n');
                let mut written = lines.next().unwrap_or("").to_owned();
                for line in lines {
                    written.push_str(self.newline);
                    if !line.is_empty() {
                        written.push_str(&self.indent);
                        written.push_str(line);
                    }
                }
                written
            }
        };
        Some(Edit {
            span: self.span_to_text(span),
            text: written,
        })
    }

    /// A place in a text that was put in, as it is written.
    pub fn written(&self, text: &str, offset: usize) -> usize {
        let head = text.get(..offset).unwrap_or(text);
        let at = Span::new(0, 0);
        self.edit(at, head)
            .map_or(head.len(), |edit| edit.text.len())
    }
}

fn length(span: Span) -> usize {
    span.end - span.start
}

/// Behind the colon of an entry or the dash of an item.
fn behind_colon(layout: &Layout<'_>, id: NodeId) -> Option<usize> {
    match &layout.node(id).kind {
        Kind::Entry { colon, .. } => Some(*colon),
        Kind::Item => Some(layout.node(id).span.start + 1),
        Kind::Word => Some(layout.node(id).span.start),
        Kind::Root => None,
    }
}

/// Words about a query with its lines counted in the document: `on line 2` of the query is another one there.
pub fn in_lines(words: &str, scalar: &Scalar, document: &str) -> String {
    const ON: &str = "on line ";
    let mut text = String::new();
    let mut rest = words;
    while let Some(at) = rest.find(ON) {
        let (head, tail) = rest.split_at(at + ON.len());
        text.push_str(head);
        let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = tail.get(..digits).and_then(|n| n.parse::<usize>().ok());
        rest = tail;
        let start = number.and_then(|number| {
            let mut lines = scalar.value.split_inclusive('\n').map(str::len);
            let before: usize = lines.by_ref().take(number.checked_sub(1)?).sum();
            (before <= scalar.value.len()).then_some(before)
        });
        if let Some(start) = start {
            let at = LineIndex::new(document).position(scalar.to_text(start));
            text.push_str(&at.line.to_string());
            rest = tail.get(digits..).unwrap_or("");
        }
    }
    text.push_str(rest);
    text
}

/// A text as it is written where one is typed: quoted where it has to be.
pub fn quoted(text: &str, style: Style, flow: bool) -> String {
    match style {
        Style::Double => text.replace('\\', "\\\\").replace('"', "\\\""),
        Style::Single => text.replace('\'', "''"),
        Style::Plain if !may_be_plain(text, flow) => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        _ => text.to_owned(),
    }
}
