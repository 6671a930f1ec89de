//! The paths inside dynamic values.

use super::Limits;
use super::count::{Counter, Values};
use crate::value::Value;
use crate::value::path::Step;
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::sync::Arc;

/// What kind of JSON value stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A text.
    String,
    /// A whole number.
    Long,
    /// Another number.
    Real,
    /// A truth value.
    Bool,
}

impl Kind {
    fn of(json: &Json) -> Option<Self> {
        Some(match json {
            Json::Null => return None,
            Json::Object(_) => Kind::Object,
            Json::Array(_) => Kind::Array,
            Json::String(_) => Kind::String,
            Json::Bool(_) => Kind::Bool,
            Json::Number(n) if n.is_f64() => Kind::Real,
            Json::Number(_) => Kind::Long,
        })
    }

    /// As KQL names it (`gettype`).
    pub fn name(self) -> &'static str {
        match self {
            Kind::Object => "dictionary",
            Kind::Array => "array",
            Kind::String => "string",
            Kind::Long => "long",
            Kind::Real => "real",
            Kind::Bool => "bool",
        }
    }
}

/// What is known of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathProfile {
    /// The steps from the column.
    pub steps: Vec<Step>,
    /// Which kinds of values are there, the most frequent first.
    pub kinds: Vec<(Kind, usize)>,
    /// Its texts, numbers and truth values. `filled` are the rows in which any value stands there, objects and arrays
    /// too; `rows` are all rows.
    pub values: Values,
}

/// Collects paths, one value after another.
pub struct Paths {
    limits: Limits,
    root: Node,
    nodes: usize,
    rows: usize,
    /// The number of the value that is looked at.
    at: usize,
    cut: bool,
}

#[derive(Default)]
struct Node {
    kinds: Vec<(Kind, usize)>,
    values: Counter,
    /// The value in which it was last filled.
    last: usize,
    keys: IndexMap<String, Node>,
    each: Option<Box<Node>>,
}

impl Paths {
    /// No values yet.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            root: Node::default(),
            nodes: 0,
            rows: 0,
            at: 0,
            cut: false,
        }
    }

    /// Rows without a value.
    pub fn rows(&mut self, rows: usize) {
        self.rows += rows;
    }

    /// A value that so many rows hold.
    pub fn add(&mut self, json: &Json, rows: usize) {
        self.rows += rows;
        self.at += 1;
        let mut walk = Walk {
            limits: self.limits,
            nodes: &mut self.nodes,
            at: self.at,
            weight: rows,
            cut: &mut self.cut,
        };
        walk.inside(&mut self.root, json, 0);
    }

    /// The paths, and whether there were more than the limits allow.
    pub fn finish(self) -> (Vec<PathProfile>, bool) {
        let mut paths = Vec::new();
        let mut steps = Vec::new();
        gather(
            self.root,
            self.rows,
            self.limits.top,
            &mut steps,
            &mut paths,
        );
        (paths, self.cut)
    }
}

struct Walk<'a> {
    limits: Limits,
    nodes: &'a mut usize,
    at: usize,
    weight: usize,
    cut: &'a mut bool,
}

impl Walk<'_> {
    /// What an object or array holds; the depth is bounded by the limits, and so is this recursion.
    fn inside(&mut self, node: &mut Node, json: &Json, depth: usize) {
        let holds = matches!(json, Json::Object(o) if !o.is_empty())
            || matches!(json, Json::Array(a) if !a.is_empty());
        if holds && depth >= self.limits.depth {
            *self.cut = true;
            return;
        }
        match json {
            Json::Object(object) => {
                for (key, inner) in object {
                    if !node.keys.contains_key(key) {
                        if !self.one_more() {
                            continue;
                        }
                        let new = self.node();
                        node.keys.insert(key.clone(), new);
                    }
                    if let Some(child) = node.keys.get_mut(key) {
                        self.value(child, inner, depth + 1);
                    }
                }
            }
            Json::Array(items) if !items.is_empty() => {
                if node.each.is_none() {
                    if !self.one_more() {
                        return;
                    }
                    node.each = Some(Box::new(self.node()));
                }
                if let Some(child) = &mut node.each {
                    for item in items {
                        self.value(child, item, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, node: &mut Node, json: &Json, depth: usize) {
        let Some(kind) = Kind::of(json) else {
            return;
        };
        match node.kinds.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, count)) => *count += self.weight,
            None => node.kinds.push((kind, self.weight)),
        }
        if node.last != self.at {
            node.last = self.at;
            node.values.filled += self.weight;
        }
        match json {
            Json::Object(_) | Json::Array(_) => self.inside(node, json, depth),
            scalar => node.values.occurs(&scalar.to_string(), self.weight),
        }
    }

    fn node(&self) -> Node {
        Node {
            values: Counter::new(self.limits.distinct),
            ..Node::default()
        }
    }

    fn one_more(&mut self) -> bool {
        let may = *self.nodes < self.limits.paths;
        match may {
            true => *self.nodes += 1,
            false => *self.cut = true,
        }
        may
    }
}

fn gather(
    node: Node,
    rows: usize,
    top: usize,
    steps: &mut Vec<Step>,
    paths: &mut Vec<PathProfile>,
) {
    if !steps.is_empty() {
        let mut kinds = node.kinds;
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), *kind));
        let mut values = node.values.finish(top, |text| {
            let json = serde_json::from_str(text).unwrap_or_else(|_| Json::from(text));
            Value::Dynamic(Arc::new(json))
        });
        values.rows = rows;
        paths.push(PathProfile {
            steps: steps.clone(),
            kinds,
            values,
        });
    }
    for (key, child) in node.keys {
        steps.push(Step::Key(key));
        gather(child, rows, top, steps, paths);
        steps.pop();
    }
    if let Some(child) = node.each {
        steps.push(Step::Each);
        gather(*child, rows, top, steps, paths);
        steps.pop();
    }
}
