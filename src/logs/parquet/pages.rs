//! A look at the pages of a row group before they are decoded. The reader makes room for what the head of a page claims,
//! and unpacks gzip until it ends: a few bytes can claim, or be, more than any memory holds.

use super::delta;
use super::thrift::{I32, STRUCT, Thrift};
use crate::logs::memory::size;
use parquet::basic::{Compression, Encoding, Type as Physical};
use parquet::column::page::Page;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use std::io::Read;
use std::sync::Arc;

/// Largest page, unpacked. Writers make pages of one to some hundred megabytes at most.
const LARGEST: u64 = 256 << 20;
/// Most bytes of the pages that are open together: one of each column, and its dictionary.
const TOGETHER: u64 = 1 << 30;
/// Most values of a column that has lists, in a row group: they may all be in one row.
const MOST_IN_LISTS: u64 = 64 << 20;
/// Longest cell of a fixed length.
const LONGEST_FIXED: i32 = 64 << 10;
/// Longest head of a page; it may hold the least and the greatest value.
const LONGEST_HEAD: u64 = 16 << 20;

/// What the head of a page says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    /// Bytes of the head itself.
    length: u64,
    unpacked: u64,
    packed: u64,
    /// Values of a data page.
    values: Option<u64>,
    /// Values of a dictionary.
    dictionary: Option<u64>,
    /// Bytes at the beginning that are never packed.
    levels: u64,
    encoding: i64,
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut head = Self::default();
        let mut thrift = Thrift { bytes };
        let mut last = 0;
        while let Some(kind) = thrift.field(&mut last)? {
            match (last, kind) {
                (2, I32) => head.unpacked = u64::try_from(thrift.signed()?).ok()?,
                (3, I32) => head.packed = u64::try_from(thrift.signed()?).ok()?,
                (5 | 7 | 8, STRUCT) => head.inner(&mut thrift, last)?,
                (_, kind) => thrift.skip(kind, 8)?,
            }
        }
        head.length = (bytes.len() - thrift.bytes.len()) as u64;
        Some(head)
    }

    fn inner(&mut self, thrift: &mut Thrift<'_>, which: i64) -> Option<()> {
        let encoding = if which == 8 { 4 } else { 2 };
        let mut last = 0;
        while let Some(kind) = thrift.field(&mut last)? {
            if kind != I32 {
                thrift.skip(kind, 8)?;
                continue;
            }
            let number = thrift.signed()?;
            if last == 1 {
                let count = u64::try_from(number).ok()?;
                match which {
                    7 => self.dictionary = Some(count),
                    _ => self.values = Some(count),
                }
            } else if last == encoding && which != 7 {
                self.encoding = number;
            } else if which == 8 && (last == 5 || last == 6) {
                self.levels = self.levels.checked_add(u64::try_from(number).ok()?)?;
            }
        }
        Some(())
    }
}

const DELTA_LENGTHS: i64 = 6;
const DELTA_TEXTS: i64 = 7;

/// Sees whether the pages of a row group can be decoded within bounds.
///
/// # Errors
/// Why not, in one sentence.
pub(super) fn check<R: ChunkReader + 'static>(
    file: &Arc<R>,
    group: &RowGroupMetaData,
) -> Result<(), String> {
    let mut together = 0_u64;
    for column in group.columns() {
        let name = column.column_path().string();
        let largest = check_column(file, column, group.num_rows())
            .map_err(|reason| format!("the column {}: {reason}", short(&name)))?;
        together = together.saturating_add(largest);
        if together > TOGETHER {
            return Err(format!(
                "its columns need more than {} of memory together",
                size(TOGETHER)
            ));
        }
    }
    Ok(())
}

fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// Most bytes of its pages that are in memory together.
fn check_column<R: ChunkReader + 'static>(
    file: &Arc<R>,
    column: &ColumnChunkMetaData,
    rows: i64,
) -> Result<u64, String> {
    let cut = || "its pages are cut off or damaged".to_owned();
    if column.column_type() == Physical::FIXED_LEN_BYTE_ARRAY
        && !(0..=LONGEST_FIXED).contains(&column.column_descr().type_length())
    {
        let most = size(LONGEST_FIXED as u64);
        return Err(format!("its cells are longer than {most}"));
    }
    let (start, length) = column.byte_range();
    let end = start.checked_add(length).filter(|end| *end <= file.len());
    let end = end.ok_or_else(cut)?;
    let (mut at, mut largest, mut dictionary, mut values) = (start, 0, 0, 0_u64);
    let mut texts = false;
    while at < end {
        let head = head(file.as_ref(), at, end).ok_or_else(cut)?;
        at = at
            .checked_add(head.length + head.packed)
            .filter(|next| *next <= end)
            .ok_or_else(cut)?;
        if head.unpacked > LARGEST {
            return Err(format!(
                "a page says it has {}, more than {}",
                size(head.unpacked),
                size(LARGEST)
            ));
        }
        if let Some(count) = head.dictionary {
            // No value is shorter than a byte.
            if count > head.unpacked {
                return Err("its dictionary says that it has more values than bytes".to_owned());
            }
            // A number or the place of a text for each.
            dictionary = head.unpacked.saturating_add(count.saturating_mul(16));
        } else {
            values = values.saturating_add(head.values.unwrap_or_default());
            largest = largest.max(head.unpacked);
            texts |= matches!(head.encoding, DELTA_LENGTHS | DELTA_TEXTS);
        }
        check_packed(file.as_ref(), column.compression(), &head, at - head.packed)?;
    }
    let repeated = column.column_descr().max_rep_level() > 0;
    if repeated && values > MOST_IN_LISTS {
        return Err(format!(
            "it has {values} values in lists, more than {MOST_IN_LISTS}: write smaller row groups"
        ));
    }
    if texts {
        largest = largest.max(check_texts(file, column, rows)?);
    }
    Ok(largest.saturating_add(dictionary))
}

