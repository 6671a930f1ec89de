//! The names of a Python text for go-to-symbol, and what calls lead to.

use super::names::{self, Binds};
use crate::author::{Symbol, SymbolKind};

/// Functions, classes and constants, in the order of the text.
pub fn outline(text: &str) -> Vec<Symbol> {
    let module = names::read(text);
    let mut found: Vec<Symbol> = Vec::new();
    for function in &module.functions {
        found.push(Symbol {
            name: function.name.clone(),
            detail: format!("({})", function.parameters.join(", ")),
            kind: SymbolKind::Function,
            span: function.name_span,
            depth: function.depth,
        });
    }
    for (name, span) in &module.classes {
        found.push(Symbol {
            name: name.clone(),
            detail: "class".to_owned(),
            kind: SymbolKind::Class,
            span: *span,
            depth: 0,
        });
    }
    for name in module
        .names
        .iter()
        .filter(|n| n.scope == 0 && n.binds == Binds::Value)
    {
        if found.iter().all(|s| s.name != name.text) {
            found.push(Symbol {
                name: name.text.clone(),
                detail: String::new(),
                kind: SymbolKind::Variable,
                span: name.span,
                depth: 0,
            });
        }
    }
    found.sort_by_key(|symbol| symbol.span);
    found
}

/// The names that a module binds at its margin, each once.
pub fn names_of_module(text: &str) -> Vec<String> {
    let module = names::read(text);
    let mut found: Vec<String> = Vec::new();
    for name in module
        .names
        .iter()
        .filter(|n| n.scope == 0 && n.binds != Binds::Nothing)
    {
        if !found.contains(&name.text) {
            found.push(name.text.clone());
        }
    }
    found
}
