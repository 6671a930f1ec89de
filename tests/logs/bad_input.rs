//! Input that is large, binary or hostile: the rest loads, the fault is told, nothing panics.

use super::load;
use flate2::Compression;
use flate2::write::GzEncoder;
use rulewright::logs::{Dataset, Source};
use rulewright::task::{CancelToken, Progress};
use std::io::Write;

const GOOD: &str = r#"{"id":"ok","type":"logout.succeeded","effective_at":1780894800}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("packed");
    packer.finish().expect("packed")
}

/// The only event is the good one, and the reject is at a line for a reason.
fn one_good(data: &Dataset, line: usize, reason: &str) {
    let file = &data.files()[0];
    assert_eq!(file.events, 1, "{file:?}");
    assert_eq!(
        data.event(0).and_then(|e| e.record_id).as_deref(),
        Some("ok")
    );
    assert_eq!(file.rejected.len(), 1, "{file:?}");
    assert_eq!(file.rejected[0].line, line, "{file:?}");
    assert!(file.rejected[0].reason.contains(reason), "{file:?}");
}

/// Nothing is loaded, for a reason.
fn nothing(bytes: impl Into<Vec<u8>>, reason: &str) {
    let data = load("input", bytes);
    let file = &data.files()[0];
    assert_eq!(file.events, 0);
    assert_eq!(file.rejected.len(), 1, "{file:?}");
    assert!(file.rejected[0].reason.contains(reason), "{file:?}");
}

#[test]
fn a_nul_byte() {
    let text = format!("{{\"id\":\"a\0b\",\"type\":\"t\",\"effective_at\":1}}\n{GOOD}\n");
    one_good(&load("nul", text), 1, "NUL byte");
    nothing(vec![0; 5000], "binary data");
    nothing(b"a,b\0\0\0\x01\n1,2\n".to_vec(), "binary data");
}

#[test]
fn a_nul_byte_in_a_row() {
    let row = |n: usize| format!("a{n},login.succeeded,2026-06-08T05:00:00Z\n");
    let head = "id,type,effective_at\n";
    let text = format!(
        "{head}{}{}{}",
        row(1),
        row(2).replace("a2", "a\x002"),
        row(3)
    );
    let data = load("nul.csv", text);
    let file = &data.files()[0];
    assert_eq!((file.form.as_str(), file.events), ("csv", 2), "{file:?}");
    let rejects: Vec<_> = file.rejected.iter().map(|r| (r.line, &*r.reason)).collect();
    assert_eq!(rejects, [(3, "a NUL byte stands in the row")]);
}

#[test]
fn the_line_of_a_row_whatever_ends_lines() {
    let row = |n: usize| format!("a{n},t,2026-06-08T05:00:00Z\n");
    let others: String = (3..9).map(row).collect();
    let rows = format!("id,type,effective_at\n{}a2,t\n{others}", row(1));
    for end in ["\n", "\r\n", "\r"] {
        let data = load("rows.csv", rows.replace('\n', end));
        let file = &data.files()[0];
        let lines: Vec<usize> = file.rejected.iter().map(|r| r.line).collect();
        assert_eq!((file.events, lines), (7, vec![3]), "{end:?}: {file:?}");
        assert_eq!(data.event(1).map(|e| e.line), Some(4), "{end:?}");
    }
}

#[test]
fn bytes_that_are_no_utf8() {
    let mut text = GOOD.as_bytes().to_vec();
    text.extend(b"\n{\"id\":\"\xff\",\"type\":\"t\",\"effective_at\":1}\n");
    one_good(&load("utf8", text), 2, "not UTF-8: byte 8");
}

