//! The fast lane: records of known [shape](shapes) need no tree. What the strict reader and the connectors said of one
//! record of a shape holds for the next one, as long as everything they looked at is the same.

mod shapes;

use super::connectors::{self, Cell, Connectors, Input, Member, Remarks};
use super::json::{self, Node};
use super::scan;
use super::shapes::SUSPECTS;
use crate::value::Type;
use shapes::{Found, Scalar, Shapes};
use std::borrow::Cow;

/// Longer lines are looked into before they are read as one record.
pub(super) const LONG_LINE: usize = shapes::MOST_LINE;

/// What is known of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    /// How many bytes it has.
    pub length: usize,
    /// The connector that takes it.
    pub connector: usize,
    /// Its time, ticks.
    pub time: Option<i64>,
    /// What a person should know of it.
    pub remarks: Remarks,
    /// The shape that is told of its file.
    pub shape: Option<&'static str>,
}

/// Where a member's value lies, by the scalars of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    /// It is this scalar.
    Scalar(usize),
    /// An object or list: behind so many scalars, and so many bytes after the last of them; the same for its end.
    Inner((usize, usize), (usize, usize)),
}

/// What is kept of a shape.
#[derive(Debug)]
struct Known {
    members: Vec<(String, Spot)>,
    asked: Vec<Asked>,
    decisions: Vec<Decision>,
}

/// A scalar that the connectors look at, and the texts that it is compared with, in quotes.
#[derive(Debug)]
struct Asked {
    at: usize,
    texts: Vec<Box<[u8]>>,
}

/// What the connectors said of records that look alike to them.
#[derive(Debug)]
struct Decision {
    looks: u128,
    connector: usize,
    shape: Option<&'static str>,
    time: Option<Spot>,
    /// Members whose text names another member.
    naming: Vec<usize>,
    /// The text that named a member last, and whether the member is there with dots only.
    named: Option<(Box<[u8]>, bool)>,
}

/// The lane of one thread. Lanes lie side by side: none shares a cache line with the one of another thread.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Lane {
    connectors: Connectors,
    /// What a connector looks at, by member; none where the lane cannot follow it.
    asked: Option<Vec<(String, Vec<String>)>>,
    shapes: Shapes,
    known: Vec<Known>,
    scalars: Found,
}

/// Kinds of scalars, as tests of connectors tell them apart.
fn kind(first: u8) -> u8 {
    match first {
        b'"' => 0,
        b't' | b'f' => 1,
        b'n' => 2,
        _ => 3,
    }
}

impl Lane {
    /// A lane that knows no shape yet.
    pub fn new(connectors: &Connectors) -> Self {
        Self {
            connectors: connectors.clone(),
            asked: connectors.asked(),
            shapes: Shapes::default(),
            known: Vec::new(),
            scalars: Found::default(),
        }
    }

    /// What is known of the record that a text begins with, up to the end of its line; none where the strict reader has
    /// to look at it.
    pub fn take(&mut self, text: &[u8]) -> Option<Taken> {
        let (shape, length) = self.shapes.walk(text, &mut self.scalars)?;
        let line = text.get(..length)?;
        let known = self.known.get_mut(shape as usize)?;
        let looks = looks(&known.asked, line, &self.scalars)?;
        let members = &known.members;
        let mut decisions = known.decisions.iter_mut();
        let decision = loop {
            let next = decisions.next()?;
            if next.looks == looks {
                break next;
            }
        };
        let mut remarks = Remarks::default();
        let time = match decision.time {
            None => connectors::instant(None, &mut remarks),
            Some(Spot::Inner(..)) => {
                connectors::instant(Some(&Node::List(Vec::new())), &mut remarks)
            }
            Some(Spot::Scalar(at)) => {
                let scalar = *self.scalars.get(at)?;
                match connectors::usual_seconds(scalar.of(line)?) {
                    Some(time) => Some(time),
                    None => connectors::instant(Some(&node(line, scalar)?), &mut remarks),
                }
            }
        };
        for naming in &decision.naming {
            let scalar = self.scalars.get(*naming)?;
            if scalar.is_escaped() {
                return None;
            }
            let text = scalar.of(line)?;
            remarks.aliased |= match &decision.named {
                Some((last, aliased)) if **last == *text => *aliased,
                _ => {
                    let aliased = aliased(text, members);
                    decision.named = Some((text.into(), aliased));
                    aliased
                }
            };
        }
        Some(Taken {
            length,
            connector: decision.connector,
            time,
            remarks,
            shape: decision.shape,
        })
    }

