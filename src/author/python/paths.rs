//! Which part of an event an expression is.

use super::names::Module;
use super::scan::{expression_before, literal, scan};
use crate::author::{Context, EventPath, Source};
use crate::diagnostic::Span;

/// Most names that are followed.
const DEPTH: usize = 6;

/// Methods that look a key up.
const LOOKS: [&str; 3] = ["get", "deep_get", "deep_walk"];

/// The keys from the event to what an expression of a text is; none where it is no part of the event. A name is followed
/// to where it was assigned.
pub fn path_of(text: &str, span: Span, module: &Module) -> Option<Vec<String>> {
    follow(text, span, module, 0)
}

fn follow(text: &str, span: Span, module: &Module, depth: usize) -> Option<Vec<String>> {
    if depth > DEPTH {
        return None;
    }
    let expression = text.get(span.start..span.end)?;
    let trimmed = expression.trim();
    let start = span.start + (expression.len() - expression.trim_start().len());
    let end = start + trimmed.len();
    if trimmed.is_empty() {
        return None;
    }
    // `event.get("a") or {}`: the first one.
    if let Some(at) = top_level_or(trimmed) {
        return follow(text, Span::new(start, start + at), module, depth + 1);
    }
    if trimmed.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return of_name(text, trimmed, start, module, depth);
    }
    let last = trimmed.chars().next_back()?;
    let open = match last {
        ')' | ']' => opening(trimmed)?,
        _ => return None,
    };
    let inner = trimmed.get(open + 1..trimmed.len() - 1)?;
    let arguments = parts(inner);
    let head = trimmed.get(..open)?;
    let at = |text_before: &str| Span::new(start, start + text_before.len());
    if last == ']' {
        let mut path = follow(text, at(head), module, depth + 1)?;
        let [key] = arguments.as_slice() else {
            return None;
        };
        match literal(key) {
            Some(key) => path.push(key.to_owned()),
            // An element of a list.
            None if key.trim().parse::<i64>().is_ok() => {}
            None => return None,
        }
        return Some(path);
    }
    let _ = end;
    if let Some((receiver, method)) = head.rsplit_once('.') {
        if !LOOKS.contains(&method.trim()) {
            return None;
        }
        let mut path = follow(text, at(receiver), module, depth + 1)?;
        for argument in positional(&arguments, method.trim()) {
            path.push(literal(argument)?.to_owned());
        }
        return Some(path);
    }
    // `deep_get(event, "a", "b")` of a helper.
    if matches!(head.trim(), "deep_get" | "deep_walk") {
        let (first, keys) = arguments.split_first()?;
        let offset = inner.find(first)?;
        let from = start + open + 1 + offset;
        let mut path = follow(text, Span::new(from, from + first.len()), module, depth + 1)?;
        for argument in positional(keys, "deep_get") {
            path.push(literal(argument)?.to_owned());
        }
        return Some(path);
    }
    None
}

/// The arguments that are keys: for `get` the first one, for the others all that are not named.
fn positional<'a>(arguments: &[&'a str], method: &str) -> Vec<&'a str> {
    let plain = arguments.iter().copied().filter(|argument| {
        let name = argument.trim().split('=').next().unwrap_or("").trim();
        let named = argument.contains('=') && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        !argument.trim().is_empty() && !named
    });
    match method {
        "get" => plain.take(1).collect(),
        _ => plain.collect(),
    }
}

fn of_name(
    text: &str,
    name: &str,
    at: usize,
    module: &Module,
    depth: usize,
) -> Option<Vec<String>> {
    if matches!(name, "event" | "resource") {
        return Some(Vec::new());
    }
    let scope = module.scope_at(at);
    let home = module.home(name, scope)?;
    let mut same = module.assigned.iter().filter(|(known, scope, value)| {
        known == name && module.home(known, *scope) == Some(home) && value.end <= at
    });
    let (_, _, value) = same.next_back()?;
    follow(text, *value, module, depth + 1)
}

