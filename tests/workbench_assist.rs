//! What helps while a rule is written, in the whole window: completions, hover, signatures, definitions, rename, field help.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;
#[path = "common/writing.rs"]
mod writing;

use common::{CTRL, Window, has, picture, press, settle, window_of};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::path::{Path, PathBuf};
use writing::{EDITOR, behind, key, rows, text, type_in};

const LARGE: [f32; 2] = [1440.0, 900.0];
const SMALL: [f32; 2] = [800.0, 560.0];

const RULE: &str = "id: 11111111-2222-3333-4444-555555555555
name: A change
description: d
severity: Medium
requiredDataConnectors: []
queryFrequency: PT1H
queryPeriod: P1D
triggerOperator: gt
triggerThreshold: 0
tactics:
  - Persistence
query: |
  OpenAIAuditLogs_CL
  | extend Who = tostring(Id)
  | project TimeGenerated, Who
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: FullName
        columnName: Who
version: 1.0.0
kind: Scheduled
";

/// A workspace of one rule with the logs of the hijacked session.
fn folder(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let logs = repository.join("sample-logs/c1-hijacked-session");
    common::copy(&logs, &folder.path().join("logs"));
    let rules = folder.path().join("rules");
    std::fs::create_dir_all(&rules).expect("a folder");
    std::fs::write(rules.join(name), text).expect("a rule");
    folder
}

fn opened<'a>(folder: &Path, size: [f32; 2], dark: bool) -> Window<'a> {
    let mut harness = window_of(&[PathBuf::from(folder)], size, dark);
    harness.get_by_label(EDITOR).focus();
    settle(&mut harness);
    harness
}

#[test]
fn a_value_is_chosen_from_the_list() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, false);
    behind(&mut harness, "severity: Medium");
    for _ in 0.."Medium".len() {
        key(&mut harness, Key::Backspace);
    }
    type_in(&mut harness, "H");
    assert_eq!(rows(&harness), ["High"], "what begins so");
    picture(&mut harness, "assist-value-light.png");
    key(&mut harness, Key::Enter);
    assert!(
        text(&harness).contains("severity: High\n"),
        "{}",
        text(&harness)
    );
    assert!(rows(&harness).is_empty());
    // One step of undo takes the choice back.
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    assert!(
        text(&harness).contains("severity: H\n"),
        "{}",
        text(&harness)
    );
}

#[test]
fn enter_breaks_the_line_where_nothing_was_chosen() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, true);
    behind(&mut harness, "| project TimeGenerated, Who");
    type_in(&mut harness, "\n");
    type_in(&mut harness, "|");
    assert!(
        rows(&harness).contains(&"where".to_owned()),
        "{:?}",
        rows(&harness)
    );
    picture(&mut harness, "assist-operators-dark.png");
    key(&mut harness, Key::Escape);
    assert!(rows(&harness).is_empty(), "{:?}", rows(&harness));
    type_in(&mut harness, " ");
    assert!(!rows(&harness).is_empty());
    let lines = text(&harness).lines().count();
    key(&mut harness, Key::Enter);
    assert_eq!(
        text(&harness).lines().count(),
        lines + 1,
        "{}",
        text(&harness)
    );
}

#[test]
fn arrows_choose_and_tab_takes() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, false);
    behind(&mut harness, "| project TimeGenerated, Who");
    type_in(&mut harness, "\n| ");
    let before = rows(&harness);
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::Tab);
    let taken = before.get(1).expect("two operators");
    assert!(
        text(&harness).contains(&format!("\n  | {taken}")),
        "{taken}: {}",
        text(&harness)
    );
}

#[test]
fn a_list_narrows_while_one_types_and_stays_in_the_window() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), SMALL, true);
    behind(&mut harness, "kind: Scheduled");
    type_in(&mut harness, "\n");
    type_in(&mut harness, "su");
    assert_eq!(
        rows(&harness).first().map(String::as_str),
        Some("suppressionEnabled"),
        "{:?}",
        rows(&harness)
    );
    picture(&mut harness, "assist-keys-small-dark.png");
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(SMALL[0], SMALL[1]));
    for item in harness.query_all_by_role(Role::ListBoxOption) {
        assert!(window.contains_rect(item.rect()), "{:?}", item.rect());
    }
    type_in(&mut harness, "ppressionD");
    let first = rows(&harness).into_iter().next();
    assert_eq!(first.as_deref(), Some("suppressionDuration"));
    key(&mut harness, Key::Tab);
    // The value's list opens by itself: durations in the dialect of the file.
    assert!(
        text(&harness).contains("suppressionDuration: "),
        "{}",
        text(&harness)
    );
    assert!(
        rows(&harness).contains(&"PT1H".to_owned()),
        "{:?}",
        rows(&harness)
    );
}

#[test]
fn places_of_a_snippet_are_filled_one_after_the_other() {
    let folder = folder("rule.yaml", &RULE.replace("entityMappings:", "#"));
    let mut harness = opened(folder.path(), LARGE, false);
    behind(&mut harness, "kind: Scheduled");
    type_in(&mut harness, "\nentityM");
    assert_eq!(rows(&harness), ["entityMappings"]);
    key(&mut harness, Key::Enter);
    // The entity type's list opens by itself.
    type_in(&mut harness, "Ho");
    key(&mut harness, Key::Enter);
    // A choice ends the list, not the snippet.
    key(&mut harness, Key::Tab);
    type_in(&mut harness, "HostName");
    key(&mut harness, Key::Tab);
    type_in(&mut harness, "Who");
    let now = text(&harness);
    let wanted = "entityMappings:\n  - entityType: Host\n    fieldMappings:\n      - identifier: HostName\n        columnName: Who";
    assert!(now.contains(wanted), "{now}");
}

