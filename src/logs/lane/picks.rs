//! The values of some inputs in a record of known shape, and the cells they give.

use super::places::Spot;
use crate::logs::connectors::{self, Cell, Input};
use crate::logs::json;
use crate::value::Type;

/// Some inputs of a connector, and where their values lie in a record.
pub(in crate::logs) struct Picks<'p> {
    pub(super) inputs: &'p [Input],
    pub(super) wanted: &'p [usize],
    /// By shape of the lane, as far as they were looked for.
    pub(super) spots: Vec<Option<Vec<Option<Spot>>>>,
    /// In the record that was looked at last; empty where a value is absent.
    pub(super) found: Vec<std::ops::Range<usize>>,
}

impl<'p> Picks<'p> {
    /// These inputs, by number. They go with one lane.
    pub fn new(inputs: &'p [Input], wanted: &'p [usize]) -> Self {
        Self {
            inputs,
            wanted,
            spots: Vec::new(),
            found: Vec::with_capacity(wanted.len()),
        }
    }

    /// Their types.
    pub fn types(&self) -> impl Iterator<Item = Type> {
        let inputs = self.wanted.iter().filter_map(|at| self.inputs.get(*at));
        inputs.map(|input| input.ty)
    }

    /// What the record that was looked at last has for each, empty where it has nothing.
    pub fn values<'l>(&self, line: &'l [u8]) -> impl Iterator<Item = &'l [u8]> {
        let found = self.found.iter();
        found.map(|range| line.get(range.clone()).unwrap_or_default())
    }
}

/// The cell of a type that a value of a record of known shape gives, or nothing; none where it has to be parsed with its
/// record.
pub(in crate::logs) fn cell_of(ty: Type, value: &[u8]) -> Option<Cell> {
    if value.is_empty() {
        return Some(Cell::Null);
    }
    // The most frequent kind without a detour.
    if ty == Type::String
        && let [b'"', text @ .., b'"'] = value
        && !text.contains(&b'\\')
    {
        return Some(Cell::Text(std::str::from_utf8(text).ok()?.to_owned()));
    }
    let text = std::str::from_utf8(value).ok()?;
    let is_scalar = !matches!(value, [b'{' | b'[', ..]);
    let as_text = ty == Type::Dynamic || (ty == Type::String && !is_scalar);
    if as_text && value != b"null" && is_compact(value) {
        return Some(Cell::Text(text.to_owned()));
    }
    let parsed = json::parse(text).ok()?;
    Some(connectors::cell(ty, Some(&parsed.node)))
}

/// Whether a value of a known shape is written as we would write it. False where that takes a closer look.
fn is_compact(value: &[u8]) -> bool {
    let mut at = 0;
    let mut last = b' ';
    while let Some(byte) = value.get(at) {
        match byte {
            b'"' => {
                let rest = value.get(at + 1..).unwrap_or_default();
                match memchr::memchr2(b'"', b'\\', rest) {
                    Some(end) if rest.get(end) == Some(&b'"') => at += end + 1,
                    _ => return false,
                }
            }
            // White space, a fraction, an exponent, a negative nought.
            b' ' | b'.' | b'+' => return false,
            b'e' | b'E' if last.is_ascii_digit() => return false,
            b'0' if last == b'-' => return false,
            _ => {}
        }
        last = *byte;
        at += 1;
    }
    true
}
