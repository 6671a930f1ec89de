//! What a function surely returns on some of its ways.

use super::Python;
use super::bound::in_scope;
use crate::diagnostic::Span;
use crate::python::syntax::tree::visitor::{self, Visitor};
use crate::python::syntax::tree::{
    BoolOp, ExceptHandler, Expr, Number, Operator, Stmt, StmtFunctionDef, UnaryOp,
};
use std::collections::HashSet;

/// What kind of value a way gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Nothing: `return`, or the end of the function.
    Nothing,
    /// True or false.
    Truth,
    /// A text; which, where it is written down.
    Text(Option<String>),
    /// A number.
    Number,
    /// A list.
    List,
    /// A mapping.
    Mapping,
    /// Something else that is none of these: a tuple, a set, bytes …
    Other(&'static str),
    /// Anything.
    Unknown,
}

impl Gives {
    /// In words.
    pub fn words(&self) -> &'static str {
        match self {
            Gives::Nothing => "None",
            Gives::Truth => "true or false",
            Gives::Text(_) => "text",
            Gives::Number => "a number",
            Gives::List => "a list",
            Gives::Mapping => "a mapping",
            Gives::Other(words) => words,
            Gives::Unknown => "something",
        }
    }
}

/// A way out of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// What it gives.
    pub gives: Gives,
    /// The value's place; for the end of the function its name.
    pub span: Span,
    /// Whether the function just ends there.
    pub falls: bool,
}

/// Functions that call functions are followed this deep.
const DEEPEST: usize = 3;

/// The ways out of a function. None where it is none that can be told: a generator, a coroutine, one with a decorator.
pub fn returned(python: &Python<'_>, function: &StmtFunctionDef) -> Option<Vec<Returned>> {
    ways(python, function, DEEPEST)
}

fn ways(python: &Python<'_>, function: &StmtFunctionDef, depth: usize) -> Option<Vec<Returned>> {
    let depth = depth.checked_sub(1)?;
    if function.is_async || !function.decorator_list.is_empty() {
        return None;
    }
    let mut finder = Finder {
        cut: python.cut,
        returns: Vec::new(),
        yields: false,
    };
    finder.visit_body(&function.body);
    if finder.yields {
        return None;
    }
    let mut local: HashSet<&str> = in_scope(&function.body);
    local.extend(function.parameters.iter().map(|p| p.name().as_str()));
    let reader = Reader {
        python,
        local,
        depth,
    };
    let mut found = Vec::new();
    for (value, span) in finder.returns {
        match value {
            Some(value) => reader.values(value, &mut found),
            None => found.push(Returned {
                gives: Gives::Nothing,
                span,
                falls: false,
            }),
        }
    }
    if falls_through(&function.body) {
        found.push(Returned {
            gives: Gives::Nothing,
            span: python.span(&function.name),
            falls: true,
        });
    }
    Some(found)
}

struct Finder<'a> {
    cut: usize,
    returns: Vec<(Option<&'a Expr>, Span)>,
    yields: bool,
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            Stmt::Return(statement) => {
                let span = super::span_at(statement, self.cut);
                self.returns.push((statement.value.as_deref(), span));
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) => self.yields = true,
            Expr::Lambda(_) => {}
            _ => visitor::walk_expr(self, expr),
        }
    }
}

struct Reader<'p, 'a> {
    python: &'p Python<'a>,
    /// Names of the function's own.
    local: HashSet<&'p str>,
    depth: usize,
}

impl Reader<'_, '_> {
    fn push(&self, gives: Gives, expr: &Expr, found: &mut Vec<Returned>) {
        found.push(Returned {
            gives,
            span: self.python.span(expr),
            falls: false,
        });
    }

    /// Python's own function of a name.
    fn is_own(&self, name: &str) -> bool {
        !self.local.contains(name)
            && !self.python.bound.has(name)
            && !self.python.bound.is_tricky()
            && self.python.bound.stars().is_empty()
    }

    fn values(&self, expr: &Expr, found: &mut Vec<Returned>) {
        match expr {
            Expr::If(choice) => {
                self.values(&choice.body, found);
                self.values(&choice.orelse, found);
            }
            Expr::Named(named) => self.values(&named.value, found),
            // `a or "x"`: the last one as it is, those before it only where they hold.
            Expr::BoolOp(op) => {
                let Some((last, others)) = op.values.split_last() else {
                    return;
                };
                let mut ways = Vec::new();
                for other in others {
                    self.values(other, &mut ways);
                }
                for way in &mut ways {
                    // Which of these values comes out depends on whether it is empty.
                    let always = matches!(way.gives, Gives::Truth);
                    let never = op.op == BoolOp::Or && matches!(way.gives, Gives::Nothing);
                    if !always || never {
                        way.gives = Gives::Unknown;
                    }
                }
                found.extend(ways);
                self.values(last, found);
            }
            Expr::Call(call) => {
                let gives = match &*call.func {
                    Expr::Name(name) => self.called(name.id.as_str()),
                    Expr::Attribute(attribute) => {
                        match (&*attribute.value, attribute.attr.as_str()) {
                            (
                                Expr::StringLiteral(_) | Expr::FString(_),
                                "format" | "join" | "lower" | "upper" | "strip" | "replace"
                                | "title",
                            ) => Gives::Text(None),
                            (
                                Expr::StringLiteral(_) | Expr::FString(_),
                                "startswith" | "endswith",
                            ) => Gives::Truth,
                            _ => Gives::Unknown,
                        }
                    }
                    _ => Gives::Unknown,
                };
                self.push(gives, expr, found);
            }
            _ => self.push(self.simple(expr), expr, found),
        }
    }

