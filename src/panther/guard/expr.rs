//! Conditions as expressions over event paths, free of side effects: what a body computes, as far as it was understood.

use super::access::Access;
use super::made;
use super::value::{self, Found, Method, Shape, Val};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

/// An expression. Shared, never changed.
#[derive(Clone, Debug)]
pub(super) struct Expr(Arc<Node>);

#[derive(Debug)]
struct Node {
    kind: Kind,
    /// Where it stands in the body.
    span: Range<usize>,
    /// How many nodes it is made of, a shared one counted each time: what evaluating it may cost.
    size: usize,
    depth: usize,
    paths: Paths,
    /// Whether some part is not understood.
    gaps: bool,
}

/// What an expression is. Operands are evaluated from left to right.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Anything may happen: it raises, it gives any value, it changes something.
    Unknown,
    /// It surely raises.
    Raises,
    Const(Val),
    Path(Access),
    /// The event itself.
    Event,
    /// `a` where the condition holds, else `b`.
    If(Expr, Expr, Expr),
    And(Expr, Expr),
    Or(Expr, Expr),
    Not(Expr),
    /// `bool(a)`
    Bool(Expr),
    /// `all([…])` and `any([…])`: every member is evaluated.
    All(Arc<[Expr]>),
    Any(Arc<[Expr]>),
    /// Evaluates the first, gives the second.
    Then(Expr, Expr),
    Compare(Op, Expr, Expr),
    Method(Method, Expr, Option<Expr>),
    Length(Expr),
    Text(Expr),
    IsInstance(Expr, Arc<[Class]>),
    /// An f-string: what its parts give, one behind the other.
    Format(Arc<[Expr]>),
    /// `a + b`
    Sum(Expr, Expr),
    /// `text.split(separator)`
    Split(Expr, Expr),
    /// `whole[index]`
    Item(Expr, Expr),
    /// `whole[from:to]`
    Slice(Expr, Option<Expr>, Option<Expr>),
    /// `mapping.get(key, default)` of a mapping that the body writes down.
    Lookup(Expr, Expr, Expr),
    /// `[a, …]` and `(a, …)`
    Items(Arc<[Expr]>, Shape),
    /// `{"key": value, …}`, no key twice.
    Dict(Arc<[(Arc<str>, Expr)]>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    NotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Is,
    IsNot,
    In,
    NotIn,
}

/// A class that `isinstance` is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Str,
    Int,
    Float,
    Bool,
    /// `list`, `dict`, `tuple`, `set`: no value of an event is one.
    Container,
}

/// The paths an expression needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paths {
    None,
    One(usize),
    Several,
}

impl Paths {
    fn and(self, other: Paths) -> Paths {
        match (self, other) {
            (Paths::None, one) | (one, Paths::None) => one,
            (Paths::One(a), Paths::One(b)) if a == b => self,
            _ => Paths::Several,
        }
    }
}

/// Expressions of more nodes, or deeper ones, are not understood.
const LARGEST: usize = 20_000;
const DEEPEST: usize = 200;

/// What expressions are evaluated over.
pub(super) trait Look<'a> {
    /// What lies at a path.
    fn found(&self, path: usize) -> Option<Found<'a>>;

    /// What a shared expression gave before, by its address; the inner none where it has no value.
    #[expect(
        clippy::option_option,
        reason = "no value and not known are not the same"
    )]
    fn known(&self, _node: usize) -> Option<Option<Val>> {
        None
    }

    /// Takes down what a shared expression gives.
    fn keep(&self, _node: usize, _value: Option<&Val>) {}
}

/// Looks, and remembers nothing.
struct Once<'f, 'a>(&'f dyn Fn(usize) -> Option<Found<'a>>);

impl<'a> Look<'a> for Once<'_, 'a> {
    fn found(&self, path: usize) -> Option<Found<'a>> {
        (self.0)(path)
    }
}

impl Expr {
    pub fn new(kind: Kind, span: &Range<usize>) -> Expr {
        let mut node = Node {
            kind,
            span: span.clone(),
            size: 1,
            depth: 0,
            paths: Paths::None,
            gaps: false,
        };
        let mut gaps = false;
        let (mut size, mut depth, mut paths) = (1_usize, 0, Paths::None);
        node.kind.each(&mut |part| {
            size = size.saturating_add(part.0.size);
            depth = depth.max(part.0.depth + 1);
            paths = paths.and(part.0.paths);
            gaps |= part.0.gaps;
        });
        if let Kind::Path(access) = &node.kind {
            paths = Paths::One(access.path);
        }
        if node.kind.begins_by_raising() {
            node.kind = Kind::Raises;
            return Expr(Arc::new(node));
        }
        if size > LARGEST || depth > DEEPEST || node.kind.is_lost() {
            return Expr::unknown(span);
        }
        (node.size, node.depth, node.paths, node.gaps) = (size, depth, paths, gaps);
        Expr(Arc::new(node))
    }

