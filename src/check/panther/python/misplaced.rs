//! Statements that parse and that Python's compiler refuses where they stand.

use super::bound::in_scope;
use super::span_at;
use crate::diagnostic::Span;
use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{Expr, ModModule, Stmt};
use std::collections::HashSet;

/// What the compiler would say, in the order of the text.
pub(super) fn misplaced(module: &ModModule, cut: usize) -> Vec<(Span, String)> {
    let mut walk = Walk {
        cut,
        functions: Vec::new(),
        loops: 0,
        class: false,
        found: Vec::new(),
    };
    walk.visit_body(&module.body);
    walk.found
}

struct Walk<'a> {
    cut: usize,
    /// The names of each function that it is in.
    functions: Vec<HashSet<&'a str>>,
    /// Loops of the innermost function.
    loops: usize,
    /// Whether it is right in a class.
    class: bool,
    found: Vec<(Span, String)>,
}

impl<'a> Walk<'a> {
    fn tell(&mut self, span: Span, message: impl Into<String>) {
        self.found.push((span, message.into()));
    }

    fn outside(&self) -> bool {
        self.functions.is_empty() || self.class
    }

    fn inner(&mut self, class: bool, names: Option<HashSet<&'a str>>, body: &'a [Stmt]) {
        let before = (self.loops, self.class);
        (self.loops, self.class) = (0, class);
        let function = names.is_some();
        self.functions.extend(names);
        self.visit_body(body);
        if function {
            self.functions.pop();
        }
        (self.loops, self.class) = before;
    }

    fn parameters(&mut self, stmt: &'a crate::python::syntax::tree::StmtFunctionDef) {
        let mut seen = HashSet::new();
        for parameter in stmt.parameters.iter() {
            let name = parameter.name();
            if !seen.insert(name.as_str()) {
                let span = span_at(name, self.cut);
                self.tell(span, format!("the parameter `{name}` stands there twice"));
            }
        }
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let span = span_at(stmt, self.cut);
        match stmt {
            Stmt::FunctionDef(function) => {
                self.parameters(function);
                visitor::walk_parameters(self, &function.parameters);
                let mut names = in_scope(&function.body);
                names.extend(function.parameters.iter().map(|p| p.name().as_str()));
                self.inner(false, Some(names), &function.body);
            }
            Stmt::ClassDef(class) => self.inner(true, None, &class.body),
            Stmt::For(repeat) => {
                self.visit_expr(&repeat.iter);
                self.loops += 1;
                self.visit_body(&repeat.body);
                self.loops = self.loops.saturating_sub(1);
                self.visit_body(&repeat.orelse);
            }
            Stmt::While(repeat) => {
                self.visit_expr(&repeat.test);
                self.loops += 1;
                self.visit_body(&repeat.body);
                self.loops = self.loops.saturating_sub(1);
                self.visit_body(&repeat.orelse);
            }
            Stmt::Return(_) => {
                if self.outside() {
                    self.tell(span, "`return` stands outside a function");
                }
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Break(_) if self.loops == 0 => {
                self.tell(span, "`break` stands outside a loop");
            }
            Stmt::Continue(_) if self.loops == 0 => {
                self.tell(span, "`continue` stands outside a loop");
            }
            Stmt::Nonlocal(nonlocal) => {
                if self.functions.is_empty() {
                    self.tell(span, "`nonlocal` stands outside a function");
                    return;
                }
                let outer = self.functions.len() - usize::from(!self.class);
                for name in &nonlocal.names {
                    let known = self.functions.iter().take(outer);
                    if !known.into_iter().any(|names| names.contains(name.as_str())) {
                        self.tell(span, format!("no function around this one has `{name}`"));
                    }
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let word = match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) => "yield",
            Expr::Await(_) => "await",
            // A body of its own.
            Expr::Lambda(lambda) => {
                self.functions.push(HashSet::new());
                let class = std::mem::replace(&mut self.class, false);
                self.visit_expr(&lambda.body);
                self.class = class;
                self.functions.pop();
                return;
            }
            _ => return visitor::walk_expr(self, expr),
        };
        if self.outside() {
            let span = span_at(expr, self.cut);
            self.tell(span, format!("`{word}` stands outside a function"));
        }
        visitor::walk_expr(self, expr);
    }
}
