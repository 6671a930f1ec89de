//! `parse` and `parse-where`: columns out of a text by a pattern of fixed texts and captures.

use super::parse_regex::Readings;
use crate::diagnostic::Diagnostic;
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, unique_name};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator, Origin};
use crate::kql::run::eval::eval;
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop, convert, text};
use crate::kql::syntax::tree::{self, ParsePiece, Setting};
use crate::value::{ColumnBuilder, Type, Value};
use arrow_array::UInt32Array;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[
    Doc::operator(
        &["parse"],
        "T | parse [kind=simple|relaxed|regex] expression with [*] \"text\" Column[:type] [*] …",
        "Cuts columns out of a text by the fixed texts around them. Rows that do not fit are kept, with empty columns.",
        "Syslog | parse SyslogMessage with * \"from \" Address \" port \" Port:int *",
    ),
    Doc::operator(
        &["parse-where"],
        "T | parse-where [kind=simple|regex] expression with [*] \"text\" Column[:type] [*] …",
        "Cuts columns out of a text by the fixed texts around them, and drops the rows that do not fit.",
        "Syslog | parse-where SyslogMessage with * \"from \" Address \" port \" Port:int *",
    ),
];

#[derive(Debug)]
struct Parse {
    source: Expr,
    pattern: Option<Regex>,
    /// The readings of `kind=regex`.
    regex: Option<Readings>,
    /// The place and the type of each captured column, in the order of the groups.
    columns: Vec<(usize, Type)>,
    relaxed: bool,
    drop: bool,
}

/// Analyses it.
pub fn bind(
    binder: &mut Binder,
    settings: &[Option<Setting>; 2],
    source: &tree::Expr,
    pieces: &[ParsePiece],
    drop: bool,
    input: &Pipeline,
) -> Option<Made> {
    let [kind, flags] = settings;
    let source = binder.scalar(source, input.row());
    let source = binder.convert(source, Type::String);
    let kind_name = kind.as_ref().map_or("simple", |k| k.value.text.as_str());
    if !matches!(kind_name, "simple" | "relaxed" | "regex") {
        let span = kind.as_ref().map_or(source.span, |k| k.value.span);
        let message = format!("`{kind_name}` is not a kind of parse: simple, relaxed or regex");
        binder.error("KQL005", span, message);
    }
    let relaxed = kind_name == "relaxed";
    let mut schema = input.schema.clone();
    let mut columns = Vec::new();
    let mut pattern = String::from("(?s)^");
    for (at, piece) in pieces.iter().enumerate() {
        let last = at + 1 == pieces.len();
        match piece {
            ParsePiece::Text(text, _) => pattern.push_str(&regex::escape(text)),
            ParsePiece::Star => pattern.push_str(if last { ".*" } else { ".*?" }),
            ParsePiece::Column(name, ty) => {
                // Beside `*` or another column a number ends where its digits end;
                // before a text or the end, what stands there must be a number.
                let decided = matches!(pieces.get(at + 1), Some(ParsePiece::Text(..)) | None);
                let before = pattern.len();
                pattern.push_str(match ty {
                    Type::Int | Type::Long if !decided => r"(\s*[-+]?[0-9]+)",
                    Type::Real if !decided => r"(\s*[-+]?[0-9]*\.?[0-9]+)",
                    _ if last => "(.*)",
                    _ => "(.*?)",
                });
                // Where there is no number, the column alone is null.
                if relaxed && !decided && pattern.get(before..).is_some_and(|p| p != "(.*?)") {
                    pattern.push('?');
                }
                let known = schema.iter().position(|(n, _)| *n == name.text);
                let place = match known {
                    Some(place) => {
                        if let Some(slot) = schema.get_mut(place) {
                            slot.1 = *ty;
                        }
                        place
                    }
                    None => {
                        schema.push((unique_name(&name.text, &schema), *ty));
                        schema.len() - 1
                    }
                };
                columns.push((place, *ty));
            }
        }
    }
    pattern.push('$');
    if kind_name == "regex" {
        let flag_text = flags.as_ref().map_or("", |f| f.value.text.as_str());
        let regex = match Readings::new(pieces, flag_text) {
            Ok(readings) => Some(readings),
            Err((span, why)) => {
                let flag_span = flags.as_ref().map(|f| f.value.span);
                let span = span.or(flag_span).unwrap_or(source.span);
                let message = format!("The regular expression cannot be read: {why}");
                binder.error("KQL-regex", span, message);
                None
            }
        };
        let operator = Parse {
            source,
            pattern: None,
            regex,
            columns,
            relaxed: false,
            drop,
        };
        return Some(Made::new(operator, schema));
    }
    if let Some(flags) = flags {
        let message = "Flags belong to `kind=regex`";
        binder.error("KQL005", flags.name.span, message);
    }
    let compiled = match text::compile(&pattern) {
        Ok(compiled) => Some(compiled),
        Err(why) => {
            let span = pieces.iter().find_map(|p| match p {
                ParsePiece::Text(_, span) => Some(*span),
                _ => None,
            });
            let message = format!("The pattern cannot be read: {why}");
            binder.error("KQL-regex", span.unwrap_or(source.span), message);
            None
        }
    };
    let operator = Parse {
        source,
        pattern: compiled,
        regex: None,
        columns,
        relaxed,
        drop,
    };
    Some(Made::new(operator, schema))
}

