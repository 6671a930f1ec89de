//! What a token is: the analysis says it of names it looked up, the grammar of the others.

use super::view::View;
use super::words;
use crate::diagnostic::Span;
use crate::kql::aggregates::{self, Aggregate};
use crate::kql::bind::trace::{Definition, Given, How, Use};
use crate::kql::functions::{self, Function};
use crate::kql::operators::docs::{Doc, Topic};
use crate::kql::syntax::lexer::Kind;
use crate::value::Type;

/// What a name or word is.
#[derive(Clone, Debug)]
pub enum What<'v> {
    /// An operator's keyword.
    Operator(Option<&'static Doc>),
    /// A statement's first word.
    Statement(Option<&'static Doc>),
    /// A word within an operator or a setting's name or value.
    Keyword,
    /// A value of a join's `kind=`.
    JoinKind(Option<&'static Doc>),
    /// An operator between operands.
    Scalar(Option<&'static Doc>),
    /// A built-in function.
    Function(&'static Function),
    /// An aggregate.
    Aggregate(&'static Aggregate),
    /// A call that the analysis reads itself; none for a function that is not known.
    Special(Option<&'static Doc>),
    /// A plugin.
    Plugin(Option<&'static Doc>),
    /// A chart.
    Chart,
    /// A type's name.
    Type,
    /// A column; its type where it is known.
    Column(Option<Type>),
    /// A property within a dynamic value.
    Property,
    /// A table of the catalog.
    Table,
    /// Something the query defines.
    Defined(&'v Definition),
    /// `true`, `false`
    Constant,
    /// Nothing known.
    Unknown,
}

/// Operators whose items are aggregates.
pub fn aggregating(operator: &str) -> bool {
    matches!(
        operator,
        "summarize" | "make-series" | "top-nested" | "top-hitters"
    )
}

impl View<'_> {
    /// What stands at a token, and the place of all of it; none where it is neither name nor word.
    pub fn what(&self, token: usize) -> Option<(What<'_>, Span)> {
        let layout = &self.layout;
        if let Kind::Punct(punct) = layout.kind(token) {
            let span = layout.span(token);
            if let Some(found) = self.sign(token, punct) {
                return Some(found);
            }
            let named = matches!(*punct, "[" | "]").then(|| layout.name_at(token));
            if named.flatten().is_none() {
                let doc = words::find(Topic::ScalarOperator, punct);
                return doc.map(|d| (What::Scalar(Some(d)), span));
            }
        }
        let (name, span) = layout.name_at(token)?;
        if let Some(definition) = self.defined(span) {
            return Some((What::Defined(definition), span));
        }
        match self.trace.uses.get(&span) {
            Some(Use::Column(ty)) => return Some((What::Column(Some(*ty)), span)),
            Some(Use::Table) => return Some((What::Table, span)),
            Some(Use::Defined(_)) | None => {}
        }
        if layout.word(token).is_empty() {
            return Some((self.column(token, &name), span));
        }
        self.word(token).or(Some((What::Unknown, span)))
    }

    /// `!in`, `!has` and their like, from the sign on; hyphens within a keyword.
    fn sign(&self, token: usize, punct: &str) -> Option<(What<'_>, Span)> {
        let layout = &self.layout;
        match punct {
            "!" if layout.joined(token + 1) => self.word(token + 1),
            "~" if layout.joined(token) => self.word(token.checked_sub(1)?),
            "-" => self.keyword(token),
            _ => None,
        }
    }

    /// The operator whose keyword a token is a part of.
    fn keyword(&self, token: usize) -> Option<(What<'_>, Span)> {
        let layout = &self.layout;
        let segment = layout.segment(token);
        let start = layout.start(segment);
        let (word, count) = layout.keyword(start);
        let by = matches!(word, "sort" | "order")
            && token == start + count
            && layout.word(token) == "by";
        if !(start..start + count).contains(&token) && !by {
            return None;
        }
        let piped = layout.get(segment).pipe.is_some();
        let stage = self.stage(segment).is_some();
        if !piped && !stage {
            return None;
        }
        let doc = words::find(Topic::Operator, word);
        if !piped && doc.is_none() {
            return None;
        }
        let mut span = layout.span(start).to(layout.span(start + count - 1));
        if matches!(word, "sort" | "order") && layout.word(start + count) == "by" {
            span = span.to(layout.span(start + count));
        }
        Some((What::Operator(doc), span))
    }

    fn word(&self, token: usize) -> Option<(What<'_>, Span)> {
        let layout = &self.layout;
        let (word, span) = (layout.word(token), layout.span(token));
        if word.is_empty() {
            return None;
        }
        let segment = layout.segment(token);
        let s = layout.get(segment);
        let before = token.checked_sub(1).filter(|b| *b >= s.first);
        let before_is = |p: &str| before.is_some_and(|b| layout.is(b, p));
        if before_is(".") {
            let base = before
                .and_then(|b| b.checked_sub(1))
                .map(|b| layout.word(b));
            return Some(match base {
                Some("$left" | "$right") => (self.column(token, word), span),
                Some("hint") => (What::Keyword, span),
                _ => (What::Property, span),
            });
        }
        if matches!(word, "$left" | "$right" | "hint" | "nulls") {
            return Some((What::Keyword, span));
        }
        if let Some(found) = self.keyword(token) {
            return Some(found);
        }
        if s.pipe.is_none() && token == s.first {
            let statement = match word {
                "let" => true,
                "set" => !layout.word(token + 1).is_empty(),
                "declare" | "alias" | "restrict" => !layout.word(token + 1).is_empty(),
                _ => false,
            };
            if statement {
                let doc = words::find(Topic::Statement, word);
                return Some((What::Statement(doc), span));
            }
        }
        if word == "view" && layout.is(token + 1, "(")
            || word == "query_parameters" && before.is_some_and(|b| layout.word(b) == "declare")
        {
            return Some((What::Keyword, span));
        }
        let operator = layout.operator(segment);
        if layout.is(token + 1, "=") && words::settings(operator).iter().any(|(n, _)| *n == word) {
            return Some((What::Keyword, span));
        }
        if before_is("=") {
            let named = before
                .and_then(|b| b.checked_sub(1))
                .map(|b| layout.word(b));
            if named == Some("kind") && matches!(operator, "join" | "lookup") {
                return Some((What::JoinKind(words::find(Topic::JoinKind, word)), span));
            }
            let setting = words::settings(operator)
                .iter()
                .find(|(n, _)| Some(*n) == named || n.rsplit('.').next() == named);
            if setting.is_some_and(|(_, values)| values.contains(&word)) {
                return Some((What::Keyword, span));
            }
        }
        if words::clause_words(operator).contains(&word)
            && before != Some(s.first).filter(|_| s.pipe.is_none())
        {
            return Some((What::Keyword, span));
        }
        if words::is_operator_word(word) && before.is_some() {
            return Some(self.operator_word(token));
        }
        if before.is_some_and(|b| layout.word(b) == "evaluate")
            || operator == "evaluate"
                && layout.is(token + 1, "(")
                && Some(token) == self.plugin(segment)
        {
            return Some((What::Plugin(words::find(Topic::Plugin, word)), span));
        }
        if before.is_some_and(|b| layout.word(b) == "render") {
            return Some((What::Chart, span));
        }
        let of_type = Type::from_name(word).is_some();
        if of_type
            && (before_is(":")
                || layout
                    .head(segment)
                    .is_some_and(|h| layout.word(h) == "typeof"))
        {
            return Some((What::Type, span));
        }
        if matches!(word, "true" | "false" | "null") {
            return Some((What::Constant, span));
        }
        if layout.is(token + 1, "(") {
            return Some((self.call(token), span));
        }
        let what = self.column(token, word);
        if matches!(what, What::Unknown) && self.catalog.schema(word).is_some() {
            return Some((What::Table, span));
        }
        Some((what, span))
    }

    /// The plugin's token of an `evaluate`, behind its hints.
    fn plugin(&self, segment: usize) -> Option<usize> {
        let layout = &self.layout;
        layout
            .level(segment)
            .into_iter()
            .find(|t| layout.is(t + 1, "(") && !layout.word(*t).is_empty())
    }

    fn operator_word(&self, token: usize) -> (What<'_>, Span) {
        let layout = &self.layout;
        let mut span = layout.span(token);
        if layout.word(token) == "matches" && layout.word(token + 1) == "regex" {
            span = span.to(layout.span(token + 1));
        } else if layout.word(token) == "regex" && token > 0 {
            span = span.to(layout.span(token - 1));
        }
        if token > 0 && layout.is(token - 1, "!") && layout.joined(token) {
            span = span.to(layout.span(token - 1));
        }
        if layout.is(token + 1, "~") && layout.joined(token + 1) {
            span = span.to(layout.span(token + 1));
        }
        let text = layout.text.get(span.start..span.end).unwrap_or("");
        let words: Vec<&str> = text.split_whitespace().collect();
        (
            What::Scalar(words::find(Topic::ScalarOperator, &words.join(" "))),
            span,
        )
    }

    /// Whether an expression at a token may have aggregates around or in it.
    pub fn in_aggregating(&self, segment: usize) -> bool {
        let mut at = Some(segment);
        for _ in 0..super::view::STEPS {
            let Some(segment) = at else { return false };
            if self.layout.get(segment).pipe.is_some() || self.stage(segment).is_some() {
                return aggregating(self.layout.operator(segment));
            }
            at = self.layout.outer(segment);
        }
        false
    }

    fn call(&self, token: usize) -> What<'_> {
        let word = self.layout.word(token);
        let aggregate = aggregates::find(word);
        let function = functions::find(word);
        match (aggregate, function) {
            (Some(a), Some(f)) => {
                if self.in_aggregating(self.layout.segment(token)) {
                    What::Aggregate(a)
                } else {
                    What::Function(f)
                }
            }
            (Some(a), None) => What::Aggregate(a),
            (None, Some(f)) => What::Function(f),
            (None, None) => What::Special(words::find(Topic::Special, word)),
        }
    }

    /// A name that the analysis was not asked about: a column that is made here, or one that is known here.
    fn column(&self, token: usize, name: &str) -> What<'_> {
        let layout = &self.layout;
        let segment = layout.segment(token);
        let of = |rows: &crate::kql::bind::trace::Rows| {
            let found = rows.schema.iter().find(|(n, _)| n == name);
            found.map(|(_, ty)| *ty)
        };
        let last = if layout.is(token, "[") {
            token + 2
        } else {
            token
        };
        let made = layout.is(last + 1, "=") || layout.is(last + 1, ":");
        let mut at = Some(segment);
        for _ in 0..super::view::STEPS {
            let Some(segment) = at else { break };
            let stage = self.stage(segment);
            if made && let Some(ty) = stage.and_then(|s| of(&s.output)) {
                return What::Column(Some(ty));
            }
            if let Some(rows) = self.input(segment) {
                let right = self.right(segment);
                let found = of(&rows).or_else(|| right.as_ref().and_then(of));
                let found = found.or_else(|| stage.and_then(|s| of(&s.output)));
                if found.is_some() {
                    return What::Column(found);
                }
                break;
            }
            if stage.is_some() {
                break;
            }
            at = layout.outer(segment);
        }
        if made && self.layout.get(segment).pipe.is_some() {
            return What::Column(None);
        }
        What::Unknown
    }
}

/// Whether a definition is a function.
pub fn is_function(definition: &Definition) -> bool {
    matches!(definition.given, Given::Function(_))
}

/// Whether a definition is a parameter.
pub fn is_parameter(definition: &Definition) -> bool {
    definition.how == How::Parameter
}
