//! All names of a module: where they are bound and where they are used.

mod read;

pub use read::read;

use crate::diagnostic::Span;

/// What a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file.
    Module,
    /// A function or lambda.
    Function,
    /// A class body.
    Class,
    /// The inside of a comprehension.
    Comprehension,
}

/// A part of the text with names of its own.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// Its text.
    pub span: Span,
    /// The scope round it.
    pub parent: Option<usize>,
    /// Names it takes from the module.
    global: Vec<String>,
}

/// What binds a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds {
    /// Nothing: it is used.
    Nothing,
    /// `def`.
    Function,
    /// `class`.
    Class,
    /// A parameter.
    Parameter,
    /// `import`.
    Import,
    /// An assignment or anything like one.
    Value,
}

/// A name in the text.
#[derive(Clone, Debug)]
pub struct Name {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// In which scope.
    pub scope: usize,
    /// Whether and how it is bound there.
    pub binds: Binds,
}

/// A function of the module.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Its parameters as they are written.
    pub parameters: Vec<String>,
    /// The first lines of its documentation, or of the comment above it.
    pub doc: String,
    /// How deep it is nested.
    pub depth: usize,
}

/// An imported name.
#[derive(Clone, Debug)]
pub struct Import {
    /// The module.
    pub module: String,
    /// The name in it; empty for the module itself.
    pub name: String,
    /// What it is called here.
    pub local: String,
}

/// All that is known of a module.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Scopes, the module first.
    pub scopes: Vec<Scope>,
    /// Names in the order they were met.
    pub names: Vec<Name>,
    /// Functions and classes' methods in the order of the text.
    pub functions: Vec<Function>,
    /// Classes.
    pub classes: Vec<(String, Span)>,
    /// Imports.
    pub imports: Vec<Import>,
    /// Simple assignments: name, scope, and where the value stands.
    pub assigned: Vec<(String, usize, Span)>,
    /// Names of arguments in calls.
    pub keywords: Vec<String>,
}

impl Module {
    /// The innermost scope that holds a place.
    pub fn scope_at(&self, offset: usize) -> usize {
        let holds = |scope: &Scope| scope.span.start <= offset && offset <= scope.span.end;
        let inner = self
            .scopes
            .iter()
            .enumerate()
            .filter(|(_, scope)| holds(scope));
        inner
            .min_by_key(|(at, s)| (s.span.end - s.span.start, usize::MAX - at))
            .map_or(0, |(at, _)| at)
    }

    /// The name at a place.
    pub fn name_at(&self, offset: usize) -> Option<&Name> {
        let found = self
            .names
            .iter()
            .filter(|n| n.span.start <= offset && offset <= n.span.end);
        found.min_by_key(|n| n.span.end - n.span.start)
    }

    /// The scope that a name in a scope belongs to; none for one that the module does not bind.
    pub fn home(&self, name: &str, scope: usize) -> Option<usize> {
        let binds = |scope: usize| {
            self.names
                .iter()
                .any(|n| n.scope == scope && n.text == name && n.binds != Binds::Nothing)
        };
        let mut at = scope;
        let mut own = true;
        for _ in 0..self.scopes.len() + 1 {
            let here = self.scopes.get(at)?;
            if here.global.iter().any(|g| g == name) {
                return binds(0).then_some(0);
            }
            // The names of a class are not seen from its functions.
            if (own || here.kind != ScopeKind::Class) && binds(at) {
                return Some(at);
            }
            own = false;
            at = here.parent?;
        }
        None
    }

    /// All places of a name that belongs to a scope, in the order of the text.
    pub fn places(&self, name: &str, home: usize) -> Vec<&Name> {
        let same = self
            .names
            .iter()
            .filter(|n| n.text == name && self.home(name, n.scope) == Some(home));
        let mut found: Vec<&Name> = same.collect();
        found.sort_by_key(|n| n.span);
        found.dedup_by_key(|n| n.span);
        found
    }

    /// The names that can be used at a place, the nearest first.
    pub fn in_reach(&self, offset: usize) -> Vec<(&str, Binds)> {
        let mut found: Vec<(&str, Binds)> = Vec::new();
        let mut at = Some(self.scope_at(offset));
        let mut own = true;
        while let Some(scope) = at.and_then(|at| self.scopes.get(at)) {
            let number = at.unwrap_or(0);
            if own || scope.kind != ScopeKind::Class {
                for name in self
                    .names
                    .iter()
                    .filter(|n| n.scope == number && n.binds != Binds::Nothing)
                {
                    let typed = name.span.end == offset;
                    if !typed && found.iter().all(|(known, _)| *known != name.text) {
                        found.push((&name.text, name.binds));
                    }
                }
            }
            own = false;
            at = scope.parent;
        }
        found
    }

    /// The function of a name at the margin.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions
            .iter()
            .rev()
            .find(|f| f.name == name && f.depth == 0)
    }
}
