//! The whole window, driven as a person drives it: through the accessibility tree, the keys and dropped files.
//! Nothing here needs a display.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;

use common::{a_workspace, press, settle};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rulewright::workbench::{Recovery, Settings, Workbench};
use rulewright::workspace;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const CHAIN: &str = "openai_config_to_abuse_chain.yaml";

fn window<'a>(folder: &Path, recovery: Option<PathBuf>) -> Harness<'a, Workbench> {
    let workspace = workspace::find(&[folder.to_owned()]);
    let mut harness = Harness::builder()
        .with_size([1440.0, 900.0])
        .with_max_steps(64)
        .build_eframe(move |cc| {
            Workbench::new(
                &cc.egui_ctx,
                workspace,
                Settings::default(),
                Recovery::new(recovery),
            )
        });
    settle(&mut harness);
    harness
}

const CTRL: Modifiers = Modifiers::CTRL.plus(Modifiers::COMMAND);

/// Finds a text in the editor as a person does, and types over it.
fn replace(harness: &mut Harness<'_, Workbench>, old: &str, new: &str) {
    harness.get_by_label("Rule editor").focus();
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

fn has(harness: &Harness<'_, Workbench>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn a_change_in_the_text_changes_the_matches() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    harness.get_by_label(CHAIN).click();
    settle(&mut harness);
    assert!(has(&harness, "40 matches"), "31 filtered and 9 cut answers");
    replace(
        &mut harness,
        r#""content_filter", "length""#,
        r#""content_filter""#,
    );
    assert!(has(&harness, "31 matches"), "the 9 cut answers are gone");
    assert!(
        harness
            .query_by_label(&format!("{CHAIN}, unsaved"))
            .is_some()
    );
    press(&mut harness, CTRL, Key::S);
    settle(&mut harness);
    let saved = folder.path().join("rules/sentinel").join(CHAIN);
    let saved = std::fs::read_to_string(saved).expect("the saved rule");
    assert!(saved.contains(r#"has_any ("content_filter")"#));
}

#[test]
fn a_broken_rule_keeps_the_last_good_matches_and_says_where_it_is_broken() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    replace(
        &mut harness,
        "isnotempty(ActorEmail)",
        "isnotempty(ActorEmial)",
    );
    assert!(has(&harness, "40 matches"));
    assert!(has(&harness, "Stale"));
    // Line and column of the name in the file, and what was probably meant.
    let text = std::fs::read_to_string(folder.path().join("rules/sentinel").join(CHAIN)).unwrap();
    let (line, column) = text
        .lines()
        .enumerate()
        .find_map(|(n, l)| Some((n + 1, l.find("isnotempty(ActorEmail)")? + 12)))
        .unwrap();
    harness.get_by_label_contains("Problems").click();
    settle(&mut harness);
    let place = format!("error {CHAIN}:{line}:{column}");
    assert!(has(&harness, &place), "{place}");
    replace(&mut harness, "ActorEmial", "ActorEmail");
    assert!(!has(&harness, "Stale"));
}

#[test]
fn the_cases_run_and_the_rule_is_exported() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    harness
        .get_by_role_and_label(Role::Button, "Run tests")
        .click();
    settle(&mut harness);
    assert!(has(&harness, "All 16 tests pass"));
    harness
        .get_by_role_and_label(Role::Button, "Export rule…")
        .click();
    harness.run_steps(3);
    harness.get_by_label("Sentinel ARM template").click();
    harness.run_steps(2);
    let target = folder.path().join("out");
    harness.get_by_label("Folder").focus();
    harness.step();
    press(&mut harness, CTRL, Key::A);
    harness.event(Event::Text(target.display().to_string()));
    harness.run_steps(2);
    harness
        .get_by_role_and_label(Role::Button, "Export")
        .click();
    settle(&mut harness);
    assert!(has(&harness, "written"), "the dialog says what was written");
    let written = std::fs::read_dir(&target)
        .expect("the export folder")
        .count();
    assert!(written > 0);
}

#[test]
fn a_rule_whose_case_fails_is_not_exported() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    replace(
        &mut harness,
        r#""content_filter", "length""#,
        r#""content_filter""#,
    );
    press(&mut harness, CTRL, Key::E);
    harness.run_steps(2);
    let target = folder.path().join("out");
    harness.get_by_label("Folder").focus();
    harness.step();
    press(&mut harness, CTRL, Key::A);
    harness.event(Event::Text(target.display().to_string()));
    harness.run_steps(2);
    harness
        .get_by_role_and_label(Role::Button, "Export")
        .click();
    settle(&mut harness);
    // The case that says so: finished answers do not count, filtered and cut ones do.
    assert!(has(&harness, "Filtered and cut-off answers count"));
    assert!(!target.exists());
}

