//! Parquet files that do not fit into memory, and files made by hand that claim what is not there: what can be read is
//! read or told, and memory stays bounded.

use super::packed::{numbered, parquet};
use flate2::Compression as Level;
use flate2::write::GzEncoder;
use parquet::basic::{Compression, ZstdLevel};
use rulewright::logs::{Connectors, Dataset, Memory, Options, Over, Source};
use rulewright::task::{CancelToken, Progress};
use std::io::Write;

const NUMBERS: &str = "
id: numbers
title: Numbers
recognise: [{ n: { is: present } }]
input: { n: long, text: string }
tables:
  - name: Numbers_CL
    transform: source | project N = n, Text = text
    columns: { N: long, Text: string }
";

fn load(source: Source, memory: Memory) -> Dataset {
    let mut connectors = Connectors::default();
    assert_eq!(connectors.add(NUMBERS), []);
    let options = Options {
        connectors,
        memory,
        ..Options::default()
    };
    Dataset::from_sources_options(
        vec![source],
        &options,
        &CancelToken::new(),
        &Progress::new(),
    )
}

#[test]
fn a_file_larger_than_memory_is_refused_or_sampled() {
    const ROWS: i64 = 200_000;
    let bytes = parquet(&numbered(ROWS), Compression::UNCOMPRESSED, 20_000);
    // The file alone is more than may be held.
    let bound = 1 << 20;
    assert!(bytes.len() > 3 * bound, "{}", bytes.len());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big.parquet");
    std::fs::write(&path, &bytes).expect("written");
    let on_disk = Source { path, bytes: None };
    let in_memory = Source {
        path: "big".into(),
        bytes: Some(bytes),
    };
    for source in [on_disk, in_memory] {
        let bounded = |over| Memory {
            bound: Some(bound as u64),
            over,
            ..Memory::default()
        };
        let data = load(source.clone(), bounded(Over::Refuse));
        let file = &data.files()[0];
        assert_eq!((file.events, file.rejected.len()), (0, 1), "{file:?}");
        let reason = &file.rejected[0].reason;
        assert!(
            reason.contains("load a sample") && reason.contains("of 1 MB"),
            "{reason}"
        );

        // From the beginning: some of the rows of the first of ten row groups.
        let data = load(source.clone(), bounded(Over::First));
        let file = &data.files()[0];
        assert!((1_000..20_000).contains(&file.events), "{file:?}");
        assert!(file.sampled && file.rejected.is_empty(), "{file:?}");
        let first = format!("the first {} records only", file.events);
        let groups = "1 of the 10 row groups of the file were read, which has 200000 rows";
        for part in [first.as_str(), groups] {
            assert!(file.notes.iter().any(|n| n.contains(part)), "{file:?}");
        }
        assert!(data.memory() <= bound as u64, "{}", data.memory());
        let last = data.event_count() as u32 - 1;
        assert_eq!(data.event(last).map(|e| e.line), Some(last as usize + 1));

        // Rows of all of it.
        let data = load(source.clone(), bounded(Over::Every(300)));
        let file = &data.files()[0];
        let taken = (ROWS as usize).div_ceil(300);
        assert_eq!((file.events, file.rejected.len()), (taken, 0), "{file:?}");
        let every = format!("every 300th of {ROWS} records, {taken} in all");
        for part in [every.as_str(), "All 10 row groups of the file were read"] {
            assert!(file.notes.iter().any(|n| n.contains(part)), "{file:?}");
        }
        for id in [0, 1, 200, taken as u32 - 1] {
            let row = id as usize * 300;
            assert_eq!(data.event(id).map(|e| e.line), Some(row + 1));
            let begin = format!("{{\"n\":{row},\"text\":\"row {row} ");
            assert!(data.raw(id).is_some_and(|raw| raw.starts_with(&begin)));
        }

        // A sample that does not fit either: how far it goes is told.
        let data = load(source, bounded(Over::Every(2)));
        let file = &data.files()[0];
        let count = data.event_count();
        assert!((1_000..20_000).contains(&count), "{file:?}");
        let part = format!("every 2nd of the first {} records", count * 2);
        let near = format!("every 2nd of the first {} records", count * 2 - 1);
        assert!(
            file.notes
                .iter()
                .any(|n| n.contains(&part) || n.contains(&near)),
            "{file:?}"
        );
    }
}

