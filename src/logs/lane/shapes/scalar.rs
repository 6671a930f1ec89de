//! The scalars of JSON, as far as the walk takes them.

use super::wide::{Narrow, WIDTH, Wide};
use super::{MOST_LINE, MOST_SCALARS};

/// A scalar of a line.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) struct Scalar(u64);

const ESCAPED: u64 = 1 << 63;

impl Scalar {
    /// From its first byte (of a text the quote) to before another, both below [`super::MOST_LINE`] and two; whether
    /// it is a text with escapes.
    #[inline(always)]
    pub fn new(start: usize, end: usize, escaped: bool) -> Self {
        Self(start as u64 | (end as u64) << 32 | u64::from(escaped) << 63)
    }

    /// Its first byte; of a text the quote.
    #[inline(always)]
    pub fn start(self) -> usize {
        self.0 as u32 as usize
    }

    /// The byte behind it.
    #[inline(always)]
    pub fn end(self) -> usize {
        ((self.0 & !ESCAPED) >> 32) as usize
    }

    /// Whether it is a text with escapes.
    #[inline(always)]
    pub fn is_escaped(self) -> bool {
        self.0 & ESCAPED != 0
    }

    /// Its text.
    pub fn of(self, line: &[u8]) -> Option<&[u8]> {
        line.get(self.start()..self.end())
    }
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start(), self.end())?;
        f.write_str(if self.is_escaped() { " escaped" } else { "" })
    }
}

/// The scalars of the line that was walked last. Room for all is made once.
#[derive(Debug)]
pub(in super::super) struct Found {
    slots: Box<[Scalar]>,
    pub(super) count: usize,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            slots: vec![Scalar::default(); MOST_SCALARS].into(),
            count: 0,
        }
    }
}

impl std::ops::Deref for Found {
    type Target = [Scalar];

    #[inline(always)]
    fn deref(&self) -> &[Scalar] {
        self.slots.get(..self.count).unwrap_or_default()
    }
}

impl Found {
    /// Room for new ones.
    #[inline(always)]
    pub(super) fn slots(&mut self) -> Slots<'_> {
        Slots {
            slots: &mut self.slots,
            count: 0,
        }
    }
}

/// Where scalars are put.
pub(super) struct Slots<'f> {
    slots: &'f mut [Scalar],
    count: usize,
}

impl Slots<'_> {
    /// How many there are now.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds one; none where there is no room.
    #[inline(always)]
    pub fn push(&mut self, scalar: Scalar) -> Option<()> {
        *self.slots.get_mut(self.count)? = scalar;
        self.count += 1;
        Some(())
    }

    /// Adds several, so many bytes further on; none where there is no room.
    #[inline(always)]
    pub fn extend(&mut self, scalars: &[Scalar], by: usize) -> Option<()> {
        let by = by as u64 | (by as u64) << 32;
        let room = self.slots.get_mut(self.count..self.count + scalars.len())?;
        let mut n = 0;
        while let (Some(slot), Some(scalar)) = (room.get_mut(n), scalars.get(n)) {
            *slot = Scalar(scalar.0 + by);
            n += 1;
        }
        self.count += scalars.len();
        Some(())
    }
}

/// The end of the scalar that begins at an offset, and whether it has escapes; none where it is unusual.
#[inline(always)]
pub(super) fn end<W: Wide>(wide: W, line: &[u8], at: usize) -> Option<(usize, bool)> {
    let first = *line.get(at)?;
    if first == b'"' {
        return text(wide, line, at + 1);
    }
    if first.is_ascii_digit()
        && let Some(window) = line.get(at..)?.first_chunk()
    {
        let digits = wide.digits(window) as usize;
        // Whole numbers of 64 bits are exact. If something else is behind it than the end of a number, no piece fits.
        let fits = digits < 19 || (digits == 19 && first < b'9');
        let is_usual = fits && (first != b'0' || digits == 1);
        if is_usual && line.get(at + digits) != Some(&b'.') {
            return Some((at + digits, false));
        }
    }
    unusual(line, at)
}

/// The end of any scalar but a text.
#[inline(never)]
fn unusual(line: &[u8], at: usize) -> Option<(usize, bool)> {
    let end = match line.get(at)? {
        b't' => word(line, at, b"true"),
        b'f' => word(line, at, b"false"),
        b'n' => word(line, at, b"null"),
        _ => number(line, at),
    };
    Some((end?, false))
}

