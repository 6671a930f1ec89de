//! What may stand at the end of a cut text.

use crate::kql::bind::trace::Rows;
use crate::kql::services::resolve::aggregating;
use crate::kql::services::view::{STEPS, View};
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

fn word(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text} "))
}

fn exact(text: &str) -> (String, String) {
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
    fn in_statement(&self, segment: usize, start: usize, empty: bool, place: &mut Place) {
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
    fn behind_source(&self, segment: usize, start: usize, place: &mut Place) {
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

    fn operand_ended_word(&self, at: usize) -> bool {
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

    /// Behind a dot: properties of a dynamic value, columns of a join's side.
    fn behind_dot(&self, dot: usize, segment: usize, place: &mut Place) {
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
    fn in_bracket(&self, segment: usize, start: usize, empty: bool, place: &mut Place) {
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
            place.keywords.push(word_item(".."));
            return;
        }
        if list && !self.operand_ended(layout.tokens.len()) {
            place.tables = empty;
            place.values_of = head;
        }
        self.expression(segment, place);
    }

    /// In square brackets: an index, or values.
    fn in_list(&self, segment: usize, place: &mut Place) {
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
    fn expression(&self, segment: usize, place: &mut Place) {
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
    fn within_aggregate(&self, segment: usize, owner: usize) -> bool {
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
    fn compared(&self, end: usize) -> Option<usize> {
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
    fn operand_type(&self, end: usize) -> Option<Type> {
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

    /// Behind an operator's keyword.
    fn in_operator(&self, segment: usize, start: usize, place: &mut Place) {
        let layout = &self.layout;
        let (operator, count) = layout.keyword(start);
        let end = layout.tokens.len();
        let last = end - 1;
        let body = start + count;
        let first = end == body;
        let rows = self.input(segment);
        let ended = !first && self.operand_ended(end);
        // The value of a setting.
        if !first && layout.is(last, "=") {
            let name = layout.word(last - 1);
            let found = words::settings(operator)
                .iter()
                .find(|(n, _)| *n == name || n.strip_prefix("hint.") == Some(name));
            if let Some((_, values)) = found {
                place.keywords.extend(values.iter().map(|v| word(v)));
                return;
            }
        }
        let settings = |place: &mut Place| {
            for (name, _) in words::settings(operator) {
                let used = name.split('.').all(|part| {
                    layout
                        .level(segment)
                        .iter()
                        .any(|t| layout.word(*t) == part)
                });
                if !used {
                    place
                        .keywords
                        .push(((*name).to_owned(), format!("{name}=")));
                }
            }
        };
        // Behind the settings no other operand has begun.
        let leading = first
            || last >= 2
                && layout.is(last - 1, "=")
                && crate::kql::services::words::settings(operator)
                    .iter()
                    .any(|(n, _)| n.rsplit('.').next() == Some(layout.word(last - 2)));
        match operator {
            "where" | "filter" => self.expression(segment, place),
            "extend" | "project" | "serialize" | "print" | "distinct" => {
                self.expression(segment, place);
                if operator == "distinct" && first {
                    place.keywords.push(exact("*"));
                }
            }
            "project-away" | "project-keep" | "project-reorder" => {
                if ended {
                    if operator == "project-reorder" {
                        place.keywords.extend([word("asc"), word("desc")]);
                    }
                } else {
                    place.columns = rows;
                }
            }
            "project-rename" => {
                if layout.is(last, "=") {
                    place.columns = rows;
                }
            }
            "summarize" | "make-series" => {
                if leading {
                    settings(place);
                }
                if ended && !leading {
                    place.between = Some(self.operand_type(end));
                    let clauses: &[&str] = match operator {
                        "summarize" => &["by"],
                        _ => &["default=", "on", "from", "to", "step", "by"],
                    };
                    for clause in clauses {
                        if !self.behind(segment, clause) {
                            place.keywords.push(match clause.strip_suffix('=') {
                                Some(_) => exact(clause),
                                None => word(clause),
                            });
                        }
                    }
                } else {
                    let keys = self.behind(segment, "by") || self.behind(segment, "on");
                    place.aggregates = !keys;
                    place.scalars = true;
                    place.columns = rows.filter(|_| keys);
                    if leading && operator == "summarize" && first {
                        place.keywords.push(word("by"));
                    }
                }
            }
            "join" | "lookup" => self.in_join(segment, leading, ended, &settings, place),
            "sort" | "order" | "top" => {
                let by = self.behind(segment, "by");
                if !by {
                    if ended || operator != "top" {
                        place.keywords.push(word("by"));
                    } else {
                        place.scalars = true;
                    }
                } else if layout.word(last) == "nulls" {
                    place.keywords.extend([word("first"), word("last")]);
                } else if matches!(layout.word(last), "asc" | "desc") {
                    place.keywords.push(word("nulls first"));
                    place.keywords.push(word("nulls last"));
                } else if ended {
                    place.keywords.extend([
                        word("desc"),
                        word("asc"),
                        word("nulls first"),
                        word("nulls last"),
                    ]);
                    place.between = Some(self.operand_type(end));
                } else {
                    self.expression(segment, place);
                }
            }
            "take" | "limit" | "sample" => {
                place.scalars = first;
            }
            "count" | "getschema" | "as" | "consume" => {}
            "union" => {
                if leading {
                    settings(place);
                }
                if leading || layout.is(last, ",") {
                    place.tables = true;
                    place.keywords.push(("(".to_owned(), "(\u{1})".to_owned()));
                } else if ended && layout.get(segment).pipe.is_none() {
                    place.pipe = true;
                }
            }
            "mv-expand" | "mvexpand" | "mv-apply" | "mvapply" => {
                if leading {
                    settings(place);
                }
                if layout.word(last) == "to" {
                    place
                        .keywords
                        .push(("typeof".to_owned(), "typeof(\u{1})".to_owned()));
                } else if ended && !leading {
                    place
                        .keywords
                        .push(("to typeof".to_owned(), "to typeof(\u{1})".to_owned()));
                    place.keywords.push(word("limit"));
                    if operator.ends_with("apply") {
                        place
                            .keywords
                            .push(("on".to_owned(), "on (\u{1})".to_owned()));
                    }
                } else if layout.word(last) == "on" {
                    place.keywords.push(("(".to_owned(), "(\u{1})".to_owned()));
                } else {
                    self.expression(segment, place);
                    place.wanted = Some(Type::Dynamic);
                }
            }
            "parse" | "parse-where" | "parse-kv" => {
                if self.behind(segment, "with") || self.behind(segment, "as") {
                    return;
                }
                if leading {
                    settings(place);
                }
                if ended && !leading {
                    place.keywords.push(match operator {
                        "parse-kv" => ("as".to_owned(), "as (\u{1})".to_owned()),
                        _ => word("with"),
                    });
                } else {
                    self.expression(segment, place);
                    place.wanted = Some(Type::String);
                }
            }
            "evaluate" => place.plugins = !ended,
            "render" => {
                if first {
                    place
                        .keywords
                        .extend(words::CHARTS.iter().map(|c| exact(c)));
                } else if ended {
                    place
                        .keywords
                        .push(("with".to_owned(), "with (\u{1})".to_owned()));
                }
            }
            "invoke" => place.invokable = first,
            "range" => {
                let steps = ["from", "to", "step"];
                let next = steps.iter().find(|w| !self.level_has(segment, w));
                if !first && ended {
                    place.keywords.extend(next.map(|w| word(w)));
                } else if !first {
                    place.scalars = true;
                }
            }
            "datatable" | "externaldata" => {}
            _ => {
                if leading {
                    settings(place);
                }
                self.expression(segment, place);
                if ended {
                    for clause in words::clause_words(operator) {
                        if !self.behind(segment, clause) {
                            place.keywords.push(word(clause));
                        }
                    }
                }
            }
        }
    }

    fn level_has(&self, segment: usize, word: &str) -> bool {
        let level = self.layout.level(segment);
        level.iter().any(|t| self.layout.word(*t) == word)
    }

    fn in_join(
        &self,
        segment: usize,
        leading: bool,
        ended: bool,
        settings: &dyn Fn(&mut Place),
        place: &mut Place,
    ) {
        let layout = &self.layout;
        let last = layout.tokens.len() - 1;
        if !self.behind(segment, "on") {
            if leading {
                settings(place);
                place.tables = true;
                place.keywords.push(("(".to_owned(), "(\u{1})".to_owned()));
            } else if ended {
                place.keywords.push(word("on"));
            }
            return;
        }
        let on = layout.word(last) == "on" || layout.is(last, ",") || layout.word(last) == "and";
        if on {
            // A column that both sides have can stand alone.
            let left = self.input(segment).unwrap_or_default();
            let right = self.right(segment).unwrap_or_default();
            let both = left
                .schema
                .into_iter()
                .filter(|(n, _)| right.open || right.schema.iter().any(|(r, _)| r == n));
            place.columns = Some(Rows {
                schema: both.collect(),
                open: false,
            });
            place
                .keywords
                .push(("$left".to_owned(), "$left.".to_owned()));
            place
                .keywords
                .push(("$right".to_owned(), "$right.".to_owned()));
        } else if layout.is(last, "==") {
            let left = layout.word(last.saturating_sub(3)) == "$left";
            let side = if left { "$right" } else { "$left" };
            place.keywords.push((side.to_owned(), format!("{side}.")));
        } else if ended && last >= 2 && layout.is(last - 1, ".") {
            place.keywords.push(word("=="));
            place.keywords.push(word("and"));
        }
    }
}

fn word_item(text: &str) -> (String, String) {
    word(text)
}