#[test]
fn a_damaged_row_group_costs_a_sample_only_itself() {
    let mut bytes = parquet(
        &numbered(4_000),
        Compression::ZSTD(ZstdLevel::default()),
        1_000,
    );
    let at = bytes.len() * 3 / 8;
    for byte in &mut bytes[at..at + 1_500] {
        *byte = !*byte;
    }
    let source = Source {
        path: "damaged".into(),
        bytes: Some(bytes),
    };
    let memory = Memory {
        bound: Some(60_000),
        over: Over::Every(10),
        ..Memory::default()
    };
    let data = load(source, memory);
    let file = &data.files()[0];
    assert!(file.sampled && !file.rejected.is_empty(), "{file:?}");
    assert!(file.rejected[0].reason.contains("row group"), "{file:?}");
    assert!((200..400).contains(&file.events), "{file:?}");
    let last = data.event_count() as u32 - 1;
    assert_eq!(data.event(last).map(|e| e.line), Some(3_991));
}

#[test]
fn a_packed_parquet_file_cannot_be_sampled() {
    let bytes = parquet(&numbered(40_000), Compression::SNAPPY, 10_000);
    let source = Source {
        path: "packed".into(),
        bytes: Some(zstd::encode_all(&bytes[..], 1).expect("packed")),
    };
    let memory = Memory {
        bound: Some(100_000),
        over: Over::First,
        ..Memory::default()
    };
    let data = load(source, memory);
    let reason = &data.files()[0].rejected[0].reason;
    assert!(
        reason.contains("packed Parquet file: unpack it"),
        "{reason}"
    );
}

/// Thrift's compact protocol: fields of a struct by their distance from the one before.
struct Struct(Vec<u8>);

fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn signed(value: i64) -> Vec<u8> {
    number((value << 1 ^ value >> 63) as u64)
}

impl Struct {
    fn new() -> Self {
        Self(Vec::new())
    }
    fn with(mut self, distance: u8, kind: u8, bytes: &[u8]) -> Self {
        self.0.push(distance << 4 | kind);
        self.0.extend(bytes);
        self
    }
    fn int(self, distance: u8, value: i64) -> Self {
        self.with(distance, 5, &signed(value))
    }
    fn long(self, distance: u8, value: i64) -> Self {
        self.with(distance, 6, &signed(value))
    }
    fn text(self, distance: u8, text: &str) -> Self {
        let bytes = [number(text.len() as u64), text.into()].concat();
        self.with(distance, 8, &bytes)
    }
    fn list(self, distance: u8, kind: u8, items: &[Vec<u8>]) -> Self {
        let head = vec![(items.len() as u8) << 4 | kind];
        self.with(distance, 9, &[head, items.concat()].concat())
    }
    fn end(mut self) -> Vec<u8> {
        self.0.push(0);
        self.0
    }
}

/// A page: its head and its body.
type Page = (Vec<u8>, Vec<u8>);

/// A data page that says these numbers of bytes, values, and this encoding.
fn page(unpacked: i64, values: i64, encoding: i64, body: &[u8]) -> Page {
    let inner = Struct::new()
        .int(1, values)
        .int(1, encoding)
        .int(1, 3)
        .int(1, 3);
    let head = Struct::new()
        .int(1, 0)
        .int(1, unpacked)
        .int(1, body.len() as i64)
        .with(2, 12, &inner.end());
    (head.end(), body.to_vec())
}

fn dictionary(unpacked: i64, values: i64, body: &[u8]) -> Page {
    let inner = Struct::new().int(1, values).int(1, 0);
    let head = Struct::new()
        .int(1, 2)
        .int(1, unpacked)
        .int(1, body.len() as i64)
        .with(4, 12, &inner.end());
    (head.end(), body.to_vec())
}

