//! Lines that are records, in blocks: several threads read blocks of a file (or of a text in memory), each with a
//! [fast lane](super::lane) of its own, and hand back what they found; what is unusual is read as any other record.

use super::describe::Tally;
use super::forms::lines;
use super::forms::{Found, Reading};
use super::lane::{LONG_LINE, Lane};
use super::record::{Outcome, Ways, outcome};
use super::sieve::Sieves;
use super::store::Events;
use super::text::{Disk, fill};
use crate::task::{CancelToken, Progress};
use std::collections::BTreeMap;
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;

/// Bytes of a block.
pub(super) const BLOCK: usize = 1 << 20;

/// Bytes behind a block that are read with it, for the end of its last line.
const REST: usize = 4 << 10;

/// Where lines are.
#[derive(Clone, Copy)]
pub(super) enum Lines<'t> {
    /// In memory, from an offset on.
    Memory(&'t [u8], usize),
    /// On disk.
    Disk(&'t Disk),
}

impl Lines<'_> {
    /// How many bytes there are.
    pub fn length(&self) -> u64 {
        match self {
            Lines::Memory(text, _) => text.len() as u64,
            Lines::Disk(disk) => disk.length(),
        }
    }
}

/// What a block of lines holds.
#[derive(Default)]
pub(super) struct Block {
    /// Events of the fast lane; their lines count from the block's first, which is 0.
    pub events: Events,
    pub tally: Tally,
    /// What was read in another way, and before which of the events it stands.
    pub others: Vec<(usize, Outcome)>,
    /// How many lines there are.
    pub lines: usize,
    /// Why the block could not be read.
    pub failed: Option<String>,
}

/// Reads all blocks and gives them to `take` in order, until it says that it is enough. Lanes that are there are used, and those made are left there.
pub(super) fn each(
    source: Lines<'_>,
    file: usize,
    ways: &Ways<'_>,
    lanes: &mut Vec<Lane>,
    (cancel, progress): (&CancelToken, Option<&Progress>),
    mut take: impl FnMut(Block) -> bool,
) {
    let size = ways.block as u64;
    let count = source.length().div_ceil(size);
    let threads = (rayon::current_num_threads() as u64).min(count).max(1) as usize;
    while lanes.len() < threads {
        lanes.push(Lane::new(ways.connectors));
    }
    let next = AtomicU64::new(0);
    let enough = AtomicBool::new(false);
    let (give, got) = sync_channel::<(u64, Block)>(threads * 4);
    let mut working = 0;
    std::thread::scope(|scope| {
        for lane in lanes.iter_mut().take(threads) {
            let (give, next, enough) = (give.clone(), &next, &enough);
            let work = move || {
                let mut room = Room::default();
                let mut sieves = Sieves::new(ways);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || cancel.is_cancelled() || enough.load(Ordering::Relaxed) {
                        break;
                    }
                    let lanes = (&mut *lane, &mut sieves);
                    let read = || read(source, file, ways, lanes, &mut room, at);
                    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
                    let block = read.unwrap_or_else(|_| Block {
                        failed: Some("a part of the file could not be read".to_owned()),
                        ..Block::default()
                    });
                    if let Some(progress) = progress {
                        progress.add(size.min(source.length() - at * size));
                    }
                    if give.send((at, block)).is_err() {
                        break;
                    }
                }
            };
            let spawned = std::thread::Builder::new().spawn_scoped(scope, work);
            working += usize::from(spawned.is_ok());
        }
        drop(give);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (at, block) in got {
            early.insert(at, block);
            while let Some(block) = early
                .remove(&due)
                .filter(|_| !enough.load(Ordering::Relaxed))
            {
                enough.fetch_or(!take(block), Ordering::Relaxed);
                due += 1;
            }
        }
    });
    if working == 0 {
        take(Block {
            failed: Some("the machine has no thread free to read the file with".to_owned()),
            ..Block::default()
        });
    }
}