/// The head of the page at a place.
fn head<R: ChunkReader>(file: &R, at: u64, end: u64) -> Option<Head> {
    let mut window = 4 << 10;
    loop {
        let length = window.min(end - at);
        let bytes = file.get_bytes(at, usize::try_from(length).ok()?).ok()?;
        match Head::read(&bytes) {
            Some(head) => return Some(head),
            None if length == end - at || window >= LONGEST_HEAD => return None,
            None => window *= 16,
        }
    }
}

/// The other kinds of packing stop by themselves where the head of the page says.
fn check_packed<R: ChunkReader>(
    file: &R,
    packing: Compression,
    head: &Head,
    at: u64,
) -> Result<(), String> {
    const LZ4_FRAME: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
    if !matches!(packing, Compression::GZIP(_) | Compression::LZ4) {
        return Ok(());
    }
    let length = usize::try_from(head.packed).unwrap_or(usize::MAX);
    let body = file.get_bytes(at, length);
    let body = body.map_err(|error| super::in_words(&error.to_string()))?;
    let packed = body
        .get(usize::try_from(head.levels).unwrap_or(usize::MAX)..)
        .unwrap_or_default();
    let says = head.unpacked.saturating_sub(head.levels);
    let more = match packing {
        Compression::GZIP(_) => {
            let most = flate2::read::MultiGzDecoder::new(packed).take(says + 1);
            let got = std::io::copy(&mut { most }, &mut std::io::sink());
            got.is_ok_and(|got| got > says)
        }
        // A frame of LZ4 gives up to 255 bytes for one.
        _ => packed.starts_with(&LZ4_FRAME) && packed.len() as u64 * 255 > LARGEST,
    };
    if more {
        return Err(format!(
            "a page unpacks to more than the {} it says",
            size(head.unpacked)
        ));
    }
    Ok(())
}

/// Sees whether as many lengths as a page says can be there; gives the bytes of the longest page's texts.
fn check_texts<R: ChunkReader + 'static>(
    file: &Arc<R>,
    column: &ColumnChunkMetaData,
    rows: i64,
) -> Result<u64, String> {
    let damaged = || "a page does not have the texts it says".to_owned();
    let rows = usize::try_from(rows).map_err(|_| damaged())?;
    let pages = SerializedPageReader::new(Arc::clone(file), column, rows, None);
    let pages = pages.map_err(|_| damaged())?;
    let levels = column.column_descr();
    let levels = [levels.max_rep_level(), levels.max_def_level()];
    let mut longest = 0;
    for page in pages {
        let page = page.map_err(|error| super::in_words(&error.to_string()))?;
        let (values, count, encoding) = match &page {
            Page::DataPage {
                buf,
                num_values,
                encoding,
                ..
            } => {
                // Each kind of levels is as long as the four bytes before it say.
                let mut rest: &[u8] = buf;
                for _ in levels.iter().filter(|most| **most > 0) {
                    let (length, behind) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
                    let length = u32::from_le_bytes(*length) as usize;
                    rest = behind.get(length..).ok_or_else(damaged)?;
                }
                (rest, *num_values, *encoding)
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let levels = def_levels_byte_len.saturating_add(*rep_levels_byte_len);
                let rest = buf.get(levels as usize..).ok_or_else(damaged)?;
                (rest, *num_values, *encoding)
            }
            Page::DictionaryPage { .. } => continue,
        };
        let shared = match encoding {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => false,
            Encoding::DELTA_BYTE_ARRAY => true,
            _ => continue,
        };
        // A page without any value may have nothing.
        let bytes = match values.is_empty() {
            true => 0,
            false => delta::texts(values, u64::from(count), shared).ok_or_else(damaged)?,
        };
        if bytes > LARGEST {
            return Err(format!(
                "the texts of a page have {}, more than {}",
                size(bytes),
                size(LARGEST)
            ));
        }
        longest = longest.max(bytes);
    }
    Ok(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read() {
        // type 0, 1000 bytes of 10 packed, a data page of 7 values in encoding 8, statistics with a text.
        let data = [
            0x15, 0, 0x15, 0xd0, 0x0f, 0x15, 20, 0x2c, 0x15, 14, 0x15, 16, 0x3c, 0x18, 1, b'x', 0,
            0, 0, 77,
        ];
        let head = Head::read(&data).unwrap();
        let expected = Head {
            length: 19,
            unpacked: 1000,
            packed: 10,
            values: Some(7),
            encoding: 8,
            ..Head::default()
        };
        assert_eq!(head, expected);
        for cut in 0..19 {
            assert_eq!(Head::read(&data[..cut]), None, "{cut}");
        }
        // Less than nothing.
        assert_eq!(Head::read(&[0x25, 1, 0]), None);
        // A page of the second kind: levels of 3 and 4 bytes.
        let second = [
            0x15, 6, 0x15, 40, 0x15, 40, 0x5c, 0x15, 2, 0x35, 14, 0x15, 6, 0x15, 8, 0, 0,
        ];
        let head = Head::read(&second).unwrap();
        assert_eq!((head.values, head.levels, head.encoding), (Some(1), 7, 7));
    }
}
