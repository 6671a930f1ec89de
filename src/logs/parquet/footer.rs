//! A look at a Parquet file's schema before it is read: the reader goes down into it by recursion, and the schema of a
//! hostile file can be deeper than any stack.
//!
//! The end of a file is the length of its metadata (4 bytes) and the magic. The metadata is a struct of Thrift's
//! compact protocol, whose second field lists the elements of the schema, parents before children.

use super::MAGIC;

/// Deepest schema that is read.
const DEEPEST: usize = 64;
/// Most columns and groups.
const MOST: usize = 20_000;

/// Sees whether a file can be read safely.
///
/// # Errors
/// Why not, in one sentence.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let cut = "the Parquet file is cut off or damaged: its end does not say what it holds";
    let body = bytes.strip_suffix(MAGIC).ok_or(cut)?;
    let (rest, length) = body.split_last_chunk::<4>().ok_or(cut)?;
    let length = u32::from_le_bytes(*length) as usize;
    let start = rest.len().checked_sub(length).ok_or(cut)?;
    let mut thrift = Thrift {
        bytes: rest.get(start..).unwrap_or_default(),
    };
    match thrift.schema() {
        Some(Ok(())) => Ok(()),
        Some(Err(reason)) => Err(reason),
        None => Err("the Parquet file is damaged: its schema cannot be read".to_owned()),
    }
}

/// The rest of some Thrift data.
struct Thrift<'a> {
    bytes: &'a [u8],
}

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

    fn number(&mut self) -> Option<u64> {
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

    /// The id and type of the next field of a struct; an inner none at its end.
    fn field(&mut self, last: &mut i64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *last = match head >> 4 {
            0 => zigzag(self.number()?),
            delta => last.checked_add(i64::from(delta))?,
        };
        Some(Some(head & 0x0f))
    }

    fn list(&mut self) -> Option<(usize, u8)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.number()?).ok()?,
            count => usize::from(count),
        };
        Some((count, head & 0x0f))
    }

    /// Passes over a value of a type.
    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
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
            12 => {
                let mut last = 0;
                while let Some(kind) = self.field(&mut last)? {
                    self.skip(kind, depth)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Walks the schema of a file's metadata. None where it cannot be read.
    fn schema(&mut self) -> Option<Result<(), String>> {
        const SCHEMA: i64 = 2;
        const CHILDREN: i64 = 5;
        let mut last = 0;
        loop {
            let kind = self.field(&mut last)??;
            if last == SCHEMA {
                break;
            }
            self.skip(kind, 8)?;
        }
        let (count, _) = self.list()?;
        if count > MOST {
            return Some(Err(format!(
                "the Parquet file has {count} columns and groups; at most {MOST} are read"
            )));
        }
        // Children that are still to come, of each open group.
        let mut open: Vec<u64> = Vec::new();
        for _ in 0..count {
            let (mut last, mut children) = (0, 0);
            while let Some(kind) = self.field(&mut last)? {
                if last == CHILDREN && kind == 5 {
                    children = u64::try_from(zigzag(self.number()?)).ok()?;
                } else {
                    self.skip(kind, 8)?;
                }
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            if let Some(parent) = open.last_mut() {
                *parent -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            if open.len() > DEEPEST {
                return Some(Err(format!(
                    "the schema of the Parquet file is nested deeper than {DEEPEST}"
                )));
            }
        }
        Some(Ok(()))
    }
}

fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of nothing but metadata whose schema has these numbers of children.
    fn file(children: &[u8]) -> Vec<u8> {
        // field 1 (version): 1; field 2: a list of structs
        let mut metadata = vec![0x15, 2, 0x19, 0xfc];
        let mut count = children.len();
        while count >= 0x80 {
            metadata.push(count as u8 | 0x80);
            count >>= 7;
        }
        metadata.push(count as u8);
        for n in children {
            // field 4: a name of no letters; field 5: the number of children
            metadata.extend([0x48, 0, 0x15, n * 2, 0]);
        }
        metadata.push(0);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(&metadata);
        bytes.extend((metadata.len() as u32).to_le_bytes());
        bytes.extend(MAGIC);
        bytes
    }

    #[test]
    fn deep_schemas_are_refused() {
        assert_eq!(check(&file(&[1, 0])), Ok(()));
        let mut wide = vec![0; 1001];
        wide[0] = 100;
        assert_eq!(check(&file(&wide)), Ok(()));
        let deep = check(&file(&[1; 1_000])).unwrap_err();
        assert!(deep.contains("deeper than 64"), "{deep}");
        let many = check(&file(&[0; 30_000])).unwrap_err();
        assert!(many.contains("30000 columns"), "{many}");
    }

    #[test]
    fn damaged_ends_are_told() {
        let whole = file(&[1, 0]);
        for cut in 0..whole.len() {
            assert!(check(&whole[..cut]).is_err(), "{cut}");
        }
        for at in 0..whole.len() {
            for byte in 0..=255 {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                // Whatever it says, it says something.
                let _ = check(&bytes);
            }
        }
        assert!(check(b"PAR1").is_err() && check(b"PAR1\xff\xff\xff\xffPAR1").is_err());
    }
}
