//! Expressions that make a text, a list or a mapping of several values. They say nothing of what a rule needs, so they
//! are read only where the value itself is wanted (`answers`).

use super::expr::{Expr, Kind};
use super::read::{Env, Frame, Reader};
use super::value::{Shape, Val};
use crate::python::syntax::tree::{
    self, ConversionFlag, FString, FStringPart, InterpolatedStringElement as Element,
};
use std::ops::Range;
use std::sync::Arc;

/// More members of a list or mapping that is written down are not read.
const LONGEST: usize = 1_000;

impl<'a> Reader<'a> {
    /// What is made of several values; none of anything else.
    pub(super) fn made(
        &mut self,
        expr: &'a tree::Expr,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        if !self.wide {
            return None;
        }
        let kind = match expr {
            tree::Expr::FString(text) => {
                let mut parts = Vec::new();
                for part in text.value.iter() {
                    match part {
                        FStringPart::Literal(literal) => {
                            parts.push(plain(literal.as_str(), span)?);
                        }
                        FStringPart::FString(text) => {
                            self.pieces(text, &mut parts, span, frame, env)?;
                        }
                    }
                }
                Kind::Format(Arc::from(parts))
            }
            tree::Expr::BinOp(op) if op.op == tree::Operator::Add => {
                let left = self.expr(&op.left, frame, env);
                let right = self.expr(&op.right, frame, env);
                Kind::Sum(left, right)
            }
            tree::Expr::Dict(dict) => {
                let mut members: Vec<(Arc<str>, Expr)> = Vec::new();
                for item in &dict.items {
                    let key = self.text(item.key.as_ref()?, frame, env)?;
                    if members.len() >= LONGEST || members.iter().any(|(known, _)| **known == *key)
                    {
                        return None;
                    }
                    let value = self.expr(&item.value, frame, env);
                    members.push((Arc::from(key), value));
                }
                Kind::Dict(Arc::from(members))
            }
            _ => return None,
        };
        Some(Expr::new(kind, span))
    }

    /// The parts of an f-string: plain text, and values without a format or a conversion but `!s`.
    fn pieces(
        &mut self,
        text: &'a FString,
        parts: &mut Vec<Expr>,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<()> {
        for element in &text.elements {
            let part = match element {
                Element::Literal(literal) => plain(&literal.value, span)?,
                Element::Interpolation(value) => {
                    let is_plain = value.debug_text.is_none()
                        && value.format_spec.is_none()
                        && matches!(value.conversion, ConversionFlag::None | ConversionFlag::Str);
                    if !is_plain {
                        return None;
                    }
                    self.expr(&value.expression, frame, env)
                }
            };
            parts.push(part);
        }
        Some(())
    }

    /// A list or a tuple whose members are no constants.
    pub(super) fn items(
        &mut self,
        elements: &'a [tree::Expr],
        shape: Shape,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        let starred = || elements.iter().any(tree::Expr::is_starred_expr);
        if !self.wide || elements.len() > LONGEST || starred() {
            return None;
        }
        let mut items = Vec::new();
        for element in elements {
            items.push(self.expr(element, frame, env));
        }
        Some(Expr::new(Kind::Items(Arc::from(items), shape), span))
    }

    /// `whole[index]` and `whole[from:to]` of what is no event.
    pub(super) fn subscript(
        &mut self,
        whole: Expr,
        index: &'a tree::Expr,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        if !self.wide {
            return None;
        }
        let tree::Expr::Slice(slice) = index else {
            let index = self.expr(index, frame, env);
            return Some(Expr::new(Kind::Item(whole, index), span));
        };
        if slice.step.is_some() {
            return None;
        }
        let mut bound = |bound: &'a Option<Box<tree::Expr>>| {
            let bound = bound.as_ref()?;
            Some(self.expr(bound, frame, env))
        };
        let (from, to) = (bound(&slice.lower), bound(&slice.upper));
        Some(Expr::new(Kind::Slice(whole, from, to), span))
    }

    /// `mapping.get(key, default)` of a constant.
    pub(super) fn lookup(
        &mut self,
        on: &Expr,
        key: &'a tree::Expr,
        default: Val,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        if !self.wide || !matches!(on.as_const(), Some(Val::Map(_))) {
            return None;
        }
        let key = self.expr(key, frame, env);
        let default = Expr::constant(default, span);
        Some(Expr::new(Kind::Lookup(on.clone(), key, default), span))
    }

    /// `text.split(separator)`.
    pub(super) fn split(
        &mut self,
        on: &Expr,
        arguments: &'a tree::Arguments,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        match (&*arguments.args, arguments.keywords.is_empty()) {
            ([separator], true) if self.wide && !separator.is_starred_expr() => {
                let separator = self.expr(separator, frame, env);
                Some(Expr::new(Kind::Split(on.clone(), separator), span))
            }
            _ => None,
        }
    }
}

/// A text as it is written down. Half a surrogate pair reads as U+FFFD.
fn plain(text: &str, span: &Range<usize>) -> Option<Expr> {
    (!text.contains('\u{FFFD}')).then(|| Expr::constant(Val::text(text), span))
}
