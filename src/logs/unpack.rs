//! From the bytes of a file to text: gzip members unpacked within bounds, UTF-16 turned to UTF-8,
//! and files that are no logs recognised by their first bytes.

use super::memory::size;
use std::io::Read;

/// The text of a file and what was done to get it.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// The text; bytes, because single records may not be UTF-8.
    pub text: Vec<u8>,
    /// Where the text proper begins (behind a byte-order mark).
    pub start: usize,
    /// Prefix of the form's name, such as `gzip+`.
    pub packing: &'static str,
    /// Why the text ends before the file does.
    pub cut: Option<String>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// Unpacked text may be this long, whatever it was packed to …
const FLOOR: u64 = 64 << 20;
/// … or this many times its packed size (log files pack some 10 to 60 times) …
const RATIO: u64 = 250;
/// … but never longer than this.
const CEILING: u64 = 4 << 30;

/// Whether a file that begins like this is its own text.
pub(super) fn is_text(head: &[u8]) -> bool {
    const MARKS: [&[u8]; 4] = [&[0x1f, 0x8b], &[0xfe, 0xff], &[0xff, 0xfe], b"\xef\xbb\xbf"];
    foreign(head).is_none() && !MARKS.iter().any(|mark| head.starts_with(mark))
}

/// Unpacks the bytes of a file.
///
/// # Errors
/// One sentence saying why nothing of the file can be read.
pub(super) fn unpack(bytes: Vec<u8>) -> Result<Unpacked, String> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let limit = FLOOR
            .max(RATIO.saturating_mul(bytes.len() as u64))
            .min(CEILING);
        return gunzip(&bytes, limit);
    }
    plain(bytes)
}

fn gunzip(bytes: &[u8], limit: u64) -> Result<Unpacked, String> {
    let mut text = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes)
        .take(limit + 1)
        .read_to_end(&mut text);
    if text.len() as u64 > limit {
        return Err(format!(
            "the gzip data unpacks to more than {} MB: too much for {} of packed data. Unpack it yourself if you trust it",
            limit >> 20,
            size(bytes.len() as u64),
        ));
    }
    let cut = match read {
        Ok(_) => None,
        Err(error) if text.is_empty() => return Err(format!("damaged gzip data: {error}")),
        Err(error) => Some(format!("the gzip data ends here, damaged: {error}")),
    };
    if text.starts_with(&[0x1f, 0x8b]) {
        return Err("gzip inside gzip: unpack it once, then load it".to_owned());
    }
    let mut unpacked = plain(text)?;
    unpacked.packing = if unpacked.packing.is_empty() {
        "gzip+"
    } else {
        "gzip+utf16+"
    };
    unpacked.cut = cut;
    Ok(unpacked)
}

fn plain(text: Vec<u8>) -> Result<Unpacked, String> {
    if let Some(kind) = foreign(&text) {
        return Err(kind.to_owned());
    }
    let big_endian = text.starts_with(&[0xfe, 0xff]);
    if big_endian || text.starts_with(&[0xff, 0xfe]) {
        return utf16(&text, big_endian);
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

fn utf16(bytes: &[u8], big_endian: bool) -> Result<Unpacked, String> {
    let units = bytes
        .get(2..)
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|pair| match pair {
            [a, b] if big_endian => u16::from_be_bytes([*a, *b]),
            [a, b] => u16::from_le_bytes([*a, *b]),
            _ => 0,
        });
    let text: String = char::decode_utf16(units)
        .collect::<Result<_, _>>()
        .map_err(|_| "damaged UTF-16 text: save it as UTF-8".to_owned())?;
    Ok(Unpacked {
        text: text.into_bytes(),
        packing: "utf16+",
        notes: vec!["Was UTF-16 and is shown as UTF-8".to_owned()],
        ..Unpacked::default()
    })
}

/// What a file is that begins with the mark of another format.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: &[(&[u8], &str)] = &[
        (
            &[0x28, 0xb5, 0x2f, 0xfd],
            "recognised as zstd, not supported yet: unpack it first",
        ),
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
        (
            b"PAR1",
            "recognised as Parquet, not supported yet: export the rows as JSON lines",
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
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn members_are_joined_and_bombs_stopped() {
        let mut two = gzip(b"one\n");
        two.extend(gzip(b"two\n"));
        let unpacked = unpack(two).unwrap();
        assert_eq!(unpacked.text, b"one\ntwo\n");
        assert_eq!(unpacked.packing, "gzip+");
        let bomb = gzip(&vec![b' '; 5 << 20]);
        assert!(gunzip(&bomb, 1 << 20).unwrap_err().contains("1 MB"));
    }

    #[test]
    fn what_was_there_is_kept_when_gzip_is_cut() {
        let mut packed = gzip(b"one\ntwo\n");
        packed.truncate(packed.len() - 8);
        let unpacked = unpack(packed).unwrap();
        assert!(unpacked.cut.is_some());
        assert_eq!(unpacked.text, b"one\ntwo\n");
        assert!(unpack(vec![0x1f, 0x8b, 8]).is_err());
        assert!(unpack(gzip(&gzip(b"x"))).unwrap_err().contains("inside"));
    }

    #[test]
    fn utf16_becomes_utf8() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("{é}".encode_utf16().flat_map(u16::to_le_bytes));
        let unpacked = unpack(bytes).unwrap();
        assert_eq!(unpacked.text, "{é}".as_bytes());
        assert_eq!(unpacked.packing, "utf16+");
        assert!(unpack(vec![0xfe, 0xff, 0xd8, 0x00]).is_err());
    }
}
