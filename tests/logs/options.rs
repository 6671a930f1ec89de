//! What a person chooses when loading: form, connector, duplicates, memory.

use rulewright::logs::{
    Choice, Connectors, Dataset, Duplicates, FORMS, Memory, Options, Over, Source, form_title,
};
use rulewright::task::{CancelToken, Progress};
use std::path::PathBuf;

fn source(name: &str, text: &str) -> Source {
    Source {
        path: name.into(),
        bytes: Some(text.as_bytes().to_vec()),
    }
}

fn load(sources: &[Source], options: &Options) -> Dataset {
    let (cancel, progress) = (CancelToken::new(), Progress::new());
    Dataset::from_sources_options(sources.to_vec(), options, &cancel, &progress)
}

fn choosing(file: &str, choice: Choice) -> Options {
    Options {
        choices: [(PathBuf::from(file), choice)].into(),
        ..Options::default()
    }
}

fn event(id: &str) -> String {
    format!(r#"{{"id":"{id}","type":"logout.succeeded","effective_at":1780894800}}"#)
}

/// Late and not late.
const WAYS: [(u64, usize); 2] = [(0, 1 << 10), (u64::MAX, 1 << 20)];

#[test]
fn events_of_two_files_count_once_or_each_time() {
    let (a, b) = (event("a"), event("b"));
    let files = [
        source("one", &format!("{a}\n{b}\n")),
        source("two", &format!("{b}\n")),
    ];
    for late in WAYS {
        for (duplicates, events, note) in [
            (Duplicates::Once, 2, "counted once"),
            (Duplicates::Each, 3, "counted each time"),
        ] {
            let options = Options {
                duplicates,
                late,
                ..Options::default()
            };
            let data = load(&files, &options);
            assert_eq!(data.event_count(), events);
            assert_eq!(data.files()[1].duplicates, 1);
            assert_eq!(data.files()[1].events, 1);
            let notes = &data.files()[1].notes;
            assert!(notes.iter().any(|n| n.contains(note)), "{notes:?}");
        }
    }
}

#[test]
fn a_file_can_be_left_out() {
    let files = [source("one", &event("a")), source("two", &event("b"))];
    let skip = Choice {
        skip: true,
        ..Choice::default()
    };
    let data = load(&files, &choosing("one", skip.clone()));
    assert_eq!(data.event_count(), 1);
    assert_eq!(data.files()[0].choice, skip);
    assert_eq!(data.files()[0].size, event("a").len() as u64);
    assert_eq!(data.event(0).map(|e| e.file), Some(1));
    assert!(data.files()[1].choice.is_none());
}

#[test]
fn a_chosen_form_is_taken_as_it_is() {
    // As a document these are two objects; as lines the second is two damaged ones.
    let text = format!("{}\n{{\n\"x\":1}}\n", event("a"));
    for (form, rejected) in [("ndjson", vec![2, 3]), ("json", vec![2])] {
        let choice = Choice {
            form: Some(form.to_owned()),
            ..Choice::default()
        };
        let data = load(&[source("f", &text)], &choosing("f", choice));
        let file = &data.files()[0];
        let lines: Vec<usize> = file.rejected.iter().map(|r| r.line).collect();
        assert_eq!((file.events, lines), (1, rejected), "{form}: {file:?}");
    }
    let choice = Choice {
        form: Some("az_cli".to_owned()),
        ..Choice::default()
    };
    let data = load(&[source("f", &text)], &choosing("f", choice));
    let reason = &data.files()[0].rejected[0].reason;
    assert!(reason.contains("no form `az_cli` to choose"), "{reason}");
    assert!(reason.contains("ndjson, json"), "{reason}");
    assert!(FORMS.iter().any(|form| form.can_be_chosen));
    assert_eq!(
        form_title("gzip+ndjson"),
        "JSON lines: one record a line (gzip)"
    );
}

#[test]
fn a_chosen_connector_takes_everything() {
    let door = "
id: door
title: A door
recognise: [{ door: { is: text } }]
input: { kind: string, type: string, id: string }
tables:
  - name: Door_CL
    id: Id
    transform: source | project Kind = kind, Type = type, Id = id
    columns: { Kind: string, Type: string, Id: string }
";
    let mut connectors = Connectors::default();
    assert!(connectors.add(door).is_empty());
    for late in WAYS {
        let mut options = Options {
            connectors: connectors.clone(),
            late,
            ..Options::default()
        };
        let choice = Choice {
            connector: Some("door".to_owned()),
            ..Choice::default()
        };
        options.choices.insert("one".into(), choice);
        let lines: String = (0..40).map(|n| event(&format!("e{n}")) + "\n").collect();
        // The same records without a choice, before and behind.
        let files = ["zero", "one", "two"].map(|name| source(name, &lines));
        let data = load(&files, &options);
        let taken: Vec<&str> = data.files().iter().map(|f| f.connector.as_str()).collect();
        assert_eq!(taken, ["openai-audit", "door", "openai-audit"], "{late:?}");
        assert_eq!(data.table_size("Door_CL").map(|s| s.0), Some(40));

        options.choices.entry("two".into()).or_default().connector = Some("gate".to_owned());
        let data = load(&files, &options);
        let reason = &data.files()[2].rejected[0].reason;
        assert!(reason.contains("no connector `gate`"), "{reason}");
    }
}

#[test]
fn what_does_not_fit_is_refused_with_its_size() {
    let big: String = (0..40_000)
        .map(|n| event(&format!("e{n}")) + "\n")
        .collect();
    assert!(big.len() > 2 << 20);
    let files = [source("big", &big), source("small", &event("a"))];
    let bounded = |bound| Options {
        memory: Memory {
            bound,
            over: Over::Refuse,
            ..Memory::default()
        },
        ..Options::default()
    };
    let data = load(&files, &bounded(Some(1 << 20)));
    let file = &data.files()[0];
    assert_eq!((file.events, file.rejected.len()), (0, 1));
    assert_eq!(file.rejected[0].line, 0);
    let reason = &file.rejected[0].reason;
    assert!(
        reason.contains("2 MB") && reason.contains("of 1 MB"),
        "{reason}"
    );
    // The rest is loaded.
    assert_eq!(data.event_count(), 1);
    assert!(data.memory() < 1 << 20);

    let data = load(&files, &bounded(None));
    assert_eq!(data.event_count(), 40_001);
    let held = data.memory();
    assert!(
        held > big.len() as u64 && held < 4 * big.len() as u64,
        "{held}"
    );
}

fn sampling(bound: u64, over: Over) -> Options {
    Options {
        memory: Memory {
            bound: Some(bound),
            over,
            ..Memory::default()
        },
        ..Options::default()
    }
}

/// Every event lies where it is said to, and is one of the file's.
fn is_part_of(data: &Dataset, text: &str, step: usize) {
    assert!(data.files()[0].sampled);
    let lines: Vec<&str> = text.lines().collect();
    for id in 0..u32::try_from(data.event_count()).expect("few") {
        let event = data.event(id).expect("an event");
        let range = data.byte_range(id).expect("a range");
        let raw = data.raw(id).expect("raw text");
        assert_eq!(raw, text[range]);
        assert!(lines[event.line - 1].contains(&raw));
        assert_eq!(event.record_id, Some(format!("e{}", id as usize * step)));
    }
    let table = rulewright::kql::Catalog::table(data, "OpenAIAuditLogs").expect("a table");
    assert_eq!(table.rows, data.event_count());
}

#[test]
fn what_does_not_fit_is_sampled_by_choice() {
    const COUNT: usize = 40_000;
    let lines: String = (0..COUNT).map(|n| event(&format!("e{n}")) + "\n").collect();
    let list = format!(
        "{{\"object\":\"list\",\"data\":[\n{}],\"has_more\":false}}",
        lines.replace("}\n", "},\n")
    );
    let csv = format!(
        "id,type,effective_at,note\n{}",
        (0..COUNT)
            .map(|n| format!("e{n},t,2026-06-08T05:00:00Z,\"a\nb\"\n"))
            .collect::<String>()
    );
    let bound = 1 << 20;
    assert!(lines.len() > 2 << 20);
    for late in WAYS {
        for (what, text) in [("lines", &lines), ("list", &list)] {
            let packed = zstd::encode_all(text.as_bytes(), 1).expect("packed");
            for bytes in [text.as_bytes().to_vec(), packed] {
                let file = Source {
                    path: "big".into(),
                    bytes: Some(bytes),
                };
                let mut options = sampling(bound, Over::First);
                options.late = late;
                let data = load(&[file.clone(), source("other", &event("x"))], &options);
                let loaded = &data.files()[0];
                let many = loaded.events;
                assert!((1_000..20_000).contains(&many), "{what}: {loaded:?}");
                assert!(
                    loaded
                        .notes
                        .iter()
                        .any(|n| n.contains(&format!("the first {many} records only"))),
                    "{what}: {loaded:?}"
                );
                assert!(data.memory() <= bound, "{}", data.memory());
                // A small file still fits.
                assert_eq!(data.files()[1].events, 1, "{what}");

                options.memory.over = Over::Every(100);
                let data = load(&[file], &options);
                assert_eq!(
                    data.event_count(),
                    COUNT / 100,
                    "{what}: {:?}",
                    data.files()
                );
                is_part_of(&data, text, 100);
                let note = format!("every 100th of {COUNT} records, 400 in all");
                assert!(
                    data.files()[0].notes.iter().any(|n| n.contains(&note)),
                    "{what}: {:?}",
                    data.files()
                );
            }
        }
        // Records over two lines.
        let mut options = sampling(bound, Over::Every(1_000));
        options.late = late;
        let mut connectors = Connectors::default();
        let rows = "
id: rows
title: Rows
recognise: [{ note: { is: text } }]
input: { id: string, effective_at: datetime, note: string }
time: effective_at
tables:
  - name: Rows_CL
    id: Id
    time: TimeGenerated
    transform: source | project TimeGenerated = effective_at, Id = id, Note = note
    columns: { TimeGenerated: datetime, Id: string, Note: string }
";
        assert!(connectors.add(rows).is_empty());
        options.connectors = connectors;
        let data = load(&[source("rows.csv", &csv)], &options);
        assert_eq!(data.event_count(), COUNT / 1_000, "{:?}", data.files());
        assert_eq!(
            data.event(3).map(|e| (e.line, e.record_id)),
            Some((6_002, Some("e3000".to_owned())))
        );
        assert_eq!(
            data.raw(3).as_deref(),
            Some("e3000,t,2026-06-08T05:00:00Z,\"a\nb\"")
        );
    }
}

#[test]
fn lines_on_disk_are_sampled_too() {
    const COUNT: usize = 40_000;
    let lines: String = (0..COUNT).map(|n| event(&format!("e{n}")) + "\n").collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big.ndjson");
    std::fs::write(&path, &lines).expect("written");
    let file = Source {
        path: path.clone(),
        bytes: None,
    };
    for (bound, over, events) in [
        (8 << 20, Over::Refuse, COUNT),
        (256 << 10, Over::Refuse, 0),
        (256 << 10, Over::Every(400), COUNT / 400),
    ] {
        let mut options = sampling(bound, over);
        options.late = (0, 64 << 10);
        let data = load(std::slice::from_ref(&file), &options);
        assert_eq!(data.event_count(), events, "{bound} {:?}", data.files());
        if let Over::Every(n) = over {
            is_part_of(&data, &lines, n as usize);
        }
    }
}
