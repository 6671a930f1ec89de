//! From tokens to a document: statements, stages, lists, brackets.

use super::render::Doc;
use super::spacing::space;
use crate::diagnostic::Span;
use crate::kql::operators::docs::Topic;
use crate::kql::services::layout::Layout;
use crate::kql::services::words;
use crate::kql::syntax::lexer::Kind;

/// Operators whose grammar is not a list of expressions: they stay as they are.
const AS_THEY_ARE: [&str; 10] = [
    "scan",
    "graph-match",
    "graph-shortest-paths",
    "graph-to-table",
    "graph-mark-components",
    "make-graph",
    "macro-expand",
    "graph-where-nodes",
    "graph-where-edges",
    "graph",
];

struct Comment {
    text: String,
    /// Whether it has a line of its own.
    own: bool,
    /// Whether an empty line is before it.
    blank: bool,
}

struct Builder<'l, 'a> {
    layout: &'l Layout<'a>,
    comments: Vec<Span>,
}

fn text(text: &str) -> Doc {
    Doc::Text(text.to_owned())
}

/// The document of a text.
pub fn document(layout: &Layout) -> Vec<Doc> {
    let builder = Builder {
        layout,
        comments: layout.comments(),
    };
    let mut docs = builder.statements(0, layout.tokens.len());
    for comment in builder.before(layout.tokens.len()) {
        builder.comment(&comment, true, &mut docs);
    }
    docs
}

impl Builder<'_, '_> {
    /// The comments between a token and the one before it.
    fn before(&self, at: usize) -> Vec<Comment> {
        let text = self.layout.text;
        let from = match at.checked_sub(1) {
            Some(before) => self.layout.span(before).end,
            None => 0,
        };
        let to = match at < self.layout.tokens.len() {
            true => self.layout.span(at).start,
            false => text.len(),
        };
        let first = self.comments.partition_point(|c| c.start < from);
        let mut last = from;
        let inside = self.comments.iter().skip(first);
        inside
            .take_while(|c| c.end <= to)
            .map(|span| {
                let gap = text.get(last..span.start).unwrap_or("");
                let own = gap.contains('\n') || last == 0;
                last = span.end;
                Comment {
                    text: text.get(span.start..span.end).unwrap_or("").to_owned(),
                    own,
                    blank: gap.matches('\n').count() > 1 && from > 0,
                }
            })
            .collect()
    }

    /// Whether an empty line is right before a token, behind its comments.
    fn blank(&self, at: usize) -> bool {
        let to = self.layout.span(at).start;
        let token = match at.checked_sub(1) {
            Some(before) => self.layout.span(before).end,
            None => {
                return self.comments.first().is_some_and(|c| {
                    c.start < to && self.gap_is_blank(self.last_comment(to).unwrap_or(c.end), to)
                });
            }
        };
        let from = self
            .last_comment(to)
            .filter(|c| *c > token)
            .unwrap_or(token);
        self.gap_is_blank(from, to)
    }

    fn last_comment(&self, to: usize) -> Option<usize> {
        let after = self.comments.partition_point(|c| c.end <= to);
        self.comments.get(after.checked_sub(1)?).map(|c| c.end)
    }

    fn gap_is_blank(&self, from: usize, to: usize) -> bool {
        let gap = self.layout.text.get(from..to).unwrap_or("");
        gap.matches('\n').count() > 1
    }

    fn comment(&self, comment: &Comment, blanks: bool, docs: &mut Vec<Doc>) {
        if comment.own {
            if blanks && comment.blank {
                docs.push(Doc::Blank);
            }
            docs.push(Doc::Own(comment.text.clone()));
        } else {
            docs.push(Doc::Trailing(comment.text.clone()));
        }
    }

    /// A token with the comments before it.
    fn token(&self, at: usize, docs: &mut Vec<Doc>) {
        for comment in self.before(at) {
            self.comment(&comment, false, docs);
        }
        docs.push(text(self.layout.slice(at)));
    }