#[test]
fn nesting_of_ten_thousand() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let line = format!("{{\"id\":\"deep\",\"type\":\"t\",\"effective_at\":1,\"x\":{deep}}}");
        one_good(
            &load("deep", format!("{GOOD}\n{line}\n")),
            2,
            "nested deeper than 128",
        );
        one_good(
            &load("deep", format!("[\n{line},\n{GOOD}\n]")),
            2,
            "nested deeper than 128",
        );
        // Without ends, and as a file of its own.
        for text in [
            open.repeat(10_000),
            format!("{open}\n").repeat(10_000),
            deep,
        ] {
            let data = load("deep", text);
            assert_eq!(data.event_count(), 0);
            assert!(!data.files()[0].rejected.is_empty());
        }
    }
}

#[test]
fn numbers_beyond_64_bits() {
    let big = "123456789012345678901234567890";
    let text = format!(
        r#"{{"id":"big","type":"t","effective_at":1780894800,"t":{{"n":{big},"top":18446744073709551615}}}}"#
    );
    let data = load("numbers", text);
    let file = &data.files()[0];
    assert_eq!(file.events, 1);
    assert!(file.notes.iter().any(|n| n.contains("beyond 64 bits")));
    assert!(data.raw(0).is_some_and(|raw| raw.contains(big)));
    let event = data
        .panther_events("OpenAI.Audit")
        .event(0)
        .expect("parsed");
    let details = event.json()["t"]["top"].as_u64();
    assert_eq!(details, Some(u64::MAX));
}

#[test]
fn a_decompression_bomb() {
    // 400 MB of spaces pack to some 400 KB.
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![b' '; 1 << 20];
    for _ in 0..400 {
        packer.write_all(&block).expect("packed");
    }
    nothing(packer.finish().expect("packed"), "unpacks to more than");
}

#[test]
fn gzip_in_pieces_and_cut() {
    let mut members = gzip(format!("{GOOD}\n").as_bytes());
    members.extend(gzip(
        b"{\"id\":\"second\",\"type\":\"t\",\"effective_at\":1}\n",
    ));
    let data = load("log.json", members);
    assert_eq!(data.files()[0].form, "gzip+ndjson");
    assert_eq!(data.event_count(), 2);
    assert_eq!(data.raw(0).as_deref(), Some(GOOD));

    let mut cut = gzip(format!("{GOOD}\n").as_bytes());
    cut.truncate(cut.len() - 4);
    one_good(&load("log.gz", cut), 2, "gzip data ends here");
    nothing(gzip(&gzip(GOOD.as_bytes())), "gzip inside gzip");
    nothing(gzip(b"\x89PNG\r\n\x1a\n"), "PNG picture");
    nothing(vec![0x1f, 0x8b], "damaged gzip data");
}

#[test]
fn files_of_other_formats() {
    nothing(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "PNG picture");
    nothing(b"PK\x03\x04rest".to_vec(), "ZIP archive, not supported yet");
    nothing(b"\x28\xb5\x2f\xfdrest".to_vec(), "damaged zstd data");
    nothing(b"PAR1rest".to_vec(), "Parquet file is cut off or damaged");
    nothing("   \r\n \n", "empty");
    nothing("\u{feff}", "empty");
    nothing("name: x\nother: y\n", "looks like YAML");
    nothing("# kept\nname:\n  - x\nother: y\n", "looks like YAML");
    let syslog =
        "Jun  8 12:00:00 host sshd[1]: Failed password\nJun  8 12:00:01 host sshd[1]: Closed\n";
    nothing(syslog, "lines of text");
    nothing(
        "error: the disk is full\nit was at 12:00\n",
        "lines of text",
    );
    nothing("<html><body>", "XML or HTML");
    nothing("42", "not JSON");
}

