//! The text as the services see it, whole or half typed: tokens, comments, brackets, and the segments
//! between pipe signs. It is made of tokens alone, so a broken tail changes nothing before it.

use crate::diagnostic::Span;
use crate::kql::syntax::lexer::{self, Kind, Token};

/// A bracket and what is in it; the whole text is the first one.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The token that opens it; none for the whole text.
    pub open: Option<usize>,
    /// The token that closes it, if there is one.
    pub close: Option<usize>,
    /// The segment in which it opens.
    pub outer: Option<usize>,
}

/// What stands between two pipe signs, semicolons or brackets.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    /// The bracket it stands in.
    pub frame: usize,
    /// Its first token.
    pub first: usize,
    /// One past its last token.
    pub end: usize,
    /// The pipe sign before it.
    pub pipe: Option<usize>,
    /// The segment before that pipe sign.
    pub previous: Option<usize>,
}

/// A text cut up.
#[derive(Debug)]
pub struct Layout<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens, without the end.
    pub tokens: Vec<Token>,
    /// Its brackets, outer ones first.
    pub frames: Vec<Frame>,
    /// Its segments, in the order in which they begin.
    pub segments: Vec<Segment>,
    /// The segment of every token; a bracket belongs to the one around it.
    pub segment_of: Vec<usize>,
    /// For every bracket's token its partner's.
    pub partner: Vec<Option<usize>>,
    /// The segments that are still open at the end, outermost first.
    pub open: Vec<usize>,
}

/// Whether a bracket's two signs fit.
fn fits(open: &str, close: &str) -> bool {
    matches!((open, close), ("(", ")") | ("[", "]") | ("{", "}"))
}

impl<'a> Layout<'a> {
    /// Cuts up a text. Never fails.
    pub fn new(text: &'a str) -> Self {
        let (mut tokens, _) = lexer::tokens(text);
        tokens.retain(|t| t.kind != Kind::End);
        let mut layout = Layout {
            text,
            segment_of: Vec::with_capacity(tokens.len()),
            partner: vec![None; tokens.len()],
            tokens,
            frames: Vec::new(),
            segments: Vec::new(),
            open: Vec::new(),
        };
        layout.cut();
        layout
    }

    fn begin(&mut self, frame: usize, first: usize, pipe: Option<usize>, previous: Option<usize>) {
        self.segments.push(Segment {
            frame,
            first,
            end: self.tokens.len(),
            pipe,
            previous,
        });
        self.open.push(self.segments.len() - 1);
    }

    fn end(&mut self, at: usize) -> usize {
        let segment = self.open.pop().unwrap_or(0);
        if let Some(segment) = self.segments.get_mut(segment) {
            segment.end = at;
        }
        segment
    }

    fn here(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    fn frame_of(&self, segment: usize) -> usize {
        self.segments.get(segment).map_or(0, |s| s.frame)
    }

    fn cut(&mut self) {
        self.frames.push(Frame {
            open: None,
            close: None,
            outer: None,
        });
        self.begin(0, 0, None, None);
        for at in 0..self.tokens.len() {
            let Some(Token {
                kind: Kind::Punct(punct),
                ..
            }) = self.tokens.get(at)
            else {
                self.segment_of.push(self.here());
                continue;
            };
            let punct = *punct;
            match punct {
                "(" | "[" | "{" => {
                    let outer = self.here();
                    self.segment_of.push(outer);
                    self.frames.push(Frame {
                        open: Some(at),
                        close: None,
                        outer: Some(outer),
                    });
                    self.begin(self.frames.len() - 1, at + 1, None, None);
                }
                ")" | "]" | "}" => {
                    self.close(at, punct);
                    self.segment_of.push(self.here());
                }
                "|" => {
                    let frame = self.frame_of(self.here());
                    let previous = self.end(at);
                    self.segment_of.push(previous);
                    self.begin(frame, at + 1, Some(at), Some(previous));
                }
                ";" => {
                    // A statement ends: brackets left open in it are not closed any more, braces stay.
                    while self.open.len() > 1 && self.opener(self.here()) != "{" {
                        self.end(at);
                    }
                    let frame = self.frame_of(self.here());
                    let ended = self.end(at);
                    self.segment_of.push(ended);
                    self.begin(frame, at + 1, None, None);
                }
                _ => self.segment_of.push(self.here()),
            }
        }
    }

    /// The sign that opens the bracket around a segment.
    pub fn opener(&self, segment: usize) -> &'static str {
        let frame = self.frames.get(self.frame_of(segment));
        match frame.and_then(|f| f.open).and_then(|o| self.tokens.get(o)) {
            Some(Token {
                kind: Kind::Punct(punct),
                ..
            }) => punct,
            _ => "",
        }
    }

