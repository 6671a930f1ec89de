//! Files, tabs and groups of the whole window, and what other programs do to the files meanwhile.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;

use common::{CTRL, Window, a_workspace, click, has, picture, press, settle, window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton};
use egui_kittest::kittest::{NodeT, Queryable};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const CHAIN: &str = "openai_config_to_abuse_chain.yaml";
const BODY: &str = "openai_admin_role_assignment.py";
const LARGE: [f32; 2] = [1440.0, 900.0];

fn rule(folder: &Path) -> PathBuf {
    folder.join("rules/sentinel").join(CHAIN)
}

/// Finds a text in an editor as a person does, and types over it.
fn replace(harness: &mut Window<'_>, editor: &str, old: &str, new: &str) {
    harness.get_by_label(editor).focus();
    harness.step();
    press(harness, CTRL, Key::F);
    harness.run_steps(2);
    harness.event(Event::Text(old.to_owned()));
    harness.run_steps(2);
    press(harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(2);
    harness.event(Event::Text(new.to_owned()));
    settle(harness);
}

/// The tabs from left to right, group after group.
fn tabs(harness: &Window<'_>) -> Vec<String> {
    harness
        .query_all_by_role(Role::Tab)
        .filter_map(|tab| tab.accesskit_node().label())
        .filter(|label| label.contains(".y") || label.contains(".py"))
        .collect()
}

fn shows(harness: &Window<'_>, tab: &str) -> bool {
    harness
        .query_all_by_label(tab)
        .any(|t| t.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True))
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

/// The text of an editor.
fn text(harness: &Window<'_>, editor: &str) -> String {
    harness.get_by_label(editor).value().unwrap_or_default()
}

#[test]
fn two_groups_show_one_text_with_one_undo() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL, Key::Backslash);
    settle(&mut harness);
    assert_eq!(
        harness.query_all_by_label(CHAIN).count(),
        2,
        "in both groups"
    );
    replace(
        &mut harness,
        "Rule editor, group 2",
        "severity: High",
        "severity: Low",
    );
    assert!(
        text(&harness, "Rule editor").contains("severity: Low"),
        "the other view follows"
    );
    let unsaved = format!("{CHAIN}, unsaved");
    assert_eq!(harness.query_all_by_label(&unsaved).count(), 2);
    // Another change in the first group: undo there takes back what was typed in either, the last first.
    replace(
        &mut harness,
        "Rule editor",
        "enabled: true",
        "enabled: false",
    );
    harness.get_by_label("Rule editor").focus();
    harness.step();
    let undo = |harness: &mut Window<'_>, wanted: &str| {
        for _ in 0..20 {
            press(harness, CTRL, Key::Z);
            settle(harness);
            if text(harness, "Rule editor").contains(wanted) {
                return;
            }
        }
        panic!("{wanted} did not come back");
    };
    undo(&mut harness, "enabled: true");
    assert!(text(&harness, "Rule editor").contains("severity: Low"));
    undo(&mut harness, "severity: High");
    assert!(text(&harness, "Rule editor, group 2").contains("severity: High"));
    // Closing one of two views loses nothing and asks nothing.
    replace(
        &mut harness,
        "Rule editor, group 2",
        "severity: High",
        "severity: Low",
    );
    press(&mut harness, CTRL, Key::W);
    settle(&mut harness);
    assert!(!has(&harness, "holds changes that are not saved"));
    assert!(text(&harness, "Rule editor").contains("severity: Low"));
    harness.get_by_label("Rule editor").focus();
    harness.step();
    undo(&mut harness, "severity: High");
}

#[test]
fn tabs_are_gone_through_closed_and_opened_again_by_keys() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    let all = tabs(&harness);
    assert!(all.len() >= 3 && shows(&harness, CHAIN), "{all:?}");
    let here = all.iter().position(|t| t == CHAIN).expect("a tab");
    let next = all[(here + 1) % all.len()].clone();
    press(&mut harness, CTRL, Key::PageDown);
    settle(&mut harness);
    assert!(shows(&harness, &next));
    press(&mut harness, CTRL, Key::PageUp);
    settle(&mut harness);
    assert!(shows(&harness, CHAIN));
    // The one used before, and back.
    press(&mut harness, CTRL, Key::Tab);
    settle(&mut harness);
    assert!(shows(&harness, &next));
    press(&mut harness, CTRL, Key::W);
    settle(&mut harness);
    assert!(!tabs(&harness).contains(&next));
    assert!(shows(&harness, CHAIN), "what was looked at before");
    press(&mut harness, CTRL.plus(Modifiers::SHIFT), Key::T);
    settle(&mut harness);
    assert_eq!(tabs(&harness), all, "where it was");
    assert!(shows(&harness, &next));
    // The middle button closes.
    harness
        .get_by_label(&next)
        .click_button(PointerButton::Middle);
    settle(&mut harness);
    assert!(!tabs(&harness).contains(&next));
}

