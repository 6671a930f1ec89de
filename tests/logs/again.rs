//! Loading again after files changed gives what a fresh load of the same files gives, whatever happened to them.

use super::packed::{numbered, parquet};
use rulewright::kql::Catalog;
use rulewright::logs::{Dataset, Options, Source};
use rulewright::task::{CancelToken, Progress};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that can be seen of a dataset.
fn seen(data: &Dataset) -> String {
    let mut all = String::new();
    for file in data.files() {
        all += &format!("{file:#?}\n");
    }
    for id in 0..data.event_count() as u32 {
        let event = data.event(id);
        all += &format!(
            "{event:?} {:?} {:?}\n",
            data.byte_range(id),
            data.read_raw(id)
        );
    }
    all += &format!("{:?} {:?}\n", data.end(), data.log_types());
    for name in data.table_names() {
        let table = data.table(&name).expect("a table");
        all += &format!("{name} {} {:?}\n", table.rows, table.names);
        for row in 0..table.rows {
            let cells: Vec<String> = table.row(row).iter().map(|v| v.display()).collect();
            let events = table.lineage.as_ref().map(|l| l.row(row).to_vec());
            all += &format!("{events:?} {}\n", cells.join(" | "));
        }
    }
    all
}

fn options(earlier: Option<&Arc<Dataset>>) -> Options {
    Options {
        late: (0, 512),
        earlier: earlier.cloned(),
        ..Options::default()
    }
}

/// The dataset, and how many bytes were read again.
fn load(paths: &[PathBuf], options: &Options) -> Arc<Dataset> {
    let sources = paths.iter().map(|path| Source {
        path: path.clone(),
        bytes: None,
    });
    let data = Dataset::from_sources_options(
        sources.collect(),
        options,
        &CancelToken::new(),
        &Progress::new(),
    );
    Arc::new(data)
}

fn event(rng: &mut fastrand::Rng) -> String {
    let n = rng.u32(..400);
    let id = match rng.u8(..30) {
        // Some events are in several files.
        0 => rng.u32(..20),
        _ => rng.u32(..),
    };
    let time = 1_780_894_800 + n;
    match rng.u8(..14) {
        0 => "{\"no\":\"event\"}".to_owned(),
        1 => "{\"id\":\"cut".to_owned(),
        2 => format!(r#"{{"id":"t{id}","type":"x.y","effective_at":{time}000}}"#),
        3 => format!(
            r#"{{"object":"chat.completion","id":"c{id}","model":"m{n}","created":{time},"choices":[]}}"#
        ),
        4 => {
            format!(r#"{{"message":{{"id":"w{id}","type":"login.failed","effective_at":{time}}}}}"#)
        }
        5 => String::new(),
        6 => format!(
            r#"{{"_source":{{"id":"s{id}","type":"login.failed","effective_at":{time}}},"_index":"i"}}"#
        ),
        _ => format!(
            r#"{{"id":"e{id}","type":"logout.succeeded","effective_at":{time},"actor":{{"type":"session","session":{{"user":{{"id":"u{}","email":"a@b.example"}}}}}}}}"#,
            n % 7
        ),
    }
}

fn lines(rng: &mut fastrand::Rng, most: usize) -> String {
    (0..rng.usize(1..=most))
        .map(|_| event(rng) + "\n")
        .collect()
}

pub fn append(path: &Path, text: &str) {
    let file = std::fs::OpenOptions::new().append(true).open(path);
    let written = file.expect("there").write_all(text.as_bytes());
    written.expect("written");
}

/// Files are added to, cut, replaced, taken away and given new ones beside them, many times over; now and then columns
/// are asked for in between.
#[test]
fn a_load_again_is_a_fresh_load() {
    for seed in 0..16 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let folder = tempfile::tempdir().expect("a folder");
        let mut paths: Vec<PathBuf> = Vec::new();
        let new = |rng: &mut fastrand::Rng, n: usize| {
            let path = folder.path().join(format!("{n}.ndjson"));
            std::fs::write(&path, lines(rng, 60)).expect("written");
            path
        };
        for n in 0..3 {
            paths.push(new(&mut rng, n));
        }
        let mut before = load(&paths, &options(None));
        for step in 3..11 {
            let at = rng.usize(..paths.len().max(1));
            let path = paths.get(at).cloned().filter(|path| path.exists());
            match (rng.u8(..10), path) {
                (0..=3, Some(path)) => {
                    append(&path, &lines(&mut rng, 20));
                }
                // Somebody is in the middle of a line.
                (4, Some(path)) => append(&path, &event(&mut rng)),
                (5, Some(path)) => {
                    let length = std::fs::metadata(&path).map_or(0, |m| m.len());
                    let file = std::fs::OpenOptions::new().write(true).open(&path);
                    let to = length - rng.u64(..=length.min(300));
                    file.expect("there").set_len(to).expect("cut");
                }
                (6, Some(path)) => {
                    // Of the same length at times.
                    let old = std::fs::read_to_string(&path).expect("text");
                    let text = match rng.bool() {
                        true => old
                            .replace("logout.succeeded", "logout.unfinished")
                            .replace("\"a@b", "\"c@d"),
                        false => lines(&mut rng, 60),
                    };
                    std::fs::write(&path, text).expect("written");
                }
                (7, Some(path)) => {
                    std::fs::remove_file(path).expect("gone");
                    if rng.bool() {
                        paths.remove(at);
                    }
                }
                (8, Some(_)) => paths.swap(0, at),
                _ if paths.len() > 5 => {}
                _ => paths.insert(rng.usize(..=paths.len()), new(&mut rng, step)),
            }
            paths.retain(|path| path.exists() || rng.bool());
            if rng.bool() {
                before.columns(
                    "OpenAIAuditLogs",
                    &["EventType", "ActorSession", "TimeGenerated"],
                );
            }
            let again = load(&paths, &options(Some(&before)));
            let fresh = load(&paths, &options(None));
            assert_eq!(seen(&again), seen(&fresh), "seed {seed}, step {step}");
            before = again;
        }
    }
}

/// What was added is all that is read: what lies between the compared ends of the file may even be something else.
#[test]
fn only_what_was_added_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big.ndjson");
    let line = |n: usize| {
        format!(
            "{{\"id\":\"e{n:06}\",\"type\":\"logout.succeeded\",\"effective_at\":1780894800}}\n"
        )
    };
    let text: String = (0..20_000).map(line).collect();
    assert!(text.len() > 1 << 20);
    std::fs::write(&path, &text).expect("written");
    let paths = [path.clone()];
    let before = load(&paths, &options(None));
    assert_eq!(before.event_count(), 20_000);
    let ids = before.columns("OpenAIAuditLogs", &["Id"]).expect("a table");
    assert_eq!(ids.rows, 20_000);

    // The middle is damaged: who reads it would see that.
    let mut damaged = text.into_bytes();
    damaged[700_000..700_500].fill(b'#');
    damaged.extend(line(20_000).bytes());
    std::fs::write(&path, &damaged).expect("written");
    let again = load(&paths, &options(Some(&before)));
    let file = &again.files()[0];
    assert_eq!((file.events, file.rejected.len()), (20_001, 0));
    assert_eq!(file.size, damaged.len() as u64);
    let last = again.event(20_000).expect("an event");
    assert_eq!(
        (last.line, last.record_id.as_deref()),
        (20_001, Some("e020000"))
    );
    // Nor is it read for a column that was there before.
    let ids = again.columns("OpenAIAuditLogs", &["Id"]).expect("a table");
    let id = |row: usize| ids.columns[0].text(row).to_owned();
    assert_eq!(
        (ids.rows, id(10_000), id(20_000)),
        (20_001, "e010000".into(), "e020000".into())
    );
    // A fresh load reads it.
    let fresh = load(&paths, &options(None));
    assert!(!fresh.files()[0].rejected.is_empty());

    // A file that was read whole stays as it is while others change.
    let other = folder.path().join("other.ndjson");
    std::fs::write(&other, line(30_000)).expect("written");
    let both = load(&[other, path], &options(Some(&again)));
    assert_eq!(both.event_count(), 20_002);
    assert_eq!(
        both.event(1).and_then(|e| e.record_id).as_deref(),
        Some("e000000")
    );
    assert_eq!(both.event(1).map(|e| (e.file, e.line)), Some((1, 1)));
}

