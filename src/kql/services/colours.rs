//! Semantic colours: what every token of a text is.

use super::resolve::{What, is_function, is_parameter};
use super::view::View;
use crate::diagnostic::Span;
use crate::kql::Catalog;
use crate::kql::syntax::lexer::Kind;
use crate::value::Type;

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colour {
    /// A word of the language: statements, operators behind `|`, words within them.
    Keyword,
    /// An operator between operands, word or sign.
    Operator,
    /// A scalar or tabular function.
    Function,
    /// An aggregate.
    Aggregate,
    /// A plugin of `evaluate`.
    Plugin,
    /// A table.
    Table,
    /// A column.
    Column,
    /// A property within a dynamic value.
    Property,
    /// A name defined with `let` or `as`.
    Variable,
    /// A parameter of a function or of the query.
    Parameter,
    /// A type's name.
    Type,
    /// Text.
    Text,
    /// A number or truth value.
    Number,
    /// An instant or a span of time.
    DateTime,
    /// A comment.
    Comment,
    /// What cannot be read.
    Error,
    /// Brackets, commas and their like.
    Punctuation,
    /// A name of which nothing is known.
    Unknown,
}

/// The colours of a text, in order, without overlaps. White space has none.
pub fn colours(text: &str, catalog: &dyn Catalog) -> Vec<(Span, Colour)> {
    let view = View::new(text, catalog);
    let layout = &view.layout;
    let mut found: Vec<(Span, Colour)> = Vec::with_capacity(layout.tokens.len());
    for (at, token) in layout.tokens.iter().enumerate() {
        if let Kind::Typed(ty) = token.kind {
            typed(layout.slice(at), token.span, ty, &mut found);
            continue;
        }
        let colour = match &token.kind {
            Kind::Text(_) if layout.name_at(at).is_some() => name(&view, at),
            Kind::Text(_) => Colour::Text,
            Kind::Long | Kind::Real => Colour::Number,
            Kind::TimeSpan => Colour::DateTime,
            Kind::Bad => Colour::Error,
            Kind::Punct(punct) => match *punct {
                "[" | "]" if layout.name_at(at).is_some() => name(&view, at),
                "(" | ")" | "[" | "]" | "{" | "}" | "," | ";" | ":" | "." | "|" => {
                    Colour::Punctuation
                }
                "-" | "!" | "~" => match view.what(at) {
                    Some((What::Operator(_), _)) => Colour::Keyword,
                    _ => Colour::Operator,
                },
                _ => Colour::Operator,
            },
            _ => name(&view, at),
        };
        found.push((token.span, colour));
    }
    found.extend(layout.comments().into_iter().map(|s| (s, Colour::Comment)));
    found.sort_by_key(|(span, _)| span.start);
    found
}

/// `datetime(…)`: the type's name and what it says.
fn typed(text: &str, span: Span, ty: Type, found: &mut Vec<(Span, Colour)>) {
    let middle = span.start + text.find('(').unwrap_or(text.len());
    let middle = middle.min(span.end);
    let colour = match ty {
        Type::DateTime | Type::TimeSpan => Colour::DateTime,
        _ => Colour::Number,
    };
    let word = text.get(..middle - span.start).unwrap_or("").trim_end();
    found.push((Span::new(span.start, span.start + word.len()), Colour::Type));
    if middle < span.end {
        found.push((Span::new(middle, span.end), colour));
    }
}

fn name(view: &View, at: usize) -> Colour {
    let Some((what, _)) = view.what(at) else {
        return Colour::Unknown;
    };
    match what {
        What::Operator(None) => Colour::Unknown,
        What::Operator(_)
        | What::Statement(_)
        | What::Keyword
        | What::JoinKind(_)
        | What::Chart => Colour::Keyword,
        What::Scalar(_) => Colour::Operator,
        What::Function(_) => Colour::Function,
        What::Aggregate(_) => Colour::Aggregate,
        What::Special(doc) => special(doc),
        What::Plugin(_) => Colour::Plugin,
        What::Type => Colour::Type,
        What::Column(_) => Colour::Column,
        What::Property => Colour::Property,
        What::Table => Colour::Table,
        What::Defined(definition) if is_function(definition) => Colour::Function,
        What::Defined(definition) if is_parameter(definition) => Colour::Parameter,
        What::Defined(_) => Colour::Variable,
        What::Constant => Colour::Number,
        What::Unknown => Colour::Unknown,
    }
}

fn special(doc: Option<&'static crate::kql::operators::docs::Doc>) -> Colour {
    match doc.map(|d| d.name()) {
        Some("arg_max" | "arg_min" | "take_any" | "percentiles") => Colour::Aggregate,
        Some(name) if crate::value::Type::from_name(name).is_some() => Colour::Type,
        Some(_) => Colour::Function,
        None => Colour::Unknown,
    }
}
