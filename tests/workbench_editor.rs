//! The editor in its window: results of cases beside their lines, choices by the mouse, parent lines that stay, line
//! ends, text that is dragged, files that get another name.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;
#[path = "common/writing.rs"]
mod writing;

use common::{CTRL, Window, a_workspace, click, has, picture, press, settle, window, window_of};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use rulewright::workbench::Command;
use std::time::{Duration, Instant};
use writing::{EDITOR, behind, click_at, cursor, key, place, tab, text, type_in};

const LARGE: [f32; 2] = [1440.0, 900.0];
const CHAIN: &str = "openai_config_to_abuse_chain.yaml";

/// A rule of Panther with a case that passes and one that does not.
const RULE: &str = "AnalysisType: rule
RuleID: Test.Marks
Enabled: true
Filename: marks.py
Severity: Low
LogTypes: [OpenAI.Audit]
Tests:
  - Name: one that is granted
    ExpectedResult: true
    Log: {type: role.granted}
  - Name: one that is expected in vain
    ExpectedResult: true
    Log: {type: role.removed}
";

fn marks<'a>() -> (tempfile::TempDir, Window<'a>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let body = "def rule(event):\n    return event.get(\"type\") == \"role.granted\"\n";
    std::fs::write(folder.path().join("marks.py"), body).expect("a body");
    std::fs::write(folder.path().join("marks.yml"), RULE).expect("a rule");
    let mut harness = window_of(&[folder.path().join("marks.yml")], LARGE, false);
    harness.get_by_label(EDITOR).focus();
    settle(&mut harness);
    (folder, harness)
}

/// The signs of tests in the gutter.
fn signs(harness: &Window<'_>) -> Vec<String> {
    harness
        .query_all_by_role(Role::Button)
        .filter_map(|n| n.accesskit_node().label())
        .filter(|label| label.starts_with("Line ") && label.contains(": Test "))
        .collect()
}

#[test]
fn results_stand_beside_their_cases_and_lead_to_their_words() {
    let (_folder, mut harness) = marks();
    picture(&mut harness, "case-marks.png");
    let both = [
        "Line 8: Test passed: one that is granted",
        "Line 11: Test failed: one that is expected in vain",
    ];
    assert_eq!(signs(&harness), both);
    // A click opens the case in the panel of the tests.
    click(&mut harness, both[1]);
    assert!(has(&harness, "Show in the editor"));
    assert!(has(&harness, "Expected"));
    picture(&mut harness, "case-opened.png");
    // A line above moves both signs at once; the results follow the newest text.
    behind(&mut harness, "Severity: Low");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let moved: Vec<String> = signs(&harness);
    assert_eq!(moved.len(), 2, "{moved:?}");
    assert!(moved[0].starts_with("Line 9: Test passed"), "{moved:?}");
    settle(&mut harness);
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    assert_eq!(signs(&harness), both);
    // Mended, it passes.
    behind(&mut harness, "type: role.removed");
    for _ in 0.."removed".len() {
        key(&mut harness, Key::Backspace);
    }
    type_in(&mut harness, "granted");
    assert_eq!(
        signs(&harness)[1],
        "Line 11: Test passed: one that is expected in vain"
    );
}

#[test]
fn results_stand_in_a_case_file_of_sentinel_too() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text("config_to_abuse_chain.cases".to_owned()));
    settle(&mut harness);
    key(&mut harness, Key::Enter);
    assert_eq!(tab(&harness), "openai_config_to_abuse_chain.cases.yaml");
    behind(&mut harness, "name: A role change");
    let signs = signs(&harness);
    assert!(
        signs.iter().any(|s| s
            .ends_with("Test passed: A role change, then a filtered answer by the same person")),
        "{signs:?}"
    );
    picture(&mut harness, "case-marks-sentinel.png");
}

