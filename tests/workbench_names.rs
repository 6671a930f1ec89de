//! From a name to what it names and where it is used, in the window: in the same file and in others. Quick fixes, and
//! what helps in a Python body.

#[path = "common/window.rs"]
mod common;
#[path = "common/soft.rs"]
mod soft;
#[path = "common/writing.rs"]
mod writing;

use common::{CTRL, Window, has, picture, press, settle, window_of};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::path::Path;
use writing::{EDITOR, behind, click_at, cursor, key, place, rows, tab, text, type_in};

const LARGE: [f32; 2] = [1440.0, 900.0];

/// A small repository of Panther: a global, a data model, a query, rules.
const PANTHER: [(&str, &str); 9] = [
    (
        "global_helpers/demo_helpers.yml",
        "AnalysisType: global\nGlobalID: demo_helpers\nFilename: demo_helpers.py\n",
    ),
    (
        "global_helpers/demo_helpers.py",
        "LIMIT = 3\n\n\ndef actor_of(event, default=\"unknown\"):\n    \"\"\"The e-mail address of who did it.\"\"\"\n    return event.deep_get(\"actor\", \"email\", default=default)\n",
    ),
    (
        "data_models/demo_model.yml",
        "AnalysisType: datamodel\nDataModelID: Demo.Model\nEnabled: true\nLogTypes: [OpenAI.Audit]\nMappings:\n  - Name: actor_user\n    Path: actor.email\n  - Name: source_ip\n    Path: actor.address\n",
    ),
    (
        "queries/demo_query.yml",
        "AnalysisType: scheduled_query\nQueryName: Demo.Query\nEnabled: true\nQuery: SELECT 1\nSchedule:\n  RateMinutes: 60\n  TimeoutMinutes: 5\n",
    ),
    (
        "rules/demo_rule.yml",
        "AnalysisType: rule\nRuleID: Demo.Granted\nEnabled: true\nFilename: demo_rule.py\nSeverity: High\nLogTypes: [OpenAI.Audit]\nTests:\n  - Name: granted\n    ExpectedResult: true\n    Log: {type: role.granted}\n",
    ),
    (
        "rules/demo_rule.py",
        "from demo_helpers import actor_of\n\n\ndef rule(event):\n    return event.get(\"type\") == \"role.granted\"\n\n\ndef title(event):\n    who = actor_of(event)\n    return f\"{who} from {event.udm('source_ip')}\"\n",
    ),
    (
        "rules/other_rule.yml",
        "AnalysisType: scheduled_rule\nRuleID: Demo.Other\nEnabled: true\nFilename: other_rule.py\nSeverity: Low\nScheduledQueries:\n  - Demo.Query\n",
    ),
    (
        "rules/other_rule.py",
        "import demo_helpers as helpers\n\n\ndef rule(event):\n    return helpers.actor_of(event) == \"root\"\n",
    ),
    (
        "packs/demo.yml",
        "AnalysisType: pack\nPackID: Demo.Pack\nPackDefinition:\n  IDs:\n    - Demo.Granted\n    - Demo.Query\n",
    ),
];

const SENTINEL: &str = "id: 11111111-2222-3333-4444-555555555555
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
  let vips = _GetWatchlist('vips') | project SearchKey;
  OpenAIAuditLogs_CL
  | extend Who = tostring(Id)
  | where Who in (vips)
  | project TimeGenerated, Who
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: FullName
        columnName: who
version: 1.0.0
kind: Scheduled
";

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
}

/// A window on a folder with one file of it in the editor.
fn opened<'a>(files: &[(&str, &str)], shown: &str) -> (tempfile::TempDir, Window<'a>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), files);
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs/c1-hijacked-session");
    common::copy(&logs, &folder.path().join("logs"));
    let mut harness = window_of(&[folder.path().to_owned()], LARGE, false);
    // As a person opens it: Ctrl+P, some letters, Enter.
    press(&mut harness, CTRL, Key::P);
    settle(&mut harness);
    harness.event(Event::Text(shown.to_owned()));
    settle(&mut harness);
    key(&mut harness, Key::Enter);
    assert_eq!(tab(&harness), shown);
    harness.get_by_label(EDITOR).focus();
    settle(&mut harness);
    (folder, harness)
}

fn panther<'a>(shown: &str) -> (tempfile::TempDir, Window<'a>) {
    opened(&PANTHER, shown)
}

fn sentinel<'a>() -> (tempfile::TempDir, Window<'a>) {
    opened(
        &[
            ("rules/change.yaml", SENTINEL),
            ("watchlists/vips.csv", "User,Why\nann,CFO\n"),
        ],
        "change.yaml",
    )
}

#[test]
fn ctrl_and_the_dot_mend_what_is_wrong_at_the_cursor() {
    let (_folder, mut harness) = sentinel();
    behind(&mut harness, "columnName: wh");
    press(&mut harness, CTRL, Key::Period);
    settle(&mut harness);
    picture(&mut harness, "quick-fix.png");
    // One way to mend it is taken at once; of several the first is chosen with Enter.
    if text(&harness).contains("columnName: who\n") {
        key(&mut harness, Key::Enter);
    }
    assert!(
        text(&harness).contains("columnName: Who\n"),
        "{}",
        text(&harness)
    );
    // One step of undo, and the cursor stays where it was.
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    assert_eq!(text(&harness), SENTINEL);
    // Where nothing is wrong it says so and changes nothing.
    behind(&mut harness, "severity: Med");
    press(&mut harness, CTRL, Key::Period);
    settle(&mut harness);
    assert!(has(
        &harness,
        "Nothing at the cursor can be mended by itself"
    ));
    assert_eq!(text(&harness), SENTINEL);
}

