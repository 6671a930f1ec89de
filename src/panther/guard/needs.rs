//! The conditions in words: what has to hold for the expression to be true.

use super::Condition;
use super::access::Step;
use super::expr::{Class, Expr, Kind, Op};
use super::value::{Method, Shape, Val};
use std::ops::Range;

/// Alternatives whose words are longer than this are left unsaid.
const LONGEST: usize = 2_000;

/// The conditions without which the rule does not match.
pub(super) fn conditions(rule: &Expr, paths: &[Vec<String>], body: &str) -> Vec<Condition> {
    let needs = Needs { paths, body };
    let mut found: Vec<Condition> = Vec::new();
    for condition in needs.of(rule, true).unwrap_or_default() {
        if !found.iter().any(|known| known.text == condition.text) {
            found.push(condition);
        }
    }
    found
}

struct Needs<'a> {
    paths: &'a [Vec<String>],
    body: &'a str,
}

impl Needs<'_> {
    /// What has to hold for the expression to count as true, or as false. None where it never does.
    fn of(&self, expr: &Expr, wanted: bool) -> Option<Vec<Condition>> {
        match expr.kind() {
            Kind::Unknown | Kind::Event => Some(Vec::new()),
            Kind::Raises => None,
            Kind::Const(value) => (value.is_true() == wanted).then(Vec::new),
            Kind::Not(a) => self.of(a, !wanted),
            Kind::Bool(a) | Kind::Then(_, a) => self.of(a, wanted),
            Kind::And(..) | Kind::Or(..) | Kind::All(_) | Kind::Any(_) => {
                let and = matches!(expr.kind(), Kind::And(..) | Kind::All(_));
                let mut parts = Vec::new();
                flatten(expr, and, &mut parts);
                let parts = parts.into_iter().map(|part| self.of(part, wanted));
                if and == wanted {
                    let all: Option<Vec<Vec<Condition>>> = parts.collect();
                    Some(all?.into_iter().flatten().collect())
                } else {
                    either(parts.flatten().collect(), expr.span())
                }
            }
            Kind::If(condition, a, b) => {
                let both = |mut first: Vec<Condition>, second: Vec<Condition>| {
                    first.extend(second);
                    first
                };
                let (holds, fails) = (self.of(condition, true), self.of(condition, false));
                let (then, other) = (self.of(a, wanted), self.of(b, wanted));
                // `c or b` says as much as `c or (not c and b)`.
                let alone = |way: &Option<Vec<Condition>>, gives: &Expr| {
                    way.as_ref().is_some_and(Vec::is_empty) && gives.as_const().is_some()
                };
                let (first, second) = (alone(&then, a), alone(&other, b));
                let way = |test: Option<Vec<Condition>>, gives, said: bool| {
                    let test = test?;
                    Some(both(if said { test } else { Vec::new() }, gives?))
                };
                let ways = [way(holds, then, !second), way(fails, other, !first)];
                either(ways.into_iter().flatten().collect(), expr.span())
            }
            _ if expr.has_gaps() => Some(Vec::new()),
            _ => Some(vec![self.leaf(expr, wanted)]),
        }
    }

    fn leaf(&self, expr: &Expr, wanted: bool) -> Condition {
        let known = match expr.kind() {
            Kind::Compare(op, a, b) => {
                self.comparison(if wanted { *op } else { inverse(*op) }, a, b)
            }
            Kind::Method(method @ (Method::StartsWith | Method::EndsWith), on, Some(argument)) => {
                self.affix(*method, on, argument, wanted)
            }
            Kind::IsInstance(on, classes) => self.field(on).map(|(field, _)| {
                let not = if wanted { "is" } else { "is not" };
                let names = classes.iter().map(|class| class_name(*class).to_owned());
                (field, format!("{not} of type"), names.collect())
            }),
            Kind::Path(access) if matches!(*access.steps, [Step::Has]) => {
                let words = if wanted { "is there" } else { "is absent" };
                let path = self.paths.get(access.path);
                path.map(|path| (path.join("."), words.to_owned(), Vec::new()))
            }
            _ => self.field(expr).map(|(field, _)| {
                let words = if wanted {
                    "is not empty"
                } else {
                    "is empty or absent"
                };
                (field, words.to_owned(), Vec::new())
            }),
        };
        let (field, operator, values) = known.unwrap_or_else(|| {
            let code = self.body.get(expr.span().clone()).unwrap_or("");
            let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
            let words = if wanted { "holds" } else { "does not hold" };
            (code, words.to_owned(), Vec::new())
        });
        Condition {
            text: sentence(&field, &operator, &values),
            span: expr.span().clone(),
            field,
            operator,
            values,
        }
    }

    fn comparison(&self, op: Op, a: &Expr, b: &Expr) -> Option<(String, String, Vec<String>)> {
        if let (Op::In | Op::NotIn, Some(item)) = (op, a.as_const()) {
            let (field, case) = self.field(b)?;
            let words = if op == Op::In {
                "contains"
            } else {
                "does not contain"
            };
            return Some((field, format!("{words}{case}"), vec![shown(item)]));
        }
        let (op, (field, case), value) = match (a.as_const(), b.as_const()) {
            (None, Some(value)) => (op, self.field(a)?, value),
            (Some(value), None) => (turned(op)?, self.field(b)?, value),
            _ => return None,
        };
        let (words, values) = match (op, value) {
            (Op::Eq | Op::Is, Val::None) => ("is null or absent", Vec::new()),
            (Op::NotEq | Op::IsNot, Val::None) => ("is present", Vec::new()),
            (Op::Eq | Op::Is, value) => ("is", vec![shown(value)]),
            (Op::NotEq | Op::IsNot, value) => ("is not", vec![shown(value)]),
            (Op::Less, value) => ("is less than", vec![shown(value)]),
            (Op::LessEq, value) => ("is at most", vec![shown(value)]),
            (Op::Greater, value) => ("is greater than", vec![shown(value)]),
            (Op::GreaterEq, value) => ("is at least", vec![shown(value)]),
            (Op::In, Val::Text(_)) => ("is part of", vec![shown(value)]),
            (Op::NotIn, Val::Text(_)) => ("is no part of", vec![shown(value)]),
            (Op::In, value) => ("is one of", members(value)?),
            (Op::NotIn, value) => ("is none of", members(value)?),
        };
        Some((field, format!("{words}{case}"), values))
    }

    fn affix(
        &self,
        method: Method,
        on: &Expr,
        argument: &Expr,
        wanted: bool,
    ) -> Option<(String, String, Vec<String>)> {
        let (field, case) = self.field(on)?;
        let words = match (method, wanted) {
            (Method::StartsWith, true) => "starts with",
            (Method::StartsWith, false) => "does not start with",
            (_, true) => "ends with",
            (_, false) => "does not end with",
        };
        let value = argument.as_const()?;
        let values = members(value).unwrap_or_else(|| vec![shown(value)]);
        Some((field, format!("{words}{case}"), values))
    }

    /// The path an expression is about, and what is said of its letters.
    fn field(&self, expr: &Expr) -> Option<(String, &'static str)> {
        match expr.kind() {
            Kind::Path(access) if !matches!(*access.steps, [Step::Has]) => {
                Some((self.paths.get(access.path)?.join("."), ""))
            }
            Kind::Method(Method::Lower | Method::Upper, on, None) => {
                Some((self.field(on)?.0, " (in any case)"))
            }
            Kind::Method(Method::Strip, on, None) | Kind::Text(on) => self.field(on),
            Kind::Length(on) => Some((format!("length of {}", self.field(on)?.0), "")),
            // event.get("a") or ""
            Kind::Or(on, other) if other.as_const().is_some_and(|value| !value.is_true()) => {
                self.field(on)
            }
            _ => None,
        }
    }
}