/// Another connector, another choice, another way of loading: nothing is taken over.
#[test]
fn what_was_chosen_otherwise_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    let line = r#"{"id":"a","type":"logout.succeeded","effective_at":1780894800,"n":1}"#;
    std::fs::write(&path, format!("{line}\n").repeat(50)).expect("written");
    let paths = [path.clone()];
    let before = load(&paths, &options(None));
    let mut other = options(Some(&before));
    let text = "
id: own
title: Own
recognise: [{ n: { is: number } }]
input: { n: long, effective_at: datetime }
time: effective_at
tables:
  - name: Own_CL
    time: TimeGenerated
    transform: source | project TimeGenerated = effective_at, N = n
    columns: { TimeGenerated: datetime, N: long }
";
    assert_eq!(other.connectors.add(text), []);
    let data = load(&paths, &other);
    assert_eq!(data.files()[0].connector, "own");
    let mut skipped = options(Some(&before));
    let choice = rulewright::logs::Choice {
        skip: true,
        ..Default::default()
    };
    skipped.choices.insert(path, choice);
    assert_eq!(load(&paths, &skipped).event_count(), 0);
    let mut at_once = options(Some(&before));
    at_once.late = (u64::MAX, 1 << 20);
    assert_eq!(seen(&load(&paths, &at_once)), seen(&before));
}

/// Packed lines and the rows of Parquet files are not unpacked again.
#[test]
fn packed_files_that_are_the_same_are_not_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rng = fastrand::Rng::with_seed(1);
    let text: String = (0..3_000).map(|_| event(&mut rng) + "\n").collect();
    let packed = folder.path().join("log.zst");
    std::fs::write(
        &packed,
        zstd::encode_all(text.as_bytes(), 1).expect("packed"),
    )
    .expect("written");
    let rows = folder.path().join("rows.parquet");
    let bytes = parquet(&numbered(100), parquet::basic::Compression::SNAPPY, 10);
    std::fs::write(&rows, bytes).expect("written");
    let lines = folder.path().join("lines.ndjson");
    std::fs::write(&lines, &text[..text.len() / 2]).expect("written");
    let paths = [packed, rows, lines.clone()];
    let before = load(&paths, &options(None));
    for _ in 0..3 {
        append(&lines, &(event(&mut rng) + "\n"));
        let again = load(&paths, &options(Some(&before)));
        assert_eq!(seen(&again), seen(&load(&paths, &options(None))));
    }
}