    /// The partner of an opening bracket.
    fn close(&self, at: usize) -> Option<usize> {
        let opens = matches!(self.layout.kind(at), Kind::Punct("(" | "[" | "{"));
        opens
            .then(|| self.layout.partner.get(at).copied().flatten())
            .flatten()
    }

    /// The next token outside of brackets.
    fn next(&self, at: usize) -> usize {
        self.close(at).map_or(at + 1, |c| c + 1)
    }

    /// Cuts a range at a punctuation outside of brackets; the places of the cuts.
    fn cuts(&self, first: usize, end: usize, cut: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = first;
        while at < end {
            if cut(at) {
                found.push(at);
            }
            at = self.next(at);
        }
        found
    }

    /// Statements, each on lines of its own.
    fn statements(&self, first: usize, end: usize) -> Vec<Doc> {
        let mut docs = Vec::new();
        let mut at = first;
        let cuts = self.cuts(first, end, |t| self.layout.is(t, ";"));
        for stop in cuts.iter().copied().chain([end]) {
            if at < stop {
                // Comments and empty lines before the statement.
                for comment in self.before(at) {
                    self.comment(&comment, true, &mut docs);
                }
                if at > first && self.blank(at) || at == 0 && self.blank(at) {
                    docs.push(Doc::Blank);
                }
                docs.push(self.statement(at, stop));
            }
            if stop < end {
                self.token(stop, &mut docs);
                if stop + 1 < end {
                    docs.push(Doc::Hard);
                }
            }
            at = stop + 1;
        }
        docs
    }

    /// A statement whose first token's comments are written already.
    fn statement(&self, first: usize, end: usize) -> Doc {
        let pipes = self.cuts(first, end, |t| self.layout.is(t, "|"));
        let Some(pipe) = pipes.first().copied() else {
            return Doc::Seq(self.stage(first, end, true));
        };
        let mut docs = self.stage(first, pipe, true);
        let stages = self.pipes(&pipes, end, Doc::Hard);
        if self.layout.word(first) == "let" {
            docs.push(Doc::Indent(stages));
        } else {
            docs.extend(stages);
        }
        Doc::Seq(docs)
    }

    fn pipes(&self, pipes: &[usize], end: usize, line: Doc) -> Vec<Doc> {
        let mut docs = Vec::new();
        for (index, pipe) in pipes.iter().enumerate() {
            let stop = pipes.get(index + 1).copied().unwrap_or(end);
            docs.push(line.clone());
            self.token(*pipe, &mut docs);
            docs.push(text(" "));
            docs.extend(self.stage(pipe + 1, stop, false));
        }
        docs
    }

    /// What stands between pipe signs.
    fn stage(&self, first: usize, end: usize, bare: bool) -> Vec<Doc> {
        let layout = self.layout;
        let mut docs = Vec::new();
        if first >= end {
            return docs;
        }
        let segment = layout.segment(first);
        let start = layout.start(segment).max(first);
        let (operator, count) = layout.keyword(start);
        if AS_THEY_ARE.contains(&operator) {
            if !bare {
                for comment in self.before(first) {
                    self.comment(&comment, false, &mut docs);
                }
            }
            let span = layout.span(first).to(layout.span(end - 1));
            docs.push(text(layout.text.get(span.start..span.end).unwrap_or("")));
            return docs;
        }
        let known = words::find(Topic::Operator, operator).is_some();
        let body = start + count;
        let listing = matches!(
            operator,
            "extend"
                | "project"
                | "project-away"
                | "project-keep"
                | "project-rename"
                | "project-reorder"
                | "summarize"
                | "distinct"
                | "print"
                | "make-series"
                | "serialize"
        );
        if known
            && listing
            && body < end
            && (layout.get(segment).pipe.is_some() || operator == "print")
        {
            self.range(first, body, bare, &mut docs);
            let list = self.list(body, end, operator);
            docs.push(Doc::Group(vec![Doc::Indent(list)]));
            return docs;
        }
        let mut inner = Vec::new();
        self.range(first, end, bare, &mut inner);
        docs.push(Doc::Group(vec![Doc::Indent(inner)]));
        docs
    }

