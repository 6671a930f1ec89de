//! Which names a module uses that nothing defines, and what it imports.

use super::bound::{in_scope, in_targets};
use super::builtins::is_builtin;
use super::modules::Status;
use super::{Python, span_at};
use crate::diagnostic::Span;
use crate::python::syntax::Ranged;
use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{
    Alias, Comprehension, ExceptHandler, Expr, ExprContext, Parameters, Stmt, StmtTry, TypeParams,
};
use std::collections::{HashMap, HashSet};

/// A name that is used and that nothing defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// The name.
    pub name: String,
    /// Where it is used.
    pub span: Span,
    /// Whether it is looked up whenever the module is imported.
    pub surely: bool,
}

/// A module that is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module; with points before it where it is sought beside the body.
    pub module: String,
    /// Where it is named.
    pub span: Span,
    /// The name that is taken out of it, and where that stands.
    pub name: Option<(String, Span)>,
    /// Whether it is imported whenever the body is.
    pub surely: bool,
}

impl Import {
    /// Why it fails, where it does.
    pub fn fails(&self, status: &Status) -> Option<String> {
        if self.module.starts_with('.') {
            return Some("a body has no package to look in".to_owned());
        }
        match status {
            Status::Missing(_) => Some(format!("there is no module `{}`", self.module)),
            Status::Broken(why) => Some(format!("`{}` cannot be imported: {why}", self.module)),
            Status::There(Some(names)) => {
                let (name, _) = self.name.as_ref()?;
                let there =
                    name == "*" || name.starts_with("__") || names.iter().any(|n| n == name);
                (!there).then(|| format!("`{}` has no `{name}`", self.module))
            }
            Status::There(None) | Status::Unknown => None,
        }
    }
}

/// What a module uses.
#[derive(Debug, Default)]
pub struct Uses {
    /// Names that nothing defines, in the order of the text.
    pub undefined: Vec<Load>,
    /// Imports, in the order of the text.
    pub imports: Vec<Import>,
}

impl Uses {
    /// Those of a body. Names are not told where some may come from where the text does not say.
    pub fn of(python: &Python<'_>) -> Self {
        let mut module: HashSet<&str> = python.bound.names().collect();
        let mut tricky = python.bound.is_tricky();
        let mut starred: Vec<String> = Vec::new();
        for star in python.bound.stars() {
            match python.modules.status(star) {
                Status::There(Some(names)) => starred.extend(names),
                _ => tricky = true,
            }
        }
        module.extend(starred.iter().map(String::as_str));
        let mut walk = Walk {
            scopes: vec![(false, module)],
            modules: modules_of(python),
            inside: 0,
            maybe: 0,
            forgiven: 0,
            quiet: tricky,
            cut: python.cut,
            uses: Uses::default(),
        };
        walk.visit_body(&python.tree.body);
        walk.uses
    }
}

struct Walk<'a> {
    /// The names of each scope, and whether it is a class: those are not seen from functions within.
    scopes: Vec<(bool, HashSet<&'a str>)>,
    /// The modules that names of the top level stand for.
    modules: HashMap<&'a str, &'a str>,
    /// How many functions it is in.
    inside: usize,
    /// How many branches and loops it is in.
    maybe: usize,
    /// How many `try` it is in that catch what is missing.
    forgiven: usize,
    quiet: bool,
    cut: usize,
    uses: Uses,
}

impl<'a> Walk<'a> {
    fn surely(&self) -> bool {
        self.inside == 0 && self.maybe == 0 && self.forgiven == 0
    }

    fn knows(&self, name: &str) -> bool {
        let innermost = self.scopes.len().saturating_sub(1);
        let seen = |(at, (class, names)): (usize, &(bool, HashSet<&str>))| {
            (!class || at == innermost) && names.contains(name)
        };
        self.scopes.iter().enumerate().any(seen) || is_builtin(name)
    }

    fn scope(&mut self, class: bool, names: HashSet<&'a str>, work: impl FnOnce(&mut Self)) {
        self.scopes.push((class, names));
        work(self);
        self.scopes.pop();
    }

