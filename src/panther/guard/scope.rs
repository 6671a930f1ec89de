//! What a function binds, and whether it can be followed at all.

use super::names::captured;
use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{
    ExceptHandler, Expr, ExprContext, Pattern, Stmt, StmtFunctionDef,
};
use std::collections::HashSet;

/// The names of a function's own.
#[derive(Default)]
pub(super) struct Scope<'a> {
    /// All names it binds: they are never the module's.
    pub local: HashSet<&'a str>,
    /// Those that are bound by something else than a parameter or a plain assignment: their value is not followed.
    pub lost: HashSet<&'a str>,
    /// Names that it binds for the module.
    pub global: HashSet<&'a str>,
    /// Whether it is a plain function: no generator, nothing asynchronous, no decorators.
    pub is_plain: bool,
}

impl<'a> Scope<'a> {
    pub fn of(function: &'a StmtFunctionDef) -> Self {
        let mut scope = Scope {
            is_plain: !function.is_async
                && function.decorator_list.is_empty()
                && function.type_params.is_none(),
            ..Scope::default()
        };
        for parameter in function.parameters.iter() {
            scope.local.insert(parameter.name().as_str());
        }
        scope.visit_body(&function.body);
        for name in &scope.global {
            scope.local.remove(name);
        }
        scope
    }

    fn lose(&mut self, name: &'a str) {
        self.local.insert(name);
        self.lost.insert(name);
    }
}

impl<'a> Visitor<'a> for Scope<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Assign(assign) if matches!(assign.targets.as_slice(), [Expr::Name(_)]) => {
                if let [Expr::Name(name)] = assign.targets.as_slice() {
                    self.local.insert(name.id.as_str());
                }
                self.visit_expr(&assign.value);
            }
            Stmt::AnnAssign(assign) if assign.target.is_name_expr() => {
                if let Expr::Name(name) = &*assign.target {
                    self.local.insert(name.id.as_str());
                }
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
            }
            Stmt::FunctionDef(function) => {
                self.lose(function.name.as_str());
                // It may bind names of this function anew.
                self.visit_body(&function.body);
            }
            Stmt::ClassDef(class) => {
                self.lose(class.name.as_str());
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Global(global) => {
                self.global.extend(global.names.iter().map(|n| n.as_str()));
            }
            Stmt::Nonlocal(nonlocal) => nonlocal.names.iter().for_each(|n| self.lose(n.as_str())),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.lose(name.split('.').next().unwrap_or(name));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.lose(alias.asname.as_ref().unwrap_or(&alias.name).as_str());
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx != ExprContext::Load => self.lose(name.id.as_str()),
            Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_) => self.is_plain = false,
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.lose(name.as_str());
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        if let Some(name) = captured(pattern) {
            self.lose(name);
        }
        visitor::walk_pattern(self, pattern);
    }
}
