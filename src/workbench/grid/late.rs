//! Tables whose cells are read from the files when they are looked at: the same rows as those in memory.

use super::blocks::ROWS;
use super::million::{CTRL, State, grid_of, press, settle};
use super::query::{Filter, Query, Test};
use super::select::select;
use super::source::Source;
use crate::kql::Catalog;
use crate::logs::{Connectors, Dataset, Source as File};
use crate::task::{CancelToken, Progress};
use crate::value::path::Step;
use crate::value::{Type, Value};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;

const EVENTS: usize = 500;
const TABLE: &str = "OpenAIAuditLogs";

/// The same events twice: columns read when they are asked for, and columns in memory.
fn both() -> (Source, Source) {
    let mut text = String::new();
    for n in 0..EVENTS {
        let kind = ["login.failed", "login.succeeded", "logout.succeeded"][n % 3];
        // The identifiers fall while the times rise.
        let id = EVENTS - n;
        text.push_str(&format!(
            r#"{{"object":"organization.audit_log","id":"audit_log-{id:04}","type":"{kind}","effective_at":{},"actor":{{"type":"session","session":{{"user":{{"id":"user-{}","email":"p{}@x.test"}},"ip_address":"203.0.113.7"}}}}}}"#,
            1_780_880_000 + n * 60,
            n % 7,
            n % 7,
        ));
        text.push('\n');
    }
    let load = |late| {
        let files = vec![File {
            path: "audit.ndjson".into(),
            bytes: Some(text.clone().into_bytes()),
        }];
        let connectors = Connectors::default();
        let (cancel, progress) = (CancelToken::new(), Progress::new());
        Dataset::from_sources_late(files, &connectors, late, &cancel, &progress)
    };
    let late = load((0, 1 << 10)).late(TABLE).expect("a late table").0;
    let eager = load((u64::MAX, 1 << 20)).table(TABLE).expect("a table");
    (Source::Late(late), Source::Table(eager))
}

#[test]
fn questions_have_the_same_answers() {
    let (late, eager) = both();
    let names: Vec<String> = eager.schema().into_iter().map(|(n, _)| n).collect();
    let mut queries = vec![Query::default()];
    for text in ["FAILED", "p3@x", "audit_log-0042", "2026-06", "nowhere"] {
        queries.push(Query {
            text: text.to_owned(),
            within: names.clone(),
            ..Query::default()
        });
    }
    for (name, down) in names.iter().flat_map(|n| [(n, false), (n, true)]) {
        queries.push(Query {
            sort: Some((name.clone(), down)),
            ..Query::default()
        });
    }
    let email = ["user", "email"].map(|key| Step::Key(key.to_owned()));
    let person = Value::Dynamic(Arc::new("p3@x.test".into()));
    let mut query = Query {
        text: "login".to_owned(),
        within: names.clone(),
        sort: Some(("Id".to_owned(), false)),
        ..Query::default()
    };
    query.add(Filter {
        column: "ActorSession".to_owned(),
        path: email.to_vec(),
        test: Test::Only(vec![person]),
    });
    queries.push(query);
    let mut kept = Vec::new();
    for query in &queries {
        let ask = |source| {
            let found = select(source, query, &CancelToken::new(), &Progress::new());
            let found = found.expect("an answer");
            (found.order, found.histogram)
        };
        let (found, expected) = (ask(&late), ask(&eager));
        assert_eq!(found, expected, "{query:?}");
        kept.push(found.0.map_or(EVENTS, |order| order.len()));
    }
    // The questions tell rows apart: every third failed, p3 is every seventh, one has that identifier, none is nowhere.
    assert_eq!(kept[1..6], [167, 71, 1, EVENTS, 0]);
    // p3's events are 3, 10, 17 …: of 71 a third are logouts.
    assert!(
        (46..=49).contains(kept.last().expect("the last")),
        "{kept:?}"
    );
}

#[test]
fn a_question_reads_only_the_columns_that_it_names() {
    let (source, _) = both();
    let query = Query {
        text: "login".to_owned(),
        within: vec!["EventType".to_owned(), "ActorType".to_owned()],
        sort: Some(("Id".to_owned(), false)),
        ..Query::default()
    };
    select(&source, &query, &CancelToken::new(), &Progress::new()).expect("an answer");
    let Source::Late(late) = &source else {
        panic!("a late table");
    };
    let schema = late.schema().into_iter().enumerate();
    let made = schema.filter(|(at, _)| late.made(*at).is_some());
    let made: Vec<(String, Type)> = made.map(|(_, column)| column).collect();
    // The time for the histogram, what is sorted by; what a text is looked for in is read and not kept.
    let expected = [("TimeGenerated", Type::DateTime), ("Id", Type::String)];
    assert_eq!(made, expected.map(|(n, t)| (n.to_owned(), t)));
}

/// The rows that are seen, from above: number and identifier.
fn seen(harness: &Harness<'_, State>) -> Vec<(usize, String)> {
    let rows = harness.query_all_by_role(Role::Row);
    let mut rows: Vec<(f32, usize, String)> = rows
        .map(|node| {
            let (rect, node) = (node.rect(), node.accesskit_node());
            let label = node.label().unwrap_or_default();
            let number = label.trim_start_matches("Row ").parse().expect("a number");
            let cells = node.value().unwrap_or_default();
            let id = cells.split(", ").find_map(|cell| cell.strip_prefix("Id: "));
            (rect.top(), number, id.unwrap_or_default().to_owned())
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, n, id)| (n, id)).collect()
}

#[test]
fn cells_that_are_read_are_those_of_their_rows() {
    let mut harness = grid_of(both().0);
    let check = |harness: &Harness<'_, State>, first: usize, step: isize| {
        let rows = seen(harness);
        assert!(rows.len() > 15, "{rows:?}");
        for (at, (number, id)) in rows.iter().enumerate() {
            let expected = first.saturating_add_signed(step * at as isize);
            assert_eq!(*number, expected);
            assert_eq!(*id, format!("audit_log-{:04}", EVENTS + 1 - number));
        }
    };
    check(&harness, 1, 1);
    harness.get_by_role_and_label(Role::Row, "Row 2").click();
    settle(&mut harness);
    press(&mut harness, CTRL, Key::End);
    let rows = seen(&harness);
    check(&harness, EVENTS + 1 - rows.len(), 1);
    // Sorted by the identifier the last event is the first: its cells come from blocks that were not read before.
    harness
        .get_by_role_and_label(Role::ColumnHeader, "Id")
        .click();
    settle(&mut harness);
    press(&mut harness, CTRL, Key::Home);
    check(&harness, EVENTS, -1);
    for _ in 0..ROWS / 8 {
        press(&mut harness, Modifiers::NONE, Key::PageDown);
    }
    let first = seen(&harness).first().expect("rows").0;
    assert!(first < EVENTS - 2 * ROWS);
    check(&harness, first, -1);
}