#[test]
fn the_match_names_its_raw_lines() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    harness
        .get_by_role_and_label(Role::Row, "Match 1")
        .click_accesskit();
    harness.run_steps(3);
    assert!(has(&harness, "2 raw events"), "the change and the answer");
    assert!(has(&harness, "Raw event"));
    press(&mut harness, Modifiers::NONE, Key::F4);
    harness.run_steps(2);
    assert!(has(&harness, "Match 2"));
}

#[test]
fn unsaved_text_comes_back_after_a_crash() {
    let folder = a_workspace();
    let unsaved = folder.path().join("unsaved");
    let mut harness = window(folder.path(), Some(unsaved.clone()));
    replace(&mut harness, "severity: High", "severity: Medium");
    let start = Instant::now();
    while std::fs::read_dir(&unsaved).map_or(0, Iterator::count) == 0 {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "nothing was kept"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(harness); // nobody saved
    let harness = window(folder.path(), Some(unsaved));
    assert!(
        harness
            .query_by_label(&format!("{CHAIN}, unsaved"))
            .is_some()
    );
    assert!(has(&harness, "Unsaved text was restored"));
}

#[test]
fn a_tab_with_unsaved_text_is_not_closed_without_a_question() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    replace(&mut harness, "severity: High", "severity: Low");
    press(&mut harness, CTRL, Key::W);
    harness.run_steps(3);
    assert!(has(&harness, "holds changes that are not saved"));
    harness
        .get_by_role_and_label(Role::Button, "Cancel")
        .click();
    harness.run_steps(3);
    assert!(
        harness
            .query_by_label(&format!("{CHAIN}, unsaved"))
            .is_some()
    );
}

#[test]
fn an_empty_workspace_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut harness = window(folder.path(), None);
    for words in [
        "No file is open",
        "No rules here",
        "No logs are loaded",
        "No rule is open",
    ] {
        assert!(has(&harness, words), "{words}");
    }
    // A path that is not there is said, and the window lives on.
    press(&mut harness, CTRL, Key::O);
    harness.run_steps(2);
    harness.event(Event::Text("nowhere/at_all.yaml".to_owned()));
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Button, "Open").click();
    settle(&mut harness);
    assert!(has(&harness, "does not exist"));
}

#[test]
fn logs_of_the_wrong_kind_are_told_and_the_rest_stays() {
    let folder = a_workspace();
    let wrong = folder.path().join("logs/picture.json");
    std::fs::write(&wrong, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("a wrong file");
    let cut = folder.path().join("logs/cut.ndjson");
    std::fs::write(&cut, b"{\"object\":\"organization.audit_log\",\"id\":").expect("a cut file");
    let harness = window(folder.path(), None);
    assert!(has(&harness, "40 matches"));
    assert!(has(&harness, "rejected"));
}

#[test]
fn the_clock_can_be_set() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    harness
        .get_by_label_contains("Clock 2026-06-08 03:44:09")
        .click();
    harness.run_steps(3);
    let field = harness.get_by_label("What now() and ago() see, in UTC");
    field.focus();
    harness.step();
    press(&mut harness, CTRL, Key::A);
    // A day after the change: the window of the rule no longer holds it.
    harness.event(Event::Text("2026-06-09 02:55:00".to_owned()));
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Button, "Set").click();
    settle(&mut harness);
    assert!(has(&harness, "0 matches"));
    assert!(has(&harness, "set by hand"));
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

#[test]
fn rules_and_logs_are_opened_by_dropping_them() {
    let folder = a_workspace();
    let empty = tempfile::tempdir().expect("a temporary folder");
    let mut harness = window(empty.path(), None);
    for path in [
        folder.path().join("rules/sentinel").join(CHAIN),
        folder.path().join("logs"),
    ] {
        let dropped = std::sync::Arc::new(Dropped(path));
        harness.input_mut().dropped_files.push(dropped);
    }
    settle(&mut harness);
    assert!(harness.query_by_label(CHAIN).is_some(), "the rule is open");
    assert!(has(&harness, "40 matches"));
}