#[test]
fn a_button_behind_the_line_opens_the_choices_of_its_field() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    behind(&mut harness, "severity: Hi");
    picture(&mut harness, "choices-button.png");
    click(&mut harness, "Choose severity");
    picture(&mut harness, "choices-open.png");
    harness
        .get_by_role_and_label(Role::RadioButton, "Low")
        .click();
    settle(&mut harness);
    assert!(text(&harness).contains("severity: Low\n"));
    for (wanted, field) in [
        ("queryFrequency: ", "Choose queryFrequency"),
        ("triggerOperator: ", "Choose triggerOperator"),
        ("- entityType: ", "Choose entityType"),
        ("- identifier: ", "Choose identifier"),
        ("tactics:", "Choose tactics"),
    ] {
        behind(&mut harness, wanted);
        assert!(harness.query_by_label(field).is_some(), "{field}");
    }
    // A field without fixed choices has none.
    behind(&mut harness, "name: OpenAI");
    assert!(
        harness
            .query_all_by_label_contains("Choose ")
            .next()
            .is_none()
    );
}

#[test]
fn the_fields_of_panther_have_the_button_too() {
    let (_folder, mut harness) = marks();
    for (wanted, field) in [
        ("Severity: L", "Choose Severity"),
        ("LogTypes: [Open", "Choose LogTypes"),
        ("Enabled: ", "Choose Enabled"),
    ] {
        behind(&mut harness, wanted);
        assert!(harness.query_by_label(field).is_some(), "{field}");
    }
    behind(&mut harness, "Severity: L");
    click(&mut harness, "Choose Severity");
    harness
        .get_by_role_and_label(Role::RadioButton, "Critical")
        .click();
    settle(&mut harness);
    assert!(text(&harness).contains("Severity: Critical\n"));
}

#[test]
fn line_ends_are_changed_in_the_status_bar() {
    let (folder, mut harness) = marks();
    click(&mut harness, "Line ends LF");
    picture(&mut harness, "line-ends.png");
    click(&mut harness, "Change line ends to CRLF");
    assert_eq!(text(&harness), RULE.replace('\n', "\r\n"));
    assert!(has(&harness, "Line ends CRLF"));
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let saved = std::fs::read_to_string(folder.path().join("marks.yml")).expect("the file");
    assert_eq!(saved, RULE.replace('\n', "\r\n"));
    // One step of undo.
    harness.get_by_label(EDITOR).focus();
    harness.step();
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    assert_eq!(text(&harness), RULE);
}

#[test]
fn commands_of_the_editor_are_found_by_name() {
    let (_folder, mut harness) = marks();
    let run = |harness: &mut Window<'_>, name: &str| {
        press(harness, CTRL.plus(Modifiers::SHIFT), Key::P);
        settle(harness);
        harness.event(Event::Text(name.to_owned()));
        settle(harness);
        key(harness, Key::Enter);
    };
    run(&mut harness, "line ends crlf");
    assert_eq!(text(&harness), RULE.replace('\n', "\r\n"));
    run(&mut harness, "line ends to lf");
    assert_eq!(text(&harness), RULE);
    behind(&mut harness, "Severity: Low");
    type_in(&mut harness, "  ");
    key(&mut harness, Key::ArrowUp);
    run(&mut harness, "trim trailing");
    assert_eq!(text(&harness), RULE);
}

#[test]
fn a_byte_order_mark_is_told_of() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("rule.yaml");
    std::fs::write(&path, "\u{feff}id: x\r\nquery: T\r\n").expect("a rule");
    let harness = window_of(&[path], [1000.0, 600.0], true);
    assert!(has(&harness, "UTF-8 with BOM") && has(&harness, "Line ends CRLF"));
}

fn scroll_to(harness: &mut Window<'_>, wanted: &str) {
    behind(harness, wanted);
    harness.run_steps(4);
}