#[test]
fn utf16_as_powershell_saves_it() {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(
        format!("{GOOD}\r\n")
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    let data = load("log.json", bytes);
    assert_eq!(data.files()[0].form, "utf16+ndjson");
    assert_eq!(data.raw(0).as_deref(), Some(GOOD));
}

#[test]
fn half_a_pair_of_utf16_costs_its_record() {
    let mut bytes = vec![0xff, 0xfe];
    let mut add = |text: &str| bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    add("{\"id\":\"");
    add("x");
    add(&format!("\",\"type\":\"t\",\"effective_at\":1}}\n{GOOD}\n"));
    // The x, behind the mark and seven characters.
    bytes[16..18].copy_from_slice(&0xd800_u16.to_le_bytes());
    one_good(&load("half.json", bytes), 1, "not UTF-8");
}

#[test]
fn paths_that_cannot_be_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let source = |path: std::path::PathBuf| Source { path, bytes: None };
    let data = Dataset::from_sources(
        vec![
            source(dir.path().join("missing.json")),
            source(dir.path().to_owned()),
        ],
        &CancelToken::new(),
        &Progress::new(),
    );
    for (file, reason) in data.files().iter().zip(["cannot be read", "a folder"]) {
        assert_eq!(file.rejected[0].line, 0);
        assert!(file.rejected[0].reason.contains(reason), "{file:?}");
    }
    assert_eq!(data.files().len(), 2);
}

#[test]
fn folders_are_searched_for_log_files() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(path, GOOD.replace("ok", name)).expect("written");
    };
    for name in [
        "b.json",
        "a.ndjson",
        "deep/er/c.LOG",
        "notes.md",
        "x.txt",
        "y.jsonl.1",
        "y.log.2026-01-01",
        "y.log-20260101",
        "z",
        ".hidden/d.json",
    ] {
        write(name);
    }
    std::fs::write(
        dir.path().join("LICENSE"),
        "Permission is granted, free of charge\n",
    )
    .expect("written");
    let load = |path| Dataset::load(&[path], &CancelToken::new(), &Progress::new());
    let data = load(dir.path().to_owned());
    let ids: Vec<_> = (0..data.event_count() as u32)
        .filter_map(|id| data.event(id)?.record_id)
        .collect();
    let wanted = [
        "a.ndjson",
        "b.json",
        "deep/er/c.LOG",
        "y.jsonl.1",
        "y.log-20260101",
        "y.log.2026-01-01",
        "z",
    ];
    assert_eq!(ids, wanted);
    let passed_over = rulewright::logs::passed_over(&[dir.path().to_owned()]);
    let wanted = ["LICENSE", "x.txt"].map(|name| dir.path().join(name));
    assert_eq!(passed_over, wanted);
    // A file that is named is loaded whatever it is called.
    assert_eq!(load(dir.path().join("notes.md")).event_count(), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    let closed = dir.path().join("closed");
    std::fs::create_dir(&closed).expect("a folder");
    std::fs::write(dir.path().join("a.json"), GOOD).expect("written");
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o000)).expect("closed");
    if std::fs::read_dir(&closed).is_ok() {
        return; // whoever runs this may read anything
    }
    let paths = [dir.path().to_owned()];
    let data = Dataset::load(&paths, &CancelToken::new(), &Progress::new());
    let file = &data.files()[1];
    assert_eq!((&file.path, data.event_count()), (&closed, 1));
    assert!(
        file.rejected[0]
            .reason
            .contains("the folder cannot be read")
    );
}

#[test]
fn the_same_event_in_two_files_counts_once() {
    let source = |name: &str, text: String| Source {
        path: name.into(),
        bytes: Some(text.into_bytes()),
    };
    let spaced = GOOD.replace(":", ": ");
    let changed = GOOD.replace("1780894800", "1780894801");
    let data = Dataset::from_sources(
        vec![
            // Twice in one file: kept, as the platform would.
            source("one", format!("{GOOD}\n{GOOD}\n")),
            source("two", format!("[{spaced}, {changed}]")),
        ],
        &CancelToken::new(),
        &Progress::new(),
    );
    assert_eq!(data.files()[0].events, 2);
    // What a file holds does not hang on what was loaded before it.
    assert_eq!(
        (data.files()[0].duplicates, data.files()[1].duplicates),
        (0, 1)
    );
    assert_eq!(data.files()[1].events, 2);
    assert_eq!(data.files()[1].first, data.files()[0].first);
    assert_eq!(data.event_count(), 3);
    let note = "1 event: already loaded from another file, counted once";
    assert_eq!(data.files()[1].notes, [note]);
}

