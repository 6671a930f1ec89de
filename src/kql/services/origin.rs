//! Where a column comes from: back over the stages, through `let` names and the right sides of joins.

use super::values::Source;
use super::view::View;
use crate::diagnostic::Span;
use crate::kql::bind::trace::Given;
use crate::kql::syntax::lexer::Kind;

/// Where a column was made.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The name where it was made in the text; none for a column of a table of the catalog.
    pub at: Option<Span>,
    /// The operator that made it.
    pub stage: Option<Span>,
    /// The column of a table in which its values are, where that is certain.
    pub source: Option<Source>,
}

/// Most steps back.
const STEPS: usize = 200;

/// Functions of one value that give a text with the same or nearly the same values.
const KEEPING: [&str; 8] = [
    "tostring",
    "parse_json",
    "todynamic",
    "trim_start",
    "trim_end",
    "toint",
    "tolong",
    "todatetime",
];

/// A value's way: a column before a segment, and a path into it.
#[derive(Clone, Debug)]
struct At {
    segment: usize,
    column: String,
    path: Vec<String>,
}

/// What a stage does with a column.
enum Step {
    /// Made here, from nothing that is known.
    Made(Span),
    /// Made here out of a column before it, with a path.
    From(Span, Option<(String, Vec<String>)>),
    /// Passed on.
    Passed,
}

