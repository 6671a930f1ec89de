//! The fast lane: records of known [shape](shapes) need no tree. What the strict reader and the connectors said of one
//! record of a shape holds for the next one, as long as everything they looked at is the same.

mod shapes;

use super::connectors::{self, Cell, Connectors, Input, Member, Remarks};
use super::json::{self, Node};
use super::scan;
use super::shapes::SUSPECTS;
use crate::value::Type;
use shapes::{Scalar, Shapes};
use std::borrow::Cow;

/// Longer lines are looked into before they are read as one record.
pub(super) const LONG_LINE: usize = 64 << 10;

/// What is known of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
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
    Inner((usize, u32), (usize, u32)),
}

/// What is kept of a shape.
#[derive(Debug)]
struct Known {
    members: Vec<(String, Spot)>,
    /// The scalars that the connectors look at, and the texts that each is compared with.
    asked: Vec<(usize, Vec<String>)>,
    decisions: Vec<Decision>,
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

/// The lane of one thread.
#[derive(Debug)]
pub(super) struct Lane {
    connectors: Connectors,
    /// What a connector looks at, by member; none where the lane cannot follow it.
    asked: Option<Vec<(String, Vec<String>)>>,
    shapes: Shapes,
    known: Vec<Known>,
    scalars: Vec<Scalar>,
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
            scalars: Vec::new(),
        }
    }

    /// What is known of a record; none where the strict reader has to look at it.
    pub fn take(&mut self, line: &[u8]) -> Option<Taken> {
        if line.len() > LONG_LINE {
            return None;
        }
        let shape = self.shapes.walk(line, &mut self.scalars)? as usize;
        let known = self.known.get_mut(shape)?;
        let looks = looks(&known.asked, line, &self.scalars)?;
        let members = &known.members;
        let decision = known.decisions.iter_mut().find(|d| d.looks == looks)?;
        let mut remarks = Remarks::default();
        let time = match decision.time {
            None => connectors::instant(None, &mut remarks),
            Some(Spot::Inner(..)) => {
                connectors::instant(Some(&Node::List(Vec::new())), &mut remarks)
            }
            Some(Spot::Scalar(at)) => {
                let node = node(line, *self.scalars.get(at)?)?;
                connectors::instant(Some(&node), &mut remarks)
            }
        };
        for naming in &decision.naming {
            let scalar = self.scalars.get(*naming)?;
            if scalar.escaped {
                return None;
            }
            let text = line.get(scalar.start as usize..scalar.end as usize)?;
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
        if line.len() > LONG_LINE {
            return None;
        }
        let asked = self.asked.as_ref()?;
        let scalars = shapes::scalars(line)?;
        let number = match self.shapes.walk(line, &mut self.scalars) {
            Some(number) => number as usize,
            None => {
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

    /// Learns the shape of a record that is the event itself, as it was found when it was loaded.
    pub fn learn_shape(&mut self, line: &[u8]) -> Option<()> {
        if line.len() > LONG_LINE || self.shapes.walk(line, &mut self.scalars).is_some() {
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
        if line.len() > LONG_LINE {
            return None;
        }
        let shape = self.shapes.walk(line, &mut self.scalars)? as usize;
        let known = self.known.get(shape)?;
        let mut cells = Vec::with_capacity(wanted.len());
        for at in wanted {
            let input = inputs.get(*at)?;
            let Member::Named(name) = &input.from else {
                return None;
            };
            let Some(spot) = spot(&known.members, name) else {
                cells.push(Cell::Null);
                continue;
            };
            let range = range(spot, &self.scalars)?;
            let value = line.get(range)?;
            // The most frequent kind without a detour.
            if let (Spot::Scalar(at), Type::String) = (spot, input.ty)
                && let Some(scalar) = self.scalars.get(at).filter(|s| !s.escaped)
                && value.first() == Some(&b'"')
            {
                cells.push(Cell::Text(unquoted(line, *scalar)?.to_owned()));
                continue;
            }
            let text = std::str::from_utf8(value).ok()?;
            let is_scalar = matches!(spot, Spot::Scalar(_));
            let as_text = input.ty == Type::Dynamic || (input.ty == Type::String && !is_scalar);
            if as_text && value != b"null" && is_compact(value) {
                cells.push(Cell::Text(text.to_owned()));
                continue;
            }
            let parsed = json::parse(text).ok()?;
            cells.push(connectors::cell(input.ty, Some(&parsed.node)));
        }
        Some(cells)
    }
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
fn asked_of(
    asked: &[(String, Vec<String>)],
    members: &[(String, Spot)],
) -> Vec<(usize, Vec<String>)> {
    let found = asked
        .iter()
        .filter_map(|(name, texts)| match spot(members, name)? {
            Spot::Scalar(at) => Some((at, texts.clone())),
            Spot::Inner(..) => None,
        });
    found.collect()
}

/// What the connectors see of a record, in bits; none where a text is written with escapes.
fn looks(asked: &[(usize, Vec<String>)], line: &[u8], scalars: &[Scalar]) -> Option<u128> {
    let mut looks = 0;
    for (at, texts) in asked {
        let scalar = scalars.get(*at)?;
        let kind = kind(*line.get(scalar.start as usize)?);
        let mut code = u128::from(kind) << 6;
        if kind == 0 && !texts.is_empty() {
            if scalar.escaped {
                return None;
            }
            let text = line.get(scalar.start as usize + 1..scalar.end as usize - 1)?;
            let which = texts.iter().position(|t| t.as_bytes() == text);
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
    let text = line.get(scalar.start as usize + 1..scalar.end as usize - 1)?;
    std::str::from_utf8(text).ok()
}

/// A number of at most 18 digits.
#[inline]
fn whole_number(digits: &[u8]) -> Option<i64> {
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
        if number > 999_999_999_999_999_999 {
            return None;
        }
    }
    (!digits.is_empty()).then_some(number)
}

/// A scalar as a node.
fn node(line: &[u8], scalar: Scalar) -> Option<Node<'_>> {
    let bytes = line.get(scalar.start as usize..scalar.end as usize)?;
    // Unix seconds, nearly always.
    if let Some(whole) = whole_number(bytes) {
        return Some(Node::Number(whole.into()));
    }
    let text = std::str::from_utf8(bytes).ok()?;
    if let Ok(whole) = text.parse::<i64>()
        && text != "-0"
    {
        return Some(Node::Number(whole.into()));
    }
    if text.starts_with('"') && !scalar.escaped {
        return Some(Node::Text(Cow::Borrowed(unquoted(line, scalar)?)));
    }
    Some(json::parse(text).ok()?.node)
}

/// The members of a record, none where a key is written with escapes.
fn members(line: &[u8], scalars: &[Scalar]) -> Option<Vec<(String, Spot)>> {
    let (found, end) = scan::members(line, 0);
    end.ok().filter(|end| *end == line.len())?;
    // Where an offset lies: behind so many scalars, and bytes after the last of them.
    let place = |offset: usize| -> (usize, u32) {
        let behind = scalars.partition_point(|s| s.end as usize <= offset);
        let last = behind.checked_sub(1).and_then(|n| scalars.get(n));
        (behind, offset as u32 - last.map_or(0, |s| s.end))
    };
    let spot = |value: &std::ops::Range<usize>| {
        let is_it = |s: &Scalar| s.start as usize == value.start && s.end as usize == value.end;
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
    let offset = |(behind, bytes): (usize, u32)| -> Option<usize> {
        let before = match behind.checked_sub(1) {
            Some(last) => scalars.get(last)?.end,
            None => 0,
        };
        Some((before + bytes) as usize)
    };
    Some(match spot {
        Spot::Scalar(at) => {
            let scalar = scalars.get(at)?;
            scalar.start as usize..scalar.end as usize
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
        let (connectors, mut lane) = taught();
        let mut rng = fastrand::Rng::with_seed(11);
        let bytes = b"\"\\{}[]:,.-+eE0123456789 \t\0\x80\xc3\xa9utfnxd/";
        let mut taken = 0;
        for _ in 0..60_000 {
            let mut line = LINES[rng.usize(..LINES.len())].as_bytes().to_vec();
            for _ in 0..rng.usize(1..4) {
                let at = rng.usize(..line.len());
                let byte = bytes[rng.usize(..bytes.len())];
                match rng.u8(..3) {
                    0 => line[at] = byte,
                    1 => line.insert(at, byte),
                    _ => drop(line.remove(at)),
                }
            }
            let expected = strictly(&connectors, &line);
            if let Some(found) = lane.take(&line) {
                taken += 1;
                let found = (found.connector, found.time, found.remarks.aliased);
                let text = String::from_utf8_lossy(&line);
                assert_eq!(Some(found), expected, "{text}");
            }
            // Shapes that the mutations make are learnt as well.
            if let (Some((number, _, _)), true) = (expected, rng.u8(..8) == 0) {
                let opened = records::read(&line, &crate::logs::forms::Reading::Line).unwrap();
                lane.learn(&line, number, opened.shape);
            }
        }
        assert!(taken > 5_000, "{taken}");
    }
}
