//! Where a list goes on behind a damaged record that has no line of its own: the records of one list begin alike, and its
//! rows have alike cells.

use super::scan::{Budget, Element, members, skip_space, skip_value};

/// How a record begins: its bracket and first key as they stand, and its second key.
pub(super) struct Alike<'t> {
    head: &'t [u8],
    second: Option<&'t [u8]>,
}

impl<'t> Alike<'t> {
    /// As the first whole record of those found, else as the damaged one at `at`.
    pub fn of(text: &'t [u8], found: &[Element], at: usize) -> Option<Self> {
        let whole = found.iter().find_map(|element| match element {
            Element::Value(range) if text.get(range.start) == Some(&b'{') => Some(range.clone()),
            _ => None,
        });
        let range = whole.unwrap_or(at..text.len());
        let within = text.get(..range.end)?;
        if within.get(range.start) != Some(&b'{') {
            return None;
        }
        let (members, _) = members(within, range.start);
        let first = members.first()?;
        Some(Self {
            head: text.get(range.start..first.key.end + 1)?,
            second: members.get(1).and_then(|m| text.get(m.key.clone())),
        })
    }

    /// Where the next record behind `at` begins.
    pub fn next(&self, text: &[u8], at: usize, budget: &mut Budget) -> Option<usize> {
        next(text, at, self.head, budget, |at, budget| {
            self.begins(text, at, budget)
        })
    }

    /// Whether a record begins where its head was found: its second key is the same.
    fn begins(&self, text: &[u8], at: usize, budget: &mut Budget) -> Option<()> {
        let Some(second) = self.second else {
            return Some(());
        };
        let colon = skip_space(text, at + self.head.len());
        let value = skip_space(text, colon + 1);
        let comma = skip_space(text, walk(text, value, budget)?);
        let key = skip_space(text, comma + 1);
        let is_so = text.get(colon) == Some(&b':') && text.get(comma) == Some(&b',');
        let same = text.get(key + 1..)?.strip_prefix(second)?.first() == Some(&b'"');
        (is_so && same).then_some(())
    }
}

/// A row's cells, each by what its first sign says that it is.
pub(super) struct Row(Vec<Kind>);

/// A shorter row cannot be told from a list inside of one.
const FEWEST: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Truth,
    Text,
    Number,
    List,
    Object,
}

impl Kind {
    fn of(first: u8) -> Self {
        match first {
            b'n' => Kind::Null,
            b't' | b'f' => Kind::Truth,
            b'"' => Kind::Text,
            b'[' => Kind::List,
            b'{' => Kind::Object,
            _ => Kind::Number,
        }
    }

    /// Whether one column may have both.
    fn goes_with(self, other: Self) -> bool {
        self == other || self == Kind::Null || other == Kind::Null
    }
}

impl Row {
    /// As the first whole row of those found.
    pub fn of(text: &[u8], found: &[Element], budget: &mut Budget) -> Option<Self> {
        let whole = found.iter().find_map(|element| match element {
            Element::Value(range) if text.get(range.start) == Some(&b'[') => Some(range.start),
            _ => None,
        });
        let (cells, _) = cells(text, whole?, budget)?;
        (cells.len() >= FEWEST).then_some(Self(cells))
    }

    /// Where the next row behind `at` begins: one with as many cells, of the same kinds, that has another row or the
    /// end of the list behind it.
    pub fn next(&self, text: &[u8], at: usize, budget: &mut Budget) -> Option<usize> {
        let found = next(text, at, b"[", budget, |at, budget| {
            let (cells, end) = cells(text, at, budget)?;
            let mut both = self.0.iter().zip(&cells);
            let alike =
                cells.len() == self.0.len() && both.all(|(one, other)| one.goes_with(*other));
            let behind = text.get(skip_space(text, end));
            (alike && matches!(behind, Some(b',' | b']'))).then_some(())
        })?;
        (!leaves_table(text.get(at..found)?)).then_some(found)
    }
}

/// Whether another object begins behind one that ends: the next table of an answer may have rows that look the same.
fn leaves_table(text: &[u8]) -> bool {
    memchr::memchr_iter(b'}', text).any(|end| {
        let comma = skip_space(text, end + 1);
        let next = skip_space(text, comma + 1);
        let key = skip_space(text, next + 1);
        let signs = [comma, next, key].map(|at| text.get(at).copied());
        signs == [Some(b','), Some(b'{'), Some(b'"')]
    })
}

/// The cells of a row, and the offset behind it. None where it is not whole.
fn cells(text: &[u8], at: usize, budget: &mut Budget) -> Option<(Vec<Kind>, usize)> {
    let mut cells = Vec::new();
    let mut at = at + 1;
    loop {
        at = skip_space(text, at);
        cells.push(Kind::of(*text.get(at)?));
        at = skip_space(text, walk(text, at, budget)?);
        match text.get(at)? {
            b',' => at += 1,
            b']' => return Some((cells, at + 1)),
            _ => return None,
        }
    }
}

/// The first of the heads behind `at` that stands behind a comma and begins a record.
fn next(
    text: &[u8],
    at: usize,
    head: &[u8],
    budget: &mut Budget,
    begins: impl Fn(usize, &mut Budget) -> Option<()>,
) -> Option<usize> {
    let from = at + 1;
    for found in memchr::memmem::find_iter(text.get(from..)?, head) {
        let head = from + found;
        let before = text.get(..head)?.trim_ascii_end();
        if before.last() == Some(&b',') && begins(head, budget).is_some() {
            return Some(head);
        }
        if budget.is_used_up() {
            return None;
        }
    }
    None
}

/// The offset behind a value; what is walked is taken from the budget.
fn walk(text: &[u8], at: usize, budget: &mut Budget) -> Option<usize> {
    let walked = skip_value(text, at);
    let end = match &walked {
        Ok(end) => *end,
        Err(fault) => fault.at,
    };
    budget.walk(at, end).then_some(())?;
    walked.ok()
}