impl View<'_> {
    /// Where a column that is seen before a segment's operator comes from.
    pub fn origin(&self, segment: usize, column: &str) -> Origin {
        let mut origin = Origin::default();
        let before = match self.layout.get(segment).previous {
            Some(before) => before,
            // The first operator within `mv-apply … on (…)` sees the elements.
            None => match self.layout.outer(segment) {
                Some(outer) if self.layout.operator(outer).starts_with("mv") => outer,
                _ => return origin,
            },
        };
        let at = At {
            segment: before,
            column: column.to_owned(),
            path: Vec::new(),
        };
        self.walk(at, &mut origin);
        origin
    }

    /// Where a column that a segment gives comes from.
    pub fn origin_after(&self, segment: usize, column: &str, path: Vec<String>) -> Origin {
        let mut origin = Origin::default();
        let at = At {
            segment,
            column: column.to_owned(),
            path,
        };
        self.walk(at, &mut origin);
        origin
    }

    fn walk(&self, mut at: At, origin: &mut Origin) {
        for _ in 0..STEPS {
            let s = self.layout.get(at.segment);
            let piped = s.pipe.is_some();
            let stage = self.stage(at.segment);
            if !piped && stage.is_none_or(|s| s.input.is_none()) {
                match self.begin(&at, origin) {
                    Some(next) => at = next,
                    None => return,
                }
                continue;
            }
            match self.step(&at) {
                Step::Made(span) => {
                    if origin.at.is_none() {
                        origin.at = Some(span);
                        origin.stage = stage.map(|s| s.span);
                    }
                    return;
                }
                Step::From(span, from) => {
                    if origin.at.is_none() {
                        origin.at = Some(span);
                        origin.stage = stage.map(|s| s.span);
                    }
                    let Some((column, mut path)) = from else {
                        return;
                    };
                    path.append(&mut at.path);
                    at.column = column;
                    at.path = path;
                }
                Step::Passed => {}
            }
            let input = self.input(at.segment).unwrap_or_default();
            if input.schema.iter().any(|(n, _)| *n == at.column) {
                match s.previous {
                    Some(previous) => at.segment = previous,
                    // The first operator of `mv-apply … on (…)`: its columns come from the one around it.
                    None => match self.layout.outer(at.segment) {
                        Some(outer) if self.layout.operator(outer).starts_with("mv-apply") => {
                            at.segment = outer;
                            if self.element(&mut at, origin) {
                                continue;
                            }
                            match self.layout.get(outer).previous {
                                Some(previous) => at.segment = previous,
                                None => return,
                            }
                        }
                        _ => return,
                    },
                }
                continue;
            }
            match self.inside(&at) {
                Some(next) => at = next,
                None => {
                    // Named by itself, such as `count_`.
                    if let Some(stage) = stage.filter(|_| origin.at.is_none()) {
                        origin.at = Some(stage.name);
                        origin.stage = Some(stage.span);
                    }
                    return;
                }
            }
        }
    }

    /// The element that `mv-apply Name = array on (…)` gives its operators; true when that is the column.
    fn element(&self, at: &mut At, origin: &mut Origin) -> bool {
        match self.step(at) {
            Step::From(span, from) => {
                if origin.at.is_none() {
                    origin.at = Some(span);
                }
                let Some((column, mut path)) = from else {
                    return false;
                };
                let Some(previous) = self.layout.get(at.segment).previous else {
                    return false;
                };
                path.append(&mut at.path);
                *at = At {
                    segment: previous,
                    column,
                    path,
                };
                true
            }
            Step::Made(_) | Step::Passed => false,
        }
    }

    /// The column's name where a segment gives it a value, and what that value is made of.
    fn step(&self, at: &At) -> Step {
        let layout = &self.layout;
        let level = layout.level(at.segment);
        let operator = layout.operator(at.segment);
        let expanding = matches!(operator, "mv-expand" | "mvexpand" | "mv-apply" | "mvapply");
        for (index, token) in level.iter().enumerate() {
            let token = *token;
            let Some((name, span)) = layout.name_at(token) else {
                continue;
            };
            if name != at.column || layout.span(token).start != span.start {
                continue;
            }
            let last = if layout.is(token, "[") {
                token + 2
            } else {
                token
            };
            if layout.is(last + 1, "=") && index > 0 {
                let mut from = self.path_of(last + 2);
                if let Some((_, path)) = from.as_mut().filter(|_| expanding) {
                    path.push("[]".to_owned());
                }
                return Step::From(span, from);
            }
            if layout.is(last + 1, ":")
                || matches!(operator, "parse" | "parse-where") && self.behind_with(&level, token)
            {
                return Step::Made(span);
            }
            if expanding && index > 0 && !layout.is(token - 1, ".") && !layout.is(last + 1, ".") {
                return Step::From(span, Some((at.column.clone(), vec!["[]".to_owned()])));
            }
            // `(a, b) = …`
        }
        for token in &level {
            if !layout.is(*token, "(") {
                continue;
            }
            let Some(close) = layout.partner.get(*token).copied().flatten() else {
                continue;
            };
            if !layout.is(close + 1, "=") {
                continue;
            }
            for inner in token + 1..close {
                if layout.word(inner) == at.column {
                    return Step::Made(layout.span(inner));
                }
            }
        }
        Step::Passed
    }

    fn behind_with(&self, level: &[usize], token: usize) -> bool {
        level
            .iter()
            .any(|t| *t < token && self.layout.word(*t) == "with")
    }

    /// The column and path that an expression from a token on is, wrapped in nothing but conversions;
    /// none where it is more.
    pub fn path_of(&self, from: usize) -> Option<(String, Vec<String>)> {
        let layout = &self.layout;
        let mut at = from;
        let mut closes = 0;
        while layout.is(at + 1, "(") && KEEPING.contains(&layout.word(at)) {
            at += 2;
            closes += 1;
        }
        let (column, span) = layout.name_at(at)?;
        at += if layout.is(at, "[") { 3 } else { 1 };
        // A column, or a name of one that the analysis does not know: not a `let`.
        if self.defined(span).is_some() || layout.is(at, "(") {
            return None;
        }
        let mut path = Vec::new();
        loop {
            if layout.is(at, ".") {
                let (key, _) = layout.name_at(at + 1)?;
                path.push(key);
                at += if layout.is(at + 1, "[") { 4 } else { 2 };
            } else if layout.is(at, "[") {
                match layout.kind(at + 1) {
                    Kind::Text(key) => path.push(key.clone()),
                    Kind::Long => path.push("[]".to_owned()),
                    _ => return None,
                }
                if !layout.is(at + 2, "]") {
                    return None;
                }
                at += 3;
            } else if closes > 0 && layout.is(at, ")") {
                closes -= 1;
                at += 1;
            } else {
                break;
            }
        }
        let ends = match layout.kind(at) {
            Kind::Punct(p) => matches!(*p, "," | "|" | ")" | ";" | "}"),
            Kind::End => true,
            Kind::Name => matches!(
                layout.word(at),
                "by" | "to" | "on" | "limit" | "asc" | "desc"
            ),
            _ => false,
        };
        (closes == 0 && ends || from == at).then_some((column, path))
    }

    /// A column of the right side of a join, or of a table of a union.
    fn inside(&self, at: &At) -> Option<At> {
        let layout = &self.layout;
        let operator = layout.operator(at.segment);
        if !matches!(operator, "join" | "lookup" | "union") {
            return None;
        }
        let plain = at.column.trim_end_matches(|c: char| c.is_ascii_digit());
        for token in layout.level(at.segment) {
            if layout.is(token, "(") {
                let inside = layout.first_inside(token)?;
                let last = layout.last_of_chain(inside);
                let rows = self.output(last);
                for name in [at.column.as_str(), plain] {
                    if rows.schema.iter().any(|(n, _)| n == name) {
                        return Some(At {
                            segment: last,
                            column: name.to_owned(),
                            path: at.path.clone(),
                        });
                    }
                }
            }
        }
        None
    }

    /// A column of what begins a pipe: on into a `let`, or a table of the catalog.
    fn begin(&self, at: &At, origin: &mut Origin) -> Option<At> {
        let layout = &self.layout;
        let start = layout.start(at.segment);
        let end = layout.get(at.segment).end;
        if matches!(layout.operator(at.segment), "union" | "search" | "find") {
            return self.inside(at);
        }
        if matches!(layout.operator(at.segment), "print" | "range") {
            if origin.at.is_none() {
                let made = layout
                    .level(at.segment)
                    .into_iter()
                    .find(|t| *t > start && layout.word(*t) == at.column);
                origin.at = made.map(|t| layout.span(t));
                origin.stage = self.stage(at.segment).map(|s| s.span);
            }
            return None;
        }
        if layout.operator(at.segment) == "datatable"
            || layout.operator(at.segment) == "externaldata"
        {
            let made = (start..end).find(|t| layout.word(*t) == at.column && layout.is(t + 1, ":"));
            if origin.at.is_none() {
                origin.at = made.map(|t| layout.span(t));
            }
            return None;
        }
        // `(T | …)`, `materialize(T | …)`: the rows of the last stage in the bracket.
        let bracket = if layout.is(start, "(") {
            Some(start)
        } else if matches!(layout.word(start), "materialize" | "view") && layout.is(start + 1, "(")
        {
            Some(start + 1)
        } else {
            None
        };
        if let Some(bracket) = bracket {
            let inside = layout.first_inside(bracket)?;
            return Some(At {
                segment: layout.last_of_chain(inside),
                ..at.clone()
            });
        }
        let (name, span) = layout.name_at(start)?;
        if let Some(definition) = self.defined(span) {
            if definition.at == span || !matches!(definition.given, Given::Table(_)) {
                return None;
            }
            let token = layout
                .tokens
                .partition_point(|t| t.span.start < definition.at.start);
            let segment = layout.segment(token);
            let is_let = layout.start(segment) > token;
            // `let x = T | …`: the end of that chain; `… | as x`: the stage before.
            return Some(At {
                segment: if is_let {
                    layout.last_of_chain(segment)
                } else {
                    layout.get(segment).previous?
                },
                ..at.clone()
            });
        }
        let rows = self.table(&name)?;
        if rows.schema.iter().any(|(n, _)| *n == at.column) {
            origin.source = Some(Source {
                table: name,
                column: at.column.clone(),
                path: at.path.clone(),
            });
        }
        None
    }
}