#[test]
fn a_body_that_never_ends_leaves_the_window_alive() {
    let folder = a_workspace();
    let body = folder
        .path()
        .join("rules/panther/openai_admin_role_assignment.py");
    std::fs::write(
        &body,
        "def rule(event):\n    while True:\n        try:\n            pass\n        except:\n            pass\n",
    )
    .expect("the endless body");
    let workspace = workspace::find(&[folder.path().to_owned()]);
    let mut harness = Harness::builder()
        .with_size([1440.0, 900.0])
        .build_eframe(move |cc| {
            let settings = Settings::default();
            Workbench::new(&cc.egui_ctx, workspace, settings, Recovery::new(None))
        });
    harness.step();
    harness
        .get_by_label("openai_admin_role_assignment.py")
        .click();
    let (start, mut longest) = (Instant::now(), Duration::ZERO);
    while !harness.query_all_by_label_contains("error").any(|_| true) || harness.state().is_busy() {
        assert!(start.elapsed() < Duration::from_secs(60), "nobody was told");
        let frame = Instant::now();
        harness.step();
        longest = longest.max(frame.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
    // Frames went on being drawn: a bound for a loaded machine, far below the limit of the body.
    assert!(longest < Duration::from_millis(900), "{longest:?}");
    // The other rule still runs.
    harness.get_by_label(CHAIN).click();
    settle(&mut harness);
    assert!(has(&harness, "40 matches"));
}

#[test]
fn invalid_yaml_is_told_with_its_place() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    replace(&mut harness, "severity: High", "severity: [High");
    harness.get_by_label_contains("Problems").click();
    settle(&mut harness);
    let text = std::fs::read_to_string(folder.path().join("rules/sentinel").join(CHAIN)).unwrap();
    let line = 1 + text.lines().position(|l| l == "severity: High").unwrap();
    assert!(
        has(&harness, &format!("error {CHAIN}:{line}:")),
        "line {line}"
    );
    assert!(has(&harness, "Stale"));
}

#[test]
fn light_and_dark_draw_every_panel() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    for theme in [egui::ThemePreference::Light, egui::ThemePreference::Dark] {
        harness.state_mut().set_theme(theme);
        for tab in ["Problems", "Tests", "Data", "Matches", "Timeline"] {
            let found = harness.query_all_by_label_contains(tab).next();
            found.expect(tab).click();
            harness.run_steps(3);
        }
    }
}

#[test]
fn a_file_changed_by_another_program_is_not_overwritten_without_a_question() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    replace(&mut harness, "severity: High", "severity: Low");
    let path = folder.path().join("rules/sentinel").join(CHAIN);
    let theirs = std::fs::read_to_string(&path)
        .unwrap()
        .replace("severity: High", "severity: Medium");
    std::fs::write(&path, &theirs).expect("their change");
    press(&mut harness, CTRL, Key::S);
    harness.run_steps(3);
    assert!(has(&harness, "was changed by another program"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), theirs);
    harness
        .get_by_role_and_label(Role::Button, "Keep mine")
        .click();
    settle(&mut harness);
    let ours = std::fs::read_to_string(&path).unwrap();
    assert!(ours.contains("severity: Low") && !ours.contains("Medium"));
}

#[test]
fn rejected_records_stand_among_the_problems_with_their_lines() {
    let folder = a_workspace();
    let cut = folder.path().join("logs/damaged.ndjson");
    let good = r#"{"object":"organization.audit_log","id":"audit_log-1","type":"login.succeeded","effective_at":1780880000}"#;
    std::fs::write(&cut, format!("{good}\n{{\"object\": nonsense\n")).expect("a damaged file");
    let mut harness = window(folder.path(), None);
    harness.get_by_label_contains("Problems").click();
    settle(&mut harness);
    common::fill(&mut harness, "Filter problems", "damaged");
    assert!(has(&harness, "warning damaged.ndjson:2:1"));
}

/// The line (from 1) of the bundled rule that holds a text.
fn line_of(folder: &Path, part: &str) -> usize {
    let text = std::fs::read_to_string(folder.join("rules/sentinel").join(CHAIN)).expect("a rule");
    1 + text.lines().position(|l| l.contains(part)).expect(part)
}

