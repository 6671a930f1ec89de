//! The tables of the window: loaded tables, rows of a stage and matches behave alike.

#[path = "common/soft.rs"]
mod soft;
#[path = "common/window.rs"]
mod window;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use std::path::{Path, PathBuf};
use window::{CTRL, Window, click, has, picture, press, settle, type_text, window_of};

const LARGE: [f32; 2] = [1440.0, 900.0];

fn samples() -> Vec<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    vec![
        repository.join("rules/sentinel"),
        repository.join("sample-logs/c1-hijacked-session"),
    ]
}

/// The window with the panel of the loaded tables in front.
fn with_data<'a>(paths: &[PathBuf], size: [f32; 2], dark: bool) -> Window<'a> {
    let mut harness = window_of(paths, size, dark);
    harness.get_by_label("Data").click();
    // The panel is drawn in the frame after the click.
    harness.run_steps(2);
    settle(&mut harness);
    harness
}

#[test]
fn a_cell_is_told_whole_and_offers_what_can_be_done_with_it() {
    for (dark, theme) in [(true, "dark"), (false, "light")] {
        let mut harness = with_data(&samples(), LARGE, dark);
        picture(&mut harness, &format!("data-{theme}.png"));
        let row = harness.get_by_role_and_label(Role::Row, "Row 3").rect();
        harness.drag_at(row.center());
        harness.drop_at(row.center());
        settle(&mut harness);
        press(&mut harness, Modifiers::NONE, Key::Home);
        press(&mut harness, Modifiers::NONE, Key::Enter);
        settle(&mut harness);
        // The first column is a time: the cell is short, the whole value has all seven decimals.
        assert!(has(&harness, "datetime, 28 characters"));
        picture(&mut harness, &format!("detail-{theme}.png"));
        press(&mut harness, Modifiers::NONE, Key::Escape);
        settle(&mut harness);
        assert!(!has(&harness, "datetime, 28 characters"));
        cell_menu(&mut harness, "Row 3", "TimeGenerated");
        for entry in ["Only this value", "Insert as condition", "Copy rows as CSV"] {
            assert!(has(&harness, entry), "{entry}");
        }
        picture(&mut harness, &format!("menu-{theme}.png"));
        press(&mut harness, Modifiers::NONE, Key::Escape);
        settle(&mut harness);
        click(&mut harness, "Columns");
        assert!(has(&harness, "Show empty columns"));
        picture(&mut harness, &format!("columns-{theme}.png"));
        press(&mut harness, Modifiers::NONE, Key::Escape);
        click(&mut harness, "Schema");
        harness.run_steps(2);
        settle(&mut harness);
        assert!(has(&harness, "All 46 rows"));
        picture(&mut harness, &format!("schema-{theme}.png"));
    }
}

/// A folder with thirty audit events, a minute apart: every third is a failed login, each by one of two people.
fn thirty() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut text = String::new();
    for n in 0..30 {
        let kind = ["login.failed", "login.succeeded", "invite.sent"][n % 3];
        let details = match kind {
            "invite.sent" => format!(
                r#","invite.sent":{{"id":"invite-{n}","data":{{"email":"a{}@x.test"}}}}"#,
                n % 2
            ),
            _ => String::new(),
        };
        let email = format!("p{}@x.test", n % 2);
        text.push_str(&format!(
            r#"{{"object":"organization.audit_log","id":"audit_log-{n}","type":"{kind}","effective_at":{},"actor":{{"type":"session","session":{{"user":{{"id":"user-{n}","email":"{email}"}},"ip_address":"203.0.113.{n}"}}}}{details}}}"#,
            1_780_880_000 + n * 60
        ));
        text.push('\n');
    }
    std::fs::write(folder.path().join("audit.ndjson"), text).expect("a log file");
    let rule = folder.path().join("rule.yaml");
    std::fs::write(rule, RULE).expect("a rule");
    folder
}

const RULE: &str = r#"id: 11111111-2222-4333-8444-555555555555
name: Logins
kind: Scheduled
severity: Low
queryFrequency: PT1H
queryPeriod: P1D
triggerOperator: gt
triggerThreshold: 0
tactics: []
relevantTechniques: []
query: |
  OpenAIAuditLogs
  | where EventType startswith "login"