    pub fn unknown(span: &Range<usize>) -> Expr {
        Expr(Arc::new(Node {
            kind: Kind::Unknown,
            span: span.clone(),
            size: 1,
            depth: 0,
            paths: Paths::None,
            gaps: true,
        }))
    }

    pub fn constant(value: Val, span: &Range<usize>) -> Expr {
        Expr::new(Kind::Const(value), span)
    }

    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    pub fn span(&self) -> &Range<usize> {
        &self.0.span
    }

    pub fn paths(&self) -> Paths {
        self.0.paths
    }

    /// How many parts it has, a shared one counted each time.
    pub fn size(&self) -> usize {
        self.0.size
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self.kind(), Kind::Unknown)
    }

    /// Whether it computes with something that is not understood.
    pub fn has_gaps(&self) -> bool {
        self.0.gaps && self.0.kind.is_computed()
    }

    pub fn as_const(&self) -> Option<&Val> {
        match self.kind() {
            Kind::Const(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it surely gives a value and changes nothing, whatever the event holds. When in doubt, no.
    pub fn never_raises(&self) -> bool {
        match self.kind() {
            Kind::Const(_) | Kind::Event => true,
            Kind::Path(access) => access.never_raises(),
            Kind::Compare(Op::Eq | Op::NotEq | Op::Is | Op::IsNot, a, b) => {
                a.never_raises() && b.never_raises()
            }
            Kind::Compare(Op::In | Op::NotIn, item, whole) => {
                item.never_raises() && matches!(whole.as_const(), Some(Val::Items(..)))
            }
            Kind::If(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::Bool(_)
            | Kind::All(_)
            | Kind::Any(_)
            | Kind::Then(..)
            | Kind::IsInstance(..) => {
                let mut never = true;
                self.kind().each(&mut |part| never &= part.never_raises());
                never
            }
            _ => false,
        }
    }

    /// The value for what lies at the paths. None where it raises or nobody can tell.
    pub fn value<'a>(&self, found: &dyn Fn(usize) -> Option<Found<'a>>) -> Option<Val> {
        self.value_at(&Once(found))
    }

    /// The same for whoever remembers the values of what several expressions share.
    pub fn value_at<'a>(&self, at: &dyn Look<'a>) -> Option<Val> {
        // Constants and paths are at hand.
        if self.0.size < 3 || Arc::strong_count(&self.0) < 2 {
            return self.evaluated(at);
        }
        let node = Arc::as_ptr(&self.0).addr();
        if let Some(known) = at.known(node) {
            return known;
        }
        let value = self.evaluated(at);
        at.keep(node, value.as_ref());
        value
    }

    fn evaluated<'a>(&self, at: &dyn Look<'a>) -> Option<Val> {
        match self.kind() {
            Kind::Unknown | Kind::Raises | Kind::Event => None,
            Kind::Const(value) => Some(value.clone()),
            Kind::Path(access) => access.value(at.found(access.path)?),
            Kind::If(condition, a, b) => match condition.value_at(at)?.is_true() {
                true => a.value_at(at),
                false => b.value_at(at),
            },
            Kind::And(a, b) => {
                let first = a.value_at(at)?;
                if first.is_true() {
                    b.value_at(at)
                } else {
                    Some(first)
                }
            }
            Kind::Or(a, b) => {
                let first = a.value_at(at)?;
                if first.is_true() {
                    Some(first)
                } else {
                    b.value_at(at)
                }
            }
            Kind::Not(a) => Some(Val::Bool(!a.value_at(at)?.is_true())),
            Kind::Bool(a) => Some(Val::Bool(a.value_at(at)?.is_true())),
            Kind::All(parts) => {
                let mut all = true;
                for part in parts.iter() {
                    all &= part.value_at(at)?.is_true();
                }
                Some(Val::Bool(all))
            }
            Kind::Any(parts) => {
                let mut any = false;
                for part in parts.iter() {
                    any |= part.value_at(at)?.is_true();
                }
                Some(Val::Bool(any))
            }
            Kind::Then(a, b) => a.value_at(at).and_then(|_| b.value_at(at)),
            Kind::Compare(op, a, b) => compared(*op, &a.value_at(at)?, &b.value_at(at)?),
            Kind::Method(method, on, argument) => {
                let on = on.value_at(at)?;
                match argument {
                    Some(argument) => value::call(*method, &on, Some(&argument.value_at(at)?)),
                    None => value::call(*method, &on, None),
                }
            }
            Kind::Length(a) => value::length(&a.value_at(at)?).map(Val::Int),
            Kind::Text(a) => value::text_of(&a.value_at(at)?),
            Kind::IsInstance(a, classes) => is_instance(&a.value_at(at)?, classes),
            Kind::Format(_)
            | Kind::Sum(..)
            | Kind::Split(..)
            | Kind::Item(..)
            | Kind::Slice(..)
            | Kind::Lookup(..)
            | Kind::Items(..)
            | Kind::Dict(_) => made::value(self.kind(), at),
        }
    }
}

