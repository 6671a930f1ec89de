//! Lines of known shape, walked fast and checked whole.
//!
//! A *shape* is the text of a record without its scalars: `{"id":•,"actor":{"type":•}}`. A program writes its records
//! in few shapes, so the shapes of lines that the strict reader took are kept in a tree of the pieces between scalars.
//! A line that follows such pieces to its end, with a proper scalar at every `•`, is JSON, has no key twice, and nests
//! as deep as the line before it did: whatever the strict reader said of that line's grammar holds for this one.
//! Everything that is unusual in a scalar (an exponent, a lone surrogate, a control character) is left to the strict
//! reader too, so that the walk never takes what that reader would refuse.

/// Most pieces that are kept; lines of further shapes are read by the strict reader.
const MOST_PIECES: usize = 16_384;
/// Most bytes of the pieces.
const MOST_BYTES: usize = 4 << 20;
/// Most scalars of a record that is learnt.
pub(super) const MOST_SCALARS: usize = 2_048;

/// A scalar of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scalar {
    /// Its first byte; of a text the quote.
    pub start: u32,
    /// The byte behind it.
    pub end: u32,
    /// Whether it is a text with escapes.
    pub escaped: bool,
}

/// Words of eight bytes in which pieces are compared.
const WORDS: usize = 4;
const HEAD: usize = WORDS * 8;

/// The text between two scalars, and what comes behind it.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Its first bytes: of nearly all pieces these are all.
    head: [u64; WORDS],
    /// The bits of `head` that count.
    mask: [u64; WORDS],
    /// Where it lies in [`Shapes::text`].
    start: u32,
    end: u32,
    then: Then,
}

#[derive(Clone, Copy, Debug)]
enum Then {
    /// A scalar, then the pieces of this place.
    Scalar(u32),
    /// The end of the line, and the number of the shape.
    End(u32),
}

/// The shapes that were seen.
#[derive(Debug)]
pub(super) struct Shapes {
    /// What can follow, by place; the first place is the beginning of a line.
    places: Vec<Vec<Piece>>,
    /// All pieces.
    text: Vec<u8>,
    shapes: u32,
    pieces: usize,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            places: vec![Vec::new()],
            text: Vec::new(),
            shapes: 0,
            pieces: 0,
        }
    }
}

/// The first bytes of a text, zeros behind its end. (Written out, here and below: the loops and adaptors of the
/// library would not be inlined where each part of the crate is compiled for itself.)
#[inline(always)]
fn head(text: &[u8]) -> [u64; WORDS] {
    if let Some(bytes) = text.first_chunk::<HEAD>() {
        return words(bytes);
    }
    let mut padded = [0; HEAD];
    if let Some(begin) = padded.get_mut(..text.len()) {
        begin.copy_from_slice(text);
    }
    words(&padded)
}

#[inline(always)]
fn words(bytes: &[u8; HEAD]) -> [u64; WORDS] {
    match bytes.as_chunks::<8>().0 {
        [a, b, c, d] => [
            u64::from_le_bytes(*a),
            u64::from_le_bytes(*b),
            u64::from_le_bytes(*c),
            u64::from_le_bytes(*d),
        ],
        _ => [0; WORDS],
    }
}

impl Piece {
    /// Whether a text that begins with these bytes cannot begin with this piece.
    #[inline(always)]
    fn differs(&self, begins: [u64; WORDS]) -> bool {
        let [a, b, c, d] = begins;
        let [e, f, g, h] = self.head;
        let [i, j, k, l] = self.mask;
        ((a ^ e) & i) | ((b ^ f) & j) | ((c ^ g) & k) | ((d ^ h) & l) != 0
    }
}

impl Shapes {
    /// The number of the line's shape, and its scalars; none where it has no known shape or is unusual.
    /// The line holds no line end.
    pub fn walk(&mut self, line: &[u8], scalars: &mut Vec<Scalar>) -> Option<u32> {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2")
        {
            // SAFETY: the processor was asked for what the function needs.
            return unsafe { self.walk_wide(line, scalars) };
        }
        self.walk_here(line, scalars)
    }

