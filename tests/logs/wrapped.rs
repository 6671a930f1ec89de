//! What is opened and what is not: a wrapper is one only where a connector takes what is inside and none takes it as
//! it is; and the rows of any form reach a person's own connectors.

use rulewright::kql::Catalog;
use rulewright::logs::{Connectors, Dataset, Source};
use rulewright::task::{CancelToken, Progress};

const EVENT: &str = r#"{"id":"a","type":"logout.succeeded","effective_at":1780894800}"#;

fn load(text: &str, connectors: &Connectors) -> Dataset {
    let source = Source {
        path: "log".into(),
        bytes: Some(text.as_bytes().to_vec()),
    };
    let (cancel, progress) = (CancelToken::new(), Progress::new());
    Dataset::from_sources_with(vec![source], connectors, &cancel, &progress)
}

fn own(yaml: &str) -> Connectors {
    let mut connectors = Connectors::default();
    assert_eq!(connectors.add(yaml), [], "{yaml}");
    connectors
}

/// A connector for records with a member `order`.
const ORDERS: &str = "
id: orders
title: Orders
recognise: [{ order: { is: present } }]
input: { order: string, items: dynamic, event: dynamic, count: long, price: real, paid: bool, at: datetime }
time: at
tables:
  - name: Orders_CL
    id: Order
    time: TimeGenerated
    transform: source | project TimeGenerated = at, Order = order, Items = items, Event = event, Count = count, Price = price, Paid = paid
    columns: { TimeGenerated: datetime, Order: string, Items: dynamic, Event: dynamic, Count: long, Price: real, Paid: bool }
";

#[test]
fn lists_of_any_name_are_opened_where_records_are_inside() {
    for name in [
        "Records",
        "records",
        "value",
        "events",
        "logs",
        "items",
        "results",
        "entries",
        "logEvents",
        "data",
    ] {
        for text in [
            format!("{{\"{name}\":[{EVENT}]}}"),
            format!("{{\n \"count\": 1,\n \"{name}\": [\n  {EVENT}\n ],\n \"next\": null\n}}\n"),
            format!("{{\"next\":\"x\",\"{name}\":[{EVENT}]}}\n{{\"{name}\":[]}}\n"),
        ] {
            let data = load(&text, &Connectors::default());
            let file = &data.files()[0];
            assert_eq!(
                (file.events, file.rejected.len()),
                (1, 0),
                "{text}: {file:?}"
            );
            assert_eq!(data.raw(0).as_deref(), Some(EVENT), "{text}");
        }
    }
}

#[test]
fn an_event_with_such_a_list_is_an_event() {
    // What is inside would be taken as well.
    for text in [
        format!("{{\"order\":\"1\",\"items\":[{EVENT}]}}"),
        format!("{{\n\"order\":\"1\",\n\"items\":[{EVENT},{EVENT}]\n}}"),
        format!("{{\"order\":\"1\",\"event\":{EVENT}}}"),
    ] {
        let data = load(&text, &own(ORDERS));
        let file = &data.files()[0];
        assert_eq!(
            (file.connector.as_str(), file.events),
            ("orders", 1),
            "{text}: {file:?}"
        );
        assert_eq!(data.raw(0), Some(text));
    }
}

