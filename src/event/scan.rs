//! Where the members of an object stand in its text.

use super::bits::{BLOCK, Block, Marks};
use super::members::{Slot, Span};

/// Members that are looked at one by one; an object of more is read as a whole.
const MOST: usize = 256;

/// Where the members of an object stand, in text that is JSON. None where a name has an escape or comes twice, where
/// there are many members, and for what is no object.
pub(super) fn slots(text: &str) -> Option<Vec<Slot>> {
    let bytes = text.as_bytes();
    let mut slots = Slots {
        bytes,
        found: Vec::with_capacity(8),
        from: blank(bytes, 0) + 1,
    };
    if bytes.get(slots.from - 1) != Some(&b'{') {
        return None;
    }
    let end = match memchr::memchr(b'\\', bytes) {
        None => slots.by_marks()?,
        Some(_) => slots.one_by_one()?,
    };
    (blank(bytes, end) == bytes.len()).then_some(slots.found)
}

struct Slots<'a> {
    bytes: &'a [u8],
    found: Vec<Slot>,
    /// Where the next member begins.
    from: usize,
}

impl Slots<'_> {
    /// Adds the member that ends before here.
    fn add(&mut self, end: usize) -> Option<()> {
        let bytes = self.bytes;
        let quote = blank(bytes, self.from);
        if bytes.get(quote) != Some(&b'"') {
            return None;
        }
        let rest = bytes.get(quote + 1..end)?;
        let length = rest.iter().position(|b| matches!(b, b'"' | b'\\'))?;
        let (key, behind) = rest.split_at(length);
        let colon = blank(bytes, quote + 1 + length + 1);
        if behind.first() != Some(&b'"') || bytes.get(colon) != Some(&b':') {
            return None;
        }
        let value = blank(bytes, colon + 1);
        let blanks = bytes.get(value..end)?.iter().rev();
        let blanks = blanks.take_while(|b| is_blank(**b)).count();
        let is_known = |slot: &Slot| bytes.get(slot.name.range()) == Some(key);
        if end - blanks <= value || self.found.len() >= MOST || self.found.iter().any(is_known) {
            return None;
        }
        self.found.push(Slot {
            name: Span::of(quote + 1..quote + 1 + length)?,
            value: Span::of(value..end - blanks)?,
        });
        self.from = end + 1;
        Some(())
    }

    /// Adds the last member, if any, and gives where the object ends.
    fn close(&mut self, at: usize) -> Option<usize> {
        if !self.found.is_empty() || blank(self.bytes, self.from) != at {
            self.add(at)?;
        }
        Some(at + 1)
    }

    /// Of text without a backslash: what is inside a string is between two quotes.
    fn by_marks(&mut self) -> Option<usize> {
        let (blocks, last) = self.bytes.as_chunks::<BLOCK>();
        let mut padded: Block = [0; BLOCK];
        for (slot, byte) in padded.iter_mut().zip(last) {
            *slot = *byte;
        }
        let mut inside = false;
        let mut depth = 0_usize;
        for (n, block) in blocks.iter().chain(std::iter::once(&padded)).enumerate() {
            let marks = Marks::of(block, &mut inside);
            let mut left = u64::MAX;
            loop {
                let commas = if depth == 1 { marks.commas } else { 0 };
                let next = (marks.opens | marks.closes | commas) & left;
                if next == 0 {
                    break;
                }
                let bit = next & next.wrapping_neg();
                left = !(bit | (bit - 1));
                let at = n * BLOCK + bit.trailing_zeros() as usize;
                if marks.opens & bit != 0 {
                    depth += 1;
                } else if marks.closes & bit != 0 {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return self.close(at);
                    }
                } else {
                    self.add(at)?;
                }
            }
        }
        None
    }

    /// Of any text.
    fn one_by_one(&mut self) -> Option<usize> {
        let mut at = self.from;
        let mut depth = 1_usize;
        loop {
            match self.bytes.get(at)? {
                b'"' => {
                    at = string_end(self.bytes, at)?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 1 => return self.close(at),
                b'}' | b']' => depth -= 1,
                b',' if depth == 1 => self.add(at)?,
                _ => {}
            }
            at += 1;
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Behind the blanks that begin here.
pub fn blank(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| is_blank(*byte)) {
        at += 1;
    }
    at
}

/// Where a value ends that begins here, in text that is JSON; none where there is no value.
pub fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return (at > start).then_some(at),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return (at > start).then_some(at),
            _ => {}
        }
        at += 1;
    }
}

/// Behind the quote that ends a string.
pub fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}
