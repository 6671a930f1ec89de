//! A look at a Parquet file's metadata before it is read: the reader goes down into the schema by recursion, which in a
//! hostile file can be deeper than any stack, and makes room for as many things as a list or text claims to have.
//!
//! The end of a file is the length of its metadata (4 bytes) and the magic. The metadata is a struct of Thrift's
//! compact protocol, whose second field lists the elements of the schema, parents before children.

use super::MAGIC;
use super::thrift::{I32, STRUCT, Thrift};

/// Deepest schema that is read.
const DEEPEST: usize = 64;
/// Deepest metadata: files, row groups, columns, their statistics.
const DEEPEST_DATA: usize = 16;
/// Most columns and groups.
const MOST: usize = 20_000;

/// The last bytes of a file: the length of its metadata and the magic.
pub(super) const TAIL: usize = 8;

/// How many bytes of metadata lie before the end of a file of so many bytes that ends like this.
///
/// # Errors
/// Why that cannot be told, in one sentence.
pub(super) fn length(tail: &[u8], file: u64) -> Result<usize, String> {
    let cut = "the Parquet file is cut off or damaged: its end does not say what it holds";
    let body = tail.strip_suffix(MAGIC).ok_or(cut)?;
    let (_, length) = body.split_last_chunk::<4>().ok_or(cut)?;
    let length = u32::from_le_bytes(*length);
    if u64::from(length) + TAIL as u64 > file {
        return Err(cut.to_owned());
    }
    usize::try_from(length).map_err(|_| cut.to_owned())
}

/// Sees whether metadata can be read safely.
///
/// # Errors
/// Why not, in one sentence.
pub(super) fn check(metadata: &[u8]) -> Result<(), String> {
    let mut thrift = Thrift { bytes: metadata };
    match thrift.schema() {
        Some(Ok(())) => {}
        Some(Err(reason)) => return Err(reason),
        None => return Err("the Parquet file is damaged: its schema cannot be read".to_owned()),
    }
    // All of it once more: lists and texts claim no more than is there.
    let mut thrift = Thrift { bytes: metadata };
    thrift.skip(STRUCT, DEEPEST_DATA).ok_or_else(|| {
        "the Parquet file is damaged: its metadata claims more than the file has".to_owned()
    })
}

impl Thrift<'_> {
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
                if last == CHILDREN && kind == I32 {
                    children = u64::try_from(self.signed()?).ok()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The metadata of a file whose schema has these numbers of children.
    fn metadata(children: &[u8]) -> Vec<u8> {
        // field 1 (version): 1; field 2: a list of structs
        let mut metadata = vec![0x15, 2, 0x19, 0xfc];
        let mut count = children.len();
        while count >= 0x80 {
            metadata.push(count as u8 | 0x80);
            count >>= 7;
        }
        metadata.push(count as u8);
        for n in children {
            // field 4: a name of no letters; field 5: the number of children, in one byte
            assert!(*n < 64);
            metadata.extend([0x48, 0, 0x15, n * 2, 0]);
        }
        metadata.push(0);
        metadata
    }

    #[test]
    fn deep_schemas_are_refused() {
        assert_eq!(check(&metadata(&[1, 0])), Ok(()));
        let mut wide = vec![0; 1001];
        wide[0] = 60;
        assert_eq!(check(&metadata(&wide)), Ok(()));
        let deep = check(&metadata(&[1; 1_000])).unwrap_err();
        assert!(deep.contains("deeper than 64"), "{deep}");
        let many = check(&metadata(&[0; 30_000])).unwrap_err();
        assert!(many.contains("30000 columns"), "{many}");
    }

    #[test]
    fn damaged_metadata_is_told() {
        let whole = metadata(&[1, 0]);
        assert_eq!(check(&whole), Ok(()));
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
        // Behind the schema: a list (field 4) of 2,147,483,647 row groups, a text (field 6) of as many bytes.
        for claim in [&[0x29, 0xfc][..], &[0x48]] {
            let mut bytes = whole[..whole.len() - 1].to_vec();
            bytes.extend(claim);
            bytes.extend([0xff, 0xff, 0xff, 0xff, 7, 0, 0]);
            let reason = check(&bytes).unwrap_err();
            assert!(reason.contains("claims more"), "{reason}");
        }
    }

    #[test]
    fn the_length_is_within_the_file() {
        let end = |length: u32| [&length.to_le_bytes(), MAGIC].concat();
        assert_eq!(length(&end(5), 13), Ok(5));
        for (tail, file) in [
            (end(6), 13),
            (end(u32::MAX), 100),
            (MAGIC.to_vec(), 4),
            (b"PAR0".to_vec(), 4),
        ] {
            assert!(length(&tail, file).unwrap_err().contains("cut off"));
        }
    }
}