#[test]
fn the_keys_round_what_is_seen_stay_at_the_top() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text("admin_role_assignment.yml".to_owned()));
    settle(&mut harness);
    key(&mut harness, Key::Enter);
    scroll_to(&mut harness, "Name: \"An id of another kind\"");
    for _ in 0..12 {
        key(&mut harness, Key::ArrowDown);
    }
    picture(&mut harness, "sticky.png");
    // The first line of the text is `Tests:` now, whatever lies below it; a click goes there.
    let editor = harness.get_by_label(EDITOR).rect();
    let top = Pos2::new(editor.left() + 60.0, editor.top() + 9.0);
    let before = cursor(&harness);
    click_at(&mut harness, top, Modifiers::NONE);
    let line = text(&harness)
        .lines()
        .position(|l| l == "Tests:")
        .expect("a line")
        + 1;
    assert_eq!(
        cursor(&harness),
        format!("Line {line}, column 1"),
        "from {before}"
    );
    // Switched off, the same click is one into the text.
    harness.state_mut().execute(Command::StickyLines);
    scroll_to(&mut harness, "Name: \"An id of another kind\"");
    for _ in 0..12 {
        key(&mut harness, Key::ArrowDown);
    }
    click_at(&mut harness, top, Modifiers::NONE);
    assert_ne!(cursor(&harness), format!("Line {line}, column 1"));
}

#[test]
fn the_cursor_is_never_under_the_lines_that_stay() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), [1000.0, 640.0]);
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text("admin_role_assignment.yml".to_owned()));
    settle(&mut harness);
    key(&mut harness, Key::Enter);
    harness.get_by_label(EDITOR).focus();
    press(&mut harness, CTRL, Key::End);
    settle(&mut harness);
    let line = |harness: &Window<'_>| cursor(harness).split(',').next().map(str::to_owned);
    for _ in 0..40 {
        key(&mut harness, Key::ArrowUp);
        let ime = harness.output().platform_output.ime;
        let caret = ime.expect("the editor has the keyboard").cursor_rect;
        let before = line(&harness);
        // A click on it hits the line it is in, and none that lies over it.
        let at = caret.center() + egui::vec2(2.0, 0.0);
        click_at(&mut harness, at, Modifiers::NONE);
        assert_eq!(line(&harness), before, "at {at:?}");
    }
    picture(&mut harness, "sticky-cursor.png");
}

#[test]
fn blanks_are_shown_as_signs() {
    let (_folder, mut harness) = marks();
    harness.state_mut().execute(Command::ShowBlanks);
    settle(&mut harness);
    picture(&mut harness, "blanks.png");
    let shown = harness.render().expect("a picture");
    harness.state_mut().execute(Command::ShowBlanks);
    settle(&mut harness);
    let hidden = harness.render().expect("a picture");
    let differ = shown.pixels().zip(hidden.pixels()).filter(|(a, b)| a != b);
    // Each space of the text is a dot of two points.
    let spaces = RULE.matches(' ').count();
    let differ = differ.count();
    assert!(
        differ >= spaces * 4 && differ < spaces * 20,
        "{differ} pixels of {spaces} spaces"
    );
}

/// Presses on a text, takes it somewhere and lets it go.
fn drag(harness: &mut Window<'_>, from: Pos2, to: Pos2, modifiers: Modifiers) {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers,
    };
    harness.event(Event::PointerMoved(from));
    harness.step();
    harness.event_modifiers(button(from, true), modifiers);
    harness.step();
    for part in [0.3, 0.7, 1.0] {
        harness.event_modifiers(Event::PointerMoved(from + (to - from) * part), modifiers);
        harness.step();
    }
    harness.step();
    picture(harness, "drag-text.png");
    harness.event_modifiers(button(to, false), modifiers);
    harness.step();
    settle(harness);
}