/// Where ` or ` stands outside of brackets and strings.
fn top_level_or(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(" or ") {
        let at = from + found;
        let place = scan(text, at);
        if place.open.is_empty() && place.string.is_none() {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// The bracket that the last sign of a text closes.
fn opening(text: &str) -> Option<usize> {
    let place = scan(text, text.len().checked_sub(1)?);
    place.open.last().map(|open| open.at)
}

/// The parts of a text between commas that stand in no bracket.
fn parts(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(',') {
        let place = scan(text, at);
        if place.open.is_empty() && place.string.is_none() && !place.comment {
            found.push(text.get(from..at).unwrap_or(""));
            from = at + 1;
        }
    }
    found.push(text.get(from..).unwrap_or(""));
    found
}

/// The part of the event whose key the string at a place is: of `get("…")`, `deep_get("a", "…")` and `["…"]`.
pub fn key_place(text: &str, offset: usize, module: &Module) -> Option<Vec<String>> {
    let place = scan(text, offset);
    let string = place.string?;
    let open = place.open.last()?;
    let own = open.parts.last()?;
    // Only the string itself, not a part of an expression.
    if !text.get(*own..string.start)?.trim().is_empty() {
        return None;
    }
    let callee = expression_before(text, open.at);
    let name = text.get(callee.start..callee.end)?;
    if open.sign == '[' {
        return path_of(text, callee, module).filter(|_| !name.is_empty());
    }
    if open.sign != '(' {
        return None;
    }
    let before: Vec<&str> = open
        .parts
        .windows(2)
        .filter_map(|pair| text.get(*pair.first()?..pair.last()?.checked_sub(1)?))
        .collect();
    let (mut path, keys) = match name.rsplit_once('.') {
        Some((receiver, method)) => {
            if !LOOKS.contains(&method) || method == "get" && !before.is_empty() {
                return None;
            }
            let at = Span::new(callee.start, callee.start + receiver.len());
            (path_of(text, at, module)?, before)
        }
        None if matches!(name, "deep_get" | "deep_walk") => {
            let first = open.parts.first()?;
            let (event, keys) = before.split_first()?;
            let at = Span::new(*first, first + event.len());
            (path_of(text, at, module)?, keys.to_vec())
        }
        None => return None,
    };
    for key in keys {
        path.push(literal(key)?.to_owned());
    }
    Some(path)
}

/// The part of the event that the string at a place is compared with.
pub fn compared_with(text: &str, offset: usize, module: &Module) -> Option<Vec<String>> {
    let place = scan(text, offset);
    let string = place.string?;
    let before = text.get(..string.start)?.trim_end();
    let equal = ["==", "!="].into_iter().find(|sign| before.ends_with(sign));
    let end = match equal {
        Some(sign) => before.len() - sign.len(),
        None => {
            // `event.get("type") in ("a", "…")`
            let open = place.open.last()?;
            let head = text.get(..open.at)?.trim_end();
            let head = head.strip_suffix("in")?;
            if !head.ends_with([' ', ')', ']']) {
                return None;
            }
            let head = head.trim_end();
            head.strip_suffix(" not").unwrap_or(head).len()
        }
    };
    let span = expression_before(text, end);
    path_of(text, span, module).filter(|path| !path.is_empty())
}

/// The log types whose events a body is asked about: those of the documents that name it, else all that are loaded.
pub fn log_types(source: &Source<'_>, context: &Context<'_>) -> Vec<String> {
    let documents = context.around.of_body(source.path);
    let own: Vec<String> = documents
        .flat_map(|d| d.log_types.iter().cloned())
        .collect();
    match own.is_empty() {
        true => context.events.log_types(),
        false => own,
    }
}

/// What loaded events have at a path of keys.
pub fn seen(source: &Source<'_>, path: &[String], context: &Context<'_>) -> Option<EventPath> {
    let (last, above) = path.split_last()?;
    for log_type in log_types(source, context) {
        let paths = context.events.paths(&log_type);
        let same = |p: &&EventPath| {
            p.below(above)
                .is_some_and(|key| key.eq_ignore_ascii_case(last))
        };
        if let Some(found) = paths.iter().find(same) {
            return Some(found.clone());
        }
    }
    None
}
