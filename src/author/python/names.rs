//! All names of a module: where they are bound and where they are used.

use crate::diagnostic::Span;
use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{
    self, Comprehension, ExceptHandler, Expr, ExprContext, Pattern, Stmt,
};
use crate::python::syntax::{self, Ranged};

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

/// Reads a module, whole or half typed.
pub fn read(text: &str) -> Module {
    syntax::on_deep_stack(|| {
        let Some(module) = syntax::parse_lossy(text) else {
            return Module::default();
        };
        let cut = match text.starts_with('\u{feff}') {
            true => '\u{feff}'.len_utf8(),
            false => 0,
        };
        let mut reader = Reader {
            text,
            cut,
            found: Module::default(),
            scope: 0,
            depth: 0,
        };
        reader.found.scopes.push(Scope {
            kind: ScopeKind::Module,
            span: Span::new(0, text.len()),
            parent: None,
            global: Vec::new(),
        });
        reader.visit_body(&module.body);
        reader.found
    })
    .unwrap_or_default()
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

struct Reader<'t> {
    text: &'t str,
    /// Bytes of a byte-order mark.
    cut: usize,
    found: Module,
    scope: usize,
    depth: usize,
}

impl Reader<'_> {
    fn span(&self, ranged: &impl Ranged) -> Span {
        let range = ranged.range();
        Span::new(usize::from(range.start()), usize::from(range.end())).shifted(self.cut)
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    fn name(&mut self, text: &str, span: Span, binds: Binds) {
        self.found.names.push(Name {
            text: text.to_owned(),
            span,
            scope: self.scope,
            binds,
        });
    }

    fn inside(&mut self, kind: ScopeKind, span: Span, work: impl FnOnce(&mut Self)) {
        let outer = self.scope;
        self.found.scopes.push(Scope {
            kind,
            span,
            parent: Some(outer),
            global: Vec::new(),
        });
        self.scope = self.found.scopes.len() - 1;
        work(self);
        self.scope = outer;
    }

    fn parameters(&mut self, parameters: &tree::Parameters) {
        for parameter in parameters.iter() {
            let name = parameter.name();
            let span = self.span(name);
            self.name(name.as_str(), span, Binds::Parameter);
        }
    }

    fn defaults<'a>(&mut self, parameters: &'a tree::Parameters)
    where
        Self: Visitor<'a>,
    {
        for parameter in parameters.iter() {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
            if let Some(annotation) = parameter.annotation() {
                self.visit_expr(annotation);
            }
        }
    }

    fn function(&mut self, function: &tree::StmtFunctionDef) {
        let name_span = self.span(&function.name);
        let parameters = function.parameters.iter().map(|parameter| {
            let range = self.span(&parameter);
            self.slice(range).to_owned()
        });
        let parameters = parameters.collect();
        let doc = self.doc_of(function);
        self.found.functions.push(Function {
            name: function.name.to_string(),
            name_span,
            parameters,
            doc,
            depth: self.depth,
        });
    }

    /// A function to the end of its last line: what is half typed at its end still belongs to it.
    fn body_of(&self, function: &tree::StmtFunctionDef) -> Span {
        let span = self.span(function);
        let head = self.text.get(..span.start).unwrap_or("");
        let column = head.len() - head.rfind('\n').map_or(0, |n| n + 1);
        let rest = self.text.get(span.end..).unwrap_or("");
        let mut end = span.end;
        for (number, line) in rest.split_inclusive('\n').enumerate() {
            let own = line.len() - line.trim_start_matches([' ', '\t']).len();
            if number > 0 && !line.trim().is_empty() && own <= column {
                break;
            }
            end += line.len();
        }
        let kept = self.text.get(..end).unwrap_or("");
        // Not into the line behind it.
        let end = kept.strip_suffix('\n').map_or(end, str::len);
        Span::new(span.start, end.max(span.end))
    }

    /// The documentation of a function, or the comment above it.
    fn doc_of(&self, function: &tree::StmtFunctionDef) -> String {
        if let Some(Stmt::Expr(first)) = function.body.first()
            && let Expr::StringLiteral(text) = &*first.value
        {
            let lines: Vec<&str> = text
                .value
                .to_str()
                .trim()
                .lines()
                .map(str::trim)
                .take(6)
                .collect();
            return lines.join(" ").trim().to_owned();
        }
        let start = self.span(function).start;
        let head = self.text.get(..start).unwrap_or("");
        let mut lines: Vec<&str> = Vec::new();
        for line in head.trim_end_matches([' ', '\t']).lines().rev().take(6) {
            match line.trim().strip_prefix('#') {
                Some(comment) => lines.push(comment.trim()),
                None => break,
            }
        }
        lines.reverse();
        lines.join(" ")
    }

    fn comprehension<'a>(
        &mut self,
        span: Span,
        generators: &'a [Comprehension],
        results: &[&'a Expr],
    ) where
        Self: Visitor<'a>,
    {
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.inside(ScopeKind::Comprehension, span, |reader| {
            for (at, generator) in generators.iter().enumerate() {
                if at > 0 {
                    reader.visit_expr(&generator.iter);
                }
                reader.visit_expr(&generator.target);
                for condition in &generator.ifs {
                    reader.visit_expr(condition);
                }
            }
            for result in results {
                reader.visit_expr(result);
            }
        });
    }
}