version: 1.0.0
"#;

fn of_thirty<'a>(folder: &tempfile::TempDir) -> Window<'a> {
    let mut harness = with_data(&[folder.path().to_owned()], [1440.0, 1400.0], true);
    assert!(has(&harness, "30 rows"), "the first table with rows");
    // All columns would not fit: what is asked for is.
    harness.get_by_label("Columns").click();
    harness.run_steps(3);
    harness
}

/// Hides all columns but some, in the menu of columns that is open.
fn only(harness: &mut Window<'_>, shown: &[&str]) {
    loop {
        let boxes: Vec<String> = harness
            .query_all_by_role(Role::CheckBox)
            .filter_map(|node| {
                let node = node.accesskit_node();
                let on = node.toggled() == Some(egui::accesskit::Toggled::True);
                node.label().filter(|_| on)
            })
            .collect();
        let extra = boxes
            .into_iter()
            .find(|name| !shown.contains(&name.as_str()));
        let Some(extra) = extra else {
            break;
        };
        harness
            .get_by_role_and_label(Role::CheckBox, &extra)
            .click_accesskit();
        harness.run_steps(2);
    }
    press(harness, Modifiers::NONE, Key::Escape);
    settle(harness);
}

/// The rows that are seen, each with what its cells say.
fn rows(harness: &Window<'_>, noun: &str) -> Vec<(String, String)> {
    let mut rows: Vec<(f32, String, String)> = harness
        .query_all_by_role(Role::Row)
        .map(|node| (node.rect().top(), node.accesskit_node()))
        .map(|(top, node)| {
            (
                top,
                node.label().unwrap_or_default(),
                node.value().unwrap_or_default(),
            )
        })
        .filter(|(_, label, _)| label.starts_with(noun))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter()
        .map(|(_, label, cells)| (label, cells))
        .collect()
}

/// Opens the menu of a cell: that of a column in a row.
fn cell_menu(harness: &mut Window<'_>, row: &str, column: &str) {
    let x = harness
        .get_by_role_and_label(Role::ColumnHeader, column)
        .rect()
        .center()
        .x;
    let y = harness
        .get_by_role_and_label(Role::Row, row)
        .rect()
        .center()
        .y;
    let at = egui::pos2(x, y);
    harness.hover_at(at);
    harness.step();
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Secondary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.step();
    }
    harness.run_steps(3);
}

#[test]
fn a_cell_filters_the_rows_and_the_chip_brings_them_back() {
    let folder = thirty();
    let mut harness = of_thirty(&folder);
    only(
        &mut harness,
        &["TimeGenerated", "EventType", "ActorSession"],
    );
    cell_menu(&mut harness, "Row 1", "EventType");
    click(&mut harness, "Only this value");
    assert!(has(&harness, "10 of 30"), "every third");
    let kept = rows(&harness, "Row");
    assert!(
        kept.iter()
            .all(|(_, cells)| cells.contains("EventType: login.failed"))
    );
    // The second value of the same column is one more, another column's is a condition more.
    cell_menu(&mut harness, "Row 4", "EventType");
    click(&mut harness, "Without this value");
    assert!(has(&harness, "0 of 30"));
    assert!(has(&harness, "No row passes the filters"));
    click(&mut harness, "Remove filter: EventType is not login.failed");
    // What is inside a dynamic value is filtered by its path.
    cell_menu(&mut harness, "Row 1", "ActorSession");
    click(&mut harness, "user.email = p0@x.test");
    click(&mut harness, "Only this value");
    // Rows 1, 4, 7 … of which p0 made every second.
    assert!(has(
        &harness,
        "Remove filter: ActorSession.user.email is p0@x.test"
    ));
    assert!(has(&harness, "5 of 30"));
    click(&mut harness, "Clear all");
    assert!(has(&harness, "30 rows"));
}