    /// Learns from a record that the strict reader took and that is the event itself: which connector took it, and
    /// the shape that is told of its file.
    pub fn learn(&mut self, line: &[u8], connector: usize, shape: Option<&'static str>) {
        // Best effort: what cannot be learnt is read strictly each time.
        let _ = self.try_learn(line, connector, shape);
    }

    fn try_learn(
        &mut self,
        line: &[u8],
        connector: usize,
        shape: Option<&'static str>,
    ) -> Option<()> {
        /// Most kinds of records of one shape.
        const MOST: usize = 64;
        self.asked.as_ref()?;
        let scalars = shapes::scalars(line)?;
        let number = match self.walk(line) {
            Some(number) => number,
            None => {
                let asked = self.asked.as_ref()?;
                let members = members(line, &scalars)?;
                // Whether these are wrapped or rows of a table depends on more than their shape.
                let is_there = |name: &&str| spot(&members, name).is_some();
                if spot(&members, "p_log_type").is_none() && SUSPECTS.iter().any(is_there) {
                    return None;
                }
                let asked = asked_of(asked, &members);
                let number = self.shapes.learn(line, &scalars)? as usize;
                debug_assert_eq!(number, self.known.len());
                self.known.push(Known {
                    members,
                    asked,
                    decisions: Vec::new(),
                });
                number
            }
        };
        let known = self.known.get_mut(number)?;
        let looks = looks(&known.asked, line, &scalars)?;
        if known.decisions.len() >= MOST || known.decisions.iter().any(|d| d.looks == looks) {
            return None;
        }
        let def = self.connectors.get(connector)?;
        let input = def.inputs.get(def.time?)?;
        let Member::Named(time) = &input.from else {
            return None;
        };
        let naming = def.inputs.iter().filter_map(|input| match &input.from {
            Member::NamedBy(by) => spot(&known.members, by),
            Member::Named(_) | Member::Whole => None,
        });
        let naming = naming.filter_map(|spot| match spot {
            Spot::Scalar(at) => Some(at),
            Spot::Inner(..) => None,
        });
        known.decisions.push(Decision {
            looks,
            connector,
            shape,
            time: spot(&known.members, time),
            naming: naming.collect(),
            named: None,
        });
        Some(())
    }

    /// The number of the shape of a record that is all of a text, with its scalars.
    fn walk(&mut self, record: &[u8]) -> Option<usize> {
        let (shape, length) = self.shapes.walk(record, &mut self.scalars)?;
        (length == record.len()).then_some(shape as usize)
    }

    /// Learns the shape of a record that is the event itself, as it was found when it was loaded.
    pub fn learn_shape(&mut self, line: &[u8]) -> Option<()> {
        if self.walk(line).is_some() {
            return None;
        }
        let scalars = shapes::scalars(line)?;
        let members = members(line, &scalars)?;
        self.shapes.learn(line, &scalars)?;
        let asked = asked_of(self.asked.as_deref().unwrap_or_default(), &members);
        self.known.push(Known {
            members,
            asked,
            decisions: Vec::new(),
        });
        Some(())
    }