impl Kind {
    /// The parts, in the order they are evaluated.
    pub fn each(&self, visit: &mut dyn FnMut(&Expr)) {
        match self {
            Kind::Unknown | Kind::Raises | Kind::Const(_) | Kind::Path(_) | Kind::Event => {}
            Kind::If(a, b, c) => [a, b, c].into_iter().for_each(visit),
            Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Then(a, b)
            | Kind::Compare(_, a, b)
            | Kind::Sum(a, b)
            | Kind::Split(a, b)
            | Kind::Item(a, b) => [a, b].into_iter().for_each(visit),
            Kind::Lookup(a, b, c) => [a, b, c].into_iter().for_each(visit),
            Kind::Slice(a, from, to) => {
                visit(a);
                from.iter().chain(to).for_each(visit);
            }
            Kind::Dict(members) => members.iter().for_each(|(_, value)| visit(value)),
            Kind::Not(a)
            | Kind::Bool(a)
            | Kind::Length(a)
            | Kind::Text(a)
            | Kind::IsInstance(a, _) => visit(a),
            Kind::All(parts) | Kind::Any(parts) | Kind::Format(parts) | Kind::Items(parts, _) => {
                parts.iter().for_each(visit);
            }
            Kind::Method(_, on, argument) => {
                visit(on);
                argument.iter().for_each(visit);
            }
        }
    }

    /// Whether its value is made from those of its parts, not one of theirs.
    fn is_computed(&self) -> bool {
        matches!(
            self,
            Kind::Compare(..)
                | Kind::Method(..)
                | Kind::Length(_)
                | Kind::Text(_)
                | Kind::IsInstance(..)
        )
    }

    /// Whether the first thing it does is to raise.
    fn begins_by_raising(&self) -> bool {
        let mut first = None;
        self.each(&mut |part| {
            first.get_or_insert(matches!(part.kind(), Kind::Raises));
        });
        first.unwrap_or(false)
    }

    /// Whether nothing can be said of it, because nothing can be said of a part that is always evaluated and
    /// whose truth alone says nothing.
    fn is_lost(&self) -> bool {
        let lost = |part: &Expr| part.is_unknown() || matches!(part.kind(), Kind::Event);
        match self {
            Kind::Compare(_, a, b) => lost(a) || lost(b),
            Kind::Method(_, on, argument) => lost(on) || argument.as_ref().is_some_and(lost),
            Kind::Not(a)
            | Kind::Bool(a)
            | Kind::Length(a)
            | Kind::Text(a)
            | Kind::IsInstance(a, _) => lost(a),
            Kind::Format(_)
            | Kind::Sum(..)
            | Kind::Split(..)
            | Kind::Item(..)
            | Kind::Slice(..)
            | Kind::Lookup(..)
            | Kind::Items(..)
            | Kind::Dict(_) => {
                let mut any = false;
                self.each(&mut |part| any |= lost(part));
                any
            }
            _ => false,
        }
    }
}

fn compared(op: Op, a: &Val, b: &Val) -> Option<Val> {
    let ordered = |holds: fn(Ordering) -> bool| Some(value::compare(a, b)?.is_some_and(holds));
    let truth = match op {
        Op::Eq => value::equal(a, b)?,
        Op::NotEq => !value::equal(a, b)?,
        Op::Is => value::same(a, b)?,
        Op::IsNot => !value::same(a, b)?,
        Op::In => value::contains(b, a)?,
        Op::NotIn => !value::contains(b, a)?,
        Op::Less => ordered(Ordering::is_lt)?,
        Op::LessEq => ordered(Ordering::is_le)?,
        Op::Greater => ordered(Ordering::is_gt)?,
        Op::GreaterEq => ordered(Ordering::is_ge)?,
    };
    Some(Val::Bool(truth))
}

fn is_instance(value: &Val, classes: &[Class]) -> Option<Val> {
    let is = |class: &Class| {
        Some(match value {
            Val::None => false,
            Val::Bool(_) => matches!(class, Class::Bool | Class::Int),
            Val::Int(_) => *class == Class::Int,
            Val::Float(_) => *class == Class::Float,
            Val::Text(_) => *class == Class::Str,
            Val::List(_) | Val::SomeList | Val::Object(_) => false,
            // What the body itself writes down: not worth telling.
            Val::Items(..) | Val::Set(_) | Val::Map(_) => return None,
        })
    };
    let mut any = false;
    for class in classes {
        any |= is(class)?;
    }
    Some(Val::Bool(any))
}
