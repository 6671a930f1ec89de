//! What the functions of a body give for one event, where they are understood: without the interpreter. Whatever is
//! not, or raises, is left to it.

use super::expr::{Expr, Kind, Look};
use super::names::{Binding, Names};
use super::read::Reader;
use super::same;
use super::value::{Found, Shape, Val};
use crate::event::{EventJson, find};
use crate::panther::FUNCTIONS;
use crate::python::{Returned, json_text, write_json};
use serde_json::Value as Json;
use std::cell::{Cell, RefCell};

/// A function that is made of more parts is left to the interpreter, which has a limit of time.
const LARGEST: usize = 2_000;

/// Bytes of text and members of lists and mappings of a value; what is heavier is left to the interpreter, too: an
/// expression may look at it many times.
const HEAVIEST: usize = 16_384;

/// Of so many paths it is kept what lies there while one event is asked about.
const LOOKED: usize = 16;

/// What is understood of the functions of a body.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    paths: Vec<Vec<String>>,
    functions: Vec<(&'static str, Function)>,
    /// What is understood of each function, written out.
    texts: Vec<String>,
}

#[derive(Clone, Debug)]
enum Function {
    /// There is surely none of that name.
    Absent,
    /// What it gives; where that has no value it is not known.
    Gives(Expr),
}

impl Answers {
    pub(super) fn read<'a>(reader: &mut Reader<'a>, body: &Names<'a>) -> Self {
        reader.wide = true;
        let mut functions = Vec::new();
        for name in FUNCTIONS {
            if body.is_builtin(name) {
                functions.push((name, Function::Absent));
                continue;
            }
            let found = match body.get(name) {
                Some(Binding::Function(_) | Binding::From(..)) => reader.function_of(name, 0),
                _ => None,
            };
            if let Some((module, function)) = found {
                let gives = reader.rule(function, module);
                if !gives.is_unknown() && gives.size() <= LARGEST {
                    functions.push((name, Function::Gives(gives)));
                }
            }
        }
        let paths = std::mem::take(&mut reader.paths);
        let text = |(_, function): &(&str, Function)| {
            let mut text = String::new();
            if let Function::Gives(expr) = function {
                same::write(expr, &paths, &mut text);
            }
            text
        };
        Self {
            texts: functions.iter().map(text).collect(),
            paths,
            functions,
        }
    }

    /// The functions that give of every event what those of another body give.
    pub fn unchanged(&self, other: &Self) -> Vec<&'static str> {
        let all = |answers: &'_ Self| {
            let names = answers.functions.iter().map(|(name, _)| *name);
            let texts = answers.texts.iter().cloned();
            names.zip(texts).collect::<Vec<_>>()
        };
        let theirs = all(other);
        let ours = all(self).into_iter();
        ours.filter(|one| theirs.contains(one))
            .map(|(name, _)| name)
            .collect()
    }

    fn function(&self, name: &str) -> Option<&Function> {
        let found = self.functions.iter().find(|(known, _)| *known == name);
        found.map(|(_, function)| function)
    }

    /// Whether something is known of what a function gives.
    pub fn knows(&self, name: &str) -> bool {
        matches!(self.function(name), Some(Function::Gives(_)))
    }

    /// Whether the body has something of that name; none where nobody can tell.
    pub fn has(&self, name: &str) -> Option<bool> {
        self.function(name)
            .map(|function| matches!(function, Function::Gives(_)))
    }

    /// To ask about one event.
    pub fn of<'a>(&'a self, event: &'a EventJson) -> Asking<'a> {
        Asking {
            answers: self,
            event,
            looked: Default::default(),
            known: RefCell::default(),
        }
    }
}

/// The answers for one event.
pub struct Asking<'a> {
    answers: &'a Answers,
    event: &'a EventJson,
    /// What lies at the paths that were looked at: at the first ones, which are asked for most.
    looked: [Cell<Option<Found<'a>>>; LOOKED],
    /// What shared expressions gave, by their address: they live as long as the answers.
    known: RefCell<Vec<(usize, Option<Val>)>>,
}

impl<'a> Look<'a> for Asking<'a> {
    fn found(&self, path: usize) -> Option<Found<'a>> {
        let looked = self.looked.get(path);
        if let Some(found) = looked.and_then(Cell::get) {
            return Some(found);
        }
        let found = look(self.event, self.answers.paths.get(path)?);
        if let Found::Value(value) = found {
            let mut left = HEAVIEST;
            weigh(value, &mut left)?;
        }
        if let Some(looked) = looked {
            looked.set(Some(found));
        }
        Some(found)
    }

    fn known(&self, node: usize) -> Option<Option<Val>> {
        let known = self.known.borrow();
        let found = known.iter().find(|(known, _)| *known == node);
        found.map(|(_, value)| value.clone())
    }

    fn keep(&self, node: usize, value: Option<&Val>) {
        self.known.borrow_mut().push((node, value.cloned()));
    }
}

impl<'a> Asking<'a> {
    /// Whether the body has something of that name; none where nobody can tell.
    pub fn has(&self, name: &str) -> Option<bool> {
        self.answers.has(name)
    }

