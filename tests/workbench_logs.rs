//! The panel of the log files, driven through the whole window.

#[path = "common/soft.rs"]
mod soft;
#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::path::Path;
use std::time::{Duration, Instant};
use window::*;

/// An event of its own hour of 2026-06-08, by number.
fn event(number: usize) -> String {
    // 2026-06-08T00:00:00Z is 1780876800.
    let at = 1_780_876_800 + 3_600 * number;
    format!(
        r#"{{"object":"organization.audit_log","id":"audit_log-{number}","type":"login.succeeded","effective_at":{at},"actor":{{"type":"session"}}}}"#
    )
}

fn write(path: &Path, numbers: std::ops::Range<usize>) {
    let lines: Vec<String> = numbers.map(event).collect();
    std::fs::write(path, lines.join("\n") + "\n").expect("a log");
}

/// A window on a folder with its logs shown.
fn on_logs<'a>(folder: &Path) -> Window<'a> {
    let mut harness = window(folder, [1440.0, 1100.0]);
    press(&mut harness, CTRL, Key::J);
    settle(&mut harness);
    harness
}

fn row(harness: &mut Window<'_>, name: &str) {
    let label = harness
        .query_all_by_role(Role::Row)
        .find(|n| format!("{n:?}").contains(&format!("{name} in Logs")));
    label.expect(name).click_accesskit();
    settle(harness);
}

#[test]
fn files_are_told_with_their_rejects_and_the_same_event_counts_as_chosen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..5);
    // Two of the events again, one more, one broken line and one of a kind that nobody knows.
    let b = format!(
        "{}\n{}\n{}\n{{\"object\": oops\n{{\"kind\":\"door\"}}\n",
        event(3),
        event(4),
        event(5)
    );
    std::fs::write(folder.path().join("b.ndjson"), b).expect("a log");
    let mut harness = on_logs(folder.path());
    assert!(has(&harness, "2 files") && has(&harness, "6 events") && has(&harness, "2 rejects"));
    assert!(has(&harness, "2026-06-08 00:00 to 05:00"));
    row(&mut harness, "b.ndjson");
    assert!(has(&harness, "2 records were not taken"));
    assert!(has(&harness, "Line 4: "));
    assert!(has(
        &harness,
        "Line 5: no connector takes this record (its keys: kind)"
    ));
    harness.get_by_label("Copy all").click();
    harness.step();
    let text = copied(&harness).expect("the rejects");
    assert!(text.starts_with("4\t") && text.contains("\n5\t"), "{text}");
    harness.run_steps(3);
    click(&mut harness, "Options");
    click(&mut harness, "Counts each time");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    settle(&mut harness);
    assert!(has(&harness, "8 events"), "all lines that are events");
}

/// Seconds, milliseconds and microseconds in one file, and a clock in the future: all are there, and it is said.
#[test]
fn times_that_are_not_as_they_should_be_are_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..5);
    // 2026-06-08T00:00:00Z once in milliseconds and once in microseconds; then the end of 2099.
    let times = ["1780876800000", "1780876800000000", "4102444799"];
    let lines: String = (7..10)
        .zip(times)
        .map(|(n, at)| event(n).replace(&(1_780_876_800 + 3_600 * n).to_string(), at) + "\n")
        .collect();
    std::fs::write(folder.path().join("b.ndjson"), lines).expect("a log");
    let mut harness = on_logs(folder.path());
    assert!(has(&harness, "2 files") && has(&harness, "8 events"));
    row(&mut harness, "b.ndjson");
    assert!(has(&harness, "2 events: the time was not in unix seconds"));
    assert!(has(
        &harness,
        "1 event: the time lies more than ten years after that of the others; the clock does not follow"
    ));
}

