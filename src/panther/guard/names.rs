//! What the names of a module stand for: functions, constants and imports that are bound once and never changed.

use super::value::{Shape, Val};
use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{
    self, ExceptHandler, Expr, ExprContext, ModModule, Pattern, Stmt, StmtFunctionDef,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// With these a module can reach its own names, or those of others, behind our back.
const TRICKS: &[&str] = &[
    "__builtins__",
    "__code__",
    "__defaults__",
    "__dict__",
    "__globals__",
    "__import__",
    "__kwdefaults__",
    "__setattr__",
    "builtins",
    "compile",
    "delattr",
    "eval",
    "exec",
    "gc",
    "globals",
    "importlib",
    "inspect",
    "locals",
    "setattr",
    "sys",
    "vars",
];
/// Functions that read a container and give something new, where the names mean what Python means by them.
const READERS: [&str; 9] = [
    "all",
    "any",
    "frozenset",
    "len",
    "list",
    "set",
    "sorted",
    "str",
    "tuple",
];
/// Constants may refer to constants, this deep.
const DEEPEST: usize = 20;
/// A constant with more members is none.
const LARGEST: usize = 10_000;

/// What a name was bound to, at the top level of a module.
#[derive(Clone, Copy)]
pub(super) enum Binding<'a> {
    Function(&'a StmtFunctionDef),
    Value(&'a Expr),
    /// A module, by its name.
    Module(&'a str),
    /// A name of a module.
    From(&'a str, &'a str),
    Other,
}

/// The names of a module.
pub(super) struct Names<'a> {
    bound: HashMap<&'a str, Vec<Binding<'a>>>,
    /// Names that a function may bind anew.
    global: HashSet<&'a str>,
    /// Names of values that could be changed where they are used.
    changed: HashSet<&'a str>,
    /// Whether nothing about its names can be trusted.
    tricky: bool,
}

impl<'a> Names<'a> {
    pub fn read(module: &'a ModModule) -> Self {
        let mut top = Top {
            at_top: true,
            ..Top::default()
        };
        for stmt in &module.body {
            top.statement(stmt);
        }
        let mut uses = Uses::default();
        uses.visit_body(&module.body);
        Self {
            bound: top.bound,
            global: uses.global,
            changed: uses.changed,
            tricky: top.star || uses.tricky,
        }
    }

    /// What a name stands for, if that is one thing only, at all times. A name that is not bound is none.
    pub fn get(&self, name: &str) -> Option<Binding<'a>> {
        if self.tricky || self.global.contains(name) {
            return None;
        }
        match self.bound.get(name)?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Whether a name means what Python itself means by it.
    pub fn is_builtin(&self, name: &str) -> bool {
        !self.tricky && !self.bound.contains_key(name) && !self.global.contains(name)
    }

    /// The value of a name, where it is a constant that nothing changes.
    pub fn constant(&self, name: &str) -> Option<Val> {
        self.constant_at(name, DEEPEST)
    }

    fn constant_at(&self, name: &str, depth: usize) -> Option<Val> {
        let Binding::Value(value) = self.get(name)? else {
            return None;
        };
        let value = self.literal_at(value, depth)?;
        (value.is_frozen() || !self.changed.contains(name)).then_some(value)
    }

    /// The value of an expression that is written down as it is, or made of constants.
    pub fn literal(&self, expr: &Expr, local: &dyn Fn(&str) -> Option<Option<Val>>) -> Option<Val> {
        self.literal_with(expr, DEEPEST, local)
    }

    fn literal_at(&self, expr: &Expr, depth: usize) -> Option<Val> {
        self.literal_with(expr, depth, &|_| None)
    }

    /// `local` says what a name stands for inside a function; the outer none is a name that is not local.
    fn literal_with(
        &self,
        expr: &Expr,
        depth: usize,
        local: &dyn Fn(&str) -> Option<Option<Val>>,
    ) -> Option<Val> {
        let depth = depth.checked_sub(1)?;
        let again = |expr: &Expr| self.literal_with(expr, depth, local);
        Some(match expr {
            Expr::NoneLiteral(_) => Val::None,
            Expr::BooleanLiteral(literal) => Val::Bool(literal.value),
            Expr::StringLiteral(literal) => {
                let text = literal.value.to_str();
                // Half a surrogate pair reads as this character.
                if text.contains('\u{FFFD}') {
                    return None;
                }
                Val::text(text)
            }
            Expr::NumberLiteral(literal) => match &literal.value {
                tree::Number::Int(int) => Val::Int(i128::from(int.as_i64()?)),
                tree::Number::Float(float) => Val::Float(*float),
                tree::Number::Complex { .. } => return None,
            },
            Expr::UnaryOp(op) if op.op == tree::UnaryOp::USub => match again(&op.operand)? {
                Val::Int(int) => Val::Int(-int),
                Val::Float(float) => Val::Float(-float),
                _ => return None,
            },
            Expr::Tuple(tuple) => Val::Items(self.items(&tuple.elts, depth, local)?, Shape::Tuple),
            Expr::List(list) => Val::Items(self.items(&list.elts, depth, local)?, Shape::List),
            Expr::Set(set) => hashed(self.items(&set.elts, depth, local)?)?,
            Expr::Dict(dict) => {
                let mut members = Vec::new();
                for item in &dict.items {
                    let key = again(item.key.as_ref()?)?;
                    if !key.is_scalar() || members.len() >= LARGEST {
                        return None;
                    }
                    // Values need not be understood to know the keys.
                    members.push((key, again(&item.value)?));
                }
                Val::Map(Arc::from(members))
            }
            Expr::BinOp(op) if op.op == tree::Operator::Add => {
                match (again(&op.left)?, again(&op.right)?) {
                    (Val::Text(a), Val::Text(b)) if a.len() + b.len() < LARGEST => {
                        Val::text(&format!("{a}{b}"))
                    }
                    (Val::Items(a, shape), Val::Items(b, other)) if shape == other => {
                        if a.len() + b.len() > LARGEST {
                            return None;
                        }
                        Val::Items(a.iter().chain(b.iter()).cloned().collect(), shape)
                    }
                    _ => return None,
                }
            }
            Expr::Call(call) => {
                let Expr::Name(name) = &*call.func else {
                    return None;
                };
                let name = name.id.as_str();
                if local(name).is_some() || !self.is_builtin(name) {
                    return None;
                }
                let items = match (&*call.arguments.args, call.arguments.keywords.is_empty()) {
                    ([], true) => Arc::from([]),
                    ([one], true) => match again(one)? {
                        Val::Items(items, _) | Val::Set(items) => items,
                        _ => return None,
                    },
                    _ => return None,
                };
                match name {
                    "frozenset" | "set" => hashed(items)?,
                    "tuple" => Val::Items(items, Shape::Tuple),
                    "list" => Val::Items(items, Shape::List),
                    _ => return None,
                }
            }
            Expr::Name(name) => match local(name.id.as_str()) {
                Some(value) => value?,
                None => self.constant_at(name.id.as_str(), depth)?,
            },
            _ => return None,
        })
    }

    fn items(
        &self,
        elements: &[Expr],
        depth: usize,
        local: &dyn Fn(&str) -> Option<Option<Val>>,
    ) -> Option<Arc<[Val]>> {
        let mut items = Vec::new();
        for element in elements {
            if let Expr::Starred(starred) = element {
                match self.literal_with(&starred.value, depth, local)? {
                    Val::Items(more, _) => items.extend(more.iter().cloned()),
                    _ => return None,
                }
            } else {
                items.push(self.literal_with(element, depth, local)?);
            }
            if items.len() > LARGEST {
                return None;
            }
        }
        Some(Arc::from(items))
    }
}

/// Members of a set: what cannot be hashed raises.
fn hashed(items: Arc<[Val]>) -> Option<Val> {
    items.iter().all(Val::is_scalar).then_some(Val::Set(items))
}

/// Finds what the top level of a module binds.
#[derive(Default)]
struct Top<'a> {
    bound: HashMap<&'a str, Vec<Binding<'a>>>,
    at_top: bool,
    star: bool,
}

impl<'a> Top<'a> {
    fn bind(&mut self, name: &'a str, binding: Binding<'a>) {
        let binding = if self.at_top { binding } else { Binding::Other };
        self.bound.entry(name).or_default().push(binding);
    }

    /// A statement of the top level itself.
    fn statement(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Assign(assign) => {
                if let [Expr::Name(name)] = assign.targets.as_slice() {
                    self.bind(name.id.as_str(), Binding::Value(&assign.value));
                    self.visit_expr(&assign.value);
                    return;
                }
            }
            Stmt::AnnAssign(assign) => {
                if let (Expr::Name(name), Some(value)) = (&*assign.target, &assign.value) {
                    self.bind(name.id.as_str(), Binding::Value(value));
                    self.visit_expr(value);
                    return;
                }
            }
            Stmt::FunctionDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => {
                self.visit_stmt(stmt);
                return;
            }
            _ => {}
        }
        self.at_top = false;
        self.visit_stmt(stmt);
        self.at_top = true;
    }
}

