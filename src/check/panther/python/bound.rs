//! What the top level of a module, or a function, binds.

use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{
    Alias, ExceptHandler, Expr, ExprContext, ModModule, Pattern, Stmt, TypeParam,
};
use std::collections::{HashMap, HashSet};

/// With these a module can bind names that its text does not say.
const TRICKS: [&str; 6] = ["exec", "globals", "locals", "vars", "setattr", "__dict__"];

/// The names that a module's top level binds.
#[derive(Debug, Default)]
pub struct Bound<'a> {
    names: HashMap<&'a str, usize>,
    /// Modules whose names are all taken over.
    stars: Vec<&'a str>,
    tricky: bool,
}

impl<'a> Bound<'a> {
    pub(super) fn of(module: &'a ModModule) -> Self {
        let mut scope = Scope::default();
        scope.visit_body(&module.body);
        let mut anywhere = Anywhere::default();
        anywhere.visit_body(&module.body);
        for name in anywhere.global {
            *scope.names.entry(name).or_default() += 1;
        }
        Self {
            names: scope.names,
            stars: scope.stars,
            tricky: anywhere.tricky,
        }
    }

    /// Whether a name is bound.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// In how many places a name is bound.
    pub fn times(&self, name: &str) -> usize {
        self.names.get(name).copied().unwrap_or(0)
    }

    /// All of them.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.names.keys().copied()
    }

    /// Modules of which all names are imported.
    pub fn stars(&self) -> &[&'a str] {
        &self.stars
    }

    /// Whether it may bind names that its text does not say.
    pub fn is_tricky(&self) -> bool {
        self.tricky
    }
}

/// The names that statements bind in the scope they stand in.
pub(super) fn in_scope<'a>(body: &'a [Stmt]) -> HashSet<&'a str> {
    let mut scope = Scope::default();
    scope.visit_body(body);
    let mut names: HashSet<&'a str> = scope.names.into_keys().collect();
    for name in scope.global {
        names.remove(name);
    }
    names
}

/// The names that an expression binds in the scope it stands in.
pub(super) fn in_targets<'a>(targets: &[&'a Expr]) -> HashSet<&'a str> {
    let mut scope = Scope::default();
    for target in targets {
        scope.visit_expr(target);
    }
    scope.names.into_keys().collect()
}

#[derive(Default)]
struct Scope<'a> {
    names: HashMap<&'a str, usize>,
    stars: Vec<&'a str>,
    global: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    fn bind(&mut self, name: &'a str) {
        *self.names.entry(name).or_default() += 1;
    }
}

impl<'a> Visitor<'a> for Scope<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.bind(function.name.as_str());
                // Its own names are its own; a walrus in a default is the scope's.
                let decorators = &function.decorator_list;
                decorators.iter().for_each(|d| self.visit_decorator(d));
                self.visit_parameters(&function.parameters);
            }
            Stmt::ClassDef(class) => {
                self.bind(class.name.as_str());
                let decorators = &class.decorator_list;
                decorators.iter().for_each(|d| self.visit_decorator(d));
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
            }
            Stmt::Import(import) => {
                for Alias { name, asname, .. } in &import.names {
                    let first = name.as_str().split('.').next().unwrap_or_default();
                    self.bind(asname.as_ref().map_or(first, |name| name.as_str()));
                }
            }
            Stmt::ImportFrom(import) => {
                for Alias { name, asname, .. } in &import.names {
                    match (name.as_str(), &import.module) {
                        ("*", Some(module)) => self.stars.push(module.as_str()),
                        _ => self.bind(asname.as_ref().unwrap_or(name).as_str()),
                    }
                }
            }
            Stmt::Global(global) => {
                self.global.extend(global.names.iter().map(|n| n.as_str()));
            }
            Stmt::Nonlocal(nonlocal) => {
                self.global
                    .extend(nonlocal.names.iter().map(|n| n.as_str()));
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Store => self.bind(name.id.as_str()),
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.visit_parameters(parameters);
                }
            }
            // Targets of a comprehension are its own; a walrus inside is the scope's.
            Expr::ListComp(c) => self.inner(&c.generators, &[&c.elt]),
            Expr::SetComp(c) => self.inner(&c.generators, &[&c.elt]),
            Expr::Generator(c) => self.inner(&c.generators, &[&c.elt]),
            Expr::DictComp(c) => {
                if let Some(key) = &c.key {
                    self.visit_expr(key);
                }
                self.inner(&c.generators, &[&c.value]);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name.as_str());
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(part) => part.name.as_ref(),
            Pattern::MatchStar(part) => part.name.as_ref(),
            Pattern::MatchMapping(part) => part.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(name.as_str());
        }
        visitor::walk_pattern(self, pattern);
    }

    fn visit_type_param(&mut self, type_param: &'a TypeParam) {
        let name = match type_param {
            TypeParam::TypeVar(param) => &param.name,
            TypeParam::TypeVarTuple(param) => &param.name,
            TypeParam::ParamSpec(param) => &param.name,
        };
        self.bind(name.as_str());
        visitor::walk_type_param(self, type_param);
    }
}

impl<'a> Scope<'a> {
    fn inner(
        &mut self,
        generators: &'a [crate::python::syntax::tree::Comprehension],
        values: &[&'a Expr],
    ) {
        values.iter().for_each(|value| self.visit_expr(value));
        for generator in generators {
            self.visit_expr(&generator.iter);
            generator.ifs.iter().for_each(|test| self.visit_expr(test));
        }
    }
}

/// What functions do to the module's names.
#[derive(Default)]
struct Anywhere<'a> {
    global: Vec<&'a str>,
    tricky: bool,
}

impl<'a> Visitor<'a> for Anywhere<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Global(global) = stmt {
            self.global.extend(global.names.iter().map(|n| n.as_str()));
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.tricky |= TRICKS.contains(&name.id.as_str()),
            Expr::Attribute(attribute) => self.tricky |= attribute.attr.as_str() == "__dict__",
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