#[test]
fn the_filter_box_looks_into_the_shown_columns() {
    let folder = thirty();
    let mut harness = of_thirty(&folder);
    only(&mut harness, &["TimeGenerated", "EventType"]);
    harness.get_by_label("Filter rows").focus();
    harness.step();
    type_text(&mut harness, "INVITE");
    assert!(has(&harness, "10 of 30"));
    press(&mut harness, CTRL, Key::A);
    type_text(&mut harness, "203.0.113.7");
    assert!(
        has(&harness, "0 of 30"),
        "the address is in a hidden column"
    );
    press(&mut harness, Modifiers::NONE, Key::Escape);
    settle(&mut harness);
    assert!(has(&harness, "30 rows"));
}

#[test]
fn a_header_sorts_and_the_keys_follow_the_order() {
    let folder = thirty();
    let mut harness = of_thirty(&folder);
    only(&mut harness, &["TimeGenerated", "EventType"]);
    let first = |harness: &Window<'_>| rows(harness, "Row")[0].0.clone();
    harness
        .get_by_role_and_label(Role::ColumnHeader, "EventType")
        .click();
    settle(&mut harness);
    assert_eq!(first(&harness), "Row 3", "the first invite");
    harness
        .get_by_role_and_label(Role::ColumnHeader, "EventType, ascending")
        .click();
    settle(&mut harness);
    assert_eq!(first(&harness), "Row 2", "the first login that went well");
    // From there the keys go through the rows as they stand.
    harness.get_by_role_and_label(Role::Row, "Row 2").click();
    settle(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    settle(&mut harness);
    let row = harness.get_by_role_and_label(Role::Row, "Row 5");
    assert!(row.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True));
    assert!(
        has(&harness, "audit_log-4"),
        "its raw event is in the details"
    );
    harness
        .get_by_role_and_label(Role::ColumnHeader, "EventType, descending")
        .click();
    settle(&mut harness);
    assert_eq!(first(&harness), "Row 1");
}

#[test]
fn a_drag_over_the_rows_in_time_chooses_a_range_for_all_tables() {
    let folder = thirty();
    let mut harness = of_thirty(&folder);
    only(&mut harness, &["TimeGenerated", "EventType"]);
    let area = harness.get_by_label_contains("Rows over time").rect();
    let at = |part: f32| egui::pos2(area.left() + area.width() * part, area.center().y);
    harness.drag_at(at(0.02));
    harness.step();
    for part in [0.1, 0.3, 0.45] {
        harness.hover_at(at(part));
        harness.step();
    }
    harness.drop_at(at(0.45));
    settle(&mut harness);
    let kept = rows(&harness, "Row").len();
    assert!(
        (10..=16).contains(&kept),
        "something less than half: {kept}"
    );
    assert!(has(&harness, &format!("{kept} of 30")));
    // The matches are the 20 logins, of which two thirds of the kept ones are left.
    click(&mut harness, "Matches 20");
    harness.run_steps(3);
    settle(&mut harness);
    assert!(has(&harness, " of 20"), "the range is the window's");
    click(&mut harness, "Data");
    harness.hover_at(at(0.7));
    harness.step();
    press(&mut harness, Modifiers::NONE, Key::Escape);
    settle(&mut harness);
    assert!(
        has(&harness, "30 rows"),
        "Escape over the bars shows all times"
    );
}

#[test]
fn selected_rows_are_copied_as_a_query_that_gives_them() {
    use rulewright::kql::{self, Catalog, Options};
    let folder = thirty();
    let mut harness = of_thirty(&folder);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    settle(&mut harness);
    harness.get_by_role_and_label(Role::Row, "Row 3").click();
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    settle(&mut harness);
    harness.event(egui::Event::Copy);
    let tsv = copied(&mut harness);
    assert_eq!(tsv.lines().count(), 3, "names and two rows");
    cell_menu(&mut harness, "Row 3", "TimeGenerated");
    harness.get_by_label("Copy rows as KQL datatable").click();
    let query = copied(&mut harness);
    let data = rulewright::logs::Dataset::load(
        &[folder.path().join("audit.ndjson")],
        &rulewright::task::CancelToken::new(),
        &rulewright::task::Progress::new(),
    );
    let output = kql::run(&query, &data, &Options::at(0)).expect("the query runs");
    let shown: Vec<String> = output.table.names.clone();
    let name = data
        .table_names()
        .into_iter()
        .find(|n| n == "OpenAIAuditLogs")
        .expect("the table");
    let own = data.table(&name).expect("rows");
    assert_eq!(output.table.rows, 2);
    for (at, column) in shown.iter().enumerate() {
        let expected = own.column(column).expect("a column of the table");
        for row in 0..2 {
            let found = output.table.columns[at].value(row);
            assert_eq!(found, expected.value(row + 2), "{column}");
        }
    }
}

