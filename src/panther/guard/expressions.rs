//! Python's expressions to ours.

use super::access::{Access, Step};
use super::expr::{Class, Expr, Kind, Op};
use super::names::Binding;
use super::read::{Env, Frame, Reader};
use super::value::{Method, Shape, Val};
use crate::python::syntax::tree::{self, CmpOp};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// A generator over a constant is written out, up to this many members.
const LONGEST: usize = 64;
/// A path has at most this many keys.
const KEYS: usize = 32;

impl<'a> Reader<'a> {
    /// Reads an expression.
    pub fn expr(&mut self, expr: &'a tree::Expr, frame: &Frame<'a>, env: &Env<'a>) -> Expr {
        let span = self.span(expr, frame);
        if !self.burn() {
            return self.unknown(span);
        }
        match self.known(expr, &span, frame, env) {
            // A name of something that was not understood was told of where it was bound.
            Some(known) if !known.is_unknown() || expr.is_name_expr() => {
                if known.has_gaps() && !expr.is_name_expr() {
                    self.unknown(span);
                }
                known
            }
            _ => self.unknown(span),
        }
    }

    fn known(
        &mut self,
        expr: &'a tree::Expr,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        let names = self.modules.get(frame.module)?;
        Some(match expr {
            tree::Expr::Name(name) => {
                let name = name.id.as_str();
                if let Some(known) = env.get(name) {
                    return Some(known.clone());
                }
                if frame.scope.local.contains(name) {
                    // All that binds it was followed: on this way nothing did.
                    let unbound = !frame.scope.lost.contains(name);
                    return unbound.then(|| Expr::new(Kind::Raises, span));
                }
                let value = match names.get(name)? {
                    Binding::From(module, name) => self.constant_in(module, name)?,
                    _ => names.constant(name)?,
                };
                Expr::constant(value, span)
            }
            tree::Expr::BoolOp(op) => {
                let mut parts: Vec<Expr> = Vec::new();
                for value in &op.values {
                    parts.push(self.expr(value, frame, env));
                }
                joined(parts, op.op == tree::BoolOp::And, span)?
            }
            tree::Expr::UnaryOp(op) if op.op == tree::UnaryOp::Not => {
                Expr::new(Kind::Not(self.expr(&op.operand, frame, env)), span)
            }
            tree::Expr::If(choice) => {
                let test = self.expr(&choice.test, frame, env);
                let holds = self.expr(&choice.body, frame, env);
                let fails = self.expr(&choice.orelse, frame, env);
                Expr::new(Kind::If(test, holds, fails), span)
            }
            tree::Expr::Compare(compare) => self.compare(compare, span, frame, env)?,
            tree::Expr::Call(call) => self.call(call, span, frame, env)?,
            tree::Expr::Subscript(subscript) if subscript.ctx == tree::ExprContext::Load => {
                let on = self.expr(&subscript.value, frame, env);
                let key = self.text(&subscript.slice, frame, env);
                match key.and_then(|key| self.step(&on, vec![key], Step::Index, span)) {
                    Some(step) => step,
                    None => self.subscript(on, &subscript.slice, span, frame, env)?,
                }
            }
            tree::Expr::Attribute(attribute) if attribute.ctx == tree::ExprContext::Load => {
                let module = self.module_of(&attribute.value, frame, env)?;
                let value = self.constant_in(module, attribute.attr.as_str())?;
                Expr::constant(value, span)
            }
            tree::Expr::List(list) => match self.constants(&list.elts, frame, env) {
                Some(items) => Expr::constant(Val::Items(items, Shape::List), span),
                None => self.items(&list.elts, Shape::List, span, frame, env)?,
            },
            tree::Expr::Tuple(tuple) => match self.constants(&tuple.elts, frame, env) {
                Some(items) => Expr::constant(Val::Items(items, Shape::Tuple), span),
                None => self.items(&tuple.elts, Shape::Tuple, span, frame, env)?,
            },
            tree::Expr::Set(set) => {
                let items = self.constants(&set.elts, frame, env)?;
                let hashed = items.iter().all(Val::is_scalar);
                Expr::constant(hashed.then_some(Val::Set(items))?, span)
            }
            other => match self.literal(other, frame, env) {
                Some(value) => Expr::constant(value, span),
                None => self.made(other, span, frame, env)?,
            },
        })
    }

