//! From the bytes of a file to text: what is packed is unpacked within bounds, Parquet rows become lines, UTF-16 is
//! turned to UTF-8, and files that are no logs are recognised by their first bytes.

use super::packed::{Most, Packing};
use super::{Reject, parquet};

/// The text of a file and what was done to get it.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// The text; bytes, because single records may not be UTF-8.
    pub text: Vec<u8>,
    /// Where the text proper begins (behind a byte-order mark).
    pub start: usize,
    /// Prefix of the form's name, such as `gzip+`.
    pub packing: &'static str,
    /// Whether the lines are the rows of a Parquet file.
    pub parquet: bool,
    /// Why the text ends before the file does.
    pub cut: Option<String>,
    /// Parts of the file that could not be read.
    pub rejects: Vec<Reject>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// Rows of a Parquet file may make text of so many times its size: columns of few values take next to nothing.
const PARQUET_RATIO: u64 = 1000;

/// Whether a file that begins like this is its own text.
pub(super) fn is_text(head: &[u8]) -> bool {
    const MARKS: [&[u8]; 3] = [&[0xfe, 0xff], &[0xff, 0xfe], b"\xef\xbb\xbf"];
    foreign(head).is_none()
        && Packing::of(head).is_none()
        && !head.starts_with(parquet::MAGIC)
        && !MARKS.iter().any(|mark| head.starts_with(mark))
}

/// Whether a file that begins like this holds text once it is unpacked.
pub(super) fn is_packed(head: &[u8]) -> bool {
    foreign(head).is_none() && !is_text(head)
}

/// Unpacks the bytes of a file, to text of at most so many bytes.
///
/// # Errors
/// One sentence saying why nothing of the file can be read; none where it is that the text would be longer.
pub(super) fn unpack(bytes: Vec<u8>, most: Most) -> Result<Unpacked, Option<String>> {
    let Some(packing) = Packing::of(&bytes) else {
        return unpacked(bytes, most);
    };
    let packed = packing.unpack(&bytes, most)?;
    drop(bytes);
    let mut unpacked = unpacked(packed.bytes, most)?;
    unpacked.packing = match (packing, unpacked.packing.is_empty()) {
        (Packing::Gzip, true) => "gzip+",
        (Packing::Gzip, false) => "gzip+utf16+",
        (Packing::Zstd, true) => "zstd+",
        (Packing::Zstd, false) => "zstd+utf16+",
    };
    unpacked.cut = packed.cut;
    Ok(unpacked)
}

fn unpacked(bytes: Vec<u8>, most: Most) -> Result<Unpacked, Option<String>> {
    if !bytes.starts_with(parquet::MAGIC) {
        return plain(bytes).map_err(Some);
    }
    let limit = most.longest(bytes.len() as u64, PARQUET_RATIO);
    let rows = match most.fits.filter(|most| *most < limit) {
        None => parquet::read(bytes, limit)?,
        Some(most) => {
            let rows = parquet::read_within(bytes, most)?;
            if rows.full {
                return Err(None);
            }
            rows
        }
    };
    Ok(Unpacked {
        text: rows.text,
        parquet: true,
        rejects: rows.rejects,
        ..Unpacked::default()
    })
}

fn plain(text: Vec<u8>) -> Result<Unpacked, String> {
    if let Some(kind) = foreign(&text) {
        return Err(kind.to_owned());
    }
    let big_endian = text.starts_with(&[0xfe, 0xff]);
    if big_endian || text.starts_with(&[0xff, 0xfe]) {
        return Ok(utf16(&text, big_endian));
    }
    let marked = text.starts_with(b"\xef\xbb\xbf");
    Ok(Unpacked {
        text,
        start: if marked { 3 } else { 0 },
        notes: if marked {
            vec!["Begins with a byte-order mark, which was passed over".to_owned()]
        } else {
            Vec::new()
        },
        ..Unpacked::default()
    })
}

/// UTF-16 as UTF-8. Half of a pair without the other becomes what is no UTF-8, so that its record is rejected.
fn utf16(bytes: &[u8], big_endian: bool) -> Unpacked {
    let units = bytes
        .get(2..)
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|pair| match pair {
            [a, b] if big_endian => u16::from_be_bytes([*a, *b]),
            [a, b] => u16::from_le_bytes([*a, *b]),
            _ => 0,
        });
    let mut text = Vec::with_capacity(bytes.len() / 2);
    let mut halves = 0;
    for read in char::decode_utf16(units) {
        match read {
            Ok(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(_) => {
                halves += 1;
                text.push(0xff);
            }
        }
    }
    let mut notes = vec!["Was UTF-16 and is shown as UTF-8".to_owned()];
    if halves > 0 {
        notes.push(format!(
            "damaged UTF-16 text in {halves} places: the records there are rejected as not UTF-8"
        ));
    }
    Unpacked {
        text,
        packing: "utf16+",
        notes,
        ..Unpacked::default()
    }
}

/// What a file is that begins with the mark of another format.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: &[(&[u8], &str)] = &[
        (
            b"PK\x03\x04",
            "recognised as a ZIP archive, not supported yet: unpack it first",
        ),
        (
            b"BZh",
            "recognised as bzip2, not supported yet: unpack it first",
        ),
        (
            &[0xfd, b'7', b'z', b'X', b'Z', 0],
            "recognised as xz, not supported yet: unpack it first",
        ),
        (b"\x89PNG", "a PNG picture, not a log file"),
        (b"\xff\xd8\xff", "a JPEG picture, not a log file"),
        (b"%PDF", "a PDF document, not a log file"),
        (b"\x7fELF", "a program, not a log file"),
        (b"SQLite format 3\0", "an SQLite database, not a log file"),
    ];
    MARKS
        .iter()
        .find(|(mark, _)| bytes.starts_with(mark))
        .map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Most = Most {
        fits: None,
        unpacked: 1 << 30,
    };

    #[test]
    fn utf16_becomes_utf8() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("{é}".encode_utf16().flat_map(u16::to_le_bytes));
        let unpacked = unpack(bytes, ANY).unwrap();
        assert_eq!(unpacked.text, "{é}".as_bytes());
        assert_eq!(unpacked.packing, "utf16+");
        let unpacked = unpack(vec![0xfe, 0xff, 0xd8, 0x00, 0, b'a'], ANY).unwrap();
        assert_eq!(unpacked.text, b"\xffa");
        assert_eq!(unpacked.notes.len(), 2);
    }
}