fn word(line: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let end = at + word.len();
    (line.get(at..end)? == word).then_some(end)
}

/// The end of a text, from behind its opening quote. Many bytes are looked at in one go, because a loop that ends at
/// another place each time costs more.
#[inline(always)]
fn text<W: Wide>(wide: W, line: &[u8], from: usize) -> Option<(usize, bool)> {
    let mut at = from;
    while let Some(window) = line.get(at..)?.first_chunk() {
        let stops = wide.stops(window);
        if stops != 0 {
            let end = at + stops.trailing_zeros() as usize;
            if line.get(end) == Some(&b'"') {
                return Some((end + 1, false));
            }
            break;
        }
        at += WIDTH;
    }
    unusual_text(line, from)
}

/// The same for any text: one with escapes, with letters beyond ASCII, or near the end of the file.
#[inline(never)]
fn unusual_text(line: &[u8], from: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    let mut at = from;
    loop {
        at += memchr::memchr2(b'"', b'\\', line.get(at..)?)?;
        if line.get(at) == Some(&b'"') {
            break;
        }
        escaped = true;
        at = match line.get(at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at + 2,
            b'u' => unicode(line, at)?,
            _ => return None,
        };
    }
    let text = line.get(from..at)?;
    // Control characters are left to the strict reader: with the line end this also finds a text that is not closed.
    let (least, all) = text.iter().fold((u8::MAX, 0), |(least, all), byte| {
        (least.min(*byte), all | *byte)
    });
    let is_good = least >= b' ' && (all < 0x80 || std::str::from_utf8(text).is_ok());
    is_good.then_some((at + 1, escaped))
}

/// The end of a `\u` escape, with its other half where it is half of a pair.
fn unicode(line: &[u8], at: usize) -> Option<usize> {
    let unit = |at: usize| -> Option<u32> {
        let digits = line.get(at + 2..at + 6)?;
        digits.iter().try_fold(0, |number, digit| {
            Some(number * 16 + char::from(*digit).to_digit(16)?)
        })
    };
    match unit(at)? {
        0xd800..=0xdbff => {
            let low =
                line.get(at + 6..at + 8)? == b"\\u" && matches!(unit(at + 6)?, 0xdc00..=0xdfff);
            low.then_some(at + 12)
        }
        0xdc00..=0xdfff => None,
        _ => Some(at + 6),
    }
}

/// The end of a number without an exponent that fits 64 bits.
fn number(line: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| {
        let rest = line.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let first = at + usize::from(line.get(at) == Some(&b'-'));
    let whole = digits(first);
    let length = whole - first;
    if length == 0 || (length > 1 && line.get(first) == Some(&b'0')) {
        return None;
    }
    let end = match line.get(whole) {
        Some(b'.') => {
            let end = digits(whole + 1);
            if end == whole + 1 || length > 18 || end - whole > 40 {
                return None;
            }
            end
        }
        _ => whole,
    };
    if matches!(line.get(end), Some(b'e' | b'E')) {
        return None;
    }
    // Whole numbers of 64 bits are exact.
    let fits =
        length < 19 || (length == 19 && *line.get(first..whole)? <= b"9223372036854775807"[..]);
    fits.then_some(end)
}

/// The scalars of a line that the strict reader took, in the order of the text, keys passed over.
/// None where there are too many, or the line is too long.
pub(in super::super) fn scalars(line: &[u8]) -> Option<Vec<Scalar>> {
    if line.len() > MOST_LINE {
        return None;
    }
    let mut found = Vec::new();
    let mut objects: Vec<bool> = Vec::new();
    // Whether a text is a key now.
    let mut key = false;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b'{' => {
                objects.push(true);
                key = true;
                at += 1;
            }
            b'[' => {
                objects.push(false);
                key = false;
                at += 1;
            }
            b'}' | b']' => {
                objects.pop();
                key = false;
                at += 1;
            }
            b',' => {
                key = objects.last().copied().unwrap_or(false);
                at += 1;
            }
            b':' => {
                key = false;
                at += 1;
            }
            b' ' => at += 1,
            b'"' if key => at = text(Narrow, line, at + 1)?.0,
            _ => {
                let (end, escaped) = end(Narrow, line, at)?;
                if found.len() >= MOST_SCALARS {
                    return None;
                }
                found.push(Scalar::new(at, end, escaped));
                at = end;
            }
        }
    }
    Some(found)
}
