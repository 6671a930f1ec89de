//! Signature help in Python: the call round a place.

use super::names::{self, Module};
use super::scan::{expression_before, scan};
use super::words::{BUILTINS, METHODS, OUTPUTS, TEXT_METHODS, Word};
use crate::author::{Context, Signature, Source};
use crate::diagnostic::Span;

/// The call round a place.
pub fn signature(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Signature> {
    let mut offset = offset.min(source.text.len());
    while !source.text.is_char_boundary(offset) {
        offset -= 1;
    }
    let place = scan(source.text, offset);
    if place.comment {
        return None;
    }
    let module = names::read(source.text);
    for open in place.open.iter().rev() {
        if open.sign != '(' {
            continue;
        }
        let callee = expression_before(source.text, open.at);
        let name = source.text.get(callee.start..callee.end)?;
        if name.is_empty() {
            continue;
        }
        let head = source.text.get(..callee.start)?.trim_end();
        if head.ends_with("def") || head.ends_with("class") {
            return None;
        }
        let (label, doc) = of_name(name, &module, context)?;
        let parameters = parameters(&label);
        let own = source.text.get(*open.parts.last()?..offset)?;
        let named = own.split_once('=').map(|(name, _)| name.trim());
        let at = open.parts.len() - 1;
        let by_name = named.and_then(|named| {
            parameters.iter().position(|span| {
                let text = label.get(span.start..span.end).unwrap_or("");
                text.split(['=', ':']).next().map(str::trim) == Some(named)
            })
        });
        // `*keys` takes all that follow.
        let many = parameters.iter().position(|span| {
            label
                .get(span.start..span.end)
                .unwrap_or("")
                .starts_with('*')
        });
        let active = by_name.or(match many {
            Some(many) if at >= many => Some(many),
            _ => (at < parameters.len()).then_some(at),
        });
        return Some(Signature {
            label,
            doc,
            parameters,
            active,
        });
    }
    None
}

/// How a name is called, and what it does.
pub(super) fn of_name(
    name: &str,
    module: &Module,
    context: &Context<'_>,
) -> Option<(String, String)> {
    let of_word = |word: &Word| (word.signature.to_owned(), word.doc.to_owned());
    let written = |f: &names::Function| {
        (
            format!("{}({})", f.name, f.parameters.join(", ")),
            f.doc.clone(),
        )
    };
    if let Some((receiver, method)) = name.rsplit_once('.') {
        let import = module
            .imports
            .iter()
            .find(|i| i.local == receiver && i.name.is_empty());
        if let Some(import) = import {
            return imported(&import.module, method, context).map(|(f, _)| written(&f));
        }
        if let Some((word, _)) = METHODS.iter().find(|(w, _)| w.name == method) {
            return Some(of_word(word));
        }
        return TEXT_METHODS.iter().find(|w| w.name == method).map(of_word);
    }
    if let Some(function) = module.function(name) {
        let (label, doc) = written(function);
        let known = OUTPUTS.iter().find(|o| o.word.name == name);
        let doc = match (doc.is_empty(), known) {
            (true, Some(output)) => output.word.doc.to_owned(),
            _ => doc,
        };
        return Some((label, doc));
    }
    let import = module.imports.iter().find(|i| i.local == name);
    if let Some(import) = import {
        return imported(&import.module, &import.name, context).map(|(f, _)| written(&f));
    }
    BUILTINS.iter().find(|w| w.name == name).map(of_word)
}

/// A function of a global, and the file it stands in.
pub(super) fn imported(
    module: &str,
    name: &str,
    context: &Context<'_>,
) -> Option<(names::Function, std::path::PathBuf)> {
    let global = context.around.globals().find(|g| g.id == module)?;
    let (path, text) = context.around.body(global)?;
    let function = names::read(text).function(name)?.clone();
    Some((function, path))
}

/// The places of the parameters in a signature.
fn parameters(label: &str) -> Vec<Span> {
    let Some(open) = label.find('(') else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut start = open + 1;
    let mut depth = 0usize;
    for (at, c) in label.char_indices().filter(|(at, _)| *at > open) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ',' | ')' if depth == 0 => {
                let part = label.get(start..at).unwrap_or("");
                let blank = part.len() - part.trim_start().len();
                if !part.trim().is_empty() {
                    found.push(Span::new(start + blank, start + blank + part.trim().len()));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}