    /// What a function gives for the event, without an exception and without changing anything; none where
    /// nobody can tell.
    pub fn call(&self, name: &str) -> Option<Returned> {
        match self.answers.function(name)? {
            Function::Gives(expr) => self.returned(expr),
            Function::Absent => None,
        }
    }

    fn value(&self, expr: &Expr) -> Option<Val> {
        expr.value_at(self)
    }

    /// The part of an expression that gives its value, where its parts are chosen from.
    fn chosen<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        let mut at = expr;
        loop {
            at = match at.kind() {
                Kind::If(condition, a, b) => match self.value(condition)?.is_true() {
                    true => a,
                    false => b,
                },
                Kind::And(a, b) => match self.value(a)?.is_true() {
                    true => b,
                    false => a,
                },
                Kind::Or(a, b) => match self.value(a)?.is_true() {
                    true => a,
                    false => b,
                },
                Kind::Then(a, b) => {
                    self.value(a)?;
                    b
                }
                _ => return Some(at),
            };
        }
    }

    fn returned(&self, expr: &Expr) -> Option<Returned> {
        let expr = self.chosen(expr)?;
        if let Kind::Dict(_) | Kind::Const(Val::Map(_)) = expr.kind() {
            let mut text = String::with_capacity(512);
            self.write(expr, &mut text)?;
            return Some(Returned::Mapping("dict".to_owned(), Ok(text)));
        }
        plain(&self.value(expr)?)
    }

    /// Writes a value as Python's `json.dumps` does.
    fn write(&self, expr: &Expr, out: &mut String) -> Option<()> {
        let expr = self.chosen(expr)?;
        match expr.kind() {
            Kind::Dict(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    next(index, out);
                    out.push_str(&json_text(key));
                    out.push_str(": ");
                    self.write(value, out)?;
                }
                out.push('}');
            }
            Kind::Items(items, _) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    next(index, out);
                    self.write(item, out)?;
                }
                out.push(']');
            }
            Kind::Path(access) => match (access.value(self.found(access.path)?)?, access.path) {
                // A value of the event itself: a default is never one of these.
                (Val::Object(_), path) => {
                    let json = at(self.event, self.answers.paths.get(path)?)?;
                    write_json(json, out).then_some(())?;
                }
                (value, _) => write(&value, out)?,
            },
            _ => write(&self.value(expr)?, out)?,
        }
        Some(())
    }
}

/// Takes what a value weighs from what is left; none where that is not enough.
fn weigh(value: &Json, left: &mut usize) -> Option<()> {
    let own = match value {
        Json::String(text) => text.len() + 1,
        _ => 1,
    };
    *left = left.checked_sub(own)?;
    match value {
        Json::Array(items) => items.iter().try_for_each(|item| weigh(item, left)),
        Json::Object(members) => members.values().try_for_each(|item| weigh(item, left)),
        _ => Some(()),
    }
}

/// What stands between the members of a container.
fn next(index: usize, out: &mut String) {
    if index > 0 {
        out.push_str(", ");
    }
}

/// Writes a value that is known as such. A set has no form in JSON, nor has a key that is no text one here.
fn write(value: &Val, out: &mut String) -> Option<()> {
    match value {
        Val::None => out.push_str("null"),
        Val::Bool(true) => out.push_str("true"),
        Val::Bool(false) => out.push_str("false"),
        Val::Int(int) => out.push_str(&int.to_string()),
        Val::Float(real) => {
            let number = serde_json::Number::from_f64(*real)?;
            write_json(&Json::Number(number), out).then_some(())?;
        }
        Val::Text(text) => out.push_str(&json_text(text)),
        Val::Items(items, _) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                next(index, out);
                write(item, out)?;
            }
            out.push(']');
        }
        Val::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                next(index, out);
                write_json(item, out).then_some(())?;
            }
            out.push(']');
        }
        Val::Map(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                let Val::Text(key) = key else { return None };
                let twice = members.iter().take(index);
                if twice
                    .into_iter()
                    .any(|(known, _)| *known == Val::Text(key.clone()))
                {
                    return None;
                }
                next(index, out);
                out.push_str(&json_text(key));
                out.push_str(": ");
                write(value, out)?;
            }
            out.push('}');
        }
        Val::Set(_) | Val::SomeList | Val::Object(_) => return None,
    }
    Some(())
}

/// A value as what a function gave back. Types whose name alone would matter are left to the interpreter.
fn plain(value: &Val) -> Option<Returned> {
    Some(match value {
        Val::None => Returned::None,
        Val::Bool(truth) => Returned::Bool(*truth),
        Val::Text(text) => Returned::Text(text.to_string()),
        Val::Items(items, Shape::List) => {
            let items: Option<Vec<Returned>> = items.iter().map(plain).collect();
            Returned::List(items?)
        }
        _ => return None,
    })
}

/// What lies at a path of an event, of which no more is read than that.
fn look<'a>(event: &'a EventJson, path: &[String]) -> Found<'a> {
    let Some((first, rest)) = path.split_first() else {
        return Found::Object(false);
    };
    match event.member(first) {
        Some(value) => super::look(value, rest, 1),
        None => Found::Missing(0),
    }
}

/// The value at a path of an event.
fn at<'a>(event: &'a EventJson, path: &[String]) -> Option<&'a Json> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(event.member(first)?, |value, key| {
        find(value.as_object()?, key)
    })
}
