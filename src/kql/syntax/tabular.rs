//! Pipes and the operators in them. Larger operators are in `tabular_more`.

use super::keywords;
use super::lexer::Kind;
use super::parser::Parser;
use super::tree::*;
use crate::diagnostic::Span;

/// Operators of KQL that this engine does not run yet.
const UNSUPPORTED: [&str; 13] = [
    "execute-and-cache",
    "graph-mark-components",
    "graph-match",
    "graph-shortest-paths",
    "graph-to-table",
    "graph-where-edges",
    "graph-where-nodes",
    "inline",
    "macro-expand",
    "make-graph",
    "partitionby",
    "invoke-external",
    "graph",
];

impl Parser<'_> {
    /// An expression with the operators after it.
    pub fn pipe(&mut self) -> Expr {
        self.deeper(Self::pipe_here, Expr::missing)
    }

    fn pipe_here(&mut self) -> Expr {
        if self.operator_without_source() {
            let span = self.span();
            let word = self.slice(span);
            let message = format!("`{word}` needs a table before it");
            self.error("KQL174", span, message);
            self.hint(format!("Write for example `Table | {word} …`"));
            let operators = vec![self.operator()];
            return self.pipe_of(Expr::missing(span.start), operators);
        }
        let source = match self.source() {
            Some(operator) => Expr {
                span: operator.span,
                kind: ExprKind::Source(Box::new(operator)),
            },
            None => self.expression(),
        };
        if !self.is("|") {
            return source;
        }
        self.pipe_of(source, Vec::new())
    }

    /// Whether an operator stands here that needs rows to work on.
    fn operator_without_source(&self) -> bool {
        let word = self.word_at(0);
        let operator = matches!(
            word,
            "where"
                | "project"
                | "extend"
                | "summarize"
                | "distinct"
                | "take"
                | "limit"
                | "sort"
                | "order"
                | "join"
                | "lookup"
                | "filter"
                | "parse"
                | "top"
                | "invoke"
                | "serialize"
        );
        operator
            && (matches!(
                self.peek_at(1),
                Kind::Name | Kind::Text(_) | Kind::Long | Kind::Typed(_)
            ) || self.is_at(1, "*")
                || keywords::not_referenced(word))
            && !matches!(
                self.word_at(1),
                "in" | "has"
                    | "contains"
                    | "has_any"
                    | "and"
                    | "or"
                    | "between"
                    | "matches"
                    | "startswith"
                    | "endswith"
                    | "on"
                    | "by"
                    | "asc"
                    | "desc"
                    | "to"
                    | "with"
                    | "from"
                    | "limit"
                    | "of"
            )
    }

    fn pipe_of(&mut self, source: Expr, mut operators: Vec<Operator>) -> Expr {
        let start = source.span.start;
        while self.eat("|") {
            operators.push(self.operator());
        }
        let span = Span::new(start, self.last_end());
        Expr {
            kind: ExprKind::Pipe(Box::new(Pipe { source, operators })),
            span,
        }
    }

    /// The keyword at the cursor, hyphens included (`project-away`), and how many tokens it is made of.
    fn keyword(&self) -> (String, usize) {
        let mut text = self.word_at(0).to_owned();
        let mut count = 1;
        while self.is_at(count, "-")
            && self.joined(count)
            && self.joined(count + 1)
            && matches!(self.peek_at(count + 1), Kind::Name)
        {
            text.push('-');
            text.push_str(self.word_at(count + 1));
            count += 2;
        }
        (text, count)
    }

    /// An operator that may begin a pipe.
    fn source(&mut self) -> Option<Operator> {
        let (word, count) = self.keyword();
        let next = self.peek_at(count);
        let begins = match word.as_str() {
            "print" => true,
            "datatable" => true,
            "range" => {
                matches!(next, Kind::Name) && self.word_at(count + 1) == "from"
                    || matches!(next, Kind::Punct("[")) && self.word_at(count + 3) == "from"
            }
            "union" | "search" | "find" => matches!(
                next,
                Kind::Name | Kind::Text(_) | Kind::Punct("(" | "*" | "[")
            ),
            "externaldata" | "external_data" => self.is_at(count, "(") || self.is_at(count, "["),
            "evaluate" => matches!(next, Kind::Name),
            _ => false,
        };
        begins.then(|| self.operator())
    }

    /// The operator at the cursor, behind `|`.
    pub fn operator(&mut self) -> Operator {
        let start = self.span();
        let part = std::mem::replace(&mut self.part, start.start);
        let operator = self.operator_here(start);
        self.end_part(part, self.last_end());
        operator
    }

    fn operator_here(&mut self, start: Span) -> Operator {
        if !matches!(self.peek(), Kind::Name) {
            let end = self.last_end();
            self.error(
                "KQL176",
                Span::new(end, end),
                "An operator is missing after `|`",
            );
            if self.is("|") && self.joined_to_last() {
                self.hint("KQL writes `or` for `||`");
            }
            self.skip_to(&["|", ";", ")", "}"]);
            return Operator {
                kind: OperatorKind::Bad,
                name: Name::default(),
                span: Span::new(end, end),
            };
        }
        let (word, count) = self.keyword();
        let mut name_span = start.to(self.span_at(count - 1));
        self.at += count;
        let mut text = word.clone();
        if (word == "sort" || word == "order") && self.expect_word("by") {
            name_span = Span::new(name_span.start, self.last_end());
            text.push_str(" by");
        }
        let kind = self.operator_kind(&word, name_span);
        Operator {
            kind,
            name: Name {
                text,
                span: name_span,
            },
            span: Span::new(start.start, self.last_end().max(name_span.end)),
        }
    }

    fn operator_kind(&mut self, word: &str, name: Span) -> OperatorKind {
        if let Some(rows) = self.rows_operator(word) {
            return rows;
        }
        match word {
            "where" | "filter" => {
                self.settings(); // hints
                OperatorKind::Where(self.expression())
            }
            "extend" => OperatorKind::Extend(self.named_list()),
            "project" => {
                let empty = matches!(self.peek(), Kind::Punct("|" | ")" | ";") | Kind::End);
                OperatorKind::Project(if empty { Vec::new() } else { self.named_list() })
            }
            "project-away" => OperatorKind::ProjectAway(self.patterns()),
            "project-keep" => OperatorKind::ProjectKeep(self.patterns()),
            "project-rename" => OperatorKind::ProjectRename(self.named_list()),
            "project-reorder" => OperatorKind::ProjectReorder(self.ordered_patterns()),
            "serialize" => {
                let empty = matches!(self.peek(), Kind::Punct("|" | ")" | ";") | Kind::End);
                OperatorKind::Serialize(if empty { Vec::new() } else { self.named_list() })
            }
            "summarize" => self.summarize(),
            "distinct" => {
                self.settings(); // hints
                OperatorKind::Distinct(self.named_list())
            }
            "join" => self.join(name, false),
            "lookup" => self.join(name, true),
            "sort" | "order" => OperatorKind::Sort(self.sort_keys()),
            "top" => {
                let count = self.expression();
                self.expect_word("by");
                OperatorKind::Top(count, self.sort_keys())
            }
            "take" | "limit" => OperatorKind::Take(self.expression()),
            "count" if self.eat_word("as") => OperatorKind::CountAs(self.new_name()),
            "count" => OperatorKind::Count,
            "union" => self.union(),
            "mv-expand" | "mvexpand" => self.mv_expand(),
            "mv-apply" | "mvapply" => self.mv_apply(),
            "parse" => self.parse_operator(false),
            "parse-where" => self.parse_operator(true),
            "getschema" => OperatorKind::GetSchema,
            "as" => {
                self.settings();
                OperatorKind::As(self.name())
            }
            "render" => self.render(),
            "invoke" => OperatorKind::Invoke(self.expression()),
            "evaluate" => self.evaluate(),
            "externaldata" | "external_data" => self.externaldata(),
            "search" => self.search(),
            "find" => self.find(),
            "parse-kv" => self.parse_kv(),
            "consume" => {
                self.settings();
                OperatorKind::Consume
            }
            "print" => OperatorKind::Print(self.named_list()),
            "datatable" => self.datatable(),
            "range" => {
                let column = self.name();
                self.expect_word("from");
                let from = self.expression();
                self.expect_word("to");
                let to = self.expression();
                self.expect_word("step");
                OperatorKind::Range(column, from, to, self.expression())
            }
            _ if UNSUPPORTED.contains(&word) => {
                self.error(
                    "KQL-unsupported",
                    name,
                    format!("The operator `{word}` is not supported yet"),
                );
                self.skip_to(&["|", ";", ")", "}"]);
                OperatorKind::Unsupported
            }
            _ => {
                self.unknown_operator(word, name);
                self.skip_to(&["|", ";", ")", "}"]);
                OperatorKind::Bad
            }
        }
    }

    fn unknown_operator(&mut self, word: &str, name: Span) {
        self.error("KQL176", name, format!("`{word}` is not an operator"));
        let near = crate::kql::bind::suggest::nearest(word, OPERATORS.iter().copied());
        if let Some(near) = near {
            self.hint(format!("Did you mean `{near}`?"));
        }
    }

    // ---- lists

    /// `a, b = expression, (c, d) = expression`
    pub fn named_list(&mut self) -> Vec<Named> {
        let mut list = Vec::new();
        loop {
            list.push(self.named());
            if !self.eat(",") {
                return list;
            }
        }
    }

    pub fn named(&mut self) -> Named {
        let bracketed = self.is("[") && matches!(self.peek_at(1), Kind::Text(_));
        let names = if matches!(self.peek(), Kind::Name) && self.is_at(1, "=")
            || bracketed && self.is_at(2, "]") && self.is_at(3, "=")
        {
            let name = self.new_name();
            vec![name]
        } else {
            self.name_tuple()
        };
        if !names.is_empty() {
            self.expect("=");
        }
        Named {
            names,
            value: self.expression(),
        }
    }

    /// `(a, b)` where `=` follows the bracket; nothing is taken where it does not.
    fn name_tuple(&mut self) -> Vec<Name> {
        let before = self.at;
        let mut names = Vec::new();
        if self.eat("(") {
            while let Some(name) = self.try_name() {
                names.push(name);
                if !self.eat(",") {
                    break;
                }
            }
            if self.eat(")") && self.is("=") {
                return names;
            }
        }
        self.at = before;
        Vec::new()
    }

    /// A column name or a pattern such as `a*`.
    pub fn pattern(&mut self) -> Option<Pattern> {
        let start = self.span();
        if let Some(name) = self.try_name() {
            if !(self.is("*") && self.joined_to_last()) {
                return Some(Pattern { name, wild: false });
            }
        } else if !self.is("*") {
            return None;
        }
        // Letters and stars that touch make one pattern.
        let mut end = self.last_end().max(start.start);
        while (self.is("*") || matches!(self.peek(), Kind::Name | Kind::Long))
            && (self.span().start == end || end == start.start)
        {
            end = self.span().end;
            self.take();
        }
        let span = Span::new(start.start, end);
        let text = self.slice(span).to_owned();
        Some(Pattern {
            name: Name { text, span },
            wild: true,
        })
    }

    fn joined_to_last(&self) -> bool {
        self.span().start == self.last_end()
    }

    fn patterns(&mut self) -> Vec<Pattern> {
        let mut list = Vec::new();
        loop {
            match self.pattern() {
                Some(pattern) => list.push(pattern),
                None => {
                    self.missing_expression();
                }
            }
            if !self.eat(",") {
                return list;
            }
        }
    }

    fn ordered_patterns(&mut self) -> Vec<(Pattern, Option<bool>)> {
        let mut list = Vec::new();
        loop {
            match self.pattern() {
                Some(pattern) => {
                    let order = match self.word_at(0) {
                        "asc" | "granny-asc" => Some(true),
                        "desc" | "granny-desc" => Some(false),
                        _ => None,
                    };
                    if order.is_some() {
                        self.take();
                    }
                    list.push((pattern, order));
                }
                None => {
                    self.missing_expression();
                }
            }
            if !self.eat(",") {
                return list;
            }
        }
    }

    /// `kind=inner hint.strategy=shuffle …` behind an operator's keyword.
    pub fn settings(&mut self) -> Vec<Setting> {
        let mut settings = Vec::new();
        loop {
            let dotted = self.is_at(1, ".") && matches!(self.peek_at(2), Kind::Name);
            let equals = if dotted { 3 } else { 1 };
            let known = dotted && self.is_word("hint")
                || matches!(
                    self.word_at(0),
                    "kind"
                        | "withsource"
                        | "with_source"
                        | "isfuzzy"
                        | "bagexpansion"
                        | "flags"
                        | "with_itemindex"
                        | "hint"
                );
            if !known || !self.is_at(equals, "=") {
                return settings;
            }
            let span = self.span().to(self.span_at(equals - 1));
            let name = Name {
                text: self.slice(span).to_owned(),
                span,
            };
            self.at += equals + 1;
            let value_span = self.span();
            let value = match self.try_name() {
                Some(name) => name,
                None if matches!(self.peek(), Kind::Long | Kind::Text(_)) => {
                    self.take();
                    Name {
                        text: self.slice(value_span).to_owned(),
                        span: value_span,
                    }
                }
                None => self.name(),
            };
            settings.push(Setting { name, value });
        }
    }
}

/// Operators that run, for suggestions.
pub const OPERATORS: [&str; 48] = [
    "as",
    "assert-schema",
    "consume",
    "count",
    "datatable",
    "distinct",
    "evaluate",
    "extend",
    "externaldata",
    "facet",
    "find",
    "fork",
    "getschema",
    "invoke",
    "join",
    "limit",
    "lookup",
    "make-series",
    "mv-apply",
    "mv-expand",
    "order by",
    "parse",
    "parse-kv",
    "parse-where",
    "partition",
    "print",
    "project",
    "project-away",
    "project-by-names",
    "project-keep",
    "project-rename",
    "project-reorder",
    "range",
    "reduce",
    "render",
    "sample",
    "sample-distinct",
    "scan",
    "search",
    "serialize",
    "sort by",
    "summarize",
    "take",
    "top",
    "top-hitters",
    "top-nested",
    "union",
    "where",
];
