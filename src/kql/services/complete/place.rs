//! What may stand at the end of a cut text.

use crate::kql::bind::trace::Rows;
use crate::kql::services::view::View;
use crate::kql::services::words;
use crate::kql::syntax::lexer::Kind;
use crate::value::Type;

/// What may stand there; several may be set.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// An operator: the pipe sign is there.
    pub operators: bool,
    /// An operator with the pipe sign before it.
    pub pipe: bool,
    /// Tables and `let` names of tables.
    pub tables: bool,
    /// Operators that begin a query.
    pub sources: bool,
    /// `let`, `set`, `declare`
    pub statements: bool,
    /// Columns; the rows they are of.
    pub columns: Option<Rows>,
    /// A type that the columns should have, the others come later.
    pub wanted: Option<Type>,
    /// Scalar functions, `let` names and parameters with single values.
    pub scalars: bool,
    /// Aggregates.
    pub aggregates: bool,
    /// Functions of the query that take rows, behind `invoke`.
    pub invokable: bool,
    /// Operators between operands, behind an operand of this type.
    pub between: Option<Option<Type>>,
    /// Plugins.
    pub plugins: bool,
    /// Types.
    pub types: bool,
    /// Words: label, what is written, where the cursor stands in it.
    pub keywords: Vec<(String, String)>,
    /// Values of the operand before a comparison: where it begins.
    pub values_of: Option<usize>,
    /// Properties behind a dot: the dot's token.
    pub properties_of: Option<usize>,
}

pub(super) fn word(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text} "))
}

pub(super) fn exact(text: &str) -> (String, String) {
    (text.to_owned(), text.to_owned())
}

impl View<'_> {
    /// What may stand at the end of the text.
    pub fn place(&self) -> Place {
        let layout = &self.layout;
        let mut place = Place::default();
        let segment = layout.open.last().copied().unwrap_or(0);
        let s = layout.get(segment);
        let last = layout.tokens.len().checked_sub(1).filter(|l| *l >= s.first);
        if let Some(last) = last {
            if layout.is(last, ".") {
                self.behind_dot(last, segment, &mut place);
                return place;
            }
            if layout.is(last, ":") && !matches!(layout.opener(segment), "{") {
                place.types =
                    layout.opener(segment) == "(" || layout.operator(segment).starts_with("parse");
                if place.types {
                    return place;
                }
            }
            // A name or number that the cursor touches would be the half-typed word itself.
            if matches!(layout.kind(last), Kind::Long | Kind::Real | Kind::TimeSpan)
                && layout.span(last).end == layout.text.len()
            {
                return place;
            }
            // `datetime(` is not closed yet: what it says is no name.
            if matches!(layout.kind(last), Kind::Typed(_)) && !layout.slice(last).ends_with(')') {
                place.keywords.push(exact("null"));
                return place;
            }
        }
        let start = layout.start(segment);
        let empty = start >= layout.tokens.len();
        if s.pipe.is_some() {
            if empty {
                place.operators = true;
            } else {
                self.in_operator(segment, start, &mut place);
            }
            return place;
        }
        match layout.opener(segment) {
            "" | "{" => self.in_statement(segment, start, empty, &mut place),
            "(" => self.in_bracket(segment, start, empty, &mut place),
            _ => self.in_list(segment, &mut place),
        }
        place
    }

    /// Begins of statements, sources, and operators that begin a query.
    pub(super) fn in_statement(
        &self,
        segment: usize,
        start: usize,
        empty: bool,
        place: &mut Place,
    ) {
        let layout = &self.layout;
        let first = layout.get(segment).first;
        let json = layout.opener(segment) == "{"
            && layout.head(segment).is_some_and(|h| !layout.is(h, ")"));
        if json {
            return;
        }
        if empty {
            let is_let = start != first;
            place.tables = true;
            place.sources = true;
            place.statements = !is_let;
            place.scalars = is_let || layout.opener(segment) == "{";
            if is_let {
                place
                    .keywords
                    .push(("dynamic".to_owned(), "dynamic([\u{1}])".to_owned()));
                place
                    .keywords
                    .push(("view".to_owned(), "view () {\u{1}}".to_owned()));
            }
            return;
        }
        let word = layout.word(first);
        if start == first && word == "let" {
            return;
        }
        if start == first && word == "declare" && layout.tokens.len() == first + 1 {
            place.keywords.push((
                "query_parameters".to_owned(),
                "query_parameters(\u{1})".to_owned(),
            ));
            return;
        }
        if start == first && word == "set" {
            return;
        }
        if words::SOURCES.contains(&layout.operator(segment)) {
            return self.in_operator(segment, start, place);
        }
        self.behind_source(segment, start, place);
    }

    /// Behind a table's name: an operator with its pipe sign; behind a value: an operator between operands.
    pub(super) fn behind_source(&self, segment: usize, start: usize, place: &mut Place) {
        let layout = &self.layout;
        let end = layout.tokens.len();
        if self.operand_ended(end) {
            let lone = layout
                .name_at(start)
                .filter(|(_, span)| layout.span(end - 1).end == span.end);
            let rows = self.output(segment);
            if lone.is_some() && (!rows.schema.is_empty() || rows.open) || layout.is(end - 1, ")") {
                place.pipe = true;
            }
            if lone.is_none() && layout.start(segment) != layout.get(segment).first {
                place.between = Some(None);
            }
        } else {
            place.scalars = true;
            place.columns = self.columns(segment).map(|(rows, _)| rows);
        }
    }

    /// Whether an operand ends before a token: an operator between operands may follow.
    pub fn operand_ended(&self, end: usize) -> bool {
        let layout = &self.layout;
        let Some(last) = end.checked_sub(1) else {
            return false;
        };
        match layout.kind(last) {
            Kind::Punct(p) => {
                *p == ")"
                    || *p == "]"
                    || *p == "}"
                    || *p == "*" && last > 0 && !self.operand_ended_word(last - 1)
            }
            Kind::Name => {
                !super::super::words::is_operator_word(layout.word(last)) && !self.is_word(last)
            }
            Kind::Bad | Kind::End => false,
            _ => true,
        }
    }

    pub(super) fn operand_ended_word(&self, at: usize) -> bool {
        matches!(self.layout.kind(at), Kind::Name | Kind::Long | Kind::Real) && !self.is_word(at)
    }

    /// Whether a token is a word of its operator, not an operand.
    pub fn is_word(&self, at: usize) -> bool {
        use crate::kql::services::resolve::What;
        matches!(
            self.what(at),
            Some((
                What::Operator(_) | What::Keyword | What::Statement(_) | What::JoinKind(_),
                _
            ))
        )
    }
}
