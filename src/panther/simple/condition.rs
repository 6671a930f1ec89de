//! The conditions of match expressions: their names, the accepted spellings, what each takes.

/// What a condition asks of a value, before it is turned round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    Equals,
    StartsWith,
    EndsWith,
    Contains,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    In,
    Exists,
    Null,
    NullOrEmpty,
    Address,
    Address4,
    Address6,
    Public,
    Private,
    Cidr,
}

/// What stands beside a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// `Value`.
    Value,
    /// `Values`.
    Values,
    /// Nothing.
    Nothing,
    /// Nothing, or `Value: true`.
    Truth,
}

/// One condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// How it is spelled in messages.
    pub name: &'static str,
    pub asks: Asks,
    /// The answer is turned round (`DoesNot…`).
    pub turned: bool,
    /// Letters are compared without regard to case (`I…`).
    pub folds: bool,
}

impl Condition {
    /// What has to stand beside it.
    pub fn takes(self) -> Takes {
        match self.asks {
            Asks::Equals
            | Asks::StartsWith
            | Asks::EndsWith
            | Asks::Contains
            | Asks::Greater
            | Asks::GreaterOrEqual
            | Asks::Less
            | Asks::LessOrEqual
            | Asks::Cidr => Takes::Value,
            Asks::In => Takes::Values,
            Asks::Exists | Asks::Null | Asks::NullOrEmpty => Takes::Nothing,
            Asks::Address | Asks::Address4 | Asks::Address6 | Asks::Public | Asks::Private => {
                Takes::Truth
            }
        }
    }

    /// Whether the platform's filters, which `InlineFilters` become, have an operator for it.
    pub fn filters(self) -> bool {
        !matches!(
            self.asks,
            Asks::Exists | Asks::Null | Asks::Address | Asks::Address4 | Asks::Address6
        )
    }
}

const fn plain(name: &'static str, asks: Asks) -> Condition {
    Condition {
        name,
        asks,
        turned: false,
        folds: false,
    }
}

const fn turned(name: &'static str, asks: Asks) -> Condition {
    Condition {
        turned: true,
        ..plain(name, asks)
    }
}

const fn folds(condition: Condition) -> Condition {
    Condition {
        folds: true,
        ..condition
    }
}

/// Every condition. Of several spellings of one, the first is the one to write.
const CONDITIONS: &[Condition] = &[
    plain("Equals", Asks::Equals),
    turned("DoesNotEqual", Asks::Equals),
    folds(plain("IEquals", Asks::Equals)),
    folds(turned("IDoesNotEqual", Asks::Equals)),
    plain("StartsWith", Asks::StartsWith),
    turned("DoesNotStartWith", Asks::StartsWith),
    folds(plain("IStartsWith", Asks::StartsWith)),
    folds(turned("IDoesNotStartWith", Asks::StartsWith)),
    plain("EndsWith", Asks::EndsWith),
    turned("DoesNotEndWith", Asks::EndsWith),
    folds(plain("IEndsWith", Asks::EndsWith)),
    folds(turned("IDoesNotEndWith", Asks::EndsWith)),
    plain("Contains", Asks::Contains),
    turned("DoesNotContain", Asks::Contains),
    folds(plain("IContains", Asks::Contains)),
    folds(turned("IDoesNotContain", Asks::Contains)),
    plain("Has", Asks::Contains),
    turned("DoesNotHave", Asks::Contains),
    folds(plain("IHas", Asks::Contains)),
    folds(turned("IDoesNotHave", Asks::Contains)),
    plain("IsGreaterThan", Asks::Greater),
    plain("IsGreaterThanOrEquals", Asks::GreaterOrEqual),
    plain("IsGreaterThanOrEqual", Asks::GreaterOrEqual),
    plain("IsGreaterThanOrEqualTo", Asks::GreaterOrEqual),
    plain("IsLessThan", Asks::Less),
    plain("IsLessThanOrEquals", Asks::LessOrEqual),
    plain("IsLessThanOrEqual", Asks::LessOrEqual),
    plain("IsLessThanOrEqualTo", Asks::LessOrEqual),
    plain("IsIn", Asks::In),
    turned("IsNotIn", Asks::In),
    plain("Exists", Asks::Exists),
    turned("DoesNotExist", Asks::Exists),
    plain("IsNull", Asks::Null),
    turned("IsNotNull", Asks::Null),
    plain("IsNullOrEmpty", Asks::NullOrEmpty),
    turned("IsNotNullOrEmpty", Asks::NullOrEmpty),
    plain("IsIPAddress", Asks::Address),
    plain("IsIPv4Address", Asks::Address4),
    plain("IsIPv6Address", Asks::Address6),
    plain("IsIPAddressPublic", Asks::Public),
    plain("IsIPAddressPrivate", Asks::Private),
    plain("IsIPAddressInCIDR", Asks::Cidr),
];

/// How the elements of a list are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elements {
    All,
    Any,
    No,
    OnlyOne,
}

/// The conditions of lists.
const ELEMENTS: &[(&str, Elements)] = &[
    ("AllElements", Elements::All),
    ("AnyElement", Elements::Any),
    ("NoElement", Elements::No),
    ("OnlyOneElement", Elements::OnlyOne),
];

/// What a text in `Condition` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Value(Condition),
    Elements(&'static str, Elements),
    Always(bool),
}

/// The condition of a name; letters as they stand.
pub(super) fn named(name: &str) -> Option<Named> {
    if let Some(condition) = CONDITIONS.iter().find(|known| known.name == name) {
        return Some(Named::Value(*condition));
    }
    if let Some((name, elements)) = ELEMENTS.iter().find(|(known, _)| *known == name) {
        return Some(Named::Elements(name, *elements));
    }
    match name {
        "AlwaysTrue" => Some(Named::Always(true)),
        "AlwaysFalse" => Some(Named::Always(false)),
        _ => None,
    }
}

/// The names of all conditions.
pub fn condition_names() -> impl Iterator<Item = &'static str> {
    let values = CONDITIONS.iter().map(|known| known.name);
    let elements = ELEMENTS.iter().map(|(name, _)| *name);
    values.chain(elements).chain(["AlwaysTrue", "AlwaysFalse"])
}

/// The known name that a mistyped one comes nearest to, if one is near enough to be meant.
pub(super) fn near(name: &str) -> Option<&'static str> {
    let wanted = name.to_lowercase();
    if wanted.chars().count() > 60 {
        return None;
    }
    condition_names()
        .map(|known| (distance(&wanted, &known.to_lowercase()), known))
        .filter(|(far, known)| *far <= 1 + known.len() / 4)
        .min_by_key(|(far, _)| *far)
        .map(|(_, known)| known)
}

/// How many letters have to be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let change = row.get(j).copied().unwrap_or(0) + usize::from(x != *y);
            let out = row.get(j + 1).copied().unwrap_or(0) + 1;
            let put = next.last().copied().unwrap_or(0) + 1;
            next.push(change.min(out).min(put));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_finds_the_one_that_was_meant() {
        assert_eq!(near("equals"), Some("Equals"));
        assert_eq!(near("StartWith"), Some("StartsWith"));
        assert_eq!(near("IsIpAddressPublic"), Some("IsIPAddressPublic"));
        assert_eq!(near("AnyElements"), Some("AnyElement"));
        assert_eq!(near("NotIn"), Some("IsNotIn"));
        assert_eq!(near("Matches regex"), None);
        assert_eq!(near(""), None);
    }
}
