//! Where many pieces can follow, a table finds the likely one.
//!
//! What follows an audit event's actor is the member of its type, `"api_key.created":{…`, of which there are a hundred:
//! they begin alike and differ soon after.

use super::Piece;

/// With fewer pieces a search is as fast.
const FEWEST: usize = 5;
/// Bytes that are looked at.
const WIDTH: usize = 16;
/// The first piece is tried then.
const EMPTY: u16 = 0;

/// Pieces by sixteen of their bytes, those behind the beginning that they share.
#[derive(Debug)]
pub(super) struct Index {
    from: usize,
    /// A number of pieces that is a power of two.
    slots: Box<[u16]>,
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
        let first = texts().find(|text| text.len() >= WIDTH)?;
        let shared = |other: &[u8]| first.iter().zip(other).take_while(|(a, b)| a == b).count();
        let long = texts().filter(|text| text.len() >= WIDTH);
        let from = long.map(shared).min()?.min(first.len() - WIDTH);
        let mut slots = vec![EMPTY; (pieces.len() * 4).next_power_of_two()].into_boxed_slice();
        for (n, text) in texts().enumerate() {
            let Some(place) = place(text, from, slots.len()) else {
                continue;
            };
            // Of two with the same bytes the first is found, and the search goes on from there.
            if let Some(slot) = slots.get_mut(place).filter(|slot| **slot == EMPTY) {
                *slot = n as u16;
            }
        }
        Some(Self { from, slots })
    }

    /// The number of the piece that a text probably begins with.
    #[inline(always)]
    pub fn find(&self, text: &[u8]) -> usize {
        let place = place(text, self.from, self.slots.len());
        let slot = place.and_then(|place| self.slots.get(place));
        slot.map_or(usize::from(EMPTY), |slot| usize::from(*slot))
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
