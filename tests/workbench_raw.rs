//! The raw event in the details, driven through the whole window.

#[path = "common/soft.rs"]
mod soft;
#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use window::*;

/// The first match is selected: its first event is shown.
fn on_an_event<'a>() -> (tempfile::TempDir, Window<'a>) {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1440.0, 1800.0]);
    harness
        .get_by_role_and_label(Role::Row, "Match 1")
        .click_accesskit();
    settle(&mut harness);
    (folder, harness)
}

#[test]
fn the_head_says_where_the_event_lies() {
    let (folder, harness) = on_an_event();
    // The place that the head names holds the event: the bytes are counted from 0, both ends included.
    let head = harness
        .query_all_by_label_contains(", bytes ")
        .next()
        .expect("a head");
    let head = head.accesskit_node().value().expect("a text");
    let (name, rest) = head.split_once(", line ").expect("a line");
    let (line, bytes) = rest.split_once(", bytes ").expect("bytes");
    let number = |text: &str| text.replace(',', "").parse::<usize>().expect("a number");
    let (from, to) = bytes.split_once('–').expect("a range");
    let text = std::fs::read_to_string(folder.path().join("logs").join(name)).expect("the file");
    let found = text.get(number(from)..=number(to)).expect("bytes of it");
    assert!(found.starts_with('{') && found.ends_with('}'), "{found}");
    serde_json::from_str::<serde_json::Value>(found).expect("one event");
    let before = text.get(..number(from)).expect("what comes before");
    assert_eq!(number(line), 1 + before.matches('\n').count());
}

const EVENT: &str = r#"{"object":"organization.audit_log","id":"audit_log-1","type":"role.created","effective_at":1780880000,"role.created":{"id":"role_7","big":9007199254740993},"actor":{"type":"session","session":{"ip_address":"203.0.113.9","user":{"id":"user-1","email":"maya@example.com"}}}}"#;

/// One event of ours is selected in the data panel.
fn on_our_event<'a>() -> (tempfile::TempDir, Window<'a>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("audit.ndjson");
    std::fs::write(&file, format!("\n{EVENT}\n")).expect("a log");
    let mut harness = window(folder.path(), [1440.0, 1800.0]);
    let tab = harness.query_all_by_label_contains("Data").next();
    tab.expect("the tab").click();
    settle(&mut harness);
    let row = harness.query_all_by_label("Row 1").next();
    row.expect("a row").click_accesskit();
    settle(&mut harness);
    (folder, harness)
}

/// Whether a line of the event is shown.
fn line(harness: &Window<'_>, text: &str) -> bool {
    let rows = harness.query_all_by_role_and_label(Role::TreeItem, text);
    rows.count() > 0
}

/// Presses the right button on a line and chooses from the menu; gives what was copied.
fn from_menu(harness: &mut Window<'_>, text: &str, entry: &str) -> Option<String> {
    harness
        .get_by_role_and_label(Role::TreeItem, text)
        .click_secondary();
    harness.run_steps(3);
    harness.get_by_label(entry).click();
    harness.step();
    let found = copied(harness);
    harness.run_steps(3);
    found
}

const IP: &str = r#""ip_address": "203.0.113.9","#;

