//! Thrift's compact protocol, as far as Parquet's metadata and page headers need it: read without trust, nothing is
//! allocated, and whatever claims more than is there ends the reading.

/// The rest of some Thrift data.
pub(super) struct Thrift<'a> {
    pub bytes: &'a [u8],
}

/// The type of a whole number of 32 bits.
pub(super) const I32: u8 = 5;
/// The type of a struct.
pub(super) const STRUCT: u8 = 12;

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn pass(&mut self, count: usize) -> Option<()> {
        self.bytes = self.bytes.get(count..)?;
        Some(())
    }

    /// A whole number without a sign.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A whole number with a sign.
    pub fn signed(&mut self) -> Option<i64> {
        self.number().map(zigzag)
    }

    /// The id and type of the next field of a struct; an inner none at its end.
    pub fn field(&mut self, last: &mut i64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *last = match head >> 4 {
            0 => self.signed()?,
            delta => last.checked_add(i64::from(delta))?,
        };
        Some(Some(head & 0x0f))
    }

    /// How many elements of which type follow. There are no more than bytes: none is shorter than one.
    pub fn list(&mut self) -> Option<(usize, u8)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.number()?).ok()?,
            count => usize::from(count),
        };
        (count <= self.bytes.len()).then_some((count, head & 0x0f))
    }

    /// Passes over a value of a type.
    pub fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.number().map(drop),
            7 => self.pass(8),
            8 => {
                let length = usize::try_from(self.number()?).ok()?;
                self.pass(length)
            }
            9 | 10 => {
                let (count, kind) = self.list()?;
                for _ in 0..count {
                    // In a list a truth value is a byte.
                    self.skip(if kind <= 2 { 3 } else { kind }, depth)?;
                }
                Some(())
            }
            STRUCT => {
                let mut last = 0;
                while let Some(kind) = self.field(&mut last)? {
                    self.skip(kind, depth)?;
                }
                Some(())
            }
            _ => None,
        }
    }
}

fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
