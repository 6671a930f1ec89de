//! Many bytes at once.

/// So many.
pub(super) const WIDTH: usize = 32;

/// So many bytes.
pub(super) type Window = [u8; WIDTH];

/// The first bytes of a short text, zeros behind its end.
pub(super) fn padded(text: &[u8]) -> Window {
    let mut padded = [0; WIDTH];
    for (slot, byte) in padded.iter_mut().zip(text) {
        *slot = *byte;
    }
    padded
}

/// What a processor does with many bytes at once. (Everything here is written out, without the adaptors of the
/// library: they would not be inlined where each part of the crate is compiled for itself.)
pub(super) trait Wide: Copy {
    /// Whether two windows have so many first bytes in common, or all of them where it is more.
    fn begins(self, a: &Window, b: &Window, length: usize) -> bool;

    /// A bit for each byte that is a quote, a backslash, a control character or no ASCII.
    fn stops(self, window: &Window) -> u32;

    /// How many digits a window begins with.
    fn digits(self, window: &Window) -> u32;

    /// Whether two texts of the same length that begin with the same window are the same.
    #[inline(always)]
    fn same(self, a: &[u8], b: &[u8]) -> bool {
        let (blocks, _) = a.as_chunks::<WIDTH>();
        let (others, _) = b.as_chunks::<WIDTH>();
        // The first ones were compared.
        let mut n = 1;
        while let (Some(one), Some(other)) = (blocks.get(n), others.get(n)) {
            if !self.begins(one, other, WIDTH) {
                return false;
            }
            n += 1;
        }
        match (a.last_chunk(), b.last_chunk()) {
            (Some(one), Some(other)) => self.begins(one, other, WIDTH),
            _ => false,
        }
    }
}

/// Windows whose first bytes are all ones, by how many they are.
static ONES: [Window; WIDTH + 1] = {
    let mut ones = [[0; WIDTH]; WIDTH + 1];
    let mut length = 0;
    while length <= WIDTH {
        let mut at = 0;
        while at < length {
            ones[length][at] = u8::MAX;
            at += 1;
        }
        length += 1;
    }
    ones
};

/// A window of so many ones.
#[inline(always)]
fn ones(length: usize) -> &'static Window {
    const ALL: &Window = &[u8::MAX; WIDTH];
    ONES.get(length.min(WIDTH)).unwrap_or(ALL)
}

/// What every processor can do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Narrow;

impl Wide for Narrow {
    #[inline(always)]
    fn begins(self, a: &Window, b: &Window, length: usize) -> bool {
        let mut differ = 0;
        for ((a, b), mask) in a.iter().zip(b).zip(ones(length)) {
            differ |= (a ^ b) & mask;
        }
        differ == 0
    }

    #[inline(always)]
    fn stops(self, window: &Window) -> u32 {
        let mut stops = 0;
        for (n, byte) in window.iter().enumerate() {
            let stop = *byte == b'"' || *byte == b'\\' || *byte < b' ' || *byte >= 0x80;
            stops |= u32::from(stop) << n;
        }
        stops
    }

    #[inline(always)]
    fn digits(self, window: &Window) -> u32 {
        let mut others = 0;
        for (n, byte) in window.iter().enumerate() {
            others |= u32::from(!byte.is_ascii_digit()) << n;
        }
        others.trailing_zeros()
    }
}

/// A processor with AVX2 and the bit instructions: such a value is only made where there is one.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(());

#[cfg(target_arch = "x86_64")]
impl Avx2 {
    /// The processor, where it is one.
    pub fn detect() -> Option<Self> {
        let is_there = std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2");
        is_there.then_some(Self(()))
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn load(window: &Window) -> std::arch::x86_64::__m256i {
    // SAFETY: the pointer is of a window, which has as many bytes as are read, and they need no alignment; the
    // functions that call this one are called where there is AVX2.
    unsafe { std::arch::x86_64::_mm256_loadu_si256(window.as_ptr().cast()) }
}

#[cfg(target_arch = "x86_64")]
impl Wide for Avx2 {
    #[inline(always)]
    fn begins(self, a: &Window, b: &Window, length: usize) -> bool {
        use std::arch::x86_64 as avx;
        let (a, b, ones) = (load(a), load(b), load(ones(length)));
        // SAFETY: these work on values, and that there is an `Avx2` says that the processor has it.
        unsafe { avx::_mm256_testz_si256(avx::_mm256_xor_si256(a, b), ones) == 1 }
    }

    #[inline(always)]
    fn stops(self, window: &Window) -> u32 {
        use std::arch::x86_64 as avx;
        let bytes = load(window);
        // SAFETY: as above.
        unsafe {
            let quote = avx::_mm256_cmpeq_epi8(bytes, avx::_mm256_set1_epi8(b'"' as i8));
            let backslash = avx::_mm256_cmpeq_epi8(bytes, avx::_mm256_set1_epi8(b'\\' as i8));
            // With a sign those beyond ASCII are negative.
            let other = avx::_mm256_cmpgt_epi8(avx::_mm256_set1_epi8(b' ' as i8), bytes);
            let any = avx::_mm256_or_si256(avx::_mm256_or_si256(quote, backslash), other);
            avx::_mm256_movemask_epi8(any) as u32
        }
    }

    #[inline(always)]
    fn digits(self, window: &Window) -> u32 {
        use std::arch::x86_64 as avx;
        let bytes = load(window);
        // SAFETY: as above.
        unsafe {
            // From a digit 0 to 9 is left, and 9 less saturates to nothing.
            let value = avx::_mm256_sub_epi8(bytes, avx::_mm256_set1_epi8(b'0' as i8));
            let over = avx::_mm256_subs_epu8(value, avx::_mm256_set1_epi8(9));
            let digit = avx::_mm256_cmpeq_epi8(over, avx::_mm256_setzero_si256());
            (avx::_mm256_movemask_epi8(digit) as u32).trailing_ones()
        }
    }
}