    /// The same compiled for processors of the last ten years.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    fn walk_wide(&mut self, line: &[u8], scalars: &mut Vec<Scalar>) -> Option<u32> {
        self.walk_here(line, scalars)
    }

    #[inline(always)]
    fn walk_here(&mut self, line: &[u8], scalars: &mut Vec<Scalar>) -> Option<u32> {
        scalars.clear();
        // One pass for all bytes: control characters are left to the strict reader, and text must be UTF-8.
        let (least, all) = line.iter().fold((u8::MAX, 0), |(least, all), byte| {
            (least.min(*byte), all | *byte)
        });
        if least < b' ' || (all >= 0x80 && std::str::from_utf8(line).is_err()) {
            return None;
        }
        let mut place = 0;
        let mut at = 0;
        'line: loop {
            let rest = line.get(at..)?;
            let begins = head(rest);
            let pieces = self.places.get_mut(place)?;
            for n in 0..pieces.len() {
                let piece = pieces.get(n)?;
                // Zeros stand behind a short rest, and no piece has any.
                if piece.differs(begins) {
                    continue;
                }
                let length = (piece.end - piece.start) as usize;
                if length > HEAD {
                    let text = self.text.get(piece.start as usize..piece.end as usize)?;
                    if !rest.starts_with(text) {
                        continue;
                    }
                }
                let from = at + length;
                let then = piece.then;
                match then {
                    Then::End(shape) if from == line.len() => return Some(shape),
                    Then::End(_) => {}
                    Then::Scalar(next) => {
                        // A bracket here is another shape: it belongs to a longer piece.
                        if matches!(line.get(from)?, b'{' | b'[' | b'}' | b']') {
                            continue;
                        }
                        // A piece may be the beginning of another one: white space stands here then.
                        let Some((end, escaped)) = scalar(line, from) else {
                            continue;
                        };
                        scalars.push(Scalar {
                            start: from as u32,
                            end: end as u32,
                            escaped,
                        });
                        // What comes often moves to the front, step by step.
                        if n > 0 {
                            pieces.swap(n - 1, n);
                        }
                        place = next as usize;
                        at = end;
                        continue 'line;
                    }
                }
            }
            return None;
        }
    }

    /// Keeps the shape of a line that the strict reader took, with its scalars. Gives the number of a new shape.
    pub fn learn(&mut self, line: &[u8], scalars: &[Scalar]) -> Option<u32> {
        if scalars.len() > MOST_SCALARS
            || self.pieces + scalars.len() >= MOST_PIECES
            || self.text.len() + line.len() > MOST_BYTES
        {
            return None;
        }
        let mut place = 0;
        let mut at = 0;
        for scalar in scalars {
            let text = line.get(at..scalar.start as usize)?;
            let known = self.find(place, text, |then| matches!(then, Then::Scalar(_)))?;
            place = match known {
                Some(Then::Scalar(next)) => next as usize,
                _ => {
                    let next = self.places.len();
                    self.places.push(Vec::new());
                    self.add(place, text, Then::Scalar(next as u32))?;
                    next
                }
            };
            at = scalar.end as usize;
        }
        let text = line.get(at..)?;
        let known = self.find(place, text, |then| matches!(then, Then::End(_)))?;
        if known.is_some() {
            return None;
        }
        let shape = self.shapes;
        self.shapes += 1;
        self.add(place, text, Then::End(shape))?;
        Some(shape)
    }

    fn find(&self, place: usize, text: &[u8], of: impl Fn(Then) -> bool) -> Option<Option<Then>> {
        let pieces = self.places.get(place)?;
        let found = pieces.iter().find(|piece| {
            let known = self.text.get(piece.start as usize..piece.end as usize);
            of(piece.then) && known == Some(text)
        });
        Some(found.map(|piece| piece.then))
    }

    fn add(&mut self, place: usize, text: &[u8], then: Then) -> Option<()> {
        let start = u32::try_from(self.text.len()).ok()?;
        self.text.extend_from_slice(text);
        self.pieces += 1;
        self.places.get_mut(place)?.push(Piece {
            head: head(text),
            mask: head(&vec![u8::MAX; text.len()]),
            start,
            end: u32::try_from(self.text.len()).ok()?,
            then,
        });
        Some(())
    }
}