    /// The value of an expression that is written down as it is.
    fn literal(&self, expr: &tree::Expr, frame: &Frame<'a>, env: &Env<'a>) -> Option<Val> {
        let local = |name: &str| match env.get(name) {
            Some(known) => Some(known.as_const().cloned()),
            None => frame.scope.local.contains(name).then_some(None),
        };
        self.modules.get(frame.module)?.literal(expr, &local)
    }

    pub(super) fn text(
        &self,
        expr: &tree::Expr,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<String> {
        match self.constant(expr, frame, env)? {
            Val::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// A literal or constant of any module, without a word where it is none.
    fn constant(&self, expr: &tree::Expr, frame: &Frame<'a>, env: &Env<'a>) -> Option<Val> {
        if let Some(value) = self.literal(expr, frame, env) {
            return Some(value);
        }
        match expr {
            tree::Expr::Name(name) => {
                let name = name.id.as_str();
                if env.contains_key(name) || frame.scope.local.contains(name) {
                    return None;
                }
                match self.modules.get(frame.module)?.get(name)? {
                    Binding::From(module, name) => self.constant_in(module, name),
                    _ => None,
                }
            }
            tree::Expr::Attribute(attribute) => {
                let module = self.module_of(&attribute.value, frame, env)?;
                self.constant_in(module, attribute.attr.as_str())
            }
            _ => None,
        }
    }

    fn constants(
        &self,
        elements: &[tree::Expr],
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Arc<[Val]>> {
        let mut items = Vec::new();
        for element in elements {
            if let tree::Expr::Starred(starred) = element {
                match self.constant(&starred.value, frame, env)? {
                    Val::Items(more, _) => items.extend(more.iter().cloned()),
                    _ => return None,
                }
            } else {
                items.push(self.constant(element, frame, env)?);
            }
        }
        Some(Arc::from(items))
    }

    /// The module of the library that an expression names.
    fn module_of(&self, expr: &tree::Expr, frame: &Frame<'a>, env: &Env<'a>) -> Option<&'a str> {
        let tree::Expr::Name(name) = expr else {
            return None;
        };
        let name = name.id.as_str();
        if env.contains_key(name) || frame.scope.local.contains(name) {
            return None;
        }
        match self.modules.get(frame.module)?.get(name)? {
            Binding::Module(module) => Some(module),
            _ => None,
        }
    }

    fn compare(
        &mut self,
        compare: &'a tree::ExprCompare,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        let mut left = self.expr(&compare.left, frame, env);
        let mut parts = Vec::new();
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.expr(right, frame, env);
            let part = match (op, right.kind(), left.as_const()) {
                // Keys of the event itself.
                (CmpOp::In | CmpOp::NotIn, Kind::Event, Some(Val::Text(key))) => {
                    let event = right.clone();
                    let has = self.step(&event, vec![key.to_string()], Step::Has, span)?;
                    match op {
                        CmpOp::In => has,
                        _ => Expr::new(Kind::Not(has), span),
                    }
                }
                _ => Expr::new(Kind::Compare(op_of(*op), left.clone(), right.clone()), span),
            };
            parts.push(part);
            left = right;
        }
        joined(parts, true, span)
    }

    fn call(
        &mut self,
        call: &'a tree::ExprCall,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        match &*call.func {
            tree::Expr::Attribute(attribute) => {
                let method = attribute.attr.as_str();
                if let Some(module) = self.module_of(&attribute.value, frame, env) {
                    let found = self.function_in(module, method)?;
                    return self.follow(found, call, span, frame, env);
                }
                let on = self.expr(&attribute.value, frame, env);
                self.method(&on, method, &call.arguments, span, frame, env)
            }
            tree::Expr::Name(name) => {
                let name = name.id.as_str();
                if env.contains_key(name) || frame.scope.local.contains(name) {
                    return None;
                }
                if self.modules.get(frame.module)?.is_builtin(name) {
                    return self.builtin(name, &call.arguments, span, frame, env);
                }
                let found = self.function_of(name, frame.module)?;
                self.follow(found, call, span, frame, env)
            }
            _ => None,
        }
    }

    /// A call of a function of the body or the library: what it gives, written out.
    fn follow(
        &mut self,
        (module, function): (usize, &'a tree::StmtFunctionDef),
        call: &'a tree::ExprCall,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        let mut arguments = Vec::new();
        for argument in &call.arguments.args {
            if argument.is_starred_expr() {
                return None;
            }
            arguments.push(self.expr(argument, frame, env));
        }
        let mut named = HashMap::new();
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_ref()?.as_str();
            named.insert(name, self.expr(&keyword.value, frame, env));
        }
        let first: Vec<Expr> = arguments
            .iter()
            .chain(named.values())
            .filter(|argument| !argument.never_raises())
            .cloned()
            .collect();
        let given = self.inside(span.clone(), |reader| {
            reader.function(function, module, arguments, &named)
        })?;
        Some(first.into_iter().rev().fold(given, |given, argument| {
            Expr::new(Kind::Then(argument, given), span)
        }))
    }

    /// A method of the event, of a value of it, or of a text.
    fn method(
        &mut self,
        on: &Expr,
        method: &str,
        arguments: &'a tree::Arguments,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        let args = &*arguments.args;
        let default = |reader: &Self| match arguments.keywords.as_slice() {
            [] => Some(Val::None),
            [one]
                if one
                    .arg
                    .as_ref()
                    .is_some_and(|name| name.as_str() == "default") =>
            {
                reader.constant(&one.value, frame, env)
            }
            _ => None,
        };
        match method {
            "get" => {
                let (key, value) = match args {
                    [key] if matches!(on.kind(), Kind::Event) => (key, default(self)?),
                    [key] if arguments.keywords.is_empty() => (key, Val::None),
                    [key, value] if arguments.keywords.is_empty() => {
                        (key, self.constant(value, frame, env)?)
                    }
                    _ => return None,
                };
                if matches!(on.kind(), Kind::Const(_)) {
                    return self.lookup(on, key, value, span, frame, env);
                }
                let key = self.text(key, frame, env)?;
                self.step(on, vec![key], Step::Get(value), span)
            }
            "split" => self.split(on, arguments, span, frame, env),
            "deep_get" => {
                let mut keys = Vec::new();
                for key in args {
                    keys.push(self.text(key, frame, env)?);
                }
                if keys.is_empty() {
                    return None;
                }
                let step = Step::Deep(keys.len(), default(self)?);
                self.step(on, keys, step, span)
            }
            _ => {
                let method = match method {
                    "lower" => Method::Lower,
                    "upper" => Method::Upper,
                    "strip" => Method::Strip,
                    "startswith" => Method::StartsWith,
                    "endswith" => Method::EndsWith,
                    _ => return None,
                };
                if !arguments.keywords.is_empty() {
                    return None;
                }
                let argument = match args {
                    [] => None,
                    [one] => Some(self.expr(one, frame, env)),
                    _ => return None,
                };
                Some(Expr::new(Kind::Method(method, on.clone(), argument), span))
            }
        }
    }

    /// One step further along a path.
    fn step(
        &mut self,
        on: &Expr,
        keys: Vec<String>,
        step: Step,
        span: &Range<usize>,
    ) -> Option<Expr> {
        let (mut path, mut steps) = match on.kind() {
            Kind::Event => (Vec::new(), Vec::new()),
            Kind::Path(access) => (self.paths.get(access.path)?.clone(), access.steps.to_vec()),
            _ => return None,
        };
        path.extend(keys);
        steps.push(step);
        if path.len() > KEYS {
            return None;
        }
        let keys = path.len();
        let path = match self.paths.iter().position(|known| *known == path) {
            Some(known) => known,
            None => {
                self.paths.push(path);
                self.paths.len() - 1
            }
        };
        let access = Access {
            path,
            keys,
            steps: Arc::from(steps),
        };
        Some(Expr::new(Kind::Path(access), span))
    }

    fn builtin(
        &mut self,
        name: &str,
        arguments: &'a tree::Arguments,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        if !arguments.keywords.is_empty() || arguments.args.iter().any(|a| a.is_starred_expr()) {
            return None;
        }
        let kind = match (name, &*arguments.args) {
            ("bool", [one]) => Kind::Bool(self.expr(one, frame, env)),
            ("len", [one]) => Kind::Length(self.expr(one, frame, env)),
            ("str", [one]) => Kind::Text(self.expr(one, frame, env)),
            ("isinstance", [one, classes]) => {
                let classes = self.classes(classes, frame, env)?;
                Kind::IsInstance(self.expr(one, frame, env), classes)
            }
            ("all" | "any", [one]) => return self.all_or_any(name == "all", one, span, frame, env),
            ("set" | "frozenset" | "tuple" | "list", [one]) => {
                let Val::Items(items, _) = self.constant(one, frame, env)? else {
                    return None;
                };
                Kind::Const(match name {
                    "tuple" => Val::Items(items, Shape::Tuple),
                    "list" => Val::Items(items, Shape::List),
                    _ if items.iter().all(Val::is_scalar) => Val::Set(items),
                    _ => return None,
                })
            }
            _ => return None,
        };
        Some(Expr::new(kind, span))
    }