#[test]
fn values_fold_and_unfold() {
    let (_folder, mut harness) = on_our_event();
    assert!(line(&harness, IP));
    // The number keeps all its digits: as a double it would end in 2.
    assert!(line(&harness, r#""big": 9007199254740993"#));
    click(&mut harness, "Fold actor.session");
    assert!(!line(&harness, IP));
    assert!(line(&harness, r#""session": { … }  2 members"#));
    click(&mut harness, "Unfold actor.session");
    assert!(line(&harness, IP));
    click(&mut harness, "Fold all");
    assert!(line(&harness, r#""actor": { … }  2 members"#));
    // The keys: down to the first member, on to the one that is folded, and into it.
    harness.get_by_label("Text of the raw event").focus();
    harness.run_steps(2);
    press(&mut harness, Modifiers::NONE, Key::End);
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    settle(&mut harness);
    assert!(line(&harness, r#""session": { … }  2 members"#));
    press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    settle(&mut harness);
    assert!(line(&harness, r#""actor": { … }  2 members"#));
    click(&mut harness, "Unfold all");
    assert!(line(&harness, IP));
}

#[test]
fn words_are_found_also_where_they_are_folded() {
    let (_folder, mut harness) = on_our_event();
    click(&mut harness, "Fold all");
    harness.get_by_label("Text of the raw event").focus();
    harness.step();
    press(&mut harness, CTRL, Key::F);
    settle(&mut harness);
    type_text(&mut harness, "SESSION");
    assert!(has(&harness, "1 of 2"), "the type and the key");
    // What holds them is open, what holds none is not.
    assert!(line(&harness, r#""type": "session","#));
    assert!(line(&harness, r#""session": { … }  2 members"#));
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert!(has(&harness, "2 of 2"));
    fill(&mut harness, "Words to find", "nowhere");
    assert!(has(&harness, "Not found"));
    press(&mut harness, Modifiers::NONE, Key::Escape);
    settle(&mut harness);
    assert!(!has(&harness, "Not found"));
}

#[test]
fn a_value_is_copied_as_what_is_needed_elsewhere() {
    let (folder, mut harness) = on_our_event();
    let mut copy = |line: &str, entry: &str| from_menu(&mut harness, line, entry).expect(entry);
    assert_eq!(copy(IP, "Copy value"), "203.0.113.9");
    assert_eq!(copy(IP, "Copy path"), "actor.session.ip_address");
    assert_eq!(
        copy(IP, "Copy as KQL filter"),
        r#"| where tostring(ActorSession.ip_address) == "203.0.113.9""#
    );
    assert_eq!(
        copy(IP, "Copy as Panther access"),
        r#"event.deep_get("actor", "session", "ip_address")"#
    );
    // Panther spells the member named by the type with underscores.
    assert_eq!(
        copy(r#""id": "role_7","#, "Copy as Panther access"),
        r#"event.deep_get("role_created", "id")"#
    );
    assert_eq!(
        copy(r#""role.created": {"#, "Copy path"),
        r#"["role.created"]"#
    );
    harness.get_by_label("Copy event").click();
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some(EVENT));
    harness.run_steps(2);
    click(&mut harness, "Open the file at this line");
    assert!(harness.query_by_label("audit.ndjson").is_some(), "its tab");
    drop(folder);
}

#[test]
fn text_is_selected_with_the_pointer_and_copied() {
    let (_folder, mut harness) = on_our_event();
    let place = |harness: &Window<'_>, text: &str| {
        let row = harness.get_by_role_and_label(Role::TreeItem, text);
        row.rect()
    };
    let first = place(&harness, r#""session": {"#);
    let last = place(&harness, r#""user": {"#);
    let button = |pos: egui::Pos2, pressed: bool| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    // From before the first line to behind the last.
    let from = first.left_center() + egui::vec2(20.0, 0.0);
    let to = last.right_center() - egui::vec2(4.0, 0.0);
    harness.event(egui::Event::PointerMoved(from));
    harness.step();
    harness.event(button(from, true));
    harness.step();
    for step in 1..=4 {
        harness.event(egui::Event::PointerMoved(from.lerp(to, step as f32 / 4.0)));
        harness.step();
    }
    harness.event(button(to, false));
    harness.step();
    harness.event(egui::Event::Copy);
    harness.step();
    // The indentation is that of the lines as they are shown: two levels, then three.
    let text = "\"session\": {\n      \"ip_address\": \"203.0.113.9\",\n      \"user\": {";
    assert_eq!(copied(&harness).as_deref(), Some(text));
}

#[test]
fn the_text_is_shown_as_it_is_written() {
    let (_folder, mut harness) = on_our_event();
    click(&mut harness, "As written");
    let shown: Vec<String> = harness
        .query_all_by_role(Role::TreeItem)
        .filter_map(|n| n.accesskit_node().label())
        .collect();
    assert!(!shown.iter().any(|l| l == IP));
    assert!(
        shown
            .iter()
            .any(|l| l.starts_with(r#"{"object":"organization"#))
    );
    click(&mut harness, "Pretty");
    assert!(line(&harness, IP));
}

#[test]
fn a_huge_event_does_not_hold_the_window_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // 20 MB: fifty thousand items and one text of ten million signs.
    let items = r#"{"k":"0123456789","n":[1,2,3]},"#.repeat(300_000);
    let text = "x".repeat(10_000_000);
    let event = format!(
        r#"{{"object":"organization.audit_log","id":"a-1","type":"login.succeeded","effective_at":1780880000,"items":[{items}1],"text":"{text}","last":"end of it"}}"#
    );
    std::fs::write(folder.path().join("huge.ndjson"), event).expect("a log");
    let mut harness = window(folder.path(), [1440.0, 900.0]);
    let tab = harness.query_all_by_label_contains("Data").next();
    tab.expect("the tab").click();
    settle(&mut harness);
    let row = harness.query_all_by_label("Row 1").next();
    row.expect("a row").click_accesskit();
    let (start, mut longest) = (std::time::Instant::now(), std::time::Duration::ZERO);
    loop {
        let frame = std::time::Instant::now();
        harness.step();
        longest = longest.max(frame.elapsed());
        if !harness.state().is_busy() && has(&harness, "huge.ndjson, line 1") {
            break;
        }
        assert!(start.elapsed().as_secs() < 60, "nothing is shown");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    for _ in 0..4 {
        let frame = std::time::Instant::now();
        harness.step();
        longest = longest.max(frame.elapsed());
    }
    // A bound for a loaded machine and a build that is not optimised; reading takes seconds there.
    assert!(longest.as_millis() < 900, "{longest:?}");
    assert!(line(&harness, r#""items": [ … ],  more than 10,000 items"#));
    assert!(has(&harness, "too large to show every value"));
}
