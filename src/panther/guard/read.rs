//! Statements to expressions: follows every way through a function.

use super::expr::{Expr, Kind};
use super::names::{Binding, Names};
use super::scope::Scope;
use super::value::Val;
use crate::python::syntax::Ranged;
use crate::python::syntax::tree::{self, ElifElseClause, Stmt, StmtFunctionDef};
use std::collections::HashMap;
use std::ops::Range;

/// Functions that call functions are followed this deep.
const DEEPEST: usize = 4;
/// How many expressions are read, each way through a function counted.
const FUEL: usize = 20_000;

/// What the local names of a function stand for on one way through it.
pub(super) type Env<'a> = HashMap<&'a str, Expr>;

/// Reads functions.
pub(super) struct Reader<'a> {
    /// The body, then the modules of the library that it may call.
    pub modules: &'a [Names<'a>],
    /// Their index by name.
    pub by_name: &'a HashMap<&'a str, usize>,
    /// The paths that were met.
    pub paths: Vec<Vec<String>>,
    /// What of the first function is left to the interpreter.
    pub imperative: Vec<Range<usize>>,
    /// Bytes of a byte-order mark.
    pub cut: usize,
    /// Whether it also reads what makes texts, lists and mappings of several values (`wide`).
    pub wide: bool,
    fuel: usize,
    /// The calls that lead to where it reads, in the first function and inside it.
    calls: Vec<Range<usize>>,
}

/// The function that is being read.
pub(super) struct Frame<'a> {
    pub module: usize,
    pub scope: Scope<'a>,
}

/// What comes after a block.
struct Next<'n, 'a> {
    stmts: &'a [Stmt],
    next: Option<&'n Next<'n, 'a>>,
}

