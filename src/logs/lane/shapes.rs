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
mod scalar;
mod wide;

use index::{Index, MOST_ALIKE};
use runs::Practice;
pub(super) use scalar::{Found, Scalar, scalars};
use wide::{Narrow, WIDTH, Wide, Window};

/// Most pieces that are kept; lines of further shapes are read by the strict reader.
const MOST_PIECES: usize = 16_384;
/// Most bytes of the pieces.
const MOST_BYTES: usize = 4 << 20;
/// Most bytes of a line that is walked.
pub(super) const MOST_LINE: usize = 64 << 10;
/// Most scalars of a record that is learnt.
const MOST_SCALARS: usize = 2_048;

/// The text between two scalars, and what comes behind it. Of a [run](runs) there are scalars within it, too.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Piece {
    /// Its first bytes, zeros behind its end: of most pieces these are all.
    head: Window,
    /// Where it lies in [`Shapes::text`].
    start: u32,
    behind: Behind,
}

/// What the walk goes on with behind a piece that fits.
#[derive(Clone, Copy, Debug)]
struct Behind {
    /// Bytes of the piece.
    length: u32,
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
    /// The first of them again, which is nearly always the one that comes; none where there is a table.
    first: Option<Piece>,
    pieces: Vec<Piece>,
    index: Option<Index>,
    /// How many runs were laid here.
    runs: u8,
    /// How many pieces of the table were tried where the likely one did not fit.
    #[cfg(test)]
    tried: usize,
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
    #[cfg(target_arch = "x86_64")]
    wide: Option<wide::Avx2>,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            places: vec![Place::default()],
            text: Vec::new(),
            within: Vec::new(),
            practice: Vec::new(),
            pieces: 0,
            #[cfg(target_arch = "x86_64")]
            wide: wide::Avx2::detect(),
        }
    }
}

impl Piece {
    /// Whether no scalar is within it.
    #[inline(always)]
    fn is_plain(&self) -> bool {
        self.behind.within.0 == self.behind.within.1
    }

    /// Its text.
    fn of<'t>(&self, pieces: &'t [u8]) -> Option<&'t [u8]> {
        let start = self.start as usize;
        pieces.get(start..start + self.behind.length as usize)
    }

    /// Where the scalar behind it ends, or else the line, and whether the scalar has escapes; none where the line has
    /// another piece at this offset.
    #[inline(always)]
    fn fits<W: Wide>(
        &self,
        wide: W,
        begins: &Window,
        pieces: &[u8],
        text: &[u8],
        at: usize,
    ) -> Option<(usize, bool)> {
        let length = self.behind.length as usize;
        // Zeros stand behind a short rest, and no piece has any.
        if !wide.begins(begins, &self.head, length) {
            return None;
        }
        let from = at + length;
        if length > WIDTH && !wide.same(self.of(pieces)?, text.get(at..from)?) {
            return None;
        }
        match self.behind.then {
            // A bracket is no scalar: here is another shape, and it belongs to a longer piece. Nor is white space,
            // which stands here where this piece is the beginning of another one.
            Then::Scalar(_) => scalar::end(wide, text, from),
            Then::End(_) => match text.get(from..)? {
                [] | [b'\n', ..] | [b'\r', b'\n', ..] => Some((from, false)),
                _ => None,
            },
        }
    }
}

impl Place {
    /// The piece that comes here nearly always, or that a table of many finds.
    #[inline(always)]
    fn likely(&self, rest: &[u8]) -> Option<&Piece> {
        match &self.first {
            Some(first) => Some(first),
            None => self.pieces.get(self.index.as_ref()?.find(rest)),
        }
    }

    /// After its pieces were changed.
    fn settle(&mut self, pieces: &[u8]) {
        self.index = Index::of(&self.pieces, pieces);
        let is_first = self.index.is_none();
        self.first = self.pieces.first().copied().filter(|_| is_first);
    }

    /// After a piece was added behind the others.
    fn grown(&mut self, pieces: &[u8]) {
        let index = self.index.as_mut();
        if !index.is_some_and(|index| index.add(&self.pieces, pieces)) {
            self.settle(pieces);
        }
    }