impl Parse {
    /// The captured values of a text; none where it does not match.
    fn captures(&self, text: &str) -> Result<Option<Vec<Value>>, Stop> {
        let texts: Option<Vec<&str>> = if let Some(regex) = &self.regex {
            regex.captures(text, self.columns.len()).ok_or_else(|| {
                let message = "The pattern leaves a part of a text over, and whether it must cover all of it is not certain";
                let diagnostic = Diagnostic::error("KQL-unsupported", self.source.span, message);
                Stop::Failed(Box::new(diagnostic.with_hint(
                    "Begin and end the pattern with `*`, and add `s` to the flags for texts of several lines",
                )))
            })?
        } else {
            let captures = self.pattern.as_ref().and_then(|p| p.captures(text));
            captures.map(|captures| {
                (1..=self.columns.len())
                    .map(|group| captures.get(group).map_or("", |m| m.as_str()))
                    .collect()
            })
        };
        Ok(texts.and_then(|texts| self.values(&texts)))
    }

    fn values(&self, texts: &[&str]) -> Option<Vec<Value>> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (found, (_, ty)) in texts.iter().zip(&self.columns) {
            let value = convert::convert(&Value::String(Arc::from(*found)), *ty);
            if value.is_null() && *ty != Type::String && !self.relaxed {
                return None;
            }
            values.push(value);
        }
        Some(values)
    }
}

impl Operator for Parse {
    fn origins(&self, input: usize) -> Option<Vec<Origin>> {
        // A reading of `kind=regex` may refuse a text, and with it all rows.
        if self.drop || self.regex.is_some() {
            return None;
        }
        let mut columns = BTreeSet::new();
        if !self.source.reads(&mut columns) {
            return None;
        }
        let mut origins: Vec<Origin> = (0..input).map(Origin::Same).collect();
        for (at, _) in &self.columns {
            let origin = Origin::Of(columns.clone());
            match origins.get_mut(*at) {
                Some(slot) => *slot = origin,
                None => origins.push(origin),
            }
        }
        Some(origins)
    }

    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let source = eval(&self.source, &input, runtime)?;
        let mut builders: Vec<ColumnBuilder> = self
            .columns
            .iter()
            .map(|(_, ty)| ColumnBuilder::new(*ty))
            .collect();
        let mut rows = Vec::new();
        for row in 0..input.rows {
            if row % 4096 == 0 {
                runtime.check()?;
            }
            let found = self.captures(&convert::text(&source.value(row)))?;
            if found.is_none() && self.drop {
                continue;
            }
            rows.push(row as u32);
            for (at, builder) in builders.iter_mut().enumerate() {
                match found.as_ref().and_then(|f| f.get(at)) {
                    Some(value) => builder.push(value),
                    None => builder.push_null(),
                }
            }
        }
        let frame = if rows.len() == input.rows {
            input
        } else {
            input.take(&Arc::new(UInt32Array::from(rows)))
        };
        let mut columns = frame.columns.clone();
        for (builder, (at, _)) in builders.into_iter().zip(&self.columns) {
            let column = Lazy::new(builder.finish());
            match columns.get_mut(*at) {
                Some(slot) => *slot = column,
                None => columns.push(column),
            }
        }
        Ok(frame.with_columns(columns))
    }
}
