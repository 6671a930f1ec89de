//! The window on Panther's rules without Python: why one matches the selected event, and the exception of a case
//! with the line that it leads to.

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rulewright::workbench::{Recovery, Settings, Workbench};
use rulewright::workspace;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn window<'a>(paths: &[PathBuf]) -> Harness<'a, Workbench> {
    let workspace = workspace::find(paths);
    let mut harness = Harness::builder()
        .with_size([1440.0, 900.0])
        .with_max_steps(64)
        .build_eframe(move |cc| {
            Workbench::new(
                &cc.egui_ctx,
                workspace,
                Settings::default(),
                Recovery::new(None),
            )
        });
    settle(&mut harness);
    harness
}

fn settle(harness: &mut Harness<'_, Workbench>) {
    let start = Instant::now();
    harness.step();
    while harness.state().is_busy() {
        assert!(start.elapsed() < Duration::from_secs(60), "still busy");
        std::thread::sleep(Duration::from_millis(2));
        harness.step();
    }
    harness.run_steps(4);
}

fn has(harness: &Harness<'_, Workbench>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn the_selected_event_says_why_it_matches() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/detect/correlation");
    let mut harness = window(&[folder.join("login_failed.yml"), folder.join("audit.ndjson")]);
    assert!(has(&harness, "12 matches"));
    harness.get_by_role_and_label(Role::Row, "Match 1").click();
    settle(&mut harness);
    assert!(has(&harness, "Why it matches"));
    assert!(has(
        &harness,
        r#"type Equals "login.failed": holds, found "login.failed", decided"#
    ));
}

#[test]
fn an_exception_of_a_case_leads_to_its_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let body =
        "def rule(event):\n    return True\n\n\ndef title(event):\n    return event[\"who\"]\n";
    let rule = "AnalysisType: rule\nEnabled: true\nFilename: broken.py\nRuleID: Test.Broken\nLogTypes: [OpenAI.Audit]\nSeverity: Low\nTests:\n  - Name: nobody\n    ExpectedResult: true\n    Log: {a: 1}\n";
    std::fs::write(folder.path().join("broken.py"), body).unwrap();
    std::fs::write(folder.path().join("broken.yml"), rule).unwrap();
    let mut harness = window(&[folder.path().join("broken.yml")]);
    harness.get_by_label_contains("Tests").click();
    settle(&mut harness);
    assert!(has(&harness, "KeyError('who')"));
    harness.get_by_label("line 6").click();
    settle(&mut harness);
    assert!(has(&harness, "broken.py"));
    assert!(has(&harness, "Line 6, column 1"));
}
