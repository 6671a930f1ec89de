//! What a Python body says, read from its syntax tree: which names it binds and uses, what its functions return, what it
//! can import. Conservative: of what is not understood nothing is said.

mod bound;
mod builtins;
mod misplaced;
mod modules;
mod paths;
mod returns;
mod uses;

pub use bound::Bound;
pub use builtins::all as builtin_names;
pub use modules::{Modules, Status};
pub use paths::{PathUse, paths};
pub use returns::{Gives, Returned, returned};
pub use uses::{Import, Uses};

use crate::diagnostic::Span;
use crate::python::syntax::tree::{ModModule, Stmt, StmtFunctionDef};
use crate::python::syntax::{self, Ranged};
use std::path::Path;

/// A body that parses.
pub struct Python<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
    /// Its tree.
    pub tree: &'a ModModule,
    /// What its top level binds.
    pub bound: Bound<'a>,
    /// What it can import.
    pub modules: &'a Modules<'a>,
    /// Bytes of a byte-order mark.
    cut: usize,
}

impl<'a> Python<'a> {
    /// A body with its tree.
    pub fn new(
        path: &'a Path,
        text: &'a str,
        tree: &'a ModModule,
        modules: &'a Modules<'a>,
    ) -> Self {
        Self {
            path,
            text,
            tree,
            bound: Bound::of(tree),
            modules,
            cut: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
        }
    }

    /// Where a node stands in the text.
    pub fn span(&self, node: &impl Ranged) -> Span {
        span_at(node, self.cut)
    }

    /// Statements that the compiler refuses where they stand, and why.
    pub fn misplaced(&self) -> Vec<(Span, String)> {
        misplaced::misplaced(self.tree, self.cut)
    }

    /// The functions of its top level.
    pub fn functions(&self) -> impl Iterator<Item = &'a StmtFunctionDef> + use<'a> {
        self.tree.body.iter().filter_map(|stmt| match stmt {
            Stmt::FunctionDef(function) => Some(function),
            _ => None,
        })
    }

    /// The one function of a name, where that name is bound nowhere else.
    pub fn function(&self, name: &str) -> Option<&'a StmtFunctionDef> {
        (self.bound.times(name) == 1 && !self.bound.is_tricky())
            .then(|| self.functions().find(|f| f.name.as_str() == name))?
    }
}

/// Where a node stands in a text with so many bytes before the part that was parsed.
fn span_at(node: &impl Ranged, cut: usize) -> Span {
    let range = node.range();
    Span::new(
        usize::from(range.start()) + cut,
        usize::from(range.end()) + cut,
    )
}

/// Reads a body and asks about it, on a stack deep enough for its tree. None where it is no Python, or too long.
pub fn with_tree<T: Send>(text: &str, ask: impl FnOnce(&ModModule) -> T + Send) -> Option<T> {
    syntax::on_deep_stack(|| syntax::parse(text).map(|tree| ask(&tree))).flatten()
}