#[test]
fn the_definition_and_all_places_of_a_mapped_column() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, true);
    behind(&mut harness, "columnName: Wh");
    press(&mut harness, Modifiers::SHIFT, Key::F12);
    settle(&mut harness);
    assert_eq!(rows(&harness).len(), 3, "{:?}", rows(&harness));
    assert!(has(&harness, "| extend Who = tostring(Id)"));
    picture(&mut harness, "assist-references-dark.png");
    key(&mut harness, Key::Escape);
    assert!(rows(&harness).is_empty());
    key(&mut harness, Key::F12);
    // The name is selected there: what is typed takes its place.
    type_in(&mut harness, "Person");
    assert!(
        text(&harness).contains("| extend Person = tostring(Id)"),
        "{}",
        text(&harness)
    );
}

#[test]
fn a_column_is_renamed_in_query_and_mapping() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, false);
    behind(&mut harness, "columnName: Wh");
    key(&mut harness, Key::F2);
    assert!(has(&harness, "New name"));
    harness.event(Event::Text("Person".to_owned()));
    settle(&mut harness);
    assert!(has(&harness, "Changes 3 places"), "the preview");
    picture(&mut harness, "assist-rename-light.png");
    key(&mut harness, Key::Enter);
    let now = text(&harness);
    assert!(!now.contains("Who"), "{now}");
    assert!(
        now.contains("| extend Person = tostring(Id)\n  | project TimeGenerated, Person\n"),
        "{now}"
    );
    assert!(now.contains("columnName: Person\n"), "{now}");
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    assert_eq!(text(&harness).matches("Who").count(), 3, "one step of undo");
}

#[test]
fn the_card_of_a_field_changes_the_text_beneath() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, true);
    behind(&mut harness, "severity: Med");
    press(&mut harness, Modifiers::ALT, Key::Enter);
    settle(&mut harness);
    assert!(has(&harness, "Likely an attack on what matters"));
    picture(&mut harness, "assist-field-dark.png");
    harness
        .get_by_role_and_label(Role::RadioButton, "High")
        .click();
    settle(&mut harness);
    assert!(
        text(&harness).contains("severity: High\n"),
        "{}",
        text(&harness)
    );
    // A list takes more than one.
    behind(&mut harness, "- Persist");
    press(&mut harness, Modifiers::ALT, Key::Enter);
    settle(&mut harness);
    harness
        .get_by_role_and_label(Role::CheckBox, "Execution")
        .click();
    settle(&mut harness);
    assert!(
        text(&harness).contains("  - Persistence\n  - Execution\n"),
        "{}",
        text(&harness)
    );
    // A duration keeps its dialect.
    behind(&mut harness, "queryFrequency: PT");
    press(&mut harness, Modifiers::ALT, Key::Enter);
    settle(&mut harness);
    picture(&mut harness, "assist-duration-dark.png");
    harness.get_by_label("30 minutes").click();
    settle(&mut harness);
    assert!(
        text(&harness).contains("queryFrequency: PT30M\n"),
        "{}",
        text(&harness)
    );
}

#[test]
fn the_parameters_of_a_call_are_shown() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, false);
    behind(&mut harness, "| project TimeGenerated, Who");
    type_in(&mut harness, "\n| extend A = iff(true, ");
    assert!(has(&harness, "Signature iff("));
    picture(&mut harness, "assist-signature-light.png");
    key(&mut harness, Key::Escape);
    key(&mut harness, Key::Escape);
    assert!(!has(&harness, "Signature iff("));
}

#[test]
fn the_query_is_laid_out() {
    let folder = folder(
        "rule.yaml",
        &RULE.replace(
            "  | project TimeGenerated, Who\n",
            "  | project TimeGenerated,Who | take   5\n",
        ),
    );
    let mut harness = opened(folder.path(), LARGE, false);
    behind(&mut harness, "version: 1");
    press(&mut harness, Modifiers::SHIFT.plus(Modifiers::ALT), Key::F);
    settle(&mut harness);
    let now = text(&harness);
    assert!(
        now.contains("  | project TimeGenerated, Who\n  | take 5\nentityMappings:"),
        "{now}"
    );
}

#[test]
fn words_are_shown_where_the_pointer_rests() {
    let folder = folder("rule.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, true);
    let editor = harness.get_by_label(EDITOR).rect();
    // Somewhere on the key `severity` of the fourth line.
    let line = 19.0;
    let mut found = false;
    for x in (40..140).step_by(12) {
        let at = editor.left_top() + egui::vec2(x as f32, line * 3.5);
        harness.event(Event::PointerMoved(at));
        harness.step();
        std::thread::sleep(std::time::Duration::from_millis(380));
        settle(&mut harness);
        harness.run_steps(3);
        if has(&harness, "The severity of the rule's alerts") {
            found = true;
            break;
        }
    }
    assert!(found, "no words about severity");
    picture(&mut harness, "assist-hover-dark.png");
}

#[test]
fn what_is_asked_when_a_dialog_opens_is_waited_for_by_nobody() {
    let folder = folder("sentinel.yaml", RULE);
    let mut harness = opened(folder.path(), LARGE, true);
    harness.key_press_modifiers(CTRL, Key::End);
    harness.step();
    // The question is asked in this frame, and the dialog opens in the next.
    harness.event(Event::Text("t".into()));
    harness.step();
    harness.key_press_modifiers(CTRL, Key::N);
    harness.step();
    settle(&mut harness);
    assert!(has(&harness, "Create"), "the dialog is open");
}