/// A column `n`: its physical type, the length of its cells, how often it is there (0: once, 2: a list), its packing.
#[derive(Clone, Copy)]
struct Column(i64, i64, i64, i64);

const LONGS: Column = Column(2, 0, 0, 0);
const TEXTS: Column = Column(6, 0, 0, 0);

/// A file with one row group of that many rows.
fn hand_made(column: Column, rows: i64, pages: &[Page]) -> Vec<u8> {
    let Column(ty, length, often, packing) = column;
    let mut bytes = b"PAR1".to_vec();
    for (head, body) in pages {
        bytes.extend(head);
        bytes.extend(body);
    }
    let size = bytes.len() as i64 - 4;
    let root = Struct::new().text(4, "schema").int(1, 1).end();
    let leaf = Struct::new()
        .int(1, ty)
        .int(1, length)
        .int(1, often)
        .text(1, "n");
    let is_dictionary = |page: &Page| page.0.get(1) == Some(&4);
    let data_at = 4 + match pages.first() {
        Some(page) if is_dictionary(page) => (page.0.len() + page.1.len()) as i64,
        _ => 0,
    };
    let chunk = Struct::new()
        .int(1, ty)
        .list(1, 5, &[signed(0)])
        .list(1, 8, &[[number(1), b"n".to_vec()].concat()])
        .int(1, packing)
        .long(1, rows)
        .long(1, size)
        .long(1, size)
        .long(2, data_at);
    let chunk = match data_at {
        4 => chunk,
        _ => chunk.long(2, 4),
    };
    let column = Struct::new().long(2, 4).with(1, 12, &chunk.end()).end();
    let group = Struct::new()
        .list(1, 12, &[column])
        .long(1, size)
        .long(1, rows);
    let metadata = Struct::new()
        .int(1, 1)
        .list(1, 12, &[root, leaf.end()])
        .long(1, rows)
        .list(1, 12, &[group.end()])
        .end();
    with_end(bytes, &metadata)
}

fn with_end(mut bytes: Vec<u8>, metadata: &[u8]) -> Vec<u8> {
    bytes.extend(metadata);
    bytes.extend((metadata.len() as u32).to_le_bytes());
    bytes.extend(b"PAR1");
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Level::best());
    packer.write_all(bytes).expect("packed");
    packer.finish().expect("packed")
}

/// What a run of differences says: blocks of 128 in four parts, so many values.
fn differences(count: u64, first: i64) -> Vec<u8> {
    [number(128), number(4), number(count), signed(first)].concat()
}

