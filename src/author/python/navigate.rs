//! Hover, definitions, references and rename in Python.

use super::call::{imported, of_name};
use super::elsewhere;
use super::names::{self, Binds, Module, Name};
use super::paths::{key_place, seen};
use super::scan::{scan, word_at};
use super::words::{BUILTINS, KEYWORDS, METHODS, OUTPUTS, TEXT_METHODS};
use crate::author::{Context, Edit, Hover, Place, Source};
use crate::diagnostic::{LineIndex, Span};
use crate::value::path::Step;

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// What stands at a place.
pub fn hover(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Hover> {
    let text = source.text;
    let offset = floor(text, offset);
    let place = scan(text, offset);
    if place.comment {
        return None;
    }
    let module = names::read(text);
    if let Some(string) = &place.string {
        let mut path = key_place(text, offset, &module)?;
        let rest = text.get(string.content..)?;
        let end = string.content + rest.find(string.quote.as_str())?;
        let key = text.get(string.content..end)?;
        path.push(key.to_owned());
        let found = seen(source, &path, context)?;
        let keys = found.steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Each => None,
        });
        let keys: Vec<&str> = keys.collect();
        return Some(Hover {
            span: Span::new(string.content, end),
            title: format!("{}: {}", keys.join("."), found.kind),
            doc: found.about(),
            lines: Vec::new(),
        });
    }
    let span = word_at(text, offset);
    let word = text
        .get(span.start..span.end)
        .filter(|word| !word.is_empty())?;
    if KEYWORDS.contains(&word) {
        return None;
    }
    let made = |title: String, doc: String, lines: Vec<String>| Hover {
        span,
        title,
        doc,
        lines,
    };
    let is_member = text.get(..span.start).is_some_and(|t| t.ends_with('.'));
    if is_member {
        let method = METHODS.iter().map(|(word, _)| word).chain(TEXT_METHODS);
        let found = method.into_iter().find(|known| known.name == word)?;
        return Some(made(
            found.signature.to_owned(),
            found.doc.to_owned(),
            Vec::new(),
        ));
    }
    if let Some((title, doc)) = of_name(word, &module, context) {
        let output = OUTPUTS
            .iter()
            .find(|o| o.word.name == word && module.function(word).is_some());
        let lines = output
            .filter(|o| o.word.doc != doc)
            .map(|o| o.word.doc.to_owned());
        return Some(made(title, doc, lines.into_iter().collect()));
    }
    if let Some(found) = BUILTINS.iter().find(|known| known.name == word) {
        return Some(made(
            found.signature.to_owned(),
            found.doc.to_owned(),
            Vec::new(),
        ));
    }
    let name = module.name_at(offset)?;
    let home = module.home(word, name.scope)?;
    let first = *module
        .places(word, home)
        .iter()
        .find(|n| n.binds != Binds::Nothing)?;
    let line = LineIndex::new(text).position(first.span.start).line;
    let (title, doc) = match first.binds {
        Binds::Import => {
            let import = module.imports.iter().find(|i| i.local == word)?;
            (format!("{word} of {}", import.module), String::new())
        }
        Binds::Parameter if word == "event" => (
            "event: the event that the rule is asked about".to_owned(),
            "Keys are found without regard to case; get, deep_get and deep_walk look them up."
                .to_owned(),
        ),
        Binds::Parameter => (format!("parameter {word}"), String::new()),
        _ => {
            let value = module.assigned.iter().find(|(known, scope, _)| {
                known == word && module.home(known, *scope) == Some(home)
            });
            let value = value.and_then(|(_, _, span)| text.get(span.start..span.end));
            let value = value.map(|v| {
                v.lines()
                    .next()
                    .unwrap_or("")
                    .chars()
                    .take(80)
                    .collect::<String>()
            });
            (
                value.map_or(word.to_owned(), |v| format!("{word} = {v}")),
                String::new(),
            )
        }
    };
    Some(made(title, doc, vec![format!("Bound on line {line}")]))
}