/// The parts of nested `and`s or `or`s.
fn flatten<'e>(expr: &'e Expr, and: bool, parts: &mut Vec<&'e Expr>) {
    match (expr.kind(), and) {
        (Kind::And(a, b), true) | (Kind::Or(a, b), false) => {
            flatten(a, and, parts);
            flatten(b, and, parts);
        }
        (Kind::All(members), true) | (Kind::Any(members), false) => {
            members.iter().for_each(|part| flatten(part, and, parts));
        }
        (Kind::Bool(a), _) => flatten(a, and, parts),
        _ => parts.push(expr),
    }
}

/// One of several ways has to hold.
fn either(mut ways: Vec<Vec<Condition>>, span: &Range<usize>) -> Option<Vec<Condition>> {
    if ways.len() < 2 {
        return ways.pop();
    }
    // What holds on every way holds.
    for way in &mut ways {
        // `a` is not `x` and `a` is `y`: the second says it.
        let known: Vec<String> = way
            .iter()
            .filter(|c| is_equal(c))
            .map(|c| c.field.clone())
            .collect();
        let other = |c: &Condition| matches!(c.operator.as_str(), "is not" | "is none of");
        way.retain(|c| !(other(c) && known.contains(&c.field)));
    }
    let (first, others) = ways.split_first()?;
    let always: Vec<Condition> = first
        .iter()
        .filter(|c| {
            others
                .iter()
                .all(|way| way.iter().any(|o| o.text == c.text))
        })
        .cloned()
        .collect();
    for way in &mut ways {
        way.retain(|c| !always.iter().any(|known| known.text == c.text));
    }
    let mut found = always;
    if ways.iter().all(|way| !way.is_empty()) {
        found.extend(common(&ways, span));
        let said = alternatives(&ways, span);
        found.extend(said.filter(|said| found.iter().all(|known| known.text != said.text)));
    }
    Some(found)
}