    /// The items of an operator, and its `by` clause.
    fn list(&self, first: usize, end: usize, operator: &str) -> Vec<Doc> {
        let layout = self.layout;
        let clause = |t: usize| {
            t > first
                && words::clause_words(operator).contains(&layout.word(t))
                && layout.word(t) == "by"
                || operator == "make-series"
                    && matches!(layout.word(t), "on" | "from" | "step")
                    && t > first
        };
        let clauses = self.cuts(first, end, clause);
        let head = clauses.first().copied().unwrap_or(end);
        let commas = self.cuts(first, head, |t| layout.is(t, ","));
        let mut docs = Vec::new();
        // One item stands behind the keyword, several below it.
        if commas.is_empty() {
            docs.push(text(" "));
        } else {
            docs.push(Doc::Line);
        }
        self.items(first, head, &mut docs);
        for (index, at) in clauses.iter().enumerate() {
            let stop = clauses.get(index + 1).copied().unwrap_or(end);
            docs.push(Doc::Line);
            let mut clause = Vec::new();
            self.token(*at, &mut clause);
            clause.push(text(" "));
            let mut keys = Vec::new();
            self.items(at + 1, stop, &mut keys);
            clause.push(Doc::Indent(keys));
            docs.push(Doc::Group(clause));
        }
        docs
    }

    /// Items with commas, a line each where the group is broken.
    fn items(&self, first: usize, end: usize, docs: &mut Vec<Doc>) {
        let commas = self.cuts(first, end, |t| self.layout.is(t, ","));
        let mut at = first;
        for stop in commas.iter().copied().chain([end]) {
            let mut item = Vec::new();
            self.range(at, stop, false, &mut item);
            docs.push(Doc::Group(vec![Doc::Indent(item)]));
            if stop < end {
                self.token(stop, docs);
                if stop + 1 < end {
                    docs.push(Doc::Line);
                }
            }
            at = stop + 1;
        }
    }

    /// Tokens one after the other, with the brackets among them. `bare`: the first token's comments
    /// are written already.
    fn range(&self, first: usize, end: usize, bare: bool, docs: &mut Vec<Doc>) {
        let layout = self.layout;
        let mut at = first;
        while at < end {
            let junction = at > first && matches!(layout.word(at), "and" | "or");
            if junction {
                docs.push(Doc::Line);
            } else if at > first && space(layout, at) {
                docs.push(text(" "));
            }
            if let Some(close) = self.close(at).filter(|c| *c < end) {
                self.bracket(at, close, bare && at == first, docs);
                at = close + 1;
                continue;
            }
            if bare && at == first {
                docs.push(text(layout.slice(at)));
            } else {
                self.token(at, docs);
            }
            at += 1;
        }
    }

