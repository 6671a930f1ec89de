//! The paths of events that a body reads.

use super::{Python, span_at};
use crate::diagnostic::Span;
use crate::panther::FUNCTIONS;
use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{Expr, ExprCall, Stmt};

/// A path of an event that a body reads, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathUse {
    /// Each key and where it stands.
    pub keys: Vec<(String, Span)>,
}

impl PathUse {
    /// The keys.
    pub fn names(&self) -> Vec<String> {
        self.keys.iter().map(|(key, _)| key.clone()).collect()
    }
}

/// A path has at most this many keys.
const KEYS: usize = 32;

/// The paths that a body reads, in the order of the text: `event.get("a")`, `event["a"]`, `event.deep_get("a", "b")`,
/// `deep_get(event, "a", "b")` and what is made of these, in functions that get the event.
pub fn paths(python: &Python<'_>) -> Vec<PathUse> {
    let mut found = Vec::new();
    for function in python.functions() {
        let mut parameters = function.parameters.iter();
        let first = parameters.next().map(|p| p.name().as_str());
        let root = match first {
            Some(first) if FUNCTIONS.contains(&function.name.as_str()) => first,
            Some("event") => "event",
            _ if parameters.any(|p| p.name().as_str() == "event") => "event",
            _ => continue,
        };
        // A name that is bound again may be something else.
        if super::bound::in_scope(&function.body).contains(root) {
            continue;
        }
        let mut finder = Finder {
            root,
            cut: python.cut,
            found: &mut found,
        };
        finder.visit_body(&function.body);
    }
    found
}

struct Finder<'f> {
    root: &'f str,
    cut: usize,
    found: &'f mut Vec<PathUse>,
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        // What a function within calls its own event, nobody can tell.
        if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            visitor::walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let mut keys = Vec::new();
        if self.path(expr, &mut keys, KEYS) && !keys.is_empty() {
            self.found.push(PathUse { keys });
            // Defaults may read other paths.
            if let Expr::Call(call) = expr {
                for keyword in &call.arguments.keywords {
                    self.visit_expr(&keyword.value);
                }
            }
            return;
        }
        visitor::walk_expr(self, expr);
    }
}

impl Finder<'_> {
    /// Whether an expression is a path of the event, or the event itself.
    fn path(&self, expr: &Expr, keys: &mut Vec<(String, Span)>, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        match expr {
            Expr::Name(name) => name.id.as_str() == self.root,
            Expr::Subscript(subscript) => {
                self.path(&subscript.value, keys, depth) && self.key(&subscript.slice, keys)
            }
            Expr::Call(call) => self.call(call, keys, depth),
            _ => false,
        }
    }

    fn call(&self, call: &ExprCall, keys: &mut Vec<(String, Span)>, depth: usize) -> bool {
        let arguments = &call.arguments.args;
        match &*call.func {
            Expr::Attribute(attribute) if self.path(&attribute.value, keys, depth) => {
                match (attribute.attr.as_str(), &arguments[..]) {
                    ("get", [key] | [key, _]) => self.key(key, keys),
                    ("deep_get", [_, ..]) => arguments.iter().all(|key| self.key(key, keys)),
                    _ => false,
                }
            }
            Expr::Name(name) if name.id.as_str() == "deep_get" => match &arguments[..] {
                [on, rest @ ..] if !rest.is_empty() => {
                    self.path(on, keys, depth) && rest.iter().all(|key| self.key(key, keys))
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn key(&self, expr: &Expr, keys: &mut Vec<(String, Span)>) -> bool {
        let Expr::StringLiteral(text) = expr else {
            return false;
        };
        keys.push((text.value.to_str().to_owned(), span_at(text, self.cut)));
        keys.len() <= KEYS
    }
}