impl<'a> Visitor<'a> for Reader<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                for decorator in &function.decorator_list {
                    self.visit_decorator(decorator);
                }
                let span = self.span(&function.name);
                self.name(function.name.as_str(), span, Binds::Function);
                self.function(function);
                self.defaults(&function.parameters);
                let span = self.body_of(function);
                self.depth += 1;
                self.inside(ScopeKind::Function, span, |reader| {
                    reader.parameters(&function.parameters);
                    reader.visit_body(&function.body);
                });
                self.depth -= 1;
            }
            Stmt::ClassDef(class) => {
                let span = self.span(&class.name);
                self.name(class.name.as_str(), span, Binds::Class);
                self.found.classes.push((class.name.to_string(), span));
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                let span = self.span(class);
                self.depth += 1;
                self.inside(ScopeKind::Class, span, |reader| {
                    reader.visit_body(&class.body)
                });
                self.depth -= 1;
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let local = alias.asname.as_ref().unwrap_or(&alias.name);
                    let text = local.as_str().split('.').next().unwrap_or("").to_owned();
                    let start = self.span(local).start;
                    self.name(&text, Span::new(start, start + text.len()), Binds::Import);
                    self.found.imports.push(Import {
                        module: alias.name.to_string(),
                        name: String::new(),
                        local: text,
                    });
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import
                    .module
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                for alias in &import.names {
                    let local = alias.asname.as_ref().unwrap_or(&alias.name);
                    let span = self.span(local);
                    self.name(local.as_str(), span, Binds::Import);
                    self.found.imports.push(Import {
                        module: module.clone(),
                        name: alias.name.to_string(),
                        local: local.to_string(),
                    });
                }
            }
            Stmt::Global(global) => {
                for name in &global.names {
                    let span = self.span(name);
                    if let Some(scope) = self.found.scopes.get_mut(self.scope) {
                        scope.global.push(name.to_string());
                    }
                    self.name(name.as_str(), span, Binds::Nothing);
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                for name in &nonlocal.names {
                    let span = self.span(name);
                    self.name(name.as_str(), span, Binds::Nothing);
                }
            }
            Stmt::Assign(assign) => {
                if let [Expr::Name(name)] = assign.targets.as_slice() {
                    let span = self.span(&*assign.value);
                    let entry = (name.id.to_string(), self.scope, span);
                    self.found.assigned.push(entry);
                }
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let binds = match name.ctx {
                    ExprContext::Load | ExprContext::Invalid => Binds::Nothing,
                    ExprContext::Store | ExprContext::Del => Binds::Value,
                };
                let span = self.span(name);
                // A place that the parser made up has no text.
                if span.end > span.start {
                    self.name(name.id.as_str(), span, binds);
                }
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters);
                }
                let span = self.span(lambda);
                self.inside(ScopeKind::Function, span, |reader| {
                    if let Some(parameters) = &lambda.parameters {
                        reader.parameters(parameters);
                    }
                    reader.visit_expr(&lambda.body);
                });
            }
            Expr::ListComp(inner) => {
                let span = self.span(inner);
                self.comprehension(span, &inner.generators, &[&inner.elt]);
            }
            Expr::SetComp(inner) => {
                let span = self.span(inner);
                self.comprehension(span, &inner.generators, &[&inner.elt]);
            }
            Expr::Generator(inner) => {
                let span = self.span(inner);
                self.comprehension(span, &inner.generators, &[&inner.elt]);
            }
            Expr::DictComp(inner) => {
                let span = self.span(inner);
                let mut results: Vec<&'a Expr> = Vec::new();
                results.extend(inner.key.as_deref());
                results.push(&inner.value);
                self.comprehension(span, &inner.generators, &results);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_keyword(&mut self, keyword: &'a tree::Keyword) {
        if let Some(name) = &keyword.arg {
            self.found.keywords.push(name.to_string());
        }
        visitor::walk_keyword(self, keyword);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            let span = self.span(name);
            self.name(name.as_str(), span, Binds::Value);
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
            let span = self.span(name);
            self.name(name.as_str(), span, Binds::Value);
        }
        visitor::walk_pattern(self, pattern);
    }
}