#[test]
fn the_menu_of_a_tab_opens_by_keys_and_closes_the_others() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    harness.get_by_label(CHAIN).focus();
    harness.step();
    press(&mut harness, Modifiers::SHIFT, Key::F10);
    harness.run_steps(4);
    for entry in [
        "Close others",
        "Copy path",
        "Reveal in explorer",
        "Split right",
    ] {
        assert!(has(&harness, entry), "{entry}");
    }
    picture(&mut harness, "tab-menu.png");
    click(&mut harness, "Close others");
    assert_eq!(tabs(&harness), [CHAIN]);
}

#[test]
fn a_look_is_replaced_by_the_next_and_stays_once_it_is_typed_in() {
    let folder = a_workspace();
    for name in ["one", "two"] {
        let path = folder.path().join(format!("rules/sentinel/{name}.yaml"));
        let text = std::fs::read_to_string(rule(folder.path())).expect("a rule");
        let text = text.replacen("name: ", &format!("name: {name} "), 1);
        std::fs::write(path, text).expect("another rule");
    }
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL.plus(Modifiers::SHIFT), Key::W);
    settle(&mut harness);
    let open = |harness: &mut Window<'_>, name: &str| {
        let row = harness.query_all_by_role(Role::TreeItem).find(|row| {
            let label = row.accesskit_node().label().unwrap_or_default();
            label.starts_with(&format!("Rule {name}"))
        });
        row.expect("a rule in the explorer").click();
        settle(harness);
    };
    open(&mut harness, "one");
    open(&mut harness, "two");
    assert_eq!(tabs(&harness), ["two.yaml"]);
    replace(
        &mut harness,
        "Rule editor",
        "severity: High",
        "severity: Low",
    );
    open(&mut harness, "one");
    assert_eq!(tabs(&harness), ["two.yaml, unsaved", "one.yaml"]);
}

#[test]
fn a_file_is_found_by_a_few_letters_and_a_line() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text("oaraspy:4".to_owned()));
    settle(&mut harness);
    let found: Vec<String> = harness
        .query_all_by_role(Role::ListItem)
        .filter_map(|i| i.accesskit_node().label())
        .filter(|label| label.contains("rules/"))
        .collect();
    assert!(
        found.first().is_some_and(|f| f.starts_with(BODY)),
        "{found:?}"
    );
    picture(&mut harness, "quick-open.png");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert!(shows(&harness, BODY));
    assert!(has(&harness, "Line 4, column 1"));
    // From files to commands by a sign.
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text(">split ri".to_owned()));
    settle(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert_eq!(harness.query_all_by_label(BODY).count(), 2);
    // What can do nothing now says why, and does nothing.
    press(&mut harness, CTRL.plus(Modifiers::SHIFT), Key::P);
    settle(&mut harness);
    harness.event(Event::Text("third group".to_owned()));
    settle(&mut harness);
    let third = harness.get_by_label_contains("Third group");
    assert!(third.accesskit_node().is_disabled());
    picture(&mut harness, "palette.png");
}

#[test]
fn what_is_typed_after_a_file_was_found_goes_into_it() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text("oaraspy".to_owned()));
    settle(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert!(shows(&harness, BODY));
    harness.event(Event::Text("# here".to_owned()));
    settle(&mut harness);
    assert!(has(&harness, "Line 1, column 7"));
}

#[test]
fn a_change_on_disk_is_read_merged_or_asked_about_and_typed_text_is_never_lost() {
    let folder = a_workspace();
    let path = rule(folder.path());
    let mut harness = window(folder.path(), LARGE);
    let original = std::fs::read_to_string(&path).expect("a rule");
    // Nothing typed: it is read again, and undo has the old one.
    std::fs::write(&path, original.replace("severity: High", "severity: Low")).expect("a change");
    until(&mut harness, "read again", |h| {
        text(h, "Rule editor").contains("severity: Low")
    });
    assert!(shows(&harness, CHAIN), "it counts as saved");
    harness.get_by_label("Rule editor").focus();
    harness.step();
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    assert!(text(&harness, "Rule editor").contains("severity: High"));
    press(&mut harness, CTRL.plus(Modifiers::SHIFT), Key::Z);
    settle(&mut harness);
    // Something typed elsewhere in the text: both are there.
    replace(
        &mut harness,
        "Rule editor",
        "enabled: true",
        "enabled: false",
    );
    let theirs = original.replace("severity: High", "severity: Medium");
    std::fs::write(&path, &theirs).expect("a change");
    until(&mut harness, "merged", |h| {
        text(h, "Rule editor").contains("severity: Medium")
    });
    assert!(text(&harness, "Rule editor").contains("enabled: false"));
    assert!(has(&harness, "merged into yours"));
    // Both at the same place: nothing happens but that it is told, until the person chooses.
    replace(
        &mut harness,
        "Rule editor",
        "severity: Medium",
        "severity: Informational",
    );
    std::fs::write(&path, theirs.replace("severity: Medium", "severity: High")).expect("a change");
    until(&mut harness, "told", |h| {
        has(h, "at the same places as you")
    });
    assert!(text(&harness, "Rule editor").contains("severity: Informational"));
    picture(&mut harness, "conflict.png");
    click(&mut harness, "Compare…");
    assert!(has(&harness, "− severity: Informational") && has(&harness, "+ severity: High"));
    picture(&mut harness, "compare.png");
    harness
        .get_by_role_and_label(Role::Button, "Keep mine")
        .click();
    settle(&mut harness);
    let saved = std::fs::read_to_string(&path).expect("the rule");
    assert!(saved.contains("severity: Informational") && saved.contains("enabled: false"));
    assert!(!has(&harness, "at the same places as you"));
}

