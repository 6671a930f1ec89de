//! Signature help: the call around the cursor, and which of its parameters the cursor is at.

use super::view::View;
use super::words;
use crate::diagnostic::Span;
use crate::kql::bind::trace::Given;
use crate::kql::operators::docs::Topic;
use crate::kql::syntax::lexer::Kind;
use crate::kql::syntax::tree::{self, ParameterKind};
use crate::kql::{Catalog, aggregates, functions};

/// A call's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// How it is called.
    pub label: String,
    /// What it does.
    pub doc: String,
    /// The parameters' places within the label.
    pub parameters: Vec<Span>,
    /// The parameter at the cursor.
    pub active: Option<usize>,
}

/// The call around the cursor.
pub fn signature(text: &str, cursor: usize, catalog: &dyn Catalog) -> Option<Signature> {
    let view = View::new(text, catalog);
    let layout = &view.layout;
    // The innermost bracket that opens before the cursor and is not closed before it.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (at, token) in layout.tokens.iter().enumerate() {
        if token.span.end > cursor {
            break;
        }
        match &token.kind {
            Kind::Punct("(" | "[" | "{") => open.push((at, 0)),
            Kind::Punct(")" | "]" | "}") => {
                open.pop();
            }
            Kind::Punct(";" | "|") => {
                if let Some(top) = open.last_mut()
                    && layout.is(top.0, "(")
                {
                    // A query in the bracket: its commas are not the call's.
                    top.1 = usize::MAX;
                }
            }
            Kind::Punct(",") => {
                if let Some(top) = open.last_mut()
                    && top.1 != usize::MAX
                {
                    top.1 += 1;
                }
            }
            _ => {}
        }
    }
    while let Some((at, commas)) = open.pop() {
        if layout.is(at, "{") {
            return None;
        }
        if !layout.is(at, "(") || commas == usize::MAX {
            if layout.is(at, "[") {
                continue;
            }
            return None;
        }
        let name = at.checked_sub(1)?;
        if layout.word(name).is_empty() || words::is_operator_word(layout.word(name)) {
            continue;
        }
        let (label, doc) = view.called(name)?;
        let parameters = parameters(&label);
        let active = view.named_parameter(at, cursor, &label, &parameters);
        let active = active.or_else(|| active_parameter(&label, &parameters, commas));
        return Some(Signature {
            label,
            doc,
            parameters,
            active,
        });
    }
    None
}

impl View<'_> {
    /// The signature and doc of what is called at a name.
    pub fn called(&self, name: usize) -> Option<(String, String)> {
        let layout = &self.layout;
        let word = layout.word(name);
        if let Some(definition) = self.defined(layout.span(name)) {
            return match &definition.given {
                Given::Function(function) => Some((
                    function_signature(&definition.name, function),
                    String::new(),
                )),
                _ => None,
            };
        }
        let text = |signature: &str, doc: &str| Some((signature.to_owned(), doc.to_owned()));
        if layout.word(name.wrapping_sub(1)) == "evaluate" {
            let doc = words::find(Topic::Plugin, word)?;
            return text(doc.signature.trim_start_matches("T | evaluate "), doc.doc);
        }
        let aggregating = self.in_aggregating(layout.segment(name));
        let aggregate = aggregates::find(word);
        if let Some(aggregate) =
            aggregate.filter(|_| aggregating || functions::find(word).is_none())
        {
            return text(aggregate.signature, aggregate.doc);
        }
        if let Some(function) = functions::find(word) {
            return text(function.signature, function.doc);
        }
        let doc = words::find(Topic::Special, word)?;
        text(doc.signature, doc.doc)
    }

    /// The parameter that `name = …` at the cursor names.
    fn named_parameter(
        &self,
        open: usize,
        cursor: usize,
        label: &str,
        parameters: &[Span],
    ) -> Option<usize> {
        let layout = &self.layout;
        let mut from = open + 1;
        for at in open + 1..layout.tokens.len() {
            if layout.span(at).end > cursor {
                break;
            }
            if layout.is(at, ",") {
                from = at + 1;
            }
        }
        if !layout.is(from + 1, "=") || layout.word(from).is_empty() {
            return None;
        }
        let word = layout.word(from);
        parameters.iter().position(|p| {
            let text = label.get(p.start..p.end).unwrap_or("");
            text.split([':', ' ']).next() == Some(word)
        })
    }
}

/// How a function of the query is called.
pub fn function_signature(name: &str, function: &tree::Function) -> String {
    let parameters = function.parameters.iter().map(|p| {
        let ty = match &p.kind {
            ParameterKind::Scalar(ty) => ty.to_string(),
            ParameterKind::Table(columns) if columns.is_empty() => "(*)".to_owned(),
            ParameterKind::Table(columns) => {
                let columns: Vec<String> = columns
                    .iter()
                    .map(|(n, t)| format!("{}:{t}", n.text))
                    .collect();
                format!("({})", columns.join(", "))
            }
        };
        match &p.default {
            Some(_) => format!("[{}:{ty}]", p.name.text),
            None => format!("{}:{ty}", p.name.text),
        }
    });
    let parameters: Vec<String> = parameters.collect();
    format!("{name}({})", parameters.join(", "))
}

/// The places of the parameters in a signature: what stands between commas in its outer bracket.
fn parameters(label: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let Some(open) = label.find('(') else {
        return found;
    };
    let mut depth = 0usize;
    let mut start = open + 1;
    for (at, c) in label.char_indices().skip_while(|(i, _)| *i <= open) {
        let ends = match c {
            '(' => {
                depth += 1;
                false
            }
            ')' if depth > 0 => {
                depth -= 1;
                false
            }
            ')' => true,
            ',' => depth == 0,
            _ => false,
        };
        if ends {
            let part = label.get(start..at).unwrap_or("");
            let trim = |c: char| c.is_whitespace() || matches!(c, '[' | ']');
            let left = part.len() - part.trim_start_matches(trim).len();
            let kept = part.trim_matches(trim);
            if !kept.is_empty() {
                found.push(Span::new(start + left, start + left + kept.len()));
            }
            start = at + 1;
            if c == ')' {
                break;
            }
        }
    }
    found
}

/// The parameter of a position; `…` repeats what is before it.
fn active_parameter(label: &str, parameters: &[Span], commas: usize) -> Option<usize> {
    if parameters.is_empty() {
        return None;
    }
    let is_more = |p: &Span| label.get(p.start..p.end).unwrap_or("").contains(['…']);
    let more = parameters.iter().position(is_more);
    match more {
        // `case(predicate, then, …, else)`: those before it are repeated in turn.
        Some(more) if commas >= more && more > 0 && more + 1 < parameters.len() => {
            Some(commas % more)
        }
        Some(more) if commas >= more => more.checked_sub(1),
        _ if commas < parameters.len() => Some(commas),
        _ => None,
    }
}
