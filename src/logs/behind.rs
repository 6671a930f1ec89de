//! Where a list goes on behind a damaged record that has no line of its own: the records of one list begin alike.

use super::scan::{Element, members, skip_space, skip_value};

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
    pub fn next(&self, text: &[u8], at: usize) -> Option<usize> {
        let from = at + 1;
        let rest = text.get(from..)?;
        let mut heads = memchr::memmem::find_iter(rest, self.head).map(|n| from + n);
        heads.find(|head| self.begins(text, *head).is_some())
    }

    /// Whether a record begins where its head was found: a comma stands before it, and its second key is the same.
    fn begins(&self, text: &[u8], at: usize) -> Option<()> {
        let before = text.get(..at)?.trim_ascii_end();
        if before.last() != Some(&b',') {
            return None;
        }
        let Some(second) = self.second else {
            return Some(());
        };
        let colon = skip_space(text, at + self.head.len());
        let value = skip_space(text, colon + 1);
        let comma = skip_space(text, skip_value(text, value).ok()?);
        let key = skip_space(text, comma + 1);
        let is_so = text.get(colon) == Some(&b':') && text.get(comma) == Some(&b',');
        let same = text.get(key + 1..)?.strip_prefix(second)?.first() == Some(&b'"');
        (is_so && same).then_some(())
    }
}
