//! Places in other files: what a data model names, and who imports a name of a global.

use super::names::{self, Binds, Module};
use super::paths;
use super::scan::scan;
use crate::author::{Context, Place, Source};
use crate::diagnostic::Span;
use std::path::{Path, PathBuf};

/// At most so many places in other files.
const MOST: usize = 500;

/// The mapping of a data model whose name stands in `event.udm("name")` at a place.
pub(super) fn mapping(source: &Source<'_>, offset: usize, context: &Context<'_>) -> Option<Place> {
    let place = scan(source.text, offset);
    let string = place.string?;
    let open = place.open.last().filter(|open| open.sign == '(')?;
    let called = source.text.get(..open.at)?.trim_end();
    if !(called.ends_with(".udm") || called.ends_with(".udm_path")) {
        return None;
    }
    let rest = source.text.get(string.content..)?;
    let name = rest.get(..rest.find(string.quote.as_str())?)?;
    let types = paths::log_types(source, context);
    let models = context.around.documents().iter();
    let models = models.filter(|d| d.analysis == "datamodel");
    let mut fitting: Vec<_> = models
        .filter(|d| types.is_empty() || d.log_types.iter().any(|t| types.contains(t)))
        .collect();
    // Those of the rule's log types first, where only some are.
    fitting.sort_by_key(|d| !d.log_types.iter().any(|t| types.contains(t)));
    fitting.into_iter().find_map(|document| {
        let text = context.around.text(&document.path)?;
        let span = name_in_model(text, name)?;
        Some(Place {
            path: document.path.clone(),
            span,
        })
    })
}

/// Where a data model names something.
fn name_in_model(text: &str, name: &str) -> Option<Span> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let here = start;
        start += line.len();
        let inner = line.trim_start().trim_start_matches("- ").trim_start();
        let Some(value) = inner.strip_prefix("Name:") else {
            continue;
        };
        let bare = value.trim().trim_matches(['"', '\'']);
        if bare == name {
            let at = here + line.rfind(bare)?;
            return Some(Span::new(at, at + bare.len()));
        }
    }
    None
}

/// The name of a global that a name of this file is: the global's id, its body, and the name there.
fn of_global(
    source: &Source<'_>,
    module: &Module,
    name: &str,
    home: usize,
    context: &Context<'_>,
) -> Option<(String, PathBuf, String)> {
    if home != 0 {
        return None;
    }
    if let Some(import) = module.imports.iter().find(|i| i.local == name) {
        let global = context.around.globals().find(|g| g.id == import.module)?;
        let (body, _) = context.around.body(global)?;
        return (!import.name.is_empty()).then(|| (global.id.clone(), body, import.name.clone()));
    }
    let mut documents = context.around.of_body(source.path);
    let own = documents.find(|d| d.analysis == "global")?;
    Some((own.id.clone(), source.path.to_owned(), name.to_owned()))
}

/// The places of a name in other files, where it is one that a global gives: in its body first, then in the bodies
/// that import it.
pub(super) fn places(
    source: &Source<'_>,
    module: &Module,
    (name, home): (&str, usize),
    context: &Context<'_>,
) -> Vec<Place> {
    let Some((id, body, name)) = of_global(source, module, name, home, context) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if body != source.path
        && let Some(text) = context.around.text(&body)
    {
        own(&body, text, &name, &mut found);
    }
    for (path, text) in context.around.modules() {
        if path == source.path || path == body || found.len() >= MOST {
            continue;
        }
        // Most bodies need not be read for it.
        if text.contains(name.as_str()) && text.contains(id.as_str()) {
            uses(path, text, &id, &name, &mut found);
        }
    }
    found.truncate(MOST);
    found
}

/// The places of a name that a module binds, where it is bound first.
fn own(path: &Path, text: &str, name: &str, found: &mut Vec<Place>) {
    let module = names::read(text);
    let mut places = module.places(name, 0);
    places.sort_by_key(|n| (n.binds == Binds::Nothing, n.span));
    found.extend(places.into_iter().map(|n| Place {
        path: path.to_owned(),
        span: n.span,
    }));
}

/// The places of a global's name in a module that imports it.
fn uses(path: &Path, text: &str, id: &str, name: &str, found: &mut Vec<Place>) {
    let module = names::read(text);
    for import in module.imports.iter().filter(|i| i.module == id) {
        if import.name == name {
            let mut places = module.places(&import.local, 0);
            places.sort_by_key(|n| n.span);
            found.extend(places.into_iter().map(|n| Place {
                path: path.to_owned(),
                span: n.span,
            }));
        } else if import.name.is_empty() {
            // As a member of the module.
            for used in module.places(&import.local, 0) {
                let member = text.get(used.span.end..).unwrap_or("");
                let member = member.strip_prefix('.').unwrap_or("");
                let sign = |c: char| c.is_alphanumeric() || c == '_';
                let word = member.find(|c| !sign(c)).unwrap_or(member.len());
                if member.get(..word) == Some(name) {
                    let start = used.span.end + 1;
                    found.push(Place {
                        path: path.to_owned(),
                        span: Span::new(start, start + name.len()),
                    });
                }
            }
        }
    }
}