    fn classes(&self, expr: &tree::Expr, frame: &Frame<'a>, env: &Env<'a>) -> Option<Arc<[Class]>> {
        let names = self.modules.get(frame.module)?;
        let one = |expr: &tree::Expr| {
            let tree::Expr::Name(name) = expr else {
                return None;
            };
            let name = name.id.as_str();
            let local = env.contains_key(name) || frame.scope.local.contains(name);
            if local || !names.is_builtin(name) {
                return None;
            }
            match name {
                "str" => Some(Class::Str),
                "int" => Some(Class::Int),
                "float" => Some(Class::Float),
                "bool" => Some(Class::Bool),
                "list" | "dict" | "tuple" | "set" => Some(Class::Container),
                _ => None,
            }
        };
        match expr {
            tree::Expr::Tuple(tuple) => tuple.elts.iter().map(one).collect(),
            other => Some(Arc::from([one(other)?])),
        }
    }

    fn all_or_any(
        &mut self,
        all: bool,
        over: &'a tree::Expr,
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        let (element, parts, eager) = match over {
            tree::Expr::List(list) => return self.eager(all, &list.elts, span, frame, env),
            tree::Expr::Tuple(tuple) => return self.eager(all, &tuple.elts, span, frame, env),
            tree::Expr::Generator(each) => (&*each.elt, &each.generators, false),
            tree::Expr::ListComp(each) => (&*each.elt, &each.generators, true),
            _ => return None,
        };
        let [part] = parts.as_slice() else {
            return None;
        };
        let tree::Expr::Name(name) = &part.target else {
            return None;
        };
        let items = match self.constant(&part.iter, frame, env)? {
            Val::Items(items, _) => items,
            _ => return None,
        };
        if part.is_async || items.len() > LONGEST || !items.iter().all(Val::is_scalar) {
            return None;
        }
        let mut written = Vec::new();
        for item in items.iter() {
            let mut env = env.clone();
            env.insert(name.id.as_str(), Expr::constant(item.clone(), span));
            let mut one = self.expr(element, frame, &env);
            for test in part.ifs.iter().rev() {
                let test = self.expr(test, frame, &env);
                let passed = Expr::constant(Val::Bool(all), span);
                one = Expr::new(Kind::If(test, one, passed), span);
            }
            written.push(one);
        }
        Some(match eager {
            true if all => Expr::new(Kind::All(Arc::from(written)), span),
            true => Expr::new(Kind::Any(Arc::from(written)), span),
            false if written.is_empty() => Expr::constant(Val::Bool(all), span),
            false => Expr::new(Kind::Bool(joined(written, all, span)?), span),
        })
    }