#[test]
fn a_note_beside_a_line_shows_the_rows_after_that_stage() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    harness.state_mut().show_query();
    settle(&mut harness);
    let line = line_of(folder.path(), "| where isnotempty(ActorUser)");
    harness
        .get_by_role_and_label(
            Role::Button,
            &format!("Line {line}: 40. Show the rows after this stage"),
        )
        .click();
    settle(&mut harness);
    let banner = format!("Rows after line {line}: | where isnotempty(ActorUser)");
    assert!(has(&harness, &banner), "{banner}");
    assert!(has(&harness, "40 rows"), "as many as the note says");
    assert!(has(&harness, "ActorUser"), "columns that no table has");
    // A row tells of the raw events behind it.
    harness
        .get_by_role_and_label(Role::Row, "Row 1")
        .click_accesskit();
    settle(&mut harness);
    assert!(has(&harness, &format!("Row 1 after line {line}")));
    assert!(has(&harness, "1 raw event"));
    // The rule is tuned: the rows follow. A condition of the same stage, then the stage itself.
    replace(
        &mut harness,
        r#""content_filter", "length""#,
        r#""content_filter""#,
    );
    assert!(has(&harness, "31 rows"), "the 9 cut answers are gone");
    replace(&mut harness, "isnotempty(ActorUser)", "isempty(ActorUser)");
    assert!(has(&harness, "| where isempty(ActorUser)"));
    assert!(has(&harness, "No row is left after this stage"));
    // A broken text keeps them, and says so.
    replace(&mut harness, "isempty(ActorUser)", "isempty(Nobody)");
    assert!(has(&harness, "these are the rows from before it"));
    harness
        .get_by_role_and_label(Role::Button, "Back to tables")
        .click();
    settle(&mut harness);
    assert!(!has(&harness, "Rows after line"));
}

#[test]
fn the_stage_at_the_cursor_is_shown_by_its_keys_and_stays_marked_without_its_text() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    // Finds the join and leaves the cursor there, without a change.
    replace(&mut harness, "kind=inner", "kind=inner");
    press(&mut harness, Modifiers::NONE, Key::F7);
    settle(&mut harness);
    let line = line_of(folder.path(), "| join kind=inner");
    let banner = format!("Rows after line {line}: | join kind=inner signals");
    assert!(has(&harness, &banner), "{banner}");
    replace(
        &mut harness,
        "| join kind=inner signals on $left.ActorEmail == $right.ActorUser",
        " ",
    );
    // Its text is gone and the query does not run without it: the last rows stay, marked.
    assert!(has(&harness, "these are the rows from before it"));
}

#[test]
fn a_query_that_ends_in_render_is_drawn_and_shown_as_rows() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    assert!(harness.query_by_label("Chart").is_none(), "no render yet");
    replace(
        &mut harness,
        "| order by ConfigTime desc",
        "| extend Answers = 1 | render timechart with (xcolumn=AbuseTime, ycolumns=Answers)",
    );
    assert!(has(&harness, "Chart of Answers by AbuseTime"));
    harness.get_by_label("Table").click();
    harness.run_steps(3);
    assert!(!has(&harness, "Chart of Answers by AbuseTime"));
    assert!(
        harness
            .query_by_role_and_label(Role::Row, "Match 1")
            .is_some()
    );
    harness.get_by_label("Chart").click();
    harness.run_steps(3);
    let kinds = [
        "timechart",
        "areachart",
        "columnchart",
        "barchart",
        "scatterchart",
    ];
    for pair in kinds.windows(2) {
        let (old, new) = (format!("render {}", pair[0]), format!("render {}", pair[1]));
        replace(&mut harness, &old, &new);
        assert!(has(&harness, "Chart of Answers by AbuseTime"), "{new}");
    }
    replace(&mut harness, "render scatterchart", "render piechart");
    assert!(has(&harness, " %"), "shares");
    // What cannot be drawn says so and shows the rows.
    replace(&mut harness, "render piechart", "render treemap");
    assert!(has(&harness, "No chart: "));
    assert!(
        harness
            .query_by_role_and_label(Role::Row, "Match 1")
            .is_some()
    );
}

#[test]
fn a_panther_rule_shows_its_conditions_with_their_lines() {
    let folder = a_workspace();
    let mut harness = window(folder.path(), None);
    let body = "KINDS = (\"role.assignment.created\", \"invite.sent\")\n\n\ndef rule(event):\n    if event.get(\"type\") not in KINDS:\n        return False\n    name = event.deep_get(\"role_assignment_created\", \"id\", default=\"\")\n    return len(name.split(\"_\")) > 3\n";
    let file = folder
        .path()
        .join("rules/panther/openai_admin_role_assignment.py");
    std::fs::write(file, body).expect("another body");
    let rule = harness
        .query_all_by_label_contains("OpenAI Admin Role Assignment")
        .next();
    rule.expect("the rule in the explorer").click();
    settle(&mut harness);
    let condition = "Line 5: `type` is one of `role.assignment.created`, `invite.sent`";
    assert!(has(&harness, condition), "the condition with its line");
    assert!(has(&harness, "Line 8"), "the line that stays in Python");
    assert!(has(&harness, "the others fail the conditions"));
    assert!(
        harness
            .query_by_role_and_label(Role::Row, condition)
            .is_some(),
        "a row that goes to the line"
    );
}
