//! Bad records among good ones, the small way and the late way, in memory and on disk: the good ones load, each bad one
//! is told with its line.

use rulewright::kql::Catalog;
use rulewright::logs::{Dataset, Options, Source};
use rulewright::task::{CancelToken, Progress};

fn good(id: &str) -> String {
    format!(r#"{{"id":"{id}","type":"logout.succeeded","effective_at":1780894800}}"#)
}

/// Loads the bytes in every way in which they can be loaded.
fn every_way(bytes: &[u8], look: impl Fn(&Dataset, &str)) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    std::fs::write(&path, bytes).expect("written");
    let on_disk = Source { path, bytes: None };
    let in_memory = Source {
        path: "log.ndjson".into(),
        bytes: Some(bytes.to_vec()),
    };
    for (late, way) in [((0, 1 << 10), "late"), ((u64::MAX, 1 << 20), "at once")] {
        for (source, place) in [(&on_disk, "on disk"), (&in_memory, "in memory")] {
            let options = Options {
                late,
                ..Options::default()
            };
            let data = load(std::slice::from_ref(source), &options);
            look(&data, &format!("{way}, {place}"));
        }
    }
}

fn load(sources: &[Source], options: &Options) -> Dataset {
    let (cancel, progress) = (CancelToken::new(), Progress::new());
    Dataset::from_sources_options(sources.to_vec(), options, &cancel, &progress)
}

fn ids(data: &Dataset) -> Vec<String> {
    let count = u32::try_from(data.event_count()).expect("few");
    (0..count)
        .filter_map(|id| data.event(id)?.record_id)
        .collect()
}

#[test]
fn a_bad_line_costs_only_itself() {
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(10_000), close.repeat(10_000));
        format!(r#"{{"id":"d","type":"t","effective_at":1780894800,"x":{open}1{close}}}"#)
    };
    let bad: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "a NUL byte",
            good("b").replace("b", "b\0").into_bytes(),
            "NUL byte",
        ),
        ("only NUL bytes", vec![0; 4096], "NUL byte"),
        (
            "no UTF-8",
            [
                &b"{\"id\":\"\xff\xfe\""[..],
                b",\"type\":\"t\",\"effective_at\":1}",
            ]
            .concat(),
            "not UTF-8: byte 8",
        ),
        (
            "half a character",
            "{\"id\":\"é".as_bytes()[..8].to_vec(),
            "not UTF-8",
        ),
        (
            "a key twice",
            br#"{"id":"a","type":"t","effective_at":1780894800,"id":"b"}"#.to_vec(),
            "the key \"id\" occurs twice",
        ),
        (
            "a key twice, once with an escape, deep inside",
            br#"{"id":"a","type":"t","effective_at":1780894800,"x":[{"k":1,"\u006b":2}]}"#.to_vec(),
            "the key \"k\" occurs twice",
        ),
        (
            "deep lists",
            deep("[", "]").into_bytes(),
            "nested deeper than 128",
        ),
        (
            "deep objects",
            deep("{\"a\":", "}").into_bytes(),
            "nested deeper than 128",
        ),
        ("open lists", "[".repeat(10_000).into_bytes(), "cut off"),
        (
            "no JSON",
            b"Jun  8 05:00:00 host app: hello".to_vec(),
            "not JSON",
        ),
        (
            "a cut record",
            good("c").as_bytes()[..40].to_vec(),
            "cut off",
        ),
        (
            "two in a line",
            format!("{} {}", good("e"), good("f")).into_bytes(),
            "not JSON",
        ),
        ("a number", b"42".to_vec(), "not an event"),
        (
            "a number that is none",
            br#"{"id":"n","type":"t","effective_at":01}"#.to_vec(),
            "not JSON",
        ),
    ];
    for (what, line, reason) in bad {
        // In the middle, and as the last line without an end.
        for (bytes, at) in [
            (
                [
                    good("1").as_bytes(),
                    b"\n",
                    &line,
                    b"\n",
                    good("2").as_bytes(),
                    b"\n",
                ]
                .concat(),
                2,
            ),
            (
                [
                    good("1").as_bytes(),
                    b"\r\n",
                    good("2").as_bytes(),
                    b"\r\n",
                    &line,
                ]
                .concat(),
                3,
            ),
        ] {
            every_way(&bytes, |data, way| {
                let file = &data.files()[0];
                assert_eq!(ids(data), ["1", "2"], "{what}, {way}: {file:?}");
                assert_eq!(file.rejected.len(), 1, "{what}, {way}: {file:?}");
                let reject = &file.rejected[0];
                assert_eq!(reject.line, at, "{what}, {way}: {file:?}");
                assert!(reject.reason.contains(reason), "{what}, {way}: {reject:?}");
                assert!(reject.excerpt.len() < 400, "{what}");
                let table = data.table("OpenAIAuditLogs").expect("a table");
                assert_eq!(table.rows, 2, "{what}, {way}");
            });
        }
    }
}

