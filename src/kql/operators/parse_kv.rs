//! `parse-kv`: the values of named keys out of a text of pairs.

use super::parse_kv_read::{Pairs, Way};
use crate::diagnostic::{Diagnostic, Span};
use crate::kql::bind::operator::{Made, Pipeline};
use crate::kql::bind::{Binder, Row, names};
use crate::kql::operators::docs::Doc;
use crate::kql::plan::{Expr, Operator};
use crate::kql::run::eval::eval;
use crate::kql::run::frame::{Frame, Lazy};
use crate::kql::run::{Runtime, Stop, convert, text};
use crate::kql::syntax::tree::{Name, ParseKv};
use crate::value::{ColumnBuilder, Type, Value};
use std::sync::Arc;

/// Hover text and reference page.
pub const DOCS: &[Doc] = &[Doc::operator(
    &["parse-kv"],
    "T | parse-kv text as (key:type, …) [with (pair_delimiter=\",\", kv_delimiter=\"=\", quote='\"', escape='\\\\', greedy=true | regex=@\"…\")]",
    "Takes the values of named keys out of a text of pairs, each into a column of its own. Without delimiters everything that is no letter or digit parts the text.",
    "Syslog | parse-kv SyslogMessage as (src:string, dst:string) with (pair_delimiter=\" \", kv_delimiter=\"=\")",
)];

#[derive(Debug)]
struct Operation {
    source: Expr,
    pairs: Pairs,
    keys: Vec<(String, Type)>,
    span: Span,
}

/// Analyses it.
pub fn bind(binder: &mut Binder, parse: &ParseKv, input: &Pipeline, span: Span) -> Option<Made> {
    let source = binder.scalar(&parse.source, input.row());
    let source = binder.convert(source, Type::String);
    let mut schema = input.schema.clone();
    let mut keys = Vec::new();
    for (name, ty) in &parse.keys {
        if schema.iter().any(|(n, _)| *n == name.text) {
            let message = format!("The column `{}` is there already", name.text);
            binder.told(
                Diagnostic::error("KQL-duplicate", name.span, message)
                    .with_hint("Rename or drop it before"),
            );
            continue;
        }
        schema.push((name.text.clone(), *ty));
        keys.push((name.text.clone(), *ty));
    }
    let pairs = way(binder, parse, &keys)?;
    Some(Made::new(
        Operation {
            source,
            pairs,
            keys,
            span,
        },
        schema,
    ))
}

/// How the pairs are told apart.
fn way(binder: &mut Binder, parse: &ParseKv, keys: &[(String, Type)]) -> Option<Pairs> {
    let mut pair: Option<String> = None;
    let mut between: Option<String> = None;
    let mut regex = None;
    let mut greedy = false;
    let mut quotes: Vec<(char, char)> = Vec::new();
    let mut escapes: Vec<char> = Vec::new();
    let wrong = |binder: &mut Binder, name: &Name, message: &str| {
        binder.error("KQL-parse-kv", name.span, message.to_owned());
    };
    for (name, value) in &parse.settings {
        let bound = binder.scalar(value, Row::NONE);
        bound.ty?;
        let Some(given) = names::constant(&bound) else {
            binder.error("KQL129", value.span, "A value written out is expected here");
            return None;
        };
        let given_text = convert::text(&given);
        let characters: Vec<char> = given_text.chars().collect();
        match name.text.as_str() {
            "pair_delimiter" => pair = Some(given_text.to_string()),
            "kv_delimiter" => between = Some(given_text.to_string()),
            "quote" => match characters.as_slice() {
                [one] => quotes.push((*one, *one)),
                [open, close] => quotes.push((*open, *close)),
                _ => {
                    wrong(
                        binder,
                        name,
                        "A quote is one character, or two: one that opens and one that closes",
                    );
                    return None;
                }
            },
            "escape" => match characters.as_slice() {
                [one] => escapes.push(*one),
                _ => {
                    wrong(binder, name, "An escape is one character");
                    return None;
                }
            },
            "greedy" => greedy = given == Value::Bool(true),
            "regex" => {
                let compiled = match text::compile(&given_text) {
                    Ok(compiled) => compiled,
                    Err(why) => {
                        let message = format!("The regular expression cannot be read: {why}");
                        binder.error("KQL-regex", value.span, message);
                        return None;
                    }
                };
                if compiled.captures_len() != 3 {
                    wrong(
                        binder,
                        name,
                        "The regular expression needs two groups: the key and the value",
                    );
                    return None;
                }
                regex = Some(compiled);
            }
            other => {
                let message = format!("`{other}` is not a setting of `parse-kv`");
                wrong(binder, name, &message);
                return None;
            }
        }
    }
    let at = parse.settings.first().map(|(n, _)| n.clone());
    let place = at.unwrap_or(Name {
        text: String::new(),
        span: parse.source.span,
    });
    let way = match (regex, pair, between) {
        (Some(regex), None, None) => Way::Regex(regex),
        (None, Some(pair), Some(between)) if !pair.is_empty() && !between.is_empty() => {
            Way::Delimited {
                pair,
                between,
                greedy,
            }
        }
        (None, None, None) if !greedy => Way::Loose,
        _ => {
            wrong(
                binder,
                &place,
                "`parse-kv` takes `pair_delimiter` and `kv_delimiter`, or `regex`, or neither",
            );
            return None;
        }
    };
    Some(Pairs {
        way,
        quotes,
        escapes,
        keys: keys.iter().map(|(n, _)| n.clone()).collect(),
    })
}

impl Operator for Operation {
    fn run(&self, input: Frame, runtime: &Runtime) -> Result<Frame, Stop> {
        let source = eval(&self.source, &input, runtime)?;
        let mut builders: Vec<ColumnBuilder> = self
            .keys
            .iter()
            .map(|(_, ty)| ColumnBuilder::new(*ty))
            .collect();
        for row in 0..input.rows {
            if row % 4096 == 0 {
                runtime.check()?;
            }
            let text = convert::text(&source.value(row));
            let found = self.pairs.find(&text).map_err(|why| {
                let diagnostic = Diagnostic::error("KQL-unsupported", self.span, why);
                Stop::Failed(Box::new(diagnostic))
            })?;
            for ((builder, value), (_, ty)) in builders.iter_mut().zip(found).zip(&self.keys) {
                match value {
                    Some(value) => {
                        let value = Value::String(Arc::from(value.trim()));
                        builder.push(&convert::convert(&value, *ty));
                    }
                    None => builder.push_null(),
                }
            }
        }
        let mut columns = input.columns.clone();
        columns.extend(builders.into_iter().map(|b| Lazy::new(b.finish())));
        Ok(input.with_columns(columns))
    }
}
