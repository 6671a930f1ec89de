//! Help for a field with fixed choices: what it may be set to, and the edits that set it.

use super::document::{Doc, Kind};
use super::duration::DurationStyle;
use super::layout::{Kind as NodeKind, NodeId, Spot, Style, Value};
use super::scalar::quoted;
use super::schema::{Field, Takes};
use super::{Context, DurationForm, Edit, FieldHelp, Form, Pick, Source};
use crate::author::choices::Choice;
use crate::author::complete::USUAL;
use crate::diagnostic::Span;
use crate::sentinel::parse_duration;

/// Help for the field at a place.
pub fn fields(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<FieldHelp> {
    if !matches!(
        Kind::of(source),
        Kind::Sentinel | Kind::Panther | Kind::Cases
    ) {
        return None;
    }
    let doc = Doc::new(source);
    let offset = doc.layout.floor(offset);
    let mut node = match doc.layout.spot(offset) {
        Spot::Key { node } | Spot::Value { node, .. } => node,
        Spot::Flow { parent, part, .. } => part.unwrap_or(parent),
        Spot::Below { parent, .. } => parent,
        // Behind a value, in a comment: the entry of the line.
        Spot::Nowhere => doc.layout.at(offset),
    };
    // An item of a list of values: the list.
    while matches!(doc.layout.node(node).kind, NodeKind::Item | NodeKind::Word) {
        node = doc.layout.node(node).parent?;
    }
    let field = doc.field(&doc.layout.keys(node))?;
    doc.help(node, field, context)
}

impl Doc<'_> {
    fn help(&self, node: NodeId, field: Field, context: &Context<'_>) -> Option<FieldHelp> {
        let layout = &self.layout;
        let NodeKind::Entry { colon, .. } = &layout.node(node).kind else {
            return None;
        };
        let at = match layout.scalar_span(node) {
            Some((style, span)) => Where {
                span,
                style,
                space: false,
            },
            None => {
                // The blanks behind the colon, where nothing else is on the line.
                let line = layout.line(*colon);
                let rest = layout.slice(Span::new(*colon, line.end));
                let end = if rest.trim().is_empty() {
                    line.end
                } else {
                    *colon
                };
                Where {
                    span: Span::new(*colon, end),
                    style: Style::Plain,
                    space: true,
                }
            }
        };
        let flow = layout.node(node).flow;
        let value = layout.scalar(node);
        let form = match field.takes {
            Takes::One(set) => {
                let choices = self.choices(set, node, context);
                if choices.is_empty() || choices.len() > 400 {
                    return None;
                }
                Form::One(
                    choices
                        .into_iter()
                        .map(|c| at.pick(&c, &value, flow))
                        .collect(),
                )
            }
            Takes::Flag => {
                let choices = ["true", "false"].map(|name| Choice::new(name, "", ""));
                let picks = choices.iter().map(|choice| Pick {
                    value: choice.value.clone(),
                    doc: String::new(),
                    chosen: choice.value == value,
                    edits: vec![at.set(choice.value.clone())],
                });
                Form::One(picks.collect())
            }
            Takes::Column => {
                let columns = self.columns(context).into_iter();
                let choices: Vec<Choice> = columns
                    .map(|(name, ty)| Choice::new(&name, ty.name(), ty.name()))
                    .collect();
                if choices.is_empty() {
                    return None;
                }
                Form::One(choices.iter().map(|c| at.pick(c, &value, flow)).collect())
            }
            Takes::Many(set) => {
                let choices = self.choices(set, node, context);
                if choices.is_empty() || choices.len() > 400 {
                    return None;
                }
                Form::Many(self.many(node, *colon, choices))
            }
            Takes::Duration(least, most) => {
                let usual = USUAL.into_iter().filter(|t| *t >= least && *t <= most);
                let space = if at.space { " " } else { "" };
                Form::Duration(DurationForm {
                    ticks: parse_duration(&value),
                    style: DurationStyle::of(&value).unwrap_or_else(|| self.duration_style()),
                    limits: (least, most),
                    usual: usual.collect(),
                    span: at.span,
                    around: (space.to_owned(), String::new()),
                })
            }
            _ => return None,
        };
        let span = match layout.node(node).value {
            Value::Scalar(_, span) | Value::Flow(span) => span,
            Value::None => at.span,
        };
        Some(FieldHelp {
            key: field.name,
            key_span: layout.key_span(node)?,
            doc: field.doc,
            span,
            value: match &form {
                Form::Many(_) => layout.texts(node).join(", "),
                _ => value,
            },
            form,
        })
    }

    /// The choices of a list; each edit puts one in or takes it out, in the style of the list.
    fn many(&self, node: NodeId, colon: usize, choices: Vec<Choice>) -> Vec<Pick> {
        let layout = &self.layout;
        let items: Vec<NodeId> = layout.items(node).collect();
        let texts: Vec<String> = items.iter().map(|item| layout.scalar(*item)).collect();
        let mut picks: Vec<Pick> = Vec::new();
        for choice in choices {
            let at = texts.iter().position(|text| *text == choice.value);
            let edit = match at {
                Some(at) => self.without(node, &items, at),
                None => self.with(node, colon, &items, &choice.value),
            };
            let doc = match (choice.detail.is_empty(), choice.doc.is_empty()) {
                (_, false) => choice.doc,
                (false, true) => choice.detail,
                (true, true) => String::new(),
            };
            picks.push(Pick {
                value: choice.value,
                doc,
                chosen: at.is_some(),
                edits: edit.into_iter().collect(),
            });
        }
        picks
    }

    /// Takes an item out of a list.
    fn without(&self, node: NodeId, items: &[NodeId], at: usize) -> Option<Edit> {
        let layout = &self.layout;
        let own = layout.node(*items.get(at)?);
        let cut = |span: Span| {
            Some(Edit {
                span,
                text: String::new(),
            })
        };
        if own.flow {
            let scalar = own.span;
            // With the comma before it, or the one behind it where it is the first.
            return match at.checked_sub(1).and_then(|before| items.get(before)) {
                Some(before) => cut(Span::new(layout.node(*before).span.end, scalar.end)),
                None => match items.get(at + 1) {
                    Some(next) => cut(Span::new(scalar.start, layout.node(*next).span.start)),
                    None => cut(scalar),
                },
            };
        }
        let line = layout.line(own.span.start);
        let rest = layout.text.get(line.end..).unwrap_or("");
        let ends = match rest {
            rest if rest.starts_with("\r\n") => 2,
            rest if rest.starts_with('\n') => 1,
            _ => 0,
        };
        if items.len() == 1 {
            // An empty list is written in brackets.
            let NodeKind::Entry { colon, .. } = &layout.node(node).kind else {
                return None;
            };
            return Some(Edit {
                span: Span::new(*colon, line.end),
                text: " []".to_owned(),
            });
        }
        match ends {
            0 => {
                let before = layout.text.get(..line.start).unwrap_or("");
                let kept = before.trim_end_matches(['\n', '\r']).len();
                cut(Span::new(kept, line.end))
            }
            ends => cut(Span::new(line.start, line.end + ends)),
        }
    }

    /// Puts an item into a list.
    fn with(&self, node: NodeId, colon: usize, items: &[NodeId], value: &str) -> Option<Edit> {
        let layout = &self.layout;
        let own = layout.node(node);
        match own.value {
            Value::Flow(span) => {
                let text = quoted(value, Style::Plain, true);
                let closed = layout.slice(span).ends_with(']');
                let end = span.end - usize::from(closed);
                let (at, text) = match items.last() {
                    Some(last) => {
                        let last = layout.node(*last);
                        let style = self.style_of(last.value);
                        let text = match style {
                            Style::Double => format!("\"{}\"", quoted(value, style, true)),
                            Style::Single => format!("'{}'", quoted(value, style, true)),
                            _ => text,
                        };
                        (last.span.end, format!(", {text}"))
                    }
                    None => (end, text),
                };
                Some(Edit {
                    span: Span::new(at, at),
                    text,
                })
            }
            Value::Scalar(..) => None,
            Value::None => {
                let newline = layout.newline();
                let (at, column, style) = match items.last() {
                    Some(last) => {
                        let last = layout.node(*last);
                        (
                            layout.line(last.span.end).end,
                            last.column,
                            self.style_of(last.value),
                        )
                    }
                    None => (layout.line(colon).end, own.column + 2, Style::Plain),
                };
                let text = match style {
                    Style::Double => format!("\"{}\"", quoted(value, style, false)),
                    Style::Single => format!("'{}'", quoted(value, style, false)),
                    _ => quoted(value, Style::Plain, false),
                };
                Some(Edit {
                    span: Span::new(at, at),
                    text: format!("{newline}{}- {text}", " ".repeat(column)),
                })
            }
        }
    }

    fn style_of(&self, value: Value) -> Style {
        match value {
            Value::Scalar(style, _) => style,
            _ => Style::Plain,
        }
    }
}

/// Where a single value is written.
struct Where {
    span: Span,
    style: Style,
    /// Whether a space comes before it.
    space: bool,
}

impl Where {
    fn set(&self, text: String) -> Edit {
        let space = if self.space { " " } else { "" };
        Edit {
            span: self.span,
            text: format!("{space}{text}"),
        }
    }

    fn pick(&self, choice: &Choice, value: &str, flow: bool) -> Pick {
        Pick {
            value: choice.value.clone(),
            doc: match choice.doc.is_empty() {
                true => choice.detail.clone(),
                false => choice.doc.clone(),
            },
            chosen: choice.value == value,
            edits: vec![self.set(quoted(&choice.value, self.style, flow))],
        }
    }
}