    /// Whether a piece of this text would be found here.
    fn has_room(&self, text: &[u8]) -> bool {
        match &self.index {
            Some(index) => index.has_room(text),
            None => self.pieces.len() < MOST_ALIKE,
        }
    }

    /// The piece that fits of those that a table finds. Not for every processor: it is needed too rarely.
    #[inline(never)]
    fn search_table(
        &mut self,
        begins: &Window,
        pieces: &[u8],
        text: &[u8],
        at: usize,
    ) -> Option<(Behind, usize, bool)> {
        let all = &self.pieces;
        let rest = text.get(at..)?;
        self.index.as_ref()?.search(rest, |n| {
            #[cfg(test)]
            {
                self.tried += 1;
            }
            let piece = all.get(n)?;
            if !rest.starts_with(piece.of(pieces)?) {
                return None;
            }
            let (end, escaped) = piece.fits(Narrow, begins, pieces, text, at)?;
            Some((piece.behind, end, escaped))
        })
    }

    /// The piece that fits where the likely one does not.
    #[inline(always)]
    fn search<W: Wide>(
        &mut self,
        wide: W,
        begins: &Window,
        pieces: &[u8],
        text: &[u8],
        at: usize,
    ) -> Option<(Behind, usize, bool)> {
        if self.index.is_some() {
            return self.search_table(begins, pieces, text, at);
        }
        let mut n = 0;
        let (behind, end, escaped) = loop {
            let piece = self.pieces.get(n)?;
            if let Some((end, escaped)) = piece.fits(wide, begins, pieces, text, at) {
                break (piece.behind, end, escaped);
            }
            n += 1;
        };
        // What comes often moves to the front, step by step; but runs stand before the plain pieces, which would
        // always fit as well.
        if n > 0
            && let (Some(before), Some(piece)) = (self.pieces.get(n - 1), self.pieces.get(n))
            && before.is_plain() == piece.is_plain()
        {
            self.pieces.swap(n - 1, n);
            self.first = self.pieces.first().copied();
        }
        Some((behind, end, escaped))
    }
}

impl Shapes {
    /// The number of the shape of the line that a text begins with, and how long it is without its end; none where it
    /// has no known shape or is unusual.
    pub fn walk(&mut self, text: &[u8], found: &mut Found) -> Option<(u32, usize)> {
        #[cfg(target_arch = "x86_64")]
        if let Some(wide) = self.wide {
            // SAFETY: that there is a `wide` says that the processor was asked for what the function needs.
            return unsafe { self.walk_wide(wide, text, found) };
        }
        self.walk_here(Narrow, text, found)
    }

