//! Where many pieces can follow, a table finds the likely one.
//!
//! What follows an audit event's actor is the member of its type, `"api_key.created":{…`, of which there are a hundred:
//! they begin alike and differ soon after. Of an object whose keys are identifiers there may be thousands. However many
//! there are, few are tried: a piece that would be one too many is not found again, and its lines are read strictly.

use super::Piece;

/// With fewer pieces a search is as fast.
const FEWEST: usize = 5;
/// Bytes that are looked at.
const WIDTH: usize = 16;
/// The first piece is tried then.
const EMPTY: u16 = 0;
/// Most pieces that look alike to the table, and most that are too short for it: each of them is tried.
pub(super) const MOST_ALIKE: usize = 32;

/// Pieces by sixteen of their bytes, those behind the beginning that they share.
#[derive(Debug)]
pub(super) struct Index {
    from: usize,
    /// A number of slots that is a power of two; in each the first of its pieces. The very first piece is in none.
    slots: Box<[u16]>,
    /// By piece: the next one of the same slot.
    next: Vec<u16>,
    /// Those without so many bytes.
    short: Vec<u16>,
    /// The first that has so many.
    first: usize,
}

impl Index {
    /// A table of pieces; none where it would not help.
    pub fn of(pieces: &[Piece], text: &[u8]) -> Option<Self> {
        if pieces.len() < FEWEST || pieces.len() > usize::from(u16::MAX) {
            return None;
        }
        let texts = || {
            pieces
                .iter()
                .map(move |piece| piece.of(text).unwrap_or_default())
        };
        let number = texts().position(|text| text.len() >= WIDTH)?;
        let first = texts().nth(number)?;
        let shared = |other: &[u8]| first.iter().zip(other).take_while(|(a, b)| a == b).count();
        let long = texts().filter(|text| text.len() >= WIDTH);
        let from = long.map(shared).min()?.min(first.len() - WIDTH);
        let mut index = Self {
            from,
            slots: vec![EMPTY; (pieces.len() * 4).next_power_of_two()].into_boxed_slice(),
            next: Vec::with_capacity(pieces.len()),
            short: Vec::new(),
            first: number,
        };
        texts().for_each(|text| index.put(text));
        Some(index)
    }

    /// Adds the last of the pieces; false where the table has to be made anew.
    pub fn add(&mut self, pieces: &[Piece], text: &[u8]) -> bool {
        let of = |piece: Option<&Piece>| piece.and_then(|piece| piece.of(text));
        let (Some(first), Some(last)) = (of(pieces.get(self.first)), of(pieces.last())) else {
            return false;
        };
        if pieces.len() * 4 > self.slots.len()
            || pieces.len() != self.next.len() + 1
            || (last.len() >= WIDTH && last.get(..self.from) != first.get(..self.from))
        {
            return false;
        }
        self.put(last);
        true
    }

    /// Adds the text of the next piece.
    fn put(&mut self, text: &[u8]) {
        let number = self.next.len();
        self.next.push(EMPTY);
        // The first piece is always tried.
        if number == usize::from(EMPTY) {
            return;
        }
        let number = number as u16;
        let Some(place) = place(text, self.from, self.slots.len()) else {
            if self.short.len() < MOST_ALIKE {
                self.short.push(number);
            }
            return;
        };
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        if *slot == EMPTY {
            *slot = number;
            return;
        }
        // Behind those of the same slot: of two with the same bytes the first is found first.
        let mut last = usize::from(*slot);
        for _ in 1..MOST_ALIKE {
            match self.next.get_mut(last) {
                Some(next) if *next == EMPTY => {
                    *next = number;
                    return;
                }
                Some(next) => last = usize::from(*next),
                None => return,
            }
        }
    }

    /// The number of the piece that a text probably begins with.
    #[inline(always)]
    pub fn find(&self, text: &[u8]) -> usize {
        let place = place(text, self.from, self.slots.len());
        let slot = place.and_then(|place| self.slots.get(place));
        slot.map_or(usize::from(EMPTY), |slot| usize::from(*slot))
    }

    /// The first that fits of all that a text may begin with.
    pub fn search<T>(&self, text: &[u8], mut fits: impl FnMut(usize) -> Option<T>) -> Option<T> {
        let mut number = self.find(text);
        while number != usize::from(EMPTY) {
            if let Some(found) = fits(number) {
                return Some(found);
            }
            number = self.next.get(number).copied().map_or(0, usize::from);
        }
        if let Some(found) = fits(usize::from(EMPTY)) {
            return Some(found);
        }
        let mut n = 0;
        while let Some(number) = self.short.get(n) {
            if let Some(found) = fits(usize::from(*number)) {
                return Some(found);
            }
            n += 1;
        }
        None
    }

    /// Whether a piece of this text would be found.
    pub fn has_room(&self, text: &[u8]) -> bool {
        if place(text, self.from, self.slots.len()).is_none() {
            return self.short.len() < MOST_ALIKE;
        }
        let mut alike = 0;
        let mut number = self.find(text);
        while number != usize::from(EMPTY) {
            alike += 1;
            number = self.next.get(number).copied().map_or(0, usize::from);
        }
        alike < MOST_ALIKE
    }
}

/// The slot of a text in a table of so many; none where it is too short.
#[inline(always)]
fn place(text: &[u8], from: usize, slots: usize) -> Option<usize> {
    let bytes: &[u8; WIDTH] = text.get(from..)?.first_chunk()?;
    let bytes = u128::from_le_bytes(*bytes);
    let mixed = ((bytes as u64) ^ ((bytes >> 64) as u64).rotate_left(29))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Some((mixed >> 40) as usize & (slots - 1))
}