/// The end of the scalar that begins at an offset, and whether it has escapes; none where it is unusual.
#[inline(always)]
fn scalar(line: &[u8], at: usize) -> Option<(usize, bool)> {
    let first = *line.get(at)?;
    if first == b'"' {
        return text(line, at + 1);
    }
    match first {
        b't' => word(line, at, b"true"),
        b'f' => word(line, at, b"false"),
        b'n' => word(line, at, b"null"),
        _ => number(line, at).map(|end| (end, false)),
    }
}

fn word(line: &[u8], at: usize, word: &[u8]) -> Option<(usize, bool)> {
    let end = at + word.len();
    (line.get(at..end)? == word).then_some((end, false))
}

/// The end of a text, from behind its opening quote.
#[inline(always)]
fn text(line: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        let rest = line.get(at..)?;
        at += quote_or_backslash(rest)?;
        if line.get(at) == Some(&b'"') {
            return Some((at + 1, escaped));
        }
        escaped = true;
        at = match line.get(at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at + 2,
            b'u' => unicode(line, at)?,
            _ => return None,
        };
    }
}

/// Texts are short as a rule: a few bytes at a time, and a search for long texts behind them.
#[inline(always)]
fn quote_or_backslash(rest: &[u8]) -> Option<usize> {
    const SOON: usize = 32;
    let (blocks, _) = rest.as_chunks::<16>();
    for (n, block) in blocks.iter().take(SOON).enumerate() {
        let found = quotes_and_backslashes(block);
        if found != 0 {
            return Some(n * 16 + found.trailing_zeros() as usize);
        }
    }
    let done = blocks.len().min(SOON) * 16;
    Some(done + memchr::memchr2(b'"', b'\\', rest.get(done..)?)?)
}

/// A bit for each quote and backslash.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn quotes_and_backslashes(block: &[u8; 16]) -> u32 {
    use std::arch::x86_64 as sse;
    let whole = u128::from_le_bytes(*block);
    // SAFETY: these work on values, and SSE2 is part of every x86-64 processor.
    unsafe {
        let bytes = sse::_mm_set_epi64x((whole >> 64) as i64, whole as i64);
        let quotes = sse::_mm_cmpeq_epi8(bytes, sse::_mm_set1_epi8(b'"' as i8));
        let backslashes = sse::_mm_cmpeq_epi8(bytes, sse::_mm_set1_epi8(b'\\' as i8));
        sse::_mm_movemask_epi8(sse::_mm_or_si128(quotes, backslashes)) as u32
    }
}

/// A bit for each quote and backslash.
#[cfg(not(target_arch = "x86_64"))]
fn quotes_and_backslashes(block: &[u8; 16]) -> u32 {
    let bytes = block.iter().enumerate();
    bytes.fold(0, |bits, (n, byte)| {
        bits | u32::from(matches!(byte, b'"' | b'\\')) << n
    })
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
#[inline(always)]
fn number(line: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| -> usize {
        let rest = line.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|b| b.is_ascii_digit()).count()
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
/// None where there are too many.
pub(super) fn scalars(line: &[u8]) -> Option<Vec<Scalar>> {
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
            b'"' if key => at = text(line, at + 1)?.0,
            _ => {
                let (end, escaped) = scalar(line, at)?;
                if found.len() >= MOST_SCALARS {
                    return None;
                }
                found.push(Scalar {
                    start: u32::try_from(at).ok()?,
                    end: u32::try_from(end).ok()?,
                    escaped,
                });
                at = end;
            }
        }
    }
    Some(found)
}
