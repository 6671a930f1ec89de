//! Asking compiled expressions about an event.

use super::super::Exception;
use super::address::{self, Network};
use super::compare::{self, raised, type_error};
use super::condition::{Asks, Condition, Elements};
use super::path::{Case, Place, member};
use crate::diagnostic::Span;
use crate::yaml::Step;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Where expressions stand: detections and filters differ in small things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Detection,
    Filter,
}

impl Dialect {
    pub fn case(self) -> Case {
        match self {
            Dialect::Detection => Case::Folds,
            Dialect::Filter => Case::Exact,
        }
    }
}

/// A compiled expression and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub test: Test,
    pub path: Vec<Step>,
    pub span: Option<Span>,
}

/// What an expression asks.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Value(Source, Condition, Operand),
    Elements(Place, &'static str, Elements, Vec<Expression>),
    Group(How, Vec<Expression>),
    Always(bool),
}

/// How a group takes its expressions together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    All,
    Any,
    OnlyOne,
    None,
}

impl How {
    /// As the document spells it.
    pub fn name(self) -> &'static str {
        match self {
            How::All => "All",
            How::Any => "Any",
            How::OnlyOne => "OnlyOne",
            How::None => "None",
        }
    }
}

/// Where the value comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Place(Place),
    Enrichment {
        table: String,
        selector: String,
        field: Place,
    },
}

/// What it is compared with.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Nothing,
    Value(Json),
    Values(Vec<Json>),
    Network(String, Network),
    Place(Place),
}

/// Whether all hold, asked in order up to the first that does not.
pub(super) fn all(
    expressions: &[Expression],
    event: &Json,
    dialect: Dialect,
) -> Result<bool, Exception> {
    for expression in expressions {
        if !holds(expression, event, dialect)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether an expression holds.
pub(super) fn holds(
    expression: &Expression,
    event: &Json,
    dialect: Dialect,
) -> Result<bool, Exception> {
    match &expression.test {
        Test::Always(answer) => Ok(*answer),
        Test::Group(how, inner) => group(*how, inner, event, dialect),
        Test::Elements(place, name, elements, inner) => {
            let found = place.find(event, dialect.case());
            let list = list(found.as_deref(), name)?;
            let answer = |item: &Json| all(inner, item, dialect);
            match elements {
                Elements::All => {
                    if list.is_empty() {
                        return Err(no_elements());
                    }
                    try_all(list, answer)
                }
                Elements::Any => try_any(list, answer),
                Elements::No => try_any(list, answer).map(|any| !any),
                Elements::OnlyOne => count(list, answer).map(|n| n == 1),
            }
        }
        Test::Value(source, condition, operand) => {
            let found = source.find(event, dialect)?;
            let other = operand.value(event, dialect);
            condition_holds(*condition, found.as_deref(), operand, &other, dialect)
        }
    }
}

/// The elements of a list; none where it is missing.
pub(super) fn list<'a>(found: Option<&'a Json>, name: &str) -> Result<&'a [Json], Exception> {
    match found {
        None | Some(Json::Null) => Ok(&[]),
        Some(Json::Array(items)) => Ok(items),
        Some(other) => Err(type_error(&format!(
            "{name} needs a list, found '{}'",
            compare::type_name(other)
        ))),
    }
}

pub(super) fn no_elements() -> Exception {
    raised(
        "ValueError",
        "AllElements has no elements here, and what it then says is not known: ask for the list with IsNotNullOrEmpty before it",
    )
}

fn group(
    how: How,
    inner: &[Expression],
    event: &Json,
    dialect: Dialect,
) -> Result<bool, Exception> {
    let answer = |expression: &Expression| holds(expression, event, dialect);
    match how {
        How::All => try_all(inner, answer),
        How::Any => try_any(inner, answer),
        How::None => try_any(inner, answer).map(|any| !any),
        How::OnlyOne => count(inner, answer).map(|n| n == 1),
    }
}