    /// The cells of some inputs (by number) of a record; none where it has to be parsed.
    pub fn cells(&mut self, line: &[u8], inputs: &[Input], wanted: &[usize]) -> Option<Vec<Cell>> {
        let mut picks = Picks::new(inputs, wanted);
        self.pick(line, &mut picks)?;
        let values = picks.types().zip(picks.values(line));
        values.map(|(ty, value)| cell_of(ty, value)).collect()
    }

    /// Finds the values of some inputs in a record; none where it has to be parsed.
    pub fn pick(&mut self, line: &[u8], picks: &mut Picks<'_>) -> Option<()> {
        let shape = self.walk(line)?;
        if picks.spots.len() <= shape {
            picks.spots.resize(shape + 1, None);
        }
        let slot = picks.spots.get_mut(shape)?;
        let spots = match slot {
            Some(spots) => spots,
            None => {
                let known = self.known.get(shape)?;
                let mut spots = Vec::with_capacity(picks.wanted.len());
                for at in picks.wanted {
                    let Member::Named(name) = &picks.inputs.get(*at)?.from else {
                        return None;
                    };
                    spots.push(spot(&known.members, name));
                }
                slot.insert(spots)
            }
        };
        picks.found.clear();
        for spot in spots {
            let found = match spot {
                Some(spot) => range(*spot, &self.scalars)?,
                None => 0..0,
            };
            picks.found.push(found);
        }
        Some(())
    }
}

/// Some inputs of a connector, and where their values lie in a record.
pub(super) struct Picks<'p> {
    inputs: &'p [Input],
    wanted: &'p [usize],
    /// By shape of the lane, as far as they were looked for.
    spots: Vec<Option<Vec<Option<Spot>>>>,
    /// In the record that was looked at last; empty where a value is absent.
    found: Vec<std::ops::Range<usize>>,
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
pub(super) fn cell_of(ty: Type, value: &[u8]) -> Option<Cell> {
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

/// The scalars among the members that connectors look at.
fn asked_of(asked: &[(String, Vec<String>)], members: &[(String, Spot)]) -> Vec<Asked> {
    let found = asked
        .iter()
        .filter_map(|(name, texts)| match spot(members, name)? {
            Spot::Scalar(at) => {
                let quoted = |text: &String| format!("\"{text}\"").into_bytes().into();
                let texts = texts.iter().map(quoted).collect();
                Some(Asked { at, texts })
            }
            Spot::Inner(..) => None,
        });
    found.collect()
}

/// What the connectors see of a record, in bits; none where a text is written with escapes.
#[inline]
fn looks(asked: &[Asked], line: &[u8], scalars: &[Scalar]) -> Option<u128> {
    let mut looks = 0;
    for asked in asked {
        let scalar = scalars.get(asked.at)?;
        let text = scalar.of(line)?;
        let kind = kind(*text.first()?);
        let mut code = u128::from(kind) << 6;
        if kind == 0 && !asked.texts.is_empty() {
            if scalar.is_escaped() {
                return None;
            }
            let which = asked.texts.iter().position(|known| **known == *text);
            code |= which.map_or(0, |which| which as u128 + 1);
        }
        looks = looks << 8 | code;
    }
    Some(looks)
}

/// Whether a member of the name in quotes is there with dots and not with underscores.
fn aliased(quoted: &[u8], members: &[(String, Spot)]) -> bool {
    let Some(name) = quoted
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
        .and_then(|name| std::str::from_utf8(name).ok())
    else {
        return false;
    };
    name.contains('.')
        && spot(members, name).is_some()
        && spot(members, &connectors::panther_key(name)).is_none()
}

fn spot(members: &[(String, Spot)], name: &str) -> Option<Spot> {
    members.iter().find(|(n, _)| n == name).map(|(_, s)| *s)
}

fn unquoted(line: &[u8], scalar: Scalar) -> Option<&str> {
    let text = line.get(scalar.start() + 1..scalar.end() - 1)?;
    std::str::from_utf8(text).ok()
}

/// A scalar as a node.
fn node(line: &[u8], scalar: Scalar) -> Option<Node<'_>> {
    let text = std::str::from_utf8(scalar.of(line)?).ok()?;
    if let Ok(whole) = text.parse::<i64>()
        && text != "-0"
    {
        return Some(Node::Number(whole.into()));
    }
    if text.starts_with('"') && !scalar.is_escaped() {
        return Some(Node::Text(Cow::Borrowed(unquoted(line, scalar)?)));
    }
    Some(json::parse(text).ok()?.node)
}