/// Each file, and what is told of it. That the first ones are read shows that the files are made as they should be.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let seven = 7_i64.to_le_bytes();
    let text = [&2_u32.to_le_bytes()[..], b"ab"].concat();
    let read = "its keys: n";
    let two_gb = i64::from(i32::MAX);
    // 128 values of the least difference 0 and no bits each, behind the first: 129 times the same length.
    let same = |length: i64| [differences(129, length), vec![0, 0, 0, 0, 0]].concat();
    let prefixes = [differences(129, 0), signed(64 << 20), vec![0; 4]].concat();
    vec![
        ("a row", hand_made(LONGS, 1, &[page(8, 1, 0, &seven)]), read),
        (
            "packed rows",
            hand_made(Column(2, 0, 0, 2), 1, &[page(8, 1, 0, &gzip(&seven))]),
            read,
        ),
        (
            "texts as differences",
            hand_made(TEXTS, 129, &[page(6, 129, 6, &[same(0), vec![]].concat())]),
            read,
        ),
        (
            "a dictionary",
            hand_made(
                TEXTS,
                1,
                &[dictionary(6, 1, &text), page(3, 1, 8, &[1, 2, 0])],
            ),
            read,
        ),
        (
            "a page of two gigabytes that is not there",
            hand_made(Column(2, 0, 0, 1), 1, &[page(two_gb, 1, 0, &seven)]),
            "a page says it has 2047 MB",
        ),
        (
            "a page that is longer than the file",
            {
                let (_, body) = page(8, 1, 0, &seven);
                let inner = Struct::new().int(1, 1).int(1, 0).int(1, 3).int(1, 3);
                let head =
                    Struct::new()
                        .int(1, 0)
                        .int(1, 8)
                        .int(1, two_gb)
                        .with(2, 12, &inner.end());
                hand_made(LONGS, 1, &[(head.end(), body)])
            },
            "its pages are cut off",
        ),
        (
            "a gzip bomb that says it has eight bytes",
            hand_made(
                Column(2, 0, 0, 2),
                1,
                &[page(8, 1, 0, &gzip(&vec![0; 64 << 20]))],
            ),
            "unpacks to more than the 8 bytes it says",
        ),
        (
            "a dictionary of two thousand million values",
            hand_made(
                Column(2, 0, 0, 0),
                1,
                &[dictionary(8, two_gb, &seven), page(3, 1, 8, &[1, 2, 0])],
            ),
            "more values than bytes",
        ),
        (
            "cells of two gigabytes",
            hand_made(Column(7, two_gb, 0, 0), 1000, &[page(8, 1000, 0, &seven)]),
            "its cells are longer than 64 KB",
        ),
        (
            "a list of two thousand million values",
            hand_made(Column(2, 0, 2, 0), 1, &[page(16, two_gb, 0, &[0; 16])]),
            "values in lists",
        ),
        (
            "more texts than any memory holds",
            hand_made(TEXTS, 1, &[page(12, 1, 6, &differences(1 << 40, 0))]),
            "a page does not have the texts it says",
        ),
        (
            "the same, behind the lengths of what texts share",
            hand_made(
                TEXTS,
                129,
                &[page(
                    30,
                    129,
                    7,
                    &[same(0), differences(1 << 40, 0)].concat(),
                )],
            ),
            "a page does not have the texts it says",
        ),
        (
            "texts that share gigabytes with the one before",
            hand_made(
                TEXTS,
                129,
                &[page(40, 129, 7, &[prefixes, same(0)].concat())],
            ),
            "more than 256 MB",
        ),
        (
            "more rows than there are",
            hand_made(LONGS, i64::MAX, &[page(8, 1, 0, &seven)]),
            "fewer rows than the file says",
        ),
        (
            "two thousand million row groups",
            {
                let mut metadata = Struct::new().int(1, 1);
                let root = Struct::new().text(4, "schema").int(1, 1).end();
                let leaf = Struct::new().int(1, 2).int(2, 0).text(1, "n").end();
                metadata = metadata.list(1, 12, &[root, leaf]).long(1, 1);
                let claim = [vec![0xfc], number(two_gb as u64)].concat();
                let metadata = metadata.with(1, 9, &claim).end();
                with_end(b"PAR1".to_vec(), &metadata)
            },
            "claims more than the file has",
        ),
        (
            "an end that says it is longer than the file",
            [b"PAR1", &u32::MAX.to_le_bytes()[..], b"PAR1"].concat(),
            "cut off or damaged",
        ),
    ]
}

/// Each in a process of its own that may have two gigabytes of addresses: what makes room for what a file claims ends
/// there without a word.
#[cfg(unix)]
#[test]
fn files_that_claim_what_is_not_there_are_told_within_bounds() {
    let folder = tempfile::tempdir().expect("a folder");
    for (at, (what, bytes, reason)) in hostile().into_iter().enumerate() {
        let path = folder.path().join(format!("{at}.parquet"));
        std::fs::write(&path, bytes).expect("written");
        let program = env!("CARGO_BIN_EXE_rulewright");
        let output = std::process::Command::new("sh")
            .args(["-c", "ulimit -v 2000000; exec \"$0\" logs \"$1\""])
            .arg(program)
            .arg(&path)
            .output()
            .expect("it runs");
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        let code = output.status.code();
        assert!(
            code.is_some_and(|code| code < 100),
            "{what}: {code:?} {said}"
        );
        assert!(said.contains(reason), "{what}: not {reason}\n{said}");
    }
}