    fn simple(&self, expr: &Expr) -> Gives {
        match expr {
            Expr::NoneLiteral(_) => Gives::Nothing,
            Expr::BooleanLiteral(_) | Expr::Compare(_) => Gives::Truth,
            Expr::UnaryOp(op) if op.op == UnaryOp::Not => Gives::Truth,
            Expr::UnaryOp(op) if op.op == UnaryOp::USub => match self.simple(&op.operand) {
                Gives::Number => Gives::Number,
                _ => Gives::Unknown,
            },
            Expr::StringLiteral(text) => Gives::Text(Some(text.value.to_str().to_owned())),
            Expr::FString(_) => Gives::Text(None),
            Expr::NumberLiteral(number) => match number.value {
                Number::Int(_) | Number::Float(_) | Number::Complex { .. } => Gives::Number,
            },
            Expr::BytesLiteral(_) => Gives::Other("bytes"),
            Expr::List(_) | Expr::ListComp(_) => Gives::List,
            Expr::Dict(_) | Expr::DictComp(_) => Gives::Mapping,
            Expr::Set(_) | Expr::SetComp(_) => Gives::Other("a set"),
            Expr::Tuple(_) => Gives::Other("a tuple"),
            Expr::Generator(_) => Gives::Other("a generator"),
            Expr::Lambda(_) => Gives::Other("a function"),
            Expr::BinOp(op) => match (op.op, self.simple(&op.left), self.simple(&op.right)) {
                (Operator::Mod, Gives::Text(_), _)
                | (Operator::Add, Gives::Text(_), _)
                | (Operator::Add, _, Gives::Text(_)) => Gives::Text(None),
                (_, Gives::Number, Gives::Number) => Gives::Number,
                (Operator::Add, Gives::List, _) | (Operator::Add, _, Gives::List) => Gives::List,
                _ => Gives::Unknown,
            },
            _ => Gives::Unknown,
        }
    }

    /// What a call of a name gives.
    fn called(&self, name: &str) -> Gives {
        if self.is_own(name) {
            return match name {
                "bool" | "any" | "all" | "isinstance" | "hasattr" | "callable" | "issubclass" => {
                    Gives::Truth
                }
                "str" | "repr" | "format" | "ascii" | "chr" | "hex" => Gives::Text(None),
                "len" | "int" | "float" | "ord" | "hash" => Gives::Number,
                "list" | "sorted" => Gives::List,
                "dict" => Gives::Mapping,
                "set" | "frozenset" => Gives::Other("a set"),
                "tuple" => Gives::Other("a tuple"),
                _ => Gives::Unknown,
            };
        }
        if self.local.contains(name) {
            return Gives::Unknown;
        }
        let Some(function) = self.python.function(name) else {
            return Gives::Unknown;
        };
        // A function whose ways all give the same kind of value.
        let Some(ways) = ways(self.python, function, self.depth) else {
            return Gives::Unknown;
        };
        let mut kinds = ways.into_iter().map(|way| match way.gives {
            Gives::Text(_) => Gives::Text(None),
            other => other,
        });
        match kinds.next() {
            Some(first) if kinds.all(|kind| kind == first) => first,
            _ => Gives::Unknown,
        }
    }
}

/// Whether a run of statements surely can be left at its end. When in doubt, no.
fn falls_through(body: &[Stmt]) -> bool {
    body.iter().all(passes)
}

fn passes(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Return(_) | Stmt::Raise(_) | Stmt::Continue(_) | Stmt::Break(_) => false,
        Stmt::If(choice) => {
            let last = choice.elif_else_clauses.last();
            let has_else = last.is_some_and(|clause| clause.test.is_none());
            !has_else
                || falls_through(&choice.body)
                || choice
                    .elif_else_clauses
                    .iter()
                    .any(|clause| falls_through(&clause.body))
        }
        Stmt::While(repeat) => {
            !matches!(&*repeat.test, Expr::BooleanLiteral(literal) if literal.value)
                && !matches!(&*repeat.test, Expr::NumberLiteral(_))
        }
        Stmt::For(_) => true,
        Stmt::With(with) => falls_through(&with.body),
        Stmt::Try(attempt) => {
            let after = attempt.finalbody.is_empty() || falls_through(&attempt.finalbody);
            let through = falls_through(&attempt.body) && falls_through(&attempt.orelse);
            let caught = attempt.handlers.iter().any(|handler| {
                let ExceptHandler::ExceptHandler(handler) = handler;
                falls_through(&handler.body)
            });
            after && (through || caught)
        }
        // Whether its cases are all there are, nobody can tell.
        Stmt::Match(_) => false,
        _ => true,
    }
}