/// Where a name is bound; of an imported one in its own file.
pub fn definition(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Place> {
    let offset = floor(source.text, offset);
    if let Some(mapping) = elsewhere::mapping(source, offset, context) {
        return Some(mapping);
    }
    let module = names::read(source.text);
    let span = word_at(source.text, offset);
    let word = source.text.get(span.start..span.end)?;
    let other = |module: &str, name: &str| -> Option<Place> {
        if name.is_empty() {
            let global = context.around.globals().find(|g| g.id == module)?;
            let (path, _) = context.around.body(global)?;
            return Some(Place {
                path,
                span: Span::default(),
            });
        }
        if let Some((function, path)) = imported(module, name, context) {
            return Some(Place {
                path,
                span: function.name_span,
            });
        }
        let global = context.around.globals().find(|g| g.id == module)?;
        let (path, text) = context.around.body(global)?;
        let read = names::read(text);
        let bound = read
            .names
            .iter()
            .find(|n| n.scope == 0 && n.text == name && n.binds != Binds::Nothing)?;
        Some(Place {
            path,
            span: bound.span,
        })
    };
    // The module in `from module import name`.
    let line_start = source
        .text
        .get(..span.start)?
        .rfind('\n')
        .map_or(0, |n| n + 1);
    let line = source.text.get(line_start..)?.lines().next()?;
    if line.trim_start().starts_with("from ") && context.around.globals().any(|g| g.id == word) {
        return other(word, "");
    }
    if let Some(head) = source.text.get(..span.start)
        && head.ends_with('.')
    {
        let receiver = word_at(source.text, span.start.checked_sub(1)?);
        let receiver = source.text.get(receiver.start..receiver.end)?;
        let import = module
            .imports
            .iter()
            .find(|i| i.local == receiver && i.name.is_empty())?;
        return other(&import.module, word);
    }
    let name = module.name_at(offset)?;
    let home = module.home(&name.text, name.scope)?;
    let bound = module
        .places(&name.text, home)
        .into_iter()
        .find(|n| n.binds != Binds::Nothing)?;
    if bound.binds == Binds::Import {
        let import = module.imports.iter().find(|i| i.local == name.text)?;
        if let Some(place) = other(&import.module, &import.name) {
            return Some(place);
        }
    }
    Some(Place {
        path: source.path.to_owned(),
        span: bound.span,
    })
}

/// All places of a name, where it is bound first; of one that a global gives those in other files after them.
pub fn references(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Vec<Place> {
    let module = names::read(source.text);
    let Some((name, home)) = own(&module, floor(source.text, offset)) else {
        return Vec::new();
    };
    let mut places = module.places(&name.text, home);
    places.sort_by_key(|n| (n.binds == Binds::Nothing, n.span));
    let made = places.into_iter().map(|n| Place {
        path: source.path.to_owned(),
        span: n.span,
    });
    let mut made: Vec<Place> = made.collect();
    made.extend(elsewhere::places(
        source,
        &module,
        (&name.text, home),
        context,
    ));
    made
}

fn own(module: &Module, offset: usize) -> Option<(&Name, usize)> {
    let name = module.name_at(offset)?;
    let home = module.home(&name.text, name.scope)?;
    Some((name, home))
}

/// Where the name stands that can be changed.
pub fn renameable(source: &Source<'_>, offset: usize) -> Option<Span> {
    let module = names::read(source.text);
    let (name, _) = own(&module, floor(source.text, offset))?;
    Some(name.span)
}

/// Gives a name of the file another one.
///
/// # Errors
/// Why it cannot be, in a sentence for a person.
pub fn rename(source: &Source<'_>, offset: usize, new_name: &str) -> Result<Vec<Edit>, String> {
    let module = names::read(source.text);
    let Some((name, home)) = own(&module, floor(source.text, offset)) else {
        return Err("There is no name here that this file defines".to_owned());
    };
    let (old, new) = (name.text.as_str(), new_name.trim());
    let first = new.chars().next();
    let plain = first.is_some_and(|c| c.is_alphabetic() || c == '_')
        && new.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !plain {
        return Err(format!(
            "`{new}` is no name: letters, digits and _ make one"
        ));
    }
    if KEYWORDS.contains(&new) {
        return Err(format!("`{new}` is a word of the language"));
    }
    if new == old {
        return Ok(Vec::new());
    }
    let places = module.places(old, home);
    if places.iter().any(|n| n.binds == Binds::Import) {
        return Err(format!(
            "`{old}` is imported: give it another name with `as`"
        ));
    }
    let asked = OUTPUTS.iter().any(|o| o.word.name == old);
    if asked && home == 0 && places.iter().any(|n| n.binds == Binds::Function) {
        return Err(format!("Panther asks for `{old}` by this name"));
    }
    if module.keywords.iter().any(|k| k == old)
        && places.iter().any(|n| n.binds == Binds::Parameter)
    {
        return Err(format!(
            "`{old}` is also the name of an argument in a call; change that by hand"
        ));
    }
    // The new name may mean nothing else where the old one is used, nor where it is bound.
    let lines = LineIndex::new(source.text);
    let taken = module.names.iter().find(|n| {
        n.text == new
            && (n.scope == home
                || places.iter().any(|p| p.scope == n.scope)
                || module.home(new, n.scope) == Some(home)
                || n.scope == 0)
    });
    if let Some(taken) = taken {
        let line = lines.position(taken.span.start).line;
        return Err(format!("`{new}` already stands on line {line}"));
    }
    if BUILTINS.iter().any(|b| b.name == new) {
        return Err(format!("`{new}` is a function of Python"));
    }
    let made = places.into_iter().map(|n| Edit {
        span: n.span,
        text: new.to_owned(),
    });
    Ok(made.collect())
}