#[test]
fn selected_text_is_dragged_into_another_group() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL, Key::Backslash);
    settle(&mut harness);
    // The left group shows another file.
    press(&mut harness, CTRL, Key::Num1);
    settle(&mut harness);
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text("defences_switched_off.yaml".to_owned()));
    settle(&mut harness);
    key(&mut harness, Key::Enter);
    harness.get_by_label(EDITOR).focus();
    settle(&mut harness);
    // The find bar leaves what it found selected.
    let select = |harness: &mut Window<'_>| {
        behind(harness, "severity");
        press(harness, CTRL.plus(Modifiers::SHIFT), Key::ArrowLeft);
        settle(harness);
        place(harness, "severity:").left_center() + egui::vec2(20.0, 0.0)
    };
    let from = select(&mut harness);
    let other = |harness: &Window<'_>| {
        let node = harness.get_by_label("Rule editor, group 2");
        (node.rect(), node.value().unwrap_or_default())
    };
    let (rect, before) = other(&harness);
    let to = rect.left_top() + egui::vec2(2.0, 6.0 + 9.0);
    let mine = text(&harness);
    drag(&mut harness, from, to, CTRL);
    let (_, copied) = other(&harness);
    assert_eq!(
        copied,
        format!("severity{before}"),
        "a copy at the first place"
    );
    assert_eq!(text(&harness), mine, "the text it comes from stays");
    // Moved: it is gone where it was.
    let from = select(&mut harness);
    drag(&mut harness, from, to, Modifiers::NONE);
    assert_eq!(other(&harness).1, format!("severity{copied}"));
    assert_eq!(text(&harness), mine.replacen("severity", "", 1));
}

/// Draws frames until something is so.
fn until(harness: &mut Window<'_>, what: &str, is_so: impl Fn(&Window<'_>) -> bool) {
    let start = Instant::now();
    while !is_so(harness) {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
        harness.step();
    }
    settle(harness);
}

#[test]
fn a_tab_goes_with_its_file_to_another_name() {
    let folder = a_workspace();
    let path = folder.path().join("rules/sentinel").join(CHAIN);
    let mut harness = window(folder.path(), LARGE);
    behind(&mut harness, "severity: High");
    type_in(&mut harness, " # mine");
    let typed = text(&harness);
    let to = folder.path().join("rules/sentinel/chain_of_abuse.yaml");
    std::fs::rename(&path, &to).expect("another name");
    until(&mut harness, "the tab goes along", |h| {
        tab(h).starts_with("chain_of_abuse.yaml")
    });
    picture(&mut harness, "renamed.png");
    assert!(has(&harness, "is called chain_of_abuse.yaml now"));
    assert_eq!(text(&harness), typed, "what was typed is there");
    assert!(!has(&harness, "was deleted"));
    // It is saved under the new name, and nothing comes back under the old one.
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    assert_eq!(std::fs::read_to_string(&to).expect("the file"), typed);
    assert!(!path.exists());
    // Undo goes back to before the new name.
    harness.get_by_label(EDITOR).focus();
    harness.step();
    for _ in 0..3 {
        press(&mut harness, CTRL, Key::Z);
    }
    settle(&mut harness);
    assert!(!text(&harness).contains("# mine"));
    // Into another folder.
    let moved = folder.path().join("rules/moved");
    std::fs::create_dir(&moved).expect("a folder");
    std::thread::sleep(Duration::from_millis(200));
    std::fs::rename(&to, moved.join("chain_of_abuse.yaml")).expect("moved");
    until(&mut harness, "told", |h| has(h, "was moved to rules/moved"));
}

#[test]
fn both_groups_that_show_a_file_follow_it() {
    let folder = a_workspace();
    let path = folder.path().join("rules/sentinel").join(CHAIN);
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL, Key::Backslash);
    settle(&mut harness);
    let to = folder.path().join("rules/sentinel/another.yaml");
    std::fs::rename(&path, &to).expect("another name");
    let tabs = |h: &Window<'_>| h.query_all_by_label("another.yaml").count();
    until(&mut harness, "both tabs go along", |h| tabs(h) == 2);
}