impl<'a> Reader<'a> {
    pub fn new(modules: &'a [Names<'a>], by_name: &'a HashMap<&'a str, usize>, cut: usize) -> Self {
        Self {
            modules,
            by_name,
            paths: Vec::new(),
            imperative: Vec::new(),
            cut,
            wide: false,
            fuel: FUEL,
            calls: Vec::new(),
        }
    }

    /// What `rule(event)` gives, or another function of a module that is called with the event alone.
    pub fn rule(&mut self, function: &'a StmtFunctionDef, module: usize) -> Expr {
        self.fuel = FUEL;
        let span = self.cut..self.cut;
        let event = Expr::new(Kind::Event, &span);
        let none = Expr::unknown(&span);
        self.function(function, module, vec![event], &HashMap::new())
            .unwrap_or(none)
    }

    /// What a function gives for arguments. None where it is not to be followed.
    pub fn function(
        &mut self,
        function: &'a StmtFunctionDef,
        module: usize,
        arguments: Vec<Expr>,
        named: &HashMap<&str, Expr>,
    ) -> Option<Expr> {
        let scope = Scope::of(function);
        let parameters = &function.parameters;
        let variadic = parameters.vararg.is_some() || parameters.kwarg.is_some();
        if !scope.is_plain || variadic || self.calls.len() >= DEEPEST {
            return None;
        }
        let mut arguments = arguments.into_iter();
        let mut env = Env::new();
        let mut taken = 0;
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        for (parameter, by_place) in positional
            .map(|p| (p, true))
            .chain(parameters.kwonlyargs.iter().map(|p| (p, false)))
        {
            let name = parameter.parameter.name.as_str();
            let place = if by_place { arguments.next() } else { None };
            let value = match (place, named.get(name)) {
                (Some(value), None) => value,
                (None, Some(value)) => {
                    taken += 1;
                    value.clone()
                }
                (None, None) => self.default(parameter.default.as_deref()?, module),
                (Some(_), Some(_)) => return None,
            };
            if !scope.lost.contains(name) {
                env.insert(name, value);
            }
        }
        if arguments.next().is_some() || taken != named.len() {
            return None;
        }
        let frame = Frame { module, scope };
        Some(self.block(&function.body, None, &frame, env))
    }

    /// The default of a parameter: one that could be changed is not followed.
    fn default(&self, default: &tree::Expr, module: usize) -> Expr {
        let span = self.cut..self.cut;
        let names = self.modules.get(module);
        let value = names.and_then(|names| names.literal(default, &|_| None));
        match value.filter(Val::is_frozen) {
            Some(value) => Expr::constant(value, &span),
            None => Expr::unknown(&span),
        }
    }

    /// Follows a call; everything in it that is not understood stands at the call.
    pub fn inside<T>(&mut self, call: Range<usize>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.calls.push(call);
        let read = read(self);
        self.calls.pop();
        read
    }

    /// Where something stands: in the body, or at the call that leads out of it.
    pub fn span(&self, of: &impl Ranged, frame: &Frame<'_>) -> Range<usize> {
        match self.calls.first() {
            Some(call) if frame.module != 0 => call.clone(),
            _ => {
                let range = of.range();
                self.cut + usize::from(range.start())..self.cut + usize::from(range.end())
            }
        }
    }

    /// Something that is not understood.
    pub fn unknown(&mut self, span: Range<usize>) -> Expr {
        let at = self.calls.first().cloned().unwrap_or_else(|| span.clone());
        if !self.imperative.contains(&at) {
            self.imperative.push(at);
        }
        Expr::unknown(&span)
    }

    /// Whether there is fuel for one more expression.
    pub fn burn(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0
    }

    fn block(
        &mut self,
        stmts: &'a [Stmt],
        next: Option<&Next<'_, 'a>>,
        frame: &Frame<'a>,
        mut env: Env<'a>,
    ) -> Expr {
        let Some((stmt, rest)) = stmts.split_first() else {
            return match next {
                Some(next) => self.block(next.stmts, next.next, frame, env),
                None => Expr::constant(Val::None, &(self.cut..self.cut)),
            };
        };
        let span = self.span(stmt, frame);
        if !self.burn() {
            return self.rest_unknown(stmts, next, frame);
        }
        match stmt {
            Stmt::Pass(_) => self.block(rest, next, frame, env),
            Stmt::Return(give) => match &give.value {
                Some(value) => self.expr(value, frame, &env),
                None => Expr::constant(Val::None, &span),
            },
            Stmt::If(choice) => {
                let after = Next { stmts: rest, next };
                let clauses = &choice.elif_else_clauses;
                self.branch(&choice.test, &choice.body, clauses, &after, frame, env)
            }
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [tree::Expr::Name(name)] => {
                    let name = name.id.as_str();
                    self.assign(name, &assign.value, stmts, next, frame, env)
                }
                _ => self.rest_unknown(stmts, next, frame),
            },
            Stmt::AnnAssign(assign) => match (&*assign.target, &assign.value) {
                (tree::Expr::Name(name), Some(value)) => {
                    let name = name.id.as_str();
                    self.assign(name, value, stmts, next, frame, env)
                }
                (tree::Expr::Name(_), None) => self.block(rest, next, frame, env),
                _ => self.rest_unknown(stmts, next, frame),
            },
            Stmt::Global(_) => self.block(rest, next, frame, env),
            Stmt::Expr(alone) if is_plain_literal(&alone.value) => {
                self.block(rest, next, frame, env)
            }
            Stmt::Raise(_) => Expr::new(Kind::Raises, &span),
            Stmt::FunctionDef(function)
                if function.decorator_list.is_empty()
                    && function.parameters.iter().all(|p| p.default().is_none()) =>
            {
                // Only defined here; a call of it is not followed.
                env.remove(function.name.as_str());
                self.block(rest, next, frame, env)
            }
            _ => self.rest_unknown(stmts, next, frame),
        }
    }

    /// All that is left of a function, not understood.
    fn rest_unknown(
        &mut self,
        stmts: &'a [Stmt],
        next: Option<&Next<'_, 'a>>,
        frame: &Frame<'a>,
    ) -> Expr {
        let mut next = next;
        let mut first = None;
        let mut blocks = vec![stmts];
        let ends = |block: &[Stmt]| matches!(block.last(), Some(Stmt::Return(_) | Stmt::Raise(_)));
        while let Some(more) = next
            && !blocks.last().is_some_and(|block| ends(block))
        {
            blocks.push(more.stmts);
            next = more.next;
        }
        for block in blocks {
            if let (Some(from), Some(to)) = (block.first(), block.last()) {
                let span = self.span(from, frame).start..self.span(to, frame).end;
                let unknown = self.unknown(span);
                first.get_or_insert(unknown);
            }
        }
        first.unwrap_or_else(|| Expr::unknown(&(self.cut..self.cut)))
    }

    fn assign(
        &mut self,
        name: &'a str,
        value: &'a tree::Expr,
        stmts: &'a [Stmt],
        next: Option<&Next<'_, 'a>>,
        frame: &Frame<'a>,
        mut env: Env<'a>,
    ) -> Expr {
        let Some((stmt, rest)) = stmts.split_first() else {
            return self.rest_unknown(stmts, next, frame);
        };
        if frame.scope.global.contains(name) {
            // Others see it.
            return self.rest_unknown(stmts, next, frame);
        }
        let span = self.span(stmt, frame);
        let value = self.expr(value, frame, &env);
        if value.is_unknown() {
            // What was not followed may change what it got hold of.
            for known in env.values_mut() {
                if known.as_const().is_some_and(|value| !value.is_frozen()) {
                    *known = Expr::unknown(&span);
                }
            }
        }
        if frame.scope.lost.contains(name) {
            env.remove(name);
        } else {
            env.insert(name, value.clone());
        }
        let rest = self.block(rest, next, frame, env);
        if value.never_raises() {
            rest
        } else {
            Expr::new(Kind::Then(value, rest), &span)
        }
    }

    fn branch(
        &mut self,
        test: &'a tree::Expr,
        body: &'a [Stmt],
        clauses: &'a [ElifElseClause],
        after: &Next<'_, 'a>,
        frame: &Frame<'a>,
        env: Env<'a>,
    ) -> Expr {
        let test_span = self.span(test, frame);
        let test = self.expr(test, frame, &env);
        let holds = self.block(body, Some(after), frame, env.clone());
        let fails = match clauses.split_first() {
            None => self.block(after.stmts, after.next, frame, env),
            Some((clause, more)) => match &clause.test {
                None => self.block(&clause.body, Some(after), frame, env),
                Some(test) => self.branch(test, &clause.body, more, after, frame, env),
            },
        };
        Expr::new(Kind::If(test, holds, fails), &test_span)
    }

    /// The function a name stands for, and the module it is of.
    pub fn function_of(&self, name: &str, module: usize) -> Option<(usize, &'a StmtFunctionDef)> {
        match self.modules.get(module)?.get(name)? {
            Binding::Function(function) => Some((module, function)),
            Binding::From(other, name) => self.function_in(other, name),
            _ => None,
        }
    }

    /// A function of a module of the library.
    pub fn function_in(&self, module: &str, name: &str) -> Option<(usize, &'a StmtFunctionDef)> {
        let index = *self.by_name.get(module)?;
        match self.modules.get(index)?.get(name)? {
            Binding::Function(function) => Some((index, function)),
            _ => None,
        }
    }

    /// A constant of a module of the library: one that anybody could change is none.
    pub fn constant_in(&self, module: &str, name: &str) -> Option<Val> {
        let index = *self.by_name.get(module)?;
        let value = self.modules.get(index)?.constant(name)?;
        value.is_frozen().then_some(value)
    }
}

/// A text for people, or dots.
fn is_plain_literal(expr: &tree::Expr) -> bool {
    matches!(
        expr,
        tree::Expr::StringLiteral(_) | tree::Expr::EllipsisLiteral(_)
    )
}