#[test]
fn a_slip_of_a_digit_does_not_move_the_clock() {
    // 2062-06-08 among events of 2026: plausible by itself, not among these.
    let far = GOOD
        .replace("1780894800", "2916968400")
        .replace("ok", "far");
    let data = load("log", format!("{GOOD}\n{far}\n{GOOD}\n"));
    assert_eq!(data.event_count(), 3);
    let seconds = data.end().map(rulewright::value::time::to_unix_seconds);
    assert_eq!(seconds, Some(1_780_894_800));
    let notes = &data.files()[0].notes;
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with("1 event: the time lies more than ten years after"));
    // Alone it is the end.
    let seconds = load("log", far)
        .end()
        .map(rulewright::value::time::to_unix_seconds);
    assert_eq!(seconds, Some(2_916_968_400));
}

#[test]
fn a_record_that_lacks_something_is_told_what() {
    for (record, reason) in [
        (
            r#"{"id":"a","type":"logout.succeeded"}"#,
            "looks like an OpenAI audit event but has no `effective_at`",
        ),
        (
            r#"{"id":"a","effective_at":1780894800}"#,
            "looks like an OpenAI audit event but has no `type`",
        ),
        (
            r#"{"id":"a","type":7,"effective_at":1780894800}"#,
            "its `type` is not text",
        ),
        (
            r#"{"id":"c","choices":[]}"#,
            "has neither `object` nor `created`",
        ),
        (
            r#"{"id":"c","model":"m","created":1780894800}"#,
            "has neither `object` nor `choices`",
        ),
        (
            r#"{"hello":1,"world":2}"#,
            "no connector takes this record (its keys: hello, world)",
        ),
        (
            r#"{"type":"Feature","geometry":null}"#,
            "no connector takes this record (its keys: type, geometry)",
        ),
    ] {
        one_good(&load("log", format!("{GOOD}\n{record}\n")), 2, reason);
    }
}

#[test]
fn a_cancelled_load_says_so() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let source = Source {
        path: "x".into(),
        bytes: Some(GOOD.into()),
    };
    let data = Dataset::from_sources(vec![source], &cancel, &Progress::new());
    assert_eq!(data.event_count(), 0);
}

/// Every cut and many a flipped byte of a small file: never a panic, and what is told is consistent.
#[test]
fn mutilated_files_never_panic() {
    let page = format!(
        "{{\n  \"object\": \"list\",\n  \"data\": [\n    {GOOD},\n    {{\"id\": \"é\", \"type\": \"a.b\",\n     \"effective_at\": 1780894801, \"a.b\": {{\"x\": [1, \"\\u00e9\"]}}}}\n  ],\n  \"has_more\": false\n}}\n"
    );
    let row = "{\"tables\":[{\"name\":\"P\",\"columns\":[{\"name\":\"EventType\",\"type\":\"string\"}],\"rows\":[[\"x\"]]}]}";
    let csv = "TimeGenerated [UTC],\"Event\"\"Type\",Id\n\"6/8/2026, 5:00:00.000 AM\",a.b,1\n";
    let mut rng = fastrand::Rng::with_seed(1);
    for text in [page.as_str(), row, csv, &format!("{GOOD}\n{GOOD}\n")] {
        for cut in 0..text.len() {
            consistent(&text.as_bytes()[..cut]);
            consistent(&text.as_bytes()[cut..]);
        }
        for _ in 0..2_000 {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..rng.usize(1..4) {
                let at = rng.usize(..bytes.len());
                bytes[at] = *rng.choice(b"{}[]\",:\\\n\0\xff1ea".iter()).expect("a byte");
            }
            consistent(&bytes);
        }
    }
}

