//! What a rule needs before it can match, read from the text of its body: conditions on event paths such that where
//! they do not hold, `rule(event)` surely gives `False`, without an exception and without changing anything. A run
//! evaluates them over the values of all loaded events at once and asks the interpreter only about the events left.
//!
//! | file | what lives there |
//! |---|---|
//! | `names` | what the names of a module stand for: bound once, never changed |
//! | `scope` | what a function binds |
//! | `read`, `expressions` | statements and expressions of Python to [`expr::Expr`], functions that are called written out |
//! | `expr`, `access`, `value` | what an expression gives for the values of an event, exactly as Python would, or that nobody can tell |
//! | `mask`, `filter` | the same for all events at once: sets of outcomes |
//! | `needs` | the conditions in words |
//! | `wide`, `made` | expressions that make texts, lists and mappings of several values, read and evaluated |
//! | `answers` | what all functions of a body give for an event, where they are understood |
//!
//! What is trusted: imported modules do not reach into the module that imports them, nor change Python's own functions
//! or the event's classes. Whatever else is not understood filters nothing.

mod access;
mod answers;
mod expr;
mod expressions;
mod filter;
mod made;
mod mask;
mod names;
mod needs;
mod read;
mod same;
mod scope;
mod value;
mod wide;

pub use answers::{Answers, Asking};
pub use filter::{Column, Columns, Left};
pub use value::Found;

use crate::event::find;
use crate::python::Library;
use crate::python::syntax::{self, tree};
use expr::Expr;
use names::{Binding, Names};
use read::Reader;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::ops::Range;

/// A condition that an event has to meet for the rule to match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Where it stands in the body, in bytes.
    pub span: Range<usize>,
    /// The path, keys joined by dots; empty where it is about several.
    pub field: String,
    /// Such as `is`, `is one of`, `starts with`, `any of`.
    pub operator: String,
    /// What the field is compared with; for `any of` the alternatives in words.
    pub values: Vec<String>,
    /// All of it in words: `type` is `role.assignment.created`.
    pub text: String,
}

/// What a body's `rule` needs before it can match.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Conditions without which it never matches, in the order they stand in.
    pub conditions: Vec<Condition>,
    /// The parts of `rule` that only the interpreter can tell, in bytes of the body, in order.
    pub imperative: Vec<Range<usize>>,
    paths: Vec<Vec<String>>,
    rule: Option<Expr>,
}

/// Reads what a body needs before it can match. Never fails: of what it does not understand it says nothing.
pub fn read(body: &str) -> Guard {
    read_with(body, &Library::default())
}

/// The same for a body that imports modules of a library.
pub fn read_with(body: &str, library: &Library) -> Guard {
    let read = || read_here(body, library, false).unwrap_or_default();
    syntax::on_deep_stack(read).unwrap_or_default().0
}

/// The same, with what all functions of the body give, for whoever runs it.
pub fn read_to_run(body: &str, library: &Library) -> (Guard, Answers) {
    let read = || read_here(body, library, true).unwrap_or_default();
    syntax::on_deep_stack(read).unwrap_or_default()
}

/// How many modules of a library are looked into.
const MODULES: usize = 40;

fn read_here(body: &str, library: &Library, answers: bool) -> Option<(Guard, Answers)> {
    let mut trees = vec![syntax::parse(body)?];
    let mut names: Vec<&str> = vec![""];
    let mut at = 0;
    while let Some(module) = trees.get(at) {
        at += 1;
        for import in imported(module) {
            let found = library.modules().iter().rev().find(|m| m.name == import);
            if let Some(found) = found
                && syntax::is_of_library(&found.name)
                && !names.contains(&found.name.as_str())
                && names.len() < MODULES
                && let Some(tree) = syntax::parse(&found.source)
            {
                names.push(&found.name);
                trees.push(tree);
            }
        }
    }
    let modules: Vec<Names<'_>> = trees.iter().map(Names::read).collect();
    let by_name: HashMap<&str, usize> = names.into_iter().zip(0..).skip(1).collect();
    let cut = if body.starts_with('\u{FEFF}') { 3 } else { 0 };
    let first = modules.first()?;
    let answers = match answers {
        true => Answers::read(&mut Reader::new(&modules, &by_name, cut), first),
        false => Answers::default(),
    };
    let Some(Binding::Function(rule)) = first.get("rule") else {
        return Some((Guard::default(), answers));
    };
    let mut reader = Reader::new(&modules, &by_name, cut);
    let given = reader.rule(rule, 0);
    let conditions = needs::conditions(&given, &reader.paths, body);
    let guard = Guard {
        conditions,
        imperative: joined(reader.imperative, body),
        paths: reader.paths,
        rule: Some(given),
    };
    Some((guard, answers))
}

/// The modules that a module imports at its top level.
fn imported(module: &tree::ModModule) -> Vec<String> {
    let mut found = Vec::new();
    for stmt in &module.body {
        match stmt {
            tree::Stmt::Import(import) => {
                found.extend(import.names.iter().map(|alias| alias.name.to_string()));
            }
            tree::Stmt::ImportFrom(import) => {
                found.extend(import.module.iter().map(ToString::to_string));
            }
            _ => {}
        }
    }
    found
}

/// Ranges in order; those with nothing but space between them are one.
fn joined(mut ranges: Vec<Range<usize>>, body: &str) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last)
                if body
                    .get(last.end..range.start)
                    .is_none_or(|between| between.trim().is_empty()) =>
            {
                last.end = last.end.max(range.end);
            }
            _ => joined.push(range),
        }
    }
    joined
}

impl Guard {
    /// Whether it can keep any event from the interpreter.
    pub fn filters(&self) -> bool {
        self.rule.as_ref().is_some_and(|rule| !rule.is_unknown()) && !self.paths.is_empty()
    }

    /// The lines of the body, from 1, of which some part is left to the interpreter: first and last of each run.
    pub fn python_lines(&self, body: &str) -> Vec<(usize, usize)> {
        let line = |at: usize| {
            body.get(..at)
                .map_or(1, |text| text.matches('\n').count() + 1)
        };
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for range in &self.imperative {
            let (from, to) = (line(range.start), line(range.end));
            match runs.last_mut() {
                Some((_, last)) if from <= *last + 1 => *last = to.max(*last),
                _ => runs.push((from, to)),
            }
        }
        runs
    }

    /// The paths of events that it looks at.
    pub fn paths(&self) -> &[Vec<String>] {
        &self.paths
    }

    /// Whether `rule` surely gives `False` for an event, without an exception and without changing anything.
    pub fn refuses(&self, event: &Json) -> bool {
        let Some(rule) = &self.rule else { return false };
        let found = |path: usize| Some(look(event, self.paths.get(path)?, 0));
        mask::of(rule.value(&found)) == mask::FALSE
    }

    /// Which events have to be asked about, in the order of the rows. None where all have to be.
    pub fn left(&self, columns: &dyn Columns) -> Option<Vec<Left>> {
        if !self.filters() {
            return None;
        }
        filter::left(self.rule.as_ref()?, &self.paths, columns)
    }
}

/// What lies at a path of a value, which itself lies so many keys deep in the event.
fn look<'a>(value: &'a Json, path: &[String], above: usize) -> Found<'a> {
    let mut at = value;
    for (depth, key) in (above..).zip(path) {
        let Json::Object(members) = at else {
            return Found::Blocked(depth, at.is_null());
        };
        match find(members, key) {
            Some(value) => at = value,
            None => return Found::Missing(depth),
        }
    }
    match at {
        Json::Object(members) => Found::Object(members.is_empty()),
        value => Found::Value(value),
    }
}