fn try_all<T>(
    items: &[T],
    answer: impl Fn(&T) -> Result<bool, Exception>,
) -> Result<bool, Exception> {
    for item in items {
        if !answer(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn try_any<T>(
    items: &[T],
    answer: impl Fn(&T) -> Result<bool, Exception>,
) -> Result<bool, Exception> {
    for item in items {
        if answer(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn count<T>(
    items: &[T],
    answer: impl Fn(&T) -> Result<bool, Exception>,
) -> Result<usize, Exception> {
    let mut held = 0;
    for item in items {
        held += usize::from(answer(item)?);
    }
    Ok(held)
}

impl Source {
    /// The value in the event; none where there is none.
    pub fn find<'a>(
        &self,
        event: &'a Json,
        dialect: Dialect,
    ) -> Result<Option<Cow<'a, Json>>, Exception> {
        let case = dialect.case();
        match self {
            Source::Place(place) => Ok(place.find(event, case)),
            Source::Enrichment {
                table,
                selector,
                field,
            } => {
                let step = |value: &'a Json, key: &str| {
                    value
                        .as_object()
                        .and_then(|object| member(object, key, case))
                };
                let entry = step(event, "p_enrichment")
                    .and_then(|tables| step(tables, table))
                    .and_then(|entries| step(entries, selector));
                match entry {
                    // A selector that is a list of the event brings a list of entries.
                    Some(Json::Array(entries)) => match entries.as_slice() {
                        [] => Ok(None),
                        [entry] => Ok(field.find(entry, case)),
                        _ => Err(raised(
                            "ValueError",
                            &format!(
                                "the enrichment of {selector} has {} entries, and which one is meant is not known",
                                entries.len()
                            ),
                        )),
                    },
                    Some(entry) => Ok(field.find(entry, case)),
                    None => Ok(None),
                }
            }
        }
    }
}

impl Operand {
    /// What stands on the other side, where that is one value.
    pub fn value<'a>(&'a self, event: &'a Json, dialect: Dialect) -> Cow<'a, Json> {
        match self {
            Operand::Value(value) => Cow::Borrowed(value),
            Operand::Place(place) => place
                .find(event, dialect.case())
                .unwrap_or(Cow::Owned(Json::Null)),
            Operand::Nothing | Operand::Values(_) | Operand::Network(..) => Cow::Owned(Json::Null),
        }
    }
}

/// Whether a condition holds for what was found.
fn condition_holds(
    condition: Condition,
    found: Option<&Json>,
    operand: &Operand,
    other: &Json,
    dialect: Dialect,
) -> Result<bool, Exception> {
    let value = found.unwrap_or(&Json::Null);
    let folds = condition.folds;
    let answer = match condition.asks {
        Asks::Exists => found.is_some(),
        Asks::Null => value.is_null(),
        Asks::NullOrEmpty => {
            compare::is_empty(value)
                || dialect == Dialect::Detection && compare::equal(value, &Json::Bool(false))
        }
        Asks::Equals if folds => compare::equal_folded(value, other),
        Asks::Equals => compare::equal(value, other),
        Asks::StartsWith => texts(value, other, folds, |text, start| text.starts_with(start)),
        Asks::EndsWith => texts(value, other, folds, |text, end| text.ends_with(end)),
        Asks::Contains if folds => compare::contains_folded(value, other)?,
        Asks::Contains => compare::contains(value, other)?,
        Asks::Greater => ordered(value, other, ">", Ordering::is_gt)?,
        Asks::GreaterOrEqual => ordered(value, other, ">=", Ordering::is_ge)?,
        Asks::Less => ordered(value, other, "<", Ordering::is_lt)?,
        Asks::LessOrEqual => ordered(value, other, "<=", Ordering::is_le)?,
        Asks::In => match (operand, other) {
            (Operand::Values(values), _) => is_in(value, values),
            (_, Json::Array(values)) => is_in(value, values),
            (_, Json::Null) => false,
            (_, other) => {
                return Err(type_error(&format!(
                    "{} needs a list, found '{}'",
                    condition.name,
                    compare::type_name(other)
                )));
            }
        },
        Asks::Address => text_address(value).is_some(),
        Asks::Address4 => text_address(value).is_some_and(|a| a.is_ipv4()),
        Asks::Address6 => text_address(value).is_some_and(|a| a.is_ipv6()),
        Asks::Public if value.is_null() => false,
        Asks::Public => address::is_public(address::address_or_raise(value)?),
        Asks::Private if value.is_null() => false,
        Asks::Private => address::is_private(address::address_or_raise(value)?),
        Asks::Cidr if value.is_null() => false,
        Asks::Cidr => {
            let wanted = match operand {
                Operand::Network(_, network) => *network,
                _ => network(other)?,
            };
            network(value)?.overlaps(wanted)
        }
    };
    Ok(answer != condition.turned)
}

fn texts(value: &Json, other: &Json, folds: bool, holds: impl Fn(&str, &str) -> bool) -> bool {
    match (value, other) {
        (Json::String(a), Json::String(b)) if folds => holds(&a.to_lowercase(), &b.to_lowercase()),
        (Json::String(a), Json::String(b)) => holds(a, b),
        _ => false,
    }
}

fn ordered(
    value: &Json,
    other: &Json,
    sign: &str,
    holds: impl Fn(Ordering) -> bool,
) -> Result<bool, Exception> {
    if value.is_null() || other.is_null() {
        return Ok(false);
    }
    Ok(compare::order(value, other, sign)?.is_some_and(holds))
}

/// A list is in others where they have an item in common.
fn is_in(value: &Json, values: &[Json]) -> bool {
    match value {
        Json::Array(items) => items
            .iter()
            .any(|item| values.iter().any(|known| compare::equal(item, known))),
        value => values.iter().any(|known| compare::equal(value, known)),
    }
}

fn text_address(value: &Json) -> Option<std::net::IpAddr> {
    value.as_str()?;
    address::address(value)
}

fn network(value: &Json) -> Result<Network, Exception> {
    Network::of_value(value).ok_or_else(|| {
        raised(
            "ValueError",
            &format!(
                "{} is neither an IP address nor a network",
                super::text::repr(value)
            ),
        )
    })
}