impl<'a> Visitor<'a> for Top<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            // Bodies of functions and classes have names of their own; `Uses` finds their `global`.
            Stmt::FunctionDef(function) => {
                self.bind(function.name.as_str(), Binding::Function(function));
                let decorators = &function.decorator_list;
                decorators.iter().for_each(|d| self.visit_decorator(d));
                self.visit_parameters(&function.parameters);
            }
            Stmt::ClassDef(class) => {
                self.bind(class.name.as_str(), Binding::Other);
                class
                    .decorator_list
                    .iter()
                    .for_each(|d| self.visit_decorator(d));
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    match &alias.asname {
                        Some(other) => self.bind(other.as_str(), Binding::Module(name)),
                        None => {
                            let first = name.split('.').next().unwrap_or(name);
                            let binding = if first == name {
                                Binding::Module(name)
                            } else {
                                Binding::Other
                            };
                            self.bind(first, binding);
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    self.star |= name == "*";
                    let binding = match &import.module {
                        Some(module) if import.level == 0 => Binding::From(module.as_str(), name),
                        _ => Binding::Other,
                    };
                    self.bind(alias.asname.as_ref().map_or(name, |n| n.as_str()), binding);
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.ctx != ExprContext::Load
        {
            self.bind(name.id.as_str(), Binding::Other);
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.bind(name.as_str(), Binding::Other);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        if let Some(name) = captured(pattern) {
            self.bind(name, Binding::Other);
        }
        visitor::walk_pattern(self, pattern);
    }
}

/// The name a pattern binds by itself.
pub(super) fn captured(pattern: &Pattern) -> Option<&str> {
    match pattern {
        Pattern::MatchAs(part) => part.name.as_ref().map(|name| name.as_str()),
        Pattern::MatchStar(part) => part.name.as_ref().map(|name| name.as_str()),
        Pattern::MatchMapping(part) => part.rest.as_ref().map(|name| name.as_str()),
        _ => None,
    }
}

/// Finds how names are used anywhere in a module.
#[derive(Default)]
struct Uses<'a> {
    global: HashSet<&'a str>,
    changed: HashSet<&'a str>,
    tricky: bool,
}

impl<'a> Uses<'a> {
    /// An expression in a place where a container is only read.
    fn read_only(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.ctx == ExprContext::Load
        {
            self.tricky |= TRICKS.contains(&name.id.as_str());
            return;
        }
        self.visit_expr(expr);
    }

    /// Something of its own under the name of a reader.
    fn binds(&mut self, name: &str) {
        self.tricky |= READERS.contains(&name);
    }
}

impl<'a> Visitor<'a> for Uses<'a> {
    fn visit_parameter(&mut self, parameter: &'a tree::Parameter) {
        self.binds(parameter.name.as_str());
        visitor::walk_parameter(self, parameter);
    }

    fn visit_alias(&mut self, alias: &'a tree::Alias) {
        self.binds(alias.asname.as_ref().unwrap_or(&alias.name).as_str());
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => self.binds(function.name.as_str()),
            Stmt::Global(global) => self.global.extend(global.names.iter().map(|n| n.as_str())),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let first = alias.name.as_str().split('.').next().unwrap_or("");
                    self.tricky |= TRICKS.contains(&first);
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |m| m.as_str());
                self.tricky |= TRICKS.contains(&module.split('.').next().unwrap_or(""));
                let names = import.names.iter();
                self.tricky |= names
                    .map(|alias| alias.name.as_str())
                    .any(|name| TRICKS.contains(&name));
            }
            Stmt::For(each) => {
                self.read_only(&each.iter);
                self.visit_expr(&each.target);
                self.visit_body(&each.body);
                self.visit_body(&each.orelse);
                return;
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_comprehension(&mut self, part: &'a tree::Comprehension) {
        self.read_only(&part.iter);
        self.visit_expr(&part.target);
        part.ifs.iter().for_each(|test| self.visit_expr(test));
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                self.tricky |= TRICKS.contains(&name.id.as_str());
                match name.ctx {
                    // Wherever else it stands, somebody may change it.
                    ExprContext::Load => {
                        self.changed.insert(name.id.as_str());
                    }
                    _ => self.binds(name.id.as_str()),
                }
                return;
            }
            Expr::StringLiteral(literal) => {
                let text = literal.value.to_str();
                self.tricky |= text.starts_with("__") && TRICKS.contains(&text);
            }
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                self.tricky |= name.starts_with("__") && TRICKS.contains(&name);
                // A class or module that is changed may be anybody's.
                let own = matches!(&*attribute.value, Expr::Name(n) if n.id.as_str() == "self");
                self.tricky |= attribute.ctx != ExprContext::Load && !own;
                if name == "get" && attribute.ctx == ExprContext::Load {
                    self.read_only(&attribute.value);
                    return;
                }
            }
            Expr::Subscript(subscript) if subscript.ctx == ExprContext::Load => {
                self.read_only(&subscript.value);
                self.visit_expr(&subscript.slice);
                return;
            }
            Expr::Compare(compare) => {
                self.visit_expr(&compare.left);
                for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                    match op {
                        tree::CmpOp::In | tree::CmpOp::NotIn => self.read_only(right),
                        _ => self.visit_expr(right),
                    }
                }
                return;
            }
            Expr::Call(call) => {
                if let Expr::Name(name) = &*call.func
                    && READERS.contains(&name.id.as_str())
                {
                    self.visit_expr(&call.func);
                    for argument in &call.arguments.args {
                        self.read_only(argument);
                    }
                    for keyword in &call.arguments.keywords {
                        self.visit_expr(&keyword.value);
                    }
                    return;
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
