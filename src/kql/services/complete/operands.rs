//! What may stand in brackets and between operands.

use super::place::{self, Place};
use crate::kql::services::resolve::aggregating;
use crate::kql::services::view::{STEPS, View};
use crate::kql::services::words;
use crate::kql::syntax::lexer::Kind;
use crate::value::Type;

impl View<'_> {
    /// Behind a dot: properties of a dynamic value, columns of a join's side.
    pub(super) fn behind_dot(&self, dot: usize, segment: usize, place: &mut Place) {
        let layout = &self.layout;
        let base = dot.checked_sub(1).map(|b| layout.word(b));
        match base {
            Some("$left") => {
                place.columns = self.columns(segment).map(|(rows, _)| rows);
            }
            Some("$right") => {
                let owner = self.columns(segment).map(|(_, owner)| owner);
                place.columns = owner.and_then(|o| self.right(o));
            }
            Some("hint") => {
                let settings = words::settings(layout.operator(segment)).iter();
                for (name, _) in settings {
                    if let Some(name) = name.strip_prefix("hint.") {
                        place.keywords.push((name.to_owned(), format!("{name}=")));
                    }
                }
            }
            _ => place.properties_of = Some(dot),
        }
    }

    /// In a bracket without a pipe sign of its own so far.
    pub(super) fn in_bracket(&self, segment: usize, start: usize, empty: bool, place: &mut Place) {
        let layout = &self.layout;
        let head = layout.head(segment);
        let word = head.map_or("", |h| layout.word(h));
        let outer = layout.outer(segment).unwrap_or(0);
        let operator = layout.operator(outer);
        if word == "typeof" {
            place.types = true;
            return;
        }
        if matches!(word, "datatable" | "externaldata" | "query_parameters") {
            return;
        }
        let on = word == "on" && operator.starts_with("mv");
        if (on || matches!(operator, "partition" | "fork" | "facet"))
            && layout.head(segment).is_some()
        {
            if empty {
                place.operators = true;
            } else {
                self.in_operator(segment, start, place);
            }
            return;
        }
        if self.is_subquery(segment) {
            if empty {
                place.tables = true;
                place.sources = true;
                if word == "toscalar" {
                    place.scalars = false;
                }
            } else if words::SOURCES.contains(&layout.operator(segment)) {
                self.in_operator(segment, start, place);
            } else {
                self.behind_source(segment, start, place);
            }
            return;
        }
        // Parameters of a function: names and types only.
        if head.is_some_and(|h| layout.is(h, "="))
            && layout.word(layout.get(outer).first) == "let"
            && layout.start(outer) == layout.tokens.len().min(head.map_or(0, |h| h + 1))
        {
            return;
        }
        let list = words::is_operator_word(word) || head.is_some_and(|h| layout.is(h, "~"));
        if list && matches!(word, "between") && self.operand_ended(layout.tokens.len()) {
            place.keywords.push(place::word(".."));
            return;
        }
        if list && !self.operand_ended(layout.tokens.len()) {
            place.tables = empty;
            place.values_of = head;
        }
        self.expression(segment, place);
    }

    /// In square brackets: an index, or values.
    pub(super) fn in_list(&self, segment: usize, place: &mut Place) {
        let layout = &self.layout;
        let open = layout
            .frames
            .get(layout.get(segment).frame)
            .and_then(|f| f.open);
        if open.is_some_and(|o| layout.indexes(o)) {
            self.expression(segment, place);
        }
    }

    /// Inside a call or a bracket within an operator.
    pub(super) fn expression(&self, segment: usize, place: &mut Place) {
        let end = self.layout.tokens.len();
        if self.operand_ended(end) {
            place.between = Some(self.operand_type(end));
            return;
        }
        place.scalars = true;
        place.values_of = place.values_of.or_else(|| self.compared(end));
        let Some((rows, owner)) = self.columns(segment) else {
            return;
        };
        if aggregating(self.layout.operator(owner)) && !self.behind(owner, "by") {
            let within = self.within_aggregate(segment, owner);
            place.aggregates = !within;
            place.columns = within.then_some(rows);
        } else {
            place.columns = Some(rows);
        }
    }

    /// Whether one of the brackets up to an operator belongs to an aggregate.
    pub(super) fn within_aggregate(&self, segment: usize, owner: usize) -> bool {
        let mut at = segment;
        for _ in 0..STEPS {
            if at == owner {
                return false;
            }
            let head = self.layout.head(at).map_or("", |h| self.layout.word(h));
            if crate::kql::aggregates::is_aggregate(head) {
                return true;
            }
            match self.layout.outer(at) {
                Some(outer) => at = outer,
                None => return false,
            }
        }
        false
    }

    /// Whether a word of an operator stands in a segment, outside of brackets.
    pub fn behind(&self, segment: usize, word: &str) -> bool {
        let start = self.layout.start(segment);
        let level = self.layout.level(segment);
        level
            .iter()
            .any(|t| *t > start && self.layout.word(*t) == word && self.is_word(*t))
    }

    /// The comparison that the text ends with: its operator's token.
    pub(super) fn compared(&self, end: usize) -> Option<usize> {
        let layout = &self.layout;
        let last = end.checked_sub(1)?;
        let compares = match layout.kind(last) {
            Kind::Punct(p) => matches!(*p, "==" | "!=" | "=~" | "!~" | "<>"),
            Kind::Name => {
                let word = layout.word(last);
                words::is_operator_word(word)
                    && !matches!(word, "and" | "or" | "between" | "regex" | "matches")
            }
            _ => false,
        };
        compares.then_some(last)
    }

    /// The type of the operand that ends before a token, where it is a column alone.
    pub(super) fn operand_type(&self, end: usize) -> Option<Type> {
        use crate::kql::services::resolve::What;
        let last = end.checked_sub(1)?;
        if last > 0 && self.layout.is(last - 1, ".") {
            return Some(Type::Dynamic);
        }
        match self.what(last)?.0 {
            What::Column(ty) => ty,
            What::Defined(definition) => match definition.given {
                crate::kql::bind::trace::Given::Scalar(ty) => Some(ty),
                _ => None,
            },
            _ => None,
        }
    }
}
