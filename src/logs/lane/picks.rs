//! The values of some inputs in a record of known shape, and the cells they give.

use super::places::{Spot, range, spot, unquoted};
use super::shapes::Scalar;
use crate::logs::connectors::{self, Cell, Input, Member};
use crate::logs::json;
use crate::value::Type;

/// Some inputs of a connector, and where their values lie in a record.
pub(in crate::logs) struct Picks<'p> {
    inputs: &'p [Input],
    wanted: &'p [usize],
    /// By shape of the lane, as far as they were looked for.
    spots: Vec<Option<Vec<Place>>>,
    /// In the record that was looked at last; empty where a value is absent.
    found: Vec<std::ops::Range<usize>>,
}

/// Where a value lies in the records of a shape.
#[derive(Clone, Debug)]
enum Place {
    /// There, or nowhere.
    At(Option<Spot>),
    /// Where the text of this scalar says; the text that was met last, and where that was.
    NamedBy(usize, Option<(Box<str>, Option<Spot>)>),
}

impl Place {
    /// That of an input; none where it cannot be said of a shape.
    fn of(input: &Input, members: &[(String, Spot)]) -> Option<Self> {
        Some(match &input.from {
            Member::Named(name) => Place::At(spot(members, name)),
            Member::NamedBy(name) => match spot(members, name) {
                Some(Spot::Scalar(at)) => Place::NamedBy(at, None),
                // No text.
                Some(Spot::Inner(..)) | None => Place::At(None),
            },
            Member::Whole => return None,
        })
    }

    /// Where it is in a record; the outer none where the record has to be parsed.
    fn find(
        &mut self,
        members: &[(String, Spot)],
        line: &[u8],
        scalars: &[Scalar],
    ) -> Option<Option<Spot>> {
        let (at, last) = match self {
            Place::At(spot) => return Some(*spot),
            Place::NamedBy(at, last) => (*at, last),
        };
        let scalar = *scalars.get(at)?;
        if scalar.of(line)?.first() != Some(&b'"') {
            return Some(None);
        }
        if scalar.is_escaped() {
            return None;
        }
        let name = unquoted(line, scalar)?;
        if let Some((_, known)) = last.as_ref().filter(|(text, _)| **text == *name) {
            return Some(*known);
        }
        let underscored = || spot(members, &connectors::panther_key(name));
        let found = match name {
            "" => None,
            name if name.contains('.') => spot(members, name).or_else(underscored),
            name => spot(members, name),
        };
        *last = Some((name.into(), found));
        Some(found)
    }
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

    /// Looks for them in a record of a shape with these members; none where it has to be parsed.
    pub(super) fn find(
        &mut self,
        shape: usize,
        members: &[(String, Spot)],
        line: &[u8],
        scalars: &[Scalar],
    ) -> Option<()> {
        if self.spots.len() <= shape {
            self.spots.resize(shape + 1, None);
        }
        let slot = self.spots.get_mut(shape)?;
        let places = match slot {
            Some(places) => places,
            None => {
                let inputs = self.wanted.iter().map(|at| self.inputs.get(*at));
                let places = inputs.map(|input| Place::of(input?, members));
                slot.insert(places.collect::<Option<_>>()?)
            }
        };
        self.found.clear();
        for place in places {
            let found = match place.find(members, line, scalars)? {
                Some(spot) => range(spot, scalars)?,
                None => 0..0,
            };
            self.found.push(found);
        }
        Some(())
    }

    /// Their types.
    fn types(&self) -> impl Iterator<Item = Type> {
        let inputs = self.wanted.iter().filter_map(|at| self.inputs.get(*at));
        inputs.map(|input| input.ty)
    }

    /// The cells that the record which was looked at last gives; none where it has to be parsed.
    pub fn cells(&self, line: &[u8]) -> Option<Vec<Cell>> {
        let values = self.types().zip(self.values(line));
        values.map(|(ty, value)| cell_of(ty, value)).collect()
    }

    /// A text that tells what the record which was looked at last has for them from what others have.
    pub fn text(&self, line: &[u8], into: &mut Vec<u8>) {
        into.clear();
        for value in self.values(line) {
            into.extend_from_slice(&(value.len() as u32).to_le_bytes());
            into.extend_from_slice(value);
        }
    }

    /// What the record that was looked at last has for each, empty where it has nothing.
    fn values<'l>(&self, line: &'l [u8]) -> impl Iterator<Item = &'l [u8]> {
        let found = self.found.iter();
        found.map(|range| line.get(range.clone()).unwrap_or_default())
    }
}

/// The cell of a type that a value of a record of known shape gives, or nothing; none where it has to be parsed with its
/// record.
fn cell_of(ty: Type, value: &[u8]) -> Option<Cell> {
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
