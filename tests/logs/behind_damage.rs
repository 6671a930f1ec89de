//! What is read behind a damaged record, and what is said of what is not.

use super::load;
use rulewright::logs::Dataset;

/// An event with an object inside, on one line.
fn event(n: usize) -> String {
    format!(
        r#"{{"object": "organization.audit_log", "id": "a{n}", "type": "login.succeeded", "effective_at": 1780894800, "actor": {{"type": "session"}}}}"#
    )
}

/// The same over several lines.
fn pretty(n: usize) -> String {
    let value: serde_json::Value = serde_json::from_str(&event(n)).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

/// The same with a bracket that fits no other.
fn damaged(n: usize) -> String {
    event(n).replace(r#""actor": {"#, r#""actor": ["#)
}

fn list(records: &[String], between: &str) -> String {
    format!("[{}]", records.join(between))
}

/// The numbers of the events, and the rejects as line and reason.
fn read(text: &str) -> (Vec<usize>, Vec<(usize, String)>) {
    let data: Dataset = load("x.json", text);
    let count = u32::try_from(data.event_count()).expect("few");
    let ids = (0..count).filter_map(|id| data.event(id)?.record_id);
    let numbers = ids.map(|id| id[1..].parse().expect("a number")).collect();
    let rejects = data.files()[0].rejected.iter();
    let rejects = rejects.map(|r| (r.line, r.reason.clone())).collect();
    (numbers, rejects)
}

fn lines(rejects: &[(usize, String)]) -> Vec<usize> {
    rejects.iter().map(|(line, _)| *line).collect()
}

#[test]
fn every_second_document_is_cut_off() {
    let whole = pretty(0).lines().count();
    let documents = (0..400).map(|n| match n % 2 {
        0 => pretty(n) + "\n",
        // Without its last two lines.
        _ => pretty(n)
            .lines()
            .take(whole - 2)
            .map(|l| l.to_owned() + "\n")
            .collect(),
    });
    let text: String = documents.collect();
    let (ids, rejects) = read(&text);
    assert_eq!(ids, (0..400).step_by(2).collect::<Vec<_>>());
    let each = whole + whole - 2;
    let wanted: Vec<usize> = (0..200).map(|n| n * each + whole + 1).collect();
    assert_eq!(lines(&rejects), wanted);
}

#[test]
fn what_is_no_document_costs_only_itself() {
    let all: Vec<String> = (0..6).map(pretty).collect();
    let text = format!(
        "{}\ngarbage line\n{}\n",
        all[..3].join("\n"),
        all[3..].join("\n")
    );
    let (ids, rejects) = read(&text);
    assert_eq!(ids, [0, 1, 2, 3, 4, 5]);
    assert_eq!(lines(&rejects), [3 * all[0].lines().count() + 1]);
    let (ids, rejects) = read(&format!("{}\n}} and nothing else", pretty(0)));
    assert_eq!(ids, [0]);
    assert!(
        rejects[0].1.contains("nothing from here on was read"),
        "{rejects:?}"
    );
}

#[test]
fn documents_behind_one_with_a_damaged_record() {
    let of = |records: [String; 3]| format!("{{\"Records\":[\n{}\n]}}\n", records.join(",\n"));
    for (place, wanted) in [
        (3, [0, 1, 2, 4, 5, 6, 7, 8]),
        (4, [0, 1, 2, 3, 5, 6, 7, 8]),
        (5, [0, 1, 2, 3, 4, 6, 7, 8]),
    ] {
        let record = |n: usize| if n == place { damaged(n) } else { event(n) };
        let text: String = (0..3)
            .map(|d| of([record(d * 3), record(d * 3 + 1), record(d * 3 + 2)]))
            .collect();
        let (ids, rejects) = read(&text);
        assert_eq!(ids, wanted, "{rejects:?}");
        // Five lines a document, its records from the second on.
        assert_eq!(lines(&rejects), [5 + 2 + place - 3], "{rejects:?}");
    }
}

#[test]
fn one_line_goes_on_behind_a_damaged_record() {
    for place in [0, 1, 57, 998, 999] {
        let record = |n: usize| if n == place { damaged(n) } else { event(n) };
        let records: Vec<String> = (0..1000).map(record).collect();
        let wanted: Vec<usize> = (0..1000).filter(|n| *n != place).collect();
        for between in [",", ", "] {
            let list = list(&records, between);
            for text in [list.clone(), format!("{{\"Records\": {list}}}")] {
                let (ids, rejects) = read(&text);
                assert_eq!(ids, wanted, "{place}: {rejects:?}");
                assert_eq!(lines(&rejects), [1], "{place}: {rejects:?}");
            }
        }
    }
}

#[test]
fn a_bracket_that_is_not_closed_costs_its_record() {
    let open = event(3).replace(r#"{"type": "session"}"#, r#"{"type": "session""#);
    let record = |n: usize| if n == 3 { open.clone() } else { event(n) };
    let records: Vec<String> = (0..8).map(record).collect();
    let (ids, rejects) = read(&list(&records, ","));
    assert_eq!(ids, [0, 1, 2, 4, 5, 6, 7], "{rejects:?}");
    assert_eq!(rejects.len(), 1, "{rejects:?}");
}

#[test]
fn what_is_not_read_is_said() {
    // The records behind the damaged one begin otherwise.
    let other = |n: usize| event(n).replace(r#"{"object""#, r#"{ "object""#);
    let text = list(&[event(0), damaged(1), other(2), other(3)], ",");
    let (ids, rejects) = read(&text);
    assert_eq!(ids, [0]);
    assert!(
        rejects[1]
            .1
            .starts_with("the rest of the list was not read"),
        "{rejects:?}"
    );
    // Documents without a line of their own.
    let (ids, rejects) = read(&[pretty(0), damaged(1), event(2), event(3)].concat());
    assert_eq!(ids, [0]);
    assert!(
        rejects[1]
            .1
            .starts_with("nothing behind the damaged document"),
        "{rejects:?}"
    );
    // A file that was cut off has no more.
    let cut = list(&[event(0), event(1)], ",");
    let (ids, rejects) = read(&cut[..cut.len() - 9]);
    assert_eq!((ids, rejects.len()), (vec![0], 1), "{rejects:?}");
}

#[test]
fn files_put_one_behind_another_may_each_have_a_mark() {
    let lines = format!("\u{feff}{}\n\u{feff}{}\n", event(0), event(1));
    let documents = format!("\u{feff}{}\n\u{feff}{}\n", pretty(0), pretty(1));
    for text in [lines, documents] {
        assert_eq!(read(&text), (vec![0, 1], vec![]), "{text}");
    }
}

#[test]
fn rows_behind_one_with_a_bracket_too_many() {
    let columns = [
        ("id", "string"),
        ("type", "string"),
        ("effective_at", "long"),
    ];
    let row = |n: usize| format!(r#"["a{n}","login.succeeded",1780894800]"#);
    let rows: Vec<String> = (0..6)
        .map(|n| {
            if n == 2 {
                row(n).replace(",", ",[")
            } else {
                row(n)
            }
        })
        .collect();
    let rows = rows.join(",\n");
    let named = |name: &str, kind: &str| {
        let each = columns.map(|(n, t)| format!(r#"{{"{name}":"{n}","{kind}":"{t}"}}"#));
        each.join(",")
    };
    let (first, second) = (named("ColumnName", "ColumnType"), named("name", "type"));
    for text in [
        format!(
            "{{\"Tables\":[{{\"TableName\":\"T\",\"Columns\":[{first}],\"Rows\":[\n{rows}\n]}},{{\"TableName\":\"U\",\"Columns\":[],\"Rows\":[]}}]}}"
        ),
        format!(
            "{{\"tables\":[{{\"name\":\"PrimaryResult\",\"columns\":[{second}],\"rows\":[\n{rows}\n]}}]}}"
        ),
    ] {
        let (ids, rejects) = read(&text);
        assert_eq!(ids, [0, 1, 3, 4, 5], "{rejects:?}");
        assert_eq!(rejects[0].0, 4, "{rejects:?}");
    }
}