#[test]
fn a_click_with_ctrl_goes_to_where_a_name_is_made() {
    let (_folder, mut harness) = sentinel();
    // In the same file: the `let` of a table.
    let at = place(&harness, "(vips)").center();
    click_at(&mut harness, at, CTRL);
    assert_eq!(cursor(&harness), "Line 13, column 11", "behind `vips`");
    type_in(&mut harness, "chiefs");
    assert!(text(&harness).contains("let chiefs = _GetWatchlist('vips')"));
    press(&mut harness, CTRL, Key::Z);
    settle(&mut harness);
    // Nothing is known of a keyword: told, and nothing moves.
    let before = cursor(&harness);
    behind(&mut harness, "severity: Med");
    key(&mut harness, Key::F12);
    assert!(has(&harness, "Nothing is known of where this is made"));
    assert_ne!(before, cursor(&harness));
}

#[test]
fn the_alias_of_a_watchlist_leads_to_its_file() {
    let (_folder, mut harness) = sentinel();
    behind(&mut harness, "_GetWatchlist('vi");
    key(&mut harness, Key::F12);
    assert_eq!(tab(&harness), "vips.csv");
    assert!(text(&harness).starts_with("User,Why\n"));
    picture(&mut harness, "definition-watchlist.png");
}

#[test]
fn names_of_a_body_lead_to_globals_and_data_models() {
    let (_folder, mut harness) = panther("demo_rule.py");
    // By the mouse into the file of the global, where the name is selected.
    let at = place(&harness, "actor_of(event)").left_center() + egui::vec2(12.0, 0.0);
    click_at(&mut harness, at, CTRL);
    assert_eq!(tab(&harness), "demo_helpers.py");
    assert_eq!(cursor(&harness), "Line 4, column 13");
    picture(&mut harness, "definition-global.png");
    // By F12 from the unified name to the data model's mapping.
    let (_folder, mut harness) = panther("demo_rule.py");
    behind(&mut harness, "event.udm('source");
    key(&mut harness, Key::F12);
    assert_eq!(tab(&harness), "demo_model.yml");
    assert_eq!(cursor(&harness), "Line 8, column 20");
}

#[test]
fn ids_and_file_names_of_a_document_lead_to_others() {
    let (_folder, mut harness) = panther("other_rule.yml");
    behind(&mut harness, "Filename: other_ru");
    key(&mut harness, Key::F12);
    assert_eq!(tab(&harness), "other_rule.py");
    let (_folder, mut harness) = panther("other_rule.yml");
    behind(&mut harness, "- Demo.Que");
    key(&mut harness, Key::F12);
    assert_eq!(tab(&harness), "demo_query.yml");
    assert!(
        cursor(&harness).starts_with("Line 2,"),
        "{}",
        cursor(&harness)
    );
}

#[test]
fn all_places_of_a_name_are_listed_across_files() {
    let (_folder, mut harness) = panther("demo_query.yml");
    behind(&mut harness, "QueryName: Demo");
    press(&mut harness, Modifiers::SHIFT, Key::F12);
    settle(&mut harness);
    let found = rows(&harness);
    picture(&mut harness, "references-files.png");
    assert!(has(&harness, "other_rule.yml, line 7: - Demo.Query"));
    assert!(has(&harness, "demo.yml, line 6: - Demo.Query"));
    assert_eq!(found.len(), 3, "{found:?}");
    // A function of the global, from where it is made: two bodies use it, one under another name of the module.
    let (_folder, mut harness) = panther("demo_helpers.py");
    behind(&mut harness, "def actor");
    press(&mut harness, Modifiers::SHIFT, Key::F12);
    settle(&mut harness);
    assert!(has(
        &harness,
        "demo_rule.py, line 1: from demo_helpers import actor_of"
    ));
    assert!(has(&harness, "demo_rule.py, line 9: who = actor_of(event)"));
    assert!(has(
        &harness,
        "other_rule.py, line 5: return helpers.actor_of(event)"
    ));
    assert_eq!(rows(&harness).len(), 4);
    // The last one by keys.
    key(&mut harness, Key::ArrowUp);
    key(&mut harness, Key::Enter);
    assert_eq!(tab(&harness), "other_rule.py");
    assert_eq!(cursor(&harness), "Line 5, column 28");
}

#[test]
fn a_body_is_completed_with_what_lies_round_it() {
    let (_folder, mut harness) = panther("demo_rule.py");
    behind(&mut harness, "who = actor_of(event)");
    type_in(&mut harness, "\nact");
    assert!(
        rows(&harness).contains(&"actor_of".to_owned()),
        "{:?}",
        rows(&harness)
    );
    picture(&mut harness, "python-completion.png");
    key(&mut harness, Key::Escape);
    type_in(&mut harness, "_ = event.ge");
    assert!(
        rows(&harness).contains(&"get".to_owned()),
        "{:?}",
        rows(&harness)
    );
    key(&mut harness, Key::Escape);
    // The unified names of the rule's data model.
    type_in(&mut harness, "\nb = event.udm(\"");
    if rows(&harness).is_empty() {
        press(&mut harness, CTRL, Key::Space);
        settle(&mut harness);
    }
    assert_eq!(rows(&harness), ["actor_user", "source_ip"]);
}

#[test]
fn words_about_an_imported_function_are_shown_where_the_pointer_rests() {
    let (_folder, mut harness) = panther("demo_rule.py");
    let at = place(&harness, "actor_of(event)").left_center() + egui::vec2(12.0, 0.0);
    harness.event(Event::PointerMoved(at));
    harness.step();
    std::thread::sleep(std::time::Duration::from_millis(400));
    settle(&mut harness);
    harness.run_steps(3);
    assert!(has(&harness, "The e-mail address of who did it"));
    picture(&mut harness, "python-hover.png");
}
