//! Connectors that a person adds.

use rulewright::kql::Catalog;
use rulewright::logs::{Connectors, Dataset, Source};
use rulewright::task::{CancelToken, Progress};
use rulewright::value::time;

const DOOR: &str = r#"
id: door
title: A door
log_type: Acme.Door
recognise:
  - door: { is: text }
near_misses:
  - say: looks like a door's event but its `door` is no text
    when: [{ door: { is: [none, number] } }]
input:
  door: string
  at: string
  who: dynamic
  open: bool
  weight: { type: long, from: w }
tables:
  - name: DoorEvents
    aliases: [DoorEvents_CL]
    id: Door
    time: TimeGenerated
    ingestion_delay: 90s
    transform: |
      source
      | where door !startswith "test"
      | extend Name = tostring(who.name)
      | project TimeGenerated = todatetime(at), Door = door, Name, Open = open, Weight = weight
    columns:
      TimeGenerated: datetime
      Door: string
      Name: string
      Open: bool
      Weight: long
      Type: { type: string, value: DoorEvents_CL }
      Missing: dynamic
"#;

fn connectors() -> Connectors {
    let mut connectors = Connectors::default();
    assert_eq!(connectors.add(DOOR), []);
    connectors
}

fn load(name: &str, text: &str) -> Dataset {
    let source = Source {
        path: name.into(),
        bytes: Some(text.into()),
    };
    Dataset::from_sources_with(
        vec![source],
        &connectors(),
        &CancelToken::new(),
        &Progress::new(),
    )
}

const EVENTS: &str = r#"{"door":"north","at":"2026-06-08T05:00:00Z","who":{"name":"Ana"},"open":true,"w":70}
{"door":"test-1","at":"2026-06-08T05:00:01Z"}
{"object":"chat.completion","id":"c","created":1780894800,"choices":[]}
{"door":"south","at":"never","who":null,"open":"yes"}
{"door":7}
{"door":"east","at":"1999-01-01","w":"12"}
"#;

#[test]
fn a_connector_of_ones_own_fills_its_table() {
    let data = load("door.ndjson", EVENTS);
    let file = &data.files()[0];
    assert_eq!(
        (file.connector.as_str(), file.events),
        ("door+openai-completions", 4)
    );
    let table = data.table("DoorEvents").expect("the table");
    let rows: Vec<String> = (0..table.rows)
        .map(|row| {
            let cells = table.row(row).into_iter().map(|v| v.display());
            cells.collect::<Vec<_>>().join("|")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "2026-06-08T05:00:00.0000000Z|north|Ana|true|70|DoorEvents_CL|",
            "|south||||DoorEvents_CL|",
            "1999-01-01T00:00:00.0000000Z|east|||12|DoorEvents_CL|",
        ]
    );
    // The row that the transform left out is no event; the others keep their order.
    let lineage = table.lineage.as_ref().expect("lineage");
    assert_eq!(
        [lineage.row(0), lineage.row(1), lineage.row(2)],
        [[0], [2], [3]]
    );
    let event = data.event(2).expect("an event");
    assert_eq!((event.line, event.record_id.as_deref()), (4, Some("south")));
    assert_eq!(
        data.event(1).map(|e| e.table),
        Some("OpenAIChatCompletions".to_owned())
    );
    // A time that cannot be right stays in the table and moves no clock.
    assert_eq!(data.event(3).and_then(|e| e.time), None);
    assert_eq!(data.end(), time::parse_datetime("2026-06-08T05:00:00Z"));
    assert_eq!(file.rejected.len(), 1);
    assert!(file.rejected[0].reason.contains("no text"), "{file:?}");
    for part in ["left out by", "no time", "before 2015"] {
        assert!(
            file.notes
                .iter()
                .any(|n| n.starts_with("1 event:") && n.contains(part)),
            "{part}: {file:?}"
        );
    }
    assert_eq!(data.panther_events("Acme.Door").len(), 3);
    assert!(data.table_names().contains(&"DoorEvents_CL".to_owned()));
    assert_eq!(
        connectors().ingestion_delay("DoorEvents_CL"),
        Some(90 * time::SECOND)
    );
    assert_eq!(connectors().ingestion_delay("OpenAIAuditLogs"), None);
}

/// More records than go through a transform together, in several files.
#[test]
fn rows_stay_with_their_events_across_chunks() {
    let line = |n: usize| {
        format!(
            "{{\"door\":\"{}{n}\",\"at\":\"2026-06-08T05:00:00Z\"}}\n",
            if n.is_multiple_of(3) { "test" } else { "d" }
        )
    };
    let files: Vec<Source> = [0..20_000, 19_000..41_000]
        .into_iter()
        .enumerate()
        .map(|(at, range)| Source {
            path: format!("{at}.ndjson").into(),
            bytes: Some(range.map(line).collect::<String>().into_bytes()),
        })
        .collect();
    let data =
        Dataset::from_sources_with(files, &connectors(), &CancelToken::new(), &Progress::new());
    let wanted: Vec<usize> = (0..41_000).filter(|n| n % 3 != 0).collect();
    let table = data.table("DoorEvents").expect("the table");
    assert_eq!(
        (table.rows, data.event_count()),
        (wanted.len(), wanted.len())
    );
    // 19,000 up to 20,000 are in both files.
    let twice = (19_000..20_000).filter(|n| n % 3 != 0).count();
    assert_eq!(data.files()[1].duplicates, twice);
    let doors = table.column("Door").expect("a column");
    let lineage = table.lineage.as_ref().expect("lineage");
    for (row, n) in wanted.iter().enumerate() {
        assert_eq!(doors.text(row), format!("d{n}"));
        let id = lineage.row(row)[0];
        assert_eq!(
            data.event(id).and_then(|e| e.record_id),
            Some(format!("d{n}"))
        );
        assert!(
            data.raw(id)
                .is_some_and(|raw| raw.contains(&format!("\"d{n}\"")))
        );
    }
}

#[test]
fn a_broken_or_clashing_connector_adds_nothing() {
    let mut connectors = connectors();
    let before: Vec<String> = connectors.list().map(|(id, _)| id.to_owned()).collect();
    assert_eq!(
        before,
        [
            "door",
            "openai-audit",
            "openai-completions",
            "panther-other"
        ]
    );
    let clash = DOOR.replace("id: door", "id: gate");
    let wrong = connectors.add(&clash);
    assert!(
        wrong.iter().all(|d| d.code == "connector-conflict") && wrong.len() == 2,
        "{wrong:?}"
    );
    assert!(!connectors.add("id: [").is_empty());
    assert!(!connectors.add("").is_empty());
    assert!(!connectors.add("- a\n- b\n").is_empty());
    let after: Vec<String> = connectors.list().map(|(id, _)| id.to_owned()).collect();
    assert_eq!(after, before);
    // The same id takes its place.
    assert_eq!(connectors.add(&DOOR.replace("A door", "A gate")), []);
    assert_eq!(connectors.list().next(), Some(("door", "A gate")));
}