/// What was copied, once it is.
fn copied(harness: &mut Window<'_>) -> String {
    for _ in 0..500 {
        harness.step();
        let commands = &harness.output().platform_output.commands;
        let text = commands.iter().find_map(|c| match c {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        if let Some(text) = text {
            settle(harness);
            return text;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    panic!("nothing was copied");
}

/// The text in the editor.
fn text(harness: &Window<'_>) -> String {
    let editor = harness.get_by_label("Rule editor");
    editor.accesskit_node().value().unwrap_or_default()
}

#[test]
fn a_column_goes_into_the_query_by_double_click_and_by_dragging() {
    let folder = thirty();
    let mut harness = window_of(&[folder.path().to_owned()], [1440.0, 1400.0], true);
    click(&mut harness, "Schema");
    assert!(has(&harness, "All 30 rows"));
    // The cursor stands at the beginning of the document, where a name has no place: it goes into the query.
    let field = harness.get_by_label("ActorType: string").rect().center();
    double_click(&mut harness, field);
    let whole = text(&harness);
    let stage = "startswith \"login\"\n  | where isnotempty(ActorType)\nversion: 1.0.0";
    assert!(whole.contains(stage), "{whole}");
    assert!(
        !has(&harness, "Value session of ActorType"),
        "the row is closed, as it was"
    );
    let before = text(&harness);
    let target = harness.get_by_label("Rule editor").rect().left_top() + egui::vec2(90.0, 12.0);
    let field = harness.get_by_label("EventType: string").rect().center();
    harness.drag_at(field);
    harness.step();
    for part in [0.2, 0.6, 1.0] {
        harness.hover_at(field + (target - field) * part);
        harness.step();
    }
    harness.drop_at(target);
    settle(&mut harness);
    let after = text(&harness);
    let first = after.lines().next().unwrap_or_default();
    let bare = |text: &str| text.replace("EventType", "").replace(' ', "");
    assert_eq!(bare(&after), bare(&before), "nothing else changed");
    assert!(
        first.contains("EventType"),
        "it went into the line under the pointer: {first}"
    );
}

fn double_click(harness: &mut Window<'_>, at: egui::Pos2) {
    harness.hover_at(at);
    // The click before is none of the two.
    harness.run_steps(60);
    for _ in 0..2 {
        for pressed in [true, false] {
            harness.event(egui::Event::PointerButton {
                pos: at,
                button: egui::PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
        harness.step();
    }
    settle(harness);
}

#[test]
fn a_frequent_value_filters_the_data_and_becomes_a_condition() {
    let folder = thirty();
    let mut harness = window_of(&[folder.path().to_owned()], [1440.0, 1400.0], true);
    click(&mut harness, "Schema");
    click(&mut harness, "EventType: string");
    let value = "Value login.failed of EventType: 10, 33 %";
    assert!(harness.query_by_label(value).is_some(), "10 of 30 rows");
    harness.get_by_label(value).click_secondary();
    harness.run_steps(3);
    click(&mut harness, "Only this value");
    assert!(has(&harness, "10 of 30"), "the data panel is in front");
    harness.state_mut().show_query();
    settle(&mut harness);
    harness.get_by_label(value).click_secondary();
    harness.run_steps(3);
    click(&mut harness, "Insert as condition");
    let expected = "| where EventType == \"login.failed\"";
    assert!(text(&harness).contains(expected), "{}", text(&harness));
}

#[test]
fn a_narrow_window_is_drawn_whole() {
    let folder = thirty();
    let mut harness = with_data(&[folder.path().to_owned()], [800.0, 560.0], false);
    picture(&mut harness, "narrow.png");
    click(&mut harness, "Schema");
    picture(&mut harness, "narrow-schema.png");
    assert!(has(&harness, "Row 1") && has(&harness, "Filter rows"));
}