#[test]
fn a_file_is_removed_and_the_others_stay() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..5);
    write(&folder.path().join("b.ndjson"), 5..8);
    let mut harness = on_logs(folder.path());
    let label = harness
        .query_all_by_role(Role::Row)
        .find(|n| format!("{n:?}").contains("a.ndjson in Logs"));
    label.expect("the row").click_secondary();
    harness.run_steps(3);
    click(&mut harness, "Remove from the session");
    assert!(has(&harness, "1 file") && has(&harness, "3 events"));
    assert!(
        folder.path().join("a.ndjson").is_file(),
        "only the session forgets it"
    );
}

#[test]
fn a_connector_can_be_chosen_for_a_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..5);
    let mut harness = on_logs(folder.path());
    row(&mut harness, "a.ndjson");
    harness
        .get_by_role_and_label(Role::Button, "Connector")
        .click();
    settle(&mut harness);
    let entry = harness
        .query_all_by_label_contains("openai-completions: ")
        .next();
    entry.expect("the connector").click();
    settle(&mut harness);
    assert!(has(&harness, "openai-completions, chosen"));
    harness
        .get_by_role_and_label(Role::Button, "Connector")
        .click();
    settle(&mut harness);
    click(&mut harness, "As recognised, record by record");
    assert!(!has(&harness, ", chosen") && has(&harness, "5 events"));
}

/// Draws frames until something holds; the watching thread looks every second.
fn until(harness: &mut Window<'_>, what: &str, holds: impl Fn(&Window<'_>) -> bool) {
    let start = Instant::now();
    while !holds(harness) {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(20));
        harness.step();
    }
}

#[test]
fn a_changed_file_is_told_and_reloaded_by_choice_or_by_itself() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("a.ndjson");
    write(&file, 0..5);
    let mut harness = on_logs(folder.path());
    write(&file, 0..9);
    until(&mut harness, "nothing is told", |h| {
        has(h, "1 file changed on disk since the logs were loaded")
    });
    assert!(has(&harness, "5 events"), "as they were loaded");
    let button = harness.query_all_by_label("Reload").last();
    button.expect("a button").click();
    settle(&mut harness);
    assert!(has(&harness, "9 events") && !has(&harness, "changed on disk since"));
    click(&mut harness, "Options");
    click(&mut harness, "Reload by themselves");
    write(&file, 0..12);
    until(&mut harness, "nothing is reloaded", |h| {
        !h.state().is_busy() && has(h, "12 events")
    });
}

#[test]
fn the_range_of_time_is_chosen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("a.ndjson"), 0..48);
    let mut harness = on_logs(folder.path());
    click(&mut harness, "Time range All times");
    click(&mut harness, "Last day");
    assert!(has(&harness, "Time range Last day"));
    click(&mut harness, "Time range Last day");
    click(&mut harness, "Custom…");
    fill(&mut harness, "Range until", "noon");
    assert!(has(&harness, "`noon` is no time"));
    fill(&mut harness, "Range until", "2026-06-08 12:00");
    assert!(!has(&harness, "is no time"));
    click(&mut harness, "Show all times");
    assert!(has(&harness, "Time range All times"));
}

#[test]
fn an_empty_session_says_what_can_be_loaded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut harness = on_logs(folder.path());
    assert!(has(&harness, "Drop files or folders on the window"));
    let other = tempfile::tempdir().expect("a temporary folder");
    write(&other.path().join("a.ndjson"), 0..3);
    let dropped = std::sync::Arc::new(Dropped(other.path().to_owned()));
    harness.input_mut().dropped_files.push(dropped);
    settle(&mut harness);
    assert!(has(&harness, "3 events"));
}

#[test]
fn a_hundred_thousand_rejects_are_listed_quickly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines: String = (0..100_000).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    std::fs::write(folder.path().join("odd.ndjson"), lines).expect("a log");
    let mut harness = on_logs(folder.path());
    row(&mut harness, "odd.ndjson");
    assert!(has(&harness, "Line 1: no connector takes this record"));
    let drawn = harness
        .query_all_by_label_contains("no connector takes this record (its")
        .count();
    assert!(drawn < 300, "{drawn} are drawn: only what is seen is");
}