#[test]
fn what_nobody_takes_is_not_taken_apart() {
    for (text, rejected) in [
        // A wrapper around something unknown is rejected as it is, once.
        (r#"{"event":{"some":"thing"}}"#, "its keys: event"),
        (r#"{"message":"{\"some\":\"thing\"}"}"#, "its keys: message"),
        (
            r#"{"message":"{\"id\":\"a\",\"type\":"}"#,
            "its keys: message",
        ),
        // A list that is a small part of its document.
        (
            r#"{"some":"document with much to say of itself and of nothing else","tags":"a, b","value":[{"a":1}]}"#,
            "its keys: some, tags, value",
        ),
        (r#"{"value":[1,2,3]}"#, "its keys: value"),
        (r#"{"hits":3,"event":[]}"#, "its keys: hits, event"),
    ] {
        let data = load(text, &Connectors::default());
        let file = &data.files()[0];
        assert_eq!((file.events, file.rejected.len()), (0, 1), "{file:?}");
        assert!(file.rejected[0].reason.contains(rejected), "{file:?}");
    }
    // A long list of unknown records in a document: each is told, so that a connector can be made of them.
    let data = load(
        r#"{"Records":[{"some":"thing","more":1},{"some":"other","more":2}]}"#,
        &Connectors::default(),
    );
    assert_eq!(data.files()[0].rejected.len(), 2);
    assert_eq!(data.files()[0].form, "wrapped_list");
}

#[test]
fn wrappers_in_wrappers_are_bounded() {
    let mut text = EVENT.to_owned();
    for depth in 1..8 {
        text = format!("{{\"event\":{text}}}");
        let data = load(&text, &Connectors::default());
        assert_eq!(data.event_count(), usize::from(depth <= 4), "{depth}");
    }
    let wide = format!(
        "{{\"event\":{}1{}}}",
        "{\"log\":".repeat(100),
        "}".repeat(100)
    );
    assert_eq!(load(&wide, &Connectors::default()).event_count(), 0);
}

#[test]
fn mixed_files_are_handled_record_by_record() {
    let text = format!(
        "{EVENT}\n{{\"log\":{}}}\n{{\"order\":\"7\"}}\n{{\"value\":[{EVENT},{{\"order\":\"8\"}}]}}\n{{\"no\":1}}\n",
        serde_json::to_string(&EVENT.replace("\"a\"", "\"b\"")).expect("a text")
    );
    let data = load(&text, &own(ORDERS));
    let file = &data.files()[0];
    assert_eq!(
        (file.form.as_str(), file.connector.as_str()),
        ("mixed", "orders+openai-audit")
    );
    assert_eq!((file.events, file.rejected.len()), (5, 1), "{file:?}");
    assert_eq!(file.rejected[0].line, 5);
    let lines: Vec<usize> = (0..5).filter_map(|id| Some(data.event(id)?.line)).collect();
    assert_eq!(lines, [1, 2, 3, 4, 4]);
}

#[test]
fn rows_of_every_form_reach_a_persons_connector() {
    let csv = |separator: &str, price: &str| {
        let row = |cells: &[&str]| cells.join(separator) + "\r\n";
        row(&["order", "count", "price", "paid", "at", "items"])
            + &row(&[
                "007",
                "3",
                price,
                "True",
                "2026-06-08T05:00:00Z",
                "\"[{\"\"sku\"\": 1}]\"",
            ])
            + &row(&["8", "", "", "", "", ""])
    };
    let query = r#"{"tables":[{"name":"PrimaryResult","columns":[{"name":"order","type":"string"},{"name":"count","type":"long"},
        {"name":"price","type":"real"},{"name":"paid","type":"bool"},{"name":"at","type":"datetime"},{"name":"items","type":"dynamic"}],
        "rows":[["007",3,1.5,true,"2026-06-08T05:00:00Z","[{\"sku\": 1}]"],["8",null,null,null,null,null]]}]}"#;
    let cli = r#"[{"TableName":"PrimaryResult","order":"007","count":"3","price":"1.5","paid":"True","at":"2026-06-08T05:00:00Z","items":"[{\"sku\": 1}]"},
        {"TableName":"PrimaryResult","order":"8","count":"","price":"","paid":"","at":"","items":""}]"#;
    let lines = "{\"order\":\"007\",\"count\":3,\"price\":1.5,\"paid\":true,\"at\":1780894800,\"items\":[{\"sku\": 1}]}\n{\"order\":\"8\"}\n";
    for (what, text) in [
        ("lines", lines.to_owned()),
        ("commas", csv(",", "1.5")),
        ("semicolons", csv(";", "\"1,5\"")),
        ("tabs", csv("\t", "1,5")),
        ("bars", csv("|", "1.5")),
        ("a mark", format!("\u{feff}{}", csv(",", "1.5"))),
        ("query", query.to_owned()),
        ("command line", cli.to_owned()),
    ] {
        let data = load(&text, &own(ORDERS));
        let file = &data.files()[0];
        assert_eq!(
            (file.events, file.rejected.len()),
            (2, 0),
            "{what}: {file:?}"
        );
        let table = data.table("Orders_CL").expect("a table");
        let rows: Vec<Vec<String>> = (0..2)
            .map(|row| table.row(row).iter().map(|value| value.display()).collect())
            .collect();
        let first = [
            "2026-06-08T05:00:00.0000000Z",
            "007",
            "[{\"sku\":1}]",
            "",
            "3",
            "1.5",
            "true",
        ];
        assert_eq!(rows[0], first, "{what}");
        assert_eq!(rows[1], ["", "8", "", "", "", "", ""], "{what}");
    }
}

#[test]
fn odd_csv_is_read_or_told() {
    let connectors = own(ORDERS);
    let events = |text: &str| load(text, &connectors).event_count();
    // Two columns of one name, an unnamed one, empty lines, cells over lines, empty cells at the end of rows.
    assert_eq!(events("order,x,x\n1,2,3\n\n4,5,6\n"), 2);
    assert_eq!(events(",order\n0,a\n1,b\n"), 2);
    assert_eq!(events("order,count,,\n1,2,,\n"), 1);
    assert_eq!(events("order,count\r\n\"a\r\nb\",2\r\n"), 1);
    // A row with too few or too many cells, and a quote that is not closed, cost only themselves.
    for (text, line) in [
        ("order,count\n1,2\n3\n4,5\n6,7\n", 3),
        ("order,count\n1,2\n3,4,5\n6,7\n8,9\n", 3),
        ("order,count\n1,2\n\"3,4\n6,7\n8,9\n", 3),
    ] {
        let data = load(text, &connectors);
        let file = &data.files()[0];
        assert_eq!(
            (file.events, file.rejected.len()),
            (3, 1),
            "{text}: {file:?}"
        );
        assert_eq!(file.rejected[0].line, line, "{text}");
    }
    let reason = |text: &str| {
        load(text, &connectors).files()[0].rejected[0]
            .reason
            .clone()
    };
    assert!(reason("1,2,3\n4,5,6\n7,8,9\n").contains("CSV without a header"));
    assert!(
        reason("Jun 8 05:00:00 host app[1]: a, b\nJun 8 05:00:01 host app[1]: c\n")
            .contains("lines of text")
    );
}