    fn maybe(&mut self, work: impl FnOnce(&mut Self)) {
        self.maybe += 1;
        work(self);
        self.maybe -= 1;
    }

    /// Defaults and annotations are evaluated where the function stands.
    fn around(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.iter() {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
            if let Some(annotation) = parameter.annotation() {
                self.visit_expr(annotation);
            }
        }
    }

    fn function(&mut self, names: HashSet<&'a str>, work: impl FnOnce(&mut Self)) {
        self.inside += 1;
        self.scope(false, names, work);
        self.inside -= 1;
    }

    fn with_types(&mut self, types: Option<&'a TypeParams>, work: impl FnOnce(&mut Self)) {
        use crate::python::syntax::tree::TypeParam;
        let names = types.iter().flat_map(|types| &types.type_params);
        let names = names.map(|param| match param {
            TypeParam::TypeVar(param) => param.name.as_str(),
            TypeParam::TypeVarTuple(param) => param.name.as_str(),
            TypeParam::ParamSpec(param) => param.name.as_str(),
        });
        self.scope(false, names.collect(), work);
    }

    fn comprehension(&mut self, generators: &'a [Comprehension], values: &[&'a Expr]) {
        let Some((first, others)) = generators.split_first() else {
            return;
        };
        self.visit_expr(&first.iter);
        let targets: Vec<&Expr> = generators.iter().map(|g| &g.target).collect();
        self.scope(false, in_targets(&targets), |walk| {
            walk.maybe(|walk| {
                first.ifs.iter().for_each(|test| walk.visit_expr(test));
                for generator in others {
                    walk.visit_expr(&generator.iter);
                    generator.ifs.iter().for_each(|test| walk.visit_expr(test));
                }
                values.iter().for_each(|value| walk.visit_expr(value));
            });
        });
    }

    fn attempt(&mut self, attempt: &'a StmtTry) {
        let forgives = attempt.handlers.iter().any(forgives);
        self.forgiven += usize::from(forgives);
        self.maybe(|walk| walk.visit_body(&attempt.body));
        self.forgiven -= usize::from(forgives);
        self.maybe(|walk| {
            for handler in &attempt.handlers {
                walk.visit_except_handler(handler);
            }
            walk.visit_body(&attempt.orelse);
        });
        self.visit_body(&attempt.finalbody);
    }

    fn import(&mut self, module: String, at: Span, name: Option<(String, Span)>) {
        if self.forgiven == 0 {
            let surely = self.surely();
            self.uses.imports.push(Import {
                module,
                span: at,
                name,
                surely,
            });
        }
    }

    /// The module that a name stands for here.
    fn module_of(&self, name: &str) -> Option<&'a str> {
        let mut inner = self.scopes.iter().skip(1);
        if self.quiet || inner.any(|(_, names)| names.contains(name)) {
            return None;
        }
        self.modules.get(name).copied()
    }

    fn load(&mut self, name: &str, span: Span) {
        if !self.quiet && self.forgiven == 0 && !self.knows(name) {
            let surely = self.surely();
            self.uses.undefined.push(Load {
                name: name.to_owned(),
                span,
                surely,
            });
        }
    }
}

/// The names of the top level that are a module, and nothing else.
fn modules_of<'a>(python: &Python<'a>) -> HashMap<&'a str, &'a str> {
    let mut found = HashMap::new();
    for stmt in &python.tree.body {
        let Stmt::Import(import) = stmt else { continue };
        for Alias { name, asname, .. } in &import.names {
            let local = match asname {
                Some(asname) => asname.as_str(),
                // It is the package that gets a name.
                None if name.as_str().contains('.') => continue,
                None => name.as_str(),
            };
            if python.bound.times(local) == 1 {
                found.insert(local, name.as_str());
            }
        }
    }
    found
}