/// What a thread takes records with, and sees which of them are left out.
type With<'t, 'c> = (&'t mut Lane, &'t mut Sieves<'c>);

/// What a thread reads with.
#[derive(Default)]
struct Room {
    file: Option<File>,
    buffer: Vec<u8>,
}

/// The lines whose line end before them lies in a block; of the first block also the first line.
fn read(
    source: Lines<'_>,
    file: usize,
    ways: &Ways<'_>,
    with: With<'_, '_>,
    room: &mut Room,
    number: u64,
) -> Block {
    let size = ways.block;
    let base = number * size as u64;
    match source {
        Lines::Memory(text, start) => {
            let from = base as usize;
            let own = from..(from + size).min(text.len());
            let first = if number == 0 { Some(start) } else { None };
            parse(text, own, first, 0, file, ways, with)
        }
        Lines::Disk(disk) => match load(disk, base, size, room) {
            Ok(()) => {
                let first = (number == 0).then_some(0);
                let own = 0..size.min(room.buffer.len());
                let block = parse(&room.buffer, own, first, base, file, ways, with);
                // That of a very long line is not kept for the others.
                if room.buffer.capacity() > 4 * (size + LONG_LINE) {
                    room.buffer = Vec::new();
                }
                block
            }
            Err(failed) => Block {
                failed: Some(failed),
                ..Block::default()
            },
        },
    }
}

/// Reads a block and the rest of its last line; the block alone where no line begins in it.
fn load(disk: &Disk, base: u64, size: usize, room: &mut Room) -> Result<(), String> {
    if room.file.is_none() {
        room.file = Some(disk.open()?);
    }
    let Some(file) = &mut room.file else {
        return Err("the file cannot be read".to_owned());
    };
    let left = usize::try_from(disk.length() - base).unwrap_or(usize::MAX);
    // The rest of a line is short as a rule.
    let mut most = size.saturating_add(REST).min(left);
    loop {
        fill(file, base, most, &mut room.buffer).map_err(|error| disk.gone(&error))?;
        if room.buffer.len() < most {
            return Err(disk.changed());
        }
        let (own, rest) = room.buffer.split_at(size.min(most));
        let begins = base == 0 || memchr::memchr(b'\n', own).is_some();
        if most == left || !begins || memchr::memchr(b'\n', rest).is_some() {
            return Ok(());
        }
        let longer = size.saturating_add(LONG_LINE);
        most = match most < longer.min(left) {
            true => longer.min(left),
            // A very long line: its end is looked for before room for it is made.
            false => most + line_end(disk, file, base + most as u64)?,
        };
    }
}

/// How many bytes there are from an offset to behind the next line end, or to the end of the file.
fn line_end(disk: &Disk, file: &mut File, from: u64) -> Result<usize, String> {
    let mut piece = Vec::new();
    let mut passed = 0;
    loop {
        fill(file, from + passed, BLOCK, &mut piece).map_err(|error| disk.gone(&error))?;
        let end = memchr::memchr(b'\n', &piece).map(|at| at as u64 + 1);
        passed += end.unwrap_or(piece.len() as u64);
        if end.is_some() || piece.is_empty() {
            return usize::try_from(passed).map_err(|_| disk.changed());
        }
    }
}

/// Reads the records of the lines that begin behind a line end within `own`; offsets are into `text`, which
/// begins at `base` in its file.
fn parse(
    text: &[u8],
    own: std::ops::Range<usize>,
    first: Option<usize>,
    base: u64,
    file: usize,
    ways: &Ways<'_>,
    (lane, sieves): With<'_, '_>,
) -> Block {
    let mut block = Block::default();
    sieves.begin();
    let mut line_end = match first {
        Some(start) => start.checked_sub(1),
        None => match memchr::memchr(b'\n', text.get(own.clone()).unwrap_or_default()) {
            Some(at) => Some(own.start + at),
            None => return block,
        },
    };
    loop {
        let at = line_end.map_or(0, |end| end + 1);
        if at >= text.len() || line_end.is_some_and(|end| end >= own.end) {
            break;
        }
        let rest = text.get(at..).unwrap_or_default();
        let with = (&mut *lane, &mut *sieves);
        let end = match usual(rest, base + at as u64, file, with, &mut block) {
            Some(length) => at + length,
            None => {
                let end = newline(rest).map_or(text.len(), |n| at + n);
                if let Some(range) = lines::record(text, at, end) {
                    // Without what stands before or behind it, it may be usual.
                    let place = base + range.start as u64;
                    let bytes = text.get(range.clone()).unwrap_or_default();
                    let with = (&mut *lane, &mut *sieves);
                    if range == (at..end) || usual(bytes, place, file, with, &mut block).is_none() {
                        record(text, range, base, file, ways, lane, &mut block);
                    }
                }
                end
            }
        };
        block.lines += 1;
        if end >= text.len() {
            break;
        }
        line_end = Some(end);
    }
    sieves.settle(&mut block);
    block
}

/// Takes the record that a text begins with and that goes to the end of its line, by the fast lane. Gives the offset of
/// the line end; none where the record is unusual.
fn usual(
    text: &[u8],
    start: u64,
    file: usize,
    (lane, sieves): With<'_, '_>,
    block: &mut Block,
) -> Option<usize> {
    let taken = lane.take(text)?;
    let key = sieves.key(lane, text.get(..taken.length)?, &taken)?;
    let at = block.events.len();
    let range = start..start + taken.length as u64;
    block
        .events
        .push_line(range, block.lines, file, taken.connector, taken.time)?;
    match key {
        Some(key) => sieves.wait(at, key, &taken),
        None => block
            .tally
            .count(taken.connector, taken.shape, taken.remarks),
    }
    let carriage_return = text.get(taken.length) == Some(&b'\r');
    Some(taken.length + usize::from(carriage_return))
}

/// The first line end. Lines of some hundred bytes are over before a search for long texts has begun.
fn newline(text: &[u8]) -> Option<usize> {
    const WIDTH: usize = 64;
    let (blocks, rest) = text.as_chunks::<WIDTH>();
    let mut before = 0;
    for block in blocks {
        // Without a branch for each byte, so that many are looked at at once.
        let mut found = false;
        for byte in block {
            found |= *byte == b'\n';
        }
        if found {
            break;
        }
        before += WIDTH;
    }
    let at = |text: &[u8]| text.iter().position(|byte| *byte == b'\n');
    match text.get(before..before + WIDTH) {
        Some(block) => at(block).map(|n| before + n),
        None => at(rest).map(|n| before + n),
    }
}

fn record(
    text: &[u8],
    range: std::ops::Range<usize>,
    base: u64,
    file: usize,
    ways: &Ways<'_>,
    lane: &mut Lane,
    block: &mut Block,
) {
    let bytes = text.get(range.clone()).unwrap_or_default();
    let found = Found {
        range,
        base: 0,
        line: block.lines,
        reading: Reading::Line,
    };
    let mut outcome = outcome(ways, text, &found, file);
    if let Outcome::Event(taken) = &outcome
        && taken.late
        && taken.plain()
        && !taken.remarks.rounded
    {
        lane.learn(bytes, taken.connector, taken.shape);
    }
    outcome.shift(base);
    block.others.push((block.events.len(), outcome));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks inside a long line do not read on to its end, and its end is read once.
    #[test]
    fn a_long_line_is_read_once() {
        const SIZE: usize = 1 << 12;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.ndjson");
        let text = [b"{}\n{".to_vec(), vec![b' '; 4 << 20], b"}\n{}\n".to_vec()].concat();
        std::fs::write(&path, &text).unwrap();
        let disk = Disk::new(&path, &std::fs::metadata(&path).unwrap());
        let mut room = Room::default();
        let mut read = 0;
        for number in 0..text.len().div_ceil(SIZE) {
            let base = number * SIZE;
            load(&disk, base as u64, SIZE, &mut room).unwrap();
            let found = &room.buffer;
            assert_eq!(found.as_slice(), &text[base..base + found.len()]);
            let begins = number == 0 || text[base..text.len().min(base + SIZE)].contains(&b'\n');
            let whole = base + found.len() == text.len() || found[SIZE..].contains(&b'\n');
            assert!(whole || !begins, "{number}");
            read += found.len();
        }
        assert!(read < text.len() * 4, "{read}");
    }
}
