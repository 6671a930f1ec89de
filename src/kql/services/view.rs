//! What all services look through: the cut text, the recorded analysis, the catalog.

use super::layout::Layout;
use crate::diagnostic::Span;
use crate::kql::Catalog;
use crate::kql::bind::trace::{Definition, Given, Rows, StageSeen, Trace, Use};
use crate::kql::syntax::lexer::Kind;

/// A text as the services see it.
pub struct View<'a> {
    /// The cut text.
    pub layout: Layout<'a>,
    /// What the analysis recorded.
    pub trace: Trace,
    /// The tables.
    pub catalog: &'a dyn Catalog,
}

/// Most steps from bracket to bracket or from stage to stage.
pub const STEPS: usize = 500;

impl<'a> View<'a> {
    /// Reads a text.
    pub fn new(text: &'a str, catalog: &'a dyn Catalog) -> Self {
        Self {
            layout: Layout::new(text),
            trace: crate::kql::trace(text, catalog),
            catalog,
        }
    }

    /// What the analysis recorded of a segment's operator.
    pub fn stage(&self, segment: usize) -> Option<&StageSeen> {
        self.trace.stages.get(&self.layout.stage_key(segment))
    }

    /// The columns before a segment's operator; none where it is not an operator behind rows.
    pub fn input(&self, segment: usize) -> Option<Rows> {
        if let Some(stage) = self.stage(segment) {
            return stage.input.clone();
        }
        let mut before = self.layout.get(segment).previous?;
        // Stages that the analysis did not reach pass on what was before them.
        for _ in 0..STEPS {
            if let Some(stage) = self.stage(before) {
                return Some(stage.output.clone());
            }
            match self.layout.get(before).previous {
                Some(previous) => before = previous,
                None => break,
            }
        }
        Some(self.source_rows(before))
    }

    /// The columns after a segment.
    pub fn output(&self, segment: usize) -> Rows {
        match self.stage(segment) {
            Some(stage) => stage.output.clone(),
            None => self
                .input(segment)
                .unwrap_or_else(|| self.source_rows(segment)),
        }
    }

    /// The columns of what begins a pipe.
    fn source_rows(&self, segment: usize) -> Rows {
        let layout = &self.layout;
        let (start, end) = (layout.start(segment), layout.get(segment).end);
        let unknown = Rows {
            schema: Vec::new(),
            open: true,
        };
        let Some(last) = end.checked_sub(1).filter(|last| *last >= start) else {
            return unknown;
        };
        let span = layout.span(start).to(layout.span(last));
        if let Some(rows) = self.trace.tables.get(&span) {
            return rows.clone();
        }
        let Some((name, _)) = layout.name_at(start) else {
            return unknown;
        };
        match self.defined(span).map(|d| &d.given) {
            Some(Given::Table(rows)) => rows.clone(),
            _ => self.table(&name).unwrap_or(unknown),
        }
    }

    /// The columns of a table of the catalog.
    pub fn table(&self, name: &str) -> Option<Rows> {
        let schema = self.catalog.schema(name)?;
        let open = false;
        Some(Rows { schema, open })
    }

    /// What the name at a place was defined as, where it is used or where it is defined.
    pub fn defined(&self, span: Span) -> Option<&Definition> {
        if let Some(definition) = self.trace.definitions.get(&span.start) {
            return Some(definition);
        }
        match self.trace.uses.get(&span) {
            Some(Use::Defined(at)) => self.trace.definitions.get(&at.start),
            _ => None,
        }
    }

    /// The columns that an expression in a segment sees, and the segment of the operator they are before.
    pub fn columns(&self, segment: usize) -> Option<(Rows, usize)> {
        let mut at = segment;
        for _ in 0..STEPS {
            if let Some(rows) = self.input(at) {
                return Some((rows, at));
            }
            if self.stage(at).is_some() || self.is_subquery(at) {
                return None;
            }
            at = self.layout.outer(at)?;
        }
        None
    }

    /// Whether a segment stands in a bracket that holds a query of its own.
    pub fn is_subquery(&self, segment: usize) -> bool {
        let layout = &self.layout;
        match layout.opener(segment) {
            "{" => true,
            "(" => {
                let Some(head) = layout.head(segment) else {
                    return false;
                };
                if matches!(layout.word(head), "toscalar" | "materialize") {
                    return true;
                }
                let Some(outer) = layout.outer(segment) else {
                    return false;
                };
                match layout.operator(outer) {
                    // The right side, not the condition behind it.
                    "join" | "lookup" => !layout
                        .level(outer)
                        .iter()
                        .any(|t| *t <= head && layout.word(*t) == "on"),
                    "union" | "fork" | "facet" => true,
                    // `(T | …)` at the begin of a statement.
                    _ => {
                        layout.get(outer).pipe.is_none()
                            && layout.start(outer) == head + 1
                            && layout.word(head).is_empty()
                    }
                }
            }
            _ => false,
        }
    }

    /// The columns of the right side of a join's segment.
    pub fn right(&self, segment: usize) -> Option<Rows> {
        let stage = self.stage(segment)?;
        let inside = self.trace.tables.iter().filter(|(span, _)| {
            span.start >= stage.name.end && span.end <= stage.span.end && span.start < span.end
        });
        let found = inside.min_by_key(|(span, _)| (span.start, usize::MAX - span.end));
        found.map(|(_, rows)| rows.clone())
    }

    /// Whether a text token is at a place, and which.
    pub fn text_token(&self, token: usize) -> Option<&str> {
        match self.layout.kind(token) {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}