#[test]
fn days_and_months_are_told_apart_over_the_whole_column() {
    let load_dates = |dates: &[&str]| {
        let rows: String = dates
            .iter()
            .enumerate()
            .map(|(n, date)| format!("{n};{date}\n"))
            .collect();
        let data = load(&format!("order;at\n{rows}"), &own(ORDERS));
        let times: Vec<String> = (0..dates.len() as u32)
            .map(|id| {
                data.event(id)
                    .and_then(|e| e.time)
                    .map(rulewright::value::time::format_short)
                    .unwrap_or_default()
            })
            .collect();
        (times, data.files()[0].notes.join("; "))
    };
    // The 13th tells for all rows, wherever it stands.
    let (times, notes) = load_dates(&["05/06/2026 10:00", "13/06/2026 10:00"]);
    assert_eq!(times, ["2026-06-05 10:00:00", "2026-06-13 10:00:00"]);
    assert!(!notes.contains("cannot be told"), "{notes}");
    let (times, _) = load_dates(&["06/05/2026 10:00", "06/13/2026 10:00"]);
    assert_eq!(times, ["2026-06-05 10:00:00", "2026-06-13 10:00:00"]);
    // The order of the rows tells, and that is said.
    let (times, notes) = load_dates(&[
        "06/01/2026 10:00",
        "06/02/2026 10:00",
        "06/03/2026 09:00",
        "07/01/2026 08:00",
    ]);
    assert_eq!(times[3], "2026-07-01 08:00:00");
    assert!(notes.contains("so that the rows are in order"), "{notes}");
    // Both at once: nothing is guessed.
    let (times, notes) = load_dates(&["06/13/2026 10:00", "13/06/2026 10:00"]);
    assert_eq!(times, ["", ""]);
    assert!(notes.contains("some with the month first"), "{notes}");
    let (times, _) = load_dates(&["5.6.2026 23:59:59", "13.06.26 00:00"]);
    assert_eq!(times, ["2026-06-05 23:59:59", "2026-06-13 00:00:00"]);
}

#[test]
fn events_of_any_log_type_are_that_log_types() {
    let line = |n: usize, log_type: &str| {
        format!(
            "{{\"eventName\":\"E{n}\",\"p_log_type\":\"{log_type}\",\"p_event_time\":\"2026-06-08 05:00:0{n}.000\",\"p_row_id\":\"r{n}\"}}\n"
        )
    };
    let text = line(3, "AWS.CloudTrail")
        + &line(1, "Okta.SystemLog")
        + &line(2, "AWS.CloudTrail")
        // One of a log type that a connector has, and that it does not take.
        + &line(4, "OpenAI.Audit")
        + "{\"log\":{\"eventName\":\"E5\",\"p_log_type\":\"AWS.CloudTrail\",\"p_event_time\":\"2026-06-08 05:00:05\"}}\n";
    for late in [(0, 1 << 10), (u64::MAX, 1 << 20)] {
        let source = Source {
            path: "log".into(),
            bytes: Some(text.repeat(2).into_bytes()),
        };
        let options = rulewright::logs::Options {
            late,
            ..Default::default()
        };
        let (cancel, progress) = (CancelToken::new(), Progress::new());
        let data = Dataset::from_sources_options(vec![source], &options, &cancel, &progress);
        let file = &data.files()[0];
        assert_eq!((file.events, file.rejected.len()), (8, 2), "{file:?}");
        let reason = &file.rejected[0].reason;
        assert!(
            reason.contains("no connector for the log type OpenAI.Audit"),
            "{reason}"
        );
        assert_eq!(data.log_types(), ["AWS.CloudTrail", "Okta.SystemLog"]);
        let view = data.panther_events("AWS.CloudTrail");
        let path = ["eventName".to_owned()];
        assert_eq!(
            (view.len(), data.panther_events("Okta.SystemLog").len()),
            (6, 2)
        );
        let times: Vec<_> = (0..6).map(|at| view.time(at)).collect();
        assert!(times.is_sorted() && times.iter().all(Option::is_some));
        assert!(view.path_codes(&path).is_some());
        let first = view.event(0).expect("an event");
        let name = first.exact("eventName").and_then(|v| v.as_str());
        assert_eq!(name, Some("E2"));
        let query = "PantherLogs_CL | where LogType startswith 'AWS' | summarize by Name = tostring(Event.eventName) | order by Name asc";
        let found =
            rulewright::kql::run(query, &data, &rulewright::kql::Options::at(0)).expect("it runs");
        let names: Vec<String> = (0..found.table.rows)
            .map(|row| found.table.row(row)[0].display())
            .collect();
        assert_eq!(names, ["E2", "E3", "E5"]);
    }
}
