//! The text of a loaded file: in memory, or still on disk and read again where somebody asks for a record.

use std::fs::{File, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// The text of a file, unpacked. Shared, so that a dataset is cheap to clone.
#[derive(Clone)]
pub(super) enum Text {
    /// All of it.
    Memory(Arc<Vec<u8>>),
    /// It stays on disk.
    Disk(Arc<Disk>),
    /// Only pieces of it were kept.
    Pieces(Arc<Pieces>),
}

/// Pieces of a text, in its order.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    text: Vec<u8>,
    /// Where each begins in the whole text and in this one.
    begin: Vec<(u64, usize)>,
}

impl Pieces {
    /// All pieces one behind another.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Bytes of memory.
    pub fn held(&self) -> u64 {
        (self.text.len() + self.begin.len() * size_of::<(u64, usize)>()) as u64
    }

    /// Adds a piece that lies at a place of the whole text, behind those before it. Gives its range in
    /// [`Pieces::text`], and what is to be added to that for its place in the whole.
    pub fn add(&mut self, at: u64, piece: &[u8]) -> (Range<usize>, u64) {
        let start = self.text.len();
        self.begin.push((at, start));
        self.text.extend_from_slice(piece);
        (start..self.text.len(), at.saturating_sub(start as u64))
    }

    /// The bytes of a range of the whole text that lies in a piece.
    fn get(&self, range: Range<u64>) -> Option<&[u8]> {
        let behind = self.begin.partition_point(|(at, _)| *at <= range.start);
        let (at, start) = self.begin.get(behind.checked_sub(1)?)?;
        let from = start + usize::try_from(range.start - at).ok()?;
        let length = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
        self.text.get(from..from.checked_add(length)?)
    }
}

/// A file whose text is not kept, and what tells whether it is still the same.
#[derive(Debug)]
pub(super) struct Disk {
    path: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
}

impl Default for Text {
    fn default() -> Self {
        Text::Memory(Arc::default())
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Text::Memory(text) => write!(f, "{} bytes", text.len()),
            Text::Disk(disk) => write!(f, "{} bytes on disk", disk.length),
            Text::Pieces(pieces) => write!(f, "{} bytes in pieces", pieces.text.len()),
        }
    }
}

impl Text {
    /// Bytes of it that are in memory.
    pub fn held(&self) -> u64 {
        match self {
            Text::Memory(text) => text.len() as u64,
            Text::Disk(_) => 0,
            Text::Pieces(pieces) => pieces.held(),
        }
    }
}