/// Whether a handler catches a name or a module that is missing.
fn forgives(handler: &ExceptHandler) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    let catches = |expr: &Expr| match expr {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            "NameError" | "ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException"
        ),
        _ => false,
    };
    match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(catches),
        Some(one) => catches(one),
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                let decorators = &function.decorator_list;
                decorators.iter().for_each(|d| self.visit_decorator(d));
                self.with_types(function.type_params.as_deref(), |walk| {
                    walk.around(&function.parameters);
                    if let Some(returns) = &function.returns {
                        walk.visit_expr(returns);
                    }
                    let mut names = in_scope(&function.body);
                    let own = function.parameters.iter();
                    names.extend(own.map(|parameter| parameter.name().as_str()));
                    walk.function(names, |walk| walk.visit_body(&function.body));
                });
            }
            Stmt::ClassDef(class) => {
                let decorators = &class.decorator_list;
                decorators.iter().for_each(|d| self.visit_decorator(d));
                self.with_types(class.type_params.as_deref(), |walk| {
                    if let Some(arguments) = &class.arguments {
                        walk.visit_arguments(arguments);
                    }
                    let mut names = in_scope(&class.body);
                    names.extend(["__module__", "__qualname__"]);
                    walk.scope(true, names, |walk| walk.visit_body(&class.body));
                });
            }
            Stmt::Import(import) => {
                for Alias { name, .. } in &import.names {
                    let at = span_at(name, self.cut);
                    self.import(name.to_string(), at, None);
                }
            }
            Stmt::ImportFrom(import) => {
                let points = ".".repeat(import.level as usize);
                let module = import.module.as_ref().map_or("", |m| m.as_str());
                let at = match &import.module {
                    Some(module) => span_at(module, self.cut),
                    None => span_at(import, self.cut),
                };
                for Alias { name, .. } in &import.names {
                    let own = (name.to_string(), span_at(name, self.cut));
                    self.import(format!("{points}{module}"), at, Some(own));
                }
            }
            Stmt::If(_) | Stmt::For(_) | Stmt::While(_) | Stmt::Match(_) => {
                self.maybe(|walk| visitor::walk_stmt(walk, stmt));
            }
            // A context may swallow what is raised.
            Stmt::With(_) => self.maybe(|walk| visitor::walk_stmt(walk, stmt)),
            Stmt::Try(attempt) => self.attempt(attempt),
            // The value of a type alias is evaluated when it is asked for.
            Stmt::TypeAlias(_) => {}
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_annotation(&mut self, annotation: &'a Expr) {
        // Of a variable within a function it is not evaluated; elsewhere a future import may keep it text.
        self.maybe(|walk| visitor::walk_annotation(walk, annotation));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                if name.ctx != ExprContext::Store {
                    self.load(name.id.as_str(), span_at(&name.range(), self.cut));
                }
            }
            Expr::Attribute(attribute) => {
                if let Expr::Name(name) = &*attribute.value
                    && attribute.ctx == ExprContext::Load
                    && let Some(module) = self.module_of(name.id.as_str())
                {
                    let own = (
                        attribute.attr.to_string(),
                        span_at(&attribute.attr, self.cut),
                    );
                    self.import(module.to_owned(), own.1, Some(own));
                }
                visitor::walk_expr(self, expr);
            }
            Expr::Lambda(lambda) => {
                let mut names = HashSet::new();
                if let Some(parameters) = &lambda.parameters {
                    self.around(parameters);
                    names.extend(parameters.iter().map(|p| p.name().as_str()));
                }
                self.function(names, |walk| walk.visit_expr(&lambda.body));
            }
            Expr::ListComp(c) => self.comprehension(&c.generators, &[&c.elt]),
            Expr::SetComp(c) => self.comprehension(&c.generators, &[&c.elt]),
            // Nothing of it runs before it is asked for a value but where its first values come from.
            Expr::Generator(c) => self.comprehension(&c.generators, &[&c.elt]),
            Expr::DictComp(c) => match &c.key {
                Some(key) => self.comprehension(&c.generators, &[key, &c.value]),
                None => self.comprehension(&c.generators, &[&c.value]),
            },
            Expr::BoolOp(_) | Expr::If(_) => {
                self.maybe(|walk| visitor::walk_expr(walk, expr));
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}