#[test]
fn whole_numbers_of_64_bits_are_exact() {
    for seed in [9_007_199_254_740_993_i64, i64::MAX, i64::MIN] {
        let line = format!(
            r#"{{"object":"chat.completion","id":"c","model":"m","created":1780894800,"seed":{seed},"choices":[],"metadata":{{"n":{seed}}}}}"#
        );
        let text = format!("{line}\n{}\n", line.replace("\"c\"", "\"d\""));
        every_way(text.as_bytes(), |data, way| {
            let query = "OpenAIChatCompletions | project EventRequestSeed, tolong(AdditionalFields.metadata.n)";
            let options = rulewright::kql::Options::at(0);
            let found = rulewright::kql::run(query, data, &options).expect("it runs");
            let row: Vec<String> = found.table.row(1).iter().map(|v| v.display()).collect();
            assert_eq!(row, [seed.to_string(), seed.to_string()], "{way}");
        });
    }
}

#[test]
fn numbers_that_fit_no_long_stand_empty_and_are_told() {
    let line = |id: &str, seed: &str| {
        format!(
            r#"{{"object":"chat.completion","id":"{id}","model":"m","created":1780894800,"seed":{seed},"choices":[]}}"#
        )
    };
    let note = "3 events: a number does not fit the whole numbers of its column and stands empty there; the raw text keeps it";
    let wide = ["9223372036854775808", "18446744073709551616", "1e30"];
    let few = line("1", "7");
    let text: String = wide
        .iter()
        .map(|seed| format!("{few}\n{}\n", line(seed, seed)))
        .collect();
    every_way(text.as_bytes(), |data, way| {
        assert_eq!(data.files()[0].notes, [note], "{way}");
        let query = "OpenAIChatCompletions | where isnull(EventRequestSeed) | count";
        let found = kql_run(query, data);
        assert_eq!(found, ["3"], "{way}");
    });
    let rows: String = wide
        .iter()
        .map(|seed| format!("chat.completion,{seed},m,1780894800,{seed}\n"))
        .collect();
    let csv = format!("object,id,model,created,seed\nchat.completion,1,m,1780894800,7\n{rows}");
    every_way(csv.as_bytes(), |data, way| {
        let notes = &data.files()[0].notes;
        // 1e30 is no whole number in a text.
        let note = note.replace("3 events", "2 events");
        assert_eq!(
            notes.iter().filter(|n| **n == note).count(),
            1,
            "{way}: {notes:?}"
        );
    });
}

fn kql_run(query: &str, data: &Dataset) -> Vec<String> {
    let options = rulewright::kql::Options::at(0);
    let found = rulewright::kql::run(query, data, &options).expect("it runs");
    found.table.row(0).iter().map(|v| v.display()).collect()
}

#[test]
fn numbers_beyond_64_bits_are_rounded_and_told() {
    let big = "123456789012345678901234567890";
    let line = good("1").replace('}', &format!(",\"logout.succeeded\":{{\"n\":{big}}}}}"));
    every_way(
        format!("{line}\n{}\n", good("2")).as_bytes(),
        |data, way| {
            assert_eq!(ids(data), ["1", "2"], "{way}");
            let notes = &data.files()[0].notes;
            let note =
                "1 event: a number beyond 64 bits was rounded in the table; the raw text keeps it";
            assert!(notes.iter().any(|n| n == note), "{way}: {notes:?}");
            assert!(data.raw(0).is_some_and(|raw| raw.contains(big)), "{way}");
        },
    );
}

