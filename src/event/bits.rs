//! The signs of JSON in many bytes at once, as bits.

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;

/// So many bytes.
pub(super) type Block = [u8; BLOCK];

/// Where the signs stand in a block, but for those inside strings: bit n is byte n.
pub(super) struct Marks {
    /// Opening braces and brackets.
    pub opens: u64,
    /// Closing ones.
    pub closes: u64,
    pub commas: u64,
}

/// What makes a bracket a brace: the same bit in both.
const BRACE: u8 = 0x20;

impl Marks {
    /// Of a block of text without backslashes. Whether it begins inside a string is given, and whether it ends in one
    /// is what is left there.
    pub fn of(block: &Block, inside: &mut bool) -> Self {
        let mut quoted = equal(block, b'"', 0);
        // Each bit becomes whether the quotes up to it are odd.
        for shift in [1, 2, 4, 8, 16, 32] {
            quoted ^= quoted << shift;
        }
        if *inside {
            quoted = !quoted;
        }
        *inside = quoted >> (BLOCK - 1) == 1;
        Self {
            opens: equal(block, b'{', BRACE) & !quoted,
            closes: equal(block, b'}', BRACE) & !quoted,
            commas: equal(block, b',', 0) & !quoted,
        }
    }
}

/// A bit for each byte that is a given one once some bits are set in it.
#[cfg(target_arch = "x86_64")]
fn equal(block: &Block, byte: u8, set: u8) -> u64 {
    use std::arch::x86_64 as sse;
    let (parts, _) = block.as_chunks::<16>();
    let mut bits = 0;
    for (n, part) in parts.iter().enumerate() {
        // SAFETY: sixteen bytes are read that need no alignment; every processor of this kind has SSE2.
        let found = unsafe {
            let part = sse::_mm_loadu_si128(part.as_ptr().cast());
            let part = sse::_mm_or_si128(part, sse::_mm_set1_epi8(set as i8));
            sse::_mm_movemask_epi8(sse::_mm_cmpeq_epi8(part, sse::_mm_set1_epi8(byte as i8)))
        };
        bits |= u64::from(found as u32) << (16 * n);
    }
    bits
}

/// A bit for each byte that is a given one once some bits are set in it.
#[cfg(not(target_arch = "x86_64"))]
fn equal(block: &Block, byte: u8, set: u8) -> u64 {
    let bits = block.iter().enumerate();
    bits.fold(0, |bits, (n, b)| bits | u64::from(b | set == byte) << n)
}