    fn close(&mut self, at: usize, punct: &str) {
        let fitting = (1..self.open.len()).rev().find(|depth| {
            let segment = self.open.get(*depth).copied().unwrap_or(0);
            fits(self.opener(segment), punct)
        });
        let Some(depth) = fitting else {
            return;
        };
        while self.open.len() > depth {
            let frame = self.frame_of(self.here());
            let closes = self.open.len() == depth + 1;
            self.end(at);
            if closes && let Some(frame) = self.frames.get_mut(frame) {
                frame.close = Some(at);
                if let Some(open) = frame.open {
                    if let Some(slot) = self.partner.get_mut(open) {
                        *slot = Some(at);
                    }
                    if let Some(slot) = self.partner.get_mut(at) {
                        *slot = Some(open);
                    }
                }
            }
        }
    }

    // ---- looking at tokens

    /// The kind of a token.
    pub fn kind(&self, at: usize) -> &Kind {
        self.tokens.get(at).map_or(&Kind::End, |t| &t.kind)
    }

    /// The place of a token; the end of the text where there is none.
    pub fn span(&self, at: usize) -> Span {
        let end = Span::new(self.text.len(), self.text.len());
        self.tokens.get(at).map_or(end, |t| t.span)
    }

    /// A token as it is written.
    pub fn slice(&self, at: usize) -> &'a str {
        let span = self.span(at);
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// A name token's text; empty for other tokens.
    pub fn word(&self, at: usize) -> &'a str {
        match self.kind(at) {
            Kind::Name => self.slice(at),
            _ => "",
        }
    }

    /// Whether this punctuation stands there.
    pub fn is(&self, at: usize, punct: &str) -> bool {
        matches!(self.kind(at), Kind::Punct(p) if *p == punct)
    }

    /// Whether a token begins where the one before it ends.
    pub fn joined(&self, at: usize) -> bool {
        at > 0 && self.span(at).start == self.span(at - 1).end
    }

    /// The token that holds a byte position, or touches it; the one that begins there is preferred.
    pub fn token_at(&self, position: usize) -> Option<usize> {
        let after = self.tokens.partition_point(|t| t.span.start <= position);
        let at = after.checked_sub(1)?;
        let token = self.tokens.get(at)?;
        if token.span.end >= position {
            // Punctuation that ends here gives way to nothing; a name before it is what is meant.
            if token.span.start == position
                && !matches!(token.kind, Kind::Name)
                && let Some(before) = at.checked_sub(1)
                && self.span(before).end == position
                && matches!(self.kind(before), Kind::Name)
            {
                return Some(before);
            }
            return Some(at);
        }
        None
    }

    /// The keyword that begins at a token, hyphens included, and how many tokens it is made of.
    pub fn keyword(&self, at: usize) -> (&'a str, usize) {
        if self.word(at).is_empty() {
            return ("", 0);
        }
        let mut count = 1;
        while self.is(at + count, "-")
            && self.joined(at + count)
            && self.joined(at + count + 1)
            && !self.word(at + count + 1).is_empty()
        {
            count += 2;
        }
        let (start, end) = (self.span(at).start, self.span(at + count - 1).end);
        (self.text.get(start..end).unwrap_or(""), count)
    }

    /// The comments.
    pub fn comments(&self) -> Vec<Span> {
        let mut comments = Vec::new();
        let mut from = 0;
        for token in &self.tokens {
            gap_comments(self.text, from, token.span.start, &mut comments);
            from = token.span.end;
        }
        gap_comments(self.text, from, self.text.len(), &mut comments);
        comments
    }

    // ---- names

    /// The name at a token: plain, or `['in brackets']` where the token is one of the three.
    /// Gives the text and the place of all of it.
    pub fn name_at(&self, at: usize) -> Option<(String, Span)> {
        if let Kind::Name = self.kind(at) {
            return Some((self.slice(at).to_owned(), self.span(at)));
        }
        for first in [Some(at), at.checked_sub(1), at.checked_sub(2)] {
            let Some(first) = first else { continue };
            if self.is(first, "[")
                && self.is(first + 2, "]")
                && let Kind::Text(text) = self.kind(first + 1)
                && !self.indexes(first)
            {
                return Some((text.clone(), self.span(first).to(self.span(first + 2))));
            }
        }
        None
    }

    /// Whether a `[` there is an index of what stands before it, not the begin of a bracketed name.
    pub fn indexes(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        match self.kind(before) {
            Kind::Name => self.joined(at) && !super::words::is_operator_word(self.slice(before)),
            Kind::Punct(p) => matches!(*p, ")" | "]"),
            _ => false,
        }
    }

    // ---- segments

    /// The segment of a token.
    pub fn segment(&self, token: usize) -> usize {
        self.segment_of.get(token).copied().unwrap_or(0)
    }

    /// A segment by its number.
    pub fn get(&self, segment: usize) -> Segment {
        self.segments.get(segment).copied().unwrap_or(Segment {
            frame: 0,
            first: 0,
            end: 0,
            pipe: None,
            previous: None,
        })
    }

    /// The first token of what a segment says: behind `let name =` where it begins with that.
    pub fn start(&self, segment: usize) -> usize {
        let s = self.get(segment);
        if s.pipe.is_none() && self.word(s.first) == "let" {
            let bracketed = self.is(s.first + 1, "[");
            let equals = s.first + if bracketed { 4 } else { 2 };
            if self.is(equals, "=") {
                return equals + 1;
            }
        }
        s.first
    }

    /// The key of a segment among the stages of the analysis: where its operator begins.
    pub fn stage_key(&self, segment: usize) -> usize {
        let s = self.get(segment);
        let start = self.start(segment);
        if start < s.end {
            return self.span(start).start;
        }
        match s.pipe {
            Some(pipe) => self.span(pipe).end,
            None => self.span(start).start,
        }
    }

    /// The operator's keyword of a segment behind a pipe sign, or of one that begins with an operator.
    pub fn operator(&self, segment: usize) -> &'a str {
        let start = self.start(segment);
        if start >= self.get(segment).end {
            return "";
        }
        self.keyword(start).0
    }

    /// The tokens of a segment outside of brackets opened in it; brackets themselves are among them.
    pub fn level(&self, segment: usize) -> Vec<usize> {
        let s = self.get(segment);
        let mut found = Vec::new();
        let mut at = s.first;
        while at < s.end {
            found.push(at);
            at = match self.partner.get(at).copied().flatten() {
                Some(partner) if partner > at => {
                    found.push(partner);
                    partner + 1
                }
                _ if matches!(self.kind(at), Kind::Punct("(" | "[" | "{")) => return found,
                _ => at + 1,
            };
        }
        found
    }

    /// The token before the bracket that a segment stands in.
    pub fn head(&self, segment: usize) -> Option<usize> {
        let frame = self.frames.get(self.get(segment).frame)?;
        frame.open?.checked_sub(1)
    }

    /// The segment around the bracket that a segment stands in.
    pub fn outer(&self, segment: usize) -> Option<usize> {
        self.frames.get(self.get(segment).frame)?.outer
    }

    /// The segment that begins right behind an opening bracket's token.
    pub fn first_inside(&self, open: usize) -> Option<usize> {
        let frame = self.frames.iter().position(|f| f.open == Some(open))?;
        self.segments.iter().position(|s| s.frame == frame)
    }

    /// The last segment of the chain of pipes that a segment begins or belongs to.
    pub fn last_of_chain(&self, segment: usize) -> usize {
        let mut last = segment;
        for (at, s) in self.segments.iter().enumerate().skip(segment) {
            if s.previous == Some(last) {
                last = at;
            }
        }
        last
    }
}

fn gap_comments(text: &str, from: usize, to: usize, into: &mut Vec<Span>) {
    let mut at = from;
    while let Some(found) = text.get(at..to).and_then(|gap| gap.find("//")) {
        let start = at + found;
        let rest = text.get(start..to).unwrap_or("");
        let length = rest.find('\n').unwrap_or(rest.len());
        let length = rest.get(..length).unwrap_or("").trim_end().len();
        into.push(Span::new(start, start + length));
        at = start + rest.find('\n').unwrap_or(rest.len());
    }
}