#[test]
fn a_line_of_a_hundred_megabytes() {
    let long = good("long").replace("logout", &"x".repeat(100 << 20));
    let junk = format!("{{\"junk\":\"{}\"}}", "y".repeat(10 << 20));
    let shorter = good("long").replace("logout", &"x".repeat(10 << 20));
    let broken = &shorter[..shorter.len() - 3];
    for (line, taken, reason) in [
        (long.as_str(), true, ""),
        (&junk, false, "no connector"),
        (broken, false, "cut off"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.ndjson");
        std::fs::write(&path, format!("{}\n{line}\n{}\n", good("1"), good("2"))).expect("written");
        let data = load(&[Source { path, bytes: None }], &Options::default());
        let file = &data.files()[0];
        let expected: &[&str] = if taken {
            &["1", "long", "2"]
        } else {
            &["1", "2"]
        };
        assert_eq!(ids(&data), expected);
        assert_eq!(file.rejected.len(), usize::from(!taken));
        if let Some(reject) = file.rejected.first() {
            assert_eq!(reject.line, 2);
            assert!(
                reject.reason.contains(reason) && reject.excerpt.len() < 400,
                "{}",
                reject.reason
            );
        }
        // Its text stays on disk.
        assert!(data.memory() < 64 << 20, "{}", data.memory());
    }
}

/// A cell of a hundred megabytes in quotes, closed or not: the records around it load.
#[test]
fn a_cell_of_a_hundred_megabytes() {
    const TABLE: &str = "
id: rows
title: Rows
recognise: [{ kind: { is: text } }]
input: { id: string, kind: string }
tables:
  - name: Rows_CL
    id: Id
    transform: source | project Id = id, Kind = kind
    columns: { Id: string, Kind: string }
";
    let mut connectors = rulewright::logs::Connectors::default();
    assert_eq!(connectors.add(TABLE), []);
    let options = Options {
        connectors,
        ..Options::default()
    };
    const TIMES: usize = 25 << 20;
    for (letters, end, taken) in [
        ("x, \n", "\"", &["1", "2", "3"][..]),
        ("x, y", "", &["1", "3"]),
    ] {
        let long = letters.repeat(TIMES);
        let text = format!("id,kind\n1,a\n2,\"{long}{end}\n3,c\n");
        drop(long);
        let source = Source {
            path: "rows.csv".into(),
            bytes: Some(text.into_bytes()),
        };
        let data = load(&[source], &options);
        let file = &data.files()[0];
        assert_eq!(ids(&data), taken);
        let last = data.event(taken.len() as u32 - 1).expect("an event");
        match taken.len() {
            3 => {
                assert_eq!(file.rejected, []);
                // The line ends in the cell count.
                assert_eq!(last.line, 3 + TIMES + 1);
            }
            _ => {
                assert_eq!(file.rejected.len(), 1);
                let reject = &file.rejected[0];
                assert_eq!((reject.line, last.line), (3, 4));
                assert!(
                    reject.reason.contains("a quoted cell is not closed"),
                    "{}",
                    reject.reason
                );
                assert!(reject.excerpt.len() < 400);
            }
        }
        // The text, and what the cell became.
        assert!(data.memory() < 400 << 20, "{}", data.memory());
    }
}

#[test]
fn units_are_mixed_and_clocks_run_ahead() {
    let times = [
        "1780894800",
        "1780894800000",
        "1780894800000000",
        "1780894800000000000",
        "\"2026-06-08T05:00:00Z\"",
        "4102444799",
    ];
    let lines: String = times
        .iter()
        .enumerate()
        .map(|(n, time)| good(&n.to_string()).replace("1780894800", time) + "\n")
        .collect();
    every_way(lines.as_bytes(), |data, way| {
        let seconds = |id| {
            data.event(id)?
                .time
                .map(rulewright::value::time::to_unix_seconds)
        };
        for id in 0..5 {
            assert_eq!(seconds(id), Some(1_780_894_800), "{way}, {id}");
        }
        // The end of 2099, among events of 2026: it is there, and the clock does not follow it.
        assert_eq!(seconds(5), Some(4_102_444_799), "{way}");
        assert_eq!(data.end(), data.event(0).and_then(|e| e.time), "{way}");
        let notes = &data.files()[0].notes;
        assert!(
            notes
                .iter()
                .any(|n| n.starts_with("4 events: the time was not in unix seconds")),
            "{way}: {notes:?}"
        );
        assert!(
            notes
                .iter()
                .any(|n| n.contains("the clock does not follow")),
            "{way}: {notes:?}"
        );
    });
}

#[test]
fn files_that_are_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        Source { path, bytes: None }
    };
    let mut sources = vec![
        file("empty.json", ""),
        Source {
            path: folder.path().to_owned(),
            bytes: None,
        },
        Source {
            path: folder.path().join("gone.json"),
            bytes: None,
        },
        file("good.json", &good("1")),
    ];
    let mut reasons = vec![
        "the file is empty",
        "a folder, not a file",
        "cannot be read",
    ];
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        let loop_path = folder.path().join("loop.json");
        symlink(&loop_path, &loop_path).expect("a link to itself");
        sources.insert(
            3,
            Source {
                path: loop_path,
                bytes: None,
            },
        );
        reasons.push("cannot be read");
    }
    for late in [(0, 1 << 10), (u64::MAX, 1 << 20)] {
        let options = Options {
            late,
            ..Options::default()
        };
        let data = load(&sources, &options);
        for (file, reason) in data.files().iter().zip(&reasons) {
            match file.rejected.first() {
                Some(reject) => assert!(
                    reject.reason.contains(reason) && reject.line <= 1,
                    "{file:?}"
                ),
                None => assert_eq!(*reason, "", "{file:?}"),
            }
        }
        let last = data.files().last().expect("files");
        assert_eq!((last.events, last.rejected.len()), (1, 0));
    }
}

