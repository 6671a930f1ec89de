//! Paths to bytes: folders are searched, files are read, and what cannot be read is said.

use super::forms::{self, lines};
use super::text::{Disk, fill};
use super::{Source, is_log_file, unpack};
use std::fs;
use std::path::{Path, PathBuf};

/// Files larger than this are refused: their events are kept in memory.
const LARGEST: u64 = 8 << 30;

/// The same for files whose text stays on disk.
const LARGEST_LINES: u64 = 64 << 30;

/// What lies below paths.
#[derive(Default)]
pub(super) struct Below {
    /// What is loaded: a file as it is given, a folder's log files sorted by path, and folders that cannot be read.
    pub sources: Vec<Source>,
    /// Files of folders that are neither named as logs nor as what goes with rules.
    pub passed_over: Vec<PathBuf>,
}

/// Looks for log files below the paths.
pub(super) fn find(paths: &[PathBuf]) -> Below {
    let mut below = Below::default();
    for path in paths {
        if !path.is_dir() {
            below.take(path.clone());
            continue;
        }
        let entries = walkdir::WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.path()));
        for entry in entries {
            match entry {
                Ok(entry) if entry.path().is_file() => below.offer(entry.into_path()),
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().map(Path::to_owned);
                    path.into_iter().for_each(|path| below.take(path));
                }
            }
        }
    }
    below
}

impl Below {
    fn take(&mut self, path: PathBuf) {
        self.sources.push(Source { path, bytes: None });
    }

    /// A file of a folder: a log by its name, or without an extension by what it begins with.
    fn offer(&mut self, path: PathBuf) {
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or("");
        let end = end.to_ascii_lowercase();
        if is_log_file(&path) || (path.extension().is_none() && begins_as_log(&path)) {
            self.take(path);
        } else if !matches!(end.as_str(), "yaml" | "yml" | "py" | "md" | "csv") {
            self.passed_over.push(path);
        }
    }
}

fn begins_as_log(path: &Path) -> bool {
    const HEAD: usize = 64 << 10;
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|mut file| fill(&mut file, 0, HEAD, &mut head));
    if read.is_err() {
        return false;
    }
    if head.len() == HEAD
        && let Some(end) = memchr::memrchr(b'\n', &head)
    {
        head.truncate(end + 1);
    }
    match unpack::is_text(&head) {
        true => forms::may_be_log(&head),
        false => unpack::is_packed(&head),
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.starts_with('.'))
}

/// How many bytes a source has; 0 where it cannot be read.
pub(super) fn size(source: &Source) -> u64 {
    match &source.bytes {
        Some(bytes) => bytes.len() as u64,
        None => fs::metadata(&source.path)
            .ok()
            .filter(fs::Metadata::is_file)
            .map_or(0, |m| m.len()),
    }
}

/// The file of a source whose text can stay on disk: from so many bytes on, lines that are records as they are.
pub(super) fn plain_lines(source: &Source, from: u64) -> Option<Disk> {
    /// The first line must be shorter.
    const HEAD: usize = 64 << 10;
    if source.bytes.is_some() {
        return None;
    }
    let metadata = fs::metadata(&source.path).ok()?;
    if !metadata.is_file() || !(from..=LARGEST_LINES).contains(&metadata.len()) {
        return None;
    }
    let disk = Disk::new(&source.path, &metadata);
    let mut head = Vec::new();
    let mut file = disk.open().ok()?;
    fill(&mut file, 0, HEAD, &mut head).ok()?;
    (unpack::is_text(&head) && lines::begins(&head)).then_some(disk)
}

/// The beginning of a large file that is its own text, up to a line end; none of another source.
///
/// # Errors
/// One sentence saying why it cannot be read.
pub(super) fn head(source: &Source, most: u64) -> Result<Option<Vec<u8>>, String> {
    if source.bytes.is_some() || size(source) <= most {
        return Ok(None);
    }
    let said = |error: std::io::Error| format!("the file cannot be read: {error}");
    let mut file = fs::File::open(&source.path).map_err(said)?;
    let mut head = Vec::new();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    fill(&mut file, 0, most, &mut head).map_err(said)?;
    if !unpack::is_text(&head) {
        return Ok(None);
    }
    if let Some(end) = memchr::memrchr(b'\n', &head) {
        head.truncate(end + 1);
    }
    Ok(Some(head))
}

/// The bytes of a source.
///
/// # Errors
/// One sentence saying why there are none.
pub(super) fn bytes(source: Source) -> Result<Vec<u8>, String> {
    if let Some(bytes) = source.bytes {
        return Ok(bytes);
    }
    let metadata =
        fs::metadata(&source.path).map_err(|error| format!("the file cannot be read: {error}"))?;
    if metadata.is_dir() {
        return Err(match fs::read_dir(&source.path) {
            Ok(_) => "this is a folder, not a file".to_owned(),
            Err(error) => format!("the folder cannot be read: {error}"),
        });
    }
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    if metadata.len() > LARGEST {
        return Err(format!(
            "the file has {} MB; at most {} MB are loaded. Split it into smaller files",
            metadata.len() >> 20,
            LARGEST >> 20
        ));
    }
    fs::read(&source.path).map_err(|error| format!("the file cannot be read: {error}"))
}