    /// The same compiled for processors of the last ten years.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    fn walk_wide(
        &mut self,
        wide: wide::Avx2,
        text: &[u8],
        found: &mut Found,
    ) -> Option<(u32, usize)> {
        self.walk_here(wide, text, found)
    }

    #[inline(always)]
    fn walk_here<W: Wide>(
        &mut self,
        wide: W,
        text: &[u8],
        found: &mut Found,
    ) -> Option<(u32, usize)> {
        // Behind a line stands its end, and that of a longer one is of no interest.
        let text = text.get(..MOST_LINE + 2).unwrap_or(text);
        let places = &mut *self.places;
        let (pieces, all_within) = (&*self.text, &*self.within);
        let mut slots = found.slots();
        let mut place = 0;
        let mut at = 0;
        let (shape, end) = loop {
            let rest = text.get(at..)?;
            let padded;
            let begins = match rest.first_chunk() {
                Some(begins) => begins,
                None => {
                    padded = wide::padded(rest);
                    &padded
                }
            };
            let here = places.get_mut(place)?;
            let piece = here.likely(rest)?;
            let (
                Behind {
                    length,
                    within,
                    then,
                },
                end,
                escaped,
            ) = match piece.fits(wide, begins, pieces, text, at) {
                Some((end, escaped)) => (piece.behind, end, escaped),
                None => here.search(wide, begins, pieces, text, at)?,
            };
            if within.0 < within.1 {
                let within = within.0 as usize..within.1 as usize;
                slots.extend(all_within.get(within)?, at)?;
            }
            match then {
                Then::Scalar(next) => {
                    slots.push(Scalar::new(at + length as usize, end, escaped))?;
                    place = next as usize;
                    at = end;
                }
                Then::End(shape) => break (shape, end),
            }
        };
        found.count = slots.count();
        if let Some(Some(_)) = self.practice.get(shape as usize) {
            self.practise(shape, text, found);
        }
        (end <= MOST_LINE).then_some((shape, end))
    }

    /// From now on only what every processor can do.
    #[cfg(test)]
    pub fn narrow(&mut self) {
        #[cfg(target_arch = "x86_64")]
        {
            self.wide = None;
        }
    }

    /// How many pieces of tables were tried.
    #[cfg(test)]
    pub fn tried(&self) -> usize {
        self.places.iter().map(|place| place.tried).sum()
    }

    /// Keeps the shape of a line that the strict reader took, with its scalars. Gives the number of a new shape.
    pub fn learn(&mut self, line: &[u8], scalars: &[Scalar]) -> Option<u32> {
        if scalars.len() > MOST_SCALARS
            || line.len() > MOST_LINE
            || self.pieces + scalars.len() >= MOST_PIECES
            || self.text.len() + line.len() > MOST_BYTES
        {
            return None;
        }
        let mut place = 0;
        let mut at = 0;
        let mut path = Vec::with_capacity(scalars.len() + 1);
        for scalar in scalars {
            let text = line.get(at..scalar.start())?;
            let known = self.find(place, text, |then| matches!(then, Then::Scalar(_)))?;
            path.push(place);
            place = match known {
                Some(Then::Scalar(next)) => next as usize,
                _ => {
                    let next = self.places.len();
                    self.add(place, text, &[], Then::Scalar(next as u32))?;
                    self.places.push(Place::default());
                    next
                }
            };
            at = scalar.end();
        }
        path.push(place);
        let text = line.get(at..)?;
        let known = self.find(place, text, |then| matches!(then, Then::End(_)))?;
        if known.is_some() {
            return None;
        }
        let shape = u32::try_from(self.practice.len()).ok()?;
        self.add(place, text, &[], Then::End(shape))?;
        let practice = Practice::new(line, scalars, path);
        self.practice.push(Some(Box::new(practice)));
        Some(shape)
    }

    /// The plain piece of a text at a place.
    fn find(&self, place: usize, text: &[u8], of: impl Fn(Then) -> bool) -> Option<Option<Then>> {
        let place = self.places.get(place)?;
        let is_it = |piece: &&Piece| {
            piece.is_plain() && of(piece.behind.then) && piece.of(&self.text) == Some(text)
        };
        let found = match &place.index {
            Some(index) => index.search(text, |n| place.pieces.get(n).filter(is_it)),
            None => place.pieces.iter().find(is_it),
        };
        Some(found.map(|piece| piece.behind.then))
    }

    /// Adds a piece, with the scalars within it; none where it would not be found.
    fn add(&mut self, place: usize, text: &[u8], within: &[Scalar], then: Then) -> Option<()> {
        if !self.places.get(place)?.has_room(text) {
            return None;
        }
        let start = u32::try_from(self.text.len()).ok()?;
        let first = u32::try_from(self.within.len()).ok()?;
        self.text.extend_from_slice(text);
        self.within.extend_from_slice(within);
        self.pieces += 1;
        let piece = Piece {
            head: text
                .first_chunk()
                .copied()
                .unwrap_or_else(|| wide::padded(text)),
            start,
            behind: Behind {
                length: u32::try_from(text.len()).ok()?,
                within: (first, u32::try_from(self.within.len()).ok()?),
                then,
            },
        };
        let place = self.places.get_mut(place)?;
        place.pieces.push(piece);
        place.grown(&self.text);
        Some(())
    }
}