/// The members of a record, none where a key is written with escapes.
fn members(line: &[u8], scalars: &[Scalar]) -> Option<Vec<(String, Spot)>> {
    let (found, end) = scan::members(line, 0);
    end.ok().filter(|end| *end == line.len())?;
    // Where an offset lies: behind so many scalars, and bytes after the last of them.
    let place = |offset: usize| -> (usize, usize) {
        let behind = scalars.partition_point(|s| s.end() <= offset);
        let last = behind.checked_sub(1).and_then(|n| scalars.get(n));
        (behind, offset - last.map_or(0, |s| s.end()))
    };
    let spot = |value: &std::ops::Range<usize>| {
        let is_it = |s: &Scalar| s.start() == value.start && s.end() == value.end;
        match scalars.iter().position(is_it) {
            Some(at) => Spot::Scalar(at),
            None => Spot::Inner(place(value.start), place(value.end)),
        }
    };
    let named = found.iter().map(|member| {
        let key = line.get(member.key.clone())?;
        let plain = !key.contains(&b'\\');
        let key = std::str::from_utf8(key).ok().filter(|_| plain)?;
        Some((key.to_owned(), spot(&member.value)))
    });
    named.collect()
}

fn range(spot: Spot, scalars: &[Scalar]) -> Option<std::ops::Range<usize>> {
    let offset = |(behind, bytes): (usize, usize)| -> Option<usize> {
        let before = match behind.checked_sub(1) {
            Some(last) => scalars.get(last)?.end(),
            None => 0,
        };
        Some(before + bytes)
    };
    Some(match spot {
        Spot::Scalar(at) => {
            let scalar = scalars.get(at)?;
            scalar.start()..scalar.end()
        }
        Spot::Inner(from, to) => offset(from)?..offset(to)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::shapes as records;

    const LINES: [&str; 6] = [
        r#"{"object":"organization.audit_log","id":"a1","type":"role.updated","effective_at":1780800000,"actor":{"type":"session","session":{"user":{"email":"a@x.example"},"list":[1,2.5,null]}},"role.updated":{"id":"r"}}"#,
        r#"{"object":"organization.audit_log","id":"a2","type":"logout","effective_at":1780800001,"project":null}"#,
        r#"{"object":"organization.audit_log","id":"é","type":"logout","effective_at":1780800001,"project":{"id":"p\n","empty":{},"none":[]}}"#,
        r#"{"object": "chat.completion", "id": "c1", "created": 1780800002, "seed": 4944116822809979520, "choices": [{"finish_reason": "stop"}]}"#,
        r#"{"object":"chat.completion","id":"c2","created":1780800002.5,"choices":[],"input_user":"a@x.example"}"#,
        r#"{"type":"t","effective_at":"2026-06-08T05:00:00Z","p_log_type":"OpenAI.Audit"}"#,
    ];

    /// What the strict reader and the connectors say: connector, time, whether the details are aliased.
    fn strictly(connectors: &Connectors, line: &[u8]) -> Option<(usize, Option<i64>, bool)> {
        let opened = records::read(line, &crate::logs::forms::Reading::Line).ok()?;
        let number = connectors.find(&opened.event).ok()?;
        let (time, remarks) = connectors::look(connectors.get(number)?, &opened.event);
        let unusual = opened.rounded || opened.row;
        (!unusual).then_some((number, time, remarks.aliased))
    }

    fn taught() -> (Connectors, Lane) {
        let connectors = Connectors::default();
        let mut lane = Lane::new(&connectors);
        for line in LINES {
            let line = line.as_bytes();
            let (number, _, _) = strictly(&connectors, line).unwrap();
            let opened = records::read(line, &crate::logs::forms::Reading::Line).unwrap();
            lane.learn(line, number, opened.shape);
        }
        (connectors, lane)
    }

    #[test]
    fn lines_of_known_shape_are_taken() {
        let (connectors, mut lane) = taught();
        for line in LINES {
            let line = line
                .replace("a1", "another\\u00e9")
                .replace("180000", "180009");
            let taken = lane.take(line.as_bytes()).expect(&line);
            let found = (taken.connector, taken.time, taken.remarks.aliased);
            assert_eq!(
                Some(found),
                strictly(&connectors, line.as_bytes()),
                "{line}"
            );
        }
        // The same shape, and other texts where the connectors look.
        let other = LINES[1].replace("organization.audit_log", "organization.something");
        assert!(lane.take(other.as_bytes()).is_none());
    }

    #[test]
    fn what_is_taken_is_what_the_strict_reader_takes() {
        for narrow in [false, true] {
            let (connectors, mut lane) = taught();
            if narrow {
                lane.shapes.narrow();
            }
            let mut rng = fastrand::Rng::with_seed(11);
            let bytes = b"\"\\{}[]:,.-+eE0123456789 \t\r\n\0\x80\xc3\xa9utfnxd/";
            let behind: [&[u8]; 6] = [b"", b"\n", b"\r\n", b"\r", b" ", b"\n{\"id\":\"\"}\n\"\n"];
            let mut taken = 0;
            for _ in 0..60_000 {
                let mut text = LINES[rng.usize(..LINES.len())].as_bytes().to_vec();
                for _ in 0..rng.usize(1..4) {
                    let at = rng.usize(..text.len());
                    let byte = bytes[rng.usize(..bytes.len())];
                    match rng.u8(..3) {
                        0 => text[at] = byte,
                        1 => text.insert(at, byte),
                        _ => drop(text.remove(at)),
                    }
                }
                text.extend_from_slice(behind[rng.usize(..behind.len())]);
                let mut line = text.split(|byte| *byte == b'\n').next().unwrap();
                if line.len() < text.len() {
                    line = line.strip_suffix(b"\r").unwrap_or(line);
                }
                let expected = strictly(&connectors, line);
                if let Some(found) = lane.take(&text) {
                    taken += 1;
                    let text = String::from_utf8_lossy(&text);
                    assert_eq!(found.length, line.len(), "{text}");
                    let found = (found.connector, found.time, found.remarks.aliased);
                    assert_eq!(Some(found), expected, "{text}");
                }
                // Shapes that the mutations make are learnt as well.
                if let (Some((number, _, _)), true) = (expected, rng.u8(..8) == 0) {
                    let opened = records::read(line, &crate::logs::forms::Reading::Line).unwrap();
                    lane.learn(line, number, opened.shape);
                }
            }
            assert!(taken > 5_000, "{taken}");
        }
    }

    /// What a line says is found where a longer text follows, and one that is too long for the lane is left.
    #[test]
    fn a_long_line_is_left_to_the_strict_reader() {
        let (_, mut lane) = taught();
        for (length, expected) in [
            (100, true),
            (LONG_LINE - 1, true),
            (LONG_LINE, true),
            (LONG_LINE + 1, false),
            (LONG_LINE + 2, false),
            (LONG_LINE + 3, false),
        ] {
            let without = LINES[1].replace("a2", "");
            let id = "x".repeat(length.saturating_sub(without.len()));
            let line = LINES[1].replace("a2", &id);
            for end in ["", "\n", "\r\n", "\n\n"] {
                let taken = lane.take(format!("{line}{end}").as_bytes());
                let length = taken.map(|taken| taken.length);
                assert_eq!(length, expected.then_some(line.len()), "{}", line.len());
            }
        }
    }
}