fn consistent(bytes: &[u8]) {
    let data = load("mutilated", bytes);
    let file = &data.files()[0];
    assert_eq!(file.events, data.event_count());
    let lines = bytes.iter().filter(|b| **b == b'\n').count() + 1;
    assert!(
        file.rejected.iter().all(|r| (1..=lines).contains(&r.line)),
        "{file:?}"
    );
    for id in 0..data.event_count() as u32 {
        assert!(data.raw(id).is_some() && data.event(id).is_some());
    }
    assert_eq!(
        data.panther_events("OpenAI.Audit")
            .iter()
            .filter(Result::is_ok)
            .count(),
        data.panther_events("OpenAI.Audit").len()
    );
}

/// The rows of a query's answer, a line each, of which one is damaged.
fn answer_rows() -> String {
    let row = |n: usize| {
        let close = if n == 3 { "}" } else { "]" };
        format!(
            r#"["2026-06-08T05:0{n}:00Z","a{n}","logout.succeeded","2026-06-08T05:0{n}:00Z","session","","",""{close}"#
        )
    };
    (0..8).map(row).collect::<Vec<_>>().join(",\n")
}

fn answer_columns(name: &str, ty: &str) -> String {
    let columns = [
        ("TimeGenerated", "datetime"),
        ("Id", "string"),
        ("EventType", "string"),
        ("EffectiveAt", "datetime"),
        ("ActorType", "string"),
        ("ActorSession", "dynamic"),
        ("ActorApiKey", "dynamic"),
        ("EventDetails", "dynamic"),
    ];
    let column = columns.map(|(column, is)| format!(r#"{{"{name}":"{column}","{ty}":"{is}"}}"#));
    format!("[{}]", column.join(","))
}

#[test]
fn a_damaged_row_of_an_answer_costs_only_itself() {
    let rows = answer_rows();
    let api = answer_columns("name", "type");
    let kusto = answer_columns("ColumnName", "ColumnType");
    let frame = r#"{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0"}"#;
    let table = format!(
        r#""FrameType":"DataTable","TableKind":"PrimaryResult","Columns":{kusto},"Rows":["#
    );
    let end = r#"{"FrameType":"DataSetCompletion","HasErrors":false}"#;
    // The text, the form, and the line of the first row.
    let cases = [
        (
            format!(
                "{{\"tables\":[{{\"name\":\"PrimaryResult\",\"columns\":{api},\"rows\":[\n{rows}\n]}}]}}\n"
            ),
            "log_analytics_query_api",
            2,
        ),
        (
            format!(
                "{{\"tables\":[\n{{\"name\":\"PrimaryResult\",\"columns\":{api},\"rows\":[\n{rows}\n]}}\n]}}\n"
            ),
            "log_analytics_query_api",
            3,
        ),
        (
            format!(
                "{{\"Tables\":[{{\"TableName\":\"Table_0\",\"Columns\":{kusto},\"Rows\":[\n{rows}\n]}},{{\"TableName\":\"Table_1\",\"Columns\":{kusto},\"Rows\":[\n[1]\n]}}]}}\n"
            ),
            "kusto_v1",
            2,
        ),
        (
            format!("[{frame},{{{table}\n{rows}\n]}},{end}]\n"),
            "kusto_v2",
            2,
        ),
        (
            format!("[{frame},\n{{{table}\n{rows}\n]}},\n{end}]\n"),
            "kusto_v2",
            3,
        ),
    ];
    let in_one_line = cases.clone().map(|(text, form, _)| {
        // The damaged row, too, is on the first line then.
        (text.replace('\n', ""), form, None)
    });
    let cases = cases.map(|(text, form, first)| (text, form, Some(first)));
    for (text, form, first) in cases.into_iter().chain(in_one_line) {
        let data = load("answer.json", text.clone());
        let file = &data.files()[0];
        assert_eq!(file.form, form, "{text}");
        let ids: Vec<String> = (0..u32::try_from(data.event_count()).unwrap())
            .filter_map(|id| data.event(id)?.record_id)
            .collect();
        assert_eq!(ids, ["a0", "a1", "a2", "a4", "a5", "a6", "a7"], "{file:?}");
        let lines: Vec<usize> = file.rejected.iter().map(|r| r.line).collect();
        assert_eq!(
            lines,
            [first.map_or(1, |first: usize| first + 3)],
            "{text} {file:?}"
        );
        assert!(file.rejected[0].reason.contains("bracket"), "{file:?}");
    }
}

/// The last row of a table is damaged: the rows of the table behind it, which look the same, are not taken for its own.
#[test]
fn rows_of_the_next_table_are_not_those_of_a_damaged_one() {
    let table = |names: [&str; 3], rows: &str| {
        let column = names.map(|name| format!(r#"{{"name":"{name}","type":"string"}}"#));
        let columns = column.join(",");
        format!(r#"{{"name":"T","columns":[{columns}],"rows":[{rows}]}}"#)
    };
    let first = table(["a", "b", "c"], r#"["1","2","3"],["4","5","6"}"#);
    let second = table(["c", "b", "a"], r#"["7","8","9"],["x","y","z"]"#);
    let data = load("answer.json", format!(r#"{{"tables":[{first},{second}]}}"#));
    let records: Vec<String> = (0..8).filter_map(|id| data.raw(id)).collect();
    // They have no connector; nothing of the second table is read with the columns of the first.
    let reasons: Vec<&str> = data.files()[0]
        .rejected
        .iter()
        .map(|r| r.reason.as_str())
        .collect();
    assert!(records.is_empty(), "{records:?}");
    let taken = reasons.iter().filter(|r| r.contains("its keys: a, b, c"));
    assert_eq!(taken.count(), 1, "{reasons:?}");
}

/// What begins like a record again and again and is none is not walked to its end each time.
#[test]
fn what_only_begins_like_records_takes_no_time() {
    for (first, other) in [
        (r#"[{"a":1,"b":2},"#, r#"{"a":[,"#),
        (r#"[["1","2","3"],"#, r#"["1",[,"#),
        // Each line begins an answer whose list of tables goes on to the end of the text.
        (r#"{"hits":{"hits":["#, "\\\"\n{\"tables\":[1"),
        ("", "{\"Tables\":[{},\n"),
        ("", "{\"Records\":[{\"a\":1,\n"),
        ("", "{\"data\":[{\"a\":1,\n"),
        ("", "a,b\n{\"Records\":[{\"a\":{\\\""),
    ] {
        let text = format!("{first}{}", other.repeat(60_000));
        let start = std::time::Instant::now();
        let data = load("x.json", text);
        assert!(
            start.elapsed().as_secs() < 20,
            "{other}: {:?}",
            start.elapsed()
        );
        assert!(!data.files()[0].rejected.is_empty());
    }
}

/// Each damaged table of an answer is told once: none takes those behind it for its own rows.
#[test]
fn damaged_tables_of_an_answer_are_told_once() {
    const COUNT: usize = 60;
    let columns = r#""columns":[{"name":"a","type":"string"}]"#;
    for (before, first) in [("\n", 3), ("", 2)] {
        let table = format!("{{{columns},\"rows\":[\n[\"x\"}}\n]}}");
        let tables = vec![table; COUNT].join(&format!(",{before}"));
        let data = load(
            "answer.json",
            format!("{{\"tables\":[{before}{tables}\n]}}\n"),
        );
        let file = &data.files()[0];
        let lines: Vec<usize> = file.rejected.iter().map(|r| r.line).collect();
        let each = if before.is_empty() { 2 } else { 3 };
        let expected: Vec<usize> = (0..COUNT).map(|n| first + n * each).collect();
        assert_eq!(lines, expected, "{before:?}");
    }
}
