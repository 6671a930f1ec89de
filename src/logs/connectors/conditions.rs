//! What makes a record belong to a connector: tests on the members of the record.

use super::panther_key;
use crate::logs::json::Node;

/// What a member can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// Not there.
    Absent,
    /// There, whatever it is.
    Present,
    /// JSON's null.
    None,
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// An array.
    List,
    /// An object.
    Object,
    /// A text with a dot that names another member, as it is or with underscores for the dots.
    MemberName,
}

impl Is {
    /// The words of a connector file.
    pub const WORDS: [(&'static str, Is); 9] = [
        ("absent", Is::Absent),
        ("present", Is::Present),
        ("none", Is::None),
        ("text", Is::Text),
        ("number", Is::Number),
        ("bool", Is::Bool),
        ("list", Is::List),
        ("object", Is::Object),
        ("member_name", Is::MemberName),
    ];

    fn fits(self, value: Option<&Node<'_>>, record: &Node<'_>) -> bool {
        match self {
            Is::Absent => value.is_none(),
            Is::Present => value.is_some(),
            Is::None => matches!(value, Some(Node::Null)),
            Is::Text => matches!(value, Some(Node::Text(_))),
            Is::Number => matches!(value, Some(Node::Number(_))),
            Is::Bool => matches!(value, Some(Node::Bool(_))),
            Is::List => matches!(value, Some(Node::List(_))),
            Is::Object => matches!(value, Some(Node::Object(_))),
            Is::MemberName => value.and_then(Node::as_str).is_some_and(|name| {
                name.contains('.')
                    && (record.get(name).is_some() || record.get(&panther_key(name)).is_some())
            }),
        }
    }
}

/// A test of one member: all parts of it must hold.
#[derive(Debug, Default)]
pub(super) struct Test {
    /// The member's name.
    pub member: String,
    /// It must be one of these, where there are any.
    pub is: Vec<Is>,
    /// It must be none of these.
    pub not: Vec<Is>,
    /// It must be one of these texts, where there are any.
    pub equals: Vec<String>,
}

impl Test {
    fn holds(&self, record: &Node<'_>) -> bool {
        let value = record.get(&self.member);
        (self.is.is_empty() || self.is.iter().any(|is| is.fits(value, record)))
            && !self.not.iter().any(|is| is.fits(value, record))
            && (self.equals.is_empty()
                || value
                    .and_then(Node::as_str)
                    .is_some_and(|text| self.equals.iter().any(|e| e == text)))
    }
}

/// Alternatives: a record fits when all tests of one of them hold.
#[derive(Debug, Default)]
pub(in crate::logs) struct Conditions(pub(super) Vec<Vec<Test>>);

impl Conditions {
    /// The members that are looked at, each with the texts it is compared with; none where a test looks at members
    /// that only the record names.
    pub fn asked(&self) -> Option<Vec<(String, Vec<String>)>> {
        let tests = self.0.iter().flatten();
        tests
            .map(|test| {
                let mut is = test.is.iter().chain(&test.not);
                let plain = is.all(|is| *is != Is::MemberName);
                plain.then(|| (test.member.clone(), test.equals.clone()))
            })
            .collect()
    }

    /// The texts that a member is compared with.
    pub fn texts<'c>(&'c self, member: &'c str) -> impl Iterator<Item = &'c String> {
        let tests = self.0.iter().flatten().filter(move |t| t.member == member);
        tests.flat_map(|test| &test.equals)
    }

    /// Whether a record fits.
    pub fn holds(&self, record: &Node<'_>) -> bool {
        self.0
            .iter()
            .any(|tests| tests.iter().all(|test| test.holds(record)))
    }
}
