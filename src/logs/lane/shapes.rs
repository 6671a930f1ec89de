//! Lines of known shape, walked fast and checked whole.
//!
//! A *shape* is the text of a record without its scalars: `{"id":•,"actor":{"type":•}}`. A program writes its records
//! in few shapes, so the shapes of lines that the strict reader took are kept in a tree of the pieces between scalars.
//! A line that follows such pieces to its end, with a proper scalar at every `•`, is JSON, has no key twice, and nests
//! as deep as the line before it did: whatever the strict reader said of that line's grammar holds for this one.
//! Everything that is unusual in a scalar (an exponent, a lone surrogate, a control character) is left to the strict
//! reader too, so that the walk never takes what that reader would refuse.

mod index;
mod runs;

use index::Index;
use runs::Practice;

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

impl Scalar {
    /// Its text.
    fn of<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        line.get(self.start as usize..self.end as usize)
    }

    /// The same, so many bytes further on.
    #[inline(always)]
    fn behind(self, by: u32) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
            ..self
        }
    }
}

/// Words of eight bytes in which pieces are compared.
const WORDS: usize = 4;
const HEAD: usize = WORDS * 8;

/// The text between two scalars, and what comes behind it. Of a [run](runs) there are scalars within it, too.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Its first bytes: of most pieces these are all.
    head: [u64; WORDS],
    /// The bits of `head` that count.
    mask: [u64; WORDS],
    /// Where it lies in [`Shapes::text`].
    start: u32,
    end: u32,
    /// The scalars within it, a range of [`Shapes::within`].
    within: (u32, u32),
    then: Then,
}

#[derive(Clone, Copy, Debug)]
enum Then {
    /// A scalar, then the pieces of this place.
    Scalar(u32),
    /// The end of the line, and the number of the shape.
    End(u32),
}

/// What can follow a scalar, or begin a line.
#[derive(Debug, Default)]
struct Place {
    pieces: Vec<Piece>,
    index: Option<Index>,
    /// How many runs were laid here.
    runs: u8,
}

/// The shapes that were seen.
#[derive(Debug)]
pub(super) struct Shapes {
    /// The first place is the beginning of a line.
    places: Vec<Place>,
    /// All pieces.
    text: Vec<u8>,
    /// The scalars within runs, from the beginning of the run.
    within: Vec<Scalar>,
    /// By shape, until its runs are laid.
    practice: Vec<Option<Box<Practice>>>,
    pieces: usize,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            places: vec![Place::default()],
            text: Vec::new(),
            within: Vec::new(),
            practice: Vec::new(),
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
    /// Whether no scalar is within it.
    #[inline(always)]
    fn is_plain(&self) -> bool {
        self.within.0 == self.within.1
    }