impl Disk {
    /// The file as it is now.
    pub fn new(path: &Path, metadata: &Metadata) -> Self {
        Self {
            path: path.to_owned(),
            length: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }

    /// How many bytes it had.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// How long its first lines are, on average.
    pub fn line_length(&self) -> u64 {
        const HEAD: usize = 256 << 10;
        let mut head = Vec::new();
        let read = self
            .open()
            .ok()
            .map(|mut file| fill(&mut file, 0, HEAD, &mut head));
        match (read, memchr::memchr_iter(b'\n', &head).count() as u64) {
            (Some(Ok(())), lines @ 1..) => head.len() as u64 / lines,
            _ => head.len() as u64,
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// That it is gone or is another file now.
    pub fn open(&self) -> Result<File, String> {
        let file = File::open(&self.path).map_err(|error| self.gone(&error))?;
        self.check(&file)?;
        Ok(file)
    }

    /// Whether it is still the file that was loaded.
    ///
    /// # Errors
    /// That it is not, in one sentence.
    pub fn check(&self, file: &File) -> Result<(), String> {
        let now = file.metadata().map_err(|error| self.gone(&error))?;
        if now.len() != self.length || now.modified().ok() != self.modified {
            return Err(self.changed());
        }
        Ok(())
    }

    /// What is said of a file that is not what it was.
    pub fn changed(&self) -> String {
        format!(
            "the file {} changed while it was read or since then: load it again, or run the command again, when nothing writes to it",
            self.path.display()
        )
    }

    /// What is said of a file that cannot be read.
    pub fn gone(&self, error: &std::io::Error) -> String {
        format!(
            "the file {} cannot be read any more: {error}",
            self.path.display()
        )
    }
}

/// Reads records of texts. Those of files are looked up in what was read last: asked for in the order of the
/// file, the file is read once. Whenever it reads it looks whether the file is still the one that was loaded.
pub(super) struct Reader<'t> {
    texts: &'t [Text],
    /// Bytes that are read from a file at once.
    ahead: usize,
    room: Room,
}

/// The file that a reader has open, and what it read last.
#[derive(Debug, Default)]
pub(super) struct Room {
    open: Option<(usize, File)>,
    buffer: Vec<u8>,
    /// Where in the open file the buffer begins.
    at: u64,
}

impl Room {
    /// Whether the open file is still the one that was loaded.
    pub fn is_fresh(&self, texts: &[Text]) -> bool {
        match &self.open {
            Some((text, file)) => match texts.get(*text) {
                Some(Text::Disk(disk)) => disk.check(file).is_ok(),
                _ => false,
            },
            None => false,
        }
    }
}

impl<'t> Reader<'t> {
    /// A reader of these texts that reads so many bytes at once where they are on disk.
    pub fn new(texts: &'t [Text], ahead: usize) -> Self {
        Self::with(texts, ahead, Room::default())
    }

    /// The same with what another reader of the same texts left.
    pub fn with(texts: &'t [Text], ahead: usize, room: Room) -> Self {
        Self { texts, ahead, room }
    }

    /// What it leaves to the next one.
    pub fn leave(self) -> Room {
        self.room
    }

    /// Some bytes of a text, and those behind them as far as the text goes where there are fewer.
    ///
    /// # Errors
    /// Why they cannot be read, or that the file is no longer what was loaded, in one sentence.
    pub fn bytes(&mut self, text: usize, range: Range<u64>) -> Result<&[u8], String> {
        let unknown = || "there is no such file".to_owned();
        let disk = match self.texts.get(text).ok_or_else(unknown)? {
            Text::Memory(whole) => {
                let end = range.end.min(whole.len() as u64);
                let bytes = whole.get(range.start.min(end) as usize..end as usize);
                return Ok(bytes.unwrap_or_default());
            }
            Text::Pieces(pieces) => return pieces.get(range).ok_or_else(unknown),
            Text::Disk(disk) => disk,
        };
        let room = &mut self.room;
        if room.open.as_ref().is_none_or(|(open, _)| *open != text) {
            room.open = Some((text, disk.open()?));
            room.buffer.clear();
            room.at = 0;
        }
        let end = range.end.min(disk.length);
        let start = range.start.min(end);
        let have = room.at..room.at + room.buffer.len() as u64;
        if start < have.start || end > have.end {
            // Asked for in another order, records are read one by one.
            let goes_on = (have.start..=have.end + self.ahead as u64).contains(&start);
            let ahead = if goes_on { self.ahead as u64 } else { 0 };
            let most = (end - start).max(ahead).min(disk.length - start);
            let most = usize::try_from(most).map_err(|_| unknown())?;
            let (_, file) = room.open.as_mut().ok_or_else(unknown)?;
            let read = fill(file, start, most, &mut room.buffer);
            room.at = start;
            // Behind the read: what was there before it was written over is not taken for what was loaded.
            let read = read.map_err(|error| disk.gone(&error));
            if let Err(reason) = read.and_then(|()| disk.check(file)) {
                room.open = None;
                return Err(reason);
            }
        }
        let from = (start - room.at) as usize;
        let to = (end - room.at) as usize;
        let bytes = room.buffer.get(from..to);
        bytes.ok_or_else(|| disk.changed())
    }
}

/// Reads bytes of a file into a buffer; fewer where the file ends.
pub(super) fn fill(
    file: &mut File,
    start: u64,
    most: usize,
    buffer: &mut Vec<u8>,
) -> std::io::Result<()> {
    // The buffer keeps its length where it can: new bytes would be cleared first.
    if buffer.len() < most {
        buffer.resize(most, 0);
    }
    let mut got = 0;
    file.seek(SeekFrom::Start(start))?;
    while let Some(rest) = buffer.get_mut(got..most).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(got);
    Ok(())
}