fn is_equal(condition: &Condition) -> bool {
    matches!(condition.operator.as_str(), "is" | "is one of")
}

/// The fields that have to be one of some values on every way.
fn common(ways: &[Vec<Condition>], span: &Range<usize>) -> Vec<Condition> {
    let Some((first, others)) = ways.split_first() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for condition in first.iter().filter(|c| is_equal(c)) {
        let same = |way: &Vec<Condition>| {
            let mut same = way.iter();
            let found = same.find(|c| is_equal(c) && c.field == condition.field);
            found.map(|c| vec![c.clone()])
        };
        let others: Option<Vec<Vec<Condition>>> = others.iter().map(same).collect();
        if let Some(mut all) = others {
            all.insert(0, vec![condition.clone()]);
            found.extend(alternatives(&all, span));
        }
    }
    found
}

fn alternatives(ways: &[Vec<Condition>], span: &Range<usize>) -> Option<Condition> {
    let single: Vec<&Condition> = ways
        .iter()
        .filter_map(|way| match way.as_slice() {
            [one] => Some(one),
            _ => None,
        })
        .collect();
    let first = single.first().filter(|_| single.len() == ways.len());
    let mut condition = Condition {
        span: span.clone(),
        ..Condition::default()
    };
    match first {
        // One field, several values.
        Some(first) if single.iter().all(|c| is_equal(c) && c.field == first.field) => {
            condition.field = first.field.clone();
            condition.operator = "is one of".to_owned();
            for value in single.iter().flat_map(|c| &c.values) {
                if !condition.values.contains(value) {
                    condition.values.push(value.clone());
                }
            }
        }
        _ => {
            condition.operator = "any of".to_owned();
            for way in ways {
                let words: Vec<&str> = way.iter().map(|c| c.text.as_str()).collect();
                let words = words.join(" and ");
                if !condition.values.contains(&words) {
                    condition.values.push(words);
                }
            }
        }
    }
    condition.text = if condition.operator == "any of" {
        condition.values.join(", or ")
    } else {
        sentence(&condition.field, &condition.operator, &condition.values)
    };
    (condition.text.len() <= LONGEST).then_some(condition)
}

fn sentence(field: &str, operator: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    let text = format!("`{field}` {operator} {}", values.join(", "));
    text.trim_end().to_owned()
}

fn members(value: &Val) -> Option<Vec<String>> {
    match value {
        Val::Items(items, _) | Val::Set(items) => Some(items.iter().map(shown).collect()),
        Val::Map(members) => Some(members.iter().map(|(key, _)| shown(key)).collect()),
        _ => None,
    }
}

fn shown(value: &Val) -> String {
    match value {
        Val::None => "None".to_owned(),
        Val::Bool(true) => "True".to_owned(),
        Val::Bool(false) => "False".to_owned(),
        Val::Int(int) => int.to_string(),
        Val::Float(float) => float.to_string(),
        Val::Text(text) => text.to_string(),
        Val::Items(items, shape) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            match shape {
                Shape::List => format!("[{}]", items.join(", ")),
                Shape::Tuple => format!("({})", items.join(", ")),
            }
        }
        Val::Set(_) | Val::Map(_) => "{…}".to_owned(),
        Val::List(_) | Val::SomeList | Val::Object(_) => "…".to_owned(),
    }
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Str => "str",
        Class::Int => "int",
        Class::Float => "float",
        Class::Bool => "bool",
        Class::Container => "a container",
    }
}

fn inverse(op: Op) -> Op {
    match op {
        Op::Eq => Op::NotEq,
        Op::NotEq => Op::Eq,
        Op::Less => Op::GreaterEq,
        Op::LessEq => Op::Greater,
        Op::Greater => Op::LessEq,
        Op::GreaterEq => Op::Less,
        Op::Is => Op::IsNot,
        Op::IsNot => Op::Is,
        Op::In => Op::NotIn,
        Op::NotIn => Op::In,
    }
}

/// The comparison with its sides exchanged.
fn turned(op: Op) -> Option<Op> {
    Some(match op {
        Op::Less => Op::Greater,
        Op::LessEq => Op::GreaterEq,
        Op::Greater => Op::Less,
        Op::GreaterEq => Op::LessEq,
        Op::In | Op::NotIn => return None,
        same => same,
    })
}