    fn bracket(&self, open: usize, close: usize, bare: bool, docs: &mut Vec<Doc>) {
        let layout = self.layout;
        if bare {
            docs.push(text(layout.slice(open)));
        } else {
            self.token(open, docs);
        }
        let (first, end) = (open + 1, close);
        let mut inner = Vec::new();
        let word = open.checked_sub(1).map_or("", |b| layout.word(b));
        let pipes = self.cuts(first, end, |t| layout.is(t, "|"));
        let statements = self.cuts(first, end, |t| layout.is(t, ";"));
        let json = layout.is(open, "{")
            && !matches!(layout.kind(open.saturating_sub(1)), Kind::Punct(")"));
        if layout.is(open, "{") && !json {
            let line = if pipes.is_empty() && statements.is_empty() {
                Doc::Line
            } else {
                Doc::Hard
            };
            if first < end {
                inner.push(line.clone());
                inner.extend(self.statements(first, end));
                docs.push(Doc::Group(vec![Doc::Bracket(
                    inner,
                    Box::new(line),
                    Box::new(self.closing(close)),
                )]));
            } else {
                docs.push(self.closing(close));
            }
            return;
        }
        if !pipes.is_empty() {
            let line = if pipes.len() > 1 {
                Doc::Hard
            } else {
                Doc::Soft
            };
            let between = if pipes.len() > 1 {
                Doc::Hard
            } else {
                Doc::Line
            };
            let begin = pipes.first().copied().unwrap_or(end);
            inner.push(line.clone());
            inner.extend(self.stage(first, begin, false));
            inner.extend(self.pipes(&pipes, end, between));
            docs.push(Doc::Group(vec![Doc::Bracket(
                inner,
                Box::new(line),
                Box::new(self.closing(close)),
            )]));
            return;
        }
        if first >= end {
            docs.push(self.closing(close));
            return;
        }
        // A name in brackets, an index.
        let commas = self.cuts(first, end, |t| layout.is(t, ","));
        if layout.is(open, "[") && commas.is_empty() && first + 1 == end {
            self.token(first, docs);
            docs.push(self.closing(close));
            return;
        }
        let operator = layout.keyword(first).0;
        let on = word == "on" && words::find(Topic::Operator, operator).is_some();
        if on {
            inner.push(Doc::Soft);
            inner.extend(self.stage(first, end, false));
        } else if let Some(columns) = self.rows(open) {
            self.table(first, end, columns, &mut inner);
            docs.push(Doc::Group(vec![Doc::Bracket(
                inner,
                Box::new(Doc::Soft),
                Box::new(self.closing(close)),
            )]));
            return;
        } else if commas.len() > 1 && self.plain(first, end) {
            inner.push(Doc::Soft);
            inner.push(Doc::Fill(self.fill(first, end)));
        } else {
            inner.push(Doc::Soft);
            self.items(first, end, &mut inner);
        }
        docs.push(Doc::Group(vec![Doc::Bracket(
            inner,
            Box::new(Doc::Soft),
            Box::new(self.closing(close)),
        )]));
    }

    fn closing(&self, close: usize) -> Doc {
        let mut docs = Vec::new();
        self.token(close, &mut docs);
        Doc::Seq(docs)
    }

    /// Whether a list has single literals and names only.
    fn plain(&self, first: usize, end: usize) -> bool {
        (first..end).all(|t| {
            let comma = self.layout.is(t, ",");
            let lone = t == first || self.layout.is(t - 1, ",");
            comma || lone && matches!(self.layout.kind(t), Kind::Text(_) | Kind::Long | Kind::Real)
        })
    }

    fn fill(&self, first: usize, end: usize) -> Vec<Doc> {
        let mut items = Vec::new();
        let mut item = Vec::new();
        for at in first..end {
            self.token(at, &mut item);
            if self.layout.is(at, ",") {
                items.push(Doc::Seq(std::mem::take(&mut item)));
            }
        }
        if !item.is_empty() {
            items.push(Doc::Seq(item));
        }
        items
    }

    /// The number of columns where a `[` opens the rows of a `datatable`.
    fn rows(&self, open: usize) -> Option<usize> {
        let layout = self.layout;
        let close = open.checked_sub(1)?;
        if !layout.is(open, "[") || !layout.is(close, ")") {
            return None;
        }
        let columns = layout.partner.get(close).copied().flatten()?;
        if layout.word(columns.checked_sub(1)?) != "datatable" {
            return None;
        }
        let commas = self.cuts(columns + 1, close, |t| layout.is(t, ","));
        Some(commas.len() + 1)
    }

    /// The values of a `datatable`, a row a line.
    fn table(&self, first: usize, end: usize, columns: usize, docs: &mut Vec<Doc>) {
        let commas = self.cuts(first, end, |t| self.layout.is(t, ","));
        let several = commas.len() + 1 > columns;
        docs.push(if several { Doc::Hard } else { Doc::Soft });
        let mut at = first;
        for (index, stop) in commas.iter().copied().chain([end]).enumerate() {
            let mut item = Vec::new();
            self.range(at, stop, false, &mut item);
            docs.push(Doc::Group(vec![Doc::Indent(item)]));
            if stop < end {
                self.token(stop, docs);
                if stop + 1 < end {
                    docs.push(if (index + 1) % columns == 0 {
                        Doc::Hard
                    } else {
                        text(" ")
                    });
                }
            }
            at = stop + 1;
        }
    }
}