/// Who may read everything asks somebody who may not: the program itself, as the user nobody.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a folder");
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    allow(folder.path(), 0o755);
    let secret = folder.path().join("secret.json");
    let open = folder.path().join("open.json");
    std::fs::write(&secret, good("1")).expect("written");
    std::fs::write(&open, good("2")).expect("written");
    allow(&secret, 0o000);
    allow(&open, 0o644);
    // The program may lie where nobody else may look.
    let program = folder.path().join("rulewright");
    std::fs::copy(env!("CARGO_BIN_EXE_rulewright"), &program).expect("copied");
    allow(&program, 0o755);
    let mut command = std::process::Command::new(&program);
    command
        .arg("logs")
        .arg(&secret)
        .arg(&open)
        .current_dir(folder.path());
    if std::fs::read(&secret).is_ok() {
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("the file cannot be read: Permission denied"),
        "{said}"
    );
    assert!(said.contains("1 event in 2 files"), "{said}");
}

/// A file that is there, may be opened, and gives an error when it is read.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_reading_fails() {
    for late in [(0, 1 << 10), (u64::MAX, 1 << 20)] {
        let source = |path: &str| Source {
            path: path.into(),
            bytes: None,
        };
        let options = Options {
            late,
            ..Options::default()
        };
        let data = load(&[source("/proc/self/mem")], &options);
        let file = &data.files()[0];
        assert_eq!((file.events, file.rejected.len()), (0, 1), "{file:?}");
        let reason = &file.rejected[0].reason;
        assert!(reason.starts_with("the file cannot be read: "), "{reason}");
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_read() {
    const COUNT: usize = 60_000;
    let lines: String = (0..COUNT).map(|n| good(&format!("e{n}")) + "\n").collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    for late in [(0, 4 << 10), (u64::MAX, 1 << 20)] {
        for _ in 0..4 {
            std::fs::write(&path, &lines).expect("written");
            let progress = Progress::new();
            let options = Options {
                late,
                ..Options::default()
            };
            let source = Source {
                path: path.clone(),
                bytes: None,
            };
            let data = std::thread::scope(|scope| {
                scope.spawn(|| {
                    // As soon as something was read, or it is all over.
                    for _ in 0..20_000 {
                        if progress.get().0 > 0 {
                            break;
                        }
                        std::thread::sleep(std::time::Duration::from_micros(50));
                    }
                    let file = std::fs::OpenOptions::new()
                        .write(true)
                        .open(&path)
                        .expect("there");
                    file.set_len(lines.len() as u64 / 3).expect("shorter");
                });
                Dataset::from_sources_options(
                    vec![source],
                    &options,
                    &CancelToken::new(),
                    &progress,
                )
            });
            let file = &data.files()[0];
            // Whole, or it is said that it is not.
            let told = file
                .rejected
                .iter()
                .any(|r| r.reason.contains("changed") || r.reason.contains("cut off"));
            assert!(
                file.events == COUNT || told,
                "{} of {COUNT}: {:?}",
                file.events,
                file.rejected.first()
            );
            assert!(file.events <= COUNT);
            let changed = file.rejected.iter();
            let changed = changed.filter(|r| r.reason.starts_with("the file "));
            assert!(changed.count() <= 1, "{:?}", file.rejected);
            // What is no longer there is not misread.
            let last = u32::try_from(data.event_count())
                .expect("few")
                .saturating_sub(1);
            if let Some(raw) = data.raw(last) {
                let event = data.event(last).expect("an event");
                assert_eq!(
                    Some(raw),
                    lines.lines().nth(event.line - 1).map(str::to_owned)
                );
            }
        }
    }
}

#[test]
fn millions_of_blank_lines() {
    let text = format!("{}\n{}{}\n", good("1"), "\n".repeat(3_000_000), good("2"));
    every_way(text.as_bytes(), |data, way| {
        assert_eq!(ids(data), ["1", "2"], "{way}");
        assert_eq!(data.event(1).map(|e| e.line), Some(3_000_002), "{way}");
        assert_eq!(data.files()[0].rejected, [], "{way}");
    });
}

#[test]
fn rejects_without_end_are_bounded() {
    let lines = format!(
        "{}\n{}",
        good("1"),
        "{\"no\":\"connector\"}\n".repeat(60_000)
    );
    every_way(lines.as_bytes(), |data, way| {
        let file = &data.files()[0];
        assert_eq!((file.events, file.rejected.len()), (1, 10_000), "{way}");
        assert_eq!(file.rejects(), 60_000, "{way}");
        assert_eq!(file.rejected[0].line, 2, "{way}");
        assert_eq!(file.rejected[9_999].line, 10_001, "{way}");
        let note = "50000 more records were rejected";
        assert!(
            file.notes.iter().any(|n| n.contains(note)),
            "{way}: {:?}",
            file.notes
        );
    });
}

/// A record of very many values is told, not made a tree of.
#[test]
fn millions_of_values_in_a_record() {
    let zeros = good("many").replace('}', &format!(",\"x\":[{}0]}}", "0,".repeat(2_000_000)));
    let list = format!("[{}0]", "0,".repeat(1_000_000));
    for (line, reason) in [
        (&zeros, "more than 2 million values in one record"),
        (&list, "a list of values that are no records"),
    ] {
        let text = format!("{}\n{line}\n{}\n", good("1"), good("2"));
        every_way(text.as_bytes(), |data, way| {
            assert_eq!(ids(data), ["1", "2"], "{way}");
            let rejected = &data.files()[0].rejected;
            assert!(rejected.iter().all(|reject| reject.line == 2), "{way}");
            let told = rejected.iter().any(|reject| reject.reason.contains(reason));
            // Of many rejects those of the last lines are only counted.
            assert!(told || rejected.len() > 500, "{way}: {rejected:?}");
        });
    }
}

/// A row of very many cells, too.
#[test]
fn millions_of_cells_in_a_row() {
    let text = format!(
        "id,type,effective_at\na1,t.x,1780894800\n{}\na2,t.x,1780894801{}\n",
        ",".repeat(3_000_000),
        ",".repeat(16_000)
    );
    let source = Source {
        path: "rows.csv".into(),
        bytes: Some(text.into_bytes()),
    };
    let data = load(&[source], &Options::default());
    assert_eq!(ids(&data), ["a1", "a2"]);
    let rejected = &data.files()[0].rejected;
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0].line, 3);
    let reason = "a row of more than 16387 cells where there are 3 columns";
    assert_eq!(rejected[0].reason, reason);
}
