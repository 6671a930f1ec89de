//! Beginning a rule and its tests in the window.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;

use common::{CTRL, Window, click, has, picture, press, settle, type_text, window_of};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use std::path::{Path, PathBuf};

const LARGE: [f32; 2] = [1440.0, 900.0];
const CTRL_SHIFT: Modifiers = CTRL.plus(Modifiers::SHIFT);

/// A folder with a sample's logs and no rule.
fn folder(sample: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let logs = repository.join("sample-logs").join(sample);
    common::copy(&logs, &folder.path().join("logs"));
    folder
}

fn opened<'a>(folder: &Path) -> Window<'a> {
    window_of(&[PathBuf::from(folder)], LARGE, true)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn begin(harness: &mut Window<'_>, kind: &str, name: &str) {
    press(harness, CTRL, Key::N);
    settle(harness);
    click(harness, kind);
    harness
        .get_by_role_and_label(Role::TextInput, "Name")
        .focus();
    harness.step();
    type_text(harness, name);
    picture(harness, "new-rule-dark.png");
    press(harness, Modifiers::NONE, Key::Enter);
    settle(harness);
}

/// The choices of the open list, and the one that is chosen.
fn choices(harness: &Window<'_>) -> (Vec<String>, Option<String>) {
    let label = |node: &egui_kittest::Node<'_>| node.accesskit_node().label().unwrap_or_default();
    let first = |text: String| text.split(", ").next().unwrap_or("").to_owned();
    let rows: Vec<_> = harness.query_all_by_role(Role::ListBoxOption).collect();
    let chosen = rows
        .iter()
        .find(|row| row.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True));
    (
        rows.iter().map(|row| first(label(row))).collect(),
        chosen.map(|row| first(label(row))),
    )
}

#[test]
fn a_sentinel_rule_is_begun_and_filled_in() {
    let folder = folder("c3-blinded-defenders");
    let mut harness = opened(folder.path());
    assert!(has(&harness, "No rules here"));
    begin(&mut harness, "Sentinel rule", "Two: defences off");
    let path = folder.path().join("rules/sentinel/two_defences_off.yaml");
    let text = read(&path);
    // A colon needs quotes.
    assert!(text.contains("name: \"Two: defences off\"\n"), "{text}");
    assert!(text.contains("  OpenAIAuditLogs\n"), "{text}");
    // It runs as it stands: the five events of the last hour.
    assert!(has(&harness, "Matches 5"));
    assert!(has(&harness, "No problems"), "nothing is wrong with it");
    // What is typed takes the place of the first thing to fill in; Tab goes on, and a field with choices offers them.
    type_text(&mut harness, "Somebody blinds us.");
    press(&mut harness, Modifiers::NONE, Key::Tab);
    settle(&mut harness);
    let (offered, chosen) = choices(&harness);
    assert_eq!(offered, ["Informational", "Low", "Medium", "High"]);
    assert_eq!(chosen.as_deref(), Some("Medium"), "what stands there");
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::Tab);
    settle(&mut harness);
    type_text(&mut harness, "OpenAI");
    // Over the table, the frequency and the period to the tactics, which stay as they are.
    for _ in 0..4 {
        press(&mut harness, Modifiers::NONE, Key::Tab);
        settle(&mut harness);
    }
    assert_eq!(choices(&harness).1.as_deref(), Some("InitialAccess"));
    press(&mut harness, Modifiers::NONE, Key::Tab);
    settle(&mut harness);
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let text = read(&path);
    for wanted in [
        "description: |\n  Somebody blinds us.\n",
        "severity: High\n",
        "connectorId: OpenAI\n",
        "queryFrequency: 1h\n",
        "  - InitialAccess\n",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let folder = folder("c3-blinded-defenders");
    let there = folder.path().join("rules/sentinel");
    std::fs::create_dir_all(&there).expect("a folder");
    std::fs::write(there.join("mine.yaml"), "id: x\n").expect("a file");
    let mut harness = opened(folder.path());
    begin(&mut harness, "Sentinel rule", "Mine");
    assert!(has(&harness, "mine.yaml is in the folder already"));
    assert_eq!(read(&there.join("mine.yaml")), "id: x\n");
}

#[test]
fn a_panther_rule_is_begun_with_tests_that_pass() {
    for (kind, tests) in [("Panther rule", 2), ("Panther simple detection", 2)] {
        let folder = folder("c5-leaked-admin-key");
        let mut harness = opened(folder.path());
        begin(&mut harness, kind, "Owner <made> by {key}");
        let path = folder.path().join("rules/panther/owner_made_by_key.yml");
        let text = read(&path);
        assert!(text.contains("  - OpenAI.Audit\n"), "{text}");
        assert_eq!(path.with_extension("py").exists(), kind == "Panther rule");
        picture(&mut harness, "new-panther-dark.png");
        assert!(
            has(&harness, &format!("Tests {tests}/{tests}")),
            "{kind}: {text}"
        );
        assert!(has(&harness, "No problems"), "{kind}: {text}");
    }
}