    /// `all([…])` and `any([…])`.
    fn eager(
        &mut self,
        all: bool,
        elements: &'a [tree::Expr],
        span: &Range<usize>,
        frame: &Frame<'a>,
        env: &Env<'a>,
    ) -> Option<Expr> {
        let mut parts = Vec::new();
        for element in elements {
            if element.is_starred_expr() {
                return None;
            }
            parts.push(self.expr(element, frame, env));
        }
        let kind = if all { Kind::All } else { Kind::Any };
        Some(Expr::new(kind(Arc::from(parts)), span))
    }
}

/// `a and b and …`, or with `or`. Halved, so that long ones are not deep.
fn joined(mut parts: Vec<Expr>, and: bool, span: &Range<usize>) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let back = joined(parts.split_off(parts.len() / 2), and, span)?;
    let front = joined(parts, and, span)?;
    let kind = if and { Kind::And } else { Kind::Or };
    Some(Expr::new(kind(front, back), span))
}

fn op_of(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::Eq,
        CmpOp::NotEq => Op::NotEq,
        CmpOp::Lt => Op::Less,
        CmpOp::LtE => Op::LessEq,
        CmpOp::Gt => Op::Greater,
        CmpOp::GtE => Op::GreaterEq,
        CmpOp::Is => Op::Is,
        CmpOp::IsNot => Op::IsNot,
        CmpOp::In => Op::In,
        CmpOp::NotIn => Op::NotIn,
    }
}