#[test]
fn a_deleted_file_keeps_its_text_and_can_be_saved_again() {
    let folder = a_workspace();
    let path = rule(folder.path());
    let mut harness = window(folder.path(), LARGE);
    std::fs::remove_file(&path).expect("their deletion");
    until(&mut harness, "told", |h| has(h, "The file was deleted"));
    assert!(text(&harness, "Rule editor").contains("severity: High"));
    assert!(
        harness
            .query_by_label(&format!("{CHAIN}, unsaved"))
            .is_some()
    );
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    assert!(path.is_file());
    assert!(!has(
        &harness,
        "The file was deleted. Its text is kept here until"
    ));
}

#[test]
fn a_read_only_file_is_saved_under_another_name() {
    let folder = a_workspace();
    let path = rule(folder.path());
    let mut permissions = std::fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("read-only");
    let mut harness = window(folder.path(), LARGE);
    replace(
        &mut harness,
        "Rule editor",
        "severity: High",
        "severity: Low",
    );
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    assert!(has(&harness, "the file is read-only"), "it says why");
    picture(&mut harness, "read-only.png");
    let other = folder.path().join("rules/sentinel/other.yaml");
    harness
        .get_by_role_and_label(Role::TextInput, "Path of the file")
        .focus();
    harness.step();
    press(&mut harness, CTRL, Key::A);
    harness.event(Event::Text(other.display().to_string()));
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Button, "Save").click();
    settle(&mut harness);
    assert!(
        std::fs::read_to_string(&other)
            .expect("saved")
            .contains("severity: Low")
    );
    assert!(
        std::fs::read_to_string(&path)
            .expect("kept")
            .contains("severity: High")
    );
    assert!(shows(&harness, "other.yaml"));
}

#[test]
fn a_new_rule_in_the_folder_appears_and_a_new_log_is_offered() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    let text = std::fs::read_to_string(rule(folder.path())).expect("a rule");
    let named = text.replacen("name: ", "name: Fresh ", 1);
    let new = folder.path().join("rules/sentinel/fresh.yaml");
    std::fs::write(&new, named).expect("a new rule");
    until(&mut harness, "in the explorer", |h| has(h, "Rule Fresh"));
    std::fs::remove_file(&new).expect("their deletion");
    until(&mut harness, "gone from the explorer", |h| {
        !has(h, "Rule Fresh")
    });
    let log = r#"{"object":"organization.audit_log","id":"audit_log-1","type":"login.succeeded","effective_at":1780880000}"#;
    std::fs::write(folder.path().join("logs/more.ndjson"), format!("{log}\n")).expect("a log");
    until(&mut harness, "offered", |h| has(h, "1 new log file"));
    assert!(
        !has(&harness, "Log file logs/more.ndjson"),
        "not taken by itself"
    );
    click(&mut harness, "Load");
    assert!(has(&harness, "Log file logs/more.ndjson"));
    assert!(harness.query_by_label("Load").is_none());
}

#[test]
fn a_tab_is_dragged_to_the_side_of_the_text() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    // The last tab but one is in sight.
    let from = harness.get_by_label(BODY).rect().center();
    let editor = harness.get_by_label("Rule editor").rect();
    let to = egui::pos2(editor.right() - 40.0, 400.0);
    harness.drag_at(from);
    harness.step();
    for step in 1..=8 {
        let at = from + (to - from) * (step as f32 / 8.0);
        harness.hover_at(at);
        harness.step();
    }
    picture(&mut harness, "dragging.png");
    harness.drop_at(to);
    settle(&mut harness);
    assert!(
        harness.query_by_label("Rule editor, group 2").is_some(),
        "a second group"
    );
    assert_eq!(
        harness.query_all_by_label(BODY).count(),
        1,
        "moved, not copied"
    );
    assert!(text(&harness, "Rule editor, group 2").contains("def rule"));
}

#[test]
fn a_click_on_a_tab_gives_its_text_the_keyboard() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), LARGE);
    for name in [BODY, CHAIN] {
        let tab = harness.get_by_role_and_label(Role::Tab, name).rect();
        let at = tab.left_center() + egui::vec2(20.0, 0.0);
        harness.event(Event::PointerMoved(at));
        for pressed in [true, false] {
            harness.event(Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
        settle(&mut harness);
        harness.event(Event::Text("#".to_owned()));
        settle(&mut harness);
        assert!(text(&harness, "Rule editor").contains('#'), "{name}");
    }
}