#[test]
fn a_body_is_compared_with_what_is_loaded() {
    let folder = folder("c5-leaked-admin-key");
    let mut harness = opened(folder.path());
    begin(&mut harness, "Panther rule", "Owner");
    let body = "owner.py";
    let tab = harness.get_by_role_and_label(Role::Tab, body).rect();
    harness.event(egui::Event::PointerMoved(tab.center()));
    harness.get_by_role_and_label(Role::Tab, body).click();
    settle(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::End);
    press(&mut harness, Modifiers::SHIFT, Key::Home);
    for sign in "return event.deep_get('actor', 'type') == 'a".chars() {
        type_text(&mut harness, &sign.to_string());
    }
    assert_eq!(choices(&harness).0, ["api_key"]);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let text = read(&folder.path().join("rules/panther").join(body));
    assert!(
        text.contains("return event.deep_get('actor', 'type') == 'api_key'\n"),
        "{text}"
    );
    // Types that are not loaded are offered all the same.
    press(&mut harness, Modifiers::NONE, Key::End);
    for sign in " and event.get(\"type\") == \"scim".chars() {
        type_text(&mut harness, &sign.to_string());
    }
    assert!(choices(&harness).0.contains(&"scim.disabled".to_owned()));
}

#[test]
fn a_case_is_made_of_a_match() {
    let folder = folder("c3-blinded-defenders");
    let rules = folder.path().join("rules");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = "openai_defences_switched_off.yaml";
    std::fs::create_dir_all(&rules).expect("a folder");
    let from = repository.join("rules/sentinel").join(name);
    std::fs::copy(from, rules.join(name)).expect("a rule");
    let mut harness = opened(folder.path());
    assert!(has(&harness, "Matches 1"));
    press(&mut harness, Modifiers::NONE, Key::F4);
    settle(&mut harness);
    click(&mut harness, "New test case");
    picture(&mut harness, "case-of-match-dark.png");
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let cases = rules.join("openai_defences_switched_off.cases.yaml");
    let text = read(&cases);
    // Line by line, and the events as they were logged.
    assert!(text.contains("expect:\n      rows:\n"), "{text}");
    assert!(
        text.contains("type: ip_allowlist.config.deactivated\n"),
        "{text}"
    );
    assert!(has(&harness, "Tests 1/1"), "{text}");
    // Another one stands behind it; both hold.
    press(&mut harness, CTRL_SHIFT, Key::N);
    settle(&mut harness);
    picture(&mut harness, "case-again-dark.png");
    assert!(has(&harness, "Tests 2/2"));
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    assert!(has(&harness, "Tests 1/1"), "one step of undo");
}

#[test]
fn a_panther_test_is_made_of_a_match() {
    let folder = folder("c5-leaked-admin-key");
    let rules = folder.path().join("rules");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir_all(&rules).expect("a folder");
    for end in ["py", "yml"] {
        let name = format!("openai_admin_key_makes_owner.{end}");
        let from = repository.join("rules/panther").join(&name);
        std::fs::copy(from, rules.join(&name)).expect("a rule");
    }
    let mut harness = opened(folder.path());
    assert!(has(&harness, "Tests 11/11"));
    press(&mut harness, Modifiers::NONE, Key::F4);
    settle(&mut harness);
    press(&mut harness, CTRL_SHIFT, Key::N);
    settle(&mut harness);
    assert!(has(&harness, "Tests 12/12"));
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let text = read(&rules.join("openai_admin_key_makes_owner.yml"));
    assert!(text.contains("    Expected:\n      title: "), "{text}");
}

#[test]
fn a_whole_word_can_be_replaced_by_what_else_could_stand_there() {
    let folder = folder("c3-blinded-defenders");
    let mut harness = opened(folder.path());
    begin(&mut harness, "Sentinel rule", "Other");
    // The cursor behind `gt`, with nothing selected.
    press(&mut harness, CTRL, Key::F);
    harness.run_steps(2);
    type_text(&mut harness, "triggerOperator: gt");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(2);
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    settle(&mut harness);
    press(&mut harness, CTRL, Key::Space);
    settle(&mut harness);
    let (offered, chosen) = choices(&harness);
    assert_eq!(chosen.as_deref(), Some("gt"));
    assert!(offered.contains(&"lt".to_owned()), "{offered:?}");
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    let (_, next) = choices(&harness);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let text = read(&folder.path().join("rules/sentinel/other.yaml"));
    let wanted = format!("triggerOperator: {}\n", next.unwrap_or_default());
    assert!(text.contains(&wanted), "{wanted}{text}");
}

#[test]
fn a_case_to_be_filled_in_stands_behind_the_others() {
    let folder = folder("c5-leaked-admin-key");
    let mut harness = opened(folder.path());
    begin(&mut harness, "Panther rule", "Owner");
    let path = folder.path().join("rules/panther/owner.yml");
    // What stands behind the tests is none of them.
    let text = read(&path) + "SummaryAttributes:\n  - type\n";
    std::fs::write(&path, &text).expect("a file");
    drop(harness);
    let mut harness = opened(folder.path());
    harness
        .state_mut()
        .execute(rulewright::workbench::Command::NewCases);
    settle(&mut harness);
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let after = read(&path);
    let at = |wanted: &str| {
        after
            .find(wanted)
            .unwrap_or_else(|| panic!("{wanted}: {after}"))
    };
    assert!(at("Name: Something else") < at("Name: What happens"));
    assert!(at("Name: What happens") < at("SummaryAttributes:"));
    assert!(
        has(&harness, "Tests 3/3"),
        "the event is one of those that match"
    );
    // A rule of Sentinel has its cases beside it, made where there are none.
    begin(&mut harness, "Sentinel rule", "Beside");
    for shown in ["Tests 1/1", "Tests 2/2"] {
        harness
            .state_mut()
            .execute(rulewright::workbench::Command::NewCases);
        settle(&mut harness);
        assert!(has(&harness, shown), "{shown}");
    }
}