    /// Where the scalar behind it ends, or else the line, and whether the scalar has escapes; none where the line has
    /// another piece at this offset.
    #[inline(always)]
    fn fits(
        &self,
        begins: [u64; WORDS],
        pieces: &[u8],
        line: &[u8],
        at: usize,
    ) -> Option<(usize, bool)> {
        // Zeros stand behind a short rest, and no piece has any.
        if self.differs(begins) {
            return None;
        }
        let length = (self.end - self.start) as usize;
        let from = at + length;
        if length > HEAD
            && line.get(at..from)? != pieces.get(self.start as usize..self.end as usize)?
        {
            return None;
        }
        match self.then {
            // A bracket is no scalar: here is another shape, and it belongs to a longer piece. Nor is white space,
            // which stands here where this piece is the beginning of another one.
            Then::Scalar(_) => scalar(line, from),
            Then::End(_) => (from == line.len()).then_some((from, false)),
        }
    }

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
        loop {
            let rest = line.get(at..)?;
            let begins = head(rest);
            let here = self.places.get(place)?;
            let likely = match &here.index {
                Some(index) => index.find(rest),
                None => 0,
            };
            let piece = here.pieces.get(likely)?;
            let (piece, end, escaped) = match piece.fits(begins, &self.text, line, at) {
                Some((end, escaped)) => (piece, end, escaped),
                None => {
                    let (found, end, escaped) = self.search(place, begins, line, at)?;
                    (self.places.get(place)?.pieces.get(found)?, end, escaped)
                }
            };
            if !piece.is_plain() {
                let within = piece.within.0 as usize..piece.within.1 as usize;
                for scalar in self.within.get(within)? {
                    scalars.push(scalar.behind(at as u32));
                }
            }
            match piece.then {
                Then::Scalar(next) => {
                    scalars.push(Scalar {
                        start: at as u32 + (piece.end - piece.start),
                        end: end as u32,
                        escaped,
                    });
                    place = next as usize;
                    at = end;
                }
                Then::End(shape) => {
                    if let Some(Some(_)) = self.practice.get(shape as usize) {
                        self.practise(shape, line, scalars);
                    }
                    return Some(shape);
                }
            }
        }
    }

    /// The number of the piece that fits at a place, where the likeliest one does not.
    #[inline(always)]
    fn search(
        &mut self,
        place: usize,
        begins: [u64; WORDS],
        line: &[u8],
        at: usize,
    ) -> Option<(usize, usize, bool)> {
        let here = self.places.get_mut(place)?;
        for n in 0..here.pieces.len() {
            let piece = here.pieces.get(n)?;
            let Some((end, escaped)) = piece.fits(begins, &self.text, line, at) else {
                continue;
            };
            // What comes often moves to the front, step by step; but runs stand before the plain pieces, which
            // would always fit as well.
            let mut found = n;
            if n > 0 && here.index.is_none() {
                let plain = piece.is_plain();
                let before = here.pieces.get(n - 1);
                if before.is_some_and(|before| before.is_plain() == plain) {
                    here.pieces.swap(n - 1, n);
                    found = n - 1;
                }
            }
            return Some((found, end, escaped));
        }
        None
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
        let mut path = Vec::with_capacity(scalars.len() + 1);
        for scalar in scalars {
            let text = line.get(at..scalar.start as usize)?;
            let known = self.find(place, text, |then| matches!(then, Then::Scalar(_)))?;
            path.push(place);
            place = match known {
                Some(Then::Scalar(next)) => next as usize,
                _ => {
                    let next = self.places.len();
                    self.places.push(Place::default());
                    self.add(place, text, &[], Then::Scalar(next as u32))?;
                    next
                }
            };
            at = scalar.end as usize;
        }
        path.push(place);
        let text = line.get(at..)?;
        let known = self.find(place, text, |then| matches!(then, Then::End(_)))?;
        if known.is_some() {
            return None;
        }
        let shape = u32::try_from(self.practice.len()).ok()?;
        let practice = Practice::new(line, scalars, path);
        self.practice.push(Some(Box::new(practice)));
        self.add(place, text, &[], Then::End(shape))?;
        Some(shape)
    }

    /// The plain piece of a text at a place.
    fn find(&self, place: usize, text: &[u8], of: impl Fn(Then) -> bool) -> Option<Option<Then>> {
        let pieces = &self.places.get(place)?.pieces;
        let found = pieces.iter().find(|piece| {
            let known = self.text.get(piece.start as usize..piece.end as usize);
            piece.is_plain() && of(piece.then) && known == Some(text)
        });
        Some(found.map(|piece| piece.then))
    }

    /// Adds a piece, with the scalars within it.
    fn add(&mut self, place: usize, text: &[u8], within: &[Scalar], then: Then) -> Option<()> {
        let start = u32::try_from(self.text.len()).ok()?;
        let first = u32::try_from(self.within.len()).ok()?;
        self.text.extend_from_slice(text);
        self.within.extend_from_slice(within);
        self.pieces += 1;
        let piece = Piece {
            head: head(text),
            mask: head(&vec![u8::MAX; text.len()]),
            start,
            end: u32::try_from(self.text.len()).ok()?,
            within: (first, u32::try_from(self.within.len()).ok()?),
            then,
        };
        let place = self.places.get_mut(place)?;
        place.pieces.push(piece);
        place.index = Index::of(&place.pieces, &self.text);
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

/// Where the next quote or backslash stands. Texts are short as a rule: many bytes are looked at in one go, because a
/// loop that ends at another place each time costs more.
#[inline(always)]
fn quote_or_backslash(rest: &[u8]) -> Option<usize> {
    if let Some(window) = rest.first_chunk::<64>() {
        let found = marks(window, b'"', b'\\');
        if found != 0 {
            return Some(found.trailing_zeros() as usize);
        }
    }
    far_quote_or_backslash(rest)
}

/// The same for a long text, or one near the end of the line.
fn far_quote_or_backslash(rest: &[u8]) -> Option<usize> {
    memchr::memchr2(b'"', b'\\', rest)
}

/// A bit for each byte that is one of two.
#[inline(always)]
fn marks(window: &[u8; 64], a: u8, b: u8) -> u64 {
    let (blocks, _) = window.as_chunks::<16>();
    let mut found = 0;
    for (n, block) in blocks.iter().enumerate() {
        found |= u64::from(marks16(block, a, b)) << (16 * n);
    }
    found
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn marks16(block: &[u8; 16], a: u8, b: u8) -> u16 {
    use std::arch::x86_64 as sse;
    let whole = u128::from_le_bytes(*block);
    // SAFETY: these work on values, and SSE2 is part of every x86-64 processor.
    unsafe {
        let bytes = sse::_mm_set_epi64x((whole >> 64) as i64, whole as i64);
        let one = sse::_mm_cmpeq_epi8(bytes, sse::_mm_set1_epi8(a as i8));
        let other = sse::_mm_cmpeq_epi8(bytes, sse::_mm_set1_epi8(b as i8));
        sse::_mm_movemask_epi8(sse::_mm_or_si128(one, other)) as u16
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn marks16(block: &[u8; 16], a: u8, b: u8) -> u16 {
    let bytes = block.iter().enumerate();
    bytes.fold(0, |bits, (n, byte)| {
        bits | u16::from(*byte == a || *byte == b) << n
    })
}

/// How many digits a text begins with.
#[inline(always)]
fn digits(text: &[u8]) -> usize {
    if let Some(window) = text.first_chunk::<16>() {
        let found = not_digits(window);
        if found != 0 {
            return found.trailing_zeros() as usize;
        }
    }
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

/// A bit for each byte that is no digit.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn not_digits(block: &[u8; 16]) -> u16 {
    use std::arch::x86_64 as sse;
    let whole = u128::from_le_bytes(*block);
    // SAFETY: as above. From a digit 0 to 9 is left, and 10 less saturates to nothing.
    unsafe {
        let bytes = sse::_mm_set_epi64x((whole >> 64) as i64, whole as i64);
        let from_nought = sse::_mm_sub_epi8(bytes, sse::_mm_set1_epi8(b'0' as i8));
        let over = sse::_mm_subs_epu8(from_nought, sse::_mm_set1_epi8(9));
        let digit = sse::_mm_cmpeq_epi8(over, sse::_mm_setzero_si128());
        !(sse::_mm_movemask_epi8(digit) as u16)
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn not_digits(block: &[u8; 16]) -> u16 {
    let bytes = block.iter().enumerate();
    bytes.fold(0, |bits, (n, byte)| {
        bits | u16::from(!byte.is_ascii_digit()) << n
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
    let digits = |from: usize| from + digits(line.get(from..).unwrap_or_default());
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
